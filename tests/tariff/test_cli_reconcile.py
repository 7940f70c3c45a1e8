"""`communis tarif reconcilier`: a published table of amounts beside the computed ones."""

import pytest

from factories.command import tarif
from factories.service import with_rows, written

YEAR = ("--exercice", "2024")
MISSING = "fait manquant : population totale 2025 (habitants)"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    return written(tmp_path_factory.mktemp("service"))


def published(folder, *rows):
    path = folder / "publié.csv"
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def test_a_table_that_says_the_same_is_equal(tmp_path, service):
    path = published(tmp_path, "membre;montant", "Aubépine;2 000,00 €", "35014;3000")
    run = tarif("reconcilier", service, path, *YEAR)
    assert (run.status, run.err) == (0, "")
    assert run.lines[:-1] == [
        "Service commun d’exemple, exercice 2024",
        "Membre        Publié     Calculé        Écart",
        "Aubépine  2 000,00 €  2 000,00 €  égal",
        "Bruyère   3 000,00 €  3 000,00 €  égal",
    ]


def test_what_differs_is_named_with_the_gap(tmp_path, service):
    path = published(tmp_path, "membre;montant", "Aubépine;1 999,99", "Capucine;12")
    run = tarif("reconcilier", service, path, *YEAR)
    assert (run.status, run.err) == (2, "")
    assert run.lines == [
        "Service commun d’exemple, exercice 2024",
        "Membre        Publié     Calculé                 Écart",
        "Aubépine  1 999,99 €  2 000,00 €  différent     0,01 €",
        "Capucine     12,00 €      0,00 €  différent   -12,00 €",
        "Bruyère            —  3 000,00 €  non publié",
        "2 différents, 1 non publié",
    ]


@pytest.mark.covers("TAR-03")
def test_a_blocked_member_is_not_computed_and_says_why(tmp_path, service):
    path = published(tmp_path, "membre;ligne;montant", "Aubépine;contribution;2015", "Bruyère;contribution;3700")
    run = tarif("reconcilier", service, path, "--exercice", "2025", "--csv")
    assert (run.status, run.lines) == (
        2,
        [
            "Membre;Ligne;Publié;Calculé;;Écart",
            "Aubépine;contribution;2 015,00 €;2 015,00 €;égal;",
            f"Bruyère;contribution;3 700,00 €;—;non calculé;{MISSING}",
        ],
    )


def test_amounts_may_be_published_line_by_line(tmp_path, service):
    rows = ("membre;ligne;montant", "Bruyère;contribution;3700", "Bruyère;écrêtement;-700", "Aubépine;prix_audit;250")
    run = tarif("reconcilier", service, published(tmp_path, *rows), *YEAR, "--json")
    assert run.status == 2
    assert [list(found.values())[:-1] for found in run.json] == [
        ["Bruyère", "contribution", "3700.00", "3700.00", "0.00", "égal", ""],
        ["Bruyère", "écrêtement", "-700.00", "-700.00", "0.00", "égal", ""],
        ["Aubépine", "prix_audit", "250.00", None, None, "non calculé", "« Audit » : offre non tenue"],
        ["Aubépine", "contribution", None, "2000.00", None, "non publié", ""],
    ]
    assert list(run.json[0]) == ["member", "line", "published", "computed", "gap", "status", "reason", "flags"]


def test_a_table_is_compared_with_an_offer_as_if_everybody_held_it(tmp_path, service):
    path = published(tmp_path, "membre;montant", "Aubépine;250", "Bruyère;250", "Capucine;260")
    run = tarif("reconcilier", service, path, *YEAR, "--offre", "audit", "--csv")
    assert (run.status, run.lines[1:3]) == (2, ["Aubépine;250,00 €;250,00 €;égal;", "Bruyère;250,00 €;250,00 €;égal;"])
    assert run.lines[3].startswith("Capucine;260,00 €;250,00 €;différent;")


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        (("nom;montant", "Aubépine;1"), ["1:1: TAB-06 Il manque la colonne « membre ». → Ajoutez-la à l’en-tête."]),
        (
            ("",),
            [
                "1:1: TAB-06 Il manque la colonne « membre ». → Ajoutez-la à l’en-tête.",
                "1:1: TAB-06 Il manque la colonne « montant ». → Ajoutez-la à l’en-tête.",
            ],
        ),
        (
            ("membre;ligne;montant", "Aubépin;contribution;1", "Aubépine;contributio;1", "Aubépine;;un", "Aubépine;;1,23456"),
            [
                "2:1: TAB-13 « Aubépin » n’est pas un membre. → Écrivez son nom, son SIREN ou son code Insee.",
                "3:2: TAB-13 « contributio » n’est pas une ligne de la convention. → "
                "On peut écrire : contribution, prix_audit, écrêtement.",
                "4:3: TAB-13 « un » n’est pas un montant. → Par exemple 1 234,50.",
                "5:3: TAB-13 « 1,23456 » n’est pas un montant. → Par exemple 1 234,50.",
            ],
        ),
        (
            ("membre;montant", "Aubépine;1", "213500135;2"),
            ["3:1: TAB-13 Ce montant est publié deux fois. → Gardez une ligne."],
        ),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_read_is_told_row_by_row(tmp_path, service, rows, problems):
    run = tarif("reconcilier", service, published(tmp_path, *rows), *YEAR)
    count = len(problems)
    said = [*(f"publié.csv:{problem}" for problem in problems), f"{count} problème{'s' * (count > 1)} : rien n’a été calculé."]
    assert (run.status, run.out, run.err.splitlines()) == (1, "", said)


