"""REDON Agglomération’s acceptance figures asked of the command, over tables written as files."""

import pytest

from communis.tariff.convention import shipped
from factories.command import faults_of, tarif
from factories.rendered import cells
from factories.service import edited, written

TEXT = (shipped("redon") / "convention.tarif").read_text("utf-8")
FACTS = "membre;fait;valeur;nature;date"
CHOICES = "membre;offre;du;décidée_le;rapport_remis_le"
VARIABLE_PART = '    1,50 €/hab depuis le 01/09/2022 par "convention, version 2"\n'
DECISIONS = "membre;exercice;ligne;montant;motif;autorité;acte"


def towns(folder, sizes, *choices, text=TEXT, **tables):
    """Write the convention and towns of so many inhabitants, with what they hold since 2024 (`NAME;offer…` for one alone)."""
    named = {f"V{size}": size for size in sizes}
    held = [c if ";" in c else f"{name};{c};01/01/2024;;" for c in choices for name in (named if ";" not in c else [""])]
    return written(
        folder,
        text,
        membres=("membre", *named),
        choix=(CHOICES, *held),
        faits=(FACTS, *(f"{n};habitants;{size};totale;01/01/{year}" for n, size in named.items() for year in (2024, 2025, 2026))),
        **tables,
    )


def owed(run, line):
    """Return what a line gives each member: an amount, or the reason of its refusal."""
    assert faults_of(run.json, "result-1") == []
    found = {}
    for member in run.json["members"]:
        given = next(x for x in member["lines"] if x["line"] == line)
        found[member["name"]] = given["amount"] or [reason["text"] for reason in given["reasons"]] or given["why"]
    return found


def compute(folder, year=2024):
    return tarif("calculer", folder, "--exercice", year, "--json")


# ---------------------------------------------------------------- the bands


@pytest.mark.covers("T-01", "T-02", "TAR-28")
def test_the_full_base_on_both_sides_of_each_bound(tmp_path):
    run = compute(towns(tmp_path, (1499, 1500, 2355, 2999, 3000, 8000), "socle_complet"))
    assert run.status == 0
    assert owed(run, "contribution") == {
        "V1499": "3748.50", "V1500": "4250.00", "V2355": "5532.50", "V2999": "6498.50", "V3000": "7000.00", "V8000": "14500.00",
    }  # fmt: skip


@pytest.mark.covers("T-04", "TAR-29")
def test_group_purchasing_on_both_sides_of_each_bound(tmp_path):
    run = compute(towns(tmp_path, (1000, 1499, 1500, 2355, 3000, 8000, 8001), "groupements"))
    assert run.status == 0
    assert owed(run, "contribution_groupements") == {
        "V1000": "1000.00", "V1499": "1124.75", "V1500": "1625.00", "V2355": "1838.75", "V3000": "2750.00", "V8000": "4000.00",
        "V8001": "5500.25",
    }  # fmt: skip


@pytest.mark.covers("T-06", "TAR-30")
def test_the_audit_on_both_sides_of_each_bound(tmp_path):
    sizes = (1499, 1500, 3000, 8000, 8001)
    audits = [f"V{size};audit;01/01/2024;;15/03/2024" for size in sizes]
    run = compute(towns(tmp_path, sizes, *audits))
    assert run.status == 2
    assert owed(run, "prix_audit") == {
        "V1499": "990.00", "V1500": "3500.00", "V3000": "7000.00", "V8000": "7000.00",
        "V8001": ["à décider : hors barème : examen approfondi"],
    }  # fmt: skip


