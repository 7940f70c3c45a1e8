import django.db.models.deletion
from django.db import migrations, models

from communis.foundation import walls


class Migration(migrations.Migration):
    """Let a notice be withdrawn, and stay: one at a time runs (MEM-23)."""

    dependencies = [
        ("agreements", "0004_acts_files_walls"),
        ("foundation", "0006_cache"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_once",
        ),
        migrations.AddField(
            model_name="notice",
            name="withdrawal",
            field=models.CharField(blank=True, max_length=300, verbose_name="motif du retrait"),
        ),
        migrations.AddField(
            model_name="notice",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawn_notices",
                to="agreements.resolution",
                verbose_name="retiré par l’acte",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="withdrawn_on",
            field=models.DateField(blank=True, null=True, verbose_name="retiré le"),
        ),
        migrations.AddField(
            model_name="noticeevent",
            name="withdrawal",
            field=models.CharField(blank=True, max_length=300, verbose_name="motif du retrait"),
        ),
        migrations.AddField(
            model_name="noticeevent",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="agreements.resolution",
                verbose_name="retiré par l’acte",
            ),
        ),
        migrations.AddField(
            model_name="noticeevent",
            name="withdrawn_on",
            field=models.DateField(blank=True, null=True, verbose_name="retiré le"),
        ),
        migrations.AlterField(
            model_name="step",
            name="kind",
            field=models.CharField(
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
                    ("withdrawn", "préavis retiré"),
                    ("exit", "sortie"),
                    ("expired", "expiration"),
                    ("replaced", "remplacement par la convention suivante"),
                    ("dropped", "sans suite"),
                ],
                max_length=20,
                verbose_name="étape",
            ),
        ),
        migrations.AlterField(
            model_name="stepevent",
            name="kind",
            field=models.CharField(
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
                    ("withdrawn", "préavis retiré"),
                    ("exit", "sortie"),
                    ("expired", "expiration"),
                    ("replaced", "remplacement par la convention suivante"),
                    ("dropped", "sans suite"),
                ],
                max_length=20,
                verbose_name="étape",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_on", None)),
                fields=("pool", "membership"),
                name="notice_once",
                violation_error_message="Un préavis est déjà donné pour cette adhésion.",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_on", None),
                    models.Q(("withdrawn_on__gte", models.F("received_on")), ("withdrawn_on__lte", models.F("exit_on"))),
                    _connector="OR",
                ),
                name="notice_withdrawn_while_it_runs",
                violation_error_message="Un préavis se retire entre sa réception et le dernier jour.",
            ),
        ),
        walls.same_pool("agreements_notice", "withdrawn_by_id", "agreements_resolution"),
    ]
