"""The shipped members, populations and choices of the five founding territories, and the communes of France.

The expected sums were taken from the source files, not from the shipped ones; each SOURCE.md names its source.
"""

import csv
import gzip
import re
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
CONVENTIONS = TESTS.parent / "src" / "communis" / "conventions"
FRANCE = TESTS / "data" / "communes_de_france.csv.gz"
SLUGS = ("grand_nancy", "nimes_metropole", "redon", "sicoval", "sidec")
HEADERS = {
    "membres": "membre;siren;type;insee;rattachement;rôle;du;au",
    "faits": "membre;offre;fait;valeur;unité;nature;date;jusqu_au;publié_le;source;auteur",
    "choix": "membre;offre;du;au;acte;décidée_le;exécutoire_le;signée_le;source",
}
TYPES = {
    "commune", "communauté de communes", "communauté d’agglomération", "communauté urbaine", "métropole",
    "syndicat mixte", "syndicat intercommunal", "syndicat scolaire", "pôle métropolitain", "ccas",
    "établissement public",
}  # fmt: skip
INSEE = re.compile(r"^(?:0[1-9]|[1-8]\d|9[0-5]|2[AB])\d{3}$|^97[1-8]\d{2}$|^98[4-9]\d{2}$")
YEARS = (2022, 2023, 2024, 2025, 2026)

each_territory = pytest.mark.parametrize("slug", SLUGS)


def rows(slug, table):
    with open(CONVENTIONS / slug / f"{table}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";", strict=True))


def france():
    with gzip.open(FRANCE, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";", strict=True))


def communes(slug):
    return [row for row in rows(slug, "membres") if row["type"] == "commune"]


def populations(slug, *, year, kind):
    return {
        row["membre"]: int(row["valeur"])
        for row in rows(slug, "faits")
        if (row["date"], row["nature"]) == (f"01/01/{year}", kind)
    }


def sums(slug, kind):
    return [sum(populations(slug, year=year, kind=kind).values()) for year in YEARS]


def bands(year, kind="totale"):
    """The members of Redon below 1500, from 1500 to 2999, from 3000 to 8000, and above."""
    values = populations("redon", year=year, kind=kind).values()
    return (
        sum(value < 1500 for value in values),
        sum(1500 <= value < 3000 for value in values),
        sum(3000 <= value <= 8000 for value in values),
        sum(value > 8000 for value in values),
    )


