"""The last change of a pool is found in each history without reading those of the others."""

from django.db import migrations

from communis.foundation import walls


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_catalogue_walls"), ("foundation", "0006_cache")]

    operations = [
        walls.last_changes("catalog"),
    ]
