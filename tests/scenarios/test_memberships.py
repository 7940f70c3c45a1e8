"""The dates of a membership under the conventions as shipped, asked of the command."""

import pytest

from communis.tariff.convention import shipped
from factories.command import tarif


def rows(slug, *arguments):
    run = tarif("dates", slug, *arguments, "--csv")
    return run.status, [row.split(";")[:2] for row in run.lines[1:]]


def redon(folder, reading):
    """Copy the convention of Redon with one of the readings of its notice retained."""
    text = (shipped("redon") / "convention.tarif").read_text("utf-8")
    lines = ("    retenu de_date_à_date ", "    possible fin_de_période ")
    assert [text.count(line) for line in lines] == [1, 1]
    if reading == "fin_de_période":
        text = text.replace(lines[0], "    possible de_date_à_date ").replace(lines[1], "    retenu fin_de_période ")
    path = folder / "redon.tarif"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.covers("T-24")
def test_sidec_of_15_july_2024_renews_five_times_and_ends_after_six_years():
    assert rows("sidec", "--effet", "15/07/2024") == (
        0,
        [
            ["15/07/2025", "Reconduction tacite jusqu’au 14/07/2026"],
            ["15/07/2026", "Reconduction tacite jusqu’au 14/07/2027"],
            ["15/07/2027", "Reconduction tacite jusqu’au 14/07/2028"],
            ["15/07/2028", "Reconduction tacite jusqu’au 14/07/2029"],
            ["15/07/2029", "Reconduction tacite jusqu’au 14/07/2030"],
            ["14/07/2030", "Maximum de 6 ans atteint : dernier jour pour décider le renouvellement exprès"],
            ["14/07/2030", "Dernier jour de l’adhésion"],
        ],
    )


@pytest.mark.covers("T-36")
def test_grand_nancy_of_1_january_2024_renews_four_times_and_ends_in_2028():
    assert rows("grand_nancy", "--effet", "01/01/2024") == (
        0,
        [
            ["01/01/2025", "Reconduction tacite jusqu’au 31/12/2025"],
            ["01/01/2026", "Reconduction tacite jusqu’au 31/12/2026"],
            ["01/01/2027", "Reconduction tacite jusqu’au 31/12/2027"],
            ["01/01/2028", "Reconduction tacite jusqu’au 31/12/2028"],
            ["31/12/2028", "Maximum de 5 ans atteint : dernier jour pour décider le renouvellement exprès"],
            ["31/12/2028", "Dernier jour de l’adhésion"],
        ],
    )


@pytest.mark.covers("T-37")
@pytest.mark.parametrize(
    ("reading", "waiver", "expected"),
    [
        ("de_date_à_date", [], ["10/03/2026", "sortie : de date à date"]),
        ("fin_de_période", [], ["31/12/2026", "sortie : à la fin de la période"]),
        ("de_date_à_date", ["--accord", "30/06/2025"], ["30/06/2025", "sortie : accord écrit des deux parties"]),
        ("fin_de_période", ["--accord", "30/06/2025"], ["30/06/2025", "sortie : accord écrit des deux parties"]),
    ],
)
def test_a_letter_received_in_redon_on_10_march_2025(tmp_path, reading, waiver, expected):
    status, found = rows(redon(tmp_path, reading), "--effet", "01/01/2024", "--courrier-recu", "10/03/2025", *waiver)
    assert (status, found[-1]) == (0, expected)


@pytest.mark.covers("T-38", "MEM-19")
@pytest.mark.parametrize(
    ("day", "offer", "status", "expected"),
    [
        ("31/12/2025", "avancé_sans_dsi", 0, "départ : sans frais"),
        (
            "01/01/2026",
            "avancé_sans_dsi",
            2,
            "départ : à décider : sortie le 01/01/2026, engagement jusqu’au 30/06/2027 : coût à fixer par un acte",
        ),
        ("01/01/2026", "socle", 0, "départ : sans frais"),
        ("30/06/2027", "avancé_sans_dsi", 0, "départ : l’engagement finit le 30/06/2027"),
    ],
)
def test_leaving_sicoval(day, offer, status, expected):
    found = rows("sicoval", "--effet", "01/07/2024", "--quitter", day, "--offre", offer)
    assert (found[0], found[1][-1]) == (status, [day, expected])


def test_nimes_gives_no_duration_and_none_is_invented():
    said = "communis tarif : non prévu : la convention ne dit rien de sa durée\n"
    assert tarif("dates", "nimes_metropole", "--effet", "01/01/2024") == (1, "", said)
