"""A small pool that programs read, the accounts that may read it, and their tokens."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from types import SimpleNamespace

from django.utils import timezone

from communis.directory import tokens
from communis.directory.enums import GrantRole, TokenScope
from communis.directory.models import (
    ApiToken,
    BudgetMilestone,
    ClosingDay,
    Composition,
    Delegation,
    Fact,
    FactType,
    LegalGround,
    Occupation,
    OpeningHours,
    Partner,
    Person,
    Post,
    Role,
    Site,
    Succession,
    Supplier,
    SupplierLabel,
    Unit,
    WorkShare,
)
from communis.foundation.scope import pool_scope
from factories.accounts import account, grant
from factories.pools import FIRST, SECOND, organization

EARLY = date(2024, 1, 1)
ENTERED = datetime(2024, 2, 1, 9, 30, tzinfo=UTC)
ALL = tuple(TokenScope.values)


def who(email, name, role, **right):
    """Make an account with a right in a pool."""
    made = account(email, name)
    grant(made, role, **right)
    return made


def token(of, scopes=ALL, pool=FIRST, name="essai", **fields):
    """Make a token of an account, and return what it sends."""
    today = timezone.localdate()
    with pool_scope(pool):
        made = ApiToken(name=name, scopes=list(scopes), expires_on=fields.pop("expires_on", today))
        secret = tokens.make_token(made, account=of, today=today)
        if fields:
            ApiToken.objects.unscoped().filter(pk=made.pk).update(**fields)
    return secret


def saved(row):
    row.save()
    return row


def small_world():
    """Fill the first pool with one or two rows of everything, and the second with what must never cross."""
    world = SimpleNamespace()
    with pool_scope(FIRST):
        world.host = organization("Gestionnaire A", is_host=True, type="communauté", siren="243500741", department="35")
        world.member = organization(
            "Aubépine", insee="35001", department="35", starts_on=date(1790, 1, 1), phone="02 99 00 00 00"
        )
        world.other = organization("Bruyère", insee="35002", ends_on=date(2024, 12, 31))
        world.type = world.member.type
        directory_of(world)
        people_of(world)
        facts_of(world)
        department_of(world)
    with pool_scope(SECOND):
        world.foreign = organization("Canari B", insee="35009", email="canari@exemple.fr")
        world.foreign_person = saved(Person(first_name="Canari", last_name="B", email="canari@exemple.fr"))
    world.director = who("direction@exemple.fr", "Claire Diot", GrantRole.DIRECTOR)
    world.technician = who("agent@exemple.fr", "Denis Morel", GrantRole.TECHNICIAN)
    world.mayor = who("maire@exemple.fr", "Paul Roux", GrantRole.ELECTED, organization=world.member)
    world.stranger = who("autre@exemple.fr", "Autre Direction", GrantRole.DIRECTOR, pool=SECOND)
    return world


def directory_of(world):
    world.carrier = saved(Supplier(name="Réseau d’Ici", kind="carrier", note="contrat 12"))
    saved(SupplierLabel(supplier=world.carrier, name="ExpertCyber", starts_on=date(2024, 1, 15)))
    world.partner = saved(Partner(name="Préfecture d’Essai", kind="prefecture", note="à ne pas diffuser"))
    world.site = saved(
        Site(organization=world.member, kind="town_hall", name="Mairie", connection="fibre", carrier=world.carrier, speed=300)
    )
    world.other_site = saved(Site(organization=world.other, kind="school", name="École"))
    world.hours = saved(OpeningHours(organization=world.member, weekday="1", opens_at=time(9), closes_at=time(12, 30)))
    world.closing = saved(
        ClosingDay(organization=world.member, starts_on=date(2024, 5, 10), ends_on=date(2024, 5, 10), label="pont")
    )
    world.milestone = saved(BudgetMilestone(organization=world.member, kind="BP", year=2024, on=date(2024, 4, 2)))
    world.ground = saved(
        LegalGround(organization=world.host, reference="article 6 des statuts", wording="permet l’adhésion", starts_on=EARLY)
    )
    world.part = saved(Composition(whole=world.host, part=world.member, starts_on=EARLY))
    world.succession = saved(
        Succession(
            predecessor=world.other, successor=world.member, kind="new_commune", on=date(2025, 1, 1), act="arrêté du 3 mai 2024"
        )
    )


def people_of(world):
    world.clerk = saved(
        Person(first_name="Ada", last_name="Bihan", email="ada@exemple.fr", phone="02 99 00 00 01", function="secrétaire")
    )
    world.chief = saved(Person(first_name="Luc", last_name="Diot"))
    world.hidden = saved(Person(first_name="Zoé", last_name="Canari"))
    world.role = saved(Role(person=world.clerk, organization=world.member, kind="clerk", starts_on=EARLY))
    world.past_role = saved(
        Role(person=world.clerk, organization=world.member, kind="technical", starts_on=EARLY, ends_on=date(2024, 6, 30))
    )
    world.chief_role = saved(Role(person=world.chief, organization=world.host, kind="president", starts_on=EARLY))
    world.hidden_role = saved(Role(person=world.hidden, organization=world.other, kind="mayor", starts_on=EARLY))
    world.delegation = saved(
        Delegation(
            organization=world.member,
            delegate=world.clerk,
            granted_by="le maire",
            scope="bons de commande",
            act="arrêté 3",
            starts_on=EARLY,
        )
    )


def facts_of(world):
    world.posts = saved(FactType(code="postes_de_travail", label="postes de travail", unit="poste"))
    world.people = saved(FactType(code="habitants", label="population", unit="hab", has_kinds=True))
    known = {"organization": world.member, "source": "inventaire", "entered_by": "Claire Diot", "entered_at": ENTERED}
    world.old = saved(Fact(type=world.posts, number=Decimal(11), valid_on=EARLY, **known))
    world.fact = saved(
        Fact(type=world.posts, number=Decimal("12.5"), valid_on=EARLY, replaces=world.old, reason="recompté", **known)
    )
    world.population = saved(Fact(type=world.people, kind="totale", number=Decimal(2400), valid_on=date(2025, 1, 1), **known))
    other = {**known, "organization": world.other}
    world.other_fact = saved(Fact(type=world.posts, number=Decimal(3), valid_on=EARLY, is_made_up=True, **other))


def department_of(world):
    world.unit = saved(Unit(name="Direction", missions="piloter"))
    world.post = saved(Post(unit=world.unit, title="Directeur", quotity=Decimal("0.80"), starts_on=EARLY))
    world.share = saved(WorkShare(post=world.post, year=2024, brick="Socle", fte=Decimal("0.60")))
    world.occupation = saved(Occupation(post=world.post, person=world.chief, grade="attaché", status="tenured", starts_on=EARLY))
