"""Every amount of the five demonstrations carries its trace: version, article, unit, formula, facts with date and source."""

import hashlib

import pytest

from communis.tariff import compute, explain, read_convention, read_folder
from communis.tariff.convention import shipped, shipped_names

SETTLED = {
    "sidec": {"AMB-27": "totale", "AMB-28": "par_jour", "AMB-29": "dans_les_deux_sens", "AMB-30": "fin_d_année"},
    "grand_nancy": {"AMB-41": "de_2021_à_2023"},
}
YEARS = {"sicoval": 2025}
VERSIONS = {
    "redon": ("REDON Agglomération", "2", "2022-09-01"),
    "sidec": ("SIDEC", "modèle adopté par la délibération n°\N{NO-BREAK SPACE}2289", "2023-11-25"),
    "sicoval": ("Sicoval", "phase expérimentale", "2024-05-22"),
    "nimes_metropole": ("Nîmes Métropole", "intégrant l’avenant n°\N{NO-BREAK SPACE}6", "2022-04-04"),
    "grand_nancy": ("Métropole du Grand Nancy", "renouvellement", "2024-01-01"),
}
AMOUNTS = {"redon": 27, "sidec": 34, "sicoval": 48, "nimes_metropole": 41, "grand_nancy": 78}


@pytest.fixture(scope="module", params=shipped_names())
def demonstration(request):
    slug = request.param
    convention = read_convention(shipped(slug), examples=False)
    tables = read_folder(shipped(slug), convention.model, fictitious=True)
    return slug, compute(convention, tables, YEARS.get(slug, 2024), readings=SETTLED.get(slug, {}))


def amounts(result):
    return [line for statement in result.statements for line in statement.lines if line.outcome == "amount"]


def steps(step):
    return [step, *(below for child in step.children for below in steps(child))]


@pytest.mark.covers("TAR-02")
def test_a_result_names_the_version_whose_text_made_it(demonstration):
    slug, result = demonstration
    named = result.to_json()["convention"]
    text = (shipped(slug) / "convention.tarif").read_bytes()
    assert (named["host"], named["version"], named["first"]) == VERSIONS[slug]
    assert named["sha256"] == hashlib.sha256(text).hexdigest()


@pytest.mark.covers("TAR-02")
def test_every_amount_carries_its_unit_its_article_and_its_service_period(demonstration):
    slug, result = demonstration
    found = [line for m in result.to_json()["members"] for line in m["lines"] if line["outcome"] == "amount"]
    assert len(found) == AMOUNTS[slug]
    assert [line["line"] for line in found if not (line["unit"] and line["articles"] and line["service"])] == []


@pytest.mark.covers("TAR-02")
def test_every_explanation_reaches_the_words_of_its_articles_and_the_source_of_its_facts(demonstration):
    _, result = demonstration
    told = [(line, explain(result.ledger, line)) for line in amounts(result)]
    assert [line.name for line, step in told if not step.articles] == []
    assert [a["reference"] for _, step in told for a in step.articles if not (a["title"] and a["words"])] == []
    assert [
        line.name for line, step in told if line.kind == "line" and not ((step.formula and step.values) or step.children)
    ] == []
    facts = [below.fact for _, step in told for below in steps(step) if below.fact]
    assert [fact["name"] for fact in facts if not (fact["date"] and fact["source"])] == []
