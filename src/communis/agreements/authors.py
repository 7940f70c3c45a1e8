"""Who writes a step, and when: given by whoever calls, never read from the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from communis.foundation.requests import AccountRequest


@dataclass(frozen=True, slots=True)
class Author:
    """Who enters what happened, at what moment (MEM-40: a past step says who entered it, and when)."""

    name: str
    at: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)


def author_of(request: AccountRequest) -> Author:
    """Return who asks, at the moment of asking."""
    return Author(str(request.user), timezone.now())
