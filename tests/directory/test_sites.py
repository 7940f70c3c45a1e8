"""Where an organization is, when it is open, what its statutes allow."""

from datetime import date

import pytest
from django.utils import timezone

from communis.directory.holidays import public_holidays
from communis.directory.models import Organization
from factories.world import first_pool

pytestmark = pytest.mark.django_db


def add(world, kept, name, /, **typed):
    return world.fill(f"/fiches/{kept}/ajouter/{world[name].pk}/", **typed)


def test_sites_of_each_kind_belong_to_an_organization_with_their_access_to_the_network(world):
    form = world.get(f"/fiches/sites/ajouter/{world['sixt'].pk}/")
    assert form.choices("kind")[1:] == [
        "mairie ou siège", "école publique", "médiathèque", "centre de données", "local technique", "autre site",
    ]  # fmt: skip
    add(world, "sites", "sixt", kind="town_hall", name="Mairie", connection="shared_fibre", speed="300", address="1 place")
    add(world, "sites", "sixt", kind="school", name="École du Bois Vert", connection="copper", speed="20")
    page = add(world, "sites", "sixt", kind="library", name="Médiathèque", connection="")
    add(world, "sites", "host", kind="datacenter", name="Salle informatique", connection="fibre", speed="10 000")
    page = world.get(f"/organisations/{world['sixt'].pk}/")
    assert page.table("Sites") == [
        ["Médiathèque", "Médiathèque", "non renseigné", "Modifier Retirer"],
        ["École du Bois Vert", "École publique", "cuivre, 20 Mbit/s", "Modifier Retirer"],
        ["Mairie 1 place", "Mairie ou siège", "fibre mutualisée, 300 Mbit/s", "Modifier Retirer"],
    ]
    assert world.get(f"/organisations/{world['host'].pk}/").table("Sites")[0][:3] == [
        "Salle informatique", "Centre de données", "fibre dédiée, 10 000 Mbit/s",
    ]  # fmt: skip
    page = add(world, "sites", "sixt", kind="school", name="Mairie", connection="copper", speed="rapide")
    assert page.errors == ["Débit, en Mbit/s : Écrivez un nombre, par exemple 1 234."]
    page = add(world, "sites", "sixt", kind="school", name="Mairie", connection="copper")
    assert page.errors == ["Un site de cette organisation porte déjà ce nom."]
    world.sign_in("elected")
    assert world.get(f"/fiches/sites/ajouter/{world['sixt'].pk}/").status == 404
    assert "École du Bois Vert" not in world.get(f"/organisations/{world['sixt'].pk}/").text


@pytest.mark.covers("ORG-21")
def test_the_statutes_of_a_gestionnaire_are_recorded_and_cited(world):
    page = add(world, "fondements", "host", reference="les articles 6.3.2 et 7 des statuts", starts_on="01/01/2019",
               wording="Le syndicat apporte à ses membres une assistance informatique.")  # fmt: skip
    assert page.terms("Fondements et signatures") == [
        ("les articles 6.3.2 et 7 des statuts",
         "Le syndicat apporte à ses membres une assistance informatique. Depuis le 1er janvier 2019 Dans un acte : "
         "« Vu les articles 6.3.2 et 7 des statuts, par quoi le syndicat apporte à ses membres une assistance informatique ; »"),
    ]  # fmt: skip
    page = add(world, "fondements", "host", reference="", wording="", starts_on="")
    assert page.errors == [
        "Référence : à remplir.", "Ce qu’elle permet : à remplir.",
        "En vigueur depuis le : à remplir.",
    ]  # fmt: skip


