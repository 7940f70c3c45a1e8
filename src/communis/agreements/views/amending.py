"""Amendments, who has adopted the versions they make, and the one screen by which a member adopts."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from communis.agreements import access
from communis.agreements.authors import Author
from communis.agreements.comparing import compared, expose_of, listed_changes
from communis.agreements.enums import VersionStatus
from communis.agreements.forms.versions import AdoptForm, AmendForm
from communis.agreements.models import Adoption, Amendment, AmendmentChange, Article, Attachment, Membership, Version
from communis.agreements.operations import amendments as operations
from communis.agreements.operations.documents import awaiting
from communis.agreements.reading import number_of, passages_of, tracked_for
from communis.agreements.tables.versions import AdoptionFilters, AdoptionTable
from communis.agreements.views.conventions import places_of, places_of_version
from communis.agreements.wording import of
from communis.directory.access import may_keep_some_organization
from communis.directory.views.records import history_address
from communis.foundation.requests import AccountRequest
from communis.kit.editing import form_page
from communis.kit.formats import agreed, counted
from communis.kit.lists import listing
from communis.kit.parts import Link


def amend(request: AccountRequest, pk: int) -> HttpResponse:
    """Prepare an amendment on a version: it makes the next one, a draft."""
    found = get_object_or_404(Version.objects.visible_to(request.user).select_related("agreement"), pk=pk)
    if not access.may_manage_agreements(request.user):
        raise Http404
    form = AmendForm(request.POST or None)
    made: list[Amendment] = []
    return form_page(
        request, form, lambda: made.append(operations.amend(found, **form.cleaned_data, today=timezone.localdate())),
        title="Préparer un avenant",
        submit="Préparer cet avenant", done="L’avenant est préparé : écrivez ce qu’il change, puis son texte consolidé.",
        back=(lambda: made[0].get_absolute_url()) if request.method == "POST" else found.get_absolute_url(),
        places=places_of_version(found), sentence=f"Sur la version {found.label} : ses articles et son tarif sont repris.",
    )  # fmt: skip


def amendment(request: AccountRequest, pk: int) -> HttpResponse:
    """Show an amendment: its typed changes, what differs, and the consolidated text that it makes."""
    user = request.user
    rows = Amendment.objects.visible_to(user).select_related(
        "agreement", "makes__agreement", "makes__follows", "makes__adopted_by"
    )
    found = get_object_or_404(rows, pk=pk)
    made = found.makes
    before = Version.objects.visible_to(user).filter(pk=made.follows_id).select_related("agreement").first()
    differences = compared(before, made, user) if before is not None else None
    typed, clauses = AmendmentChange.objects.visible_to(user).filter(amendment=found), differences.clauses if differences else ()
    may_manage, beside = access.may_manage_agreements(user), passages_of(made)
    opened = made.status in (VersionStatus.PENDING, VersionStatus.APPROVED)
    left = awaiting(found, timezone.localdate()).count() if may_manage and opened else 0
    context = {
        "amendment": found, "made": made, "before": before, "places": places_of(made.agreement), "differences": differences,
        "expose": expose_of(differences) if differences else [],
        "changes": listed_changes(typed, clauses),
        "articles": [(number_of(one, beside), one) for one in Article.objects.visible_to(user).filter(version=made)],
        "attachments": Attachment.objects.visible_to(user).filter(amendment=found),
        "attach_url": reverse("amendment-attach", args=[pk]) if may_manage else "",
        "may_write": may_manage and made.status == VersionStatus.DRAFT, "may_manage": may_manage,
        "may_draft": may_keep_some_organization(user) and opened,
        "opened": opened, "awaiting": waiting_words(left), "prepare": f"Préparer {counted(left, 'projet', 'projets')}",
        "may_follow": access.may_follow_adoptions(user), "history_url": history_address(found) if user.is_staff_of_host else "",
    }  # fmt: skip
    return render(request, "agreements/amendment.html", context)


def waiting_words(count: int) -> str:
    """Say how many members have neither adopted an amendment nor a draft act on it."""
    if not count:
        return ""
    have, has = "n’ont pas encore leur projet de délibération", "n’a pas encore son projet de délibération"
    verb = agreed(count, "ne l’a pas adopté et", "ne l’ont pas adopté et")
    return f"{counted(count, 'membre')} {verb} {agreed(count, has, have)}."


def adoptions(request: AccountRequest, pk: int) -> HttpResponseBase:
    """List the members with the version that applies to each, and who has not adopted this one yet (MEM-12)."""
    found = get_object_or_404(Version.objects.visible_to(request.user).select_related("agreement"), pk=pk)
    rows = tracked_for(found, timezone.localdate()).order_by("has_adopted", "organization__sort_name", "id")
    context = {"version": found, "places": places_of_version(found)}
    return listing(
        request, rows, AdoptionTable, AdoptionFilters, template="agreements/adoptions.html", name=f"adoptions {found.label}",
        context=context, may_adopt=access.may_manage_agreements(request.user) and found.status != VersionStatus.DRAFT,
        version=found.pk,
    )  # fmt: skip


def adopt(request: AccountRequest, pk: int) -> HttpResponse:
    """Record, in one screen, that a member adopts a version: the version, the day, the act."""
    rows = Membership.objects.visible_to(request.user).select_related("organization", "agreement")
    found = get_object_or_404(rows, pk=pk)
    if not access.may_ask_for(request.user, found):
        raise Http404
    asked = request.GET.get("version", "")
    initial = {"version": int(asked)} if asked.isdigit() and len(asked) < 19 else {}
    form = AdoptForm(request.POST or None, user=request.user, membership=found, initial=initial)

    def act() -> Adoption:
        given = dict(form.cleaned_data)
        return operations.adopt(found, given.pop("version"), by=Author(request.user.name, timezone.now()), **given)

    def back() -> str:
        version = form.cleaned_data["version"]
        return reverse("version-adoptions", args=[version.pk]) if request.user.is_staff_of_host else version.get_absolute_url()

    done = f"L’adoption {of(found.organization)} est enregistrée."
    return form_page(
        request, form, act, title="Enregistrer une adoption", submit="Enregistrer l’adoption", done=done,
        back=back if request.method == "POST" else found.get_absolute_url(),
        places=[Link(str(found), found.get_absolute_url())],
        sentence=f"{found.organization} : la version qui s’applique est la dernière que le membre adopte.",
    )  # fmt: skip
