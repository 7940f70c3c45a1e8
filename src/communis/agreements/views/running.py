"""Long runs asked from a page of a convention: whoever presses the same button meanwhile joins the one under way."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from communis.foundation.operations import start_or_join_run
from communis.foundation.requests import AccountRequest


def follow_run(request: AccountRequest, kind: str, **parameters: int) -> HttpResponse:
    """Start a run, or join the one that does the same already, and show it."""
    run, is_started = start_or_join_run(kind, account=request.user.pk, now=timezone.now(), parameters=parameters)
    if not is_started:
        by = "vous" if run.account_id == request.user.pk else run.account.name
        messages.info(request, f"Ce travail est déjà en cours, demandé par {by} : il n’est pas lancé deux fois. Suivez-le ici.")
    return redirect("run", pk=run.pk)
