"""Any bytes given as a tariff or as tables end in a result or in plain words, and never hang (language.md 2.7).

What hangs is caught here, by a bound that no honest machine reaches; the gate `fuzz` holds the promised second itself.
A hundred thousand honest rows take more, and are left out.
"""

import time

import pytest

from communis.tariff import ProblemsFound, compute, read_folder, read_text, tables_of, verify

HEADER = """convention "T"
    gestionnaire "G"
    version "1" du 01/01/2024
    exercice du 1er janvier au 31 décembre
    arrondi au centime le plus proche
    restes au plus fort puis par siren
    prorata aucun
    taxe hors taxe
article 1 "a"
unité poste "poste"
fait h : poste  article 1
"""
A = {"membres": [{"membre": "A"}], "faits": [{"membre": "A", "fait": "h", "valeur": "999999999999999", "date": "01/01/2024"}]}
HANGS = 30.0  # seconds of processor

pytestmark = pytest.mark.covers("TAR-22")


@pytest.fixture(autouse=True)
def without_hanging():
    verify(HEADER, "x")  # the grammar is read once
    start = time.process_time()
    yield
    assert time.process_time() - start < HANGS


def line(formula):
    return HEADER + f'ligne li "L"  article 1\n    chaque exercice, en fonctionnement\n    = {formula}\n'


def told(data):
    """Return the code and the line of each problem, each said in French with its remedy."""
    problems = verify(data, "x.tarif")[1]
    assert all(p.message[0].isupper() or p.message[0] in "«0123456789" or p.code == "CYC-01" for p in problems)
    assert all(p.remedy and p.place.column >= 1 and p.file == "x.tarif" for p in problems)
    return [(p.code, p.place.line) for p in problems]


def amount(text):
    convention = read_text(text)
    result = compute(convention, tables_of(convention.model, A), 2024)
    assert result.verified
    return result.of(0).lines[-1]


@pytest.mark.parametrize(
    ("formula", "problem"),
    [
        ("1E+999999 €", ("LEC-02", 14)),
        ("٣٤ €", ("LEC-02", 14)),
        ("３ €", ("LEC-02", 14)),
        ("NaN €", ("LEC-10", 14)),
        ("Infinity × 1 €", ("NOM-01", 14)),
        ("9" * 400 + " €", ("LEC-25", 14)),
        ("0," + "0" * 300 + "1 €", ("LEC-25", 14)),
        ("(" * 400 + "1 €" + ")" * 400, ("LEC-24", 14)),
        ("(" * 10_000 + "1 €" + ")" * 10_000, ("LEC-22", 14)),
        ("-" * 300 + "1 €", ("LEC-24", 14)),
        ("1 €" + " + 1 €" * 10_000, ("LEC-22", 14)),
        ("1 €" + "\n      + 1 €" * 1_500, ("LEC-24", 14)),
    ],
)
def test_a_hostile_formula_is_refused_at_its_line(formula, problem):
    assert problem in told(line(formula))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (line("1 €").encode() + b"\x00", ("LEC-23", 15)),
        (line("1 €").encode() + b"\xc3\x28", ("LEC-21", 15)),
        (line("1 €").encode("utf-16"), ("LEC-21", 1)),
        (line("1 €") + "\ud800", ("LEC-23", 15)),
        (line("1 €") + "\u202e", ("LEC-23", 15)),
        (bytes(range(256)) * 900, ("LEC-21", 2)),
        (b"\xff" * 10_000_000, ("LEC-20", 1)),
        ("#" + "x" * 10_000_000, ("LEC-20", 1)),
        (line("1 €") + "# rien\n" * 1_600_000, ("LEC-20", 1)),
        ("", ("FOR-01", 1)),
        (b"   \n" * 50_000, ("FOR-01", 1)),
        (HEADER + '"' * 900, ("LEC-07", 12)),
        (HEADER + "«" * 900, ("LEC-06", 12)),
        (HEADER + "[" * 900, ("LEC-01", 12)),
        (HEADER + "a-" * 450, ("LEC-07", 12)),
        (HEADER + "€/a" * 300, ("LEC-07", 12)),
        (HEADER + "1 000" * 180, ("LEC-07", 12)),
    ],
)
def test_hostile_bytes_are_refused_with_their_line(data, problem):
    assert problem in told(data)


def test_a_thousand_mistakes_stop_the_reading_with_a_word_for_it():
    found = told(HEADER + "    x\n" * 20_000)
    assert len(found) < 600
    assert {code for code, _ in found} >= {"LEC-08", "LEC-20", "LEC-26"}


def test_thousands_of_blocks_and_of_classes_are_read_in_time():
    assert ("NOM-06", 13) in told(HEADER + "fait a : poste  article 1\n" * 9_000)
    classes = "".join(f"    de {i} à moins de {i + 1} : {i} €\n" for i in range(6_000))
    assert ("BAR-02", 13) not in told(HEADER + "barème par classe b : € selon h  article 1\n" + classes)


def chained(count, *, backwards=False):
    order = range(count - 1, -1, -1) if backwards else range(count)
    names = "".join(f"grandeur g{i} : €  article 1\n = g{i + 1}\n" for i in order)
    return HEADER + names + f"grandeur g{count} : €  article 1\n = 1 €\n" + line("g0").removeprefix(HEADER)


@pytest.mark.parametrize("backwards", [False, True])
def test_a_long_chain_of_names_is_refused_whatever_the_order_of_the_file(backwards):
    assert {"CYC-03", "LEC-20"} & {code for code, _ in told(chained(5_000, backwards=backwards))}
    assert "CYC-03" in {code for code, _ in told(chained(60, backwards=backwards))}
    assert amount(chained(20, backwards=backwards)).amount == 1


