"""Random formulas of the tariff language, typed and in scope, so that nearly every one of them is read without a problem."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

MEMBER, OFFER = "member", "offer"
UNITS = ("hab", "poste", "jour")
MODES = ("le plus proche", "le plus proche (pair)", "supérieur", "inférieur", "tronqué")
Axes = frozenset[str]
NOWHERE: Axes = frozenset()


def row(register: str) -> str:
    return f"row:{register}"


@dataclass(frozen=True)
class Known:
    """A name that formulas may use: what it counts (€, hab, poste, jour, nombre, or a rate), and what it depends on."""

    name: str
    unit: str
    axes: Axes = NOWHERE
    kind: str = "number"  # number, yes, choice, date
    names: tuple[str, ...] = ()
    yearly: bool = False
    line: bool = False
    fact: bool = False


@dataclass
class World:
    """What has been declared so far."""

    known: list[Known] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    group: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    key_fields: list[Known] = field(default_factory=list)
    readings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    steps: list[tuple[str, str]] = field(default_factory=list)
    registers: dict[str, str] = field(default_factory=dict)  # name: member or service
    allowances: list[tuple[str, str]] = field(default_factory=list)
    features: set[str] = field(default_factory=set)

    def of(self, unit: str, scope: Axes, kind: str = "number") -> list[Known]:
        """Return the names of a unit and kind that a scope may use, those of a line or a history apart."""
        return [k for k in self.known if k.unit == unit and k.kind == kind and k.axes <= scope and not (k.yearly or k.line)]


class Formulas:
    """Makes formulas; the shallower they are left, the simpler they get."""

    def __init__(self, rng: random.Random, world: World, *, magnitude: int = 6, years: tuple[int, str] = (2024, "2024")) -> None:
        self.rng = rng
        self.world = world
        self.magnitude = magnitude
        self.alone = False  # whether a scope without member is that of nobody, and not a part of a member's formula
        self.year = years[0]
        self.label = years[1]

    # ------------------------------------------------------------ numbers

    def figure(self, *, decimals: int = 2, zero: bool = True) -> str:
        """Return a positive number, written the French way."""
        shape = self.rng.random()
        if zero and shape < 0.06:
            return "0"
        if shape < 0.14:
            return "0,01" if decimals else "1"
        if shape < 0.2 and self.magnitude > 9:
            return str(10**14 - self.rng.randint(0, 3))
        whole = self.rng.randint(1, 10 ** self.rng.randint(1, 4))
        if decimals and self.rng.random() < 0.5:
            return f"{whole},{self.rng.randint(1, 99):02d}"
        return str(whole)

    def pick(self, options: Sequence[Callable[[], str | None]]) -> str:
        """Return the first formula that can be made, in a random order."""
        for option in self.rng.sample(list(options), len(options)):
            found = option()
            if found is not None:
                return found
        raise AssertionError("no formula can be made")

    def mark(self, feature: str, text: str) -> str:
        self.world.features.add(feature)
        return text

    def named(self, unit: str, scope: Axes, kind: str = "number") -> str | None:
        found = self.world.of(unit, scope, kind)
        if not found and kind == "number" and OFFER not in scope and self.world.group and self.rng.random() < 0.5:
            found = self.world.of(unit, scope | {OFFER}, kind)
        if not found:
            return None
        known = self.rng.choice(found)
        if OFFER in known.axes and OFFER not in scope:
            return self.mark("of another offer", f"({known.name} de {self.rng.choice(self.world.group)})")
        if known.fact and self.rng.random() < 0.04:
            return self.mark("of another exercise", f"({known.name} de {self.rng.choice(('N-1', self.label))})")
        if known.fact and known.axes == {MEMBER} and self.rng.random() < 0.04:
            return self.mark(
                "of the host or the parent", f"({known.name} {self.rng.choice(('du gestionnaire', 'du rattachement'))})"
            )
        return known.name

    def of_host(self, unit: str, scope: Axes) -> str | None:
        found = [k for k in self.world.of(unit, scope | {MEMBER}) if k.fact and k.axes == {MEMBER}]
        if not found or self.rng.random() < 0.7:
            return None
        return self.mark("of the host or the parent", f"({self.rng.choice(found).name} du gestionnaire)")

    def amount(self, unit: str, scope: Axes, depth: int) -> str:
        """Return a formula that counts a unit: euros, inhabitants, workstations, days, or a plain number."""
        literal = self.literal(unit)
        leaves: list[Callable[[], str | None]] = [lambda: self.named(unit, scope), lambda: self.of_host(unit, scope)]
        if depth <= 0:
            return self.pick([*leaves, *leaves, lambda: self.named(unit, scope), lambda: literal])
        again = depth - 1
        options: list[Callable[[], str | None]] = [
            *leaves, *leaves, *leaves, lambda: literal,
            lambda: f"({self.amount(unit, scope, again)} + {self.amount(unit, scope, again)})",
            lambda: f"({self.amount(unit, scope, again)} - {self.amount(unit, scope, again)})",
            lambda: f"({self.amount(unit, scope, again)} × {self.plain(scope, again)})",
            lambda: self.mark("division", f"({self.amount(unit, scope, again)} / {self.divisor('nombre', scope, again)})"),
            lambda: self.extreme(unit, scope, again),
            lambda: self.rounded(unit, scope, again),
            lambda: self.sum_members(unit, scope, again),
            lambda: self.sum_rows(unit, scope, again),
        ]  # fmt: skip
        if unit == "€":
            options += [lambda: self.priced(scope, again)] * 3 + [lambda: self.share(scope, again)] * 3
            options += [lambda: self.history(scope), lambda: self.issued(scope), lambda: self.billed(scope)]
        if unit == "nombre":
            options += [lambda: self.count(scope), lambda: self.rank(scope), lambda: self.ratio(scope, again)]
        if unit == "jour":
            options += [lambda: self.drawn(scope)]
        if self.rng.random() < 0.03:
            options = [lambda: self.mark("minus", f"(- {self.amount(unit, scope, again)})")]
        return self.pick(options)

    def literal(self, unit: str) -> str:
        if unit == "jour" and self.rng.random() < 0.2:
            return f"{self.figure(decimals=0)} demi-journées"
        if unit == "nombre":
            return self.rng.choice((self.figure(), "1", "2", "12,5 %", "100 %"))
        return f"{self.figure(decimals=2 if unit == '€' else 1)} {unit}"

    def plain(self, scope: Axes, depth: int) -> str:
        return self.amount("nombre", scope, depth)

    def divisor(self, unit: str, scope: Axes, depth: int) -> str:
        found = self.amount(unit, scope, depth)
        return found if not found.startswith("0") else f"3 {unit}" if unit != "nombre" else "3"

    def priced(self, scope: Axes, depth: int) -> str | None:
        unit = self.rng.choice(UNITS)
        rate = self.named(f"€/{unit}", scope)
        if rate is None:
            rate = f"{self.figure()} €/{unit}"
        pair = [rate, self.amount(unit, scope, depth)]
        self.rng.shuffle(pair)
        return f"({pair[0]} × {pair[1]})"

    def extreme(self, unit: str, scope: Axes, depth: int) -> str:
        one, two = self.amount(unit, scope, depth), self.amount(unit, scope, depth)
        self.world.features.add("extremes")
        return self.rng.choice(
            (f"min({one} ; {two})", f"max({one} ; {two})", f"({one} plafonné à {two})", f"({one} avec un minimum de {two})")
        )

    def rounded(self, unit: str, scope: Axes, depth: int) -> str:
        step = self.rng.choice(("au millième", "à 0,5", "à 10", *(("au centime", "à l’euro") if unit == "€" else ())))
        return self.mark("rounded stage", f"arrondi({self.amount(unit, scope, depth)} ; {step} {self.rng.choice(MODES)})")

    def ratio(self, scope: Axes, depth: int) -> str:
        unit = self.rng.choice(("€", *UNITS))
        return self.mark("division", f"({self.amount(unit, scope, depth)} / {self.divisor(unit, scope, depth)})")

    # ------------------------------------------------------------ members, rows, exercises

    def members(self, scope: Axes, *, host: bool = True, attached: bool = False) -> str:
        """Return a set of members."""
        text = "les membres"
        if self.world.offers and self.rng.random() < 0.5:
            text = f"les titulaires de {self.rng.choice(self.world.offers)}"
        elif OFFER in scope and self.rng.random() < 0.6:
            text = "les titulaires de l’offre"
        if attached and MEMBER in scope and self.rng.random() < 0.08:
            return self.mark("attached members", "les membres rattachés")
        if self.rng.random() < 0.15:
            text += self.mark("such that", f" tels que ({self.yes(scope | {MEMBER}, 0)})")
        if host and self.rng.random() < 0.12:
            text += self.mark("with the host", " avec le gestionnaire")
        return text

    def sum_members(self, unit: str, scope: Axes, depth: int) -> str | None:
        found = [k for k in self.world.of(unit, scope | {MEMBER}) if MEMBER in k.axes]
        found = [k for k in found if not k.name.startswith("grandeur") or self.rng.random() < 0.3]
        if not found:
            return None
        inner = self.rng.choice(found).name
        value = inner if self.rng.random() < 0.6 else f"({inner} + {self.amount(unit, scope | {MEMBER}, depth - 1)})"
        where = f" si ({self.yes(scope | {MEMBER}, 0)})" if self.rng.random() < 0.15 else ""
        return self.mark("sum over members", f"(somme de {value} sur {self.members(scope, attached=True)}{where})")

    def sum_rows(self, unit: str, scope: Axes, depth: int) -> str | None:
        registers = self.summed(scope)
        if not registers:
            return None
        register = self.rng.choice(registers)
        where = f" si ({self.yes(scope | {row(register)}, 0)})" if self.rng.random() < 0.3 else ""
        value = self.amount(unit, scope | {row(register)}, min(depth - 1, 1))
        return self.mark("sum over rows", f"(somme de {value} pour chaque {register}{where})")

    def summed(self, scope: Axes) -> list[str]:
        """Return the registers whose rows may be added up."""
        whose = ("service",) if MEMBER not in scope and not self.alone else ("service", "member")
        return [name for name, kind in self.world.registers.items() if row(name) not in scope and kind in whose]

    def count(self, scope: Axes) -> str:
        kind = self.rng.random()
        if kind < 0.35 or (not self.world.offers and kind < 0.7):
            such = f" tels que ({self.yes(scope | {MEMBER}, 0)})" if self.rng.random() < 0.4 else ""
            return self.mark("count of members", f"(nombre de membres{such})")
        registers = self.summed(scope)
        if kind < 0.7 or not registers:
            held = "l’offre" if OFFER in scope else self.rng.choice(self.world.offers) if self.world.offers else ""
            return self.mark("count of holders", f"(nombre de titulaires de {held})") if held else "1"
        register = self.rng.choice(registers)
        where = f" si ({self.yes(scope | {row(register)}, 0)})" if self.rng.random() < 0.5 else ""
        return self.mark("count of rows", f"(nombre de {register}{where})")

    def rank(self, scope: Axes) -> str | None:
        if self.rng.random() < 0.3:
            return self.mark("rank since", f"(rang depuis le 01/0{self.rng.randint(1, 9)}/{self.year - self.rng.randint(0, 3)})")
        if MEMBER not in scope or not self.world.offers:
            return None
        how = self.rng.choice(("rang", "rang en années d’adhésion", "rang en mois"))
        return self.mark(how, f"({how} de {self.rng.choice(self.world.offers)})")

    def history(self, scope: Axes) -> str | None:
        found = [k for k in self.world.known if k.yearly and k.axes <= scope]
        if not found:
            return None
        name = self.rng.choice(found).name
        before = self.rng.randint(1, 3)
        skip = " sans les manquants" if self.rng.random() < 0.5 else ""
        return self.mark("history", self.rng.choice((
            f"({name} de N-1)", f"({name} de l’exercice précédent)", f"(moyenne de {name} sur les {before} exercices avant N{skip})",
            f"(somme de {name} sur les exercices N-2 à N-1{skip})",
        )))  # fmt: skip

    def issued(self, scope: Axes) -> str | None:
        """Return what was issued under a line in another exercise."""
        found = [k for k in self.world.known if k.line and k.axes <= scope and k.unit == "€"]
        if not found or self.rng.random() < 0.5:
            return None
        name = self.rng.choice(found).name
        return self.mark(
            "issued", self.rng.choice((f"({name} de N-1)", f"(moyenne de {name} sur les 2 exercices avant N sans les manquants)"))
        )

    def billed(self, scope: Axes) -> str | None:
        """Return the amount of a line, or its net amount."""
        found = [k for k in self.world.known if k.line and k.axes <= scope and k.unit == "€"]
        if not found or MEMBER not in scope or self.rng.random() < 0.5:
            return None
        name = self.rng.choice(found).name
        if self.rng.random() < 0.4:
            return self.mark("net amount", f"{name}.nette")
        return self.mark("line in a formula", name)

    def drawn(self, scope: Axes) -> str | None:
        found = [(name, register) for name, register in self.world.allowances if row(register) in scope and MEMBER in scope]
        if not found:
            return (
                self.mark("rest of an allowance", f"(reste de {self.world.allowances[0][0]})") if self.world.allowances else None
            )
        return self.mark("drawn", self.rng.choice(("(au-delà de {})", "(pris sur {})")).format(self.rng.choice(found)[0]))

    def share(self, scope: Axes, depth: int) -> str | None:
        """Return a part of a sum of the service; the sum depends on no member."""
        if MEMBER not in scope:
            return None
        amount = self.amount("€", scope - {MEMBER}, min(depth, 1))
        among = f" entre {self.members(scope - {MEMBER})}"
        kind = self.rng.random()
        if kind < 0.2:
            return self.mark("equal share", f"(part de {amount} à parts égales{among})")
        fields = [k for k in self.world.key_fields if k.axes <= scope]
        if kind < 0.35 and fields:
            return self.mark("share by the key of a row", f"(part de {amount} selon {self.rng.choice(fields).name}{among})")
        if kind < 0.55 and self.world.keys:
            own = among if self.rng.random() < 0.7 else ""
            return self.mark("share by a blend", f"(part de {amount} selon {self.rng.choice(self.world.keys)}{own})")
        key = self.key_driver(scope)
        return self.mark("share by a driver", f"(part de {amount} selon {key}{among})") if key else None

    def key_driver(self, scope: Axes) -> str | None:
        """Return what is different for each member and may weigh."""
        found = [k for unit in (*UNITS, "€") for k in self.world.of(unit, scope | {MEMBER}) if MEMBER in k.axes]
        if not found:
            return None
        known = self.rng.choice([k for k in found if not k.name.startswith("grandeur") or self.rng.random() < 0.3] or found)
        if self.rng.random() < 0.1:
            return self.mark(
                "share by a formula", f"({known.name} × {self.rng.choice(('2', '0,5', '0', self.named('nombre', scope) or '3'))})"
            )
        return known.name

    # ------------------------------------------------------------ conditions and dates

    def yes(self, scope: Axes, depth: int) -> str:
        options: list[Callable[[], str | None]] = [
            lambda: self.named("", scope, "yes"), lambda: self.named("", scope, "yes"),
            lambda: self.comparison(scope), lambda: self.chosen(scope), lambda: self.settled(),
            lambda: self.holding(scope), lambda: self.dated(scope),
        ]  # fmt: skip
        if depth > 0:
            options += [
                lambda: self.mark("et, ou, non", f"({self.yes(scope, depth - 1)} et {self.yes(scope, depth - 1)})"),
                lambda: self.mark("et, ou, non", f"({self.yes(scope, depth - 1)} ou {self.yes(scope, depth - 1)})"),
                lambda: self.mark("et, ou, non", f"(non {self.yes(scope, depth - 1)})"),
            ]
        return self.pick(options)

    def comparison(self, scope: Axes) -> str:
        unit = self.rng.choice(("€", "nombre", *UNITS))
        left = self.amount(unit, scope, 0)
        return f"({left} {self.rng.choice('=≠<≤>≥')} {self.literal(unit)})"

    def chosen(self, scope: Axes) -> str | None:
        found = [k for k in self.world.known if k.kind == "choice" and k.axes <= scope]
        if OFFER in scope and self.rng.random() < 0.5:
            return self.mark("offre =", f"(offre = {self.rng.choice(self.world.group)})")
        if not found:
            return None
        known = self.rng.choice(found)
        return f"({known.name} {self.rng.choice('=≠')} {self.rng.choice(known.names)})"

    def settled(self) -> str | None:
        if not self.world.readings:
            return None
        name, readings = self.rng.choice(sorted(self.world.readings.items()))
        return self.mark("interpretation in a condition", f"({name} = {self.rng.choice(readings)})")

    def holding(self, scope: Axes) -> str | None:
        if MEMBER not in scope or not self.world.offers:
            return None
        on = f" au {self.rng.randint(1, 28)} juin de N" if self.rng.random() < 0.4 else ""
        return self.mark("tient", f"(tient {self.rng.choice(self.world.offers)}{on})")

    def dated(self, scope: Axes) -> str | None:
        one, two = self.day(scope, 1), self.day(scope, 1)
        if one is None or two is None:
            return None
        return self.mark("dates", f"({one} {self.rng.choice(('au plus tard', 'au plus tôt', '<', '='))} {two})")

    def day(self, scope: Axes, depth: int = 0) -> str | None:
        options: list[Callable[[], str | None]] = [
            lambda: f"{self.rng.randint(1, 28):02d}/{self.rng.randint(1, 12):02d}/{self.year - self.rng.randint(0, 1)}",
            lambda: self.named("", scope, "date"),
            lambda: self.rng.choice(("premier jour de N", "dernier jour de N-1")),
        ]
        if MEMBER in scope and self.world.steps:
            options += [lambda: ".".join(self.rng.choice(self.world.steps))] * 2
        if depth:
            options += [lambda: self.mark("shifted dates", self.rng.choice((
                f"({self.rng.randint(1, 20)} mois après {self.day(scope)})", f"({self.rng.randint(1, 400)} jours avant {self.day(scope)})",
                f"(1er janvier suivant {self.day(scope)})", f"(fin du mois de {self.day(scope)})",
            )))]  # fmt: skip
        return self.pick(options)

    # ------------------------------------------------------------ whole formulas

    def formula(self, unit: str, scope: Axes, depth: int, indent: str = "    ") -> str:
        """Return a formula with its sign, perhaps « selon le cas »."""
        return "= " + self.cases(unit, scope, depth, indent)

    def cases(self, unit: str, scope: Axes, depth: int, indent: str = "    ") -> str:
        if self.rng.random() < 0.8:
            return self.amount(unit, scope, depth)
        self.world.features.add("selon le cas")
        inner = f"\n{indent}    "
        if self.world.readings and self.rng.random() < 0.4:
            name, readings = self.rng.choice(sorted(self.world.readings.items()))
            branches = [f"si {name} = {reading} : {self.amount(unit, scope, depth - 1)}" for reading in readings]
            return "selon le cas" + "".join(inner + b for b in branches)
        branches = [f"si {self.yes(scope, 1)} : {self.amount(unit, scope, depth - 1)}" for _ in range(self.rng.randint(1, 2))]
        if self.rng.random() < 0.85:
            branches.append(f"sinon : {self.amount(unit, scope, depth - 1)}")
        return "selon le cas" + "".join(inner + b for b in branches)
