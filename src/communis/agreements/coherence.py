"""What is odd in a council act, told beside it: nothing here prevents keeping it (DOC-04, DOC-05, DOC-08).

Pure: the act and its names come in, remarks come out. Each says what is odd, and the article or the source that makes it so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from communis.agreements.enums import ActKind, ActState, Presence
from communis.agreements.transmissions import differences, transmission_of
from communis.directory.names import plain
from communis.kit.formats import capital, counted, short_date
from communis.kit.reading import Misread

LARGE = 3_500  # inhabitants from which the convocation precedes the session by five clear days
VOTED = (ActState.ADOPTED, ActState.REJECTED)
COUNTED = {Presence.PRESENT: ("present", "présents"), Presence.PROXY: ("proxies", "procurations"),
           Presence.EXCUSED: ("excused", "excusés sans pouvoir"), Presence.ABSENT: ("absent", "absents")}  # fmt: skip


class RemarkKind(StrEnum):
    WARNING = "avertissement"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd: `key` names it for programs, `words` for people, `source` says why it is odd."""

    key: str
    words: str
    source: str = ""
    kind: RemarkKind = RemarkKind.WARNING


def remarks_on(act: Any, names: Sequence[Any], *, population: int | None = None, is_grouping: bool = False) -> list[Remark]:
    """Return what is odd in an act: `names` are its attendances, `population` that of its commune when it is known."""
    found = list(_of_the_act(act))
    if act.kind == ActKind.RESOLUTION:
        found += _of_the_session(act, names)
        found += _of_the_convocation(act, population, is_grouping)
    if act.kind == ActKind.RESOLUTION and act.state in VOTED:
        found += _of_the_vote(act, names)
    if act.state in VOTED:
        found += _of_the_outcome(act)
    return [*found, *_of_the_names(act, names), *_of_the_dates(act), *_of_the_transmission(act)]


def _of_the_act(act: Any) -> Iterator[Remark]:
    if act.state in (ActState.DRAFT, ActState.LISTED):
        yield Remark("project", "Projet seulement : l’acte n’est pas voté.")
    elif not act.number:
        yield Remark("number", "Le numéro au registre manque.")
    if act.state in VOTED and act.kind == ActKind.MEMO:
        told = f"Une note de synthèse ne se vote pas, et celle-ci est dite « {act.get_state_display()} » : elle n’engage pas."
        yield Remark("memo", told)
    if act.state in VOTED and act.session_on is None:
        yield Remark("session", "La date de la séance manque : rien ne dit quand l’acte a été voté.")
    if act.missing:
        yield Remark("missing", f"Laissé en blanc dans l’acte : {act.missing}.")


def clear_days(convened_on: date, session_on: date) -> int:
    """Count the days between a convocation and a session, without the one nor the other."""
    return (session_on - convened_on).days - 1


def clear_days_due(population: int | None, is_grouping: bool) -> int:
    """Return how many clear days the law wants; three when the population is not known."""
    return 5 if is_grouping or (population or 0) >= LARGE else 3


def _of_the_convocation(act: Any, population: int | None, is_grouping: bool) -> Iterator[Remark]:
    if act.convened_on is None or act.session_on is None:
        return
    days, due = clear_days(act.convened_on, act.session_on), clear_days_due(population, is_grouping)
    if days < due:
        between = counted(max(days, 0), "jour franc", "jours francs")
        told = f"{between} entre la convocation et la séance : il en faut {due}, hors urgence."
        yield Remark("clear_days", told, "L. 2121-12 du CGCT" if due == 5 else "L. 2121-11 du CGCT")


def _of_the_session(act: Any, names: Sequence[Any]) -> Iterator[Remark]:
    present = act.present if act.present is not None else _named(names, Presence.PRESENT) or None
    if act.in_office is not None and present is not None and present * 2 <= act.in_office:
        told = (
            f"Le quorum n’est pas atteint : {counted(present, 'présent')} pour {act.in_office} en exercice, pouvoirs non compris."
        )
        yield Remark("quorum", told, "L. 2121-17 du CGCT")
    if act.in_office is not None and act.present is not None:
        there = act.present + (act.proxies or 0)
        away = (act.excused or 0) + (act.absent or 0)
        is_told = act.excused is not None or act.absent is not None
        if there + away > act.in_office or (is_told and there + away < act.in_office):
            told = f"Présents, pouvoirs et absents font {there + away} ; l’acte dit {act.in_office} en exercice."
            yield Remark("in_office", told)


def voters_of(act: Any, names: Sequence[Any]) -> tuple[int | None, str]:
    """Return the number of voters of an act, given or deduced, and in words what it is deduced from."""
    if act.voters is not None:
        return act.voters, ""
    if act.present is not None:
        return act.present + (
            act.proxies or 0
        ), f"{counted(act.present, 'présent')} et {counted(act.proxies or 0, 'procuration')}"
    named = _named(names, Presence.PRESENT)
    if named:
        proxies = act.proxies if act.proxies is not None else _named(names, Presence.PROXY)
        return named + proxies, f"{counted(named, 'présent nommé')} et {counted(proxies, 'procuration')}"
    return None, ""


