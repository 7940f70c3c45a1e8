"""The catalogues that ship beside the conventions, and what is told of files that are wrong."""

import re
from collections import Counter
from datetime import date

import pytest

from communis.catalog.composition import composition_of, objections_to, offers_chosen
from communis.catalog.conventions import opened
from communis.catalog.loading import ENTRIES, ENTRY_COLUMNS, HOURS, PREREQUISITES, FilesWrong, folder_of, read_files
from communis.catalog.models import Entry
from communis.catalog.tree import Tree
from communis.tariff import tables_of
from communis.tariff.convention import shipped_names

CATALOGUES = ("redon", "nimes_metropole", "nimes_metropole/avenant_5", "sicoval", "sidec", "grand_nancy")


def shipped(slug):
    return read_files(folder_of(slug), tuple(opened(slug.partition("/")[0]).model.book.offers))


def by_ref(files):
    return {row["ref"]: row for row in files.entries}


def test_every_shipped_convention_has_its_catalogue():
    assert sorted({slug.partition("/")[0] for slug in CATALOGUES}) == sorted(shipped_names())
    assert {slug: len(shipped(slug).entries) for slug in CATALOGUES} == {
        "redon": 64, "nimes_metropole": 15, "nimes_metropole/avenant_5": 12, "sicoval": 19, "sidec": 21, "grand_nancy": 5,
    }  # fmt: skip


def test_every_offer_that_one_may_take_has_its_entry_in_the_catalogue():
    for slug in shipped_names():
        offers = set(opened(slug).model.book.offers_in(""))
        assert offers - {row["offer"] for row in shipped(slug).entries} == set(), slug


@pytest.mark.covers("CAT-06")
def test_the_annexe_2_of_redon_is_whole():
    files = shipped("redon")
    missions = [row for row in files.entries if re.match(r"N\d", row["code"])]
    assert len(missions) == 52
    families = Counter((row["under"], row["family"]) for row in missions)
    assert families == {
        ("N1", ""): 3, ("N2", "steering"): 9, ("N2", "development"): 7, ("N2", "operation"): 7, ("N3", "steering"): 11,
        ("N3", "operation"): 8, ("N4", "steering"): 6, ("N4", "operation"): 1,
    }  # fmt: skip
    numbers = [row["code"] for row in missions if row["under"] == "N2" and row["family"] == "operation"]
    assert numbers == [f"N2 MCO-{rank}" for rank in range(1, 8)]
    assert [row["under"] for row in files.entries if row["kind"] == "tier"] == ["complet"] * 4 + ["annexe"] * 2


@pytest.mark.covers("CAT-08")
def test_each_family_of_redon_says_what_it_delivers():
    rows = by_ref(shipped("redon"))
    assert rows["N1-2"]["deliverables"] == ["meeting_report", "opportunity", "scoping", "needs", "report"]
    assert rows["N2 P-1"]["deliverables"] == ["meeting_report", "report", "specifications", "architecture", "dashboards"]
    assert rows["N2 D-7"]["deliverables"] == ["architecture", "specifications", "rules"]
    assert rows["N3 P-11"]["deliverables"] == ["meeting_report", "report", "architecture", "dashboards"]
    assert rows["N3 MCO-8"]["deliverables"] == []


@pytest.mark.covers("CAT-10")
def test_redon_answers_until_18_h_and_until_17_h_on_fridays():
    hours = [(row["weekday"], f"{row['opens_at']:%H:%M}", f"{row['closes_at']:%H:%M}") for row in shipped("redon").hours]
    usual = [[(day, "08:00", "12:30"), (day, "13:30", "18:00")] for day in "1234"]
    assert hours == [*(span for day in usual for span in day), ("5", "08:00", "12:30"), ("5", "13:30", "17:00")]


@pytest.mark.covers("CAT-24", "CAT-33")
def test_the_fourth_level_of_redon_is_performed_by_a_local_provider_and_the_publisher_gives_the_third_level_of_support():
    rows = by_ref(shipped("redon"))
    assert rows["N4"]["performers"] == ["local", "host"]
    assert rows["N4"]["perimeter"] == (
        "Postes de travail, téléphonie, moyens d’impression, et l’infrastructure des locaux qui ne peut pas migrer vers la salle "
        "Datacenter."
    )
    assert rows["N4 MCO-1"]["performers"] == ["local", "contracted"]
    assert rows["N2 MCO-1"]["performers"] == ["host", "publisher"]
    assert by_ref(shipped("grand_nancy"))["dsit"]["performers"] == ["host", "contracted"]