@pytest.mark.covers("T-05", "T-07", "TAR-03")
def test_the_town_of_redon_without_its_population_has_no_amount_and_says_what_is_missing(tmp_path):
    folder = towns(tmp_path, (10_000,), "groupements")
    assert owed(compute(folder), "contribution_groupements") == {"V10000": "6000.00"}
    (folder / "faits.csv").unlink()
    run = compute(folder)
    assert (run.status, owed(run, "contribution_groupements")) == (
        2, {"V10000": ["fait manquant : population totale 2024 (habitants)"]},
    )  # fmt: skip
    (member,) = run.json["members"]
    assert (member["blocked"], member["total"], run.json["totals"]["members"]) == (True, None, "0.00")
    shown = tarif("calculer", folder, "--exercice", "2024")
    assert shown.lines[-2:] == [
        "Bloqués : 1 membre dont l’état ne peut pas être émis.",
        "  fait manquant : population totale 2024 (habitants) — V10000",
    ]


# ---------------------------------------------------------------- audit, credit


def audited(habitants, decided="15/09/2024"):
    name = f"V{habitants}"
    return (f"{name};audit;01/02/2024;;15/03/2024", f"{name};socle_complet;01/10/2024;{decided};")


def totals(folder):
    """Return what the member owes in all, in 2024 and in 2025."""
    return [compute(folder, year).json["members"][0]["total"]["due"] for year in (2024, 2025)]


@pytest.mark.covers("T-09", "T-10", "T-11", "TAR-31")
@pytest.mark.parametrize(
    ("habitants", "decided", "due"),
    [
        (2355, "15/09/2024", ["5532.50", "5532.50"]),  # 3 500 + 5 532,50 - 3 500, then 5 532,50
        (2355, "16/09/2024", ["9032.50", "5532.50"]),
        (3000, "15/09/2024", ["7000.00", "7000.00"]),
    ],
)
def test_the_audit_is_deducted_within_six_months(tmp_path, habitants, decided, due):
    assert totals(towns(tmp_path, (habitants,), *audited(habitants, decided))) == due


@pytest.mark.covers("T-11", "TAR-11")
def test_a_credit_larger_than_what_it_reduces_leaves_nothing_due_and_never_less(tmp_path):
    cheaper = edited(VARIABLE_PART, VARIABLE_PART.replace("1,50", "1,00"), TEXT)
    folder = towns(tmp_path, (3000,), *audited(3000), text=cheaper)
    run = compute(folder)
    found = [owed(run, line)["V3000"] for line in ("prix_audit", "contribution", "déduction_audit")]
    assert found == ["7000.00", "5500.00", "-5500.00"]
    assert totals(folder) == ["7000.00", "5500.00"]


@pytest.mark.covers("T-12", "TAR-33")
def test_both_levels_of_the_annex_the_first_year_then_group_purchasing_alone(tmp_path):
    assert totals(towns(tmp_path, (2355,), "V2355;annexe_complète;01/01/2024;;15/03/2024")) == ["5338.75", "1838.75"]


# ---------------------------------------------------------------- above 8 000: the engine’s side of T-03


@pytest.mark.covers("TAR-04", "TAR-17")
def test_above_eight_thousand_there_is_no_amount_until_a_decision_with_its_act(tmp_path):
    decided = "V8001;2024;contribution;16200;examen des moyens;conseil communautaire;délibération 2024-12"
    folder = towns(tmp_path / "service", (8000, 8001), "socle_complet")
    run = tarif("calculer", folder, "--exercice", "2024", "--json", "--xlsx", tmp_path / "états.xlsx")
    assert (run.status, owed(run, "contribution")) == (
        2, {"V8000": "14500.00", "V8001": ["à décider : hors barème : examen approfondi"]},
    )  # fmt: skip
    assert [row[3] for row in cells(tmp_path / "états.xlsx", "Totaux")[1:3]] == ["à émettre", "ne peut pas être émis"]

    (folder / "décisions.csv").write_text(f"{DECISIONS}\n{decided.rpartition(';')[0]};\n", "utf-8")
    without_act = compute(folder)
    assert (without_act.status, without_act.err.splitlines()[0]) == (
        1,
        "décisions.csv:2:7: TAB-23 Colonne « acte » : une décision ne vaut qu’avec son motif, son auteur et son acte. → "
        "Complétez la case.",
    )

    (folder / "décisions.csv").write_text(f"{DECISIONS}\n{decided}\n", "utf-8")
    run = compute(folder)
    assert (run.status, owed(run, "contribution")) == (0, {"V8000": "14500.00", "V8001": "16200.00"})
    told = tarif("expliquer", folder, "V8001", "contribution", "--exercice", "2024")
    assert [line for line in told.lines if line.startswith(("  Montant décidé", "  Le tarif"))] == [
        "  Montant décidé : examen des moyens, par conseil communautaire, délibération 2024-12.",
        "  Le tarif ne donne pas de prix : à décider : hors barème : examen approfondi",
    ]


