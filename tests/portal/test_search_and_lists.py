"""One search for everything one may see; home pages; and lists that ask for as many queries whatever their length."""

from datetime import date

import pytest
from django.utils import timezone

from communis.directory.models import Fact, FactType, Partner, Post, Supplier, Unit
from communis.foundation.scope import pool_scope
from factories.agreements import act, active, agreement, article
from factories.pools import FIRST
from factories.world import count_queries, enrolled, person

pytestmark = pytest.mark.django_db

LISTS = (
    "/territoire/", "/organisations/", "/personnes/", "/interlocuteurs/", "/faits/", "/fournisseurs/", "/partenaires/",
    "/service/", "/mandats/a-designer/?le=15/03/2026",
)  # fmt: skip
MORE = ("35013", "56194", "44067", "35237", "44057")


def found(page):
    return {s.all("h2")[0].text: [a.text for a in s.all("a")] for s in page.main.all("section")}


def test_a_search_ignores_accents_and_case_and_finds_nothing_that_may_not_be_seen(world):
    with pool_scope(FIRST):
        person("Élise", "Ménager", world["allaire"], "mayor")
        person("Maël", "Ménager", world["sixt"], "technical")
        Supplier(name="Ménager Réseaux", kind="carrier").save()
        Partner(name="Région Bretagne", kind="local").save()
    assert found(world.get("/recherche/", q="MENAGER")) == {
        "Personnes": ["Élise Ménager", "Maël Ménager"], "Fournisseurs": ["Ménager Réseaux"],
    }  # fmt: skip
    assert found(world.get("/recherche/", q="35328")) == {"Organisations": ["Sixt-sur-Aff"]}
    assert found(world.get("/recherche/", q="sixt aff")) == {"Organisations": ["Sixt-sur-Aff"]}
    assert found(world.get("/recherche/", q="bains")) == {"Communes du territoire": ["Bains-sur-Oust"]}
    assert found(world.get("/recherche/", q="région")) == {"Partenaires": ["Région Bretagne"]}
    assert world.get("/recherche/", q="zzz").sentence == "Rien ne répond à « zzz »."
    assert found(world.sign_in("office").get("/recherche/", q="menager")) == {"Personnes": ["Maël Ménager"]}


@pytest.mark.covers("DOC-25")
def test_the_same_search_finds_conventions_articles_and_acts_as_far_as_one_reads_them(world):
    with pool_scope(FIRST):
        of = agreement(name="Convention de service commun")
        article(of, "7.1", "Coût du socle complet", "Une part fixe et une part variable.")
        act(world["sixt"], number="2026-45", subject="Préavis de résiliation")
        act(world["allaire"], number="2026-45", subject="Adhésion au socle")
    here = "Conventions et avenants"
    assert found(world.get("/recherche/", q="service commun")) == {here: ["redon, version 1"]}
    assert found(world.get("/recherche/", q="7.1 cout")) == {"Articles": ["7.1 Coût du socle complet"]}
    assert found(world.get("/recherche/", q="préavis")) == {"Actes": ["délibération n° 2026-45 du 12/12/2023"]}
    both = ["délibération n° 2026-45 du 12/12/2023"] * 2
    assert found(world.get("/recherche/", q="2026-45")) == {"Actes": both}
    assert found(world.sign_in("office").get("/recherche/", q="2026-45")) == {"Actes": both[:1]}


@pytest.mark.covers("ORG-09")
def test_only_members_have_contacts_to_name_once_somebody_adheres(world):
    def told():
        home = [link.text for link in world.get("/").main.all("a")]
        page = world.get("/interlocuteurs/")
        rows = page.table("Les interlocuteurs à désigner") if page.main.all("table") else []
        return "Désigner les interlocuteurs" in home, sorted({row[0] for row in rows})

    def elsewhere():
        files = [world.get(f"/organisations/{world[name].pk}/").notices for name in ("host", "allaire", "sixt")]
        rows = {row[0]: row[3] for row in world.get("/territoire/").table("Les communes du territoire")}
        return [bool(notices) for notices in files], [rows[name] for name in ("Allaire", "Redon", "Sixt-sur-Aff", "Langon")]

    assert told() == (True, ["Allaire", "Redon", "Sixt-sur-Aff"])
    assert elsewhere() == ([False, True, True], ["2 à désigner", "2 à désigner", "2 à désigner", "après inscription"])
    with pool_scope(FIRST):
        active(world["sixt"], agreement(), "groupements")
    assert told() == (True, ["Sixt-sur-Aff"])
    assert elsewhere() == ([False, False, True], ["après adhésion", "après adhésion", "2 à désigner", "après inscription"])
    with pool_scope(FIRST):
        person("Ada", "Bihan", world["sixt"], "decision", "technical")
    assert told() == (False, [])
    assert elsewhere() == ([False, False, False], ["après adhésion", "après adhésion", "désignés", "après inscription"])


