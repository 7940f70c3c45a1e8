"""Who may do what with conventions, acts, memberships, and the files of the staff."""

from __future__ import annotations

from typing import Any

from communis.agreements.models import Membership, Resolution
from communis.directory.access import may_keep_organization, may_manage_directory, may_read_staff
from communis.directory.enums import MEMBER_WRITERS


def may_manage_agreements(user: Any) -> bool:
    """The direction and the finances of the service keep conventions, versions, amendments and intake lists."""
    return may_manage_directory(user)


def may_keep_act(user: Any, act: Resolution) -> bool:
    """The service keeps every act; the executive and the office of a member, those of its own council."""
    return may_keep_organization(user, act.organization)


def may_keep_some_act(user: Any) -> bool:
    """Tell whether there is a council whose acts somebody keeps."""
    return may_manage_directory(user) or bool(user.holds(*MEMBER_WRITERS))


def may_ask_for(user: Any, membership: Membership) -> bool:
    """A member’s executive and office ask, choose and answer for it; the service does it for everybody."""
    return may_keep_organization(user, membership.organization)


def may_decide_on(user: Any, membership: Membership) -> bool:
    """What binds the service is recorded by its direction and its finances: signature, effect, notice, exit."""
    return may_manage_directory(user)


def may_read_staff_files(user: Any) -> bool:
    """Those who lead the department, the auditor, and the executive and the office of a member, each its own agents (SEC-04)."""
    return may_read_staff(user) or bool(user.holds(*MEMBER_WRITERS))


def may_keep_staff_files(user: Any) -> bool:
    """The direction of the service keeps the files of the agents whom conventions concern."""
    return may_manage_directory(user)
