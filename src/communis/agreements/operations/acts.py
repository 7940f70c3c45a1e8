"""What may happen to a council act: kept with its imperfections, voted once, sent, received, withdrawn (DOC-01 to DOC-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from communis.agreements.enums import ActKind, ActState, Presence
from communis.agreements.models import Attendance, PriorOpinion, Resolution
from communis.agreements.transmissions import transmission_of
from communis.directory.models import Organization
from communis.directory.names import plain
from communis.directory.operations.rows import record
from communis.foundation.history import event_model
from communis.kit.formats import short_date
from communis.kit.parts import Link
from communis.kit.reading import Misread
from communis.kit.refusals import Refusal

VOTED = (ActState.ADOPTED, ActState.REJECTED)
PREPARED = (ActState.DRAFT, ActState.LISTED, ActState.ADJOURNED)
VOTABLE = (ActKind.RESOLUTION, ActKind.DECISION)  # what a council votes: a note only prepares, an order is its mayor’s


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody named in an act: how it attended, and to whom it gave its proxy."""

    name: str
    presence: Presence = Presence.PRESENT
    proxy_holder: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a commission or a committee said before the vote."""

    body: str
    on: date
    opinion: str


@transaction.atomic
def record_act(
    act: Resolution, *, names: Sequence[Named] | None = None, opinions: Sequence[Said] | None = None, version: int = 0,
    today: date | None = None,
) -> Resolution:  # fmt: skip
    """Keep an act as it is, new or changed, with the names of its session and the opinions before it (DOC-01 to DOC-05).

    None leaves the names, or the opinions, as they are. Nothing missing prevents keeping it; only what cannot be is refused: a
    session before its convocation, what was done on a day after `today`, an identifier that is none. `today` is not given for
    what is loaded from documents. Raises Refusal, or ValidationError for a field.
    """
    check_dates(act)
    if today is not None:
        check_past(act, today)
    if act.transmission:
        read_transmission(act)
    Organization.objects.unscoped().select_for_update().get(pk=act.organization_id)  # two clerks enter the same act once
    if act.number or act.pk is None:
        refuse_twin(act)
    record(act, version=version)
    if names is not None:
        keep_names(act, names)
    if opinions is not None:
        keep_opinions(act, opinions)
    return act


def check_dates(act: Resolution) -> None:
    """Refuse an act whose session comes before what calls it."""
    if act.session_on is not None and act.convened_on is not None and act.session_on < act.convened_on:
        raise ValidationError({"session_on": (
            f"La séance du {short_date(act.session_on)} précède sa convocation du {short_date(act.convened_on)} : un conseil est "
            "convoqué avant de siéger. Relisez les deux dates."
        )})  # fmt: skip


def check_past(act: Resolution, today: date) -> None:
    """Refuse what is told as done on a day that has not come: a vote, the sending of the act, its receipt, its publication."""
    done = {"sent_on": "transmis", "received_on": "reçu en préfecture", "published_on": "publié", "online_on": "mis en ligne"}
    problems = {}
    if act.state in VOTED and act.session_on is not None and act.session_on > today:
        problems["session_on"] = (
            f"La séance du {short_date(act.session_on)} n’est pas encore tenue : l’acte ne peut pas être "
            f"« {act.get_state_display()} ». Laissez-le « inscrit à l’ordre du jour » jusque-là, ou corrigez la date."
        )
    for name, word in done.items():
        on = getattr(act, name)
        if on is not None and on > today:
            problems[name] = f"Le {short_date(on)} n’est pas encore venu : l’acte ne peut pas être déjà {word}. Relisez la date."
    if problems:
        raise ValidationError(problems)


def read_transmission(act: Resolution) -> None:
    """Check an identifier, and give the act the number it bears when it has none of its own for the préfecture (DOC-07)."""
    try:
        read = transmission_of(act.transmission)
    except Misread as problem:
        raise ValidationError({"transmission": str(problem)}) from None
    act.transmission = str(read)
    act.sent_number = act.sent_number or read.number


def refuse_twin(act: Resolution) -> None:
    """Refuse the same act a second time: its number and its session tell it, else its subject and its session."""
    near = Resolution.objects.unscoped().exclude(pk=act.pk).filter(
        organization_id=act.organization_id, kind=act.kind, session_on=act.session_on, number=act.number
    )  # fmt: skip
    if act.number:
        twin = near.first() if act.session_on is not None else None
        remedy = (
            "avec ce numéro et cette séance. Ouvrez sa fiche pour la compléter, ou corrigez le numéro ou la date de celui-ci."
        )
    else:
        twin = next((one for one in near if plain(one.subject) == plain(act.subject)), None)
        remedy = (
            "avec cet objet et sans numéro. Ouvrez sa fiche pour la compléter, ou donnez un numéro à celui-ci s’il est autre."
        )
    if twin is not None:
        raise Refusal(f"« {twin} » est déjà enregistré {remedy}", see=Link("Ouvrir sa fiche", twin.get_absolute_url()))


def keep_names(act: Resolution, names: Sequence[Named]) -> None:
    """Make the names of a session those that are given, in their order; the same are left as they are."""
    kept = list(Attendance.objects.unscoped().filter(resolution=act))
    if [Named(one.name, Presence(one.presence), one.proxy_holder) for one in kept] == list(names):
        return
    for former in kept:
        former.delete()
    for rank, one in enumerate(names, 1):
        made = Attendance(resolution=act, rank=rank, name=one.name, presence=one.presence, proxy_holder=one.proxy_holder)
        made.full_clean()
        made.save()


def keep_opinions(act: Resolution, opinions: Sequence[Said]) -> None:
    """Make the opinions before a vote those that are given; the same are left as they are."""
    kept = list(PriorOpinion.objects.unscoped().filter(resolution=act))
    if [Said(one.body, one.on, one.opinion) for one in kept] == list(opinions):
        return
    for former in kept:
        former.delete()
    for one in opinions:
        made = PriorOpinion(resolution=act, body=one.body, on=one.on, opinion=one.opinion)
        made.full_clean()
        made.save()


def locked(act: Resolution) -> Resolution:
    """Return an act as it is now, held until the end of the transaction."""
    found: Resolution = Resolution.objects.unscoped().select_for_update().get(pk=act.pk)
    return found


@transaction.atomic
def enter_vote(
    act: Resolution, *, today: date, names: Sequence[Named] | None = None, opinions: Sequence[Said] | None = None,
    version: int = 0,
) -> Resolution:  # fmt: skip
    """Keep what became of an act that was prepared: adopted, rejected or adjourned.

    Raises Refusal when it was voted already, and for what no council votes: a note, an order.
    """
    now = locked(act)
    if now.state not in PREPARED:
        raise Refusal(already(now))
    if act.state not in (*VOTED, ActState.ADJOURNED):
        raise Refusal("Dites ce que le conseil a décidé : adopté, rejeté ou ajourné.")
    if act.state in VOTED and act.session_on is None:
        raise ValidationError({"session_on": "Un acte voté l’est à une date : celle de la séance."})
    if act.state in VOTED and act.kind not in VOTABLE:
        raise ValidationError({"kind": (
            f"Un conseil ne vote pas un acte de genre « {act.get_kind_display()} », qui n’engagerait personne : dites si c’est "
            "une délibération ou une décision."
        )})  # fmt: skip
    return record_act(act, names=names, opinions=opinions, version=version, today=today)


def already(act: Resolution) -> str:
    """Say why an act is not voted again."""
    state = str(act.get_state_display())
    on = f" à la séance du {short_date(act.session_on)}" if act.session_on else ""
    return f"Cet acte est déjà {state}{on} : il ne se vote pas deux fois. S’il y a une erreur, modifiez sa fiche."


def adopt(act: Resolution, *, on: date) -> Resolution:
    """Write that the council adopted an act."""
    return _decided(act, ActState.ADOPTED, on)


def reject(act: Resolution, *, on: date) -> Resolution:
    """Write that the council rejected an act."""
    return _decided(act, ActState.REJECTED, on)


@transaction.atomic
def _decided(act: Resolution, state: str, on: date) -> Resolution:
    now = locked(act)
    if now.state not in PREPARED:
        raise Refusal(already(now))
    now.state, now.session_on = state, on
    return record_act(now)


@transaction.atomic
def adjourn(act: Resolution) -> Resolution:
    """Put an act off to another session: it can still be voted. Raises Refusal for one that is voted, or withdrawn."""
    now = locked(act)
    if now.state not in PREPARED:
        raise Refusal(already(now))
    now.state = ActState.ADJOURNED
    return record_act(now)


@transaction.atomic
def list_on_agenda(act: Resolution) -> Resolution:
    """Put an act on the agenda of a session. Raises Refusal for one that is voted, or withdrawn."""
    now = locked(act)
    if now.state not in PREPARED:
        raise Refusal(already(now))
    now.state = ActState.LISTED
    return record_act(now)


@transaction.atomic
def withdraw(act: Resolution) -> Resolution:
    """Withdraw an act: it stays readable, and binds nobody any more. Raises Refusal for one that is withdrawn already."""
    now = locked(act)
    if now.state == ActState.WITHDRAWN:
        raise Refusal("Cet acte est déjà retiré.")
    now.state = ActState.WITHDRAWN
    return record_act(now)


@transaction.atomic
def record_transmission(
    act: Resolution, *, identifier: str = "", sent_on: date | None = None, received_on: date | None = None,
    published_on: date | None = None, online_on: date | None = None, version: int = 0, today: date,
) -> Resolution:  # fmt: skip
    """Keep the sending of an act to the préfecture, its receipt and its publication (DOC-06, DOC-08, INT-06).

    Raises Refusal for an act that is not voted, and ValidationError for an identifier or days that contradict it.
    """
    now = locked(act)
    if now.state not in VOTED:
        raise Refusal(
            f"Cet acte est à l’état « {now.get_state_display()} » : seul un acte voté se transmet. Saisissez d’abord son vote."
        )
    if received_on is not None and sent_on is not None and received_on < sent_on:
        raise ValidationError({"received_on": (
            f"Reçue le {short_date(received_on)} et transmise le {short_date(sent_on)} : un acte est reçu après avoir été "
            "transmis. Relisez les deux dates."
        )})  # fmt: skip
    now.transmission, now.sent_on, now.received_on = identifier, sent_on, received_on
    now.published_on, now.online_on = published_on, online_on
    return record_act(now, version=version, today=today)


@transaction.atomic
def forget_names(act: Resolution) -> int:
    """Empty the names of persons of an act, in its rows and in all their history; what was counted stays (SEC-14).

    Return how many names were emptied. The texts of the act and the files attached to it are not read: they stay as they are.
    """
    locked(act)
    attendances = Attendance.objects.unscoped().filter(resolution=act)
    count = attendances.exclude(name="").count()
    count += sum(bool(getattr(act, name)) for name in Resolution.PERSONAL)
    attendances.update(**dict.fromkeys(Attendance.PERSONAL, ""))
    Resolution.objects.unscoped().filter(pk=act.pk).update(**dict.fromkeys(Resolution.PERSONAL, ""))
    event_model(Attendance).objects.unscoped().filter(resolution_id=act.pk).update(**dict.fromkeys(Attendance.PERSONAL, ""))
    event_model(Resolution).objects.unscoped().filter(pgh_obj_id=act.pk).update(**dict.fromkeys(Resolution.PERSONAL, ""))
    return count
