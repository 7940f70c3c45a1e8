"""The first tasks of each persona, in Chromium, counted from the page where it lands: no more screens than it should take.

A screen is an address; 1 is done where one lands; what only confirms is not counted. Only what conventions, catalogues, acts,
adhesions and the tariff touch is here. Left out until their rooms exist:

- DSI director: the overload of the week, a tariff change and its gainers and losers, commissions, arbitrations, bilan annuel;
- finance assistant: an exercise and its missing facts, titres, mandate purchases, the regularisation;
- pole manager: the plan of the month, lettres de mission, patches, fiches projet, audits;
- technician: the queue, tickets, interventions, scans, restorations;
- mayor: tickets, projects and security state, the dysfunction reported to the president;
- secretary: the request of a project or of a grouped purchase;
- technical contact: tickets, the inventory, the needs of a grouping, the migration of contracts;
- elected vice-president: costs and balance, the schéma directeur, commissions, the conférence des Maires;
- auditor: titres, shares against invoices, exceptions, the supporting documents of an exercise.
"""

from datetime import date, timedelta
from decimal import Decimal

import docx
import pytest
from django.utils import timezone

from communis.agreements.models import Choice, Obligation, Resolution
from communis.agreements.operations.leaving import Departure, give_notice
from communis.directory.enums import GrantRole
from communis.directory.models import BudgetMilestone, Fact, FactType
from communis.kit.formats import medium_date
from communis.tariff.calendar import months_later
from factories.agreements import act, active, agreement, article, asked, author
from factories.catalogue import agreement as framework
from factories.catalogue import loaded, member, version
from factories.world import account, first_pool

pytestmark = pytest.mark.django_db
ARTICLE = "Article 7.1, Coût de fonctionnement du socle complet"


def plain(text):
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def words(page, where="main"):
    return plain(page.inner_text(where))


def told(page, items):
    """Return the words of each item of a list."""
    return [plain(part) for part in page.locator(items).all_inner_texts()]


def rows(page, caption):
    found = page.locator("table", has=page.locator("caption", has_text=caption)).locator("tbody tr")
    return [[plain(cell) for cell in row.locator("th, td").all_inner_texts()] for row in found.all()]


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True)).first.click()


def explained(page, amount):
    """Ask why an amount is what it is, the last of the page that is so; return the margin, on the same screen."""
    page.locator("main .amount").filter(has_text=amount).last.click()
    page.locator("#note .note-title").wait_for()
    return words(page, "#note")


def people(organization, count, on):
    """Enter a total population, as the registry of a later year will."""
    kind = FactType.objects.unscoped().get(code="habitants")
    Fact(type=kind, kind="totale", number=Decimal(count), organization=organization, valid_on=on, source="mairie",
         entered_by="x", entered_at=author(on).at).save()  # fmt: skip


# ------------------------------------------------------------ the host


def test_the_director_sees_notices_renewals_and_what_left_the_scale_where_it_lands(world, visit, screens):
    today = timezone.localdate()
    received = today - timedelta(days=20)
    with first_pool():
        of = agreement()
        leaving, _ = (active(world[name], of, "socle_complet") for name in ("sixt", "allaire"))
        give_notice(leaving, Departure("member", "bonne organisation", received), by=author(received))
        people(world["allaire"], 9000, date(today.year, 1, 1))
    page = visit("/", world.accounts["director"])
    taken = screens(page)
    tasks = dict(zip(told(page, ".task > a"), told(page, ".task > .task-fact"), strict=True))
    exit_on = months_later(received, 12)
    assert tasks["Préparer les sorties"] == f"6 tâches : Sixt-sur-Aff le {plain(medium_date(exit_on))}"
    assert tasks["Revoir le choix d’Allaire"] == (
        "Socle complet, contribution annuelle : à décider : hors barème : examen approfondi."
    )
    dates = told(page, ".dates li")
    assert dates[2] == f"1er janv. {today.year + 1} Reconduction tacite, jusqu’à la sortie : Sixt-sur-Aff"
    assert dates[:2] == [
        f"31 déc. {today.year} Dernier jour pour recevoir un préavis avant la reconduction du 1er janvier {today.year + 2} : "
        "Allaire",
        f"1er janv. {today.year + 1} Reconduction tacite : Allaire",
    ]
    assert f"{plain(medium_date(exit_on))} Dernier jour de l’adhésion : Sixt-sur-Aff" in dates
    assert taken.seen == ["/"]


