"""Who may see what an organization would pay."""

from __future__ import annotations

from typing import Any

from communis.directory.access import may_keep_organization, may_manage_directory, may_read_file
from communis.directory.models import Organization


def may_simulate(user: Any, organization: Organization) -> bool:
    """The host’s staff simulates for everybody; a member for its own organization only."""
    return may_read_file(user, organization)


def may_state_coverage(user: Any) -> bool:
    """Those who keep the directory state which sites the offers cover; everybody in the pool reads it."""
    return may_manage_directory(user)


def may_keep_catalog(user: Any) -> bool:
    """The direction and the finances of the service keep the catalogues."""
    return may_manage_directory(user)


def may_find(user: Any, organization: Organization) -> bool:
    """A member’s executive and office say what they have of what an offer wants; the service says it for everybody."""
    return may_keep_organization(user, organization)


def may_waive(user: Any) -> bool:
    """The direction and the finances alone release a member from a prerequisite: it binds the service."""
    return may_manage_directory(user)
