"""What is kept per process names all that it rests on: no table is read beside those whose changes are looked at."""

import re
from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.urls import get_resolver

from communis.agreements.models import Version
from communis.foundation.keeping import KEPT
from communis.foundation.tenancy import PoolModel
from factories.agreements import active, agreement, text_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 29)
READ = re.compile(r'(?:FROM|JOIN) "(\w+)"')


def arguments():
    """Return what to ask each kept function; a new one is added here the day it is born."""
    version = Version.objects.unscoped().get()
    return {
        "communis.catalog.inputs._made": (version.tariff, True),
        "communis.agreements.choices.holders_on": (TODAY, None),
        "communis.agreements.choices._kept": (version.tariff, None),
        "communis.agreements.alerts._found": (TODAY,),
        "communis.agreements.executory.grounds_on": (TODAY,),
        "communis.agreements.reading.convention_text_in_force": (TODAY,),
        "communis.agreements.models.naming.latest_tariffs": (),
        "communis.agreements.reading.prices_fixed": (),
        "communis.agreements.tables.memberships.all_with_holdings": (TODAY,),
        "communis.agreements.watching.lacking_files": (TODAY,),
    }


def read_by(make, asked):
    """Return the tables that a function reads."""
    found = set()

    def note(execute, sql, *rest):
        if "pg_locks" not in sql:
            found.update(READ.findall(sql))
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        make(*asked)
    return found


def test_each_kept_function_looks_at_the_changes_of_every_table_that_it_reads(pool):
    active(pool["sixt"], agreement(tariff=text_of("redon")), "groupements")
    assert get_resolver().url_patterns  # every room is read
    asked = arguments()
    kept = {name: one for name, one in KEPT.items() if name.startswith("communis.")}
    assert set(asked) == set(kept)
    shared = {model._meta.db_table for model in apps.get_models() if not issubclass(model, PoolModel)}
    lacking = {}
    for name, one in kept.items():
        named = {model._meta.db_table for model in one.rests_on}
        more = read_by(one.make, asked[name]) - named - shared
        if more:
            lacking[name] = sorted(more)
    assert lacking == {}