def test_bytes_that_are_no_table_are_told(tmp_path, service):
    path = tmp_path / "publié.csv"
    path.write_bytes(b"membre;montant\nAub\xe9pine;1\n")
    run = tarif("reconcilier", service, path, *YEAR)
    assert (run.status, run.out) == (1, "")
    assert run.err.splitlines()[0] == (
        "publié.csv:2:1: TAB-02 Le fichier n’est pas en UTF-8. → Enregistrez-le en « CSV UTF-8 »."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ABSENT", *YEAR], "« ABSENT » n’est pas un fichier."),
        (["FILE", "--exercice", "24"], "« 24 » n’est pas un exercice. Par exemple 2024."),
        (["FILE", *YEAR, "--offre", "socl"], "« socl » n’est pas une offre. La plus proche : socle."),
    ],
)
def test_what_cannot_be_reconciled_is_told(tmp_path, service, arguments, sentence):
    names = {"ABSENT": tmp_path / "absent.csv", "FILE": published(tmp_path, "membre;montant", "Aubépine;1")}
    run = tarif("reconcilier", service, *(names.get(argument, argument) for argument in arguments))
    assert run == (1, "", f"communis tarif : {sentence}\n".replace("ABSENT", str(names["ABSENT"])))


@pytest.mark.covers("TAR-29")
def test_the_documented_amount_of_the_town_of_redon_is_that_of_the_computation(tmp_path):
    path = published(tmp_path, "membre;montant", "Redon;6 021,50")
    run = tarif("reconcilier", "redon", path, "--exercice", "2025")
    assert (run.status, run.lines[-2:]) == (0, ["Redon   6 021,50 €  6 021,50 €  égal", "1 égal"])


def test_a_member_that_owes_nothing_and_of_whom_nothing_is_published_is_not_told(tmp_path):
    folder = written(tmp_path / "service", **with_rows("membres", "Digitale;;;"))
    path = published(tmp_path, "membre;montant", "Aubépine;2000", "Bruyère;3000")
    run = tarif("reconcilier", folder, path, *YEAR, "--csv")
    assert (run.status, [row.split(";")[0] for row in run.lines]) == (0, ["Membre", "Aubépine", "Bruyère"])


def test_what_is_counted_is_written_in_french(tmp_path, service):
    path = published(tmp_path, "membre;montant", "Aubépine;2000", "Bruyère;3000")
    assert tarif("reconcilier", service, path, *YEAR).lines[-1] == "2 égaux"


def test_what_is_missing_for_a_member_is_said_once(tmp_path, service):
    path = published(tmp_path, "membre;montant", "Aubépine;2015", "Bruyère;3700")
    found = tarif("reconcilier", service, path, "--exercice", "2025", "--json").json
    assert [match["reason"] for match in found] == ["", MISSING]


def test_a_computed_amount_and_its_gap_say_that_they_are_made_up(tmp_path):
    folder = written(tmp_path / "service")
    (folder / "fictif").mkdir()
    made_up = "membre;fait;valeur;nature;date\nBruyère;habitants;1 000;totale;01/01/2025\n"
    (folder / "fictif" / "faits.csv").write_text(made_up, "utf-8")
    path = published(tmp_path, "membre;montant", "Aubépine;2015", "Bruyère;2100")
    run = tarif("reconcilier", folder, path, "--exercice", "2025", "--avec-donnees-fictives", "--csv")
    words = "(donnée fictive de démonstration)"
    assert run.lines[1:] == [
        "Aubépine;2 015,00 €;2 015,00 €;égal;",
        f"Bruyère;2 100,00 €;2 000,00 € {words};différent;-100,00 € {words}",
    ]


def test_a_table_compared_with_an_offer_says_that_it_is_a_simulation(tmp_path, service):
    path = published(tmp_path, "membre;montant", "Aubépine;250")
    run = tarif("reconcilier", service, path, *YEAR, "--offre", "audit")
    assert run.lines[0] == "Service commun d’exemple, exercice 2024 : comme si tous tenaient « Audit », une simulation"
    found = tarif("reconcilier", service, path, *YEAR, "--offre", "audit", "--json").json
    assert [match["flags"]["simulated"] for match in found] == [True, True, True]
