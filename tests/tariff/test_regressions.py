"""Bugs met once, each with the smallest convention that showed it."""

from fractions import Fraction

import pytest

from communis.tariff import ProblemsFound, compute, explain, read_folder, read_text, tables_of, verify
from communis.tariff.explanation.text import text_of
from communis.tariff.interpreter.values import FICTITIOUS
from tariff.comparing import differences

HEADER = """convention "T"
    gestionnaire "G"
    version "1" du 01/01/2024
    exercice du 1er janvier au 31 décembre
    arrondi au centime le plus proche
    restes au plus fort puis par siren
    prorata aucun
    taxe hors taxe
article 1 "a"
offre o "O"  article 1
"""
HELD = [{"membre": "A", "offre": "o", "du": "01/01/2024"}]


def problems_of(body):
    return [(p.code, p.place.line) for p in verify(HEADER + body, "x")[1]]


def line_of(body, tables, year=2024, member="A", line="li"):
    convention = read_text(HEADER + body)
    read = tables_of(convention.model, {"membres": [{"membre": "A"}], "choix": HELD, **tables})
    result = compute(convention, read, year)
    assert result.verified
    return next(x for x in result.of(read.index(member)).lines if x.name == line), result


def test_a_scale_may_say_when_it_is_read():
    body = """fait h : hab  article 1
    population totale
barème par classe b selon h  article 1
    lu à la date de l’événement
    moins de 10 : 1 €
    à partir de 10 : 2 €
"""
    assert problems_of(body) == []


def test_a_mean_leaves_out_missing_years_when_the_text_says_so():
    body = """fait f : €  article 1
    de chaque exercice
ligne li "L"  article 1
    pour o, chaque exercice, en fonctionnement
    = moyenne de f sur les exercices 2021 à 2023 sans les manquants
exemple fictif "deux connus"  article 1
    tient o, f en 2022 = 10 €, f en 2023 = 20 €
    donne li = 15 €
"""
    assert problems_of(body) == []


def test_a_mean_refuses_a_missing_year_when_the_text_says_nothing():
    body = """fait f : €  article 1
    de chaque exercice
ligne li "L"  article 1
    pour o, chaque exercice, en fonctionnement
    = moyenne de f sur les exercices 2021 à 2023
exemple fictif "deux connus"  article 1
    tient o, f en 2022 = 10 €, f en 2023 = 20 €
    donne li refusé "fait manquant : f"
"""
    assert problems_of(body) == []


def test_a_population_is_known_whatever_its_accents():
    body = """fait h : hab  article 1
    population déclarée
ligne li "L"  article 1
    pour o, chaque exercice, en fonctionnement
    = 1 €/hab × h
"""
    facts = [{"membre": "A", "fait": "h", "valeur": "5", "nature": "déclarée", "date": "01/01/2024"}]
    assert line_of(body, {"faits": facts})[0].amount == 5


def test_the_host_is_present_the_whole_exercise_in_a_prorated_key():
    body = """fait w : €  article 1
ligne li "L"  article 1
    pour o, chaque exercice, en fonctionnement
    prorata en mois commencés
    = part de 100 € selon w entre les titulaires de o avec le gestionnaire
"""
    members = [{"membre": "G", "rôle": "gestionnaire"}, {"membre": "A"}]
    facts = [{"membre": m, "fait": "w", "valeur": "1", "date": "01/01/2024"} for m in "GA"]
    line, result = line_of(body, {"membres": members, "faits": facts})
    assert (line.amount, result.host_total()) == (50, 50)


def test_a_balance_does_not_count_the_part_of_the_host_twice():
    body = """fait w : €  article 1
ligne li "L"  article 1
    pour o, chaque exercice, en fonctionnement
    le reste de 120 € à la charge du gestionnaire
    = part de 100 € selon w entre les titulaires de o avec le gestionnaire
"""
    members = [{"membre": "G", "rôle": "gestionnaire"}, {"membre": "A"}]
    facts = [{"membre": m, "fait": "w", "valeur": "1", "date": "01/01/2024"} for m in "GA"]
    _, result = line_of(body, {"membres": members, "faits": facts})
    assert result.to_json()["totals"]["cost"] == "120.00"


def test_a_made_up_choice_marks_what_it_makes_due():
    body = """ligne li "L"  article 1
    pour o, chaque exercice, en fonctionnement
    = 5 €
"""
    line, _ = line_of(body, {"choix": [{**HELD[0], "fictif": "oui"}]})
    assert (line.amount, line.flags) == (5, 1)


