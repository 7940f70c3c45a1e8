"""What ships is written in the one layout of the language."""

import pytest

from communis.tariff.convention import shipped, shipped_names
from communis.tariff.language.layout import formatted


@pytest.mark.parametrize("name", sorted(shipped_names()))
def test_a_shipped_convention_stands_in_its_layout(name):
    text = (shipped(name) / "convention.tarif").read_bytes()
    assert formatted(text, "convention.tarif") == text.decode()
