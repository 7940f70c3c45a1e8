"""Conventions of shapes that no founding one has, written from the same blocks: nothing of the engine was touched for them."""

from fractions import Fraction
from pathlib import Path

import pytest

import communis
from communis.tariff.convention import read_convention
from communis.tariff.interpreter.values import FICTITIOUS
from communis.tariff.result import compute
from communis.tariff.tables.reader import read_folder

LIBRARY = Path(communis.__file__).parent / "conventions" / "bibliotheque"
SLUGS = ("deux_colleges", "telereleve_de_l_eau")


def euros(text):
    return Fraction(text)


def computed(slug, year):
    convention = read_convention(LIBRARY / slug)
    assert convention.problems == ()
    result = compute(convention, read_folder(convention.folder, convention.model, fictitious=True), year)
    assert result.verified
    return result


def lines(result):
    """Return what each member owes under each line, those that give an amount."""
    return {
        result.tables.members[s.member].name: {line.name: line.amount for line in s.owed(result.money)} for s in result.statements
    }


def totals(result):
    return {result.tables.members[s.member].name: result.total(s) for s in result.statements}


def host(result):
    return {line.name: line.amount for line in result.host_lines}


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_invented_counts_unless_asked_for(slug):
    convention = read_convention(LIBRARY / slug)
    assert read_folder(convention.folder, convention.model).members == ()


@pytest.mark.parametrize(("slug", "year"), [("telereleve_de_l_eau", 2025), ("deux_colleges", 2025)])
def test_every_amount_says_that_it_is_invented(slug, year):
    result = computed(slug, year)
    owed = [line for s in result.statements for line in s.owed(result.money)]
    assert [line.name for line in owed if not line.flags & FICTITIOUS] == []


@pytest.mark.covers("TAR-63")
def test_a_total_capped_by_the_budget_reduces_each_in_proportion():
    result = computed("telereleve_de_l_eau", 2024)
    assert lines(result) == {
        "Communauté de la Sauge": {},
        "Bourg-la-Sauge": {
            "redevance": 6000,
            "abonnement_au_portail": 900,
            "réduction_au_budget": euros("-193.55"),
        },
        "Clairval": {"redevance": 3600, "abonnement_au_portail": 540, "réduction_au_budget": euros("-116.13")},
        "Montfroid": {"redevance": 2800, "abonnement_au_portail": 420, "réduction_au_budget": euros("-90.32")},
        "Les Aulnes": {},
    }
    assert host(result) == {"réduction_au_budget": 400}


@pytest.mark.covers("TAR-63")
def test_a_community_pays_for_the_communes_that_gave_it_the_water():
    result = computed("telereleve_de_l_eau", 2024)
    assert totals(result) == {
        "Communauté de la Sauge": 1440,
        "Bourg-la-Sauge": euros("5806.45"),
        "Clairval": euros("3483.87"),
        "Montfroid": euros("3129.68"),
        "Les Aulnes": 0,
    }


@pytest.mark.covers("TAR-63")
def test_a_fee_follows_what_was_issued_and_the_index_published_in_time():
    result = computed("telereleve_de_l_eau", 2025)
    assert {name: owed.get("redevance") for name, owed in lines(result).items()} == {
        "Communauté de la Sauge": None,
        "Bourg-la-Sauge": 6180,
        "Clairval": 3914,
        "Montfroid": euros("2842.80"),
        "Les Aulnes": 800,
    }
    assert {name: owed.get("réduction_au_budget") for name, owed in lines(result).items()} == {
        "Communauté de la Sauge": None,
        "Bourg-la-Sauge": euros("-556.42"),
        "Clairval": euros("-352.40"),
        "Montfroid": euros("-255.95"),
        "Les Aulnes": euros("-72.03"),
    }
    assert host(result) == {"réduction_au_budget": euros("1236.80")}


@pytest.mark.covers("TAR-63")
def test_visits_beyond_those_offered_are_paid_at_the_price_of_the_day():
    result = computed("telereleve_de_l_eau", 2025)
    assert {name: owed.get("dépannages") for name, owed in lines(result).items()} == {
        "Communauté de la Sauge": None,
        "Bourg-la-Sauge": 180,
        "Clairval": 90,
        "Montfroid": None,
        "Les Aulnes": None,
    }


@pytest.mark.covers("TAR-63")
def test_two_colleges_share_a_school_year_each_by_its_own_key():
    result = computed("deux_colleges", 2024)
    assert lines(result) == {
        "Orge-le-Haut": {"part_de_commune": 11000, "droit_d_entrée": 500},
        "Rive-d’Orge": {"part_de_commune": 5000, "droit_d_entrée": 500},
        "Saint-Loup": {"part_de_commune": 14000, "droit_d_entrée": 500},
        "Bibliothèque": {"part_d_établissement": 0, "droit_d_entrée": 500, "complément_minimal": 300},
        "Lycée agricole": {"part_d_établissement": 15000, "droit_d_entrée": 500},
        "Musée des sources": {},
        "Régie des transports": {"part_d_établissement": 5000, "droit_d_entrée": 500},
    }
    assert host(result) == {"complément_minimal": -300}


@pytest.mark.covers("TAR-63")
def test_a_merger_of_members_and_an_entry_in_march_weigh_their_months():
    result = computed("deux_colleges", 2025)
    assert lines(result) == {
        "Orge-le-Haut": {"part_de_commune": euros("4615.38")},
        "Rive-d’Orge": {"part_de_commune": euros("2153.85")},
        "Orge-et-Rive": {"part_de_commune": euros("11692.31"), "droit_d_entrée": 0},
        "Saint-Loup": {"part_de_commune": euros("17538.46")},
        "Bibliothèque": {"part_d_établissement": 0, "complément_minimal": 300},
        "Lycée agricole": {"part_d_établissement": 14400},
        "Musée des sources": {"part_d_établissement": 4800, "droit_d_entrée": 550},
        "Régie des transports": {"part_d_établissement": 4800},
    }
    assert sum(owed.get("part_de_commune", 0) for owed in lines(result).values()) == 36000
    assert sum(owed.get("part_d_établissement", 0) for owed in lines(result).values()) == 24000