def _of_the_vote(act: Any, names: Sequence[Any]) -> Iterator[Remark]:
    if act.voters is not None and act.present is not None and act.voters != act.present + (act.proxies or 0):
        there = f"{counted(act.present, 'présent')} et {counted(act.proxies or 0, 'procuration')}"
        told = f"{counted(act.voters, 'votant')} pour {there}."
        yield Remark("voters", told)
    voters, ground = voters_of(act, names)
    votes = (act.votes_for, act.votes_against, act.abstained, act.not_voting)
    if all(vote is None for vote in votes):
        deduced = f" ; {counted(voters, 'votant')} déduits de {ground}" if ground and voters is not None else ""
        yield Remark("votes", f"Les chiffres du vote ne sont pas donnés{deduced}.")
        return
    total = sum(vote or 0 for vote in votes)
    if voters is not None and total != voters:
        told = f"Pour, contre, abstentions et non-participations font {total}, pour {counted(voters, 'votant')}."
        yield Remark("votes_sum", told)


def _of_the_outcome(act: Any) -> Iterator[Remark]:
    """A vote is carried by more voices for than against; on a tie that of the president prevails, and the act may say either."""
    won, lost = act.votes_for, act.votes_against
    is_adopted = act.state == ActState.ADOPTED
    if won is not None and lost is not None and (lost > won if is_adopted else won > lost):
        told = f"L’acte est dit « {act.get_state_display()} » et compte {won} pour, {lost} contre."
        yield Remark("outcome", told, "L. 2121-20 du CGCT")
    if not act.is_unanimous:
        return
    other, word = (lost, "contre") if is_adopted else (won, "pour")
    if other:
        yield Remark("unanimous", f"L’acte dit « à l’unanimité » et compte {counted(other, 'voix', 'voix')} {word}.")
    elif not is_adopted and not lost:
        yield Remark("unanimous", "L’acte est dit « rejeté » et « à l’unanimité », sans une voix contre.")


def _named(names: Sequence[Any], presence: str) -> int:
    return sum(one.presence == presence for one in names)


def _of_the_names(act: Any, names: Sequence[Any]) -> Iterator[Remark]:
    for presence, (field, label) in COUNTED.items():
        named, said = _named(names, presence), getattr(act, field)
        if named and said is not None and named != said:
            yield Remark(f"names_{field}", f"{counted(named, 'nom')} pour {said} {label}.")
    given = [one.proxy_holder for one in names if one.presence == Presence.PROXY and one.proxy_holder]
    for holder, count in Counter(map(plain, given)).items():
        if count > 1:
            who = next(name for name in given if plain(name) == holder)
            yield Remark("proxy_holder", f"{who} porte {count} pouvoirs : un seul est permis.", "L. 2121-20 du CGCT")
    away = {plain(one.name) for one in names if one.presence != Presence.PRESENT and one.name}
    if act.reporter and plain(act.reporter) in away:
        yield Remark("reporter", "Le rapporteur est absent de la séance.", kind=RemarkKind.INFORMATION)


def _of_the_dates(act: Any) -> Iterator[Remark]:
    """An act is voted, then sent and published; what is kept in another order is told."""
    steps = [("transmise", act.sent_on), ("reçue en préfecture", act.received_on), ("publiée", act.published_on)]
    for word, on in steps:
        if on is not None and act.session_on is not None and on < act.session_on:
            told = f"{capital(word)} le {short_date(on)}, avant la séance du {short_date(act.session_on)}."
            yield Remark(f"before_session_{word.partition(' ')[0]}", told, "L. 2131-1 du CGCT")
    if act.sent_on is not None and act.received_on is not None and act.received_on < act.sent_on:
        told = f"Reçue le {short_date(act.received_on)}, avant sa transmission du {short_date(act.sent_on)}."
        yield Remark("received_before_sent", told)


def _of_the_transmission(act: Any) -> Iterator[Remark]:
    if not act.transmission:
        return
    try:
        read = transmission_of(act.transmission)
    except Misread as problem:
        yield Remark("transmission", str(problem))
        return
    yield from (Remark("transmission", f"{capital(one)}.") for one in differences(read, act))


def too_early(act: Any, label: str, on: date | None) -> Remark | None:
    """Tell what an act authorised before it bound anybody: it is executory once received and published (DOC-08)."""
    if on is None or act.executory_on is None or on >= act.executory_on:
        return None
    told = f"{label} le {short_date(on)}, avant que l’acte soit exécutoire, le {short_date(act.executory_on)}."
    return Remark("too_early", told, "L. 2131-1 du CGCT")
