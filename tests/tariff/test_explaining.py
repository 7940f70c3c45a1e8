"""What an explanation says of an amount beyond its formula: what it counts, weighs, prorates, draws on and rests on."""

import pytest

from communis.tariff import compute, explain, read_text, tables_of
from communis.tariff.explanation.explain import Explainer, explain_quantity
from communis.tariff.explanation.text import text_of
from communis.tariff.wording import readable
from factories.blocks import HEAD, block, computed, facts, held, line, members, small

SHARED_FACT = "unité poste\nfait postes : poste  article 1\n"


def step_of(result, name, member="A"):
    return explain(result.ledger, line(result, name, member))


def lines_of(step):
    return text_of(step).replace("\N{NO-BREAK SPACE}", " ").splitlines()


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


# ------------------------------------------------------------------ quantities and weights


def test_a_line_says_the_quantity_it_counts():
    body = SHARED_FACT + "ligne due  article 1\n    pour socle, chaque exercice, en fonctionnement\n    = 10 €/poste × postes\n"
    result = computed(small(body), choix=held("socle", "A"), faits=facts("postes", A=3))
    assert plain(step_of(result, "due").quantity) == "3 postes"
    assert lines_of(step_of(result, "due"))[:4] == [
        "due : 30,00 €",
        "  article 1, Règles : texte non fourni",
        "  = 10,00 €/poste × postes",
        "  = 10,00 €/poste × 3 postes",
    ]
    assert lines_of(step_of(result, "due"))[4] == "  Quantité : 3 postes."


def test_the_rows_of_a_line_say_their_quantities_and_the_line_their_sum():
    rows = [
        {"id": "v1", "membre": "A", "venue_le": "10/03/2024", "durée_en_jours": "0,5"},
        {"id": "v2", "membre": "A", "venue_le": "10/04/2024", "durée_en_jours": "1"},
    ]
    result = computed(block("demi_journees"), choix=held("socle", "A"), **{"registre.visite": rows})
    step = step_of(result, "visites")
    assert plain(step.quantity) == "1,5 jour"
    assert [plain(child.quantity) for child in step.children] == ["0,5 jour", "1 jour"]


SHARE = """ligne due  article 1
    pour socle, chaque exercice, en fonctionnement{clause}
    = part de 900 € selon {key} entre les titulaires de socle
"""


def shared(key="postes", clause="", extra="", since="01/01/2024"):
    body = SHARED_FACT + extra + SHARE.format(key=key, clause=clause)
    choices = [*held("socle", "A"), *held("socle", "B", since=since)]
    return computed(small(body), choix=choices, faits=facts("postes", A=1, B=2))


def test_a_share_says_the_weight_of_the_member_and_the_total():
    step = step_of(shared(), "due")
    assert {key: plain(str(value)) for key, value in step.weight.items()} == {
        "member": "1 poste", "total": "3 postes", "participants": "2",
    }  # fmt: skip
    assert "  Poids : 1 poste sur 3 postes, 2 participants." in lines_of(step)
    assert [(child.kind, child.title, plain(child.result)) for child in step.children] == [("fact", "postes", "1 poste")]


def test_a_share_by_a_key_says_its_percentages_and_each_fact_behind():
    key = "clé mixte  article 1\n    60 % selon postes\n    40 % à parts égales\n"
    step = step_of(shared(key="mixte", extra=key), "due")
    assert {name: plain(str(value)) for name, value in step.weight.items()} == {
        "member": "40 %", "total": "100 %", "participants": "2",
    }  # fmt: skip
    assert [(child.kind, child.title) for child in step.children] == [("fact", "postes")]


def test_the_explanation_for_a_member_shows_no_fact_of_the_others():
    result = shared()
    step = Explainer(result.ledger, for_member=0).line(line(result, "due"))
    assert "2 postes" not in plain(text_of(step))


def test_a_share_counted_for_a_part_of_the_exercise_says_so():
    step = step_of(shared(clause=", prorata en mois entiers", since="01/07/2024"), "due", "B")
    assert "  Poids : 1 poste sur 2 postes, 2 participants, au prorata (mois entiers)." in lines_of(step)
    assert [plain(child.result) for child in step.children] == ["2 postes"]


# ------------------------------------------------------------------ prorata


