"""Statements as files: what a page says, to whom, and that no name or figure of another gets in."""

import re
from itertools import pairwise

import pytest

from communis.tariff.rendering.content import content_of
from communis.tariff.rendering.statements import file_names, write_statements
from communis.tariff.rendering.workbook import write_workbook
from communis.tariff.result import compute
from factories.rendered import (
    CHOICES,
    CONVENTION,
    FACTS,
    MEMBERS,
    NAMES,
    POPULATIONS,
    WORKSTATIONS,
    Page,
    cells,
    computed,
    every_text,
    page,
    place,
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("décomptes")
    write_statements(computed(), path)
    return path


# ---------------------------------------------------------------- the files


def test_a_member_with_something_to_say_has_a_page_and_a_workbook(tmp_path):
    assert [path.name for path in write_statements(computed(), tmp_path / "new" / "folder")] == [
        "index.html",
        "aubepine.html",
        "aubepine.xlsx",
        "bruyere.html",
        "bruyere.xlsx",
        "capucine.html",
        "capucine.xlsx",
        "script-alert-1-script.html",
        "script-alert-1-script.xlsx",
        "1-1.html",
        "1-1.xlsx",
    ]


def test_file_names_are_plain_distinct_and_never_those_of_the_system():
    assert file_names(["Œuilly-sur-Ône", "L’Île d’Yeu", "l'ile d yeu", "Index", "CON", "東京", "../../etc", "a" * 99]) == [
        "oeuilly-sur-one",
        "l-ile-d-yeu",
        "l-ile-d-yeu-2",
        "membre-index",
        "membre-con",
        "membre",
        "etc",
        "a" * 80,
    ]


def test_the_same_result_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_statements(computed(), tmp_path / name)
        write_workbook(computed(), tmp_path / name / "tout.xlsx")
    first, second = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert first == second


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_another_member_is_in_the_files_of_a_member(folder, name):
    mine = dict(zip(NAMES, file_names(NAMES), strict=True))[name]
    others = [other for other in NAMES if other != name]
    figures = [count for who, count, _ in POPULATIONS if who != name and len(count) > 3]
    figures += [figure.replace(" ", "\xa0") for figure in figures] + [figure.replace(" ", "") for figure in figures]
    for path in (folder / f"{mine}.html", folder / f"{mine}.xlsx"):
        if path.exists():
            said = every_text(path)
            escaped = [other.replace("<", "&lt;").replace(">", "&gt;") for other in others]
            assert [word for word in (*escaped, *figures) if word in said] == []


# ---------------------------------------------------------------- the page


def test_a_page_opens_on_the_sum_due_and_what_makes_it(folder):
    read = page(folder, "aubepine")
    assert read.all("html")[0]["lang"] == "fr"
    assert read.text("h1") == ["Décompte 2024 À émettre"]
    assert read.text("p", class_="figure") == ["2 600,00 €"]
    assert read.text("ul", class_="parts") == ["2 351,00 € Contribution 600,00 € Coûts partagés −351,00 € Plafonds et planchers"]


def test_lines_stand_by_nature_with_article_quantity_amount_service_and_due_date(folder):
    assert page(folder, "aubepine").text("tr", class_="group") == ["Contribution", "Coûts partagés", "Plafonds et planchers"]
    assert page(folder, "aubepine").text("tr", class_="row") == [
        "Contribution annuelle Service de l’exercice 2024 entier, échéance du 1er janvier au 31 mars 2025. Imputation 62876. "
        "art. 2 1 234 hab 2 351,00 €, explication 1 1",
        "Coût partagé Service de l’exercice 2024 entier. art. 3 3 postes 250,00 €, explication 2 2",
        "Formations Service du 12 mars au 15 mai 2024, échéance le 12 mars 2024, le 15 mai 2024. "
        "art. 3 3,5 jours 350,00 €, explication 3 3",
        "Écrêtement Service de l’exercice 2024 entier, échéance du 1er janvier au 31 mars 2025. "
        "art. 4 sans quantité −351,00 €, explication 4 4",
    ]


def test_totals_are_given_before_tax_with_the_tax_and_what_is_due(folder):
    foot = page(folder, "aubepine").text("tr", class_="total") + page(folder, "aubepine").text("tr", class_="grand")
    assert foot == ["Total avant taxe En fonctionnement 2 600,00 €. 2 600,00 €", "Taxe aucune", "À régler 2 600,00 €"]
    taxed = page(folder, "script-alert-1-script")
    assert taxed.text("tr", class_="total") == ["Total avant taxe En investissement 250,00 €. 250,00 €", "Taxe 20 % 50,00 €"]
    assert taxed.text("tr", class_="grand") == ["À régler 300,00 €"]
    assert taxed.text("p", class_="figure") == ["300,00 €"]


def test_what_is_without_object_is_said_with_its_cause(folder):
    assert page(folder, "bruyere").text("td", class_="cause") == [
        "« Audit » : offre non tenue",
        "aucune ligne dans le registre",
        "« Agents » : offre non tenue",
        "la limite n’est pas atteinte",
    ]


def test_what_is_owed_in_kind_stays_out_of_the_total(folder):
    read = page(folder, "capucine")
    assert read.text("tr", class_="row") == [
        "Jours d’agents Service de l’exercice 2024 entier. En nature, hors du total. art. 6 24 jours, explication 1 1"
    ]
    assert (read.text("p", class_="figure"), read.text("tr", class_="grand")) == (["Rien à régler"], ["Total rien à régler"])


@pytest.mark.covers("TAR-02")
def test_every_amount_leads_to_its_explanation_and_back(folder):
    for name in ("aubepine", "bruyere", "capucine", "script-alert-1-script", "1-1"):
        read = page(folder, name)
        ids = [one["id"] for one in read.found if "id" in one]
        assert len(ids) == len(set(ids))
        amounts = [one for one in read.all("a") if one.get("class", "").startswith("amount")]
        assert len(amounts) == len(read.all("article"))
        for amount in amounts:
            (note,) = read.all("article", id=amount["href"][1:])
            shown = amount["text"].partition(",\xa0explication")[0].partition(", explication")[0]
            assert f"Pourquoi {shown}" in note["text"]
        assert [one["href"] for one in read.all("a") if one["href"][1:] not in ids] == []


@pytest.mark.covers("TAR-02", "TAR-64")
def test_an_explanation_goes_from_the_article_to_the_facts(folder):
    note = page(folder, "aubepine").text("article", id="e1")[0]
    assert note == (
        "1. Pourquoi 2 351,00 € Retour au montant Contribution annuelle "
        "Article 2, Contribution « une part fixe et une part par habitant » "
        "Formule part fixe + part variable × habitants 500,00 € + 1,50 €/hab × 1 234 hab "
        "part fixe 500,00 € part variable × habitants 1 851,00 € Contribution annuelle 2 351,00 € "
        "Valeurs part fixe 500,00 € article 2 Classe retenue : « moins de 1 500 ». "
        "part variable 1,50 €/hab article 2 Depuis le 1er janvier 2024, par délibération 2023-1. "
        "Faits habitants (nombre d’habitants) 1 234 hab Population totale, valeur du 1er janvier 2024, @Insee. "
        "Interprétation retenue AMB-01 « habitant » : quelle population ? Population totale légale."
    )


def test_the_words_of_the_convention_alone_have_their_own_voice(folder):
    read = page(folder, "aubepine")
    assert read.text("blockquote") == ["« une part fixe et une part par habitant »"]
    assert read.text("q") == ["« habitant »"]


def test_pages_are_well_formed_and_hold_no_script(folder):
    for path in sorted(folder.glob("*.html")):
        read = Page(path.read_text("utf-8"))
        assert read.open == []
        assert read.all("script", "iframe", "img", "link", "form", "base", "object") == []
        assert [one for one in read.found if [key for key in one if key.startswith("on") or key == "style"]] == []
        levels = [int(one["tag"][1]) for one in read.all("h1", "h2", "h3", "h4")]
        assert levels[0] == 1
        assert [b for a, b in pairwise(levels) if b > a + 1] == []
        assert len(read.all("caption")) == len(read.all("table"))
        assert [one for one in read.all("th") if one.get("scope") not in ("row", "col", "rowgroup")] == []
        addresses = [one[key] for one in read.found for key in ("href", "src") if key in one]
        assert [address for address in addresses if not re.fullmatch(r"#[em][0-9]+|[a-z0-9-]+\.(html|xlsx)", address)] == []


def test_a_hostile_name_is_only_a_name(folder):
    read = page(folder, "script-alert-1-script")
    assert read.text("title") == ["Décompte 2024, <script>alert(1)</script>"]
    assert read.text("p", class_="lead") == ["<script>alert(1)</script>"]
    assert "<script" not in (folder / "script-alert-1-script.html").read_text("utf-8")
    assert "<script" not in (folder / "index.html").read_text("utf-8")
    assert cells(folder / "1-1.xlsx", "Faits")[1][0] == "=1+1"
    for path in folder.glob("*.xlsx"):
        assert "<f>" not in every_text(path)


def test_a_name_loses_the_characters_that_nobody_sees(tmp_path):
    members = [*MEMBERS[:2], {"membre": "a\u202eb\x00c"}]
    choices = [CHOICES[0], {"membre": "a\u202eb\x00c", "offre": "agents", "du": "01/01/2024"}]
    facts = [FACTS[0], WORKSTATIONS[0]]
    paths = write_statements(computed(membres=members, choix=choices, faits=facts), tmp_path)
    assert [path.name for path in paths if path.suffix == ".html"] == ["index.html", "aubepine.html", "a-b-c.html"]
    assert page(tmp_path, "a-b-c").text("p", class_="lead") == ["a\ufffdb\ufffdc"]


# ---------------------------------------------------------------- what cannot be issued, what is not real


@pytest.mark.covers("TAR-03")
def test_a_statement_that_misses_a_fact_says_so_first_and_what_to_do(tmp_path):
    write_statements(computed(faits=[*FACTS[1:], *WORKSTATIONS]), tmp_path)
    read = page(tmp_path, "aubepine")
    assert read.text("h1") == ["Décompte 2024 Ne peut pas être émis"]
    assert read.text("section", class_="stopped") == [
        "Ne peut pas être émis 2 lignes attendent un fait ou une décision : "
        "Contribution annuelle, art. 2 Fait manquant : population totale 2024 (habitants). "
        "Saisissez ce fait avec sa date et sa source, puis recalculez. "
        "Écrêtement, art. 4 Fait manquant : population totale 2024 (habitants). "
        "Saisissez ce fait avec sa date et sa source, puis recalculez."
    ]
    assert read.text("tr", class_="total") == ["Total Une ligne au moins n’a pas de montant. ne peut pas être établi"]
    assert read.text("article", id="e1")[0].startswith("1. Pourquoi aucun montant Retour au montant Contribution annuelle")
    assert cells(tmp_path / "aubepine.xlsx", "Décompte")[1][5:8] == ["fait manquant", "", "€"]


def test_a_fact_that_another_member_lacks_is_counted_and_not_told(tmp_path):
    write_statements(computed(faits=[*FACTS, WORKSTATIONS[0]]), tmp_path)
    read = page(tmp_path, "aubepine")
    assert read.text("li")[:1] == ["Coût partagé, art. 3 Fait manquant chez 2 autres membres."]
    assert "Bruyère" not in (tmp_path / "aubepine.html").read_text("utf-8")
    index = page(tmp_path, "index")
    assert index.text("p", class_="answer") == [
        "6 membres : 1 décompte à émettre, 3 décomptes qui ne peuvent pas être émis, 2 sans rien à régler."
    ]


def test_a_decision_awaited_is_said_with_its_words_and_its_way_out(tmp_path):
    write_statements(computed(faits=[{**FACTS[0], "valeur": "9 000"}, *FACTS[1:], *WORKSTATIONS]), tmp_path)
    read = page(tmp_path, "aubepine")
    assert read.text("td", class_="number word") == []
    assert [one["text"].split(",")[0] for one in read.all("a", class_="amount word")] == ["à décider", "à décider"]
    assert read.text("li")[0] == "Contribution annuelle, art. 2 À décider : un examen des moyens. Un acte peut fixer le montant."


def test_an_invented_figure_is_labelled_where_it_shows_and_on_the_totals(folder):
    read = page(folder, "bruyere")
    label = "donnée fictive de démonstration"
    assert [label in row for row in read.text("tr", class_="row")] == [True, False]
    assert label in read.text("article", id="e1")[0]
    assert read.text("p", class_="mark")[0] == "Donnée fictive de démonstration."
    assert read.text("tr", class_="grand") == ["À régler Donnée fictive de démonstration. 983,33 €"]
    assert label not in (folder / "aubepine.html").read_text("utf-8")
    assert page(folder, "index").text("tr", class_="total") == [
        "Total des décomptes Donnée fictive de démonstration. 6 250,00 € 50,00 € 6 300,00 € sans classeur",
        "À la charge du gestionnaire 5 532,50 € aucune 5 532,50 € sans classeur",
    ]


def test_an_invented_choice_marks_what_it_makes_due_and_what_is_shared_with_it(tmp_path):
    choices = [CHOICES[0], {**CHOICES[1], "fictif": "oui"}, *CHOICES[2:]]
    write_statements(computed(choix=choices), tmp_path)
    marked = ["donnée fictive" in row for row in page(tmp_path, "aubepine").text("tr", class_="row")]
    assert marked == [False, True, False, False]


def test_a_simulation_is_never_taken_for_a_bill(tmp_path):
    choices = [*CHOICES[2:], {"membre": "Digitale", "offre": "audit", "du": "01/01/2024", "source": "simulation"}]
    write_statements(computed(choix=choices), tmp_path)
    read = page(tmp_path, "digitale")
    assert read.text("h1") == ["Décompte 2024 Simulation, pas une facture"]
    assert read.text("h2", class_="label") == ["Serait à régler"]
    assert read.text("tr", class_="grand") == ["Serait à régler Simulation, pas une facture. 300,00 €"]
    other = compute(CONVENTION, computed().tables, 2024, readings={"AMB-01": "municipale"})
    assert content_of(other, place("Capucine")).marks == ["simulation, pas une facture"]


def test_the_list_names_every_member_and_what_the_host_bears(folder):
    index = page(folder, "index")
    assert index.text("p", class_="answer") == ["6 membres : 4 décomptes à émettre, 2 sans rien à régler."]
    assert index.text("tr")[1:7] == [
        "Aubépine À émettre 2 600,00 € aucune 2 600,00 € XLSX, Aubépine",
        "Bruyère À émettre donnée fictive de démonstration 983,33 € aucune 983,33 € XLSX, Bruyère",
        "Capucine Rien à émettre rien à régler XLSX, Capucine",
        "Digitale Sans objet : aucune ligne ne le concerne.",
        "<script>alert(1)</script> À émettre 250,00 € 50,00 € 300,00 € XLSX, <script>alert(1)</script>",
        "=1+1 À émettre 2 416,67 € aucune 2 416,67 € XLSX, =1+1",
    ]
    assert index.text("tr")[-1] == "Écrêtement art. 4 part d’un plafond ou d’un plancher 5 532,50 €"


def test_an_exercise_without_members_says_what_to_do(tmp_path):
    empty = {"membres": MEMBERS[:1], "choix": [], "faits": [], "registre.formation": []}
    paths = write_statements(computed(**empty), tmp_path)
    assert [path.name for path in paths] == ["index.html"]
    words = "Aucun membre n’existe sur cet exercice : ajoutez-les à la table des membres."
    assert page(tmp_path, "index").text("p", class_="answer") == [words]
