"""Random lines, credits, limits, allowances and refusals: the blocks of a generated convention that give amounts."""

from __future__ import annotations

import random

from tariff.generated_formulas import MEMBER, NOWHERE, OFFER, Axes, row
from tariff.generated_rules import MEMBERS, PRORATA, Forge, Rules


class Convention(Forge):
    """Makes a whole convention."""

    def make(self) -> Rules:
        rng = self.rng
        for part in (self.header, self.interpretations, self.offers, self.facts, self.registers, self.parameters):
            part()
        for part, most in ((self.scale, 3), (self.key, 2)):
            for _ in range(rng.randint(1, most)):
                part()
        if self.world.registers.get("passage_2") and self.often(0.5):
            self.allowance()
        for _ in range(rng.randint(0, 4)):
            self.quantity()
        if not self.plain and self.often(0.3):
            self.refusal()
        for part, least, most in ((self.line, 1, 5), (self.credit, 0, 2), (self.limit, 0, 2), (self.line, 0, 1)):
            for _ in range(rng.randint(least, most)):
                part()
        self.rules.text = "\n\n".join(self.blocks) + "\n"
        self.rules.features = {f for f in self.world.features if f}
        self.rules.registers = dict(self.world.registers)
        return self.rules

    # ------------------------------------------------------------ lines

    def line(self) -> None:
        """Add a line: for each member, each offer held, each row of a register, or once."""
        rng = self.rng
        name = self.name("ligne")
        scope, clauses, register = self.whose_line()
        section = self.section(register)
        in_kind = section == "en nature"
        unit = "jour" if in_kind else "€"
        clauses.append(section)
        if self.often(0.15):
            clauses.append(
                self.mark(
                    "line since",
                    rng.choice(("depuis le 01/01/2024", "depuis le 01/06/2024", "jusqu’au 30/06/2024", "jusqu’au 31/12/2023")),
                )
            )
        if self.often(0.2):
            clauses.append(self.mark("line si", f"si {self.formulas.yes(scope, 1)}"))
        for _ in range(2 if self.often(0.1) else int(self.often(0.15))):
            outer = frozenset(a for a in scope if not a.startswith("row:"))
            clauses.append(self.mark("exonérée", f"exonérée si {self.formulas.yes(outer, 1)}"))
        if self.often(0.35):
            words = tuple(p.replace(" ", "_") for p in PRORATA)
            prorata = self.reading_of("prorata", words) if self.often(0.15) else rng.choice(PRORATA)
            clauses.append(self.mark("line with a prorata", f"prorata {prorata}"))
        if self.often(0.25):
            stages = (
                ("au centime", "à l’euro", "à 0,05 €", "à 0,001 €")
                if not in_kind
                else ("à 0,5 jour", "à 1 jour", "à 1 demi-journée")
            )
            clauses.append(self.mark("line rounded", f"arrondi {self.rounding(stages=stages)}"))
        clauses += self.billing(scope, register)
        adjusted = [k for k in self.world.known if k.line and k.unit == unit and (OFFER in k.axes) == (OFFER in scope)]
        if adjusted and self.often(0.25) and "dans" not in section:
            words = ("jamais", "dans_les_deux_sens", "à_la_hausse", "à_la_baisse")
            ways = (
                self.reading_of("régularise", words)
                if self.often(0.2)
                else rng.choice(("dans les deux sens", "à la hausse", "à la baisse"))
            )
            clauses.append(self.mark("régularise", f"régularise {rng.choice(adjusted).name} {ways}"))
        if self.often(0.1) and not in_kind and not register:
            balance = self.formulas.amount("€", frozenset(scope - {MEMBER}), 1)
            clauses.append(self.mark("le reste au gestionnaire", f"le reste de {balance} à la charge du gestionnaire"))
        clauses.append(self.formula_of(unit, scope))
        self.put(f'ligne {name}{" : jour" if in_kind else ""} "{name}"', *clauses)
        self.rules.lines[name] = OFFER in scope
        self.rules.kinds[name] = "line"
        self.know(name, unit, frozenset(a for a in scope if not a.startswith("row:")), line=True)

    def formula_of(self, unit: str, scope: Axes) -> str:
        """Return the formula of a line: often a share of a cost or a scale, since those are what conventions are made of."""
        if self.often(0.3) and unit == "€":
            share = self.formulas.share(scope, 2)
            if share is not None:
                return f"= {share[1:-1]}"
        found = [k for k in self.world.of(unit, scope) if k.name.startswith(("barème", "grandeur"))]
        if found and self.often(0.4):
            return f"= {self.rng.choice(found).name}" + (f" + {self.formulas.amount(unit, scope, 1)}" if self.often(0.5) else "")
        return self.formulas.formula(unit, scope, 3)

    def whose_line(self) -> tuple[Axes, list[str], str]:
        rng = self.rng
        kind = rng.random()
        held = (
            [f"pour {' ou '.join(rng.sample(self.world.offers, rng.randint(1, 2)))}"]
            if self.often(0.6) and len(self.world.offers) > 1
            else []
        )
        if kind < 0.25 and self.world.registers:
            register = rng.choice(sorted(self.world.registers))
            self.mark(f"line for each row of the {self.world.registers[register]}")
            return MEMBERS | {row(register)}, [*held, f"pour chaque {register}"], register
        if kind < 0.45:
            self.mark("line for each offer")
            return MEMBERS | {OFFER}, ["pour chaque offre dans groupe", "chaque exercice"], ""
        if kind < 0.6 and self.rules.steps:
            offer, step = rng.choice(sorted(self.rules.steps.items()))
            self.mark("line once")
            return MEMBERS, [f"pour {offer}" if self.often(0.8) else "", f"une fois à la date de {offer}.{step}"], ""
        self.mark("line of the holders" if held else "line of everybody")
        return MEMBERS, [*held, "chaque exercice"], ""

    def section(self, register: str) -> str:
        kind = self.rng.random()
        if register and kind < 0.3:
            return self.mark("section of the row", f"dans la section de {register}.imputation")
        if kind > 0.85 and any(k.name == "budget" for k in self.world.known) and not register:
            return self.mark("section of a fact", "dans la section de budget")
        if kind > 0.9:
            return self.mark("in kind", "en nature")
        return "en fonctionnement" if kind < 0.75 else "en investissement"

    def billing(self, scope: Axes, register: str) -> list[str]:
        rng, clauses = self.rng, []
        if self.often(0.25):
            when = rng.choice(("du 1er janvier au 31 mars de N+1", "en fin d’exercice", "à la fin de chaque mois", "à terme échu",
                               f"à la date de {register}.fait_le" if register else "du 1er juin au 30 juin de N en 3 fois",
                               f"à 3 mois de {register}.fait_le" if register else "en fin d’exercice"))  # fmt: skip
            clauses.append(
                self.mark(
                    "facturée",
                    f"facturée {when}" + (f" si {self.formulas.yes(scope - {row(register)}, 0)}" if self.often(0.3) else ""),
                )
            )
        if self.often(0.12):
            who = rng.choice(("le gestionnaire", "le membre de rattachement"))
            clauses.append(
                self.mark(
                    "payée par",
                    f"payée par {who}" + (f" si {self.formulas.yes(scope - {row(register)}, 0)}" if self.often(0.5) else ""),
                )
            )
        return clauses

    # ------------------------------------------------------------ credits, limits

    def plain_lines(self, unit: str = "€", *, offers: bool = False) -> list[str]:
        return [
            k.name
            for k in self.world.known
            if k.line and k.unit == unit and (offers or OFFER not in k.axes) and self.rules.kinds.get(k.name) == "line"
        ]

    def credit(self) -> None:
        found = self.plain_lines()
        if len(found) < 2:
            return
        rng = self.rng
        source, target = rng.sample(found, 2)
        if self.section_of(target) == "":
            return
        name = self.name("crédit")
        clauses = [f"de {source}, sur {target}"]
        if self.often(0.3):
            clauses.append(f"si {self.formulas.yes(MEMBERS, 1)}")
        if self.often(0.5):
            clauses.append("une seule fois")
        if self.often(0.6):
            clauses.append(f"jamais au-dessous de {rng.choice(('0 €', '10 €'))}")
        clauses.append(rng.choice(("reste perdu", "reste reporté")))
        self.put(f'crédit {name} "{name}"', *clauses)
        self.rules.lines[name], self.rules.kinds[name] = False, "credit"
        self.mark("credit")

    def limit(self) -> None:
        rng, name = self.rng, self.name("limite")
        kind = rng.choice(("plafond", "plafond", "plancher", "encadrement"))
        named = (
            rng.sample(self.plain_lines(offers=True), rng.randint(1, min(2, len(self.plain_lines(offers=True)))))
            if self.plain_lines(offers=True)
            else []
        )
        sections = {self.section_of(n) for n in named}
        if named and len(sections) == 1 and not sections & {"", "en nature"} and self.often(0.7):
            clauses = [f"porte sur {' et '.join(named)}"]
        else:
            clauses = [
                self.mark(
                    "limit on a section",
                    rng.choice(("porte sur les lignes en fonctionnement", "porte sur les lignes en investissement")),
                )
            ]
        total = self.often(0.3)
        scope: Axes = NOWHERE if total else MEMBERS
        self.formulas.alone = total
        clauses.append(self.mark("limit on the total", "sur le total, réduit à proportion") if total else "par membre")
        if self.often(0.15):
            clauses.append(self.mark("limit si", f"si {self.formulas.yes(scope, 0)}"))
        for side, word, moved in (("plafond", "au plus", "excédent"), ("plancher", "au moins", "manque")):
            if kind in (side, "encadrement"):
                percent = rng.choice(("105 % × ", "", "0,5 × "))
                found = [k.name for k in self.world.known if k.yearly and k.axes <= scope]
                history = (
                    f"{percent}{rng.choice(found)} de l’exercice précédent"
                    if found and self.often(0.5)
                    else self.formulas.cases("€", scope, 1)
                )
                clauses.append(f"{word} {history}")
                if not total:
                    clauses += self.bearers(moved)
        if self.often(0.4):
            clauses.append(
                self.mark("limit à défaut sans plafond", "à défaut sans plafond" + rng.choice(("", " avec avertissement")))
            )
        self.put(f'{kind} {name} "{name}"', *clauses)
        self.rules.lines[name], self.rules.kinds[name] = False, "limit"
        self.mark(kind)
        self.formulas.alone = False

    def section_of(self, line: str) -> str:
        block = next(b for b in self.blocks if b.startswith(f"ligne {line} "))
        return next((s for s in ("en fonctionnement", "en investissement", "en nature") if s in block), "")

    def bearers(self, moved: str) -> list[str]:
        key = self.rng.choice([*self.world.keys, *(k.name for k in self.drivers())] or [""])
        others = f"les autres membres selon {key}" if key else "le gestionnaire"
        who = self.rng.choice(("le gestionnaire", others, others, "le membre"))
        self.mark(f"{moved} borne by {' '.join(who.split()[:3])}")
        if self.world.readings and self.often(0.2):
            name, readings = sorted(self.world.readings.items())[0]
            return [
                f"{moved} supporté par {who} si {name} = {readings[0]}",
                f"{moved} supporté par le gestionnaire si {name} = {readings[1]}",
            ]
        return [f"{moved} supporté par {who}"]

    # ------------------------------------------------------------ allowances, refusals

    def allowance(self) -> None:
        rng, name = self.rng, self.name("enveloppe")
        condition = f" si {self.formulas.yes(MEMBERS | {row('passage_2')}, 0)}" if self.often(0.3) else ""
        counting = rng.choice(("pour l’ensemble", "par classe", "par membre"))
        if self.often(0.15):
            counting = self.reading_of("comptée", ("pour_l_ensemble", "par_classe", "par_membre"))
        quota = next((k.name for k in self.world.known if k.unit == "jour" and k.axes <= MEMBERS and not k.line), "3 jours")
        clauses = [
            f"pour les titulaires de {rng.choice(self.world.offers)}, chaque exercice",
            f"consommée par passage_2.durée dans l’ordre de {rng.choice(('passage_2.fait_le', 'passage_2.fait_le', 'passage_2.échu_le'))}{condition}",
            f"comptée {counting}", f"quota indicatif {quota}" if self.often(0.8) else "",
            rng.choice(("sans report", "sans report", self.mark("carried over", "report de 2 jours au plus"))) if self.often(0.5) else "",
            f"= {rng.choice((self.formulas.literal('jour'), '12 jours', '4,5 jours', self.formulas.amount('jour', NOWHERE, 1)))}",
        ]  # fmt: skip
        self.put(f'enveloppe {name} "{name}"', *clauses)
        self.world.allowances.append((name, "passage_2"))
        self.mark(f"allowance counted {counting}")

    def refusal(self) -> None:
        rng, name = self.rng, self.name("refus")
        held = rng.sample(self.world.offers, rng.randint(1, min(2, len(self.world.offers)))) if self.often(0.7) else []
        if self.world.group and self.often(0.3):  # what is asked of each offer held
            held = rng.sample(self.world.group, rng.randint(1, min(2, len(self.world.group))))
        scope = MEMBERS | {OFFER} if held and held[0] in self.world.group else MEMBERS
        clauses = [f"pour {' ou '.join(held)}" if held else "", f"si {self.formulas.yes(scope, 1)}"]
        if self.often(0.3):
            self.put(f'alerte {name} "{name}"', *clauses, 'avertir "attention"')
            return
        clauses += [rng.choice(('à décider "à voir"', "interdit")), rng.choice(("", "", "à l’adhésion", "à la sortie"))]
        self.put(f'refus {name} "{name}"', *clauses)
        self.mark("refus")


def make_rules(rng: random.Random, *, plain: bool = False) -> Rules:
    """Return a random convention."""
    return Convention(rng, plain=plain).make()