def test_the_home_page_of_the_service_says_what_to_decide(world):
    page = world.get("/")
    assert page.title == "À décider"
    tasks = [(li.all("a")[0].text, li.all("a")[0].attrs["href"]) for li in page.main.all("li", class_="task")]
    assert ("Désigner les interlocuteurs", "/interlocuteurs/") in tasks


def test_the_home_page_of_a_member_says_what_it_would_pay_and_why(world):
    page = world.sign_in("office").get("/")
    assert (page.title, page.sentence) == ("Accueil", "Sixt-sur-Aff dans le service commun.")
    due = page.main.all("section", class_="sum-due")[0]
    assert due.all("strong", class_="sum-due-figure")[0].text == "5 394,50 €"
    assert due.all("span", class_="sum-due-detail")[0].text == "2 263 habitants au 1er janvier 2025, 55 de plus qu’en 2024."
    following = timezone.localdate().year + 1
    assert due.all("div", class_="causes")[0].text == (
        "82,50 € de plus qu’en 2024 Socle complet, contribution annuelle + 82,50 € "
        f"5 394,50 € prévus en {following} Hypothèse population totale {following}, celle du 1er janvier 2025"
    )
    assert page.table("Lignes de Sixt-sur-Aff") == [
        ["Socle complet, contribution annuelle", "art. 7.1", "5 394,50 €", "5 394,50 € hypothèse"],
        ["Audit technique préalable au socle complet", "art. 3.1", "0,00 €", "0,00 €"],
        ["Total", "", "5 394,50 €", "5 394,50 € hypothèse"],
    ]
    assert page.links["Voir ce que nous paierions, offre par offre"] == f"/organisations/{world['sixt'].pk}/offres/"
    assert page.links["Désigner nos interlocuteurs"] == f"/organisations/{world['sixt'].pk}/"
    margin = world.get("/", note="socle_complet-contribution-2025").margin
    assert "Pourquoi 5 394,50 €" in margin
    assert "2 000,00 € + 1,50 €/hab × 2 263 hab" in margin


def test_the_home_page_of_the_service_sets_apart_what_others_decide(world):
    page = world.sign_in("technician").get("/")
    assert page.sentence == "Rien n’attend votre décision aujourd’hui."
    assert [a.text for a in page.section("À savoir").all("a")] == [
        "Désigner les interlocuteurs",
        "Importer les populations légales 2026",
    ]
    assert [span.text for span in page.section("Le territoire").all("span", class_="territory-words")] == [
        "31 non adhérentes",
    ]  # fmt: skip


def fill(world, codes, rank):
    """Add to each list as many rows as there are codes."""
    kind = FactType.objects.unscoped().get(code="postes_de_travail")
    unit, _ = Unit.objects.unscoped().get_or_create(name="Direction")
    for code in codes:
        town = enrolled(f"Commune {code}", code)
        person("Ada", f"Bihan {code}", town, "decision")
        person("Loïc", f"Riou {code}", town, "mayor")
        town.roles.unscoped().filter(kind="mayor").update(ends_on=date(2026, 3, 15))
        Fact(type=kind, organization=town, number=rank, valid_on=date(2026, 1, 1), source="inventaire", entered_by="Ada",
             entered_at="2026-01-02T08:00:00Z").save()  # fmt: skip
        Supplier(name=f"Fournisseur {code}", kind="maker").save()
        Partner(name=f"Partenaire {code}", kind="local").save()
        Post(unit=unit, title=f"Poste {code}", starts_on=date(2022, 9, 1)).save()


def test_lists_ask_for_as_many_queries_at_one_row_and_at_several_and_few(world):
    with pool_scope(FIRST):
        fill(world, MORE[:1], 1)
    world.get("/service/")  # what the convention reads is read once, until it changes
    few = {path: count_queries(world, path) for path in LISTS}
    with pool_scope(FIRST):
        fill(world, MORE[1:], 2)
    world.get("/service/")
    assert {path: count_queries(world, path) for path in LISTS} == few
    assert {path: count for path, count in few.items() if count > (11 if path == "/service/" else 8)} == {}
