from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agreements", "0010_share_of_a_staff_file_in_percent")]

    operations = [
        migrations.AddConstraint(
            model_name="examination",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", None), ("amount__gte", 0), _connector="OR"),
                name="examination_amount_not_negative",
                violation_error_message="Un montant décidé est de zéro euro ou plus.",
            ),
        ),
    ]
