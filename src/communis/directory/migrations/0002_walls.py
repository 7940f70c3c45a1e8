from django.db import migrations

from communis.foundation import walls
from communis.foundation.embedded import APPLICATION

TENANTS = {  # each with the columns by which it refers to another table of the pool
    "grant": {"organization_id": "organization", "held_as_id": "role"},
    "organizationtype": {},
    "partner": {},
    "organization": {
        "type_id": "organizationtype", "parent_id": "organization", "prefecture_id": "partner", "accountant_id": "partner",
        "court_id": "partner",
    },
    "composition": {"whole_id": "organization", "part_id": "organization"},
    "succession": {"predecessor_id": "organization", "successor_id": "organization"},
    "site": {"organization_id": "organization", "carrier_id": "supplier"},
    "legalground": {"organization_id": "organization"},
    "openinghours": {"organization_id": "organization"},
    "closingday": {"organization_id": "organization"},
    "budgetmilestone": {"organization_id": "organization"},
    "person": {"supplier_id": "supplier"},
    "role": {"person_id": "person", "organization_id": "organization"},
    "delegation": {"organization_id": "organization", "delegate_id": "person"},
    "unit": {"parent_id": "unit"},
    "post": {"unit_id": "unit"},
    "occupation": {"post_id": "post", "person_id": "person"},
    "workshare": {"post_id": "post"},
    "supplier": {},
    "supplierlabel": {"supplier_id": "supplier"},
    "facttype": {},
    "fact": {"type_id": "facttype", "organization_id": "organization", "replaces_id": "fact"},
}  # fmt: skip
PERSONAL = {"person": ("first_name", "last_name", "email", "phone", "search_text")}
TARGETS = sorted({target for references in TENANTS.values() for target in references.values()})
OWN_GRANTS = migrations.RunSQL(
    f"""
    CREATE POLICY by_account ON directory_grant FOR SELECT TO {APPLICATION}
        USING (account_id = nullif(current_setting('communis.account', true), '')::bigint);
    """,
    "DROP POLICY by_account ON directory_grant;",
)


class Migration(migrations.Migration):
    """Wall every table of a pool and its history, make references carry the pool, keep the register read-only."""

    dependencies = [("directory", "0001_initial"), ("foundation", "0002_walls_and_rights")]
    operations = [
        *(walls.wall(f"directory_{table}") for table in TENANTS),
        *(walls.numbered_by_pool(f"directory_{table}") for table in TARGETS),
        *(
            walls.same_pool(f"directory_{table}", column, f"directory_{target}")
            for table, references in TENANTS.items()
            for column, target in references.items()
        ),
        *(walls.wall(f"directory_{table}event") for table in TENANTS if table != "fact"),
        *(walls.history(f"directory_{table}event", PERSONAL.get(table, ())) for table in TENANTS if table != "fact"),
        OWN_GRANTS,
        walls.read_only("directory_referencebody"),
        walls.read_only("directory_referencepopulation"),
        walls.never_changes("directory_fact"),
    ]
