"""Who may do what to long runs."""

from __future__ import annotations

from typing import Any

from communis.foundation.models import Run


def may_cancel(user: Any, run: Run) -> bool:
    """Whoever started a run stops it, and so does the host’s staff, while it has not ended."""
    return run.ended_at is None and (run.account_id == user.pk or bool(user.is_staff_of_host))
