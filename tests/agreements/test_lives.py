"""Lives in Chromium: a made-up commune from its first request to its exit; one that waits; every page of the room under axe."""

from datetime import date
from decimal import Decimal

import docx
import pytest

from communis.agreements.models import Intake, Letter, Membership, Resolution
from communis.directory.enums import GrantRole
from communis.directory.models import Fact, FactType
from factories.agreements import CLERK, act, active, agreement, asked
from factories.every_page import AXE, AXE_RUN
from factories.pools import organization
from factories.world import account, first_pool

pytestmark = pytest.mark.django_db


@pytest.fixture
def lande(world):
    """A made-up commune of 2 355 inhabitants, with its office."""
    with first_pool():
        made = world.organizations["lande"] = organization("Lande-Neuve")
        people = FactType.objects.unscoped().get(code="habitants")
        Fact(type=people, kind="totale", number=Decimal(2355), organization=made, valid_on=date(2023, 1, 1), source="mairie",
             entered_by="x", entered_at=CLERK.at).save()  # fmt: skip
        Fact(type=people, kind="totale", number=Decimal(2355), organization=made, valid_on=date(2024, 1, 1), source="mairie",
             entered_by="x", entered_at=CLERK.at).save()  # fmt: skip
        account(world, "lande", "Aziliz Kerloc", GrantRole.OFFICE, made)
    return made


def heading(page):
    return page.inner_text("h1").replace("\u00a0", " ")


def said(page):
    return [" ".join(text.replace("\u00a0", " ").split()) for text in page.locator("div.messages div.message").all_inner_texts()]


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True)).first.click()


def acts_at_the_head(page):
    """Return the acts of the head of a page, the one it waits for first, then those of its menu; each once in the page."""
    assert page.locator(".page-head .button-primary").count() == 1
    found = page.locator(".page-head .button-primary, .page-head .menu-body a").all_text_contents()
    assert [page.locator("main").get_by_role("link", name=name, exact=True, include_hidden=True).count() for name in found] == [
        1 for _ in found
    ]
    return found


def press_in_menu(page, name):
    page.locator(".page-head summary").click()
    press(page, name)


@pytest.mark.covers("MEM-06", "MEM-10", "MEM-24", "DOC-12")
def test_a_commune_asks_for_the_audit_then_the_socle_votes_signs_changes_and_leaves(world, lande, visit, screens):
    with first_pool():
        agreement()
    office = visit("/adhesions/", world.accounts["lande"])
    press(office, "Inscrire une demande")
    office.get_by_label("Membre").select_option(label="Lande-Neuve")
    office.get_by_label("Convention").select_option(label="Convention redon")
    office.get_by_label("Demandée le").fill("01/09/2023")
    press(office, "Inscrire la demande")
    assert said(office) == ["Fait. La demande est inscrite. Remplissez maintenant les choix."]
    choose(office, "Audit", "01/01/2024", stated="04/09/2023")
    assert said(office) == ["Fait. Les choix sont enregistrés."]
    press(office, "Changer les choix")
    office.get_by_label("Audit", exact=True).uncheck()
    fill_choice(office, "Socle complet", "01/01/2024", stated="10/10/2023")
    assert said(office) == ["Fait. Les choix sont enregistrés."]
    assert "Délibération de Lande-Neuve" in office.inner_text("section[aria-labelledby=manque]").replace("\u00a0", " ")

    path = address_of_the_membership()
    receive_the_draft(office, screens)
    vote = enter_the_vote(office, screens)
    with first_pool():
        decision = act(lande, on=date(2025, 2, 4), number="2025-3", kind="decision", subject="Changement de choix")
    director = visit(path, world.accounts["director"])
    bring_to_effect(director, vote)
    office.goto(director.url)
    press(office, "Changer les choix")
    office.get_by_label("Socle complet", exact=True).uncheck()
    office.get_by_label("Décision ou délibération").select_option(value=str(decision.pk))
    taken = screens(office)
    fill_choice(office, "Groupements d’achats", "01/03/2025", stated="03/02/2025", then="Enregistrer et préparer l’acte")
    assert heading(office) == "Décision de changement de choix : Lande-Neuve"
    assert taken.seen == ["/adhesions/n/choix/", "/documents/n/"]  # the choice, then its act: two screens
    office.goto(director.url)
    text = office.inner_text("section[aria-labelledby=formulaires]").replace("\u00a0", " ")
    assert "Choix, du 1er janvier 2024 au 28 février 2025" in text

    director.goto(director.url)
    give_notice(director, "15/06/2026", "15 juin 2027")
    assert "15 juin 2027" in end_told(office, path)
    withdraw_notice(director)
    office.goto(office.url)
    assert (end_told(office, path), office.locator("section[aria-labelledby=preavis]").count()) == ("sans objet", 0)
    give_notice(director, "02/11/2026", "2 novembre 2027")
    assert "2 novembre 2027" in end_told(office, path)
    assert "Dernier jour 2 novembre 2027" in words(office, "section[aria-labelledby=preavis]")
    assert "Reçu le 15 juin 2026 retiré le 1er juillet 2026" in words(office, "section[aria-labelledby=retires]")
    with first_pool():
        left = Membership.objects.unscoped().get()
    assert (left.effect_on, left.ends_on, left.end_cause) == (date(2024, 1, 1), date(2027, 11, 2), "notice")


