"""The ETP that the convention finances, beside the posts that are filled."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from communis.catalog.conventions import opened
from communis.catalog.staffing import fte_quantities
from communis.directory.models import Occupation, Post
from factories.agreements import active, agreement
from factories.world import count_queries, first_pool, person

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
CAPTION = "ETP financés et postes pourvus"


def filled(count, **dates):
    with first_pool():
        for post in Post.objects.unscoped().filter(occupations=None).order_by("pk")[:count]:
            Occupation(post=post, status="tenured", **{"starts_on": date(2024, 1, 1), **dates}).save()


def etp(world, **asked):
    (row,) = world.get("/service/", **asked).table(CAPTION)
    assert row[0] == "ETP financés par les communes"
    return row[1:]


@pytest.mark.covers("ORG-16")
def test_the_etp_financed_by_the_convention_stand_beside_the_posts_filled_that_day(world):
    world.post("/service/exemple/")
    filled(2)
    filled(1, ends_on=TODAY - timedelta(days=1))
    filled(1, starts_on=TODAY + timedelta(days=1))
    page = world.get("/service/")
    assert page.table(CAPTION) == [["ETP financés par les communes", "1,00 ETP hypothèse", "2,00 ETP", "1,00 ETP de plus"]]
    assert f"Hypothèse : 3 communes inscrites au Socle complet, toute l’année {TODAY.year}." in page.text
    assert etp(world, qui="toutes") == ["3,00 ETP hypothèse", "2,00 ETP", "1,00 ETP de moins"]
    assert etp(world, qui="toutes", offre="audit")[0] == "1,00 ETP hypothèse"
    assert etp(world, qui="aucune") == ["0,00 ETP hypothèse", "2,00 ETP", "2,00 ETP de plus"]
    filled(1)
    assert etp(world, qui="toutes")[2] == "aucun"


@pytest.mark.covers("ORG-16")
def test_the_etp_financed_are_those_of_the_offers_that_members_hold_once_some_do(world):
    page = world.get("/service/")
    assert "Aucune adhésion n’est encore en vigueur : elles se supposent." in page.text
    with first_pool():
        redon = agreement()
        active(world["sixt"], redon, "socle_complet")
        active(world["allaire"], redon, "groupements")
    page = world.get("/service/")
    assert page.table(CAPTION) == [["ETP financés par les communes", "1,00 ETP", "0,00 ETP", "1,00 ETP de moins"]]
    assert f"Compté sur les offres que 2 membres tiennent en {TODAY.year}." in page.text
    assert page.choices("qui") == [
        "2 membres, par ce qu’ils tiennent", "3 communes inscrites", "31 communes du territoire", "aucune commune",
    ]  # fmt: skip
    assert "Communes abonnées au socle complet 1 " in world.get("/service/", note="etp-etp_financés").margin
    assert etp(world, qui="toutes")[0] == "3,00 ETP hypothèse"


@pytest.mark.covers("ORG-16")
def test_the_margin_tells_why_that_many_etp_are_financed(world):
    margin = world.get("/service/", qui="toutes", note="etp-etp_financés").margin
    assert "Pourquoi 3 ETP Fermer Article 7 (ETP), Modalités financières : postes financés par les communes" in margin
    assert "« 1 ETP (40 k€ annuel) supplémentaire à la création du service commun »" in margin
    assert "Communes abonnées au socle complet 31" in margin
    assert "Classe retenue : « plus de 20 · totaux »." in margin
    assert "AMB-14" in margin
    assert f"Hypothèse : 31 communes du territoire au Socle complet, toute l’année {TODAY.year}." in margin
    assert "Communes abonnées au socle complet 31" in world.sign_in("elected").get(
        "/service/", qui="toutes", note="etp-etp_financés"
    ).margin  # fmt: skip


def test_a_department_asks_for_as_many_queries_whatever_its_posts(world):
    first = count_queries(world, "/service/")
    world.post("/service/exemple/")
    filled(3)
    with first_pool():
        person("Élise", "Morvan", world["host"], "president")
    world.get("/service/")
    assert count_queries(world, "/service/") - first <= 2  # the posts and who is on them, asked for once there is a unit


@pytest.mark.parametrize(("slug", "names"), [("redon", ["etp_financés"]), ("nimes_metropole", []), ("sidec", [])])
def test_only_quantities_of_etp_of_the_whole_service_are_compared(slug, names):
    assert fte_quantities(opened(slug)) == names
