"""The world of the crawler: two pools, three organizations in each, and in every table rows whose every value names its owner.

The tables come from Django’s registry, so that a table of a later room is filled the day it is born; `SPECIAL` says, in a few
lines, what a table wants beside canaries.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.test import Client
from django.utils import timezone

from communis.agreements.models import (
    Adoption,
    Amendment,
    AnnexedTable,
    Attachment,
    Attendance,
    Choice,
    ChoiceForm,
    Dispatch,
    Document,
    DocumentTemplate,
    InKindAgent,
    IntakeRequest,
    Membership,
    Notice,
    Signature,
    StaffFile,
    Step,
    Version,
)
from communis.agreements.models.documents import HOLDERS as HOLDING_FILES
from communis.catalog.models import EditionHours
from communis.directory import tokens
from communis.directory.enums import HOST_ROLES, MEMBER_WRITERS, GrantRole, TokenScope
from communis.directory.identifiers import is_siret
from communis.directory.models import (
    AccessibilityAudit,
    Account,
    ApiToken,
    Appearance,
    Composition,
    Fact,
    FactType,
    Grant,
    Invitation,
    OpeningHours,
    Organization,
    OrganizationType,
    Person,
    Post,
    Role,
    Succession,
    Supplier,
    WorkShare,
)
from communis.directory.register import ReferenceBody
from communis.directory.starting import furnish
from communis.foundation import files
from communis.foundation.history import Event
from communis.foundation.models import Mail, Run
from communis.foundation.outbox import MailState
from communis.foundation.scope import account_scope, pool_scope
from communis.foundation.tenancy import Pool
from communis.tariff.convention import shipped
from factories.pools import FIRST, SECOND
from isolation.canaries import Aviary, Mark, can_carry

HOST, A, B, OUTSIDE, GONE = "host", "a", "b", "outside", "gone"
MEMBERS = (A, B)
TOWNS = {A: "35328", B: "56001"}  # of the territory of the register, in the first pool
EARLY = date(2020, 1, 1)


def of_pools() -> list[type[models.Model]]:
    """Return the tables whose rows belong to a pool, their history apart: the database fills it."""
    return [
        model for model in apps.get_models()
        if not issubclass(model, Event) and any(f.is_relation and f.related_model is Pool for f in model._meta.concrete_fields)
    ]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Reader:
    """Somebody who asks: an account, the pool it works in, what it holds there, the members it reads for."""

    key: str
    account: Any = None
    pool: int | None = None
    roles: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()  # those of them whose file it keeps
    secret: str = ""
    pools: tuple[int, ...] = ()  # all those it has rights in

    @property
    def is_host(self) -> bool:
        return bool(self.roles & HOST_ROLES)


@dataclass(frozen=True)
class Place:
    """A row as a request may aim at it."""

    pool: int
    owner: str
    model: type[models.Model]
    pk: int


@dataclass
class World:
    """All there is, and whose."""

    aviary: Aviary = field(default_factory=Aviary)
    rows: dict[tuple[str, int], Place] = field(default_factory=dict)  # by table and key
    deleted: dict[tuple[str, int], Place] = field(default_factory=dict)
    organizations: dict[tuple[int, str], Organization] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def places(self, model: type[models.Model], *, deleted: bool = False) -> list[Place]:
        kept = self.deleted if deleted else self.rows
        return [place for (table, _), place in kept.items() if table == model._meta.db_table]


@dataclass
class Builder:
    """Fills one pool."""

    world: World
    pool: int
    accounts: dict[str, Account]
    made: dict[tuple[str, str], models.Model] = field(default_factory=dict)

    def mark(self, owner: str, model: type[models.Model], column: str) -> Mark:
        return Mark((self.pool,), owner, model.__name__, column)

    def account(self, owner: str) -> Account:
        return self.accounts.get(owner) or self.accounts[HOST]

    def row(self, model: type[models.Model], owner: str) -> models.Model:
        """Return the first row of a table for an owner, made if it is missing."""
        if (model.__name__, owner) not in self.made:
            SPECIAL.get(model, Builder.plain)(self, model, owner)
        return self.made[model.__name__, owner]

    def plain(self, model: type[models.Model], owner: str) -> None:
        self.make(model, owner)

    def make(self, model: type[models.Model], owner: str, **given: Any) -> Any:
        """Make a row: what is not given holds canaries, and refers to rows of the same owner, else of the host."""
        row = model(**given)
        names = {name.removesuffix("_id") for name in given}
        for column in model._meta.concrete_fields:
            if column.name in names or column.primary_key or column.related_model is Pool:
                continue
            if column.is_relation:
                if not (column.null and column.related_model in (model, ReferenceBody)):
                    setattr(row, column.name, self.referred(column.related_model, owner))
            elif column.choices and not column.blank and not column.has_default():
                setattr(row, column.name, column.choices[0][0])
            elif carries(column):
                setattr(row, column.name, self.world.aviary.value(column, self.mark(owner, model, column.name)))
        row.save()
        return self.keep(row, owner)

    def referred(self, model: type[models.Model], owner: str) -> Any:
        if model is Account:
            return self.account(owner)
        if model is Organization:
            return self.world.organizations[self.pool, owner]
        return self.row(model, owner if owner in owners_of(model) else HOST)

    def keep(self, row: Any, owner: str) -> Any:
        model = type(row)
        self.made.setdefault((model.__name__, owner), row)
        self.world.rows[model._meta.db_table, row.pk] = Place(self.pool, owner, model, row.pk)
        return row

    # ------------------------------------------------------------ what some tables want beside canaries

    def organization(self, owner: str) -> None:
        """Make an organization: in the first pool, the members are two towns of the register."""

        def mark(name: str) -> Mark:
            return self.mark(owner, Organization, name)

        insee = TOWNS.get(owner, "") if self.pool == FIRST else {A: "29019", B: "22070"}.get(owner, "")
        siren = self.world.aviary.siren(mark("siren"))
        siret = next(n for n in (f"{siren}{i:05d}" for i in range(17, 99)) if is_siret(n))
        reference = None
        if self.pool == FIRST and owner in (HOST, *MEMBERS):
            reference = ReferenceBody.objects.get(kind="grouping") if owner == HOST else ReferenceBody.objects.get(insee=insee)
        made = self.make(
            Organization, owner, siren=siren, siret=self.world.aviary.code(siret, mark("siret")), is_host=owner == HOST,
            insee=self.world.aviary.code(insee, mark("insee")) if insee else "", department=insee[:2] or "35",
            type=self.type_of(owner), reference=reference,
            starts_on=None if owner == HOST else self.world.aviary.day("starts_on", mark("starts_on")),
            ends_on=self.world.aviary.day("ends_on", mark("ends_on")) if owner == GONE else None,
            **({"prefecture": None, "accountant": None, "court": None} if owner == GONE else {}),
        )  # fmt: skip
        self.world.organizations[self.pool, owner] = made

    def type_of(self, owner: str) -> models.Model:
        """Return a type that the convention knows; that of the commune that is gone is a canary."""
        known = {HOST: "communauté d’agglomération", A: "commune", B: "commune"}
        if owner in known:
            return OrganizationType.objects.unscoped().get(name=known[owner])
        return self.row(OrganizationType, HOST)

    def composition(self, model: type[models.Model], owner: str) -> None:
        whole, part = self.world.organizations[self.pool, HOST], self.world.organizations[self.pool, owner]
        self.make(Composition, owner, whole=whole, part=part)

    def succession(self, model: type[models.Model], owner: str) -> None:
        gone = self.world.organizations[self.pool, GONE]
        self.make(Succession, owner, predecessor=gone, successor=self.world.organizations[self.pool, B])

    def person(self, model: type[models.Model], owner: str) -> None:
        self.make(Person, owner, supplier=self.row(Supplier, HOST) if owner == OUTSIDE else None, account=None)

    def facts(self, model: type[models.Model], owner: str) -> None:
        """Make a number, a number that corrects another, words, and one that the convention reads."""
        where = self.world.organizations[self.pool, owner]
        numbers, read = self.row(FactType, HOST), FactType.objects.unscoped().get(code="postes_de_travail")
        for type_ in (numbers, read):
            first = self.make(Fact, owner, organization=where, insee="", type=type_, text="", reason="", kind="", replaces=None)
        self.make(Fact, owner, organization=where, insee="", type=read, text="", kind="", replaces=first)
        self.make(
            Fact, owner, organization=where, insee="", type=self.made["FactType", "words"], number=None, kind="", replaces=None
        )

    def fact_types(self, model: type[models.Model], owner: str) -> None:
        self.make(FactType, owner)
        self.made["FactType", "words"] = self.make(FactType, owner, shape="words")

    def grant(self, model: type[models.Model], owner: str) -> None:
        role = GrantRole.DIRECTOR if owner == HOST else GrantRole.OFFICE
        where = None if owner == HOST else self.world.organizations[self.pool, owner]
        self.make(Grant, owner, account=self.account(owner), role=role, organization=where, held_as=None)

    def invitation(self, model: type[models.Model], owner: str) -> None:
        self.make(Invitation, owner, account=self.accounts["invited"], invited_by=self.account(HOST), accepted_at=None,
                  withdrawn_at=None, grant=self.row(Grant, owner))  # fmt: skip
        for end in ("accepted_at", "withdrawn_at"):
            self.make(Invitation, owner, account=self.accounts["invited"], invited_by=self.account(HOST), grant=None,
                      **{"accepted_at": None, "withdrawn_at": None, end: self.day(owner, Invitation, end)})  # fmt: skip

    def role(self, model: type[models.Model], owner: str) -> None:
        """Make a function held today; of a member, one that ended too: the host’s former ones are not for members."""
        self.make(Role, owner, ends_on=None)
        if owner != HOST:
            self.make(Role, owner)

    def appearance(self, model: type[models.Model], owner: str) -> None:
        """Make the look of a pool: the logo is named by a digest, and the hue is no word."""
        self.make(Appearance, owner, hue="#0B5D5E", logo=b"\x89PNG", logo_name=f"{self.pool:032x}.png")

    def attachment(self, model: type[models.Model], owner: str) -> None:
        """Make a file attached to an act: the database wants one holder, and the file is named by its digest."""
        others = dict.fromkeys(name for name in HOLDING_FILES if name != "resolution")
        self.make(Attachment, owner, digest=self.digest(owner), media="application/pdf", **others)

    def document(self, model: type[models.Model], owner: str) -> None:
        self.make(Document, owner, docx=self.digest(owner), pdf=self.digest(owner), issued_on=None, staff_file=None)

    def version(self, model: type[models.Model], owner: str) -> None:
        """Make a version whose tariff reads: its title is a canary."""
        text = (shipped("redon") / "convention.tarif").read_text("utf-8")
        word = self.world.aviary.word(self.mark(owner, Version, "tariff"))
        self.make(Version, owner, tariff=text.replace("Service commun des systèmes d’information", word, 1))

    def template(self, model: type[models.Model], owner: str) -> None:
        self.make(DocumentTemplate, owner, withdrawn_at=None, digest=self.digest(f"{owner}{len(self.world.rows)}"))

    def digest(self, what: str) -> str:
        """Keep a file, and return its digest."""
        return files.keep(self.pool, f"{self.pool} {what}".encode()).digest

    def day(self, owner: str, model: type[models.Model], name: str) -> datetime:
        return self.world.aviary.value(model._meta.get_field(name), self.mark(owner, model, name))

    def token(self, model: type[models.Model], owner: str) -> None:
        today = timezone.localdate()
        self.make(ApiToken, owner, scopes=list(TokenScope.values), created_on=today, expires_on=today + timedelta(days=30),
                  account=self.account(owner))  # fmt: skip

    def run(self, model: type[models.Model], owner: str) -> None:
        self.make(Run, owner, account=self.account(owner), ended_at=None, outcome="")
        self.make(Run, owner, account=self.account(owner), outcome="done")

    def mail(self, model: type[models.Model], owner: str) -> None:
        with account_scope(self.account(owner).pk):
            self.make(Mail, owner, pool_id=self.pool, account=self.account(owner), state=MailState.SENT)


def only(**given: Any) -> Callable[[Builder, type[models.Model], str], None]:
    return lambda builder, model, owner: builder.make(model, owner, **given) and None


SPECIAL: dict[type[models.Model], Callable[[Builder, type[models.Model], str], None]] = {
    AccessibilityAudit: only(criteria_met=50, criteria_applicable=100),
    Attachment: Builder.attachment,
    Attendance: only(presence="proxy"),
    Document: Builder.document,
    DocumentTemplate: Builder.template,
    EditionHours: only(opens_at=time(9), closes_at=time(12)),
    InKindAgent: only(days=Decimal(5)),
    Membership: only(effect_on=EARLY, ends_on=None, dropped_on=None, notice_on=None),
    Notice: only(withdrawn_on=None),
    StaffFile: only(share=Decimal(100)),
    Version: Builder.version,
    Step: only(kind="voted"),
    Appearance: Builder.appearance,
    ApiToken: Builder.token,
    Composition: Builder.composition,
    Fact: Builder.facts,
    FactType: Builder.fact_types,
    Grant: Builder.grant,
    Invitation: Builder.invitation,
    Mail: Builder.mail,
    OpeningHours: only(opens_at=time(9), closes_at=time(12)),
    Organization: lambda builder, model, owner: builder.organization(owner),
    OrganizationType: only(is_commune=True),
    Person: Builder.person,
    Post: only(quotity=Decimal(1)),
    Role: Builder.role,
    Run: Builder.run,
    Succession: Builder.succession,
    Supplier: lambda builder, model, owner: builder.make(model, owner, kind="carrier" if owner == HOST else "publisher") and None,
    AnnexedTable: only(table=None),
    WorkShare: only(fte=Decimal("0.40"), table=None),  # those of a table that was adopted are never removed
}
OWNERS: dict[type[models.Model], tuple[str, ...]] = {
    Organization: (HOST, A, B, GONE), Composition: MEMBERS, Succession: (HOST,), Person: (HOST, A, B, OUTSIDE),
    Supplier: (HOST, OUTSIDE), Grant: (HOST, A, B), Run: (HOST, A, B), Mail: (HOST, A, B), ApiToken: (HOST, A, B),
}  # fmt: skip
HOLDERS = {  # the references by which a row is an organization’s
    "organization", "membership", "resolution", "form", "notice", "dispute", "document", "staff_file",
}  # fmt: skip
DERIVED = ("sort_name", "search_text")  # made from other columns when a row is kept


def owners_of(model: type[models.Model]) -> tuple[str, ...]:
    """Return who has rows of a table: each organization when it has one, else the host."""
    names = {column.name for column in model._meta.concrete_fields}
    return OWNERS.get(model, (HOST, A, B) if names & HOLDERS else (HOST,))


def carries(column: models.Field) -> bool:
    return can_carry(column) and column.name not in DERIVED and not isinstance(column.db_default, models.Expression)


# ------------------------------------------------------------ who reads

OF_THE_HOST = (GrantRole.DIRECTOR, GrantRole.FINANCE, GrantRole.UNIT_MANAGER, GrantRole.TECHNICIAN, GrantRole.AUDITOR)
OF_A_MEMBER = (GrantRole.EXECUTIVE, GrantRole.OFFICE, GrantRole.CONTACT, GrantRole.MEMBER_FINANCE, GrantRole.ELECTED)
# key: (the pool it works in, what it holds and for whom there, the pools it has rights in)
READERS: dict[str, tuple[int | None, tuple[tuple[int, str, str], ...]]] = {
    **{role.value: (FIRST, ((FIRST, role, HOST),)) for role in OF_THE_HOST},
    **{role.value: (FIRST, ((FIRST, role, A),)) for role in OF_A_MEMBER},
    "shared": (FIRST, ((FIRST, GrantRole.OFFICE, A), (FIRST, GrantRole.ELECTED, B))),  # keeps one file, and reads another
    "neighbour": (FIRST, ((FIRST, GrantRole.OFFICE, B),)),
    "stranger": (SECOND, ((SECOND, GrantRole.DIRECTOR, HOST),)),
    "strange_member": (SECOND, ((SECOND, GrantRole.OFFICE, A),)),
    "both": (FIRST, ((FIRST, GrantRole.CONTACT, A), (SECOND, GrantRole.DIRECTOR, HOST))),
    "ended": (None, ((FIRST, GrantRole.DIRECTOR, HOST),)),
}


def named(world: World, key: str, pools: tuple[int, ...]) -> Account:
    """Make an account whose name and address are canaries."""
    name = world.aviary.word(Mark(pools, key, "Account", "name"))
    email = f"{world.aviary.word(Mark(pools, key, 'Account', 'email'), accented=False)}@exemple.fr"
    return Account.objects.create_user(email, None if key.startswith("invited") else "trois-chevaux-verts-2026", name=name)


def canary_world() -> World:
    """Fill both pools, and let everybody in."""
    world = World()
    accounts = {key: named(world, key, tuple(dict.fromkeys(pool for pool, *_ in held))) for key, (_, held) in READERS.items()}
    whose = {FIRST: {HOST: "director", A: "office", B: "neighbour"}, SECOND: {HOST: "stranger", A: "strange_member"}}
    for pool in (FIRST, SECOND):
        mine = {owner: accounts[key] for owner, key in whose[pool].items()}
        builder = Builder(world, pool, {**mine, "invited": named(world, f"invited{pool}", (pool,))})
        with pool_scope(pool):
            fill(builder)
            lose(builder)
    for key, (pool, held) in READERS.items():
        let_in(world, key, accounts[key], pool, held)
    world.readers["nobody"], world.clients["nobody"] = Reader("nobody"), Client(raise_request_exception=False)
    return world


def fill(builder: Builder) -> None:
    furnish()
    for owner in owners_of(Organization):
        builder.organization(owner)
    for model in of_pools():
        for owner in owners_of(model):
            builder.row(model, owner)


NEVER_LOST = (  # those that cannot be twice, and those that are never removed
    Organization, Grant, ApiToken, Succession, Appearance, Adoption, Amendment, Choice, ChoiceForm, Dispatch, IntakeRequest,
    Membership, Notice, Signature,
)  # fmt: skip


def lose(builder: Builder) -> None:
    """Make and remove, for each owner, rows that their history still knows."""
    for model in (m for m in of_pools() if hasattr(m, "pgh_event_model") and m not in NEVER_LOST):
        for owner in owners_of(model):
            before = set(builder.world.rows)
            kept = dict(builder.made)
            again = Builder(builder.world, builder.pool, builder.accounts, dict(builder.made))
            again.made.pop((model.__name__, owner))
            again.row(model, owner)
            builder.made = kept
            for key in [k for k in builder.world.rows if k not in before]:
                place = builder.world.rows.pop(key)
                model._base_manager.filter(pk=place.pk).delete()
                builder.world.deleted[key] = place


def let_in(world: World, key: str, account: Account, pool: int | None, held: tuple[tuple[int, str, str], ...]) -> None:
    """Give an account its rights, a session and a token."""
    today = timezone.localdate()
    for where, role, owner in held:
        with pool_scope(where):
            organization = None if owner == HOST else world.organizations[where, owner]
            Grant(account=account, role=role, organization=organization, starts_on=EARLY,
                  ends_on=today - timedelta(days=1) if key == "ended" else None).save()  # fmt: skip
    secret = ""
    with pool_scope(pool or FIRST):
        token = ApiToken(name="lecture", scopes=list(TokenScope.values), expires_on=today + timedelta(days=30))
        secret = tokens.make_token(token, account=account, today=today)
    here = [(role, owner) for where, role, owner in held if where == pool]
    world.readers[key] = Reader(
        key, account, pool, frozenset(role for role, _ in here), frozenset(o for _, o in here if o != HOST),
        frozenset(o for role, o in here if role in MEMBER_WRITERS), secret, tuple(where for where, *_ in held) if pool else (),
    )  # fmt: skip
    client = world.clients[key] = Client(raise_request_exception=False)
    client.force_login(account)
    if pool:
        session = client.session
        session["pool"] = pool
        session.save()


def marks_of(world: World) -> Iterator[Mark]:
    yield from (*world.aviary.words.values(), *world.aviary.digits.values(), *world.aviary.days.values())


def as_reader(reader: Reader, **changes: Any) -> Reader:
    return dataclasses.replace(reader, **changes)
