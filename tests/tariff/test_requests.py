"""What stands against an offer being taken or left on a day, asked of the engine before anything is written."""

from datetime import date

import pytest

from communis.tariff.convention import read_convention, shipped
from communis.tariff.membership.refusals import refusals_at_entry, refusals_at_exit
from communis.tariff.result import compute, decimal_text
from communis.tariff.tables.reader import tables_of
from factories.blocks import small
from factories.memberships import day, refusal

SICOVAL = read_convention(shipped("sicoval"), examples=False)
NIMES = read_convention(shipped("nimes_metropole"), examples=False)
REDON = read_convention(shipped("redon"), examples=False)
WITHOUT, WITH = "avancé_sans_dsi", "avancé_avec_dsi"


def tables(convention, *, held=(), facts=(), names=("Commune",), host=None):
    """Make tables of a few members: what the first holds, as (offer, from, to), and facts of it."""
    people = [{"membre": name} for name in names] + ([{"membre": host, "rôle": "gestionnaire"}] if host else [])
    choices = [{"membre": names[0], "offre": o, "du": since, "au": until} for o, since, until in held]
    return tables_of(convention.model, {"membres": people, "choix": choices, "faits": list(facts)})


def of_member(since="01/01/2024", name="Commune", **values):
    return [{"membre": name, "fait": fact, "valeur": value, "date": since} for fact, value in values.items()]


def entering(convention, offer, on, found, **more):
    return [str(o) for o in refusals_at_entry(convention, found, 0, offer, day(on), **more)]


def leaving(convention, offer, on, found, **more):
    return [str(o) for o in refusals_at_exit(convention, found, 0, offer, day(on), **more)]


# ---------------------------------------------------------------- Sicoval: priorities, places, who it is kept for

SIGNED = of_member(avec_dsi="non", co_construction="oui", lettre_d_engagement="oui")
PLACES = [{"fait": "places", "valeur": "2", "date": "2024-2025"}, {"fait": "places", "valeur": "2", "date": "2025-2026"}]
FIRST_YEAR = "à décider : ne pourra pas être accordée à toutes les communes dès la première année"


@pytest.mark.parametrize(
    ("offer", "on", "facts", "said"),
    [
        (WITHOUT, "01/07/2024", SIGNED, []),
        (WITHOUT, "01/07/2024", of_member(avec_dsi="non", co_construction="oui", lettre_d_engagement="non"), [FIRST_YEAR]),
        (WITHOUT, "01/01/2025", of_member(avec_dsi="non", co_construction="oui", lettre_d_engagement="non"), []),
        (
            WITH,
            "01/07/2024",
            SIGNED,
            ["interdit : « Lot de services avancés, communes avec DSI » est réservé à d’autres membres"],
        ),
        (
            WITHOUT,
            "01/07/2024",
            of_member(avec_dsi="non"),
            [
                "« Priorité aux communes signataires » ne se vérifie pas : fait manquant : co_construction, a participé à la "
                "co-construction initiale, au 01/07/2024 ; fait manquant : lettre_d_engagement, lettre d’engagement signée au "
                "début de 2024, au 01/07/2024"
            ],
        ),
    ],
)
def test_an_offer_is_asked_for_with_what_the_convention_says_on_joining(offer, on, facts, said):
    assert entering(SICOVAL, offer, on, tables(SICOVAL, facts=[*facts, *PLACES])) == said


def test_the_places_open_count_the_member_who_asks():
    names = ("A", "B", "C")
    people = [{"membre": name} for name in names]
    facts = [{**row, "membre": name} for name in names for row in SIGNED]
    held = [{"membre": name, "offre": WITHOUT, "du": "01/07/2024"} for name in names[1:]]
    full = tables_of(SICOVAL.model, {"membres": people, "choix": held, "faits": [*facts, *PLACES]})
    room = tables_of(SICOVAL.model, {"membres": people, "choix": held[:1], "faits": [*facts, *PLACES]})
    assert entering(SICOVAL, WITHOUT, "01/09/2024", room) == []
    (found,) = refusals_at_entry(SICOVAL, full, 0, WITHOUT, day("01/09/2024"))
    assert (str(found), found.rule, found.label, found.article, found.warns, found.certain) == (
        "à décider : en fonction des ressources restant disponibles", "plus_de_places", "Places ouvertes dans l’année",
        "passage adhésion", False, True,
    )  # fmt: skip
    assert found.basis.words[:1] == ("ne pourra pas être accordée à toutes les communes dès la première année",)
    assert len(full.choices) == 2  # nothing is written


@pytest.mark.covers("T-38")
@pytest.mark.parametrize(
    ("on", "reading", "said"),
    [
        ("31/12/2025", "décision", []),
        ("30/06/2026", "décision", ["à décider : coût de la sortie à fixer par un acte"]),
        ("30/06/2027", "décision", []),
        ("30/06/2026", "sans_frais", []),
    ],
)
def test_leaving_before_the_end_asks_for_a_decision(on, reading, said):
    found = tables(SICOVAL, held=[(WITHOUT, "01/07/2024", "")], facts=SIGNED)
    assert leaving(SICOVAL, WITHOUT, on, found, readings={"AMB-40": reading}) == said


