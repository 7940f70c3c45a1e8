"""The draft of the act by which a member’s council adopts an amendment: in its name, with its choices and what they cost."""

from __future__ import annotations

from datetime import date

from communis.agreements.comparing import compared, expose_of
from communis.agreements.documents.costs import costs_of
from communis.agreements.documents.offered import Names, day_text, ticked
from communis.agreements.documents.values import Typed, Values, common
from communis.agreements.enums import DocumentKind
from communis.agreements.models import Amendment, AmendmentChange, Choice, ChoiceForm, Membership
from communis.agreements.reading import convention_of
from communis.directory.territory import host_of


def of_member_vote(amendment: Amendment, membership: Membership, typed: Typed, today: date) -> Values:
    """Return the values of a member’s draft act on an amendment; the costs are those of the version that it makes (DOC-12)."""
    made, kind = amendment.makes, DocumentKind.AMENDMENT_VOTE
    form = ChoiceForm.objects.unscoped().filter(membership=membership).order_by("-starts_on", "-id").first()
    rows = Choice.objects.unscoped().filter(form=form).order_by("starts_on", "id") if form is not None else ()
    held = {choice.offer: choice.starts_on for choice in rows}
    day = max(today, made.starts_on or today)
    costs = costs_of(made, membership.organization, held, day)
    fields = common(kind, membership.organization, made, typed) | {
        "titre": f"{str(kind.label).capitalize()} : {membership.organization}, avenant n° {amendment.number}"[:300],
        "expose": [*exposed(amendment, membership), *changed(amendment)],
        "choix": ticked(Names.of(membership, convention_of(made)), held, day),
        "couts": list(costs.rows), "total": costs.total, "hypotheses": list(costs.hypotheses),
        "decisions": decided(amendment, typed),
        "effet": day_text(made.starts_on),
    }  # fmt: skip
    return Values(kind, fields)


def exposed(amendment: Amendment, membership: Membership) -> list[str]:
    """Return why the council votes: since when it adheres, what the host approved, and the reason given."""
    name = amendment.agreement.name
    since = f" depuis le {day_text(membership.effect_on)}" if membership.effect_on is not None else ""
    act = amendment.makes.adopted_by
    approved = f", approuvé par {act}" if act is not None else ""
    host = host_of()
    carried = f", dont le gestionnaire est {host}" if host is not None else ""
    told = [
        f"{membership.organization} adhère à la convention « {name} »{carried}{since}.",
        f"L’avenant n° {amendment.number} à cette convention a pour objet : {amendment.subject.rstrip('.')}{approved}.",
    ]
    if amendment.prolongs_to is not None:
        told.append(f"Il prolonge la convention jusqu’au {day_text(amendment.prolongs_to)}.")
    return [*told, amendment.reason] if amendment.reason else told


def changed(amendment: Amendment) -> list[str]:
    """Return what the amendment changes, as its changes are typed; where none is, as its text differs."""
    changes = AmendmentChange.objects.unscoped().filter(amendment=amendment)
    told = [
        f"{str(one.get_kind_display()).capitalize()}{f', {one.article}' if one.article else ''} : {one.wording}"
        for one in changes
    ]
    before = amendment.makes.follows
    return told or (expose_of(compared(before, amendment.makes)) if before is not None else [])


def decided(amendment: Amendment, typed: Typed) -> list[str]:
    return [
        f"APPROUVE l’avenant n° {amendment.number} à la convention « {amendment.agreement.name} ».",
        f"AUTORISE {typed.signatory or 'son représentant'} à le signer, ainsi que tout document afférent.",
    ]
