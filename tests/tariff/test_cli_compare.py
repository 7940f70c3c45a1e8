"""`communis tarif comparer`: what changes from a version to another, from an exercise to another, for whom and why."""

import pytest

from communis.tariff.convention import shipped
from factories.command import plain_spaces, tarif
from factories.service import TEXT, contents, edited, with_rows, written

OLD_PRICE = '1,50 €/hab depuis le 01/01/2024 par "délibération 1"'
NEW_PRICE = '1,60 €/hab depuis le 01/01/2024 par "délibération 2"'
AUDIT = """\
ligne prix_audit "Audit préalable"                                      article 5
    pour audit, chaque exercice, en fonctionnement
    = 250 €

"""
VISIT = """\
ligne visite "Visite"                                                   article 6
    pour audit, chaque exercice, en fonctionnement
    = 10 €

"""
RULES = [
    "paramètre part_variable : modifié (article 5)",
    '    − 1,50 €/hab depuis le 01/01/2024 par "délibération 1"',
    '    + 1,60 €/hab depuis le 01/01/2024 par "délibération 2"',
    "ligne visite : ajouté (article 6)",
    '    + ligne visite "Visite"                                                   article 6',
    "    + pour audit, chaque exercice, en fonctionnement",
    "    + = 10 €",
    "ligne prix_audit : retiré (article 5)",
    '    − ligne prix_audit "Audit préalable"                                      article 5',
    "    − pour audit, chaque exercice, en fonctionnement",
    "    − = 250 €",
    "Demandent un avenant : paramètre part_variable, ligne visite, ligne prix_audit.",
]
WITHOUT_EXAMPLE = TEXT.partition('exemple "')[0]


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """The service and a second version of it: another price, a line less, a line more."""
    folder = tmp_path_factory.mktemp("versions")
    second = edited(AUDIT, VISIT, edited(OLD_PRICE, NEW_PRICE, WITHOUT_EXAMPLE))
    return written(folder / "first", WITHOUT_EXAMPLE), written(folder / "second", second)


# ---------------------------------------------------------------- two versions


def test_two_versions_differ_rule_by_rule_with_their_articles(versions):
    run = tarif("comparer", *versions)
    assert (run.status, run.lines, run.err) == (0, RULES, "")


def test_the_layout_and_the_comments_of_a_version_are_no_change(versions, tmp_path):
    first = versions[0]
    spaced = "# relu\n" + WITHOUT_EXAMPLE.replace("    ", "  ").replace(" × ", " * ").replace(
        "au plus 3 000 €", "au plus  3 000 €  # voté"
    )
    same = written(tmp_path, spaced)
    assert tarif("comparer", first, same) == (0, "Les deux versions disent la même chose.\n", "")
    run = tarif("comparer", first, same, "--exercice", "2024")
    assert run.lines == ["Les deux versions disent la même chose.", "Aucun membre ne paie autre chose."]


def test_what_each_member_would_pay_under_the_other_version_is_shown_the_largest_change_first(versions):
    run = tarif("comparer", *versions, "--exercice", "2024")
    assert (run.status, run.err) == (0, "")
    assert run.lines == [
        *RULES,
        "Membre    Ligne                       Avant       Après      Écart  Causes",
        "Bruyère   Contribution annuelle  3 700,00 €  3 900,00 €  +200,00 €",
        "Bruyère   Écrêtement              -700,00 €   -900,00 €  -200,00 €",
        "Aubépine  Contribution annuelle  2 000,00 €  2 100,00 €  +100,00 €",
    ]


def test_some_members_are_compared_alone(versions):
    run = tarif("comparer", *versions, "--exercice", "2024", "--membre", "Aubépine", "--json")
    assert [(d["member"], d["line"], d["before"], d["after"], d["effect"]) for d in run.json["members"]] == [
        ("Aubépine", "contribution", "2000.00", "2100.00", "100.00"),
    ]  # fmt: skip


def test_the_change_of_rules_is_written_for_programs(versions):
    run = tarif("comparer", *versions, "--json")
    assert (run.status, run.json["members"]) == (0, [])
    assert [(rule["rule"], rule["change"], rule["articles"]) for rule in run.json["rules"]] == [
        ("paramètre part_variable", "changed", ["5"]),
        ("ligne visite", "added", ["6"]),
        ("ligne prix_audit", "removed", ["5"]),
    ]
    assert run.json["rules"][0]["before"].split("\n")[1:] == [f"    {OLD_PRICE}"]
    assert run.json["rules"][0]["after"].split("\n")[1:] == [f"    {NEW_PRICE}"]


