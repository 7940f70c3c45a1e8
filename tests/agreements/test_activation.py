"""Prerequisites, asked when a choice takes effect: found wanting, looked at by nobody, or waived (T-28, CAT-15)."""

from datetime import date

import pytest

from communis.agreements.models import Choice, Version
from communis.agreements.operations import choosing, memberships
from communis.catalog.models import Prerequisite
from communis.catalog.operations import state_check
from communis.kit.refusals import Refusal
from factories.agreements import CLERK, act, active, agreement, asked, signed, wish
from factories.catalogue import loaded
from factories.world import first_pool

pytestmark = pytest.mark.django_db
DAY = date(2027, 1, 1)
EYES, VIDEO = "3BIS Vidéo Surveillance Intelligente", "3 Vidéoprotection"
WANTED = "À fournir : leur texte est dans l’annexe de l’avenant n° 6."


@pytest.fixture
def brick(world):
    """The convention of Nîmes with its catalogue, in which one prerequisite blocks and another warns."""
    edition = loaded("nimes_metropole", "Avenant n° 6")
    with first_pool():
        of = agreement("nimes_metropole", starts_on=date(2022, 4, 4))
        Version.objects.unscoped().filter(agreement=of).update(edition=edition)
        Prerequisite.objects.unscoped().filter(entry__offer="vidéo_intelligente").update(effect="warns")
    return of


def find(organization, offer, outcome, evidence):
    state_check(organization, offer=offer, key="prerequis-de-la-brique", outcome=outcome, on=CLERK.today, evidence=evidence,
                by=CLERK.name, today=CLERK.today)  # fmt: skip


def path(membership, more=""):
    return f"/adhesions/{membership.pk}/{more}"


def told(page, title):
    return [row.text for row in page.section(title).all("li")]


@pytest.mark.covers("T-28", "CAT-15")
def test_what_nobody_looked_at_is_told_apart_from_what_was_found_wanting_and_each_leads_to_its_check(world, brick):
    with first_pool():
        made = asked(world["sixt"], brick)
        find(world["sixt"], "vidéo_intelligente", "unmet", "caméras trop anciennes")
    world.sign_in("office")
    typed = {**world.get(path(made, "choix/")).fields, "on": "01/01/2027", "offre-vidéoprotection": "on",
             "offre-vidéo_intelligente": "on"}  # fmt: skip
    page = world.post(path(made, "choix/"), **typed)
    assert page.title == "Vérifiez avant d’enregistrer"
    assert page.terms("Prérequis non remplis") == [
        (EYES, f"Prérequis de la brique vidéo intelligente. {WANTED} Non rempli, constaté le 29 novembre 2026 : caméras trop "
         f"anciennes, avertit seulement Constater de nouveau : {EYES}")
    ]  # fmt: skip
    assert page.terms("Prérequis que personne n’a encore constatés") == [
        (VIDEO, f"Prérequis de la brique vidéoprotection. {WANTED} Bloque la prise d’effet Constater : {VIDEO}")
    ]
    check = world.get(page.section("Prérequis que personne n’a encore constatés").all("a")[0].attrs["href"])
    assert check.title == "Constater un prérequis"
    wanted = check.choice("prerequisite", f"{VIDEO} : Prérequis de la brique vidéoprotection. {WANTED}")
    assert check.fields["prerequisite"] == wanted


@pytest.mark.covers("T-28", "CAT-15")
def test_a_blocking_prerequisite_forbids_the_effect_until_it_is_met_or_waived_with_its_evidence(world, brick):
    with first_pool():
        made = asked(world["sixt"], brick)
        choosing.choose(made, wish("vidéoprotection", "vidéo_intelligente", on=DAY), by=CLERK)
        memberships.record_step(made, "voted", act=act(world["sixt"]), by=CLERK)
        signed(made)
    page = world.fill(path(made, "effet/"))
    assert page.errors == [
        "L’adhésion de Sixt-sur-Aff ne peut pas prendre effet. Il manque : prérequis à constater, 3 Vidéoprotection (Prérequis "
        f"de la brique vidéoprotection. {WANTED[:-1]} : personne ne l’a encore constaté)."
    ]
    assert [row.split(" : Prérequis de")[0] for row in told(world.get(path(made)), "Ce qui manque")] == [
        f"Prérequis à constater, {VIDEO}", f"Prérequis à constater, {EYES}",
    ]  # fmt: skip
    with first_pool():
        find(world["sixt"], "vidéoprotection", "waived", "décision de la direction du 3 mai")
    page = world.fill(path(made, "effet/"))
    assert page.notices == [
        f"Attention. Prérequis à constater, {EYES} : Prérequis de la brique vidéo intelligente. {WANTED[:-1]} : personne ne l’a "
        "encore constaté.",
    ]
    page = world.post(path(made, "effet/"), **page.fields, fait="oui")
    assert page.messages == ["Fait. L’adhésion prend effet le 1er janvier 2027."]


@pytest.mark.covers("T-28", "CAT-15")
def test_a_change_of_choice_asks_for_the_bricks_it_adds_and_for_no_other(world, brick):
    with first_pool():
        find(world["sixt"], "vidéoprotection", "met", "visite")
        made = active(world["sixt"], brick, "vidéoprotection", effect_on=date(2024, 1, 1))
        find(world["sixt"], "vidéoprotection", "unmet", "panne")  # asked when it was taken, and not again
        decision = act(world["sixt"], on=date(2026, 2, 6), kind="decision")
        with pytest.raises(Refusal) as refused:
            choosing.choose(made, wish("vidéoprotection", "bureautique", on=DAY, act=decision), by=CLERK)
        assert str(refused.value).replace("\N{NO-BREAK SPACE}", " ") == (
            f"« 5 Bureautique » : Prérequis de la brique bureautique. {WANTED} (avenant n° 6) Personne ne l’a encore constaté. "
            "Ce prérequis bloque l’activation. Faites-le constater, ou demandez à la direction du service une dispense avec sa "
            "preuve."
        )
        Prerequisite.objects.unscoped().filter(entry__offer="bureautique").update(effect="warns")
        choosing.choose(made, wish("vidéoprotection", "bureautique", on=DAY, act=decision), by=CLERK)
        assert Choice.objects.unscoped().filter(offer="bureautique").count() == 1
