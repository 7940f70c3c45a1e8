"""The drafts of acts that a council votes: what is chosen, what comes with it, its cost, the vote and the ways to contest it."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from communis.agreements.documents.ending import of_departure
from communis.agreements.documents.values import Typed, of_amendment, of_membership
from communis.agreements.models import Adoption, Amendment, Choice, ChoiceForm, Document, ExitCost, Step, Version
from communis.agreements.operations.amendments import amend
from communis.agreements.operations.choosing import choose
from communis.agreements.operations.documents import About, awaiting, draft_vote, draft_votes, make
from communis.agreements.operations.leaving import Departure, give_notice
from communis.agreements.operations.versions import approve, submit
from communis.agreements.wording import in_full
from communis.directory.models import Partner
from communis.kit.formats import short_date
from communis.kit.refusals import Refusal
from factories.agreements import active, agreement, asked, author, wish
from factories.papers import cells_of, chosen, leaving, printed, words_of
from factories.versions import CLERK, PRICES, act, in_force, joined
from factories.world import first_pool

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 30)
NEXT = date(2027, 1, 1)
TYPED = Typed(date(2026, 12, 14), "Ada Riou", "Jeanne Corbel", "Loïc Bihan", court="Rennes")


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.COMMUNIS_FILES = tmp_path / "files"


def made(kind, member, typed=TYPED, today=TODAY, of=of_membership):
    return make(of(kind, member, typed, today), About(member.organization, membership=member), by=CLERK)


def nimes(world, *offers, on=NEXT):
    """Sixt-sur-Aff asks to adhere to the framework convention of Nîmes, and fills its form of choices."""
    member = asked(
        world["sixt"], agreement("nimes_metropole", "Convention cadre", starts_on=date(2022, 4, 4)), on=date(2024, 1, 8)
    )
    choose(member, wish(*offers, on=on, stated_on=date(2026, 8, 1)), by=CLERK)
    return member


def said(document):
    """All the words of the DOCX, those of its tables among them."""
    return " ".join([*words_of(document), *(cell for row in cells_of(document) for cell in row)])


# ------------------------------------------------------------ choices and costs


@pytest.mark.covers("DOC-12", "CAT-19")
def test_an_offer_that_comes_with_another_is_ticked_and_a_closed_one_is_absent(pool):
    document = made("adhesion", nimes(pool, "conseil", "vidéoprotection"))
    boxes = {row[1]: (row[0], row[2]) for row in cells_of(document) if row[0] in ("☒", "☐")}
    assert {name: box for name, box in boxes.items() if box[0] == "☒"} == {
        "Conseil et Assistance (brique socle), comprise dans « 3. Vidéoprotection »": ("☒", "1er janvier 2027"),
        "3. Vidéoprotection": ("☒", "1er janvier 2027"),
    }
    assert (boxes["5. Bureautique"], "9. SI Urbanisme" in boxes) == (("☐", ""), False)
    assert "CHOISIT : « 3. Vidéoprotection » (qui comprend « Conseil et Assistance (brique socle) »)." in words_of(document)
    assert "oui Conseil et Assistance (brique socle), comprise dans « 3. Vidéoprotection »" in printed(document)


@pytest.mark.covers("CAT-19")
def test_a_closed_brick_is_on_the_form_of_choices_of_who_holds_it_alone(world):
    with first_pool():
        member = nimes(world, "bureautique")
    world.sign_in("office")
    path = f"/adhesions/{member.pk}/choix/"
    proposed = world.get(path).main.text
    assert ("5. Bureautique" in proposed, "9. SI Urbanisme" in proposed) == (True, False)
    with first_pool():
        Choice(form=ChoiceForm.objects.unscoped().get(), offer="urbanisme", starts_on=NEXT).save()
    assert "9. SI Urbanisme" in world.get(path).main.text
    with first_pool():
        assert "☒ 9. SI Urbanisme" in " ".join(" ".join(row) for row in cells_of(made("adhesion", member)))


@pytest.mark.covers("DOC-12")
def test_each_offer_chosen_has_a_line_of_cost_and_what_is_missing_is_said_in_words(pool):
    document = made("adhesion", nimes(pool, "conseil", "vidéoprotection"))
    costs = [row for row in cells_of(document) if row[2:3] == ["2027"]]
    assert [(row[0], row[3]) for row in costs] == [
        (f"Brique, clé unique, {offer}", "à compléter")
        for offer in ("Conseil et Assistance (brique socle)", "3. Vidéoprotection")
    ]
    words, both = words_of(document), "« Conseil et Assistance (brique socle) », « 3. Vidéoprotection »"
    start = words.index("Pour calculer les montants à compléter, il manque :")
    told = [
        f"– charge de travail de la brique, exercice 2027 : {both}",
        "– coût moyen d’un ETP de la DN, exercice 2027",
        f"– dépenses propres de la brique, fonctionnement, exercice 2026 : {both}",
        f"– dépenses propres de la brique, investissement, exercice 2026 : {both}",
    ]
    assert (words[start + 1 :][:4], [one for one in told if one not in printed(document)]) == (told, [])
    assert re.findall(r"\w+_\w+", said(document) + printed(document)) == []
    blank = "Total : [à compléter : total]"
    assert (blank in words_of(document), blank in printed(document)) == (True, True)


@pytest.mark.covers("DOC-12")
def test_an_exercise_that_cannot_be_computed_yet_is_estimated_and_the_estimate_says_what_it_carries_on(pool):
    document = made("adhesion", chosen(pool, "socle_complet", since=date(2027, 1, 1)))
    costs = [row for row in cells_of(document) if row[2:3] == ["2027"]]
    assert [(row[0], row[3]) for row in costs if "contribution annuelle" in row[0]] == [
        ("Socle complet, contribution annuelle", "5 394,50 € (estimation)")
    ]
    told = next(words for words in words_of(document) if words.startswith("Estimation pour l’exercice 2027"))
    assert "population totale 2027, celle du 1er janvier 20" in told
    assert "Total : 5 394,50 € (estimation)" in words_of(document)
    for words in ("5 394,50 € (estimation)", "Total : 5 394,50 € (estimation)", told):
        assert words in printed(document)


@pytest.mark.covers("DOC-12")
def test_a_formula_says_the_class_of_the_scale_and_the_population_that_chose_it(pool):
    document = made("adhesion", chosen(pool, "audit", "socle_complet", since=date(2025, 1, 1)), today=date(2025, 1, 2))
    formulas = {row[0]: row[4] for row in cells_of(document) if row[2:3] == ["2025"]}
    chosen_by = "classe « de 1 500 à moins de 3 000 » (habitants : 2 263 hab)"
    assert formulas == {
        "Audit": f"tarif audit ; {chosen_by}",
        "Socle complet, contribution annuelle": (
            f"part fixe + part variable × habitants = 2 000,00 € + 1,50 €/hab × 2 263 hab ; {chosen_by}"
        ),
        "Audit déduit du socle complet": (
            "moins le plus petit des deux montants, prix audit et contribution = − min(3 500,00 € ; 5 394,50 €)"
        ),
        "Audit technique préalable au socle complet": "",
    }


# ------------------------------------------------------------ a change that is not decided yet


@pytest.mark.covers("DOC-12", "MEM-10")
def test_the_act_of_a_change_is_drafted_from_what_the_member_wants_before_any_choice_is_written(world):
    with first_pool():
        member = chosen(world, "socle_complet", since=date(2025, 1, 1))
    world.sign_in("office")
    page = world.get(member.get_absolute_url())
    links = {a.text: a.attrs["href"] for a in page.main.all("a") if "href" in a.attrs}
    path = links["Préparer la décision de changement"]
    assert path == f"/adhesions/{member.pk}/documents/?document=change"
    assert world.get(path).fields["kind"] == "change"
    refused = world.post(path, kind="change", offers=["socle_complet", "groupements"])
    assert refused.errors == ["Changement à compter du : Dites le jour où ces prestations prennent effet."]
    refused = world.post(path, kind="change", offers=["groupements"], changes_on="01/01/2025")
    assert refused.errors == ["Changement à compter du : Les choix en cours datent du 01/01/2025 : un changement vient après."]
    world.post(path, kind="change", offers=["socle_complet", "groupements"], changes_on="01/01/2027")
    with first_pool():
        document = Document.objects.unscoped().get()
        words, cells = words_of(document), cells_of(document)
        assert [one.starts_on for one in ChoiceForm.objects.unscoped().all()] == [date(2025, 1, 1)]
    assert [row[1:] for row in cells if row[0] == "☒"] == [
        ["Socle complet", "1er janvier 2027"], ["Groupements d’achats", "1er janvier 2027"],
    ]  # fmt: skip
    for told in (
        "Date d’effet : 1er janvier 2027",
        "Les choix en cours, depuis le 1er janvier 2025 : « Socle complet ».",
        "Prestations ajoutées : « Groupements d’achats ».",
        "DÉCIDE de prendre, à compter du 1er janvier 2027 : « Socle complet », « Groupements d’achats ».",
    ):
        assert told in words
    assert {row[2] for row in cells if row[0].startswith(("Socle complet, contribution", "Groupements"))} == {"2027"}
    fields = world.get(f"{path}&complete={document.pk}").main
    assert [box.attrs["value"] for box in fields.all("input") if "checked" in box.attrs] == ["socle_complet", "groupements"]


def test_only_the_offers_that_are_ticked_ask_for_their_day(world, visit):
    with first_pool():
        member = active(
            world["sixt"], agreement("nimes_metropole", "Convention cadre", starts_on=date(2022, 4, 4)), "bureautique"
        )

    def asked_of(page):
        return [box.get_attribute("name") for box in page.locator("[name^=du-]").all() if box.is_visible()]

    page = visit(f"/adhesions/{member.pk}/documents/?document=change", world.accounts["director"])
    assert asked_of(page) == []
    page.get_by_label("7. Télécoms", exact=True).check()
    assert asked_of(page) == ["du-télécoms"]
    page.get_by_label("7. Télécoms, à compter du").fill("01/02/2027")
    page.get_by_label("7. Télécoms", exact=True).uncheck()
    assert asked_of(page) == []
    page.get_by_label("Changement à compter du").fill("01/01/2027")
    page.get_by_label("ADS", exact=True).check()
    page.get_by_role("button", name="Préparer ce document").click()
    page.wait_for_selector("div.errors")
    assert asked_of(page) == ["du-télécoms", "du-ads"]  # what is wrong is shown
    page = visit(f"/adhesions/{member.pk}/choix/", world.accounts["director"])
    assert asked_of(page) == ["du-bureautique"]


@pytest.mark.covers("DOC-12", "MEM-08")
def test_each_offer_of_a_change_may_have_its_own_day_in_the_draft(world):
    with first_pool():
        member = chosen(world, "socle_complet", since=date(2025, 1, 1))
    world.sign_in("office")
    path = f"/adhesions/{member.pk}/documents/"
    assert [name for name in world.get(path).fields if name.startswith("du-")] == []
    path = f"{path}?document=change"
    assert [name for name in world.get(path).fields if name.startswith("du-")] == [
        "du-audit", "du-groupements", "du-annexe_complète",
    ]  # fmt: skip
    typed = {"kind": "change", "offers": ["socle_complet", "groupements"], "changes_on": "01/01/2027"}
    refused = world.post(path, **typed, **{"du-groupements": "31/12/2026", "du-audit": "01/02/2027"})
    assert refused.errors == [
        "Audit, à compter du : Cochez cette prestation, ou laissez sa date vide.",
        "Groupements d’achats, à compter du : Le 31/12/2026 vient avant le 01/01/2027, jour du changement : avancez ce jour, ou "
        "laissez la date de la prestation vide.",
    ]
    world.post(path, **typed, **{"du-groupements": "01/03/2027"})
    with first_pool():
        document = Document.objects.unscoped().get()
        words, cells = words_of(document), cells_of(document)
    assert [row[1:] for row in cells if row[0] == "☒"] == [
        ["Socle complet", "1er janvier 2027"], ["Groupements d’achats", "1er mars 2027"],
    ]  # fmt: skip
    assert (
        "DÉCIDE de prendre, à compter du 1er janvier 2027 : « Socle complet » ; à compter du 1er mars 2027 : « Groupements "
        "d’achats »."
    ) in words
    fields = world.get(f"{path}&complete={document.pk}").fields
    assert (fields["changes_on"], fields["du-groupements"], fields["du-audit"]) == (
        "1er\xa0janvier\xa02027", "1er\xa0mars\xa02027", "",
    )  # fmt: skip


@pytest.mark.covers("DOC-12", "DOC-22")
def test_a_change_without_anything_ticked_leaves_its_choices_blank_and_decides_nothing_again(world):
    with first_pool():
        member = chosen(world, "socle_complet", since=date(2025, 1, 1))
    world.sign_in("office")
    world.fill(f"/adhesions/{member.pk}/documents/", kind="change", court="Rennes")
    with first_pool():
        document = Document.objects.unscoped().get()
        assert document.blanks == [
            "date de la séance", "rapporteur", "décisions", "date d’effet", "choix des prestations", "coûts", "total",
        ]  # fmt: skip
        assert [words for words in words_of(document) if "DÉCIDE" in words] == []


# ------------------------------------------------------------ what any act contains


@pytest.mark.covers("DOC-12", "MEM-05")
def test_an_act_names_the_host_cites_the_law_in_full_and_has_its_vote_its_signatures_and_its_remedies(pool):
    document = made("adhesion", chosen(pool, "audit"))
    words, pdf = words_of(document), printed(document)
    for told in (
        "Convention « Service commun des systèmes d’information », version 2. Gestionnaire : REDON Agglomération",
        "Vu le code général des collectivités territoriales, notamment son article L. 5211-4-2,",
        "Vu la convention « Service commun des systèmes d’information » portée par REDON Agglomération,",
        "Vu la délibération du 01/09/2022 de REDON Agglomération approuvant la version 2,",
        "REDON Agglomération, gestionnaire de la convention « Service commun des systèmes d’information », propose ses services "
        "aux collectivités du territoire.",
        "Le présent acte peut faire l’objet d’un recours pour excès de pouvoir devant le tribunal administratif de Rennes, dans "
        "un délai de deux mois à compter de sa publication.",
    ):  # fmt: skip
        assert told in words
        assert (told in pdf) is (not told.startswith("Convention"))
    for told in ("Convention : Service commun des systèmes d’information", "Version : 2", "Gestionnaire : REDON Agglomération"):
        assert told in pdf
    cells = cells_of(document)
    start = cells.index(["Vote", "Nombre"]) + 1
    assert [row[0] for row in cells[start : start + 7]] == [
        "Membres en exercice", "Présents", "Pouvoirs", "Votants", "Pour", "Contre", "Abstentions",
    ]  # fmt: skip
    assert cells[start + 8 :] == [["Le maire", "Jeanne Corbel", ""], ["Secrétaire de séance", "………", ""]]


@pytest.mark.covers("DOC-12", "DOC-22")
def test_the_court_is_left_to_complete_unless_the_pool_has_one_court_among_its_partners(pool):
    member = chosen(pool, "audit")
    typed = Typed(TYPED.session_on, "Ada Riou", "Jeanne Corbel")
    document = made("adhesion", member, typed)
    assert document.blanks == ["tribunal administratif"]
    blank = "devant le [à compléter : tribunal administratif], dans un délai de deux mois"
    assert (blank in " ".join(words_of(document)), blank in printed(document)) == (True, True)
    Partner(name="Tribunal administratif de Rennes", kind="court").save()
    known = made("adhesion", member, typed)
    assert (known.blanks, "devant le tribunal administratif de Rennes, dans" in " ".join(words_of(known))) == ([], True)


def test_grounds_are_cited_in_full_each_code_once_and_what_is_not_known_as_it_is_written():
    assert in_full(["CGCT, article L. 5211-4-2", "CGCT, article L. 5211-4-3"]) == [
        "le code général des collectivités territoriales, notamment ses articles L. 5211-4-2 et L. 5211-4-3"
    ]
    assert in_full(["L. 5721-9 du CGCT (syndicat mixte)", "les statuts"]) == [
        "le code général des collectivités territoriales, notamment son article L. 5721-9", "les statuts",
    ]  # fmt: skip


@pytest.mark.covers("DOC-22")
@pytest.mark.parametrize("kind", ["adhesion", "change", "renewal", "convention", "commitment", "termination"])
def test_the_two_files_of_a_document_leave_the_same_things_blank(pool, kind):
    member = chosen(pool, "socle_complet", since=date(2025, 1, 1))
    document = made(kind, member, Typed(), of=of_departure if kind == "termination" else of_membership)
    seen = {form: set(re.findall(r"\[à compléter : ([^\]]+)\]", text)) for form, text in (
        ("docx", said(document)), ("pdf", printed(document)))}  # fmt: skip
    assert seen["docx"] == seen["pdf"] == set(document.blanks)
    assert document.blanks != []


@pytest.mark.covers("DOC-20", "DOC-22")
def test_a_letter_is_proposed_on_the_day_and_told_blank_without_a_date(world):
    with first_pool():
        member = chosen(world, "socle_complet", since=date(2025, 1, 1))
    path = f"/adhesions/{member.pk}/documents/"
    today = timezone.localdate()
    assert world.get(path).fields["written_on"] == f"{today:%d/%m/%Y}"
    typed = {"signatory": "Jeanne Corbel", "recipient": "Éditeur, 35600 Redon", "contracts": "Paie", "party": "member"}
    found = {}
    for kind in ("commitment", "notice_letter", "denunciation"):
        for day in ("03/02/2026", ""):
            world.post(path, kind=kind, written_on=day, **typed)
            with first_pool():
                document = Document.objects.unscoped().latest("pk")
                found[kind, day] = ("Sixt-sur-Aff, le 3 février 2026" in words_of(document), "lieu et date" in document.blanks,
                                    "[à compléter : lieu et date]" in words_of(document))  # fmt: skip
    kinds = ("commitment", "notice_letter", "denunciation")
    assert found == {(kind, day): (day != "", day == "", day == "") for kind in kinds for day in ("03/02/2026", "")}


# ------------------------------------------------------------ ending


@pytest.mark.covers("DOC-12", "DOC-20", "MEM-25")
def test_the_draft_of_a_termination_says_what_ends_the_notice_the_last_day_and_the_sums_of_the_exit_account(pool):
    member, _ = leaving(pool)
    document = made("termination", member, of=of_departure)
    words, cells, pdf = words_of(document), cells_of(document), printed(document)
    assert cells[:2] == [["Prestation", "Tenue depuis le", "Dernier jour"], ["Audit", "1er janvier 2025", "10 mars 2026"]]
    assert [row[3] for row in cells[3:6]] == ["0,00 €", "1 250,50 €", "80,00 €"]
    for told in (
        "Le préavis, à l’initiative du membre, a été envoyé le 6 mars 2025 et reçu le 10 mars 2025.",
        "Le dernier jour de l’adhésion est le 10 mars 2026 (préavis de 1 an, à compter de la réception le 10/03/2025, de date à "
        "date).",
        "Dernier jour : 10 mars 2026",
        "Total : 1 330,50 €",
    ):
        assert (told in words, told in pdf) == (True, True)
    assert ([row for row in cells if "☒" in row], "Coûts" in words, "Coûts" in pdf) == ([], False, False)


@pytest.mark.covers("DOC-12", "DOC-20")
def test_a_termination_cites_the_act_of_adhesion_and_its_letter_has_a_place_and_a_date(pool):
    member, _ = leaving(pool)
    vote = act(pool["sixt"], date(2024, 12, 5), number="2024-31")
    Step(
        membership=member, kind="voted", on=date(2024, 12, 5), decided_by=vote, entered_by="Ada Riou", entered_at=CLERK.at
    ).save()
    document = made("termination", member, of=of_departure)
    told = "Vu la délibération n° 2024-31 du 05/12/2024 de Sixt-sur-Aff approuvant son adhésion,"
    assert (told in words_of(document), told in printed(document)) == (True, True)
    assert "L’assemblée, après en avoir délibéré DÉCIDE de résilier" in printed(document)
    letter = made("notice_letter", member, of=of_departure)
    assert ("Sixt-sur-Aff, le 6 mars 2025" in words_of(letter), "le 6 mars 2025" in printed(letter)) == (True, True)


@pytest.mark.covers("DOC-12")
def test_the_act_of_the_host_on_an_amendment_lacks_neither_choices_nor_costs(pool):
    amendment = amend(in_force("sidec", pool["host"], date(2023, 11, 25)), number="1", subject="Prix", reason="Les coûts.")
    values = of_amendment("amendment_vote", amendment, TYPED)
    document = make(values, About(pool["host"], amendment=amendment), by=CLERK)
    assert document.blanks == ["date d’effet"]
    titles = {"Choix", "Coûts"}
    assert ([one for one in words_of(document) if one in titles], "Coûts" in printed(document)) == ([], False)


@pytest.mark.covers("MEM-25")
def test_a_termination_says_the_agreement_that_shortened_the_notice_and_what_is_not_fixed_yet(pool):
    member = chosen(pool, "audit")
    departure = Departure(
        "member", "autre choix", date(2026, 10, 5), waiver_on=date(2026, 12, 5), waiver_member_on=date(2026, 10, 10),
        waiver_host_on=date(2026, 10, 12), act=act(pool["sixt"], date(2026, 9, 30)),
    )  # fmt: skip
    notice = give_notice(member, departure, by=author(TODAY))
    ExitCost.objects.unscoped().filter(notice=notice).delete()
    ExitCost(notice=notice, kind="due", label="Contribution de 2026", amount=Decimal("100")).save()
    ExitCost(notice=notice, kind="penalty", label="Pénalité").save()
    member.refresh_from_db()
    document = made("termination", member, of=of_departure)
    assert (
        "Par accord écrit, signé du membre le 10 octobre 2026 et du gestionnaire le 12 octobre 2026, le préavis est abrégé : la "
        "sortie est convenue le 5 décembre 2026."
    ) in words_of(document)
    assert [row[3] for row in cells_of(document)[3:5]] == ["100,00 €", "à fixer"]
    assert document.blanks == ["total"]


@pytest.mark.covers("DOC-12", "DOC-20")
def test_a_termination_is_drafted_before_the_notice_with_the_last_day_that_its_receipt_would_give(world):
    with first_pool():
        member = chosen(world, "audit", since=date(2025, 1, 1))
    page = world.sign_in("office").get(member.get_absolute_url())
    links = {a.text: a.attrs["href"] for a in page.main.all("a") if "href" in a.attrs}
    path = links["Préparer la délibération de résiliation"]
    assert path == f"/adhesions/{member.pk}/documents/?document=termination"
    typed = {"kind": "termination", "session_on": "02/02/2026", "reporter": "Ada Riou", "court": "Rennes", "reason": "coût"}
    found = []
    for day in ("", "10/03/2026"):
        assert world.post(path, **typed, received_on=day).errors == []
        with first_pool():
            document = Document.objects.unscoped().latest("pk")
            found.append((document.blanks, words_of(document), cells_of(document)))
    name = "la convention « Service commun des systèmes d’information »"
    (blanks, words, cells), (blanks_then, words_then, cells_then) = found
    assert (blanks, blanks_then) == (["date d’effet"], [])
    assert f"DÉCIDE de résilier son adhésion à {name}, au terme du préavis qu’elle prévoit." in words
    assert f"DÉCIDE de résilier son adhésion à {name}, dont le dernier jour est le 10 mars 2027." in words_then
    assert ["Audit", "1er janvier 2025", "[à compléter : date d’effet]"] in cells
    assert ["Audit", "1er janvier 2025", "10 mars 2027"] in cells_then
    for told in (
        "Motif : coût.",
        "Aucun préavis n’est encore enregistré : sa réception donnera le dernier jour et ouvrira le compte de sortie.",
        "DIT que cette décision est notifiée au gestionnaire par lettre recommandée avec avis de réception.",
    ):
        assert (told in words, told in words_then) == (True, True)
    world.post(path, **typed, party="host")
    with first_pool():
        words = words_of(Document.objects.unscoped().latest("pk"))
    assert words[0] == "REDON Agglomération"
    assert f"DÉCIDE de résilier l’adhésion de Sixt-sur-Aff à {name}, au terme du préavis qu’elle prévoit." in words


# ------------------------------------------------------------ amendments, and asking twice


def amended(world):
    """A convention, its avenant n° 5 and its avenant n° 6, and a member that holds two bricks."""
    first = in_force("nimes_metropole", world["host"], date(2019, 1, 1))
    member = joined(world["sixt"], first, date(2020, 1, 1))
    form = ChoiceForm(membership=member, stated_on=date(2020, 1, 1), starts_on=date(2020, 1, 1))
    form.save()
    for offer in ("internet", "bureautique"):
        Choice(form=form, offer=offer, starts_on=date(2020, 1, 1)).save()
    found, before = [], first
    for number, on in (("5", date(2020, 12, 14)), ("6", date(2022, 4, 4))):
        one = amend(before, number=number, subject="Changements", reason="", changes=PRICES)
        if number == "5":
            one.makes.tariff = ""
            one.makes.save()
        submit(one.makes)
        approve(one.makes, act=act(world["host"], on), starts_on=on, knowingly=True)
        found.append(one)
        before = one.makes
    return member, *found


@pytest.mark.covers("MEM-12", "DOC-12")
def test_a_member_that_applies_a_later_version_is_asked_for_no_draft_on_the_one_before(pool):
    member, fifth, sixth = amended(pool)
    today = CLERK.today
    assert [list(awaiting(one, today)) for one in (fifth, sixth)] == [[member], [member]]
    Adoption(membership=member, version=sixth.makes, on=date(2022, 12, 6)).save()
    assert [list(awaiting(one, today)) for one in (fifth, sixth)] == [[], []]
    assert draft_votes(fifth, 0, by=CLERK, size=10).made == 0
    with pytest.raises(Refusal, match=r"^Sixt-sur-Aff applique la version .*, qui suit cet avenant et le reprend"):
        draft_vote(fifth, member, by=CLERK)


@pytest.mark.covers("MEM-12")
def test_the_page_of_a_superseded_amendment_has_no_button_for_who_applies_the_next_one(world):
    with first_pool():
        member, fifth, sixth = amended(world)
    world.sign_in("director")
    assert "Préparer 1 projet" in world.get(f"/conventions/avenants/{fifth.pk}/").main.text
    with first_pool():
        Adoption(membership=member, version=sixth.makes, on=date(2022, 12, 6)).save()
    assert "Préparer 1 projet" not in world.get(f"/conventions/avenants/{fifth.pk}/").main.text
    listed = world.get(f"/conventions/avenants/{fifth.pk}/projets/").main.text
    assert ("couvert par la version" in listed, "Préparer le projet" in listed) == (True, False)


@pytest.mark.covers("MEM-12", "DOC-12")
def test_the_draft_of_a_member_two_versions_behind_tells_what_both_change(pool):
    member, fifth, sixth = amended(pool)
    words = words_of(draft_vote(sixth, member, by=CLERK))
    start = words.index("Exposé") + 1
    name = "« Convention cadre de fonctionnement de la Direction Numérique »"
    assert words[start : start + 3] == [
        f"Sixt-sur-Aff adhère depuis le 1er janvier 2020 à la convention {name}, dont le gestionnaire est REDON Agglomération.",
        "La version qui s’applique à Sixt-sur-Aff est la version « intégrant l’avenant n° 6 » : adopter l’avenant n° 6, c’est "
        "adopter aussi ce que l’avenant n° 5 (Changements) change.",
        "L’avenant n° 6 à cette convention a pour objet : Changements, approuvé par délibération du 04/04/2022.",
    ]
    assert words[start + 3 : start + 7] == [
        "Ce que change l’avenant n° 5 :", "Tarif modifié : Le prix change.",
        "Ce que change l’avenant n° 6 :", "Tarif modifié : Le prix change.",
    ]  # fmt: skip
    Adoption(membership=member, version=fifth.makes, on=date(2021, 1, 5)).save()
    assert [one for one in words_of(draft_vote(sixth, member, by=CLERK)) if one.startswith("Ce que change")] == []


@pytest.mark.covers("MEM-11", "DOC-12")
def test_the_draft_of_a_member_tells_the_clause_on_personal_data_beside_what_is_typed(pool):
    member, _, sixth = amended(pool)
    Version.objects.unscoped().filter(pk=sixth.makes_id).update(data_clause="Sur instruction.")
    words = words_of(draft_vote(Amendment.objects.unscoped().get(pk=sixth.pk), member, by=CLERK))
    start = words.index("Ce que change l’avenant n° 6 :") + 1
    assert words[start : start + 2] == [
        "Tarif modifié : Le prix change.",
        "Clause modifiée, Clause de traitement des données : La clause de traitement des données est ajoutée.",
    ]


@pytest.mark.covers("DOC-12")
def test_choices_are_called_by_their_labels_in_a_draft_on_a_version_without_a_tariff(pool):
    member, fifth, _ = amended(pool)
    cells = cells_of(draft_vote(fifth, member, by=CLERK))
    assert [row[1] for row in cells if row[0] == "☒"] == ["1. Accès internet THD et outils collaboratifs", "5. Bureautique"]


@pytest.mark.covers("DOC-12")
def test_the_same_form_sent_twice_makes_one_draft_and_another_content_makes_the_next(world):
    with first_pool():
        member = asked(world["sixt"], agreement(), on=date(2024, 1, 8))
    world.sign_in("office")
    first = short_date(date(timezone.localdate().year + 1, 1, 1))
    filled = {"offre-audit": "on", "on": first, "stated_on": short_date(timezone.localdate() - timedelta(days=1)), "fait": "acte"}
    places = [world.post(f"/adhesions/{member.pk}/choix/", **filled).title for _ in range(2)]
    with first_pool():
        assert [one.number for one in Document.objects.unscoped().all()] == [1]
    world.post(f"/adhesions/{member.pk}/choix/", **filled | {"offre-groupements": "on"})
    with first_pool():
        assert sorted(one.number for one in Document.objects.unscoped().all()) == [1, 2]
    assert places == ["Projet de délibération d’adhésion : Sixt-sur-Aff"] * 2