def test_the_finance_assistant_answers_why_an_amount_down_to_the_article_where_it_lands(world, visit, screens):
    with first_pool():
        account(world, "finance", "Nolwenn Kerbrat", GrantRole.FINANCE)
        active(world["sixt"], agreement(), "socle_complet")
    page = visit("/", world.accounts["finance"])
    taken = screens(page)
    page.get_by_label("Membre").select_option(label="Sixt-sur-Aff")
    press(page, "Voir ce qu’il paie")
    why = explained(page, "5\u00a0394,50\u00a0€")
    assert ARTICLE in why
    assert "2 000,00 € + 1,50 €/hab × 2 263 hab" in why
    assert taken.seen == ["/"]


def test_the_auditor_verifies_the_executory_act_of_each_adhesion_where_it_lands(world, visit, screens):
    with first_pool():
        of = agreement()
        active(world["sixt"], of, "groupements")
        late = act(world["allaire"], on=date(2023, 12, 12), received_on=date(2024, 2, 2), published_on=date(2024, 2, 5))
        active(world["allaire"], of, "groupements", vote=late)
        active(world["redon"], of, "groupements")
        Resolution.objects.unscoped().filter(organization=world["redon"]).update(published_on=None)
    page = visit("/", world.accounts["auditor"])
    taken = screens(page)
    assert rows(page, "L’acte de chaque adhésion") == [
        ["Redon", "redon", "délibération du 12/12/2023", "pas encore", "1er janv. 2024", "Non exécutoire"],
        ["Allaire", "redon", "délibération du 12/12/2023", "5 févr. 2024", "1er janv. 2024", "Exécutoire après l’effet"],
        ["Sixt-sur-Aff", "redon", "délibération du 12/12/2023", "17 déc. 2023", "1er janv. 2024", "Exécutoire"],
    ]
    assert words(page, ".page-sentence") == "3 adhésions en vigueur, 2 actes à voir."
    assert taken.seen == ["/"]


# ------------------------------------------------------------ a member


@pytest.fixture
def mayor(world):
    with first_pool():
        return account(world, "mayor", "Jeanne Corbel", GrantRole.EXECUTIVE, world["sixt"])


def test_the_mayor_sees_what_the_commune_pays_why_and_the_figure_of_next_year_where_it_lands(world, mayor, visit, screens):
    following = timezone.localdate().year + 1
    with first_pool():
        active(world["sixt"], agreement(), "groupements")
    page = visit("/", mayor)
    taken = screens(page)
    paid = words(page, ".sum-due")
    assert paid.startswith("Groupements d’achats, exercice 2025 1 815,75 €")  # what it holds, and not the first offer of the list
    assert f"1 815,75 € prévus en {following} Hypothèse population totale {following}, celle du 1er janvier 2025" in paid
    assert rows(page, "Lignes de Sixt-sur-Aff") == [
        ["Groupements d’achats, contribution annuelle", "art. 7.2.2", "1 815,75 €", "1 815,75 € hypothèse"]
    ]
    assert "Article 7.2.2" in explained(page, "1\u00a0815,75\u00a0€")
    assert taken.seen == ["/"]


def test_the_mayor_compares_the_offers_in_two_screens(world, mayor, visit, screens):
    with first_pool():
        active(world["sixt"], agreement(), "groupements")
    page = visit("/", mayor)
    taken = screens(page)
    press(page, "Voir ce que nous paierions, offre par offre")
    assert told(page, "tr.group") == ["Socle complet", "Audit", "Groupements d’achats", "Socle annexe complet"]
    assert taken.seen == ["/", "/organisations/n/offres/"]


