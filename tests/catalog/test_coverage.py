"""The kinds of sites that the offers cover: stated offer by offer, told on the page of each site."""

import pytest

from communis.catalog.models import Coverage
from communis.directory.models import Site
from factories.world import count_queries, first_pool

pytestmark = pytest.mark.django_db

CAPTION = "Sites couverts, offre par offre"
SOCLE = "/prestations/socle_complet/sites/"


def site(world, name, kind, title):
    with first_pool():
        made = Site(organization=world[name], kind=kind, name=title)
        made.save()
    return made


@pytest.mark.covers("ORG-12")
def test_an_offer_states_the_kinds_of_sites_it_covers_and_each_site_tells_which_cover_it(world):
    school, other = site(world, "sixt", "school", "École publique"), site(world, "sixt", "technical", "Local du bourg")
    rows = world.get("/prestations/").table(CAPTION)
    assert [row[0] for row in rows] == ["Socle complet", "Audit", "Groupements d’achats", "Socle annexe complet"]
    assert rows[0] == ["Socle complet", "3, 3.1", "non précisé", "sans objet", "Préciser les sites de Socle complet"]
    assert world.fill(SOCLE, site_kinds=["school"]).errors == ["D’après : à remplir."]
    page = world.fill(SOCLE, site_kinds=["town_hall", "school"], source="annexe 2")
    assert (page.title, page.messages) == ("Ce que couvrent les offres", ["Fait. C’est enregistré."])
    world.fill("/prestations/groupements/sites/", source="article 4.2")
    rows = page.table(CAPTION)
    assert rows[0][2:4] == ["mairie ou siège, école publique", "annexe 2"]
    assert world.get("/prestations/").table(CAPTION)[2][2:4] == ["aucun lieu", "article 4.2"]
    page = world.get(f"/organisations/{world['sixt'].pk}/")
    page = world.get(page.links["École publique"])
    assert (page.title, page.sentence) == ("École publique", "École publique de Sixt-sur-Aff.")
    assert page.terms("Offres qui couvrent ce site") == [("Socle complet", "mairie ou siège, école publique annexe 2")]
    assert "Audit, Socle annexe complet : non précisé." in page.text
    assert "Aucune offre ne dit couvrir ce genre de site." in world.get(f"/sites/{other.pk}/").text
    world.sign_in("office")
    assert world.get(f"/sites/{school.pk}/").terms("Offres qui couvrent ce site")[0][0] == "Socle complet"


def test_the_page_of_a_site_leads_to_its_history(world):
    school = site(world, "sixt", "school", "École publique")
    page = world.get(f"/sites/{school.pk}/")
    assert page.links["Historique"] == f"/historique/sites/{school.pk}/"
    world.fill(f"/fiches/sites/{school.pk}/modifier/", name="École du bourg")
    assert world.history(page.links["Historique"])[0] == [
        "Modifié", "par Erwan Talhouarn", "Nom | École publique | École du bourg",
    ]  # fmt: skip


def test_what_an_offer_covers_is_changed_with_its_history_and_not_over_somebody_else(world):
    world.fill(SOCLE, site_kinds=["town_hall"], source="annexe 2")
    with first_pool():
        row = Coverage.objects.unscoped().get()
    before = world.get(SOCLE).fields
    world.fill(SOCLE, site_kinds=["town_hall", "school"], source="annexe 2")
    stale = world.post(SOCLE, **{**before, "site_kinds": ["library"]})
    assert stale.status == 422
    assert "genres de sites couverts : « mairie ou siège » devient « mairie ou siège, école publique »" in stale.errors[0]
    assert world.history(f"/prestations/historique/{row.pk}/")[0] == [
        "Modifié", "par Erwan Talhouarn", "Genres de sites couverts | mairie ou siège | mairie ou siège, école publique",
    ]  # fmt: skip


def test_the_history_of_what_an_offer_covers_names_the_offer_as_its_convention_does(world):
    world.fill("/prestations/groupements/sites/", site_kinds=["town_hall"], source="article 4.2")
    with first_pool():
        row = Coverage.objects.unscoped().get()
    page = world.get(f"/prestations/historique/{row.pk}/")
    assert page.sentence.partition(", ")[0] == "Groupements d’achats"
    assert world.history(f"/prestations/historique/{row.pk}/")[0][2] == "Offre | sans objet | Groupements d’achats"


def test_members_read_what_is_covered_and_do_not_state_it(world):
    hidden = site(world, "allaire", "town_hall", "Mairie")
    world.fill(SOCLE, site_kinds=["town_hall"], source="annexe 2")
    with first_pool():
        row = Coverage.objects.unscoped().get()
    assert world.get("/prestations/inconnue/sites/").status == 404
    assert world.get("/prestations/annexe/sites/").status == 404  # it only gathers others
    for role in ("technician", "auditor", "office"):
        world.sign_in(role)
        assert world.get("/prestations/").table(CAPTION)[0][2] == "mairie ou siège"
        assert world.get(SOCLE).status == 404
        assert world.post(SOCLE, site_kinds=["school"], source="x").status == 404
    assert [world.get(path).status for path in (f"/sites/{hidden.pk}/", f"/prestations/historique/{row.pk}/")] == [404, 404]


def test_what_is_covered_asks_for_as_many_queries_whatever_is_stated(world):
    town_hall = site(world, "sixt", "town_hall", "Mairie")
    paths = ("/prestations/", f"/sites/{town_hall.pk}/")
    first = [count_queries(world, path) for path in paths]
    for offer in ("socle_complet", "audit", "groupements"):
        world.fill(f"/prestations/{offer}/sites/", site_kinds=["town_hall"], source="annexe 2")
    assert ([count_queries(world, path) for path in paths], max(first) <= 8) == (first, True)
