"""What each member pays is told by the version that it adopted: its offers, its home page, the reason of an amount, the API."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from communis.agreements.models import Adoption, Membership, PriceAct, Version
from communis.directory.models import Organization, Site
from factories.agreements import text_of
from factories.catalogue import agreement, member, version
from factories.reading import token
from factories.world import count_queries, first_pool

pytestmark = pytest.mark.django_db

CAPTION = "Offres simulées, par exercice"
MISSING = "fait manquant : population totale 2026"
LINE = "socle_complet-contribution-2025"


@pytest.fixture
def lives(world):
    """Avenant n° 6 raises the price by inhabitant: Sixt-sur-Aff is still on avenant n° 5, Allaire adopted avenant n° 6."""
    with first_pool():
        of = agreement()
        text = text_of("redon")
        five = version(of, "avenant n° 5", None, date(2020, 12, 14), ends_on=date(2022, 4, 3), tariff=text)
        six = version(of, "avenant n° 6", None, tariff=text.replace("1,50 €/hab", "1,60 €/hab"))
        member(of, world["sixt"], "socle_complet", adopts=five)
        member(of, world["allaire"], "socle_complet", adopts=six)
    return {"five": five, "six": six, "of": of}


def bound_of(organization):
    return Membership.objects.unscoped().get(organization=organization)


def offers(world, name, **asked):
    return world.get(f"/organisations/{world[name].pk}/offres/", **asked)


def amounts(world, name):
    return offers(world, name).table(CAPTION)[1][2:]


@pytest.mark.covers("CAT-34")
def test_each_member_reads_its_offers_by_the_version_that_it_adopted(world, lives):
    of_sixt, of_allaire = ["5 312,00 €", "5 394,50 €", MISSING], ["8 898,40 €", "8 888,80 €", MISSING]
    assert (amounts(world, "sixt"), amounts(world, "allaire")) == (of_sixt, of_allaire)  # the direction sees each one’s own
    told = {name: offers(world, name).margin.partition("Version ")[2].partition(" Membre")[0] for name in ("sixt", "allaire")}
    assert told == {"sixt": "avenant n° 5", "allaire": "avenant n° 6"}
    assert offers(world, "sixt").root.all("a", href=f"/conventions/versions/{lives['five'].pk}/")[0].text == "avenant n° 5"
    world.sign_in("office")
    assert (amounts(world, "sixt"), offers(world, "allaire").status) == (of_sixt, 404)
    assert "2 000,00 € + 1,50 €/hab × 2 263 hab" in offers(world, "sixt", note=LINE).margin
    world.sign_in("elected")
    assert amounts(world, "allaire") == of_allaire
    assert "2 500,00 € + 1,60 €/hab × 3 993 hab" in offers(world, "allaire", note=LINE).margin


@pytest.mark.covers("CAT-34")
def test_the_home_page_of_each_member_says_first_what_its_own_version_makes_it_pay(world, lives):
    assert told_at_home(world) == {"office": ("5 394,50 €", "1,50 €/hab"), "elected": ("8 888,80 €", "1,60 €/hab")}


def told_at_home(world):
    """Return what each member reads first where it lands, and the price that the reason of this amount states."""
    told = {}
    for who in ("office", "elected"):
        page = world.sign_in(who).get("/")
        (figure,) = page.main.all("strong", class_="sum-due-figure")
        why = next(a for a in page.main.all("a") if a.text == figure.text).attrs["href"]
        page = world.get("/", note=parse_qs(urlsplit(why).query)["note"][0])
        prices = ("1,50 €/hab", "1,60 €/hab", "2,00 €/hab", "2 €/hab")
        told[who] = (figure.text, next(words for words in prices if words in page.margin))
    return told


@pytest.mark.covers("CAT-34")
def test_a_member_reads_the_new_prices_from_the_day_it_adopts_them_and_not_before(world, lives):
    with first_pool():
        Adoption(membership=bound_of(world["sixt"]), version=lives["six"], on=date(2026, 12, 31)).save()
    assert amounts(world, "sixt")[:2] == ["5 312,00 €", "5 394,50 €"]
    with first_pool():
        Adoption.objects.unscoped().filter(version=lives["six"], on=date(2026, 12, 31)).update(on=date(2026, 1, 1))
    assert amounts(world, "sixt")[:2] == ["5 532,80 €", "5 620,80 €"]


def test_a_member_reads_what_the_offers_of_its_own_version_cover(world, lives):
    with first_pool():
        text = lives["six"].tariff.replace('offre groupements "Groupements d’achats"', 'offre groupements "Achats groupés"')
        assert text != lives["six"].tariff
        Version.objects.unscoped().filter(pk=lives["six"].pk).update(tariff=text)
        Site(organization=world["sixt"], kind="town_hall", name="Mairie").save()
        mine = Site.objects.unscoped().get(organization=world["sixt"])

    def named(page):
        return [words for words in ("Groupements d’achats", "Achats groupés") if words in page.main.text]

    told = {who: named(world.sign_in(who).get("/prestations/")) for who in ("office", "elected", "director")}
    assert told == {"office": ["Groupements d’achats"], "elected": ["Achats groupés"], "director": ["Achats groupés"]}
    assert named(world.get(f"/sites/{mine.pk}/")) == ["Groupements d’achats"]


def test_who_adopted_nothing_reads_the_version_proposed_even_after_it_left(world, lives):
    world.post("/territoire/35013/inscrire/")
    with first_pool():
        bains = Organization.objects.unscoped().get(insee="35013")
    read = {2025: "8 394,40 €"}
    page = world.get(f"/organisations/{bains.pk}/offres/")
    assert page.table(CAPTION)[1][3] == read[2025]
    with first_pool():
        member(lives["of"], bains, adopts=lives["five"])
    assert world.get(f"/organisations/{bains.pk}/offres/").table(CAPTION)[1][3] == "8 026,00 €"
    with first_pool():
        Membership.objects.unscoped().filter(organization=bains).update(ends_on=date(2024, 12, 31), end_cause="notice")
    assert world.get(f"/organisations/{bains.pk}/offres/").table(CAPTION)[1][3] == read[2025]


@pytest.mark.covers("MEM-13")
def test_a_price_fixed_by_act_counts_for_each_in_its_own_version(world, lives):
    assert told_at_home(world)["office"] == ("5 394,50 €", "1,50 €/hab")
    world.sign_in("director")
    with first_pool():
        PriceAct(agreement=lives["of"], parameter="part_variable", value="2", starts_on=date(2025, 1, 1), reference="n° 3").save()
    assert (amounts(world, "sixt")[:2], amounts(world, "allaire")[:2]) == (
        ["5 312,00 €", "6 526,00 €"], ["8 898,40 €", "10 486,00 €"],
    )  # fmt: skip
    assert told_at_home(world) == {"office": ("6 526,00 €", "2,00 €/hab"), "elected": ("10 486,00 €", "2,00 €/hab")}


def test_a_version_without_a_tariff_is_told_and_the_prices_of_another_do_not_stand_in_its_place(world, lives):
    with first_pool():
        Version.objects.unscoped().filter(pk=lives["five"].pk).update(tariff="")
    told = "La version qui s’applique, « avenant n° 5 », n’a pas de tarif : ses prix viendront avec lui."
    page = offers(world, "sixt")
    assert (page.main.all("table"), told in page.main.text) == ([], True)
    assert page.links["Lire cette version"] == f"/conventions/versions/{lives['five'].pk}/"
    page = world.sign_in("office").get("/")
    assert (told in page.main.text, "€" in page.main.text) == (True, False)


def test_a_member_under_two_conventions_reads_the_one_under_way_that_has_a_tariff(world, lives):
    with first_pool():
        other = agreement("Groupement de commandes")
        plain = version(other, "1", None, date(2024, 1, 1))
        member(other, world["sixt"], adopts=plain, effect_on=date(2025, 1, 1))
    assert amounts(world, "sixt")[:2] == ["5 312,00 €", "5 394,50 €"]


def test_the_home_page_stands_when_the_file_of_a_member_does_not_fit_the_convention(world):
    with first_pool():
        Organization.objects.unscoped().filter(pk=world["allaire"].pk).update(siren="123456789")
    page = world.sign_in("elected").get("/")
    assert (page.status, "€" in page.main.text) == (200, False)


@pytest.mark.covers("CAT-34")
def test_a_program_reads_the_offers_of_each_member_by_its_own_version(world, lives):
    bearer = {"Authorization": f"Bearer {token(world.accounts['director'])}"}

    def told(name, what="offers", **asked):
        path = f"/api/v1/organizations/{world[name].pk}/{what}"
        return world.client.get(path, {"exercise": 2025, **asked}, headers=bearer).json()

    found = {name: told(name) for name in ("sixt", "allaire", "redon")}
    assert {name: (one["version"], one["offers"][0]["lines"][0]["amount"]) for name, one in found.items()} == {
        "sixt": ("avenant n° 5", "5394.50"), "allaire": ("avenant n° 6", "8888.80"), "redon": ("avenant n° 6", None),
    }  # fmt: skip
    (line,) = told("allaire", "offers/explanation", line=LINE)["lines"]
    assert line["result"] == "8\u00a0888,80\u00a0€"
    with first_pool():
        Version.objects.unscoped().filter(pk=lives["five"].pk).update(tariff="")
    found = told("sixt")
    assert (found["convention"], found["version"], found["offers"]) == (None, "avenant n° 5", [])


@pytest.mark.parametrize("who", ["office", "director"])
def test_the_home_page_asks_for_as_many_queries_whatever_version_a_member_reads(world, lives, who):
    world.sign_in(who)
    world.client.get("/")
    first = count_queries(world, "/")
    with first_pool():
        Adoption(membership=bound_of(world["sixt"]), version=lives["six"], on=date(2026, 1, 1)).save()
    world.client.get("/")
    assert (count_queries(world, "/"), first <= 30) == (first, True)
