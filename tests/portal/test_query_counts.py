"""Every list and every file, found among the routes, asks for as many queries at one row as at many; a list for few."""

import pytest
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from communis.directory.models import Site
from communis.foundation.models import Run
from communis.foundation.scope import pool_scope
from factories.growth import grow
from factories.pools import FIRST
from factories.world import count_queries

pytestmark = pytest.mark.django_db

MOST = 8  # queries of a list, those of scope, session and transaction apart
LIST, FILE = "kit/page_list.html", "kit/page_record.html"
MORE = ("35013", "56194", "44067", "35237", "44057", "35045", "56011", "44128", "35285", "56060")
ASKED = {"designations": "?le=15/03/2026"}  # a list that must be asked something
FILES = {  # each route with arguments that shows the file of something, and what it is asked of
    "commune": lambda world: ["35064"], "organization": lambda world: [world["sixt"].pk],
    "person": lambda world: [world.made["person"].pk], "supplier": lambda world: [world.made["supplier"].pk],
    "post": lambda world: [world.made["post"].pk], "fact": lambda world: [world.made["fact"].pk],
    "site": lambda world: [Site.objects.unscoped().order_by("pk").first().pk],
    **{name: (lambda world, made=made: [world.made[made].pk]) for name, made in {
        "convention": "agreement", "version": "draft", "version-adoptions": "version", "amendment": "amendment",
        "amendment-votes": "amendment",
        "staff-file": "staff file", "version-compare": "draft", "document": "document", "edition": "edition", "entry": "entry",
        "act": "act", "membership": "membership", "intake": "intake",
    }.items()},
    "offers": lambda world: [world["sixt"].pk], "offers-of-commune": lambda world: ["35064"],
    "record-history": lambda world: ["organisations", world["sixt"].pk], "run": lambda world: [Run.objects.unscoped().last().pk],
}  # fmt: skip
OTHERS = {  # routes with arguments that show no file: forms, acts, one e-mail, one file sent
    "cancel-run", "account_reset_password_from_key", "accept-invitation", "my-mail", "mail", "mfa_edit_webauthn",
    "mfa_remove_webauthn", "resend-invitation", "withdraw-invitation", "commune-enroll", "organization-host", "role-add",
    "fact-add", "person-change", "person-erase", "role-end", "fact-correct", "fact-withdraw", "post-split", "token-revoke",
    "record-add", "record-add-to", "record-change", "record-remove", "record-restore", "confirm-address", "coverage-state",
    "coverage-history", "appearance-sheet", "appearance-logo", "convention-succeed", "convention-price", "convention-reviews",
    "convention-renew", "notice-withdraw", "step-remove",
    "calendar-subscription", "table-annex", "table-release", "entry-carry",
    "version-state", "version-submit", "version-next", "version-amend", "version-tariff", "article-add", "article-change",
    "article-move", "article-remove", "adopt", "document-docx", "document-pdf", "membership-document", "amendment-document",
    "staff-file-document", "document-template-withdraw",
    "act-change", "act-forget", "act-metadata", "act-state", "act-transmit", "act-vote", "composition",
    "edition-copy", "edition-pdf", "entry-close", "file", "file-remove", "intake-admit", "intake-ask", "member-prerequisites",
    "prerequisite-check",
    *(f"{what}-attach" for what in (
        "act", "agreement", "amendment", "dispute", "letter", "membership", "notice", "piece", "staff-file", "version",
    )),
    *(f"membership-{what}" for what in (
        "choose", "drop", "effect", "express", "notice", "sign", "step", "wishes",
    )),
}  # fmt: skip
GIVEN_ROWS = {  # what rows of the pool do not lengthen: the register, one’s own account and second factors, a run, a site
    "territory", "commune", "offers-of-commune", "offers", "run", "site",
    "version-compare", "file-readings",  # another version, and what staff files were read
    "my-account", "mfa_index", "second-factor", "mfa_list_webauthn",
}  # fmt: skip


def routes(resolver=None, prefix=""):
    """Yield the address and the name of each route of the pages; those of the API are in api/test_api_pages.py."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.name
        elif "api/" not in str(pattern.pattern):
            yield from routes(pattern, prefix + str(pattern.pattern))


def addresses(world):
    """Return the addresses of all lists and files, by the name of their route, and which are lists."""
    found, lists = {}, set()
    world.accounts["director"].set_password("un mot de passe choisi")
    world.accounts["director"].save()
    for path, name in routes():
        if "<" in path:
            if name in FILES:
                found[name] = reverse(name, args=FILES[name](world))
            continue
        address = f"/{path}{ASKED.get(name, '')}"
        world.sign_in("director")
        response = world.client.get(address)
        drawn = {template.name for template in getattr(response, "templates", [])}
        if drawn & {LIST, FILE} and response.status_code == 200:
            found[name] = address
            lists |= {name} if LIST in drawn else set()
    world.sign_in("director")
    return found, lists


def rows_of(world, address):
    page = world.client.get(address).content.decode()
    return sum(page.count(tag) for tag in ("<tr", "<li", "<section", "<dt"))


def asked(world, found):
    """Return the rows of each page, then its queries: asked again, when what is kept of what changes rarely has been read."""
    return tuple({name: ask(world, address) for name, address in found.items()} for ask in (rows_of, count_queries))


def grown(world, codes):
    with pool_scope(FIRST):
        grow(world, codes)


def test_every_route_with_arguments_is_known_to_show_a_file_or_not():
    told = {name for path, name in routes() if "<" in path and not name.startswith("import-")}
    assert told == FILES.keys() | OTHERS


def test_every_list_and_file_asks_for_as_many_queries_whatever_its_rows(world):
    grown(world, MORE[:1])
    with pool_scope(FIRST):
        found, lists = addresses(world)
    assert lists >= {"territory", "organizations", "people", "missing", "facts", "suppliers", "partners", "access", "runs"}
    short, few = asked(world, found)
    grown(world, MORE[1:])
    long, many = asked(world, found)
    assert {name: count for name, count in many.items() if count != few[name]} == {}
    assert {name: few[name] for name in lists if few[name] > MOST} == {}
    assert {name for name in found if long[name] <= short[name]} - GIVEN_ROWS == set()
