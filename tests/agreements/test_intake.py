"""Intake: conditions precedent, the list of a year in its order, the places, the fallback offer."""

from datetime import date

import pytest

from communis.agreements.models import Examination, Intake, IntakeRequest, Letter, Precondition
from communis.agreements.operations import choosing
from communis.agreements.operations.intake import admit, ask_admission, unmet, waiting_list
from communis.agreements.reading import version_in_force
from communis.kit.refusals import Refusal
from factories.agreements import agreement, asked, author, wish
from factories.world import first_pool

pytestmark = pytest.mark.django_db
ON = date(2024, 3, 1)
BY = author(date(2024, 3, 1))
CRITERIA = ["a participé à la co-construction", "a signé une lettre d’engagement"]


@pytest.fixture
def sicoval(pool):
    made = agreement("sicoval", starts_on=date(2024, 7, 1))
    intake = Intake(agreement=made, offer="avancé_sans_dsi", year=2024, places=2, fallback="socle", criteria=CRITERIA)
    intake.save()
    return made, intake


def refused(verb, *args, **named):
    with pytest.raises(Refusal) as caught:
        verb(*args, **named)
    return str(caught.value)


@pytest.mark.covers("MEM-20")
def test_who_meets_the_first_criteria_is_admitted_first_and_the_others_wait_with_the_fallback(pool, sicoval):
    made, intake = sicoval
    members = {name: asked(pool[name], made, on=date(2024, 2, 1), by=BY) for name in ("sixt", "allaire", "redon")}
    ask_admission(intake, members["sixt"], date(2024, 2, 1), by=BY)
    ask_admission(intake, members["allaire"], date(2024, 2, 10), by=BY, meets=[0, 1])
    ask_admission(intake, members["redon"], date(2024, 2, 20), by=BY, meets=[1])
    assert [(str(r.request.membership.organization), r.rank, r.has_place) for r in waiting_list(intake)] == [
        ("Allaire", 1, True), ("Redon", 2, True), ("Sixt-sur-Aff", 3, False),
    ]  # fmt: skip
    condition = Precondition(agreement=made, offer="avancé_sans_dsi", label="recrutement d’un agent")
    condition.save()
    assert refused(admit, intake, ON, by=BY) == (
        "« Lot de services avancés, communes sans DSI » est seulement annoncée : il reste à remplir : recrutement d’un agent."
    )
    condition.met_on, condition.proof = date(2024, 2, 28), "contrat signé"
    condition.save()
    assert unmet(intake, date(2024, 2, 27)) == [condition]
    assert unmet(intake, ON) == []
    assert [str(r.membership.organization) for r in admit(intake, ON, by=BY)] == ["Allaire", "Redon"]
    outcomes = IntakeRequest.objects.unscoped().order_by("membership__organization__sort_name")
    assert [(r.outcome, r.decided_on) for r in outcomes] == [("admitted", ON), ("admitted", ON), ("waiting", None)]
    assert refused(admit, intake, ON, by=BY) == (
        "Personne n’est à admettre : aucune demande n’attend, ou toutes les places sont prises."
    )
    on = date(2024, 9, 1)
    assert refused(choosing.choose, members["sixt"], wish("avancé_sans_dsi", on=on, stated_on=ON), by=BY).startswith(
        "« Lot de services avancés, communes sans DSI » s’ouvre par la liste d’admission de 2024 : elle y est « en attente ». "
        "En attendant, elle peut prendre « Socle de base »."
    )
    choosing.choose(members["sixt"], wish("socle", on=on, stated_on=ON), by=BY)
    later = date(2027, 1, 1)
    told = refused(choosing.choose, members["sixt"], wish("avancé_sans_dsi", on=later, stated_on=ON), by=BY)
    assert "s’ouvre par la liste d’admission de 2027 : celle de 2027 n’est pas encore ouverte." in told
    assert choosing.against_intake(members["allaire"], version_in_force(made, ON), {"avancé_sans_dsi": later}) == []


