"""The files of the agents whom conventions concern: transfer or lending, impact, opinions, return (SEC-04, MEM-27 to MEM-30)."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from communis.agreements import access
from communis.agreements.models import Attachment, CommitteeOpinion, StaffFile
from communis.agreements.returning import return_of
from communis.agreements.tables.versions import StaffFilters, StaffTable
from communis.directory.access import may_read_staff
from communis.directory.views.records import history_address, may_read_history
from communis.foundation.requests import AccountRequest
from communis.kit.lists import listing
from communis.kit.parts import Link

LISTED = Link("Dossiers d’agents", "/agents/")


def staff_files(request: AccountRequest) -> HttpResponseBase:
    """List the files that the person may read: those of the department’s leaders, or of its own employer."""
    rows = StaffFile.objects.visible_to(request.user).select_related("organization")
    context = {"may_keep": access.may_keep_staff_files(request.user), "reads_staff": may_read_staff(request.user)}
    return listing(
        request, rows, StaffTable, StaffFilters, template="agreements/staff_files.html", name="dossiers d’agents", context=context
    )


def staff_file(request: AccountRequest, pk: int) -> HttpResponse:
    """Show the file of an agent: how it came, what it changes for him, the opinions, and his return."""
    user, today = request.user, timezone.localdate()
    rows = StaffFile.objects.visible_to(user).select_related("organization", "agreement", "decided_by")
    found = get_object_or_404(rows, pk=pk)
    opinions = list(CommitteeOpinion.objects.visible_to(user).filter(staff_file=found))
    effects = [
        ("Sur l’organisation", found.effect_organization), ("Sur les conditions de travail", found.effect_conditions),
        ("Sur la rémunération", found.effect_pay), ("Droits acquis", found.effect_rights),
    ]  # fmt: skip
    context = {
        "file": found, "effects": effects, "opinions": [o for o in opinions if not o.at_exit],
        "exit_opinions": [o for o in opinions if o.at_exit], "return": return_of(found, opinions, today),
        "attachments": Attachment.objects.visible_to(user).filter(staff_file=found),
        "attach_url": reverse("staff-file-attach", args=[pk]) if access.may_keep_staff_files(user) else "",
        "readings_url": reverse("file-readings") if may_read_staff(user) else "",
        "may_keep": access.may_keep_staff_files(user), "places": [LISTED],
        "history_url": history_address(found) if may_read_history(user, found) else "",
    }  # fmt: skip
    return render(request, "agreements/staff_file.html", context)
