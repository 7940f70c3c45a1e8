"""The addresses of the catalogue."""

from __future__ import annotations

from communis.catalog import views
from communis.directory.access import is_of_host
from communis.foundation.doors import route

urlpatterns = [
    route("organisations/<int:pk>/offres/", views.offers, "offers"),
    route("territoire/<slug:insee>/offres/", views.offers_of_commune, "offers-of-commune", may=is_of_host),
]
