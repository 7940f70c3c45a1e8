"""The roots of all addresses."""

from __future__ import annotations

from django.urls import include, path

from communis.foundation.doors import ACCOUNT, EVERYONE, route
from communis.portal import views

urlpatterns = [
    route("", views.home, "home"),
    route("sante", views.health, "health", open_to=EVERYONE),
    route("pret", views.ready, "ready", open_to=EVERYONE),
    route("services/", views.choose_pool, "choose-pool", open_to=ACCOUNT),
    path("", include("communis.directory.account_urls")),
]