def test_an_offer_may_be_compared_as_if_everybody_held_it(versions):
    run = tarif("comparer", *versions, "--exercice", "2024", "--offre", "audit", "--json")
    assert [(d["member"], d["line"], d["before"], d["after"]) for d in run.json["members"]] == [
        (member, *amounts)
        for member in ("Aubépine", "Bruyère", "Capucine")
        for amounts in (("visite", None, "10.00"), ("prix_audit", "250.00", None))
    ]


REVISED = edited(OLD_PRICE, f"révisable au plus tard le 30 juin de N+1, sans avenant\n    {OLD_PRICE}", WITHOUT_EXAMPLE)
LATER = '1,60 €/hab depuis le 01/07/2025 par "délibération 2"'
ALLOWED = "prix révisable sans avenant, au plus tard le 30 juin de N+1"
ONLY = "seul un nouveau prix se passe d’avenant"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (OLD_PRICE, f"{OLD_PRICE}\n    {LATER}", f"Sans avenant : paramètre part_variable ({ALLOWED})."),
        (OLD_PRICE, NEW_PRICE, f"Demandent un avenant : paramètre part_variable (un prix déjà fixé change : {ONLY})."),
        (
            OLD_PRICE,
            f"{OLD_PRICE}\n    {LATER.replace('2025', '2023')}",
            "Demandent un avenant : paramètre part_variable "
            "(le nouveau prix ne suit pas les autres : seul un prix à venir se passe d’avenant).",
        ),
        (
            OLD_PRICE,
            f"{OLD_PRICE}\n    1,60 €/hab depuis le 01/07/2025",
            "Demandent un avenant : paramètre part_variable (le nouveau prix ne cite pas l’acte qui le fixe).",
        ),
        (
            "30 juin de N+1, sans avenant",
            "31 décembre de N+1, sans avenant",
            f"Demandent un avenant : paramètre part_variable ({ONLY}, pas un changement de ses clauses).",
        ),
        ("moins de 1 500   : 500 €", "moins de 1 500   : 510 €", "Demandent un avenant : barème part_fixe."),
        ("arrondi au centime le plus proche", "arrondi au centime supérieur", "Demandent un avenant : convention."),
    ],
)
def test_a_change_that_the_convention_allows_needs_no_amendment_and_any_other_one_does(tmp_path, before, after, said):
    run = tarif("comparer", written(tmp_path / "a", REVISED), written(tmp_path / "b", edited(before, after, REVISED)))
    assert (run.status, run.lines[-1]) == (0, said)
    assert [line for line in run.lines if "avenant :" in line] == [said]


def test_what_is_not_agreed_needs_no_amendment_to_change(tmp_path):
    second = edited('version "1" du 01/01/2024', 'version "1 bis" du 01/01/2024', REVISED)
    second = edited("« un an, renouvelable »", "« un an, renouvelable deux fois »", second)
    run = tarif("comparer", written(tmp_path / "a", REVISED), written(tmp_path / "b", second), "--json")
    assert [(rule["rule"], rule["amendment"]) for rule in run.json["rules"]] == [("convention", None), ("article 6", None)]


def test_the_unit_cost_of_the_sidec_is_updated_without_an_amendment(tmp_path):
    text = (shipped("sidec") / "convention.tarif").read_text("utf-8")
    price = next(row for row in text.split("\n") if row.strip().startswith("241 €/UO"))
    updated = tmp_path / "sidec.tarif"
    updated.write_text(text.replace(price, f'{price}\n    250 €/UO depuis le 01/07/2025 par "délibération suivante"'), "utf-8")
    run = tarif("comparer", "sidec", updated, "--json")
    assert [(rule["rule"], rule["amendment"]) for rule in run.json["rules"]] == [
        ("paramètre coût_unitaire", {"needed": False, "why": ALLOWED}),
    ]  # fmt: skip
    updated.write_text(text.replace("241 €/UO", "250 €/UO"), "utf-8")
    run = tarif("comparer", "sidec", updated, "--json")
    assert [rule["amendment"]["needed"] for rule in run.json["rules"] if rule["amendment"]] == [True]


# ---------------------------------------------------------------- two exercises


def causes(run):
    """Return, line by line, what each member pays before and after, and the causes with their effect."""
    return [
        (
            *(difference[key] for key in ("member", "line", "before", "after")),
            [(cause["kind"], cause["label"], cause["effect"]) for cause in difference["causes"]],
        )
        for difference in run.json
        if difference["effect"] is not None
    ]


