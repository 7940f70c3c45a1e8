"""`communis tarif expliquer`: the tree of an amount down to the article, for the host or as the member sees it."""

import pytest

from factories.command import faults_of, tarif
from factories.service import SOURCE, TEXT, with_rows, written

SHARED = """
ligne coût "Coût partagé"                                               article 5
    pour socle, chaque exercice, en fonctionnement
    = part de 900 € selon habitants entre les titulaires de socle
"""
MISSING = "fait manquant : population totale 2025 (habitants) — Bruyère"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    return written(tmp_path_factory.mktemp("service"), TEXT + SHARED)


def steps(tree):
    """Return the steps of a tree in JSON, itself first."""
    return [tree, *(below for child in tree["children"] for below in steps(child))]


@pytest.mark.covers("TAR-02", "TAR-64")
def test_an_amount_goes_down_to_the_article_the_class_the_fact_and_the_act(service):
    run = tarif("expliquer", service, "Aubépine", "contribution", "--exercice", "2024")
    assert (run.status, run.err) == (0, "")
    assert run.lines == [
        "Aubépine, exercice 2024",
        "",
        "Contribution annuelle : 2 000,00 €",
        "  article 5, Contribution : « une part fixe et une part par habitant »",
        "  = part fixe + part variable × habitants",
        "  = 500,00 € + 1,50 €/hab × 1 000 hab",
        "  Quantité : 1 000 hab.",
        "  Service du 01/01/2024 au 31/12/2024.",
        "  Échéance du 01/01/2025 au 31/03/2025.",
        "    part fixe : 500,00 €",
        "      article 5",
        "      Classe retenue : « moins de 1 500 ».",
        "        habitants (nombre d’habitants) : 1 000 hab",
        "          article 5",
        f"          population totale, valeur du 01/01/2024, {SOURCE}.",
        "          Interprétation retenue AMB-01 : population totale",
        "    part variable : 1,50 €/hab",
        "      article 5",
        "      Depuis le 01/01/2024, par délibération 1.",
        "    habitants (nombre d’habitants) : 1 000 hab, voir plus haut",
    ]


def test_without_a_line_everything_due_is_explained(service):
    run = tarif("expliquer", service, "35014", "--exercice", "2024")
    assert (run.status, run.err) == (0, "")
    assert [line for line in run.lines if line and not line.startswith(" ")] == [
        "Bruyère, exercice 2024",
        "Contribution annuelle : 3 700,00 €",
        "Coût partagé : 600,00 €",
        "Écrêtement : -700,00 €",
    ]
    assert run.lines[-5:] == [
        "  Service du 01/01/2024 au 31/12/2024.",
        "  Échéance du 01/01/2025 au 31/03/2025.",
        "  Total des lignes limitées : 3 700,00 €.",
        "  Au plus 3 000,00 €.",
        "  Excédent de 700,00 €, supporté par le gestionnaire.",
    ]


def test_an_explanation_is_written_for_programs_under_its_schema(service):
    run = tarif("expliquer", service, "Bruyère", "--exercice", "2024", "--json")
    assert (run.status, run.err) == (0, "")
    assert faults_of(run.json, "explanation-2") == []
    assert [run.json[key] for key in ("schema", "member", "exercise")] == ["communis/explanation/2", "Bruyère", "2024"]
    contribution = run.json["lines"][0]
    assert (contribution["formula"], contribution["values"].replace("\N{NO-BREAK SPACE}", " ")) == (
        "part fixe + part variable × habitants",
        "700,00 € + 1,50 €/hab × 2 000 hab",
    )
    assert contribution["articles"] == [
        {"reference": "article 5", "title": "Contribution", "words": ["une part fixe et une part par habitant"]}
    ]
    assert [(step["kind"], step["title"]) for step in steps(contribution)] == [
        ("line", "Contribution annuelle"),
        ("scale", "part fixe"),
        ("fact", "habitants (nombre d’habitants)"),
        ("parameter", "part variable"),
        ("fact", "habitants (nombre d’habitants)"),
    ]
    assert steps(contribution)[2]["fact"] == {
        "name": "habitants", "kind": "totale", "date": "2024-01-01", "read_on": "2024-01-01", "source": SOURCE, "author": "",
        "fictitious": False,
    }  # fmt: skip


