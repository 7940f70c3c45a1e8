"""The addresses of the catalogue."""

from __future__ import annotations

from communis.catalog import access, comparison_views, coverage_views, edition_views, staffing_views, views
from communis.directory.access import is_of_host
from communis.foundation.doors import route

urlpatterns = [
    route("service/", staffing_views.department, "department"),
    route("sites/<int:pk>/", coverage_views.site, "site"),
    route("prestations/", coverage_views.coverage, "coverage"),
    route("prestations/<str:offer>/sites/", coverage_views.state, "coverage-state", may=access.may_state_coverage),
    route("prestations/historique/<int:pk>/", coverage_views.history, "coverage-history", may=is_of_host),
    route("catalogues/", edition_views.editions, "editions"),
    route("catalogues/comparer/", comparison_views.comparison, "comparison"),
    route("catalogues/<int:pk>/", edition_views.edition, "edition"),
    route("catalogues/<int:pk>/choix/", edition_views.composition, "composition"),
    route("catalogues/<int:pk>/imprimer/", edition_views.edition_pdf, "edition-pdf"),
    route("catalogues/<int:pk>/copier/", edition_views.copy, "edition-copy", may=access.may_keep_catalog),
    route("catalogues/fiches/<int:pk>/", edition_views.entry, "entry"),
    route("organisations/<int:pk>/offres/", views.offers, "offers"),
    route("territoire/<slug:insee>/offres/", views.offers_of_commune, "offers-of-commune", may=is_of_host),
]
