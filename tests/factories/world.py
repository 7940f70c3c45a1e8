"""A small world: the pool of an agglomeration, its communes as the register knows them, people with accounts."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communis.directory.enums import GrantRole
from communis.directory.loading import rows_of
from communis.directory.models import Account, Grant, Organization, OrganizationType, Person, Role
from communis.directory.names import sort_key
from communis.directory.register import ReferenceBody, ReferencePopulation
from communis.directory.starting import furnish
from communis.foundation import embedded
from communis.foundation.scope import pool_scope
from communis.foundation.testing import as_role
from factories.pools import FIRST, SECOND
from factories.shown import Page

GROUPING = "243500741"
APART = re.compile(  # the transaction, the session and its account, the pool and the rights in it
    r"^(SELECT set_config|SELECT current_setting|SAVEPOINT|RELEASE|BEGIN|COMMIT|ROLLBACK|SELECT pool_id FROM directory_grant)"
    r"|django_session|^SELECT \"directory_(account|grant)\""
)


@cache
def territory_rows():
    """The communes of REDON Agglomération and their populations, as they ship."""
    communes = [row for row in rows_of("communes.csv.gz") if row["groupement"] == GROUPING]
    codes = {row["insee"] for row in communes}
    return communes, [row for row in rows_of("populations.csv.gz") if row["insee"] in codes]


def load_territory():
    grouping = ReferenceBody.objects.create(kind="grouping", name="CA Redon Agglomération", siren=GROUPING, source="DGCL")
    communes, populations = territory_rows()
    ReferenceBody.objects.bulk_create(
        ReferenceBody(
            kind="commune", name=row["nom"].replace("'", "’"), sort_name=sort_key(row["nom"]), insee=row["insee"],
            siren=row["siren"], department=row["departement"], grouping=grouping, source="Insee",
        )
        for row in communes
    )  # fmt: skip
    known = dict(ReferenceBody.objects.filter(kind="commune").values_list("insee", "pk"))
    ReferencePopulation.objects.bulk_create(
        ReferencePopulation(
            body_id=known[row["insee"]], kind=row["population"], in_force_on=date(int(row["annee"]), 1, 1),
            value=int(row["valeur"]), source=f"Insee, populations légales {row['reference']}",
        )
        for row in populations
    )  # fmt: skip


def govern(pool, slug):
    """Give a pool the convention that rules it, as its owner alone can."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE foundation_pool SET convention = %s WHERE id = %s", [slug, pool])


@pytest.fixture(scope="module")
def land(django_db_setup, django_db_blocker):
    """The register of one territory, and the convention of Redon for the first pool; both are taken away afterwards."""
    with django_db_blocker.unblock(), as_role(embedded.OWNER):
        load_territory()
        govern(FIRST, "redon")
    yield
    with django_db_blocker.unblock(), as_role(embedded.OWNER):
        govern(FIRST, "")
        ReferencePopulation.objects.all().delete()
        ReferenceBody.objects.filter(kind="commune").delete()
        ReferenceBody.objects.all().delete()


@dataclass
class World:
    """What a test starts from: organizations by name, accounts by their right."""

    client: object
    organizations: dict[str, Organization] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Organization:
        return self.organizations[name]

    def sign_in(self, role: str) -> World:
        self.client.force_login(self.accounts[role])
        return self

    def get(self, path: str, **data: object) -> Page:
        return Page(self.client.get(path, data))

    def post(self, path: str, **data: object) -> Page:
        """Send a form; follow the way it leads to."""
        return Page(self.client.post(path, data, follow=True))

    def fill(self, path: str, **typed: object) -> Page:
        """Open a form, change what is typed, send it, as a browser does without a script."""
        page = self.get(path)
        assert page.status == 200, page
        return Page(self.client.post(path, {**page.fields, **typed}, follow=True))

    def history(self, path: str) -> list[list[str]]:
        """Return what the history of a row tells: each event, then what changed."""
        page = self.get(path)
        return [[s.all("h2")[0].text.partition(" le ")[0], s.all("p")[0].text.partition(", requête")[0],
                 *[" | ".join(c.text for c in r.children if not isinstance(c, str)) for b in s.all("tbody") for r in b.all("tr")]]
                for s in page.main.all("section")]  # fmt: skip


def account(world: World, key: str, name: str, role: str, organization: Organization | None = None) -> Account:
    email = f"{sort_key(name).replace(' ', '.')}@redon.example"
    made = Account.objects.filter(email=email).first() or Account.objects.create_user(email, name=name)
    Grant(account=made, organization=organization, role=role, starts_on=date(2024, 1, 1)).save()
    world.accounts[key] = made
    return made


def enrolled(name: str, insee: str, **fields: object) -> Organization:
    body = ReferenceBody.objects.get(insee=insee)
    made = Organization(type=OrganizationType.objects.unscoped().get(name="commune"), reference=body, name=name, insee=insee,
                        siren=body.siren, department=body.department, **fields)  # fmt: skip
    made.save()
    return made


def person(
    first: str, last: str, organization: Organization | None = None, *kinds: str, since: date = date(2024, 1, 1)
) -> Person:
    made = Person(first_name=first, last_name=last, email=f"{sort_key(first)}.{sort_key(last)}@redon.example")
    made.save()
    for kind in kinds:
        Role(person=made, organization=organization, kind=kind, starts_on=since).save()
    return made


@pytest.fixture
def world(land, db, client):
    """REDON Agglomération and three of its communes; a director, a technician, two members; the director is signed in."""
    return made_world(client)


def made_world(client):
    made = World(client)
    with pool_scope(FIRST):
        furnish()
        types = {t.name: t for t in OrganizationType.objects.unscoped()}
        host = Organization(type=types["communauté d’agglomération"], name="REDON Agglomération", siren=GROUPING, department="35",
                            reference=ReferenceBody.objects.get(siren=GROUPING), is_host=True)  # fmt: skip
        host.save()
        made.organizations = {
            "host": host, "sixt": enrolled("Sixt-sur-Aff", "35328"), "allaire": enrolled("Allaire", "56001"),
            "redon": enrolled("Redon", "35236"),
        }  # fmt: skip
        account(made, "director", "Erwan Talhouarn", GrantRole.DIRECTOR)
        account(made, "technician", "Inès Le Bihan", GrantRole.TECHNICIAN)
        account(made, "auditor", "Hervé Cozic", GrantRole.AUDITOR)
        account(made, "office", "Maëlle Corbinaud", GrantRole.OFFICE, made["sixt"])
        account(made, "elected", "Solène Rault", GrantRole.ELECTED, made["allaire"])
    return made.sign_in("director")


@contextmanager
def first_pool():
    """Read the rows of the first pool, whoever is signed in."""
    with pool_scope(FIRST):
        yield


@contextmanager
def second_pool():
    with pool_scope(SECOND):
        yield


def count_queries(world: World, path: str) -> int:
    """Count the queries of a page, those of scope, session and transaction apart; pytest shows them."""
    with CaptureQueriesContext(connection) as found:
        response = world.client.get(path)
    assert response.status_code == 200, response
    asked = [q["sql"] for q in found if not APART.search(q["sql"].strip())]
    for sql in asked:
        print(sql[:200])
    return len(asked)
