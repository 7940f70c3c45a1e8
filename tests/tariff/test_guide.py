"""The conventions written whole in the guide can be published as they stand: their examples are their tests."""

import re
from pathlib import Path

import pytest

from communis.tariff import read_text
from communis.tariff.language.layout import formatted
from communis.tariff.library import LIBRARY

GUIDE = Path(__file__).parents[2] / "docs" / "fr"
WHOLE = [
    pytest.param(block, id=f"{page.stem}-{i}")
    for page in sorted(GUIDE.glob("*.md"))
    for i, block in enumerate(part.strip("\n") + "\n" for part in page.read_text("utf-8").split("```")[1::2])
    if block.startswith("convention ")
]


def test_the_guide_shows_a_first_file_and_three_frequent_shapes():
    assert len(WHOLE) == 2


@pytest.mark.parametrize("text", WHOLE)
def test_a_whole_convention_of_the_guide_can_be_published_and_stands_in_its_layout(text):
    convention = read_text(text)
    assert (convention.problems, len(convention.model.book.examples) > 0) == ((), True)
    assert formatted(text.encode(), "guide.tarif") == text


def test_the_guide_says_when_to_take_each_block_of_the_library():
    rows = [row.split("|")[2] for row in (GUIDE / "ecrire-un-tarif.md").read_text("utf-8").split("\n") if row.count("|") == 3]
    named = [name for cell in rows for name in re.findall(r"`([a-z_]+)`", cell) if name in LIBRARY]
    assert sorted(named) == sorted(LIBRARY)