def test_a_regularisation_not_practised_asks_for_nothing():
    body = """interprétation AMB-1 "?"  article 1
    retenu jamais
    possible dans_les_deux_sens
fait c : €  article 1
    du service
fait k : hab  article 1
    population totale
ligne p "P"  article 1
    pour o, chaque exercice, en fonctionnement
    = 5 €
ligne li "L"  article 1
    pour o, chaque exercice, en fonctionnement
    régularise p selon AMB-1
    = part de c selon k entre les titulaires de o
"""
    line, _ = line_of(body, {})
    assert (line.outcome, line.why) == ("not_applicable", "régularisation non activée")


def test_an_event_before_the_version_has_no_tariff():
    body = """offre q "Q"  article 1
    remis_le : date
ligne li "L"  article 1
    pour q, une fois à la date de q.remis_le, en fonctionnement
    = 5 €
"""
    choices = [{"membre": "A", "offre": "q", "du": "01/01/2020", "remis_le": "15/06/2020"}]
    line, _ = line_of(body, {"choix": choices}, year=2020)
    assert [str(reason) for reason in line.reasons] == [
        "aucun tarif : la version 1 prend effet le 01/01/2024, après cet événement"
    ]


def test_an_example_may_expect_a_refusal_by_its_name():
    body = """fait f : oui ou non  article 1
refus rr "R"  article 1
    pour o
    si f
    à décider "x"
exemple fictif "e"  article 1
    f = oui, tient o
    donne rr à décider
"""
    assert problems_of(body) == []


def test_a_case_on_the_offer_is_explained():
    body = """offre g "G"  article 1
offre x "X" dans g  article 1
ligne li "L"  article 1
    pour chaque offre dans g, chaque exercice, en fonctionnement
    = selon le cas
        si offre = x : 1 €
        sinon        : 2 €
"""
    line, result = line_of(body, {"choix": [{"membre": "A", "offre": "x", "du": "01/01/2024"}]})
    assert explain(result.ledger, line).result == "1,00\u00a0€"


def test_a_set_that_depends_on_a_row_is_computed_one_by_one():
    body = """registre a "A"  article 1
    du service
    le : date, fait foi
    m : €
    q : hab, par membre
ligne li "L"  article 1
    pour chaque a, en fonctionnement
    = part de a.m selon a.q entre les membres tels que (a.q > 0 hab)
"""
    convention = read_text(HEADER + body)
    rows = [{"id": "1", "le": "01/02/2024", "m": "10"}, {"id": "2", "le": "01/03/2024", "m": "10"}]
    parts = [{"id": "1", "membre": "A", "q": "1"}, {"id": "2", "membre": "B", "q": "1"}]
    tables = tables_of(
        convention.model, {"membres": [{"membre": "A"}, {"membre": "B"}], "registre.a": rows, "registre.a.membres": parts}
    )
    result = compute(convention, tables, 2024)
    assert [result.total(s) for s in result.statements] == [Fraction(10), Fraction(10)]


TAXED = """ligne li "L"  article 1
    pour o, chaque exercice, en fonctionnement
    payée par le membre de rattachement
    taxe de 20 % sur chaque ligne
    = 10,03 €
"""


def test_a_tax_on_each_line_is_rounded_line_by_line():
    line, result = line_of(TAXED.replace("    payée par le membre de rattachement\n", ""), {})
    assert line.amount == Fraction("10.03")
    assert result.to_json()["members"][0]["total"] == {"before_tax": "10.03", "tax": "2.01", "due": "12.04"}


def test_who_pays_a_line_pays_its_tax():
    members = {"membres": [{"membre": "A", "rattachement": "B"}, {"membre": "B"}]}
    _line, result = line_of(TAXED, members)
    totals = {member["name"]: member["total"] for member in result.to_json()["members"]}
    assert totals["A"] == {"before_tax": "0.00", "tax": "0.00", "due": "0.00"}
    assert totals["B"] == {"before_tax": "10.03", "tax": "2.01", "due": "12.04"}


TOLD_ONCE = """\
Contribution : 125,00 €
  article 2, Prix : « par habitant et par an »
  = part fixe + part variable + 1,00 €/hab × h − 0,50 €/hab × h
  = 100,00 € + 20,00 € + 1,00 €/hab × 10 hab − 0,50 €/hab × 10 hab
  Quantité : 10 hab.
  Service du 01/01/2024 au 31/12/2024.
    part fixe : 100,00 €
      article 2
      Classe retenue : « moins de 50 ».
        h (habitants) : 10 hab
          article 1, a : texte non fourni
          population totale, valeur du 01/01/2024.
    part variable : 20,00 €
      article 2
      = 2,00 €/hab × h
      = 2,00 €/hab × 10 hab
        h (habitants) : 10 hab, voir plus haut
    h (habitants) : 10 hab, voir plus haut"""


