"""The pooled department: units, posts, who is on them, how their time is split, who leads; suppliers and partners."""

from datetime import date

import pytest

from communis.directory.enums import GrantRole
from communis.directory.models import Occupation, Post, Unit, WorkShare
from factories.world import account, first_pool, person

pytestmark = pytest.mark.django_db


def described(world):
    assert world.post("/service/exemple/").messages == ["Fait. Les douze postes de l’exemple sont là : adaptez-les."]
    with first_pool():
        return {post.title: post for post in Post.objects.unscoped().order_by("-pk")}


@pytest.mark.covers("ORG-13")
def test_the_annexe_of_redon_describes_a_department_that_is_then_adapted(world):
    page = world.get("/service/")
    assert page.sentence == "0 poste, 0,00 ETP ouverts, 0,00 pourvus."
    assert "Partir de l’exemple de Redon, annexe 1" in page.text
    described(world)
    page = world.get("/service/")
    assert page.sentence == "12 postes, 12,00 ETP ouverts, 0,00 pourvus."
    assert [row[0] for row in page.table("Postes, Direction")] == ["Directeur", "Soutien administratif et financier"]
    assert [row[0] for row in page.table("Postes, Management de l’information")] == [
        "Conseiller numérique", "Responsable du pôle", "Services applicatifs", "Web & Data",
    ]  # fmt: skip
    assert [row[:3] for row in page.table("Postes, Infrastructure et parc")] == [
        ["Infrastructure", "1,00", "vacant"], ["Infrastructure", "1,00", "vacant"], ["Infrastructure", "1,00", "vacant"],
        ["Poste de travail", "1,00", "vacant"], ["Poste de travail", "1,00", "vacant"], ["Responsable du pôle", "1,00", "vacant"],
    ]  # fmt: skip
    assert "Pilotage du service ; aménagement numérique du territoire." in page.section("Direction").text
    assert world.post("/service/exemple/").messages == [
        "Refusé. Le service est déjà décrit : l’exemple ne s’ajoute pas à ce qui existe."
    ]
    page = world.fill("/fiches/poles/ajouter/", name="Données", missions="Tableaux de bord", rank="4")
    assert page.messages == ["Fait. Un pôle est ajouté."]
    path = "/fiches/postes/ajouter/"
    page = world.fill(path, unit=world.get(path).choice("unit", "Données"), title="Géomaticien", missions="Le SIG.",
                      quotity="0,80", starts_on="01/03/2026")  # fmt: skip
    assert (page.title, page.sentence) == ("Géomaticien", "Données, 0,80 ETP, ouvert le 1er mars 2026.")
    page = world.fill(path, unit=world.get(path).choice("unit", "Données"), title="Autre", quotity="1,20", starts_on="01/03/2026")
    assert page.errors == ["La quotité va de 0,01 à 1 ETP."]
    with first_pool():
        assert Unit.objects.unscoped().count() == 4


@pytest.mark.covers("ORG-14")
def test_the_table_of_posts_tells_who_is_on_each_under_what_status_from_where_until_when(world):
    post = described(world)["Poste de travail"]
    with first_pool():
        person("Malo", "Guivarch", world["host"], "it_agent")
        lent = person("Ada", "Bihan", world["host"], "it_agent")
    add = f"/fiches/affectations/ajouter/{post.pk}/"
    form = world.get(add)
    assert form.choices("status")[1:] == ["titulaire", "CDI", "CDD"]
    assert form.choices("origin") == ["agent du gestionnaire", "mis à disposition", "transféré"]
    page = world.fill(add, person=form.choice("person", "Malo Guivarch"), status="fixed_term", starts_on="01/09/2026")
    assert page.errors == ["Un CDD a une date de fin."]
    page = world.fill(add, person=form.choice("person", "Malo Guivarch"), status="fixed_term", grade="technicien territorial",
                      origin="own", starts_on="01/09/2025", ends_on="31/08/2028", training="ITIL 4, mars 2026")  # fmt: skip
    assert page.table("Affectations") == [[
        "Malo Guivarch", "technicien territorial", "CDD", "agent du gestionnaire", "du 1er septembre 2025 au 31 août 2028",
        "ITIL 4, mars 2026", "Modifier Retirer",
    ]]  # fmt: skip
    page = world.get("/service/")
    assert page.sentence == "12 postes, 12,00 ETP ouverts, 1,00 pourvus."
    assert page.table("Postes, Infrastructure et parc")[3][2] == (
        "Malo Guivarch CDD jusqu’au 31 août 2028, agent du gestionnaire"
    )
    with first_pool():
        other = Post.objects.unscoped().get(title="Web & Data")
        Occupation(post=other, person=lent, status="tenured", origin="lent", starts_on=date(2024, 1, 1)).save()
        row = Occupation.objects.unscoped().get(person=lent)
    assert world.get("/service/").table("Postes, Management de l’information")[3][2] == "Ada Bihan titulaire, mis à disposition"
    page = world.fill(f"/fiches/affectations/{row.pk}/modifier/", ends_on="31/05/2026")
    assert world.get("/service/").table("Postes, Management de l’information")[3][2] == "vacant"
    assert world.sign_in("auditor").get(f"/service/postes/{post.pk}/").table("Affectations")[0][0] == "Malo Guivarch"
    assert world.get(f"/historique/affectations/{row.pk}/").status == 200
    world.sign_in("technician")
    assert "Malo Guivarch" not in world.get("/service/").text
    assert world.get(f"/historique/affectations/{row.pk}/").status == 404
    assert world.get(f"/fiches/affectations/{row.pk}/modifier/").status == 404
    assert "Qui l’occupe" not in world.sign_in("office").get(f"/service/postes/{post.pk}/").text