@pytest.mark.covers("CAT-11")
def test_the_sidec_has_three_poles_and_three_services_beside_each_with_its_way_of_charging():
    rows = shipped("sidec").entries
    assert Counter(row["under"] for row in rows if row["kind"] == "service") == {"AOM": 6, "GEDD": 5, "SIC": 4, "": 3}
    assert {row["offer"]: row["charging"] for row in rows if row["charging"] != "flat"} == {"personnel": "unit"}
    assert {row["offer"]: row["counted_in"] for row in rows if row["offer"] in ("geojura", "formation", "animation")} == {
        "geojura": "consultations, plans tracés, couches intégrées", "formation": "sessions, participants",
        "animation": "rencontres, participants",
    }  # fmt: skip


@pytest.mark.covers("CAT-13")
def test_the_bricks_of_nimes_bear_the_codes_of_the_document_or_none():
    rows = [row for row in shipped("nimes_metropole").entries if row["kind"] == "brick"]
    assert [(row["code"], row["offer"]) for row in rows] == [
        ("", "conseil"), ("1", "internet"), ("", "hébergement"), ("3", "vidéoprotection"), ("3BIS", "vidéo_intelligente"),
        ("5", "bureautique"), ("", "écoles"), ("7", "télécoms"), ("9", "urbanisme"), ("", "ads"),
    ]  # fmt: skip
    assert [(str(row["ends_on"]), row["closed_into"]) for row in rows if row["closed_into"]] == [("2022-04-03", "ads")]


def test_each_brick_of_nimes_but_the_first_and_the_closed_one_has_its_prerequisites():
    held = Counter(row["under"] for row in shipped("nimes_metropole").prerequisites)
    assert held == {"1": 2, "hébergement": 2, "3": 1, "3BIS": 1, "5": 1, "écoles": 1, "7": 1, "ADS": 1}
    assert {row["under"] for row in shipped("nimes_metropole").prerequisites if row["measure"] == "fibre"} == {"1", "hébergement"}


@pytest.mark.covers("CAT-20")
def test_the_tools_of_nimes_say_what_took_their_place():
    tools = [(row["name"], row["successor"], str(row["ends_on"])) for row in shipped("nimes_metropole").tools]
    assert tools == [
        ("GeoAgglo", "MyCarto", "2022-04-03"), ("MyCarto", "", "None"),
        ("Alfresco", "Office 365", "2022-04-03"), ("Office 365", "", "None"),
    ]  # fmt: skip


@pytest.mark.covers("CAT-21")
def test_the_sicoval_has_four_axes_free_and_six_or_five_services_by_lot():
    rows = shipped("sicoval").entries
    assert Counter(row["under"] for row in rows if row["kind"] == "service") == {"socle": 4, "sans": 6, "avec": 5}
    assert {row["charging"] for row in rows if "socle" in (row["ref"], row["under"])} == {"free"}
    assert [row["label"] for row in rows if row["is_announced"]] == ["Services à venir"]


def tree_of(slug):
    """Return a shipped catalogue as a tree, which no database holds."""
    made = {}
    for rank, row in enumerate(shipped(slug).entries, 1):
        given = {key: value for key, value in row.items() if key not in ("ref", "under", "line")}
        made[row["ref"]] = Entry(pk=rank, rank=rank, parent=made.get(row["under"]), **given)
    return Tree(made.values()), made


@pytest.mark.covers("CAT-12")
def test_a_pole_of_the_sidec_is_taken_whole_or_service_by_service():
    convention = opened("sidec")
    tree, entries = tree_of("sidec")

    def told(*refs):
        offers = offers_chosen(convention, tree, [entries[ref] for ref in refs])
        return offers, [one.sentence for one in objections_to(convention, offers, date(2026, 1, 1))]

    assert told("SIC") == (("pôle_sic",), [])
    assert told("SIC-3", "GEDD-1") == (("sécurité", "geojura"), [])
    assert told("SIC", "SIC-3")[1] == ["« Sécurité informatique » est déjà choisi à compter du 01/01/2026"]
    rules = {one.offer: one.includes for one in composition_of(convention)}
    assert rules["pôle_sic"] == (
        "Système", "Accompagnement technique d’un adhérent sur son site", "Sécurité informatique",
        "Équipements des écoles en outils numériques (TICE)",
    )  # fmt: skip


