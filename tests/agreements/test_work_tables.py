"""The split of the ETP by brick: prepared, adopted with an avenant, never changed after, readable for ever."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from communis.agreements.models import AmendmentChange, Version
from communis.agreements.operations.amendments import amend
from communis.directory.models import Post, Unit, WorkShare
from factories.versions import act, in_force
from factories.world import first_pool

pytestmark = pytest.mark.django_db
PATH = "/service/etp/?exercice=2026"
CAPTION = "Répartition des ETP de 2026 par brique"


@pytest.fixture
def posts(world):
    """Two posts, whose time is split for 2026, and a convention in force."""
    with first_pool():
        unit = Unit(name="Infrastructure")
        unit.save()
        made = {}
        for title, quotity in (("Réseaux", "1.00"), ("Poste de travail", "0.80")):
            made[title] = Post(unit=unit, title=title, quotity=Decimal(quotity), starts_on=date(2024, 1, 1))
            made[title].save()
        made["version"] = in_force("nimes_metropole", world["host"], date(2022, 4, 4), short_name="DN")
    world.fill(f"/service/postes/{made['Réseaux'].pk}/temps/", year="2026", shares="Internet : 0,40\nVidéoprotection : 0,60")
    world.fill(f"/service/postes/{made['Poste de travail'].pk}/temps/", year="2026", shares="Bureautique : 0,80")
    return made


def approved(world, amendment, on):
    """Annex the table of 2026 to what an amendment makes, and have it approved from a day on."""
    path = amendment.makes.get_absolute_url()
    world.fill(f"{path}etp/", year="2026")
    with first_pool():
        vote = act(world["host"], on, number=f"V{on:%Y%m%d}")
    return world.fill(f"{path}etat/", act=str(vote.pk), starts_on=f"{on:%d/%m/%Y}", knowingly="on")


@pytest.mark.covers("ORG-15")
def test_the_table_of_a_year_is_that_of_the_avenant_that_updated_it_and_the_former_stays_as_it_stood(world, posts):
    with first_pool():
        seventh = amend(posts["version"], number="7", subject="Répartition des ETP")
    page = world.get(PATH)
    assert (page.sentence, page.table(CAPTION)) == (
        "Table en préparation : aucun avenant ne l’a encore adoptée.",
        [["Bureautique", "Poste de travail 0,80", "0,80"], ["Internet", "Réseaux 0,40", "0,40"],
         ["Vidéoprotection", "Réseaux 0,60", "0,60"]],
    )  # fmt: skip
    assert "Sans répartition pour 2026" not in page.text
    approved(world, seventh, date(2026, 2, 1))
    with first_pool():
        told = AmendmentChange.objects.unscoped().get(amendment=seventh)
    assert (told.kind, told.wording) == (
        "fte", "La répartition de la charge par brique, en ETP, est mise à jour pour l’exercice 2026 (table annexée).",
    )  # fmt: skip
    assert world.get(PATH).sentence == "Table établie par avenant n° 7, DN, en vigueur le 1er février 2026."
    split = f"/service/postes/{posts['Réseaux'].pk}/temps/"
    refused = world.fill(split, year="2026", shares="Internet : 1")
    assert refused.errors == [
        "La table des ETP de 2026 est celle que « avenant n° 7, DN » a établie, en vigueur le 01/02/2026 : elle ne change plus. "
        "Préparez la table suivante depuis la page de la répartition des ETP, puis annexez-la à un avenant."
    ]
    page = world.post("/service/etp/preparer/", exercice="2026")
    world.fill(split, year="2026", shares="Internet : 1")
    with first_pool():
        made = Version.objects.unscoped().get(pk=seventh.makes_id)
        eighth = amend(made, number="8", subject="Fin de la vidéoprotection")
    approved(world, eighth, date(2026, 3, 1))
    page = world.get(PATH)
    assert (page.sentence, page.table(CAPTION)) == (
        "Table établie par avenant n° 8, DN, en vigueur le 1er mars 2026.",
        [["Bureautique", "Poste de travail 0,80", "0,80"], ["Internet", "Réseaux 1,00", "1,00"]],
    )  # fmt: skip
    assert "Total 1,80" in page.text
    former = world.get(next(a.attrs["href"] for a in page.root.all("a") if a.text == "avenant n° 7, DN"))
    assert (former.sentence, former.table(CAPTION)[1:]) == (
        "Table établie par avenant n° 7, DN, en vigueur le 1er février 2026.",
        [["Internet", "Réseaux 0,40", "0,40"], ["Vidéoprotection", "Réseaux 0,60", "0,60"]],
    )  # fmt: skip


@pytest.mark.covers("ORG-15")
def test_a_table_whose_posts_do_not_sum_to_their_quotity_is_not_adopted(world, posts):
    with first_pool():
        seventh = amend(posts["version"], number="7", subject="Répartition des ETP")
        Post.objects.unscoped().filter(pk=posts["Poste de travail"].pk).update(quotity=Decimal("0.90"))
    page = approved(world, seventh, date(2026, 2, 1))
    assert page.errors == [
        "La table des ETP de 2026 ne tombe pas juste : Poste de travail : 0,80 ETP répartis sur 0,90. Reprenez ces postes."
    ]


def test_the_shares_of_an_adopted_table_never_change_whoever_asks(world, posts):
    with first_pool():
        seventh = amend(posts["version"], number="7", subject="Répartition des ETP")
    approved(world, seventh, date(2026, 2, 1))
    for sql in ("UPDATE directory_workshare SET fte = 0.1", "DELETE FROM directory_workshare"):
        with first_pool(), pytest.raises(IntegrityError, match="an adopted table never changes"), transaction.atomic():
            connection.cursor().execute(sql)
    with first_pool():
        assert [str(s.fte) for s in WorkShare.objects.unscoped().order_by("brick")] == ["0.80", "0.40", "0.60"]


def test_the_posts_whose_time_is_not_split_are_told_while_the_table_is_prepared(world, posts):
    with first_pool():
        Post(unit=posts["Réseaux"].unit, title="Accueil", starts_on=date(2026, 6, 1)).save()
    assert "Sans répartition pour 2026 : Accueil." in world.get(PATH).text


def test_a_table_is_annexed_once_and_taken_away_while_the_version_is_a_draft(world, posts):
    with first_pool():
        seventh = amend(posts["version"], number="7", subject="Répartition des ETP")
    path = seventh.makes.get_absolute_url()
    assert world.fill(f"{path}etp/", year="2031").errors == [
        "Aucune table des ETP de 2031 n’est en préparation. Préparez-la depuis la page de la répartition des ETP, ou répartissez "
        "le temps des postes."
    ]
    page = world.fill(f"{path}etp/", year="2026")
    assert page.links["Répartition des ETP de 2026"] == "/service/etp/?exercice=2026&table=preparation"
    assert world.fill(f"{path}etp/", year="2026").errors == ["La table de cet exercice est déjà annexée."]
    with first_pool():
        annexed = seventh.makes.annexed_tables.unscoped().get()
    page = world.post(f"/conventions/tables-annexees/{annexed.pk}/retirer/")
    assert "Aucune table n’est annexée à ce projet." in page.main.text
    world.sign_in("office")
    assert world.client.post("/service/etp/preparer/", {"exercice": "2026"}).status_code == 404
    assert world.get(PATH).status == 200
