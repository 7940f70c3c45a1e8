"""What each reader may know and may change: the rules that the product must keep, written here once more, by hand.

What is shared between members (SEC-03) is what has an audience wider than `own`; each line says why. A table that is not here
is a table nobody has thought about, and a test fails.
"""

from __future__ import annotations

from collections.abc import Callable

from communis.directory.enums import ACCESS_READERS, HOST_ROLES, STAFF_READERS, GrantRole
from isolation.canaries import Mark
from isolation.world import HOST, OUTSIDE, READERS, Reader

Audience = Callable[[Reader, tuple[int, ...], str], bool]  # the reader, the pools of the row, its owner
ACCOUNT_OF = {  # by pool and owner: the director of the second one stands for all who have no account of their own there
    (1, HOST): "director", (1, "a"): "office", (1, "b"): "neighbour", (2, HOST): "stranger", (2, "a"): "strange_member",
    (2, "b"): "stranger",
}  # fmt: skip


def here(reader: Reader, pools: tuple[int, ...]) -> bool:
    return reader.pool is not None and reader.pool in pools


def pool(reader: Reader, pools: tuple[int, ...], owner: str) -> bool:
    """Whoever has a right in the pool."""
    return here(reader, pools)


def holding(*roles: str) -> Audience:
    return lambda reader, pools, owner: here(reader, pools) and bool(reader.roles & set(roles))


host = holding(*HOST_ROLES)
outside = holding(*(HOST_ROLES - {GrantRole.AUDITOR}))  # keeps suppliers and partners
managers = holding(GrantRole.DIRECTOR, GrantRole.FINANCE)
direction = holding(GrantRole.DIRECTOR)
leads = holding(*STAFF_READERS)
access = holding(*ACCESS_READERS)


def own(reader: Reader, pools: tuple[int, ...], owner: str) -> bool:
    """The staff of the host, and the organization whose it is."""
    return host(reader, pools, owner) or (here(reader, pools) and owner in reader.owners)


def own_or_hosts(reader: Reader, pools: tuple[int, ...], owner: str) -> bool:
    """The same, and what the host tells all its members of itself."""
    return own(reader, pools, owner) or (owner == HOST and here(reader, pools))


def keepers(reader: Reader, pools: tuple[int, ...], owner: str) -> bool:
    """Who keeps the file of an organization: the direction and the finances, its own executive and office."""
    return managers(reader, pools, owner) or (here(reader, pools) and owner in reader.kept)


def himself(reader: Reader, pools: tuple[int, ...], owner: str) -> bool:
    """The account whose it is, which works in that pool or has a right there."""
    return bool(set(reader.pools) & set(pools)) and reader.key in {owner, *(ACCOUNT_OF.get((p, owner)) for p in pools)}


def either(*audiences: Audience) -> Audience:
    return lambda reader, pools, owner: any(one(reader, pools, owner) for one in audiences)


def anybody(reader: Reader, pools: tuple[int, ...], owner: str) -> bool:
    return True


def nobody(reader: Reader, pools: tuple[int, ...], owner: str) -> bool:
    return False


# the rows that a table shows; for the others, whoever knows a column of it
SHOWN_TO: dict[str, Audience] = {
    "Mail": himself,
    "Partner": pool,
    "Supplier": lambda reader, pools, owner: (pool if owner == HOST else host)(reader, pools, owner),
}
person = lambda reader, pools, owner: (host if owner == OUTSIDE else own_or_hosts)(reader, pools, owner)  # noqa: E731

drafts = host  # the rows made by `world` are drafts: what was voted is for the pool, and tests of the room say so
acts = own_or_hosts  # what the host’s council voted is for all its members


def staff_file(reader: Reader, pools: tuple[int, ...], owner: str) -> bool:
    """Those who lead the department, and the executive and the office of the agent’s employer (SEC-04)."""
    return leads(reader, pools, owner) or (here(reader, pools) and owner in reader.kept)


