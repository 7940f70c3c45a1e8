from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agreements", "0011_amount_of_an_examination")]

    operations = [
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_on", None), ("closed_on__gte", models.F("opened_on")), _connector="OR"),
                name="dispute_closed_once_opened",
                violation_error_message="Un différend est clos après avoir été ouvert.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inkindagent",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__lte", 366)),
                name="in_kind_days_of_a_year",
                violation_error_message="Une année compte 366 jours au plus.",
            ),
        ),
    ]
