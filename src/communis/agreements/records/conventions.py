"""The kinds of rows of conventions, staff files and documents that are kept by a plain form."""

from __future__ import annotations

from typing import Any

from communis.agreements import access
from communis.agreements.forms.rows import ActRow, PriceRow
from communis.agreements.models import (
    Agreement,
    Amendment,
    AmendmentChange,
    Article,
    CommitteeOpinion,
    Document,
    DocumentRecipient,
    DocumentTemplate,
    DocumentVisa,
    LegalPiece,
    PriceAct,
    ReviewDate,
    SharedGood,
    StaffFile,
    Version,
)
from communis.agreements.operations.prices import drop_price, keep_price
from communis.directory.records import Kind, keep

_OF_AGREEMENT: dict[str, Any] = {"parent": "agreement", "may": access.may_keep_agreement}

keep(
    Kind(
        "conventions",
        Agreement,
        "une convention",
        (
            "name",
            "short_name",
            "programme",
            "grounds",
            "audience_fact",
            "audience_value",
            "trial_starts_on",
            "trial_ends_on",
            "review_months",
            "closed_on",
        ),
        access.may_keep_agreement,
        feminine=True,
        listed="/conventions/",
    ),
    Kind(
        "versions-de-convention",
        Version,
        "une version",
        ("label", "author", "dated_as", "dated_on", "preamble", "edition", "data_role", "data_clause", "data_measures"),
        access.may_write_version,
        feminine=True,
        listed="/conventions/",
    ),
    Kind(
        "changements-d-avenant",
        AmendmentChange,
        "un changement",
        ("kind", "article", "wording", "rank"),
        access.may_write_amendment,
        parent="amendment",
    ),
    Kind(
        "pieces-juridiques",
        LegalPiece,
        "une pièce",
        ("kind", "employer", "on", "reference"),
        feminine=True,
        past=("on",),
        **_OF_AGREEMENT,
    ),
    Kind("biens-partages", SharedGood, "un bien partagé", ("name", "users", "conditions", "cost_rule"), **_OF_AGREEMENT),
    Kind(
        "prix-par-acte",
        PriceAct,
        "un prix fixé par un acte",
        ("parameter", "value", "starts_on", "reference", "decided_by"),
        form=PriceRow,
        keep=keep_price,
        drop=drop_price,
        **_OF_AGREEMENT,
    ),
    Kind("bilans-d-etape", ReviewDate, "un bilan", ("due_on", "held_on", "note"), past=("held_on",), **_OF_AGREEMENT),
    Kind(
        "dossiers-d-agents",
        StaffFile,
        "un dossier d’agent",
        (
            "agent",
            "organization",
            "agreement",
            "status",
            "move",
            "share",
            "functions",
            "starts_on",
            "ends_on",
            "destination",
            "effect_organization",
            "effect_conditions",
            "effect_pay",
            "effect_rights",
            "decided_by",
        ),
        access.may_keep_staff_file,
        listed="/agents/",
        form=ActRow,
    ),
    Kind(
        "avis-d-instances",
        CommitteeOpinion,
        "un avis",
        ("committee", "of_host", "on", "opinion", "at_exit"),
        access.may_keep_staff_file,
        parent="staff_file",
        past=("on",),
    ),
    Kind(
        "destinataires", DocumentRecipient, "un destinataire", ("name", "for_action"), access.may_keep_document, parent="document"
    ),
    Kind("visas", DocumentVisa, "un visa", ("quality", "name", "on"), access.may_keep_document, parent="document"),
    with_history={
        "articles": Article,
        "avenants": Amendment,
        "documents": Document,
        "modeles-de-document": DocumentTemplate,
    },
)
