"""`communis tarif simuler`: a price, a class, a reading, a membership or a fact changes; who would pay more, who less."""

import pytest

from factories.command import tarif
from factories.service import contents, edited, with_rows, written

YEAR = ("--exercices", "2024")
PLAIN = {"fictitious": False, "provisional": False, "simulated": False}
BOTH = {"before": PLAIN, "after": PLAIN}
CAPUCINE = ["--adhere", "Capucine:socle:01/01/2024"]


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    return written(tmp_path_factory.mktemp("service"))


def of_2024(service, *arguments):
    """Return what each member would owe in 2024: those for whom it changes, and the total of all."""
    run = tarif("simuler", service, *YEAR, *arguments, "--json")
    (year,) = run.json["years"]
    moved = {member["name"]: member["after"] for member in year["members"] if member["gain"] != "0.00"}
    return run.status, moved, (year["before"], year["after"])


def test_a_price_changes_what_all_pay_with_gains_losses_and_the_indicators(service):
    run = tarif("simuler", service, "--exercices", "2024", "2025", "--prix", "part_variable=1,60")
    assert run.err == ""
    assert run.lines[1:] == [
        "Total : 5 000,00 € aujourd’hui, 5 100,00 € simulé.",
        "Contributions de tous : 5 700,00 € → 6 000,00 €",
        "Membre    Aujourd’hui      Simulé      Écart",
        "Aubépine   2 000,00 €  2 100,00 €  +100,00 €",
        "Exercice 2025 : 1 paierait plus, 0 paierait moins, 1 ne se calcule pas.",
        "Total : 2 015,00 € aujourd’hui, 2 116,00 € simulé.",
        "Contributions de tous : fait manquant : population totale 2025 (habitants) → "
        "fait manquant : population totale 2025 (habitants)",
        "Membre          Aujourd’hui             Simulé      Écart",
        "Aubépine         2 015,00 €         2 116,00 €  +101,00 €",
        "Bruyère   ne se calcule pas  ne se calcule pas",
    ]


def test_nothing_is_written_by_a_simulation(service):
    before = contents(service)
    tarif("simuler", service, *YEAR, "--prix", "part_variable=1,60", *CAPUCINE)
    assert contents(service) == before


def test_a_simulation_is_written_for_programs(service):
    run = tarif("simuler", service, *YEAR, "--prix", "part_variable=1,40", "--json")
    assert (run.status, run.err) == (0, "")
    assert run.json == {
        "schema": "communis/simulation/1",
        "years": [
            {
                "exercise": "2024",
                "before": "5000.00",
                "after": "4900.00",
                "flags": BOTH,
                "members": [
                    {"name": "Aubépine", "before": "2000.00", "after": "1900.00", "gain": "-100.00", "flags": BOTH},
                    {"name": "Bruyère", "before": "3000.00", "after": "3000.00", "gain": "0.00", "flags": BOTH},
                    {"name": "Capucine", "before": "0.00", "after": "0.00", "gain": "0.00", "flags": BOTH},
                ],
                "indicators": [{"name": "total", "before": "5700.00", "after": "5400.00", "flags": BOTH}],
            }
        ],
    }


def test_those_who_would_pay_more_come_first_then_those_who_would_pay_less(tmp_path):
    rows = {**with_rows("choix", "Capucine;socle;01/01/2024;"), **with_rows("membres", "Digitale;;;")}
    folder = written(tmp_path, **rows)
    moves = ["--prix", "part_fixe:moins de 1 500=300", "--adhere", "Digitale:audit:01/01/2024"]
    run = tarif("simuler", folder, *YEAR, "--prix", "part_variable=1,60", *moves, "--csv")
    assert [row.split(";")[:3] for row in run.lines] == [
        ["Membre", "Aujourd’hui", "Simulé"],
        ["Digitale", "0,00 €", "250,00 €"],
        ["Capucine", "1 100,00 €", "940,00 €"],
        ["Aubépine", "2 000,00 €", "1 900,00 €"],
    ]