@pytest.mark.parametrize(
    ("formula", "since", "written", "substituted"),
    [
        ("1 200 €", "01/07/2024", "1 200,00 € × part de l’exercice", "1 200,00 € × 0,5"),
        ("1 200 € + 60 €", "01/07/2024", "(1 200,00 € + 60,00 €) × part de l’exercice", "(1 200,00 € + 60,00 €) × 0,5"),
        ("1 200 €", "01/08/2024", "1 200,00 € × part de l’exercice", "1 200,00 € × 5/12"),
    ],
)
def test_the_prorata_stands_in_the_formula(formula, since, written, substituted):
    body = f"ligne due  article 1\n    pour socle, chaque exercice, en fonctionnement, prorata en mois entiers\n    = {formula}\n"
    result = computed(small(body), choix=held("socle", "A", since=since))
    step = step_of(result, "due")
    assert (plain(step.formula), plain(step.values)) == (written, substituted)
    part = substituted.rpartition(" × ")[2]
    assert f"Au prorata (mois entiers) : × {part} de l’exercice." in step.notes


# ------------------------------------------------------------------ allowances


DRAWING = [
    {"id": "i1", "membre": "A", "menée_le": "10/03/2024", "durée_menée": "1,5", "urgente": "non"},
    {"id": "i2", "membre": "B", "menée_le": "12/03/2024", "durée_menée": "2", "urgente": "non"},
    {"id": "i3", "membre": "C", "menée_le": "13/03/2024", "durée_menée": "1", "urgente": "non"},
    {"id": "i4", "membre": "A", "menée_le": "20/03/2024", "durée_menée": "1", "urgente": "non"},
]


@pytest.fixture(scope="module")
def drawn():
    population = facts("habitants", nature="totale", A=800, B=900, C=1000)
    choices = held("socle", "A", "B", "C")
    return computed(block("enveloppe_de_jours"), choix=choices, faits=population, **{"registre.intervention": DRAWING})


def drawing_of(result, for_member=None):
    found = Explainer(result.ledger, for_member=for_member).line(line(result, "jours_au_delà"))
    return found.children[-1].children[0]


def test_what_is_drawn_on_an_allowance_lists_the_rows_of_its_class_with_what_each_left(drawn):
    step = drawing_of(drawn)
    assert [plain(note) for note in step.notes] == ["Jours partagés : il restait 0,5 jour ; 0,5 jour dedans, 0,5 jour au-delà."]
    quota, *rows = step.children
    assert (quota.title, plain(quota.result), quota.notes) == (
        "jours de la classe",
        "2 jours",
        ["Classe retenue : « moins de 1 000 »."],
    )
    assert [(row.title, plain(row.result), plain(row.notes[0])) for row in rows] == [
        ("Intervention d’un agent du service i1, 10/03/2024, A", "1,5 jour", "Il reste 2,5 jours."),
        ("Intervention d’un agent du service i2, 12/03/2024, B", "2 jours", "Il reste 0,5 jour."),
        ("Intervention d’un agent du service i4, 20/03/2024, A", "0,5 jour", "Il reste 0 jour ; 0,5 jour au-delà."),
    ]


def test_a_member_sees_its_own_rows_of_an_allowance_and_what_the_others_took(drawn):
    step = drawing_of(drawn, for_member=drawn.tables.index("A"))
    assert [child.title for child in step.children] == [
        "jours de la classe",
        "Intervention d’un agent du service i1, 10/03/2024",
        "Intervention d’un agent du service i4, 20/03/2024",
    ]
    assert plain(step.notes[-1]) == "1 ligne d’un autre membre y a pris 2 jours."


@pytest.mark.covers("TAR-14")
def test_an_allowance_says_what_it_holds_and_what_was_carried_over():
    rows = [
        {"id": "t1", "membre": "A", "tenu_le": "15/05/2024", "durée_de_l_atelier": "12"},
        {"id": "t2", "membre": "A", "tenu_le": "15/05/2025", "durée_de_l_atelier": "26"},
    ]
    result = computed(block("enveloppe_reportee"), 2025, choix=held("socle", "A"), **{"registre.atelier": rows})
    opening, row = Explainer(result.ledger).line(line(result, "ateliers_en_plus")).children[-1].children[0].children
    assert (opening.title, plain(opening.result), [plain(note) for note in opening.notes]) == (
        "Jours d’atelier", "25 jours", ["Dont 5 jours reportés de l’exercice précédent."],
    )  # fmt: skip
    assert (row.title, plain(row.result)) == ("Atelier chez un membre t2, 15/05/2025, A", "25 jours")


# ------------------------------------------------------------------ interpretations


READING = """interprétation {name} "{question}"  article 1
    retenu {retained} "{words}"
    possible {other} "autrement"
"""
PRORATA = READING.format(
    name="AMB-02", question="prorata ?", retained="en_mois_commencés", words="tout mois commencé est dû", other="aucun"
)
TAX = READING.format(name="AMB-03", question="taxe ?", retained="hors_champ", words="hors du champ de la TVA", other="hors_taxe")
BEARING = READING.format(name="AMB-04", question="échéance ?", retained="a", words="en début d’année", other="b")


