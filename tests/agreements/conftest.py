"""What the tests of conventions share."""

import pytest

from factories.world import first_pool


@pytest.fixture
def pool(world):
    """The small world, with the first pool in scope for the whole test."""
    with first_pool():
        yield world