def passes_luhn(siren):
    doubled = [int(digit) * (2 if rank % 2 else 1) for rank, digit in enumerate(reversed(siren))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def is_date(text):
    return bool(re.fullmatch(r"\d\d/\d\d/\d{4}", text)) and bool(datetime.strptime(text, "%d/%m/%Y"))


def test_each_territory_ships_its_three_tables_and_their_source():
    shipped = {f"{path.parent.name}/{path.name}" for path in CONVENTIONS.glob("*/*") if path.suffix in {".csv", ".md"}}
    names = ("SOURCE.md", "choix.csv", "faits.csv", "membres.csv")
    assert shipped >= {f"{slug}/{name}" for slug in SLUGS for name in names}


@each_territory
def test_tables_are_plain_utf8_with_the_agreed_header(slug):
    for table, header in HEADERS.items():
        content = (CONVENTIONS / slug / f"{table}.csv").read_bytes()
        assert content.split(b"\n", 1)[0].decode("utf-8") == header
        assert content.endswith(b"\n")
        assert b"\r" not in content


@each_territory
def test_every_row_has_every_column_and_no_stray_space(slug):
    for table, header in HEADERS.items():
        for row in rows(slug, table):
            assert list(row) == header.split(";")
            assert [value for value in row.values() if value is None or value != value.strip()] == []


@each_territory
def test_dates_are_written_the_french_way(slug):
    columns = {
        "membres": ("du", "au"),
        "faits": ("date", "jusqu_au"),
        "choix": ("du", "au", "décidée_le", "exécutoire_le"),
    }
    for table, names in columns.items():
        for row in rows(slug, table):
            assert [row[name] for name in names if row[name] and not is_date(row[name])] == []


def test_members_are_counted():
    assert {slug: len(rows(slug, "membres")) for slug in SLUGS} == {
        "grand_nancy": 26,
        "nimes_metropole": 40,
        "redon": 32,
        "sicoval": 37,
        "sidec": 495,
    }
    assert {slug: len(communes(slug)) for slug in SLUGS} == {
        "grand_nancy": 18,
        "nimes_metropole": 39,
        "redon": 31,
        "sicoval": 36,
        "sidec": 494,
    }


def test_each_territory_has_its_host_on_the_first_row():
    hosts = {slug: [row for row in rows(slug, "membres") if row["rôle"]] for slug in SLUGS}
    assert {slug: [(row["membre"], row["siren"], row["type"], row["rôle"]) for row in hosts[slug]] for slug in SLUGS} == {
        "grand_nancy": [("Métropole du Grand Nancy", "245400676", "métropole", "gestionnaire")],
        "nimes_metropole": [("Nîmes Métropole", "243000643", "communauté d’agglomération", "gestionnaire")],
        "redon": [("REDON Agglomération", "243500741", "communauté d’agglomération", "gestionnaire")],
        "sicoval": [("Sicoval", "243100633", "communauté d’agglomération", "gestionnaire")],
        "sidec": [("SIDEC", "", "syndicat mixte", "gestionnaire")],
    }
    assert [rows(slug, "membres")[0]["rôle"] for slug in SLUGS] == ["gestionnaire"] * 5


@each_territory
def test_members_are_unique_and_sorted(slug):
    members = rows(slug, "membres")
    names = [row["membre"] for row in members]
    assert len(set(names)) == len(names)
    codes = [row["insee"] for row in communes(slug)]
    assert codes == sorted(set(codes))
    assert [row["type"] for row in members[1 : len(codes) + 1]] == ["commune"] * len(codes)


@each_territory
def test_member_types_are_known(slug):
    assert {row["type"] for row in rows(slug, "membres")} <= TYPES


@each_territory
def test_codes_of_members_are_well_formed(slug):
    for row in rows(slug, "membres"):
        assert bool(INSEE.match(row["insee"])) == (row["type"] == "commune")
        assert row["siren"] == "" or (re.fullmatch(r"\d{9}", row["siren"]) and passes_luhn(row["siren"]))


@each_territory
def test_every_commune_has_its_own_siren(slug):
    sirens = [row["siren"] for row in communes(slug)]
    assert "" not in sirens
    assert len(set(sirens)) == len(sirens)


@each_territory
def test_a_parent_is_a_member(slug):
    members = rows(slug, "membres")
    assert {row["rattachement"] for row in members} - {""} <= {row["membre"] for row in members}


def test_members_without_siren_are_those_absent_from_the_sources():
    assert {row["membre"] for slug in SLUGS for row in rows(slug, "membres") if not row["siren"]} == {
        "SIDEC",
        "CCAS de Nancy",
        "CCAS de Vandœuvre-lès-Nancy",
        "Opéra",
        "Sillon Lorrain",
        "SIVU Saint Michel Jéricho",
        "Syndicat Intercommunautaire Scolaire",
        "Syndicat Intercommunal pour la gestion de la crèche Frimousse",
    }


def test_grand_nancy_lists_its_adherents_and_not_tomblaine():
    assert [row["membre"] for row in communes("grand_nancy")] == [
        "Art-sur-Meurthe",
        "Dommartemont",
        "Essey-lès-Nancy",
        "Fléville-devant-Nancy",
        "Heillecourt",
        "Houdemont",
        "Jarville-la-Malgrange",
        "Laxou",
        "Ludres",
        "Malzéville",
        "Maxéville",
        "Nancy",
        "Pulnoy",
        "Saint-Max",
        "Saulxures-lès-Nancy",
        "Seichamps",
        "Vandœuvre-lès-Nancy",
        "Villers-lès-Nancy",
    ]
    assert [
        (row["membre"], row["type"], row["rattachement"]) for row in rows("grand_nancy", "membres")[19:]
    ] == [
        ("CCAS de Nancy", "ccas", "Nancy"),
        ("CCAS de Vandœuvre-lès-Nancy", "ccas", "Vandœuvre-lès-Nancy"),
        ("Opéra", "établissement public", ""),
        ("Sillon Lorrain", "pôle métropolitain", ""),
        ("SIVU Saint Michel Jéricho", "syndicat intercommunal", ""),
        ("Syndicat Intercommunautaire Scolaire", "syndicat scolaire", ""),
        ("Syndicat Intercommunal pour la gestion de la crèche Frimousse", "syndicat intercommunal", ""),
    ]  # fmt: skip


def test_two_communes_of_jura_end_with_2024():
    dated = [
        (slug, row["membre"], row["du"], row["au"]) for slug in SLUGS for row in rows(slug, "membres") if row["du"] or row["au"]
    ]
    assert dated == [
        ("sidec", "Sainte-Agnès", "", "31/12/2024"),
        ("sidec", "Vaux-sur-Poligny", "", "31/12/2024"),
    ]


def test_a_merged_commune_of_jura_bears_the_siren_given_in_2025():
    sirens = {row["membre"]: row["siren"] for row in communes("sidec")}
    assert (sirens["Poligny"], sirens["Val-Sonnette"]) == ("938367646", "938363520")


def test_every_commune_of_sidec_is_in_jura():
    assert {row["insee"][:2] for row in communes("sidec")} == {"39"}


def test_facts_are_counted():
    assert {slug: len(rows(slug, "faits")) for slug in SLUGS} == {
        "grand_nancy": 162,
        "nimes_metropole": 351,
        "redon": 279,
        "sicoval": 324,
        "sidec": 4440,
    }


@each_territory
def test_a_fact_is_a_population_of_a_known_commune(slug):
    facts = rows(slug, "faits")
    assert {row["membre"] for row in facts} == {row["membre"] for row in communes(slug)}
    assert {(row["fait"], row["unité"], row["offre"], row["publié_le"], row["auteur"]) for row in facts} == {
        ("habitants", "hab", "", "", "jeu de données livré")
    }
    assert [row["valeur"] for row in facts if not re.fullmatch(r"[1-9]\d*", row["valeur"])] == []


@each_territory
def test_a_fact_is_stated_once(slug):
    keys = Counter((row["membre"], row["fait"], row["nature"], row["date"]) for row in rows(slug, "faits"))
    assert [key for key, times in keys.items() if times > 1] == []


@each_territory
def test_a_fact_holds_for_its_year_and_names_its_vintage(slug):
    assert {(row["date"], row["jusqu_au"], row["source"]) for row in rows(slug, "faits")} == {
        ("01/01/2022", "31/12/2022", "Insee, populations légales 2019, en vigueur au 01/01/2022"),
        ("01/01/2023", "31/12/2023", "Insee, populations légales 2020, en vigueur au 01/01/2023"),
        ("01/01/2024", "31/12/2024", "Insee, populations légales 2021, en vigueur au 01/01/2024"),
        ("01/01/2025", "31/12/2025", "Insee, populations légales 2022, en vigueur au 01/01/2025"),
        ("01/01/2026", "31/12/2026", "Insee, populations légales 2023, en vigueur au 01/01/2026"),
    }


@each_territory
def test_facts_follow_the_order_of_members_then_years_then_kinds(slug):
    rank = {row["membre"]: position for position, row in enumerate(rows(slug, "membres"))}
    keys = [(rank[row["membre"]], row["date"][6:], row["nature"]) for row in rows(slug, "faits")]
    assert keys == sorted(keys)


@each_territory
def test_both_kinds_are_known_until_2025_and_only_municipale_in_2026(slug):
    assert {(row["date"][6:], row["nature"]) for row in rows(slug, "faits")} == {
        ("2022", "municipale"), ("2022", "totale"),
        ("2023", "municipale"), ("2023", "totale"),
        ("2024", "municipale"), ("2024", "totale"),
        ("2025", "municipale"), ("2025", "totale"),
        ("2026", "municipale"),
    }  # fmt: skip


@each_territory
def test_every_commune_has_its_population_each_year_it_exists(slug):
    for year in YEARS:
        present = {row["membre"] for row in communes(slug) if not row["au"] or year <= int(row["au"][6:])}
        assert set(populations(slug, year=year, kind="municipale")) == present
        assert set(populations(slug, year=year, kind="totale")) == (present if year < 2026 else set())


@each_territory
def test_the_total_population_is_never_below_the_municipal_one(slug):
    for year in YEARS[:-1]:
        municipal = populations(slug, year=year, kind="municipale")
        assert [m for m, value in populations(slug, year=year, kind="totale").items() if value < municipal[m]] == []


def test_total_populations_sum_to_those_of_the_source():
    assert {slug: sums(slug, "totale") for slug in SLUGS} == {
        "grand_nancy": [246_314, 245_286, 245_685, 246_255, 0],
        "nimes_metropole": [261_779, 261_728, 262_935, 265_741, 0],
        "redon": [68_853, 68_911, 69_036, 69_264, 0],
        "sicoval": [82_430, 83_317, 84_556, 85_717, 0],
        "sidec": [268_328, 267_920, 267_533, 267_295, 0],
    }


def test_municipal_populations_sum_to_those_of_the_source():
    assert {slug: sums(slug, "municipale") for slug in SLUGS} == {
        "grand_nancy": [242_506, 241_439, 241_842, 242_573, 241_319],
        "nimes_metropole": [257_666, 257_570, 258_750, 261_624, 264_025],
        "redon": [66_655, 66_727, 66_837, 67_121, 67_666],
        "sicoval": [80_357, 81_269, 82_571, 83_758, 84_219],
        "sidec": [259_199, 258_798, 258_555, 258_405, 257_973],
    }


def test_the_total_population_gives_the_bands_of_the_convention_of_redon():
    assert [bands(year) for year in (2022, 2023, 2024, 2025)] == [
        (15, 9, 6, 1),
        (15, 9, 6, 1),
        (15, 9, 6, 1),
        (16, 8, 6, 1),
    ]


def test_the_municipal_population_never_gives_them():
    assert [bands(year, "municipale") for year in YEARS] == [(16, 8, 6, 1)] * 5


def test_the_town_of_redon_is_above_8000():
    assert [populations("redon", year=year, kind="totale")["Redon"] for year in YEARS[:-1]] == [
        10_032,
        10_060,
        10_054,
        10_086,
    ]


def test_saint_jean_la_poterie_changes_band_in_2025():
    values = [populations("redon", year=year, kind="totale")["Saint-Jean-la-Poterie"] for year in YEARS[:-1]]
    assert values == [1_528, 1_512, 1_501, 1_487]


def test_merged_communes_of_jura_keep_their_inhabitants():
    before, after = (populations("sidec", year=year, kind="totale") for year in (2024, 2025))
    assert (before["Val-Sonnette"], before["Sainte-Agnès"], after["Val-Sonnette"]) == (968, 365, 1_340)
    assert (before["Poligny"], before["Vaux-sur-Poligny"], after["Poligny"]) == (4_381, 79, 4_462)


def test_only_the_documented_choices_are_shipped():
    assert {slug: [tuple(row.values()) for row in rows(slug, "choix")] for slug in SLUGS} == {
        "grand_nancy": [],
        "nimes_metropole": [],
        "redon": [
            (
                "Redon", "groupements", "01/01/2024", "", "délibération 2023-076", "05/10/2023", "09/10/2023", "",
                "délibération de la ville de Redon n° 2023-076",
            )
        ],
        "sicoval": [
            (
                "Odars", "socle", "22/05/2024", "", "délibération 2024-05-04", "22/05/2024", "", "",
                "délibération n° 2024-05-04 du 22/05/2024, sans date d’effet : date de la délibération retenue",
            )
        ],
        "sidec": [],
    }  # fmt: skip


@each_territory
def test_a_choice_is_made_by_a_member(slug):
    assert {row["membre"] for row in rows(slug, "choix")} <= {row["membre"] for row in rows(slug, "membres")}


def test_the_communes_of_france_are_counted_and_sum_to_those_of_the_source():
    all_rows = france()
    assert list(all_rows[0]) == ["insee", "siren", "nom", "population_totale", "population_municipale"]
    assert len(all_rows) == 34_969
    assert sum(int(row["population_totale"] or 0) for row in all_rows) == 69_217_228
    assert sum(int(row["population_municipale"] or 0) for row in all_rows) == 68_010_643
    assert sum(not row["population_totale"] for row in all_rows) == 98
    assert sum(not row["population_municipale"] for row in all_rows) == 98
    assert sum(not row["siren"] for row in all_rows) == 94


def test_the_codes_of_france_are_well_formed_unique_and_sorted():
    codes = [row["insee"] for row in france()]
    sirens = [row["siren"] for row in france() if row["siren"]]
    assert codes == sorted(set(codes))
    assert [code for code in codes if not INSEE.match(code)] == []
    assert len(set(sirens)) == len(sirens)
    assert [siren for siren in sirens if not (re.fullmatch(r"\d{9}", siren) and passes_luhn(siren))] == []


def test_the_archive_has_neither_date_nor_name():
    header = FRANCE.read_bytes()[:10]
    assert header[:2] == b"\x1f\x8b"
    assert header[3] == 0
    assert header[4:8] == b"\0\0\0\0"


@each_territory
def test_the_communes_of_a_territory_agree_with_those_of_france(slug):
    of_france = {row["insee"]: row for row in france()}
    totals, municipal = (populations(slug, year=2025, kind=kind) for kind in ("totale", "municipale"))
    for row in communes(slug):
        if not row["au"]:
            expected = (row["siren"], row["membre"], str(totals[row["membre"]]), str(municipal[row["membre"]]))
            assert tuple(of_france[row["insee"]].values())[1:] == expected
        else:
            assert row["insee"] not in of_france
