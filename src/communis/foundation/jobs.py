"""Long runs: what a room declares, what its body receives, how it reports and stops.

A room declares a kind in its `tasks.py`, and starts it with `operations.start_run`:

    @run_kind("directory.import", title="Import des populations légales", may=access.may_manage_directory)
    def import_populations(work: Work) -> str:
        with work.scope():
            ...
            work.report(done, total)
        return "34 969 communes"

The job carries three numbers: the pool, the account, the run. The scope is opened and the rights are asked again when it runs:
who has lost them meanwhile starts nothing. What the body reports is committed at once, on a connection of its own, whatever
becomes of its transaction; where it reports is also where it stops, when somebody asks or when the worker does.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils.module_loading import import_string

from communis.foundation.doors import tell_account
from communis.foundation.enums import Outcome
from communis.foundation.models import Run
from communis.foundation.problems import Impossible
from communis.foundation.scope import pool_scope

PERFORM = "foundation.perform"  # the name of the job that carries out a run
UNEXPECTED = "Une erreur inattendue l’a arrêté : rien de ce qu’il faisait n’est gardé. Prévenez l’administrateur."
NO_RIGHT = "Vos droits ne le permettent plus : il n’a rien fait."
LOST = "Interrompu trois fois par l’arrêt du serveur, il n’est plus repris. Relancez-le."
_EVERY_SECONDS = 0.3
_REPORT = """
    UPDATE foundation_run SET done = %s, total = %s, message = %s WHERE id = %s AND ended_at IS NULL
    RETURNING cancel_asked_at IS NOT NULL
"""
log = logging.getLogger(__name__)
Body = Callable[["Work"], str]
Following = Callable[[dict[str, Any]], tuple[str, str]]


class Cancelled(Exception):
    """Somebody asked the run to stop."""


class Interrupted(Exception):
    """The worker is stopping: the run will be taken up again."""


def nowhere(parameters: dict[str, Any]) -> tuple[str, str]:
    """Say that nothing follows a run."""
    return "", ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of long run; the exceptions of `told` are sentences for whoever started it.

    `following` gives, from the parameters of a run that has ended well, the words and the address of where one goes next.
    """

    title: str
    body: Body
    may: Callable[[Any], bool]
    told: tuple[type[Exception], ...]
    following: Following = nowhere


KINDS: dict[str, Kind] = {}


def run_kind(
    name: str, *, title: str, may: Callable[[Any], bool], told: tuple[type[Exception], ...] = (Impossible,),
    following: Following = nowhere,
) -> Callable[[Body], Body]:  # fmt: skip
    """Declare a kind of long run: the predicate is asked when it is carried out, and should be asked before it is started."""

    def declare(body: Body) -> Body:
        KINDS[name] = Kind(title, body, may, told, following)
        return body

    return declare


class Work:
    """What a body receives: its parameters, who asked, the scope to open, and where to report."""

    def __init__(self, run: Run, account: Any, must_stop: Callable[[], bool]) -> None:
        self.run, self.account, self.parameters = run, account, run.parameters
        self._must_stop = must_stop
        self._beside = connection.copy()
        self._last = 0.0

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Work in the pool, as whoever asked: one transaction, kept as a whole or not at all."""
        with transaction.atomic():
            tell_account(self.account.pk)
            with pool_scope(self.run.pool_id), pghistory.context(by=str(self.account), request=f"travail {self.run.pk}"):
                yield

    def report(self, done: int, total: int | None = None, message: str = "") -> None:
        """Say how far the run is, at once and for good; stop here if somebody asked, or if the worker is stopping."""
        if self._must_stop():
            raise Interrupted
        now = time.monotonic()
        if now - self._last < _EVERY_SECONDS and done != total:
            return
        self._last = now
        self._beside.ensure_connection()
        with self._beside.connection.transaction():
            self._beside.connection.execute("SELECT set_config('communis.pool', %s, true)", [str(self.run.pool_id)])
            found = self._beside.connection.execute(_REPORT, [done, total, message, self.run.pk]).fetchone()
        if found is None or found[0]:
            raise Cancelled

    def finish(self, message: str, now: datetime) -> None:
        """Say within the scope that the run is done: kept with what it did, or not at all, so that nothing is done twice."""
        end(self.run, Outcome.DONE, message, now)

    def close(self) -> None:
        self._beside.close()


def perform(*, pool: int, account: int, run: int, must_stop: Callable[[], bool], clock: Callable[[], datetime]) -> None:
    """Carry out a run, if it is still wanted and still allowed; say how it ended."""
    work = begin(pool=pool, account=account, run=run, must_stop=must_stop, now=clock())
    if work is None:
        return
    kind = KINDS[work.run.kind]
    try:
        message = kind.body(work)
    except Interrupted:
        raise
    except Cancelled:
        end(work.run, Outcome.CANCELLED, "", clock())
    except kind.told as refusal:
        end(work.run, Outcome.FAILED, str(refusal), clock())
    except Exception:
        end(work.run, Outcome.FAILED, UNEXPECTED, clock())
        raise
    else:
        end(work.run, Outcome.DONE, message, clock())
    finally:
        work.close()


def begin(*, pool: int, account: int, run: int, must_stop: Callable[[], bool], now: datetime) -> Work | None:
    """Open a run under today’s rights of whoever asked; None when there is nothing to do, and the run says why."""
    with transaction.atomic():
        tell_account(account)
        person = get_user_model().objects.filter(pk=account, is_active=True).first()
        found = import_string(settings.COMMUNIS_GRANTS)(person, pool) if person is not None else None
        with pool_scope(pool):
            asked = Run.objects.unscoped().select_for_update().filter(pk=run, account_id=account).first()
            if asked is None or asked.ended_at:
                return None
            if asked.cancel_asked_at:
                end(asked, Outcome.CANCELLED, "", now)
                return None
            kind = KINDS.get(asked.kind)
            if person is not None and found is not None and found[0] == pool:
                person.grants = found[1]
            if kind is None or found is None or found[0] != pool or not kind.may(person):
                end(asked, Outcome.FAILED, NO_RIGHT if kind else UNEXPECTED, now)
                return None
            asked.started_at, asked.attempts, asked.done = asked.started_at or now, asked.attempts + 1, 0
            asked.save(update_fields=["started_at", "attempts", "done"])
    return Work(asked, person, must_stop)


def end(run: Run, outcome: Outcome, message: str, now: datetime) -> None:
    """Say how a run ended, once."""
    with pool_scope(run.pool_id):
        unended = Run.objects.unscoped().filter(pk=run.pk, ended_at=None)
        unended.update(outcome=outcome, message=message[:1000], ended_at=now)


def give_up(*, pool: int, run: int, now: datetime) -> None:
    """Say of a run whose worker was lost too many times that it is taken up no more."""
    with pool_scope(pool):
        for lost in Run.objects.unscoped().filter(pk=run):
            end(lost, Outcome.FAILED, LOST, now)
