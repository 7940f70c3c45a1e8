"""A sample of the fuzz gate (tests/gates/fuzz.py): the number of a case that fails is in the failure, and makes it again."""

import random

import pytest

from gates.fuzz import Tally, run, smaller, told
from tariff.generated_cases import COMPARED, SPOILED, TEN, Outcome, cases, files_of, tariff_of

SAMPLE = range(0, 160, 40)


@pytest.mark.covers("TAR-09", "TAR-22")
@pytest.mark.parametrize("first", SAMPLE)
def test_both_engines_give_the_same_and_a_spoiled_file_is_answered(first):
    found = list(cases(first, 40))
    assert [(o.seed, o.wrong) for o in found if o.wrong] == []
    assert [o.seed for o in found] == list(range(first, first + 40))
    compared = [o for o in found if o.became == "compared"]
    assert len(compared) > 40 * COMPARED // TEN // 2  # most conventions are read, and computed by columns


@pytest.mark.covers("TAR-08")
def test_the_sums_that_are_shared_lose_no_cent_whatever_the_convention():
    shared = [o for o in cases(100_000, 30) if o.kind == "engines"]
    assert [(o.seed, o.wrong) for o in shared if any("the parts do not make" in text for text in o.wrong)] == []


def test_a_case_is_told_by_its_number_alone():
    assert [tariff_of(7), files_of(9)[2]] == [tariff_of(7), files_of(9)[2]]
    (alone,) = cases(5, 1)
    assert (alone.seed, alone.became) == next((o.seed, o.became) for o in cases(0, TEN) if o.seed == 5)


def test_a_ten_of_cases_holds_each_kind():
    kinds = [o.kind for o in cases(0, TEN)]
    assert kinds == ["engines"] * COMPARED + ["tariff"] * SPOILED + ["tables"] * (TEN - COMPARED - SPOILED)


def test_a_failure_is_counted_and_told_with_what_makes_it_again():
    tally = Tally()
    tally.add([Outcome(1, "engines", "compared", 0.1), Outcome(17, "tariff", "exception", 0.2, ("Boom",))])
    assert list(told(tally, 3.0)) == [
        "2 cases in 3 s: 1 failed",
        "  engines  compared               1",
        "  tariff   exception              1",
        "  slowest: case 17 (tariff), 0.20 s of processor",
        "FAILED case 17 (tariff); again: script/gates fuzz --case 17",
        "    Boom",
    ]


def test_the_gate_runs_every_case_once():
    tally = run(1_000, 20, 1, 10)
    assert (tally.count, [o.wrong for o in tally.failures]) == (20, [])


def test_a_failing_input_is_made_smaller():
    listed = random.Random(3).sample(range(100), 60)
    assert smaller(listed, lambda tried: {listed[4], listed[50]} <= set(tried)) == [listed[4], listed[50]]


@pytest.mark.parametrize("seed", [90_223, 10_000_804, 10_018_225, 10_033_225])
def test_a_case_that_failed_once_fails_no_more(seed):
    assert [(o.seed, o.wrong) for o in cases(seed, 1)] == [(seed, ())]
