"""`communis tarif verifier`: every problem with its place and its remedy, and whether the version can be published."""

import pytest

from factories.command import tarif
from factories.service import TEXT, edited, written

FAULTY = edited("= part_fixe + part", "= part_fix + part", edited("de 1 500 à 8 000", "de 1 600 à 8 000"))
DEARER = edited("1,50 €/hab depuis", "1,60 €/hab depuis")
WITHOUT_EXAMPLE = TEXT.partition('exemple "')[0]
TYPED = edited('part_variable "part variable"     ', 'part_variable : €/hab "part variable"', WITHOUT_EXAMPLE)
AWAITING = edited('1,50 €/hab depuis le 01/01/2024 par "délibération 1"', 'à fournir "délibération à venir"', TYPED)


@pytest.fixture
def files(tmp_path):
    """A sound file, one with two errors, one that awaits a price, one whose example fails; return the folder."""
    for name, text in (("sound", TEXT), ("faulty", FAULTY), ("awaiting", AWAITING), ("dearer", DEARER)):
        (tmp_path / f"{name}.tarif").write_text(text, "utf-8")
    return tmp_path


def test_a_sound_file_can_be_published(files):
    path = files / "sound.tarif"
    assert tarif("verifier", path) == (0, f"{path} : publiable.\n", "")


def test_a_folder_and_a_shipped_name_stand_for_their_file(tmp_path):
    folder = written(tmp_path / "service")
    assert tarif("verifier", folder, "redon") == (0, f"{folder} : publiable.\nredon : publiable.\n", "")


def test_every_problem_is_told_at_once_with_its_place_its_words_and_its_remedy(files):
    path = files / "faulty.tarif"
    run = tarif("verifier", path)
    assert (run.status, run.err) == (1, "")
    assert run.lines == [
        f"{path} 34:5 · BAR-02 · erreur",
        "    moins de 1 500   : 500 €",
        "    ^^^^^^^^^^^^^^^^^^^^^^^^",
        "Aucune classe du barème part_fixe ne dit la valeur de 1 500 hab à moins de 1 600 hab. "
        "Un de plus ou de moins ne doit jamais faire perdre son prix à un membre.",
        '→ Corrigez une borne, ou ajoutez une classe « … : à décider "motif" ».',
        "",
        f"{path} 41:7 · NOM-01 · erreur",
        "    part_fix",
        "    ^^^^^^^^",
        "« part_fix » n’est défini nulle part.",
        "→ Le plus proche : part_fixe (l. 33).",
        "",
        f"{path} : 2 erreurs, publication refusée.",
    ]


def test_the_problems_of_files_are_written_for_programs(files):
    sound, faulty = files / "sound.tarif", files / "faulty.tarif"
    run = tarif("verifier", sound, faulty, "--json")
    assert (run.status, run.err) == (1, "")
    assert run.json[0] == {"file": str(sound), "status": 0, "problems": []}
    assert [report["file"] for report in run.json] == [str(sound), str(faulty)]
    assert [report["status"] for report in run.json] == [0, 1]
    assert run.json[1]["problems"][1] == {
        "code": "NOM-01",
        "severity": "erreur",
        "line": 41,
        "column": 7,
        "end_line": 41,
        "end_column": 15,
        "words": "part_fix",
        "message": "« part_fix » n’est défini nulle part.",
        "remedy": "Le plus proche : part_fixe (l. 33).",
    }


def test_what_only_stands_against_publication_has_its_own_status(files):
    path = files / "awaiting.tarif"
    run = tarif("verifier", path)
    assert (run.status, run.err) == (2, "")
    assert run.lines == [
        f"{path} 30:1 · FOU-01 · obstacle",
        '    paramètre part_variable : €/hab "part variable"                            article 5',
        "    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "« part variable » est à fournir : délibération à venir.",
        "→ Écrivez sa valeur, avec l’acte qui la fixe.",
        "",
        f"{path} : calculable, mais pas publiable : 1 obstacle à lever.",
    ]


