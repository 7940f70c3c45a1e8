from django.db import migrations, models


class Migration(migrations.Migration):
    """Index what long lists count and order: facts by organization and by date, communes by département, populations by year."""

    dependencies = [("directory", "0007_api_tokens"), ("foundation", "0006_cache")]
    operations = [
        migrations.RemoveIndex(model_name="fact", name="fact_of_organization"),
        migrations.AddIndex(
            model_name="fact",
            index=models.Index(
                fields=["pool", "organization", "type", "valid_on"], include=("id", "is_withdrawal"), name="fact_of_organization"
            ),
        ),
        migrations.AddIndex(
            model_name="fact",
            index=models.Index(fields=["pool", "valid_on"], include=("id", "is_withdrawal"), name="fact_at_a_date"),
        ),
        migrations.AddIndex(
            model_name="referencebody",
            index=models.Index(fields=["department", "sort_name"], name="body_of_a_department"),
        ),
        migrations.AddIndex(
            model_name="referencepopulation",
            index=models.Index(fields=["kind", "in_force_on"], name="population_of_a_year"),
        ),
    ]