def test_an_explanation_says_a_fact_and_the_words_of_an_article_once_at_any_depth():
    body = """article 2 "Prix"
    « par habitant et par an »
fait h : hab "habitants"  article 1
    population totale
barème par classe part_fixe selon h  article 2
    moins de 50    : 100 €
    à partir de 50 : 200 €
grandeur part_variable : €  article 2
    = 2 €/hab × h
ligne li "Contribution"  article 2
    pour o, chaque exercice, en fonctionnement
    = part_fixe + part_variable + 1 €/hab × h - 0,50 €/hab × h
"""
    facts = [{"membre": "A", "fait": "h", "date": "01/01/2024", "valeur": "10", "unité": "hab", "nature": "totale"}]
    line, result = line_of(body, {"faits": facts})
    told = text_of(explain(result.ledger, line)).replace("\N{NO-BREAK SPACE}", " ")
    assert told == TOLD_ONCE


WEIGHED = """fait h : hab "habitants"  article 1
    population totale
barème par classe poids : nombre selon h  article 1
    jusqu’à 9 000 : 1
    de 9 001 à 20 000 : 2
    à partir de 20 001 : à décider
fait coût : €  article 1
    du service, de chaque exercice
ligne li "L"  article 1
    pour o, chaque exercice, en fonctionnement
    = part de coût selon poids entre les titulaires de o
"""


def shared_by_scale(of_a, of_b):
    facts = [
        {"membre": name, "fait": "h", "valeur": value, "date": "01/01/2024", "nature": "totale"}
        for name, value in (("A", of_a), ("B", of_b), ("C", "5"))
    ]
    facts.append({"fait": "coût", "valeur": "100", "date": "01/01/2024"})
    held = [{"membre": name, "offre": "o", "du": "01/01/2024"} for name in "ABC"]
    line, result = line_of(WEIGHED, {"membres": [{"membre": name} for name in "ABC"], "choix": held, "faits": facts})
    return result, line, explain(result.ledger, line, for_member=result.tables.index("A"))


def test_a_figure_outside_the_classes_is_told_to_the_member_whose_it_is_and_to_no_other():
    result, line, told = shared_by_scale("9 000,5", "9 000,75")
    assert told.reasons == ["hors barème : poids, 9\u00a0000,5\u00a0hab", "hors barème chez 1 autre membre"]
    assert "000,75" not in text_of(told)
    assert explain(result.ledger, line).reasons == [
        "hors barème : poids, 9\u00a0000,5\u00a0hab — A",
        "hors barème : poids, 9\u00a0000,75\u00a0hab — B",
    ]


def test_a_class_to_decide_is_told_to_the_member_whose_it_is_and_counted_for_the_others():
    _, _, told = shared_by_scale("9 001", "20 001")
    assert told.reasons == ["à décider chez 1 autre membre"]


AUDITED = """offre audit "Audit"  article 1
    rapport_remis_le : date "remise du rapport"
ligne prix_audit "Audit"  article 1
    pour audit, une fois à la date de audit.rapport_remis_le, en fonctionnement
    = 990 €
ligne li "L"  article 1
    pour o, chaque exercice, en fonctionnement
    = 2 000 €
crédit déduction "Audit déduit"  article 1
    de prix_audit, sur li
    si o.décidée_le au plus tard 6 mois après audit.rapport_remis_le
    une seule fois, jamais au-dessous de 0 €, reste perdu
"""


def test_a_credit_with_nothing_to_deduct_asks_nothing_of_its_conditions():
    credit, result = line_of(AUDITED, {}, line="déduction")
    assert (credit.outcome, credit.why, credit.reasons) == ("not_applicable", "rien à déduire", ())
    assert result.total(result.of(0)) == 2_000


def test_a_credit_with_something_to_deduct_is_refused_when_a_date_of_its_condition_is_missing():
    choices = [*HELD, {"membre": "A", "offre": "audit", "du": "01/01/2024", "rapport_remis_le": "15/03/2024"}]
    credit, _ = line_of(AUDITED, {"choix": choices}, line="déduction")
    assert (credit.outcome, [str(reason) for reason in credit.reasons]) == (
        "refused",
        ["fait manquant : date de la décision (o)"],
    )


