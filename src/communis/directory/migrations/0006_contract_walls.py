from django.db import migrations

from communis.foundation import walls


class Migration(migrations.Migration):
    """Wall the contracts of suppliers and their history, and let them name a supplier of their own pool only."""

    dependencies = [("directory", "0005_describe_contracts_and_sort_names")]
    operations = [
        walls.wall("directory_suppliercontract"),
        walls.same_pool("directory_suppliercontract", "supplier_id", "directory_supplier"),
        walls.wall("directory_suppliercontractevent"),
        walls.history("directory_suppliercontractevent"),
    ]