# ---------------------------------------------------------------- mandate: the engine’s side of T-18

SHARES = ("id;membre;quantité", "1;V1000;5", "1;V2000;3", "1;V3000;2")


@pytest.mark.covers("TAR-40")
def test_a_paid_invoice_is_rebilled_to_the_cent_without_a_fee_and_an_unpaid_one_is_not(tmp_path):
    paid = {"registre.achat": ("id;acquittée_le;montant;imputation", "1;28/06/2024;1200;investissement")}
    run = compute(towns(tmp_path / "paid", (1000, 2000, 3000), **paid, **{"registre.achat.membres": SHARES}))
    assert (run.status, owed(run, "remboursement_achat")) == (0, {"V1000": "600.00", "V2000": "360.00", "V3000": "240.00"})
    assert (run.json["totals"]["members"], run.json["host"]["total"]) == ("1200.00", "0.00")

    unpaid = {"registre.achat": ("id;acquittée_le;montant;imputation", "1;;1200;investissement")}
    run = compute(towns(tmp_path / "unpaid", (1000, 2000, 3000), **unpaid, **{"registre.achat.membres": SHARES}))
    assert (run.status, run.out) == (1, "")
    assert run.err.splitlines()[0] == (
        "registre.achat.csv:2:2: TAB-10 Colonne « acquittée_le » : la date manque. → Écrivez jj/mm/aaaa."
    )  # fmt: skip


# ---------------------------------------------------------------- publication


@pytest.mark.covers("T-41", "TAR-21")
def test_a_variable_part_of_one_euro_sixty_is_refused_and_the_examples_of_the_text_are_named(tmp_path):
    path = tmp_path / "redon.tarif"
    path.write_text(edited(VARIABLE_PART, VARIABLE_PART.replace("1,50", "1,60"), TEXT), "utf-8")
    run = tarif("verifier", path)
    assert (run.status, run.lines[-1]) == (1, f"{path} : 33 erreurs, publication refusée.")
    said = [line for line in run.lines if line.startswith("« ") and "l’article" in line]
    assert said == [
        "« commune de 2 355 habitants » : l’article 7.1 attend 5 532,50 €, la règle donne 5 768,00 €.",
        "« audit d’abord, socle complet la même année » : l’article 7.2.1 attend 2 032,50 €, la règle donne 2 268,00 €.",
        "« audit d’abord, socle complet la même année » : l’article 7.2.1 attend 5 532,50 €, la règle donne 5 768,00 €.",
    ]
    assert tarif("verifier", "redon") == (0, "redon : publiable.\n", "")


@pytest.mark.covers("TAR-21")
def test_an_example_of_the_text_changed_by_a_cent_is_refused(tmp_path):
    path = tmp_path / "redon.tarif"
    path.write_text(
        edited("    donne contribution = 5 532,50 €\n\nexemple", "    donne contribution = 5 532,51 €\n\nexemple", TEXT)
    )
    run = tarif("verifier", path)
    assert (run.status, run.lines[3], run.lines[-1]) == (
        1,
        "« commune de 2 355 habitants » : l’article 7.1 attend 5 532,51 €, la règle donne 5 532,50 €.",
        f"{path} : 1 erreur, publication refusée.",
    )


