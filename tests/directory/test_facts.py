"""Facts: dated, with a unit, a kind, a source and an author; corrected and withdrawn, never changed."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from communis.directory.models import Fact, FactType
from communis.foundation.outbox import Mail
from factories.pools import FIRST
from factories.world import first_pool

pytestmark = pytest.mark.django_db


def enter(world, name, fact, **typed):
    path = f"/organisations/{world[name].pk}/faits/saisir/"
    typed = {"valid_on": "01/01/2026", "source": "Insee, décret du 30 décembre 2025", **typed}
    return world.fill(path, type=world.get(path).choice("type", fact), **typed)


@pytest.mark.covers("ORG-06")
def test_populations_are_dated_of_a_kind_with_their_source_and_their_author(world):
    known = (
        ("totale", "2 310", "01/01/2026"), ("municipale", "2273", "01/01/2026"), ("déclarée", "2 400", "02/01/2026"),
        ("dgf", "2 512", "01/01/2026"), ("totale", "2 263", "01/01/2025"),
    )  # fmt: skip
    for kind, value, on in known:
        page = enter(world, "sixt", "population, en hab", kind=kind, value=value, valid_on=on)
        assert page.messages == ["Fait. Le fait est saisi."]
    source = "Insee, décret du 30 décembre 2025 saisi par Erwan Talhouarn"
    actions = "Corriger Retirer"
    assert page.table("Faits connus") == [
        ["Population DGF", "2 512 hab", "1er janv. 2026", source, actions],
        ["Population déclarée", "2 400 hab", "2 janv. 2026", source, actions],
        ["Population municipale", "2 273 hab", "1er janv. 2026", source, actions],
        ["Population totale", "2 310 hab", "1er janv. 2026", source, actions],
        ["Population totale", "2 263 hab", "1er janv. 2025", source, actions],
    ]
    with first_pool():
        rows = Fact.objects.unscoped().filter(kind="totale").order_by("valid_on").values_list("number", "valid_on", "entered_by")
        assert list(rows) == [
            (Decimal("2263.000000"), date(2025, 1, 1), "Erwan Talhouarn"),
            (Decimal("2310.000000"), date(2026, 1, 1), "Erwan Talhouarn"),
        ]


@pytest.mark.covers("ORG-06")
def test_the_tariff_reads_the_kind_that_it_names(world):
    enter(world, "sixt", "population, en hab", kind="municipale", value="2 000")
    path = f"/organisations/{world['sixt'].pk}/offres/"
    row = world.get(path).table("Offres simulées, par exercice")[1]
    assert row[3:] == ["5 394,50 €", "fait manquant : population totale 2026"]
    enter(world, "sixt", "population, en hab", kind="totale", value="2 310")
    assert world.get(path).table("Offres simulées, par exercice")[1][3:] == ["5 394,50 €", "5 465,00 €"]


@pytest.mark.covers("ORG-06")
def test_a_population_is_corrected_by_another_and_the_former_stays_with_the_reason(world):
    enter(world, "sixt", "population, en hab", kind="totale", value="2 301")
    with first_pool():
        first = Fact.objects.unscoped().get()
    page = world.get(f"/faits/{first.pk}/corriger/")
    assert (page.fields["value"], page.fields["kind"], page.fields["valid_on"]) == ("2301", "totale", "01/01/2026")
    page = world.fill(f"/faits/{first.pk}/corriger/", value="2 310")
    assert page.errors == ["Motif de la correction : à remplir."]
    page = world.fill(f"/faits/{first.pk}/corriger/", value="2 310", reason="faute de frappe")
    assert [row[1] for row in page.table("Faits connus")] == ["2 310 hab"]
    page = world.get(f"/faits/{first.pk}/")
    assert [(row[0], row[3], row[5]) for row in page.table("Valeurs saisies")] == [
        ("2 310 hab", "Erwan Talhouarn", "faute de frappe"), ("2 301 hab", "Erwan Talhouarn", "sans objet"),
    ]  # fmt: skip
    page = world.fill(f"/faits/{first.pk}/corriger/", value="2 320", reason="encore")
    assert (page.status, page.errors) == (422, ["Ce fait a déjà été corrigé : corrigez le dernier."])
    with first_pool():
        last = Fact.objects.unscoped().current().get()
        assert Fact.objects.unscoped().count() == 2
    page = world.fill(f"/faits/{last.pk}/retirer/", reason="saisi pour une autre commune")
    assert page.messages == ["Fait. Le fait est retiré."]
    assert [row[0] for row in world.get(f"/faits/{first.pk}/").table("Valeurs saisies")] == ["retiré", "2 310 hab", "2 301 hab"]
    assert "Corriger" not in world.get(f"/faits/{first.pk}/").links
    page = enter(world, "sixt", "population, en hab", kind="totale", value="2 310")  # withdrawn: it may be entered again
    assert page.messages == ["Fait. Le fait est saisi."]


@pytest.mark.covers("ORG-07")
def test_any_measured_quantity_is_a_fact_and_a_pool_adds_its_own(world):
    form = world.get(f"/organisations/{world['sixt'].pk}/faits/saisir/")
    assert form.choices("type") == [
        "à choisir", "compte administratif, fonctionnement, en €", "compte administratif, investissement, en €",
        "comptes d’utilisateurs, en compte", "dispose d’un service informatique (oui ou non)", "données stockées, en Go",
        "licences, en licence", "lignes, en ligne", "population, en hab", "postes de travail, en poste",
    ]  # fmt: skip
    page = world.fill("/fiches/types-de-faits/ajouter/", code="copieurs", label="copieurs", shape="number", unit="copieur")
    assert page.messages == ["Fait. Un type de fait est ajouté."]
    enter(world, "sixt", "postes de travail, en poste", value="11", source="inventaire du 5 janvier")
    enter(world, "sixt", "données stockées, en Go", value="1 250,5", source="relevé du 31 décembre")
    page = enter(world, "sixt", "copieurs, en copieur", value="3", source="inventaire du 5 janvier", until="31/12/2026")
    assert [row[:4] for row in page.table("Faits connus")] == [
        ["Copieurs", "3 copieurs", "1er janv. 2026", "inventaire du 5 janvier saisi par Erwan Talhouarn"],
        ["Données stockées", "1 250,5 Go", "1er janv. 2026", "relevé du 31 décembre saisi par Erwan Talhouarn"],
        ["Postes de travail", "11 postes", "1er janv. 2026", "inventaire du 5 janvier saisi par Erwan Talhouarn"],
    ]
    page = world.get("/faits/", q="sixt")
    assert page.table("Les faits")[1] == [
        "Sixt-sur-Aff", "données stockées", "sans objet", "1 250,5 Go", "1er janv. 2026", "relevé du 31 décembre",
        "Erwan Talhouarn",
    ]  # fmt: skip


@pytest.mark.covers("ORG-07")
@pytest.mark.parametrize(
    ("fact", "typed", "said"),
    [
        ("postes de travail, en poste", {"value": "onze"}, "Valeur : Écrivez un nombre, par exemple 1 234,5."),
        ("postes de travail, en poste", {"value": "-3"}, "Valeur : Écrivez au moins 0."),
        ("postes de travail, en poste", {"value": "11", "source": ""}, "Source : à remplir."),
        ("postes de travail, en poste", {"value": "11", "until": "31/12/2025"}, "Jusqu’au : La fin doit suivre la date du fait."),
        ("population, en hab", {"value": "2 310"}, "Nature : Dites de quelle population il s’agit."),
        ("population, en hab", {"value": "2 310,5", "kind": "totale"}, "Valeur : Écrivez un nombre entier, sans virgule."),
        ("dispose d’un service informatique (oui ou non)", {"value": "peut-être"}, "Valeur : Répondez par oui ou par non."),
    ],
)
def test_a_fact_that_means_nothing_is_refused(world, fact, typed, said):
    page = enter(world, "sixt", fact, **typed)
    assert (page.status, page.errors) == (422, [said])
    assert page.fields["value"] == typed["value"]
    with first_pool():
        assert Fact.objects.unscoped().count() == 0


def test_a_fact_known_at_a_date_is_corrected_and_not_entered_twice(world):
    enter(world, "sixt", "postes de travail, en poste", value="11", source="inventaire")
    page = enter(world, "sixt", "postes de travail, en poste", value="12", source="autre inventaire")
    assert (page.status, page.errors) == (
        422,
        ["Ce fait est déjà connu au 01/01/2026 : 11 postes, source : inventaire. Corrigez-le plutôt que de le saisir deux fois."],
    )


@pytest.mark.covers("ORG-08")
def test_yes_or_no_and_free_attributes_are_dated_and_kept(world):
    world.fill("/fiches/types-de-faits/ajouter/", code="hébergeur", label="hébergeur", shape="words", unit="")
    name = "dispose d’un service informatique (oui ou non)"
    enter(world, "sixt", name, value="Oui", valid_on="01/01/2020", until="31/12/2025", source="déclaration")
    enter(world, "sixt", name, value="non", valid_on="01/01/2026", source="déclaration")
    page = enter(world, "sixt", "hébergeur (des mots)", value="Mégalis Bretagne", source="contrat du 2 mai")
    assert [row[:3] for row in page.table("Faits connus")] == [
        ["Dispose d’un service informatique", "non", "1er janv. 2026"],
        ["Dispose d’un service informatique", "oui", "1er janv. 2020"],
        ["Hébergeur", "Mégalis Bretagne", "1er janv. 2026"],
    ]


def test_the_meaning_of_facts_already_entered_does_not_change(world):
    enter(world, "sixt", "postes de travail, en poste", value="11", source="inventaire")
    with first_pool():
        kind = FactType.objects.unscoped().get(code="postes_de_travail")
    page = world.fill(f"/fiches/types-de-faits/{kind.pk}/modifier/", unit="pc", label="postes")
    assert page.errors == ["Unité : Des faits de ce type sont saisis : ajoutez plutôt un autre type."]
    page = world.fill(f"/fiches/types-de-faits/{kind.pk}/modifier/", unit="poste", label="postes informatiques")
    assert page.messages == ["Fait. C’est enregistré."]
    page = world.fill("/fiches/types-de-faits/ajouter/", code="Mes postes", label="mes postes", shape="number")
    assert page.errors == ["Nom dans les conventions : Des minuscules, chiffres et traits bas, sans espace."]


def test_a_member_reads_its_own_facts_and_enters_none(world):
    enter(world, "sixt", "postes de travail, en poste", value="11", source="inventaire")
    enter(world, "allaire", "postes de travail, en poste", value="24", source="inventaire")
    with first_pool():
        theirs = Fact.objects.unscoped().get(organization=world["allaire"])
    world.sign_in("office")
    assert [row[0] for row in world.get("/faits/").table("Les faits")] == ["Sixt-sur-Aff"]
    assert world.get(f"/faits/{theirs.pk}/").status == 404
    assert world.get(f"/organisations/{world['sixt'].pk}/faits/saisir/").status == 404


def test_the_file_of_the_facts_has_their_unit_and_says_what_was_made_up(world):
    enter(world, "sixt", "population, en hab", kind="totale", value="2 310")
    with first_pool():
        kind = FactType.objects.unscoped().get(code="postes_de_travail")
        Fact(type=kind, organization=world["sixt"], number=12, valid_on=date(2026, 1, 1), source="démonstration",
             entered_by="Ada", entered_at=timezone.now(), is_made_up=True).save()  # fmt: skip
    assert file_of(world, "/faits/") == [
        ["Organisation", "Fait", "Nature", "Valeur", "Unité", "À la date du", "Source", "Saisi par", "Donnée fictive"],
        ["Sixt-sur-Aff", "population", "totale", "2310", "hab", "01/01/2026", "Insee, décret du 30 décembre 2025",
         "Erwan Talhouarn", "non"],
        ["Sixt-sur-Aff", "postes de travail", "", "12", "poste", "01/01/2026", "démonstration", "Ada", "oui"],
    ]  # fmt: skip


def test_accesses_and_mails_are_given_in_files(world):
    titles, *rows = file_of(world, "/acces/")
    assert titles == ["Personne", "Droit", "Depuis le", "Jusqu’au", "Dernière connexion", "Second facteur"]
    assert [row[:4] for row in rows if "Talhouarn" in row[0]] == [
        ["Erwan Talhouarn <erwan.talhouarn@redon.example>", "direction du service", "01/01/2024", ""]
    ]
    with first_pool():
        Mail(pool_id=FIRST, account=world.accounts["director"], address="e@redon.example", kind="invitation",
             subject="Bienvenue", text="Bonjour").save()  # fmt: skip
    today = f"{timezone.localdate():%d/%m/%Y}"
    assert file_of(world, "/courriels/") == [
        ["Préparé le", "Pour", "Objet", "État", "Envoyé le"], [today, "Erwan Talhouarn", "Bienvenue", "à envoyer", ""],
    ]  # fmt: skip


def file_of(world, path):
    response = world.client.get(path, {"export": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
