"""The pages of conventions, versions, amendments and staff files."""

from __future__ import annotations

from django.urls import URLPattern

routes: list[URLPattern] = []