def words(page, selector):
    return " ".join(page.inner_text(selector).replace("\u00a0", " ").split())


def end_told(page, path):
    """Return what the margin of the membership says of its end."""
    page.goto(page.url.partition("/adhesions/")[0] + path)
    row = page.locator(".margin dl div").filter(has=page.get_by_text("Fin", exact=True))
    return row.locator("dd").inner_text().replace("\u00a0", " ")


def give_notice(director, received, last_day):
    """Give notice in two screens: the exit is shown before it is confirmed, then at the head of the file."""
    press(director, "Donner un préavis")
    director.get_by_label("Motif").fill("bonne organisation des services")
    director.get_by_label("Lettre reçue le").fill(received)
    press(director, "Voir la date de sortie")
    assert last_day in words(director, "main")
    press(director, "Enregistrer le préavis")
    assert said(director) == [f"Fait. Le préavis est enregistré. L’adhésion prend fin le {last_day}."]
    assert badge(director) == "En préavis"


def withdraw_notice(director):
    """Withdraw the notice: its letter and its exit are shown, a day before the letter is refused, the membership is active."""
    press(director, "Retirer le préavis")
    assert heading(director) == "Retirer le préavis"
    assert words(director, ".page-sentence") == (
        "Reçu le 15 juin 2026, pour une sortie le 15 juin 2027. L’adhésion reprend son cours ; le préavis reste dans son "
        "historique."
    )
    director.get_by_label("Retiré le").fill("01/06/2026")
    director.get_by_label("Motif").fill("le conseil reste dans le service")
    press(director, "Retirer le préavis")
    assert "Le préavis a été reçu le 15/06/2026 : il ne peut pas être retiré avant." in words(director, "div.errors")
    director.get_by_label("Retiré le").fill("01/07/2026")
    press(director, "Retirer le préavis")
    assert said(director) == ["Fait. Le préavis est retiré : l’adhésion continue."]
    assert (badge(director), director.get_by_role("link", name="Donner un préavis").count()) == ("Active", 1)


def badge(page):
    return page.locator(".badge").first.inner_text().strip()


def address_of_the_membership():
    with first_pool():
        return Membership.objects.unscoped().get().get_absolute_url()


def receive_the_draft(office, screens):
    """Receive a ready projet de délibération: one click on the file, its two files to take, its blanks told (two screens)."""
    taken = screens(office)
    press(office, "Préparer le projet de délibération")
    assert said(office) == ["Fait. Le document est prêt à relire."]
    assert heading(office) == "Projet de délibération d’adhésion : Lande-Neuve"
    blanks = office.locator("section[aria-labelledby=blancs] li").all_inner_texts()
    assert blanks == ["Date de la séance", "Rapporteur", "Tribunal administratif"]
    with office.expect_download() as downloading:
        office.get_by_role("link", name="Télécharger le DOCX").click()
    text = "\n".join(p.text for p in docx.Document(downloading.value.path()).paragraphs).replace("\u00a0", " ")
    assert "CHOISIT : « Socle complet »." in text
    assert taken.seen == ["/adhesions/n/", "/documents/n/"]


