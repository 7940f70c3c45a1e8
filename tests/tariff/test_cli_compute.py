"""`communis tarif calculer`: what each member owes, those who are blocked and why, and what falls due in a year."""

import pytest

from factories.command import faults_of, tarif
from factories.service import TABLES, TEXT, contents, with_rows, written

MISSING = "fait manquant : population totale 2025 (habitants)"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    return written(tmp_path_factory.mktemp("service"))


def amounts(run):
    """Return what each member owes in a result in JSON, line by line, what is without object left out."""
    return {
        member["name"]: {line["line"]: line["amount"] for line in member["lines"] if line["outcome"] != "not_applicable"}
        for member in run.json["members"]
    }


# ---------------------------------------------------------------- an exercise


ALERTS = """
alerte petite "Petite commune"                                          article 5
    pour socle
    si habitants < 2 500 hab
    avertir « une part par habitant »
alerte partout                                                          article 5
    si habitants > 900 hab
    avertir "plus de 900 habitants"
"""


def test_alerts_are_told_once_below_the_table_with_their_members_and_stop_nothing(tmp_path):
    folder = written(tmp_path, TEXT + ALERTS)
    run = tarif("calculer", folder, "--exercice", "2024")
    assert (run.status, run.err) == (0, "")
    assert run.lines[-4:] == [
        "",
        "Alertes, qui n’arrêtent rien :",
        "  Petite commune : une part par habitant — Aubépine, Bruyère",
        "  plus de 900 habitants — Aubépine, Bruyère",
    ]
    assert [line for line in tarif("calculer", folder, "--exercice", "2024", "--csv").lines if "lerte" in line] == []


def test_an_alert_that_cannot_be_checked_says_what_is_missing(tmp_path):
    folder = written(tmp_path, TEXT + ALERTS)
    run = tarif("calculer", folder, "--exercice", "2025", "--membre", "Bruyère")
    assert run.status == 2
    assert run.lines[-3:] == [
        "Alertes, qui n’arrêtent rien :",
        f"  « Petite commune » ne se vérifie pas : {MISSING} — Bruyère",
        f"  « partout » ne se vérifie pas : {MISSING} — Bruyère",
    ]


def test_an_exercise_is_a_table_with_its_total_and_what_the_host_bears(service):
    run = tarif("calculer", service, "--exercice", "2024")
    assert (run.status, run.err) == (0, "")
    assert run.lines[:-1] == [
        "Service commun d’exemple, exercice 2024",
        "Membre    Ligne                  Article     Montant  Échéance",
        "Aubépine  Contribution annuelle  5        2 000,00 €  01/01/2025 au 31/03/2025",
        "Bruyère   Contribution annuelle  5        3 700,00 €  01/01/2025 au 31/03/2025",
        "Bruyère   Écrêtement             5         -700,00 €  01/01/2025 au 31/03/2025",
        "Bruyère   Total                           3 000,00 €",
        "Total des membres : 5 000,00 € ; à la charge du gestionnaire : 700,00 €",
    ]


@pytest.mark.covers("TAR-03")
def test_a_blocked_member_is_named_with_what_is_missing_and_counts_for_no_euro(service):
    run = tarif("calculer", service, "--exercice", "2025")
    assert (run.status, run.err) == (2, "")
    assert run.lines == [
        "Service commun d’exemple, exercice 2025",
        "Membre    Ligne                  Article                                                      Montant  Échéance",
        "Aubépine  Contribution annuelle  5                                                         2 015,00 €  "
        "01/01/2026 au 31/03/2026",
        f"Bruyère   Contribution annuelle  5        refusé : {MISSING}  01/01/2026 au 31/03/2026",
        f"Bruyère   Écrêtement             5        refusé : {MISSING}  01/01/2026 au 31/03/2026",
        "Total des membres, hors 1 membre bloqué : 2 015,00 €",
        "",
        "Bloqués : 1 membre dont l’état ne peut pas être émis.",
        f"  {MISSING} — Bruyère",
    ]


def test_an_exercise_is_written_for_programs_under_its_schema(service):
    run = tarif("calculer", service, "--exercice", "2024", "--json")
    assert (run.status, run.err) == (0, "")
    assert faults_of(run.json, "result-1") == []
    assert amounts(run) == {
        "Aubépine": {"contribution": "2000.00"},
        "Bruyère": {"contribution": "3700.00", "écrêtement": "-700.00"},
        "Capucine": {},
    }
    assert [member["total"] for member in run.json["members"]] == [
        {"before_tax": total, "tax": "0.00", "due": total} for total in ("2000.00", "3000.00", "0.00")
    ]
    assert [(line["line"], line["cause"], line["amount"]) for line in run.json["host"]["lines"]] == [
        ("écrêtement", "limit", "700.00"),
    ]  # fmt: skip
    assert run.json["totals"]["cost"] == "5700.00"