def test_the_mayor_receives_a_ready_projet_de_deliberation_in_two_screens(world, mayor, visit, screens):
    with first_pool():
        asked(world["sixt"], agreement())
    page = visit("/", mayor)
    taken = screens(page)
    press(page, "Préparer le projet de délibération")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Télécharger le DOCX").click()
    text = [p.text.replace("\u00a0", " ") for p in docx.Document(downloading.value.path()).paragraphs]
    assert text[:2] == ["Sixt-sur-Aff", "Projet de délibération d’adhésion : Sixt-sur-Aff"]
    assert taken.seen == ["/", "/documents/n/"]
    again = visit("/", mayor)  # then it waits where one lands, to be taken
    with again.expect_download() as downloading:
        again.get_by_role("link", name="DOCX").click()
    assert downloading.value.suggested_filename.endswith("sixt-sur-aff-v1.docx")
    assert again.get_by_role("button", name="Préparer le projet de délibération").count() == 0


def test_the_secretary_fills_the_choice_of_article_8_and_produces_the_act_in_two_screens(world, visit, screens):
    with first_pool():
        asked(world["sixt"], agreement())
    page = visit("/", world.accounts["office"])
    taken = screens(page)
    page.get_by_label("Groupements d’achats", exact=True).check()
    page.get_by_label("Choix en vigueur à compter du").fill("01/01/2024")
    press(page, "Vérifier les choix")
    assert words(page, "h1") == "Vérifiez avant d’enregistrer"
    press(page, "Enregistrer et préparer l’acte")
    assert words(page, "h1") == "Projet de délibération d’adhésion : Sixt-sur-Aff"
    assert taken.seen == ["/", "/adhesions/n/choix/", "/documents/n/"]  # in the middle, the confirmation, which does not count
    with first_pool():
        assert [c.offer for c in Choice.objects.unscoped()] == ["groupements"]


def enter(page, title, **typed):
    """Open the form of a vote where it lands, and fill what the act says."""
    page.locator("summary", has_text=title).click()
    form = page.locator("details[open]", has=page.locator("summary", has_text=title))
    typed = {
        "session_on": "05/12/2023", "in_office": "19", "voters": "17", "votes_for": "17", "sent_on": "06/12/2023",
        "received_on": "07/12/2023", "published_on": "08/12/2023", **typed,
    }  # fmt: skip
    for name, value in typed.items():
        form.locator(f"[name={name}]").fill(value)
    if form.locator("select[name=state]").count():
        form.locator("select[name=state]").select_option(label="adopté")
    with page.expect_navigation():
        form.get_by_role("button", name="Enregistrer le vote").click()


def test_the_secretary_enters_a_vote_and_its_transmission_where_it_lands(world, visit, screens):
    with first_pool():
        made = asked(world["sixt"], agreement())
    page = visit("/", world.accounts["office"])
    taken = screens(page)
    enter(page, "Saisir un vote et sa transmission", number="2023-58", transmission="035-213503287-20231205-SG2023_58-DE")
    assert told(page, "div.messages div.message") == ["Fait. L’acte est enregistré : il est exécutoire le 8 décembre 2023."]
    assert taken.seen == ["/"]
    with first_pool():
        kept = Resolution.objects.unscoped().get(number="2023-58")
    assert (kept.organization_id, kept.agreement_id, kept.kind, kept.state, kept.matter, kept.votes_for, kept.executory_on) == (
        world["sixt"].pk, made.agreement_id, "resolution", "adopted", "5.7", 17, date(2023, 12, 8),
    )  # fmt: skip


def test_the_secretary_enters_the_vote_of_an_act_that_was_prepared_where_it_lands(world, visit, screens):
    with first_pool():
        made = act(world["sixt"], state="draft", subject="Avenant n° 6", visas="Vu le code général", received_on=None,
                   published_on=None)  # fmt: skip
        act(world["sixt"], state="draft", kind="memo", subject="Note de synthèse", received_on=None, published_on=None)
    page = visit("/", world.accounts["office"])
    taken = screens(page)
    assert [words for words in told(page, "summary") if words.startswith("Saisir le vote")] == ["Saisir le vote : Avenant n° 6"]
    enter(page, "Saisir le vote : Avenant n° 6")
    assert told(page, "div.messages div.message") == [
        "Attention. Le numéro au registre manque.", "Fait. Le vote est enregistré : il est exécutoire le 8 décembre 2023.",
    ]  # fmt: skip
    assert taken.seen == ["/"]
    with first_pool():
        made.refresh_from_db()
    assert (made.state, made.votes_for, made.visas) == ("adopted", 17, "Vu le code général")  # what was written before stays


