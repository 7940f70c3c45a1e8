import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0011_accessibility_walls"),
        ("foundation", "0006_cache"),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveIntegerField(verbose_name="exercice")),
                ("adopted_on", models.DateField(verbose_name="en vigueur le")),
                (
                    "source",
                    models.CharField(
                        help_text="L’avenant ou la version, tel qu’il se cite.", max_length=300, verbose_name="établie par"
                    ),
                ),
            ],
            options={
                "verbose_name": "table des ETP",
                "verbose_name_plural": "tables des ETP",
                "ordering": ["-year", "-adopted_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="WorkTableEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("year", models.PositiveIntegerField(verbose_name="exercice")),
                ("adopted_on", models.DateField(verbose_name="en vigueur le")),
                (
                    "source",
                    models.CharField(
                        help_text="L’avenant ou la version, tel qu’il se cite.", max_length=300, verbose_name="établie par"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="apitoken",
            name="token_has_known_scopes",
        ),
        migrations.RemoveConstraint(
            model_name="workshare",
            name="work_share_once",
        ),
        migrations.AlterField(
            model_name="apitoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("directory.read", "organisations, sites, partenaires, fournisseurs, calendriers, territoire"),
                        ("people.read", "personnes, rôles, délégations de signature"),
                        ("facts.read", "faits et types de faits"),
                        ("department.read", "le service : pôles, postes, temps, affectations"),
                        ("offers.read", "offres simulées et leur explication"),
                        ("calendar.read", "échéances et séances, pour un agenda qui s’abonne"),
                    ],
                    max_length=20,
                ),
                size=None,
                verbose_name="portées",
            ),
        ),
        migrations.AlterField(
            model_name="apitokenevent",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("directory.read", "organisations, sites, partenaires, fournisseurs, calendriers, territoire"),
                        ("people.read", "personnes, rôles, délégations de signature"),
                        ("facts.read", "faits et types de faits"),
                        ("department.read", "le service : pôles, postes, temps, affectations"),
                        ("offers.read", "offres simulées et leur explication"),
                        ("calendar.read", "échéances et séances, pour un agenda qui s’abonne"),
                    ],
                    max_length=20,
                ),
                size=None,
                verbose_name="portées",
            ),
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scopes__len__gt", 0),
                    (
                        "scopes__contained_by",
                        ["calendar.read", "department.read", "directory.read", "facts.read", "offers.read", "people.read"],
                    ),
                ),
                name="token_has_known_scopes",
                violation_error_message="Choisissez au moins une portée.",
            ),
        ),
        migrations.AddField(
            model_name="worktable",
            name="pool",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="foundation.pool",
                verbose_name="service mutualisé",
            ),
        ),
        migrations.AddField(
            model_name="workshare",
            name="table",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shares",
                to="directory.worktable",
                verbose_name="table adoptée",
            ),
        ),
        migrations.AddField(
            model_name="workshareevent",
            name="table",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="directory.worktable",
                verbose_name="table adoptée",
            ),
        ),
        migrations.AddConstraint(
            model_name="workshare",
            constraint=models.UniqueConstraint(
                fields=("pool", "post", "year", "table", "brick"),
                name="work_share_once",
                nulls_distinct=False,
                violation_error_message="Cette brique figure déjà pour ce poste et cet exercice.",
            ),
        ),
        migrations.AddField(
            model_name="worktableevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="directory.worktable",
            ),
        ),
        migrations.AddField(
            model_name="worktableevent",
            name="pool",
            field=models.ForeignKey(
                db_constraint=False,
                editable=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="foundation.pool",
                verbose_name="service mutualisé",
            ),
        ),
    ]
