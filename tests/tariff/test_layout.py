"""The one layout of a `.tarif` file: what it looks like, and that it changes no word."""

import dataclasses
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Token

import communis
from communis.tariff.convention import verify
from communis.tariff.language.layout import formatted
from communis.tariff.language.parser import parse
from communis.tariff.language.problems import Place, ProblemsFound
from communis.tariff.language.source import SPACE, read_source
from communis.tariff.language.spelling import canonical

CONVENTIONS = Path(communis.__file__).parent / "conventions"
SHIPPED = sorted(CONVENTIONS.rglob("*.tarif"))

UNTIDY = """\
#  Syndicat d’exemple : tout est inventé.

convention "Service   commun"
  gestionnaire "Syndicat d’exemple"
  version "1" du 1/9/2022   # signée
  exercice du 1er janvier au 31 décembre
  arrondi au centime le plus proche
article 1  "Objet"
article 7.1 "Coût"
   « financent chaque année
     le service »
passage délibération "Vote"

unité hab "habitant"
unité demi-journée=0,5 jour [AMB-08]

interprétation AMB-01 "Quelle population ?" article 7.1 et 1
  retenu totale "population totale"
  # celle de l’INSEE
  possible municipale "population municipale"
  possible dgf
fait habitants:hab "habitants"  article 1
  population selon AMB-01,lu au 1er janvier de N
paramètre part_variable "part variable" article 7.1
  1,50  €/hab depuis le 1/9/2022 par "convention"
barème par classe part_fixe selon habitants article 7.1
  moins de 1500:1500 €
  de 1500 à moins de 3000:2000 €   # la plupart
  plus de 3000:à décider "examen"[AMB-01]
grandeur part article 7.1
  = selon le cas
      si AMB-01=totale : part_fixe
      # l’autre lecture
      si AMB-01 = municipale et habitants>=1000 : max( 0 € ;part_fixe*2-1 € )
      sinon: -1 €
ligne contribution "Contribution" article 7.1
  chaque exercice,en fonctionnement
  si l'offre = socle
     et habitants <> 0
  = part_fixe + part_variable * habitants
exemple fictif "les bornes" article 7.1
  exercice 2024
  | habitants | contribution|
  |1499 hab|3 748,50 €|
  | 15000 | à décider|
exemple "en 2024" article 7.1
  habitants = 2355 hab, siren = 200000001
  donne contribution en 2024 = -5532,50 €
  # fin
"""

TIDY = """\
#  Syndicat d’exemple : tout est inventé.

convention "Service commun"
    gestionnaire "Syndicat d’exemple"
    version "1" du 01/09/2022  # signée
    exercice du 1er janvier au 31 décembre
    arrondi au centime le plus proche

article 1 "Objet"
article 7.1 "Coût"
    « financent chaque année le service »
passage délibération "Vote"

unité hab "habitant"
unité demi-journée = 0,5 jour                                           [AMB-08]

interprétation AMB-01 "Quelle population ?"                             article 7.1 et 1
    retenu totale       "population totale"
    # celle de l’INSEE
    possible municipale "population municipale"
    possible dgf

fait habitants : hab "habitants"                                        article 1
    population selon AMB-01, lu au 1er janvier de N

paramètre part_variable "part variable"                                 article 7.1
    1,50 €/hab depuis le 01/09/2022 par "convention"

barème par classe part_fixe selon habitants                             article 7.1
    moins de 1 500            : 1 500 €
    de 1 500 à moins de 3 000 : 2 000 €  # la plupart
    plus de 3 000             : à décider "examen"                      [AMB-01]

grandeur part                                                           article 7.1
    = selon le cas
        si AMB-01 = totale                          : part_fixe
        # l’autre lecture
        si AMB-01 = municipale et habitants ≥ 1 000 : max(0 € ; part_fixe × 2 - 1 €)
        sinon                                       : -1 €

ligne contribution "Contribution"                                       article 7.1
    chaque exercice, en fonctionnement
    si l’offre = socle
        et habitants ≠ 0
    = part_fixe + part_variable × habitants

exemple fictif "les bornes"                                             article 7.1
    exercice 2024
    | habitants | contribution |
    | 1 499 hab | 3 748,50 €   |
    | 15 000    | à décider    |
exemple "en 2024"                                                       article 7.1
    habitants = 2 355 hab, siren = 200000001
    donne contribution en 2024 = -5 532,50 €

# fin
"""