def test_a_refusal_on_leaving_says_the_reading_it_rests_on():
    found = tables(SICOVAL, held=[(WITHOUT, "01/07/2024", "")], facts=SIGNED)
    (objection,) = refusals_at_exit(SICOVAL, found, 0, WITHOUT, day("30/06/2026"))
    assert (objection.rule, objection.basis.interpretations) == ("sortie_anticipée", ("AMB-40",))


# ---------------------------------------------------------------- Nîmes, Redon: composition


@pytest.mark.covers("T-28", "CAT-14")
def test_a_brick_is_not_taken_without_the_one_it_needs_nor_before_its_prerequisites():
    def ready(offer):
        return {"membre": "Poulx", "offre": offer, "fait": "prérequis_satisfaits", "valeur": "oui", "date": "01/01/2024"}

    needs = "interdit : « 3BIS. Vidéo Surveillance Intelligente » exige « 3. Vidéoprotection », qui n’est pas tenu"
    smart = [ready("vidéo_intelligente")]
    alone = tables(NIMES, names=("Poulx",), facts=smart)
    assert entering(NIMES, "vidéo_intelligente", "01/06/2024", alone) == [needs]
    after = tables(NIMES, names=("Poulx",), facts=smart, held=[("vidéoprotection", "01/01/2023", "31/03/2024")])
    assert entering(NIMES, "vidéo_intelligente", "01/06/2024", after) == [needs]  # it was held in the same exercise
    both = tables(NIMES, names=("Poulx",), facts=smart, held=[("vidéoprotection", "01/01/2023", "")])
    assert entering(NIMES, "vidéo_intelligente", "01/06/2024", both) == []
    unready = [{**ready("bureautique"), "valeur": "non"}]
    assert entering(NIMES, "bureautique", "01/06/2024", tables(NIMES, names=("Poulx",), facts=unready)) == [
        "à décider : prérequis non satisfaits\u00a0: les lever, ou y déroger par un acte"
    ]


def test_a_brick_that_another_needs_is_not_left_alone():
    held = [("vidéoprotection", "01/01/2023", ""), ("vidéo_intelligente", "01/01/2024", "31/12/2025")]
    found = tables(NIMES, names=("Poulx",), held=held)
    assert leaving(NIMES, "vidéoprotection", "30/06/2024", found) == [
        "interdit : « 3BIS. Vidéo Surveillance Intelligente », qui reste tenu, exige « 3. Vidéoprotection »"
    ]
    assert leaving(NIMES, "vidéoprotection", "31/12/2025", found) == []
    assert leaving(NIMES, "vidéo_intelligente", "30/06/2024", found) == []


def test_an_offer_excluded_by_one_that_is_held_is_not_taken():
    found = tables(REDON, held=[("socle_complet", "01/01/2023", "30/06/2024")], facts=[])
    said = "interdit : « Socle complet » exclut « Socle annexe complet », tenu en même temps"
    assert entering(REDON, "annexe_complète", "01/06/2024", found)[:1] == [said]
    assert entering(REDON, "annexe_complète", "01/07/2024", found) == []


# ---------------------------------------------------------------- alerts, dates of the exit, the version

BODY = """offre audit "Audit"  article 1
    fermée le 01/01/2026
offre complet "Complet"  article 1
    comprend audit
fait prêt : oui ou non "prêt"  article 1
    lu à la date de l’événement
alerte pas_prêt "Préparation"  article 1
    pour socle, à l’adhésion
    si non prêt
    avertir "le membre n’est pas prêt"
refus décision_tardive "Décision"  article 1
    pour socle, à l’adhésion
    si socle.décidée_le < 01/01/2024
    interdit "la décision est trop ancienne"
refus lettre_tardive "Lettre"  article 1
    pour socle, à la sortie
    si sortie.reçue_le > 3 mois avant sortie.demandée_le
    interdit "la lettre est reçue moins de trois mois avant"
alerte dernier_mois "Dernier mois"  article 1
    à la sortie
    si sortie.demandée_le > 30/11/2025
    avertir "la clôture des comptes a commencé"
refus en_litige "Litige"  article 1
    pour socle
    si non prêt
    interdit "rien n’est facturé"
"""
SMALL = small(BODY)
READY = of_member("01/01/2024", prêt="oui")


