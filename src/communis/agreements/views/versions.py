"""A version of a convention: its articles with its tariff beside, its state, its comparison with another, its text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_POST

from communis.agreements import access
from communis.agreements.comparing import compared
from communis.agreements.enums import VersionStatus
from communis.agreements.forms.versions import ApproveForm, ArticleForm, NextForm, RepealForm, TariffForm
from communis.agreements.models import Amendment, AnnexedTable, Article, Attachment, PriceAct, Version
from communis.agreements.operations import versions as operations
from communis.agreements.reading import chain_of, number_of, passages_of
from communis.agreements.references import lost_in, rules_of, words_of
from communis.agreements.views import amending, conventions, staff, succeeding, voting
from communis.agreements.views.conventions import places_of, places_of_version
from communis.directory.names import plain
from communis.directory.views.records import Known, history_address
from communis.foundation.doors import route
from communis.foundation.requests import AccountRequest
from communis.kit.editing import form_page
from communis.kit.formats import long_date
from communis.kit.refusals import Refusal
from communis.tariff import Convention, ProblemsFound


@dataclass(frozen=True, slots=True)
class Rule:
    """A line, a scale or a price of the tariff that cites an article: its words and its text in the file."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An article as the page shows it, with the rules of the tariff that cite it."""

    article: Article
    number: str
    rules: tuple[Rule, ...]

    @property
    def heading(self) -> str:
        return f"{self.number} {self.article.title}".strip()

    @property
    def name(self) -> str:
        return f"article {self.number}" if self.number else self.article.title


def visible(request: AccountRequest, pk: int) -> Version:
    rows = Version.objects.visible_to(request.user).select_related("agreement", "adopted_by", "edition", "follows__agreement")
    return get_object_or_404(rows, pk=pk)


def others_of(request: AccountRequest, version: Version) -> Any:
    """Return the other versions of the same convention that the person reads."""
    rows = Version.objects.visible_to(request.user).filter(agreement=version.agreement).exclude(pk=version.pk)
    return rows.select_related("agreement")


def kept(request: AccountRequest, pk: int) -> Version:
    """Return a version for those who keep it; for others it does not exist."""
    found = visible(request, pk)
    if not access.may_manage_agreements(request.user):
        raise Http404
    return found


def draft(request: AccountRequest, pk: int) -> Version:
    found = kept(request, pk)
    if found.status != VersionStatus.DRAFT:
        raise Http404
    return found


# ------------------------------------------------------------ the page


def version(request: AccountRequest, pk: int) -> HttpResponse:
    """Show the articles of a version, the rules of its tariff beside those they come from, and what may be done about it."""
    user = request.user
    found = visible(request, pk)
    convention = found.convention
    articles = list(Article.objects.visible_to(user).filter(version=found))
    asked = request.GET.get("q", "").strip()[:200]
    shown = [a for a in articles if all(word in a.search_text for word in plain(asked).split())] if asked else articles
    verdict = operations.verdict_of(found) if user.is_staff_of_host else operations.Verdict()
    by_article, without = rules_by_article(convention, articles)
    may_manage = access.may_manage_agreements(user)
    beside = passages_of(found)
    edition = found.edition if found.edition and (found.edition.is_shown or user.is_staff_of_host) else None
    context: dict[str, Any] = {
        "version": found, "articles": [Shown(a, number_of(a, beside), by_article.get(a.pk, ())) for a in shown], "asked": asked,
        "lost": lost_in(found) if may_manage else [],
        "count": len(articles), "without": without, "places": places_of(found.agreement), "may_manage": may_manage,
        "may_write": may_manage and found.status == VersionStatus.DRAFT, "verdict": verdict, "convention": convention,
        "amendment": Amendment.objects.visible_to(user).filter(makes=found).select_related("makes__agreement").first(),
        "others": others_of(request, found),
        "prices": PriceAct.objects.visible_to(user).filter(agreement=found.agreement), "edition": edition,
        "attachments": Attachment.objects.visible_to(user).filter(version=found),
        "attach_url": reverse("version-attach", args=[pk]) if may_manage else "",
        "annexed": AnnexedTable.objects.visible_to(user).filter(version=found).select_related("table"),
        "history_url": history_address(found) if user.is_staff_of_host else "",
    }  # fmt: skip
    return render(request, "agreements/version.html", context)


def rules_by_article(convention: Convention | None, articles: list[Article]) -> tuple[dict[int, tuple[Rule, ...]], list[Rule]]:
    """Return the rules of a tariff under the articles they cite; when a number repeats, under the first that bears it."""
    if convention is None:
        return {}, []
    first: dict[str, int] = {}
    for article in articles:
        first.setdefault(article.number, article.pk)
    found: dict[int, list[Rule]] = {}
    without = []
    rows = convention.text.split("\n")
    for rule in rules_of(convention):
        text = block_at(rows, rule.place.line)
        cited = [first[r] for one in rule.margin.articles if (r := one.removeprefix("passage ")) in first]
        for pk in dict.fromkeys(cited):
            found.setdefault(pk, []).append(Rule(words_of(rule), text))
        if not cited:
            without.append(Rule(words_of(rule), text))
    return {pk: tuple(rules) for pk, rules in found.items()}, without


