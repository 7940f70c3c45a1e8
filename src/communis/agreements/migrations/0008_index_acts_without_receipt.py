from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0007_annexed_tables_walls"),
        ("directory", "0013_work_tables_walls"),
        ("foundation", "0006_cache"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="resolution",
            index=models.Index(condition=models.Q(("received_on", None)), fields=["pool", "sent_on"], name="act_without_receipt"),
        ),
    ]