def test_a_long_chain_of_lines_is_refused():
    lines = "".join(f'ligne l{i} "L"  article 1\n    chaque exercice, en fonctionnement\n    = l{i + 1}\n' for i in range(400))
    assert "CYC-03" in {code for code, _ in told(HEADER + lines + line("1 €").removeprefix(HEADER).replace("li", "l400", 1))}


def test_a_cycle_is_refused_short_or_long():
    assert told(HEADER + "grandeur a : €  article 1\n    = b\ngrandeur b : €  article 1\n    = a\n") == [("CYC-01", 15)]
    circle = "".join(f"grandeur g{i} : €  article 1\n = g{(i + 1) % 2_000}\n" for i in range(2_000))
    assert {"CYC-01", "CYC-03"} & {code for code, _ in told(HEADER + circle)}


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("999 999 999 999 999 €" + " × 999 999 999 999 999" * 20, "calcul impossible : un nombre de plus de 60 chiffres"),
        ("1 €/poste × h" + " × 999 999 999 999 999" * 4, "calcul impossible : un nombre de plus de 60 chiffres"),
        ("1 €/poste × h × h / (h - h)", "calcul impossible : division par zéro"),
    ],
)
def test_an_endless_number_is_refused_when_computed(formula, reason):
    found = amount(line(formula))
    assert (found.outcome, [str(r) for r in found.reasons]) == ("refused", [reason])


def test_squares_of_squares_are_refused_and_doubles_of_doubles_are_exact():
    def powers(operator, first, count):
        names = "".join(f"grandeur g{i} : nombre  article 1\n = g{i - 1} {operator} g{i - 1}\n" for i in range(1, count))
        return (
            HEADER + f"grandeur g0 : nombre  article 1\n = {first}\n" + names + line(f"1 € × g{count - 1}").removeprefix(HEADER)
        )

    assert amount(powers("×", "999 999 999", 20)).outcome == "refused"
    assert amount(powers("+", "1", 20)).amount == 2**19


# Tables


def answered(folder, **files):
    for name, data in files.items():
        (folder / f"{name}.csv").write_bytes(data if isinstance(data, bytes) else data.encode())
    convention = read_text(line("1 €/poste × h"))
    try:
        tables = read_folder(folder, convention.model)
    except ProblemsFound as found:
        return [(p.code, p.file, p.place.line) for p in found.problems]
    return [(x.outcome, x.amount) for s in compute(convention, tables, 2024).statements[:2] for x in s.lines]


MEMBERS = "membre\nA\n"
FACTS = "membre;fait;valeur;date\n"


@pytest.mark.parametrize("value", ["1E+999999", "NaN", "inf", "1e5", "0x10", "1_000", "٣", "１", "½", "+1", "--1", "9" * 400])
def test_a_hostile_number_in_a_table_is_refused_with_its_row(tmp_path, value):
    assert answered(tmp_path, membres=MEMBERS, faits=f"{FACTS}A;h;{value};01/01/2024\n") == [("TAB-11", "faits.csv", 2)]


@pytest.mark.parametrize("day", ["31/02/2024", "99/99/9999", "01/01/0000", "01/01/99999", "2024-13-45", "٠١/٠١/٢٠٢٤"])
def test_a_hostile_date_in_a_table_is_refused_with_its_row(tmp_path, day):
    assert answered(tmp_path, membres=MEMBERS, faits=f"{FACTS}A;h;1;{day}\n") == [("TAB-10", "faits.csv", 2)]


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        (b"membre\n\x00\n", ("TAB-02", "membres.csv", 1)),
        (b"membre\n\xff\n", ("TAB-02", "membres.csv", 2)),
        ("membre\n" + "é" * 2_500_000, ("TAB-03", "membres.csv", 2)),
        ('membre\n"' + "x\n" * 200_000, ("TAB-03", "membres.csv", 65538)),
        ("membre" + ";x" * 50_000 + "\nA\n", ("TAB-05", "membres.csv", 1)),
        ("membre;" + ";".join(f"c{i}" for i in range(10**6)) + "\nA\n", ("TAB-05", "membres.csv", 1)),
    ],
)
def test_a_hostile_table_is_refused_with_its_line(tmp_path, members, problem):
    assert problem in answered(tmp_path, membres=members)


def test_problems_of_a_table_of_100_000_rows_are_told_up_to_a_number(tmp_path):
    found = answered(tmp_path, membres=MEMBERS, faits=FACTS + "".join(f"z{i};h;1;01/01/2024\n" for i in range(100_000)))
    assert len(found) == 500
    assert found[0] == ("TAB-12", "faits.csv", 2)


def test_what_was_meant_is_looked_for_only_while_problems_are_told(tmp_path):
    members = "membre\n" + "".join(f"Commune {i}\n" for i in range(200))
    facts = FACTS + "".join(f"Commune z{i};h;1;01/01/2024\n" for i in range(2_000))
    assert len(answered(tmp_path, membres=members, faits=facts)) == 500


def test_thousands_of_members_are_computed_in_time(tmp_path):
    members = "membre\n" + "".join(f"m{i}\n" for i in range(4_000))
    facts = FACTS + "".join(f"m{i};h;2;01/01/2024\n" for i in range(4_000))
    assert answered(tmp_path, membres=members, faits=facts) == [("amount", 2), ("amount", 2)]
