"""The form of choices on the page: what each member holds, checked with its cost before it is kept."""

from datetime import date

import pytest

from communis.agreements.models import Choice, ChoiceForm
from communis.agreements.operations import memberships
from factories.agreements import CLERK, act, active, agreement, asked, path
from factories.world import first_pool

pytestmark = pytest.mark.django_db


@pytest.mark.covers("MEM-07", "MEM-08")
def test_a_member_fills_its_own_choices_in_two_screens_and_the_blanks_are_told(world):
    with first_pool():
        made = asked(world["sixt"], agreement())
    page = world.get(path(made))
    assert "Formulaire des choix" in page.section("Ce qui manque").text
    assert "Délibération de Sixt-sur-Aff" in page.section("Ce qui manque").text
    world.sign_in("office")
    page = world.get(path(made, "choix/"))
    typed = {**page.fields, "offre-groupements": "on", "on": "01/01/2027", "stated_on": "01/10/2026"}
    page = world.post(path(made, "choix/"), **typed)
    assert (page.status, page.title) == (200, "Vérifiez avant d’enregistrer")
    assert "Groupements d’achats à compter du 1er janvier 2027" in page.text
    with first_pool():
        assert not ChoiceForm.objects.unscoped().exists()
    page = world.post(path(made, "choix/"), **typed, fait="oui")
    assert page.messages == ["Fait. Les choix sont enregistrés."]
    assert page.terms("Choix")[0] == ("Groupements d’achats", "à compter du 1er janvier 2027")
    assert world.get(path(made, "effet/")).status == 404  # what binds the service is not for the member
    world.sign_in("elected")
    assert world.get(path(made)).status == 404


@pytest.mark.covers("CAT-05")
def test_before_choices_are_kept_their_cost_is_shown_and_the_socle_complet_makes_the_groupements_free(world):
    with first_pool():
        made = asked(world["sixt"], agreement())
    world.sign_in("office")
    typed = {**world.get(path(made, "choix/")).fields, "offre-socle_complet": "on", "offre-groupements": "on", "on": "01/01/2024",
             "stated_on": "01/10/2023"}  # fmt: skip
    page = world.post(path(made, "choix/"), **typed)
    rows = [tuple(row) for row in page.table("Ce que ces choix coûtent, ligne par ligne")]
    assert rows[:2] == [
        ("Socle complet, contribution annuelle part fixe + part variable × habitants = 2 000,00 € + 1,50 €/hab × 2 208 hab ; "
         "classe « de 1 500 à moins de 3 000 » (habitants : 2 208 hab)",
         "2024", "art. 7.1", "5 312,00 €"),
        ("Groupements d’achats, contribution annuelle exonérée", "2024", "art. 7.2.2", "0,00 €"),
    ]  # fmt: skip


def test_the_day_of_an_offer_before_that_of_the_form_is_refused_and_not_moved(world):
    with first_pool():
        made = asked(world["sixt"], agreement())
    world.sign_in("office")
    typed = {**world.get(path(made, "choix/")).fields, "offre-audit": "on", "du-audit": "01/12/2023", "on": "01/01/2024",
             "stated_on": "01/10/2023"}  # fmt: skip
    assert world.post(path(made, "choix/"), **typed).errors == [
        "Date d’effet, Audit : Le 01/12/2023 vient avant le 01/01/2024, jour où ces choix sont en vigueur. Avancez ce jour, ou "
        "laissez la date de l’offre vide."
    ]


@pytest.mark.covers("T-28")
def test_3bis_without_3_is_refused_on_the_page_with_what_was_ticked_kept(world):
    with first_pool():
        made = asked(world["sixt"], agreement("nimes_metropole", starts_on=date(2022, 4, 4)))
    typed = {**world.get(path(made, "choix/")).fields, "offre-vidéo_intelligente": "on", "on": "01/01/2027"}
    page = world.post(path(made, "choix/"), **typed)
    assert page.status == 422
    assert any("« 3BIS. Vidéo Surveillance Intelligente » exige « 3. Vidéoprotection »" in words for words in page.errors)
    assert page.fields["offre-vidéo_intelligente"] == ["on"]


