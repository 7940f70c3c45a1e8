"""The input tables: read from CSV files or Python rows, validated with row and column, all problems at once (language.md 3)."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from communis.tariff.language.problems import Place, Problem, ProblemsFound, nearest
from communis.tariff.meaning.formulas import STEPS, type_of
from communis.tariff.meaning.tree import Model, Type
from communis.tariff.meaning.units import EURO_DIMENSIONS

MAX_ROWS = 2_000_000
MAX_FILE = 200 * 1024 * 1024
MAX_CELL = 4000
_NUMBER = re.compile(r"(-?)([0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+|[0-9]{1,15})(?:[,.]([0-9]{1,9}))?")
_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})|([0-9]{4})-([0-9]{2})-([0-9]{2})")
_YEAR = re.compile(r"[0-9]{4}(?:-[0-9]{4})?")
_SIREN = re.compile(r"[0-9]{9}")
POPULATIONS = ("totale", "municipale", "dgf", "comptée à part", "déclarée")
TRUE = {"oui", "vrai", "o"}
FALSE = {"non", "faux", "n"}
HEADERS = {
    "membres": ("membre", "siren", "type", "insee", "rattachement", "rôle", "du", "au"),
    "choix": ("membre", "offre", "du", "au", "acte", "décidée_le", "exécutoire_le", "signée_le", "source", "fictif"),
    "faits": (
        "membre",
        "offre",
        "fait",
        "valeur",
        "unité",
        "nature",
        "date",
        "jusqu_au",
        "publié_le",
        "source",
        "auteur",
        "fictif",
    ),
    "émis": ("membre", "exercice", "ligne", "offre", "section", "montant", "source", "fictif"),
    "décisions": ("membre", "exercice", "ligne", "offre", "montant", "motif", "autorité", "acte", "date", "source", "fictif"),
}
_NEEDED = {
    "membres": ("membre",), "choix": ("membre", "offre", "du"), "faits": ("fait", "valeur", "date"),
    "émis": ("membre", "exercice", "ligne", "montant"),
    "décisions": ("membre", "exercice", "ligne", "montant", "motif", "autorité", "acte"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    siren: str = ""
    kind: str = ""
    insee: str = ""
    parent: int | None = None
    host: bool = False
    first: date | None = None
    last: date | None = None

    def exists(self, first: date, last: date) -> bool:
        return (self.first is None or self.first <= last) and (self.last is None or self.last >= first)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A member’s choice of an offer, from its date of effect, with its act and its dated steps."""

    member: int
    offer: str
    first: date
    last: date | None
    act: str = ""
    steps: Mapping[str, date] = field(default_factory=dict)
    source: str = ""
    fictitious: bool = False


@dataclass(frozen=True, slots=True)
class FactRow:
    """A dated fact; numbers are in base units. `year` is set when the date was given as an exercise only."""

    fact: str
    member: int | None
    offer: str | None
    value: Any
    kind: str
    first: date
    last: date | None
    year: int | None
    published: date | None = None
    source: str = ""
    author: str = ""
    fictitious: bool = False
    timeless: bool = False  # the value an example gives, true at any date


@dataclass(frozen=True, slots=True)
class RegisterRow:
    identifier: str
    member: int | None
    values: Mapping[str, Any]
    by_member: Mapping[str, Mapping[int, Fraction]]
    source: str = ""
    fictitious: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """An amount already issued for a member, an exercise and a line."""

    member: int
    year: int
    line: str
    offer: str | None
    section: str
    amount: Fraction
    source: str = ""
    fictitious: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """An amount set by an act where the tariff refuses to give one (TAR-17)."""

    member: int
    year: int
    line: str
    offer: str | None
    amount: Fraction
    reason: str
    authority: str
    act: str
    taken_on: date | None = None


