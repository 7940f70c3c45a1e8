"""The tables of amounts already issued, and of those an act decided."""

from __future__ import annotations

from fractions import Fraction

from communis.tariff.tables.cells import TableReader
from communis.tariff.tables.records import Decision, Issued


def amount_of(reader: TableReader, line: str | None) -> Fraction | None:
    """Return an amount in the unit of its line: whole cents for euros."""
    return reader.typed("montant", reader.model.rules[line].type) if line is not None else reader.number("montant")


def line_offer(reader: TableReader, line: str | None) -> str | None:
    rule = reader.book.lines.get(line or "")
    if rule is None or rule.offers is None:
        if line is not None and reader.text("offre"):
            reader.wrong("offre", "TAB-21", f"« {line} » n’a pas un montant par offre.", "Laissez la case vide.")
        return None
    return reader.one_of("offre", reader.book.offers_in(rule.offers), "une offre de cette ligne")


def issue(reader: TableReader, made_up: bool) -> None:
    member, year = reader.member("membre"), reader.year("exercice")
    line = reader.one_of("ligne", reader.billed, "une ligne de la convention")
    offer, amount = line_offer(reader, line), amount_of(reader, line)
    if member is not None and year is not None and line is not None and amount is not None:
        issued = Issued(member, year, line, offer, reader.text("section"), amount, reader.text("source"), reader.made_up(made_up))
        check_issued_twice(reader, issued)
        reader.tables.issued.append(issued)


def check_issued_twice(reader: TableReader, issued: Issued) -> None:
    """Refuse an amount issued given twice: history would count it twice. Instalments differ by their amount or their source."""
    before = reader.given_before(
        "issued", issued.member, issued.year, issued.line, issued.offer, issued.section, issued.amount, issued.source
    )
    if before:
        who = reader.tables.members[issued.member].name
        reader.wrong(
            "montant",
            "TAB-22",
            f"ce montant de « {issued.line} » de {who} est déjà émis pour cet exercice ({before}).",
            "Gardez-en un ; deux versements égaux se distinguent par leur source.",
        )


def decision(reader: TableReader, made_up: bool) -> None:
    member, year = reader.member("membre"), reader.year("exercice")
    line = reader.one_of("ligne", reader.book.lines, "une ligne de la convention")
    offer, amount = line_offer(reader, line), amount_of(reader, line)
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
        check_twice(reader, decided)
        reader.tables.decisions.append(decided)


def check_twice(reader: TableReader, decision: Decision) -> None:
    """Refuse two decisions on one amount, whatever they say: nothing tells which act prevails."""
    before = reader.given_before("decided", decision.member, decision.year, decision.line, decision.offer)
    if before:
        who = reader.tables.members[decision.member].name
        reader.wrong(
            "montant",
            "TAB-22",
            f"« {decision.line} » de {who} a déjà une décision pour cet exercice ({before}).",
            "Gardez-en une.",
        )
