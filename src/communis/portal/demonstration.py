"""The data of the demonstration: two pools beside each other, made of real communes and invented people.

`load()` is called at each start of `communis demo`, as the owner of the tables, once the register is there. It makes what is
missing, changes nothing that exists, and returns who may sign in.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from communis.directory.founding import Founder, body_of, found_pool
from communis.foundation.tenancy import Pool

PASSWORD = "demonstration-2026"


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody of the demonstration: who it is, how to sign in, and what the account shows."""

    who: str
    email: str
    password: str
    what: str


POOLS = (
    ("Service commun de Redon", "redon", "243500741", "direction@redon.exemple", "Claude Marzin"),
    ("Service commun du Sicoval", "sicoval", "243100633", "direction@sicoval.exemple", "Dominique Carrel"),
)


def load() -> list[Persona]:
    """Make the two pools, each with the account of its direction, if they are not there; return the accounts."""
    personas = []
    for name, slug, siren, email, who in POOLS:
        if not Pool.objects.filter(slug=slug).exists():
            founder = Founder(email, who, PASSWORD)
            found_pool(name=name, slug=slug, host=body_of(siren), founder=founder, today=timezone.localdate())
        personas.append(Persona(f"{who}, direction", email, PASSWORD, f"{name} : tout le service, tous ses membres"))
    return personas
