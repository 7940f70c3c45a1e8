"""What the catalogue of the database must say, whatever the tables: no hole through which a row could be seen or guessed."""

import pytest
from django.apps import apps
from django.db import connection

from communis.foundation.embedded import APPLICATION
from communis.foundation.history import Event
from communis.foundation.tenancy import Pool

pytestmark = pytest.mark.django_db

# A fact is corrected once. The key is an identifier that no form lets one type, and the reference itself carries the pool.
KEYS_WITHOUT_A_POOL = {  # references to a row of the pool, which is followed, replaced or made once
    ("agreements_amendment", "makes_id"),
    ("agreements_annexedtable", "table_id"),
    ("agreements_membership", "follows_id"),
    ("agreements_version", "follows_id"),
    ("directory_fact", "replaces_id"),
}


def asked(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def of_pools():
    """Return the models whose rows belong to a pool, their history included."""
    return [m for m in apps.get_models() if any(f.is_relation and f.related_model is Pool for f in m._meta.concrete_fields)]


TABLES = sorted(model._meta.db_table for model in of_pools())
TENANTS = [model for model in of_pools() if not issubclass(model, Event)]


def test_no_view_shows_rows_with_the_rights_of_its_owner():
    views = (
        "SELECT relname, coalesce(array_to_string(reloptions, ' '), '') FROM pg_class WHERE relkind = 'v' AND relnamespace = %s"
    )
    found = asked(views + "::regnamespace", "public")
    assert [name for name, options in found if "security_invoker=true" not in options] == []


def test_no_view_keeps_a_copy_of_rows():
    assert asked("SELECT relname FROM pg_class WHERE relkind = 'm' AND relnamespace = 'public'::regnamespace") == []


def test_no_function_acts_with_the_rights_of_its_owner():
    assert asked("SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace") == []


@pytest.mark.parametrize("right", ["TRUNCATE", "TRIGGER", "REFERENCES"])
def test_the_role_that_serves_has_no_right_that_policies_do_not_bind(right):
    tables = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
    assert asked(f"{tables} AND has_table_privilege(%s, oid, %s)", APPLICATION, right) == []


def test_the_role_that_serves_owns_nothing_and_is_nobody_else():
    owned = """
        SELECT 'table', relname FROM pg_class WHERE relowner = %s::regrole
        UNION ALL SELECT 'function', proname FROM pg_proc WHERE proowner = %s::regrole
        UNION ALL SELECT 'schema', nspname FROM pg_namespace WHERE nspowner = %s::regrole
        UNION ALL SELECT 'type', typname FROM pg_type WHERE typowner = %s::regrole
        UNION ALL SELECT 'member', roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole
        UNION ALL SELECT 'creates in', nspname FROM pg_namespace WHERE has_schema_privilege(%s, oid, 'CREATE')
    """
    assert asked(owned, *[APPLICATION] * 6) == []
    powers = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = %s"
    assert asked(powers, APPLICATION) == [(False,) * 5]
    assert asked("SELECT current_user") == [(APPLICATION,)]


def test_every_table_of_a_pool_is_walled_its_history_too():
    walled = """
        SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
        WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.polname = 'by_pool' AND p.polcmd = '*' AND p.polpermissive
          AND p.polroles = ARRAY[%s::regrole::oid]
          AND pg_get_expr(p.polqual, p.polrelid) LIKE '%%current_setting(''communis.pool''%%'
          AND pg_get_expr(p.polwithcheck, p.polrelid) = pg_get_expr(p.polqual, p.polrelid)
    """
    found = {name for (name,) in asked(walled, APPLICATION)}
    assert sorted({*TABLES, "foundation_pool"} - found) == []
    with_pool = "SELECT attrelid::regclass::text FROM pg_attribute WHERE attname = 'pool_id' AND NOT attisdropped AND attnum > 0"
    tables = "AND attrelid IN (SELECT oid FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace)"
    assert sorted(name for (name,) in asked(f"{with_pool} {tables}")) == TABLES


def test_a_policy_that_shows_more_than_the_pool_shows_an_account_its_own():
    others = """
        SELECT DISTINCT tablename, cmd FROM pg_policies
        WHERE policyname <> 'by_pool' AND ('public' = ANY(roles) OR %s = ANY(roles))
          AND coalesce(qual, '') NOT LIKE '(account_id = %%current_setting(''communis.account''%%'
          AND coalesce(with_check, '') NOT LIKE '%%account_id = %%current_setting(''communis.account''%%'
    """
    assert asked(others, APPLICATION) == [("directory_apitoken", "SELECT")]  # a program shows the digest of its own token


def test_every_reference_between_rows_of_pools_carries_the_pool():
    wanted = {
        (model._meta.db_table, field.column, field.related_model._meta.db_table)
        for model in TENANTS
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in TENANTS
    }
    carried = """
        SELECT conrelid::regclass::text, second.attname, confrelid::regclass::text FROM pg_constraint
        JOIN pg_attribute first ON first.attrelid = conrelid AND first.attnum = conkey[1]
        JOIN pg_attribute second ON second.attrelid = conrelid AND second.attnum = conkey[2]
        WHERE contype = 'f' AND cardinality(conkey) = 2 AND first.attname = 'pool_id' AND NOT condeferred AND convalidated
    """
    assert sorted(wanted - set(asked(carried))) == []
    assert len(wanted) > 20


def test_no_reference_between_rows_of_pools_is_checked_without_the_pool():
    alone = """
        SELECT conrelid::regclass::text, conname FROM pg_constraint
        WHERE contype = 'f' AND cardinality(conkey) = 1
          AND conrelid::regclass::text = ANY(%s) AND confrelid::regclass::text = ANY(%s)
    """
    assert asked(alone, TABLES, TABLES) == []


def test_no_value_is_unique_across_pools():
    """A name refused because another pool has it would tell that it has it."""
    keys = """
        SELECT i.indrelid::regclass::text, a.attname FROM pg_index i
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indisunique AND NOT i.indisprimary AND a.attname <> 'pool_id' AND i.indrelid::regclass::text = ANY(%s)
    """
    assert set(asked(keys, TABLES)) == KEYS_WITHOUT_A_POOL | {("directory_apitoken", "digest")}  # of a secret nobody chooses


def test_history_is_only_added_to():
    tables = [model._meta.db_table for model in of_pools() if issubclass(model, Event)]
    may = """
        SELECT name FROM unnest(%s::text[]) AS name WHERE has_table_privilege(%s, name, 'UPDATE')
            OR has_table_privilege(%s, name, 'DELETE') OR NOT has_table_privilege(%s, name, 'INSERT')
    """
    assert asked(may, tables, *[APPLICATION] * 3) == []
    assert len(tables) > 20


def test_a_role_without_a_policy_sees_nothing():
    """A copy made under a role that no policy names would hold no row and say nothing: the superuser makes backups."""
    named = "SELECT DISTINCT unnest(roles)::text FROM pg_policies WHERE schemaname = 'public' ORDER BY 1"
    assert [name for (name,) in asked(named)] == ["communis_app", "communis_owner"]
