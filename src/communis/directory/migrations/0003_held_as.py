import django.db.models.deletion
from django.db import migrations, models

from communis.foundation import walls


class Migration(migrations.Migration):
    """Link a right to the role it came with: when the role ends, so does the right."""

    dependencies = [("directory", "0002_walls")]
    operations = [
        walls.numbered_by_pool("directory_role"),
        migrations.AddField(
            model_name="grant",
            name="held_as",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="grants",
                to="directory.role",
                verbose_name="au titre du rôle",
            ),
        ),
        walls.same_pool("directory_grant", "held_as_id", "directory_role"),
    ]
