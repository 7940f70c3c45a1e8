from django.db import migrations

from communis.foundation import walls

ACTS = "agreements_resolutionevent"


def unguarded(table: str) -> migrations.RunSQL:
    """Take away the guard of a history, to put another in its place."""
    guard = walls.history(table)
    return migrations.RunSQL(guard.reverse_sql or "", guard.sql)


class Migration(migrations.Migration):
    """Wall the readings of files, which never change; let the names of persons in the history of acts be emptied (SEC-14)."""

    dependencies = [("agreements", "0003_acts_erasable_indexed_files_read")]
    operations = [
        walls.wall("agreements_filereading"),
        walls.same_pool("agreements_filereading", "organization_id", "directory_organization"),
        walls.never_changes("agreements_filereading"),
        unguarded(ACTS),
        walls.history(ACTS, ("president", "reporter", "secretary", "signatories")),
    ]
