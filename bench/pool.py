"""A large pool to measure on: a syndicate of the Pas-de-Calais, 500 member communes, 100 000 facts that hold, ten years of life.

Communes and populations are those of the register; people, counts and accounts are drawn from a fixed seed.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import django

django.setup()  # the models want it

from agreed import agree
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from communis.directory.enums import GrantRole, TokenScope
from communis.directory.models import (
    POPULATION,
    Account,
    ApiToken,
    BudgetMilestone,
    Delegation,
    Fact,
    FactType,
    Grant,
    Occupation,
    Organization,
    OrganizationType,
    Partner,
    Person,
    Post,
    Role,
    Site,
    Supplier,
    SupplierContract,
    SupplierLabel,
    Unit,
)
from communis.directory.names import plain, sort_key
from communis.directory.register import ReferenceBody
from communis.directory.starting import begin_pool
from communis.directory.tokens import make_token
from communis.foundation.doors import SESSION_POOL
from communis.foundation.preparing import acting_as, ready
from communis.foundation.scope import pool_scope

MEMBERS, DEPARTMENT = 500, "62"
MONTHS, YEARS = 28, 10
MONTHLY = ("postes_de_travail", "go_stockés", "comptes", "licences", "lignes")
YEARLY = ("compte_fonctionnement", "compte_investissement")
CORRECTED = 33  # one fact in so many was corrected once
FIRST = ("Anaïs", "Benoît", "Chloé", "Damien", "Élise", "Fabien", "Gaëlle", "Hervé", "Inès", "Jérôme", "Katell", "Loïc")
LAST = (
    "Béhague",
    "Caron",
    "Delattre",
    "Évrard",
    "Flament",
    "Guérin",
    "Hénin",
    "Jacquemont",
    "Leclercq",
    "Masson",
    "Noël",
    "Œuvrard",
)
HELD = (("mayor", True), ("decision", True), ("technical", False), ("clerk", False))
HOST_ROLES = (GrantRole.DIRECTOR, GrantRole.FINANCE, GrantRole.UNIT_MANAGER, GrantRole.TECHNICIAN, GrantRole.AUDITOR)
MEMBER_ROLES = (GrantRole.EXECUTIVE, GrantRole.OFFICE, GrantRole.CONTACT, GrantRole.MEMBER_FINANCE, GrantRole.ELECTED)


@dataclass
class LargePool:
    """What a measure needs of the pool: where its rows are, and who may come in."""

    pk: int
    cookies: dict[str, str] = field(default_factory=dict)  # the session of an account of each role
    token: str = ""
    found: dict[str, int] = field(default_factory=dict)  # a row of each kind, by name


def make_pool(today: date) -> LargePool:
    """Make the pool; run as the owner of the tables, once the register is loaded."""
    random.seed(20_260_101)
    pool = begin_pool("Syndicat informatique du Pas-de-Calais", "pas-de-calais", convention="redon")
    made = LargePool(pool.pk)
    with pool_scope(pool.pk):
        members = enroll(pool.pk)
        outside(pool.pk, today)
        people = somebody_in_each(pool.pk, members, today)
        department(pool.pk, people, today)
        facts(pool.pk, members, today)
        with_accounts(made, members, today)
        made.found = agree(pool.pk, members) | {
            "organization": members[0].pk, "host": Organization.objects.unscoped().get(is_host=True).pk,
            "person": people[0].pk, "supplier": Supplier.objects.unscoped().first().pk,
            "fact": Fact.objects.unscoped().exclude(replaces=None).first().pk, "post": Post.objects.unscoped().first().pk,
        }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made


def named(rows: list[Any]) -> list[Any]:
    """Give rows made in bulk what `save` gives to one: the keys of order and of search."""
    for row in rows:
        row.sort_name = sort_key(row.name)
        row.search_text = plain(" ".join(str(part) for part in row.searched()))
    return rows


def enroll(pool: int) -> list[Organization]:
    """Make the host, its members in the order of the register, and their sites; each file was changed twice since."""
    types = {t.name: t for t in OrganizationType.objects.unscoped()}
    Organization(type=types["syndicat mixte"], name="SI 62", department=DEPARTMENT, is_host=True).save()
    bodies = ReferenceBody.objects.filter(kind="commune", department=DEPARTMENT).order_by("sort_name", "insee")
    names: set[str] = set()
    rows = []
    for body in bodies:
        if body.name not in names and len(rows) < MEMBERS:
            names.add(body.name)
            rows.append(Organization(pool_id=pool, type=types["commune"], reference=body, name=body.name, insee=body.insee,
                                     siren=body.siren or "", department=body.department))  # fmt: skip
    members = Organization.objects.unscoped().bulk_create(named(rows))
    for changed in ("phone", "email"):
        for row in members:
            setattr(row, changed, f"mairie.{row.insee}@exemple.fr" if changed == "email" else f"03 21 {row.pk % 1_000_000:06d}")
        Organization.objects.unscoped().bulk_update(members, [changed])
    Site.objects.unscoped().bulk_create(
        Site(pool_id=pool, organization=one, kind=kind, name=name, connection="fibre", speed=300)
        for one in members
        for kind, name in (("town_hall", "Mairie"), ("school", "École publique"), ("library", "Médiathèque"))
    )
    return members


def outside(pool: int, today: date) -> None:
    """Make suppliers, with labels and contracts, and partners."""
    kinds = ("publisher", "maker", "carrier", "managed", "services")
    rows = [Supplier(pool_id=pool, name=f"{LAST[i % 12]} Numérique {i}", kind=kinds[i % 5]) for i in range(120)]
    suppliers = Supplier.objects.unscoped().bulk_create(named(rows))
    SupplierLabel.objects.unscoped().bulk_create(
        SupplierLabel(pool_id=pool, supplier=s, name="ExpertCyber", starts_on=today, ends_on=today + timedelta(30 + s.pk % 600))
        for s in suppliers[::2]
    )
    SupplierContract.objects.unscoped().bulk_create(
        SupplierContract(pool_id=pool, supplier=s, reference=f"M-{s.pk}", subject="maintenance", starts_on=today)
        for s in suppliers
    )
    Partner.objects.unscoped().bulk_create(
        named([Partner(pool_id=pool, name=f"Partenaire {i}", kind=("local", "state", "accountant")[i % 3]) for i in range(60)])
    )


def somebody_in_each(pool: int, members: list[Organization], today: date) -> list[Person]:
    """Give each member four people, those before them, a delegation and a budget; one in twenty has no technical contact."""
    rows = []
    for i in range(4 * len(members)):
        first, last = FIRST[i % 12], f"{LAST[i // 12 % 12]}-{LAST[i // 144 % 12]}"
        email = f"{plain(first)}.{plain(last).replace(' ', '.')}.{i}@exemple.fr"
        rows.append(
            Person(pool_id=pool, first_name=first, last_name=last, email=email, search_text=plain(f"{first} {last} {email}"))
        )
    people = Person.objects.unscoped().bulk_create(rows)
    since, before = date(2026, 3, 29), date(2020, 5, 25)
    roles = []
    for rank, one in enumerate(members):
        for place, (kind, elected) in enumerate(HELD):
            if kind == "technical" and rank % 20 == 7:
                continue
            held = {"pool_id": pool, "organization": one, "kind": kind}
            former = people[(4 * rank + place + 400) % len(people)]
            roles.append(Role(**held, person=people[4 * rank + place], starts_on=since if elected else date(2024, 1, 1)))
            roles.append(
                Role(**held, person=former, starts_on=before, ends_on=since - timedelta(1) if elected else date(2023, 12, 31))
            )
    Role.objects.unscoped().bulk_create(roles)
    Delegation.objects.unscoped().bulk_create(
        Delegation(pool_id=pool, organization=one, delegate=people[4 * rank], granted_by="le maire", scope="actes courants",
                   act=f"arrêté n° {rank}", starts_on=since, ends_on=today + timedelta(20 + rank))
        for rank, one in enumerate(members)
    )  # fmt: skip
    BudgetMilestone.objects.unscoped().bulk_create(
        BudgetMilestone(pool_id=pool, organization=one, kind=kind, year=today.year + 1, on=today + timedelta(days))
        for one in members
        for kind, days in (("DOB", 70), ("BP", 110))
    )
    return people


def department(pool: int, people: list[Person], today: date) -> None:
    """Make six units and sixty posts, all filled."""
    units = Unit.objects.unscoped().bulk_create(Unit(pool_id=pool, name=f"Pôle {i}", rank=i) for i in range(6))
    posts = Post.objects.unscoped().bulk_create(
        Post(pool_id=pool, unit=units[i % 6], title=f"Technicien {i}", starts_on=date(2022, 9, 1)) for i in range(60)
    )
    Occupation.objects.unscoped().bulk_create(
        Occupation(pool_id=pool, post=post, person=people[rank], status="tenured", starts_on=date(2022, 9, 1))
        for rank, post in enumerate(posts)
    )


def facts(pool: int, members: list[Organization], today: date) -> None:
    """Enter 200 facts that hold for each member, month by month and year by year, and those that were corrected."""
    types = {t.code: t for t in FactType.objects.unscoped()}
    made = [fact for one in members for fact in facts_of(pool, one, types, today)]
    Fact.objects.unscoped().bulk_create(made, batch_size=5_000)
    corrected = made[::CORRECTED]
    Fact.objects.unscoped().bulk_create(
        (
            Fact(pool_id=pool, type=old.type, organization=old.organization, kind=old.kind, number=old.number, text=old.text,
                 valid_on=old.valid_on, until=old.until, source=old.source, entered_by="Nolwenn Kerbrat",
                 entered_at=datetime(2026, 6, 1, tzinfo=UTC), replaces=old, reason="relevé refait")
            for old in corrected
        ),
        batch_size=5_000,
    )  # fmt: skip


def facts_of(pool: int, one: Organization, types: dict[str, FactType], today: date) -> Iterator[Fact]:
    base = {"pool_id": pool, "organization": one, "entered_by": "Inès Le Bihan", "source": "inventaire du parc"}
    at, size = datetime(2026, 1, 6, 9, tzinfo=UTC), random.randint(100, 9_000)
    for back in range(MONTHS):
        month = today.year * 12 + today.month - 1 - back
        day = date(month // 12, month % 12 + 1, 1)
        for code in MONTHLY:
            number = Decimal(random.randint(1, 200))
            yield Fact(**base, type=types[code], number=number, valid_on=day, entered_at=at)
    for year in range(today.year - YEARS + 1, today.year + 1):
        first, last = date(year, 1, 1), date(year, 12, 31)
        for kind in ("totale", "municipale", "dgf"):
            yield Fact(**base, type=types[POPULATION], kind=kind, number=Decimal(size + year % 7), valid_on=first, until=last,
                       entered_at=at)  # fmt: skip
        for code in YEARLY:
            yield Fact(**base, type=types[code], number=Decimal(size * 700 + year), valid_on=first, until=last, entered_at=at)
        yield Fact(**base, type=types["dispose_d_un_service_informatique"], text="non", valid_on=first, until=last, entered_at=at)


def with_accounts(made: LargePool, members: list[Organization], today: date) -> None:
    """Open an account of each role, with its session and its second factor, five accounts a member, and a token."""
    accounts = {}
    for role in (*HOST_ROLES, *MEMBER_ROLES):
        account = Account.objects.create_user(f"{role}@exemple.fr", name=f"Compte {role}")
        organization = None if role in HOST_ROLES else members[0]
        Grant(account=account, organization=organization, role=role, starts_on=date(2024, 1, 1)).save()
        Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
        made.cookies[role] = session_of(account, made.pk)
        accounts[role] = account
    many = Account.objects.bulk_create(
        Account(email=f"compte.{i}@exemple.fr", name=f"{FIRST[i % 12]} {LAST[i // 12 % 12]} {i}", password="!")
        for i in range(5 * len(members))
    )
    Grant.objects.unscoped().bulk_create(
        Grant(
            pool_id=made.pk, account=account, organization=members[i // 5], role=MEMBER_ROLES[i % 5], starts_on=date(2024, 1, 1)
        )
        for i, account in enumerate(many)
    )
    token = ApiToken(name="mesure", scopes=list(TokenScope.values), expires_on=today + timedelta(30))
    made.token = make_token(token, account=accounts[GrantRole.DIRECTOR], today=today)


def session_of(account: Account, pool: int) -> str:
    """Open a session as signing in does, and return its key."""
    session = SessionStore()
    session[SESSION_KEY], session[SESSION_POOL] = str(account.pk), pool
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    UserSession.objects.create(user=account, session_key=session.session_key, ip="127.0.0.1", user_agent="bench", data={},
                               last_seen_at=timezone.now())  # fmt: skip
    return str(session.session_key)


def main() -> int:
    """Migrate, load the register and make the pool in the database that answers; print what a measure needs."""
    said = []
    ready(lambda words: said.append((words, time.perf_counter())))
    register = next(at for words, at in said if words.startswith("Registre"))
    seconds = next(at for _, at in said if at > register) - register
    with acting_as("owner"):
        made = make_pool(timezone.localdate())
    print(json.dumps({**asdict(made), "register_seconds": round(seconds, 2)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