def test_two_exercises_differ_by_their_causes(tmp_path):
    folder = written(tmp_path, **with_rows("faits", "Bruyère;habitants;2 000;totale;01/01/2025;"))
    run = tarif("comparer", folder, "--exercice", "2024", "--avec", "2025")
    assert (run.status, run.err) == (0, "")
    assert run.lines == [
        "Membre    Ligne                       Avant       Après     Écart  Causes",
        "Aubépine  Contribution annuelle  2 000,00 €  2 015,00 €  +15,00 €  nombre d’habitants : 1 000 hab → 1 010 hab, +15,00 €",
    ]
    alone = tarif("comparer", folder, "--exercice", "2024", "--avec", "2025", "--membre", "Bruyère")
    assert alone.lines == ["Aucun membre ne paie autre chose."]


def test_price_class_and_population_each_have_their_effect_and_these_make_the_difference(tmp_path):
    dearer = edited(OLD_PRICE, f'{OLD_PRICE}\n    1,60 €/hab depuis le 01/01/2025 par "délibération 2"')
    classes = """    moins de 1 500   : 500 €
    de 1 500 à 8 000 : 700 €
    plus de 8 000    : à décider « un examen des moyens »
"""
    raised = f"    depuis le 01/01/2024\n{classes}    depuis le 01/01/2025\n{classes.replace('500 €', '510 €')}"
    folder = written(tmp_path, edited(classes, raised, dearer))
    run = tarif("comparer", folder, "--exercice", "2024", "--avec", "2025", "--membre", "Aubépine", "--json")
    assert causes(run) == [
        (
            "Aubépine", "contribution", "2000.00", "2126.00",
            [
                ("population", "nombre d’habitants", "15.00"), ("price", "part variable", "101.00"),
                ("scale", "barème part fixe", "10.00"),
            ],
        ),
    ]  # fmt: skip
    assert [plain_spaces(run.json[0]["causes"][0][key]) for key in ("before", "after")] == ["1 000 hab", "1 010 hab"]


SHARED = """
fait coût : € "coût de l’année"                                         article 5
    du service, lu en N
registre dépense "Dépense"                                              article 5
    du service
    payée_le : date, fait foi
    montant : €
ligne parts "Part du coût"                                              article 5
    pour socle, chaque exercice, en fonctionnement
    = part de coût à parts égales entre les titulaires de socle
ligne dépenses "Dépenses"                                               article 5
    pour socle, pour chaque dépense, en fonctionnement
    = part de dépense.montant à parts égales entre les titulaires de socle
ligne rampe "Rampe"                                                     article 5
    pour socle, chaque exercice, en fonctionnement
    = 10 € × rang de socle
"""


def test_members_costs_rows_and_rank_are_causes_too(tmp_path):
    """Capucine joins: two shared a cost of 900 €, three share one of 1 200 €."""
    folder = written(
        tmp_path,
        TEXT + SHARED,
        choix=("membre;offre;du", "Aubépine;socle;01/01/2024", "Bruyère;socle;01/01/2024", "Capucine;socle;01/01/2025"),
        faits=("fait;valeur;date", "coût;900;2024", "coût;1 200;2025"),
        **{"registre.dépense": ("id;payée_le;montant", "1;02/02/2024;100", "2;02/02/2025;300")},
    )
    run = tarif("comparer", folder, "--exercice", "2024", "--avec", "2025", "--membre", "Aubépine", "--json")
    assert causes(run) == [
        (
            "Aubépine", "parts", "450.00", "400.00",
            [("choice", "choix et adhésions", "-150.00"), ("fact", "coût de l’année", "100.00")],
        ),
        (
            "Aubépine", "dépenses", "50.00", "100.00",
            [("choice", "choix et adhésions", "-16.66"), ("register", "Dépense", "66.66")],
        ),
        ("Aubépine", "rampe", "10.00", "20.00", [("rank", "rang de l’année", "10.00")]),
    ]  # fmt: skip


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Avec une seule convention, donnez deux exercices : --exercice 2024 --avec 2025."),
        (["--exercice", "2024"], "Avec une seule convention, donnez deux exercices : --exercice 2024 --avec 2025."),
        (["--exercice", "2024", "--avec", "25"], "« 25 » n’est pas un exercice. Par exemple 2024."),
        (["--exercice", "2024", "--avec", "2025", "--membre", "Aubépin"],
         "« Aubépin » n’est pas un membre. Le plus proche : Aubépine."),
        (["--exercice", "2024", "--avec", "2025", "--offre", "socl"], "« socl » n’est pas une offre. La plus proche : socle."),
        (["--offre", "socle"], "« --offre » demande « --exercice »."),
        (["nulle_part"], "« nulle_part » ne se lit pas : le fichier n’existe pas."),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_told(versions, arguments, sentence):
    before = contents(versions[0])
    assert tarif("comparer", versions[0], *arguments) == (1, "", f"communis tarif : {sentence}\n")
    assert contents(versions[0]) == before