def block_at(rows: list[str], line: int) -> str:
    """Return the block of a tariff that begins at a line: its head and what is indented under it."""
    found = [rows[line - 1]]
    for row in rows[line:]:
        if row.strip() and not row.startswith((" ", "\t")):
            break
        found.append(row)
    return "\n".join(row.rstrip() for row in found).rstrip()


# ------------------------------------------------------------ its state


def state(request: AccountRequest, pk: int) -> HttpResponse:
    """Approve a version by an act of the host, or repeal the one that was."""
    found = kept(request, pk)
    approved = found.status == VersionStatus.APPROVED
    if found.status == VersionStatus.REPEALED:
        raise Http404
    if approved and "starts_on" in request.POST:  # the form of the approval, sent twice
        since = f" depuis le {long_date(found.starts_on)}" if found.starts_on is not None else ""
        messages.warning(request, f"« {found} » est déjà approuvée, en vigueur{since} : rien n’a été fait de plus.")
        return redirect(found)
    form = (RepealForm if approved else ApproveForm)(request.POST or None, user=request.user)
    verb: Callable[..., None] = operations.repeal if approved else operations.approve
    obstacles, lost = ((), []) if approved else (operations.verdict_of(found).obstacles, lost_in(found))
    if not approved and not obstacles and not lost:
        del form.fields["knowingly"]
    return form_page(
        request, form, lambda: verb(found, **form.cleaned_data),
        title=f"Abroger « {found} »" if approved else f"Approuver « {found} »",
        submit="Abroger la version" if approved else "Approuver la version",
        done="La version est abrogée." if approved else "La version est approuvée.",
        back=found.get_absolute_url(), places=places_of_version(found), obstacles=obstacles, lost=lost,
        template="agreements/version_state.html",
    )  # fmt: skip


@require_POST
def submit(request: AccountRequest, pk: int) -> HttpResponse:
    """Put a draft to the host’s council, or take back one that it has not approved."""
    found = kept(request, pk)
    back = request.POST.get("sens") == "reprendre"
    try:
        (operations.take_back if back else operations.submit)(found)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = (
            "La version est de nouveau un projet." if back else "La version est en cours d’approbation : les membres la lisent."
        )
        messages.success(request, said)
    return redirect(found)


def following(request: AccountRequest, pk: int) -> HttpResponse:
    """Begin the next version, a draft."""
    found = kept(request, pk)
    form = NextForm(request.POST or None)
    made: list[Version] = []
    done = "La version est préparée : ses articles et son tarif sont ceux de la précédente."
    return form_page(
        request, form, lambda: made.append(operations.draft_next(found, **form.cleaned_data)), done=done,
        title="Préparer la version suivante", submit="Préparer cette version", places=places_of_version(found),
        back=(lambda: made[0].get_absolute_url()) if request.method == "POST" else found.get_absolute_url(),
    )  # fmt: skip


# ------------------------------------------------------------ its text


def article_add(request: AccountRequest, pk: int) -> HttpResponse:
    """Write an article in a draft, after another (`?apres=`) or at the end."""
    found = draft(request, pk)
    rows = Article.objects.visible_to(request.user).filter(version=found)
    asked = request.GET.get("apres", "")
    after = rows.filter(pk=int(asked)).first() if asked.isdigit() and len(asked) < 19 else None
    form = ArticleForm(request.POST or None, user=request.user, initial={"depth": after.depth if after else 1})
    return form_page(
        request, form, lambda: operations.add_article(found, after=after, **form.cleaned_data), title="Ajouter un article",
        submit="Ajouter cet article", done="L’article est ajouté.", back=found.get_absolute_url(),
        places=places_of_version(found), sentence=f"Après {after}." if after else "À la fin de la convention.",
    )  # fmt: skip


def writable(request: AccountRequest, pk: int) -> Article:
    """Return an article of a draft, for those who write it."""
    found = get_object_or_404(Article.objects.visible_to(request.user).select_related("version__agreement"), pk=pk)
    if not access.may_manage_agreements(request.user) or found.version.status != VersionStatus.DRAFT:
        raise Http404
    return found


def article_change(request: AccountRequest, pk: int) -> HttpResponse:
    """Change an article of a draft; what somebody else changed meanwhile is not overwritten."""
    found = writable(request, pk)
    known = Known(request, found)
    form = ArticleForm(request.POST or None, instance=found, user=request.user)

    def act() -> None:
        known.record(form.instance, operations.change_article)

    return form_page(
        request, form, act, title=f"Modifier {found}", done="C’est enregistré.", back=found.get_absolute_url(),
        places=places_of_version(found.version), version=known.version, history_url=history_address(found),
        remove_url=reverse("article-remove", args=[found.pk]),
    )  # fmt: skip


