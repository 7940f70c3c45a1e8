"""Two pools beside each other, for the tests of what must never cross between them: those that the test database holds."""

from communis.directory.models import Organization, OrganizationType
from communis.foundation.scope import pool_scope

FIRST, SECOND = 1, 2


def organization(name, **fields):
    """Make an organization in the pool in scope, of a type made if it is missing."""
    type_, _ = OrganizationType.objects.unscoped().get_or_create(name=fields.pop("type", "commune"))
    made = Organization(type=type_, name=name, **fields)
    made.save()
    return made


def two_pools():
    """Put two organizations in the first pool and one in the second."""
    with pool_scope(FIRST):
        organization("Gestionnaire A", is_host=True)
        organization("Aubépine")
    with pool_scope(SECOND):
        organization("Gestionnaire B", is_host=True)
    return FIRST, SECOND
