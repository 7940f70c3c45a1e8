"""The split of the ETP by brick, year by year: the table in preparation, and those that avenants adopted (ORG-15)."""

from __future__ import annotations

from datetime import MAXYEAR, date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from communis.agreements import access
from communis.agreements.forms.versions import AnnexForm
from communis.agreements.models import AnnexedTable, Version
from communis.agreements.operations import annexes as operations
from communis.agreements.views.conventions import places_of_version
from communis.agreements.worktables import bricks_of
from communis.directory.access import may_manage_staff
from communis.directory.models import Post, WorkShare, WorkTable
from communis.directory.views.department import DEPARTMENT
from communis.directory.views.records import csrf_input
from communis.directory.work_tables import prepare_next, put_back_dropped
from communis.foundation.doors import route
from communis.kit.editing import form_page
from communis.kit.parts import Link
from communis.kit.refusals import Refusal

PREPARED = "preparation"


def table(request: HttpRequest) -> HttpResponse:
    """Show the split of a year by brick: the table that applies, the one in preparation, the former as they stood (ORG-15)."""
    user = request.user
    years = sorted(set(WorkShare.objects.visible_to(user).order_by().values_list("year", flat=True).distinct()), reverse=True)
    asked = request.GET.get("exercice", "")
    today = timezone.localdate()
    usual = today.year if today.year in years else max(years, default=today.year)
    year = next((one for one in years if str(one) == asked), usual)
    tables = list(WorkTable.objects.visible_to(user).filter(year=year))
    rows = WorkShare.objects.visible_to(user).filter(year=year).select_related("post").order_by("brick", "post__title", "post_id")
    by_table: dict[Any, list[WorkShare]] = {}
    for share in rows:
        by_table.setdefault(share.table_id, []).append(share)
    shown = table_asked(request.GET.get("table", ""), tables, prepared=None in by_table, day=today)
    bricks = bricks_of(by_table.get(shown.pk if shown is not None else None, []))
    split = {share.post_id for brick in bricks for share in brick.shares}
    first, last = (date(min(year, MAXYEAR), *day) for day in ((1, 1), (12, 31)))
    opened = Post.objects.visible_to(user).filter(starts_on__lte=last).exclude(ends_on__lt=first)
    unsplit = [post for post in opened if shown is None and post.pk not in split]  # a table that was adopted is what it is
    annexed = AnnexedTable.objects.visible_to(user).filter(year=year).select_related("version__agreement", "version__adopted_by")
    may_drop = may_manage_staff(user) and shown is None and bool(bricks)
    context = {
        "year": year, "years": years, "tables": tables, "table": shown, "prepared": None in by_table, "bricks": bricks,
        "unsplit": unsplit,
        "total": sum((brick.total for brick in bricks), Decimal(0)), "places": [DEPARTMENT], "asked_prepared": PREPARED,
        "annexed": next((one for one in annexed if one.table_id == (shown.pk if shown is not None else None)), None),
        "may_prepare": may_manage_staff(user) and bool(tables) and None not in by_table,
        "drop_url": f"{reverse('work-table-drop')}?exercice={year}" if may_drop else "",
        "last": applying(tables, today),
    }  # fmt: skip
    return render(request, "agreements/work_table.html", context)


def applying(tables: list[WorkTable], day: date) -> WorkTable | None:
    """Return the table in force on a day, among those of a year, the latest first."""
    return next((one for one in tables if one.adopted_on <= day), tables[-1] if tables else None)


def table_asked(asked: str, tables: list[WorkTable], *, prepared: bool, day: date) -> WorkTable | None:
    """Return the table that the address names, else the one in force; None for the one in preparation."""
    if asked == PREPARED and prepared:
        return None
    found = next((one for one in tables if str(one.pk) == asked), None)
    return found or applying(tables, day)


@require_POST
def prepare(request: HttpRequest) -> HttpResponse:
    """Begin the next table of a year, a copy of the last one adopted."""
    asked = request.POST.get("exercice", "")
    if not (asked.isdecimal() and len(asked) == 4):
        messages.error(request, "Dites l’exercice de la table à préparer, en quatre chiffres.")
        return redirect("work-tables")
    try:
        prepare_next(int(asked))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('work-tables')}?exercice={asked}")
    messages.success(request, "La table suivante est en préparation : modifiez le temps des postes, puis annexez-la.")
    return redirect(f"{reverse('work-tables')}?exercice={asked}&table={PREPARED}")