@pytest.mark.covers("TAR-03")
def test_a_blocked_member_has_no_total_for_programs(service):
    run = tarif("calculer", service, "--exercice", "2025", "--json")
    assert (run.status, faults_of(run.json, "result-1")) == (2, [])
    assert [(member["name"], member["blocked"], member["total"]) for member in run.json["members"]] == [
        ("Aubépine", False, {"before_tax": "2015.00", "tax": "0.00", "due": "2015.00"}),
        ("Bruyère", True, None),
        ("Capucine", False, {"before_tax": "0.00", "tax": "0.00", "due": "0.00"}),
    ]
    refused = run.json["members"][1]["lines"][0]
    assert (refused["outcome"], refused["amount"]) == ("refused", None)
    assert refused["reasons"] == [{"kind": "missing", "text": MISSING, "member": "Bruyère", "articles": ["5"]}]


def test_some_members_are_chosen_by_name_siren_or_insee_code(service):
    run = tarif("calculer", service, "--exercice", "2025", "--membre", "213500135", "--membre", "35014", "--csv")
    assert run.status == 2
    assert run.lines == [
        "Membre;Ligne;Article;Montant;Échéance",
        "Aubépine;Contribution annuelle;5;2 015,00 €;01/01/2026 au 31/03/2026",
        f"Bruyère;Contribution annuelle;5;refusé : {MISSING};01/01/2026 au 31/03/2026",
        f"Bruyère;Écrêtement;5;refusé : {MISSING};01/01/2026 au 31/03/2026",
    ]
    alone = tarif("calculer", service, "--exercice", "2025", "--membre", "AUBEPINE", "--json")
    assert (alone.status, amounts(alone), faults_of(alone.json, "result-1")) == (0, {"Aubépine": {"contribution": "2015.00"}}, [])


def test_one_member_alone_is_told_what_does_not_concern_it(service):
    run = tarif("calculer", service, "--exercice", "2024", "--membre", "Capucine", "--csv")
    assert (run.status, run.lines) == (
        0,
        [
            "Membre;Ligne;Article;Montant;Échéance",
            "Capucine;Contribution annuelle;5;sans objet;",
            "Capucine;Audit préalable;5;sans objet;",
            "Capucine;Écrêtement;5;sans objet;",
        ],
    )


def test_a_total_that_repeats_the_one_amount_is_left_out():
    run = tarif("calculer", "sicoval", "--exercice", "2025", "--avec-donnees-fictives", "--membre", "Montgiscard")
    assert [line for line in run.lines if "Total" in line] == []
    assert [line.split()[7:10] for line in run.lines if "sans DSI" in line] == [["1", "324,50", "€"]]


def test_nobody_holds_anything(tmp_path):
    folder = written(tmp_path, choix=None)
    said = "Aucun choix n’est saisi pour cet exercice : rien n’est dû. « --offres » simule chaque offre pour tous les membres."
    run = tarif("calculer", folder, "--exercice", "2024")
    assert (run.status, run.lines, run.err) == (0, [said], "")


def test_made_up_figures_count_when_asked_for_and_are_told_apart(tmp_path):
    folder = written(tmp_path)
    (folder / "fictif").mkdir()
    made_up = "membre;fait;valeur;nature;date\nBruyère;habitants;2 100;totale;01/01/2025\n"
    (folder / "fictif" / "faits.csv").write_text(made_up, "utf-8")
    assert tarif("calculer", folder, "--exercice", "2025").status == 2
    run = tarif("calculer", folder, "--exercice", "2025", "--avec-donnees-fictives", "--csv")
    assert (run.status, run.lines[1:3]) == (
        0,
        [
            "Aubépine;Contribution annuelle;5;2 015,00 €;01/01/2026 au 31/03/2026",
            "Bruyère;Contribution annuelle;5;3 850,00 € (donnée fictive de démonstration);01/01/2026 au 31/03/2026",
        ],
    )


def test_tables_may_stand_elsewhere(tmp_path, service):
    other = written(tmp_path, **with_rows("choix", "Capucine;audit;01/01/2024;"))
    run = tarif("calculer", service, "--tables", other, "--exercice", "2024", "--json")
    assert (run.status, amounts(run)["Capucine"]) == (0, {"prix_audit": "250.00"})


