"""Offers simulated for programs: the lines of each with exact amounts, and the tree that explains a line."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Schema

from communis.catalog import access
from communis.catalog.conventions import TariffRead, convention_in_force, tariff_read_by
from communis.catalog.inputs import Inputs, Unfit, inputs_of
from communis.catalog.offers import Cell, Offers, simulate_offers
from communis.directory.access import is_of_host
from communis.directory.api.values import InseeCode, RowNumber
from communis.directory.enums import TokenScope
from communis.directory.models import Organization
from communis.directory.territory import communes_of, host_of
from communis.foundation.api.root import Readings
from communis.tariff import Convention

SCOPE = TokenScope.OFFERS
FIRST_EXERCISE, LAST_EXERCISE = 2000, 2100
room = Readings(tags=["Offres"])
Exercise = Annotated[int, Query(ge=FIRST_EXERCISE, le=LAST_EXERCISE, description="L’exercice, par son année.")]
LineKey = Annotated[str, Query(min_length=1, max_length=200, description="La « key » d’une ligne de l’offre.")]
UNFIT = "La fiche ne convient pas à la convention : rien n’est simulé avant sa correction."
SIMULATION = "Simulation, pas une facture : chaque offre est supposée tenue toute l’année."


class LineRow(Schema, json_schema_extra={"description": "Une ligne d’une offre."}):
    key: str = Field(description="Ce qui nomme la ligne pour lire son explication.")
    label: str = Field(description="Le libellé.")
    articles: str = Field(description="Les articles de la convention.")
    amount: str | None = Field(description="Le montant en euros, en décimal exact, comme texte ; null s’il n’y en a pas.")
    words: str = Field(description="Le montant tel que la page l’écrit, ou les mots qui en tiennent lieu.")
    mark: str = Field(description="Ce que le montant a de particulier : hypothèse, donnée fictive…")


class OfferRow(Schema, json_schema_extra={"description": "Une offre de la convention, simulée."}):
    name: str = Field(description="Le nom de l’offre dans la convention.")
    label: str = Field(description="Son libellé.")
    lines: list[LineRow] = Field(description="Ses lignes.")
    total: str | None = Field(description="Le total hors taxe, en décimal exact ; null si une ligne n’a pas de montant.")


class MissingRow(Schema, json_schema_extra={"description": "Un fait que l’exercice demande et que personne n’a saisi."}):
    fact: str = Field(description="Le nom du fait dans la convention.")
    year: int = Field(description="L’exercice.")
    words: str = Field(description="Ce qui manque, en français.")
    unit: str = Field(description="L’unité.")


class SetAsideRow(Schema, json_schema_extra={"description": "Ce que la convention ne sait pas lire, et qui est mis de côté."}):
    organization: int | None = Field(description="Le numéro de l’organisation ; null pour un fait du service.")
    fact: int | None = Field(description="Le numéro du fait ; null quand la fiche de l’organisation est en cause.")
    what: str = Field(description="Ce qui est mis de côté.")
    why: str = Field(description="Pourquoi.")
    remedy: str = Field(description="Quoi faire.")


class OffersFile(Schema, json_schema_extra={"description": "Les offres de la convention, simulées pour un exercice."}):
    convention: str | None = Field(description="Le titre de la convention qui s’applique ; null s’il n’y en a pas.")
    version: str | None = Field(description="La version adoptée, sinon celle qui est proposée ; null sans fiche d’organisation.")
    member: str = Field(description="L’organisation ou la commune.")
    exercise: str = Field(description="L’exercice, tel que la convention le nomme.")
    notice: str = Field(description="Ce que valent ces montants.")
    offers: list[OfferRow] = Field(description="Les offres.")
    missing: list[MissingRow] = Field(description="Les faits qui manquent.")
    set_aside: list[SetAsideRow] = Field(description="Ce que la convention ne sait pas lire ; le reste est calculé sans.")


class Explanation(Schema, json_schema_extra={"description": "L’arbre qui explique une ligne, au schéma communis/explanation/2."}):
    schema_: Literal["communis/explanation/2"] = Field(description="Toujours « communis/explanation/2 ».", alias="schema")
    member: str = Field(description="L’organisation ou la commune.")
    exercise: str = Field(description="L’exercice.")
    lines: list[dict[str, Any]] = Field(description="La ligne demandée : article, formule, valeurs, faits, arrondis, lectures.")


def amount_text(amount: Fraction | None) -> str | None:
    """Write an amount exactly, with two decimals at least: amounts are rounded where the convention says."""
    if amount is None:
        return None
    places = next(p for p in range(2, 30) if (amount * 10**p).denominator == 1)
    cents = int(amount * 10**places)
    sign, digits = "-" if cents < 0 else "", str(abs(cents)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def simulated(rank: int, convention: Convention, inputs: Inputs, year: int) -> Offers:
    return simulate_offers(convention, inputs, rank, (year,))


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was simulated for a member: nothing without a convention, nor when its own file does not fit it."""

    name: str
    year: int
    convention: Convention | None = None
    found: Offers | None = None
    unfit: tuple[Unfit, ...] = ()
    read: TariffRead = field(default_factory=TariffRead)


