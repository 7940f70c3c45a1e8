"""The walls in the database, attacked as the role that serves would be if a page were taken over."""

import pytest
from django.db import connection
from django.db.utils import DatabaseError, IntegrityError, ProgrammingError

from communis.directory.models import Organization, OrganizationType
from communis.foundation.scope import NoScope, pool_scope
from communis.foundation.tenancy import ClosedQuery
from factories.pools import two_pools

pytestmark = pytest.mark.django_db


READS = (
    list, len, bool, lambda q: q.count(), lambda q: q.exists(), lambda q: q.first(), lambda q: q.update(name="x"),
    lambda q: q.delete(), lambda q: q.get(name="Aubépine"), lambda q: list(q.values("name")), lambda q: q.aggregate(),
)  # fmt: skip


def count(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def test_without_a_scope_no_tenant_row_is_seen():
    two_pools()
    tables = ["foundation_pool", "directory_organization", "directory_organizationtype", "directory_fact", "directory_grant"]
    assert [count(table) for table in tables] == [0, 0, 0, 0, 0]


def test_a_scope_sees_its_pool_and_no_other():
    first, second = two_pools()
    with pool_scope(first):
        assert [o.name for o in Organization.objects.unscoped()] == ["Aubépine", "Gestionnaire A"]
        assert count("directory_organization") == 2
    with pool_scope(second):
        assert count("directory_organization") == 1
    assert count("directory_organization") == 0


def test_a_nested_scope_gives_back_the_former_one():
    first, second = two_pools()
    with pool_scope(first):
        with pool_scope(second):
            assert count("directory_organization") == 1
        assert count("directory_organization") == 2


def test_a_row_does_not_enter_another_pool():
    first, second = two_pools()
    with pytest.raises(ProgrammingError, match="row-level security"), pool_scope(first):
        OrganizationType(pool_id=second, name="Intrus").save()


def test_a_reference_to_the_row_of_another_pool_is_refused():
    first, second = two_pools()
    with pool_scope(second):
        foreign = OrganizationType.objects.unscoped().get()
    with pytest.raises(IntegrityError, match="type_id_same_pool"), pool_scope(first):
        Organization(type_id=foreign.pk, name="Intruse").save()


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE directory_fact",
        "UPDATE directory_fact SET text = 'x'",
        "DELETE FROM directory_fact",
        "UPDATE directory_referencebody SET name = 'x'",
        "INSERT INTO foundation_pool (name, slug) VALUES ('x', 'x')",
        "ALTER TABLE directory_organization DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE directory_organization DISABLE TRIGGER ALL",
        "DROP POLICY by_pool ON directory_organization",
        "CREATE TABLE mine (id int)",
        "SET ROLE communis_owner",
        "SET session_replication_role = replica",
        "COPY directory_organization TO PROGRAM 'cat'",
        "DELETE FROM django_migrations",
    ],
)
def test_the_role_that_serves_is_refused(statement):
    first, _ = two_pools()
    with pytest.raises(DatabaseError), pool_scope(first), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_query_that_says_for_whom_no_more_than_that_raises_before_it_is_sent():
    first, _ = two_pools()
    with pool_scope(first):
        for read in READS:
            with pytest.raises(ClosedQuery):
                read(Organization.objects.all())
        with pytest.raises(ClosedQuery):
            list(OrganizationType.objects.unscoped().filter(pk__in=Organization.objects.values("type_id")))


def test_outside_a_pool_a_tenant_table_has_no_answer():
    two_pools()
    with pytest.raises(NoScope):
        Organization.objects.unscoped()
