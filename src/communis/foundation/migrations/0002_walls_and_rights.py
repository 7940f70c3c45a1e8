from django.db import migrations

from communis.foundation import walls


class Migration(migrations.Migration):
    """Give the application its rights, take back those it must not have, and let a pool see itself only."""

    dependencies = [("foundation", "0001_initial")]
    run_before = [("directory", "0001_initial")]
    operations = [
        walls.rights(),
        walls.wall("foundation_pool", column="id"),
    ]