@dataclass(slots=True)
class Tables:
    """Members, choices, facts, registers, issued amounts and decisions, ready to compute on."""

    members: tuple[Member, ...] = ()
    choices: list[Chosen] = field(default_factory=list)
    facts: dict[str, list[FactRow]] = field(default_factory=dict)
    registers: dict[str, list[RegisterRow]] = field(default_factory=dict)
    issued: list[Issued] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    kept: dict[object, object] = field(default_factory=dict, repr=False)  # what is derived once from these tables
    _fact_index: dict[tuple[str, int | None, str | None], list[FactRow]] = field(default_factory=dict, repr=False)

    def fact_rows(self, fact: str, member: int | None, offer: str | None) -> list[FactRow]:
        """Return the values of a fact for a member (None for the service) and an offer, latest first."""
        if not self._fact_index and self.facts:
            for rows in self.facts.values():
                for row in rows:
                    self._fact_index.setdefault((row.fact, row.member, row.offer), []).append(row)
            for listed in self._fact_index.values():
                listed.sort(key=lambda row: row.first, reverse=True)
        return self._fact_index.get((fact, member, offer), [])

    @property
    def host(self) -> int | None:
        return next((i for i, m in enumerate(self.members) if m.host), None)

    def index(self, text: str) -> int | None:
        """Return the member of a name, a SIREN or an INSEE code, written whatever the case and accents."""
        wanted = plain(text)
        for i, member in enumerate(self.members):
            if (text and text in (member.siren, member.insee)) or plain(member.name) == wanted:
                return i
        return None


