"""The organizations of a pool, their people, what they may do, and the facts known of them."""

from communis.directory.invited import Invitation
from communis.directory.models.accessibility import AccessibilityAudit
from communis.directory.models.accounts import Account, Grant
from communis.directory.models.appearance import Appearance
from communis.directory.models.department import (
    Occupation,
    Post,
    Supplier,
    SupplierContract,
    SupplierLabel,
    Unit,
    WorkShare,
    WorkTable,
)
from communis.directory.models.facts import POPULATION, Fact, FactType
from communis.directory.models.organizations import (
    BudgetMilestone,
    ClosingDay,
    Composition,
    LegalGround,
    OpeningHours,
    Organization,
    OrganizationType,
    Partner,
    Site,
    Succession,
)
from communis.directory.models.people import Delegation, Person, Role
from communis.directory.models.tokens import ApiToken
from communis.directory.register import ReferenceBody, ReferencePopulation

__all__ = [
    "POPULATION",
    "AccessibilityAudit",
    "Account",
    "ApiToken",
    "Appearance",
    "BudgetMilestone",
    "ClosingDay",
    "Composition",
    "Delegation",
    "Fact",
    "FactType",
    "Grant",
    "Invitation",
    "LegalGround",
    "Occupation",
    "OpeningHours",
    "Organization",
    "OrganizationType",
    "Partner",
    "Person",
    "Post",
    "ReferenceBody",
    "ReferencePopulation",
    "Role",
    "Site",
    "Succession",
    "Supplier",
    "SupplierContract",
    "SupplierLabel",
    "Unit",
    "WorkShare",
    "WorkTable",
]
