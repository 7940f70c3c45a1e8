"""The kinds of rows of memberships that are kept by a plain form."""

from __future__ import annotations

from typing import Any

from communis.agreements import access
from communis.agreements.forms.rows import ActRow, ExaminationRow, IntakeRow, ObligationRow, OfferRow
from communis.agreements.models import (
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
from communis.agreements.models.naming import named, named_by
from communis.directory.access import may_keep_organization
from communis.directory.records import Kind, keep
from communis.foundation.history import spell
from communis.tariff.wording import readable


def _line(row: Examination, name: str) -> str:
    """Return the name of a line as the latest tariff of its convention gives it."""
    convention = named_by(row.membership.agreement_id)
    line = convention.model.book.lines.get(name) if convention is not None else None
    return (line.label if line is not None else "") or readable(name)


spell(Precondition, "offer", words=lambda row, offer: named(row.agreement_id, offer))
spell(Intake, "offer", "fallback", words=lambda row, offer: named(row.agreement_id, offer))
spell(Examination, "offer", words=lambda row, offer: named(row.membership.agreement_id, offer))
spell(Examination, "line", words=_line)


def _service(user: Any, _: Any) -> bool:
    return access.may_manage_agreements(user)


_OF: Any = {"parent": "membership"}
keep(
    Kind("examens", Examination, "un examen approfondi",
         ("offer", "opened_on", "reason", "findings", "conditions", "decision", "amount", "line", "decided_on",
          "decided_by"),
         access.may_decide_on, form=ExaminationRow, past=("opened_on", "decided_on"), **_OF),
    Kind("transmissions", Dispatch, "une transmission", ("recipient", "sent_on", "proof"), access.may_decide_on, feminine=True,
         past=("sent_on",), **_OF),
    Kind("mandats-d-achat", PurchaseMandate, "un mandat d’achat",
         ("supplier", "account", "assets", "starts_on", "ends_on", "decided_by"), access.may_decide_on, form=ActRow, **_OF),
    Kind("agents-contributeurs", InKindAgent, "un agent contributeur", ("person", "days", "starts_on", "ends_on"),
         access.may_decide_on, **_OF),
    Kind("obligations", Obligation, "une obligation", ("label", "article", "due_on", "done_on", "note"),
         access.may_ask_for, feminine=True, form=ObligationRow, past=("done_on",),
         **_OF),
    Kind("differends", Dispute, "un différend", ("subject", "opened_on", "court", "closed_on", "outcome"), access.may_decide_on,
         past=("opened_on", "closed_on"), **_OF),
    Kind("etapes-de-differend", DisputeStep, "une étape", ("stage", "on", "outcome"), _service, parent="dispute", feminine=True,
         past=("on",)),
    Kind("compte-de-sortie", ExitCost, "une ligne du compte de sortie",
         ("kind", "label", "amount", "until", "agreed_member_on", "agreed_host_on"), _service, parent="notice", feminine=True,
         past=("agreed_member_on", "agreed_host_on")),
    Kind("taches-de-sortie", ExitTask, "une tâche de sortie", ("rank", "label", "owner", "due_on", "done_on"), _service,
         parent="notice", feminine=True, past=("done_on",)),
    Kind("lettres", Letter, "une lettre", ("agreement", "kind", "on", "wording", "decided_by"), may_keep_organization,
         parent="organization", feminine=True, form=ActRow, past=("on",)),
    Kind("conditions-prealables", Precondition, "une condition préalable",
         ("agreement", "offer", "label", "article", "met_on", "proof"), _service, home="/admissions/", feminine=True,
         form=OfferRow, past=("met_on",)),
    Kind("listes-d-admission", Intake, "une liste d’admission",
         ("agreement", "offer", "year", "places", "fallback", "criteria"), _service, listed="/admissions/", feminine=True,
         form=IntakeRow),
    with_history={"adhesions": Membership, "formulaires-de-choix": ChoiceForm, "preavis": Notice, "signatures": Signature},
)  # fmt: skip
