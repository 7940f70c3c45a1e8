"""Conventions and their versions: begun from a shipped file, written article by article, approved by the host’s council."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db import models, transaction
from django.db.models import F, Max

from communis.agreements.comparing import compared, renamed
from communis.agreements.enums import ActState, VersionStatus
from communis.agreements.models import (
    Adoption,
    Agreement,
    Amendment,
    AmendmentChange,
    AnnexedTable,
    Article,
    Resolution,
    Version,
)
from communis.agreements.reading import tariff_of
from communis.agreements.references import lost_in
from communis.agreements.wording import of
from communis.catalog.models import Edition
from communis.directory.operations.rows import record
from communis.directory.work_tables import adopt_table
from communis.foundation.history import history_of
from communis.kit.formats import agreed, short_date
from communis.kit.refusals import Refusal
from communis.tariff import Convention, Problem, ProblemsFound, read_text, verify
from communis.tariff.convention import shipped, shipped_names
from communis.tariff.language.problems import Severity

QUOTES = "« {} »"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands against the tariff of a version: errors forbid approval, obstacles are told and approved knowingly."""

    errors: tuple[Problem, ...] = ()
    obstacles: tuple[Problem, ...] = ()


def verdict_of(version: Version) -> Verdict:
    """Return all that `communis verifier` says of the tariff of a version, its examples included (TAR-21, EXE-01)."""
    return verified(version.tariff) if version.tariff else Verdict()


@lru_cache(maxsize=32)
def verified(text: str) -> Verdict:
    _, problems = verify(text, "convention.tarif")
    by = {severity: tuple(p for p in problems if p.severity is severity) for severity in Severity}
    return Verdict(by[Severity.ERROR], by[Severity.OBSTACLE])


# ------------------------------------------------------------ beginning


@transaction.atomic
def begin_agreement(
    slug: str, *, name: str = "", short_name: str = "", author: str = "", programme: str = "", grounds: list[str] | None = None,
    edition: Edition | None = None, label: str = "",
) -> Version:  # fmt: skip
    """Begin a convention from a shipped one: a draft version with its tariff and the articles that it quotes (MEM-01, MEM-03).

    Raises Refusal for an unknown one, and ValidationError for what a convention may never be.
    """
    if slug not in shipped_names():
        raise Refusal(f"« {slug} » n’est pas une convention livrée. Choisissez parmi : {', '.join(shipped_names())}.")
    text = (shipped(slug) / "convention.tarif").read_text("utf-8")
    convention = read_text(text, examples=False)
    header = convention.model.book.header
    agreement = Agreement(
        name=name or header.title, short_name=short_name or header.title[:60], programme=programme, grounds=grounds or []
    )
    kept(agreement)
    version = Version(agreement=agreement, label=(label or header.version or "1")[:60], dated_on=header.first, author=author,
                      tariff=text, edition=edition)  # fmt: skip
    kept(version)
    quote_articles(version, convention)
    return version


@transaction.atomic
def begin_blank(
    *, name: str, short_name: str, label: str = "1", author: str = "", programme: str = "", grounds: list[str] | None = None
) -> Version:  # fmt: skip
    """Begin a convention without any tariff yet: its articles are typed. Raises ValidationError for what it may never be."""
    agreement = Agreement(name=name, short_name=short_name, programme=programme, grounds=grounds or [])
    kept(agreement)
    version = Version(agreement=agreement, label=label, author=author)
    kept(version)
    return version


def quote_articles(version: Version, convention: Convention) -> None:
    """Make the articles of a version from the quotations of its tariff, in their order, with the numbers they have there."""
    for rank, found in enumerate(convention.model.book.articles.values(), 1):
        number = found.name.removeprefix("passage ")
        words = "\n".join(QUOTES.format(words) for words in found.words)
        kept(Article(version=version, rank=rank, depth=depth_of(found.name), number=number, title=found.label[:300], text=words))


def depth_of(reference: str) -> int:
    """Return how deep an article stands, from the points of its number: 1 for « 3 », 3 for « 4.2.7 »; a passage stands alone."""
    head = reference.partition(" ")[0]
    return head.count(".") + 1 if head[:1].isdigit() else 1


def kept(row: models.Model) -> None:
    row.full_clean()
    row.save()


# ------------------------------------------------------------ the next version


