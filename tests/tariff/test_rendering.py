"""Statements as files: what a page and a workbook say, to whom, and that no name or figure of another gets in."""

import re
import zipfile
from datetime import date
from fractions import Fraction
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from python_calamine import load_workbook
from rich.console import Console

from communis.tariff.convention import read_text
from communis.tariff.rendering.content import content_of
from communis.tariff.rendering.statements import file_names, write_statements
from communis.tariff.rendering.tables import csv_text, print_table, table_text
from communis.tariff.rendering.workbook import fits, write_statement_workbook, write_workbook
from communis.tariff.result import compute
from communis.tariff.tables import tables_of

TEXT = """
convention "Service commun d’essai"
    gestionnaire "Agglomération d’Essai"
    version "1" du 01/01/2024
    exercice du 1er janvier au 31 décembre
    arrondi au centime le plus proche
    restes au plus fort puis par nom
    prorata aucun
    taxe hors taxe

article 1 "Objet"
article 2 "Contribution"
    « une part fixe et une part par habitant »
article 3 "Coût partagé"
article 4 "Plafond"
article 5 "Audit"
article 6 "Jours d’agents"

unité poste "poste de travail"

interprétation AMB-01 "« habitant » : quelle population ?"   article 2
    retenu totale "population totale légale"
    possible municipale "population municipale"

fait habitants : hab "nombre d’habitants"    article 2
    population selon AMB-01, lu au 1er janvier de N
fait postes : poste "postes de travail"    article 3
    lu au 1er janvier de N

registre formation "Formation"    article 3
    du membre
    faite_le : date, fait foi
    durée : jour "durée"
    prix : €/jour "prix du jour"

offre socle "Socle"    article 1
offre audit "Audit"    article 5
offre agents "Agents"    article 6

paramètre part_variable "part variable"    article 2
    1,50 €/hab depuis le 01/01/2024 par "délibération 2023-1"
paramètre coût_annuel : € "coût annuel du service"    article 3
    1 000 € depuis le 01/01/2024 par "budget primitif 2024"

barème par classe part_fixe selon habitants    article 2
    moins de 1 500 : 500 €
    de 1 500 à 8 000 : 700 €
    plus de 8 000 : à décider « un examen des moyens »

ligne contribution "Contribution annuelle"    article 2
    pour socle, chaque exercice, en fonctionnement
    nature "Contribution", imputation "62876"
    facturée du 1er janvier au 31 mars de N+1
    = part_fixe + part_variable × habitants

ligne coût_partagé "Coût partagé"    article 3
    pour socle, chaque exercice, en fonctionnement
    nature "Coûts partagés"
    = part de coût_annuel selon postes entre les titulaires de socle

ligne prix_audit "Audit préalable"    article 5
    pour audit, chaque exercice, en investissement
    taxe de 20 % sur le total
    = 250 €

ligne formations "Formations"    article 3
    pour socle, pour chaque formation, en fonctionnement
    nature "Coûts partagés"
    facturée à la date de formation.faite_le
    = formation.durée × formation.prix

ligne jours_dus : jour "Jours d’agents"    article 6
    pour agents, chaque exercice, en nature
    = 24 jours

plafond limite "Écrêtement"    article 4
    porte sur contribution, par membre
    au plus 2 000 €
    excédent supporté par le gestionnaire
"""
CONVENTION = read_text(TEXT)
MEMBERS = [
    {"membre": "Agglomération d’Essai", "rôle": "gestionnaire"},
    {"membre": "Aubépine", "siren": "213500135", "type": "commune"},
    {"membre": "Bruyère", "type": "commune"},
    {"membre": "Capucine"},
    {"membre": "Digitale"},
    {"membre": "<script>alert(1)</script>"},
    {"membre": "=1+1"},
]
CHOICES = [
    {"membre": "Aubépine", "offre": "socle", "du": "01/01/2024", "acte": "délibération 12"},
    {"membre": "Bruyère", "offre": "socle", "du": "15/04/2024"},
    {"membre": "Capucine", "offre": "agents", "du": "01/01/2024"},
    {"membre": "<script>alert(1)</script>", "offre": "audit", "du": "01/01/2024"},
    {"membre": "=1+1", "offre": "socle", "du": "01/01/2024", "acte": "=cmd()"},
]
POPULATIONS = [("Aubépine", "1 234", ""), ("Bruyère", "100", "oui"), ("=1+1", "4 321", "")]
POPULATION = {"fait": "habitants", "nature": "totale", "date": "01/01/2024", "source": "@Insee"}
FACTS = [{"membre": who, "valeur": count, "fictif": made_up, **POPULATION} for who, count, made_up in POPULATIONS]
WORKSTATIONS = [
    {"membre": who, "fait": "postes", "valeur": count, "date": "01/01/2024", "source": "inventaire", "fictif": ""}
    for who, count in (("Aubépine", "3"), ("Bruyère", "4"), ("=1+1", "5"))
]
TRAININGS = [
    {"id": "F1", "membre": "Aubépine", "faite_le": "12/03/2024", "durée": "2", "prix": "100"},
    {"id": "F2", "membre": "Aubépine", "faite_le": "15/05/2024", "durée": "1,5", "prix": "100"},
]
NAMES = [member["membre"] for member in MEMBERS[1:]]


