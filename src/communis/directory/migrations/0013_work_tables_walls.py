from django.db import migrations

from communis.foundation import walls

ADOPTED_STAYS = migrations.RunSQL(
    """
    CREATE FUNCTION directory_workshare_adopted_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'directory_workshare: an adopted table never changes' USING ERRCODE = 'integrity_constraint_violation';
    END $$;
    CREATE TRIGGER directory_workshare_adopted_stays BEFORE UPDATE OR DELETE ON directory_workshare
        FOR EACH ROW WHEN (OLD.table_id IS NOT NULL) EXECUTE FUNCTION directory_workshare_adopted_stays();
    """,
    """
    DROP TRIGGER directory_workshare_adopted_stays ON directory_workshare;
    DROP FUNCTION directory_workshare_adopted_stays();
    """,
)


class Migration(migrations.Migration):
    """Wall the tables of the ETP; the shares of one that was adopted never change (ORG-15)."""

    dependencies = [("directory", "0012_work_tables_calendar_scope")]
    operations = [
        walls.wall("directory_worktable"),
        walls.numbered_by_pool("directory_worktable"),
        walls.same_pool("directory_workshare", "table_id", "directory_worktable"),
        walls.wall("directory_worktableevent"),
        walls.history("directory_worktableevent"),
        ADOPTED_STAYS,
    ]
