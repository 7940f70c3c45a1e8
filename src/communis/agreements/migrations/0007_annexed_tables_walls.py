from django.db import migrations

from communis.foundation import walls


class Migration(migrations.Migration):
    """Wall the tables annexed to versions, and what files of conventions, of amendments and of disputes refer to."""

    dependencies = [
        ("agreements", "0006_annexed_tables_files_of_conventions"),
        ("directory", "0013_work_tables_walls"),
    ]
    operations = [
        walls.wall("agreements_annexedtable"),
        walls.same_pool("agreements_annexedtable", "version_id", "agreements_version"),
        walls.same_pool("agreements_annexedtable", "table_id", "directory_worktable"),
        walls.wall("agreements_annexedtableevent"),
        walls.history("agreements_annexedtableevent"),
        walls.same_pool("agreements_attachment", "agreement_id", "agreements_agreement"),
        walls.same_pool("agreements_attachment", "amendment_id", "agreements_amendment"),
        walls.same_pool("agreements_attachment", "dispute_id", "agreements_dispute"),
    ]