def enter_the_vote(office, screens):
    """Enter the vote and its transmission on one screen, where the person lands from the acts."""
    office.goto(office.url.partition("/documents/")[0] + "/actes/saisir/")
    taken = screens(office)
    typed = {
        "subject": "Adhésion au service commun", "number": "2023-58", "session_on": "05/12/2023", "convened_on": "28/11/2023",
        "in_office": "19", "voters": "17", "votes_for": "17", "sent_on": "06/12/2023", "received_on": "07/12/2023",
        "published_on": "08/12/2023", "transmission": "035-213501232-20231205-SG2023_58-DE",
    }  # fmt: skip
    for name, value in typed.items():
        office.locator(f"[name={name}]").fill(value)
    press(office, "Enregistrer l’acte")
    assert said(office) == ["Fait. L’acte est enregistré."]
    assert "Exécutoire le 08/12/2023" in " ".join(office.inner_text("body").split())
    assert taken.seen == ["/actes/saisir/", "/actes/n/"]  # the act itself is what confirms
    with first_pool():
        return Resolution.objects.unscoped().get(number="2023-58")


def bring_to_effect(director, vote):
    """Be refused the effect without the vote, then write it, have both parties sign, and let the adhesion begin."""
    assert acts_at_the_head(director) == [
        "Écrire une étape", "Changer les choix", "Enregistrer une signature", "Donner effet", "Classer sans suite",
    ]  # fmt: skip
    press_in_menu(director, "Donner effet")
    press(director, "Donner effet")
    assert "Il manque : délibération de Lande-Neuve" in director.inner_text("div.errors").replace("\u00a0", " ")
    press(director, "Annuler")
    press(director, "Écrire une étape")
    director.get_by_label("Acte (facultatif)").select_option(value=str(vote.pk))
    press(director, "Enregistrer")
    for party in ("Membre", "Gestionnaire"):
        assert acts_at_the_head(director)[0] == "Enregistrer une signature"
        press(director, "Enregistrer une signature")
        director.get_by_label("Partie").select_option(label=party)
        director.get_by_label("Signataire").fill("Ada Bihan")
        director.get_by_label("Qualité").fill("maire")
        director.get_by_label("Signée le").fill("18/12/2023")
        if party == "Gestionnaire":  # the member’s vote is proposed; the host’s own deliberation is told
            director.get_by_label("Références de l’acte").fill("CC_2020_77 du 15/07/2020")
        press(director, "Enregistrer")
    assert acts_at_the_head(director)[0] == "Donner effet"
    press(director, "Donner effet")
    press(director, "Donner effet")
    assert heading(director) == "Vérifiez avant d’enregistrer"
    assert "Date d’effet 1er janvier 2024" in words(director, "main")
    press(director, "Donner effet")
    assert said(director) == ["Fait. L’adhésion prend effet le 1er janvier 2024."]
    assert director.locator(".badge").first.inner_text().strip() == "Active"


def choose(page, offer, on, stated):
    press(page, "Remplir les choix")
    fill_choice(page, offer, on, stated)


def fill_choice(page, offer, on, stated, then="Enregistrer ces choix"):
    """Tick an offer, give the days, check, confirm."""
    page.get_by_label(offer, exact=True).check()
    page.get_by_label("Choix en vigueur à compter du").fill(on)
    page.get_by_label("Formulaire rempli le").fill(stated)
    press(page, "Vérifier")
    assert heading(page) == "Vérifiez avant d’enregistrer"
    press(page, then)


