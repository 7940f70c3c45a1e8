"""What is told to a program that is refused (RFC 9457): what happened, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, JsonResponse
from ninja import Field, Schema

from communis.foundation.requests import request_identity

MEDIA = "application/problem+json"
DOCUMENTATION = "/api/"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, its title, what happened, what to do."""

    status: int
    title: str
    detail: str
    remedy: str


ANOTHER_TOKEN = "Créez un jeton sous votre nom, page « Jetons d’API »."
PROBLEMS = {
    "token_missing": Kind(401, "Jeton absent", "La requête ne porte pas de jeton.",
                          "Envoyez l’en-tête « Authorization: Bearer » suivi de votre jeton."),
    "token_unknown": Kind(401, "Jeton inconnu", "Ce jeton n’est pas connu.",
                          f"Vérifiez qu’il est entier, sans espace. {ANOTHER_TOKEN}"),
    "token_expired": Kind(401, "Jeton expiré", "La durée de ce jeton est passée.", ANOTHER_TOKEN),
    "token_revoked": Kind(401, "Jeton révoqué", "Ce jeton a été révoqué.", ANOTHER_TOKEN),
    "password_changed": Kind(401, "Jeton périmé", "Le mot de passe du compte a changé depuis que ce jeton a été créé.",
                             ANOTHER_TOKEN),
    "account_closed": Kind(401, "Compte fermé", "Le compte de ce jeton est fermé.",
                           "Demandez à la direction du service de le rouvrir, ou prenez le jeton d’un autre compte."),
    "no_right": Kind(401, "Plus de droit", "Le compte de ce jeton n’a plus de droit dans ce service.",
                     "Demandez un droit à la direction du service."),
    "second_factor": Kind(403, "Second facteur exigé", "Un droit du compte exige un second facteur, qui n’est pas en place.",
                          "Connectez-vous à l’application et mettez-le en place dans « Mon compte »."),
    "scope": Kind(403, "Portée insuffisante", "Ce jeton n’a pas la portée que cette lecture demande.",
                  "Créez un jeton qui a cette portée sous votre nom, page « Jetons d’API »."),
    "absent": Kind(404, "Introuvable", "Rien ne répond à cette adresse, ou ce compte ne peut pas le lire.",
                   "Vérifiez l’adresse ; les adresses et ce que chacune demande sont dans la documentation."),
    "method": Kind(405, "Méthode refusée", "Cette API se lit seulement.", "Utilisez GET, HEAD ou OPTIONS."),
    "parameters": Kind(422, "Paramètre refusé", "Un paramètre de la requête ne peut pas être lu.",
                       "Corrigez les paramètres nommés dans « errors » ; la documentation dit ce que chacun attend."),
    "too_many": Kind(429, "Trop de requêtes", "Ce jeton a fait trop de requêtes dans la minute.",
                     "Attendez le nombre de secondes de l’en-tête « Retry-After », ou lisez des pages plus longues."),
}  # fmt: skip


class ParameterError(Schema, json_schema_extra={"description": "Un paramètre refusé."}):
    parameter: str = Field(description="Le nom du paramètre.")
    message: str = Field(description="Ce qui ne va pas, en français.")


class Problem(Schema, json_schema_extra={"description": "Un refus, en français : ce qui s’est passé et quoi faire (RFC 9457)."}):
    type: str = Field(description="L’adresse de ce genre de refus dans la documentation.")
    title: str = Field(description="Le refus en quelques mots.")
    status: int = Field(description="Le code HTTP.")
    detail: str = Field(description="Ce qui s’est passé.")
    what_to_do: str = Field(description="Quoi faire.")
    request_id: str = Field(description="L’identifiant de la requête, à citer à qui tient le service.")
    errors: list[ParameterError] | None = Field(None, description="Les paramètres refusés, s’il y en a.")


def problem(kind: str, *, detail: str = "", errors: list[dict[str, str]] | None = None) -> HttpResponse:
    """Return the answer that tells a problem; `detail` takes the place of the words of its kind."""
    known = PROBLEMS[kind]
    told: dict[str, Any] = {
        "type": f"{DOCUMENTATION}#{kind}", "title": known.title, "status": known.status, "detail": detail or known.detail,
        "what_to_do": known.remedy, "request_id": request_identity(),
    }  # fmt: skip
    if errors is not None:
        told["errors"] = errors
    response = JsonResponse(told, status=known.status, content_type=MEDIA, json_dumps_params={"ensure_ascii": False})
    if known.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="communis"'
    return response


_SAID = {
    "missing": "Ce paramètre manque.",
    "int_parsing": "Écrivez un nombre entier.",
    "int_parsing_size": "Ce nombre est trop grand.",
    "int_from_float": "Écrivez un nombre entier, sans décimale.",
    "bool_parsing": "Écrivez true ou false.",
    "date_from_datetime_parsing": "Écrivez une date sous la forme 2026-01-31.",
    "date_parsing": "Écrivez une date sous la forme 2026-01-31.",
    "date_from_datetime_inexact": "Écrivez une date sous la forme 2026-01-31, sans heure.",
}


def said_of(error: dict[str, Any]) -> dict[str, str]:
    """Tell in French what is wrong with a parameter, from what the checker found."""
    found, bounds = error["type"], error.get("ctx", {})
    with_bounds = {
        "greater_than_equal": f"La plus petite valeur est {bounds.get('ge')}.",
        "less_than_equal": f"La plus grande valeur est {bounds.get('le')}.",
        "string_too_long": f"Au plus {bounds.get('max_length')} caractères.",
        "string_too_short": "Ce paramètre ne peut pas être vide.",
        "literal_error": f"Valeurs possibles : {str(bounds.get('expected', '')).replace(' or ', ', ')}.",
    }
    words = _SAID.get(found) or with_bounds.get(found) or "Cette valeur ne peut pas être lue."
    return {"parameter": str(error["loc"][-1]), "message": words}
