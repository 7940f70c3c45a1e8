"""The draft of the act by which a member’s council adopts an amendment: in its name, with its choices and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from communis.agreements.applicable import version_for
from communis.agreements.comparing import clause_differences, compared, expose_of, listed_changes
from communis.agreements.documents.costs import costs_of
from communis.agreements.documents.offered import Names, day_text, ticked
from communis.agreements.documents.values import Typed, Values, common
from communis.agreements.enums import DocumentKind
from communis.agreements.models import Amendment, AmendmentChange, Choice, ChoiceForm, Membership, Version
from communis.agreements.reading import chain_of, convention_of
from communis.directory.territory import host_of
from communis.tariff.wording import listed


def of_member_vote(amendment: Amendment, membership: Membership, typed: Typed, today: date) -> Values:
    """Return the values of a member’s draft act on an amendment; the costs are those of the version that it makes (DOC-12)."""
    made, kind = amendment.makes, DocumentKind.AMENDMENT_VOTE
    form = ChoiceForm.objects.unscoped().filter(membership=membership).order_by("-starts_on", "-id").first()
    rows = Choice.objects.unscoped().filter(form=form).order_by("starts_on", "id") if form is not None else ()
    held = {choice.offer: choice.starts_on for choice in rows}
    applied = version_for(membership, today)
    day = max(today, made.starts_on or today)
    since = form.starts_on if form is not None else None
    costs = costs_of(made, membership.organization, held, day, since=since)
    fields = common(kind, membership.organization, made, typed) | {
        "titre": f"{str(kind.label).capitalize()} : {membership.organization}, avenant n° {amendment.number}"[:300],
        "expose": [*exposed(amendment, membership, applied), *changed(amendment, applied)],
        "choix": ticked(Names.of(membership, convention_of(made)), held, day),
        "couts": list(costs.rows), "total": costs.total, "hypotheses": list(costs.hypotheses),
        "decisions": decided(amendment, typed),
        "effet": day_text(made.starts_on),
    }  # fmt: skip
    return Values(kind, fields)


def exposed(amendment: Amendment, membership: Membership, applied: Version | None) -> list[str]:
    """Return why the council votes: since when it adheres, what the host approved, and the reason given."""
    name = amendment.agreement.name
    since = f" depuis le {day_text(membership.effect_on)}" if membership.effect_on is not None else ""
    act = amendment.makes.adopted_by
    approved = f", approuvé par {act}" if act is not None else ""
    host = host_of()
    carried = f", dont le gestionnaire est {host}" if host is not None else ""
    told = [f"{membership.organization} adhère{since} à la convention « {name} »{carried}."]
    between = crossed(amendment.makes, applied)[:-1]
    if applied is not None and between:
        told.append(f"La version qui s’applique à {membership.organization} est la {applied.cited} : adopter l’avenant "
                    f"n° {amendment.number}, c’est adopter aussi ce que {taken_up(between)}.")  # fmt: skip
    told.append(f"L’avenant n° {amendment.number} à cette convention a pour objet : {amendment.subject.rstrip('.')}{approved}.")
    if amendment.prolongs_to is not None:
        told.append(f"Il prolonge la convention jusqu’au {day_text(amendment.prolongs_to)}.")
    return [*told, amendment.reason] if amendment.reason else told


def crossed(made: Version, applied: Version | None) -> list[Version]:
    """Return the versions that a member takes by adopting one, the earliest first: all those after the one that applies to it.

    Where that one is not among those before, the version adopted is alone.
    """
    known = Version.objects.unscoped().select_related("agreement").in_bulk(chain_of(made.agreement).ranks)
    found: list[Version] = []
    one: Version | None = made
    while one is not None and (applied is None or one.pk != applied.pk):
        found.append(one)
        one = known.get(one.follows_id) if one.follows_id is not None else None
    return found[::-1] if one is not None else [made]


def taken_up(versions: Sequence[Version]) -> str:
    """Name what made the versions between: « l’avenant n° 6 (numérique) change »."""
    known = amendments_of(versions)
    names = [f"l’avenant n° {known[one.pk].number} ({known[one.pk].subject.rstrip('.')})" if one.pk in known
             else f"la {one.cited}" for one in versions]  # fmt: skip
    return f"{listed(names)} {'changent' if len(names) > 1 else 'change'}"


def amendments_of(versions: Sequence[Version]) -> dict[int, Amendment]:
    return {one.makes_id: one for one in Amendment.objects.unscoped().filter(makes__in=versions).select_related("makes")}


def changed(amendment: Amendment, applied: Version | None) -> list[str]:
    """Return what changes for a member, version by version, from the one that applies to it to the one that is adopted."""
    versions = crossed(amendment.makes, applied)
    known = amendments_of(versions)
    told: list[str] = []
    for one in versions:
        said = changed_by(known.get(one.pk), one)
        if len(versions) > 1 and said:
            told.append(f"Ce que change l’avenant n° {known[one.pk].number} :" if one.pk in known else
                        f"Ce que change la {one.cited} :")  # fmt: skip
        told += said
    return told


def changed_by(amendment: Amendment | None, made: Version) -> list[str]:
    """Return what a version changes, as its amendment lists it; where nothing is typed, as its text differs."""
    typed = list(AmendmentChange.objects.unscoped().filter(amendment=amendment)) if amendment is not None else []
    before = made.follows
    if not typed:
        return expose_of(compared(before, made)) if before is not None else []
    return [
        f"{one.kind.capitalize()}{f', {one.article}' if one.article else ''} : {one.wording}"
        for one in listed_changes(typed, clause_differences(before, made) if before is not None else ())
    ]


def decided(amendment: Amendment, typed: Typed) -> list[str]:
    return [
        f"APPROUVE l’avenant n° {amendment.number} à la convention « {amendment.agreement.name} ».",
        f"AUTORISE {typed.signatory or 'son représentant'} à le signer, ainsi que tout document afférent.",
    ]