SCALES = {
    "quota_de_jours": ("4,5 jours", "7.1"), "part_fixe": ("2 000 €", "7.1"), "tarif_audit": ("3 500 €", "7.2.1"),
    "part_fixe_groupements": ("1 250 €", "7.2.2"),
}  # fmt: skip


@pytest.mark.covers("T-08", "TAR-04")
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ("", "BAR-02 Aucune classe du barème {0} ne dit la valeur de 1 500 hab à moins de 3 000 hab."),
        (
            "    de 1 500 à moins de 2 999 : {1}\n",
            "BAR-02 Aucune classe du barème {0} ne dit la valeur à 2 999 hab.",
        ),
        ("    de 1 499 à moins de 3 000 : {1}\n", "BAR-01 Deux classes du barème {0} donnent chacune une valeur à 1 499 hab"),
        ("    de 1 500 à 3 000          : {1}\n", "BAR-01 Deux classes du barème {0} donnent chacune une valeur à 3 000 hab"),
    ],
    ids=["hole", "hole of one", "overlap below", "overlap of one"],
)
def test_a_scale_with_a_hole_or_an_overlap_is_refused(tmp_path, scale, changed, told):
    amount = SCALES[scale][0]
    before, after = TEXT.split(f"barème par classe {scale} selon habitants", 1)
    row = f"    de 1 500 à moins de 3 000 : {amount}\n"
    path = tmp_path / "redon.tarif"
    path.write_text(
        f"{before}barème par classe {scale} selon habitants{after.replace(row, changed.format(scale, amount), 1)}", "utf-8"
    )
    run = tarif("verifier", path)
    assert (run.status, run.lines[-1]) == (1, f"{path} : 1 erreur, publication refusée.")
    code, _, message = told.format(scale, amount).partition(" ")
    assert [line.split(" · ")[1:] for line in run.lines if " · " in line] == [[code, "erreur"]]
    assert [line for line in run.lines if line.startswith(message)] != []
    assert tarif("calculer", path, "--exercice", "2024").status == 1


# ---------------------------------------------------------------- simulation


@pytest.mark.covers("TAR-25")
@pytest.mark.parametrize(
    ("path", "due"),
    [
        (["socle_complet:01/01/2024"], ["5312.00", "5394.50"]),
        (["groupements:01/01/2024"], ["1802.00", "1815.75"]),
        (["audit:15/01/2024", "groupements:01/01/2024"], ["5302.00", "1815.75"]),
        (["audit:15/01/2024", "socle_complet:15/07/2024"], ["5312.00", "5394.50"]),  # within six months: deducted
        (["audit:15/01/2024", "socle_complet:16/07/2024"], ["8812.00", "5394.50"]),
        (["audit:15/09/2024", "socle_complet:01/01/2025"], ["3500.00", "1894.50"]),
    ],
)
def test_the_ways_into_the_service_are_compared_over_years_for_a_commune_that_holds_nothing(path, due):
    joined = [word for step in path for word in ("--adhere", f"Sixt-sur-Aff:{step}")]
    run = tarif("simuler", "redon", "--exercices", "2024", "2025", *joined, "--json")
    found = [{m["name"]: (m["before"], m["after"]) for m in year["members"]}["Sixt-sur-Aff"] for year in run.json["years"]]
    assert (run.status, found) == (0, [("0.00", amount) for amount in due])


@pytest.mark.covers("TAR-25")
def test_every_offer_is_computed_for_every_commune_beside_the_others():
    rows = [row.split(";") for row in tarif("calculer", "redon", "--exercice", "2025", "--offres", "--csv").lines]
    assert (len(rows), rows[0]) == (32, ["membre", "socle_complet", "audit", "groupements", "annexe_complète"])
    assert next(row for row in rows if row[0] == "Sixt-sur-Aff")[1:] == ["5 394,50 €", "3 500,00 €", "1 815,75 €", "5 315,75 €"]


