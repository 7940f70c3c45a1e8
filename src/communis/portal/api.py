"""The root of the API: every room’s readings under `/api/v1/`, and its OpenAPI."""

from __future__ import annotations

from communis.catalog import api as offers
from communis.directory.api import ROOMS
from communis.foundation.api.root import ReadingApi, routes_of

api = ReadingApi(
    *ROOMS,
    ("", offers.room),
    title="communis",
    version="1",
    urls_namespace="api-v1",
    openapi_url="/openapi.json",
    description="Lire le service par programme, avec les droits du compte qui a créé le jeton. Montants et quantités décimaux "
    "sont des textes exacts ; les dates sont au format ISO 8601.",
)
urlpatterns = routes_of(api)
app_name = "api-v1"
