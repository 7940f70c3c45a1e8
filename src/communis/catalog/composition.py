"""What offers include, exclude and require, asked of the convention; a choice that its words do not allow is told so.

The tree of the catalogue only names offers: no rule of composition is kept in it (CAT-02 to CAT-05, CAT-12, CAT-14, CAT-22).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from communis.catalog.models import Entry
from communis.catalog.tree import Node, Tree
from communis.kit.refusals import Refusal
from communis.tariff import Convention, Tables, tables_of
from communis.tariff.language.rules import Offer
from communis.tariff.meaning.tree import Node as Formula
from communis.tariff.membership.blocks import Refused
from communis.tariff.membership.refusals import refusals_at_entry
from communis.tariff.tables.records import Chosen
from communis.tariff.wording import articles_text, listed, readable


@dataclass(frozen=True, slots=True)
class Composed:
    """An offer with its rules of composition; other offers are given by their labels."""

    offer: str
    label: str
    article: str
    words: tuple[str, ...]
    includes: tuple[str, ...]
    requires: tuple[str, ...]
    excludes: tuple[str, ...]
    group: str
    conditions: tuple[str, ...]

    @property
    def is_free(self) -> bool:
        """Tell whether it is taken alone, without a rule on any other."""
        return not (self.includes or self.requires or self.excludes or self.conditions)


def label_of(convention: Convention | None, offer: str) -> str:
    """Return the name of an offer as its convention gives it."""
    rule = convention.model.book.offers.get(offer) if convention is not None else None
    return (rule.label if rule else "") or readable(offer)


def articles_of(convention: Convention, offer: str) -> tuple[str, ...]:
    """Return the articles that an offer bears, or those of its group."""
    book = convention.model.book
    rule: Offer | None = book.offers.get(offer)
    while rule is not None and not rule.margin.articles:
        rule = book.offers.get(rule.group) if rule.group else None
    return rule.margin.articles if rule is not None else ()


def words_of(convention: Convention, offer: str) -> tuple[str, ...]:
    """Return the words quoted from the articles of an offer."""
    found = [convention.model.book.article(reference) for reference in articles_of(convention, offer)]
    return tuple(word for article in found if article is not None for word in article.words)


def composition_of(convention: Convention) -> list[Composed]:
    """Return the offers of a convention in its order, each with what it includes, requires and excludes (CAT-02)."""
    book = convention.model.book
    return [composed(convention, book.offers[name]) for name in book.offers_in("")]


def composed(convention: Convention, rule: Offer) -> Composed:
    book = convention.model.book

    def labels(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(label_of(convention, name) for name in names)

    excluded = {*rule.excludes, *(o.name for o in book.offers.values() if rule.name in o.excludes)}
    return Composed(
        rule.name, label_of(convention, rule.name), articles_text(articles_of(convention, rule.name)),
        words_of(convention, rule.name), labels(name for name in book.included(rule.name) if name != rule.name),
        labels(rule.requires), labels(name for name in book.offers if name in excluded),
        label_of(convention, rule.group) if rule.group else "", tuple(conditions_of(convention, rule)),
    )  # fmt: skip


def conditions_of(convention: Convention, rule: Offer) -> Iterator[str]:
    """Yield in words who may take an offer, and when."""
    reserved = convention.model.reserved.get(rule.name)
    if reserved is not None:
        yield f"réservée {reserved_words(convention, reserved)}"
    if rule.always:
        yield "toujours tenue"
    if rule.announced:
        yield "annoncée, pas encore proposée"
    if rule.opened is not None:
        yield f"proposée à compter du {rule.opened:%d/%m/%Y}"
    if rule.closed is not None:
        yield f"fermée le {rule.closed:%d/%m/%Y}"
    group = convention.model.book.offers.get(rule.group) if rule.group else None
    if group is not None and group.one_of:
        yield f"une seule parmi « {label_of(convention, group.name)} »"


def reserved_words(convention: Convention, formula: Formula) -> str:
    """Say the condition of an offer by the facts it reads: « si non commune avec DSI »."""
    facts = convention.model.book.facts
    if formula.op == "not":
        return f"si non : {reserved_words(convention, formula.args[0]).removeprefix('si ')}"
    named = [facts[name].label or name for name in names_in(formula) if name in facts]
    return f"si {listed(named)}" if named else "selon la convention"


def names_in(formula: Formula) -> Iterator[str]:
    """Yield the names that a formula reads."""
    data = formula.data if isinstance(formula.data, tuple) else (formula.data,)
    yield from (one for one in data if isinstance(one, str))
    for part in formula.args:
        yield from names_in(part)


# ------------------------------------------------------------ a choice


def why_not_alone(convention: Convention, node: Node) -> str:
    """Say why an entry is not chosen alone; "" when the convention offers it for itself (CAT-03)."""
    whole = node.offered
    if whole is not None and whole.pk == node.entry.pk:
        return ""
    if node.entry.is_announced:
        return f"« {node.entry} » est annoncé : il n’est pas encore proposé."
    if whole is None:
        parts = [label_of(convention, name) for name in convention.model.book.offers_in("")]
        return f"« {node.entry} » n’est pas une offre de la convention. Choisissez parmi : {', '.join(parts)}."
    articles = articles_text(articles_of(convention, whole.offer))
    words = " ".join(f"« {word} »" for word in words_of(convention, whole.offer))
    because = f" ({articles} : {words})" if words else f" ({articles})" if articles else ""
    return (
        f"« {node.entry} » ne se choisit pas seul : il fait partie de « {whole.label} », "
        f"qui se prend en entier{because}. Choisissez « {whole.label} »."
    )


def offers_chosen(convention: Convention, tree: Tree, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the offers that a choice of entries stands for. Raises Refusal with the words of the article (CAT-03, CAT-12)."""
    found = []
    for entry in entries:
        why = why_not_alone(convention, tree.node(entry)) or announced(entry)
        if why:
            raise Refusal(why)
        found.append(entry.offer)
    return tuple(dict.fromkeys(found))