@pytest.mark.parametrize(
    ("arguments", "moved", "totals"),
    [
        (["--prix", "part_variable=1,60 €/hab"], {"Aubépine": "2100.00"}, ("5000.00", "5100.00")),
        (["--prix", 'part_fixe:"moins de 1 500"=600'], {"Aubépine": "2100.00"}, ("5000.00", "5100.00")),
        (["--prix", "part_fixe:moins de 1500=600 €"], {"Aubépine": "2100.00"}, ("5000.00", "5100.00")),
        (
            ["--prix", "part_variable=0", "--prix", "part_fixe:de 1 500 à 8 000=800"],
            {"Aubépine": "500.00", "Bruyère": "800.00"},
            ("5000.00", "1300.00"),
        ),
        (CAPUCINE, {"Capucine": "1100.00"}, ("5000.00", "6100.00")),
        (
            ["--adhere", "tous:audit:01/01/2024"],
            {"Aubépine": "2250.00", "Bruyère": "3250.00", "Capucine": "250.00"},
            ("5000.00", "5750.00"),
        ),
        ([*CAPUCINE, "--fait", "Capucine:habitants:2024=1 500"], {"Capucine": "2950.00"}, ("5000.00", "7950.00")),
        (["--fait", "213500135:habitants:2024=999,5"], {"Aubépine": "1999.25"}, ("5000.00", "4999.25")),
        (["--lecture", "AMB-01=totale"], {}, ("5000.00", "5000.00")),
        (["--lecture", "AMB-01=municipale"], {"Aubépine": None, "Bruyère": None}, ("5000.00", "0.00")),
    ],
)
def test_each_change_has_its_effect(service, arguments, moved, totals):
    assert of_2024(service, *arguments)[1:] == (moved, totals)


def test_a_member_that_leaves_owes_nothing_from_the_next_exercise(service):
    run = tarif("simuler", service, "--exercices", "2024", "2025", "--quitte", "Aubépine:socle:01/07/2024", "--json")
    assert [(year["members"][0]["name"], year["members"][0]["after"]) for year in run.json["years"]] == [
        ("Aubépine", "2000.00"),
        ("Aubépine", "0.00"),
    ]


def test_what_a_year_computes_is_the_history_of_the_next(tmp_path):
    """A fee chained on what was issued the year before."""
    text = "\n".join([
        'convention "Essai"', '    gestionnaire "Syndicat"', '    version "1" du 01/01/2024',
        "    exercice du 1er janvier au 31 décembre", "    arrondi au centime le plus proche", "    taxe hors taxe",
        'article 1 "Règles"', 'offre socle "Socle"  article 1', 'fait taux : %  article 1', "    du service, lu en N",
        "ligne redevance  article 1", "    pour socle, chaque exercice, en fonctionnement",
        "    = redevance de l’exercice précédent × (100 % + taux)", "",
    ])  # fmt: skip
    folder = written(
        tmp_path,
        text,
        membres=("membre", "Aubépine"),
        choix=("membre;offre;du", "Aubépine;socle;01/01/2023"),
        faits=("fait;valeur;date", "taux;10;2024", "taux;10;2025"),
        émis=("membre;exercice;ligne;montant", "Aubépine;2023;redevance;1000"),
    )
    run = tarif("simuler", folder, "--exercices", "2024", "2025", "--fait", ":taux:2024=20", "--json")
    assert [(year["before"], year["after"]) for year in run.json["years"]] == [("1100.00", "1200.00"), ("1210.00", "1320.00")]


# ---------------------------------------------------------------- a figure swept


