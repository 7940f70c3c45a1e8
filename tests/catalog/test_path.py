"""The path: territory, commune, offers over three exercises, an amount, and why."""

from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import urlencode

import pytest

from communis.catalog.conventions import read_once
from communis.catalog.offers import exercises_until
from communis.directory.models import Fact, FactType, Organization
from communis.foundation.scope import pool_scope
from factories.agreements import text_of
from factories.pools import FIRST
from factories.world import account, count_queries

pytestmark = pytest.mark.django_db

CAPTION = "Offres simulées, par exercice"
MISSING = "fait manquant : population totale 2026"


def offers(world, name, **supposed):
    return world.get(f"/organisations/{world[name].pk}/offres/", **supposed)


def note(world, name, key, **supposed):
    return offers(world, name, note=key, **supposed).margin


def test_the_path_from_the_territory_to_the_reason_of_an_amount_by_links_alone(world):
    page = world.get("/territoire/")
    assert page.sentence == "31 communes de REDON Agglomération, populations totales en vigueur au 1er janvier 2025."
    rows = page.table("Les communes du territoire")
    assert len(rows) == 31
    assert rows[1] == ["Avessac", "2 515", "44007", "après inscription", "à inscrire"]
    assert [row for row in rows if row[4] == "non adhérente"] == [
        ["Allaire", "3 993", "56001", "2 à désigner", "non adhérente"],
        ["Redon", "10 086", "35236", "2 à désigner", "non adhérente"],
        ["Sixt-sur-Aff", "2 263", "35328", "2 à désigner", "non adhérente"],
    ]  # fmt: skip
    page = Followed(world).follow("/territoire/", "Sixt-sur-Aff")
    assert page.title == "Sixt-sur-Aff"
    assert page.table("Populations légales par année") == [
        ["Population totale", "2 178", "2 188", "2 208", "2 263", "non connue"],
        ["Population municipale", "2 135", "2 144", "2 163", "2 222", "2 273"],
    ]
    page = world.get(page.links["Voir ses offres"])
    assert page.table(CAPTION)[:4] == [
        ["Socle complet"],
        ["Socle complet, contribution annuelle", "art. 7.1", "5 312,00 €", "5 394,50 €", MISSING],
        ["Audit technique préalable au socle complet", "art. 3.1", "0,00 €", "0,00 €", "0,00 €"],
        ["Total", "", "5 312,00 €", "5 394,50 €", "à compléter"],
    ]
    page = world.get(f"/organisations/{world['sixt'].pk}/offres/" + page.links["5 394,50 €"].partition("#")[0])
    assert "Formule part fixe + part variable × habitants 2 000,00 € + 1,50 €/hab × 2 263 hab" in page.margin
    assert "Population totale, valeur du 01/01/2025, Insee, populations légales 2022. Saisi par : registre livré." in page.margin


class Followed:
    """Follow a link as it is written in a page, wherever it leads."""

    def __init__(self, world):
        self.world = world

    def follow(self, path, words):
        page = self.world.get(path)
        response = self.world.client.get(page.links[words], follow=True)
        return type(page)(response)


@pytest.mark.parametrize(
    ("name", "amounts"),
    [
        ("sixt", ["5 312,00 €", "5 394,50 €", MISSING]),
        ("allaire", ["8 498,50 €", "8 489,50 €", MISSING]),
        ("redon", ["à décider", "à décider", MISSING]),
    ],
)
def test_the_complete_offer_of_each_commune_over_three_exercises(world, name, amounts):
    assert offers(world, name).table(CAPTION)[1][2:] == amounts