def told(asked: Simulated) -> dict[str, Any]:
    """Return the offers of an exercise as they are answered."""
    found, convention = asked.found, asked.convention
    notice = SIMULATION if found else UNFIT if convention else asked.read.silence
    return {
        "convention": convention.title if convention else None, "version": asked.read.version or None,
        "member": asked.name, "notice": notice,
        "exercise": found.labels[0] if found else str(asked.year),
        "set_aside": [{"organization": u.organization, "fact": u.fact, "what": f"{u.name}, {u.what}", "why": u.why,
                       "remedy": u.remedy} for u in asked.unfit],
        "offers": [
            {
                "name": offer.name, "label": offer.label, "total": amount_text(offer.totals[0].amount),
                "lines": [line_of(line.label, line.articles, line.cells[0]) for line in offer.lines],
            }
            for offer in (found.offers if found else ())
        ],
        "missing": [
            {"fact": m.fact, "year": m.year, "words": m.words, "unit": m.unit} for m in (found.missing if found else ())
        ],
    }  # fmt: skip


def line_of(label: str, articles: str, cell: Cell) -> dict[str, Any]:
    return {
        "key": cell.key, "label": label, "articles": articles, "amount": amount_text(cell.amount), "words": cell.words,
        "mark": cell.mark,
    }  # fmt: skip


def explained(asked: Simulated, line: str) -> dict[str, Any]:
    """Return the tree of a line, as the margin of the page shows it."""
    found = asked.found
    row = found.rows.get(line) if found is not None else None
    if found is None or row is None:
        raise Http404
    return {"schema": "communis/explanation/2", "member": asked.name, "exercise": found.labels[0], "lines": [row.step.to_json()]}


def for_organization(request: HttpRequest, pk: int, year: int) -> Simulated:
    """Return the offers simulated for an organization that the account may simulate for; others do not exist."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    if not access.may_simulate(request.user, organization):
        raise Http404
    read = tariff_read_by(organization.pk, timezone.localdate())
    convention = read.convention
    if convention is None:
        return Simulated(organization.name, year, read=read)
    inputs = inputs_of(convention)
    rank = inputs.organizations.get(organization.pk)
    told_to = inputs.unfit if is_of_host(request.user) else inputs.unfit_for(organization.pk)
    found = simulated(rank, convention, inputs, year) if rank is not None else None
    return Simulated(organization.name, year, convention, found, told_to, read)


def for_commune(request: HttpRequest, insee: str, year: int) -> Simulated:
    """Return the offers simulated for a commune of the territory, in the service or not."""
    body = get_object_or_404(communes_of(host_of()), insee=insee)
    convention = convention_in_force(timezone.localdate())
    if convention is None:
        return Simulated(body.name, year)
    inputs = inputs_of(convention)
    rank = inputs.communes.get(insee)  # None: its file is set aside, for a type that the convention does not know
    found = simulated(rank, convention, inputs, year) if rank is not None else None
    return Simulated(body.name, year, convention, found, inputs.unfit)


@room.reads("/organizations/{int:id}/offers", OffersFile, scope=SCOPE, summary="Ce qu’une organisation paierait",
            told="Le service simule pour toutes les organisations, un membre pour la sienne.")  # fmt: skip
def offers(request: HttpRequest, id: RowNumber, exercise: Exercise) -> Any:
    return told(for_organization(request, id, exercise))


@room.reads("/organizations/{int:id}/offers/explanation", Explanation, scope=SCOPE, summary="Pourquoi ce montant",
            by_alias=True)  # fmt: skip
def offer_explanation(request: HttpRequest, id: RowNumber, exercise: Exercise, line: LineKey) -> Any:
    return explained(for_organization(request, id, exercise), line)


@room.reads("/territory/{str:insee}/offers", OffersFile, scope=SCOPE, may=is_of_host, summary="Ce qu’une commune paierait",
            told="Pour une commune du territoire, dans le service ou pas. Lu par le service seul.")  # fmt: skip
def commune_offers(request: HttpRequest, insee: InseeCode, exercise: Exercise) -> Any:
    return told(for_commune(request, insee, exercise))


@room.reads("/territory/{str:insee}/offers/explanation", Explanation, scope=SCOPE, may=is_of_host,
            summary="Pourquoi ce montant, pour une commune", by_alias=True)  # fmt: skip
def commune_offer_explanation(request: HttpRequest, insee: InseeCode, exercise: Exercise, line: LineKey) -> Any:
    return explained(for_commune(request, insee, exercise), line)
