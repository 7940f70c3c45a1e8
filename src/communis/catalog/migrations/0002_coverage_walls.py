from django.db import migrations

from communis.foundation import walls


class Migration(migrations.Migration):
    """Wall what the offers cover, and its history."""

    dependencies = [("catalog", "0001_coverage")]
    operations = [
        walls.wall("catalog_coverage"),
        walls.wall("catalog_coverageevent"),
        walls.history("catalog_coverageevent"),
    ]
