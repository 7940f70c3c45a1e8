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


@pytest.mark.covers("ORG-15", "CAT-30")
def test_the_tables_of_two_versions_are_compared_brick_by_brick_and_the_expose_tells_it(world, posts):
    with first_pool():
        seventh = amend(posts["version"], number="7", subject="Répartition des ETP")
    approved(world, seventh, date(2026, 2, 1))
    page = world.get(seventh.get_absolute_url())
    assert (
        "Répartition des ETP de 2026 : elle est annexée, pour 1,80 ETP en tout (Bureautique, 0,80 ; Internet, 0,40 ; "
        "Vidéoprotection, 0,60)."
    ) in [row.text for row in page.main.all("li")]
    world.post("/service/etp/preparer/", exercice="2026")
    world.fill(f"/service/postes/{posts['Réseaux'].pk}/temps/", year="2026", shares="Internet : 1")
    with first_pool():
        eighth = amend(Version.objects.unscoped().get(pk=seventh.makes_id), number="8", subject="Fin de la vidéoprotection")
    path = eighth.makes.get_absolute_url()
    assert "Rien ne change d’une version à l’autre." in world.get(f"{path}comparer/").text
    world.fill(f"{path}etp/", year="2026")
    told = "Répartition des ETP de 2026 : Internet, de 0,40 à 1,00 ; Vidéoprotection, 0,60 auparavant, n’y est plus ; 1,80 ETP en"
    page = world.get(eighth.get_absolute_url())
    assert f"{told} tout, 1,80 auparavant." in [row.text for row in page.main.all("li")]
    page = world.get(f"{path}comparer/")
    rows = [["Internet", "Réseaux 0,40", "0,40", "Réseaux 1,00", "1,00"],
            ["Vidéoprotection", "Réseaux 0,60", "0,60", "aucun", "0,00"]]  # fmt: skip
    assert page.table("Répartition des ETP de 2026, avant et après") == rows
    page = world.get(f"{path}comparer/", avec=str(posts["version"].pk))  # from the text that had no table at all
    assert [row[0] for row in page.table("Répartition des ETP de 2026, avant et après")] == ["Bureautique", "Internet"]


@pytest.mark.covers("ORG-15")
def test_the_table_of_another_year_is_compared_with_that_of_the_year_before(world, posts):
    with first_pool():
        seventh = amend(posts["version"], number="7", subject="Répartition des ETP")
    approved(world, seventh, date(2026, 2, 1))
    world.fill(f"/service/postes/{posts['Réseaux'].pk}/temps/", year="2027", shares="Internet : 0,40\nVidéoprotection : 0,60")
    world.fill(f"/service/postes/{posts['Poste de travail'].pk}/temps/", year="2027", shares="Internet : 0,80")
    with first_pool():
        eighth = amend(Version.objects.unscoped().get(pk=seventh.makes_id), number="8", subject="Répartition de 2027")
    world.fill(f"{eighth.makes.get_absolute_url()}etp/", year="2027")
    title = "Répartition des ETP de 2027, comparée à celle de 2026"
    page = world.get(f"{eighth.makes.get_absolute_url()}comparer/")
    assert page.table(f"{title}, avant et après") == [
        ["Bureautique", "Poste de travail 0,80", "0,80", "aucun", "0,00"],
        ["Internet", "Réseaux 0,40", "0,40", "Poste de travail 0,80 ; Réseaux 0,40", "1,20"],
    ]


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
        told = AmendmentChange.objects.unscoped().filter(amendment=seventh)
        assert [row.kind for row in told] == ["fte"]
        AmendmentChange(amendment=seventh, rank=2, kind="fte", wording="Les ETP de la vidéoprotection.").save()
    page = world.post(f"/conventions/tables-annexees/{annexed.pk}/retirer/")
    assert "Aucune table n’est annexée à ce projet." in page.main.text
    with first_pool():  # the avenant no longer says that a table is annexed to it
        assert [row.wording for row in told.all()] == ["Les ETP de la vidéoprotection."]
    world.sign_in("office")
    assert world.client.post("/service/etp/preparer/", {"exercice": "2026"}).status_code == 404
    assert world.get(PATH).status == 200


