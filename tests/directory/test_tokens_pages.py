"""The pages of tokens and of the API in a browser: nobody is hindered, and a token is made without script."""

from pathlib import Path

import pytest

from factories.accounts import PASSWORD
from factories.reading import small_world, token

pytestmark = pytest.mark.django_db
AXE = Path(__file__).parent.parent / "data" / "axe-core" / "axe.min.js"
PAGES = ("/jetons/", "/jetons/service/", "/jetons/creer/", "/api/")


@pytest.fixture
def world(db):
    made = small_world()
    token(made.director, ["facts.read", "people.read", "directory.read"], name="tableau de bord des finances")
    token(made.mayor, ["offers.read"], name="site de la commune")
    return made


def signed_in(visit, who, **options):
    page = visit("/compte/connexion/", **options)
    page.fill("[name=login]", who.email)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    return page


def hindrances(page):
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {rules: {'target-size': {enabled: true}}, resultTypes: ['violations']})")
    sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    told = [f"{rule['id']} {node['target']} {node['failureSummary']}" for rule in found["violations"] for node in rule["nodes"]]
    return told + ([f"scrolls by {sideways}"] if sideways else [])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 900, 390])
def test_no_page_of_tokens_hinders_anyone(visit, site, world, width, theme):
    page = signed_in(visit, world.director, width=width, theme=theme)
    found = []
    for path in PAGES:
        page.goto(site + path)
        if path == "/api/":
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found += [(path, told) for told in hindrances(page)]
    assert found == []


def test_a_token_is_made_without_script(visit, site, world):
    page = signed_in(visit, world.mayor, java_script_enabled=False, width=390)
    page.goto(site + "/jetons/")
    page.get_by_role("link", name="Créer un jeton").click()
    page.get_by_label("Nom").fill("tableau de bord")
    page.get_by_label("Faits et types de faits").check()
    page.get_by_role("button", name="Créer ce jeton").click()
    assert page.get_by_label("Votre jeton").inner_text().startswith("communis_")
    page.get_by_role("link", name="J’ai copié le jeton").click()
    assert page.get_by_role("rowheader").all_inner_texts()[0].startswith("tableau de bord")