def drop(request: HttpRequest) -> HttpResponse:
    """Show the table in preparation of a year that would go, then drop it; it can be put back at once."""
    asked = request.POST.get("exercice", "") or request.GET.get("exercice", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else 0
    rows = WorkShare.objects.visible_to(request.user).prepared(year).select_related("post").order_by("brick", "post__title")
    bricks, back = bricks_of(list(rows)), f"{reverse('work-tables')}?exercice={asked}" if year else reverse("work-tables")
    if not bricks:
        messages.error(request, "Aucune table des ETP n’est en préparation pour cet exercice : il n’y a rien à retirer.")
        return redirect(back)
    refusal = ""
    if request.method == "POST":
        try:
            operations.drop_table(year)
        except Refusal as refused:
            refusal = str(refused)
        else:
            undo = format_html('<form class="inline" method="post" action="{}">{}<input type="hidden" name="exercice" value="{}">'
                               '<button class="link">Annuler</button></form>', reverse("work-table-restore"), csrf_input(request),
                               year)  # fmt: skip
            messages.success(request, format_html("La table des ETP de {} en préparation est retirée. {}", year, undo))
            return redirect(back)
    context = {
        "year": year, "bricks": bricks, "total": sum((one.total for one in bricks), Decimal(0)), "refusal": refusal,
        "annexed": operations.annexed_in_preparation(year), "cancel": f"{back}&table={PREPARED}",
        "last": WorkTable.objects.visible_to(request.user).filter(year=year).first(),
        "places": [DEPARTMENT, Link(f"Répartition des ETP, {year}", back)],
    }  # fmt: skip
    return render(request, "agreements/work_table_drop.html", context, status=422 if refusal else 200)


@require_POST
def put_back(request: HttpRequest) -> HttpResponse:
    """Put back the table in preparation that was dropped last."""
    asked = request.POST.get("exercice", "")
    if not (asked.isdecimal() and len(asked) == 4):
        messages.error(request, "Dites l’exercice de la table à remettre, en quatre chiffres.")
        return redirect("work-tables")
    back = f"{reverse('work-tables')}?exercice={asked}"
    try:
        put_back_dropped(int(asked))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    messages.success(request, f"La table des ETP de {asked} est de nouveau en préparation.")
    return redirect(f"{back}&table={PREPARED}")


def annex(request: HttpRequest, pk: int) -> HttpResponse:
    """Annex the table in preparation of a year to a draft."""
    found = get_object_or_404(Version.objects.visible_to(request.user).select_related("agreement"), pk=pk)
    if not access.may_write_version(request.user, found):
        raise Http404
    form = AnnexForm(request.POST or None, initial={"year": timezone.localdate().year})
    return form_page(
        request, form, lambda: operations.annex_table(found, **form.cleaned_data), title="Annexer la table des ETP",
        submit="Annexer cette table", done="La table est annexée : elle sera adoptée avec la version.",
        places=places_of_version(found),
        back=found.get_absolute_url(),
        sentence="Une fois la version approuvée, cette table ne change plus ; celle d’avant reste lisible.",
    )  # fmt: skip


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a table away from a draft."""
    found = get_object_or_404(AnnexedTable.objects.visible_to(request.user).select_related("version__agreement"), pk=pk)
    if not access.may_write_version(request.user, found.version):
        raise Http404
    version = found.version
    operations.release_table(found)
    messages.success(request, "La table n’est plus annexée : elle reste en préparation.")
    return redirect(version)


routes: list[URLPattern] = [
    route("service/etp/", table, "work-tables"),
    route("service/etp/preparer/", prepare, "work-table-prepare", may=may_manage_staff),
    route("service/etp/retirer/", drop, "work-table-drop", may=may_manage_staff),
    route("service/etp/remettre/", put_back, "work-table-restore", may=may_manage_staff),
    route("conventions/versions/<int:pk>/etp/", annex, "table-annex"),
    route("conventions/tables-annexees/<int:pk>/retirer/", release, "table-release"),
]
