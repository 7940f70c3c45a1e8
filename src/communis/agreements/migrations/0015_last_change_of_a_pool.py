"""The last change of a pool is found in each history without reading those of the others."""

from django.db import migrations

from communis.foundation import walls


class Migration(migrations.Migration):
    dependencies = [("agreements", "0014_line_of_an_examination"), ("foundation", "0006_cache")]

    operations = [
        walls.last_changes("agreements"),
    ]
