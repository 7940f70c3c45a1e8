import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0003_memberships_name_references_in_exclusions"),
        ("directory", "0011_accessibility_walls"),
        ("foundation", "0006_cache"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attachment", models.PositiveBigIntegerField(db_index=True, verbose_name="fichier n°")),
                ("name", models.CharField(max_length=200, verbose_name="nom du fichier")),
                ("digest", models.CharField(max_length=64, verbose_name="empreinte SHA-256")),
                ("read_by", models.CharField(max_length=200, verbose_name="lu par")),
                ("read_at", models.DateTimeField(verbose_name="lu le")),
            ],
            options={
                "verbose_name": "lecture d’un fichier",
                "verbose_name_plural": "lectures de fichiers",
                "ordering": ["-read_at", "-id"],
            },
        ),
        migrations.AddIndex(
            model_name="resolution",
            index=models.Index(fields=["pool", "organization", "-session_on"], name="act_of_an_organization"),
        ),
        migrations.AddIndex(
            model_name="resolution",
            index=models.Index(fields=["pool", "agreement", "-session_on"], name="act_of_an_agreement"),
        ),
        migrations.AddField(
            model_name="filereading",
            name="organization",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="file_readings",
                to="directory.organization",
                verbose_name="organisation",
            ),
        ),
        migrations.AddField(
            model_name="filereading",
            name="pool",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="foundation.pool",
                verbose_name="service mutualisé",
            ),
        ),
    ]