def laid_out(body: str) -> list[str]:
    """Format a block and return its lines below the head."""
    return formatted(body).split("\n")[1:-1]


def test_a_file_is_laid_out():
    assert formatted(UNTIDY) == TIDY


def test_an_empty_file_stays_empty():
    assert formatted("\n  \n") == ""


def test_bytes_with_a_mark_and_carriage_returns_are_read():
    assert formatted(b"\xef\xbb\xbfoffre a\r\n\ttoujours tenue\r\n") == "offre a\n    toujours tenue\n"


def test_decomposed_letters_are_composed():
    assert formatted("offre télé") == "offre télé\n"


def test_blocks_of_the_same_word_stay_apart_when_the_author_parted_them():
    assert formatted("offre a\n\n\n\noffre b\noffre c\nunité d") == "offre a\n\noffre b\noffre c\n\nunité d\n"


def test_a_comment_keeps_its_distance_from_the_block_below():
    text = "offre a\n# une\noffre b\n# deux\n\n\nunité c\n\n# trois\nunité d"
    assert formatted(text) == "offre a\n# une\noffre b\n\n# deux\n\nunité c\n\n# trois\nunité d\n"


def test_a_file_of_comments_keeps_them():
    assert formatted("\n# une\n\n\n   # deux   ") == "# une\n\n# deux\n"


def test_a_blank_line_inside_a_block_goes():
    assert formatted("offre a\n\n  comprend b\n\n  toujours tenue") == "offre a\n    comprend b\n    toujours tenue\n"


def test_a_quotation_is_folded_at_a_hundred_columns():
    text = "article 1\n  « " + "vingt " * 30 + "mots »"
    assert formatted(text) == (
        "article 1\n"
        "    « vingt vingt vingt vingt vingt vingt vingt vingt vingt vingt vingt vingt vingt vingt vingt\n"
        "        vingt vingt vingt vingt vingt vingt vingt vingt vingt vingt vingt vingt vingt vingt vingt\n"
        "        mots »\n"
    )


def test_a_long_formula_is_folded_before_a_sign():
    long = "coût_des_serveurs_de_la_commune"
    assert laid_out(f"grandeur x\n    = {long} × habitants + {long} × habitants + {long} × habitants") == [
        f"    = {long} × habitants + {long} × habitants",
        f"        + {long} × habitants",
    ]


def test_the_breaks_of_the_author_are_kept():
    assert laid_out("grandeur x\n  = a\n  + b\n      × c") == ["    = a", "        + b", "        × c"]


def test_a_margin_stands_two_spaces_after_a_long_line():
    label = "mot " * 20
    assert formatted(f'offre x "{label}fin" article 1 [AMB-01;AMB-02]') == (f'offre x "{label}fin"  article 1 [AMB-01, AMB-02]\n')


def test_several_articles_are_linked():
    assert formatted("offre x article 7.1 (*) et article 4 et passage vote et 2") == (
        "offre x" + " " * 65 + "article 7.1 (*) et 4 et passage vote et 2\n"
    )


def test_no_break_spaces_become_plain_outside_quotations():
    assert formatted('paramètre x "a\u00a0:  b"\n    1\u202f500,25\u00a0€\u00a0par\u00a0hab') == (
        'paramètre x "a\u00a0: b"\n    1 500,25 € par hab\n'
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("= 1234567,8900 €", "= 1 234 567,8900 €"),
        ("= 2000", "= 2 000"),
        ("= x de 2024", "= x de 2024"),
        ("= 2000 € en 2 024", "= 2 000 € en 2024"),
        ("= moyenne de x sur les exercices 2021 à 2023", "= moyenne de x sur les exercices 2021 à 2023"),
        ("= x de N − 1 + x de N+ 1", "= x de N-1 + x de N+1"),
        ("= a -b – c−d", "= a - b - c - d"),
        ("= - 2 €", "= -2 €"),
        ("= (- a) × ( - b)", "= (-a) × (-b)"),
        ("au moins - 2 €", "au moins -2 €"),
        ("si a<=b et b != c ou d>=e", "si a ≤ b et b ≠ c ou d ≥ e"),
        ("= arrondi ( a;au centime le plus proche )", "= arrondi(a ; au centime le plus proche)"),
        ("= somme de a sur les membres tels que(b)", "= somme de a sur les membres tels que (b)"),
        ("= d' un et jusqu' au 1/2/2024", "= d’un et jusqu’au 01/02/2024"),
        ("du 1er au 1000e : 2 €", "du 1er au 1 000e : 2 €"),
        ("a : €/licence/mois,figé", "a : €/licence/mois, figé"),
    ],
)
def test_words_are_written_one_way(written, expected):
    assert laid_out(f"grandeur x\n  {written}") == [f"    {expected}"]


