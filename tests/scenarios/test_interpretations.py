"""The readings retained of an ambiguous text: each is declared by a convention, and printed with the amounts it decides."""

import re

import pytest

from communis.tariff import compute, explain, read_convention, read_folder
from communis.tariff.convention import shipped, shipped_names
from communis.tariff.explanation.text import text_of

SETTLED = {
    "sidec": {"AMB-27": "totale", "AMB-28": "par_jour", "AMB-29": "dans_les_deux_sens", "AMB-30": "fin_d_année"},
    "grand_nancy": {"AMB-41": "de_2021_à_2023"},
}
YEARS = {"sicoval": 2025}


@pytest.fixture(scope="module")
def printed():
    """Return, for a line of a demonstration, every interpretation that its explanations print."""
    results = {}

    def ask(slug, name):
        if slug not in results:
            convention = read_convention(shipped(slug), examples=False)
            tables = read_folder(shipped(slug), convention.model, fictitious=True)
            results[slug] = compute(convention, tables, YEARS.get(slug, 2024), readings=SETTLED.get(slug, {}))
        result = results[slug]
        found = [line for s in result.statements for line in s.lines if line.name == name and line.outcome == "amount"]
        assert found != []
        return {
            name
            for line in found
            for name in re.findall(r"Interprétation retenue (\S+) :", text_of(explain(result.ledger, line)))
        }

    return ask


def test_each_of_the_forty_eight_ambiguities_is_an_interpretation_of_a_convention():
    declared = {
        name for slug in shipped_names() for name in read_convention(shipped(slug), examples=False).model.book.interpretations
    }
    assert declared == {f"AMB-{number:02d}" for number in range(1, 49)}


@pytest.mark.parametrize(
    ("slug", "line", "readings"),
    [
        ("redon", "contribution", {"AMB-01", "AMB-02", "AMB-17"}),
        ("redon", "prix_audit", {"AMB-01", "AMB-16"}),
        ("redon", "déduction_audit", {"AMB-01", "AMB-03", "AMB-16"}),
        ("redon", "contribution_groupements", {"AMB-01"}),
        ("redon", "niveau_1_au_delà", {"AMB-07"}),
        ("sidec", "mission_particulière", {"AMB-28", "AMB-31", "AMB-47"}),
        ("sidec", "régularisation", {"AMB-27", "AMB-29"}),
        ("sicoval", "contribution", {"AMB-01", "AMB-38"}),
        ("sicoval", "jours_dus", {"AMB-39"}),
        ("nimes_metropole", "contribution", {"AMB-32", "AMB-33", "AMB-48"}),
        ("nimes_metropole", "hors_clé", {"AMB-34"}),
        ("grand_nancy", "masse_salariale", {"AMB-44"}),
        ("grand_nancy", "coûts_directs", {"AMB-46"}),
        ("grand_nancy", "plafond_de_fonctionnement", {"AMB-41"}),
    ],
)
def test_an_amount_prints_the_readings_that_touch_it(printed, slug, line, readings):
    assert printed(slug, line) >= readings


@pytest.mark.covers("TAR-64")
@pytest.mark.parametrize(
    ("slug", "line", "reading"),
    [
        ("redon", "contribution", "AMB-15"),  # due date
        ("redon", "niveau_1_au_delà", "AMB-06"),  # the days of the allowance
        ("redon", "niveau_1_au_delà", "AMB-08"),  # the half-day begun
        ("grand_nancy", "plafond_de_fonctionnement", "AMB-43"),  # who bears the excess
    ],
)
def test_an_amount_prints_every_reading_that_touches_it(printed, slug, line, reading):
    assert reading in printed(slug, line)


MEMBERS = """membre;siren;type;insee;rattachement;rôle;du;au
REDON Agglomération;243500741;communauté d’agglomération;;;gestionnaire;;
Rieux;;commune;56194;;;;
CCAS de Rieux;;centre communal d’action sociale;;Rieux;;;
"""
FACTS = """membre;offre;fait;valeur;unité;nature;date;jusqu_au;publié_le;source;auteur
Rieux;;habitants;2900;hab;totale;01/01/2024;31/12/2024;;essai;essai
CCAS de Rieux;;nature;établissement_associé;;;01/01/2024;;;essai;essai
"""
CHOICES = """membre;offre;du;au;acte;décidée_le;exécutoire_le;signée_le;source
"""


@pytest.mark.covers("TAR-64")
@pytest.mark.parametrize(
    ("choices", "member", "exemption"),
    [
        (("Rieux;groupements;01/01/2024",), "Rieux", set()),  # the exemptions of others are not its matter
        (("Rieux;groupements;01/01/2024;30/06/2024", "Rieux;socle_complet;01/07/2024"), "Rieux", {"AMB-21"}),
        (("CCAS de Rieux;groupements;01/01/2024",), "CCAS de Rieux", {"AMB-05"}),
    ],
)
def test_an_exemption_prints_its_reading_only_with_the_amount_that_it_decides(tmp_path, choices, member, exemption):
    chosen = "".join(f"{one}{';' * (8 - one.count(';'))}\n" for one in choices)
    for name, text in (("membres", MEMBERS), ("faits", FACTS), ("choix", CHOICES + chosen)):
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    convention = read_convention(shipped("redon"), examples=False)
    result = compute(convention, read_folder(tmp_path, convention.model), 2024, readings={"AMB-05": "non_facturé"})
    [line] = [
        one for s in result.statements if result.tables.members[s.member].name == member
        for one in s.lines if one.name == "contribution_groupements" and one.outcome == "amount"
    ]  # fmt: skip
    told = set(re.findall(r"Interprétation retenue (\S+) :", text_of(explain(result.ledger, line))))
    assert told & {"AMB-05", "AMB-21"} == exemption