def test_a_credit_used_once_asks_no_more_of_its_conditions():
    issued = [
        {"membre": "A", "exercice": "2023", "ligne": "prix_audit", "montant": "990"},
        {"membre": "A", "exercice": "2023", "ligne": "déduction", "montant": "-500"},
    ]
    credit, _ = line_of(AUDITED, {"émis": issued}, line="déduction")
    assert (credit.outcome, credit.why) == ("not_applicable", "crédit déjà utilisé")


REFUSED_MISSIONS = """fait dsi : oui ou non  article 1
    à défaut non
registre mission "Mission"  article 1
    du membre
    faite_le : date, fait foi
registre achat "Achat"  article 1
    du service
    fait_le : date, fait foi
ligne li "L"  article 1
    pour o, chaque exercice, en fonctionnement
    = 1 200 €
ligne missions "Missions"  article 1
    pour o, pour chaque mission, en fonctionnement
    = 50 €
ligne achats "Achats"  article 1
    pour o, pour chaque achat, en fonctionnement
    = part de 90 € à parts égales entre les membres
refus r "Refus"  article 1
    pour o
    si dsi
    à décider "examen"
"""
HAS_ITS_OWN = [{"membre": "A", "fait": "dsi", "valeur": "oui", "date": "01/01/2024"}]


def refused_missions(**tables):
    found = [line_of(REFUSED_MISSIONS, {"faits": HAS_ITS_OWN, **tables}, line=name)[0] for name in ("li", "missions", "achats")]
    return [(line.outcome, line.why) for line in found]


def test_a_refusal_has_nothing_to_refuse_in_a_register_without_rows():
    assert refused_missions() == [
        ("refused", ""),
        ("not_applicable", "aucune ligne dans le registre"),
        ("not_applicable", "aucune ligne dans le registre"),
    ]


def test_a_refusal_refuses_the_rows_that_are_there():
    rows = {
        "registre.mission": [{"membre": "A", "id": "1", "faite_le": "02/02/2024"}],
        "registre.achat": [{"id": "1", "fait_le": "02/02/2024"}],
    }
    assert refused_missions(**rows) == [("refused", ""), ("refused", ""), ("refused", "")]


def test_rows_of_another_exercise_or_of_another_member_leave_nothing_to_refuse():
    others = [
        {"membre": "A", "id": "1", "faite_le": "02/02/2023"},
        {"membre": "B", "id": "2", "faite_le": "02/02/2024"},
    ]
    two = [{"membre": "A"}, {"membre": "B"}]
    assert refused_missions(membres=two, **{"registre.mission": others})[1] == ("not_applicable", "aucune ligne dans le registre")


def test_a_scale_or_a_period_of_one_without_a_class_is_told():
    body = """fait h : nombre  article 1
fait k : nombre  article 1
barème par classe grille : € selon h et k  article 1
    | h | = 1 | à partir de 2 |
barème par classe daté : € selon h  article 1
    depuis le 01/01/2023
    moins de 3 : 1 €
    à partir de 3 : 2 €
    depuis le 01/01/2024
"""
    assert problems_of(body) == [("FOR-04", 13), ("FOR-04", 15)]


def test_a_cell_of_a_grid_is_a_class_at_its_head_and_a_price_below():
    def told(head, first, cell):
        body = f"""fait h : nombre  article 1
fait k : nombre  article 1
barème par classe grille : € selon h et k  article 1
    | h | {head} |
    | {first} | {cell} |
"""
        return [problem for problem in problems_of(body) if problem[0] == "GRI-02"]

    for wrong in ("gratuit", "-3 €", "à décider", 'à décider "x"', "sans objet", "à fournir", "01/01/2024", "refusé"):
        assert told(wrong, "moins de 3", "4 €") == [("GRI-02", 14)]
        assert told("moins de 3", wrong, "4 €") == [("GRI-02", 15)]
    for wrong in ("moins de 4", "autres", "oui", "01/01/2024", "refusé"):
        assert told("moins de 3", "moins de 3", wrong) == [("GRI-02", 15)]


def test_an_example_that_holds_an_offer_on_no_day_of_the_calendar_is_told():
    body = """ligne li "L"  article 1
    pour o, chaque exercice, en fonctionnement
    = 3 €
exemple "février"  article 1
    tient o depuis le 31/02/2024
    donne li = 3 €
"""
    assert problems_of(body) == [("EXE-02", 15)]


