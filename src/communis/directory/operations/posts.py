"""The department: its posts, the split of their time, the example that a pool may begin with."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db import models, transaction

from communis.directory.models import Occupation, Post, Unit, WorkShare
from communis.directory.work_tables import refuse_settled
from communis.kit.refusals import Refusal
from communis.tariff.convention import shipped


@transaction.atomic
def split_post(post: Post, year: int, shares: dict[str, Decimal]) -> None:
    """Give the time of a post to bricks for a year; the parts sum to its quotity, to the hundredth (ORG-15).

    Raises Refusal when they do not, and when the table of the year is the one that an avenant adopted.
    """
    refuse_settled(year)
    locked = Post.objects.unscoped().select_for_update().get(pk=post.pk)
    total = sum(shares.values(), Decimal(0))
    if total != locked.quotity:
        gap = locked.quotity - total
        word = "manque" if gap > 0 else "est en trop"
        told = f"{abs(gap):.2f}".replace(".", ",")
        raise Refusal(f"Les parts font {f'{total:.2f}'.replace('.', ',')} ETP pour un poste de "
                      f"{f'{locked.quotity:.2f}'.replace('.', ',')} : {told} ETP {word}.")  # fmt: skip
    WorkShare.objects.unscoped().prepared(year).filter(post=locked).delete()
    for brick, fte in shares.items():
        row = WorkShare(post=locked, year=year, brick=brick, fte=fte)
        row.full_clean()
        row.save()


def held_posts(on: date) -> models.QuerySet[Occupation]:
    """Return who is on a post on a day, for the posts to be told filled or vacant (ORG-16)."""
    rows = Occupation.objects.unscoped().filter(starts_on__lte=on)
    return rows.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=on))


def annex_of(slug: str) -> Iterator[dict[str, str]]:
    """Yield the posts of a department as an annexe of a shipped convention tells them, each beside its unit."""
    with (shipped(slug) / "service" / "postes.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter=";")


@transaction.atomic
def load_annex(*, starts_on: date) -> list[Post]:
    """Describe the department as Redon’s annexe 1 does, to be adapted (ORG-13). Raises Refusal when it is described already."""
    if Unit.objects.unscoped().exists():
        raise Refusal("Le service est déjà décrit : l’exemple ne s’ajoute pas à ce qui existe.")
    made: list[Post] = []
    units: dict[str, Unit] = {}
    for row in annex_of("redon"):
        unit = units.get(row["pôle"])
        if unit is None:
            parent = units.get(row["rattaché_à"])
            unit = units[row["pôle"]] = Unit(name=row["pôle"], missions=row["missions"], rank=len(units) + 1, parent=parent)
            unit.save()
        for _ in range(int(row["nombre"])):
            post = Post(unit=unit, title=row["poste"], starts_on=starts_on)
            post.save()
            made.append(post)
    return made
