import django.db.models.deletion
import pghistory.utils
from django.conf import settings
from django.db import migrations, models

import communis.directory.identifiers
import communis.foundation.creating


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("foundation", "0001_initial"),
    ]

    operations = [
        communis.foundation.creating.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Account",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        ("email", models.EmailField(max_length=254, unique=True, verbose_name="adresse e-mail")),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        ("is_active", models.BooleanField(default=True, verbose_name="actif")),
                    ],
                    options={
                        "verbose_name": "compte",
                    },
                ),
                migrations.CreateModel(
                    name="BudgetMilestone",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("DOB", "débat d’orientation budgétaire"),
                                    ("BP", "budget primitif"),
                                    ("DM", "décision modificative"),
                                    ("CA", "compte administratif ou financier unique"),
                                ],
                                max_length=3,
                                verbose_name="étape",
                            ),
                        ),
                        ("year", models.PositiveIntegerField(verbose_name="exercice")),
                        ("on", models.DateField(verbose_name="date")),
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
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="milestones",
                                to="directory.organization",
                                verbose_name="organisation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "étape budgétaire",
                        "verbose_name_plural": "étapes budgétaires",
                        "ordering": ["on"],
                    },
                ),
                migrations.CreateModel(
                    name="ClosingDay",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("starts_on", models.DateField(verbose_name="du")),
                        ("ends_on", models.DateField(verbose_name="au")),
                        ("label", models.CharField(max_length=200, verbose_name="motif")),
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
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="closings",
                                to="directory.organization",
                                verbose_name="organisation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "jour de fermeture",
                        "verbose_name_plural": "jours de fermeture",
                        "ordering": ["starts_on"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="closing_ends_after_it_starts",
                                violation_error_message="La fin doit suivre le début.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Composition",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
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
                        (
                            "part",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="wholes",
                                to="directory.organization",
                                verbose_name="composé de",
                            ),
                        ),
                        (
                            "whole",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="directory.organization",
                                verbose_name="groupement",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "composition",
                        "ordering": ["part__sort_name", "starts_on"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("whole", models.F("part")), _negated=True),
                                name="composition_of_another",
                                violation_error_message="Un groupement n’est pas composé de lui-même.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="composition_ends_after_it_starts",
                                violation_error_message="La fin doit suivre le début.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FactType",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "code",
                            models.CharField(
                                help_text="Le nom que le tarif lui donne : postes_de_travail.",
                                max_length=100,
                                verbose_name="nom dans les conventions",
                            ),
                        ),
                        ("label", models.CharField(max_length=200, verbose_name="libellé")),
                        (
                            "shape",
                            models.CharField(
                                choices=[("number", "un nombre"), ("yes_no", "oui ou non"), ("words", "des mots")],
                                default="number",
                                max_length=10,
                                verbose_name="valeur",
                            ),
                        ),
                        ("unit", models.CharField(blank=True, max_length=30, verbose_name="unité")),
                        (
                            "has_kinds",
                            models.BooleanField(default=False, verbose_name="a une nature (population totale, municipale…)"),
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
                        "verbose_name": "type de fait",
                        "verbose_name_plural": "types de faits",
                        "ordering": ["label"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "code"),
                                name="fact_type_once",
                                violation_error_message="Un type de fait porte déjà ce nom.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FactTypeEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "code",
                            models.CharField(
                                help_text="Le nom que le tarif lui donne : postes_de_travail.",
                                max_length=100,
                                verbose_name="nom dans les conventions",
                            ),
                        ),
                        ("label", models.CharField(max_length=200, verbose_name="libellé")),
                        (
                            "shape",
                            models.CharField(
                                choices=[("number", "un nombre"), ("yes_no", "oui ou non"), ("words", "des mots")],
                                default="number",
                                max_length=10,
                                verbose_name="valeur",
                            ),
                        ),
                        ("unit", models.CharField(blank=True, max_length=30, verbose_name="unité")),
                        (
                            "has_kinds",
                            models.BooleanField(default=False, verbose_name="a une nature (population totale, municipale…)"),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.facttype",
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
                migrations.CreateModel(
                    name="LegalGround",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "reference",
                            models.CharField(
                                help_text="Par exemple : article 6.3.2 des statuts.", max_length=200, verbose_name="référence"
                            ),
                        ),
                        (
                            "wording",
                            models.TextField(
                                help_text="En une phrase, telle qu’un document la citera.", verbose_name="ce qu’elle permet"
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="en vigueur depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
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
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="grounds",
                                to="directory.organization",
                                verbose_name="organisation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "fondement statutaire",
                        "verbose_name_plural": "fondements statutaires",
                        "ordering": ["reference", "starts_on"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="ground_ends_after_it_starts",
                                violation_error_message="La fin doit suivre le début.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpeningHours",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "weekday",
                            models.CharField(
                                choices=[
                                    ("1", "lundi"),
                                    ("2", "mardi"),
                                    ("3", "mercredi"),
                                    ("4", "jeudi"),
                                    ("5", "vendredi"),
                                    ("6", "samedi"),
                                    ("7", "dimanche"),
                                ],
                                max_length=1,
                                verbose_name="jour",
                            ),
                        ),
                        ("opens_at", models.TimeField(verbose_name="ouvre à")),
                        ("closes_at", models.TimeField(verbose_name="ferme à")),
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
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hours",
                                to="directory.organization",
                                verbose_name="organisation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "horaire",
                        "ordering": ["organization__sort_name", "weekday", "opens_at"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                                name="hours_close_after_they_open",
                                violation_error_message="L’heure de fermeture doit suivre celle d’ouverture.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Organization",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        ("sort_name", models.CharField(editable=False, max_length=200)),
                        ("search_text", models.TextField(editable=False)),
                        ("legal_form", models.CharField(blank=True, max_length=100, verbose_name="forme juridique")),
                        (
                            "siren",
                            models.CharField(
                                blank=True,
                                max_length=9,
                                validators=[communis.directory.identifiers.check_siren],
                                verbose_name="SIREN",
                            ),
                        ),
                        (
                            "siret",
                            models.CharField(
                                blank=True,
                                max_length=14,
                                validators=[communis.directory.identifiers.check_siret],
                                verbose_name="SIRET",
                            ),
                        ),
                        (
                            "insee",
                            models.CharField(
                                blank=True,
                                max_length=5,
                                validators=[communis.directory.identifiers.check_insee],
                                verbose_name="code Insee",
                            ),
                        ),
                        ("department", models.CharField(blank=True, max_length=3, verbose_name="département")),
                        ("address", models.TextField(blank=True, verbose_name="adresse")),
                        ("phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse e-mail")),
                        ("chorus_service", models.CharField(blank=True, max_length=100, verbose_name="code service Chorus Pro")),
                        ("chorus_commitment", models.BooleanField(default=False, verbose_name="engagement exigé par Chorus Pro")),
                        ("is_host", models.BooleanField(default=False, editable=False, verbose_name="gestionnaire")),
                        ("starts_on", models.DateField(blank=True, null=True, verbose_name="existe depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="existe jusqu’au")),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="associated",
                                to="directory.organization",
                                verbose_name="commune de rattachement",
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
                        (
                            "type",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organizationtype",
                                verbose_name="type",
                            ),
                        ),
                        (
                            "accountant",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                limit_choices_to={"kind": "accountant"},
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.partner",
                                verbose_name="comptable public",
                            ),
                        ),
                        (
                            "court",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                limit_choices_to={"kind": "court"},
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.partner",
                                verbose_name="tribunal administratif",
                            ),
                        ),
                        (
                            "prefecture",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                limit_choices_to={"kind": "prefecture"},
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.partner",
                                verbose_name="préfecture de contrôle",
                            ),
                        ),
                        (
                            "reference",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.referencebody",
                                verbose_name="entrée du registre",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "organisation",
                        "ordering": ["sort_name", "id"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "name"),
                                name="organization_name_once",
                                violation_error_message="Une organisation porte déjà ce nom.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("insee", ""), _negated=True),
                                fields=("pool", "insee"),
                                name="organization_insee_once",
                                violation_error_message="Une organisation a déjà ce code Insee.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("siret", ""), _negated=True),
                                fields=("pool", "siret"),
                                name="organization_siret_once",
                                violation_error_message="Une organisation a déjà ce SIRET.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_host", True)),
                                fields=("pool",),
                                name="organization_one_host",
                                violation_error_message="Le service a déjà un gestionnaire.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="organization_ends_after_it_starts",
                                violation_error_message="La fin doit suivre le début.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpeningHoursEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "weekday",
                            models.CharField(
                                choices=[
                                    ("1", "lundi"),
                                    ("2", "mardi"),
                                    ("3", "mercredi"),
                                    ("4", "jeudi"),
                                    ("5", "vendredi"),
                                    ("6", "samedi"),
                                    ("7", "dimanche"),
                                ],
                                max_length=1,
                                verbose_name="jour",
                            ),
                        ),
                        ("opens_at", models.TimeField(verbose_name="ouvre à")),
                        ("closes_at", models.TimeField(verbose_name="ferme à")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.openinghours",
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
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.organization",
                                verbose_name="organisation",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="LegalGroundEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "reference",
                            models.CharField(
                                help_text="Par exemple : article 6.3.2 des statuts.", max_length=200, verbose_name="référence"
                            ),
                        ),
                        (
                            "wording",
                            models.TextField(
                                help_text="En une phrase, telle qu’un document la citera.", verbose_name="ce qu’elle permet"
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="en vigueur depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.legalground",
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
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.organization",
                                verbose_name="organisation",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Grant",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("director", "direction du service"),
                                    ("finance", "finances du service"),
                                    ("unit_manager", "responsable de pôle"),
                                    ("technician", "agent du service"),
                                    ("auditor", "contrôle (lecture seule)"),
                                    ("executive", "exécutif de l’organisation"),
                                    ("office", "direction générale ou secrétariat"),
                                    ("contact", "interlocuteur technique"),
                                    ("member_finance", "finances de l’organisation"),
                                    ("elected", "élu de l’organisation (lecture)"),
                                ],
                                max_length=20,
                                verbose_name="droit",
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
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
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organization",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "held_as",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="grants",
                                to="directory.role",
                                verbose_name="au titre du rôle",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "droit d’accès",
                        "verbose_name_plural": "droits d’accès",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("role__in", ["auditor", "director", "finance", "technician", "unit_manager"]),
                                    ("organization__isnull", False),
                                    _connector="XOR",
                                ),
                                name="grant_of_a_member_names_it",
                                violation_error_message="Un droit de membre nomme une organisation, un droit du service non.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                                name="grant_ends_after_it_starts",
                                violation_error_message="La fin du droit doit suivre son début.",
                            ),
                            models.UniqueConstraint(
                                fields=("pool", "account", "organization", "role", "starts_on"),
                                name="grant_once",
                                nulls_distinct=False,
                                violation_error_message="Ce droit existe déjà.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Fact",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("totale", "totale"),
                                    ("municipale", "municipale"),
                                    ("dgf", "DGF"),
                                    ("déclarée", "déclarée"),
                                    ("comptée_à_part", "comptée à part"),
                                ],
                                max_length=20,
                                verbose_name="nature",
                            ),
                        ),
                        (
                            "number",
                            models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True, verbose_name="valeur"),
                        ),
                        ("text", models.CharField(blank=True, max_length=200, verbose_name="valeur en mots")),
                        ("valid_on", models.DateField(verbose_name="à la date du")),
                        ("until", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        ("published_on", models.DateField(blank=True, null=True, verbose_name="publié le")),
                        ("source", models.CharField(max_length=300, verbose_name="source")),
                        ("entered_by", models.CharField(max_length=200, verbose_name="saisi par")),
                        ("entered_at", models.DateTimeField(verbose_name="saisi le")),
                        ("is_made_up", models.BooleanField(default=False, verbose_name="donnée fictive de démonstration")),
                        ("is_withdrawal", models.BooleanField(default=False, verbose_name="retire le fait")),
                        ("reason", models.CharField(blank=True, max_length=300, verbose_name="motif")),
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
                        (
                            "replaces",
                            models.OneToOneField(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="directory.fact",
                                verbose_name="corrige",
                            ),
                        ),
                        (
                            "type",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="facts",
                                to="directory.facttype",
                                verbose_name="fait",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="facts",
                                to="directory.organization",
                                verbose_name="organisation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "fait",
                        "ordering": ["type__label", "-valid_on", "-entered_at"],
                        "indexes": [
                            models.Index(fields=["pool", "organization", "type", "valid_on"], name="fact_of_organization")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_withdrawal", True),
                                    models.Q(("number__isnull", False), models.Q(("text", ""), _negated=True), _connector="XOR"),
                                    _connector="OR",
                                ),
                                name="fact_has_one_value",
                                violation_error_message="Un fait a une valeur : un nombre, ou des mots.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("replaces", None), models.Q(("reason", ""), _negated=True), _connector="OR"),
                                name="fact_corrected_with_a_reason",
                                violation_error_message="Dites le motif de la correction.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("is_withdrawal", False), ("replaces__isnull", False), _connector="OR"),
                                name="fact_withdrawn_replaces_one",
                                violation_error_message="Un retrait dit le fait qu’il retire.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delegation",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "granted_by",
                            models.CharField(
                                help_text="La fonction de qui délègue : le président, le maire.",
                                max_length=200,
                                verbose_name="donnée par",
                            ),
                        ),
                        ("scope", models.CharField(max_length=300, verbose_name="objet")),
                        (
                            "act",
                            models.CharField(
                                help_text="Par exemple : arrêté n° 2023-12 du 2 mai 2023.", max_length=200, verbose_name="acte"
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
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
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="delegations",
                                to="directory.organization",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "delegate",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="delegations",
                                to="directory.person",
                                verbose_name="délégataire",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "délégation de signature",
                        "verbose_name_plural": "délégations de signature",
                        "ordering": ["organization__sort_name", "-starts_on"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="delegation_ends_after_it_starts",
                                violation_error_message="La fin doit suivre le début.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CompositionEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.composition",
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
                        (
                            "part",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.organization",
                                verbose_name="composé de",
                            ),
                        ),
                        (
                            "whole",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.organization",
                                verbose_name="groupement",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ClosingDayEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("starts_on", models.DateField(verbose_name="du")),
                        ("ends_on", models.DateField(verbose_name="au")),
                        ("label", models.CharField(max_length=200, verbose_name="motif")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.closingday",
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
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.organization",
                                verbose_name="organisation",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="BudgetMilestoneEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("DOB", "débat d’orientation budgétaire"),
                                    ("BP", "budget primitif"),
                                    ("DM", "décision modificative"),
                                    ("CA", "compte administratif ou financier unique"),
                                ],
                                max_length=3,
                                verbose_name="étape",
                            ),
                        ),
                        ("year", models.PositiveIntegerField(verbose_name="exercice")),
                        ("on", models.DateField(verbose_name="date")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.budgetmilestone",
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
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.organization",
                                verbose_name="organisation",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="OrganizationType",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=100, verbose_name="nom")),
                        ("is_commune", models.BooleanField(default=False, verbose_name="a un code Insee")),
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
                        "verbose_name": "type d’organisation",
                        "verbose_name_plural": "types d’organisation",
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "name"),
                                name="organization_type_once",
                                violation_error_message="Ce type existe déjà.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrganizationTypeEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=100, verbose_name="nom")),
                        ("is_commune", models.BooleanField(default=False, verbose_name="a un code Insee")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.organizationtype",
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
                migrations.CreateModel(
                    name="Partner",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        ("sort_name", models.CharField(editable=False, max_length=200)),
                        ("search_text", models.TextField(editable=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("prefecture", "préfecture ou sous-préfecture"),
                                    ("accountant", "comptable public"),
                                    ("court", "tribunal administratif"),
                                    ("state", "service de l’État"),
                                    ("local", "collectivité ou syndicat partenaire"),
                                    ("other", "autre partenaire"),
                                ],
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        ("address", models.TextField(blank=True, verbose_name="adresse")),
                        ("phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse e-mail")),
                        ("note", models.TextField(blank=True, verbose_name="remarques")),
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
                        "verbose_name": "partenaire",
                        "ordering": ["sort_name", "id"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "name"),
                                name="partner_once",
                                violation_error_message="Un partenaire porte déjà ce nom.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PartnerEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        ("sort_name", models.CharField(editable=False, max_length=200)),
                        ("search_text", models.TextField(editable=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("prefecture", "préfecture ou sous-préfecture"),
                                    ("accountant", "comptable public"),
                                    ("court", "tribunal administratif"),
                                    ("state", "service de l’État"),
                                    ("local", "collectivité ou syndicat partenaire"),
                                    ("other", "autre partenaire"),
                                ],
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        ("address", models.TextField(blank=True, verbose_name="adresse")),
                        ("phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse e-mail")),
                        ("note", models.TextField(blank=True, verbose_name="remarques")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.partner",
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
                migrations.CreateModel(
                    name="Person",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("first_name", models.CharField(blank=True, max_length=100, verbose_name="prénom")),
                        ("last_name", models.CharField(max_length=100, verbose_name="nom")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse e-mail")),
                        ("phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone")),
                        ("function", models.CharField(blank=True, max_length=100, verbose_name="fonction")),
                        ("search_text", models.TextField(editable=False)),
                        (
                            "account",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
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
                        (
                            "supplier",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contacts",
                                to="directory.supplier",
                                verbose_name="chez le fournisseur",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "personne",
                        "ordering": ["last_name", "first_name", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Occupation",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("grade", models.CharField(blank=True, max_length=100, verbose_name="grade ou cadre d’emplois")),
                        (
                            "status",
                            models.CharField(
                                choices=[("tenured", "titulaire"), ("permanent", "CDI"), ("fixed_term", "CDD")],
                                max_length=20,
                                verbose_name="statut",
                            ),
                        ),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("own", "agent du gestionnaire"),
                                    ("lent", "mis à disposition"),
                                    ("transferred", "transféré"),
                                ],
                                default="own",
                                max_length=20,
                                verbose_name="origine",
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        ("training", models.TextField(blank=True, verbose_name="formations suivies")),
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
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="occupations",
                                to="directory.person",
                                verbose_name="personne",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="occupations",
                                to="directory.post",
                                verbose_name="poste",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "affectation",
                        "ordering": ["-starts_on"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "fixed_term"), _negated=True), ("ends_on__isnull", False), _connector="OR"
                                ),
                                name="occupation_fixed_term_ends",
                                violation_error_message="Un CDD a une date de fin.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="occupation_ends_after_it_starts",
                                violation_error_message="La fin doit suivre le début.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DelegationEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "granted_by",
                            models.CharField(
                                help_text="La fonction de qui délègue : le président, le maire.",
                                max_length=200,
                                verbose_name="donnée par",
                            ),
                        ),
                        ("scope", models.CharField(max_length=300, verbose_name="objet")),
                        (
                            "act",
                            models.CharField(
                                help_text="Par exemple : arrêté n° 2023-12 du 2 mai 2023.", max_length=200, verbose_name="acte"
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.delegation",
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
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.organization",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "delegate",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.person",
                                verbose_name="délégataire",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Post",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("title", models.CharField(max_length=200, verbose_name="intitulé")),
                        ("missions", models.TextField(blank=True, verbose_name="missions")),
                        (
                            "quotity",
                            models.DecimalField(decimal_places=2, default=1, max_digits=4, verbose_name="quotité, en ETP"),
                        ),
                        ("starts_on", models.DateField(verbose_name="ouvert le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="fermé le")),
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
                        (
                            "unit",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="posts",
                                to="directory.unit",
                                verbose_name="pôle",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "poste",
                        "ordering": ["unit__rank", "unit__name", "title", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quotity__gt", 0), ("quotity__lte", 1)),
                                name="post_quotity",
                                violation_error_message="La quotité va de 0,01 à 1 ETP.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="post_ends_after_it_starts",
                                violation_error_message="La fin doit suivre le début.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OccupationEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("grade", models.CharField(blank=True, max_length=100, verbose_name="grade ou cadre d’emplois")),
                        (
                            "status",
                            models.CharField(
                                choices=[("tenured", "titulaire"), ("permanent", "CDI"), ("fixed_term", "CDD")],
                                max_length=20,
                                verbose_name="statut",
                            ),
                        ),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("own", "agent du gestionnaire"),
                                    ("lent", "mis à disposition"),
                                    ("transferred", "transféré"),
                                ],
                                default="own",
                                max_length=20,
                                verbose_name="origine",
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        ("training", models.TextField(blank=True, verbose_name="formations suivies")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.occupation",
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
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.person",
                                verbose_name="personne",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.post",
                                verbose_name="poste",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReferenceBody",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("commune", "commune"), ("grouping", "groupement à fiscalité propre")],
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        ("sort_name", models.CharField(db_index=True, editable=False, max_length=200)),
                        ("insee", models.CharField(max_length=5, null=True, unique=True, verbose_name="code Insee")),
                        ("siren", models.CharField(max_length=9, null=True, unique=True, verbose_name="SIREN")),
                        ("department", models.CharField(blank=True, max_length=3, verbose_name="département")),
                        ("source", models.CharField(max_length=200, verbose_name="source")),
                        (
                            "grouping",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="communes",
                                to="directory.referencebody",
                                verbose_name="groupement",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "entrée du registre",
                        "verbose_name_plural": "registre",
                        "ordering": ["sort_name", "insee"],
                    },
                ),
                migrations.CreateModel(
                    name="OrganizationEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        ("sort_name", models.CharField(editable=False, max_length=200)),
                        ("search_text", models.TextField(editable=False)),
                        ("legal_form", models.CharField(blank=True, max_length=100, verbose_name="forme juridique")),
                        (
                            "siren",
                            models.CharField(
                                blank=True,
                                max_length=9,
                                validators=[communis.directory.identifiers.check_siren],
                                verbose_name="SIREN",
                            ),
                        ),
                        (
                            "siret",
                            models.CharField(
                                blank=True,
                                max_length=14,
                                validators=[communis.directory.identifiers.check_siret],
                                verbose_name="SIRET",
                            ),
                        ),
                        (
                            "insee",
                            models.CharField(
                                blank=True,
                                max_length=5,
                                validators=[communis.directory.identifiers.check_insee],
                                verbose_name="code Insee",
                            ),
                        ),
                        ("department", models.CharField(blank=True, max_length=3, verbose_name="département")),
                        ("address", models.TextField(blank=True, verbose_name="adresse")),
                        ("phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse e-mail")),
                        ("chorus_service", models.CharField(blank=True, max_length=100, verbose_name="code service Chorus Pro")),
                        ("chorus_commitment", models.BooleanField(default=False, verbose_name="engagement exigé par Chorus Pro")),
                        ("is_host", models.BooleanField(default=False, editable=False, verbose_name="gestionnaire")),
                        ("starts_on", models.DateField(blank=True, null=True, verbose_name="existe depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="existe jusqu’au")),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.organization",
                                verbose_name="commune de rattachement",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.organization",
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
                        (
                            "type",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.organizationtype",
                                verbose_name="type",
                            ),
                        ),
                        (
                            "accountant",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                limit_choices_to={"kind": "accountant"},
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.partner",
                                verbose_name="comptable public",
                            ),
                        ),
                        (
                            "court",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                limit_choices_to={"kind": "court"},
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.partner",
                                verbose_name="tribunal administratif",
                            ),
                        ),
                        (
                            "prefecture",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                limit_choices_to={"kind": "prefecture"},
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.partner",
                                verbose_name="préfecture de contrôle",
                            ),
                        ),
                        (
                            "reference",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.referencebody",
                                verbose_name="entrée du registre",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReferencePopulation",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("totale", "totale"),
                                    ("municipale", "municipale"),
                                    ("dgf", "DGF"),
                                    ("déclarée", "déclarée"),
                                    ("comptée_à_part", "comptée à part"),
                                ],
                                max_length=20,
                                verbose_name="population",
                            ),
                        ),
                        ("in_force_on", models.DateField(verbose_name="en vigueur le")),
                        ("value", models.PositiveIntegerField(verbose_name="habitants")),
                        ("source", models.CharField(max_length=200, verbose_name="source")),
                        (
                            "body",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="populations",
                                to="directory.referencebody",
                                verbose_name="entrée du registre",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "population légale",
                        "verbose_name_plural": "populations légales",
                        "constraints": [
                            models.UniqueConstraint(fields=("body", "kind", "in_force_on"), name="population_once_a_year")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Role",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("decision", "interlocuteur décideur"),
                                    ("technical", "interlocuteur technique"),
                                    ("mayor", "maire"),
                                    ("president", "président"),
                                    ("vice_president", "vice-président en charge"),
                                    ("clerk", "direction générale ou secrétariat de mairie"),
                                    ("legal", "représentant légal"),
                                    ("finance", "responsable financier"),
                                    ("it_referent", "référent informatique"),
                                    ("working_group", "représentant des services au groupe de travail"),
                                    ("it_agent", "agent informatique contributeur"),
                                    ("accountant", "comptable public"),
                                    ("dpo", "délégué à la protection des données"),
                                ],
                                max_length=20,
                                verbose_name="rôle",
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="roles",
                                to="directory.organization",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="roles",
                                to="directory.person",
                                verbose_name="personne",
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
                        "verbose_name": "rôle",
                        "ordering": ["organization__sort_name", "kind", "starts_on"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="role_ends_after_it_starts",
                                violation_error_message="La fin du rôle doit suivre son début.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GrantEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("director", "direction du service"),
                                    ("finance", "finances du service"),
                                    ("unit_manager", "responsable de pôle"),
                                    ("technician", "agent du service"),
                                    ("auditor", "contrôle (lecture seule)"),
                                    ("executive", "exécutif de l’organisation"),
                                    ("office", "direction générale ou secrétariat"),
                                    ("contact", "interlocuteur technique"),
                                    ("member_finance", "finances de l’organisation"),
                                    ("elected", "élu de l’organisation (lecture)"),
                                ],
                                max_length=20,
                                verbose_name="droit",
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
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
                                to="directory.grant",
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
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.organization",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "held_as",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.role",
                                verbose_name="au titre du rôle",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="RoleEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("decision", "interlocuteur décideur"),
                                    ("technical", "interlocuteur technique"),
                                    ("mayor", "maire"),
                                    ("president", "président"),
                                    ("vice_president", "vice-président en charge"),
                                    ("clerk", "direction générale ou secrétariat de mairie"),
                                    ("legal", "représentant légal"),
                                    ("finance", "responsable financier"),
                                    ("it_referent", "référent informatique"),
                                    ("working_group", "représentant des services au groupe de travail"),
                                    ("it_agent", "agent informatique contributeur"),
                                    ("accountant", "comptable public"),
                                    ("dpo", "délégué à la protection des données"),
                                ],
                                max_length=20,
                                verbose_name="rôle",
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.organization",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.person",
                                verbose_name="personne",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.role",
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
                migrations.CreateModel(
                    name="Site",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("town_hall", "mairie ou siège"),
                                    ("school", "école publique"),
                                    ("library", "médiathèque"),
                                    ("datacenter", "centre de données"),
                                    ("technical", "local technique"),
                                    ("other", "autre site"),
                                ],
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        ("address", models.TextField(blank=True, verbose_name="adresse")),
                        (
                            "connection",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("fibre", "fibre dédiée"),
                                    ("shared_fibre", "fibre mutualisée"),
                                    ("copper", "cuivre"),
                                    ("mobile", "4G ou 5G"),
                                    ("radio", "faisceau ou satellite"),
                                    ("none", "sans accès"),
                                ],
                                max_length=20,
                                verbose_name="accès au réseau",
                            ),
                        ),
                        ("speed", models.PositiveIntegerField(blank=True, null=True, verbose_name="débit, en Mbit/s")),
                        ("note", models.TextField(blank=True, verbose_name="remarques")),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sites",
                                to="directory.organization",
                                verbose_name="organisation",
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
                        (
                            "carrier",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.supplier",
                                verbose_name="opérateur",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "site",
                        "ordering": ["organization__sort_name", "kind", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "organization", "name"),
                                name="site_once",
                                violation_error_message="Un site de cette organisation porte déjà ce nom.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Succession",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("merger", "fusion"),
                                    ("new_commune", "commune nouvelle"),
                                    ("other", "autre réorganisation"),
                                ],
                                max_length=20,
                                verbose_name="cause",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="à compter du")),
                        ("act", models.CharField(max_length=200, verbose_name="acte")),
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
                        (
                            "predecessor",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="successions",
                                to="directory.organization",
                                verbose_name="organisation qui disparaît",
                            ),
                        ),
                        (
                            "successor",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="predecessions",
                                to="directory.organization",
                                verbose_name="organisation qui lui succède",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "succession",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "predecessor"),
                                name="succession_once",
                                violation_error_message="Cette organisation a déjà un successeur.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                                name="succession_by_another",
                                violation_error_message="Une organisation ne se succède pas à elle-même.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SuccessionEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("merger", "fusion"),
                                    ("new_commune", "commune nouvelle"),
                                    ("other", "autre réorganisation"),
                                ],
                                max_length=20,
                                verbose_name="cause",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="à compter du")),
                        ("act", models.CharField(max_length=200, verbose_name="acte")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.succession",
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
                        (
                            "predecessor",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.organization",
                                verbose_name="organisation qui disparaît",
                            ),
                        ),
                        (
                            "successor",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.organization",
                                verbose_name="organisation qui lui succède",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Supplier",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        ("sort_name", models.CharField(editable=False, max_length=200)),
                        ("search_text", models.TextField(editable=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("publisher", "éditeur"),
                                    ("maker", "constructeur"),
                                    ("carrier", "opérateur"),
                                    ("managed", "infogéreur local"),
                                    ("services", "prestataire"),
                                    ("central", "centrale d’achats"),
                                ],
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        (
                            "siren",
                            models.CharField(
                                blank=True,
                                max_length=9,
                                validators=[communis.directory.identifiers.check_siren],
                                verbose_name="SIREN",
                            ),
                        ),
                        ("address", models.TextField(blank=True, verbose_name="adresse")),
                        ("phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse e-mail")),
                        ("note", models.TextField(blank=True, verbose_name="remarques")),
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
                        "verbose_name": "fournisseur",
                        "ordering": ["sort_name", "id"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "name"),
                                name="supplier_once",
                                violation_error_message="Un fournisseur porte déjà ce nom.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SiteEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("town_hall", "mairie ou siège"),
                                    ("school", "école publique"),
                                    ("library", "médiathèque"),
                                    ("datacenter", "centre de données"),
                                    ("technical", "local technique"),
                                    ("other", "autre site"),
                                ],
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        ("address", models.TextField(blank=True, verbose_name="adresse")),
                        (
                            "connection",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("fibre", "fibre dédiée"),
                                    ("shared_fibre", "fibre mutualisée"),
                                    ("copper", "cuivre"),
                                    ("mobile", "4G ou 5G"),
                                    ("radio", "faisceau ou satellite"),
                                    ("none", "sans accès"),
                                ],
                                max_length=20,
                                verbose_name="accès au réseau",
                            ),
                        ),
                        ("speed", models.PositiveIntegerField(blank=True, null=True, verbose_name="débit, en Mbit/s")),
                        ("note", models.TextField(blank=True, verbose_name="remarques")),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.organization",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.site",
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
                        (
                            "carrier",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.supplier",
                                verbose_name="opérateur",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PersonEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("first_name", models.CharField(blank=True, max_length=100, verbose_name="prénom")),
                        ("last_name", models.CharField(max_length=100, verbose_name="nom")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse e-mail")),
                        ("phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone")),
                        ("function", models.CharField(blank=True, max_length=100, verbose_name="fonction")),
                        ("search_text", models.TextField(editable=False)),
                        (
                            "account",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
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
                                to="directory.person",
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
                        (
                            "supplier",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.supplier",
                                verbose_name="chez le fournisseur",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="SupplierEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        ("sort_name", models.CharField(editable=False, max_length=200)),
                        ("search_text", models.TextField(editable=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("publisher", "éditeur"),
                                    ("maker", "constructeur"),
                                    ("carrier", "opérateur"),
                                    ("managed", "infogéreur local"),
                                    ("services", "prestataire"),
                                    ("central", "centrale d’achats"),
                                ],
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        (
                            "siren",
                            models.CharField(
                                blank=True,
                                max_length=9,
                                validators=[communis.directory.identifiers.check_siren],
                                verbose_name="SIREN",
                            ),
                        ),
                        ("address", models.TextField(blank=True, verbose_name="adresse")),
                        ("phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse e-mail")),
                        ("note", models.TextField(blank=True, verbose_name="remarques")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.supplier",
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
                migrations.CreateModel(
                    name="SupplierLabel",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=100, verbose_name="label")),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
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
                        (
                            "supplier",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="labels",
                                to="directory.supplier",
                                verbose_name="fournisseur",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "label",
                        "ordering": ["name", "-starts_on"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="label_ends_after_it_starts",
                                violation_error_message="La fin doit suivre le début.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupplierLabelEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=100, verbose_name="label")),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.supplierlabel",
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
                        (
                            "supplier",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.supplier",
                                verbose_name="fournisseur",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Unit",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        ("missions", models.TextField(blank=True, verbose_name="missions")),
                        ("rank", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="units",
                                to="directory.unit",
                                verbose_name="rattaché à",
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
                        "verbose_name": "pôle",
                        "ordering": ["rank", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "name"), name="unit_once", violation_error_message="Un pôle porte déjà ce nom."
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PostEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("title", models.CharField(max_length=200, verbose_name="intitulé")),
                        ("missions", models.TextField(blank=True, verbose_name="missions")),
                        (
                            "quotity",
                            models.DecimalField(decimal_places=2, default=1, max_digits=4, verbose_name="quotité, en ETP"),
                        ),
                        ("starts_on", models.DateField(verbose_name="ouvert le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="fermé le")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.post",
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
                        (
                            "unit",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.unit",
                                verbose_name="pôle",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="UnitEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        ("missions", models.TextField(blank=True, verbose_name="missions")),
                        ("rank", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.unit",
                                verbose_name="rattaché à",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.unit",
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
                migrations.CreateModel(
                    name="WorkShare",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("year", models.PositiveIntegerField(verbose_name="exercice")),
                        ("brick", models.CharField(max_length=200, verbose_name="brique ou service")),
                        ("fte", models.DecimalField(decimal_places=2, max_digits=4, verbose_name="ETP")),
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
                        (
                            "post",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shares",
                                to="directory.post",
                                verbose_name="poste",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "part de temps",
                        "verbose_name_plural": "parts de temps",
                        "ordering": ["year", "brick"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "post", "year", "brick"),
                                name="work_share_once",
                                violation_error_message="Cette brique figure déjà pour ce poste et cet exercice.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("fte__gt", 0)),
                                name="work_share_positive",
                                violation_error_message="Une part est supérieure à zéro.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WorkShareEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("year", models.PositiveIntegerField(verbose_name="exercice")),
                        ("brick", models.CharField(max_length=200, verbose_name="brique ou service")),
                        ("fte", models.DecimalField(decimal_places=2, max_digits=4, verbose_name="ETP")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="directory.workshare",
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
                        (
                            "post",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.post",
                                verbose_name="poste",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
            ],
        ),
    ]