def rests_on(body, head=HEAD):
    convention = read_text(head + PRORATA + TAX + BEARING + body)
    step = explain_only(computed(convention, choix=held("socle", "A", since="01/07/2024")))
    return [text for text in lines_of(step) if "Interprétation" in text]


def explain_only(result):
    return step_of(result, "due")


DUE = "ligne due  article 1\n    pour socle, chaque exercice, en fonctionnement{clauses}\n    = 1 200 €\n"
BY_MONTH = "  Interprétation retenue AMB-02 : tout mois commencé est dû"
UNTAXED = "  Interprétation retenue AMB-03 : hors du champ de la TVA"
AT_THE_START = "  Interprétation retenue AMB-04 : en début d’année"


def test_the_interpretations_that_the_clauses_of_a_line_follow_are_told():
    assert rests_on(DUE.format(clauses=", prorata selon AMB-02, taxe selon AMB-03")) == [BY_MONTH, UNTAXED]


def test_an_interpretation_at_the_right_of_a_clause_is_told():
    assert rests_on(DUE.format(clauses="\n    facturée en début de N+1  [AMB-04]")) == [AT_THE_START]


def test_a_line_rests_on_the_clauses_of_the_convention_that_it_does_not_replace():
    head = HEAD.replace("    taxe hors taxe\n", "    prorata selon AMB-02\n    taxe selon AMB-03\n")
    assert rests_on(DUE.format(clauses=""), head) == [BY_MONTH, UNTAXED]
    assert rests_on(DUE.format(clauses=", prorata aucun, taxe hors taxe"), head) == []


def test_an_interpretation_left_to_settle_is_told_as_such():
    head = HEAD.replace("    taxe hors taxe\n", "    taxe selon AMB-03\n")
    open_tax = 'interprétation AMB-03 "taxe ?"  article 1\n    à trancher "avis demandé"\n    possible hors_taxe\n'
    result = computed(read_text(head + open_tax + DUE.format(clauses="")), choix=held("socle", "A"))
    assert lines_of(step_of(result, "due"))[-1] == "  À trancher AMB-03 : taxe ?"


DECIDED = (
    DUE
    + """fait grande : oui ou non  article 1
    lu au 1er janvier de N
"""
)


@pytest.mark.covers("TAR-64")
@pytest.mark.parametrize(
    ("clause", "large", "told"),
    [
        ("si AMB-04 = a", "oui", [AT_THE_START]),
        ("si AMB-04 = a ou grande", "non", [AT_THE_START]),
        ("si AMB-04 = a ou grande", "oui", []),  # due whatever the reading
        ("exonérée si grande et AMB-04 = b", "oui", [AT_THE_START]),
        ("exonérée si grande et AMB-04 = b", "non", []),  # not exempt whatever the reading
        ("facturée en début de N+1 si AMB-04 = a\n    facturée en début de N sinon", "oui", [AT_THE_START]),
        ("payé par le gestionnaire si AMB-04 = b", "oui", [AT_THE_START]),
    ],
)
def test_a_reading_is_told_where_another_one_would_change_the_line(clause, large, told):
    convention = read_text(HEAD + BEARING + DECIDED.format(clauses=f"\n    {clause}"))
    people = [*members("A"), {"membre": "G", "rôle": "gestionnaire"}]
    result = computed(convention, membres=people, choix=held("socle", "A"), faits=facts("grande", A=large))
    assert [text for text in lines_of(step_of(result, "due")) if "Interprétation" in text] == told


@pytest.mark.covers("TAR-64")
def test_a_reading_that_decides_which_rows_are_due_is_told_with_the_row():
    body = """registre visite "Visite"  article 1
    du membre
    faite_le : date, fait foi
ligne due  article 1
    pour socle, pour chaque visite, en fonctionnement
    si AMB-04 = a
    = 30 €
"""
    result = computed(
        read_text(HEAD + BEARING + body),
        choix=held("socle", "A"),
        **{"registre.visite": [{"membre": "A", "faite_le": "02/03/2024"}]},
    )
    (row,) = step_of(result, "due").children
    assert [found["name"] for found in row.interpretations] == ["AMB-04"]


BORNE = """unité poste
fait postes : poste  article 1
ligne due  article 1
    pour socle, chaque exercice, en fonctionnement
    = 100 €/poste × postes
plafond écrêtement  article 1
    porte sur due, par membre
    au plus 300 €
    excédent supporté par le gestionnaire si AMB-04 = a
    excédent supporté par les autres membres selon postes si AMB-04 = b
"""


