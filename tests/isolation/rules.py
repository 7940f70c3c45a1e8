"""Checks of one wall at a time, which the tests make and the gate of the walls makes again without one."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

import communis
from communis.directory.enums import TokenScope
from communis.directory.models import Account, ApiToken, Grant, Site
from communis.foundation.scope import pool_scope
from communis.foundation.tenancy import Pool, ScopedQuerySet
from isolation.audiences import KNOWN_TO, SHOWN_TO
from isolation.routes import Aim, all_routes, expected
from isolation.world import FIRST, OF_A_MEMBER, OF_THE_HOST, Place, Reader, World, of_pools

SOURCE = Path(communis.__file__).parent
ANSWERING = (
    "views", "views.py", "api", "api.py", "forms", "forms.py", "tables", "imports", "imports.py", "access_views.py",
    "account_views.py", "access_tables.py", "access_forms.py", "account_forms.py", "mail_forms.py", "searching.py", "needs.py",
    "runs.py", "rail.py", "standings.py", "panels.py", "documentation.py", "editing.py", "lists.py", "notes.py",
    "edition_views.py", "comparison_views.py", "coverage_views.py", "agenda.py", "watching.py", "members.py", "alerts.py",
    "exports.py", "paying.py", "comparing.py", "tasks.py",
)  # fmt: skip
# What answers a request and yet reads rows without asking for whom: where, and why it may.
UNSCOPED = {
    "agreements/forms/rows.py offers_of agreement": 1,  # of a convention chosen among those seen
    "agreements/comparing.py catalogue_differences Edition": 1,  # for a text, made for whoever is shown both versions
    "agreements/comparing.py compared Article": 1,  # the articles of two versions that are seen
    "catalog/comparing.py contents_of EditionHours": 1,  # what two catalogues that are seen are made of
    "catalog/comparing.py contents_of Entry": 1,
    "catalog/comparing.py contents_of Prerequisite": 1,
    "catalog/comparing.py contents_of Tool": 1,
    "directory/tasks.py review_pool Grant": 1,  # for nobody: the review of rights, at night
    "agreements/agenda.py blocking Membership": 1,  # whether adhesions that are seen were followed by another
    "agreements/alerts.py _decided Examination": 1,  # kept for all, and told of the adhesions that are seen
    "agreements/alerts.py _found Membership": 1,
    "agreements/forms/acts.py typed_of act": 2,  # the names and votes of an act that its own page was opened for
    "agreements/tables/memberships.py all_with_holdings Membership": 1,  # for the host’s staff, who reads them all
    "agreements/watching.py lacking_files Agreement": 1,  # behind the predicate of those who keep conventions
    "agreements/watching.py prerequisites_left Edition": 1,  # those of the versions of adhesions that are seen
    "directory/imports/facts.py current_facts Fact": 1,  # the imports are behind the door of those who keep the directory
    "directory/imports/facts.py known FactType": 1,
    "directory/imports/facts.py organizations_by_word Organization": 1,
    "directory/imports/organizations.py known Organization": 1,
    "directory/imports/organizations.py known OrganizationType": 1,
    "directory/imports/organizations.py known Partner": 1,
    "directory/imports/populations.py pool_of FactType": 1,
    "directory/imports/populations.py pool_of Organization": 1,
    "agreements/views/territory.py states_of Membership": 1,  # who adheres is told to all; who asks or leaves, to nobody else
    "directory/access_tables.py grants_listed Invitation": 1,  # whether a right that is seen waits for its invitation
    "directory/account_views.py mail_of_pool Mail": 1,  # behind the door of the direction
    "directory/account_views.py mails_of_pool Mail": 1,  # behind the door of the direction
    "directory/views/department.py presided Organization": 1,  # who presides the host is told to all its members
    "directory/views/organizations.py moved_by Role": 1,  # counted behind the door of those who keep the directory
    "directory/views/organizations.py moved_by Site": 1,
    "portal/standings.py answering Role": 1,  # whom to call at the host is told to all its members
    "portal/rail.py pool_in_scope AccessibilityAudit": 1,  # the law asks each page to say it
    "portal/rail.py pool_in_scope Organization": 1,  # the name of the host, which all pages show
    "portal/rail.py pool_in_scope Appearance": 1,  # the logo and the hue of all pages
}


def wrongly_shown(world: World, key: str) -> list[str]:
    """Return the rows that a table shows to a reader and should not, and those that it hides and should show."""
    reader, wrong = world.readers[key], []
    with pool_scope(FIRST):
        reader.account.grants = tuple(Grant.objects.unscoped().in_force(timezone.localdate()).filter(account=reader.account))
        for model in of_pools():
            seen = set(model.objects.visible_to(reader.account).values_list("pk", flat=True))
            for place in world.places(model):
                wanted = place.pool == FIRST and row_is_for(reader, place)
                if (place.pk in seen) != wanted:
                    wrong.append(
                        f"{model.__name__} of {place.owner} in pool {place.pool}: {'shown' if place.pk in seen else 'hidden'}"
                    )
    return wrong


def open_doors(world: World, aims: Mapping[str, list[Aim]], names: Iterable[str]) -> list[str]:
    """Return the doors that open to somebody who enters nothing behind them; each is asked alone, whatever is asked after it."""
    found, everybody = [], [*OF_THE_HOST, *OF_A_MEMBER]
    entering = {name: {key for key in everybody if enters_some(aims[name], world.readers[key], world)} for name in names}
    for key in everybody:
        account = world.readers[key].account
        with pool_scope(FIRST):
            account.grants = tuple(Grant.objects.unscoped().in_force(timezone.localdate()).filter(account=account))
            for name, readers in entering.items():
                door = all_routes()[name][1].door
                if readers and key not in readers and (door.may is None or door.may(account)):
                    found.append(f"{key} {name}: the door opens, and nothing behind it is for this reader")
    return found


def enters_some(aims: Iterable[Aim], reader: Reader, world: World) -> bool:
    """Tell whether a reader enters an address of a route; of the files sent to be imported, as if one were its own."""
    return any(
        aim.enters is None or reader.pool is None or aim.enters(reader, (reader.pool,), "")
        if aim.route.startswith("import-") else expected(aim, reader, world) is not False
        for aim in aims
    )  # fmt: skip


def doors() -> list[str]:
    """Return the routes whose door asks a predicate."""
    return [name for name, (_, view) in all_routes().items() if view.door.may is not None]


def row_is_for(reader: Reader, place: Place) -> bool:
    name = place.model.__name__
    if name in SHOWN_TO:
        return SHOWN_TO[name](reader, (place.pool,), place.owner)
    return KNOWN_TO[name](reader, (place.pool,), place.owner)


def shown_without_a_right(world: World) -> list[str]:
    account = Account.objects.get(pk=world.readers["stranger"].account.pk)
    with pool_scope(FIRST):
        return [model.__name__ for model in of_pools() if model.objects.visible_to(account).exists()]


def shown_by_default(world: World) -> int:
    """Count the rows shown to a director by a table that does not say to whom it shows them."""
    reader = world.readers["director"]
    with pool_scope(FIRST):
        reader.account.grants = tuple(Grant.objects.unscoped().in_force(timezone.localdate()).filter(account=reader.account))
        return ScopedQuerySet(Site).visible_to(reader.account).count()


def tables() -> list[str]:
    return sorted(m._meta.db_table for m in apps.get_models()
                  if any(f.is_relation and f.related_model is Pool for f in m._meta.concrete_fields))  # fmt: skip


def reached_elsewhere(pool: int) -> list[str]:
    """Return the tables whose rows of the other pool a raw statement reaches, and those whose own rows it does not (T8)."""
    others = []
    with pool_scope(pool), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('communis.account', '', true)"
        )  # of the last request, which had a transaction of its own
        counts = (f"SELECT '{t}', count(*) FILTER (WHERE pool_id <> %s), count(*) FROM {t}" for t in tables())
        cursor.execute(" UNION ALL ".join(counts), [pool] * len(tables()))
        for table, foreign, all_ in cursor.fetchall():
            if foreign or not all_:
                others.append(f"{table}: {foreign} rows of the other pool among {all_}")
    return others


def reached_nowhere() -> list[tuple[str, int]]:
    """Return the tables whose rows a raw statement reaches out of any pool."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('communis.account', '', true)")
        cursor.execute(" UNION ALL ".join(f"SELECT '{t}', count(*) FROM {t}" for t in tables()))
        return [found for found in cursor.fetchall() if found[1]]


