"""The page of the terms of the trade, each with its meaning and its source."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from communis.directory.glossary import TERMS


def glossary(request: HttpRequest) -> HttpResponse:
    """List the terms of the trade in their order."""
    return render(request, "portal/glossary.html", {"terms": TERMS.values()})