def test_a_figure_is_swept_with_the_total_and_how_many_pay_more_or_less(service):
    run = tarif("simuler", service, *YEAR, "--balayer", "part_variable=1:2:0,5")
    assert (run.status, run.err) == (0, "")
    assert run.lines == [
        "part_variable       Total  Paieraient plus  Paieraient moins  Bloqués",
        "   1,00 €/hab  4 200,00 €                0                 2        0",
        "   1,50 €/hab  5 000,00 €                0                 0        0",
        "   2,00 €/hab  5 500,00 €                1                 0        0",
    ]
    written_out = tarif("simuler", service, "--exercices", "2025", "--balayer", "part_fixe:moins de 1 500=400:500:100", "--json")
    assert written_out.json == [
        {"exercise": "2025", "value": "400.00", "total": "1915.00", "more": 0, "less": 1, "refused": 1, "flags": PLAIN},
        {"exercise": "2025", "value": "500.00", "total": "2015.00", "more": 0, "less": 0, "refused": 1, "flags": PLAIN},
    ]


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--prix", "part_variable"], "« part_variable » ne se lit pas. Par exemple : --prix part_variable=1,60"),
        (["--prix", "part_variable="], "« part_variable= » ne se lit pas. Par exemple : --prix part_variable=1,60"),
        (["--prix", "part_variable=cher"], "« cher » n’est pas un nombre."),
        (["--prix", "part_variable=2 €"], "« part_variable » se compte en €/hab, pas en « € »."),
        (
            ["--prix", "part_fixe:moins de 9=1"],
            "Le barème part_fixe n’a pas de classe « moins de 9 ». "
            "Ses classes : moins de 1 500 ; de 1 500 à 8 000 ; plus de 8 000.",
        ),
        (["--lecture", "AMB-01=dgf"], "« dgf » n’est pas une lecture de AMB-01. On peut écrire : totale, municipale."),
        (["--lecture", "AMB-02=dgf"], "« AMB-02 » n’est pas une interprétation de la convention. La plus proche : AMB-01."),
        (["--adhere", "Capucine:socle"], "« Capucine:socle » : écrivez MEMBRE:OFFRE:JJ/MM/AAAA."),
        (["--adhere", "Capucin:socle:01/01/2024"], "« Capucin » n’est pas un membre. Le plus proche : Capucine."),
        (["--adhere", "Capucine:socl:01/01/2024"], "« socl » n’est pas une offre. La plus proche : socle."),
        (["--quitte", "Capucine:socle:31/02/2024"], "« 31/02/2024 » n’est pas une date : écrivez jj/mm/aaaa"),
        (["--fait", "Capucine:habitants=5"], "« Capucine:habitants=5 » : écrivez MEMBRE:FAIT:EXERCICE=VALEUR."),
        (["--fait", "Capucine:habitant:2024=5"], "« habitant » n’est pas un fait. Le plus proche : habitants."),
        (["--fait", "Capucine:habitants:24=5"], "« 24 » n’est pas un exercice. Par exemple 2024."),
        (
            ["--fait", "Capucine:habitants:2024=cinq"],
            "« cinq » n’est pas un nombre. Des chiffres de 0 à 9, une virgule, au plus 15 chiffres et 9 décimales.",
        ),
        (
            ["--fait", "Capucine:habitants:2024=1E+999999"],
            "« 1E+999999 » n’est pas un nombre. Des chiffres de 0 à 9, une virgule, au plus 15 chiffres et 9 décimales.",
        ),
        (["--fait", "Capucine:habitants:2024=-5"], "Une quantité n’est pas négative. Corrigez la valeur."),
        (["--balayer", "part_variable=1:2"], "« part_variable=1:2 » : écrivez NOM=DE:À:PAS."),
        (
            ["--balayer", "part_variable=1:2:0"],
            "Le pas est plus grand que zéro, la fin après le début, et il y a au plus 10 000 pas.",
        ),
        (
            ["--balayer", "part_variable=0:100:0,001"],
            "Le pas est plus grand que zéro, la fin après le début, et il y a au plus 10 000 pas.",
        ),
    ],
)  # fmt: skip
def test_a_change_that_the_convention_does_not_have_is_told(service, arguments, sentence):
    assert tarif("simuler", service, *YEAR, *arguments) == (1, "", f"communis tarif : {sentence}\n")


@pytest.mark.parametrize("arguments", [["--prix", "part_variabl=1"], ["--balayer", "part_variabl=1:2:1"]])
def test_a_price_that_is_not_there_is_told_with_the_nearest(service, arguments):
    sentence = "« part_variabl » n’est ni un paramètre ni un barème. Le plus proche : part_variable."
    assert tarif("simuler", service, *YEAR, *arguments) == (1, "", f"communis tarif : {sentence}\n")


def test_a_class_left_out_is_asked_for(service):
    said = tarif("simuler", service, *YEAR, "--prix", "part_fixe=600").err
    assert "None" not in said