def test_a_member_asks_once_and_only_on_the_list_of_its_convention(pool, sicoval):
    made, intake = sicoval
    member = asked(pool["sixt"], made, on=date(2024, 2, 1), by=BY)
    ask_admission(intake, member, date(2024, 2, 1), by=BY)
    assert refused(ask_admission, intake, member, date(2024, 2, 2), by=BY) == "Sixt-sur-Aff figure déjà sur cette liste."
    other = asked(pool["sixt"], agreement(), on=date(2024, 2, 1), by=BY)
    assert refused(ask_admission, intake, other, date(2024, 2, 2), by=BY) == (
        "Sixt-sur-Aff adhère à une autre convention que celle de cette liste."
    )
    later = asked(pool["allaire"], made, on=date(2024, 2, 1), by=BY)
    assert refused(ask_admission, intake, later, date(2024, 2, 2), by=BY, meets=[7]) == (
        "Cette liste n’a pas tous ces critères : rouvrez la page, elle a pu changer."
    )


def test_letters_of_intent_and_commitment_are_kept_with_their_date(pool, sicoval):
    made, _ = sicoval
    Letter(organization=pool["sixt"], agreement=made, kind="commitment", on=ON).save()
    assert str(Letter.objects.unscoped().get()) == "lettre d’engagement du 01/03/2024"


@pytest.mark.covers("MEM-20", "MEM-22")
def test_the_history_of_a_list_a_condition_and_an_examination_words_the_offers_and_the_row_keeps_their_names(world):
    advanced, basic = "Lot de services avancés, communes sans DSI", "Socle de base"
    with first_pool():
        made = agreement("sicoval", "Informatique partagée", starts_on=date(2023, 1, 1))
        intake = Intake(agreement=made, offer="avancé_sans_dsi", year=2024, fallback="socle")
        condition = Precondition(agreement=made, offer="avancé_sans_dsi", label="recrutement d’un agent")
        member = asked(world["sixt"], made, on=date(2024, 2, 1), by=BY)
        examination = Examination(membership=member, opened_on=ON, reason="x", offer="socle", line="coût_d_un_poste")
        for row in (intake, condition, examination):
            row.save()
        ask_admission(intake, member, ON, by=BY)
        Intake.objects.unscoped().filter(pk=intake.pk).update(offer="socle", fallback="")
    world.sign_in("director")
    histories = {slug: world.get(f"/historique/{slug}/{row.pk}/")
                 for slug, row in (("listes-d-admission", intake), ("conditions-prealables", condition),
                                   ("examens", examination))}  # fmt: skip
    rows = {slug: [[cell.text for tag in ("th", "td") for cell in row.all(tag)] for row in page.main.all("tr")]
            for slug, page in histories.items()}  # fmt: skip
    assert rows["listes-d-admission"][1] == ["Offre", advanced, basic]
    assert ["Offre en attendant", "sans objet", basic] in rows["listes-d-admission"]
    assert histories["listes-d-admission"].sentence.startswith(f"{basic} 2024, liste d’admission.")
    assert ["Offre", "sans objet", advanced] in rows["conditions-prealables"]
    assert ["Offre", "sans objet", basic] in rows["examens"]
    assert ["Ligne du tarif que ce montant remplace", "sans objet", "coût d’un poste"] in rows["examens"]
    with first_pool():
        Intake.objects.unscoped().filter(pk=intake.pk).update(fallback="avancé_sans_dsi")
        assert Examination.objects.unscoped().get().offer == "socle"
    told = world.get(f"/adhesions/{member.pk}/").section("Listes d’admission").text
    assert (f"{basic} 2024" in told, f"en attendant : « {advanced} »" in told) == (True, True)


def test_offers_are_called_by_their_labels_on_the_lists_and_in_the_choice_of_a_convention(world):
    with first_pool():
        made = agreement("sicoval", "Informatique partagée", starts_on=date(2023, 1, 1))
        Intake(agreement=made, offer="avancé_sans_dsi", year=2024, places=2).save()
        Precondition(agreement=made, offer="avancé_sans_dsi", label="recrutement d’un agent").save()
    world.sign_in("director")
    text = world.get("/admissions/").main.text
    assert (text.count("Lot de services avancés, communes sans DSI"), "avancé_sans_dsi" in text) == (2, False)
    begin = world.get("/conventions/commencer/").main.text
    assert "Nîmes Métropole, Convention cadre de fonctionnement de la Direction Numérique" in begin
    assert "---------" not in world.get("/signatures/").main.text
