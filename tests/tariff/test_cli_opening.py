"""What every verb says of a convention or of tables that cannot be opened: all the problems, no result, nothing written."""

import pytest

from factories.command import tarif
from factories.service import contents, edited, with_rows, written

VERBS = {
    "calculer": ["--exercice", "2024"],
    "expliquer": ["Aubépine", "--exercice", "2024"],
    "comparer": ["--exercice", "2024", "--avec", "2025"],
    "simuler": ["--exercices", "2024"],
    "reconcilier": ["PUBLISHED", "--exercice", "2024"],
}

each_verb = pytest.mark.parametrize("verb", VERBS)


def asked(verb, folder, convention):
    """Run a verb on a convention, with the published table that one of them wants."""
    table = folder / "publié.csv"
    table.write_text("membre;montant\nAubépine;2000\n", "utf-8")
    run = tarif(verb, convention, *(table if argument == "PUBLISHED" else argument for argument in VERBS[verb]))
    table.unlink()
    return run


@each_verb
def test_a_convention_that_is_not_there_is_told_with_the_nearest_shipped(tmp_path, verb):
    absent = tmp_path / "absent.tarif"
    said = f"communis tarif : « {absent} » ne se lit pas : le fichier n’existe pas.\n"
    assert asked(verb, tmp_path, absent) == (1, "", said)
    hint = "communis tarif : « sicova » ne se lit pas : le fichier n’existe pas. La convention livrée la plus proche : sicoval.\n"
    assert asked(verb, tmp_path, "sicova") == (1, "", hint)


@each_verb
def test_a_folder_without_a_convention_is_told(tmp_path, verb):
    folder = tmp_path / "vide"
    folder.mkdir()
    said = f"communis tarif : Le dossier « {folder} » n’a pas de fichier convention.tarif.\n"
    assert asked(verb, tmp_path, folder) == (1, "", said)


@pytest.mark.parametrize("verb", ["dates", *VERBS])
def test_a_convention_with_errors_is_not_computed_and_they_are_all_told(tmp_path, verb):
    text = edited("= part_fixe + part", "= part_fix + part", edited("1,50 €/hab depuis", "1,50 depuis"))
    folder = written(tmp_path / "service", text)
    before = contents(folder)
    run = tarif("dates", folder, "--effet", "01/01/2024") if verb == "dates" else asked(verb, tmp_path, folder)
    assert run == (
        1,
        "",
        "convention.tarif:31:5: UNI-02 « 1,50 » n’a pas d’unité : combien de quoi ? → "
        "Écrivez-la, par exemple €/hab ; « : nombre » après le nom si c’est un nombre pur.\n"
        "convention.tarif:41:7: NOM-01 « part_fix » n’est défini nulle part. → Le plus proche : part_fixe (l. 33).\n"
        "2 problèmes : rien n’a été calculé.\n",
    )
    assert contents(folder) == before


@each_verb
def test_bytes_that_are_no_convention_are_told(tmp_path, verb):
    folder = written(tmp_path / "service")
    (folder / "convention.tarif").write_bytes(b"convention \xff\n")
    said = "convention.tarif:1:12: LEC-21 Le fichier n’est pas en UTF-8. → Enregistrez-le en UTF-8.\n"
    assert asked(verb, tmp_path, folder) == (1, "", said + "1 problème : rien n’a été calculé.\n")


@each_verb
def test_tables_with_errors_are_not_computed_and_these_are_all_told(tmp_path, verb):
    wrong = {
        **with_rows("choix", "Aubépin;socle;01/01/2024;", "Capucine;socl;01/01/2024;"),
        **with_rows("faits", "Capucine;habitants;beaucoup;totale;01/01/2024;"),
    }
    folder = written(tmp_path / "service", **wrong)
    before = contents(folder)
    assert asked(verb, tmp_path, folder) == (
        1,
        "",
        "choix.csv:4:1: TAB-12 Colonne « membre » : « Aubépin » n’est pas dans la table des membres. → "
        "Le plus proche : Aubépine.\n"
        "choix.csv:5:2: TAB-13 Colonne « offre » : « socl » n’est pas une offre de la convention. → Le plus proche : socle.\n"
        "faits.csv:6:3: TAB-11 Colonne « valeur » : « beaucoup » n’est pas un nombre. → "
        "Des chiffres de 0 à 9, une virgule, au plus 15 chiffres et 9 décimales.\n"
        "3 problèmes : rien n’a été calculé.\n",
    )
    assert contents(folder) == before