@require_POST
def article_move(request: AccountRequest, pk: int) -> HttpResponse:
    """Move an article of a draft up or down."""
    found = writable(request, pk)
    try:
        operations.move_article(found, up=request.POST.get("sens") == "haut")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


def article_remove(request: AccountRequest, pk: int) -> HttpResponse:
    """Ask, then remove an article from a draft."""
    found = writable(request, pk)
    if request.method == "POST":
        operations.remove_article(found)
        messages.success(request, f"« {found} » est retiré.")
        return redirect(found.version)
    context = {"article": found, "places": places_of_version(found.version), "cancel": found.get_absolute_url()}
    return render(request, "agreements/article_remove.html", context)


def tariff(request: AccountRequest, pk: int) -> HttpResponse:
    """Show the tariff of a version as a file, and change it in a draft, its problems told line by line."""
    found = visible(request, pk)
    if not access.may_manage_agreements(request.user) or found.status != VersionStatus.DRAFT:
        return render(request, "agreements/tariff.html", {"version": found, "places": places_of_version(found)})
    form = TariffForm(request.POST or None, initial={"text": found.tariff, "seen": operations.digest_of(found.tariff)})
    problems: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_tariff(found, form.cleaned_data["text"].replace("\r\n", "\n"), seen=form.cleaned_data["seen"])
        except ProblemsFound as wrong:
            problems = wrong.problems
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            form.data = {**dict(form.data.items()), "seen": operations.digest_of(found.tariff)}
        else:
            messages.success(request, "Le tarif est enregistré.")
            return redirect(found)
    context = {
        "version": found,
        "form": form,
        "problems": problems,
        "places": places_of_version(found),
        "cancel": found.get_absolute_url(),
    }
    status = 422 if problems or form.errors else 200
    return render(request, "agreements/tariff_change.html", context, status=status)


# ------------------------------------------------------------ two versions


def compare(request: AccountRequest, pk: int) -> HttpResponse:
    """Compare a version with another of the same convention: articles, tariff (CAT-30); by default the one it follows."""
    found = visible(request, pk)
    others = others_of(request, found)
    chain = chain_of(found.agreement)
    asked = request.GET.get("avec", "")
    other = others.filter(pk=int(asked)).first() if asked.isdigit() and len(asked) < 19 else None
    if other is None:
        other = others.filter(pk=found.follows_id).first() if found.follows_id else others.first()
    context: dict[str, Any] = {"version": found, "other": other, "others": others,
                               "places": places_of_version(found)}  # fmt: skip
    if other is not None:
        old, new = (other, found) if chain.precedes(other.pk, found.pk) else (found, other)
        context |= {"old": old, "new": new, "differences": compared(old, new, request.user)}
    return render(request, "agreements/compare.html", context)


routes: list[URLPattern] = [
    route("conventions/", conventions.conventions, "conventions"),
    route("conventions/commencer/", conventions.begin, "convention-begin", may=access.may_manage_agreements),
    route("conventions/<int:pk>/", conventions.convention, "convention"),
    route("conventions/<int:pk>/remplacer/", succeeding.succeed, "convention-succeed"),
    route("conventions/<int:pk>/reconductions/", succeeding.renew, "convention-renew"),
    route("conventions/<int:pk>/prix/", conventions.price, "convention-price"),
    route("conventions/<int:pk>/bilans/", conventions.reviews, "convention-reviews"),
    route("conventions/versions/<int:pk>/", version, "version"),
    route("conventions/versions/<int:pk>/etat/", state, "version-state"),
    route("conventions/versions/<int:pk>/soumettre/", submit, "version-submit"),
    route("conventions/versions/<int:pk>/suivante/", following, "version-next"),
    route("conventions/versions/<int:pk>/avenant/", amending.amend, "version-amend"),
    route("conventions/versions/<int:pk>/tarif/", tariff, "version-tariff"),
    route("conventions/versions/<int:pk>/comparer/", compare, "version-compare"),
    route("conventions/versions/<int:pk>/adoptions/", amending.adoptions, "version-adoptions", may=access.may_follow_adoptions),
    route("conventions/versions/<int:pk>/articles/ajouter/", article_add, "article-add"),
    route("conventions/articles/<int:pk>/modifier/", article_change, "article-change"),
    route("conventions/articles/<int:pk>/deplacer/", article_move, "article-move"),
    route("conventions/articles/<int:pk>/retirer/", article_remove, "article-remove"),
    route("conventions/avenants/<int:pk>/", amending.amendment, "amendment"),
    route("conventions/avenants/<int:pk>/projets/", voting.votes, "amendment-votes"),
    route("adhesions/<int:pk>/adopter/", amending.adopt, "adopt"),
    route("agents/", staff.staff_files, "staff-files", may=access.may_read_staff_files),
    route("agents/<int:pk>/", staff.staff_file, "staff-file", may=access.may_read_staff_files),
]
