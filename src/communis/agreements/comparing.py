"""What differs between two versions of a convention, and the exposé that it makes (CAT-30).

Articles and clauses are told in words, the tariff rule by rule, the catalogue entry by entry, the tables of the ETP by brick.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from communis.agreements.enums import ChangeKind
from communis.agreements.models import AmendmentChange, Article, Version
from communis.agreements.reading import number_of, passages_of
from communis.agreements.worktables import TableChange, table_changes
from communis.catalog.comparing import Difference, contents_of
from communis.catalog.comparing import compared as catalogues_compared
from communis.catalog.conventions import read_once
from communis.catalog.models import Edition
from communis.directory.names import plain
from communis.kit.formats import capital
from communis.tariff import compare_versions
from communis.tariff.language.editing import with_version

QUOTED = re.compile('"([^"]+)"')
ADDED, REMOVED, CHANGED = "ajouté", "supprimé", "modifié"


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words of an article: kept, added or removed."""

    text: str
    look: str = ""  # "", ins, del


@dataclass(frozen=True, slots=True)
class ArticleDifference:
    """An article that two versions do not say alike: how, its number and title in the one that has it, its words."""

    kind: str
    number: str
    title: str
    words: tuple[Words, ...]
    before: str = ""  # the number or the title it had, when it changed


@dataclass(frozen=True, slots=True)
class ClauseDifference:
    """A part of a version beside its articles, which two versions do not say alike: its title, what happened, its words."""

    title: str
    kind: str
    words: tuple[Words, ...]
    is_feminine: bool

    @property
    def told(self) -> str:
        return f"{self.kind}{'e' if self.is_feminine else ''}"

    @property
    def sentence(self) -> str:
        article = "l’" if self.title.startswith("a") else "la " if self.is_feminine else "le "
        return f"{capital(article + self.title)} est {self.told}."


@dataclass(frozen=True, slots=True)
class Differences:
    """All that changes from a version to another."""

    articles: tuple[ArticleDifference, ...]
    tariff: tuple[Any, ...]
    catalogue: tuple[Difference, ...] = ()
    editions: tuple[int | None, int | None] = (None, None)
    clauses: tuple[ClauseDifference, ...] = ()
    tables: tuple[TableChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.articles or self.tariff or self.catalogue or self.clauses or self.tables)


def compared(old: Version, new: Version, reader: Any = None) -> Differences:
    """Return what changes from a version to the other: its articles, its tariff as the engine compares it, its catalogue.

    A reader is told of catalogues that it may see, and of no other; without one, of all (CAT-30).
    """
    before, after = (list(Article.objects.unscoped().filter(version=v).order_by("rank", "id")) for v in (old, new))
    changes = tariff_changes(old.tariff, new.tariff) if old.tariff and new.tariff else ()
    unnumbered = passages_of(old) | passages_of(new)
    return Differences(tuple(article_differences(before, after, unnumbered)), changes, catalogue_differences(old, new, reader),
                       (old.edition_id, new.edition_id), clause_differences(old, new), table_changes(old, new))  # fmt: skip


def clause_differences(old: Version, new: Version) -> tuple[ClauseDifference, ...]:
    """Return what differs beside the articles: the preamble, and all that is said of personal data (SEC-10)."""
    found = []
    for title, is_feminine, texts in (
        ("préambule", False, (old.preamble, new.preamble)),
        ("rôle du gestionnaire pour les données personnelles", False,
         tuple(str(one.get_data_role_display()) if one.data_role else "" for one in (old, new))),
        ("clause de traitement des données", True, (old.data_clause, new.data_clause)),
        ("annexe des mesures de sécurité", True, (old.data_measures, new.data_measures)),
    ):  # fmt: skip
        before, after = texts
        if before != after:
            kind = CHANGED if before and after else ADDED if after else REMOVED
            found.append(ClauseDifference(title, kind, words_between(before, after), is_feminine))
    return tuple(found)


def catalogue_differences(old: Version, new: Version, reader: Any = None) -> tuple[Difference, ...]:
    """Return what differs between the catalogues of two versions, nothing when one has none, or when it is the same."""
    if old.edition_id is None or new.edition_id is None or old.edition_id == new.edition_id:
        return ()
    rows = Edition.objects.visible_to(reader) if reader is not None else Edition.objects.unscoped()
    known = rows.in_bulk([old.edition_id, new.edition_id])
    if len(known) < 2:
        return ()
    return tuple(catalogues_compared(contents_of(known[old.edition_id]), contents_of(known[new.edition_id])))


@lru_cache(maxsize=64)
def tariff_changes(before: str, after: str) -> tuple[Any, ...]:
    """Return what changes from a tariff to another, reckoned once for two texts; the name of its own version is no change."""
    said = renamed(after, read_once(before).model.book.header.version)
    return () if before == said else tuple(compare_versions(read_once(before), read_once(said)))


