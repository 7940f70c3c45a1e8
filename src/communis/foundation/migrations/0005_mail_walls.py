from django.db import migrations

from communis.foundation import walls
from communis.foundation.embedded import APPLICATION

TABLE = "foundation_mail"
OWN = "account_id = nullif(current_setting('communis.account', true), '')::bigint"
OF_THE_ACCOUNT = migrations.RunSQL(
    f"""
    CREATE POLICY by_account ON {TABLE} FOR SELECT TO {APPLICATION} USING ({OWN});
    CREATE POLICY by_account_sent ON {TABLE} FOR UPDATE TO {APPLICATION} USING ({OWN}) WITH CHECK ({OWN});
    CREATE POLICY by_account_written ON {TABLE} FOR INSERT TO {APPLICATION} WITH CHECK (pool_id IS NULL AND {OWN});
    REVOKE UPDATE ON {TABLE} FROM {APPLICATION};
    GRANT UPDATE (state, error, sent_at, grouped_in_id) ON {TABLE} TO {APPLICATION};
    """,
    f"""
    GRANT UPDATE ON {TABLE} TO {APPLICATION};
    DROP POLICY by_account_written ON {TABLE};
    DROP POLICY by_account_sent ON {TABLE};
    DROP POLICY by_account ON {TABLE};
    """,
)


class Migration(migrations.Migration):
    """Wall the e-mails: those of a pool by the pool, one’s own by the account; only how far they went may change."""

    dependencies = [("foundation", "0004_mail")]
    operations = [
        walls.wall(TABLE),
        walls.numbered_by_pool(TABLE),
        walls.same_pool(TABLE, "grouped_in_id", TABLE),
        OF_THE_ACCOUNT,
    ]