# ---------------------------------------------------------------- what falls due, what offers would cost


def test_what_falls_due_in_a_year_belongs_to_the_exercise_before(service):
    run = tarif("calculer", service, "--echeance", "2026")
    assert (run.status, run.err) == (2, "")
    assert run.lines == [
        "Service commun d’exemple, échéances de 2026",
        "Membre    Ligne                  Exercice     Montant  Échéance",
        "Aubépine  Contribution annuelle  2025      2 015,00 €  01/01/2026 au 31/03/2026",
        "Total des échéances de 2026, hors 1 membre bloqué : 2 015,00 €",
        "",
        "Bloqués : 1 membre dont l’état ne peut pas être émis.",
        f"  {MISSING} — Bruyère",
    ]
    line, *refused = tarif("calculer", service, "--echeance", "2026", "--json").json
    assert [(r["member"], r["line"], r["outcome"], r["amount"]) for r in refused] == [
        ("Bruyère", "contribution", "refused", None), ("Bruyère", "écrêtement", "refused", None),
    ]  # fmt: skip
    assert [line[key] for key in ("member", "line", "amount", "budget_year", "due")] == [
        "Aubépine", "contribution", "2015.00", 2026, [{"first": "2026-01-01", "last": "2026-03-31"}],
    ]  # fmt: skip


def test_what_falls_due_is_totalled_for_whoever_pays_several_lines_and_for_all(service):
    run = tarif("calculer", service, "--echeance", "2025")
    assert (run.status, run.lines[2:]) == (
        0,
        [
            "Aubépine  Contribution annuelle  2024      2 000,00 €  01/01/2025 au 31/03/2025",
            "Bruyère   Contribution annuelle  2024      3 700,00 €  01/01/2025 au 31/03/2025",
            "Bruyère   Écrêtement             2024       -700,00 €  01/01/2025 au 31/03/2025",
            "Bruyère   Total                            3 000,00 €",
            "Total des échéances de 2025 : 5 000,00 €",
        ],
    )


def test_nothing_falls_due(service):
    assert tarif("calculer", service, "--echeance", "2023") == (0, "Rien ne tombe en échéance en 2023.\n", "")
    assert tarif("calculer", service, "--echeance", "2023", "--json") == (0, "[]\n", "")


def test_each_offer_is_simulated_for_every_member_holding_it_or_not(service):
    run = tarif("calculer", service, "--exercice", "2024", "--offres")
    assert (run.status, run.err) == (0, "")
    assert run.lines[:5] == [
        "Service commun d’exemple, exercice 2024 : chaque offre simulée, pas une facture",
        "Membre         Socle     Audit",
        "Aubépine  2 000,00 €  250,00 €",
        "Bruyère   3 000,00 €  250,00 €",
        "Capucine  1 100,00 €  250,00 €",
    ]


def test_offers_are_written_for_programs_one_result_an_offer(service):
    run = tarif("calculer", service, "--exercice", "2025", "--offres", "--json")
    assert (run.status, list(run.json)) == (0, ["socle", "audit"])
    assert [faults_of(result, "result-1") for result in run.json.values()] == [[], []]
    rows = tarif("calculer", service, "--exercice", "2025", "--offres", "--csv").lines
    assert rows == [
        "membre;socle;audit",
        "Aubépine;2 015,00 €;250,00 €",
        f"Bruyère;{MISSING};250,00 €",
        f"Capucine;{MISSING};250,00 €",
    ]


def test_why_an_offer_has_no_amount_is_said_once_below(service):
    run = tarif("calculer", service, "--exercice", "2025", "--offres")
    assert run.lines[1:] == [
        "Membre         Socle     Audit",
        "Aubépine  2 015,00 €  250,00 €",
        "Bruyère          (1)  250,00 €",
        "Capucine         (1)  250,00 €",
        f"(1) {MISSING}",
    ]


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--exercice", "24"], "« 24 » n’est pas un exercice. Par exemple 2024."),
        (["--exercice", "1940"], "« 1940 » n’est pas un exercice : on calcule de 1950 à 2150."),
        (["--exercice", "9999"], "« 9999 » n’est pas un exercice : on calcule de 1950 à 2150."),
        (["--exercice", "0"], "« 0 » n’est pas un exercice. Par exemple 2024."),
        (["--exercice=-1"], "« -1 » n’est pas un exercice. Par exemple 2024."),
        (["--exercice", "2024-2025"], "« 2024-2025 » : les exercices de cette convention s’écrivent 2024."),
        (["--exercice", "2024", "--membre", "Aubépin"], "« Aubépin » n’est pas un membre. Le plus proche : Aubépine."),
        (["--exercice", "2024", "--membre", "Ludres"], "« Ludres » n’est pas un membre."),
        (["--exercice", "2024", "--tables", "nulle_part"], "« nulle_part » n’est pas un dossier de tables."),
    ],
)
def test_what_cannot_be_computed_is_told_and_nothing_is_written(tmp_path, service, arguments, sentence):
    before = contents(service)
    run = tarif("calculer", service, *arguments, "--xlsx", tmp_path / "out.xlsx")
    assert run == (1, "", f"communis tarif : {sentence}\n")
    assert (contents(tmp_path), contents(service)) == ({}, before)


