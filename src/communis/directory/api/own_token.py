"""What a token is: whose, for which service, what it may read, until when."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Field, Schema

from communis.directory.models import ApiToken
from communis.foundation.api.bearers import TokenRequest
from communis.foundation.api.root import Readings
from communis.foundation.tenancy import Pool

room = Readings(tags=["Jeton"])


class TokenFile(Schema, json_schema_extra={"description": "Le jeton de la requête."}):
    name: str = Field(description="Le nom donné au jeton.")
    account: str = Field(description="Le nom du compte.")
    service: str = Field(description="Le service mutualisé qu’il ouvre.")
    scopes: list[str] = Field(description="Ses portées.")
    expires_on: date = Field(description="Son dernier jour.")


@room.reads(
    "/token", TokenFile, summary="Le jeton de la requête", told="Pour vérifier qu’un jeton ouvre : aucune portée n’est demandée."
)
def token(request: TokenRequest) -> Any:
    found = ApiToken.objects.visible_to(request.user).get(pk=request.bearer.token)
    return {
        "name": found.name, "account": str(request.user), "service": str(Pool.objects.get(pk=request.bearer.pool)),
        "scopes": sorted(found.scopes), "expires_on": found.expires_on,
    }  # fmt: skip