@transaction.atomic
def draft_next(version: Version, *, label: str, author: str = "") -> Version:
    """Begin the next version of a convention as a draft: articles, tariff and catalogue are those of the one it follows.

    The tariff names the version that it is now of. Raises Refusal when another version follows it already, and on one that is
    still a draft.
    """
    known = locked(version)
    if Version.objects.unscoped().filter(follows=known).exists():
        raise Refusal(f"Une version suit déjà « {known} » : modifiez celle-là, ou partez d’elle.")
    if known.status == VersionStatus.DRAFT:
        raise Refusal(f"« {known} » est encore un projet : modifiez-la plutôt que d’en faire une autre.")
    tariff = renamed(known.tariff, label) if known.tariff else ""
    made = Version(
        agreement=known.agreement, label=label, author=author, follows=known, edition=known.edition, preamble=known.preamble,
        tariff=tariff, data_role=known.data_role, data_clause=known.data_clause, data_measures=known.data_measures,
    )  # fmt: skip
    kept(made)
    for one in Article.objects.unscoped().filter(version=known).order_by("rank", "id"):
        kept(Article(version=made, rank=one.rank, depth=one.depth, number=one.number, title=one.title, text=one.text))
    return made


def locked(version: Version) -> Version:
    """Return a version as it is now, held until the end of the transaction."""
    found: Version = Version.objects.unscoped().select_for_update().select_related("agreement").get(pk=version.pk)
    return found


def draft_of(version: Version) -> Version:
    """Return a version that may still be written. Raises Refusal: what was submitted to a council does not change."""
    known = locked(version)
    if known.status != VersionStatus.DRAFT:
        raise Refusal(
            f"« {known} » n’est plus un projet ({known.get_status_display()}) : son texte ne change pas. "
            "Faites un avenant, ou la version suivante."
        )
    return known


# ------------------------------------------------------------ the text


@transaction.atomic
def add_article(
    version: Version, *, after: Article | None = None, number: str = "", title: str = "", text: str = "", depth: int = 1
) -> Article:
    """Add an article to a draft, after another one, or at the end; a number may repeat another (MEM-03).

    Raises Refusal once the version was submitted, and for an article of no word.
    """
    known = draft_of(version)
    rows = Article.objects.unscoped().filter(version=known)
    rank = after.rank + 1 if after is not None else (rows.aggregate(last=Max("rank"))["last"] or 0) + 1
    if not (number or title or text):
        raise Refusal("Un article a au moins un numéro, un titre ou un texte.")
    rows.filter(rank__gte=rank).update(rank=F("rank") + 1)
    made = Article(version=known, rank=rank, depth=depth, number=number, title=title, text=text)
    kept(made)
    return made


@transaction.atomic
def change_article(article: Article, *, version: int = 0) -> None:
    """Keep an article that was typed, in a draft; `version` is that of the row when the form was shown.

    Raises Refusal once the version was submitted, for an article of no word, and when somebody else changed it meanwhile.
    """
    draft_of(article.version)
    if not (article.number or article.title or article.text):
        raise Refusal("Un article a au moins un numéro, un titre ou un texte.")
    record(article, version=version)


@transaction.atomic
def move_article(article: Article, *, up: bool) -> None:
    """Move an article of a draft before the one above it, or after the one below it.

    Raises Refusal once the version was submitted, and at either end.
    """
    draft_of(article.version)
    rows = Article.objects.unscoped().filter(version=article.version_id)
    here = rows.get(pk=article.pk)
    other = (
        rows.filter(rank__lt=here.rank).order_by("-rank") if up else rows.filter(rank__gt=here.rank).order_by("rank")
    ).first()
    if other is None:
        raise Refusal(f"« {here} » est déjà {'le premier' if up else 'le dernier'} article.")
    rows.filter(pk=here.pk).update(rank=other.rank)
    rows.filter(pk=other.pk).update(rank=here.rank)


@transaction.atomic
def remove_article(article: Article) -> None:
    """Remove an article from a draft; its history stays. Raises Refusal once the version was submitted."""
    draft_of(article.version)
    article.delete()


def digest_of(text: str) -> str:
    """Return what tells a text from another, to know whether it changed since it was shown."""
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def change_tariff(version: Version, text: str, *, seen: str = "") -> None:
    """Keep another tariff in a draft; `seen` is the digest of the one that was shown.

    Raises ProblemsFound with every error when it does not read, and Refusal when somebody else kept another one meanwhile.
    """
    known = draft_of(version)
    if seen and digest_of(known.tariff) != seen and known.tariff != text:
        raise Refusal(
            f"{history_of(known)[0].by or 'Le service'} a enregistré un autre tarif pendant que vous écriviez le vôtre. "
            "Rien n’est enregistré : vos lignes restent ci-dessous. Comparez-les avec le tarif enregistré, puis enregistrez de "
            "nouveau pour le remplacer."
        )
    if not text.strip():
        raise Refusal("Le tarif est vide : une version garde le sien, corrigez-le.")
    _, problems = verify(text, "convention.tarif", examples=False)
    errors = [p for p in problems if p.severity is Severity.ERROR]
    if errors:
        raise ProblemsFound(errors)
    known.tariff = text
    known.save(update_fields=["tariff"])


