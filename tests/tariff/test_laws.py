"""Laws that hold whatever the figures: shares make the whole, the order of members is nothing, the layout keeps the meaning."""

import random
import re
from datetime import date
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from communis.tariff import Member, Plan, ProblemsFound, RegisterRow, Tables, compute, read_text, shared, tables_of
from communis.tariff.language.layout import formatted
from tariff.generated_cases import rows_of, rules_of
from tariff.generated_tables import siren

TOTALS = st.integers(-(10**17), 10**17) | st.integers(-5, 5)
WEIGHTS = st.lists(st.integers(0, 3) | st.integers(0, 10**12), min_size=1, max_size=60).filter(any)
METHODS = ("au plus fort puis par siren", "au plus fort puis par nom", "au plus fort puis par poids puis par siren",
           "au gestionnaire", "au plus gros poids puis par siren")  # fmt: skip
SEEDS = st.integers(0, 10**9)


@pytest.mark.covers("TAR-08")
@given(TOTALS, WEIGHTS)
def test_the_parts_make_the_whole_and_each_is_within_a_cent_of_its_due(total, weights):
    parts = shared(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1
        assert part == 0 or weight > 0


@pytest.mark.covers("TAR-08")
@given(TOTALS, WEIGHTS, st.integers(1, 10**6))
def test_parts_do_not_depend_on_the_scale_of_the_weights(total, weights, times):
    assert shared(total, [weight * times for weight in weights]) == shared(total, weights)


@pytest.mark.covers("TAR-08")
@given(TOTALS, WEIGHTS, st.randoms(use_true_random=False))
def test_whoever_weighs_more_never_pays_less(total, weights, rng):
    parts = shared(abs(total), weights)
    by_weight = sorted(zip(weights, parts, strict=True))
    assert all(heavy[1] >= light[1] for light, heavy in pairwise(by_weight) if heavy[0] > light[0])


SHARED = """convention "T"
    gestionnaire "G"
    version "1" du 01/01/2024
    exercice du 1er janvier au 31 décembre
    arrondi au centime le plus proche
    restes {method}
    prorata aucun
    taxe hors taxe
article 1 "a"
unité poste "poste"
fait postes : poste  article 1
fait coût : €  article 1
    du service
ligne li "L"  article 1
    chaque exercice, en fonctionnement
    = part de coût selon postes entre les membres
    le reste de coût à la charge du gestionnaire
"""


def written(cents):
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02d}"


def shares_of(method, cents, weights, order):
    """Return what each member and the host bear of a cost, the members listed in an order."""
    convention = read_text(SHARED.format(method=method))
    rng = random.Random(7)
    members = [{"membre": f"M{i}", "siren": siren(rng)} for i in range(len(weights))]
    facts = [
        {"membre": f"M{i}", "fait": "postes", "valeur": str(weight), "date": "01/01/2024"} for i, weight in enumerate(weights)
    ]
    facts.append({"membre": "", "fait": "coût", "valeur": written(cents), "date": "01/01/2024"})
    host = {"membre": "G", "siren": siren(rng), "rôle": "gestionnaire"}
    tables = tables_of(convention.model, {"membres": [host, *(members[i] for i in order)], "faits": facts})
    result = compute(convention, tables, 2024)
    assert result.verified
    parts = {s.lines[0].member: s.lines[0] for s in result.statements}
    assert {line.outcome for line in parts.values()} == {"amount"}
    return {tables.members[m].name: line.amount for m, line in parts.items()}, result.host_total()


@pytest.mark.covers("TAR-08")
@settings(max_examples=25)
@given(
    st.sampled_from(METHODS),
    st.integers(-3, 3) | st.integers(-(10**13), 10**13),
    st.lists(st.integers(0, 2) | st.integers(0, 10**9), min_size=1, max_size=8).filter(any),
    st.randoms(use_true_random=False),
)
def test_a_shared_line_makes_its_cost_whatever_the_order_of_the_members(method, cents, weights, rng):
    order = list(range(len(weights)))
    parts, host = shares_of(method, cents, weights, order)
    assert sum(parts.values()) + host == Fraction(cents, 100)
    rng.shuffle(order)
    assert shares_of(method, cents, weights, order) == (parts, host)


def generated(seed):
    """Return a generated convention as text, and tables that it reads."""
    rules = rules_of(seed)
    try:
        convention = read_text(rules.text)
        rows = rows_of(seed, rules)
        tables_of(convention.model, rows)
    except ProblemsFound:
        assume(False)
    return rules, rows


def told(text, rows, year):
    """Return all that a convention tells, by member, whatever their order, that of reasons, and the lines of the file."""
    convention = read_text(text)
    found = compute(convention, tables_of(convention.model, rows), year).to_json()
    del found["convention"]["sha256"]
    for line in (*found["host"]["lines"], *(line for member in found["members"] for line in member["lines"])):
        line["reasons"] = sorted(re.sub(r"lignes \d+ et \d+", "lignes", str(reason)) for reason in line["reasons"])
    found["members"] = {member["name"]: member for member in found["members"]}
    return found


SLOW = settings(max_examples=12, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


@SLOW
@given(SEEDS)
def test_the_layout_is_the_same_twice_and_keeps_the_meaning(seed):
    rules, rows = generated(seed)
    once = formatted(rules.text)
    assert formatted(once) == once
    assert told(once, rows, rules.year) == told(rules.text, rows, rules.year)


@pytest.mark.covers("TAR-22")
@SLOW
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_the_members_changes_nothing(seed, rng):
    rules, rows = generated(seed)
    assume(all(row["siren"] for row in rows["membres"]) or "par nom" in rules.text)
    shuffled = {**rows, "membres": rng.sample(rows["membres"], len(rows["membres"]))}
    assert told(rules.text, shuffled, rules.year) == told(rules.text, rows, rules.year)


MANY = (
    SHARED.partition("fait postes")[0].replace("{method}", "au plus fort puis par siren")
    + """
fait postes : poste  article 1
registre charge "Charge"  article 1
    du service
    constatée_le : date, fait foi
    montant : €
ligne charges "Charges"  article 1
    pour chaque charge, en fonctionnement
    = part de charge.montant selon postes entre les membres
"""
)


@pytest.mark.covers("TAR-08")
@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 4) | st.integers(0, 10**6), min_size=65, max_size=300).filter(any),
    st.lists(st.integers(-(10**9), 10**9) | st.integers(-300, 300), min_size=2, max_size=6),
)
def test_many_costs_among_hundreds_of_members_are_cut_as_each_alone(weights, cents):
    costs = [
        RegisterRow(str(i), None, {"constatée_le": date(2024, 1, 1), "montant": Fraction(c, 100)}, {})
        for i, c in enumerate(cents)
    ]
    members = tuple(Member(f"Membre {i}", f"{100_000_000 + i}") for i in range(len(weights)))
    sheet = Plan(read_text(MANY).model).prepare(
        Tables(members, registers={"charge": costs}), 2024, columns={"postes": np.array(weights, np.int64)}
    )
    assert sheet.run().cents("charges").tolist() == [
        sum(parts) for parts in zip(*(shared(c, weights) for c in cents), strict=True)
    ]
