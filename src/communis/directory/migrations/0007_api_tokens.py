import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import pghistory.utils
from django.conf import settings
from django.db import migrations, models

from communis.foundation import walls
from communis.foundation.embedded import APPLICATION

OWN_TOKEN = migrations.RunSQL(
    f"""
    CREATE POLICY by_digest ON directory_apitoken FOR SELECT TO {APPLICATION}
        USING (digest = nullif(current_setting('communis.token', true), ''));
    """,
    "DROP POLICY by_digest ON directory_apitoken;",
)


class Migration(migrations.Migration):
    """Keep the tokens of programs, walled by pool; whoever holds a token is shown its own row, and no other."""

    dependencies = [("directory", "0006_contract_walls")]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="À quoi il sert : « tableau de bord des finances ».", max_length=100, verbose_name="nom"
                    ),
                ),
                ("prefix", models.CharField(editable=False, max_length=20, verbose_name="début du jeton")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("password_mark", models.CharField(editable=False, max_length=64)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("directory.read", "organisations, sites, partenaires, fournisseurs, calendriers, territoire"),
                                ("people.read", "personnes, rôles, délégations de signature"),
                                ("facts.read", "faits et types de faits"),
                                ("department.read", "le service : pôles, postes, temps, affectations"),
                                ("offers.read", "offres simulées et leur explication"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                        verbose_name="portées",
                    ),
                ),
                ("created_on", models.DateField(verbose_name="créé le")),
                ("expires_on", models.DateField(verbose_name="valable jusqu’au")),
                (
                    "last_used_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="dernière utilisation"),
                ),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="révoqué le")),
                ("revoked_by", models.CharField(blank=True, editable=False, max_length=200, verbose_name="révoqué par")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="compte",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.pool",
                        verbose_name="service mutualisé",
                    ),
                ),
            ],
            options={
                "verbose_name": "jeton d’API",
                "verbose_name_plural": "jetons d’API",
                "ordering": ["-created_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ApiTokenEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "name",
                    models.CharField(
                        help_text="À quoi il sert : « tableau de bord des finances ».", max_length=100, verbose_name="nom"
                    ),
                ),
                ("prefix", models.CharField(editable=False, max_length=20, verbose_name="début du jeton")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("directory.read", "organisations, sites, partenaires, fournisseurs, calendriers, territoire"),
                                ("people.read", "personnes, rôles, délégations de signature"),
                                ("facts.read", "faits et types de faits"),
                                ("department.read", "le service : pôles, postes, temps, affectations"),
                                ("offers.read", "offres simulées et leur explication"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                        verbose_name="portées",
                    ),
                ),
                ("created_on", models.DateField(verbose_name="créé le")),
                ("expires_on", models.DateField(verbose_name="valable jusqu’au")),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="révoqué le")),
                ("revoked_by", models.CharField(blank=True, editable=False, max_length=200, verbose_name="révoqué par")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="compte",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="directory.apitoken",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="foundation.pool",
                        verbose_name="service mutualisé",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scopes__len__gt", 0),
                    ("scopes__contained_by", ["department.read", "directory.read", "facts.read", "offers.read", "people.read"]),
                ),
                name="token_has_known_scopes",
                violation_error_message="Choisissez au moins une portée.",
            ),
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expires_on__gte", models.F("created_on")),
                    (
                        "expires_on__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("created_on"), "+", models.Value(datetime.timedelta(days=366))
                        ),
                    ),
                ),
                name="token_lives_a_year_at_most",
                violation_error_message="Un jeton vaut un an au plus, et pas avant le jour de sa création.",
            ),
        ),
        walls.wall("directory_apitoken"),
        walls.wall("directory_apitokenevent"),
        walls.history("directory_apitokenevent"),
        OWN_TOKEN,
    ]
