"""The world of the crawler, made once a module and taken away whole."""

import pytest
from django.db import transaction

from isolation.crawling import Crawler
from isolation.opening import staged_files
from isolation.routes import all_aims
from isolation.world import canary_world


@pytest.fixture(scope="module")
def world(land, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield canary_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def keys(world):
    return staged_files(world)


@pytest.fixture(scope="module")
def aims(world, keys):
    return all_aims(world, keys)


@pytest.fixture
def crawler(world):
    return Crawler(world)
