"""Who may do what with conventions, acts, memberships, and the files of the staff."""

from __future__ import annotations

from typing import Any

from communis.agreements.enums import VersionStatus
from communis.agreements.models import Amendment, Document, Membership, Resolution, Version
from communis.directory.access import may_keep_organization, may_manage_directory, may_read_staff
from communis.directory.enums import GrantRole


def may_manage_agreements(user: Any) -> bool:
    """The direction and the finances of the service keep conventions, versions, amendments and intake lists."""
    return may_manage_directory(user)


def may_keep_act(user: Any, act: Resolution) -> bool:
    """The service keeps every act; the executive and the office of a member, those of its own council."""
    return may_keep_organization(user, act.organization)


def may_ask_for(user: Any, membership: Membership) -> bool:
    """A member’s executive and office ask, choose and answer for it; the service does it for everybody."""
    return may_keep_organization(user, membership.organization)


def may_decide_on(user: Any, membership: Membership) -> bool:
    """What binds the service is recorded by its direction and its finances: signature, effect, notice, exit."""
    return may_manage_directory(user)


def may_read_staff_files(user: Any) -> bool:
    """Those who lead the department, the auditor, and the executive and the office of a member, each its own agents (SEC-04)."""
    return may_read_staff(user) or bool(user.writes_for)


def may_verify(user: Any) -> bool:
    """The controller of the service, who reads all and decides nothing, verifies what adhesions rest on."""
    return bool(user.holds(GrantRole.AUDITOR)) and not may_manage_directory(user)


def may_keep_staff_files(user: Any) -> bool:
    """The direction of the service keeps the files of the agents whom conventions concern."""
    return may_manage_directory(user)


def may_follow_adoptions(user: Any) -> bool:
    """The host’s staff follows who has adopted what; a member knows of its own adoptions."""
    return bool(user.is_staff_of_host)


def may_write_version(user: Any, version: Version) -> bool:
    """A draft is written by those who keep conventions; what was submitted to a council does not change."""
    return may_manage_agreements(user) and version.status == VersionStatus.DRAFT


def may_write_amendment(user: Any, amendment: Amendment) -> bool:
    """The changes of an amendment are written while the version that it makes is a draft."""
    return may_write_version(user, amendment.makes)


def may_keep_agreement(user: Any, _: Any) -> bool:
    """What hangs from a convention is kept by those who keep conventions."""
    return may_manage_agreements(user)


def may_keep_staff_file(user: Any, _: Any) -> bool:
    return may_keep_staff_files(user)


def may_keep_document(user: Any, document: Document) -> bool:
    """The service issues every document; the executive and the office of a member, its own; an agent’s, the direction."""
    if document.staff_file_id is not None:
        return may_keep_staff_files(user)
    return may_keep_organization(user, document.organization)