def test_the_time_of_a_post_is_split_among_bricks_and_sums_to_its_quotity(world):
    post = described(world)["Conseiller numérique"]
    path = f"/service/postes/{post.pk}/temps/"
    page = world.fill(path, year="1850", shares="Socle complet : 1")
    assert (page.status, page.errors) == (422, ["Exercice : Écrivez une année, de 2000 à 2100."])
    page = world.fill(path, year="2026", shares="Socle complet : 0,60\nGroupements d’achats : 0,30")
    assert (page.status, page.errors) == (422, ["Les parts font 0,90 ETP pour un poste de 1,00 : 0,10 ETP manque."])
    assert page.fields["shares"] == "Socle complet : 0,60\nGroupements d’achats : 0,30"
    page = world.fill(path, year="2026", shares="Socle complet : 0,60\nsans chiffre")
    assert page.errors == [
        "Parts, une brique par ligne : Ligne 2, « sans chiffre » : écrivez la brique, deux-points, puis les ETP."
    ]
    page = world.fill(path, year="2026", shares="Socle complet : 0,60\nGroupements d’achats : 0,40")
    assert page.table("Exercice 2026, en préparation") == [["Groupements d’achats", "0,40"], ["Socle complet", "0,60"]]
    page = world.fill(path, year="2025", shares="Audit : 1")
    assert page.table("Exercice 2025, en préparation") == [["Audit", "1,00"]]
    assert page.table("Exercice 2026, en préparation") == [["Groupements d’achats", "0,40"], ["Socle complet", "0,60"]]
    with first_pool():
        assert WorkShare.objects.unscoped().count() == 3


@pytest.mark.covers("ORG-24")
def test_it_is_shown_who_has_authority_over_the_agents(world):
    page = world.get("/service/")
    assert page.margin.startswith(
        "Autorité hiérarchique Évaluation et discipline des agents REDON Agglomération, gestionnaire du service "
        "Instructions le président du gestionnaire, à désigner"
    )
    with first_pool():
        person("Élise", "Morvan", world["host"], "president", since=date(2026, 4, 2))
    said = "Instructions Élise Morvan, président, depuis le 2 avril 2026"
    assert said in world.get("/service/").margin
    assert said in world.sign_in("office").get("/service/").margin


@pytest.mark.covers("ORG-18")
def test_partners_are_recorded_and_are_no_members(world):
    path = "/fiches/partenaires/ajouter/"
    form = world.get(path)
    local = "collectivité ou syndicat partenaire"
    known = {
        "Mégalis Bretagne": local,
        "Région Bretagne": local,
        "État": "service de l’État",
        "Loire-Atlantique Numérique": local,
    }
    for name, kind in known.items():
        world.fill(path, name=name, kind=form.choice("kind", kind), email="contact@partenaire.example")
    page = world.get("/partenaires/")
    assert [row[:2] for row in page.table("Les partenaires")] == [
        ["État", "service de l’État"],
        ["Loire-Atlantique Numérique", "collectivité ou syndicat partenaire"],
        ["Mégalis Bretagne", "collectivité ou syndicat partenaire"],
        ["Région Bretagne", "collectivité ou syndicat partenaire"],
    ]
    organizations = [row[0] for row in world.get("/organisations/").table("Les organisations")]
    assert organizations == ["Allaire", "Redon", "REDON Agglomération", "Sixt-sur-Aff"]
    assert world.fill(path, name="État", kind="state").errors == ["Un partenaire porte déjà ce nom."]
    page = world.post(page.actions("Retirer")[0])
    assert page.messages == ["Fait. « État » est retiré. Annuler"]
    page = world.post(page.main.all("form")[0].attrs["action"])
    assert page.messages == ["Fait. « État » est remis."]
    assert world.sign_in("auditor").get(path).status == 404
    assert world.sign_in("office").get("/partenaires/").actions("Modifier") == []


def test_the_rights_of_the_department_are_those_of_its_lead(world):
    post = described(world)["Directeur"]
    with first_pool():
        account(world, "manager", "Malo Guivarch", GrantRole.UNIT_MANAGER)
    for role in ("technician", "manager", "auditor", "office"):
        world.sign_in(role)
        paths = ("/fiches/poles/ajouter/", "/fiches/postes/ajouter/", f"/service/postes/{post.pk}/temps/",
                 f"/fiches/affectations/ajouter/{post.pk}/")  # fmt: skip
        assert [world.get(path).status for path in paths] == [404, 404, 404, 404]
        assert world.post("/service/exemple/").status == 404
