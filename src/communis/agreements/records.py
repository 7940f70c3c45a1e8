"""The kinds of rows of conventions that are kept by a plain form; see `directory.records`, the one mechanism for them all."""

from __future__ import annotations

from typing import Any

from communis.agreements import access
from communis.agreements.models import (
    Agreement,
    Amendment,
    AmendmentChange,
    Article,
    Attachment,
    CommitteeOpinion,
    Document,
    DocumentRecipient,
    DocumentTemplate,
    DocumentVisa,
    LegalPiece,
    PriceAct,
    Resolution,
    ReviewDate,
    SharedGood,
    StaffFile,
    Version,
)
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
    Kind("pieces-juridiques", LegalPiece, "une pièce", ("kind", "employer", "on", "reference"), feminine=True, **_OF_AGREEMENT),
    Kind("biens-partages", SharedGood, "un bien partagé", ("name", "users", "conditions", "cost_rule"), **_OF_AGREEMENT),
    Kind("bilans-d-etape", ReviewDate, "un bilan", ("due_on", "held_on", "note"), **_OF_AGREEMENT),
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
    ),
    Kind(
        "avis-d-instances",
        CommitteeOpinion,
        "un avis",
        ("committee", "of_host", "on", "opinion", "at_exit"),
        access.may_keep_staff_file,
        parent="staff_file",
    ),
    with_history={
        "actes": Resolution,
        "articles": Article,
        "avenants": Amendment,
        "fichiers": Attachment,
    Kind(
        "destinataires", DocumentRecipient, "un destinataire", ("name", "for_action"), access.may_keep_document, parent="document"
    ),
    Kind("visas", DocumentVisa, "un visa", ("quality", "name", "on"), access.may_keep_document, parent="document"),
    with_history={
        "documents": Document,
        "modeles-de-document": DocumentTemplate,
        "articles": Article,
        "avenants": Amendment,
        "prix-par-acte": PriceAct,
    },
)
    ChoiceForm,
    Dispatch,
    Dispute,
    DisputeStep,
    Examination,
    ExitCost,
    ExitTask,
    InKindAgent,
    Intake,
    Letter,
    Membership,
    Notice,
    Obligation,
    Precondition,
    PurchaseMandate,
    Signature,
)
from communis.directory.access import may_keep_organization


def _service(user: Any, _: Any) -> bool:
    return access.may_manage_agreements(user)


_OF: Any = {"parent": "membership"}
keep(
    Kind("examens", Examination, "un examen approfondi",
         ("offer", "opened_on", "reason", "findings", "conditions", "decision", "amount", "decided_on", "decided_by"),
         access.may_decide_on, **_OF),
    Kind("transmissions", Dispatch, "une transmission", ("recipient", "sent_on", "proof"), access.may_decide_on, feminine=True,
         **_OF),
    Kind("mandats-d-achat", PurchaseMandate, "un mandat d’achat",
         ("supplier", "account", "assets", "starts_on", "ends_on", "decided_by"), access.may_decide_on, **_OF),
    Kind("agents-contributeurs", InKindAgent, "un agent contributeur", ("person", "days", "starts_on", "ends_on"),
         access.may_ask_for, **_OF),
    Kind("obligations", Obligation, "une obligation", ("key", "label", "article", "due_on", "done_on", "note"),
         access.may_ask_for, feminine=True, **_OF),
    Kind("differends", Dispute, "un différend", ("subject", "opened_on", "court", "closed_on", "outcome"), access.may_decide_on,
         **_OF),
    Kind("etapes-de-differend", DisputeStep, "une étape", ("stage", "on", "outcome"), _service, parent="dispute", feminine=True),
    Kind("compte-de-sortie", ExitCost, "une ligne du compte de sortie",
         ("kind", "label", "amount", "until", "agreed_member_on", "agreed_host_on"), _service, parent="notice", feminine=True),
    Kind("taches-de-sortie", ExitTask, "une tâche de sortie", ("rank", "label", "owner", "due_on", "done_on"), _service,
         parent="notice", feminine=True),
    Kind("lettres", Letter, "une lettre", ("agreement", "kind", "on", "wording", "decided_by"), may_keep_organization,
         parent="organization", feminine=True),
    Kind("conditions-prealables", Precondition, "une condition préalable",
         ("agreement", "offer", "label", "article", "met_on", "proof"), _service, home="/admissions/", feminine=True),
    Kind("listes-d-admission", Intake, "une liste d’admission",
         ("agreement", "offer", "year", "places", "fallback", "criteria"), _service, listed="/admissions/", feminine=True),
    with_history={"adhesions": Membership, "formulaires-de-choix": ChoiceForm, "preavis": Notice, "signatures": Signature},
)  # fmt: skip
