"""Who may do what to long runs."""

from __future__ import annotations

from typing import Any

from communis.foundation.models import Run


def may_cancel(user: Any, run: Run) -> bool:
    """Whoever started a run stops it, and so do those who act for the host."""
    return run.account_id == user.pk or bool(user.acts_for_host)