def test_the_obstacles_of_a_shipped_convention_are_named():
    run = tarif("verifier", "sidec")
    assert (run.status, run.err) == (2, "")
    assert [line for line in run.lines if " · " in line] == [
        "sidec/convention.tarif 74:1 · TRA-01 · obstacle",
        "sidec/convention.tarif 87:1 · TRA-01 · obstacle",
        "sidec/convention.tarif 167:1 · FOU-01 · obstacle",
    ]
    assert run.lines[-1] == "sidec : calculable, mais pas publiable : 3 obstacles à lever."


@pytest.mark.covers("TAR-21")
def test_a_version_that_fails_an_example_of_its_text_is_refused(files):
    path = files / "dearer.tarif"
    run = tarif("verifier", path)
    assert (run.status, run.err) == (1, "")
    assert run.lines == [
        f"{path} 58:5 · EXE-01 · erreur",
        "    donne contribution = 2 000 €",
        "    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "« commune de 1 000 habitants » : l’article 5 attend 2 000,00 €, la règle donne 2 100,00 €.",
        "→ Corrigez la règle, ou l’exemple si c’est lui qui se trompe.",
        "",
        f"{path} : 1 erreur, publication refusée.",
    ]


@pytest.mark.parametrize(
    ("names", "status"),
    [
        (["sound", "sound"], 0),
        (["sound", "awaiting"], 2),
        (["awaiting", "sound"], 2),
        (["faulty", "awaiting"], 1),
        (["awaiting", "dearer", "sound"], 1),
    ],
)
def test_the_worst_of_several_files_decides_of_the_status(files, names, status):
    assert tarif("verifier", *(files / f"{name}.tarif" for name in names)).status == status


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (TEXT.encode("latin-1", "replace"), "2:28 · LEC-21 · erreur\nLe fichier n’est pas en UTF-8.\n→ Enregistrez-le en UTF-8."),
        (b"\xff\xfe\x00", "1:1 · LEC-21 · erreur\nLe fichier n’est pas en UTF-8.\n→ Enregistrez-le en UTF-8."),
        (b"\x00", "1:1 · LEC-23 · erreur\nCaractère invisible (U+0000).\n→ Effacez-le."),
        (
            b"",
            "1:1 · FOR-01 · erreur\nLe fichier n’a pas de bloc « convention ».\n"
            '→ Commencez par : convention "…", avec gestionnaire, version et exercice.',
        ),
    ],
)
def test_bytes_that_are_no_convention_are_told_and_nothing_breaks(tmp_path, data, told):
    path = tmp_path / "bytes.tarif"
    path.write_bytes(data)
    assert tarif("verifier", path) == (1, f"{path} {told}\n\n{path} : 1 erreur, publication refusée.\n", "")
    assert path.read_bytes() == data


def test_a_file_that_is_not_there_is_told(files):
    path = files / "nowhere.tarif"
    assert tarif("verifier", path) == (1, "", f"communis tarif : « {path} » ne se lit pas : le fichier n’existe pas.\n")


def test_a_file_that_is_not_there_does_not_hide_the_others(files):
    run = tarif("verifier", files / "nowhere.tarif", files / "sound.tarif")
    assert run.status == 1
    assert run.out == f"{files / 'sound.tarif'} : publiable.\n"


def test_a_folder_without_a_convention_is_told_as_such(tmp_path):
    said = f"communis tarif : Le dossier « {tmp_path} » n’a pas de fichier convention.tarif.\n"
    assert tarif("verifier", tmp_path) == (1, "", said)


def test_a_file_that_cannot_be_read_is_told_to_programs(files):
    run = tarif("verifier", files / "nowhere.tarif", files / "sound.tarif", "--json")
    said = f"« {files / 'nowhere.tarif'} » ne se lit pas : le fichier n’existe pas."
    assert run.json == [
        {"file": str(files / "nowhere.tarif"), "status": 1, "problems": [], "unreadable": said},
        {"file": str(files / "sound.tarif"), "status": 0, "problems": []},
    ]


def test_a_file_may_be_named_without_its_suffix(files):
    assert tarif("verifier", files / "sound") == (0, f"{files / 'sound'} : publiable.\n", "")
