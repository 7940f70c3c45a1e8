from django.db import migrations

from communis.foundation import walls


class Migration(migrations.Migration):
    """Wall the invitations, and let them name a right of their own pool only."""

    dependencies = [("directory", "0003_invitations")]
    operations = [
        walls.wall("directory_invitation"),
        walls.numbered_by_pool("directory_grant"),
        walls.same_pool("directory_invitation", "grant_id", "directory_grant"),
    ]