def test_a_school_year_is_named_by_its_end_or_by_both_its_years():
    found = [tarif("calculer", "sicoval", "--exercice", year, "--membre", "Odars", "--csv") for year in ("2025", "2024-2025")]
    assert found[0] == found[1]
    assert found[0].lines[1] == "Odars;Socle de base, à titre gratuit;offres;0,00 €;"
    wrong = "communis tarif : « 2024-2026 » : les exercices de cette convention s’écrivent 2024-2025.\n"
    assert tarif("calculer", "sicoval", "--exercice", "2024-2026") == (1, "", wrong)


def test_a_refused_line_that_falls_due_is_named(service):
    run = tarif("calculer", service, "--echeance", "2026")
    assert run.status == 2
    assert [line for line in run.lines if "Bruyère" in line] != []


def test_what_a_limit_cuts_falls_due_with_the_line_it_cuts(service):
    run = tarif("calculer", service, "--echeance", "2025", "--json")
    assert [(line["line"], line["amount"], line["budget_year"]) for line in run.json if line["member"] == "Bruyère"] == [
        ("contribution", "3700.00", 2025), ("écrêtement", "-700.00", 2025),
    ]  # fmt: skip


def test_an_amount_below_zero_is_a_number_in_csv(service):
    rows = tarif("calculer", service, "--exercice", "2024", "--csv").lines
    assert rows[3] == "Bruyère;Écrêtement;5;-700,00 €;01/01/2025 au 31/03/2025"


@pytest.mark.parametrize(
    ("arguments", "header"),
    [
        (["--echeance", "2023"], "Membre;Ligne;Exercice;Montant;Échéance"),
        (["--exercice", "2023"], "Membre;Ligne;Article;Montant;Échéance"),
    ],
)
def test_an_empty_table_in_csv_is_its_header(service, arguments, header):
    assert tarif("calculer", service, *arguments, "--csv").lines == [header]


def test_the_total_below_some_members_is_theirs(service):
    run = tarif("calculer", service, "--exercice", "2024", "--membre", "Capucine")
    assert [line for line in run.lines if line.startswith("Total")] in ([], ["Total des membres : 0,00 €"])


def test_offers_are_simulated_for_the_members_chosen(service):
    run = tarif("calculer", service, "--exercice", "2024", "--offres", "--membre", "Capucine", "--csv")
    assert run.status == 64 or run.lines == ["membre;socle;audit", "Capucine;1 100,00 €;250,00 €"]


@pytest.mark.parametrize("year", ["0001", "202", "²024", "9999"])
def test_a_civil_year_out_of_the_calendar_is_told(service, year):
    said = f"communis tarif : « {year} » n’est pas une année civile.\n"
    assert tarif("calculer", service, "--echeance", year) == (1, "", said)


def test_a_simulated_offer_says_so_to_programs(service):
    run = tarif("calculer", service, "--exercice", "2024", "--offres", "--json")
    assert [result["totals"]["flags"]["simulated"] for result in run.json.values()] == [True, True]


def test_options_that_do_not_go_together_are_refused(service):
    run = tarif("calculer", service, "--echeance", "2025", "--offres")
    said = "communis tarif calculer : --offres ne va pas avec --echeance (voir « communis tarif calculer --help »).\n"
    assert run == (64, "", said)


# ---------------------------------------------------------------- what an amount rests on

TOWNHALL = "Aubépine;habitants;900;municipale;01/01/2024;"
SUPPOSED = ["--lecture", "AMB-01=municipale"]


