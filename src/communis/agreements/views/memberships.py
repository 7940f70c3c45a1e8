"""The pages of memberships, intake and exits."""

from __future__ import annotations

from django.urls import URLPattern

routes: list[URLPattern] = []
