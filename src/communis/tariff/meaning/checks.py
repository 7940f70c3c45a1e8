"""What a convention must say to be publishable: bands without holes, bearers, articles, populations, examples reproduced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from communis.tariff.calendar import french_date
from communis.tariff.language import rules as r
from communis.tariff.language.problems import Place, Problem, Severity, nearest
from communis.tariff.language.source import place_of
from communis.tariff.language.syntax import Margin
from communis.tariff.meaning.membership_checks import EARLY_EXITS, EXIT_RULES, membership_remarks
from communis.tariff.meaning.model import Meaning
from communis.tariff.meaning.tree import Interval, NamesClass, Node, Type, TypedPeriod, TypedScale
from communis.tariff.wording import listed, value_text

_APPROXIMATE = re.compile(
    r"\b(environ|approximativement|à peu près|de l[’']ordre de|plus ou moins|aux alentours de)\b", re.IGNORECASE
)
_MEASURED = ("€", "jour", "mois", "heure", "ETP", "Go")
_WORDS = {
    "facts": "fait",
    "registers": "registre",
    "offers": "offre",
    "parameters": "paramètre",
    "scales": "barème",
    "keys": "clé",
    "quantities": "grandeur",
    "lines": "ligne",
    "credits": "crédit",
    "limits": "limite",
    "allowances": "enveloppe",
    "refusals": "refus",
    "interpretations": "interprétation",
}


def check(meaning: Meaning) -> None:
    """Add to the problems of a file everything these checks find."""
    Checks(meaning).run()


class Checks:
    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.model = meaning.model
        self.book = meaning.book
        self.places: dict[tuple[int, int], dict[Any, Place]] = {}

    def tell(self, code: str, message: str, remedy: str, place: Place, severity: Severity = Severity.ERROR) -> None:
        source = self.meaning.source
        self.meaning.problems.append(Problem(code, message, remedy, place, source.name, source.words_at(place), severity))

    def run(self) -> None:
        self.header()
        self.articles()
        self.populations()
        self.offers()
        for name, scale in self.model.scales.items():
            self.scale(self.book.scales[name], scale)
        for rule in self.book.parameters.values():
            self.parameter(rule)
        self.limits()
        self.reading_words()
        self.noted()
        self.interpretations()
        self.approximate_words()

    # ------------------------------------------------------------ header, articles

    def header(self) -> None:
        header = self.book.header
        if not header.title:
            return
        asked = (
            (header.host, "FOR-07", "La convention ne nomme pas son gestionnaire.", 'Ajoutez : gestionnaire "…"'),
            (header.version, "FOR-07", "La convention ne dit pas sa version ni sa date.", 'Ajoutez : version "1" du 01/01/2024'),
            (
                header.rounding,
                "ARR-01",
                "La convention ne dit pas comment elle arrondit.",
                "Ajoutez : arrondi au centime le plus proche",
            ),
        )
        for said, code, message, remedy in asked:
            if not said:
                self.tell(code, message, remedy, header.place)
        year = self.model.calendar.period(2024)
        last = (year.last.day, year.last.month)
        if (header.year_last.day, header.year_last.month) != last and (header.year_last.day, header.year_last.month) != (29, 2):
            self.tell(
                "FOR-08",
                "L’exercice ne dure pas un an.",
                f"Il commence le {header.year_first.day}/{header.year_first.month} : il finit le {last[0]}/{last[1]}.",
                header.place,
            )
        if header.first and header.last and header.last < header.first:
            self.tell("FOR-08", "La version finit avant de commencer.", "Corrigez l’une des deux dates.", header.place)
        if not self._said(header, "taxe"):
            self.tell(
                "TAX-01", "La convention ne dit pas si ses montants sont hors taxe.", "Ajoutez : taxe hors taxe", header.place
            )
        if any(_has(node, "share") for node in self.formulas()) and not self._said(header, "restes"):
            self.tell("RES-01", "Des montants sont répartis, et rien ne dit à qui vont les centimes qui restent.",
                      "Ajoutez : restes au plus fort puis par siren", header.place)  # fmt: skip

    def _said(self, header: r.Header, word: str) -> bool:
        """Tell whether the header block has a line that starts with a word."""
        block = next((b for b in self.meaning.source.blocks if b.head.place.line == header.place.line), None)
        return block is not None and any(str(t) == word for line in block.lines for t in line.tokens)

    def formulas(self) -> Iterator[Node]:
        for rule in self.model.rules.values():
            if rule.formula is not None:
                yield rule.formula

    def articles(self) -> None:
        """Every rule names its article, and the article is declared (language.md 2.5)."""
        for collection, word in _WORDS.items():
            for rule in getattr(self.book, collection).values():
                if not rule.margin.articles and not (isinstance(rule, r.Offer) and rule.group in self.book.offers):
                    self.tell(
                        "ART-01",
                        f"« {word} {rule.name} » ne cite aucun article.",
                        "Ajoutez à droite : article 7.1, ou passage … si le texte n’a pas de numéros.",
                        rule.place,
                    )
                self.margin(rule.margin, rule.place)
        for membership in self.book.memberships:
            if not membership.margin.articles:
                self.tell(
                    "ART-01", "« adhésion » ne cite aucun article.", "Ajoutez à droite l’article de la durée.", membership.place
                )
            self.margin(membership.margin, membership.place)
        for found in membership_remarks(self.book):
            self.tell(*found)
        for example in self.book.examples:
            self.margin(example.margin, example.place)
        for section_margin, place in self.inner_margins():
            self.margin(section_margin, place)

    def inner_margins(self) -> Iterator[tuple[Margin, Place]]:
        for scale in self.book.scales.values():
            for period in scale.periods:
                for row in period.rows:
                    yield row.cell.margin, row.place
        for line in self.book.lines.values():
            for _, margin in line.exempt:
                yield margin, line.place

    def margin(self, margin: Margin, place: Place) -> None:
        for reference in margin.articles:
            if self.book.article(reference) is None:
                close = nearest(reference, self.book.articles)
                self.tell(
                    "NOM-03",
                    f"« {reference} » n’est pas déclaré parmi les articles et passages.",
                    f"Le plus proche : {close}."
                    if close
                    else f'Déclarez-le : {"" if reference.startswith("passage") else "article "}{reference} "titre"',
                    place,
                )
        for name in margin.interpretations:
            self.meaning.used.add(name)
            if name not in self.book.interpretations:
                close = nearest(name, self.book.interpretations)
                self.tell(
                    "NOM-03",
                    f"L’interprétation {name} n’est pas déclarée.",
                    f"La plus proche : {close}." if close else f'Déclarez-la : interprétation {name} "…"',
                    place,
                )

    def noted(self) -> None:
        """Count as used every interpretation named between brackets, wherever it stands."""
        for block in self.meaning.source.blocks:
            for line in (block.head, *block.lines):
                for token in line.tokens:
                    if token.type == "NOTE":
                        names = tuple(name.strip() for name in str(token)[1:-1].replace(";", ",").split(","))
                        self.margin(Margin((), names), place_of(token))

    # ------------------------------------------------------------ facts, offers, prices

    def populations(self) -> None:
        for fact in self.book.facts.values():
            counts_people = self.model.units.base(fact.type.unit) == "hab" if fact.type.kind == "unit" else False
            if counts_people and fact.population is None and fact.population_by is None:
                self.tell(
                    "POP-01",
                    f"« {fact.name} » ne dit pas quelle population.",
                    "Ajoutez : population totale, municipale, dgf, ou selon AMB-…",
                    fact.place,
                )
            if fact.population_by is not None:
                self.meaning.used.add(fact.population_by)
                rule = self.book.interpretations.get(fact.population_by)
                if rule is None:
                    self.tell("NOM-03", f"L’interprétation {fact.population_by} n’est pas déclarée.", "Déclarez-la.", fact.place)
                    continue
                for reading in rule.readings:
                    if reading.replace("_", " ") not in ("totale", "municipale", "dgf", "comptée à part", "déclarée"):
                        self.tell(
                            "POP-02",
                            f"« {reading} » n’est pas une population.",
                            "totale, municipale, dgf, comptée_à_part ou déclarée.",
                            rule.place,
                        )
                self.meaning.told_apart.setdefault(fact.population_by, set()).update(rule.readings)
            if fact.default is not None and fact.type.kind == "unit":
                self.tell(
                    "FAI-01",
                    f"« {fact.name} » est un nombre : il n’a pas de valeur par défaut.",
                    "Un nombre qui manque manque : retirez « à défaut ».",
                    fact.place,
                )

    def offers(self) -> None:
        for name, offer in self.book.offers.items():
            for other in (*offer.includes, *offer.requires, *offer.excludes, *((offer.group,) if offer.group else ())):
                if other not in self.book.offers:
                    close = nearest(other, self.book.offers)
                    self.tell(
                        "NOM-01",
                        f"« {other} » n’est pas une offre.",
                        f"La plus proche : {close}." if close else "Déclarez-la.",
                        offer.place,
                    )
            if name in self.inclusions(name):
                self.tell("CYC-02", f"L’offre {name} se comprend elle-même.", "Retirez l’une des inclusions.", offer.place)
            if offer.opened and offer.closed and offer.closed <= offer.opened:
                self.tell("FOR-08", f"L’offre {name} ferme avant d’ouvrir.", "Corrigez l’une des deux dates.", offer.place)

    def inclusions(self, name: str) -> set[str]:
        found: set[str] = set()
        pending = list(self.book.offers[name].includes)
        while pending:
            other = pending.pop()
            if other not in found and other in self.book.offers:
                found.add(other)
                pending.extend(self.book.offers[other].includes)
        return found

    def parameter(self, rule: r.Parameter) -> None:
        if rule.to_supply is not None and not rule.values:
            self.tell(
                "FOU-01",
                f"« {rule.label or rule.name} » est à fournir : {rule.to_supply}.",
                "Écrivez sa valeur, avec l’acte qui la fixe.",
                rule.place,
                Severity.OBSTACLE,
            )
        ordered = sorted(rule.values, key=lambda v: v.first or date.min)
        for before, after in pairwise(ordered):
            if before.first == after.first:
                self.tell("PER-01", f"Deux valeurs de {rule.name} commencent le même jour.", "Gardez-en une.", after.place)
            elif before.last is not None and after.first is not None and before.last >= after.first:
                self.tell(
                    "PER-01",
                    f"Deux valeurs de {rule.name} se recouvrent à partir du {french_date(after.first)}.",
                    "Corrigez « jusqu’au ».",
                    after.place,
                )
        for value in rule.values:
            if value.first and value.last and value.last < value.first:
                self.tell("PER-01", "Cette valeur finit avant de commencer.", "Corrigez l’une des deux dates.", value.place)

    # ------------------------------------------------------------ scales

    def scale(self, rule: r.Scale, scale: TypedScale) -> None:
        firsts = [p.first for p in scale.periods]
        if len(set(firsts)) < len(firsts):
            self.tell("PER-01", f"Deux périodes du barème {rule.name} commencent le même jour.", "Gardez-en une.", rule.place)
        for period in scale.periods:
            if not period.rows:  # told when it is read
                continue
            for dimension, driver in enumerate(scale.drivers):
                classes = list(dict.fromkeys(row.classes[dimension] for row in period.rows))
                if driver.type.kind == "number":
                    self.intervals(rule, scale, period, dimension, [c for c in classes if isinstance(c, Interval)], driver)
                else:
                    self.names(rule, period, dimension, driver)
            self.supplied(rule, period)
            if not scale.progressive and len(scale.drivers) == 1:
                self.inversions(rule, scale, period)

    def place_of(self, period: TypedPeriod, dimension: int, klass: Any) -> Place:
        key = (id(period), dimension)
        if key not in self.places:
            self.places[key] = {row.classes[dimension]: row.place for row in reversed(period.rows)}
        return self.places[key][klass]

    def intervals(
        self, rule: r.Scale, scale: TypedScale, period: TypedPeriod, dimension: int, classes: list[Interval], driver: Node
    ) -> None:
        """Tell the holes and the overlaps of a scale, ends included (TAR-04)."""
        whole = self.counted_whole(driver.type)
        ordered = sorted(classes, key=lambda c: (c.low is not None, c.low or 0, not c.low_closed))
        if len(scale.drivers) == 1 and len(ordered) < len(period.rows):
            seen: dict[Any, Place] = {}
            for row in period.rows:
                if row.classes[0] in seen:
                    self.tell("BAR-01", "Cette classe est écrite deux fois.", "Gardez l’une des deux lignes.", row.place)
                seen[row.classes[0]] = row.place
        first = ordered[0]
        if (
            first.low is not None
            and not (scale.progressive and first.low == 0)
            and not (whole and first.low <= (1 if driver.op != "fact" else 0) and first.low_closed)
        ):
            self.hole(rule, None, first, driver, self.place_of(period, dimension, first))
        for before, after in pairwise(ordered):
            self.neighbours(
                rule,
                before,
                after,
                driver,
                whole,
                (self.place_of(period, dimension, before), self.place_of(period, dimension, after)),
            )
        last = ordered[-1]
        if last.high is not None and all(c.high is not None for c in ordered):
            self.hole(rule, last, None, driver, self.place_of(period, dimension, last))

    def neighbours(
        self, rule: r.Scale, before: Interval, after: Interval, driver: Node, whole: bool, places: tuple[Place, Place]
    ) -> None:
        if (
            before.high is None
            or (after.low is None)
            or after.low < before.high
            or (after.low == before.high and after.low_closed and before.high_closed)
        ):
            at = after.low if after.low is not None else before.high or Fraction(0)
            lines = f"l. {places[0].line} et {places[1].line}"
            self.tell(
                "BAR-01",
                f"Deux classes du barème {rule.name} donnent chacune une valeur à {value_text(at, driver.type)} ({lines}).",
                "Corrigez une borne.",
                places[1],
            )
            return
        touching = after.low == before.high and (after.low_closed or before.high_closed)
        step = driver.type.factor
        counted = whole and before.high_closed and after.low_closed and after.low == before.high + step
        if not touching and not counted:
            self.hole(rule, before, after, driver, places[0])

    def hole(self, rule: r.Scale, before: Interval | None, after: Interval | None, driver: Node, place: Place) -> None:
        if before is None and after is not None:
            where = f"au-dessous de {value_text(after.low, driver.type)}"
        elif after is None and before is not None:
            where = f"au-dessus de {value_text(before.high, driver.type)}"
        else:
            assert before is not None and after is not None
            where = f"de {value_text(before.high, driver.type)} à {value_text(after.low, driver.type)}"
        self.tell(
            "BAR-02",
            f"Aucune classe du barème {rule.name} ne dit la valeur {where}. Un de plus ou de moins ne doit "
            "jamais faire perdre son prix à un membre.",
            'Corrigez une borne, ou ajoutez une classe « … : à décider "motif" ».',
            place,
        )

    @staticmethod
    def counted_whole(kind: Type) -> bool:
        """Tell whether a quantity is counted by whole units: a rank, inhabitants, licences; not euros nor days."""
        return not kind.dimensions or (
            len(kind.dimensions) == 1 and kind.dimensions[0][0] not in _MEASURED and kind.dimensions[0][1] == 1
        )

    def names(self, rule: r.Scale, period: TypedPeriod, dimension: int, driver: Node) -> None:
        known = ("oui", "non") if driver.type.kind == "yes_no" else driver.type.names
        covered: set[str] = set()
        for row in period.rows:
            klass = row.classes[dimension]
            if isinstance(klass, NamesClass):
                covered |= klass.names or set(known)
        missing = [name for name in known if name not in covered]
        if missing:
            self.tell(
                "BAR-03",
                f"Le barème {rule.name} ne dit rien pour {listed(missing[:6])}{' …' if len(missing) > 6 else ''}.",
                'Ajoutez une classe, ou « autres : à décider "motif" ».',
                rule.place,
            )

    def supplied(self, rule: r.Scale, period: TypedPeriod) -> None:
        missing = [row.text for row in period.rows if row.cell.kind == "supply"]
        if missing:
            self.tell(
                "FOU-01",
                f"Le barème {rule.name} attend des prix à fournir : {listed(missing[:4])}{' …' if len(missing) > 4 else ''}.",
                "Écrivez-les, avec l’acte qui les fixe.",
                rule.place,
                Severity.OBSTACLE,
            )

    def inversions(self, rule: r.Scale, scale: TypedScale, period: TypedPeriod) -> None:
        """Remark a price that falls when the quantity rises (primitive 10): said, never corrected."""
        rows = [row for row in period.rows if isinstance(row.classes[0], Interval) and row.cell.kind == "amount"]
        rows.sort(key=lambda row: _lowest(row.classes[0]))
        if len(scale.type.dimensions) < 2:
            return
        for before, after in pairwise(rows):
            if after.cell.value < before.cell.value:
                self.tell(
                    "BAR-04",
                    f"Barème {rule.name} : le prix de toutes les unités baisse en passant à « {after.text} » ; un "
                    "peu plus peut coûter moins.",
                    "C’est peut-être voulu ; sinon, « barème progressif » paie chaque tranche à son prix.",
                    after.place,
                    Severity.REMARK,
                )

    # ------------------------------------------------------------ limits, interpretations, words

    def limits(self) -> None:
        for limit in self.book.limits.values():
            if limit.at_most is not None and not limit.excess and not limit.on_total:
                self.tell(
                    "POR-01",
                    f"« {limit.name} » coupe un excédent que personne ne porte.",
                    "Ajoutez « excédent supporté par le gestionnaire » ou « par les autres membres selon … ».",
                    limit.place,
                )
            if limit.at_least is not None and not limit.shortfall and not limit.on_total:
                self.tell(
                    "POR-01",
                    f"« {limit.name} » ajoute un manque dont personne ne profite ni ne répond.",
                    "Ajoutez « manque supporté par le gestionnaire ».",
                    limit.place,
                )
            if limit.on_total and not limit.in_proportion:
                self.tell(
                    "POR-02",
                    f"« {limit.name} » porte sur le total et ne dit pas comment chaque membre est réduit.",
                    "Ajoutez « réduit à proportion ».",
                    limit.place,
                )
            sections = {self.book.lines[n].section for n in limit.lines if n in self.book.lines}
            if len(sections) > 1:
                self.tell(
                    "POR-03", f"« {limit.name} » mêle des lignes de sections différentes.", "Une limite par section.", limit.place
                )

    def interpretations(self) -> None:
        for name, rule in self.book.interpretations.items():
            if rule.retained is None:
                self.tell(
                    "TRA-01",
                    f"{name} est à trancher : {rule.label or rule.open_reason}",
                    f"Écrivez « retenu {next(iter(rule.readings), '…')} », avec l’acte qui tranche.",
                    rule.place,
                    Severity.OBSTACLE,
                )
            if name not in self.meaning.used:
                self.tell(
                    "INT-02",
                    f"L’interprétation {name} ne sert à aucune règle.",
                    f"Citez-la là où elle compte : [{name}].",
                    rule.place,
                    Severity.REMARK,
                )
            told = self.meaning.told_apart.get(name)
            if told is not None and len(rule.readings) > 1:
                silent = [reading for reading in rule.readings if reading not in told]
                if len(silent) > 1:
                    self.tell(
                        "INT-03",
                        f"{name} : aucune règle ne distingue {listed(silent)}.",
                        "Écrivez le cas de chacune, ou retirez-en.",
                        rule.place,
                        Severity.REMARK,
                    )

    def reading_words(self) -> None:
        """Closed words asked of an interpretation must be among its readings (prorata, régularisation, taxe…)."""
        asked: list[tuple[str, tuple[str, ...], Place]] = []
        header = self.book.header
        prorata = ("aucun", "en_mois_commencés", "en_mois_entiers", "en_jours", "en_jours_sur_360")
        if header.prorata.reading:
            asked.append((header.prorata.reading, prorata, header.place))
        if header.tax.reading:
            asked.append((header.tax.reading, ("hors_taxe", "hors_champ", "toutes_taxes_comprises", "avec_taxe"), header.place))
        for line in self.book.lines.values():
            if line.prorata is not None and line.prorata.reading:
                asked.append((line.prorata.reading, prorata, line.place))
            if line.ways_by:
                asked.append((line.ways_by, ("jamais", "dans_les_deux_sens", "à_la_hausse", "à_la_baisse"), line.place))
            if line.tax is not None and line.tax.reading:
                asked.append((line.tax.reading, ("hors_taxe", "hors_champ", "toutes_taxes_comprises", "avec_taxe"), line.place))
        for allowance in self.book.allowances.values():
            if allowance.counted_by:
                asked.append((allowance.counted_by, ("pour_l_ensemble", "par_classe", "par_membre"), allowance.place))
        for membership in self.book.memberships:
            if membership.exit_by:
                asked.append((membership.exit_by, tuple(EXIT_RULES), membership.place))
            if membership.early_exit_by:
                asked.append((membership.early_exit_by, EARLY_EXITS, membership.place))
        for name, words, place in asked:
            self.meaning.used.add(name)
            rule = self.book.interpretations.get(name)
            if rule is None:
                self.tell("NOM-03", f"L’interprétation {name} n’est pas déclarée.", "Déclarez-la.", place)
                continue
            self.meaning.told_apart.setdefault(name, set()).update(rule.readings)
            for reading in rule.readings:
                if reading not in words:
                    close = nearest(reading, words)
                    self.tell(
                        "INT-04",
                        f"{name} : « {reading} » n’est pas l’un des mots attendus ici.",
                        f"Le plus proche : {close}." if close else "On attend " + listed(list(words), "ou") + ".",
                        rule.place,
                    )

    def approximate_words(self) -> None:
        """No executable clause rests on « environ »: its label, its acts, the words it is to decide on."""
        for rule in (
            *self.book.parameters.values(),
            *self.book.lines.values(),
            *self.book.scales.values(),
            *self.book.quantities.values(),
        ):
            texts = [rule.label, *(v.act for v in getattr(rule, "values", ()))]
            found = next((m.group() for t in texts if (m := _APPROXIMATE.search(t))), None)
            if found:
                self.tell(
                    "APP-01",
                    f"« {rule.name} » dit « {found} » : un montant exact ne se calcule pas sur un mot approché.",
                    "Donnez le chiffre voté, ou citez le mot dans un passage seulement.",
                    rule.place,
                )
            for reference in rule.margin.articles:
                article = self.book.article(reference)
                words = article.words if article is not None else ()
                quoted = next((m.group() for w in words if (m := _APPROXIMATE.search(w))), None)
                if quoted:
                    self.tell(
                        "APP-02",
                        f"« {rule.name} » cite {reference}, dont les mots disent « {quoted} ».",
                        "Vérifiez que la règle ne se déduit pas de ce montant approché.",
                        rule.place,
                        Severity.REMARK,
                    )


def _lowest(klass: Interval | NamesClass) -> tuple[bool, Fraction]:
    """Return what orders classes of numbers, those without a low end first."""
    low = klass.low if isinstance(klass, Interval) else None
    return low is not None, low or Fraction(0)


def _has(node: Node, op: str) -> bool:
    return node.op == op or any(_has(arg, op) for arg in node.args)
