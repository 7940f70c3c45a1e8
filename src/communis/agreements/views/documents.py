"""The pages of documents, templates and attached files."""

from __future__ import annotations

from django.urls import URLPattern

routes: list[URLPattern] = []
