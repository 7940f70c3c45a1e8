"""Who may see what an organization would pay."""

from __future__ import annotations

from typing import Any

from communis.directory.access import may_manage_directory, may_read_file
from communis.directory.models import Organization


def may_simulate(user: Any, organization: Organization) -> bool:
    """The host’s staff simulates for everybody; a member for its own organization only."""
    return may_read_file(user, organization)


def may_state_coverage(user: Any) -> bool:
    """Those who keep the directory state which sites the offers cover; everybody in the pool reads it."""
    return may_manage_directory(user)
