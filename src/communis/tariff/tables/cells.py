"""Rows and cells of the input tables: opened with their header, read one by one in the type that is expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from communis.tariff.calendar import FIRST_DATED, LAST_DATED
from communis.tariff.language.problems import Place, Problem, nearest
from communis.tariff.language.rules import Rule, TypeText
from communis.tariff.meaning.formulas import type_of
from communis.tariff.meaning.tree import Model, Type
from communis.tariff.meaning.units import EURO_DIMENSIONS, number_text
from communis.tariff.tables.raw import RawTable
from communis.tariff.tables.records import Chosen, Tables, plain

MAX_CELL = 4000
MAX_DIGITS = 15
MAX_TOLD = 500
MAX_UNKNOWN = 500
MAX_LOOKED_AT = 10_000
_NUMBER = re.compile(r"(-?)([0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+|[0-9]{1,15})(?:[,.]([0-9]{1,9}))?")
_TOO_LONG = re.compile(r"-?[0-9 \u00a0\u202f]{16,}(?:[,.][0-9]+)?|-?[0-9 \u00a0\u202f]+[,.][0-9]{10,}")
_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})|([0-9]{4})-([0-9]{2})-([0-9]{2})")
A_NUMBER = "Des chiffres de 0 à 9, une virgule, au plus 15 chiffres et 9 décimales."
TOO_LONG = "Au plus 15 chiffres et 9 décimales."
YEAR = re.compile(r"[0-9]{4}(?:-[0-9]{4})?")
TRUE = {"oui", "vrai", "o"}
FALSE = {"non", "faux", "n"}
HEADERS = {
    "membres": ("membre", "siren", "type", "insee", "rattachement", "rôle", "du", "au"),
    "choix": ("membre", "offre", "du", "au", "acte", "décidée_le", "exécutoire_le", "signée_le", "source", "fictif"),
    "faits": ("membre", "offre", "fait", "valeur", "unité", "nature", "date", "jusqu_au", "publié_le", "source", "auteur",
              "fictif"),
    "émis": ("membre", "exercice", "ligne", "offre", "section", "montant", "source", "fictif"),
    "décisions": ("membre", "exercice", "ligne", "offre", "montant", "motif", "autorité", "acte", "date", "source", "fictif"),
}  # fmt: skip
NEEDED = {
    "membres": ("membre",), "choix": ("membre", "offre", "du"), "faits": ("fait", "valeur", "date"),
    "émis": ("membre", "exercice", "ligne", "montant"),
    "décisions": ("membre", "exercice", "ligne", "montant", "motif", "autorité", "acte"),
}  # fmt: skip


class TableReader:
    """Reads typed cells, row after row, and tells what is wrong with the place of each; the tables are made as it goes.

    What was read well once (a date, an exercise, the name of a member) is kept: tables repeat them by the thousand.
    """

    def __init__(self, model: Model, problems: list[Problem]) -> None:
        self.model = model
        self.book = model.book
        self.problems = problems
        self.tables = Tables()
        self.names: dict[str, int] = {}
        self.file = ""
        self.line = 0
        self.columns: dict[str, int] = {}
        self.cells: list[Any] = []
        self.seen: set[Any] = set()
        self.by_choice: dict[tuple[int, str], list[Chosen]] = {}
        self.given: dict[Any, str] = {}
        self.kinds: dict[TypeText, Type | None] = {}
        self.days: dict[str, date] = {}
        self.years: dict[str, int] = {}
        self.found: dict[str, int] = {}
        groups = {o.group for o in self.book.offers.values() if o.group}
        self.offers = {name: rule for name, rule in self.book.offers.items() if name not in groups}
        self.billed: dict[str, Rule] = {**self.book.lines, **self.book.credits, **self.book.limits}
        self.unread: set[str] = set()
        self.looked_at = 0

    @property
    def telling(self) -> bool:
        """Tell whether one more problem is still said."""
        return len(self.problems) < MAX_TOLD

    def nearest(self, text: str, candidates: Collection[str]) -> str | None:
        """Return what was probably meant. A hostile table asks it of a million names: what is looked at is counted."""
        self.looked_at += len(candidates)
        return nearest(text, candidates) if self.telling and self.looked_at <= MAX_LOOKED_AT else None

    def tell(self, file: str, line: int, column: int, code: str, message: str, remedy: str) -> None:
        if self.telling:
            self.problems.append(Problem(code, message, remedy, Place(line, column, line, column + 1), file))

    def wrong(self, column: str, code: str, message: str, remedy: str) -> None:
        position = self.columns.get(column, 0) + 1
        words = str(self.cells[position - 1])[:80] if position <= len(self.cells) else ""
        if self.telling:
            self.problems.append(Problem(code, f"Colonne « {column} » : {message}", remedy,
                                         Place(self.line, position, self.line, position + 1), self.file, words))  # fmt: skip

    def open(self, raw: RawTable, allowed: Iterable[str], needed: Iterable[str]) -> bool:
        """Take the header of a table; tell unknown, repeated and missing columns, and keep its name when it is not read."""
        self.file = raw.file
        known = {plain(c): c for c in allowed}
        self.columns = {}
        good = True
        if len(raw.header) > len(known) + MAX_UNKNOWN:
            self.tell(raw.file, 1, 1, "TAB-05",
                      f"La première ligne a {number_text(Fraction(len(raw.header)))} colonnes ; cette table en a {len(known)}.",
                      "Vérifiez les séparateurs : colonnes possibles : " + ", ".join(known.values()) + ".")  # fmt: skip
            self.unread.add(raw.table)
            return False
        for position, cell in enumerate(raw.header):
            column = known.get(plain(str(cell)))
            if column is None or column in self.columns:
                self.tell(raw.file, 1, position + 1, "TAB-05", *self.about(str(cell), column, known.values()))
                good = False
            else:
                self.columns[column] = position
        missing = [c for c in needed if c not in self.columns]
        if missing and (raw.header or raw.rows):
            self.tell(
                raw.file,
                1,
                1,
                "TAB-06",
                "Il manque la colonne " + ", ".join(f"« {c} »" for c in missing) + ".",
                "Ajoutez-la à l’en-tête.",
            )
            good = False
        if not good:
            self.unread.add(raw.table)
        return good

    def about(self, cell: str, column: str | None, known: Collection[str]) -> tuple[str, str]:
        """Say what is wrong with a column of the header, and the remedy."""
        if column is not None:
            return f"Colonne « {cell} » répétée.", "Gardez-en une."
        if not cell:
            return "Une colonne n’a pas de nom.", "Nommez-la, ou retirez-la de toutes les lignes."
        close = self.nearest(cell, known)
        remedy = f"La plus proche : {close}." if close else "Colonnes possibles : " + ", ".join(known) + "."
        return f"Colonne « {cell[:60]} » inconnue dans cette table.", remedy

    def cell(self, column: str) -> Any:
        position = self.columns.get(column)
        if position is None or position >= len(self.cells):
            return ""
        value = self.cells[position]
        if isinstance(value, str):
            if len(value) > MAX_CELL:
                self.wrong(column, "TAB-07", f"plus de {MAX_CELL} caractères.", "Raccourcissez.")
                return ""
            return value.strip()
        return "" if value is None else value

    def text(self, column: str) -> str:
        value = self.cell(column)
        return value if isinstance(value, str) else str(value)

    def kind(self, text: TypeText) -> Type | None:
        """Return the type of a declaration, None when its unit is unknown."""
        if text not in self.kinds:
            self.kinds[text] = type_of(text, self.model.units)
        return self.kinds[text]

    def rows(self, raw: RawTable) -> Iterator[None]:
        """Stand on each row in turn; one with more cells than the header is told and passed over."""
        for self.line, self.cells in raw.rows:
            if len(self.cells) > len(raw.header):
                self.wrong(raw.header[-1], "TAB-08", "cette ligne a plus de cases que l’en-tête.", "Vérifiez les séparateurs.")
                self.unread.add(raw.table)
                continue
            yield

    def given_before(self, *key: Any) -> str:
        """Return where an amount was given already, as people say it; nothing the first time."""
        if key in self.given:
            return self.given[key]
        self.given[key] = f"{self.file}, ligne {self.line}"
        return ""

    def each(self, raw: RawTable, made_up: bool, read_row: Callable[[TableReader, bool], None]) -> None:
        for _ in self.rows(raw):
            read_row(self, made_up)

    def day(self, column: str) -> date | None:
        value = self.cell(column)
        if value == "" or isinstance(value, date):
            return value or None
        known = self.days.get(value) if isinstance(value, str) else None
        if known is not None:
            return known
        match = _DATE.fullmatch(str(value))
        if match is None:
            self.wrong(column, "TAB-10", f"« {str(value)[:40]} » n’est pas une date.", "Écrivez jj/mm/aaaa.")
            return None
        day, month, year = match.group(1, 2, 3) if match.group(1) else match.group(6, 5, 4)
        try:
            if not FIRST_DATED <= int(year) <= LAST_DATED:
                raise ValueError
            read = self.days[str(value)] = date(int(year), int(month), int(day))
            return read
        except ValueError:
            self.wrong(column, "TAB-10", f"« {value} » n’est pas une date du calendrier.", "Écrivez jj/mm/aaaa.")
            return None

    def span(self, first_column: str, last_column: str) -> tuple[date | None, date | None]:
        """Return the first and last day of a row; tell an end that precedes its beginning."""
        first, last = self.day(first_column), self.day(last_column)
        self.check_span(last_column, first, last)
        return first, last

    def check_span(self, column: str, first: date | None, last: date | None) -> None:
        if first and last and last < first:
            self.wrong(column, "TAB-10", "la fin précède le début.", "Corrigez l’une des deux dates.")

    def number(self, column: str) -> Fraction | None:
        value = self.cell(column)
        if isinstance(value, bool) or (not isinstance(value, (str, int, Decimal, Fraction))):
            self.wrong(column, "TAB-11", f"« {value} » n’est pas un nombre exact.", "Donnez un entier, un Decimal ou un texte.")
            return None
        if isinstance(value, (int, Fraction)):
            return self.bounded(column, Fraction(value))
        text = f"{value:f}" if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 30 else str(value)
        match = _NUMBER.fullmatch(text)
        if match is None and _TOO_LONG.fullmatch(text):
            self.wrong(column, "TAB-11", f"« {text[:40]} » est trop grand ou trop précis.", TOO_LONG)
            return None
        if match is None:
            self.wrong(column, "TAB-11", f"« {text[:40]} » n’est pas un nombre." if text else "le nombre manque.", A_NUMBER)
            return None
        sign, whole, decimals = match.groups()
        digits = whole if whole.isdigit() else "".join(c for c in whole if c.isdigit())
        units = int(sign + digits + (decimals or ""))
        number = Fraction(units, 10 ** len(decimals)) if decimals else Fraction(units)
        return number if len(digits) <= MAX_DIGITS else self.bounded(column, number)

    def bounded(self, column: str, number: Fraction) -> Fraction | None:
        if abs(number) >= 10**MAX_DIGITS or number.denominator > 10**12:
            self.wrong(column, "TAB-11", "nombre trop grand ou trop précis.", TOO_LONG)
            return None
        return number

    def member(self, column: str, *, needed: bool = True) -> int | None:
        text = self.text(column)
        if not text:
            if needed:
                self.wrong(column, "TAB-12", "le membre manque.", "Écrivez son nom, son SIREN ou son code Insee.")
            return None
        found = self.found.get(text)
        if found is not None:
            return found
        found = self.names.get(plain(text))
        if found is not None:
            self.found[text] = found
        elif "membres" not in self.unread:
            close = self.nearest(text, [m.name for m in self.tables.members])
            self.wrong(
                column,
                "TAB-12",
                f"« {text[:60]} » n’est pas dans la table des membres.",
                f"Le plus proche : {close}." if close else "Ajoutez-le à la table « membres ».",
            )
        return found

    def one_of(self, column: str, known: Collection[str], what: str) -> str | None:
        text = self.text(column)
        if text in known:
            return text
        close = self.nearest(text, known)
        self.wrong(
            column,
            "TAB-13",
            f"« {text[:60]} » n’est pas {what}.",
            f"Le plus proche : {close}." if close else "On peut écrire : " + ", ".join(list(known)[:20]) + ".",
        )
        return None

    def year(self, column: str) -> int | None:
        value = self.cell(column)
        text = str(value)
        if text in self.years and isinstance(value, str):
            return self.years[text]
        if isinstance(value, (str, int)) and not isinstance(value, bool) and YEAR.fullmatch(text):
            year = int(text[:4])
            spans = len(text) > 4
            if (
                FIRST_DATED <= year <= LAST_DATED
                and (not spans or int(text[5:]) == year + 1)
                and spans == self.model.calendar.straddles
            ):
                self.years[text] = year
                return year
        good = self.model.calendar.label(2024)
        self.wrong(column, "TAB-14", f"« {text[:40]} » n’est pas un exercice de cette convention.", f"Par exemple {good}.")
        return None

    def made_up(self, made_up: bool) -> bool:
        text = self.text("fictif")
        if not text:
            return made_up
        text = plain(text)
        if text not in TRUE | FALSE:
            self.wrong("fictif", "TAB-13", f"« {text[:40]} » n’est ni oui ni non.", "Écrivez oui ou non.")
        return made_up or text in TRUE

    def typed(self, column: str, kind: Type, unit: str = "") -> Any:
        """Return the value of a cell in the type of a fact or field; numbers are converted to base units."""
        if kind.kind == "date":
            day = self.day(column)
            if day is None and not self.text(column):
                self.wrong(column, "TAB-10", "la date manque.", "Écrivez jj/mm/aaaa.")
            return day
        if kind.kind == "yes_no":
            value = self.cell(column)
            if isinstance(value, bool):
                return value
            text = plain(self.text(column))
            if text in TRUE | FALSE:
                return text in TRUE
            self.wrong(column, "TAB-13", f"« {self.text(column)[:40]} » n’est ni oui ni non.", "Écrivez oui ou non.")
            return None
        if kind.kind in ("choice", "section", "key"):
            return self.one_of(column, kind.names, "une valeur possible")
        if kind.kind == "text":
            return self.text(column)
        number = self.number(column)
        factor = self.factor(kind, unit)
        if number is None or factor is None:
            return None
        if kind.dimensions == EURO_DIMENSIONS and 100 % number.denominator:
            self.wrong(column, "TAB-15", "un montant en euros a deux décimales au plus.", "Arrondissez au centime.")
            return None
        return number if factor == 1 else number * factor

    def factor(self, kind: Type, unit: str) -> Fraction | None:
        if not unit:
            return kind.factor
        found = self.model.units.unit(unit)
        if found is None or found.dimensions != kind.dimensions:
            self.wrong(
                "unité", "TAB-16", f"« {unit[:40]} » ne va pas avec ce fait, compté en {kind.unit}.", f"Écrivez {kind.unit}."
            )
            return None
        return found.factor