def test_the_secretary_sees_deadlines_and_obligations_where_it_lands(world, visit, screens):
    following = timezone.localdate().year + 1
    with first_pool():
        of = agreement()
        article(of, "5", "Interlocuteurs", "La commune désigne un interlocuteur décideur.")
        active(world["sixt"], of, "groupements")
        Obligation.objects.unscoped().filter(key="budget").update(due_on=date(following, 4, 15))
        Obligation.objects.unscoped().filter(key="disputes").update(done_on=date(2024, 2, 1))
        BudgetMilestone(organization=world["sixt"], kind="BP", year=following, on=date(following, 4, 8)).save()
    page = visit("/", world.accounts["office"])
    taken = screens(page)
    assert told(page, "section[aria-labelledby^=dates] li") == [
        f"31 déc. {following - 1} Sixt-sur-Aff, redon : dernier jour pour recevoir un préavis avant la reconduction du "
        f"1er janvier {following + 1}",
        f"1er janv. {following} Sixt-sur-Aff, redon : reconduction tacite", f"8 avr. {following} Budget primitif {following}",
    ]  # fmt: skip
    assert told(page, "section[aria-labelledby^=obligations] li") == [
        f"Inscrire les sommes au budget pour le 15 avril {following} À faire",
        "Désigner un interlocuteur décideur et un interlocuteur technique article 5, sans échéance À faire",
        "Dénoncer les contrats que le service reprend sans échéance À faire",
        "Donner ses besoins pour les groupements d’achats sans échéance À faire",
    ]
    assert taken.seen == ["/"]


def test_the_secretary_takes_the_forecast_for_the_budget_where_it_lands(world, visit, screens):
    following = timezone.localdate().year + 1
    with first_pool():
        active(world["sixt"], agreement(), "socle_complet")
    page = visit("/", world.accounts["office"])
    taken = screens(page)
    assert f"5 394,50 € prévus en {following}" in words(page, ".sum-due")
    why = explained(page, "5\u00a0394,50\u00a0€")
    assert ARTICLE in why
    assert f"Population totale, valeur du 01/01/{following}, hypothèse de simulation." in why
    assert taken.seen == ["/"]


def test_the_technical_contact_sees_the_prerequisites_to_meet_for_a_brick_where_it_lands(world, visit, screens):
    edition = loaded("nimes_metropole")
    with first_pool():
        account(world, "contact", "Yann Prioul", GrantRole.CONTACT, world["sixt"])
        of = framework()
        member(of, world["sixt"], "internet", adopts=version(of, "avenant n° 6", edition))
    page = visit("/", world.accounts["contact"])
    taken = screens(page)
    assert told(page, "section[aria-labelledby=prerequis] summary")[:3] == [
        "1 Accès internet THD et outils collaboratifs : 2 prérequis à réunir",  # the brick that it holds, open
        "Hébergement clouds et réseaux : 2 prérequis à réunir", "3 Vidéoprotection : 1 prérequis à réunir",
    ]  # fmt: skip
    held = words(page, "section[aria-labelledby=prerequis] details[open]")
    assert "La commune est raccordée par une fibre du niveau de qualité requis." in held
    page.locator("summary", has_text="3 Vidéoprotection").click()
    assert "Prérequis de la brique vidéoprotection." in words(page, "section[aria-labelledby=prerequis] details:nth-of-type(3)")
    assert taken.seen == ["/"]


def test_the_elected_vice_president_sees_the_map_of_members_and_adhesions_where_it_lands(world, visit, screens):
    with first_pool():
        of = agreement()
        active(world["sixt"], of, "groupements")
        active(world["redon"], of, "groupements")
        asked(world["allaire"], of)
    page = visit("/", world.accounts["elected"])
    taken = screens(page)
    assert told(page, ".territory-group") == [
        "2 adhérentes Redon, Sixt-sur-Aff", "1 en cours d’adhésion Allaire", "28 non adhérentes",
    ]  # fmt: skip
    assert taken.seen == ["/"]