def announced(entry: Entry) -> str:
    """Say that an entry is only announced (CAT-23)."""
    return f"« {entry} » est annoncé : il se voit, mais ne se commande pas encore." if entry.is_announced else ""


@dataclass(frozen=True, slots=True)
class Objected:
    """What stands against one offer of a choice."""

    offer: str
    sentence: str
    article: str
    certain: bool


def objections_to(
    convention: Convention, offers: Sequence[str], on: date, *, tables: Tables | None = None, member: int = 0
) -> list[Objected]:
    """Return what the rules of composition say against offers taken together on a day, asked of the engine (CAT-05, CAT-14).

    Without tables, the member is any commune, of which no fact is known: a rule that rests on one is told as not checked.
    """
    known = tables if tables is not None else any_commune(convention)
    book = convention.model.book
    found = []
    for offer in (one for one in offers if not book.offers[one].always):
        others = [Chosen(member, one, on, None, "essai", {}) for one in offers if one != offer]
        supposed = Tables(known.members, others, known.facts, known.registers, known.issued, known.decisions)
        try:
            told = refusals_at_entry(convention, supposed, member, offer, on)
        except Refused as refused:
            found.append(Objected(offer, refused.reason.text, articles_text(refused.reason.articles), certain=True))
            continue
        for one in (one for one in told if one.rule in book.offers):
            said = " ; ".join(reason.text for reason in one.reasons) if one.certain else str(one)
            found.append(Objected(offer, said, one.article, one.certain))
    return list({one.sentence: one for one in found}.values())


def any_commune(convention: Convention) -> Tables:
    """Return the tables of one commune of which nothing is known."""
    return tables_of(convention.model, {"membres": [{"membre": "Commune", "siren": "", "type": "commune"}]})
