"""The identifier that the préfecture gives to an act it received: read, checked by its keys, and compared with what is kept.

Its form is that of the ACTES schema 1.1 (`IDActe`): département-SIREN-AAAAMMJJ-numéro-nature (DOC-06, DOC-07).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from communis.agreements.enums import Nature
from communis.directory.identifiers import is_siren
from communis.kit.reading import Misread

EXAMPLE = "035-213502362-20231005-SG2023_362-DE"
LONGEST_NUMBER = 15  # characters of the internal number (`NumeroInterne`)
_DEPARTMENT = re.compile(r"0[0-9][0-9AB]|9[0-9][0-9AB]")
_NUMBER = re.compile(rf"[A-Za-z0-9_]{{1,{LONGEST_NUMBER}}}")


@dataclass(frozen=True, slots=True)
class Transmission:
    """What an identifier says."""

    department: str
    siren: str
    on: date
    number: str
    nature: Nature

    def __str__(self) -> str:
        return "-".join((self.department, self.siren, f"{self.on:%Y%m%d}", self.number, self.nature))


def transmission_of(text: str) -> Transmission:
    """Read an identifier; raise Misread, which says in French the part that is wrong and what to write."""
    parts = text.strip().split("-")
    if len(parts) != 5:
        raise Misread(
            f"« {text.strip()} » n’est pas un identifiant de transmission : il a cinq parties séparées par des tirets "
            f"(département, SIREN, date, numéro, nature), celui-ci en a {len(parts)}. Recopiez le tampon : {EXAMPLE}."
        )
    department, siren, on, number, nature = parts
    if not _DEPARTMENT.fullmatch(department):
        raise Misread(
            f"Identifiant de transmission : « {department} » n’est pas un département sur trois caractères (035, 02A, 974)."
        )
    if not re.fullmatch(r"[0-9]{9}", siren):
        raise Misread(f"Identifiant de transmission : le SIREN a neuf chiffres, « {siren} » n’en est pas un.")
    if not is_siren(siren):
        raise Misread(f"Identifiant de transmission : la clé du SIREN {siren} est fausse. Relisez les neuf chiffres du tampon.")
    return Transmission(department, siren, day_of(on), number_of(number), nature_of(nature))


def day_of(text: str) -> date:
    if re.fullmatch(r"[0-9]{8}", text):
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            pass  # a day that the calendar does not have: told below as any other
    raise Misread(
        f"Identifiant de transmission : « {text} » n’est pas une date écrite AAAAMMJJ, comme 20231005 pour le 05/10/2023."
    )


def number_of(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise Misread(
            f"Identifiant de transmission : le numéro « {text} » a de 1 à {LONGEST_NUMBER} lettres sans accent, chiffres ou "
            "tirets bas. Le numéro du registre, s’il est autre, s’écrit à part."
        )
    return text


def nature_of(text: str) -> Nature:
    try:
        return Nature(text)
    except ValueError:
        known = ", ".join(f"{nature.value} ({nature.label})" for nature in Nature)
        raise Misread(f"Identifiant de transmission : la nature « {text} » n’existe pas. Il y a {known}.") from None


def three_characters(department: str) -> str:
    """Return a département as ACTES writes it: 35 is 035, 2A is 02A."""
    return department.rjust(3, "0") if department else ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What an identifier says otherwise than the act it belongs to."""

    what: str
    stamped: str
    kept: str

    def __str__(self) -> str:
        return f"{self.what} : l’identifiant dit {self.stamped}, la fiche {self.kept}"


def differences(transmission: Transmission, act: Any) -> list[Difference]:
    """Compare an identifier with its act; a register number that differs is no difference when the act has both (DOC-07)."""
    organization = act.organization
    kept_number = act.sent_number or act.number
    pairs = [
        ("SIREN", transmission.siren, organization.siren),
        ("département", transmission.department, three_characters(organization.department)),
        ("date", f"{transmission.on:%d/%m/%Y}", f"{act.session_on:%d/%m/%Y}" if act.session_on else ""),
        ("numéro", transmission.number, kept_number),
        ("nature", transmission.nature.label, Nature(act.nature).label),
    ]
    return [Difference(what, stamped, kept) for what, stamped, kept in pairs if kept and kept != stamped]
