from django.db import migrations

from communis.foundation import walls

TENANTS = {  # each with the columns by which it refers to another table of the pool
    "edition": {},
    "editionhours": {"edition_id": "catalog_edition"},
    "entry": {"edition_id": "catalog_edition", "parent_id": "catalog_entry"},
    "tool": {"entry_id": "catalog_entry", "replaced_by_id": "catalog_tool"},
    "prerequisite": {"entry_id": "catalog_entry"},
    "prerequisitecheck": {"organization_id": "directory_organization"},
}


class Migration(migrations.Migration):
    """Wall the catalogues, their history, and the checks of prerequisites."""

    dependencies = [("catalog", "0003_catalogue_tree"), ("directory", "0011_accessibility_walls")]
    operations = [
        *(walls.wall(f"catalog_{table}") for table in TENANTS),
        *(walls.numbered_by_pool(f"catalog_{table}") for table in ("edition", "entry", "tool")),
        *(
            walls.same_pool(f"catalog_{table}", column, target)
            for table, references in TENANTS.items()
            for column, target in references.items()
        ),
        *(walls.wall(f"catalog_{table}event") for table in TENANTS),
        *(walls.history(f"catalog_{table}event") for table in TENANTS),
    ]
