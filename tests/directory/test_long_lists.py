"""A long list is read by groups of its first key: page after page, each row comes once, in the order told."""

from datetime import date, timedelta

import pytest

from communis.directory.models import Fact, FactType
from communis.foundation.scope import pool_scope
from factories.pools import FIRST

pytestmark = pytest.mark.django_db

CAPTION = "Les faits"


@pytest.fixture
def facts(world):
    """Thirty-one facts of Sixt-sur-Aff, twenty of Allaire, one of the whole service; two of one organization were corrected."""
    with pool_scope(FIRST):
        kind = FactType.objects.unscoped().get(code="postes_de_travail")
        for name, count in (("sixt", 31), ("allaire", 20), (None, 1)):
            for rank in range(count):
                Fact(type=kind, organization=world[name] if name else None, number=rank, valid_on=date(2024, 1, 1 + rank % 4),
                     source="inventaire", entered_by="Ada", entered_at="2026-01-02T08:00:00Z").save()  # fmt: skip
        for old in Fact.objects.unscoped().filter(organization=world["sixt"], number__in=(4, 8)):
            Fact(type=kind, organization=old.organization, number=old.number + 100, valid_on=old.valid_on, source="inventaire",
                 entered_by="Ada", entered_at="2026-02-02T08:00:00Z", replaces=old, reason="relevé refait").save()  # fmt: skip
    return world


def pages(world, **asked):
    return [world.get("/faits/", page=str(page), **asked).table(CAPTION) for page in (1, 2, 3)]


def told(rows):
    return [(row[0], row[3], row[4]) for row in rows]


def test_each_fact_comes_once_in_the_order_of_the_organizations(facts):
    first, second, third = pages(facts)
    assert [len(first), len(second), len(third)] == [25, 25, 2]
    rows = [*first, *second, *third]
    assert [row[0] for row in rows] == ["Allaire"] * 20 + ["Sixt-sur-Aff"] * 31 + ["le service"]
    assert sorted(row[3] for row in rows if row[0] == "Sixt-sur-Aff") == sorted(
        f"{rank + 100 if rank in (4, 8) else rank} poste{'s' if rank > 1 else ''}" for rank in range(31)
    )
    assert pages(facts)[1] == facts.get("/faits/", par="25", page="2").table(CAPTION)


def test_a_list_ordered_otherwise_has_the_same_rows_the_last_first(facts):
    down = [row for page in pages(facts, sort="-valid_on") for row in page]
    up = [row for page in pages(facts, sort="valid_on") for row in page]
    assert len(down) == 52
    assert sorted(told(up)) == sorted(told(down))
    days = [f"{day:%d/%m/%Y}" for day in (date(2024, 1, 4) - timedelta(i) for i in range(4))]
    assert len(dict.fromkeys(row[4] for row in down)) == len(days)
    assert list(dict.fromkeys(row[4] for row in up)) == list(dict.fromkeys(row[4] for row in down))[::-1]


def test_a_page_that_does_not_exist_is_the_last(facts):
    assert facts.get("/faits/", page="99").table(CAPTION) == pages(facts)[2]
