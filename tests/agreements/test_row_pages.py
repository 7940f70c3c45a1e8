"""The plain forms of memberships and conventions: what they offer, what they refuse, and what a decided price costs."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from communis.agreements.models import Dispute, Examination, Intake, Notice, Precondition, StaffFile
from communis.agreements.operations import choosing
from communis.directory.models import Supplier
from factories.agreements import CLERK, act, agreement, asked, path, text_of, wish
from factories.world import first_pool, person

pytestmark = pytest.mark.django_db
DAY = date(2024, 1, 1)
TODAY = timezone.localdate()
TOMORROW = f"{TODAY + timedelta(days=1):%d/%m/%Y}"


@pytest.mark.covers("MEM-22")
def test_an_examination_is_of_an_offer_of_the_convention_and_decided_by_an_act_of_one_of_the_parties(world, sixt):
    with first_pool():
        own, host = act(world["sixt"], on=date(2024, 2, 6), number="12"), act(world["host"], on=date(2024, 2, 6), number="7")
        act(world["allaire"], on=date(2024, 2, 6), number="31")
        act(world["host"], on=date(2024, 2, 6), number="8", state="draft")
    where = f"/fiches/examens/ajouter/{sixt.pk}/"
    page = world.get(where)
    assert page.choices("offer") == ["à choisir", "Socle complet", "Audit", "Groupements d’achats", "Socle annexe complet"]
    assert page.choices("decided_by") == [
        "aucun", f"Sixt-sur-Aff, {own} : Adhésion au service commun", "Sixt-sur-Aff, délibération du 12/12/2023 : Adhésion au "
        "service commun", f"REDON Agglomération, {host} : Adhésion au service commun",
    ]  # fmt: skip
    typed = {"offer": "socle_complet", "opened_on": "01/02/2024", "reason": "plus de 8 000", "amount": "15 000",
             "decided_on": "06/02/2024", "decided_by": host.pk}  # fmt: skip
    wrong = {
        "offer": ("Socle complet", "Sélectionnez un choix valide. Socle complet n’en fait pas partie."),
        "decided_on": ("05/02/2024", "L’acte est du 06/02/2024 : la décision ne peut pas le précéder."),
        "opened_on": ("07/02/2024", "L’examen est ouvert le 07/02/2024 : il se décide ensuite. Corrigez l’un des deux jours."),
        "amount": ("-1", "Un montant décidé est de zéro euro ou plus."),
    }
    for name, (value, told) in wrong.items():
        page = world.fill(where, **{**typed, name: value})
        assert (page.status, page.errors[0].endswith(told)) == (422, True), page.errors
        assert page.fields["reason"] == "plus de 8 000"
    day = TODAY + timedelta(days=1)
    page = world.fill(where, **typed | {"decided_on": f"{day:%d/%m/%Y}"})
    assert page.errors == [f"Décidé le : La date doit être le {TODAY:%d/%m/%Y} ou avant."]
    assert world.fill(where, **typed).errors == [
        "Ligne du tarif que ce montant remplace : Le barème donne déjà 5 312,00 € pour « Socle complet, contribution annuelle » "
        ": un acte ne fixe un prix que là où le tarif le laisse à décider. Choisissez une autre ligne, laissez le montant en "
        "blanc, ou changez le barème par un avenant."
    ]
    page = world.fill(where, **typed | {"amount": "", "decision": "Le barème s’applique."})
    assert page.messages == ["Fait. Un examen approfondi est ajouté."]


@pytest.mark.covers("MEM-22", "TAR-17")
def test_the_price_that_an_act_set_after_an_examination_is_what_the_choices_cost(world):
    with first_pool():
        made = asked(world["redon"], agreement())
        choosing.choose(made, wish("socle_complet", on=DAY), by=CLERK)
    typed = {"offre-socle_complet": "on", "on": "01/01/2024", "stated_on": "01/10/2023"}
    where = path(made, "choix/")
    assert "à décider : hors barème : examen approfondi" in world.post(where, **typed).text
    with first_pool():
        row = Examination.objects.unscoped().get()
        row.amount, row.decided_on, row.decided_by = 15000, date(2023, 12, 1), act(world["host"], number="7")
        row.save()
    page = world.post(where, **typed)
    assert ("à décider" in page.text, "15 000,00 €" in page.text) == (False, True), page.text


@pytest.mark.covers("MEM-22", "TAR-17")
def test_the_price_of_an_examination_follows_the_prorata_of_its_line_from_the_day_of_the_choice(world):
    with first_pool():
        text = text_of("redon").replace("prorata selon AMB-02", "prorata en mois commencés")
        made = asked(world["redon"], agreement(tariff=text))
        choosing.choose(made, wish("socle_complet", on=date(2024, 5, 15)), by=CLERK)
        number = act(world["host"], number="7").pk
        row = Examination.objects.unscoped().get()
    page = world.fill(f"/fiches/examens/{row.pk}/modifier/", opened_on="01/02/2024", amount="15 000", decided_on="06/02/2024",
                      decided_by=number)  # fmt: skip
    assert page.messages == ["Fait. C’est enregistré."]
    typed = {"offre-socle_complet": "on", "on": "15/05/2024", "stated_on": "01/10/2023"}
    page = world.post(path(made, "choix/"), **typed)
    assert ("10 000,00 €" in page.text, "à décider" in page.text) == (True, False), page.text


@pytest.mark.covers("MEM-22", "TAR-17")
def test_the_price_of_an_examination_is_borne_by_the_line_chosen_or_refused_with_the_reason(world):
    with first_pool():
        made = asked(world["redon"], agreement())
        choosing.choose(made, wish("annexe_complète", on=DAY), by=CLERK)
        number = act(world["host"], number="7").pk
    where = f"/fiches/examens/ajouter/{made.pk}/"
    typed = {"offer": "annexe_complète", "opened_on": "01/12/2023", "reason": "plus de 8 000", "amount": "9 000",
             "decided_on": "15/12/2023", "decided_by": number}  # fmt: skip
    field = "Ligne du tarif que ce montant remplace"
    assert world.get(where).choices("line") == [
        "celle de l’offre, chaque exercice", "Socle complet, contribution annuelle", "Audit technique préalable au socle complet",
        "Audit", "Groupements d’achats, contribution annuelle",
    ]  # fmt: skip
    assert world.fill(where, **typed).errors == [
        f"{field} : « Socle annexe complet » a plusieurs lignes : « Audit » ; « Groupements d’achats, "
        "contribution annuelle ». Choisissez celle que ce prix remplace."
    ]
    assert world.fill(where, **typed | {"line": "contribution"}).errors == [
        f"{field} : Cette ligne n’est pas de « Socle annexe complet », dont les lignes sont : « Audit » ; « Groupements "
        "d’achats, contribution annuelle ». Choisissez l’une d’elles."
    ]
    assert world.fill(where, **typed | {"line": "contribution_groupements"}).errors == [
        f"{field} : Le barème donne déjà 6 013,50 € pour « Groupements d’achats, contribution annuelle » : un acte ne fixe un "
        "prix que là où le tarif le laisse à décider. Choisissez une autre ligne, laissez le montant en blanc, ou changez le "
        "barème par un avenant."
    ]
    page = world.fill(where, **typed | {"line": "prix_audit"})
    assert page.messages == ["Fait. Un examen approfondi est ajouté."]
    assert page.terms("Examens approfondis")[0][1].startswith("décidé le 15 décembre 2023, 9 000,00 € par an pour « Audit »")


@pytest.mark.covers("MEM-35")
def test_an_obligation_is_added_by_its_words_alone_and_once(world, sixt):
    where = f"/fiches/obligations/ajouter/{sixt.pk}/"
    assert "key" not in world.get(where).fields
    page = world.fill(where, label="Remettre l’inventaire des postes", due_on="01/02/2027")
    assert page.messages == ["Fait. Une obligation est ajoutée."]
    assert ("Remettre l’inventaire des postes", "à faire pour le 1er février 2027") in page.terms("Obligations")
    assert world.fill(where, label="Remettre l’inventaire des postes").errors == ["Cette obligation figure déjà."]
    with first_pool():
        added = sixt.obligations.unscoped().get(due_on=date(2027, 2, 1))
    assert added.key == "autre-remettre-linventaire-des-postes"
    page = world.fill(f"/fiches/obligations/{added.pk}/modifier/", label="Remettre l’inventaire")
    assert page.messages == ["Fait. C’est enregistré."]


@pytest.mark.covers("MEM-20")
def test_a_list_of_admission_is_of_offers_of_its_convention(world):
    with first_pool():
        redon, sicoval = agreement(), agreement("sicoval", starts_on=date(2024, 7, 1))
    where = "/fiches/listes-d-admission/ajouter/"
    typed = {"agreement": sicoval.pk, "offer": "avancé_sans_dsi", "year": "2027", "places": "2", "fallback": "socle"}
    page = world.get(where)
    assert "Lot de services avancés, communes sans DSI" in page.choices("offer")
    assert page.choices("fallback")[0] == "aucune"
    page = world.fill(where, **typed | {"offer": "Socle complet"})
    assert page.errors == ["Offre : Sélectionnez un choix valide. Socle complet n’en fait pas partie."]
    page = world.fill(where, **typed | {"agreement": redon.pk})
    assert page.errors == [
        "Offre : « Convention redon » n’a pas cette offre : choisissez l’une des siennes.",
        "Offre en attendant : « Convention redon » n’a pas cette offre : choisissez l’une des siennes.",
    ]
    assert page.fields["year"] == "2027"
    page = world.fill(where, **typed | {"fallback": "avancé_sans_dsi"})
    assert page.errors == [
        "Offre en attendant : C’est l’offre dont les places sont comptées : choisissez-en une autre, ou aucune."
    ]
    assert world.fill(where, **typed).messages == ["Fait. Une liste d’admission est ajoutée."]
    with first_pool():
        kept = Intake.objects.unscoped().get()
    assert (kept.offer, kept.fallback) == ("avancé_sans_dsi", "socle")
    with first_pool():
        assert Precondition.objects.unscoped().count() == 0
    page = world.fill("/fiches/conditions-prealables/ajouter/", agreement=sicoval.pk, offer="audit", label="recrutement")
    assert page.errors == ["Offre : « Convention sicoval » n’a pas cette offre : choisissez l’une des siennes."]


@pytest.mark.covers("MEM-21", "MEM-26", "MEM-32", "MEM-34", "MEM-35")
def test_what_is_said_to_be_done_is_never_done_on_a_day_to_come(world, sixt):
    with first_pool():
        dispute = Dispute(membership=sixt, subject="Délai", opened_on=date(2024, 3, 1))
        dispute.save()
        file = StaffFile(organization=world["sixt"], agreement=sixt.agreement, agent="Ada Riou", status="tenured", move="lent",
                         functions="support", starts_on=DAY)  # fmt: skip
        file.save()
        notice = Notice(membership=sixt, given_by="member", reason="x", received_on=DAY, exit_on=DAY, exit_rule="x")
        notice.save()
    told = f" : La date doit être le {TODAY:%d/%m/%Y} ou avant."
    cases = [
        (f"transmissions/ajouter/{sixt.pk}/", {"recipient": "prefecture", "sent_on": TOMORROW}, "Envoyée le"),
        (f"lettres/ajouter/{world['sixt'].pk}/", {"agreement": sixt.agreement.pk, "kind": "intent", "on": TOMORROW}, "Datée du"),
        (f"differends/ajouter/{sixt.pk}/", {"subject": "x", "opened_on": TOMORROW}, "Ouvert le"),
        (f"differends/{dispute.pk}/modifier/", {"closed_on": TOMORROW}, "Clos le"),
        (f"etapes-de-differend/ajouter/{dispute.pk}/", {"stage": "mediation", "on": TOMORROW}, "Le"),
        (f"avis-d-instances/ajouter/{file.pk}/", {"committee": "cst", "on": TOMORROW, "opinion": "favourable"}, "Rendu le"),
        (f"taches-de-sortie/ajouter/{notice.pk}/", {"rank": "1", "label": "x", "owner": "host", "done_on": TOMORROW}, "Fait le"),
        (f"compte-de-sortie/ajouter/{notice.pk}/", {"kind": "due", "label": "x", "agreed_member_on": TOMORROW},
         "Accepté du membre le"),
    ]  # fmt: skip
    said = {where: world.fill(f"/fiches/{where}", **typed).errors for where, typed, _ in cases}
    assert said == {where: [label + told] for where, _, label in cases}


@pytest.mark.covers("MEM-31", "MEM-34", "MEM-41")
def test_a_dispute_ends_after_it_began_a_year_has_366_days_and_a_mandate_rests_on_an_act_of_a_party(world, sixt):
    with first_pool():
        supplier = Supplier(name="Opale Logiciels", kind="publisher")
        supplier.save()
        agent = person("Malo", "Guivarch", world["sixt"], "technical")
        foreign, own = act(world["allaire"], number="31"), act(world["sixt"], number="12", subject="Mandat d’achat")
    page = world.fill(f"/fiches/differends/ajouter/{sixt.pk}/", subject="x", opened_on="01/03/2024", closed_on="29/02/2024")
    assert page.errors == ["Un différend est clos après avoir été ouvert."]
    where = f"/fiches/agents-contributeurs/ajouter/{sixt.pk}/"
    page = world.fill(where, person=agent.pk, days="9 999", starts_on="01/01/2024")
    assert page.errors == ["Une année compte 366 jours au plus."]
    assert page.fields["days"] == "9 999"
    where = f"/fiches/mandats-d-achat/ajouter/{sixt.pk}/"
    typed = {"supplier": supplier.pk, "account": "C-7", "assets": "licences", "starts_on": "01/02/2024"}
    assert f"Sixt-sur-Aff, {own} : Mandat d’achat" in world.get(where).choices("decided_by")
    page = world.fill(where, **typed, decided_by=foreign.pk)
    assert page.errors == ["Acte : Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles."]
    assert world.fill(where, **typed, decided_by=own.pk).messages == ["Fait. Un mandat d’achat est ajouté."]
