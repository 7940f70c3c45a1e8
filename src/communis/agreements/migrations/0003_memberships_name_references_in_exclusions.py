from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations
from django.db.models import F, Func, Q, Value


def same(name: str) -> tuple[Func, str]:
    return (Func(F(name), F(name), Value("[]"), function="int8range"), "&&")


def days(first: str) -> tuple[Func, str]:
    return (Func(F(first), F("ends_on"), Value("[]"), function="daterange"), "&&")


class Migration(migrations.Migration):
    """Name the references and not their columns: the constraints of the database are the same, Django’s own check is right."""

    dependencies = [("agreements", "0002_walls")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("choiceform", "choice_form_one_at_a_time"),
                migrations.RemoveConstraint("membership", "membership_one_at_a_time"),
                migrations.AddConstraint(
                    "choiceform",
                    ExclusionConstraint(
                        name="choice_form_one_at_a_time",
                        expressions=[same("membership"), days("starts_on")],
                        violation_error_message="Des choix sont déjà en vigueur à ces dates.",
                    ),
                ),
                migrations.AddConstraint(
                    "membership",
                    ExclusionConstraint(
                        name="membership_one_at_a_time",
                        expressions=[same("organization"), same("agreement"), days("effect_on")],
                        condition=Q(effect_on__isnull=False),
                        violation_error_message="Ce membre adhère déjà à cette convention à ces dates.",
                    ),
                ),
            ],
        ),
    ]
