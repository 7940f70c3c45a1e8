"""`communis tarif nouveau`: a file begun from the library, that never takes the place of another."""

from contextlib import suppress

import pytest

from factories.command import tarif
from factories.service import contents


def test_a_convention_is_begun_and_can_be_checked_and_computed(tmp_path):
    path = tmp_path / "pays" / "orge.tarif"
    run = tarif("nouveau", path, "--blocs", "part_fixe", "tarif_par_habitant", "--titre", "Service commun de l’Orge")
    assert run == (
        0, f"{path} : créé. Remplacez ce qui est entre [crochets], puis : communis tarif verifier {path}\n", "",
    )  # fmt: skip
    assert path.read_text("utf-8").split("\n")[2:5] == [
        'convention "Service commun de l’Orge"',
        '    gestionnaire "[nom du gestionnaire]"',
        '    version "[nom de la version]" du 01/01/2024',
    ]
    assert tarif("verifier", path) == (0, f"{path} : publiable.\n", "")
    assert tarif("formater", "--verifier", path) == (0, "", "")


def test_without_blocks_a_convention_begins_with_a_scale(tmp_path):
    path = tmp_path / "convention.tarif"
    assert tarif("nouveau", path).status == 0
    rows = path.read_text("utf-8").split("\n")
    assert [row.split('"')[0] for row in rows if row.startswith(("barème", "ligne"))] == [
        "barème par classe forfait_selon_la_taille selon habitants               article 3.3",
        "ligne contribution_selon_la_taille ",
    ]


def changed(path, before, after):
    text = path.read_text("utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), "utf-8")


@pytest.mark.covers("TAR-01")
def test_a_price_and_its_date_are_changed_in_the_text_alone(tmp_path):
    path = tmp_path / "convention.tarif"
    tarif("nouveau", path, "--blocs", "part_fixe")
    (tmp_path / "membres.csv").write_text("membre\nAubépine\n", "utf-8")
    (tmp_path / "choix.csv").write_text("membre;offre;du\nAubépine;socle;01/01/2024\n", "utf-8")
    assert tarif("calculer", path, "--exercice", "2025", "--csv").lines == [
        "Membre;Ligne;Article;Montant;Échéance",
        "Aubépine;Part fixe;3.1;600,00 €;",
    ]
    price = '    600 € depuis le 01/01/2024 par "délibération 2023-41"\n'
    changed(path, price, f'{price}    640 € depuis le 01/01/2026 par "délibération 2025-12"\n')
    assert tarif("verifier", path) == (0, f"{path} : publiable.\n", "")
    amounts = [tarif("calculer", path, "--exercice", year, "--csv").lines[1] for year in ("2025", "2026")]
    assert amounts == ["Aubépine;Part fixe;3.1;600,00 €;", "Aubépine;Part fixe;3.1;640,00 €;"]


@pytest.mark.covers("TAR-01", "TAR-21")
def test_a_class_is_changed_with_the_example_that_states_it(tmp_path):
    path = tmp_path / "convention.tarif"
    tarif("nouveau", path, "--blocs", "part_fixe_par_classe")
    (tmp_path / "membres.csv").write_text("membre\nAubépine\n", "utf-8")
    (tmp_path / "choix.csv").write_text("membre;offre;du\nAubépine;socle;01/01/2024\n", "utf-8")
    population = "membre;fait;valeur;nature;date\nAubépine;habitants;1 999;totale;01/01/2024\n"
    (tmp_path / "faits.csv").write_text(population, "utf-8")
    changed(path, "de 500 à moins de 2 000 : 700 €", "de 500 à moins de 1 500 : 700 €\n    de 1 500 à moins de 2 000 : 900 €")
    refused = tarif("verifier", path)
    assert (refused.status, refused.lines[-1]) == (1, f"{path} : 1 erreur, publication refusée.")
    assert refused.lines[3] == (
        "« les deux côtés de chaque borne » : cet exemple attend 700,00 €, la règle donne 900,00 €."
    )  # fmt: skip
    changed(path, "| 1 999     | 700 €                        |", "| 1 999     | 900 €                        |")
    assert tarif("verifier", path) == (0, f"{path} : publiable.\n", "")
    assert tarif("calculer", path, "--exercice", "2024", "--csv").lines[1:] == [
        "Aubépine;Contribution selon la taille;3.3;900,00 €;",
    ]  # fmt: skip


def test_a_file_that_is_there_is_never_overwritten(tmp_path):
    path = tmp_path / "mine.tarif"
    path.write_text("à moi\n", "utf-8")
    assert tarif("nouveau", path) == (1, "", f"communis tarif : « {path} » existe déjà : il n’a pas été touché.\n")
    assert tarif("nouveau", tmp_path) == (1, "", f"communis tarif : « {tmp_path} » existe déjà : il n’a pas été touché.\n")
    assert contents(tmp_path) == {"mine.tarif": "à moi\n".encode()}


def test_a_file_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    path = tmp_path / "file" / "below" / "new.tarif"
    said = f"communis tarif : « {path} » ne s’écrit pas : ce n’est pas un dossier.\n"
    assert tarif("nouveau", path) == (1, "", said)
    assert contents(tmp_path) == {"file": b""}


REFUSED_BLOCKS = [
    (["--blocs", "part_fix"], "« part_fix » n’est pas un bloc de la bibliothèque. Le plus proche : part_fixe."),
    (
        ["--blocs", "part_au_centime", "restes_au_gestionnaire"],
        "Les blocs « part_au_centime » et « restes_au_gestionnaire » n’ont pas le même « restes » : prenez l’un ou l’autre.",
    ),
    (["--titre", 'dit "commun"'], "Un titre tient sur une ligne de 200 caractères au plus, sans guillemets droits."),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED_BLOCKS)
def test_what_the_library_refuses_is_told_by_one_sentence(tmp_path, arguments, sentence):
    assert tarif("nouveau", tmp_path / "new.tarif", *arguments) == (1, "", f"communis tarif : {sentence}\n")


@pytest.mark.parametrize("arguments", [arguments for arguments, _ in REFUSED_BLOCKS])
def test_what_the_library_refuses_leaves_no_file(tmp_path, arguments):
    with suppress(ValueError):  # told or not: see above
        tarif("nouveau", tmp_path / "folder" / "new.tarif", *arguments)
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_a_folder_is_told_in_french(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    path = tmp_path / "file" / "new.tarif"
    said = f"communis tarif : « {path} » ne s’écrit pas : ce n’est pas un dossier.\n"
    assert tarif("nouveau", path) == (1, "", said)
