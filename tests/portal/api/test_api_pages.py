"""Lists come by pages: in a stable order, none twice and none left out, for the same few queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communis.directory.models import Fact, Organization, Person, Site
from communis.foundation.scope import pool_scope
from factories.pools import FIRST, organization
from factories.reading import EARLY, ENTERED, token
from portal.api.conftest import Program

pytestmark = pytest.mark.django_db
AROUND = (
    "set_config",
    "current_setting",
    "SAVEPOINT",
    '"cache"',
    "directory_apitoken",
    "directory_account",
    "directory_grant",
    "mfa_",
)
LISTS = (
    "organizations", "organization-types", "compositions", "successions", "legal-grounds", "sites", "opening-hours",
    "closing-days", "budget-milestones", "suppliers", "partners", "people", "roles", "delegations", "fact-types", "facts",
    "department/units", "department/posts", "department/work-shares", "department/occupations",
)  # fmt: skip


@pytest.fixture
def reader(world):
    return Program(token(world.director))


def read_through(reader, path, limit, meanwhile=lambda page: None):
    found, cursor = [], None
    for page in range(100):
        answer = reader.json(path, limit=limit, **({"cursor": cursor} if cursor else {}))
        assert len(answer["items"]) <= limit
        found += [row["id"] for row in answer["items"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            return found
        meanwhile(page)
    raise AssertionError("the pages never end")


def test_pages_hold_every_row_once(world, reader):
    with pool_scope(FIRST):
        for rank in range(22):
            organization(f"Commune {rank:02}")
        all_of_them = list(Organization.objects.unscoped().order_by("pk").values_list("pk", flat=True))
    assert len(all_of_them) == 25
    assert read_through(reader, "organizations", 7) == all_of_them
    assert read_through(reader, "organizations", 5) == all_of_them
    assert read_through(reader, "organizations", 25) == all_of_them
    assert len(reader.ids("organizations")) == 25


def test_a_row_that_comes_or_goes_meanwhile_shifts_no_page(world, reader):
    with pool_scope(FIRST):
        made = [organization(f"Commune {rank:02}") for rank in range(9)]

    def meanwhile(page):
        with pool_scope(FIRST):
            if page == 0:
                Organization.objects.unscoped().filter(pk=made[0].pk).delete()  # on the page that was read
                organization("A avant toutes")

    found = read_through(reader, "organizations", 4, meanwhile)
    with pool_scope(FIRST):
        newest = Organization.objects.unscoped().get(name="A avant toutes")
    assert found == [world.host.pk, world.member.pk, world.other.pk, *(o.pk for o in made), newest.pk]


def test_a_page_has_at_most_two_hundred_rows(world, reader):
    with pool_scope(FIRST):
        Person.objects.bulk_create([Person(pool_id=FIRST, last_name=f"Nom {rank}", search_text="") for rank in range(205)])
    first = reader.json("people", limit=200)
    assert (len(first["items"]), first["next_cursor"]) == (200, str(first["items"][-1]["id"]))
    assert len(reader.items("people", limit=200, cursor=first["next_cursor"])) == 8
    assert len(reader.items("people")) == 100


def own_queries(captured):
    """Keep the queries of the reading: not those of scope, transaction, token, rights and count of requests."""
    return [q["sql"] for q in captured if not any(word in q["sql"] for word in AROUND)]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asks_the_same_few_queries_whatever_its_length(world, reader, path):
    reader.get(path)  # the last use is told once
    with CaptureQueriesContext(connection) as some:
        assert reader.get(path).status_code == 200
    more_of_everything(world)
    with CaptureQueriesContext(connection) as many:
        assert reader.get(path).status_code == 200
    assert len(own_queries(many)) == len(own_queries(some))
    assert len(own_queries(many)) <= 2
    assert len(many) == len(some)


def more_of_everything(world):
    with pool_scope(FIRST):
        for rank in range(5):
            town = organization(f"Commune {rank}", insee=f"3510{rank}")
            Site(organization=town, kind="school", name="École", carrier=world.carrier).save()
            known = {"source": "s", "entered_by": "c", "entered_at": ENTERED, "valid_on": EARLY}
            Fact(type=world.posts, organization=town, number=rank, **known).save()
            for name in ("carrier", "partner", "hours", "closing", "milestone", "ground", "part", "clerk", "role", "delegation",
                         "unit", "post", "share", "occupation", "people"):  # fmt: skip
                copy_of(getattr(world, name), rank)


def copy_of(row, rank):
    """Put another row like one beside it."""
    copy = type(row)(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name != "id"})
    stored = {f.attname for f in row._meta.concrete_fields}
    for name in ("name", "code", "brick"):
        if name in stored:
            setattr(copy, name, f"{getattr(copy, name)} {rank}")
    copy.save()
