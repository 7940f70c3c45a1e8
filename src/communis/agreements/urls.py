"""The addresses of conventions."""

from __future__ import annotations

from communis.agreements.views import acts, catalogue, documents, memberships, versions, working

urlpatterns = [*versions.routes, *acts.routes, *memberships.routes, *documents.routes, *catalogue.routes, *working.routes]