def test_a_yes_or_no_may_be_supposed():
    asked = ["--adhere", "Odars:avancé_sans_dsi:01/07/2024", "--fait", "Odars:avec_dsi:2025=non"]
    assert tarif("simuler", "sicoval", "--exercices", "2025", *asked).status == 0


# ---------------------------------------------------------------- article by article


@pytest.mark.covers("TAR-27")
def test_an_article_gives_its_rules_the_lines_that_they_make_and_their_totals():
    asked = ["calculer", "redon", "--exercice", "2024", "--avec-donnees-fictives", "--article"]
    run = tarif(*asked, "7.1", "--json")
    assert (run.status, run.json["article"]) == (0, "article 7.1")
    assert [(rule["kind"], rule["name"]) for rule in run.json["rules"]] == [
        ("fait", "dispose_d_un_service_informatique"),
        ("paramètre", "part_variable"),
        ("barème", "part_fixe"),
        ("indicateur", "parts_fixes"),
        ("ligne", "contribution"),
        ("refus", "examen_des_moyens"),
        ("interprétation", "AMB-09"),
        ("interprétation", "AMB-15"),
    ]
    assert [(line["member"], line["amount"]) for line in run.json["lines"] if line["line"] == "contribution"] == [
        ("Bains-sur-Oust", "8000.50"),
        ("Pipriac", "8420.50"),
        ("Saint-Just", "3163.50"),
        ("Guémené-Penfao", "10519.00"),
        ("Allaire", "8498.50"),
        ("Peillac", "4841.00"),
        ("Saint-Jean-la-Poterie", "4251.50"),
    ]
    assert run.json["totals"] == {"contribution": "47694.50"}
    lines = tarif(*asked, "7.1").lines
    assert (lines[0], lines[-1]) == (
        "article 7.1, Coût de fonctionnement du socle complet, exercice 2024",
        "Total, Socle complet, contribution annuelle : 47 694,50 € (donnée fictive de démonstration)",
    )


@pytest.mark.covers("TAR-27")
def test_a_line_of_another_article_that_reads_a_rule_of_this_one_is_among_its_lines():
    asked = ["calculer", "redon", "--exercice", "2024", "--avec-donnees-fictives", "--json", "--article"]
    days = {line["line"] for line in tarif(*asked, "3.2").json["lines"]}  # the shared days, beyond which 7.1.1 is due
    assert days == {"niveau_1_au_delà"}
    assert {line["line"] for line in tarif(*asked, "7.1.1").json["lines"]} == {"niveau_1_au_delà"}


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--article", "7.9"], 1, "communis tarif : « 7.9 » n’est pas un article de la convention. Le plus proche : 7.1."),
        (
            ["--article", "7.1", "--membre", "Redon"],
            64,
            "communis tarif calculer : --article va seul avec --exercice : il montre les lignes de tous les membres "
            "(voir « communis tarif calculer --help »).",
        ),
    ],
)
def test_an_article_that_cannot_be_shown_is_told(arguments, status, said):
    assert tarif("calculer", "redon", "--exercice", "2024", *arguments) == (status, "", said + "\n")


def test_the_exercise_in_which_version_2_begins_has_no_tariff_and_says_so():
    said = "la version 2 prend effet le 01/09/2022, après le premier jour de l’exercice 2022"
    run = tarif("calculer", "redon", "--exercice", "2022")
    assert (run.status, run.lines) == (2, [f"Aucun tarif : {said}."])
    offers = tarif("calculer", "redon", "--exercice", "2022", "--offres")
    assert (offers.status, offers.lines[:2]) == (
        2,
        [
            "Service commun des systèmes d’information, exercice 2022 : chaque offre simulée, pas une facture",
            f"Pour tous les membres, aucun tarif : {said} : Socle complet, Groupements d’achats.",
        ],
    )
