"""What an `adhésion` block must not say: unknown offers, two blocks for one offer, dates and durations that contradict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from communis.tariff.calendar import french_date
from communis.tariff.language import rules as r
from communis.tariff.language.problems import Place, Severity, nearest
from communis.tariff.wording import duration_text

Found: TypeAlias = tuple[str, str, str, Place, Severity]  # code, message, remedy, place, severity
EXIT_RULES = {"de_date_à_date": "to_date", "fin_de_période": "period_end"}  # the readings of « sortie selon … »
EARLY_EXITS = ("sans_frais", "décision")  # those of « sortie anticipée selon … »


def membership_remarks(book: r.Rulebook) -> Iterator[Found]:
    """Yield what is wrong or worth a remark in the `adhésion` blocks of a convention."""
    taken: dict[str, r.Membership] = {}
    for rule in book.memberships:
        yield from _offers(book, rule)
        yield from _taken_twice(rule, taken)
        yield from _dates(rule)
        yield from _durations(rule)
        yield from _notice(book, rule)


def exit_rule_in_force(book: r.Rulebook, rule: r.Membership) -> str:
    """Return `to_date` or `period_end` as the block or the reading retained says, or nothing."""
    if rule.exit_by is None or rule.exit_by not in book.interpretations:
        return rule.exit_rule
    return EXIT_RULES.get(book.interpretations[rule.exit_by].retained or "", "")


def _offers(book: r.Rulebook, rule: r.Membership) -> Iterator[Found]:
    for name in dict.fromkeys((*rule.offers, *rule.free_offers)):
        if name not in book.offers:
            close = nearest(name, book.offers)
            remedy = f"La plus proche : {close}." if close else "Déclarez-la."
            yield "NOM-01", f"« {name} » n’est pas une offre.", remedy, rule.place, Severity.ERROR


def _taken_twice(rule: r.Membership, taken: dict[str, r.Membership]) -> Iterator[Found]:
    for name in rule.offers or ("",):
        if name in taken and taken[name] is not rule:
            whose = f"de l’offre {name}" if name else "de toutes les offres"
            yield (
                "ADH-05", f"La durée {whose} est déjà dite ligne {taken[name].place.line}.",
                "Un seul bloc « adhésion » par offre, et un seul sans « pour ».", rule.place, Severity.ERROR,
            )  # fmt: skip
        taken.setdefault(name, rule)


def _dates(rule: r.Membership) -> Iterator[Found]:
    if rule.term is None:
        return
    if rule.effect_on is not None and rule.effect_on > rule.term:
        yield (
            "ADH-06", f"L’adhésion prend effet le {french_date(rule.effect_on)}, après son terme du {french_date(rule.term)}.",
            "Corrigez l’une des deux dates.", rule.place, Severity.ERROR,
        )  # fmt: skip
    if rule.duration_months or not rule.renewal_months:
        for day in rule.free_exits:
            if day > rule.term:
                yield (
                    "ADH-06", f"La sortie sans frais du {french_date(day)} vient après le terme du {french_date(rule.term)}.",
                    "Corrigez l’une des deux dates.", rule.place, Severity.ERROR,
                )  # fmt: skip


def _durations(rule: r.Membership) -> Iterator[Found]:
    if rule.maximum_months is None:
        return
    left = rule.maximum_months - rule.duration_months
    if left < 0:
        yield (
            "ADH-07", f"L’adhésion dure {duration_text(rule.duration_months)}, au-delà de son maximum de "
            f"{duration_text(rule.maximum_months)}.", "Corrigez la durée ou le maximum.", rule.place, Severity.ERROR,
        )  # fmt: skip
    elif not rule.renewal_months and not rule.express:
        yield (
            "ADH-08", "L’adhésion a un maximum et rien ne la reconduit : elle finit à sa durée.",
            "Ajoutez « reconduction tacite de 1 an » ou « reconduction expresse », ou retirez le maximum.",
            rule.place, Severity.REMARK,
        )  # fmt: skip
    elif rule.duration_months and rule.renewal_months and left % rule.renewal_months:
        yield (
            "ADH-08", f"La dernière période ne dure que {duration_text(left % rule.renewal_months)} : le maximum la coupe.",
            "C’est peut-être voulu ; sinon, corrigez le maximum.", rule.place, Severity.REMARK,
        )  # fmt: skip


def _notice(book: r.Rulebook, rule: r.Membership) -> Iterator[Found]:
    if rule.notice_months is None:
        if rule.exit_rule or rule.exit_by:
            yield (
                "ADH-09", "L’adhésion dit quand l’on sort et ne dit rien du préavis.",
                "Ajoutez « préavis de 12 mois à compter de la réception » ou « sans préavis ».", rule.place, Severity.REMARK,
            )  # fmt: skip
        return
    if not rule.exit_rule and not rule.exit_by:
        yield (
            "ADH-09", "L’adhésion ne dit pas si le préavis court de date à date ou jusqu’à la fin de la période.",
            "De date à date, sauf « sortie à la fin de la période ».", rule.place, Severity.REMARK,
        )  # fmt: skip
    elif rule.renewal_months and exit_rule_in_force(book, rule) == "period_end" and rule.notice_months >= rule.renewal_months:
        yield (
            "ADH-10", f"Le préavis de {duration_text(rule.notice_months)} couvre toute une période : pour en sortir à la fin, "
            "la lettre doit arriver avant qu’elle commence.",
            "C’est peut-être voulu ; sinon, écrivez « sortie de date à date ».", rule.place, Severity.REMARK,
        )  # fmt: skip
