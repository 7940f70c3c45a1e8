"""The last change of a pool is found in each history without reading those of the others."""

from django.db import migrations, models

from communis.foundation import walls


class Migration(migrations.Migration):
    dependencies = [("directory", "0016_facts_of_communes"), ("foundation", "0006_cache")]

    operations = [
        migrations.AddIndex(
            model_name="fact",
            index=models.Index(fields=["pool", "id"], name="fact_last_of_a_pool"),
        ),
        walls.last_changes("directory"),
    ]