def test_a_commune_out_of_the_service_is_simulated_too(world):
    page = world.get("/territoire/35013/")
    assert (page.title, page.sentence) == ("Bains-sur-Oust", "Commune du territoire qui n’a pas encore de fiche dans le service.")
    page = world.get(page.links["Voir ses offres"])
    assert page.title == "Offres"
    assert page.table(CAPTION)[1][2:4] == ["8 000,50 €", "8 026,00 €"]
    made = world.post("/territoire/35013/inscrire/")
    assert (made.title, made.messages) == ("Bains-sur-Oust", ["Fait. Bains-sur-Oust a maintenant sa fiche dans le service."])
    with pool_scope(FIRST):
        found = Organization.objects.unscoped().get(insee="35013")
        assert (found.reference.insee, found.department, found.type.name) == ("35013", "35", "commune")
    assert world.post("/territoire/35013/inscrire/").status == 422
    assert world.get("/territoire/35001/").status == 404  # not of this territory


def test_a_hypothesis_counts_and_is_told_wherever_it_counts(world):
    page = offers(world, "sixt")
    assert page.fields == {"h-habitants-2026": ""}
    page = offers(world, "sixt", **{"h-habitants-2026": "2 400"})
    rows = page.table(CAPTION)
    assert rows[1][2:] == ["5 312,00 €", "5 394,50 €", "5 600,00 € hypothèse"]
    assert rows[3][4] == "5 600,00 € hypothèse"
    assert page.fields == {"h-habitants-2026": "2 400"}
    kept = page.links["5 600,00 €"]
    assert "h-habitants-2026=2+400" in kept or "h-habitants-2026=2%20400" in kept  # the note keeps what was typed
    margin = note(world, "sixt", "socle_complet-contribution-2026", **{"h-habitants-2026": "2 400"})
    assert "2 000,00 € + 1,50 €/hab × 2 400 hab" in margin
    assert "Hypothèse" in margin
    former = note(world, "sixt", "socle_complet-contribution-2025", **{"h-habitants-2026": "2 400"})
    assert "hypothèse" not in former.partition("Pourquoi")[2].lower()
    assert former.partition(" Pourquoi")[0].endswith("Hypothèse population totale 2026 : 2 400 hab")  # said on paper too


def test_a_supposed_fact_bears_the_name_it_had_when_it_was_missing(world):
    def label(**supposed):
        return [one.text for one in offers(world, "sixt", **supposed).main.all("label")]

    assert label() == label(**{"h-habitants-2026": "2 400"}) == ["Population totale 2026"]


def test_what_is_to_decide_under_a_hypothesis_says_so(world):
    rows = offers(world, "sixt", **{"h-habitants-2026": "9 000"}).table(CAPTION)
    assert [(row[0], row[4]) for row in rows[1:6] if len(row) > 4] == [
        ("Socle complet, contribution annuelle", "à décider hypothèse"),
        ("Audit technique préalable au socle complet", "0,00 €"),
        ("Total", "à compléter hypothèse"),
        ("Audit", "à décider hypothèse"),
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            {"h-habitants-2026": "beaucoup"},
            "Refusé. « beaucoup » n’est pas un nombre. Des chiffres de 0 à 9, une virgule, au plus 15 chiffres et 9 décimales. "
            "Rien n’a été supposé.",
        ),
        (
            {"h-habitants-2026": "99999999999999999999"},
            "Refusé. « 99999999999999999999 » est trop grand ou trop précis. Au plus 15 chiffres et 9 décimales. "
            "Rien n’a été supposé.",
        ),
        (
            {"h-habitants-2026": "12,5"},
            "Refusé. « 12,5 » : un nombre d’habitants est entier. Écrivez-le sans virgule. Rien n’a été supposé.",
        ),
        ({"h-habitants-2026": "-5"}, "Refusé. Une quantité n’est pas négative. Corrigez la valeur. Rien n’a été supposé."),
        ({"h-habitans-2026": "5"}, "Refusé. « habitans » n’est pas un fait. Le plus proche : habitants. Rien n’a été supposé."),
    ],
)
def test_a_hypothesis_that_means_nothing_is_refused_in_words(world, typed, said):
    page = offers(world, "sixt", **typed)
    assert (page.status, page.notices) == (422, [said])
    (field,) = [one for one in page.main.all("input") if one.attrs.get("aria-invalid")]
    assert (field.attrs["name"], field.attrs["value"], field.attrs["aria-describedby"].split()[0]) == (*typed.popitem(), "refus")
    assert page.table(CAPTION)[1][4] == MISSING