@pytest.mark.covers("TAR-03")
def test_what_is_refused_is_explained_and_has_its_status(service):
    run = tarif("expliquer", service, "Bruyère", "contribution", "--exercice", "2025")
    assert (run.status, run.err) == (2, "")
    assert run.lines[2:10] == [
        "Contribution annuelle",
        f"  ✗ {MISSING}",
        "  article 5, Contribution : « une part fixe et une part par habitant »",
        "  Échéance du 01/01/2026 au 31/03/2026.",
        "    part fixe",
        f"      ✗ {MISSING}",
        "      article 5",
        "        habitants (nombre d’habitants)",
    ]
    written_out = tarif("expliquer", service, "Bruyère", "contribution", "--exercice", "2025", "--json")
    assert (written_out.status, faults_of(written_out.json, "explanation-2")) == (2, [])
    assert [line["reasons"] for line in written_out.json["lines"]] == [[MISSING]]


@pytest.mark.covers("TAR-22")
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_member_is_told_that_a_fact_is_missing_elsewhere_and_never_whose(service, form):
    asked = ["expliquer", service, "Aubépine", "coût", "--exercice", "2025", *form]
    assert MISSING in tarif(*asked).out
    seen = tarif(*asked, "--pour-le-membre")
    assert seen.status == 2
    assert "fait manquant chez 1 autre membre" in seen.out
    assert "Bruyère" not in seen.out


def test_an_indicator_is_explained_like_a_line(service):
    run = tarif("expliquer", service, "Aubépine", "total", "--exercice", "2024")
    assert (run.status, run.err) == (0, "")
    assert run.lines == [
        "Aubépine, exercice 2024",
        "",
        "Contributions de tous : 5 700,00 €",
        "  article 5, Contribution : « une part fixe et une part par habitant »",
        "  = somme de contribution sur les titulaires de socle",
        "  = 5 700,00 €",
    ]
    written_out = tarif("expliquer", service, "Aubépine", "total", "--exercice", "2024", "--json")
    assert (written_out.status, faults_of(written_out.json, "explanation-2")) == (0, [])
    assert [(line["kind"], line["result"].replace("\N{NO-BREAK SPACE}", " ")) for line in written_out.json["lines"]] == [
        ("quantity", "5 700,00 €")
    ]
    assert tarif("expliquer", service, "Aubépine", "total", "--exercice", "2025").status == 2


OF_EACH = """
offre réseau "Réseau" dans services                                     article 5
offre site "Site" dans services                                         article 5
offre services "Services"                                               article 5
indicateur poids_de_l_offre : € "Poids de l’offre"                      article 5
    pour chaque offre dans services
    = selon le cas
        si offre = réseau : 3 €
        sinon             : 5 €
registre visite "Visite"                                                article 5
    du membre
    faite_le : date, fait foi
    durée : jour
grandeur coût_de_visite : €                                             article 5
    pour chaque visite
    = 10 €/jour × visite.durée
"""


def test_an_indicator_of_each_offer_is_explained_for_each_that_the_member_holds(tmp_path):
    choices = ("Aubépine;réseau;01/01/2024;", "Aubépine;site;01/01/2024;", "Bruyère;site;01/01/2024;")
    folder = written(tmp_path, TEXT + OF_EACH, **with_rows("choix", *choices))
    titles = {
        who: [line for line in tarif("expliquer", folder, who, "poids_de_l_offre", "--exercice", "2024").lines if "Poids" in line]
        for who in ("Aubépine", "Bruyère", "Capucine")
    }
    assert titles == {
        "Aubépine": ["Poids de l’offre, Réseau : 3,00 €", "Poids de l’offre, Site : 5,00 €"],
        "Bruyère": ["Poids de l’offre, Site : 5,00 €"],
        "Capucine": [],
    }
    of_rows = tarif("expliquer", folder, "Aubépine", "coût_de_visite", "--exercice", "2024")
    sentence = "« coût_de_visite » a une valeur par ligne de registre : expliquez la ligne qui la lit."
    assert of_rows == (1, "", f"communis tarif : {sentence}\n")


def test_what_does_not_concern_a_member_is_said(service):
    run = tarif("expliquer", service, "Capucine", "contribution", "--exercice", "2024")
    assert (run.status, run.lines[2:]) == (
        0,
        [
            "Contribution annuelle : sans objet",
            "  article 5, Contribution : « une part fixe et une part par habitant »",
            "  « Socle » : offre non tenue",
        ],
    )
    nothing = "Rien n’est dû : aucune ligne ne concerne ce membre. « --offre » simule une offre."
    assert tarif("expliquer", service, "Capucine", "--exercice", "2024").lines == [nothing]