def reads_without_asking(text: str, place: str) -> Iterator[str]:
    """Yield where a module reads the rows of a table without saying for whom: the function and the table."""
    tree = ast.parse(text)
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "unscoped":
                yield f"{place} {function.name} {ast.unparse(call.func.value).partition('.')[0]}"


def answering(root: Path = SOURCE) -> Iterator[tuple[Path, str]]:
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).parts
        if parts[0] not in ("tariff", "conventions") and set(parts) & set(ANSWERING):
            yield path, "/".join(parts)


SCOPE_OF = {  # what the token of a program must be allowed to read, for each reading (INT-01)
    **dict.fromkeys((
        "organizations", "organization", "organization_types", "compositions", "successions", "legal_grounds", "sites",
        "opening_hours", "closing_days", "budget_milestones", "suppliers", "partners", "communes", "commune",
    ), "directory.read"),
    **dict.fromkeys(("people", "person", "roles", "delegations"), "people.read"),
    **dict.fromkeys(("fact_types", "facts", "fact"), "facts.read"),
    **dict.fromkeys(("units", "posts", "work_shares", "occupations"), "department.read"),
    **dict.fromkeys(("offers", "offer_explanation", "commune_offers", "commune_offer_explanation"), "offers.read"),
    **dict.fromkeys(("openapi-json", "token", "api-root", "nowhere"), ""),
}  # fmt: skip


BY_ADDRESS = {"calendar-subscription": ("calendar.read", "/agenda/{secret}.ics")}  # the token stands in the address


def answers_out_of_scope(world: World, aims: dict[str, list[Aim]], names: Iterable[str]) -> Iterator[str]:
    """Yield what a token with all scopes but one answers where that one is asked, and a token with that one alone elsewhere."""
    reader = world.readers["director"]
    with pool_scope(FIRST):
        token = ApiToken.objects.unscoped().filter(account=reader.account, name="lecture")
    for name in names:
        scope, path = BY_ADDRESS[name] if name in BY_ADDRESS else (SCOPE_OF[name], aims[f"api-v1:{name}"][0].path)
        for held in ([s for s in TokenScope.values if s != scope], [s for s in TokenScope.values if s != scope][:1]):
            with transaction.atomic():
                with pool_scope(FIRST):
                    token.update(scopes=held)
                headers = {"Authorization": f"Bearer {reader.secret}"}
                status = Client().get(path.format(secret=reader.secret), headers=headers).status_code
                transaction.set_rollback(True)
            if (status == (404 if name in BY_ADDRESS else 403)) != bool(scope):
                yield f"{name} answers {status} to a token for {held}"
