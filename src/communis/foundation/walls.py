"""The walls in the database, as operations of a migration: row-level security, references that carry the pool, roles’ rights.

`wall(table)` shows each role its rows: the application those of the pool in scope, the owner (who migrates) all of them. It is
FORCEd, so that even the owner of the table goes through a policy. Whoever is neither sees nothing.
"""

from __future__ import annotations

from django.db import migrations

from communis.foundation.embedded import APPLICATION, OWNER

_IN_SCOPE = "{column} = nullif(current_setting('communis.pool', true), '')::bigint"


def wall(table: str, column: str = "pool_id") -> migrations.RunSQL:
    """Let the application read and write only the rows of the pool in scope."""
    shown = _IN_SCOPE.format(column=column)
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY by_pool ON {table} TO {APPLICATION} USING ({shown}) WITH CHECK ({shown});
        CREATE POLICY by_owner ON {table} TO {OWNER} USING (true) WITH CHECK (true);
        """,
        f"""
        DROP POLICY by_owner ON {table};
        DROP POLICY by_pool ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def numbered_by_pool(table: str) -> migrations.RunSQL:
    """Let other rows refer to a row together with its pool."""
    name = f"{table}_pool_id_id_key"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE (pool_id, id);", f"ALTER TABLE {table} DROP CONSTRAINT {name};"
    )


def same_pool(table: str, column: str, target: str) -> migrations.RunSQL:
    """Make a reference carry the pool: row-level security does not look at references, so the key itself must."""
    name = f"{table}_{column}_same_pool"[:63]
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (pool_id, {column}) REFERENCES {target} (pool_id, id)
        DEFERRABLE INITIALLY IMMEDIATE;
        """,
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )


def never_changes(table: str) -> migrations.RunSQL:
    """Forbid any change or removal of a row, whoever asks and however: the right is taken back, and a trigger refuses."""
    return migrations.RunSQL(
        f"""
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APPLICATION};
        CREATE FUNCTION {table}_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{table}: rows never change' USING ERRCODE = 'integrity_constraint_violation'; END $$;
        CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_never_changes();
        """,
        f"""
        DROP TRIGGER {table}_never_changes ON {table};
        DROP FUNCTION {table}_never_changes();
        GRANT UPDATE, DELETE ON {table} TO {APPLICATION};
        """,
    )


def history(table: str, erasable: tuple[str, ...] = ()) -> migrations.RunSQL:
    """Let history be added to and never changed; the only change allowed is to empty personal fields, when a person is erased."""
    names = ", ".join(erasable)
    listed = "ARRAY[" + ", ".join(f"'{name}'" for name in erasable) + "]::text[]"
    emptied = " AND ".join(f"(NEW.{name} = OLD.{name} OR NEW.{name} = '')" for name in erasable) or "false"
    granted = f"GRANT UPDATE ({names}) ON {table} TO {APPLICATION};" if erasable else ""
    return migrations.RunSQL(
        f"""
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APPLICATION};
        {granted}
        CREATE FUNCTION {table}_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - {listed} = to_jsonb(OLD) - {listed} AND {emptied} THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '{table}: history never changes' USING ERRCODE = 'integrity_constraint_violation';
        END $$;
        CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_never_changes();
        CREATE INDEX {table}_last ON {table} (pool_id, pgh_id);
        """,
        f"""
        DROP INDEX IF EXISTS {table}_last;
        DROP TRIGGER {table}_never_changes ON {table};
        DROP FUNCTION {table}_never_changes();
        GRANT UPDATE, DELETE ON {table} TO {APPLICATION};
        """,
    )


def last_changes(room: str) -> migrations.RunSQL:
    """Let the last change of a pool be found by an index in the histories of a room that were there before `history` gave one.

    Plain SQL: declared on the models, some seventy indexes would have Django make its picture of them all again for each.
    """
    return migrations.RunSQL(
        rf"""
        DO $$ DECLARE name text; BEGIN
            FOR name IN SELECT table_name FROM information_schema.columns
                WHERE table_schema = 'public' AND column_name = 'pgh_id' AND table_name LIKE '{room}\_%'
            LOOP EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (pool_id, pgh_id)', name || '_last', name); END LOOP;
        END $$;
        """,
        migrations.RunSQL.noop,
    )


def read_only(table: str) -> migrations.RunSQL:
    """Make public reference data readable by the application and written by migrations and imports of the owner only."""
    return migrations.RunSQL(
        f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {APPLICATION};",
        f"GRANT INSERT, UPDATE, DELETE ON {table} TO {APPLICATION};",
    )


def rights() -> migrations.RunSQL:
    """Give the application its rights on all that the owner makes, now and later; run before any other table is made."""
    return migrations.RunSQL(
        f"""
        GRANT USAGE ON SCHEMA public TO {APPLICATION};
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APPLICATION};
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {APPLICATION};
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APPLICATION};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION};
        REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {APPLICATION};
        """,
        migrations.RunSQL.noop,
    )
