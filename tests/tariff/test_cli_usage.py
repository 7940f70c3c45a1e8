"""How `communis tarif` is asked: its version, its help, and what is said of a command badly written (status 64)."""

import subprocess
import sys

import pytest

import communis as distribution
from factories.command import communis, plain_spaces, tarif
from factories.service import contents, written

VERBS = ["verifier", "formater", "nouveau", "dates", "calculer", "expliquer", "reconcilier", "comparer", "simuler", "demo"]


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    return written(tmp_path_factory.mktemp("service"))


def test_the_version_is_that_of_the_distribution():
    assert communis("--version") == (0, f"communis {distribution.__version__}\n", "")


def test_the_help_of_tarif_names_each_verb_once():
    run = tarif("--help")
    assert (run.status, run.err) == (0, "")
    words = [line.split()[0] for line in run.lines if line.startswith("    ") and line.split()[0] in VERBS]
    assert words == VERBS
    assert run.lines[-1] == "Codes de sortie : 0 fait ; 1 erreur ; 2 fait, mais incomplet ; 64 commande mal écrite."


@pytest.mark.parametrize(
    ("verb", "sentence"),
    [
        ("verifier", "Vérifie des conventions. Code 0 : publiable ; 1 : en erreur ; 2 : calculable, pas publiable."),
        (
            "formater",
            "Récrit des fichiers dans la mise en page unique ; avec --verifier, dit seulement s’ils y sont (code 1 sinon).",
        ),
        ("dates", "Les dates d’une adhésion selon la convention."),
        (
            "calculer",
            "Calcule les lignes et les totaux. Code 2 quand un membre au moins est bloqué, nommé avec ce qui manque.",
        ),
        ("expliquer", "Explique les lignes d’un membre."),
        ("reconcilier", "Compare un CSV (membre;montant, ou membre;ligne;montant) au calcul. Code 2 s’il y a un écart."),
        (
            "simuler",
            "Simule sur tous les membres et plusieurs exercices. Rien n’est écrit : une simulation n’est pas une facture.",
        ),
    ],
)
def test_each_verb_says_what_it_does(verb, sentence):
    run = tarif(verb, "--help")
    assert (run.status, run.err) == (0, "")
    assert run.lines[0].startswith(f"usage : communis tarif {verb} [-h]")
    assert sentence in run.lines


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "communis tarif : il manque : VERBE (voir « communis tarif --help »)."),
        (["verifier"], "communis tarif verifier : il manque : FICHIER (voir « communis tarif verifier --help »)."),
        (["formater"], "communis tarif formater : il manque : FICHIER (voir « communis tarif formater --help »)."),
        (["nouveau"], "communis tarif nouveau : il manque : FICHIER (voir « communis tarif nouveau --help »)."),
        (["dates", "SERVICE"], "communis tarif dates : il manque : --effet (voir « communis tarif dates --help »)."),
        (
            ["calculer", "SERVICE"],
            "communis tarif calculer : l’un des arguments --exercice --echeance est demandé "
            "(voir « communis tarif calculer --help »).",
        ),
        (
            ["calculer", "SERVICE", "--exercice"],
            "communis tarif calculer : --exercice : attend une valeur (voir « communis tarif calculer --help »).",
        ),
        (
            ["calculer", "SERVICE", "--exercice", "2024", "--echeance", "2025"],
            "communis tarif calculer : --echeance : ne va pas avec --exercice (voir « communis tarif calculer --help »).",
        ),
        (
            ["calculer", "SERVICE", "--exercice", "2024", "--json", "--csv"],
            "communis tarif calculer : --csv : ne va pas avec --json (voir « communis tarif calculer --help »).",
        ),
        (
            ["expliquer", "SERVICE"],
            "communis tarif expliquer : il manque : MEMBRE, --exercice (voir « communis tarif expliquer --help »).",
        ),
        (
            ["expliquer", "SERVICE", "Aubépine", "--exercice", "2024", "--csv"],
            "communis tarif : argument inconnu : --csv (voir « communis tarif --help »).",
        ),
        (
            ["reconcilier", "SERVICE", "--exercice", "2024"],
            "communis tarif reconcilier : il manque : CSV (voir « communis tarif reconcilier --help »).",
        ),
        (["comparer"], "communis tarif comparer : il manque : CONVENTION (voir « communis tarif comparer --help »)."),
        (["simuler", "SERVICE"], "communis tarif simuler : il manque : --exercices (voir « communis tarif simuler --help »)."),
        (
            ["dates", "SERVICE", "--effet", "31/02/2024"],
            "communis tarif dates : --effet : « 31/02/2024 » n’est pas une date : écrivez jj/mm/aaaa "
            "(voir « communis tarif dates --help »).",
        ),
        (
            ["dates", "SERVICE", "--effet", "2024-07-15"],
            "communis tarif dates : --effet : « 2024-07-15 » n’est pas une date : écrivez jj/mm/aaaa "
            "(voir « communis tarif dates --help »).",
        ),
        (
            ["calculer", "SERVICE", "--exercice", "2024", "--nimporte"],
            "communis tarif : argument inconnu : --nimporte (voir « communis tarif --help »).",
        ),
        (
            ["calculer", "SERVICE", "--exercice", "2024", "en_trop"],
            "communis tarif : argument inconnu : en_trop (voir « communis tarif --help »).",
        ),
    ],
)
def test_a_misused_verb_is_answered_by_one_sentence(service, arguments, sentence):
    before = contents(service)
    run = tarif(*(str(service) if argument == "SERVICE" else argument for argument in arguments))
    assert (run.status, run.out, plain_spaces(run.err)) == (64, "", sentence + "\n")
    assert contents(service) == before


def test_an_unknown_verb_is_refused_with_those_that_exist():
    run = tarif("verifer", "redon")
    assert (run.status, run.out) == (64, "")
    assert run.err.startswith("communis tarif : ")
    assert run.err.count("\n") == 1
    assert [verb for verb in VERBS if verb not in run.err] == []


@pytest.mark.parametrize(
    ("arguments", "english"),
    [
        (["simuler", "SERVICE", "--exercices"], "expected at least one argument"),
        (["calculer", "SERVICE", "--e", "2024"], "ambiguous option: --e could match --exercice, --echeance"),
        (["verifier", "SERVICE", "--json=oui"], "ignored explicit argument 'oui'"),
    ],
)
def test_a_misused_verb_is_answered_in_french(service, arguments, english):
    run = tarif(*(str(service) if argument == "SERVICE" else argument for argument in arguments))
    assert run.status == 64
    assert english not in run.err


def test_a_date_has_a_year_of_four_digits(service):
    assert tarif("dates", service, "--effet", "15/07/24").status == 64


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [
        (["--help"], []),
        (["verifier", "redon"], []),
        (["dates", "redon", "--effet", "01/01/2025"], []),
        (["calculer", "redon", "--exercice", "2025"], ["numpy"]),
    ],
)
def test_a_verb_loads_no_library_that_it_does_not_use(arguments, loaded):
    program = (
        "import sys\n"
        "from communis.cli import main\n"
        f"main(['tarif', *{arguments!r}])\n"
        "print(sorted({'numpy', 'rich', 'xlsxwriter'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8", check=True)
    assert run.stdout.splitlines()[-1] == str(loaded)
