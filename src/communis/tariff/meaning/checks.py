"""What a convention must say to be publishable: bands without holes, bearers, articles, populations, examples reproduced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from communis.tariff.calendar import french_date
from communis.tariff.language import rules as r
from communis.tariff.language.problems import Place, Problem, Severity, nearest
from communis.tariff.language.source import noted_names, place_of
from communis.tariff.language.syntax import Margin
from communis.tariff.meaning.membership_checks import EARLY_EXITS, EXIT_RULES, membership_remarks
from communis.tariff.meaning.model import Meaning
from communis.tariff.meaning.reached import live_rows, reached
from communis.tariff.meaning.scale_checks import scale_problems
from communis.tariff.meaning.tree import Node, TypedScale
from communis.tariff.wording import listed

_APPROXIMATE = re.compile(
    r"\b(environ|approximativement|à peu près|de l[’']ordre de|plus ou moins|aux alentours de)\b", re.IGNORECASE
)
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
        self.reached = reached(meaning.model)

    def tell(self, code: str, message: str, remedy: str, place: Place, severity: Severity = Severity.ERROR) -> None:
        source = self.meaning.source
        self.meaning.problems.append(Problem(code, message, remedy, place, source.name, source.words_at(place), severity))

    def run(self) -> None:
        self.header()
        self.articles()
        self.populations()
        self.offers()
        for name, scale in self.model.scales.items():
            written = self.book.scales[name]
            for found in scale_problems(written, scale):
                if written.whole or found[0] not in ("BAR-02", "BAR-03"):
                    self.tell(*found)
            self.awaited_prices(name, scale)
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
            if not said and header.whole:
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
        if header.whole and not self._said(header, "taxe"):
            self.tell(
                "TAX-01", "La convention ne dit pas si ses montants sont hors taxe.", "Ajoutez : taxe hors taxe", header.place
            )
        if header.whole and any(_has(node, "share") for node in self.formulas()) and not self._said(header, "restes"):
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

    def noted(self) -> None:
        """Count as used every interpretation named between brackets, wherever it stands."""
        for block in self.meaning.source.blocks:
            for line in (block.head, *block.lines):
                for token in line.tokens:
                    if token.type == "NOTE":
                        self.noted_names(noted_names(str(token)), place_of(token))

    def noted_names(self, names: tuple[str, ...], place: Place) -> None:
        for name in names:
            self.meaning.used.add(name)
            if name not in self.book.interpretations:
                close = nearest(name, self.book.interpretations)
                self.tell(
                    "NOM-03",
                    f"L’interprétation {name} n’est pas déclarée.",
                    f"La plus proche : {close}." if close else f'Déclarez-la : interprétation {name} "…"',
                    place,
                )

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
                        f"La plus proche : {close}." if close else f'Déclarez-la, groupe ou offre : offre {other} "…".',
                        offer.place,
                    )
            if name in self.inclusions(name):
                self.tell("CYC-02", f"L’offre {name} se comprend elle-même.", "Retirez l’une des inclusions.", offer.place)
            if offer.opened and offer.closed and offer.closed <= offer.opened:
                self.tell("FOR-08", f"L’offre {name} ferme avant d’ouvrir.", "Corrigez l’une des deux dates.", offer.place)
            if offer.one_of and not self.book.is_group(name):
                self.tell(
                    "FOR-09",
                    f"« un seul choix » : {name} n’est pas un groupe d’offres.",
                    "Écrivez-le sous le groupe : offre groupe, puis offre A dans groupe.",
                    offer.place,
                )

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
            self.to_supply(
                rule,
                f"« {rule.label or rule.name} » est à fournir : {rule.to_supply}",
                "Écrivez sa valeur, avec l’acte qui la fixe.",
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

    def awaited_prices(self, name: str, scale: TypedScale) -> None:
        rule = self.book.scales[name]
        for period in scale.periods:
            missing = [row.text for row in live_rows(self.model, scale, period.rows) if row.cell.kind == "supply"]
            if missing:
                shown = f"{listed(missing[:4])}{' …' if len(missing) > 4 else ''}"
                self.to_supply(
                    rule, f"Le barème {name} attend des prix à fournir : {shown}", "Écrivez-les, avec l’acte qui les fixe."
                )

    def to_supply(self, rule: r.Rule, message: str, remedy: str) -> None:
        """Tell a price that the text leaves to supply: it prevents publishing only if an amount reads it."""
        if rule.name in self.reached:
            self.tell("FOU-01", f"{message}.", remedy, rule.place, Severity.OBSTACLE)
        else:
            self.tell(
                "FOU-01", f"{message}. Aucun montant ne le lit sous les lectures retenues.", remedy, rule.place, Severity.REMARK
            )

    # ------------------------------------------------------------ limits, interpretations, words

    def limits(self) -> None:
        for limit in filter(lambda limit: limit.whole, self.book.limits.values()):
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


def _has(node: Node, op: str) -> bool:
    return node.op == op or any(_has(arg, op) for arg in node.args)