def test_a_member_may_leave_on_the_day_it_came(service):
    assert of_2024(service, "--quitte", "Bruyère:socle:01/01/2024")[1:] == ({"Bruyère": "0.00"}, ("5000.00", "2000.00"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--quitte", "Bruyère:audit:01/07/2024"],  # it does not hold it
        ["--fait", ":habitants:2024=5"],  # a fact of each member given for the service
    ],
)
def test_a_change_that_moves_nothing_is_told(service, arguments):
    assert tarif("simuler", service, *YEAR, *arguments).status == 1


STATES = edited(
    'offre audit "Audit" ',
    """fait équipée : oui ou non "dispose d’un service"                        article 5
    lu à la date d’effet
fait nature : parmi commune ou établissement_associé                    article 5
    lu au 1er janvier de N
fait ouverte_le : date "ouverture"                                      article 5
    lu au 1er janvier de N
offre audit "Audit" """,
)
STATES = edited(
    "    = part_fixe + part_variable × habitants\n",
    """    = selon le cas
        si équipée                       : 1 €
        si nature = établissement_associé : 10 €
        si ouverte_le < 01/01/2020       : 100 €
        sinon                            : 1 000 €
""",
    STATES,
)
STATES = STATES[: STATES.index("exemple ")]
SUPPOSED = ["--fait", "Capucine:équipée:2024=non", "--fait", "Capucine:nature:2024=commune", "--fait",
            "Capucine:ouverte_le:2024=01/06/2021"]  # fmt: skip


@pytest.mark.covers("TAR-25")
@pytest.mark.parametrize(
    ("supposed", "owed"),
    [
        ([], "1000.00"),
        (["Capucine:équipée:2024=oui"], "1.00"),
        (["Capucine:nature:2024=établissement_associé"], "10.00"),
        (["Capucine:ouverte_le:2024=31/12/2019"], "100.00"),
    ],
)
def test_a_yes_or_no_a_choice_and_a_date_may_be_supposed_of_a_member(tmp_path, supposed, owed):
    folder = written(tmp_path, STATES)
    facts = [word for text in supposed for word in ("--fait", text)]
    run = tarif("simuler", folder, *YEAR, *CAPUCINE, *SUPPOSED, *facts, "--json")
    (found,) = [m for m in run.json["years"][0]["members"] if m["name"] == "Capucine"]
    assert (found["after"], found["flags"]["after"]["simulated"]) == (owed, True)


def test_what_is_supposed_of_a_member_was_so_before_unless_a_value_says_otherwise(tmp_path):
    """It joined on 1 January 2024: in 2025 its effect is still read that day."""
    folder = written(tmp_path, STATES)
    asked = ["simuler", folder, "--exercices", "2025", *CAPUCINE, "--fait", "Capucine:nature:2025=commune", "--fait",
             "Capucine:ouverte_le:2025=01/06/2021", "--fait", "Capucine:équipée:2025=oui", "--json"]  # fmt: skip

    def owed():
        (found,) = [m for m in tarif(*asked).json["years"][0]["members"] if m["name"] == "Capucine"]
        return found["after"]

    assert owed() == "1.00"
    written(tmp_path, STATES, **with_rows("faits", "Capucine;équipée;non;;01/01/2024;déclaration"))
    assert owed() == "1000.00"


@pytest.mark.parametrize(
    ("fact", "sentence"),
    [
        ("équipée:2024=peut-être", "« peut-être » n’est ni oui ni non. Écrivez oui ou non."),
        (
            "nature:2024=établissement",
            "« établissement » n’est pas une valeur possible. On peut écrire : commune, établissement_associé.",
        ),
        ("ouverte_le:2024=31/02/2019", "« 31/02/2019 » n’est pas une date du calendrier. Écrivez jj/mm/aaaa."),
    ],
)
def test_what_is_supposed_is_read_as_the_table_of_facts_is(tmp_path, fact, sentence):
    run = tarif("simuler", written(tmp_path, STATES), *YEAR, "--fait", f"Capucine:{fact}")
    assert run == (1, "", f"communis tarif : {sentence}\n")


def test_a_member_that_cannot_be_computed_has_its_status(service):
    assert tarif("simuler", service, "--exercices", "2025").status == 2


def test_one_member_is_written_in_the_singular(service):
    run = tarif("simuler", service, *YEAR, "--prix", "part_variable=1,60")
    assert run.lines[0] == "Exercice 2024 : 1 paierait plus, 0 paierait moins."