@pytest.mark.covers("CAT-22")
def test_the_lots_of_the_sicoval_are_for_communes_without_or_with_a_department_of_their_own():
    convention = opened("sicoval")
    facts = [
        {"membre": name, "fait": "avec_dsi", "valeur": value, "date": "01/01/2020", "source": "enquête", "auteur": "essai"}
        for name, value in (("Grande", "oui"), ("Petite", "non"))
    ]
    members = [{"membre": name, "siren": "", "type": "commune"} for name in ("Grande", "Petite")]
    tables = tables_of(convention.model, {"membres": members, "faits": facts})
    told = {
        (offer, member): [
            one.sentence for one in objections_to(convention, [offer], date(2026, 1, 1), tables=tables, member=member)
        ]
        for offer in ("avancé_sans_dsi", "avancé_avec_dsi")
        for member in (0, 1)
    }
    assert [len(told[key]) for key in (("avancé_sans_dsi", 1), ("avancé_avec_dsi", 0))] == [0, 0]
    assert told["avancé_sans_dsi", 0] == ["« Lot de services avancés, communes sans DSI » est réservé à d’autres membres"]
    assert told["avancé_avec_dsi", 1] == ["« Lot de services avancés, communes avec DSI » est réservé à d’autres membres"]


def written(folder, name, *lines):
    (folder / name).write_text("\n".join(lines) + "\n", "utf-8")


def entry_line(**given):
    return ";".join(given.get(title, "") for title in ENTRY_COLUMNS)


def test_all_the_problems_of_the_files_are_told_at_once_with_their_lines(tmp_path):
    written(
        tmp_path, ENTRIES, ";".join(ENTRY_COLUMNS),
        entry_line(repère="a", genre="brique", intitulé="A", offre="internet"),
        entry_line(repère="a", genre="brick", intitulé="B", sous="z"),
        entry_line(repère="c", genre="brique", intitulé="A", offre="intrenet", famille="autre", annoncée="peut-être"),
        entry_line(repère="d", genre="brique", intitulé="D", du="04/04/2022", au="31/02/2022"),
        entry_line(genre="brique", intitulé="E"),
    )  # fmt: skip
    written(
        tmp_path,
        PREREQUISITES,
        "sous;clé;ce_qu_il_faut;article;effet;mesure;minimum",
        "aa;k;Fibre;;bloque;débit du site, en Mbit/s;",
    )
    written(tmp_path, HOURS, "jour;de;à", "lundi;18:00;8:00", "lundredi;8h;9:00")
    with pytest.raises(FilesWrong) as found:
        read_files(tmp_path, ("internet", "télécoms"))
    assert [str(fault) for fault in found.value.faults] == [
        "fiches.csv, ligne 3 : genre : « brick » n’est pas connu : socle, lot, pôle, brique, niveau, prestation, mission",
        "fiches.csv, ligne 3 : le repère « a » est déjà à la ligne 2",
        "fiches.csv, ligne 3 : sous : « z » n’est le repère d’aucune fiche ; le plus proche : « a », parmi celles qui précèdent",
        "fiches.csv, ligne 4 : famille : « autre » n’est pas connu : pilotage opérationnel et administratif, "
        "développement applicatif, MCO/MCS",
        "fiches.csv, ligne 4 : annoncée : « peut-être » : on attend oui, non, ou rien",
        "fiches.csv, ligne 4 : l’intitulé « A » est déjà à la ligne 2",
        "fiches.csv, ligne 4 : offre : « intrenet » n’est pas une offre de la convention (internet, télécoms)",
        "fiches.csv, ligne 5 : au : « 31/02/2022 » n’est pas une date : jour/mois/année, 04/04/2022 par exemple",
        "fiches.csv, ligne 6 : une fiche a un repère et un intitulé",
        "horaires.csv, ligne 2 : la fermeture suit l’ouverture",
        "horaires.csv, ligne 3 : jour : « lundredi » n’est pas connu : lundi, mardi, mercredi, jeudi, vendredi, samedi, dimanche",
        "horaires.csv, ligne 3 : de : « 8h » n’est pas une heure : 8:30 par exemple",
        "prerequis.csv, ligne 2 : effet : « bloque » n’est pas connu : bloque l’activation, avertit seulement",
        "prerequis.csv, ligne 2 : « aa » n’est le repère d’aucune fiche ; le plus proche : « a »",
        "prerequis.csv, ligne 2 : un débit exigé a un minimum, en Mbit/s",
    ]  # fmt: skip


def test_a_table_with_a_wrong_column_and_a_folder_without_entries_are_told(tmp_path):
    with pytest.raises(FilesWrong, match="ce fichier n’est pas là"):
        read_files(tmp_path, ())
    written(tmp_path, ENTRIES, ";".join(ENTRY_COLUMNS))
    written(tmp_path, HOURS, "jour;de;fin", "lundi;8:00;9:00")
    with pytest.raises(FilesWrong) as found:
        read_files(tmp_path, ())
    assert str(found.value) == "horaires.csv, ligne 1 : colonne inconnue « fin » ; colonne manquante « à »"
