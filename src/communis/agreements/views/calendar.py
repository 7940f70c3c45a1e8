"""The calendar of memberships for a diary: last days of notice, renewals, ends, sessions of councils."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from icalendar import Calendar, Event

from communis.agreements.models import Membership, Resolution
from communis.agreements.tables.memberships import Holdings, seen_by
from communis.foundation.scope import current_pool
from communis.kit.formats import long_date
from communis.tariff.calendar import ONE_DAY

_BACK = timedelta(days=365)


def feed(request: HttpRequest) -> HttpResponse:
    """Answer the calendar of what the person may see."""
    now = timezone.now()
    content = calendar_of(request.user, now)
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="adhesions.ics"'
    return answer


def subscribed(request: HttpRequest) -> HttpResponse:
    """Answer a diary that subscribes with its own address: what its holder may see on that day (INT-09)."""
    content = calendar_of(request.user, timezone.now())
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def calendar_of(user: Any, now: datetime) -> bytes:
    """Return the calendar of somebody, in the format of diaries (RFC 5545): all-day events, each with a name of its own."""
    made = Calendar()
    made.add("prodid", "-//communis//adhesions//FR")
    made.add("version", "2.0")
    made.add("x-wr-calname", "Adhésions")
    for one in sorted(events_of(user, timezone.localdate(now)), key=lambda one: (one.key, one.day)):
        event = Event()
        event.add("uid", f"{current_pool()}-{one.key}@communis")
        event.add("dtstamp", now)
        event.add("dtstart", one.day)
        event.add("dtend", one.day + ONE_DAY)
        event.add("summary", one.words)
        event.add("url", f"{settings.ORIGIN}{one.address}")
        made.add_component(event)
    content: bytes = made.to_ical()
    return content


@dataclass(frozen=True, slots=True)
class Due:
    """A day that the convention of a membership gives it: « preavis », « reconduction », « renouvellement » or « fin »."""

    membership: Membership
    kind: str
    day: date
    words: str


def days_due(rows: Iterable[Membership], holdings: Holdings) -> Iterator[Due]:
    """Yield the days that the conventions of some memberships give them, those of requests that were dropped apart."""
    for row in rows:
        if row.dropped_on is not None:
            continue
        dates = holdings.dates(row)
        leaves = ", jusqu’à la sortie" if row.notice_on is not None else ""
        last, express = "dernier jour de l’adhésion", dates.express_by
        if express is not None and express == dates.ends_on:  # one day, told once
            last, express = f"{last}, et pour la renouveler par une délibération", None
        told = (
            ("preavis", dates.notice_by, notice_words(dates.prevents)),
            ("reconduction", dates.renews_on, f"reconduction tacite{leaves}"),
            ("renouvellement", express, "dernier jour pour renouveler par une délibération"), ("fin", dates.ends_on, last),
        )  # fmt: skip
        yield from (Due(row, kind, day, words) for kind, day, words in told if day is not None)


def notice_words(prevents: date | None) -> str:
    """Say what the last day of notice is for: the renewal that a notice received by then prevents."""
    renewal = f" avant la reconduction du {long_date(prevents)}" if prevents is not None else ""
    return f"dernier jour pour recevoir un préavis{renewal}"


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of the calendar: a name of its own, its day, its words, and the page that tells more."""

    key: str
    day: date
    words: str
    address: str


def events_of(user: Any, today: date, known: tuple[list[Membership], Holdings] | None = None) -> Iterator[Happening]:
    """Yield the events from a year ago on; `known` are the memberships when they were read already."""
    rows, holdings = known or seen_by(user, today)
    for one in days_due(rows, holdings):
        if one.day >= today - _BACK:
            who = f"{one.membership.organization}, {one.membership.agreement.short_name}"
            key = f"adhesion-{one.membership.pk}-{one.kind}-{one.day:%Y%m%d}"
            yield Happening(key, one.day, f"{who} : {one.words}", one.membership.get_absolute_url())
    sessions = Resolution.objects.visible_to(user).filter(session_on__gte=today - _BACK).select_related("organization")
    told_on: set[tuple[int, date]] = set()
    for act in sessions.order_by("session_on", "pk"):
        if act.session_on is not None and (act.organization_id, act.session_on) not in told_on:
            told_on.add((act.organization_id, act.session_on))
            key = f"seance-{act.organization_id}-{act.session_on:%Y%m%d}"
            yield Happening(key, act.session_on, f"Séance : {act.organization}", act.get_absolute_url())
