"""What the tests of conventions share."""

import pytest

from directory.conftest import site as site
from directory.conftest import visit as visit
from factories.world import first_pool


@pytest.fixture
def pool(world):
    """The small world, with the first pool in scope for the whole test."""
    with first_pool():
        yield world
