"""The populations of the year, imported for a whole territory: every page then says the same (ORG-06, INT-02)."""

import io

import pytest
from django.conf import settings

from communis.directory.models import Fact, ReferenceBody
from factories.importing import apply, errors, send, text_of
from factories.world import first_pool

pytestmark = [pytest.mark.django_db, pytest.mark.covers("INT-02", "ORG-06")]
CHOSEN = {"choix-year": "2026", "choix-reference": "2023", "choix-kinds": ["municipale", "comptée_à_part", "totale"]}


@pytest.fixture(autouse=True)
def staged(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "COMMUNIS_STAGED", tmp_path / "imports")


def file_of(total=2313):
    """A line for each commune of the territory: 2 270 municipal, the rest counted apart."""
    codes = ReferenceBody.objects.filter(kind="commune").order_by("insee").values_list("insee", "name")
    return "COM;Commune;PMUN;PCAP;PTOT\n" + "".join(f"{code};{name};2270;{total - 2270};{total}\n" for code, name in codes)


def imported(world, total=2313, **options):
    preview = send(world.client, file_of(total), "populations", **CHOSEN, **options)
    apply(world.client, preview)


def test_the_import_of_the_year_meets_the_need_that_asked_for_it(world):
    need = next(li for li in world.get("/").main.all("li") if "populations légales 2026" in li.text)
    assert need.text == "Importer les populations légales 202631 communes sans population totale 2026fait manquant"
    assert need.all("a")[0].attrs["href"] == "/importer/populations/"
    imported(world)
    assert "populations légales" not in world.get("/").text


def test_the_territory_the_file_and_the_offers_say_the_population_imported(world):
    assert world.get("/territoire/").sentence == (
        "31 communes de REDON Agglomération, populations totales en vigueur au 1er janvier 2025."
    )
    before = world.get("/territoire/35145/offres/").table("Offres simulées, par exercice")[1][4]
    imported(world)
    page = world.get("/territoire/")
    assert page.sentence == "31 communes de REDON Agglomération, populations totales en vigueur au 1er janvier 2026."
    rows = {row[0]: row[1] for row in page.table("Les communes du territoire")}
    assert (rows["Sixt-sur-Aff"], rows["Langon"]) == ("2 313", "2 313")
    for path, total_2025 in ((f"/organisations/{world['sixt'].pk}/", "2 263"), ("/territoire/35145/", "1 418")):
        rows = {row[0]: row[-2:] for row in world.get(path).table("Populations légales par année")}
        assert rows["Population totale"] == [total_2025, "2 313"]
        assert rows["Population municipale"][-1] == "2 270"
        assert rows["Population comptée à part"][-1] == "43"
    after = world.get("/territoire/35145/offres/").table("Offres simulées, par exercice")[1]
    assert (before, after[4]) == ("fait manquant : population totale 2026", "5 469,50 €")
    with first_pool():
        assert Fact.objects.unscoped().filter(organization=None).count() == 84


@pytest.mark.parametrize("year", ["1998", "2101", "an 2026"])
def test_a_year_that_is_none_is_refused_as_a_year(world, year):
    file = io.BytesIO(file_of().encode())
    file.name = "populations.csv"
    sent = world.client.post("/importer/populations/", {"file": file})
    page = world.client.post(sent.url, CHOSEN | {"choix-year": year, "colonne_insee": "0", "colonne_municipale": "2"})
    said = "Un point est à corriger Année d’entrée en vigueur : Écrivez une année, de 1999 à 2100."
    assert (page.status_code, said in text_of(page)) == (422, True)


def test_a_population_imported_of_a_commune_follows_it_into_the_service(world):
    imported(world)
    page = world.post("/territoire/35145/inscrire/")
    assert (page.title, page.table("Populations légales par année")[0]) == (
        "Langon", ["Population totale", "1 410", "1 397", "1 385", "1 418", "2 313"],
    )  # fmt: skip
    with first_pool():
        pk = Fact.objects.unscoped().filter(insee="35145", kind="totale").get().pk
    assert world.get(f"/faits/{pk}/").sentence == "Langon. De la dernière valeur à la première."


def test_a_population_of_a_commune_out_of_the_service_is_corrected_with_a_reason(world):
    imported(world)
    preview = send(world.client, file_of(2314), "populations", **CHOSEN)
    assert len(errors(world.client, preview)) == 31
    imported(world, 2314, **{"choix-reason": "Rectificatif de l’Insee"})
    assert dict(row[:2] for row in world.get("/territoire/").table("Les communes du territoire"))["Langon"] == "2 314"


def test_one_population_entered_ahead_does_not_hide_those_of_the_others(world):
    with first_pool():
        preview = send(world.client, "COM;PMUN;PTOT\n35328;2270;2313\n", "populations", **CHOSEN)
    assert "30 communes" not in text_of(world.client.get(preview))
    apply(world.client, preview)
    sentence = world.get("/territoire/").sentence
    assert sentence == "31 communes de REDON Agglomération, populations totales en vigueur au 1er janvier 2025."