def test_the_numbers_of_a_scale_are_never_years():
    assert laid_out("barème par classe b selon c\n de 2000 à 2100:2000 €") == ["    de 2 000 à 2 100 : 2 000 €"]


@pytest.mark.parametrize("words", ["= 1  500", "= article 7.1  (a)", "= N  - 1", "= 5 €  par hab"])
def test_words_that_one_space_would_join_are_left_as_written(words):
    assert laid_out(f"grandeur x\n  {words}") == [f"    {words}"]


def test_a_class_too_long_is_left_out_of_the_alignment():
    names = " ou ".join(f"offre_numéro_{i}" for i in range(5))
    assert laid_out(f"barème par classe b selon c\n  {names} : 1 €\n  a : 2 €\n  autres : 3 €") == [
        f"    {names} : 1 €",
        "    a      : 2 €",
        "    autres : 3 €",
    ]


def test_a_grid_too_wide_is_not_aligned():
    wide = '"' + "mot " * 60 + '"'
    assert laid_out(f"exemple\n | a | b |\n | refusé {wide} | 1 |")[0] == "    | a | b |"


def test_two_grids_of_a_block_are_aligned_each():
    assert laid_out("exemple\n |a|b|\n |1000|2|\n tient c\n |d|\n |e|") == [
        "    | a     | b |",
        "    | 1 000 | 2 |",
        "    tient c",
        "    | d |",
        "    | e |",
    ]


def test_a_file_with_lexical_problems_is_not_formatted():
    with pytest.raises(ProblemsFound) as caught:
        formatted('offre a "ouvert\nprix 1.50 €', "x.tarif")
    assert [(p.code, p.place.line, p.place.column) for p in caught.value.problems] == [("LEC-06", 1, 9), ("LEC-02", 2, 6)]


def test_a_file_that_does_not_parse_is_formatted():
    assert formatted("offfre a\n  toujour tenue,  x") == "offfre a\n    toujour tenue, x\n"


def test_a_row_that_no_layout_can_hold_is_told():
    with pytest.raises(ProblemsFound) as caught:
        formatted("offre " + "x" * 990 + " article 7")
    assert [p.code for p in caught.value.problems] == ["LEC-22"]


# ---------------------------------------------------------------- what the reader of the file must hold for this


def tokens(text):
    return [[str(t) for t in line.tokens] for block in read_source(text, "").blocks for line in block.lines]


def test_a_row_that_opens_a_parenthesis_starts_its_own_line():
    assert tokens("grandeur x\n    pour a\n    = (b\n    ; c)\n    pour d") == [
        ["pour", "a"],
        ["=", "(", "b", ";", "c", ")"],
        ["pour", "d"],
    ]


def test_a_parenthesis_left_open_before_a_comment_hides_nothing_of_the_next_block():
    for comment in (" # fin", "\n    # fin"):
        assert tokens(f"grandeur x\n    = (b{comment}\ngrandeur y\n    pour a\n    = b") == [
            ["=", "(", "b"],
            ["pour", "a"],
            ["=", "b"],
        ]


# ---------------------------------------------------------------- properties


def placeless(value):
    """Return a tree without its places."""
    if isinstance(value, Place):
        return None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return (type(value).__name__, [placeless(getattr(value, f.name)) for f in dataclasses.fields(value)])
    if isinstance(value, tuple | list):
        return [placeless(v) for v in value]
    if isinstance(value, Token):
        return canonical(value)
    return re.sub(f"[{SPACE}]+", " ", value) if isinstance(value, str) else value


