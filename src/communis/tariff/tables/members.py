"""The table of members, with the host and who is attached to whom."""

from __future__ import annotations

import re
from typing import Any

from communis.tariff.tables.cells import HEADERS, NEEDED, TableReader
from communis.tariff.tables.raw import RawTable
from communis.tariff.tables.records import Member, plain

_SIREN = re.compile(r"[0-9]{9}")


def read_members(reader: TableReader, raws: list[tuple[RawTable, bool]]) -> None:
    rows: list[tuple[Member, str, tuple[str, int, list[Any], dict[str, int]]]] = []
    for raw, _ in raws:
        if not reader.open(raw, HEADERS["membres"], NEEDED["membres"]):
            continue
        for _ in reader.rows(raw):
            member = one_member(reader)
            rows.append((member, reader.text("rattachement"), (reader.file, reader.line, reader.cells, reader.columns)))
            for label in filter(None, (plain(member.name), member.siren, member.insee)):
                if label in reader.names:
                    reader.wrong(
                        "membre",
                        "TAB-17",
                        f"« {member.name} » est déjà dans la table.",
                        "Une ligne par membre, un nom, un SIREN et un code chacun.",
                    )
                reader.names.setdefault(label, len(rows) - 1)
    members: list[Member] = []
    for member, parent, (reader.file, reader.line, reader.cells, reader.columns) in rows:
        found = reader.names.get(plain(parent)) if parent else None
        if parent and found is None and "membres" not in reader.unread:
            reader.wrong(
                "rattachement",
                "TAB-12",
                f"« {parent[:60]} » n’est pas dans la table des membres.",
                "Écrivez le nom d’un membre.",
            )
        if found is not None and found == len(members):
            reader.wrong(
                "rattachement",
                "TAB-25",
                f"« {member.name} » est rattaché à lui-même.",
                "Nommez un autre membre, ou laissez la case vide.",
            )
        members.append(
            Member(member.name, member.siren, member.kind, member.insee, found, member.host, member.first, member.last)
        )
    if sum(m.host for m in members) > 1:
        reader.tell(
            reader.file, 1, 1, "TAB-18", "Deux membres sont gestionnaires.", "Un seul « gestionnaire » dans la colonne rôle."
        )
    reader.tables.members = tuple(members)


def one_member(reader: TableReader) -> Member:
    name, siren, role = reader.text("membre"), reader.text("siren"), plain(reader.text("rôle"))
    if not name:
        reader.wrong("membre", "TAB-12", "le nom manque.", "Écrivez le nom du membre.")
    if siren and (not _SIREN.fullmatch(siren) or not luhn(siren)):
        reader.wrong(
            "siren",
            "TAB-19",
            f"« {siren[:20]} » n’est pas un SIREN : neuf chiffres dont une clé.",
            "Vérifiez-le, ou laissez la case vide.",
        )
    if role and role != "gestionnaire":
        reader.wrong("rôle", "TAB-13", f"« {role[:40]} » n’est pas un rôle.", "Écrivez gestionnaire, ou laissez vide.")
    first, last = reader.span("du", "au")
    return Member(name, siren, reader.text("type"), reader.text("insee"), None, role == "gestionnaire", first, last)


def luhn(digits: str) -> bool:
    """Tell whether the last digit of a SIREN is its key."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
