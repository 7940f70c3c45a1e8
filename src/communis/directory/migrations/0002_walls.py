from django.db import migrations

from communis.foundation import walls
from communis.foundation.embedded import APPLICATION

TENANTS = ["organizationtype", "organization", "person", "role", "grant", "fact"]
TARGETS = ["organizationtype", "organization", "person"]
REFERENCES = [
    ("organization", "type_id", "organizationtype"),
    ("organization", "parent_id", "organization"),
    ("role", "person_id", "person"),
    ("role", "organization_id", "organization"),
    ("grant", "organization_id", "organization"),
    ("fact", "organization_id", "organization"),
]
OWN_GRANTS = migrations.RunSQL(
    f"""
    CREATE POLICY by_account ON directory_grant FOR SELECT TO {APPLICATION}
        USING (account_id = nullif(current_setting('communis.account', true), '')::bigint);
    """,
    "DROP POLICY by_account ON directory_grant;",
)


class Migration(migrations.Migration):
    """Wall every table of a pool, make references carry the pool, keep the register read-only and facts unchanged."""

    dependencies = [("directory", "0001_initial"), ("foundation", "0002_walls_and_rights")]
    operations = [
        *(walls.wall(f"directory_{table}") for table in TENANTS),
        *(walls.numbered_by_pool(f"directory_{table}") for table in TARGETS),
        *(walls.same_pool(f"directory_{table}", column, f"directory_{target}") for table, column, target in REFERENCES),
        OWN_GRANTS,
        walls.read_only("directory_referencebody"),
        walls.read_only("directory_referencepopulation"),
        walls.never_changes("directory_fact"),
    ]
