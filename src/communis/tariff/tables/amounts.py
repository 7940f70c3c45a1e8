"""The tables of amounts already issued, and of those an act decided."""

from __future__ import annotations

from communis.tariff.tables.cells import TableReader
from communis.tariff.tables.records import Decision, Issued


def line_of(reader: TableReader, column: str) -> str | None:
    names = [*reader.book.lines, *reader.book.credits, *reader.book.limits]
    return reader.one_of(column, names, "une ligne de la convention")


def line_offer(reader: TableReader, line: str | None) -> str | None:
    rule = reader.book.lines.get(line or "")
    if rule is None or rule.offers is None:
        return None
    return reader.one_of("offre", reader.book.offers_in(rule.offers), "une offre de cette ligne")


def issue(reader: TableReader, made_up: bool) -> None:
    member, year, line = reader.member("membre"), reader.year("exercice"), line_of(reader, "ligne")
    offer, amount = line_offer(reader, line), reader.number("montant")
    if member is not None and year is not None and line is not None and amount is not None:
        issued = Issued(member, year, line, offer, reader.text("section"), amount, reader.text("source"), reader.made_up(made_up))
        reader.tables.issued.append(issued)


def decision(reader: TableReader, made_up: bool) -> None:
    member, year, line = reader.member("membre"), reader.year("exercice"), line_of(reader, "ligne")
    offer, amount = line_offer(reader, line), reader.number("montant")
    for column in ("motif", "autorité", "acte"):
        if not reader.text(column):
            reader.wrong(
                column, "TAB-23", "une décision ne vaut qu’avec son motif, son auteur et son acte.", "Complétez la case."
            )
    if member is not None and year is not None and line is not None and amount is not None:
        decided = Decision(
            member,
            year,
            line,
            offer,
            amount,
            reader.text("motif"),
            reader.text("autorité"),
            reader.text("acte"),
            reader.day("date"),
        )
        reader.tables.decisions.append(decided)