def test_an_alert_on_joining_only_warns_and_what_would_stop_the_bill_is_told_too():
    found = refusals_at_entry(
        SMALL, tables(SMALL, facts=of_member(prêt="non")), 0, "socle", day("01/02/2024"), steps={"décidée_le": day("15/01/2024")}
    )
    assert [(o.rule, str(o), o.warns) for o in found] == [
        ("pas_prêt", "le membre n’est pas prêt", True), ("en_litige", "interdit : rien n’est facturé", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ({"décidée_le": date(2023, 12, 31)}, ["interdit : la décision est trop ancienne"]),
        ({"décidée_le": date(2024, 1, 1)}, []),
        ({}, ["« Décision » ne se vérifie pas : fait manquant : date de la décision (socle)"]),
    ],
)
def test_the_dates_of_the_request_are_read(steps, said):
    assert entering(SMALL, "socle", "01/02/2024", tables(SMALL, facts=READY), steps=steps) == said


@pytest.mark.parametrize(
    ("on", "received", "said"),
    [
        ("30/06/2025", "31/03/2025", ["interdit : la lettre est reçue moins de trois mois avant"]),
        ("30/06/2025", "30/03/2025", []),
        ("30/06/2025", None, ["« Lettre » ne se vérifie pas : fait manquant : réception de la lettre"]),
        ("31/12/2025", "01/01/2025", ["la clôture des comptes a commencé"]),
    ],
)
def test_the_dates_of_an_exit_are_read(on, received, said):
    found = tables(SMALL, held=[("socle", "01/01/2024", "")])
    assert leaving(SMALL, "socle", on, found, received_on=day(received) if received else None) == said


def test_an_offer_is_not_taken_before_the_version_nor_once_it_is_closed():
    found = tables(SMALL, facts=READY)
    assert entering(SMALL, "audit", "31/12/2023", found)[:1] == [
        "aucun tarif : la version 1 prend effet le 01/01/2024, après cet événement"
    ]
    assert entering(SMALL, "audit", "31/12/2025", found) == []
    assert entering(SMALL, "audit", "01/01/2026", found) == ["interdit : « Audit » est fermé depuis le 01/01/2026"]


def test_questions_without_sense_are_refused():
    found = tables(SMALL, held=[("complet", "01/01/2024", "31/12/2024"), ("socle", "01/06/2024", "")], host="Syndicat")
    ask = {
        "« socl » n’est pas une offre de la convention (la plus proche : socle)": (refusals_at_entry, 0, "socl", "01/01/2024"),
        "« Socle commun » est déjà choisi à compter du 01/06/2024": (refusals_at_entry, 0, "socle", "01/01/2024"),
        "« Socle commun » n’est pas tenu le 31/05/2024": (refusals_at_exit, 0, "socle", "31/05/2024"),
        "« Audit » vient avec « Complet » : il ne se quitte pas seul": (refusals_at_exit, 0, "audit", "30/06/2024"),
        "Syndicat est le gestionnaire : il n’adhère pas à ses offres": (refusals_at_entry, 1, "socle", "01/01/2024"),
        "le 01/01/0204 n’est pas possible : les dates vont de 1900 à 2199": (refusals_at_entry, 0, "audit", "01/01/0204"),
    }
    said = {text: refusal(asked, SMALL, found, member, offer, day(on)) for text, (asked, member, offer, on) in ask.items()}
    assert said == {text: f"calcul impossible : {text}" for text in ask}


ONE_OF = small("""offre niveau "Niveau"  article 1
    un seul choix
offre bas "Bas" dans niveau  article 1
offre haut "Haut" dans niveau  article 1
offre tout "Tout"  article 1
    comprend bas et haut
ligne due "Niveau"  article 1
    pour chaque offre dans niveau, chaque exercice, en fonctionnement
    = 10 €
""")


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ([("bas", "01/01/2024", ""), ("haut", "01/06/2024", "")], {
            "bas": "interdit : « Bas » et « Haut » : un seul choix dans « Niveau »",
            "haut": "interdit : « Haut » et « Bas » : un seul choix dans « Niveau »",
        }),
        ([("bas", "01/01/2024", "31/05/2024"), ("haut", "01/06/2024", "")], {"bas": "10.00", "haut": "10.00"}),
        ([("tout", "01/01/2024", "")], {"bas": "10.00", "haut": "10.00"}),
        ([("tout", "01/01/2024", ""), ("haut", "01/06/2024", "")], {"bas": "10.00", "haut": "10.00"}),
    ],
)  # fmt: skip
def test_one_choice_only_in_a_group_is_kept_in_both_engines(held, said):
    result = compute(ONE_OF, tables(ONE_OF, held=held), 2024)
    lines = {x.offer: decimal_text(x.amount) if x.outcome == "amount" else str(x.reasons[0]) for x in result.statements[0].lines}
    assert (result.verified, lines) == (True, said)


@pytest.mark.parametrize(
    ("until", "said"), [("", ["interdit : « Haut » et « Bas » : un seul choix dans « Niveau »"]), ("31/05/2024", [])]
)
def test_a_second_choice_in_a_group_is_not_taken_before_the_first_ends(until, said):
    found = tables(ONE_OF, held=[("bas", "01/01/2024", until)])
    assert entering(ONE_OF, "haut", "01/06/2024", found) == said
