"""The addresses of conventions."""

from __future__ import annotations

from communis.agreements.views import acts, documents, memberships, versions

urlpatterns = [*versions.routes, *acts.routes, *memberships.routes, *documents.routes]
