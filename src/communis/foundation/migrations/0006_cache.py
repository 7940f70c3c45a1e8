from django.db import migrations


class Migration(migrations.Migration):
    """Make the cache that all processes share: the limits of attempts are counted in it."""

    dependencies = [("foundation", "0005_mail_walls")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
            CREATE INDEX cache_expires ON cache (expires);
            """,
            "DROP TABLE cache;",
        )
    ]