def test_an_offer_is_simulated_for_a_member_that_does_not_hold_it(service):
    run = tarif("expliquer", service, "Capucine", "prix_audit", "--exercice", "2024", "--offre", "audit")
    assert (run.status, run.lines[:3]) == (
        0,
        ["Capucine, exercice 2024 (simulation, pas une facture)", "", "Audit préalable : 250,00 €"],
    )


@pytest.mark.covers("TAR-17")
def test_an_amount_set_by_an_act_says_the_act_its_author_and_why_the_tariff_gave_none(tmp_path):
    decision = "Capucine;2024;contribution;16 200;examen des moyens;conseil communautaire;délibération 2024-12"
    folder = written(
        tmp_path,
        **with_rows("choix", "Capucine;socle;01/01/2024;"),
        faits=("membre;fait;valeur;nature;date", "Capucine;habitants;9 000;totale;01/01/2024"),
        décisions=("membre;exercice;ligne;montant;motif;autorité;acte", decision),
    )
    run = tarif("expliquer", folder, "Capucine", "contribution", "--exercice", "2024")
    assert run.lines[2:6] == [
        "Contribution annuelle : 16 200,00 €",
        "  article 5, Contribution : « une part fixe et une part par habitant »",
        "  Service du 01/01/2024 au 31/12/2024.",
        "  Échéance du 01/01/2025 au 31/03/2025.",
    ]
    assert run.lines[6:] == [
        "  Montant décidé : examen des moyens, par conseil communautaire, délibération 2024-12.",
        "  Le tarif ne donne pas de prix : à décider : un examen des moyens",
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["Aubépin"], "« Aubépin » n’est pas un membre. Le plus proche : Aubépine."),
        (["Aubépine", "contributio"], "« contributio » n’est pas une ligne ni un indicateur. La plus proche : contribution."),
        (
            ["Aubépine", "zzz"],
            "« zzz » n’est pas une ligne ni un indicateur. Lignes : contribution, prix_audit, coût, écrêtement. "
            "Indicateurs : total.",
        ),
        (["Aubépine", "--offre", "socl"], "« socl » n’est pas une offre. La plus proche : socle."),
        (["Communauté d’exemple"], "Communauté d’exemple n’a pas d’état pour cet exercice."),
    ],
)
def test_what_cannot_be_explained_is_told(service, arguments, sentence):
    assert tarif("expliquer", service, *arguments, "--exercice", "2024") == (1, "", f"communis tarif : {sentence}\n")


def test_a_share_says_the_fact_that_weighs_the_member(service):
    (line,) = tarif("expliquer", service, "Aubépine", "coût", "--exercice", "2024", "--json").json["lines"]
    facts = [step["fact"] for step in steps(line) if step["fact"]]
    assert [(fact["name"], fact["date"], fact["source"]) for fact in facts] == [("habitants", "2024-01-01", SOURCE)]


def test_a_mean_over_exercises_says_each_exercise_and_its_source(tmp_path):
    mean = """
fait facturé : € "facturé autrefois"                                    article 5
    de chaque exercice
ligne moyenne_facturée "Moyenne"                                                 article 5
    pour socle, chaque exercice, en fonctionnement
    = moyenne de facturé sur les exercices 2022 à 2023
"""
    history = ("Aubépine;facturé;100;;2022;titre 12", "Aubépine;facturé;200;;2023;titre 14")
    folder = written(tmp_path, TEXT + mean, **with_rows("faits", *history))
    (line,) = tarif("expliquer", folder, "Aubépine", "moyenne_facturée", "--exercice", "2024", "--json").json["lines"]
    facts = [step["fact"] for step in steps(line) if step["fact"]]
    assert [(fact["name"], fact["source"]) for fact in facts] == [("facturé", "titre 12"), ("facturé", "titre 14")]


def test_a_simulated_explanation_says_so_to_programs(service):
    run = tarif("expliquer", service, "Capucine", "prix_audit", "--exercice", "2024", "--offre", "audit", "--json")
    assert run.json["lines"][0]["flags"] == ["simulation"]


def test_a_supposed_reading_is_said_of_the_amount_that_reads_it(tmp_path):
    folder = written(tmp_path, **with_rows("faits", "Aubépine;habitants;900;municipale;01/01/2024;"))
    run = tarif("expliquer", folder, "Aubépine", "contribution", "--exercice", "2024", "--lecture", "AMB-01=municipale")
    assert (run.status, run.lines[2]) == (0, "Contribution annuelle : 1 850,00 €   [hypothèse de simulation]")
    assert [line.strip() for line in run.lines if "AMB-01" in line] == [
        "Interprétation retenue AMB-01 : population municipale (hypothèse de simulation)",
    ]  # fmt: skip