def test_a_member_simulates_for_itself_alone(world):
    world.sign_in("office")
    assert offers(world, "sixt").table(CAPTION)[1][2] == "5 312,00 €"
    assert offers(world, "allaire").status == 404
    assert world.get("/territoire/35013/offres/").status == 404


def told(name, fact, text="", kind="", number=None, on=date(2026, 1, 1)):
    """Enter a fact as an import or another room may: past what the form of facts checks."""
    with pool_scope(FIRST):
        row = Fact(
            type=FactType.objects.unscoped().get(code=fact), organization=name, kind=kind, text=text, number=number, valid_on=on,
            source="courriel", entered_by="Inès Le Bihan", entered_at=datetime(2026, 1, 2, tzinfo=UTC),
        )  # fmt: skip
        row.save()
    return row


def test_a_fact_that_does_not_fit_the_convention_is_told_with_where_to_mend_it_and_the_rest_is_computed(world):
    unread = told(world["sixt"], "dispose_d_un_service_informatique", "peut-être")
    told(world["allaire"], "habitants", kind="totale", number=Decimal(-5))
    page = offers(world, "sixt")
    assert page.notices == [
        "Mis de côté. La convention ne sait pas lire ce qui suit ; le reste est calculé sans. "
        "Allaire, population au 01/01/2026 : Une quantité n’est pas négative. Corrigez la valeur. Corriger ce fait "
        "Sixt-sur-Aff, dispose d’un service informatique au 01/01/2026 : « peut-être » n’est ni oui ni non. Écrivez oui ou non. "
        "Corriger ce fait"
    ]
    assert page.table(CAPTION)[1][2:] == ["5 312,00 €", "5 394,50 €", MISSING]
    assert world.get(f"/faits/{unread.pk}/corriger/").title == "Corriger : dispose d’un service informatique"
    (notice,) = world.sign_in("office").get(f"/organisations/{world['sixt'].pk}/offres/").notices
    assert "Allaire" not in notice  # what another member’s facts are is not told
    assert notice.endswith("« peut-être » n’est ni oui ni non. Écrivez oui ou non. Voir ce fait")


def test_an_organization_that_does_not_fit_the_convention_is_told_and_the_others_are_computed(world):
    with pool_scope(FIRST):
        Organization.objects.unscoped().filter(pk=world["allaire"].pk).update(siren="123456789")
    page = offers(world, "allaire")
    assert page.main.all("table") == []
    assert page.notices == [
        "Mis de côté. La convention ne sait pas lire ce qui suit ; le reste est calculé sans. Allaire, sa fiche : "
        "« 123456789 » n’est pas un SIREN : neuf chiffres dont une clé. Vérifiez-le, ou laissez la case vide. Modifier la fiche"
    ]
    assert offers(world, "sixt").table(CAPTION)[1][2] == "5 312,00 €"


@pytest.mark.parametrize("query", ["", "?" + urlencode({"note": "socle_complet-contribution-2025"})])
def test_the_offers_ask_for_as_many_queries_whatever_the_pool(world, query):
    path = f"/organisations/{world['sixt'].pk}/offres/{query}"
    world.client.get(path)
    first = count_queries(world, path)
    with pool_scope(FIRST):
        account(world, "more", "Ada Bihan", "technician")
    world.post("/territoire/35013/inscrire/")
    world.client.get(path)
    assert (count_queries(world, path), first <= 8) == (first, True)


@pytest.mark.parametrize(("on", "years"), [(date(2026, 3, 1), (2023, 2024, 2025)), (date(2026, 7, 1), (2024, 2025, 2026))])
def test_the_exercises_simulated_are_those_of_the_calendar_of_the_convention(on, years):
    sicoval = read_once(text_of("sicoval"))  # from the 1st of July
    assert exercises_until(sicoval, on) == years
    assert exercises_until(read_once(text_of("redon")), on) == (2024, 2025, 2026)
