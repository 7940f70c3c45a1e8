"""The imports of all rooms, each behind its own predicate."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from communis.foundation.doors import route
from communis.foundation.operations import start_run
from communis.foundation.requests import AccountRequest
from communis.foundation.scope import current_pool
from communis.kit.imports import Importable, ImportPages, Staged
from communis.portal.importables import IMPORTABLES
from communis.portal.tasks import kind_of


def owner(request: AccountRequest) -> tuple[int, int]:
    """Say whose the files sent are: the pool one works in, and one’s account."""
    return current_pool(), request.user.pk


def later(request: AccountRequest, importable: Importable, staged: Staged, step: str) -> HttpResponse:
    """Hand a long step over to a run, and go to the page where it is followed."""
    run = start_run(kind_of(importable, step), account=request.user.pk, now=timezone.now(), parameters={"file": staged.key})
    return redirect("run", pk=run.pk)


def imports(request: AccountRequest) -> HttpResponse:
    """Show every list that one may import, with the list as it is to take away."""
    mine = [importable for importable in IMPORTABLES if importable.may(request.user)]
    if not mine:
        raise Http404
    lists = [(one, reverse(f"import-{one.name}"), bool(one.rows)) for one in mine]
    return render(request, "portal/imports.html", {"lists": lists})


def routes() -> list[Any]:
    pages = [ImportPages(importable, owner=owner, later=later) for importable in IMPORTABLES]
    return [route("importer/", imports, "imports"), *(pattern for one in pages for pattern in one.routes(route))]
