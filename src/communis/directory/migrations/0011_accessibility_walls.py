from django.db import migrations

from communis.foundation import walls


class Migration(migrations.Migration):
    """Wall the audits of accessibility, and their history."""

    dependencies = [("directory", "0010_accessibility_audits")]
    operations = [
        walls.wall("directory_accessibilityaudit"),
        walls.wall("directory_accessibilityauditevent"),
        walls.history("directory_accessibilityauditevent"),
    ]
