"""The registers: one row an event, and what each row gives member by member."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from communis.tariff.language.rules import Register
from communis.tariff.tables.cells import TableReader
from communis.tariff.tables.raw import RawTable
from communis.tariff.tables.records import RegisterRow


def read_registers(reader: TableReader, by_name: dict[str, list[tuple[RawTable, bool]]]) -> None:
    for name, rule in reader.book.registers.items():
        found: dict[str, RegisterRow] = {}
        for raw, made_up in by_name.get(f"registre.{name}", []):
            fields = [f.name for f in rule.fields.values() if not f.by_member]
            if not reader.open(raw, ("id", "membre", *fields, "source", "fictif"), [rule.event.name] if rule.event else []):
                continue
            for _ in reader.rows(raw):
                row = register_row(reader, rule, len(found) + 1, made_up)
                if row.identifier in found:
                    reader.wrong("id", "TAB-22", f"« {row.identifier} » est déjà dans le registre.", "Un identifiant par ligne.")
                found[row.identifier] = row
        shares = Shares(reader, rule, found)
        for raw, made_up in by_name.get(f"registre.{name}.membres", []):
            shares.read(raw, made_up)
        reader.tables.registers[name] = shares.rows()


def register_row(reader: TableReader, rule: Register, position: int, made_up: bool) -> RegisterRow:
    member = reader.member("membre") if rule.of_member else None
    values: dict[str, Any] = {}
    for column in rule.fields.values():
        kind = reader.kind(column.type)
        if column.by_member or kind is None:
            continue
        if reader.text(column.name) == "" and not column.is_event:
            if not column.optional and column.name in reader.columns:
                values[column.name] = None
            continue
        values[column.name] = reader.typed(column.name, kind)
    return RegisterRow(reader.text("id") or str(position), member, values, {}, reader.text("source"), reader.made_up(made_up))


class Shares:
    """What the rows of a register give member by member, read from tables of their own."""

    def __init__(self, reader: TableReader, rule: Register, found: dict[str, RegisterRow]) -> None:
        self.reader = reader
        self.rule = rule
        self.found = found
        self.fields = [f for f in rule.fields.values() if f.by_member]
        self.given: dict[str, dict[str, dict[int, Fraction]]] = {}
        self.made_up: set[str] = set()

    def read(self, raw: RawTable, made_up: bool) -> None:
        reader, name = self.reader, self.rule.name
        if not reader.open(raw, ("id", "membre", *(f.name for f in self.fields), "source", "fictif"), ("id", "membre")):
            return
        for _ in reader.rows(raw):
            member, row = reader.member("membre"), self.found.get(reader.text("id"))
            if row is None and f"registre.{name}" not in reader.unread:
                reader.wrong(
                    "id",
                    "TAB-12",
                    f"« {reader.text('id')[:40]} » n’est pas dans le registre {name}.",
                    "Donnez l’identifiant d’une de ses lignes.",
                )
            if member is not None and row is not None:
                self.of_member(row.identifier, member)
                if reader.made_up(made_up):
                    self.made_up.add(row.identifier)

    def of_member(self, identifier: str, member: int) -> None:
        """Keep what a row gives one member; a figure given twice is told."""
        by_member = self.given.setdefault(identifier, {})
        for column in self.fields:
            kind = self.reader.kind(column.type)
            value = self.reader.typed(column.name, kind) if kind is not None and self.reader.text(column.name) else None
            if value is None:
                continue
            members = by_member.setdefault(column.name, {})
            if member in members:
                who = self.reader.tables.members[member].name
                self.reader.wrong(column.name, "TAB-22", f"« {identifier} » a déjà une valeur pour {who}.", "Gardez-en une.")
            members[member] = value

    def rows(self) -> list[RegisterRow]:
        """Return the rows of the register with what they give member by member; a made-up part makes a row made up."""
        for name, by_member in self.given.items():
            row = self.found[name]
            self.found[name] = replace(row, by_member=by_member, fictitious=row.fictitious or name in self.made_up)
        return list(self.found.values())