def test_a_figure_is_swept_over_every_exercise_asked_for(service):
    run = tarif("simuler", service, "--exercices", "2024", "2025", "--balayer", "part_variable=1:2:1")
    assert run.status == 64 or [line for line in run.lines if "2025" in line]


def test_a_sweep_gives_each_exercise_its_totals_and_keeps_the_other_changes(service):
    run = tarif("simuler", service, "--exercices", "2024", "2025", "--balayer", "part_variable=1:2:1", *CAPUCINE)
    assert (run.status, run.lines) == (
        2,
        [
            "Exercice  part_variable       Total  Paieraient plus  Paieraient moins  Bloqués",
            "    2024     1,00 €/hab  5 100,00 €                1                 2        0",
            "    2024     2,00 €/hab  6 800,00 €                2                 0        0",
            "    2025     1,00 €/hab  1 510,00 €                0                 1        2",
            "    2025     2,00 €/hab  2 520,00 €                1                 0        2",
        ],
    )


def test_a_sweep_says_what_its_totals_rest_on(service):
    fact = ["--fait", "Aubépine:habitants:2024=1 100"]
    run = tarif("simuler", service, *YEAR, "--balayer", "part_variable=1:1:1", *fact, "--csv")
    assert run.lines[1] == "1,00 €/hab;4 300,00 € (hypothèse de simulation);0;2;0"


def test_a_supposed_fact_is_said_of_every_amount_and_total_that_reads_it(service):
    run = tarif("simuler", service, *YEAR, "--fait", "Aubépine:habitants:2024=1 100")
    assert run.lines == [
        "Exercice 2024 : 1 paierait plus, 0 paierait moins.",
        "Total : 5 000,00 € aujourd’hui, 5 150,00 € (hypothèse de simulation) simulé.",
        "Contributions de tous : 5 700,00 € → 5 850,00 € (hypothèse de simulation)",
        "Membre    Aujourd’hui                                Simulé                                Écart",
        "Aubépine   2 000,00 €  2 150,00 € (hypothèse de simulation)  +150,00 € (hypothèse de simulation)",
    ]
    (year,) = tarif("simuler", service, *YEAR, "--fait", "Aubépine:habitants:2024=1 100", "--json").json["years"]
    simulated = {"before": PLAIN, "after": {**PLAIN, "simulated": True}}
    assert (year["flags"], year["members"][0]["flags"], year["indicators"][0]["flags"]) == (simulated,) * 3


def test_a_supposed_reading_is_said_of_what_reads_it(tmp_path):
    folder = written(tmp_path, **with_rows("faits", "Aubépine;habitants;900;municipale;01/01/2024;"))
    run = tarif("simuler", folder, *YEAR, "--lecture", "AMB-01=municipale", "--csv")
    assert run.lines[1] == "Aubépine;2 000,00 €;1 850,00 € (hypothèse de simulation);-150,00 € (hypothèse de simulation)"


def test_a_supposed_fact_is_of_the_population_that_the_supposed_reading_reads(service):
    changes = ["--lecture", "AMB-01=municipale", "--fait", "Aubépine:habitants:2024=900"]
    assert of_2024(service, *changes)[1] == {"Aubépine": "1850.00", "Bruyère": None}


def test_a_price_holds_in_every_exercise_asked_for(tmp_path):
    price = '    1,50 €/hab depuis le 01/01/2024 par "délibération 1"\n'
    text = edited(price, f'{price}    1,80 €/hab depuis le 01/01/2025 par "délibération 2"\n')
    run = tarif("simuler", written(tmp_path, text), "--exercices", "2024", "2025", "--prix", "part_variable=1", "--json")
    assert [year["members"][0]["after"] for year in run.json["years"]] == ["1500.00", "1510.00"]


def test_several_exercises_make_one_table_in_csv(service):
    run = tarif("simuler", service, "--exercices", "2024", "2025", "--prix", "part_variable=1,60", "--csv")
    assert run.lines == [
        "Exercice;Membre;Aujourd’hui;Simulé;Écart",
        "2024;Aubépine;2 000,00 €;2 100,00 €;+100,00 €",
        "2025;Aubépine;2 015,00 €;2 116,00 €;+101,00 €",
        "2025;Bruyère;ne se calcule pas;ne se calcule pas;",
    ]