def renamed(text: str, label: str) -> str:
    """Return a tariff whose header names its version so, its day left as it is; the text itself when it cannot be said there."""
    header = read_once(text).model.book.header
    if header.first is None or header.last is not None or label in ("", header.version):
        return text
    try:
        return with_version(text, label.replace('"', "”"), header.first)
    except ValueError:
        return text


def article_differences(
    before: Sequence[Article], after: Sequence[Article], unnumbered: frozenset[str] = frozenset()
) -> list[ArticleDifference]:
    """Pair the articles of two versions by number and title, then those left by their order; tell each pair that differs.

    `unnumbered` are the names by which a tariff cites what is no article: they are no numbers.
    """
    found: list[ArticleDifference] = []

    def shown(one: Article) -> str:
        return number_of(one, unnumbered)

    pairs = paired(before, after)
    old_of = {new.pk: old for old, new in pairs}
    for one in after:
        old = old_of.get(one.pk)
        if old is None:
            found.append(ArticleDifference(ADDED, shown(one), one.title, (Words(one.text, "ins"),)))
        elif (old.number, old.title, old.text) != (one.number, one.title, one.text):
            said = "" if (old.number, old.title) == (one.number, one.title) else f"{shown(old)} {old.title}".strip()
            found.append(ArticleDifference(CHANGED, shown(one), one.title, words_between(old.text, one.text), said))
    kept = {old.pk for old, _ in pairs}
    gone = [one for one in before if one.pk not in kept]
    return found + [ArticleDifference(REMOVED, shown(one), one.title, (Words(one.text, "del"),)) for one in gone]


def paired(before: Sequence[Article], after: Sequence[Article]) -> list[tuple[Article, Article]]:
    """Return the articles that are the same one in two versions. A number that repeats is paired in its order."""
    pairs: list[tuple[Article, Article]] = []
    left, right = list(before), list(after)
    for key in (lambda a: (a.number, a.title), lambda a: (a.number,), lambda a: (a.title,), lambda a: (a.text,)):
        for one in list(right):
            if not any(key(one)):
                continue
            match = next((old for old in left if key(old) == key(one)), None)
            if match is not None:
                pairs.append((match, one))
                left.remove(match)
                right.remove(one)
    return pairs


def words_between(before: str, after: str) -> tuple[Words, ...]:
    """Return the words of two texts, those kept, those removed and those added, in order."""
    old, new = split(before), split(after)
    found: list[Words] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Words("".join(old[i1:i2])))
            continue
        if i2 > i1:
            found.append(Words("".join(old[i1:i2]), "del"))
        if j2 > j1:
            found.append(Words("".join(new[j1:j2]), "ins"))
    return tuple(found)


def split(text: str) -> list[str]:
    """Return the words of a text, each with the blanks after it."""
    words: list[str] = []
    for line in text.splitlines(keepends=True):
        pieces = line.split(" ")
        words += [f"{piece} " for piece in pieces[:-1]] + [pieces[-1]]
    return [word for word in words if word]


def expose_of(differences: Differences) -> list[str]:
    """Return the exposé of an amendment: what it changes, one sentence a change (CAT-30)."""
    said = [*(one.sentence for one in differences.clauses), *map(sentence_of, differences.articles)]
    verbs = {"added": "est ajouté au tarif", "removed": "est retiré du tarif", "changed": "change au tarif"}
    for change in differences.tariff:
        if change.name.startswith(("exemple", "article", "passage")):
            continue
        said.append(f"« {rule_words(change)} » {verbs[change.kind]}.")
    said += [f"Catalogue. {one.sentence}" for one in differences.catalogue]
    return said + [one.sentence for one in differences.tables]


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of what an amendment changes: typed, and then its row, or found by comparing."""

    kind: str
    article: str
    wording: str
    row: AmendmentChange | None = None


def listed_changes(typed: Iterable[AmendmentChange], clauses: Iterable[ClauseDifference]) -> list[Listed]:
    """Return what an amendment changes: what is typed, then the preamble and each clause beside the articles that differs.

    A clause that a typed change names as its article is not told twice (MEM-11).
    """
    rows = [Listed(str(one.get_kind_display()), one.article, one.wording, one) for one in typed]
    named = {plain(one.article) for one in rows}
    return rows + [
        Listed(str(ChangeKind.CLAUSE.label), capital(one.title), one.sentence)
        for one in clauses if plain(one.title) not in named
    ]  # fmt: skip


def rule_words(change: Any) -> str:
    """Return the words of a rule of the tariff, as its first line gives them between quotes; else its name."""
    head = (change.after or change.before).partition("\n")[0]
    label = QUOTED.search(head)
    return label[1] if label is not None else change.name.replace("_", " ")


def sentence_of(one: ArticleDifference) -> str:
    """Return what happens to an article; one that had another number or title is told by both."""
    if one.before:
        said = "et son texte est modifié" if any(words.look for words in one.words) else "sans changer de texte"
        return f"L’article « {one.before} » devient « {f'{one.number} {one.title}'.strip()} », {said}."
    name = f"L’article {one.number}" if one.number else "L’article"
    title = f" « {one.title} »" if one.title else ""
    return f"{name}{title} est {one.kind}."