def test_a_supposed_reading_is_said_of_every_amount_and_total_that_reads_it(tmp_path):
    rows = {**with_rows("faits", TOWNHALL), **with_rows("choix", "Aubépine;audit;01/01/2024;")}
    folder = written(tmp_path, **rows)
    run = tarif("calculer", folder, "--exercice", "2024", "--membre", "Aubépine", *SUPPOSED)
    assert (run.status, [" ".join(line.split()) for line in run.lines[2:]]) == (
        0,
        [
            "Aubépine Contribution annuelle 5 1 850,00 € (hypothèse de simulation) 01/01/2025 au 31/03/2025",
            "Aubépine Audit préalable 5 250,00 €",
            "Aubépine Écrêtement 5 sans objet",
            "Aubépine Total 2 100,00 € (hypothèse de simulation)",
        ],
    )
    due = tarif("calculer", folder, "--echeance", "2025", "--membre", "Aubépine", *SUPPOSED, "--json").json
    assert [(line["line"], line["flags"]["simulated"]) for line in due] == [("contribution", True), ("prix_audit", False)]


def test_the_reading_that_the_convention_retains_is_no_hypothesis(service):
    plain = tarif("calculer", service, "--exercice", "2024")
    assert tarif("calculer", service, "--exercice", "2024", "--lecture", "AMB-01=totale") == plain


def test_a_supposed_reading_is_counted_in_what_each_offer_would_cost(tmp_path):
    folder = written(tmp_path, **with_rows("faits", TOWNHALL))
    run = tarif("calculer", folder, "--exercice", "2024", "--offres", "--membre", "Aubépine", *SUPPOSED, "--csv")
    assert run.lines == ["membre;socle;audit", "Aubépine;1 850,00 € (hypothèse de simulation);250,00 €"]


@pytest.mark.parametrize(
    ("reading", "sentence"),
    [
        ("AMB-1=totale", "« AMB-1 » n’est pas une interprétation de la convention. La plus proche : AMB-01."),
        ("AMB-01=municipal", "« municipal » n’est pas une lecture de AMB-01. La plus proche : municipale."),
        ("AMB-01", "« AMB-01 » ne se lit pas. Par exemple : --lecture AMB-06=au_quota"),
    ],
)
def test_a_reading_that_the_convention_does_not_have_is_told_with_the_nearest(service, reading, sentence):
    said = (1, "", f"communis tarif : {sentence}\n")
    assert tarif("calculer", service, "--exercice", "2024", "--lecture", reading) == said
    assert tarif("expliquer", service, "Aubépine", "--exercice", "2024", "--lecture", reading) == said


def test_a_made_up_fact_that_only_decides_whether_a_line_is_due_is_told(tmp_path):
    text = TEXT.replace("    = 250 €\n", "    si habitants ≥ 10 hab\n    = 250 €\n")
    folder = written(tmp_path, text, **with_rows("choix", "Capucine;audit;01/01/2025;"))
    (folder / "fictif").mkdir()
    made_up = "membre;fait;valeur;nature;date\nCapucine;habitants;410;totale;01/01/2025\n"
    (folder / "fictif" / "faits.csv").write_text(made_up, "utf-8")
    run = tarif("calculer", folder, "--exercice", "2025", "--membre", "Capucine", "--avec-donnees-fictives", "--csv")
    assert run.lines[2] == "Capucine;Audit préalable;5;250,00 € (donnée fictive de démonstration);"


PAID = """
ligne frais "Frais"                                                     article 5
    pour socle, chaque exercice, en fonctionnement
    payée par le membre de rattachement
    = 10 €
"""


def test_a_line_that_another_pays_is_told_of_both_and_counted_once(tmp_path):
    members = ("membre;rattachement;rôle", "Communauté d’exemple;;gestionnaire", "Aubépine;;", "Capucine;Aubépine;")
    folder = written(
        tmp_path, TEXT + PAID, membres=members, choix=("membre;offre;du", "Capucine;socle;01/01/2024"),
        faits=TABLES["faits"][:2] + TABLES["faits"][4:],
    )  # fmt: skip
    run = tarif("calculer", folder, "--exercice", "2024")
    assert (run.status, [" ".join(line.split()) for line in run.lines[2:]]) == (
        0,
        [
            "Aubépine Frais, pour Capucine 5 10,00 €",
            "Aubépine Total 10,00 €",
            "Capucine Contribution annuelle 5 1 100,00 € 01/01/2025 au 31/03/2025",
            "Capucine Frais, payée par Aubépine 5 10,00 €",
            "Capucine Total 1 100,00 €",
            "Total des membres : 1 110,00 €",
        ],
    )