@pytest.mark.covers("TAR-12", "TAR-64")
@pytest.mark.parametrize(
    ("reading", "bearer"), [({}, "le gestionnaire"), ({"AMB-04": "b"}, "les autres membres")], ids=["host", "others"]
)
def test_what_a_cap_cuts_says_who_bears_it_by_the_reading_that_decides(reading, bearer):
    convention = read_text(HEAD + BEARING + BORNE)
    people = [*members("A", "B"), {"membre": "G", "rôle": "gestionnaire"}]
    tables = {"membres": people, "choix": held("socle", "A", "B"), "faits": facts("postes", A="5", B="1")}
    result = compute(convention, tables_of(convention.model, tables), 2024, readings=reading)
    notes = [plain(note) for note in step_of(result, "écrêtement").notes]
    assert notes[-1] == f"Excédent de 200,00 €, supporté par {bearer}."
    told = [text for text in lines_of(step_of(result, "écrêtement")) if "Interprétation" in text]
    assert [text.split()[2] for text in told] == ["AMB-04"]


# ------------------------------------------------------------------ other exercises


def test_a_limit_by_a_mean_says_each_exercise():
    body = """fait facturé : €  article 1
    de chaque exercice
ligne due  article 1
    pour socle, chaque exercice, en fonctionnement
    = 100 €
plafond écrêtement  article 1
    porte sur due, par membre
    au plus moyenne de facturé sur les exercices 2022 à 2023
    excédent supporté par le gestionnaire
"""
    rows = [{"membre": "A", "fait": "facturé", "valeur": v, "date": y} for y, v in (("2022", "50"), ("2023", "70"))]
    result = computed(
        small(body), membres=[*members("A"), {"membre": "G", "rôle": "gestionnaire"}], choix=held("socle", "A"), faits=rows
    )
    (mean,) = step_of(result, "écrêtement").children
    assert (plain(mean.values), plain(mean.result)) == ("(50,00 € + 70,00 €) / 2", "60,00 €")
    assert [(child.title, plain(child.result)) for child in mean.children] == [
        ("facturé, exercice 2022", "50,00 €"),
        ("facturé, exercice 2023", "70,00 €"),
    ]


# ------------------------------------------------------------------ names as people read them

READ = """offre audit "Audit"  article 1
    rapport_remis_le : date
registre indemnité  article 1
    du service
    due_le : date, fait foi
    montant : €
    poids : €, par membre
registre mission  article 1
    du membre
    faite_le : date, fait foi
    durée : jour
enveloppe jours_d_avance  article 1
    pour les titulaires de audit, chaque exercice
    consommée par mission.durée dans l’ordre de mission.faite_le
    comptée pour l’ensemble
    sans report
    = 3 jours
paramètre coût_d_un_jour  article 1
    10 €/jour
ligne partagée  article 1
    pour chaque indemnité, en fonctionnement
    = part de indemnité.montant selon indemnité.poids entre les membres
ligne au_delà  article 1
    pour audit, pour chaque mission, en fonctionnement
    = au-delà de jours_d_avance × coût_d_un_jour
grandeur tardive : oui ou non  article 1
    = audit.rapport_remis_le > 01/06/2024
grandeur compte : nombre  article 1
    = nombre de titulaires de audit + nombre de indemnité
"""


def test_a_formula_with_dotted_names_reads_as_french():
    result = computed(
        small(READ),
        choix=held("audit", "A", rapport_remis_le="02/07/2024"),
        **{
            "registre.indemnité": [{"id": "i1", "due_le": "01/02/2024", "montant": "100"}],
            "registre.indemnité.membres": [{"id": "i1", "membre": "A", "poids": "3"}],
            "registre.mission": [{"id": "m1", "membre": "A", "faite_le": "01/03/2024", "durée": "4"}],
        },
    )
    quantities = [explain_quantity(result.ledger, name, 0, 2024)[0].formula for name in ("tardive", "compte")]
    rows = [step_of(result, name).children[0].formula for name in ("partagée", "au_delà")]
    assert [*rows, *quantities] == [
        "part de montant d’indemnité selon poids d’indemnité entre les membres",
        "au-delà de jours d’avance × coût d’un jour",
        "rapport remis le (audit) > 01/06/2024",
        "nombre de titulaires d’audit + nombre d’indemnité",
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("coût_d_un_poste", "coût d’un poste"),
        ("part_de_l_année", "part de l’année"),
        ("plan_d", "plan d"),
        ("zone_d_nord", "zone d nord"),
        ("d_autres", "d autres"),
        ("Annexe D à la convention", "Annexe D à la convention"),
    ],
)
def test_a_name_is_read_with_its_elisions(name, words):
    assert readable(name) == words
