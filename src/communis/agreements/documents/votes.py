"""The draft of the act by which a member’s council adopts an amendment: in its name, with its choices and what they cost."""

from __future__ import annotations

from datetime import date

from communis.agreements.comparing import compared, expose_of
from communis.agreements.documents.values import Typed, Values, common, costs_of, day_text, ticked, total_of
from communis.agreements.enums import DocumentKind
from communis.agreements.models import Amendment, AmendmentChange, Choice, ChoiceForm, Membership
from communis.agreements.reading import convention_of


def of_member_vote(amendment: Amendment, membership: Membership, typed: Typed, today: date) -> Values:
    """Return the values of a member’s draft act on an amendment; the costs are those of the version that it makes (DOC-12)."""
    made, kind = amendment.makes, DocumentKind.AMENDMENT_VOTE
    convention = convention_of(made)
    form = ChoiceForm.objects.unscoped().filter(membership=membership).order_by("-starts_on", "-id").first()
    rows = Choice.objects.unscoped().filter(form=form).order_by("starts_on", "id") if form is not None else ()
    held = {choice.offer: choice.starts_on for choice in rows}
    year = max(today, made.starts_on or today).year
    costs = costs_of(convention, membership.organization, list(held), year) if convention is not None else []
    fields = common(kind, membership.organization, made, typed) | {
        "titre": f"{str(kind.label).capitalize()} : {membership.organization}, avenant n° {amendment.number}"[:300],
        "expose": [*exposed(amendment, membership), *changed(amendment)],
        "choix": ticked(convention, held),
        "couts": [{name: text for name, text in row.items() if name != "compte"} for row in costs],
        "total": total_of(costs),
        "decisions": decided(amendment, typed),
        "effet": day_text(made.starts_on),
    }
    return Values(kind, fields)


def exposed(amendment: Amendment, membership: Membership) -> list[str]:
    """Return why the council votes: since when it adheres, what the host approved, and the reason given."""
    name = amendment.agreement.name
    since = f" depuis le {day_text(membership.effect_on)}" if membership.effect_on is not None else ""
    act = amendment.makes.adopted_by
    approved = f", approuvé par {act}" if act is not None else ""
    told = [
        f"{membership.organization} adhère à la convention « {name} »{since}.",
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