def test_a_missing_fact_is_no_decrease(versions):
    run = tarif("comparer", versions[0], "--exercice", "2024", "--avec", "2025", "--membre", "Bruyère", "--json")
    assert run.status == 2
    assert [difference["effect"] for difference in run.json] == [None, None]


def test_what_a_limit_cuts_has_its_causes(tmp_path):
    folder = written(tmp_path, **with_rows("faits", "Bruyère;habitants;2 100;totale;01/01/2025;"))
    run = tarif("comparer", folder, "--exercice", "2024", "--avec", "2025", "--membre", "Bruyère", "--json")
    cut = next(difference for difference in run.json if difference["line"] == "écrêtement")
    assert (cut["effect"], [(cause["kind"], cause["effect"]) for cause in cut["causes"]]) == (
        "-150.00", [("population", "-150.00")],
    )  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [("3 000 €", "3000 €"), ("01/01/2024", "1/1/2024")])
def test_what_the_layout_alone_would_rewrite_is_no_change(versions, tmp_path, before, after):
    other = written(tmp_path, WITHOUT_EXAMPLE.replace(before, after))
    assert tarif("comparer", versions[0], other).out == "Les deux versions disent la même chose.\n"


def test_a_second_exercise_does_not_go_with_a_second_convention(versions):
    assert tarif("comparer", *versions, "--exercice", "2024", "--avec", "2025").status != 0


def test_a_line_that_is_no_more_keeps_its_label(versions):
    run = tarif("comparer", *versions, "--exercice", "2024", "--offre", "audit", "--csv")
    assert [row.split(";")[1] for row in run.lines[1:]] == ["Audit préalable"] * 3 + ["Visite"] * 3


def test_what_cannot_be_known_is_shown_last_with_what_is_missing(versions):
    run = tarif("comparer", versions[0], "--exercice", "2024", "--avec", "2025")
    missing = "fait manquant : population totale 2025 (habitants)"
    assert (run.status, [" ".join(line.split()) for line in run.lines]) == (
        2,
        [
            "Membre Ligne Avant Après Écart Causes",
            "Aubépine Contribution annuelle 2 000,00 € 2 015,00 € +15,00 € nombre d’habitants : 1 000 hab → 1 010 hab, +15,00 €",
            f"Bruyère Contribution annuelle 3 700,00 € ne se calcule pas {missing}",
            f"Bruyère Écrêtement -700,00 € ne se calcule pas {missing}",
        ],
    )


def test_what_is_known_neither_before_nor_after_is_counted(versions):
    run = tarif("comparer", versions[0], "--exercice", "2025", "--avec", "2026", "--membre", "Bruyère")
    assert (run.status, run.lines) == (
        2,
        [
            "2 lignes ne se calculent ni avant ni après : fait manquant : population totale 2025 (habitants) ; "
            "fait manquant : population totale 2026 (habitants)"
        ],
    )


def test_a_made_up_fact_is_said_of_the_amount_and_of_the_difference(tmp_path):
    folder = written(tmp_path)
    (folder / "fictif").mkdir()
    made_up = "membre;fait;valeur;nature;date\nBruyère;habitants;1 000;totale;01/01/2025\n"
    (folder / "fictif" / "faits.csv").write_text(made_up, "utf-8")
    asked = ["--exercice", "2024", "--avec", "2025", "--membre", "Bruyère", "--avec-donnees-fictives"]
    run = tarif("comparer", folder, *asked, "--csv")
    words = "(donnée fictive de démonstration)"
    assert run.lines[1].split(";")[:5] == [
        "Bruyère", "Contribution annuelle", "3 700,00 €", f"2 000,00 € {words}", f"-1 700,00 € {words}",
    ]  # fmt: skip
    differences = tarif("comparer", folder, *asked, "--json").json
    assert [(d["flags"]["before"]["fictitious"], d["flags"]["after"]["fictitious"]) for d in differences] == [(False, True)] * 2


def test_a_line_due_once_says_when_it_was():
    asked = ["--exercice", "2024", "--avec", "2025", "--membre", "Bains-sur-Oust", "--avec-donnees-fictives", "--json"]
    audit = next(d for d in tarif("comparer", "redon", *asked).json if d["line"] == "prix_audit")
    assert (audit["before"], audit["after"], [(c["label"], c["effect"]) for c in audit["causes"]]) == (
        "7000.00", None, [("due une fois, le 15/03/2024", "-7000.00")],
    )  # fmt: skip
