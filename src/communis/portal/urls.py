"""The roots of all addresses."""

from __future__ import annotations

from django.urls import include, path

from communis.foundation.doors import ACCOUNT, EVERYONE, route
from communis.portal import documentation, glossary, imports, runs, views

urlpatterns = [
    route("", views.home, "home"),
    route("recherche/", views.search, "search"),
    route("accessibilite/", views.accessibility, "accessibility", open_to=EVERYONE),
    route("glossaire/", glossary.glossary, "glossary", open_to=ACCOUNT),
    route("accessibilite/service/", views.accessibility_of_pool, "accessibility-of-pool"),
    route("health", views.health, "health", open_to=EVERYONE),
    route("sante", views.health, "health-in-french", open_to=EVERYONE),
    route("ready", views.ready, "ready", open_to=EVERYONE),
    route("pret", views.ready, "ready-in-french", open_to=EVERYONE),
    route("services/", views.choose_pool, "choose-pool", open_to=ACCOUNT),
    *runs.routes,
    *imports.routes(),
    path("", include("communis.directory.account_urls")),
    route("api/", documentation.documentation, "api"),
    path("api/v1/", include("communis.portal.api")),
    path("", include("communis.directory.urls")),
    path("", include("communis.catalog.urls")),
    path("", include("communis.agreements.urls")),
]