def computed(**over):
    tables = {"membres": MEMBERS, "choix": CHOICES, "faits": FACTS + WORKSTATIONS, "registre.formation": TRAININGS, **over}
    return compute(CONVENTION, tables_of(CONVENTION.model, tables), 2024)


def place(name):
    return NAMES.index(name) + 1


class Page(HTMLParser):
    """A page as a reader meets it: its elements with their attributes and their text."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.open = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        one = {"tag": tag, "text": "", **dict(attributes)}
        self.found.append(one)
        if tag not in ("meta", "br"):
            self.open.append(one)

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for one in self.open:
            one["text"] += data

    def all(self, *tags, **attributes):
        wanted = {key.rstrip("_"): value for key, value in attributes.items()}
        return [one for one in self.found if one["tag"] in tags and wanted.items() <= one.items()]

    def text(self, *tags, **attributes):
        return [" ".join(one["text"].replace("\xa0", " ").split()) for one in self.all(*tags, **attributes)]


@pytest.fixture(scope="module")
def result():
    return computed()


@pytest.fixture(scope="module")
def folder(result, tmp_path_factory):
    path = tmp_path_factory.mktemp("décomptes")
    write_statements(result, path)
    return path


def page(folder, name):
    return Page((folder / f"{name}.html").read_text("utf-8"))


def cells(path, sheet):
    return load_workbook(str(path)).get_sheet_by_name(sheet).to_python()


def every_text(path):
    """Return all that a file says, as one text."""
    if path.suffix == ".html":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


# ---------------------------------------------------------------- the files


def test_a_member_with_something_to_say_has_a_page_and_a_workbook(result, tmp_path):
    assert [path.name for path in write_statements(result, tmp_path / "new" / "folder")] == [
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
def test_nothing_of_another_member_is_in_the_files_of_a_member(result, folder, name):
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
        "Écrêtement Service de l’exercice 2024 entier. art. 4 sans quantité −351,00 €, explication 4 4",
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
def test_every_amount_leads_to_its_explanation_and_back(result, folder):
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


@pytest.mark.covers("TAR-02")
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


# ---------------------------------------------------------------- workbooks


def test_the_workbook_of_a_result_has_typed_cells(result, tmp_path):
    write_workbook(result, tmp_path / "tout.xlsx")
    book = load_workbook(str(tmp_path / "tout.xlsx"))
    assert book.sheet_names == ["Totaux", "Lignes", "Faits", "Interprétations"]
    totals = cells(tmp_path / "tout.xlsx", "Totaux")
    assert totals[1] == ["Aubépine", "213500135", "commune", "à émettre", 2600, 0, 2600, 2600, "", "", ""]
    assert totals[5][:9] == ["<script>alert(1)</script>", "", "", "à émettre", 250, 50, 300, "", 250]
    assert [row[0:1] + row[4:7] for row in totals[7:]] == [
        ["Total des décomptes", 6250, 50, 6300],
        ["À la charge du gestionnaire", 5532.5, "", 5532.5],
        ["Ensemble", 11782.5, 50, 11832.5],
    ]
    lines = cells(tmp_path / "tout.xlsx", "Lignes")
    line = dict(zip(lines[0], lines[1], strict=True))
    assert [line[key] for key in ("Ligne", "Nature", "Imputation", "Articles", "Résultat", "Montant", "Unité")] == [
        "contribution", "Contribution", "62876", "2", "montant", 2351, "€",
    ]  # fmt: skip
    assert [line[key] for key in ("Service du", "Service au", "Échéance du", "Échéance au", "Exercice budgétaire")] == [
        date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 3, 31), 2025,
    ]  # fmt: skip
    assert len(lines) == 1 + 6 * 6 + 1


def test_the_facts_used_are_listed_once_with_their_source(result, tmp_path):
    write_workbook(result, tmp_path / "tout.xlsx")
    facts = [row[:2] + row[3:9] + row[10:] for row in cells(tmp_path / "tout.xlsx", "Faits")[1:6]]
    year, label = date(2024, 1, 1), "donnée fictive de démonstration"
    training = date(2024, 3, 12)
    assert facts[0] == [
        "Aubépine",
        "habitants (nombre d’habitants)",
        1234,
        "hab",
        "totale",
        year,
        "",
        "@Insee",
        "",
        "Contribution annuelle",
    ]
    assert ["Aubépine", "Formation F1, durée", 2, "jour", "", training, "", "", "", "Formations"] in facts
    bruyere = [row for row in cells(tmp_path / "tout.xlsx", "Faits") if row[0] == "Bruyère"]
    assert [row[10] for row in bruyere] == [label]
    assert cells(tmp_path / "tout.xlsx", "Interprétations")[1] == [
        "AMB-01", "«\xa0habitant\xa0»\xa0: quelle population\xa0?", "totale", "population totale légale", "2",
    ]  # fmt: skip


def test_the_workbook_of_a_member_holds_its_lines_and_their_explanations(result, tmp_path):
    write_statement_workbook(result, place("Bruyère"), tmp_path / "un.xlsx")
    assert load_workbook(str(tmp_path / "un.xlsx")).sheet_names == ["Décompte", "Explications", "Faits", "Interprétations"]
    rows = cells(tmp_path / "un.xlsx", "Décompte")
    assert [row[:3] + row[6:8] for row in rows[1:3]] == [
        [1, "Contribution", "Contribution annuelle", 650, "€"],
        [2, "Coûts partagés", "Coût partagé", 333.33, "€"],
    ]
    assert [row[1:2] + row[6:7] for row in rows[-3:]] == [["Total avant taxe", 983.33], ["Taxe", 0], ["À régler", 983.33]]
    assert cells(tmp_path / "un.xlsx", "Explications")[3] == [
        1, "Contribution annuelle", "  = part fixe + part variable ×\xa0habitants",
    ]  # fmt: skip
    with pytest.raises(KeyError):
        write_statement_workbook(result, 99, tmp_path / "nobody.xlsx")


def test_a_number_too_long_for_a_spreadsheet_is_not_rounded_in_silence():
    assert fits(Fraction("9999999999999.99"))
    assert not fits(Fraction("99999999999999.99"))


# ---------------------------------------------------------------- tables of the command line


def test_a_pipe_gets_aligned_text():
    rows = [["Sixt-sur-Aff", Fraction(11065, 2), "à émettre"], ["[red]Île[/red]\x1b[31m", -3, None]]
    assert table_text(["Membre", "Montant", "État"], rows, title="Totaux") == (
        "Totaux\n"
        "Membre               Montant  État\n"
        "Sixt-sur-Aff         5\xa0532,5  à émettre\n"
        "[red]Île[/red]\ufffd[31m       -3\n"
    )


def test_the_table_is_ruled_in_a_terminal_only(capsys):
    print_table(["Nom", "Montant"], [["a", "1,00 €"]], align="lr")
    assert capsys.readouterr().out == "Nom  Montant\na     1,00 €\n"
    console = Console(force_terminal=True, width=40, color_system=None)
    with console.capture() as seen:
        print_table(["Nom", "Montant"], [["[b]a", "1,00 €"]], align="lr", console=console)
    assert "────" in seen.get()
    assert "[b]a" in seen.get()


def test_csv_text_is_never_a_formula_and_numbers_stay_numbers():
    rows = [
        ["=1+1", Fraction(-11065, 2), 3, date(2024, 3, 12), None],
        ["@x", Fraction(1, 3), True, "a;b", "\tx"],
        ["-5", "+", "\0", "", "ok"],
    ]
    assert csv_text(["nom", "=montant", "n", "le", "note"], rows) == (
        "nom;'=montant;n;le;note\r\n'=1+1;-5532,5;3;2024-03-12;\r\n'@x;0,333333333333;oui;\"a;b\";'\tx\r\n'-5;'+;'\0;;ok\r\n"
    )