KNOWN_TO: dict[str, Audience] = {
    "AccessibilityAudit": pool,  # the law has it published
    "Adoption": own,
    "Agreement": pool,  # the convention that all have signed
    "Amendment": drafts,
    "AmendmentChange": drafts,
    "AnnexedTable": drafts,
    "Article": drafts,
    "Attachment": own,
    "FileReading": leads,  # who read the files of the staff
    "Attendance": acts,
    "Choice": own,
    "ChoiceForm": own,
    "CommitteeOpinion": staff_file,
    "Dispatch": own,
    "Dispute": own,
    "DisputeStep": own,
    "Document": own,
    "DocumentRecipient": own,
    "DocumentTemplate": pool,  # a letterhead
    "DocumentVisa": own,
    "Edition": drafts,  # the catalogue of a version, once voted
    "EditionHours": drafts,
    "Entry": drafts,
    "Examination": own,
    "ExitCost": own,
    "ExitTask": own,
    "InKindAgent": own,
    "Intake": pool,  # how many places there are, and by which criteria: the convention says so
    "IntakeRequest": own,
    "LegalPiece": host,
    "Letter": own,
    "Membership": own,
    "Notice": own,
    "Obligation": own,
    "Precondition": pool,  # what an offer waits for, to be told to those who ask for it
    "Prerequisite": drafts,
    "PrerequisiteCheck": own,
    "PriceAct": pool,  # a price that the host’s council voted
    "PriorOpinion": acts,
    "PurchaseMandate": own,
    "Resolution": acts,
    "ReviewDate": pool,  # when the trial phase is reviewed: the convention says so
    "SharedGood": pool,  # what the convention shares
    "Signature": own,
    "StaffFile": staff_file,
    "Step": own,
    "Tool": drafts,
    "Version": drafts,
    "Account.name": either(himself, host),  # who did what, in histories and lists
    "Account.email": either(himself, access),
    "Appearance": pool,  # what all pages of the pool show
    "ApiToken": either(himself, direction),
    "ApiToken.digest": nobody,
    "ApiToken.password_mark": nobody,
    "BudgetMilestone": own,
    "ClosingDay": pool,  # when a town hall is closed is posted on its door
    "Composition": pool,  # who is in which grouping is public
    "Coverage": pool,  # what the catalogue of the convention covers
    "Delegation": own,
    "Fact": own,
    "FactType": pool,  # the words of the convention that all have signed
    "Grant": either(himself, access),
    "Invitation": access,
    "Invitation.digest": nobody,
    "LegalGround": own_or_hosts,  # the statutes of the host bind its members
    "Mail": either(himself, direction),
    "Occupation": leads,
    "OpeningHours": pool,  # as the closing days
    "Organization": pool,  # name and identifiers: what the public registers say of anybody
    "Organization.insee": anybody,  # the register of the communes is the State’s
    "Organization.address": own_or_hosts,
    "Organization.phone": own_or_hosts,
    "Organization.email": own_or_hosts,
    "Organization.chorus_service": own,
    "OrganizationType": pool,  # a word
    "Partner": host,
    "Partner.name": pool,  # the préfecture, the court: whom all deal with, and how to reach them
    "Partner.address": pool,
    "Partner.email": pool,
    "Person": person,  # one calls the people of the host
    "Post": pool,  # the department is described in an annex of the convention
    "Role": own_or_hosts,  # who does what at the host today: those whom its members call
    "Run": either(himself, host),
    "Run.kind": nobody,
    "Run.parameters": nobody,
    "Site": own,
    "Succession": pool,  # by a decree that is published
    "Supplier": host,
    "Supplier.name": lambda reader, pools, owner: (pool if owner == HOST else host)(
        reader, pools, owner
    ),  # the carriers of sites
    "SupplierContract": host,
    "SupplierLabel": host,
    "Unit": pool,  # as the posts
    "WorkShare": pool,  # as the posts: what the work of each brick is paid by
    "WorkTable": pool,  # which avenant said so
}

CHANGED_BY: dict[str, Audience] = {
    **dict.fromkeys(
        (
            "Adoption",
            "Choice",
            "ChoiceForm",
            "Obligation",
            "IntakeRequest",
            "Membership",
            "Letter",
            "Resolution",
            "Attendance",
            "PriorOpinion",
            "PrerequisiteCheck",
            "Attachment",
            "Document",
            "DocumentRecipient",
            "DocumentVisa",
            "Step",
        ),
        keepers,
    ),
    **dict.fromkeys(
        (
            "Agreement",
            "Amendment",
            "AmendmentChange",
            "AnnexedTable",
            "Article",
            "CommitteeOpinion",
            "Dispatch",
            "Dispute",
            "DisputeStep",
            "DocumentTemplate",
            "Edition",
            "EditionHours",
            "Entry",
            "Examination",
            "ExitCost",
            "ExitTask",
            "InKindAgent",
            "Intake",
            "LegalPiece",
            "Notice",
            "Precondition",
            "Prerequisite",
            "PriceAct",
            "PurchaseMandate",
            "ReviewDate",
            "SharedGood",
            "Signature",
            "StaffFile",
            "Tool",
            "Version",
        ),
        managers,
    ),
    "AccessibilityAudit": managers,
    "FileReading": nobody,  # written when a file of the staff is read, and changed by nobody
    "Appearance": managers,
    "Coverage": managers,
    "Account": either(himself, direction),  # the direction invites: an account is born
    "ApiToken": either(himself, direction),
    "BudgetMilestone": keepers,
    "ClosingDay": keepers,
    "Composition": managers,
    "Delegation": keepers,
    "Fact": managers,
    "FactType": managers,
    "Grant": direction,
    "Invitation": direction,
    "LegalGround": keepers,
    "Mail": either(himself, direction),  # what the service writes to those it tells
    "Occupation": direction,
    "OpeningHours": keepers,
    "Organization": keepers,
    "OrganizationType": managers,
    "Partner": outside,
    "Person": lambda reader, pools, owner: (outside if owner == OUTSIDE else keepers)(reader, pools, owner),
    "Post": direction,
    "Role": keepers,
    "Run": either(himself, outside),
    "Site": keepers,
    "Succession": managers,
    "Supplier": outside,
    "SupplierContract": outside,
    "SupplierLabel": outside,
    "Unit": direction,
    "WorkShare": direction,
    "WorkTable": direction,
}


def may_know(reader: Reader, mark: Mark) -> bool:
    """Tell whether a canary may come out before a reader."""
    rule = KNOWN_TO.get(f"{mark.model}.{mark.field}") or KNOWN_TO[mark.model]
    if mark.model == "Account":
        return mark.owner == reader.key or any(rule(reader, (p,), mark.owner) for p in pools_of_account(mark))
    return rule(reader, mark.pools, mark.owner)


def pools_of_account(mark: Mark) -> tuple[int, ...]:
    held = READERS.get(mark.owner)
    return tuple(dict.fromkeys(p for p, *_ in held[1])) if held else mark.pools


def may_change(reader: Reader, model: str, pools: tuple[int, ...], owner: str) -> bool:
    return CHANGED_BY[model](reader, pools, owner)
