"""The pages of memberships: the list, the file, choices and notice in two screens, admissions, the territory, the calendar."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from communis.agreements.choices import offers_of
from communis.agreements.models import (
    ChoiceForm,
    Dispatch,
    Examination,
    Intake,
    Membership,
    Notice,
    Precondition,
    PurchaseMandate,
    Resolution,
    Step,
)
from communis.agreements.operations import choosing, memberships
from communis.directory.models import Fact, FactType, Grant, Role, Supplier
from factories.agreements import CLERK, act, active, agreement, asked, path, signed, wish
from factories.world import count_queries, first_pool, person

pytestmark = pytest.mark.django_db
DAY = date(2024, 1, 1)
TODAY = timezone.localdate()


@pytest.mark.covers("MEM-06", "MEM-15")
def test_the_list_tells_state_choices_and_what_comes_next_filters_and_exports(world, sixt):
    with first_pool():
        redon = sixt.agreement
        asked(world["allaire"], redon)
        gone = asked(world["redon"], redon)
        memberships.drop(gone, "abandoned", date(2023, 10, 1), by=CLERK)
    page = world.get("/adhesions/")
    next_year = date(TODAY.year + 1, 1, 1)
    rows = {row[0]: row for row in page.table("Adhésions et demandes")}
    assert rows["Sixt-sur-Aff"][2:6] == ["Groupements d’achats", "Active", "1er janv. 2024", "1"]
    assert rows["Sixt-sur-Aff"][6] == f"1er janv. {next_year.year}"
    assert rows["Sixt-sur-Aff"][7].startswith("31 déc. ")
    assert rows["Allaire"][2:4] == ["laissé en blanc", "En préparation"]
    assert rows["Allaire"][8] == "Délibération, choix, signatures"
    assert rows["Redon"][3] == "Abandonnée"
    assert [row[0] for row in world.get("/adhesions/", state="active").table("Adhésions et demandes")] == ["Sixt-sur-Aff"]
    assert [row[0] for row in world.get("/adhesions/", offer="groupements").table("Adhésions et demandes")] == ["Sixt-sur-Aff"]
    assert [row[0] for row in world.get("/adhesions/", q="allai").table("Adhésions et demandes")] == ["Allaire"]
    answer = world.client.get("/adhesions/", {"export": "csv", "state": "active"})
    exported = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert exported.splitlines()[1].startswith("Sixt-sur-Aff;redon;Groupements d’achats;active;")


def test_the_list_asks_as_many_queries_for_one_row_as_for_several(world, sixt):
    one = count_queries(world, "/adhesions/")
    with first_pool():
        for name in ("allaire", "redon"):
            active(world[name], sixt.agreement, "groupements")
    assert count_queries(world, "/adhesions/") == one
    assert one <= 8


@pytest.mark.covers("MEM-37")
def test_the_file_of_a_member_is_one_page_with_choices_version_dates_contacts_and_duties(world, sixt):
    with first_pool():
        person("Ada", "Bihan", world["sixt"], "decision")
        Role.objects.unscoped().filter(person__last_name="Bihan").update(ends_on=date(TODAY.year + 2, 3, 31))
        person("Line", "Derrien", world["sixt"], "technical")
        Role.objects.unscoped().filter(person__last_name="Derrien").update(ends_on=date(2025, 3, 31))
        Dispatch(membership=sixt, recipient="prefecture", sent_on=date(2024, 1, 8), proof="accusé n° 7").save()
    page = world.get(path(sixt))
    assert (page.title, page.sentence) == ("Sixt-sur-Aff", "Adhésion à Convention redon, version 1.")
    assert page.terms("Choix")[0] == ("Groupements d’achats", "à compter du 1er janvier 2024")
    assert "Date d’effet 1er janvier 2024" in page.margin
    assert f"Prochaine reconduction 1er janvier {TODAY.year + 1}" in page.margin
    assert ("Préfecture", "8 janvier 2024 accusé n° 7") in page.terms("Transmissions de la convention signée")
    told = page.section("Interlocuteurs").text
    assert ("Ada Bihan" in told, "Line Derrien" in told) == (True, False)  # the second is over, the first has an end to come
    assert page.terms("Obligations")[0][1].startswith("à faire")
    assert [label for label, _ in page.terms("Étapes")] == [
        "Demande, 1er septembre 2023", "Délibération du membre, 12 décembre 2023", "Signature du membre, 20 décembre 2023",
        "Signature du gestionnaire, 20 décembre 2023", "Prise d’effet, 1er janvier 2024",
    ]  # fmt: skip
    assert "délibération du 12/12/2023" in dict(page.terms("Étapes"))["Prise d’effet, 1er janvier 2024"]
    assert "saisie par Erwan Talhouarn le 29 novembre 2026" in page.text
    assert page.terms("Signatures")[0] == (
        "Membre, 20 décembre 2023", "Ada Bihan, maire délibération autorisant la signature",
    )  # fmt: skip


@pytest.mark.covers("MEM-06")
def test_the_list_counts_no_vote_that_its_council_rejected(world):
    with first_pool():
        made = asked(world["sixt"], agreement())
        vote = act(world["sixt"])
        memberships.record_step(made, "voted", act=vote, by=CLERK)
    assert world.get("/adhesions/?q=Sixt").table("Adhésions et demandes")[0][-1] == "Choix, signatures"
    with first_pool():
        vote.votes_for, vote.votes_against = 4, 11
        vote.save()
    assert world.get("/adhesions/?q=Sixt").table("Adhésions et demandes")[0][-1] == "Délibération, choix, signatures"


@pytest.mark.covers("MEM-24", "T-37")
def test_the_exit_is_shown_before_the_notice_is_confirmed_by_either_reading(world, sixt):
    typed = {**world.get(path(sixt, "preavis/")).fields, "received_on": "10/03/2025", "reason": "autre choix"}
    page = world.post(path(sixt, "preavis/"), **typed)
    assert page.title == "Vérifiez avant d’enregistrer"
    assert "Dernier jour de l’adhésion 10 mars 2026" in page.text
    other = world.post(path(sixt, "preavis/"), **{**typed, "reading": "fin_de_période"})
    assert "Dernier jour de l’adhésion 31 décembre 2026" in other.text
    with first_pool():
        assert not Notice.objects.unscoped().exists()
    page = world.post(path(sixt, "preavis/"), **typed, fait="oui")
    assert page.messages == ["Fait. Le préavis est enregistré. L’adhésion prend fin le 10 mars 2026."]
    assert [row[0] for row in page.terms("À faire avant la sortie")][:2] == [
        "Rendre au membre ses données", "Restituer ou reprendre les matériels et les logiciels",
    ]  # fmt: skip
    again = world.post(path(sixt, "preavis/"), **typed)
    assert again.errors == ["Sixt-sur-Aff est déjà en préavis : sortie le 10/03/2026."]


@pytest.mark.covers("MEM-24", "DOC-04")
def test_the_act_of_a_notice_that_cannot_have_decided_the_exit_is_told_before_it_is_confirmed(world, sixt):
    with first_pool():
        adhesion = Step.objects.unscoped().get(membership=sixt, kind="voted").decided_by
        before, late = act(world["sixt"], on=date(2023, 10, 5), number="9"), act(world["sixt"], on=date(2025, 3, 12), number="4")
        right = act(world["sixt"], on=date(2025, 3, 3), number="3")
    typed = {**world.get(path(sixt, "preavis/")).fields, "received_on": "10/03/2025", "reason": "autre choix"}

    def told(decided_by):
        page = world.post(path(sixt, "preavis/"), **typed | {"act": decided_by.pk})
        assert page.errors or page.notices[-1] == "Attention. Les sommes restent dues jusqu’à la sortie."
        return page.notices[:-1] or page.errors

    assert told(adhesion) == [
        "Attention. « délibération du 12/12/2023 » a déjà décidé autre chose de cette adhésion, délibération du membre du "
        "12/12/2023 : vérifiez qu’il décide aussi la sortie, ou rattachez l’acte qui la décide."
    ]
    assert told(before) == [
        "Attention. L’acte « délibération n° 9 du 05/10/2023 » est antérieur à la prise d’effet de l’adhésion, le 01/01/2024 : "
        "vérifiez qu’il décide la sortie."
    ]
    assert told(late) == [
        "Attention. L’acte « délibération n° 4 du 12/03/2025 » est postérieur à la lettre, reçue le 10/03/2025 : elle a été "
        "envoyée avant que le conseil décide."
    ]
    assert told(right) == []


def test_the_steps_that_bind_the_service_are_entered_by_its_direction_page_by_page(world):
    with first_pool():
        made = asked(world["sixt"], agreement())
        vote = act(world["sixt"], number="2023-41")
    assert world.fill(path(made, "effet/"), chosen_on="01/01/2024").errors[0].startswith("L’adhésion de Sixt-sur-Aff ne peut")
    page = world.fill(path(made, "etapes/ajouter/"), kind="voted", act=vote.pk)
    assert page.messages == ["Fait. L’étape est écrite."]
    for party in ("member", "host"):
        page = world.fill(path(made, "signer/"), party=party, signatory="Ada Bihan", quality="maire", on="20/12/2023",
                          authority="délibération du 12/12/2023")  # fmt: skip
        assert page.messages == ["Fait. La signature est enregistrée."]
    page = world.fill(path(made, "effet/"), chosen_on="01/01/2024")
    assert page.title == "Vérifiez avant d’enregistrer"
    for words in ("Date d’effet 1er janvier 2024", "Fin sans terme", "Décidée par délibération n° 2023-41 du 12/12/2023"):
        assert words in page.text
    with first_pool():
        assert Membership.objects.unscoped().get(pk=made.pk).effect_on is None  # told, and not yet written
    page = world.post(path(made, "effet/"), **page.fields, fait="oui")
    assert page.messages == ["Fait. L’adhésion prend effet le 1er janvier 2024."]
    with first_pool():
        assert Membership.objects.unscoped().get(pk=made.pk).effect_on == DAY


@pytest.mark.covers("MEM-05")
def test_each_party_signs_by_its_representative_in_a_quality_and_by_the_act_of_its_own_council(world):
    with first_pool():
        made = asked(world["sixt"], agreement())
        vote = act(world["sixt"], number="2023-41")
        other = act(world["allaire"], number="2023-07")
        host = act(world["host"], on=date(2020, 7, 15), number="CC_2020_77", subject="Délégations au président")
        memberships.record_step(made, "voted", by=CLERK, act=vote)
    page = world.get(path(made, "signer/"))
    assert page.choices("party") == ["Membre", "Gestionnaire"]
    assert page.choices("act") == [
        "aucun", "Sixt-sur-Aff, délibération n° 2023-41 du 12/12/2023, Adhésion au service commun",
        "REDON Agglomération, délibération n° CC_2020_77 du 15/07/2020, Délégations au président",
    ]  # fmt: skip
    assert page.fields["act"] == str(vote.pk)  # the vote of the adhesion authorizes its mayor, as a rule
    typed = {"signatory": "Ada Bihan", "quality": "maire", "on": "20/12/2023"}
    nothing = world.post(path(made, "signer/"), party="member", act="", **typed)
    assert nothing.errors == [
        "Dites ce qui autorise Ada Bihan à signer pour le membre : l’acte, s’il est enregistré, ou ses références telles que la "
        "convention les écrit."
    ]
    theirs = world.post(path(made, "signer/"), party="member", act=host.pk, **typed)
    assert theirs.errors == [
        "« délibération n° CC_2020_77 du 15/07/2020 » est un acte de REDON Agglomération : il faut un acte de Sixt-sur-Aff."
    ]
    assert world.post(path(made, "signer/"), party="member", act=other.pk, **typed).status == 422
    world.fill(path(made, "signer/"), party="member", **typed)
    typed = {"signatory": "Loïc Riou", "quality": "président", "on": "22/12/2023"}
    ours = world.post(path(made, "signer/"), party="host", act=vote.pk, **typed)
    assert ours.errors == [
        "« délibération n° 2023-41 du 12/12/2023 » est un acte de Sixt-sur-Aff : il faut un acte de REDON Agglomération."
    ]
    world.fill(path(made, "signer/"), party="host", act=host.pk, **typed)
    assert world.get(path(made)).terms("Signatures") == [
        ("Membre, 20 décembre 2023", "Ada Bihan, maire délibération n° 2023-41 du 12/12/2023"),
        ("Gestionnaire, 22 décembre 2023", "Loïc Riou, président délibération n° CC_2020_77 du 15/07/2020"),
    ]


def test_a_member_asks_to_adhere_for_itself_and_for_no_other(world):
    with first_pool():
        redon = agreement()
    world.sign_in("office")
    page = world.get("/adhesions/demander/")
    assert page.choices("organization") == ["à choisir", "Sixt-sur-Aff"]
    page = world.fill("/adhesions/demander/", organization=world["sixt"].pk, agreement=redon.pk)
    assert page.messages == ["Fait. La demande est inscrite. Remplissez maintenant les choix."]
    page = world.fill("/adhesions/demander/", organization=world["allaire"].pk, agreement=redon.pk)
    assert page.status == 422
    with first_pool():
        made = Membership.objects.unscoped().get()
        assert (made.organization, made.requested_on) == (world["sixt"], TODAY)
        assert Step.objects.unscoped().get().entered_by == "Maëlle Corbinaud"


@pytest.mark.covers("MEM-16", "MEM-15")
def test_an_expired_membership_blocks_and_one_in_its_last_period_warns_both_parties(world):
    with first_pool():
        sidec = agreement("sidec", starts_on=date(2010, 1, 1))
        gone = active(world["sixt"], sidec, "système", effect_on=TODAY.replace(day=1) - timedelta(days=6 * 366))
        last = TODAY.replace(year=TODAY.year - 5, day=1) - timedelta(days=40)
        soon = active(world["allaire"], sidec, "système", effect_on=last)
    said = world.get(path(gone)).notices
    assert any(words.startswith("Expirée. L’adhésion a atteint son terme le") for words in said)
    assert "Changer les choix" not in world.get(path(gone)).text
    assert any(
        words.startswith("Renouvellement exprès dû. Dernier jour pour délibérer") for words in world.get(path(soon)).notices
    )
    late = "Renouveler par une délibération d’avant le terme"
    assert world.get(path(gone)).links[late] == path(gone, "renouveler/")
    world.sign_in("office")
    page = world.get(path(gone))
    assert any(words.startswith("Expirée") for words in page.notices)
    assert (page.links["Inscrire une nouvelle demande"], late in page.links) == ("/adhesions/demander/", False)


@pytest.mark.covers("MEM-42")
def test_a_member_that_now_has_a_dsi_is_told_what_to_propose_and_nothing_changes(world):
    with first_pool():
        made = active(world["sixt"], agreement("sicoval", starts_on=date(2024, 7, 1)), "socle", effect_on=date(2025, 7, 1))
        made.forms.unscoped().get().choices.unscoped().update(offer="avancé_sans_dsi")
        kind = FactType.objects.unscoped().filter(code="avec_dsi").first() or FactType(code="avec_dsi", label="avec DSI",
                                                                                      shape="yes_no")  # fmt: skip
        kind.save()

        def state(text, on):
            Fact(type=kind, organization=world["sixt"], text=text, valid_on=on, source="enquête", entered_by="x",
                 entered_at=CLERK.at).save()  # fmt: skip

        state("non", date(2024, 7, 1))
    assert not any("Le choix ne convient plus" in words for words in world.get(path(made)).notices)
    with first_pool():
        state("oui", date(2026, 1, 1))
    (said,) = [words for words in world.get(path(made)).notices if words.startswith("Le choix ne convient plus")]
    assert "Lot de services avancés, communes sans DSI" in said
    assert "À proposer : " in said
    assert "communes avec DSI" in said.partition("À proposer")[2]
    with first_pool():
        assert made.forms.unscoped().get().choices.unscoped().get().offer == "avancé_sans_dsi"


@pytest.mark.covers("MEM-42")
def test_a_member_that_crosses_8000_is_told_what_to_propose_until_an_examination_decides(world):
    this_year = timezone.localdate().year
    with first_pool():
        made = active(world["sixt"], agreement(), "socle_complet")

    def told():
        return [words for words in world.get(path(made)).notices if words.startswith("Le choix ne convient plus")]

    assert told() == []
    with first_pool():
        Fact(type=FactType.objects.unscoped().get(code="habitants"), kind="totale", number=8001, organization=world["sixt"],
             valid_on=date(this_year, 1, 1), source="mairie", entered_by="x", entered_at=CLERK.at).save()  # fmt: skip
    assert told() == [
        "Le choix ne convient plus. Socle complet : Socle complet, contribution annuelle : à décider : hors barème : examen "
        "approfondi. À proposer : Groupements d’achats."
    ]
    with first_pool():
        assert made.forms.unscoped().get().choices.unscoped().get().offer == "socle_complet"
        Examination(membership=made, offer="socle_complet", reason="hors barème", opened_on=date(this_year, 1, 5),
                    decided_on=date(this_year, 1, 20)).save()  # fmt: skip
    assert told() == []


@pytest.mark.covers("ORG-19")
def test_the_territory_tells_the_state_of_adhesion_of_every_commune(world, sixt):
    with first_pool():
        asked(world["allaire"], sixt.agreement)
    page = world.get("/territoire/")
    rows = {row[0]: row[-1] for row in page.table("Les communes du territoire")}
    assert len(rows) == 31
    assert (rows["Sixt-sur-Aff"], rows["Allaire"], rows["Redon"], rows["Renac"]) == (
        "active", "en préparation", "non adhérente", "à inscrire",
    )  # fmt: skip
    words = [e.text for e in page.main.all("span", class_="territory-words")]
    assert words == ["1 adhérente", "1 en cours d’adhésion", "29 non adhérentes"]
    world.sign_in("office")  # a member knows who adheres, not who asks
    rows = {row[0]: row[-1] for row in world.get("/territoire/").table("Les communes du territoire")}
    assert (rows["Sixt-sur-Aff"], rows["Allaire"]) == ("active", "non adhérente")


@pytest.mark.covers("MEM-31", "MEM-32", "MEM-41", "MEM-34", "MEM-21", "MEM-22")
def test_mandates_sendings_agents_disputes_letters_and_examinations_are_kept_by_plain_forms(world, sixt):
    with first_pool():
        supplier = Supplier(name="Opale Logiciels", kind="publisher")
        supplier.save()
        agent = person("Malo", "Guivarch", world["sixt"], "technical")
        price = act(world["host"], on=date(2024, 2, 6), number="7")
    fill = world.fill
    fill(f"/fiches/mandats-d-achat/ajouter/{sixt.pk}/", supplier=supplier.pk, account="CLIENT-77", assets="licences de bureau",
         starts_on="01/02/2024")  # fmt: skip
    fill(f"/fiches/transmissions/ajouter/{sixt.pk}/", recipient="host_accountant", sent_on="09/01/2024", proof="bordereau 3")
    fill(f"/fiches/agents-contributeurs/ajouter/{sixt.pk}/", person=agent.pk, days="24", starts_on="01/01/2024")
    fill(f"/fiches/lettres/ajouter/{world['sixt'].pk}/", agreement=sixt.agreement.pk, kind="commitment", on="05/06/2023",
         wording="s’engage à adhérer")  # fmt: skip
    fill(f"/fiches/differends/ajouter/{sixt.pk}/", subject="Délai de migration", opened_on="01/03/2024",
         court="tribunal administratif de Rennes")  # fmt: skip
    page = fill(f"/fiches/examens/ajouter/{sixt.pk}/", offer="socle_complet", opened_on="01/02/2024", reason="écrit à la main",
                decision="barème", decided_on="06/02/2024", decided_by=price.pk)  # fmt: skip
    assert page.terms("Mandats d’achat")[0] == (
        "Opale Logiciels", "licences de bureau compte CLIENT-77, depuis le 1er février 2024, sans frais",
    )  # fmt: skip
    assert page.terms("Transmissions de la convention signée")[0] == ("Trésorier du gestionnaire", "9 janvier 2024 bordereau 3")
    assert page.terms("Contribution en nature, 24,0 jours par an")[0][0] == "Malo Guivarch"
    assert page.terms("Lettres d’engagement et d’intention")[0][0] == "Lettre d’engagement du 05/06/2023"
    assert page.terms("Examens approfondis")[0] == (
        "Socle complet, ouvert le 1er février 2024", "décidé le 6 février 2024 délibération n° 7 du 06/02/2024 écrit à la main",
    )  # fmt: skip
    with first_pool():
        dispute = sixt.disputes.unscoped().get()
    page = fill(f"/fiches/etapes-de-differend/ajouter/{dispute.pk}/", stage="conciliation", on="15/03/2024", outcome="échec")
    assert "tribunal administratif de Rennes conciliation du 15/03/2024, échec" in page.section("Différends").text
    page = fill(f"/fiches/examens/ajouter/{sixt.pk}/", offer="audit", opened_on="01/02/2024", reason="x", amount="10,00")
    assert page.errors == ["Un montant décidé a sa date et son acte."]
    with first_pool():
        assert PurchaseMandate.objects.unscoped().count() == 1


@pytest.mark.covers("MEM-25")
def test_the_exit_account_lists_sums_contracts_and_penalties_each_to_be_agreed(world, sixt):
    typed = {**world.get(path(sixt, "preavis/")).fields, "received_on": "10/03/2025", "reason": "autre choix"}
    world.post(path(sixt, "preavis/"), **typed, fait="oui")
    with first_pool():
        notice = Notice.objects.unscoped().get()
    page = world.fill(
        f"/fiches/compte-de-sortie/ajouter/{notice.pk}/", kind="contract_moved", label="Contrat de messagerie",
        amount="1 200,00", until="31/12/2026", agreed_member_on="01/04/2025", agreed_host_on="02/04/2025",
    )  # fmt: skip
    assert page.terms("Compte de sortie") == [
        ("Contrat de messagerie",
         "1 200,00 € contrat repris par le membre, jusqu’au 31 décembre 2026, accepté des deux parties"),
        ("Contributions dues jusqu’à la sortie",
         "montant à fixer somme due jusqu’à la fin des services, jusqu’au 10 mars 2026, à accepter"),
    ]  # fmt: skip


@pytest.mark.covers("MEM-20")
def test_the_admissions_of_a_year_are_asked_and_given_in_order_on_the_page(world):
    with first_pool():
        sicoval = agreement("sicoval", starts_on=date(2024, 7, 1))
        intake = Intake(agreement=sicoval, offer="avancé_sans_dsi", year=2026, places=1, fallback="socle",
                        criteria=["co-construction"])  # fmt: skip
        intake.save()
        members = {name: asked(world[name], sicoval, on=date(2026, 1, 5)) for name in ("sixt", "allaire")}
        condition = Precondition(agreement=sicoval, offer="avancé_sans_dsi", label="recrutement d’un agent")
        condition.save()
    here = f"/admissions/{intake.pk}/"
    world.fill(f"{here}demander/", membership=members["sixt"].pk, on="10/01/2026")
    page = world.fill(f"{here}demander/", membership=members["allaire"].pk, on="20/01/2026", meets=["0"])
    assert page.table("Demandes en attente, dans l’ordre") == [
        ["Allaire", "1", "20 janv. 2026", "Critère 1", "une place est libre"],
        ["Sixt-sur-Aff", "2", "10 janv. 2026", "Aucun critère", "liste d’attente"],
    ]  # fmt: skip
    page = world.post(f"{here}admettre/")
    assert page.status == 422
    assert page.notices == [
        "Refusé. « Lot de services avancés, communes sans DSI » est seulement annoncée : il reste à remplir : recrutement d’un "
        "agent."
    ]
    world.fill(f"/fiches/conditions-prealables/{condition.pk}/modifier/", met_on="01/02/2026", proof="contrat signé")
    page = world.post(f"{here}admettre/")
    assert page.messages == ["Fait. Sont admises : Allaire."]
    assert page.table("Demandes en attente, dans l’ordre") == [
        ["Sixt-sur-Aff", "1", "10 janv. 2026", "Aucun critère", "liste d’attente"]
    ]
    world.sign_in("office")
    page = world.get(here)
    assert "Allaire" not in page.text  # a member reads its own request alone


def test_the_calendar_holds_notices_renewals_and_ends_for_who_asks(world, sixt):
    with first_pool():
        act(world["sixt"], on=TODAY + timedelta(days=10))
        active(world["allaire"], sixt.agreement, "audit")
    answer = world.client.get("/adhesions/calendrier.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    events = [str(e["summary"]) for e in Calendar.from_ical(answer.content).walk("VEVENT")]
    assert "Sixt-sur-Aff, redon : reconduction tacite" in events
    of = f"1er\N{NO-BREAK SPACE}janvier\N{NO-BREAK SPACE}{TODAY.year + 2}"
    assert f"Allaire, redon : dernier jour pour recevoir un préavis avant la reconduction du {of}" in events
    assert "Séance : Sixt-sur-Aff" in events
    addresses = {str(e["summary"]): str(e["url"]) for e in Calendar.from_ical(answer.content).walk("VEVENT")}
    assert addresses["Sixt-sur-Aff, redon : reconduction tacite"].endswith(sixt.get_absolute_url())
    with first_pool():
        session = Resolution.objects.unscoped().get(session_on__gt=TODAY)
    assert addresses["Séance : Sixt-sur-Aff"].endswith(session.get_absolute_url())
    world.sign_in("elected")
    mine = [str(e["summary"]) for e in Calendar.from_ical(world.client.get("/adhesions/calendrier.ics").content).walk("VEVENT")]
    assert "Allaire, redon : reconduction tacite" in mine
    assert not any("Sixt" in words for words in mine)


def test_the_calendar_tells_once_a_term_that_is_also_the_last_day_to_renew(world):
    with first_pool():
        sidec = agreement("sidec", starts_on=date(2010, 1, 1))
        made = active(world["sixt"], sidec, "système", effect_on=TODAY - timedelta(days=5 * 365 + 100))
    answer = world.client.get("/adhesions/calendrier.ics")
    events = [(e["dtstart"].dt, str(e["summary"])) for e in Calendar.from_ical(answer.content).walk("VEVENT")]
    assert [words for day, words in events if day == made.ends_on] == [
        "Sixt-sur-Aff, sidec : dernier jour de l’adhésion, et pour la renouveler par une délibération"
    ]


# ------------------------------------------------------------ the acts at the head of a file


def acts_of(page):
    """Return the act that the file puts first, then those of its menu, each once in the page."""
    (first,) = [e.text for e in page.main.all("a", class_="button-primary")] or [""]
    menu = [a.text for box in page.main.all("div", class_="menu-body") for a in box.all("a")]
    said = [a.text for a in page.main.all("a")]
    assert [said.count(words) for words in (first, *menu) if words] == [1 for words in (first, *menu) if words]
    return first, menu


def test_a_file_in_preparation_puts_first_the_act_that_it_waits_for(world):
    with first_pool():
        made = asked(world["sixt"], agreement())
        vote = act(world["sixt"])
    sign, effect, drop = "Enregistrer une signature", "Donner effet", "Classer sans suite"
    assert acts_of(world.get(path(made))) == ("Remplir les choix", ["Écrire une étape", sign, effect, drop])
    assert acts_of(world.sign_in("office").get(path(made))) == ("Remplir les choix", [])
    with first_pool():
        choosing.choose(made, wish("groupements", on=DAY), by=CLERK)
    page = world.get(path(made))  # the member has nothing more to do there than to change its mind
    assert (acts_of(page), page.links["Changer les choix"]) == (("", []), path(made, "choix/"))
    world.sign_in("director")
    assert acts_of(world.get(path(made))) == ("Écrire une étape", ["Changer les choix", sign, effect, drop])
    with first_pool():
        memberships.record_step(made, "voted", by=CLERK, act=vote)
    assert acts_of(world.get(path(made))) == (sign, ["Changer les choix", "Écrire une étape", effect, drop])
    with first_pool():
        signed(made)
    assert acts_of(world.get(path(made))) == (effect, ["Changer les choix", "Écrire une étape", sign, drop])
    with first_pool():
        memberships.drop(made, "abandoned", date(2024, 1, 5), by=CLERK)
    assert acts_of(world.get(path(made))) == ("", [])


def test_there_is_no_form_to_withdraw_a_notice_that_was_not_given(world, sixt):
    answer = world.client.get(path(sixt, "preavis/retirer/"))
    assert (answer.status_code, answer.headers["Location"]) == (302, path(sixt))
    assert world.get(path(sixt)).messages == ["Refusé. Sixt-sur-Aff n’est pas en préavis : il n’y a rien à retirer."]


@pytest.mark.covers("MEM-38")
def test_the_page_of_a_convention_counts_the_members_of_each_offer_on_the_day_asked(world, sixt):
    with first_pool():
        active(world["allaire"], sixt.agreement, "audit", "groupements", effect_on=date(2025, 1, 1))
    path = sixt.agreement.get_absolute_url()
    assert world.get(path).terms("Adhérents par offre") == [("Audit", "1 membre"), ("Groupements d’achats", "2 membres")]
    assert world.get(path, le="31/12/2024").terms("Adhérents par offre") == [("Groupements d’achats", "1 membre")]
    assert "Aucun membre ne tient d’offre ce jour-là." in world.get(path, le="31/12/2023").section("Adhérents par offre").text
    assert "29/02/2023" in world.get(path, le="29/02/2023").section("Adhérents par offre").text
    assert "Adhérents par offre" not in world.sign_in("office").get(path).text


@pytest.mark.covers("MEM-06")
def test_a_wrong_step_is_removed_from_the_file_of_an_adhesion_in_preparation_with_its_reason(world):
    with first_pool():
        made = asked(world["sixt"], agreement())
        step = memberships.record_step(made, "voted", by=CLERK, act=act(world["sixt"], number="2023-41"))
        signed(made)
    page = world.get(path(made))
    (removal,) = [a.attrs["href"] for a in page.section("Étapes").all("a") if a.attrs["href"].endswith(f"/{step.pk}/retirer/")]
    assert len([a for a in page.section("Signatures").all("a") if a.text == "Retirer"]) == 2
    asking = world.get(removal)
    assert asking.sentence == (
        "Délibération du membre du 12/12/2023, par « délibération n° 2023-41 du 12/12/2023 ». Son retrait et son motif restent "
        "dans les étapes."
    )
    assert world.fill(removal).errors == ["Motif : à remplir."]
    page = world.fill(removal, reason="mauvais acte")
    assert page.messages == ["Fait. L’étape est retirée. Elle peut être écrite de nouveau."]
    assert "Délibération de Sixt-sur-Aff" in page.section("Ce qui manque").text
    assert [words.partition(" saisie par")[0] for label, words in page.terms("Étapes") if label.startswith("Étape retirée")] == [
        "délibération du membre du 12/12/2023 (« délibération n° 2023-41 du 12/12/2023 ») : mauvais acte"
    ]
    world.sign_in("office")
    assert "Retirer" not in [a.text for a in world.get(path(made)).main.all("a")]
    with first_pool():
        again = memberships.record_step(made, "voted", by=CLERK, act=act(world["sixt"], number="2023-42"))
    assert world.get(f"/adhesions/etapes/{again.pk}/retirer/").status == 404


@pytest.mark.covers("MEM-07")
def test_a_deliberation_kept_by_the_member_is_said_to_be_linked_and_the_direction_links_it(world):
    with first_pool():
        redon = agreement()
        made = asked(world["sixt"], redon)
        vote = act(world["sixt"], number="2023-41", agreement=redon)
        act(world["sixt"], number="2023-40", agreement=redon, votes_for=1, votes_against=9, on=date(2023, 12, 14))
    wanted = (
        "Délibération de Sixt-sur-Aff : délibération n° 2023-41 du 12/12/2023 enregistrée, à rattacher, bloque la prise d’effet"
    )

    def told():
        return world.get(path(made)).section("Ce qui manque").all("li")[0].text

    world.sign_in("office")
    assert told() == f"{wanted} ; le service la rattache. Voir l’acte"
    notice = "À rattacher. Cette délibération n’est pas encore rattachée à l’adhésion de Sixt-sur-Aff à Convention redon, en"
    assert world.get(vote.get_absolute_url()).notices == [f"{notice} préparation. Le service la rattache. Voir l’adhésion"]
    world.sign_in("director")
    assert told() == f"{wanted} Rattacher la délibération"
    page = world.get(vote.get_absolute_url())
    assert page.notices == [f"{notice} préparation. Rattacher la délibération"]
    link = page.links["Rattacher la délibération"]
    assert link == f"{path(made, 'etapes/ajouter/')}?acte={vote.pk}"
    assert world.fill(link).messages == ["Fait. L’étape est écrite."]
    assert world.get(vote.get_absolute_url()).notices == []
    with first_pool():
        assert Step.objects.unscoped().get(membership=made, kind="voted").decided_by_id == vote.pk


@pytest.mark.covers("MEM-43")
def test_choices_that_begin_after_the_last_day_are_not_listed_as_held(world, sixt):
    with first_pool():
        decision = act(world["sixt"], on=date(2026, 10, 6), kind="decision")
        choosing.choose(sixt, wish("socle_complet", on=date(2027, 1, 1), act=decision, stated_on=date(2026, 10, 1)), by=CLERK)
        Membership.objects.unscoped().filter(pk=sixt.pk).update(ends_on=date(2026, 12, 15), end_cause="notice")
        ChoiceForm.objects.unscoped().filter(membership=sixt, ends_on=None).update(stated_on=date(2026, 10, 1))
        assert offers_of([sixt.pk], date(2027, 2, 1)) == {sixt.pk: ["groupements"]}
    page = world.get(path(sixt))
    assert page.terms("Choix") == [("Groupements d’achats", "à compter du 1er janvier 2024")]
    assert page.terms("Formulaires de choix")[0][1].startswith(
        "Socle complet décision du 06/10/2026 rempli le 1er octobre 2026, sans effet : l’adhésion finit avant"
    )


@pytest.mark.covers("SEC-01")
def test_whoever_keeps_one_commune_and_sits_in_another_asks_for_the_first_alone(world, sixt):
    """A secretary of several communes is not everywhere the secretary: what one may only read is not offered."""
    with first_pool():
        Grant(account=world.accounts["office"], organization=world["allaire"], role="elected", starts_on=DAY).save()
        other = asked(world["allaire"], sixt.agreement)
    world.sign_in("office")
    assert world.get("/adhesions/demander/").choices("organization") == ["à choisir", "Sixt-sur-Aff"]
    assert world.get("/actes/saisir/").choices("organization") == ["à choisir", "Sixt-sur-Aff"]
    sent = world.fill("/adhesions/demander/", organization=str(world["allaire"].pk), agreement=str(sixt.agreement_id))
    assert sent.status == 422
    assert [world.get(path(other)).status, world.get(f"{path(other)}choix/").status] == [200, 404]
