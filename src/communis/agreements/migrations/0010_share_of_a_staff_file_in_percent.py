from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agreements", "0009_steps_removed")]

    operations = [
        migrations.AlterConstraint(
            model_name="stafffile",
            name="staff_file_share",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__gt", 0), ("share__lte", 100)),
                name="staff_file_share",
                violation_error_message="La part des fonctions va de 0,01 à 100 %%.",
            ),
        ),
    ]
