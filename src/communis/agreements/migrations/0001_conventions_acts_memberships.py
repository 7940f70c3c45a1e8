import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
import pghistory.utils
from django.db import migrations, models

import communis.foundation.creating


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0004_catalogue_walls"),
        ("directory", "0011_accessibility_walls"),
        ("foundation", "0006_cache"),
    ]

    operations = [
        communis.foundation.creating.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Agreement",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        ("sort_name", models.CharField(editable=False, max_length=200)),
                        ("search_text", models.TextField(editable=False)),
                        (
                            "short_name",
                            models.CharField(
                                help_text="Celui des listes : « DN », « service commun »…",
                                max_length=60,
                                verbose_name="nom court",
                            ),
                        ),
                        (
                            "programme",
                            models.CharField(
                                blank=True,
                                help_text="Commun à plusieurs modèles de convention.",
                                max_length=200,
                                verbose_name="programme",
                            ),
                        ),
                        (
                            "grounds",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("L5211-4-2", "L. 5211-4-2 du CGCT (service commun)"),
                                        ("L5211-4-1", "L. 5211-4-1 du CGCT (mise à disposition de services)"),
                                        ("L5211-4-3", "L. 5211-4-3 du CGCT (biens partagés)"),
                                        ("L5721-9", "L. 5721-9 du CGCT (syndicat mixte)"),
                                        ("L5111-1", "L. 5111-1 du CGCT (prestation entre collectivités)"),
                                    ],
                                    max_length=20,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="fondements légaux",
                            ),
                        ),
                        ("audience_fact", models.CharField(blank=True, max_length=100, verbose_name="proposée selon le fait")),
                        ("audience_value", models.CharField(blank=True, max_length=100, verbose_name="quand il vaut")),
                        ("trial_starts_on", models.DateField(blank=True, null=True, verbose_name="phase expérimentale du")),
                        ("trial_ends_on", models.DateField(blank=True, null=True, verbose_name="au")),
                        (
                            "review_months",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="bilan tous les, en mois"),
                        ),
                        ("closed_on", models.DateField(blank=True, null=True, verbose_name="plus d’adhésion après le")),
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
                            "successor",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="predecessors",
                                to="agreements.agreement",
                                verbose_name="remplacée par",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "convention",
                        "ordering": ["sort_name", "id"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "name"),
                                name="agreement_once",
                                violation_error_message="Une convention porte déjà ce nom.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("trial_ends_on", None), ("trial_ends_on__gt", models.F("trial_starts_on")), _connector="OR"
                                ),
                                name="agreement_trial_in_order",
                                violation_error_message="La phase expérimentale finit après avoir commencé.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("successor", models.F("id")), _negated=True),
                                name="agreement_succeeded_by_another",
                                violation_error_message="Une convention ne se remplace pas elle-même.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AgreementEvent",
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
                            "short_name",
                            models.CharField(
                                help_text="Celui des listes : « DN », « service commun »…",
                                max_length=60,
                                verbose_name="nom court",
                            ),
                        ),
                        (
                            "programme",
                            models.CharField(
                                blank=True,
                                help_text="Commun à plusieurs modèles de convention.",
                                max_length=200,
                                verbose_name="programme",
                            ),
                        ),
                        (
                            "grounds",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("L5211-4-2", "L. 5211-4-2 du CGCT (service commun)"),
                                        ("L5211-4-1", "L. 5211-4-1 du CGCT (mise à disposition de services)"),
                                        ("L5211-4-3", "L. 5211-4-3 du CGCT (biens partagés)"),
                                        ("L5721-9", "L. 5721-9 du CGCT (syndicat mixte)"),
                                        ("L5111-1", "L. 5111-1 du CGCT (prestation entre collectivités)"),
                                    ],
                                    max_length=20,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="fondements légaux",
                            ),
                        ),
                        ("audience_fact", models.CharField(blank=True, max_length=100, verbose_name="proposée selon le fait")),
                        ("audience_value", models.CharField(blank=True, max_length=100, verbose_name="quand il vaut")),
                        ("trial_starts_on", models.DateField(blank=True, null=True, verbose_name="phase expérimentale du")),
                        ("trial_ends_on", models.DateField(blank=True, null=True, verbose_name="au")),
                        (
                            "review_months",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="bilan tous les, en mois"),
                        ),
                        ("closed_on", models.DateField(blank=True, null=True, verbose_name="plus d’adhésion après le")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.agreement",
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
                            "successor",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.agreement",
                                verbose_name="remplacée par",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Amendment",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("number", models.CharField(max_length=20, verbose_name="numéro")),
                        ("subject", models.CharField(max_length=300, verbose_name="objet")),
                        ("dated_on", models.DateField(blank=True, null=True, verbose_name="daté du")),
                        ("reason", models.TextField(blank=True, verbose_name="motif")),
                        ("prolongs_to", models.DateField(blank=True, null=True, verbose_name="prolonge jusqu’au")),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="amendments",
                                to="agreements.agreement",
                                verbose_name="convention",
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
                            "makes",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="amendment",
                                to="agreements.version",
                                verbose_name="fait la version",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "avenant",
                        "ordering": ["-dated_on", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "agreement", "number"),
                                name="amendment_once",
                                violation_error_message="Un avenant porte déjà ce numéro.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AmendmentChange",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("rank", models.PositiveIntegerField(default=0, verbose_name="ordre")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("clause", "clause modifiée"),
                                    ("brick_added", "brique ajoutée"),
                                    ("brick_removed", "brique supprimée"),
                                    ("brick_renamed", "brique renommée ou précisée"),
                                    ("prerequisite", "prérequis ajouté"),
                                    ("fte", "répartition des ETP mise à jour"),
                                    ("tariff", "tarif modifié"),
                                    ("term", "durée prolongée"),
                                ],
                                max_length=20,
                                verbose_name="changement",
                            ),
                        ),
                        ("article", models.CharField(blank=True, max_length=100, verbose_name="article ou brique")),
                        ("wording", models.TextField(verbose_name="ce qui change")),
                        (
                            "amendment",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="changes",
                                to="agreements.amendment",
                                verbose_name="avenant",
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
                        "verbose_name": "changement d’un avenant",
                        "verbose_name_plural": "changements d’un avenant",
                        "ordering": ["rank", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="AmendmentChangeEvent",
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
                                    ("clause", "clause modifiée"),
                                    ("brick_added", "brique ajoutée"),
                                    ("brick_removed", "brique supprimée"),
                                    ("brick_renamed", "brique renommée ou précisée"),
                                    ("prerequisite", "prérequis ajouté"),
                                    ("fte", "répartition des ETP mise à jour"),
                                    ("tariff", "tarif modifié"),
                                    ("term", "durée prolongée"),
                                ],
                                max_length=20,
                                verbose_name="changement",
                            ),
                        ),
                        ("article", models.CharField(blank=True, max_length=100, verbose_name="article ou brique")),
                        ("wording", models.TextField(verbose_name="ce qui change")),
                        (
                            "amendment",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.amendment",
                                verbose_name="avenant",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.amendmentchange",
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
                    name="Article",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("rank", models.PositiveIntegerField(verbose_name="ordre")),
                        ("depth", models.PositiveSmallIntegerField(default=1, verbose_name="profondeur")),
                        ("number", models.CharField(blank=True, max_length=40, verbose_name="numéro")),
                        ("title", models.CharField(blank=True, max_length=300, verbose_name="titre")),
                        ("text", models.TextField(blank=True, verbose_name="texte")),
                        ("search_text", models.TextField(editable=False)),
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
                            "version",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="articles",
                                to="agreements.version",
                                verbose_name="version",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "article",
                        "ordering": ["rank", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                                fields=("pool", "version", "rank"),
                                name="article_rank_once",
                                violation_error_message="Un article de cette version a déjà ce rang.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attendance",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("rank", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        (
                            "presence",
                            models.CharField(
                                choices=[
                                    ("present", "présent"),
                                    ("proxy", "excusé, avec pouvoir"),
                                    ("excused", "excusé, sans pouvoir"),
                                    ("absent", "absent"),
                                ],
                                default="present",
                                max_length=20,
                                verbose_name="présence",
                            ),
                        ),
                        ("proxy_holder", models.CharField(blank=True, max_length=200, verbose_name="pouvoir donné à")),
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
                            "resolution",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attendances",
                                to="agreements.resolution",
                                verbose_name="acte",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "présence à une séance",
                        "verbose_name_plural": "présences à une séance",
                        "ordering": ["rank", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("presence", "proxy"), ("proxy_holder", ""), _connector="OR"),
                                name="attendance_holder_of_a_proxy",
                                violation_error_message="Seul un excusé donne pouvoir.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Choice",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("offer", models.CharField(max_length=200, verbose_name="offre")),
                        ("starts_on", models.DateField(verbose_name="date d’effet")),
                        (
                            "options",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=200),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="prestations choisies",
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
                            "form",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="choices",
                                to="agreements.choiceform",
                                verbose_name="formulaire",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "choix",
                        "verbose_name_plural": "choix",
                        "ordering": ["starts_on", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "form", "offer"),
                                name="choice_once",
                                violation_error_message="Cette offre est déjà choisie.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChoiceForm",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("stated_on", models.DateField(verbose_name="rempli le")),
                        ("starts_on", models.DateField(verbose_name="en vigueur du")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="au")),
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
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="forms",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="choice_forms",
                                to="agreements.resolution",
                                verbose_name="décidé par l’acte",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "formulaire de choix",
                        "verbose_name_plural": "formulaires de choix",
                        "ordering": ["-starts_on", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="choice_form_ends_after_it_starts",
                                violation_error_message="La fin doit suivre le début.",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                expressions=[
                                    (
                                        models.Func(
                                            models.F("membership_id"),
                                            models.F("membership_id"),
                                            models.Value("[]"),
                                            function="int8range",
                                        ),
                                        "&&",
                                    ),
                                    (
                                        models.Func(
                                            models.F("starts_on"), models.F("ends_on"), models.Value("[]"), function="daterange"
                                        ),
                                        "&&",
                                    ),
                                ],
                                name="choice_form_one_at_a_time",
                                violation_error_message="Des choix sont déjà en vigueur à ces dates.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChoiceEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("offer", models.CharField(max_length=200, verbose_name="offre")),
                        ("starts_on", models.DateField(verbose_name="date d’effet")),
                        (
                            "options",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=200),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="prestations choisies",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.choice",
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
                            "form",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.choiceform",
                                verbose_name="formulaire",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="CommitteeOpinion",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "committee",
                            models.CharField(
                                choices=[
                                    ("cst", "comité social territorial"),
                                    ("cap", "commission administrative paritaire"),
                                    ("ccp", "commission consultative paritaire"),
                                ],
                                max_length=20,
                                verbose_name="instance",
                            ),
                        ),
                        ("of_host", models.BooleanField(default=False, verbose_name="du gestionnaire")),
                        ("on", models.DateField(verbose_name="rendu le")),
                        (
                            "opinion",
                            models.CharField(
                                choices=[
                                    ("favourable", "favorable"),
                                    ("reserved", "favorable avec réserves"),
                                    ("unfavourable", "défavorable"),
                                    ("none", "sans avis exprimé"),
                                ],
                                max_length=20,
                                verbose_name="avis",
                            ),
                        ),
                        ("at_exit", models.BooleanField(default=False, verbose_name="sur le retour de l’agent")),
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
                            "staff_file",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opinions",
                                to="agreements.stafffile",
                                verbose_name="dossier",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "avis d’instance",
                        "verbose_name_plural": "avis d’instances",
                        "ordering": ["on", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Dispatch",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "recipient",
                            models.CharField(
                                choices=[
                                    ("prefecture", "préfecture"),
                                    ("services", "services concernés"),
                                    ("member_accountant", "trésorier du membre"),
                                    ("host_accountant", "trésorier du gestionnaire"),
                                ],
                                max_length=20,
                                verbose_name="destinataire",
                            ),
                        ),
                        ("sent_on", models.DateField(verbose_name="envoyée le")),
                        ("proof", models.CharField(blank=True, max_length=300, verbose_name="preuve")),
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
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="dispatches",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "transmission de la convention",
                        "verbose_name_plural": "transmissions de la convention",
                        "ordering": ["sent_on", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "membership", "recipient"),
                                name="dispatch_once",
                                violation_error_message="La convention lui est déjà transmise.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Dispute",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("subject", models.CharField(max_length=300, verbose_name="objet")),
                        ("opened_on", models.DateField(verbose_name="ouvert le")),
                        ("court", models.CharField(blank=True, max_length=200, verbose_name="tribunal")),
                        ("closed_on", models.DateField(blank=True, null=True, verbose_name="clos le")),
                        ("outcome", models.TextField(blank=True, verbose_name="issue")),
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
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="disputes",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "différend",
                        "ordering": ["-opened_on", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="DisputeStep",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("conciliation", "conciliation"),
                                    ("mediation", "médiation"),
                                    ("court", "tribunal administratif"),
                                ],
                                max_length=20,
                                verbose_name="étape",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="le")),
                        ("outcome", models.TextField(blank=True, verbose_name="issue")),
                        (
                            "dispute",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="agreements.dispute",
                                verbose_name="différend",
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
                        "verbose_name": "étape d’un différend",
                        "verbose_name_plural": "étapes d’un différend",
                        "ordering": ["on", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="DisputeStepEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("conciliation", "conciliation"),
                                    ("mediation", "médiation"),
                                    ("court", "tribunal administratif"),
                                ],
                                max_length=20,
                                verbose_name="étape",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="le")),
                        ("outcome", models.TextField(blank=True, verbose_name="issue")),
                        (
                            "dispute",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.dispute",
                                verbose_name="différend",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.disputestep",
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
                    name="Document",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("adhesion", "projet de délibération d’adhésion"),
                                    ("change", "décision de changement de choix"),
                                    ("amendment_vote", "projet de délibération sur un avenant"),
                                    ("renewal", "projet de délibération de renouvellement"),
                                    ("termination", "projet de délibération de résiliation"),
                                    ("convention", "convention"),
                                    ("amendment", "avenant et texte consolidé"),
                                    ("memo", "note de synthèse"),
                                    ("commitment", "lettre d’engagement"),
                                    ("impact", "fiche d’impact"),
                                    ("notice_letter", "lettre de résiliation"),
                                    ("exit_account", "compte de sortie"),
                                    ("denunciation", "lettre de dénonciation de contrat"),
                                ],
                                max_length=20,
                                verbose_name="document",
                            ),
                        ),
                        ("title", models.CharField(max_length=300, verbose_name="titre")),
                        ("number", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                        (
                            "status",
                            models.CharField(
                                choices=[("draft", "projet"), ("issued", "émis"), ("replaced", "remplacé")],
                                default="draft",
                                max_length=20,
                                verbose_name="état",
                            ),
                        ),
                        ("author", models.CharField(max_length=200, verbose_name="auteur")),
                        ("made_at", models.DateTimeField(verbose_name="fait le")),
                        ("issued_on", models.DateField(blank=True, null=True, verbose_name="émis le")),
                        ("values", models.JSONField(default=dict, verbose_name="valeurs")),
                        (
                            "blanks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=200),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="à compléter",
                            ),
                        ),
                        ("docx", models.CharField(max_length=64, verbose_name="fichier DOCX")),
                        ("pdf", models.CharField(max_length=64, verbose_name="fichier PDF")),
                        (
                            "amendment",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to="agreements.amendment",
                                verbose_name="avenant",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
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
                            "template",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="agreements.documenttemplate",
                                verbose_name="modèle",
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                        (
                            "staff_file",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to="agreements.stafffile",
                                verbose_name="dossier d’agent",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "document",
                        "ordering": ["-made_at", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("status", "draft"), ("issued_on__isnull", False), _connector="OR"),
                                name="document_issued_on_a_day",
                                violation_error_message="Un document émis a sa date.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DocumentRecipient",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=200, verbose_name="destinataire")),
                        ("for_action", models.BooleanField(default=False, verbose_name="pour action")),
                        (
                            "document",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="recipients",
                                to="agreements.document",
                                verbose_name="document",
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
                        "verbose_name": "destinataire d’un document",
                        "verbose_name_plural": "destinataires d’un document",
                        "ordering": ["-for_action", "name"],
                    },
                ),
                migrations.CreateModel(
                    name="DocumentRecipientEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=200, verbose_name="destinataire")),
                        ("for_action", models.BooleanField(default=False, verbose_name="pour action")),
                        (
                            "document",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.document",
                                verbose_name="document",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.documentrecipient",
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
                    name="DocumentTemplate",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("adhesion", "projet de délibération d’adhésion"),
                                    ("change", "décision de changement de choix"),
                                    ("amendment_vote", "projet de délibération sur un avenant"),
                                    ("renewal", "projet de délibération de renouvellement"),
                                    ("termination", "projet de délibération de résiliation"),
                                    ("convention", "convention"),
                                    ("amendment", "avenant et texte consolidé"),
                                    ("memo", "note de synthèse"),
                                    ("commitment", "lettre d’engagement"),
                                    ("impact", "fiche d’impact"),
                                    ("notice_letter", "lettre de résiliation"),
                                    ("exit_account", "compte de sortie"),
                                    ("denunciation", "lettre de dénonciation de contrat"),
                                ],
                                max_length=20,
                                verbose_name="document",
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="nom du fichier")),
                        ("digest", models.CharField(editable=False, max_length=64, verbose_name="empreinte SHA-256")),
                        ("size", models.PositiveIntegerField(editable=False, verbose_name="taille, en octets")),
                        ("added_by", models.CharField(editable=False, max_length=200, verbose_name="déposé par")),
                        ("added_at", models.DateTimeField(editable=False, verbose_name="déposé le")),
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
                        "verbose_name": "modèle de document",
                        "verbose_name_plural": "modèles de document",
                        "ordering": ["kind", "-added_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "kind", "digest"),
                                name="template_once",
                                violation_error_message="Ce modèle est déjà déposé.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DocumentTemplateEvent",
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
                                    ("adhesion", "projet de délibération d’adhésion"),
                                    ("change", "décision de changement de choix"),
                                    ("amendment_vote", "projet de délibération sur un avenant"),
                                    ("renewal", "projet de délibération de renouvellement"),
                                    ("termination", "projet de délibération de résiliation"),
                                    ("convention", "convention"),
                                    ("amendment", "avenant et texte consolidé"),
                                    ("memo", "note de synthèse"),
                                    ("commitment", "lettre d’engagement"),
                                    ("impact", "fiche d’impact"),
                                    ("notice_letter", "lettre de résiliation"),
                                    ("exit_account", "compte de sortie"),
                                    ("denunciation", "lettre de dénonciation de contrat"),
                                ],
                                max_length=20,
                                verbose_name="document",
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="nom du fichier")),
                        ("digest", models.CharField(editable=False, max_length=64, verbose_name="empreinte SHA-256")),
                        ("size", models.PositiveIntegerField(editable=False, verbose_name="taille, en octets")),
                        ("added_by", models.CharField(editable=False, max_length=200, verbose_name="déposé par")),
                        ("added_at", models.DateTimeField(editable=False, verbose_name="déposé le")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.documenttemplate",
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
                    name="DocumentVisa",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "quality",
                            models.CharField(
                                choices=[("writer", "rédacteur"), ("validator", "validation")], max_length=20, verbose_name="visa"
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        ("on", models.DateField(verbose_name="le")),
                        (
                            "document",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="visas",
                                to="agreements.document",
                                verbose_name="document",
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
                        "verbose_name": "visa d’un document",
                        "verbose_name_plural": "visas d’un document",
                        "ordering": ["on", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="DocumentVisaEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "quality",
                            models.CharField(
                                choices=[("writer", "rédacteur"), ("validator", "validation")], max_length=20, verbose_name="visa"
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        ("on", models.DateField(verbose_name="le")),
                        (
                            "document",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.document",
                                verbose_name="document",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.documentvisa",
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
                    name="ExitCost",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("due", "somme due jusqu’à la fin des services"),
                                    ("contract_moved", "contrat repris par le membre"),
                                    ("contract_refunded", "contrat remboursé pour sa durée restante"),
                                    ("penalty", "pénalité"),
                                ],
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        ("label", models.CharField(max_length=300, verbose_name="libellé")),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="montant, en euros"
                            ),
                        ),
                        ("until", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        ("agreed_member_on", models.DateField(blank=True, null=True, verbose_name="accepté du membre le")),
                        ("agreed_host_on", models.DateField(blank=True, null=True, verbose_name="accepté du gestionnaire le")),
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
                            "notice",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="costs",
                                to="agreements.notice",
                                verbose_name="préavis",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "ligne du compte de sortie",
                        "verbose_name_plural": "lignes du compte de sortie",
                        "ordering": ["kind", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="ExitTask",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("rank", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                        ("label", models.CharField(max_length=300, verbose_name="à faire")),
                        (
                            "owner",
                            models.CharField(
                                choices=[("host", "gestionnaire"), ("member", "membre")],
                                max_length=20,
                                verbose_name="qui s’en charge",
                            ),
                        ),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="pour le")),
                        ("done_on", models.DateField(blank=True, null=True, verbose_name="fait le")),
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
                            "notice",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tasks",
                                to="agreements.notice",
                                verbose_name="préavis",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tâche de sortie",
                        "verbose_name_plural": "tâches de sortie",
                        "ordering": ["rank", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="InKindAgent",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("days", models.DecimalField(decimal_places=1, max_digits=5, verbose_name="jours par an")),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        (
                            "person",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.person",
                                verbose_name="agent",
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
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="in_kind_agents",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "agent contributeur",
                        "verbose_name_plural": "agents contributeurs",
                        "ordering": ["starts_on", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="in_kind_agent_ends_after_it_starts",
                                violation_error_message="La fin doit suivre le début.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("days__gt", 0)),
                                name="in_kind_days_positive",
                                violation_error_message="Le nombre de jours est supérieur à zéro.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Intake",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("offer", models.CharField(max_length=200, verbose_name="offre")),
                        ("year", models.PositiveIntegerField(verbose_name="année")),
                        ("places", models.PositiveIntegerField(blank=True, null=True, verbose_name="places")),
                        ("fallback", models.CharField(blank=True, max_length=200, verbose_name="offre en attendant")),
                        (
                            "criteria",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=300),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="critères, par priorité",
                            ),
                        ),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="intakes",
                                to="agreements.agreement",
                                verbose_name="convention",
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
                        "verbose_name": "liste d’admission",
                        "verbose_name_plural": "listes d’admission",
                        "ordering": ["-year", "offer"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "agreement", "offer", "year"),
                                name="intake_once",
                                violation_error_message="Cette liste existe déjà.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IntakeEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("offer", models.CharField(max_length=200, verbose_name="offre")),
                        ("year", models.PositiveIntegerField(verbose_name="année")),
                        ("places", models.PositiveIntegerField(blank=True, null=True, verbose_name="places")),
                        ("fallback", models.CharField(blank=True, max_length=200, verbose_name="offre en attendant")),
                        (
                            "criteria",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=300),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="critères, par priorité",
                            ),
                        ),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.agreement",
                                verbose_name="convention",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.intake",
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
                    name="IntakeRequest",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("asked_on", models.DateField(verbose_name="demandée le")),
                        (
                            "meets",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="critères remplis",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("waiting", "en attente"), ("admitted", "admise"), ("declined", "non retenue")],
                                default="waiting",
                                max_length=20,
                                verbose_name="suite",
                            ),
                        ),
                        ("decided_on", models.DateField(blank=True, null=True, verbose_name="décidée le")),
                        (
                            "intake",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="requests",
                                to="agreements.intake",
                                verbose_name="liste",
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
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="intake_requests",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "demande d’admission",
                        "verbose_name_plural": "demandes d’admission",
                        "ordering": ["asked_on", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "intake", "membership"),
                                name="intake_request_once",
                                violation_error_message="Ce membre figure déjà sur cette liste.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LegalPiece",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("impact", "fiche d’impact"),
                                    ("no_staff", "mention « sans agent concerné »"),
                                    ("committee", "avis du comité social territorial"),
                                    ("staff_annex", "annexe relative aux agents"),
                                    ("goods_annex", "annexe relative aux biens"),
                                    ("act", "délibération exécutoire"),
                                ],
                                max_length=20,
                                verbose_name="pièce",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="datée du")),
                        ("reference", models.CharField(blank=True, max_length=200, verbose_name="référence")),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pieces",
                                to="agreements.agreement",
                                verbose_name="convention",
                            ),
                        ),
                        (
                            "employer",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organization",
                                verbose_name="employeur concerné",
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
                        "verbose_name": "pièce du dossier juridique",
                        "verbose_name_plural": "pièces du dossier juridique",
                        "ordering": ["kind", "on"],
                    },
                ),
                migrations.CreateModel(
                    name="LegalPieceEvent",
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
                                    ("impact", "fiche d’impact"),
                                    ("no_staff", "mention « sans agent concerné »"),
                                    ("committee", "avis du comité social territorial"),
                                    ("staff_annex", "annexe relative aux agents"),
                                    ("goods_annex", "annexe relative aux biens"),
                                    ("act", "délibération exécutoire"),
                                ],
                                max_length=20,
                                verbose_name="pièce",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="datée du")),
                        ("reference", models.CharField(blank=True, max_length=200, verbose_name="référence")),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.agreement",
                                verbose_name="convention",
                            ),
                        ),
                        (
                            "employer",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.organization",
                                verbose_name="employeur concerné",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.legalpiece",
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
                    name="Letter",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("commitment", "lettre d’engagement"), ("intent", "lettre d’intention")],
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="datée du")),
                        ("wording", models.TextField(blank=True, verbose_name="ce qu’elle dit")),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="letters",
                                to="agreements.agreement",
                                verbose_name="convention",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="letters",
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
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="letters",
                                to="agreements.resolution",
                                verbose_name="acte",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "lettre",
                        "ordering": ["-on", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("requested_on", models.DateField(verbose_name="demandée le")),
                        ("effect_on", models.DateField(blank=True, null=True, verbose_name="date d’effet")),
                        ("notice_on", models.DateField(blank=True, null=True, verbose_name="préavis reçu le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="dernier jour")),
                        (
                            "end_cause",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("term", "arrivée au terme"),
                                    ("notice", "résiliation"),
                                    ("replaced", "convention remplacée"),
                                    ("merged", "membre disparu"),
                                ],
                                max_length=20,
                                verbose_name="cause de la fin",
                            ),
                        ),
                        ("dropped_on", models.DateField(blank=True, null=True, verbose_name="sans suite depuis le")),
                        (
                            "drop_cause",
                            models.CharField(
                                blank=True,
                                choices=[("refused", "refusée"), ("abandoned", "abandonnée")],
                                max_length=20,
                                verbose_name="cause",
                            ),
                        ),
                        ("drop_note", models.CharField(blank=True, max_length=300, verbose_name="motif")),
                        (
                            "wishes",
                            models.TextField(
                                blank=True,
                                help_text="Ce que le membre demande sur l’accès du service à ses données.",
                                verbose_name="souhaits sur l’accès aux données",
                            ),
                        ),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="agreements.agreement",
                                verbose_name="convention",
                            ),
                        ),
                        (
                            "follows",
                            models.OneToOneField(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="followed_by",
                                to="agreements.membership",
                                verbose_name="remplace l’adhésion",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
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
                        "verbose_name": "adhésion",
                        "ordering": ["organization__sort_name", "-requested_on", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    models.Q(("effect_on__isnull", False), ("ends_on__gte", models.F("effect_on"))),
                                    _connector="OR",
                                ),
                                name="membership_ends_after_its_effect",
                                violation_error_message="Une adhésion finit après avoir pris effet.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None), models.Q(("end_cause", ""), _negated=True), _connector="OR"
                                ),
                                name="membership_end_has_a_cause",
                                violation_error_message="La fin d’une adhésion a une cause.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("dropped_on", None),
                                    models.Q(("effect_on", None), models.Q(("drop_cause", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="membership_dropped_never_began",
                                violation_error_message="Une adhésion sans suite n’a pas pris effet, et dit pourquoi.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("dropped_on", None), ("effect_on", None)),
                                fields=("pool", "organization", "agreement"),
                                name="membership_prepared_once",
                                violation_error_message="Une adhésion à cette convention est déjà en préparation.",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                condition=models.Q(("effect_on__isnull", False)),
                                expressions=[
                                    (
                                        models.Func(
                                            models.F("organization_id"),
                                            models.F("organization_id"),
                                            models.Value("[]"),
                                            function="int8range",
                                        ),
                                        "&&",
                                    ),
                                    (
                                        models.Func(
                                            models.F("agreement_id"),
                                            models.F("agreement_id"),
                                            models.Value("[]"),
                                            function="int8range",
                                        ),
                                        "&&",
                                    ),
                                    (
                                        models.Func(
                                            models.F("effect_on"), models.F("ends_on"), models.Value("[]"), function="daterange"
                                        ),
                                        "&&",
                                    ),
                                ],
                                name="membership_one_at_a_time",
                                violation_error_message="Ce membre adhère déjà à cette convention à ces dates.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IntakeRequestEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("asked_on", models.DateField(verbose_name="demandée le")),
                        (
                            "meets",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="critères remplis",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("waiting", "en attente"), ("admitted", "admise"), ("declined", "non retenue")],
                                default="waiting",
                                max_length=20,
                                verbose_name="suite",
                            ),
                        ),
                        ("decided_on", models.DateField(blank=True, null=True, verbose_name="décidée le")),
                        (
                            "intake",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.intake",
                                verbose_name="liste",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.intakerequest",
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
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="InKindAgentEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("days", models.DecimalField(decimal_places=1, max_digits=5, verbose_name="jours par an")),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        (
                            "person",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.person",
                                verbose_name="agent",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.inkindagent",
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
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Examination",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("opened_on", models.DateField(verbose_name="ouvert le")),
                        ("reason", models.CharField(max_length=300, verbose_name="motif")),
                        ("findings", models.TextField(blank=True, verbose_name="constats")),
                        ("decision", models.TextField(blank=True, verbose_name="décision")),
                        ("conditions", models.TextField(blank=True, verbose_name="conditions")),
                        ("offer", models.CharField(max_length=200, verbose_name="offre")),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=14,
                                null=True,
                                verbose_name="montant décidé, en euros par an",
                            ),
                        ),
                        ("decided_on", models.DateField(blank=True, null=True, verbose_name="décidé le")),
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
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="examinations",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="examinations",
                                to="agreements.resolution",
                                verbose_name="par l’acte",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "examen approfondi",
                        "verbose_name_plural": "examens approfondis",
                        "ordering": ["-opened_on", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount", None),
                                    models.Q(("decided_by__isnull", False), ("decided_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="examination_amount_has_an_act",
                                violation_error_message="Un montant décidé a sa date et son acte.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DisputeEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("subject", models.CharField(max_length=300, verbose_name="objet")),
                        ("opened_on", models.DateField(verbose_name="ouvert le")),
                        ("court", models.CharField(blank=True, max_length=200, verbose_name="tribunal")),
                        ("closed_on", models.DateField(blank=True, null=True, verbose_name="clos le")),
                        ("outcome", models.TextField(blank=True, verbose_name="issue")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.dispute",
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
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="DispatchEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "recipient",
                            models.CharField(
                                choices=[
                                    ("prefecture", "préfecture"),
                                    ("services", "services concernés"),
                                    ("member_accountant", "trésorier du membre"),
                                    ("host_accountant", "trésorier du gestionnaire"),
                                ],
                                max_length=20,
                                verbose_name="destinataire",
                            ),
                        ),
                        ("sent_on", models.DateField(verbose_name="envoyée le")),
                        ("proof", models.CharField(blank=True, max_length=300, verbose_name="preuve")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.dispatch",
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
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="MembershipEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("requested_on", models.DateField(verbose_name="demandée le")),
                        ("effect_on", models.DateField(blank=True, null=True, verbose_name="date d’effet")),
                        ("notice_on", models.DateField(blank=True, null=True, verbose_name="préavis reçu le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="dernier jour")),
                        (
                            "end_cause",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("term", "arrivée au terme"),
                                    ("notice", "résiliation"),
                                    ("replaced", "convention remplacée"),
                                    ("merged", "membre disparu"),
                                ],
                                max_length=20,
                                verbose_name="cause de la fin",
                            ),
                        ),
                        ("dropped_on", models.DateField(blank=True, null=True, verbose_name="sans suite depuis le")),
                        (
                            "drop_cause",
                            models.CharField(
                                blank=True,
                                choices=[("refused", "refusée"), ("abandoned", "abandonnée")],
                                max_length=20,
                                verbose_name="cause",
                            ),
                        ),
                        ("drop_note", models.CharField(blank=True, max_length=300, verbose_name="motif")),
                        (
                            "wishes",
                            models.TextField(
                                blank=True,
                                help_text="Ce que le membre demande sur l’accès du service à ses données.",
                                verbose_name="souhaits sur l’accès aux données",
                            ),
                        ),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.agreement",
                                verbose_name="convention",
                            ),
                        ),
                        (
                            "follows",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.membership",
                                verbose_name="remplace l’adhésion",
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
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.membership",
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
                    name="Notice",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "given_by",
                            models.CharField(
                                choices=[("host", "gestionnaire"), ("member", "membre")],
                                max_length=20,
                                verbose_name="à l’initiative du",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="motif")),
                        ("sent_on", models.DateField(blank=True, null=True, verbose_name="lettre recommandée envoyée le")),
                        ("received_on", models.DateField(verbose_name="reçue le")),
                        ("waiver_on", models.DateField(blank=True, null=True, verbose_name="sortie convenue le")),
                        ("waiver_member_on", models.DateField(blank=True, null=True, verbose_name="accord signé du membre le")),
                        (
                            "waiver_host_on",
                            models.DateField(blank=True, null=True, verbose_name="accord signé du gestionnaire le"),
                        ),
                        ("exit_on", models.DateField(verbose_name="dernier jour")),
                        ("exit_rule", models.CharField(max_length=300, verbose_name="règle")),
                        (
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notices",
                                to="agreements.membership",
                                verbose_name="adhésion",
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
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notices",
                                to="agreements.resolution",
                                verbose_name="acte",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "préavis",
                        "verbose_name_plural": "préavis",
                        "ordering": ["-received_on", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "membership"),
                                name="notice_once",
                                violation_error_message="Un préavis est déjà donné pour cette adhésion.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("sent_on", None), ("received_on__gte", models.F("sent_on")), _connector="OR"),
                                name="notice_received_after_sent",
                                violation_error_message="Une lettre est reçue après avoir été envoyée.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("waiver_on", None),
                                    models.Q(("waiver_host_on__isnull", False), ("waiver_member_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="notice_waiver_signed_by_both",
                                violation_error_message="L’accord qui abrège le préavis est signé des deux parties.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExitTaskEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("rank", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                        ("label", models.CharField(max_length=300, verbose_name="à faire")),
                        (
                            "owner",
                            models.CharField(
                                choices=[("host", "gestionnaire"), ("member", "membre")],
                                max_length=20,
                                verbose_name="qui s’en charge",
                            ),
                        ),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="pour le")),
                        ("done_on", models.DateField(blank=True, null=True, verbose_name="fait le")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.exittask",
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
                            "notice",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.notice",
                                verbose_name="préavis",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ExitCostEvent",
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
                                    ("due", "somme due jusqu’à la fin des services"),
                                    ("contract_moved", "contrat repris par le membre"),
                                    ("contract_refunded", "contrat remboursé pour sa durée restante"),
                                    ("penalty", "pénalité"),
                                ],
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        ("label", models.CharField(max_length=300, verbose_name="libellé")),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="montant, en euros"
                            ),
                        ),
                        ("until", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        ("agreed_member_on", models.DateField(blank=True, null=True, verbose_name="accepté du membre le")),
                        ("agreed_host_on", models.DateField(blank=True, null=True, verbose_name="accepté du gestionnaire le")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.exitcost",
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
                            "notice",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.notice",
                                verbose_name="préavis",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Obligation",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("key", models.SlugField(max_length=60, verbose_name="clé")),
                        ("label", models.CharField(max_length=300, verbose_name="obligation")),
                        ("article", models.CharField(blank=True, max_length=100, verbose_name="article")),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="à faire pour le")),
                        ("done_on", models.DateField(blank=True, null=True, verbose_name="faite le")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="remarque")),
                        (
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="obligations",
                                to="agreements.membership",
                                verbose_name="adhésion",
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
                        "verbose_name": "obligation",
                        "ordering": ["due_on", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "membership", "key"),
                                name="obligation_once",
                                violation_error_message="Cette obligation figure déjà.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ObligationEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("key", models.SlugField(db_index=False, max_length=60, verbose_name="clé")),
                        ("label", models.CharField(max_length=300, verbose_name="obligation")),
                        ("article", models.CharField(blank=True, max_length=100, verbose_name="article")),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="à faire pour le")),
                        ("done_on", models.DateField(blank=True, null=True, verbose_name="faite le")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="remarque")),
                        (
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.obligation",
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
                    name="Precondition",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("offer", models.CharField(max_length=200, verbose_name="offre")),
                        ("label", models.CharField(max_length=300, verbose_name="condition")),
                        ("article", models.CharField(blank=True, max_length=100, verbose_name="article")),
                        ("met_on", models.DateField(blank=True, null=True, verbose_name="remplie le")),
                        ("proof", models.CharField(blank=True, max_length=300, verbose_name="preuve")),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="preconditions",
                                to="agreements.agreement",
                                verbose_name="convention",
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
                        "verbose_name": "condition préalable",
                        "verbose_name_plural": "conditions préalables",
                        "ordering": ["offer", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="PreconditionEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("offer", models.CharField(max_length=200, verbose_name="offre")),
                        ("label", models.CharField(max_length=300, verbose_name="condition")),
                        ("article", models.CharField(blank=True, max_length=100, verbose_name="article")),
                        ("met_on", models.DateField(blank=True, null=True, verbose_name="remplie le")),
                        ("proof", models.CharField(blank=True, max_length=300, verbose_name="preuve")),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.agreement",
                                verbose_name="convention",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.precondition",
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
                    name="PriceAct",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("parameter", models.CharField(max_length=100, verbose_name="prix")),
                        ("value", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="valeur, en euros")),
                        ("starts_on", models.DateField(verbose_name="à compter du")),
                        ("reference", models.CharField(max_length=200, verbose_name="acte, tel qu’il se cite")),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="price_acts",
                                to="agreements.agreement",
                                verbose_name="convention",
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
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prices",
                                to="agreements.resolution",
                                verbose_name="décidé par l’acte",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "prix fixé par acte",
                        "verbose_name_plural": "prix fixés par acte",
                        "ordering": ["parameter", "-starts_on"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "agreement", "parameter", "starts_on"),
                                name="price_act_once",
                                violation_error_message="Ce prix a déjà une valeur à cette date.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PriorOpinion",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("body", models.CharField(max_length=200, verbose_name="instance")),
                        ("on", models.DateField(verbose_name="rendu le")),
                        (
                            "opinion",
                            models.CharField(
                                choices=[
                                    ("favourable", "favorable"),
                                    ("reserved", "favorable avec réserves"),
                                    ("unfavourable", "défavorable"),
                                    ("none", "sans avis exprimé"),
                                ],
                                default="favourable",
                                max_length=20,
                                verbose_name="avis",
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
                            "resolution",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="opinions",
                                to="agreements.resolution",
                                verbose_name="acte",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "avis préalable",
                        "verbose_name_plural": "avis préalables",
                        "ordering": ["on", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="PurchaseMandate",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("account", models.CharField(max_length=100, verbose_name="compte de facturation")),
                        ("assets", models.TextField(verbose_name="actifs concernés")),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        (
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mandates",
                                to="agreements.membership",
                                verbose_name="adhésion",
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
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.supplier",
                                verbose_name="fournisseur",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mandates",
                                to="agreements.resolution",
                                verbose_name="acte",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "mandat d’achat",
                        "verbose_name_plural": "mandats d’achat",
                        "ordering": ["starts_on", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="mandate_ends_after_it_starts",
                                violation_error_message="La fin doit suivre le début.",
                            ),
                            models.UniqueConstraint(
                                fields=("pool", "membership", "supplier", "account"),
                                name="mandate_once",
                                violation_error_message="Ce compte de facturation figure déjà.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Resolution",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("resolution", "délibération"),
                                    ("decision", "décision"),
                                    ("memo", "note de synthèse"),
                                    ("order", "arrêté"),
                                ],
                                default="resolution",
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "projet"),
                                    ("listed", "inscrit à l’ordre du jour"),
                                    ("adopted", "adopté"),
                                    ("rejected", "rejeté"),
                                    ("adjourned", "ajourné"),
                                    ("withdrawn", "retiré"),
                                ],
                                default="adopted",
                                max_length=20,
                                verbose_name="état",
                            ),
                        ),
                        ("number", models.CharField(blank=True, max_length=60, verbose_name="numéro au registre")),
                        ("sent_number", models.CharField(blank=True, max_length=60, verbose_name="numéro à la transmission")),
                        ("subject", models.CharField(max_length=500, verbose_name="objet")),
                        (
                            "matter",
                            models.CharField(
                                blank=True,
                                help_text="Du classement de la préfecture : 5.7, intercommunalité.",
                                max_length=10,
                                verbose_name="matière",
                            ),
                        ),
                        (
                            "nature",
                            models.CharField(
                                choices=[
                                    ("DE", "délibération"),
                                    ("AR", "acte réglementaire"),
                                    ("AI", "acte individuel"),
                                    ("CC", "contrat, convention ou avenant"),
                                    ("BF", "document budgétaire et financier"),
                                    ("AU", "autre"),
                                ],
                                default="DE",
                                max_length=2,
                                verbose_name="nature",
                            ),
                        ),
                        ("session_on", models.DateField(blank=True, null=True, verbose_name="séance du")),
                        ("session_at", models.TimeField(blank=True, null=True, verbose_name="à")),
                        ("place", models.CharField(blank=True, max_length=200, verbose_name="lieu")),
                        (
                            "body",
                            models.CharField(
                                blank=True,
                                help_text="Conseil municipal, conseil communautaire…",
                                max_length=200,
                                verbose_name="assemblée",
                            ),
                        ),
                        ("service", models.CharField(blank=True, max_length=200, verbose_name="service")),
                        ("president", models.CharField(blank=True, max_length=200, verbose_name="président de séance")),
                        ("reporter", models.CharField(blank=True, max_length=200, verbose_name="rapporteur")),
                        ("secretary", models.CharField(blank=True, max_length=200, verbose_name="secrétaire de séance")),
                        ("convened_on", models.DateField(blank=True, null=True, verbose_name="convocation du")),
                        ("posted_on", models.DateField(blank=True, null=True, verbose_name="affichage du")),
                        ("published_on", models.DateField(blank=True, null=True, verbose_name="publication du")),
                        ("online_on", models.DateField(blank=True, null=True, verbose_name="mise en ligne du")),
                        ("sent_on", models.DateField(blank=True, null=True, verbose_name="transmission du")),
                        ("received_on", models.DateField(blank=True, null=True, verbose_name="reçue en préfecture le")),
                        (
                            "transmission",
                            models.CharField(
                                blank=True,
                                help_text="Tel que le tampon le porte : 035-213502362-20231005-SG2023_362-DE.",
                                max_length=80,
                                verbose_name="identifiant de transmission",
                            ),
                        ),
                        ("in_office", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="en exercice")),
                        ("present", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="présents")),
                        ("proxies", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="procurations")),
                        ("excused", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="excusés sans pouvoir")),
                        ("absent", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="absents")),
                        ("voters", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="votants")),
                        ("votes_for", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="pour")),
                        ("votes_against", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="contre")),
                        ("abstained", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="abstentions")),
                        (
                            "not_voting",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="ne prennent pas part au vote"),
                        ),
                        ("is_unanimous", models.BooleanField(default=False, verbose_name="à l’unanimité")),
                        ("visas", models.TextField(blank=True, verbose_name="visas")),
                        ("recitals", models.TextField(blank=True, verbose_name="considérants")),
                        ("statement", models.TextField(blank=True, verbose_name="exposé")),
                        (
                            "decisions",
                            models.TextField(
                                blank=True, help_text="APPROUVE, AUTORISE, DÉCIDE, DIT : une par ligne.", verbose_name="décisions"
                            ),
                        ),
                        ("budget_sentence", models.CharField(blank=True, max_length=500, verbose_name="inscription budgétaire")),
                        ("remedies", models.TextField(blank=True, verbose_name="voies de recours")),
                        ("signatories", models.CharField(blank=True, max_length=300, verbose_name="signataires")),
                        ("annexes", models.TextField(blank=True, verbose_name="annexes")),
                        (
                            "missing",
                            models.CharField(
                                blank=True,
                                help_text="Ce que l’acte devait dire et ne dit pas : « services choisis ».",
                                max_length=300,
                                verbose_name="laissé en blanc",
                            ),
                        ),
                        (
                            "authorizes",
                            models.CharField(
                                blank=True,
                                help_text="Par exemple : les avenants de renouvellement.",
                                max_length=300,
                                verbose_name="autorise d’avance",
                            ),
                        ),
                        ("search_text", models.TextField(editable=False)),
                        (
                            "agreement",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="acts",
                                to="agreements.agreement",
                                verbose_name="convention concernée",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="acts",
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
                        "verbose_name": "acte",
                        "ordering": ["-session_on", "-id"],
                        "indexes": [models.Index(fields=["pool", "-session_on", "-id"], name="act_by_session")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("number", ""), _negated=True),
                                fields=("pool", "organization", "kind", "number", "session_on"),
                                name="act_once",
                                violation_error_message="Cet acte est déjà enregistré, avec ce numéro et cette séance.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("transmission", ""), _negated=True),
                                fields=("pool", "transmission"),
                                name="act_transmission_once",
                                violation_error_message="Un autre acte porte déjà cet identifiant de transmission.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PurchaseMandateEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("account", models.CharField(max_length=100, verbose_name="compte de facturation")),
                        ("assets", models.TextField(verbose_name="actifs concernés")),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        (
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.purchasemandate",
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
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.resolution",
                                verbose_name="acte",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PriorOpinionEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("body", models.CharField(max_length=200, verbose_name="instance")),
                        ("on", models.DateField(verbose_name="rendu le")),
                        (
                            "opinion",
                            models.CharField(
                                choices=[
                                    ("favourable", "favorable"),
                                    ("reserved", "favorable avec réserves"),
                                    ("unfavourable", "défavorable"),
                                    ("none", "sans avis exprimé"),
                                ],
                                default="favourable",
                                max_length=20,
                                verbose_name="avis",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.prioropinion",
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
                            "resolution",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.resolution",
                                verbose_name="acte",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PriceActEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("parameter", models.CharField(max_length=100, verbose_name="prix")),
                        ("value", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="valeur, en euros")),
                        ("starts_on", models.DateField(verbose_name="à compter du")),
                        ("reference", models.CharField(max_length=200, verbose_name="acte, tel qu’il se cite")),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.agreement",
                                verbose_name="convention",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.priceact",
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
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.resolution",
                                verbose_name="décidé par l’acte",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="NoticeEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "given_by",
                            models.CharField(
                                choices=[("host", "gestionnaire"), ("member", "membre")],
                                max_length=20,
                                verbose_name="à l’initiative du",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="motif")),
                        ("sent_on", models.DateField(blank=True, null=True, verbose_name="lettre recommandée envoyée le")),
                        ("received_on", models.DateField(verbose_name="reçue le")),
                        ("waiver_on", models.DateField(blank=True, null=True, verbose_name="sortie convenue le")),
                        ("waiver_member_on", models.DateField(blank=True, null=True, verbose_name="accord signé du membre le")),
                        (
                            "waiver_host_on",
                            models.DateField(blank=True, null=True, verbose_name="accord signé du gestionnaire le"),
                        ),
                        ("exit_on", models.DateField(verbose_name="dernier jour")),
                        ("exit_rule", models.CharField(max_length=300, verbose_name="règle")),
                        (
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.notice",
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
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.resolution",
                                verbose_name="acte",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="LetterEvent",
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
                                choices=[("commitment", "lettre d’engagement"), ("intent", "lettre d’intention")],
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="datée du")),
                        ("wording", models.TextField(blank=True, verbose_name="ce qu’elle dit")),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.agreement",
                                verbose_name="convention",
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
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.letter",
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
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.resolution",
                                verbose_name="acte",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ExaminationEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("opened_on", models.DateField(verbose_name="ouvert le")),
                        ("reason", models.CharField(max_length=300, verbose_name="motif")),
                        ("findings", models.TextField(blank=True, verbose_name="constats")),
                        ("decision", models.TextField(blank=True, verbose_name="décision")),
                        ("conditions", models.TextField(blank=True, verbose_name="conditions")),
                        ("offer", models.CharField(max_length=200, verbose_name="offre")),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=14,
                                null=True,
                                verbose_name="montant décidé, en euros par an",
                            ),
                        ),
                        ("decided_on", models.DateField(blank=True, null=True, verbose_name="décidé le")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.examination",
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
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.resolution",
                                verbose_name="par l’acte",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ChoiceFormEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("stated_on", models.DateField(verbose_name="rempli le")),
                        ("starts_on", models.DateField(verbose_name="en vigueur du")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="au")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.choiceform",
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
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.resolution",
                                verbose_name="décidé par l’acte",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AttendanceEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("rank", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                        ("name", models.CharField(max_length=200, verbose_name="nom")),
                        (
                            "presence",
                            models.CharField(
                                choices=[
                                    ("present", "présent"),
                                    ("proxy", "excusé, avec pouvoir"),
                                    ("excused", "excusé, sans pouvoir"),
                                    ("absent", "absent"),
                                ],
                                default="present",
                                max_length=20,
                                verbose_name="présence",
                            ),
                        ),
                        ("proxy_holder", models.CharField(blank=True, max_length=200, verbose_name="pouvoir donné à")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.attendance",
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
                            "resolution",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.resolution",
                                verbose_name="acte",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Adoption",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("on", models.DateField(verbose_name="adoptée le")),
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
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adoptions",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                        (
                            "authorized_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="authorized_adoptions",
                                to="agreements.resolution",
                                verbose_name="en vertu de l’acte",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adoptions",
                                to="agreements.resolution",
                                verbose_name="par l’acte",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adoptions",
                                to="agreements.version",
                                verbose_name="version",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "adoption d’une version",
                        "verbose_name_plural": "adoptions de versions",
                        "ordering": ["-on", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "membership", "version"),
                                name="adoption_once",
                                violation_error_message="Ce membre a déjà adopté cette version.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResolutionEvent",
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
                                    ("resolution", "délibération"),
                                    ("decision", "décision"),
                                    ("memo", "note de synthèse"),
                                    ("order", "arrêté"),
                                ],
                                default="resolution",
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "projet"),
                                    ("listed", "inscrit à l’ordre du jour"),
                                    ("adopted", "adopté"),
                                    ("rejected", "rejeté"),
                                    ("adjourned", "ajourné"),
                                    ("withdrawn", "retiré"),
                                ],
                                default="adopted",
                                max_length=20,
                                verbose_name="état",
                            ),
                        ),
                        ("number", models.CharField(blank=True, max_length=60, verbose_name="numéro au registre")),
                        ("sent_number", models.CharField(blank=True, max_length=60, verbose_name="numéro à la transmission")),
                        ("subject", models.CharField(max_length=500, verbose_name="objet")),
                        (
                            "matter",
                            models.CharField(
                                blank=True,
                                help_text="Du classement de la préfecture : 5.7, intercommunalité.",
                                max_length=10,
                                verbose_name="matière",
                            ),
                        ),
                        (
                            "nature",
                            models.CharField(
                                choices=[
                                    ("DE", "délibération"),
                                    ("AR", "acte réglementaire"),
                                    ("AI", "acte individuel"),
                                    ("CC", "contrat, convention ou avenant"),
                                    ("BF", "document budgétaire et financier"),
                                    ("AU", "autre"),
                                ],
                                default="DE",
                                max_length=2,
                                verbose_name="nature",
                            ),
                        ),
                        ("session_on", models.DateField(blank=True, null=True, verbose_name="séance du")),
                        ("session_at", models.TimeField(blank=True, null=True, verbose_name="à")),
                        ("place", models.CharField(blank=True, max_length=200, verbose_name="lieu")),
                        (
                            "body",
                            models.CharField(
                                blank=True,
                                help_text="Conseil municipal, conseil communautaire…",
                                max_length=200,
                                verbose_name="assemblée",
                            ),
                        ),
                        ("service", models.CharField(blank=True, max_length=200, verbose_name="service")),
                        ("president", models.CharField(blank=True, max_length=200, verbose_name="président de séance")),
                        ("reporter", models.CharField(blank=True, max_length=200, verbose_name="rapporteur")),
                        ("secretary", models.CharField(blank=True, max_length=200, verbose_name="secrétaire de séance")),
                        ("convened_on", models.DateField(blank=True, null=True, verbose_name="convocation du")),
                        ("posted_on", models.DateField(blank=True, null=True, verbose_name="affichage du")),
                        ("published_on", models.DateField(blank=True, null=True, verbose_name="publication du")),
                        ("online_on", models.DateField(blank=True, null=True, verbose_name="mise en ligne du")),
                        ("sent_on", models.DateField(blank=True, null=True, verbose_name="transmission du")),
                        ("received_on", models.DateField(blank=True, null=True, verbose_name="reçue en préfecture le")),
                        (
                            "transmission",
                            models.CharField(
                                blank=True,
                                help_text="Tel que le tampon le porte : 035-213502362-20231005-SG2023_362-DE.",
                                max_length=80,
                                verbose_name="identifiant de transmission",
                            ),
                        ),
                        ("in_office", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="en exercice")),
                        ("present", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="présents")),
                        ("proxies", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="procurations")),
                        ("excused", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="excusés sans pouvoir")),
                        ("absent", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="absents")),
                        ("voters", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="votants")),
                        ("votes_for", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="pour")),
                        ("votes_against", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="contre")),
                        ("abstained", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="abstentions")),
                        (
                            "not_voting",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="ne prennent pas part au vote"),
                        ),
                        ("is_unanimous", models.BooleanField(default=False, verbose_name="à l’unanimité")),
                        ("visas", models.TextField(blank=True, verbose_name="visas")),
                        ("recitals", models.TextField(blank=True, verbose_name="considérants")),
                        ("statement", models.TextField(blank=True, verbose_name="exposé")),
                        (
                            "decisions",
                            models.TextField(
                                blank=True, help_text="APPROUVE, AUTORISE, DÉCIDE, DIT : une par ligne.", verbose_name="décisions"
                            ),
                        ),
                        ("budget_sentence", models.CharField(blank=True, max_length=500, verbose_name="inscription budgétaire")),
                        ("remedies", models.TextField(blank=True, verbose_name="voies de recours")),
                        ("signatories", models.CharField(blank=True, max_length=300, verbose_name="signataires")),
                        ("annexes", models.TextField(blank=True, verbose_name="annexes")),
                        (
                            "missing",
                            models.CharField(
                                blank=True,
                                help_text="Ce que l’acte devait dire et ne dit pas : « services choisis ».",
                                max_length=300,
                                verbose_name="laissé en blanc",
                            ),
                        ),
                        (
                            "authorizes",
                            models.CharField(
                                blank=True,
                                help_text="Par exemple : les avenants de renouvellement.",
                                max_length=300,
                                verbose_name="autorise d’avance",
                            ),
                        ),
                        ("search_text", models.TextField(editable=False)),
                        (
                            "agreement",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.agreement",
                                verbose_name="convention concernée",
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
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.resolution",
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
                    name="ReviewDate",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("due_on", models.DateField(verbose_name="dû le")),
                        ("held_on", models.DateField(blank=True, null=True, verbose_name="tenu le")),
                        ("note", models.TextField(blank=True, verbose_name="conclusions")),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reviews",
                                to="agreements.agreement",
                                verbose_name="convention",
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
                        "verbose_name": "bilan d’étape",
                        "verbose_name_plural": "bilans d’étape",
                        "ordering": ["due_on"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "agreement", "due_on"),
                                name="review_once",
                                violation_error_message="Un bilan est déjà prévu ce jour-là.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReviewDateEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("due_on", models.DateField(verbose_name="dû le")),
                        ("held_on", models.DateField(blank=True, null=True, verbose_name="tenu le")),
                        ("note", models.TextField(blank=True, verbose_name="conclusions")),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.agreement",
                                verbose_name="convention",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.reviewdate",
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
                    name="SharedGood",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=200, verbose_name="bien")),
                        ("users", models.TextField(blank=True, verbose_name="qui l’utilise")),
                        ("conditions", models.TextField(blank=True, verbose_name="conditions d’usage")),
                        ("cost_rule", models.TextField(blank=True, verbose_name="règle de partage du coût")),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shared_goods",
                                to="agreements.agreement",
                                verbose_name="convention",
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
                        "verbose_name": "bien partagé",
                        "verbose_name_plural": "biens partagés",
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "agreement", "name"),
                                name="shared_good_once",
                                violation_error_message="Ce bien figure déjà.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SharedGoodEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=200, verbose_name="bien")),
                        ("users", models.TextField(blank=True, verbose_name="qui l’utilise")),
                        ("conditions", models.TextField(blank=True, verbose_name="conditions d’usage")),
                        ("cost_rule", models.TextField(blank=True, verbose_name="règle de partage du coût")),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.agreement",
                                verbose_name="convention",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.sharedgood",
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
                    name="Signature",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "party",
                            models.CharField(
                                choices=[("host", "gestionnaire"), ("member", "membre")], max_length=20, verbose_name="partie"
                            ),
                        ),
                        ("signatory", models.CharField(max_length=200, verbose_name="signataire")),
                        ("quality", models.CharField(max_length=200, verbose_name="qualité")),
                        ("on", models.DateField(verbose_name="signée le")),
                        ("authority", models.CharField(blank=True, max_length=200, verbose_name="autorisation, telle qu’écrite")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to="agreements.resolution",
                                verbose_name="autorisé par l’acte",
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to="agreements.membership",
                                verbose_name="adhésion",
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
                        "verbose_name": "signature",
                        "ordering": ["on", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "membership", "party"),
                                name="signature_once",
                                violation_error_message="Cette partie a déjà signé.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SignatureEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "party",
                            models.CharField(
                                choices=[("host", "gestionnaire"), ("member", "membre")], max_length=20, verbose_name="partie"
                            ),
                        ),
                        ("signatory", models.CharField(max_length=200, verbose_name="signataire")),
                        ("quality", models.CharField(max_length=200, verbose_name="qualité")),
                        ("on", models.DateField(verbose_name="signée le")),
                        ("authority", models.CharField(blank=True, max_length=200, verbose_name="autorisation, telle qu’écrite")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.resolution",
                                verbose_name="autorisé par l’acte",
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.signature",
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
                    name="StaffFile",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("agent", models.CharField(max_length=200, verbose_name="agent")),
                        (
                            "status",
                            models.CharField(
                                choices=[("tenured", "titulaire"), ("permanent", "CDI"), ("fixed_term", "CDD")],
                                max_length=20,
                                verbose_name="statut",
                            ),
                        ),
                        (
                            "move",
                            models.CharField(
                                choices=[
                                    ("transfer", "transfert de plein droit"),
                                    ("lent", "mise à disposition individuelle, sans limite de durée"),
                                ],
                                max_length=20,
                                verbose_name="régime",
                            ),
                        ),
                        (
                            "share",
                            models.DecimalField(
                                decimal_places=2, default=100, max_digits=5, verbose_name="part des fonctions, en %"
                            ),
                        ),
                        ("functions", models.CharField(max_length=300, verbose_name="fonctions")),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        ("destination", models.CharField(blank=True, max_length=300, verbose_name="affectation au retour")),
                        ("effect_organization", models.TextField(blank=True, verbose_name="effets sur l’organisation")),
                        ("effect_conditions", models.TextField(blank=True, verbose_name="effets sur les conditions de travail")),
                        ("effect_pay", models.TextField(blank=True, verbose_name="effets sur la rémunération")),
                        ("effect_rights", models.TextField(blank=True, verbose_name="droits acquis")),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="staff_files",
                                to="agreements.agreement",
                                verbose_name="convention",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="staff_files",
                                to="agreements.resolution",
                                verbose_name="acte",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="staff_files",
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
                        "verbose_name": "dossier d’agent",
                        "verbose_name_plural": "dossiers d’agents",
                        "ordering": ["organization__sort_name", "agent"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="staff_file_ends_after_it_starts",
                                violation_error_message="La fin doit suivre le début.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("share__gt", 0), ("share__lte", 100)),
                                name="staff_file_share",
                                violation_error_message="La part des fonctions va de 0,01 à 100 %.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("move", "transfer"), _negated=True), ("share", 100), _connector="OR"
                                ),
                                name="staff_file_transferred_whole",
                                violation_error_message="Seul un agent dont toutes les fonctions y sont est transféré.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DocumentEvent",
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
                                    ("adhesion", "projet de délibération d’adhésion"),
                                    ("change", "décision de changement de choix"),
                                    ("amendment_vote", "projet de délibération sur un avenant"),
                                    ("renewal", "projet de délibération de renouvellement"),
                                    ("termination", "projet de délibération de résiliation"),
                                    ("convention", "convention"),
                                    ("amendment", "avenant et texte consolidé"),
                                    ("memo", "note de synthèse"),
                                    ("commitment", "lettre d’engagement"),
                                    ("impact", "fiche d’impact"),
                                    ("notice_letter", "lettre de résiliation"),
                                    ("exit_account", "compte de sortie"),
                                    ("denunciation", "lettre de dénonciation de contrat"),
                                ],
                                max_length=20,
                                verbose_name="document",
                            ),
                        ),
                        ("title", models.CharField(max_length=300, verbose_name="titre")),
                        ("number", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                        (
                            "status",
                            models.CharField(
                                choices=[("draft", "projet"), ("issued", "émis"), ("replaced", "remplacé")],
                                default="draft",
                                max_length=20,
                                verbose_name="état",
                            ),
                        ),
                        ("author", models.CharField(max_length=200, verbose_name="auteur")),
                        ("made_at", models.DateTimeField(verbose_name="fait le")),
                        ("issued_on", models.DateField(blank=True, null=True, verbose_name="émis le")),
                        ("values", models.JSONField(default=dict, verbose_name="valeurs")),
                        (
                            "blanks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=200),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="à compléter",
                            ),
                        ),
                        ("docx", models.CharField(max_length=64, verbose_name="fichier DOCX")),
                        ("pdf", models.CharField(max_length=64, verbose_name="fichier PDF")),
                        (
                            "amendment",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.amendment",
                                verbose_name="avenant",
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
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.document",
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
                            "template",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.documenttemplate",
                                verbose_name="modèle",
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                        (
                            "staff_file",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.stafffile",
                                verbose_name="dossier d’agent",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="CommitteeOpinionEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "committee",
                            models.CharField(
                                choices=[
                                    ("cst", "comité social territorial"),
                                    ("cap", "commission administrative paritaire"),
                                    ("ccp", "commission consultative paritaire"),
                                ],
                                max_length=20,
                                verbose_name="instance",
                            ),
                        ),
                        ("of_host", models.BooleanField(default=False, verbose_name="du gestionnaire")),
                        ("on", models.DateField(verbose_name="rendu le")),
                        (
                            "opinion",
                            models.CharField(
                                choices=[
                                    ("favourable", "favorable"),
                                    ("reserved", "favorable avec réserves"),
                                    ("unfavourable", "défavorable"),
                                    ("none", "sans avis exprimé"),
                                ],
                                max_length=20,
                                verbose_name="avis",
                            ),
                        ),
                        ("at_exit", models.BooleanField(default=False, verbose_name="sur le retour de l’agent")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.committeeopinion",
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
                            "staff_file",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.stafffile",
                                verbose_name="dossier",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Attachment",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=200, verbose_name="nom du fichier")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("signed", "document signé"),
                                    ("stamped", "acte tamponné"),
                                    ("receipt", "accusé de réception"),
                                    ("letter", "courrier"),
                                    ("evidence", "pièce justificative"),
                                    ("other", "autre"),
                                ],
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("pool", "tous les membres"),
                                    ("both", "le membre et le gestionnaire"),
                                    ("host", "le gestionnaire seul"),
                                    ("staff", "la direction du service et l’exécutif du membre"),
                                ],
                                default="both",
                                max_length=20,
                                verbose_name="lu par",
                            ),
                        ),
                        ("digest", models.CharField(editable=False, max_length=64, verbose_name="empreinte SHA-256")),
                        ("size", models.PositiveIntegerField(editable=False, verbose_name="taille, en octets")),
                        ("media", models.CharField(editable=False, max_length=100, verbose_name="type")),
                        ("added_by", models.CharField(editable=False, max_length=200, verbose_name="joint par")),
                        ("added_at", models.DateTimeField(editable=False, verbose_name="joint le")),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachments",
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
                            "piece",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachments",
                                to="agreements.legalpiece",
                                verbose_name="pièce du dossier",
                            ),
                        ),
                        (
                            "letter",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachments",
                                to="agreements.letter",
                                verbose_name="lettre",
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachments",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                        (
                            "notice",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachments",
                                to="agreements.notice",
                                verbose_name="préavis",
                            ),
                        ),
                        (
                            "resolution",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachments",
                                to="agreements.resolution",
                                verbose_name="acte",
                            ),
                        ),
                        (
                            "staff_file",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachments",
                                to="agreements.stafffile",
                                verbose_name="dossier d’agent",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachments",
                                to="agreements.version",
                                verbose_name="version",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "fichier joint",
                        "verbose_name_plural": "fichiers joints",
                        "ordering": ["-added_at", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("letter__isnull", True),
                                        ("membership__isnull", True),
                                        ("notice__isnull", True),
                                        ("piece__isnull", True),
                                        ("resolution__isnull", False),
                                        ("staff_file__isnull", True),
                                        ("version__isnull", True),
                                    ),
                                    models.Q(
                                        ("letter__isnull", True),
                                        ("membership__isnull", False),
                                        ("notice__isnull", True),
                                        ("piece__isnull", True),
                                        ("resolution__isnull", True),
                                        ("staff_file__isnull", True),
                                        ("version__isnull", True),
                                    ),
                                    models.Q(
                                        ("letter__isnull", True),
                                        ("membership__isnull", True),
                                        ("notice__isnull", True),
                                        ("piece__isnull", True),
                                        ("resolution__isnull", True),
                                        ("staff_file__isnull", True),
                                        ("version__isnull", False),
                                    ),
                                    models.Q(
                                        ("letter__isnull", True),
                                        ("membership__isnull", True),
                                        ("notice__isnull", True),
                                        ("piece__isnull", False),
                                        ("resolution__isnull", True),
                                        ("staff_file__isnull", True),
                                        ("version__isnull", True),
                                    ),
                                    models.Q(
                                        ("letter__isnull", True),
                                        ("membership__isnull", True),
                                        ("notice__isnull", True),
                                        ("piece__isnull", True),
                                        ("resolution__isnull", True),
                                        ("staff_file__isnull", False),
                                        ("version__isnull", True),
                                    ),
                                    models.Q(
                                        ("letter__isnull", False),
                                        ("membership__isnull", True),
                                        ("notice__isnull", True),
                                        ("piece__isnull", True),
                                        ("resolution__isnull", True),
                                        ("staff_file__isnull", True),
                                        ("version__isnull", True),
                                    ),
                                    models.Q(
                                        ("letter__isnull", True),
                                        ("membership__isnull", True),
                                        ("notice__isnull", False),
                                        ("piece__isnull", True),
                                        ("resolution__isnull", True),
                                        ("staff_file__isnull", True),
                                        ("version__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="attachment_of_one_record",
                                violation_error_message="Un fichier est joint à une seule fiche.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StaffFileEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("agent", models.CharField(max_length=200, verbose_name="agent")),
                        (
                            "status",
                            models.CharField(
                                choices=[("tenured", "titulaire"), ("permanent", "CDI"), ("fixed_term", "CDD")],
                                max_length=20,
                                verbose_name="statut",
                            ),
                        ),
                        (
                            "move",
                            models.CharField(
                                choices=[
                                    ("transfer", "transfert de plein droit"),
                                    ("lent", "mise à disposition individuelle, sans limite de durée"),
                                ],
                                max_length=20,
                                verbose_name="régime",
                            ),
                        ),
                        (
                            "share",
                            models.DecimalField(
                                decimal_places=2, default=100, max_digits=5, verbose_name="part des fonctions, en %"
                            ),
                        ),
                        ("functions", models.CharField(max_length=300, verbose_name="fonctions")),
                        ("starts_on", models.DateField(verbose_name="depuis le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        ("destination", models.CharField(blank=True, max_length=300, verbose_name="affectation au retour")),
                        ("effect_organization", models.TextField(blank=True, verbose_name="effets sur l’organisation")),
                        ("effect_conditions", models.TextField(blank=True, verbose_name="effets sur les conditions de travail")),
                        ("effect_pay", models.TextField(blank=True, verbose_name="effets sur la rémunération")),
                        ("effect_rights", models.TextField(blank=True, verbose_name="droits acquis")),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.agreement",
                                verbose_name="convention",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.resolution",
                                verbose_name="acte",
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
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.stafffile",
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
                    name="Step",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("requested", "demande"),
                                    ("audited", "audit préalable remis"),
                                    ("examined", "examen approfondi"),
                                    ("voted", "délibération du membre"),
                                    ("signed_member", "signature du membre"),
                                    ("signed_host", "signature du gestionnaire"),
                                    ("effect", "prise d’effet"),
                                    ("choices", "choix modifiés"),
                                    ("adopted", "avenant adopté"),
                                    ("renewed", "tacite reconduction"),
                                    ("express", "renouvellement exprès"),
                                    ("prolonged", "prolongation"),
                                    ("notice", "préavis reçu"),
                                    ("waived", "préavis abrégé d’un commun accord"),
                                    ("exit", "sortie"),
                                    ("expired", "expiration"),
                                    ("replaced", "remplacement par la convention suivante"),
                                    ("dropped", "sans suite"),
                                ],
                                max_length=20,
                                verbose_name="étape",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="le")),
                        ("until", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="précision")),
                        ("entered_by", models.CharField(max_length=200, verbose_name="saisie par")),
                        ("entered_at", models.DateTimeField(verbose_name="saisie le")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="agreements.resolution",
                                verbose_name="acte",
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="agreements.membership",
                                verbose_name="adhésion",
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
                        "verbose_name": "étape d’une adhésion",
                        "verbose_name_plural": "étapes d’une adhésion",
                        "ordering": ["on", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "dropped",
                                            "effect",
                                            "exit",
                                            "expired",
                                            "replaced",
                                            "requested",
                                            "signed_host",
                                            "signed_member",
                                        ],
                                    )
                                ),
                                fields=("pool", "membership", "kind"),
                                name="step_once",
                                violation_error_message="Cette étape est déjà faite.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "renewed")),
                                fields=("pool", "membership", "kind", "on"),
                                name="step_renewed_once",
                                violation_error_message="Cette reconduction est déjà écrite.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StepEvent",
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
                                    ("requested", "demande"),
                                    ("audited", "audit préalable remis"),
                                    ("examined", "examen approfondi"),
                                    ("voted", "délibération du membre"),
                                    ("signed_member", "signature du membre"),
                                    ("signed_host", "signature du gestionnaire"),
                                    ("effect", "prise d’effet"),
                                    ("choices", "choix modifiés"),
                                    ("adopted", "avenant adopté"),
                                    ("renewed", "tacite reconduction"),
                                    ("express", "renouvellement exprès"),
                                    ("prolonged", "prolongation"),
                                    ("notice", "préavis reçu"),
                                    ("waived", "préavis abrégé d’un commun accord"),
                                    ("exit", "sortie"),
                                    ("expired", "expiration"),
                                    ("replaced", "remplacement par la convention suivante"),
                                    ("dropped", "sans suite"),
                                ],
                                max_length=20,
                                verbose_name="étape",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="le")),
                        ("until", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="précision")),
                        ("entered_by", models.CharField(max_length=200, verbose_name="saisie par")),
                        ("entered_at", models.DateTimeField(verbose_name="saisie le")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.resolution",
                                verbose_name="acte",
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.step",
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
                    name="Version",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "label",
                            models.CharField(
                                help_text="Telle qu’elle se nomme : « 2 », « avenant n° 6 ».",
                                max_length=60,
                                verbose_name="version",
                            ),
                        ),
                        ("author", models.CharField(blank=True, max_length=200, verbose_name="auteur")),
                        ("dated_as", models.CharField(blank=True, max_length=60, verbose_name="date, telle qu’écrite")),
                        ("dated_on", models.DateField(blank=True, null=True, verbose_name="datée du")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "projet"),
                                    ("pending", "en cours d’approbation"),
                                    ("approved", "approuvé"),
                                    ("repealed", "abrogé"),
                                ],
                                default="draft",
                                max_length=20,
                                verbose_name="état",
                            ),
                        ),
                        ("starts_on", models.DateField(blank=True, null=True, verbose_name="en vigueur le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        ("preamble", models.TextField(blank=True, verbose_name="préambule")),
                        ("tariff", models.TextField(blank=True, editable=False, verbose_name="tarif")),
                        (
                            "data_role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("processor", "le gestionnaire est sous-traitant du membre"),
                                    ("joint", "le gestionnaire et le membre sont responsables conjoints"),
                                ],
                                max_length=20,
                                verbose_name="données personnelles",
                            ),
                        ),
                        ("data_clause", models.TextField(blank=True, verbose_name="clause de traitement des données")),
                        ("data_measures", models.TextField(blank=True, verbose_name="annexe des mesures de sécurité")),
                        (
                            "adopted_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adopted_versions",
                                to="agreements.resolution",
                                verbose_name="adoptée par l’acte",
                            ),
                        ),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="agreements.agreement",
                                verbose_name="convention",
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="catalog.edition",
                                verbose_name="catalogue",
                            ),
                        ),
                        (
                            "follows",
                            models.OneToOneField(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="followed_by",
                                to="agreements.version",
                                verbose_name="suit la version",
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
                        "verbose_name": "version de convention",
                        "verbose_name_plural": "versions de convention",
                        "ordering": ["-starts_on", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pool", "agreement", "label"),
                                name="version_once",
                                violation_error_message="Cette convention a déjà une version de ce nom.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "approved"), _negated=True), ("starts_on__isnull", False), _connector="OR"
                                ),
                                name="version_approved_is_dated",
                                violation_error_message="Une version approuvée dit depuis quand elle est en vigueur.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="version_ends_after_it_starts",
                                violation_error_message="La fin doit suivre le début.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AttachmentEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=200, verbose_name="nom du fichier")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("signed", "document signé"),
                                    ("stamped", "acte tamponné"),
                                    ("receipt", "accusé de réception"),
                                    ("letter", "courrier"),
                                    ("evidence", "pièce justificative"),
                                    ("other", "autre"),
                                ],
                                max_length=20,
                                verbose_name="genre",
                            ),
                        ),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("pool", "tous les membres"),
                                    ("both", "le membre et le gestionnaire"),
                                    ("host", "le gestionnaire seul"),
                                    ("staff", "la direction du service et l’exécutif du membre"),
                                ],
                                default="both",
                                max_length=20,
                                verbose_name="lu par",
                            ),
                        ),
                        ("digest", models.CharField(editable=False, max_length=64, verbose_name="empreinte SHA-256")),
                        ("size", models.PositiveIntegerField(editable=False, verbose_name="taille, en octets")),
                        ("media", models.CharField(editable=False, max_length=100, verbose_name="type")),
                        ("added_by", models.CharField(editable=False, max_length=200, verbose_name="joint par")),
                        ("added_at", models.DateTimeField(editable=False, verbose_name="joint le")),
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
                                to="agreements.attachment",
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
                            "piece",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.legalpiece",
                                verbose_name="pièce du dossier",
                            ),
                        ),
                        (
                            "letter",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.letter",
                                verbose_name="lettre",
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                        (
                            "notice",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.notice",
                                verbose_name="préavis",
                            ),
                        ),
                        (
                            "resolution",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.resolution",
                                verbose_name="acte",
                            ),
                        ),
                        (
                            "staff_file",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.stafffile",
                                verbose_name="dossier d’agent",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.version",
                                verbose_name="version",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ArticleEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("rank", models.PositiveIntegerField(verbose_name="ordre")),
                        ("depth", models.PositiveSmallIntegerField(default=1, verbose_name="profondeur")),
                        ("number", models.CharField(blank=True, max_length=40, verbose_name="numéro")),
                        ("title", models.CharField(blank=True, max_length=300, verbose_name="titre")),
                        ("text", models.TextField(blank=True, verbose_name="texte")),
                        ("search_text", models.TextField(editable=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.article",
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
                            "version",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.version",
                                verbose_name="version",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AmendmentEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("number", models.CharField(max_length=20, verbose_name="numéro")),
                        ("subject", models.CharField(max_length=300, verbose_name="objet")),
                        ("dated_on", models.DateField(blank=True, null=True, verbose_name="daté du")),
                        ("reason", models.TextField(blank=True, verbose_name="motif")),
                        ("prolongs_to", models.DateField(blank=True, null=True, verbose_name="prolonge jusqu’au")),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.agreement",
                                verbose_name="convention",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.amendment",
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
                            "makes",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.version",
                                verbose_name="fait la version",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AdoptionEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("on", models.DateField(verbose_name="adoptée le")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.adoption",
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
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.membership",
                                verbose_name="adhésion",
                            ),
                        ),
                        (
                            "authorized_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.resolution",
                                verbose_name="en vertu de l’acte",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.resolution",
                                verbose_name="par l’acte",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.version",
                                verbose_name="version",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="VersionEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("pgh_context_id", models.UUIDField(null=True)),
                        ("id", models.BigIntegerField()),
                        (
                            "label",
                            models.CharField(
                                help_text="Telle qu’elle se nomme : « 2 », « avenant n° 6 ».",
                                max_length=60,
                                verbose_name="version",
                            ),
                        ),
                        ("author", models.CharField(blank=True, max_length=200, verbose_name="auteur")),
                        ("dated_as", models.CharField(blank=True, max_length=60, verbose_name="date, telle qu’écrite")),
                        ("dated_on", models.DateField(blank=True, null=True, verbose_name="datée du")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "projet"),
                                    ("pending", "en cours d’approbation"),
                                    ("approved", "approuvé"),
                                    ("repealed", "abrogé"),
                                ],
                                default="draft",
                                max_length=20,
                                verbose_name="état",
                            ),
                        ),
                        ("starts_on", models.DateField(blank=True, null=True, verbose_name="en vigueur le")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                        ("preamble", models.TextField(blank=True, verbose_name="préambule")),
                        ("tariff", models.TextField(blank=True, editable=False, verbose_name="tarif")),
                        (
                            "data_role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("processor", "le gestionnaire est sous-traitant du membre"),
                                    ("joint", "le gestionnaire et le membre sont responsables conjoints"),
                                ],
                                max_length=20,
                                verbose_name="données personnelles",
                            ),
                        ),
                        ("data_clause", models.TextField(blank=True, verbose_name="clause de traitement des données")),
                        ("data_measures", models.TextField(blank=True, verbose_name="annexe des mesures de sécurité")),
                        (
                            "adopted_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.resolution",
                                verbose_name="adoptée par l’acte",
                            ),
                        ),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.agreement",
                                verbose_name="convention",
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="catalog.edition",
                                verbose_name="catalogue",
                            ),
                        ),
                        (
                            "follows",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="agreements.version",
                                verbose_name="suit la version",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="agreements.version",
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
            ],
        ),
    ]