@pytest.mark.covers("MEM-20", "MEM-21")
def test_a_commune_waits_on_the_intake_list_with_the_socle_de_base(world, visit):
    with first_pool():
        sicoval = agreement("sicoval", starts_on=date(2024, 7, 1))
        intake = Intake(agreement=sicoval, offer="avancé_sans_dsi", year=2026, places=1, fallback="socle",
                        criteria=["a signé une lettre d’engagement"])  # fmt: skip
        intake.save()
        made, other = (asked(world[name], sicoval, on=date(2026, 1, 5)) for name in ("sixt", "allaire"))
        Letter(organization=world["allaire"], agreement=sicoval, kind="commitment", on=date(2026, 1, 4)).save()
    director = visit(f"/admissions/{intake.pk}/", world.accounts["director"])
    for membership, on, meets in ((made, "10/01/2026", False), (other, "20/01/2026", True)):
        press(director, "Inscrire une demande")
        director.get_by_label("Adhésion").select_option(value=str(membership.pk))
        director.get_by_label("Demandée le").fill(on)
        if meets:
            director.get_by_label("a signé une lettre d’engagement").check()
        press(director, "Enregistrer")
    rows = director.locator("section[aria-labelledby=attente] tbody tr").all()
    assert [[" ".join(c.split()) for c in row.locator("th, td").all_inner_texts()] for row in rows] == [
        ["Allaire", "1", "20 janv. 2026", "Critère 1 lettre d’engagement du 04/01/2026", "une place est libre"],
        ["Sixt-sur-Aff", "2", "10 janv. 2026", "Aucun critère", "liste d’attente"],
    ]
    press(director, "Admettre dans l’ordre")
    press(director, "Admettre")
    assert said(director) == ["Fait. Sont admises : Allaire."]
    office = visit(f"/adhesions/{made.pk}/choix/", world.accounts["office"])
    office.get_by_label("Lot de services avancés, communes sans DSI", exact=True).check()
    office.get_by_label("Choix en vigueur à compter du").fill("01/07/2026")
    press(office, "Vérifier")
    assert "En attendant, elle peut prendre « Socle de base »." in office.inner_text("div.errors").replace("\u00a0", " ")
    office.get_by_label("Lot de services avancés, communes sans DSI", exact=True).uncheck()
    fill_choice(office, "Socle de base", "01/07/2026", stated="12/01/2026")
    assert said(office) == ["Fait. Les choix sont enregistrés."]
    text = " ".join(office.inner_text("section[aria-labelledby=admissions]").replace("\u00a0", " ").split())
    assert "demandée le 10 janvier 2026, en attente Voir la liste en attendant : « Socle de base »" in text


@pytest.mark.parametrize("width", [1360, 390])
def test_every_page_of_the_room_is_sound_under_axe(world, visit, width):
    with first_pool():
        made = active(world["sixt"], agreement(), "groupements")
        waiting = asked(world["allaire"], made.agreement)
        intake = Intake(agreement=made.agreement, offer="audit", year=2026, places=1, criteria=["le premier"])
        intake.save()
        step = waiting.steps.unscoped().get().pk
    page = visit("/adhesions/", world.accounts["director"], width=width, height=844)
    here, asking = f"/adhesions/{made.pk}/", f"/adhesions/{waiting.pk}/"
    paths = [
        "/adhesions/", "/adhesions/demander/", "/territoire/", here, f"{here}choix/", f"{here}preavis/", f"{here}souhaits/",
        f"{here}renouveler/", asking, f"{asking}etapes/ajouter/", f"{asking}signer/", f"{asking}effet/", f"{asking}sans-suite/",
        "/admissions/", f"/admissions/{intake.pk}/", f"/admissions/{intake.pk}/demander/", f"/admissions/{intake.pk}/admettre/",
        f"/fiches/examens/ajouter/{made.pk}/", f"{here}preavis/retirer/", f"/adhesions/etapes/{step}/retirer/",
    ]  # fmt: skip
    wrong = {}
    for path in paths:
        answer = page.goto(page.url.partition("/adhesions")[0].partition("/territoire")[0].partition("/admissions")[0]
                           .partition("/fiches")[0] + path)  # fmt: skip
        page.evaluate(AXE)
        found = page.evaluate(AXE_RUN)
        sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"scrolls sideways by {sideways}"] if sideways > 0 else []
        found += [f"answers {answer.status}"] if answer.status != 200 else []
        if found:
            wrong[path] = found
    assert wrong == {}
