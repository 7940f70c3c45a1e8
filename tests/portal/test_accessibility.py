"""The statement of accessibility: not conform, until an audit that is still valid says how far."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from communis.directory.models import AccessibilityAudit
from factories.shown import Page
from factories.world import first_pool

pytestmark = pytest.mark.django_db

PAGE, ADD = "/accessibilite/service/", "/fiches/audits-d-accessibilite/ajouter/"
TODAY = timezone.localdate()
NOT = "Non conforme : aucun audit en cours de validité."


def audit(days_ago, met=40, applicable=50):
    with first_pool():
        AccessibilityAudit(
            on=TODAY - timedelta(days=days_ago), auditor="Atelier Clair", criteria_met=met, criteria_applicable=applicable
        ).save()


def about(page):
    return [a.text for a in page.root.all("a") if a.text.startswith("Accessibilité")]


@pytest.mark.covers("SEC-16")
def test_a_service_says_it_does_not_conform_until_an_audit_is_entered(world):
    page = world.get(PAGE)
    assert (page.title, page.main.all("strong")[0].text, about(page)) == ("Accessibilité", NOT, ["Accessibilité : non conforme"])
    assert world.get("/").status == 200
    typed = {"on": f"{TODAY:%d/%m/%Y}", "auditor": "Atelier Clair", "criteria_met": "51", "criteria_applicable": "50"}
    assert world.fill(ADD, **typed).errors == ["Les critères respectés sont au plus les critères applicables."]
    page = world.fill(ADD, **{**typed, "criteria_met": "40"})
    assert page.main.all("strong")[0].text.startswith(
        "Partiellement conforme : 40 critères respectés sur 50 applicables, audit du"
    )
    home = world.get("/")
    assert about(home) == ["Accessibilité : partiellement conforme"]
    assert [a.attrs["href"] for a in home.root.all("a") if a.text == "Glossaire"] == ["/glossaire/"]
    assert [row[1:4] for row in page.table("Audits d’accessibilité")] == [["Atelier Clair", "40", "50"]]
    assert about(world.sign_in("office").get("/")) == ["Accessibilité : partiellement conforme"]
    assert world.get(ADD).status == 404


@pytest.mark.covers("SEC-16")
@pytest.mark.parametrize(
    ("days_ago", "met", "said"),
    [(3 * 365 + 2, 50, "Non conforme"), (3 * 365 - 2, 50, "Totalement conforme"), (-1, 50, "Non conforme"),
     (10, 25, "Partiellement conforme"), (10, 24, "Non conforme")],
)  # fmt: skip
def test_an_audit_is_worth_three_years_and_says_how_far_the_pages_conform(world, days_ago, met, said):
    audit(days_ago, met)
    assert world.get(PAGE).main.all("strong")[0].text.partition(" :")[0] == said


def test_whoever_is_not_signed_in_reads_that_nothing_is_promised(world):
    audit(10)
    page = Page(Client().get("/accessibilite/"))
    assert (page.status, page.main.all("strong")[0].text) == (200, NOT)
    assert Client().get(PAGE).status_code == 302
