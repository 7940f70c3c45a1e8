"""The registers: one row an event, and what each row gives member by member."""

from __future__ import annotations

from typing import Any

from communis.tariff.meaning.formulas import type_of
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
                row = register_row(reader, name, len(found) + 1, made_up)
                if row.identifier in found:
                    reader.wrong("id", "TAB-22", f"« {row.identifier} » est déjà dans le registre.", "Un identifiant par ligne.")
                found[row.identifier] = row
        for raw, made_up in by_name.get(f"registre.{name}.membres", []):
            read_by_member(reader, name, raw, found, made_up)
        reader.tables.registers[name] = list(found.values())


def register_row(reader: TableReader, name: str, position: int, made_up: bool) -> RegisterRow:
    rule = reader.book.registers[name]
    member = reader.member("membre") if rule.of_member else None
    values: dict[str, Any] = {}
    for column in rule.fields.values():
        kind = type_of(column.type, reader.model.units)
        if column.by_member or kind is None:
            continue
        if reader.text(column.name) == "" and not column.is_event:
            if not column.optional and column.name in reader.columns:
                values[column.name] = None
            continue
        values[column.name] = reader.typed(column.name, kind)
    return RegisterRow(reader.text("id") or str(position), member, values, {}, reader.text("source"), reader.made_up(made_up))


def read_by_member(reader: TableReader, name: str, raw: RawTable, found: dict[str, RegisterRow], made_up: bool) -> None:
    rule = reader.book.registers[name]
    fields = [f for f in rule.fields.values() if f.by_member]
    if not reader.open(raw, ("id", "membre", *(f.name for f in fields), "source", "fictif"), ("id", "membre")):
        return
    for _ in reader.rows(raw):
        member, row = reader.member("membre"), found.get(reader.text("id"))
        if row is None and f"registre.{name}" not in reader.unread:
            reader.wrong(
                "id",
                "TAB-12",
                f"« {reader.text('id')[:40]} » n’est pas dans le registre {name}.",
                "Donnez l’identifiant d’une de ses lignes.",
            )
        if member is None or row is None:
            continue
        by_member = {k: dict(v) for k, v in row.by_member.items()}
        for column in fields:
            kind = type_of(column.type, reader.model.units)
            if kind is not None and reader.text(column.name):
                value = reader.typed(column.name, kind)
                if value is not None:
                    by_member.setdefault(column.name, {})[member] = value
        found[row.identifier] = RegisterRow(
            row.identifier, row.member, row.values, by_member, row.source, row.fictitious or reader.made_up(made_up)
        )