def said(text):
    """Return the words and the comments of a file, in order."""
    source = read_source(text, "")
    lines = [line for block in source.blocks for line in (block.head, *block.lines)]
    words = [[canonical(t) for t in line.tokens] for line in lines]
    comments = [(line.comments, re.sub(f"[{SPACE}]+", " ", line.trailing).strip()) for line in lines]
    return words, comments, source.last_comments


def check(text):
    """Hold the five promises of the layout on a text that can be read."""
    result = formatted(text)
    assert formatted(result) == result
    assert said(result) == said(text)
    before, after = parse(read_source(text, "")), parse(read_source(result, ""))
    assert placeless(after[0]) == placeless(before[0])
    assert [p.code for p in after[1]] == [p.code for p in before[1]]
    codes = [sorted(p.code for p in verify(t, "", examples=False)[1]) for t in (text, result)]
    return codes[0] == codes[1]


VOCABULARY = [
    "a", "de", "du", "si", "sinon", "selon", "le", "cas", "selon le cas", "et", "ou", "N", "N-1", "N + 1", "n", "par",
    "hab", "€", "€/hab", "%", "hab/an", "1", "500", "1 500", "1500", "2024", "15", "000", "1er", "1000e", "01/01/2024",
    "1/2/2024", "2024-2025", "AMB-01", "AMB", "-", "−", "+", "×", "*", "/", "=", "<", "<=", "<>", "(", ")", "(", ")",
    ",", ";", ":", "|", "|", "l'", "l’", "d’", "jusqu’", "article 7.1", "article 7 et 2", "passage a", "article x (*)",
    "article et", "article =x", "[AMB-01]", "[AMB-01 ; AMB-02]", '"x"', '"a  b"', "« y »", "« un « deux »  trois »",
    '"' + "mot " * 40 + '"', "« long\n   suite\n  fin »", "min", "max", "arrondi", "au", "moins", "en", "exercice",
    "siren", "retenu", "possible", "demi-journée", "A.b", "1,50", "# c", "barème", "interprétation", "offre", "à",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
]  # fmt: skip
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=25)
GAPS = st.lists(st.sampled_from(["", " ", " ", "  ", "\u00a0", "\u202f", "\t"]), min_size=25, max_size=25)
STARTS = ["", "si ", "sinon : ", "et ", "+ ", "barème ", "| ", "= selon le cas", "interprétation ", "# note "]
INDENTS = ["", "", "    ", "    ", "  ", "        "]


@st.composite
def rows(draw):
    words = draw(WORDS)
    gaps = draw(GAPS)
    return (
        draw(st.sampled_from(INDENTS)) + draw(st.sampled_from(STARTS)) + "".join(w + g for w, g in zip(words, gaps, strict=False))
    )


@given(st.lists(st.one_of(rows(), st.sampled_from(["", "   ", "# note", "    # note"])), max_size=14))
def test_any_file_read_without_problem_keeps_its_words(found):
    text = "\n".join(["offre a", *found])
    if not read_source(text, "").problems:
        assert check(text)


@given(st.randoms(use_true_random=False))
def test_a_file_spaced_anyhow_comes_back_to_its_layout(random):
    rows = []
    for row in TIDY.split("\n"):
        words, mark, comment = re.sub('"[^"]*"|«[^»]*»', '"x"', row.strip()).partition("#")
        words = re.sub("(?<![0-9 ]) +", lambda m: m.group() if random.random() < 0.7 else " " * random.randint(1, 3), words)
        indent = random.randint(3, 9) if row.startswith(" " * 8) else 2 * row.startswith(" " * 4)
        rows.append(" " * indent + words + mark + comment)
    spaced = "\n".join(rows)
    assert formatted(spaced) == formatted(re.sub('"[^"]*"|«[^»]*»', '"x"', TIDY))


@pytest.mark.parametrize("text", [UNTIDY, TIDY])
def test_the_files_of_this_test_keep_their_words(text):
    assert check(text)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(CONVENTIONS).as_posix())
def test_a_shipped_convention_keeps_its_words(path):
    assert check(path.read_text("utf-8"))