@each_verb
def test_bytes_that_are_no_table_are_told(tmp_path, verb):
    folder = written(tmp_path / "service")
    (folder / "choix.csv").write_bytes(b"membre;offre;du\nAub\xe9pine;socle;01/01/2024\n")
    said = "choix.csv:2:1: TAB-02 Le fichier n’est pas en UTF-8. → Enregistrez-le en « CSV UTF-8 ».\n"
    assert asked(verb, tmp_path, folder) == (1, "", said + "1 problème : rien n’a été calculé.\n")


@each_verb
def test_a_table_that_cannot_be_opened_is_told(tmp_path, verb):
    folder = written(tmp_path / "service", choix=None)
    (folder / "choix.csv").mkdir()
    said = "choix.csv:1:1: TAB-09 Le fichier ne se lit pas : c’est un dossier. → Donnez un fichier que l’on peut lire.\n"
    assert asked(verb, tmp_path, folder) == (1, "", said + "1 problème : rien n’a été calculé.\n")


def test_the_demonstration_says_where_it_cannot_write_and_what_is_no_exercise(tmp_path):
    (tmp_path / "pris").touch()
    run = tarif("demo", "--dossier", tmp_path / "pris")
    said = (
        f"communis tarif : Les états ne s’écrivent pas dans « {tmp_path / 'pris' / 'grand_nancy'} » : ce n’est pas un dossier.\n"
    )
    assert (run.status, run.err) == (1, said)
    run = tarif("demo", "--dossier", tmp_path / "libre", "--exercice", "9999")
    assert (run.status, run.err) == (1, "communis tarif : « 9999 » n’est pas un exercice : on calcule de 1950 à 2150.\n")


@each_verb
def test_tables_without_members_compute_for_nobody(tmp_path, verb):
    folder = written(tmp_path / "service", membres=None, choix=None, faits=None)
    run = asked(verb, tmp_path, folder)
    assert (run.status, run.err.splitlines()) == {
        "calculer": (0, []),
        "comparer": (0, []),
        "simuler": (0, []),
        "expliquer": (1, ["communis tarif : « Aubépine » n’est pas un membre."]),
        "reconcilier": (
            1,
            [
                "publié.csv:2:1: TAB-13 « Aubépine » n’est pas un membre. → Écrivez son nom, son SIREN ou son code Insee.",
                "1 problème : rien n’a été calculé.",
            ],
        ),
    }[verb]


@each_verb
def test_a_convention_that_cannot_be_published_is_computed_all_the_same(tmp_path, verb):
    """What stands against publication does not stand against an amount that does not depend on it."""
    awaited = """paramètre attendu : €  article 5
    à fournir "plus tard"
offre future "Future"  article 5
ligne à_venir  article 5
    pour future, chaque exercice, en fonctionnement
    = attendu
"""
    text = edited('offre audit "Audit" ', f'{awaited}offre audit "Audit" ')
    assert tarif("verifier", written(tmp_path / "service", text)).status == 2
    run = asked(verb, tmp_path, tmp_path / "service")
    assert (run.status, run.err) == ({"comparer": 2, "reconcilier": 2}.get(verb, 0), "")


def test_a_convention_whose_example_fails_says_so_when_it_computes(tmp_path):
    folder = written(tmp_path, edited("1,50 €/hab depuis", "1,60 €/hab depuis"))
    assert tarif("verifier", folder).status == 1
    run = tarif("calculer", folder, "--exercice", "2024")
    assert (run.status, run.err) != (0, "")


@pytest.mark.parametrize("verb", ["verifier", "formater", "calculer"])
def test_a_file_without_an_end_is_told_too_long(verb):
    options = ["--exercice", "2024"] if verb == "calculer" else []
    run = tarif(verb, "/dev/zero", *options)
    assert (run.status, "fait plus de 262\N{NO-BREAK SPACE}144 octets" in run.out + run.err) == (1, True)


def test_a_workbook_in_a_folder_that_is_not_there_is_told(tmp_path):
    run = tarif("calculer", "redon", "--exercice", "2024", "--xlsx", tmp_path / "absent" / "a.xlsx")
    said = f"communis tarif : « {tmp_path}/absent/a.xlsx » ne s’écrit pas : le dossier « {tmp_path}/absent » n’existe pas.\n"
    assert (run.status, run.err) == (1, said)