# ------------------------------------------------------------ its life


@transaction.atomic
def submit(version: Version) -> None:
    """Put a draft to the council of the host: its text no longer changes, and members read it (AMB-24).

    Raises Refusal for one without articles, with errors in its tariff, and for an amendment that changes nothing.
    """
    known = draft_of(version)
    if not Article.objects.unscoped().filter(version=known).exists():
        raise Refusal(f"« {known} » n’a pas d’article : écrivez-les avant de la soumettre.")
    refuse_unchanged(known)
    refuse_errors(known)
    known.status = VersionStatus.PENDING
    known.save(update_fields=["status"])


def refuse_unchanged(version: Version) -> None:
    """Refuse an amendment that lists no change, and whose text, tariff and catalogue are those of the version it amends."""
    amendment = Amendment.objects.unscoped().filter(makes=version).first()
    if amendment is None or version.follows is None or AmendmentChange.objects.unscoped().filter(amendment=amendment).exists():
        return
    if not compared(version.follows, version):
        raise Refusal(
            f"L’{amendment} ne change rien : ni article, ni tarif, ni catalogue, et aucun changement n’y est listé. Écrivez ce "
            "qu’il change."
        )


def refuse_errors(version: Version) -> None:
    errors = verdict_of(version).errors
    if errors:
        told = " ".join(f"Ligne {p.place.line} : {p.message}" for p in errors[:5])
        raise Refusal(f"Le tarif de « {version} » a {len(errors)} erreurs : corrigez-les d’abord. {told}")
    try:
        if version.tariff:
            tariff_of(version)
    except ValueError as wrong:
        raise Refusal(f"Le tarif de « {version} » contredit un prix fixé par un acte. {wrong}") from wrong


@transaction.atomic
def take_back(version: Version) -> None:
    """Take back a version that its council has not approved: it is a draft again.

    Raises Refusal when it is not before its council, or when a member adopted it already: that is the text it voted (MEM-12).
    """
    known = locked(version)
    if known.status != VersionStatus.PENDING:
        raise Refusal(f"« {known} » n’est pas en cours d’approbation ({known.get_status_display()}) : elle ne se reprend pas.")
    adopted = Adoption.objects.unscoped().filter(version=known).select_related("membership__organization").order_by("on", "id")
    by = [str(one.membership.organization) for one in adopted]
    if by:
        raise Refusal(
            f"« {known} » ne se reprend pas : {', '.join(by[:3])}{' et d’autres' if len(by) > 3 else ''} "
            f"{agreed(len(by), 'l’a', 'l’ont')} déjà adoptée, dans ce texte. Faites approuver celle-ci, puis un avenant."
        )
    known.status = VersionStatus.DRAFT
    known.save(update_fields=["status"])


@transaction.atomic
def approve(version: Version, *, act: Resolution, starts_on: date, knowingly: bool = False) -> None:
    """Approve a version by an act of the host’s council, in force from a day (MEM-01, MEM-02).

    What is « à trancher » or « à fournir » does not forbid it: a council may vote a text with blanks, `knowingly`. The version
    before it is no longer proposed from that day; it still binds the members that have not adopted this one (MEM-12). Raises
    Refusal for an act that is not the host’s, not adopted or older than the version followed, for a day before its session, for
    errors in the tariff, and for what is left open and references that are lost, unless it is known.
    """
    known = locked(version)
    if known.status not in (VersionStatus.PENDING, VersionStatus.DRAFT):
        raise Refusal(f"« {known} » est déjà à l’état « {known.get_status_display()} ».")
    voted_by_host(act)
    refuse_older_act(known, act)
    if act.session_on is not None and starts_on < act.session_on:
        raise Refusal(
            f"La version ne peut pas être en vigueur le {short_date(starts_on)} : l’acte est du {short_date(act.session_on)}."
        )
    refuse_unchanged(known)
    refuse_errors(known)
    if not knowingly:
        refuse_unknowing(known)
    end_previous(known, starts_on)
    known.status, known.adopted_by, known.starts_on = VersionStatus.APPROVED, act, starts_on
    kept(known)
    adopt_annexed(known, starts_on)
    if known.edition is not None:
        known.edition.is_shown = True
        known.edition.save(update_fields=["is_shown"])


