import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
from django.db import migrations, models

import communis.foundation.creating


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_coverage_walls"),
        ("directory", "0011_accessibility_walls"),
        ("foundation", "0006_cache"),
    ]

    operations = [
        communis.foundation.creating.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Edition",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        (
                            "perimeter",
                            models.TextField(
                                blank=True,
                                help_text="Ce que le catalogue couvre : administration, écoles publiques…",
                                verbose_name="périmètre",
                            ),
                        ),
                        ("is_shown", models.BooleanField(default=False, editable=False, verbose_name="montrée aux membres")),
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
                        "verbose_name": "catalogue",
                        "ordering": ["name", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="EditionEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        (
                            "perimeter",
                            models.TextField(
                                blank=True,
                                help_text="Ce que le catalogue couvre : administration, écoles publiques…",
                                verbose_name="périmètre",
                            ),
                        ),
                        ("is_shown", models.BooleanField(default=False, editable=False, verbose_name="montrée aux membres")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="catalog.edition",
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
                    name="EditionHours",
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
                        ("opens_at", models.TimeField(verbose_name="de")),
                        ("closes_at", models.TimeField(verbose_name="à")),
                        (
                            "edition",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hours",
                                to="catalog.edition",
                                verbose_name="catalogue",
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
                        "verbose_name": "horaire du catalogue",
                        "verbose_name_plural": "horaires du catalogue",
                        "ordering": ["weekday", "opens_at"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                                name="edition_hours_in_order",
                                violation_error_message="La fermeture suit l’ouverture.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EditionHoursEvent",
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
                        ("opens_at", models.TimeField(verbose_name="de")),
                        ("closes_at", models.TimeField(verbose_name="à")),
                        (
                            "edition",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="catalog.edition",
                                verbose_name="catalogue",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="catalog.editionhours",
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
                    name="Entry",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("rank", models.PositiveIntegerField(default=0, verbose_name="ordre")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("package", "socle"),
                                    ("lot", "lot"),
                                    ("pole", "pôle"),
                                    ("brick", "brique"),
                                    ("tier", "niveau"),
                                    ("service", "prestation"),
                                    ("mission", "mission"),
                                ],
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                blank=True,
                                help_text="Tel qu’il est écrit : 3BIS, N2 MCO-4…",
                                max_length=40,
                                verbose_name="numéro ou code",
                            ),
                        ),
                        ("label", models.CharField(max_length=300, verbose_name="intitulé")),
                        (
                            "offer",
                            models.CharField(
                                blank=True,
                                help_text="Le nom que le fichier de la convention lui donne.",
                                max_length=200,
                                verbose_name="offre de la convention",
                            ),
                        ),
                        ("article", models.CharField(blank=True, max_length=100, verbose_name="article")),
                        ("description", models.TextField(blank=True, verbose_name="description")),
                        ("perimeter", models.TextField(blank=True, verbose_name="périmètre")),
                        (
                            "family",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("steering", "pilotage opérationnel et administratif"),
                                    ("development", "développement applicatif"),
                                    ("operation", "MCO/MCS"),
                                ],
                                max_length=20,
                                verbose_name="famille",
                            ),
                        ),
                        (
                            "deliverables",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("meeting_report", "compte rendu"),
                                        ("review", "bilan"),
                                        ("report", "rapport"),
                                        ("opportunity", "note d’opportunité"),
                                        ("scoping", "note de cadrage"),
                                        ("needs", "expression de besoins"),
                                        ("specifications", "dossier de spécifications"),
                                        ("architecture", "dossier d’architecture"),
                                        ("rules", "règles de gestion"),
                                        ("dashboards", "tableaux de bord"),
                                    ],
                                    max_length=20,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="livrables",
                            ),
                        ),
                        (
                            "performers",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("host", "la DSI mutualisée"),
                                        ("contracted", "un prestataire sous contrat de la DSI"),
                                        ("local", "un prestataire local choisi par le membre"),
                                        ("publisher", "l’éditeur (support de niveau 3)"),
                                    ],
                                    max_length=20,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="qui l’assure",
                            ),
                        ),
                        ("performed_note", models.TextField(blank=True, verbose_name="précisions sur qui l’assure")),
                        (
                            "charging",
                            models.CharField(
                                blank=True,
                                choices=[("flat", "au forfait"), ("unit", "au coût unitaire"), ("free", "sans frais")],
                                max_length=20,
                                verbose_name="facturation",
                            ),
                        ),
                        (
                            "site_kinds",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("town_hall", "mairie ou siège"),
                                        ("school", "école publique"),
                                        ("library", "médiathèque"),
                                        ("datacenter", "centre de données"),
                                        ("technical", "local technique"),
                                        ("other", "autre site"),
                                    ],
                                    max_length=20,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="genres de sites couverts",
                            ),
                        ),
                        ("left_to_member", models.TextField(blank=True, verbose_name="reste à la charge du membre")),
                        ("benefits", models.TextField(blank=True, verbose_name="ce que le membre y gagne")),
                        ("conditions", models.TextField(blank=True, verbose_name="conditions d’accès")),
                        (
                            "degraded",
                            models.TextField(
                                blank=True,
                                help_text="Ce qui est rendu quand le réseau n’est pas disponible.",
                                verbose_name="service dégradé",
                            ),
                        ),
                        (
                            "counted_in",
                            models.CharField(
                                blank=True,
                                help_text="Sessions, plans tracés, couches…",
                                max_length=100,
                                verbose_name="se compte en",
                            ),
                        ),
                        ("is_announced", models.BooleanField(default=False, verbose_name="annoncée, pas encore proposée")),
                        ("starts_on", models.DateField(blank=True, null=True, verbose_name="proposée depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="proposée jusqu’au")),
                        ("closed_into", models.CharField(blank=True, max_length=200, verbose_name="ses coûts vont à")),
                        ("search_text", models.TextField(editable=False)),
                        (
                            "edition",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="catalog.edition",
                                verbose_name="catalogue",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="catalog.entry",
                                verbose_name="sous",
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
                        "verbose_name": "fiche du catalogue",
                        "verbose_name_plural": "fiches du catalogue",
                        "ordering": ["rank", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="entry_ends_after_it_starts",
                                violation_error_message="La fin doit suivre le début.",
                            ),
                            models.UniqueConstraint(
                                fields=("pool", "edition", "parent", "label"),
                                name="entry_once",
                                nulls_distinct=False,
                                violation_error_message="Une fiche de même intitulé est déjà à cette place.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("offer", ""), _negated=True),
                                fields=("pool", "edition", "offer"),
                                name="entry_of_an_offer_once",
                                violation_error_message="Cette offre a déjà sa fiche.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EntryEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("rank", models.PositiveIntegerField(default=0, verbose_name="ordre")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("package", "socle"),
                                    ("lot", "lot"),
                                    ("pole", "pôle"),
                                    ("brick", "brique"),
                                    ("tier", "niveau"),
                                    ("service", "prestation"),
                                    ("mission", "mission"),
                                ],
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                blank=True,
                                help_text="Tel qu’il est écrit : 3BIS, N2 MCO-4…",
                                max_length=40,
                                verbose_name="numéro ou code",
                            ),
                        ),
                        ("label", models.CharField(max_length=300, verbose_name="intitulé")),
                        (
                            "offer",
                            models.CharField(
                                blank=True,
                                help_text="Le nom que le fichier de la convention lui donne.",
                                max_length=200,
                                verbose_name="offre de la convention",
                            ),
                        ),
                        ("article", models.CharField(blank=True, max_length=100, verbose_name="article")),
                        ("description", models.TextField(blank=True, verbose_name="description")),
                        ("perimeter", models.TextField(blank=True, verbose_name="périmètre")),
                        (
                            "family",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("steering", "pilotage opérationnel et administratif"),
                                    ("development", "développement applicatif"),
                                    ("operation", "MCO/MCS"),
                                ],
                                max_length=20,
                                verbose_name="famille",
                            ),
                        ),
                        (
                            "deliverables",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("meeting_report", "compte rendu"),
                                        ("review", "bilan"),
                                        ("report", "rapport"),
                                        ("opportunity", "note d’opportunité"),
                                        ("scoping", "note de cadrage"),
                                        ("needs", "expression de besoins"),
                                        ("specifications", "dossier de spécifications"),
                                        ("architecture", "dossier d’architecture"),
                                        ("rules", "règles de gestion"),
                                        ("dashboards", "tableaux de bord"),
                                    ],
                                    max_length=20,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="livrables",
                            ),
                        ),
                        (
                            "performers",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("host", "la DSI mutualisée"),
                                        ("contracted", "un prestataire sous contrat de la DSI"),
                                        ("local", "un prestataire local choisi par le membre"),
                                        ("publisher", "l’éditeur (support de niveau 3)"),
                                    ],
                                    max_length=20,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="qui l’assure",
                            ),
                        ),
                        ("performed_note", models.TextField(blank=True, verbose_name="précisions sur qui l’assure")),
                        (
                            "charging",
                            models.CharField(
                                blank=True,
                                choices=[("flat", "au forfait"), ("unit", "au coût unitaire"), ("free", "sans frais")],
                                max_length=20,
                                verbose_name="facturation",
                            ),
                        ),
                        (
                            "site_kinds",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("town_hall", "mairie ou siège"),
                                        ("school", "école publique"),
                                        ("library", "médiathèque"),
                                        ("datacenter", "centre de données"),
                                        ("technical", "local technique"),
                                        ("other", "autre site"),
                                    ],
                                    max_length=20,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="genres de sites couverts",
                            ),
                        ),
                        ("left_to_member", models.TextField(blank=True, verbose_name="reste à la charge du membre")),
                        ("benefits", models.TextField(blank=True, verbose_name="ce que le membre y gagne")),
                        ("conditions", models.TextField(blank=True, verbose_name="conditions d’accès")),
                        (
                            "degraded",
                            models.TextField(
                                blank=True,
                                help_text="Ce qui est rendu quand le réseau n’est pas disponible.",
                                verbose_name="service dégradé",
                            ),
                        ),
                        (
                            "counted_in",
                            models.CharField(
                                blank=True,
                                help_text="Sessions, plans tracés, couches…",
                                max_length=100,
                                verbose_name="se compte en",
                            ),
                        ),
                        ("is_announced", models.BooleanField(default=False, verbose_name="annoncée, pas encore proposée")),
                        ("starts_on", models.DateField(blank=True, null=True, verbose_name="proposée depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="proposée jusqu’au")),
                        ("closed_into", models.CharField(blank=True, max_length=200, verbose_name="ses coûts vont à")),
                        ("search_text", models.TextField(editable=False)),
                        (
                            "edition",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="catalog.edition",
                                verbose_name="catalogue",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="catalog.entry",
                                verbose_name="sous",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="catalog.entry",
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
                    name="Prerequisite",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("key", models.SlugField(max_length=60, verbose_name="clé")),
                        ("wording", models.TextField(verbose_name="ce qu’il faut")),
                        ("article", models.CharField(blank=True, max_length=100, verbose_name="article")),
                        (
                            "effect",
                            models.CharField(
                                choices=[("blocks", "bloque l’activation"), ("warns", "avertit seulement")],
                                default="blocks",
                                max_length=20,
                                verbose_name="non rempli",
                            ),
                        ),
                        (
                            "measure",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "se constate"),
                                    ("speed", "débit du site, en Mbit/s"),
                                    ("fibre", "raccordement du site à la fibre"),
                                ],
                                max_length=20,
                                verbose_name="mesure",
                            ),
                        ),
                        ("minimum", models.PositiveIntegerField(blank=True, null=True, verbose_name="minimum")),
                        (
                            "entry",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prerequisites",
                                to="catalog.entry",
                                verbose_name="offre",
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
                        "verbose_name": "prérequis",
                        "verbose_name_plural": "prérequis",
                        "ordering": ["entry__rank", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "entry", "key"),
                                name="prerequisite_once",
                                violation_error_message="Cette offre a déjà un prérequis de ce nom.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("measure", "speed"), _negated=True), ("minimum__isnull", False), _connector="OR"
                                ),
                                name="prerequisite_speed_has_a_minimum",
                                violation_error_message="Un débit exigé a un minimum, en Mbit/s.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PrerequisiteCheck",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("offer", models.CharField(max_length=200, verbose_name="offre")),
                        ("key", models.SlugField(max_length=60, verbose_name="prérequis")),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("met", "rempli"), ("unmet", "non rempli"), ("waived", "dispensé")],
                                max_length=20,
                                verbose_name="constat",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="constaté le")),
                        (
                            "evidence",
                            models.CharField(
                                help_text="Mesure, photo, attestation, et d’où elle vient.", max_length=300, verbose_name="preuve"
                            ),
                        ),
                        ("entered_by", models.CharField(editable=False, max_length=200, verbose_name="saisi par")),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prerequisite_checks",
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
                    ],
                    options={
                        "verbose_name": "constat de prérequis",
                        "verbose_name_plural": "constats de prérequis",
                        "ordering": ["-on", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="PrerequisiteCheckEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("offer", models.CharField(max_length=200, verbose_name="offre")),
                        ("key", models.SlugField(db_index=False, max_length=60, verbose_name="prérequis")),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("met", "rempli"), ("unmet", "non rempli"), ("waived", "dispensé")],
                                max_length=20,
                                verbose_name="constat",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="constaté le")),
                        (
                            "evidence",
                            models.CharField(
                                help_text="Mesure, photo, attestation, et d’où elle vient.", max_length=300, verbose_name="preuve"
                            ),
                        ),
                        ("entered_by", models.CharField(editable=False, max_length=200, verbose_name="saisi par")),
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
                                to="catalog.prerequisitecheck",
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
                    name="PrerequisiteEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("key", models.SlugField(db_index=False, max_length=60, verbose_name="clé")),
                        ("wording", models.TextField(verbose_name="ce qu’il faut")),
                        ("article", models.CharField(blank=True, max_length=100, verbose_name="article")),
                        (
                            "effect",
                            models.CharField(
                                choices=[("blocks", "bloque l’activation"), ("warns", "avertit seulement")],
                                default="blocks",
                                max_length=20,
                                verbose_name="non rempli",
                            ),
                        ),
                        (
                            "measure",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "se constate"),
                                    ("speed", "débit du site, en Mbit/s"),
                                    ("fibre", "raccordement du site à la fibre"),
                                ],
                                max_length=20,
                                verbose_name="mesure",
                            ),
                        ),
                        ("minimum", models.PositiveIntegerField(blank=True, null=True, verbose_name="minimum")),
                        (
                            "entry",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="catalog.entry",
                                verbose_name="offre",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="catalog.prerequisite",
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
                    name="Tool",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=200, verbose_name="outil")),
                        ("starts_on", models.DateField(blank=True, null=True, verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        (
                            "entry",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tools",
                                to="catalog.entry",
                                verbose_name="prestation",
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
                            "replaced_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaces",
                                to="catalog.tool",
                                verbose_name="remplacé par",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "outil",
                        "ordering": ["starts_on", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="tool_ends_after_it_starts",
                                violation_error_message="La fin doit suivre le début.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("replaced_by", models.F("id")), _negated=True),
                                name="tool_replaced_by_another",
                                violation_error_message="Un outil ne se remplace pas lui-même.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ToolEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=200, verbose_name="outil")),
                        ("starts_on", models.DateField(blank=True, null=True, verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        (
                            "entry",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="catalog.entry",
                                verbose_name="prestation",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="catalog.tool",
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
                            "replaced_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="catalog.tool",
                                verbose_name="remplacé par",
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