def test_the_host_bears_once_the_cents_of_a_line_whose_rest_it_keeps():
    body = """ligne li "L"  article 1
    pour o, chaque exercice, en fonctionnement
    = part de 100 € à parts égales entre les titulaires de o
    le reste de 101 € à la charge du gestionnaire
"""
    text = (HEADER + body).replace("restes au plus fort puis par siren", "restes au gestionnaire")
    convention = read_text(text)
    names = ["A", "B", "C"]
    members = [{"membre": "G", "rôle": "gestionnaire"}, *({"membre": name} for name in names)]
    held = [{"membre": name, "offre": "o", "du": "01/01/2024"} for name in names]
    result = compute(convention, tables_of(convention.model, {"membres": members, "choix": held}), 2024)
    assert [x.amount for x in result.host_lines] == [Fraction("1.01")]
    assert [result.total(s) for s in result.statements] == [Fraction("33.33")] * 3


def test_a_net_amount_rests_on_what_its_limit_rests_on():
    body = """fait passé : €  article 1
    de chaque exercice
ligne base "B"  article 1
    pour o, chaque exercice, en fonctionnement
    = 100 €
plafond limite "P"  article 1
    porte sur base, par membre
    au plus passé de l’exercice précédent
    excédent supporté par le gestionnaire
ligne li "L"  article 1
    pour o, chaque exercice, en fonctionnement
    = base.nette
"""
    facts = [{"membre": "A", "fait": "passé", "valeur": "30", "date": "01/01/2023", "fictif": "oui"}]
    line, result = line_of(body, {"faits": facts})
    assert (line.amount, line.flags) == (30, FICTITIOUS)
    assert differences(result.model, result.tables, 2024) == []


def test_the_section_of_a_line_due_once_is_read_at_the_date_of_its_event():
    body = """offre a "A"  article 1
    étape_a : date "étape"
fait budget : section  article 1
    lu à la date de l’événement
ligne li "L"  article 1
    pour a, une fois à la date de a.étape_a
    dans la section de budget
    = 4 €
"""
    choices = [{"membre": "A", "offre": "a", "du": "01/01/2024", "étape_a": "30/12/2024"}]
    facts = [{"membre": "A", "fait": "budget", "valeur": "investissement", "date": "30/05/2024"}]
    line, result = line_of(body, {"choix": choices, "faits": facts})
    assert line.sections == {"investissement": 4}
    assert differences(result.model, result.tables, 2024) == []


ISSUED = """ligne li  article 1
    pour o, chaque exercice, en fonctionnement
    = li de l’exercice précédent
"""


def test_instalments_of_one_amount_are_added_up_and_the_same_one_given_twice_is_refused():
    row = {"membre": "A", "exercice": 2023, "ligne": "li", "montant": 50, "source": "titre 1"}
    for other in ({"source": "titre 2"}, {"montant": "50,01"}, {"section": "investissement"}):
        line, _ = line_of(ISSUED, {"émis": [row, {**row, **other}]})
        assert line.amount in (100, Fraction("100.01"))
    with pytest.raises(ProblemsFound) as refused:
        line_of(ISSUED, {"émis": [row, {**row, "montant": "50,00"}]})
    (problem,) = refused.value.problems
    assert (problem.code, problem.file, problem.place.line, problem.place.column) == ("TAB-22", "émis", 2, 4)
    assert problem.message == ("Colonne « montant » : ce montant de « li » de A est déjà émis pour cet exercice (émis, ligne 1).")


def test_an_amount_issued_given_in_two_files_of_one_name_is_refused_at_the_second(tmp_path):
    convention = read_text(HEADER + ISSUED)
    (tmp_path / "fictif").mkdir()
    (tmp_path / "membres.csv").write_text("membre\nA\n", "utf-8")
    for folder in (tmp_path, tmp_path / "fictif"):
        (folder / "emis.csv").write_text("membre;exercice;ligne;montant\nA;2023;li;50\n", "utf-8")
    assert len(read_folder(tmp_path, convention.model).issued) == 1
    with pytest.raises(ProblemsFound) as refused:
        read_folder(tmp_path, convention.model, fictitious=True)
    assert [(p.code, p.place.line) for p in refused.value.problems] == [("TAB-22", 2)]


def test_a_line_for_an_offer_named_like_a_word_of_the_language_is_told_and_does_not_break():
    text = "ligne li  article 1\n    pour et, chaque exercice, en fonctionnement\n    = 1 €\n"
    with pytest.raises(ProblemsFound) as refused:
        read_text(HEADER + text)
    (problem,) = refused.value.problems
    assert (problem.message, problem.remedy) == ("« et » n’est pas une offre.", "Déclarez-la.")