@pytest.mark.covers("MEM-10")
def test_an_offer_given_up_is_not_asked_to_lose_the_day_that_it_had(world, sixt):
    with first_pool():
        decision = act(world["sixt"], on=date(2026, 9, 8), kind="decision", number="2026-12")
    world.sign_in("office")
    typed = {**world.get(path(sixt, "choix/")).fields, "offre-audit": "on", "on": "01/01/2027", "act": decision.pk}
    del typed["offre-groupements"]
    assert typed["du-groupements"] == "01/01/2024"
    assert world.post(path(sixt, "choix/"), **typed).errors == []
    refused = world.post(path(sixt, "choix/"), **{**typed, "du-groupements": "01/02/2027"})
    assert refused.errors == ["Date d’effet, Groupements d’achats : Cochez l’offre, ou laissez sa date vide."]


@pytest.mark.covers("MEM-10")
def test_a_change_of_choice_on_the_page_wants_its_decision_and_closes_the_former_form(world, sixt):
    with first_pool():
        decision = act(world["sixt"], on=date(2026, 9, 8), kind="decision", number="2026-12")
    world.sign_in("office")
    typed = {**world.get(path(sixt, "choix/")).fields, "offre-audit": "on", "on": "01/01/2027"}
    typed["du-groupements"] = ""
    assert world.post(path(sixt, "choix/"), **typed).errors == ["Décision ou délibération : à choisir."]
    page = world.post(path(sixt, "choix/"), **{**typed, "act": decision.pk})
    assert "fermés la veille, le 31 décembre 2026" in page.text
    page = world.post(path(sixt, "choix/"), **{**typed, "act": decision.pk, "fait": "oui"})
    assert page.messages == ["Fait. Les choix sont enregistrés."]
    assert [row[0] for row in page.terms("Formulaires de choix")] == [
        "Choix, à compter du 1er janvier 2027", "Choix, du 1er janvier 2024 au 31 décembre 2026",
    ]  # fmt: skip


@pytest.mark.covers("MEM-10")
def test_the_cost_of_the_socle_complet_after_an_audit_is_what_is_left_of_it_once_the_audit_is_deducted(world):
    with first_pool():
        sixt = active(world["sixt"], agreement(), "audit", effect_on=date(2024, 7, 1))
        memberships.record_step(sixt, "audited", on=date(2024, 9, 16), by=CLERK)
        decision = act(world["sixt"], on=date(2025, 2, 4), kind="decision", number="2025-3")
    world.sign_in("office")
    typed = {**world.get(path(sixt, "choix/")).fields, "offre-socle_complet": "on", "on": "01/04/2025", "stated_on": "03/02/2025",
             "act": decision.pk}  # fmt: skip
    del typed["offre-audit"]
    page = world.post(path(sixt, "choix/"), **typed)
    rows = page.table("Ce que ces choix coûtent, ligne par ligne")
    assert [(row[0].partition(" part fixe")[0].partition(" moins le")[0], row[1], row[3]) for row in rows] == [
        ("Socle complet, contribution annuelle", "2025", "5 394,50 €"),
        ("Audit déduit du socle complet", "2025", "−3 500,00 € (estimation)"),
        ("Audit technique préalable au socle complet", "2025", "0,00 €"),
    ]  # fmt: skip
    assert "Total 1 894,50 €" in page.main.text


@pytest.mark.covers("MEM-08", "MEM-43")
def test_two_clerks_who_fill_the_same_choices_are_told_what_the_first_kept_and_nothing_is_lost(world):
    with first_pool():
        made = asked(world["sixt"], agreement())
    where = path(made, "choix/")
    typed = {**world.get(where).fields, "on": "01/01/2027", "stated_on": "01/10/2026", "fait": "oui"}
    mine, theirs = typed | {"offre-groupements": "on"}, typed | {"offre-audit": "on"}
    assert world.post(where, **mine).messages == ["Fait. Les choix sont enregistrés."]
    assert world.post(where, **mine).messages == ["Fait. Les choix sont enregistrés."]  # the same, sent twice
    page = world.post(where, **theirs)
    assert page.errors == [
        "Les choix de Sixt-sur-Aff ont changé depuis que cette page vous a été montrée : Groupements d’achats à compter du "
        "01/01/2027. Rien n’est enregistré. Relisez ce que vous avez coché, puis vérifiez de nouveau : vos choix prendraient "
        "leur place."
    ]
    with first_pool():
        assert [row.offer for row in Choice.objects.unscoped()] == ["groupements"]
    again = {name: value for name, value in page.fields.items() if value}  # what was ticked is kept, and is now said knowingly
    assert (again["offre-audit"], "offre-groupements" in again) == (["on"], False)
    assert world.post(where, **again, fait="oui").messages == ["Fait. Les choix sont enregistrés."]
    with first_pool():
        assert [row.offer for row in Choice.objects.unscoped()] == ["audit"]
