"""Two catalogues compared: on a page, as a table, and printed as the exposé of an avenant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from communis.catalog.comparing import Difference, compared, contents_of
from communis.catalog.documents import expose_pdf
from communis.catalog.forms import ComparisonForm
from communis.kit.downloads import FORMS, table_file
from communis.kit.lists import EXPORT
from communis.kit.parts import Link

COLUMNS = ("Changement", "Genre", "Fiche", "Sous", "Champ", "Avant", "Après")


def comparison(request: HttpRequest) -> HttpResponse:
    """Compare two catalogues that somebody may read; the address holds both."""
    asked = bool(request.GET.get("avant") or request.GET.get("apres"))
    form = ComparisonForm(request.GET if asked else None, user=request.user)
    context: dict[str, Any] = {"form": form, "places": [Link("Catalogues", reverse("editions"))]}
    if form.is_valid():
        before, after = (contents_of(form.cleaned_data[name]) for name in ("avant", "apres"))
        differences = compared(before, after)
        export = request.GET.get(EXPORT, "")
        if export in FORMS:
            file: Any = table_file(export, "comparaison-de-catalogues", "Comparaison", COLUMNS, lines_of(differences))
            return file
        if export == "pdf":
            response = HttpResponse(expose_pdf(before, after, differences), content_type="application/pdf")
            response["Content-Disposition"] = 'attachment; filename="expose-des-modifications.pdf"'
            return response
        context |= {"before": before.edition, "after": after.edition, "differences": differences}
    return render(request, "catalog/comparison.html", context, status=422 if asked and form.errors else 200)


def lines_of(differences: Sequence[Difference]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table: one a field that differs."""
    for one in differences:
        head = (one.what, one.kind, one.name, one.place)
        if not one.changes:
            yield (*head, "", "", "")
        yield from ((*head, change.name, change.before, change.after) for change in one.changes)
