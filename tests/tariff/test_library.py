"""The library of examples: each block stands alone, and a new convention begins from any of them."""

import re
from pathlib import Path

import pytest

from communis.tariff import verify
from communis.tariff.language.layout import formatted
from communis.tariff.language.problems import Severity
from communis.tariff.library import LIBRARY, block_text, merged, starter
from factories.blocks import LIBRARY as FOLDER

FILES = sorted(FOLDER.rglob("*.tarif"))
INVENTED = "# Tout est inventé\u00a0: donnée fictive de démonstration."
ALONE = ("part_au_centime", "restes_au_gestionnaire")  # they do not leave the cents to the same

each_file = pytest.mark.parametrize("path", FILES, ids=[p.relative_to(FOLDER).as_posix() for p in FILES])


def severities(text):
    return {p.severity for p in verify(text, "essai.tarif")[1]}


@each_file
def test_a_file_of_the_library_can_be_published(path):
    convention, problems = verify(path.read_bytes(), path.name)
    assert [str(p) for p in problems if p.severity is not Severity.REMARK] == []
    assert convention.publishable


@each_file
def test_a_file_of_the_library_says_that_it_is_invented(path):
    described, invented = path.read_text("utf-8").split("\n")[:2]
    assert (described[:2], described[-1], invented) == ("# ", ".", INVENTED)
    assert all(example.fictitious for example in verify(path.read_bytes(), path.name)[0].model.book.examples)


@each_file
def test_a_file_of_the_library_is_in_the_one_layout(path):
    assert formatted(path.read_bytes(), path.name) == path.read_text("utf-8")


@each_file
def test_a_file_of_the_library_has_an_example(path):
    assert verify(path.read_bytes(), path.name)[0].model.book.examples != []


@pytest.mark.covers("TAR-63")
def test_the_library_has_one_example_a_block_each_described_on_one_line():
    assert len(LIBRARY) == 55
    assert list(LIBRARY) == sorted(LIBRARY)
    assert LIBRARY["part_fixe"] == "Une part fixe, la même pour tous ceux qui tiennent l’offre"
    assert [name for name, words in LIBRARY.items() if not words or "\n" in words or "inventé" in words] == []


def test_the_library_does_not_know_other_names():
    assert "part_fix" not in LIBRARY
    with pytest.raises(KeyError):
        LIBRARY["part_fix"]


@pytest.mark.parametrize("name", LIBRARY)
def test_a_convention_begins_from_a_block(name):
    text = starter("Service commun", [name])
    assert Severity.ERROR not in severities(text)
    assert text.split("\n")[2:4] == ['convention "Service commun"', '    gestionnaire "[nom du gestionnaire]"']


@pytest.mark.covers("TAR-63")
def test_a_convention_begins_from_all_the_blocks_that_agree():
    names = [name for name in LIBRARY if name not in ALONE[1:]]
    convention, problems = verify(starter("Tout", names), "tout.tarif")
    assert [str(p) for p in problems if p.severity is not Severity.REMARK] == []
    wanted = {example.label for name in names for example in verify(block_text(name), name)[0].model.book.examples}
    assert {example.label for example in convention.model.book.examples} == wanted


@pytest.mark.parametrize("names", [
    ["part_fixe_par_classe", "tarif_par_habitant"],
    ["tarif_par_habitant", "part_fixe_par_classe"],
    ["demi_journees", "enveloppe_de_jours"],
    ["credit_a_delai", "rang_de_l_annee", "prorata"],
    ["cle_composee", "deux_pots", "plafond_sur_moyenne", "encadrement"],
    ["restes_au_gestionnaire", "population"],
])  # fmt: skip
def test_a_convention_begins_from_several_blocks(names):
    text = starter("Service commun", names)
    assert severities(text) == set()
    assert formatted(text) == text


def test_what_blocks_share_is_written_once():
    rows = starter("Service commun", ["part_fixe_par_classe", "tarif_par_habitant"]).split("\n")
    for head in (
        'article 1 "Définitions"',
        'unité hab "habitant"',
        "fait habitants : hab",
        'offre socle "Socle commun"',
        "convention ",
    ):
        assert len([row for row in rows if row.startswith(head)]) == 1


def test_articles_stand_in_the_order_of_their_numbers():
    rows = starter("Service commun", ["demi_journees", "tarif_par_habitant", "population"]).split("\n")
    assert [row.split('"')[0] for row in rows if row.startswith("article ")] == [
        "article 1 ",
        "article 2.1 ",
        "article 3.2 ",
        "article 3.10 ",
    ]


def test_a_block_chosen_twice_counts_once():
    assert starter("A", ["part_fixe", "part_fixe"]) == starter("A", ["part_fixe"])


def test_a_convention_may_begin_empty():
    assert severities(starter("À écrire", [])) == set()


def test_two_blocks_that_do_not_agree_are_refused():
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole message is compared
        starter("A", list(ALONE))
    assert str(refused.value) == (
        "Les blocs « part_au_centime » et « restes_au_gestionnaire » n’ont pas le même « restes » : prenez l’un ou l’autre."
    )


def test_two_declarations_of_one_name_are_refused():
    ours = block_text("tarif_par_habitant")
    other = ours.replace("population totale, lu", "population municipale, lu")
    assert merged("A", {"le nôtre": ours, "le même": ours}) == merged("A", {"le nôtre": ours})
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole message is compared
        merged("A", {"le nôtre": ours, "l’autre": other})
    assert str(refused.value) == (
        "Les blocs « le nôtre » et « l’autre » ne déclarent pas « habitants » de la même façon : prenez l’un ou l’autre."
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("part_fix", "« part_fix » n’est pas un bloc de la bibliothèque. Le plus proche : part_fixe."),
        (
            "grille_à_deux_entrées",
            "« grille_à_deux_entrées » n’est pas un bloc de la bibliothèque. Le plus proche : grille_a_deux_entrees.",
        ),
    ],
)
def test_an_unknown_block_is_refused_with_the_nearest(name, message):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole message is compared
        starter("A", [name])
    assert str(refused.value) == message


@pytest.mark.parametrize("name", ["", "../redon/convention", "part_fixe.tarif", "x" * 5000])
def test_a_block_is_a_name_and_never_a_path(name):
    with pytest.raises(ValueError, match="n’est pas un bloc de la bibliothèque"):
        starter("A", [name])


@pytest.mark.parametrize("title", ["", "  ", 'dit "commun"', "deux\nlignes", "x" * 201, "nul\x00"])
def test_a_title_that_does_not_stand_between_quotes_is_refused(title):
    with pytest.raises(ValueError, match="Un titre tient sur une ligne"):
        starter(title, ["part_fixe"])


def test_the_table_of_primitives_is_whole_and_names_only_what_is_there():
    docs = Path(__file__).parents[2] / "docs" / "dev" / "primitives.md"
    rows = [row.split(" | ") for row in docs.read_text("utf-8").split("\n") if re.match(r"\| \d", row)]
    assert [int(row[0].lstrip("| ")) for row in rows] == list(range(1, 49))
    written = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_primitives_*.py"))
    named = {name for row in rows for name in re.findall(r"`(test_\w+)`", row[4])}
    assert sorted(name for name in named if f"def {name}(" not in written) == []
    files = {name for row in rows for name in re.findall(r"`(\w+)`", row[3])}
    assert sorted(files | {"six_formes"}) == list(LIBRARY)