def refuse_unknowing(version: Version) -> None:
    """Refuse what a council may vote, and that whoever approves must say to know: points left open, references that are lost.

    An old text is entered as it was voted, and nothing is owed by mistake for a lost reference: it is not refused for ever. But
    an amount would lead to no article (TAR-02).
    """
    told = []
    obstacles, lost = verdict_of(version).obstacles, lost_in(version)
    if obstacles:
        listed = " ".join(f"Ligne {p.place.line} : {p.message}" for p in obstacles[:5])
        told.append(f"Le tarif laisse {len(obstacles)} {agreed(len(obstacles), 'point')} en suspens. {listed}")
    if lost:
        named = ", ".join(f"{one.named} (par {one.by[0]})" for one in lost[:5])
        others = " et d’autres" if len(lost) > 5 else ""
        told.append(f"« {version} » n’a plus : {named}{others}. Corrigez les renvois, ou les articles.")
    if told:
        raise Refusal(f"{' '.join(told)} Cochez « je sais » si le texte voté les laisse ainsi.")


def adopt_annexed(version: Version, starts_on: date) -> None:
    """Adopt the tables annexed to a version that is approved. Raises Refusal when one is not prepared or does not sum."""
    amendment = Amendment.objects.unscoped().filter(makes=version).first()
    source = f"{amendment}, {version.agreement.short_name}" if amendment is not None else str(version)
    for annexed in AnnexedTable.objects.unscoped().filter(version=version, table=None).order_by("year"):
        annexed.table = adopt_table(annexed.year, on=starts_on, source=source[:300])
        kept(annexed)


def voted_by_host(act: Resolution) -> None:
    """Refuse an act that is not one of the host’s council, or that it has not adopted."""
    if not act.organization.is_host:
        raise Refusal(f"L’acte est celui {of(act.organization)} : c’est le gestionnaire qui approuve ses conventions.")
    if act.state != ActState.ADOPTED:
        raise Refusal(f"L’acte n’est pas adopté ({act.get_state_display()}) : il n’approuve rien encore.")


def refuse_older_act(version: Version, act: Resolution) -> None:
    """Refuse the act of a session held before that which approved the version that this one follows: it voted another text."""
    approved_on = approved_after(version.follows, act)
    if approved_on is not None:
        raise Refusal(
            f"L’acte est du {short_date(act.session_on)}, avant le {short_date(approved_on)}, jour où « {version.follows} » a "
            f"été approuvée : il ne peut pas approuver « {version} », qui la suit. Choisissez l’acte qui l’approuve."
        )


def approved_after(version: Version | None, act: Resolution) -> date | None:
    """Return the day on which a version was approved, when it comes after the session of an act; None else, or unknown."""
    approving = version.adopted_by if version is not None else None
    approved_on: date | None = approving.session_on if approving is not None else None
    if approved_on is None or act.session_on is None or act.session_on >= approved_on:
        return None
    return approved_on


def end_previous(version: Version, starts_on: date) -> None:
    """End the version that another one follows the day before, when it was in force."""
    before = version.follows
    if before is None or before.status != VersionStatus.APPROVED or before.starts_on is None:
        return
    if starts_on <= before.starts_on:
        raise Refusal(
            f"« {before} » est en vigueur à compter du {short_date(before.starts_on)} : celle qui la suit ne peut pas "
            f"commencer le {short_date(starts_on)}."
        )
    if before.ends_on is None or before.ends_on >= starts_on:
        before.ends_on = starts_on - timedelta(days=1)
        before.save(update_fields=["ends_on"])


@transaction.atomic
def repeal(version: Version, *, act: Resolution, ends_on: date) -> None:
    """Repeal a version by an act of the host’s council, from the day after its last one.

    Raises Refusal for a version that is not approved, and for an act that is not the host’s, not adopted, or older than that
    which approved it.
    """
    known = locked(version)
    if known.status != VersionStatus.APPROVED or known.starts_on is None:
        raise Refusal(f"« {known} » n’est pas approuvée ({known.get_status_display()}) : elle ne s’abroge pas.")
    voted_by_host(act)
    approved_on = approved_after(known, act)
    if approved_on is not None:
        raise Refusal(
            f"L’acte est du {short_date(act.session_on)}, avant le {short_date(approved_on)}, jour où « {known} » a été "
            "approuvée : il ne l’abroge pas. Choisissez l’acte qui l’abroge."
        )
    known.status, known.ends_on = VersionStatus.REPEALED, ends_on
    kept(known)
