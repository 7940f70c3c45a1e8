"""The addresses of the catalogue."""

from __future__ import annotations

from communis.catalog import access, coverage_views, staffing_views, views
from communis.directory.access import is_of_host
from communis.foundation.doors import route

urlpatterns = [
    route("service/", staffing_views.department, "department"),
    route("sites/<int:pk>/", coverage_views.site, "site"),
    route("prestations/", coverage_views.coverage, "coverage"),
    route("prestations/<str:offer>/sites/", coverage_views.state, "coverage-state", may=access.may_state_coverage),
    route("prestations/historique/<int:pk>/", coverage_views.history, "coverage-history", may=is_of_host),
    route("organisations/<int:pk>/offres/", views.offers, "offers"),
    route("territoire/<slug:insee>/offres/", views.offers_of_commune, "offers-of-commune", may=is_of_host),
]