@pytest.mark.covers("ORG-22")
def test_an_organization_has_its_hours_its_closing_days_and_the_steps_of_its_budget(world):
    add(world, "horaires", "host", weekday="1", opens_at="08:30", closes_at="12:30")
    add(world, "horaires", "host", weekday="1", opens_at="13:30", closes_at="17:30")
    add(world, "fermetures", "host", starts_on="24/12/2026", ends_on="31/12/2026", label="Fermeture de fin d’année")
    for kind, on in (("DOB", "15/02/2027"), ("BP", "30/03/2027"), ("DM", "12/10/2027"), ("CA", "28/06/2027")):
        page = add(world, "budget", "host", kind=kind, year="2027", on=on)
    assert page.terms("Calendrier") == [
        ("Lundi", "8 h 30 à 12 h 30, 13 h 30 à 17 h 30"),
        ("Fermeture", "Fermeture de fin d’année, du 24 au 31 décembre 2026"),
        ("Débat d’orientation budgétaire 2027", "15 février 2027"),
        ("Budget primitif 2027", "30 mars 2027"),
        ("Compte administratif ou financier unique 2027", "28 juin 2027"),
        ("Décision modificative 2027", "12 octobre 2027"),
    ]
    page = add(world, "horaires", "host", weekday="1", opens_at="12:00", closes_at="14:00")
    assert page.errors == ["Ouvre à : Cet horaire chevauche celui de 8 h 30 à 12 h 30."]
    page = add(world, "horaires", "host", weekday="2", opens_at="14:00", closes_at="12:00")
    assert page.errors == ["L’heure de fermeture doit suivre celle d’ouverture."]
    page = add(world, "fermetures", "host", starts_on="31/12/2026", ends_on="24/12/2026", label="À l’envers")
    assert page.errors == ["La fin doit suivre le début."]


@pytest.mark.covers("ORG-22")
def test_public_holidays_are_shown_those_of_the_departement_included(world):
    assert [(h.on, h.name) for h in public_holidays(2026, "35")] == [
        (date(2026, 1, 1), "Jour de l’an"), (date(2026, 4, 6), "Lundi de Pâques"), (date(2026, 5, 1), "Fête du Travail"),
        (date(2026, 5, 8), "Fête de la Victoire"), (date(2026, 5, 14), "Ascension"), (date(2026, 5, 25), "Lundi de Pentecôte"),
        (date(2026, 7, 14), "Fête nationale"), (date(2026, 8, 15), "Assomption"), (date(2026, 11, 1), "Toussaint"),
        (date(2026, 11, 11), "Armistice"), (date(2026, 12, 25), "Noël"),
    ]  # fmt: skip
    apart = {h.name for h in public_holidays(2026, "35")}
    for department in ("57", "67", "68"):
        assert sorted((h.on, h.name) for h in public_holidays(2026, department) if h.name not in apart) == [
            (date(2026, 4, 3), "Vendredi saint"), (date(2026, 12, 26), "Saint-Étienne"),
        ]  # fmt: skip
    year = timezone.localdate().year
    with first_pool():
        Organization.objects.unscoped().filter(pk=world["host"].pk).update(department="67")
    section = world.get(f"/organisations/{world['host'].pk}/").section("Calendrier")
    assert [d.all("summary")[0].text for d in section.all("details")] == [f"Jours fériés {year}", f"Jours fériés {year + 1}"]
    days = [li.text for li in section.all("details")[0].all("li")]
    assert (len(days), days[0].partition(" ")[2], days[-1].partition(" ")[2]) == (
        13, "1er janvier, Jour de l’an", "26 décembre, Saint-Étienne",
    )  # fmt: skip


@pytest.mark.covers("ORG-22")
@pytest.mark.parametrize(
    ("department", "own"),
    [
        ("974", [(date(2026, 12, 20), "Abolition de l’esclavage")]), ("975", []),
        ("977", [(date(2026, 10, 9), "Abolition de l’esclavage")]),
        ("978", [(date(2026, 5, 28), "Abolition de l’esclavage"), (date(2026, 7, 21), "Fête de Victor Schoelcher")]), ("984", []),
        ("986", [(date(2026, 4, 28), "Saint Pierre Chanel"), (date(2026, 6, 29), "Saints Pierre et Paul"),
                 (date(2026, 7, 29), "Fête du Territoire")]),
        ("987", [(date(2026, 3, 5), "Arrivée de l’Évangile"), (date(2026, 4, 3), "Vendredi saint"),
                 (date(2026, 11, 20), "Matāri’i")]),
        ("988", [(date(2026, 9, 24), "Fête de la Citoyenneté")]), ("989", []),
    ],
)  # fmt: skip
def test_a_commune_overseas_has_the_holidays_of_its_place(world, department, own):
    apart = {h.name for h in public_holidays(2026, "35")}
    assert [(h.on, h.name) for h in public_holidays(2026, department) if h.name not in apart] == own
    with first_pool():
        Organization.objects.unscoped().filter(pk=world["host"].pk).update(department=department)
    assert world.get(f"/organisations/{world['host'].pk}/").status == 200