# ------------------------------------------------------------ dropping the table in preparation

DROP = "/service/etp/retirer/?exercice=2026"
GONE = "Fait. La table des ETP de 2026 en préparation est retirée. Annuler"


def prepared():
    with first_pool():
        rows = WorkShare.objects.unscoped().prepared(2026).order_by("brick")
        return [(row.brick, str(row.fte)) for row in rows.select_related("post")]


@pytest.mark.covers("ORG-15")
def test_a_table_in_preparation_is_shown_dropped_and_put_back_at_once(world, posts):
    before = prepared()
    page = world.get(world.get(PATH).links["Retirer cette table"])
    assert (page.title, [(dt.text, dd.text) for dt, dd in zip(page.main.all("dt"), page.main.all("dd"), strict=True)]) == (
        "Retirer la table des ETP de 2026",
        [("Bureautique", "0,80 ETP Poste de travail 0,80"), ("Internet", "0,40 ETP Réseaux 0,40"),
         ("Vidéoprotection", "0,60 ETP Réseaux 0,60"), ("Total", "1,80 ETP")],
    )  # fmt: skip
    assert "Aucune autre table n’existe pour 2026 : le temps des postes sera à répartir de nouveau." in page.text
    assert prepared() == before  # nothing is done before it is confirmed
    page = world.fill(DROP)
    assert (page.messages, prepared()) == ([GONE], [])
    assert "Le temps des postes n’est pas encore réparti entre les briques." in page.text
    assert world.post(DROP, exercice="2026").messages == [
        "Refusé. Aucune table des ETP n’est en préparation pour cet exercice : il n’y a rien à retirer."
    ]
    page = world.post("/service/etp/remettre/", exercice="2026")
    assert (page.messages, prepared()) == (["Fait. La table des ETP de 2026 est de nouveau en préparation."], before)
    assert world.post("/service/etp/remettre/", exercice="2026").messages == [
        "Refusé. Une table des ETP de 2026 est déjà en préparation : retirez-la d’abord."
    ]
    assert world.post("/service/etp/remettre/", exercice="2031").messages == [
        "Refusé. Aucune table des ETP de 2031 n’a été retirée."
    ]


def test_the_table_in_force_stays_when_the_next_one_is_dropped(world, posts):
    with first_pool():
        seventh = amend(posts["version"], number="7", subject="Répartition des ETP")
    approved(world, seventh, date(2026, 2, 1))
    page = world.post("/service/etp/preparer/", exercice="2026")
    assert page.links["Retirer cette table"] == DROP
    assert "Retirer cette table" not in world.get(PATH).links  # the one in force
    assert "La table établie par avenant n° 7, DN reste, telle qu’elle est." in world.get(DROP).text
    page = world.fill(DROP)
    assert (page.messages, page.sentence) == ([GONE], "Table établie par avenant n° 7, DN, en vigueur le 1er février 2026.")
    assert len(page.table(CAPTION)) == 3


def test_a_table_that_a_draft_announces_is_not_dropped(world, posts):
    with first_pool():
        seventh = amend(posts["version"], number="7", subject="Répartition des ETP")
    world.fill(f"{seventh.makes.get_absolute_url()}etp/", year="2026")
    first = "retirez-la d’abord de cette version."
    assert world.get(DROP).notices == [f"Attention. Elle est annexée à DN, version avenant n° 7 : {first}"]
    page = world.fill(DROP)
    refused = [f"Refusé. La table des ETP de 2026 est annexée à « DN, version avenant n° 7 » : {first}"]
    assert (page.status, page.notices, len(prepared())) == (422, refused, 3)


def test_the_direction_alone_drops_a_table_in_preparation(world, posts):
    asked = {}
    for who in ("technician", "auditor", "office"):
        world.sign_in(who)
        asked[who] = [world.client.get(DROP).status_code, world.client.post(DROP, {"exercice": "2026"}).status_code,
                      world.client.post("/service/etp/remettre/", {"exercice": "2026"}).status_code,
                      "Retirer cette table" in world.get(PATH).links]  # fmt: skip
    assert asked == {who: [404, 404, 404, False] for who in ("technician", "auditor", "office")}
    assert len(prepared()) == 3