def plain(text: str) -> str:
    """Return a text without accents, case or typographic marks, to compare what people typed."""
    decomposed = unicodedata.normalize("NFD", text.replace("œ", "oe").replace("Œ", "oe").replace("’", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold().strip()


@dataclass(slots=True)
class RawTable:
    """A table as found: its file, its header, its rows with their line number."""

    file: str
    header: list[str]
    rows: list[tuple[int, list[Any]]]


def read_folder(folder: Path, model: Model, *, fictitious: bool = False) -> Tables:
    """Read the CSV files that stand beside a convention; with `fictitious`, the made-up ones of its folder `fictif` too.

    Raises ProblemsFound with every problem of every file.
    """
    problems: list[Problem] = []
    raws: list[tuple[str, RawTable, bool]] = []
    for place, made_up in ((folder, False), (folder / "fictif", True)):
        if made_up and not fictitious:
            continue
        for path in sorted(place.glob("*.csv")):
            raw = read_csv(path, problems)
            if raw is not None:
                raws.append((path.stem, raw, made_up))
    return _Reader(model, problems).read(raws)


def tables_of(model: Model, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> Tables:
    """Make tables from Python rows, one mapping a row, with the names and checks of the CSV files.

    The keys are those of the files: `membres`, `choix`, `faits`, `émis`, `décisions`, `registre.<nom>`,
    `registre.<nom>.membres`. Raises ProblemsFound with every problem, each with its table, row and column.
    """
    raws = []
    for name, mappings in tables.items():
        listed = [dict(m) for m in mappings]
        header = list(dict.fromkeys(str(key) for m in listed for key in m))
        rows = [(i, [m.get(key, "") for key in header]) for i, m in enumerate(listed, 1)]
        raws.append((name, RawTable(name, header, rows), False))
    return _Reader(model, []).read(raws)


def read_csv(path: Path, problems: list[Problem]) -> RawTable | None:
    """Read a CSV file (UTF-8, `;` or `,`), or tell why it cannot be read."""

    def refuse(code: str, message: str, remedy: str, line: int = 1) -> None:
        problems.append(Problem(code, message, remedy, Place(line, 1, line, 2), path.name))

    if path.stat().st_size > MAX_FILE:
        refuse("TAB-01", f"Le fichier fait plus de {MAX_FILE // (1024 * 1024)} Mo.", "Découpez-le par exercice.")
        return None
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse(
            "TAB-02", "Le fichier n’est pas en UTF-8.", "Enregistrez-le en « CSV UTF-8 ».", data.count(b"\n", 0, error.start) + 1
        )
        return None
    if "\x00" in text:
        refuse("TAB-02", "Le fichier contient des octets nuls : ce n’est pas un CSV.", "Enregistrez-le en « CSV UTF-8 ».")
        return None
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") >= first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[tuple[int, list[Any]]] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, [unicodedata.normalize("NFC", cell.strip()) for cell in row]))
            if len(rows) > MAX_ROWS:
                refuse("TAB-01", f"Le fichier compte plus de {MAX_ROWS} lignes.", "Découpez-le par exercice.")
                return None
    except csv.Error as error:
        refuse("TAB-03", f"Ligne illisible ({error}).", "Vérifiez les guillemets.", reader.line_num)
        return None
    if not rows:
        return RawTable(path.name, [], [])
    return RawTable(path.name, [str(cell) for cell in rows[0][1]], rows[1:])


class _Reader:
    """Validates raw tables against a convention."""

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

    def read(self, raws: list[tuple[str, RawTable, bool]]) -> Tables:
        by_name: dict[str, list[tuple[RawTable, bool]]] = {}
        registers = {plain(name): name for name in self.book.registers}
        known = {plain(n): n for n in HEADERS}
        for stem, raw, made_up in raws:
            name = known.get(plain(stem))
            if name is None and plain(stem).startswith("registre."):
                register, _, rest = plain(stem)[9:].partition(".")
                name = (
                    f"registre.{registers[register]}{'.membres' if rest == 'membres' else ''}"
                    if register in registers and rest in ("", "membres")
                    else None
                )
            if name is None:
                possible = [*HEADERS, *(f"registre.{r}" for r in self.book.registers)]
                close = nearest(stem, possible)
                self.tell(raw.file, 1, 1, "TAB-04", f"« {stem} » n’est pas une table de cette convention.",
                          f"La plus proche : {close}." if close else "Tables possibles : " + ", ".join(possible) + ".")  # fmt: skip
                continue
            by_name.setdefault(name, []).append((raw, made_up))
        self.read_members(by_name.pop("membres", []))
        for name, method in (("choix", self.choice), ("faits", self.fact), ("émis", self.issue), ("décisions", self.decision)):
            for raw, made_up in by_name.pop(name, []):
                self.each(name, raw, made_up, method)
        self.read_registers(by_name)
        if self.problems:
            raise ProblemsFound(self.problems)
        return self.tables

    # ------------------------------------------------------------ rows and cells

    def tell(self, file: str, line: int, column: int, code: str, message: str, remedy: str) -> None:
        if len(self.problems) < 500:
            self.problems.append(Problem(code, message, remedy, Place(line, column, line, column + 1), file))

    def wrong(self, column: str, code: str, message: str, remedy: str) -> None:
        position = self.columns.get(column, 0) + 1
        words = str(self.cells[position - 1])[:80] if position <= len(self.cells) else ""
        if len(self.problems) < 500:
            self.problems.append(Problem(code, f"Colonne « {column} » : {message}", remedy,
                                         Place(self.line, position, self.line, position + 1), self.file, words))  # fmt: skip

    def open(self, name: str, raw: RawTable, allowed: Iterable[str], needed: Iterable[str]) -> bool:
        """Take the header of a table; tell unknown, repeated and missing columns."""
        self.file = raw.file
        known = {plain(c): c for c in allowed}
        self.columns = {}
        good = True
        for position, cell in enumerate(raw.header):
            column = known.get(plain(str(cell)))
            if column is None or column in self.columns:
                close = nearest(str(cell), known.values())
                self.tell(raw.file, 1, position + 1, "TAB-05",
                          f"Colonne « {cell} » " + ("répétée." if column else "inconnue dans cette table."),
                          f"La plus proche : {close}." if close else "Colonnes possibles : " + ", ".join(known.values()) + ".")  # fmt: skip
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
        return good

    def cell(self, column: str) -> Any:
        position = self.columns.get(column)
        value = self.cells[position] if position is not None and position < len(self.cells) else ""
        if isinstance(value, str):
            if len(value) > MAX_CELL:
                self.wrong(column, "TAB-07", f"plus de {MAX_CELL} caractères.", "Raccourcissez.")
                return ""
            return value.strip()
        return "" if value is None else value

    def text(self, column: str) -> str:
        return str(self.cell(column))

    def each(self, name: str, raw: RawTable, made_up: bool, method: Any) -> None:
        extra = self.step_columns() if name == "choix" else ()
        if not self.open(name, raw, (*HEADERS[name], *extra), _NEEDED[name]):
            return
        for self.line, self.cells in raw.rows:
            if len(self.cells) > len(raw.header):
                self.wrong(raw.header[-1], "TAB-08", "cette ligne a plus de cases que l’en-tête.", "Vérifiez les séparateurs.")
                continue
            method(made_up)

    def day(self, column: str) -> date | None:
        value = self.cell(column)
        if value == "" or isinstance(value, date):
            return value or None
        match = _DATE.fullmatch(str(value))
        if match is None:
            self.wrong(column, "TAB-10", f"« {str(value)[:40]} » n’est pas une date.", "Écrivez jj/mm/aaaa.")
            return None
        day, month, year = match.group(1, 2, 3) if match.group(1) else match.group(6, 5, 4)
        try:
            if not 1900 <= int(year) <= 2199:
                raise ValueError
            return date(int(year), int(month), int(day))
        except ValueError:
            self.wrong(column, "TAB-10", f"« {value} » n’est pas une date du calendrier.", "Écrivez jj/mm/aaaa.")
            return None

    def number(self, column: str) -> Fraction | None:
        value = self.cell(column)
        if isinstance(value, bool) or (not isinstance(value, (str, int, Decimal, Fraction))):
            self.wrong(column, "TAB-11", f"« {value} » n’est pas un nombre exact.", "Donnez un entier, un Decimal ou un texte.")
            return None
        if isinstance(value, (int, Fraction)):
            return self.bounded(column, Fraction(value))
        text = f"{value:f}" if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 30 else str(value)
        match = _NUMBER.fullmatch(text)
        if match is None:
            self.wrong(
                column,
                "TAB-11",
                f"« {text[:40]} » n’est pas un nombre.",
                "Des chiffres de 0 à 9, une virgule, au plus 15 chiffres et 9 décimales.",
            )
            return None
        sign, whole, decimals = match.groups()
        digits = "".join(c for c in whole if c.isdigit())
        number = Fraction(int(digits + (decimals or "")), 10 ** len(decimals or ""))
        return self.bounded(column, -number if sign else number)

    def bounded(self, column: str, number: Fraction) -> Fraction | None:
        if abs(number) >= 10**15 or number.denominator > 10**12:
            self.wrong(column, "TAB-11", "nombre trop grand ou trop précis.", "Au plus 15 chiffres et 9 décimales.")
            return None
        return number

    def member(self, column: str, *, needed: bool = True) -> int | None:
        text = self.text(column)
        if not text:
            if needed:
                self.wrong(column, "TAB-12", "le membre manque.", "Écrivez son nom, son SIREN ou son code Insee.")
            return None
        found = self.names.get(plain(text))
        if found is None:
            close = nearest(text, (m.name for m in self.tables.members)) if len(self.tables.members) < 5000 else None
            self.wrong(
                column,
                "TAB-12",
                f"« {text[:60]} » n’est pas dans la table des membres.",
                f"Le plus proche : {close}." if close else "Ajoutez-le à la table « membres ».",
            )
        return found

    def one_of(self, column: str, known: Iterable[str], what: str) -> str | None:
        text = self.text(column)
        known = list(known)
        if text in known:
            return text
        close = nearest(text, known)
        self.wrong(
            column,
            "TAB-13",
            f"« {text[:60]} » n’est pas {what}.",
            f"Le plus proche : {close}." if close else "On peut écrire : " + ", ".join(known[:20]) + ".",
        )
        return None

    def year(self, column: str) -> int | None:
        value = self.cell(column)
        text = str(value)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and _YEAR.fullmatch(text):
            year = int(text[:4])
            spans = len(text) > 4
            if 1900 <= year <= 2199 and (not spans or int(text[5:]) == year + 1) and spans == self.model.calendar.straddles:
                return year
        good = self.model.calendar.label(2024)
        self.wrong(column, "TAB-14", f"« {text[:40]} » n’est pas un exercice de cette convention.", f"Par exemple {good}.")
        return None

    def made_up(self, made_up: bool) -> bool:
        text = plain(self.text("fictif"))
        if text and text not in TRUE | FALSE:
            self.wrong("fictif", "TAB-13", f"« {text[:40]} » n’est ni oui ni non.", "Écrivez oui ou non.")
        return made_up or text in TRUE

    def typed(self, column: str, kind: Type, unit: str = "") -> Any:
        """Return the value of a cell in the type of a fact or field; numbers are converted to base units."""
        text = plain(self.text(column))
        if kind.kind == "date":
            day = self.day(column)
            if day is None and not self.text(column):
                self.wrong(column, "TAB-10", "la date manque.", "Écrivez jj/mm/aaaa.")
            return day
        if kind.kind == "yes_no":
            value = self.cell(column)
            if isinstance(value, bool):
                return value
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
        if kind.dimensions == EURO_DIMENSIONS and (number * 100).denominator != 1:
            self.wrong(column, "TAB-15", "un montant en euros a deux décimales au plus.", "Arrondissez au centime.")
            return None
        return number * factor

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

    # ------------------------------------------------------------ members and choices

    def read_members(self, raws: list[tuple[RawTable, bool]]) -> None:
        rows: list[tuple[Member, str, tuple[str, int, list[Any], dict[str, int]]]] = []
        for raw, _ in raws:
            if not self.open("membres", raw, HEADERS["membres"], _NEEDED["membres"]):
                continue
            for self.line, self.cells in raw.rows:
                member = self.one_member()
                rows.append((member, self.text("rattachement"), (self.file, self.line, self.cells, self.columns)))
                for label in filter(None, (plain(member.name), member.siren, member.insee)):
                    if label in self.names:
                        self.wrong(
                            "membre",
                            "TAB-17",
                            f"« {member.name} » est déjà dans la table.",
                            "Une ligne par membre, un nom, un SIREN et un code chacun.",
                        )
                    self.names.setdefault(label, len(rows) - 1)
        members = []
        for member, parent, (self.file, self.line, self.cells, self.columns) in rows:
            found = self.names.get(plain(parent)) if parent else None
            if parent and found is None:
                self.wrong(
                    "rattachement",
                    "TAB-12",
                    f"« {parent[:60]} » n’est pas dans la table des membres.",
                    "Écrivez le nom d’un membre.",
                )
            members.append(
                Member(member.name, member.siren, member.kind, member.insee, found, member.host, member.first, member.last)
            )
        if sum(m.host for m in members) > 1:
            self.tell(
                self.file, 1, 1, "TAB-18", "Deux membres sont gestionnaires.", "Un seul « gestionnaire » dans la colonne rôle."
            )
        self.tables.members = tuple(members)

    def one_member(self) -> Member:
        name, siren, role = self.text("membre"), self.text("siren"), plain(self.text("rôle"))
        if not name:
            self.wrong("membre", "TAB-12", "le nom manque.", "Écrivez le nom du membre.")
        if siren and (not _SIREN.fullmatch(siren) or not luhn(siren)):
            self.wrong(
                "siren",
                "TAB-19",
                f"« {siren[:20]} » n’est pas un SIREN : neuf chiffres dont une clé.",
                "Vérifiez-le, ou laissez la case vide.",
            )
        if role and role != "gestionnaire":
            self.wrong("rôle", "TAB-13", f"« {role[:40]} » n’est pas un rôle.", "Écrivez gestionnaire, ou laissez vide.")
        return Member(
            name, siren, self.text("type"), self.text("insee"), None, role == "gestionnaire", self.day("du"), self.day("au")
        )

    def step_columns(self) -> list[str]:
        return [*(s for o in self.book.offers.values() for s in o.steps), *STEPS]

    def choice(self, made_up: bool) -> None:
        groups = {o.group for o in self.book.offers.values() if o.group}
        member = self.member("membre")
        offer = self.one_of("offre", [n for n in self.book.offers if n not in groups], "une offre de la convention")
        first, last = self.day("du"), self.day("au")
        if first is None and not self.text("du"):
            self.wrong("du", "TAB-10", "la date d’effet manque.", "Écrivez jj/mm/aaaa.")
        if first and last and last < first:
            self.wrong("au", "TAB-10", "la fin précède le début.", "Corrigez l’une des deux dates.")
        steps = {c: d for c in self.columns if c in STEPS or c in self.step_columns() if (d := self.day(c)) is not None}
        if member is None or offer is None or first is None:
            return
        for other in self.by_choice.get((member, offer), []):
            if (other.last is None or first <= other.last) and (last is None or other.first <= last):
                self.wrong(
                    "du",
                    "TAB-20",
                    f"{self.tables.members[member].name} a déjà ce choix sur une partie de la période.",
                    "Fermez l’ancien choix la veille du nouveau.",
                )
        chosen = Chosen(member, offer, first, last, self.text("acte"), steps, self.text("source"), self.made_up(made_up))
        self.by_choice.setdefault((member, offer), []).append(chosen)
        self.tables.choices.append(chosen)

    # ------------------------------------------------------------ facts, issued amounts, decisions

    def fact(self, made_up: bool) -> None:
        name = self.one_of("fait", self.book.facts, "un fait de la convention")
        if name is None:
            return
        rule = self.book.facts[name]
        kind = type_of(rule.type, self.model.units)
        if kind is None:
            return
        member = None
        if rule.of_service:
            if self.text("membre"):
                self.wrong("membre", "TAB-21", f"« {name} » est un fait du service.", "Laissez la case vide.")
        else:
            member = self.member("membre")
            if member is None:
                return
        offer = self.fact_offer(rule.offers)
        value = self.typed("valeur", kind, self.text("unité"))
        if kind.kind == "number" and value is not None and value < 0 and kind.dimensions != EURO_DIMENSIONS:
            self.wrong("valeur", "TAB-15", "une quantité n’est pas négative.", "Corrigez la valeur.")
        first, year = self.fact_date()
        if value is None or first is None:
            return
        row = FactRow(name, member, offer, value, population_name(self.text("nature")), first, self.day("jusqu_au"), year, self.day("publié_le"),
                      self.text("source"), self.text("auteur"), self.made_up(made_up))  # fmt: skip
        self.tables.facts.setdefault(name, []).append(row)
        self.check_twice(row)

    def check_twice(self, row: FactRow) -> None:
        """Refuse two values of one fact for one member, one kind and one date."""
        key = (row.fact, row.member, row.offer, row.kind, row.first)
        if key in self.seen:
            self.wrong("date", "TAB-22", f"« {row.fact} » a déjà une valeur à cette date.", "Gardez-en une.")
        self.seen.add(key)

    def fact_offer(self, group: str | None) -> str | None:
        if group is None:
            if self.text("offre"):
                self.wrong("offre", "TAB-21", "ce fait n’est pas donné offre par offre.", "Laissez la case vide.")
            return None
        return self.one_of("offre", self.book.offers_in(group), "une offre de ce fait")

    def fact_date(self) -> tuple[date | None, int | None]:
        """Return the first day a fact holds, and its exercise when only that was given."""
        text = self.text("date")
        if _YEAR.fullmatch(text):
            year = self.year("date")
            return (self.model.calendar.period(year).first, year) if year is not None else (None, None)
        day = self.day("date")
        if day is None and not text:
            self.wrong("date", "TAB-10", "la date de valeur manque.", "Écrivez jj/mm/aaaa, ou l’exercice.")
        return day, None

    def line_of(self, column: str) -> str | None:
        names = [*self.book.lines, *self.book.credits, *self.book.limits]
        return self.one_of(column, names, "une ligne de la convention")

    def line_offer(self, line: str | None) -> str | None:
        rule = self.book.lines.get(line or "")
        if rule is None or rule.offers is None:
            return None
        return self.one_of("offre", self.book.offers_in(rule.offers), "une offre de cette ligne")

    def issue(self, made_up: bool) -> None:
        member, year, line = self.member("membre"), self.year("exercice"), self.line_of("ligne")
        offer, amount = self.line_offer(line), self.number("montant")
        if member is not None and year is not None and line is not None and amount is not None:
            issued = Issued(member, year, line, offer, self.text("section"), amount, self.text("source"), self.made_up(made_up))
            self.tables.issued.append(issued)

    def decision(self, made_up: bool) -> None:
        member, year, line = self.member("membre"), self.year("exercice"), self.line_of("ligne")
        offer, amount = self.line_offer(line), self.number("montant")
        for column in ("motif", "autorité", "acte"):
            if not self.text(column):
                self.wrong(
                    column, "TAB-23", "une décision ne vaut qu’avec son motif, son auteur et son acte.", "Complétez la case."
                )
        if member is not None and year is not None and line is not None and amount is not None:
            decided = Decision(
                member, year, line, offer, amount, self.text("motif"), self.text("autorité"), self.text("acte"), self.day("date")
            )
            self.tables.decisions.append(decided)

    # ------------------------------------------------------------ registers

    def read_registers(self, by_name: dict[str, list[tuple[RawTable, bool]]]) -> None:
        for name, rule in self.book.registers.items():
            found: dict[str, RegisterRow] = {}
            for raw, made_up in by_name.get(f"registre.{name}", []):
                fields = [f.name for f in rule.fields.values() if not f.by_member]
                if not self.open(
                    name, raw, ("id", "membre", *fields, "source", "fictif"), [rule.event.name] if rule.event else []
                ):
                    continue
                for self.line, self.cells in raw.rows:
                    row = self.register_row(name, len(found) + 1, made_up)
                    if row.identifier in found:
                        self.wrong(
                            "id", "TAB-22", f"« {row.identifier} » est déjà dans le registre.", "Un identifiant par ligne."
                        )
                    found[row.identifier] = row
            for raw, made_up in by_name.get(f"registre.{name}.membres", []):
                self.read_by_member(name, raw, found, made_up)
            self.tables.registers[name] = list(found.values())

    def register_row(self, name: str, position: int, made_up: bool) -> RegisterRow:
        rule = self.book.registers[name]
        member = self.member("membre") if rule.of_member else None
        values: dict[str, Any] = {}
        for column in rule.fields.values():
            kind = type_of(column.type, self.model.units)
            if column.by_member or kind is None:
                continue
            if self.text(column.name) == "" and not column.is_event:
                if not column.optional and column.name in self.columns:
                    values[column.name] = None
                continue
            values[column.name] = self.typed(column.name, kind)
        return RegisterRow(self.text("id") or str(position), member, values, {}, self.text("source"), self.made_up(made_up))

    def read_by_member(self, name: str, raw: RawTable, found: dict[str, RegisterRow], made_up: bool) -> None:
        rule = self.book.registers[name]
        fields = [f for f in rule.fields.values() if f.by_member]
        if not self.open(name, raw, ("id", "membre", *(f.name for f in fields), "source", "fictif"), ("id", "membre")):
            return
        for self.line, self.cells in raw.rows:
            member, row = self.member("membre"), found.get(self.text("id"))
            if row is None:
                self.wrong(
                    "id",
                    "TAB-12",
                    f"« {self.text('id')[:40]} » n’est pas dans le registre {name}.",
                    "Donnez l’identifiant d’une de ses lignes.",
                )
            if member is None or row is None:
                continue
            by_member = {k: dict(v) for k, v in row.by_member.items()}
            for column in fields:
                kind = type_of(column.type, self.model.units)
                if kind is not None and self.text(column.name):
                    value = self.typed(column.name, kind)
                    if value is not None:
                        by_member.setdefault(column.name, {})[member] = value
            found[row.identifier] = RegisterRow(
                row.identifier, row.member, row.values, by_member, row.source, row.fictitious or self.made_up(made_up)
            )


def population_name(text: str) -> str:
    """Return the name of a population as the language writes it, whatever the case and accents; another text as it is."""
    return next((name for name in POPULATIONS if plain(name) == plain(text)), text)


def luhn(digits: str) -> bool:
    """Tell whether the last digit of a SIREN is its key."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
