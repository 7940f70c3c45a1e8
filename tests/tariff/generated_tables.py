"""Random tables for a generated convention: members, choices, facts, registers, issued amounts, decisions."""

from __future__ import annotations

import random
from datetime import date, timedelta

from tariff.generated_rules import Fact, Rules

Row = dict[str, str]
Tables = dict[str, list[Row]]


def siren(rng: random.Random) -> str:
    """Return nine digits whose last is the key of the others."""
    digits = [rng.randint(1, 9), *(rng.randint(0, 9) for _ in range(7))]
    total = sum(d if i % 2 == 0 else (2 * d - 9 if d > 4 else 2 * d) for i, d in enumerate(digits))
    return "".join(map(str, digits)) + str(-total % 10)


def shown(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


class TableForge:
    """Makes the tables of one convention; `full` leaves nothing out, so that more is computed."""

    def __init__(self, rng: random.Random, rules: Rules, *, full: bool = False, sirens: bool = False) -> None:
        self.rng = rng
        self.rules = rules
        self.full = full
        self.sirens = sirens
        self.names: list[str] = []
        self.gaps = 0.0 if full else rng.choice((0.0, 0.02, 0.1, 0.5))
        self.huge = 0.15 if rules.magnitude > 9 else 0.01
        self.members: list[Row] = []

    def make(self) -> Tables:
        self.members = self.some_members()
        self.names = [m["membre"] for m in self.members]
        tables: Tables = {"membres": self.members, "choix": self.choices(), "faits": self.facts()}
        for name, kind in self.rules.registers.items():
            tables.update(self.register(name, kind))
        tables["émis"] = self.issued()
        tables["décisions"] = self.decisions()
        return tables

    def often(self, chance: float) -> bool:
        return self.rng.random() < chance

    def day(self, spread: int = 1) -> date:
        """Return a day of the exercise, or of those around it."""
        shift = self.rng.choice((0, 0, 0, 1, -1)) * (spread > 0)
        return self.rules.first + timedelta(
            days=self.rng.choice((0, 0, 30, 90, 150, 151, 364, self.rng.randint(0, 364))) + 366 * shift
        )

    # ------------------------------------------------------------ members, choices

    def some_members(self) -> list[Row]:
        rng = self.rng
        count = rng.choice((1, 2, 3, 3, 4, 5, 6, 8, 70 if self.often(0.06) else 3))
        rows: list[Row] = []
        for i in range(count):
            row = {
                "membre": rng.choice((f"Membre {i}", f"Œuf-sur-Mer {i}", f"é{i}")),
                "siren": "",
                "type": rng.choice(("commune", "syndicat")),
            }
            if self.sirens or self.often(0.6):
                row["siren"] = siren(rng)
            if self.often(0.15):  # came, left or merged in the year
                row[rng.choice(("du", "au"))] = shown(self.day())
            if rows and self.often(0.2):
                row["rattachement"] = rng.choice(rows)["membre"]
            rows.append(row)
        if self.often(0.6):
            rows.insert(
                rng.randint(0, count),
                {"membre": "Le syndicat", "siren": siren(rng) if self.often(0.7) else "", "rôle": "gestionnaire"},
            )
        return rows

    def choices(self) -> list[Row]:
        rng, rows = self.rng, []
        for name in self.names:
            for offer in self.rules.offers:
                if not self.often(0.65):
                    continue
                first = self.rules.first - timedelta(days=rng.choice((0, 0, 400, 800)))
                spans = rng.choice((
                    [(first, None)], [(first, None)], [(first, None)], [(self.day(0), None)], [(first, self.day(0))],
                    [(first, self.rules.first + timedelta(days=60)), (self.rules.first + timedelta(days=rng.choice((61, 80, 200))), None)],
                ))  # fmt: skip
                rows += [self.choice(name, offer, start, end) for start, end in spans if end is None or end >= start]
        return rows

    def choice(self, name: str, offer: str, first: date, last: date | None) -> Row:
        row = {"membre": name, "offre": offer, "du": shown(first), "au": shown(last) if last else "", "acte": "délibération"}
        if self.often(0.7):
            row["décidée_le"] = shown(first - timedelta(days=self.rng.randint(0, 90)))
        if self.often(0.5):
            row["signée_le"] = shown(first)
        if offer in self.rules.steps and self.often(0.8):
            row[self.rules.steps[offer]] = shown(self.day())
        if self.often(0.05):
            row["fictif"] = "oui"
        return row

    # ------------------------------------------------------------ facts

    def figure(self, *, negative: bool = False, cents: bool = True) -> str:
        shape = self.rng.random()
        if shape < 0.1:
            return "0"
        if shape < 0.16 and cents:
            return "0,01"
        if shape < 0.16 + self.huge:
            return str(10**14 - self.rng.randint(0, 9))
        sign = "-" if negative and self.often(0.1) else ""
        whole = self.rng.choice((self.rng.randint(1, 60), self.rng.randint(1, 60), self.rng.randint(1, 10**4), 100))
        return f"{sign}{whole}" + (f",{self.rng.randint(0, 99):02d}" if cents and self.often(0.4) else "")

    def value(self, fact: Fact) -> str:
        if fact.kind == "yes":
            return self.rng.choice(("oui", "oui", "non"))
        if fact.kind == "section":
            return self.rng.choice(("fonctionnement", "investissement"))
        if fact.kind.startswith("key"):
            return fact.kind.removeprefix("key ")
        if fact.kind == "choice":
            return self.rng.choice(("rouge", "vert", "bleu"))
        if fact.kind == "date":
            return shown(self.day())
        return self.figure(negative=fact.kind == "money", cents=fact.kind == "money" or self.often(0.15))

    def facts(self) -> list[Row]:
        rows: list[Row] = []
        for fact in self.rules.facts:
            for member in [""] if fact.of_service else self.names:
                for offer in fact.offers or ("",):
                    rows += self.fact_rows(fact, member, offer)
        self.rng.shuffle(rows)
        return rows

    def fact_rows(self, fact: Fact, member: str, offer: str) -> list[Row]:
        days = {"": self.rules.first, "lu en N-1": self.rules.first - timedelta(days=200), "lu au 01/01/2021": date(2020, 6, 1),
                "lu au maximum sur N-1": self.rules.first - timedelta(days=10), "lu en moyenne sur N": self.rules.first + timedelta(days=9)}  # fmt: skip
        first = days.get(fact.reading, self.rules.first)
        dates = [first]
        if fact.yearly:
            dates = [self.rules.first.replace(year=2024 - back) for back in (0, 1, 2, 3)]
        elif self.often(0.25):
            dates.append(first + timedelta(days=self.rng.choice((-400, -100, 40, 150, 200))))
        found = []
        for day in dict.fromkeys(dates):
            if not self.often(self.gaps):
                found.append({"membre": member, "offre": offer, "fait": fact.name, "valeur": self.value(fact), "nature": fact.population,
                              "date": self.rules.label if day == first and self.often(0.1) and not fact.yearly else shown(day),
                              "publié_le": shown(day) if "publié" in fact.reading else "", "fictif": "oui" if self.often(0.05) else ""})  # fmt: skip
        if any(r["date"] == self.rules.label for r in found):
            return found[:1]
        return found

    # ------------------------------------------------------------ registers, issued amounts, decisions

    def register(self, name: str, kind: str) -> Tables:
        rng, rows = self.rng, []
        for i in range(rng.choice((0, 1, 2, 4, 4, 9))):
            row = {"id": str(i + 1), "fait_le": shown(self.day()), "quantité": self.figure(cents=False), "montant": self.figure(negative=True),
                   "durée": rng.choice(("0,5", "1", "2,25", "3")), "validé": rng.choice(("oui", "oui", "non")),
                   "genre": rng.choice(("rouge", "vert")), "imputation": rng.choice(("fonctionnement", "investissement")),
                   "échu_le": shown(self.day()), "fictif": "oui" if self.often(0.05) else ""}  # fmt: skip
            for column in ("quantité", "montant", "durée", "validé", "genre", "imputation", "échu_le"):
                if self.often(self.gaps / 3):
                    row[column] = ""
            if kind == "member":
                row["membre"] = rng.choice(self.names)
            else:
                numeric = [
                    f.name
                    for f in self.rules.facts
                    if f.kind in ("number", "money") and not (f.of_service or f.yearly or f.offers)
                ][:3]
                if numeric:
                    row["clef"] = rng.choice(numeric)
            rows.append(row)
        tables = {f"registre.{name}": rows}
        if kind == "service":
            tables[f"registre.{name}.membres"] = [
                {"id": row["id"], "membre": member, "poids": self.figure(cents=False)}
                for row in rows for member in self.names if self.often(0.7)
            ]  # fmt: skip
        return tables

    def issued(self) -> list[Row]:
        rows: list[Row] = []
        for line, by_offer in self.rules.lines.items():
            if self.rules.kinds[line] == "limit" or self.often(0.3):
                continue
            for member in self.names:
                for back in (0, 1, 2):
                    if self.often(0.6 - self.gaps):
                        year = 2024 - back
                        rows.append({"membre": member, "exercice": str(year) if self.rules.label == "2024" else f"{year}-{year + 1}", "ligne": line,
                                     "offre": self.rng.choice(self.rules.group) if by_offer else "",
                                     "montant": self.figure(negative=True), "fictif": "oui" if self.often(0.05) else ""})  # fmt: skip
        return rows

    def decisions(self) -> list[Row]:
        lines = [name for name, kind in self.rules.kinds.items() if kind == "line"]
        seen: set[tuple[str, str]] = set()
        rows: list[Row] = []
        for _ in range(self.rng.choice((0, 0, 1, 3))):
            line, member = self.rng.choice(lines), self.rng.choice(self.names)
            if (line, member) not in seen:
                seen.add((line, member))
                rows.append({"membre": member, "exercice": self.rules.label, "ligne": line, "offre": self.rules.group[0] if self.rules.lines[line] else "",
                             "montant": self.figure(), "motif": "motif", "autorité": "conseil", "acte": "acte"})  # fmt: skip
        return rows


def make_tables(rng: random.Random, rules: Rules, *, full: bool = False, sirens: bool = False) -> Tables:
    """Return random tables for a convention."""
    return TableForge(rng, rules, full=full, sirens=sirens).make()
