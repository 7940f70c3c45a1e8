"""Who enters each route, written by hand, and the addresses of each: with keys of one’s own, of others, of nobody.

A route that is not here has not been thought about, and a test fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from communis.agreements.models import (
    Agreement,
    Amendment,
    AnnexedTable,
    Article,
    Attachment,
    Dispute,
    Document,
    DocumentTemplate,
    Intake,
    LegalPiece,
    Letter,
    Membership,
    Notice,
    Resolution,
    StaffFile,
    Step,
    Version,
)
from communis.catalog.models import Coverage, Edition, Entry
from communis.directory.models import (
    ApiToken,
    Fact,
    Invitation,
    Organization,
    Person,
    Post,
    Role,
    Site,
    Supplier,
)
from communis.directory.records import KINDS, WITH_HISTORY
from communis.foundation.models import Mail, Run
from isolation.audiences import (
    Audience,
    access,
    direction,
    drafts,
    either,
    here,
    himself,
    host,
    keepers,
    leads,
    managers,
    nobody,
    outside,
    own,
    own_or_hosts,
    person,
    pool,
    staff_file,
)
from isolation.world import FIRST, HOST, OUTSIDE, SECOND, TOWNS, A, B, Place, Reader, World

_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True)
class Rule:
    """Who enters; which table the key of the address is of; whether only a POST is answered; what completes the address."""

    enters: Audience | None = pool  # None: everybody, and what comes out is judged all the same
    model: type[models.Model] | None = None
    posts: bool = False
    query: str = ""
    sends: Sends | None = None


@dataclass(frozen=True)
class Sends:
    """A field of what is posted that names a row by its key: which, of which table, and who posts it."""

    field: str
    model: type[models.Model]
    by: Audience


def hosts_keepers(reader: Reader, pools: tuple[int, ...], owner: str) -> bool:
    return host(reader, pools, owner) and keepers(reader, pools, owner)


def hosts_person(reader: Reader, pools: tuple[int, ...], owner: str) -> bool:
    return managers(reader, pools, owner) if owner in (HOST, OUTSIDE) else keepers(reader, pools, owner)


def writers(reader: Reader, pools: tuple[int, ...], owner: str) -> bool:
    """Who keeps the file of one organization or another."""
    return here(reader, pools) and bool(reader.kept)


IMPORTED_BY: dict[str, Audience] = {
    "adhesions": managers,
    "actes": either(managers, writers),
    **dict.fromkeys(("organisations", "personnes", "faits", "populations", "composition"), managers),
    **dict.fromkeys(("types-d-organisation", "types-de-faits"), managers),
    **dict.fromkeys(
        ("roles", "sites", "horaires", "fermetures", "budget", "fondements", "delegations"), either(managers, writers)
    ),
    **dict.fromkeys(("fournisseurs", "contrats", "labels", "contacts", "partenaires"), outside),
    **dict.fromkeys(("poles", "postes", "affectations"), direction),
}
OPEN = Rule(None)
ROUTES: dict[str, Rule] = {
    "home": Rule(), "search": Rule(query="q=qz"), "runs": Rule(), "api": Rule(), "territory": Rule(), "organizations": Rule(),
    "people": Rule(), "facts": Rule(), "department": Rule(), "partners": Rule(), "tokens": Rule(), "token-make": Rule(),
    "run": Rule(either(himself, host), Run), "cancel-run": Rule(either(himself, outside), Run),
    "access": Rule(access), "invite": Rule(direction), "end-rights": Rule(direction),
    "resend-invitation": Rule(direction, Invitation, posts=True),
    "withdraw-invitation": Rule(direction, Invitation, posts=True),
    "mails": Rule(direction), "mail": Rule(direction, Mail), "my-mail": Rule(himself, Mail),
    "commune": Rule(), "commune-enroll": Rule(managers, posts=True), "reorganize": Rule(managers),
    "organization": Rule(pool, Organization), "organization-host": Rule(managers, Organization, posts=True),
    "role-add": Rule(keepers, Organization), "fact-add": Rule(managers, Organization),
    "person": Rule(person, Person), "person-change": Rule(hosts_person, Person), "person-erase": Rule(managers, Person),
    "role-end": Rule(keepers, Role), "missing": Rule(host), "renewal": Rule(managers),
    "designations": Rule(managers, query="le=01/01/2024"), "signature": Rule(host),
    "fact": Rule(own, Fact), "fact-correct": Rule(managers, Fact), "fact-withdraw": Rule(managers, Fact),
    "department-example": Rule(direction, posts=True), "post": Rule(pool, Post), "post-split": Rule(direction, Post),
    "work-tables": Rule(), "work-table-prepare": Rule(direction, posts=True),
    "work-table-drop": Rule(direction, query="exercice=2026"), "work-table-restore": Rule(direction, posts=True),
    "table-annex": Rule(managers, Version),
    "table-release": Rule(managers, AnnexedTable, posts=True),
    "suppliers": Rule(host), "supplier": Rule(host, Supplier), "settings": Rule(managers), "tokens-of-all": Rule(direction),
    "token-revoke": Rule(either(himself, direction), ApiToken),
    "offers": Rule(own, Organization), "offers-of-commune": Rule(host),
    "site": Rule(own, Site), "coverage": Rule(), "coverage-state": Rule(managers), "coverage-history": Rule(host, Coverage),
    # the rows of the world are drafts of versions: for the host’s staff
    "conventions": Rule(), "convention-begin": Rule(managers), "convention": Rule(pool, Agreement),
    "convention-succeed": Rule(managers, Agreement), "convention-price": Rule(managers, Agreement),
    "convention-renew": Rule(managers, Agreement),
    "convention-reviews": Rule(managers, Agreement, posts=True), "version": Rule(host, Version),
    "version-state": Rule(managers, Version), "version-submit": Rule(managers, Version, posts=True),
    "version-next": Rule(managers, Version), "version-amend": Rule(managers, Version),
    "version-tariff": Rule(host, Version),  # read with the version, written in a draft by whoever prepares it
    "version-compare": Rule(host, Version), "version-adoptions": Rule(host, Version), "article-add": Rule(managers, Version),
    "article-change": Rule(managers, Article), "article-move": Rule(managers, Article, posts=True),
    "article-remove": Rule(managers, Article), "amendment": Rule(host, Amendment),
    "amendment-votes": Rule(host, Amendment, sends=Sends("adhesion", Membership, hosts_keepers)),
    "adopt": Rule(keepers, Membership),
    "documents": Rule(), "document": Rule(own, Document), "document-docx": Rule(own, Document),
    "document-pdf": Rule(own, Document),
    "document-templates": Rule(managers), "document-template": Rule(managers, query="document=adhesion"),
    "document-template-withdraw": Rule(managers, DocumentTemplate),
    "membership-document": Rule(keepers, Membership), "amendment-document": Rule(managers, Amendment),
    "staff-file-document": Rule(managers, StaffFile),
    "staff-files": Rule(either(leads, writers)), "staff-file": Rule(staff_file, StaffFile),
    "editions": Rule(), "comparison": Rule(), "my-catalogue": Rule(),
    "edition": Rule(drafts, Edition), "composition": Rule(drafts, Edition), "edition-pdf": Rule(drafts, Edition),
    "edition-copy": Rule(managers, Edition), "entry": Rule(drafts, Entry), "entry-close": Rule(managers, Entry),
    "entry-carry": Rule(managers, Entry),
    "member-prerequisites": Rule(own, Organization), "prerequisite-check": Rule(keepers, Organization),
    "memberships": Rule(), "memberships-calendar": Rule(), "calendar-subscription": Rule(), "membership": Rule(own, Membership),
    "membership-request": Rule(either(managers, writers)),
    **dict.fromkeys(("membership-choose", "membership-wishes"), Rule(keepers, Membership)),
    **{f"membership-{what}": Rule(managers, Membership) for what in ("step", "sign", "effect", "drop", "express", "notice")},
    "notice-withdraw": Rule(managers, Membership), "step-remove": Rule(managers, Step),
    "intakes": Rule(), "intake": Rule(pool, Intake), "intake-ask": Rule(managers, Intake), "intake-admit": Rule(managers, Intake),
    "accessibility-of-pool": Rule(), "appearance": Rule(managers), "appearance-logo": Rule(),
    "appearance-sheet": Rule(),
    "api-v1:suppliers": Rule(host), "api-v1:occupations": Rule(leads), "api-v1:commune_offers": Rule(host, query="exercise=2025"),
    "api-v1:commune_offer_explanation": Rule(host, query="exercise=2025&line={line}"),
    "api-v1:organization": Rule(pool, Organization), "api-v1:person": Rule(person, Person), "api-v1:fact": Rule(own, Fact),
    "api-v1:offers": Rule(own, Organization, query="exercise=2025"),
    "api-v1:offer_explanation": Rule(own, Organization, query="exercise=2025&line={line}"),
    **{f"api-v1:{name}": Rule() for name in (
        "openapi-json", "token", "organizations", "organization_types", "compositions", "successions", "legal_grounds", "sites",
        "opening_hours", "closing_days", "budget_milestones", "partners", "people", "roles", "delegations", "fact_types", "facts",
        "units", "posts", "work_shares", "communes", "commune",
    )},
    **{f"api-v1:{name}": Rule(nobody) for name in ("api-root", "nowhere")},
    "acts": Rule(query="q=q"), "act": Rule(own_or_hosts, Resolution), "act-add": Rule(either(managers, writers)),
    **{f"act-{name}": Rule(keepers, Resolution) for name in ("change", "vote", "transmit", "state", "metadata", "attach")},
    "act-forget": Rule(managers, Resolution),
    "acts-publication": Rule(either(managers, writers), query="annee=2024"),
    "membership-attach": Rule(keepers, Membership), "version-attach": Rule(managers, Version),
    "agreement-attach": Rule(managers, Agreement), "amendment-attach": Rule(managers, Amendment),
    "dispute-attach": Rule(managers, Dispute), "piece-attach": Rule(managers, LegalPiece),
    "staff-file-attach": Rule(managers, StaffFile),
    "letter-attach": Rule(keepers, Letter), "notice-attach": Rule(keepers, Notice),
    "file": Rule(own, Attachment), "file-remove": Rule(keepers, Attachment), "file-readings": Rule(leads),
    "imports": Rule(either(managers, outside, writers)),
    **{f"import-{what}{step}": Rule(who) for what, who in IMPORTED_BY.items() for step in (
        "", "-example", "-list", "-columns", "-preview", "-errors", "-check", "-result",
    ) if (what, step) != ("populations", "-list")},  # the facts are that list
    **dict.fromkeys((  # open to everybody, or to any account for what is its own
        "accessibility", "glossary", "health", "health-in-french", "ready", "ready-in-french", "account_set_password",
        "change-address", "confirm-address", "choose-pool", "account_login", "mfa_authenticate", "mfa_login_webauthn",
        "account_logout", "account_inactive", "no-access", "account_reset_password", "account_reset_password_done",
        "account_reset_password_from_key", "account_reset_password_from_key_done", "accept-invitation", "my-account",
        "end-other-sessions", "notifications", "my-mails", "account_change_password", "account_reauthenticate",
        "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_index", "second-factor", "mfa_activate_totp",
        "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
        "mfa_list_webauthn", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn",
    ), OPEN),
}  # fmt: skip
SENT_BY = {"director": False, "technician": False, "finance": True, "contact": True}  # whose file, and whether it was imported
WITH_A_LINE = ("api-v1:offer_explanation", "api-v1:commune_offer_explanation")
BY_KIND = ("record-add", "record-add-to", "record-change", "record-remove", "record-restore", "record-history")

KEPT_BY: dict[str, Audience] = {  # who adds and removes; who changes is the same, but for organizations
    "audits-d-accessibilite": managers,
    "organisations": managers, "sites": keepers, "horaires": keepers, "fermetures": keepers, "budget": keepers,
    "fondements": keepers, "delegations": keepers, "composition": managers, "fournisseurs": outside, "contrats": outside,
    "labels": outside, "contacts": outside, "partenaires": outside, "types-d-organisation": managers, "types-de-faits": managers,
    "poles": direction, "postes": direction, "affectations": direction,
    **dict.fromkeys((
        "conventions", "versions-de-convention", "changements-d-avenant", "pieces-juridiques", "biens-partages",
        "bilans-d-etape", "dossiers-d-agents", "avis-d-instances", "prix-par-acte",
    ), managers),
    "destinataires": keepers, "visas": keepers,
    **dict.fromkeys(("catalogues", "fiches-du-catalogue", "outils", "prerequis", "horaires-du-catalogue"), managers),
    **dict.fromkeys((
        "examens", "transmissions", "mandats-d-achat", "differends", "etapes-de-differend", "compte-de-sortie",
        "taches-de-sortie", "conditions-prealables", "listes-d-admission", "agents-contributeurs",
    ), managers),
    **dict.fromkeys(("obligations", "lettres"), keepers),
}  # fmt: skip
HISTORY_TO: dict[str, Audience] = {
    "organisations": own, "sites": own, "horaires": own, "fermetures": own, "budget": own, "fondements": own, "delegations": own,
    "roles": own, "personnes": lambda reader, pools, owner: host(reader, pools, owner) or hosts_person(reader, pools, owner),
    "acces": either(access, himself), "jetons": lambda reader, pools, owner: host(reader, pools, owner) and (
        direction(reader, pools, owner) or himself(reader, pools, owner)),
    "affectations": leads, "actes": own, "fichiers": own, "dossiers-d-agents": staff_file,
    "avis-d-instances": leads, "documents": own, "constats-de-prerequis": own,
    **dict.fromkeys(("catalogues", "fiches-du-catalogue", "outils", "prerequis", "horaires-du-catalogue"), drafts),
    "adhesions": own, "lettres": own,
    **dict.fromkeys((
        "examens", "transmissions", "mandats-d-achat", "differends", "etapes-de-differend", "compte-de-sortie",
        "taches-de-sortie", "conditions-prealables", "listes-d-admission", "agents-contributeurs", "obligations",
        "formulaires-de-choix", "preavis", "signatures",
    ), host),
    **dict.fromkeys((
        "audits-d-accessibilite",
        "composition", "fournisseurs", "contrats", "labels", "partenaires", "types-d-organisation", "types-de-faits", "poles",
        "postes", "successions", "parts-de-temps", "conventions", "versions-de-convention", "changements-d-avenant",
        "pieces-juridiques", "biens-partages", "bilans-d-etape", "articles", "avenants", "prix-par-acte",
        "destinataires", "visas", "modeles-de-document",
    ), host),
}  # fmt: skip


@dataclass(frozen=True)
class Aim:
    """One address of a route: its path, the row it bears the key of, who enters."""

    route: str
    path: str
    place: Place | None
    enters: Audience | None
    posts: bool = False
    there: tuple[int, ...] = (FIRST, SECOND)  # the pools in which something is at this address
    field: str = ""  # what is posted under this name is the key of the row; the address is that of another


def patterns(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[tuple[str, str, Any]]:
    """Yield every route: its name, its pattern, its view."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (space, entry.app_name or entry.namespace) if part)
            yield from patterns(entry, prefix + str(entry.pattern), inner)
        elif isinstance(entry, URLPattern):
            yield f"{space}:{entry.name}" if space else entry.name, prefix + str(entry.pattern), entry.callback


def all_routes() -> dict[str, tuple[str, Any]]:
    return {name: (pattern, view) for name, pattern, view in patterns(get_resolver())}


def aims_of(world: World, name: str, pattern: str, keys: dict[str, str]) -> Iterator[Aim]:
    """Yield the addresses of a route."""
    if name in BY_KIND:
        yield from aims_by_kind(world, name, pattern)
        return
    rule = ROUTES[name]
    blank = pattern.replace("^.*\\Z", "nulle-part")
    wanted = [parameter for _, parameter in _PARAMETER.findall(blank)]
    for values, place, there in choices(world, wanted, rule.model, keys):
        if name.startswith("import-") and "key" in wanted and SENT_BY.get(place.owner) != name.endswith("-result"):
            there = NOWHERE  # what was imported is told, and what was not is examined
        query = rule.query.replace("{line}", keys["line"])
        if name in WITH_A_LINE:  # the second pool has no convention, and the host no line
            there = there[:1] if place is None or place.owner != HOST else NOWHERE
        path = filled(blank, values, query)
        yield Aim(name, path, place, rule.enters, rule.posts, there)
        if rule.sends is not None and place is not None and place.owner == HOST and there == ANYWHERE:
            rows = [row for row in world.places(rule.sends.model) if row.pool == place.pool]
            yield from (Aim(name, path, row, rule.sends.by, True, (place.pool,), rule.sends.field) for row in rows)


def filled(pattern: str, values: dict[str, Any], query: str = "") -> str:
    path = "/" + _PARAMETER.sub(lambda found: str(values[found[2]]), pattern)
    return f"{path}?{query}" if query else path


ABSENT = (0, 987_654_321, 2**63 - 1, 2**63, 10**30)
ANYWHERE, NOWHERE = (FIRST, SECOND), ()
COMMUNES = (  # and the pools of whose territory each is: that of the second is a département, of which some are known here
    (TOWNS[A], ANYWHERE), ("35236", ANYWHERE), (TOWNS[B], (FIRST,)), ("29019", NOWHERE), ("00000", NOWHERE), ("75056", NOWHERE),
)  # fmt: skip


def choices(
    world: World, wanted: list[str], model: type[models.Model] | None, keys: dict[str, str]
) -> Iterator[tuple[dict[str, Any], Place | None, tuple[int, ...]]]:
    """Yield what fills an address, with the row it leads to and whether anything is there."""
    if not wanted:
        yield {}, None, ANYWHERE
    elif "insee" in wanted:
        yield from (({"insee": code}, None, there) for code, there in COMMUNES)
    elif wanted in (["offer"], ["hue"], ["token"], ["name"], ["secret"]):
        yield from named_by_words(wanted[0])
    elif "uidb36" in wanted:
        yield {"uidb36": "1", "key": "x-y"}, None, NOWHERE
    elif "key" in wanted or wanted == ["form"]:
        for form in ("csv", "xlsx", "zip") if "form" in wanted else ("",):
            for whose, key in staged(keys) if "key" in wanted else [("", "")]:
                yield (
                    {"key": key, "form": form},
                    Place(FIRST, whose, Organization, 0),
                    (ANYWHERE if whose != "no one" and form != "zip" else NOWHERE),
                )
    elif set(wanted) == {"pool", "number", "secret"}:
        for place in world.places(Invitation):
            yield {"pool": place.pool, "number": place.pk, "secret": "x" * 43}, place, ANYWHERE
    else:
        (name,) = wanted
        yield from (({name: place.pk}, place, there) for place, there in targets(world, model))


def named_by_words(parameter: str) -> Iterator[tuple[dict[str, Any], Place | None, tuple[int, ...]]]:
    """Yield what fills an address that bears a word: an offer of the convention, the look of a pool, a signed link."""
    known: dict[str, tuple[tuple[str, tuple[int, ...]], ...]] = {
        "offer": (("socle_complet", (FIRST,)), ("rien", NOWHERE)),  # the second pool has no convention
        "hue": (("0B5D5E", ANYWHERE), ("FFFFFF", NOWHERE)),
        "name": ((f"{FIRST:032x}.png", (FIRST,)), (f"{SECOND:032x}.png", (SECOND,)), (f"{0:032x}.png", NOWHERE)),
        "token": (("x:y:z", NOWHERE),),
        "secret": (("JETON", ANYWHERE),),  # one’s own token, put in by the crawler
    }
    yield from (({parameter: word}, None, there) for word, there in known[parameter])


def staged(keys: dict[str, str]) -> list[tuple[str, str]]:
    """Return the keys of the files that wait to be imported, by who sent each; one is nobody’s."""
    return [(whose, key) for whose, key in keys.items() if whose != "line"]


def targets(world: World, model: type[models.Model] | None) -> Iterator[tuple[Place, tuple[int, ...]]]:
    """Yield the rows of a table, those that were removed, and keys that nothing bears."""
    where = model or Organization
    if model is not None:
        yield from ((place, ANYWHERE) for place in world.places(model))
        yield from ((place, NOWHERE) for place in world.places(model, deleted=True))
    yield from ((Place(FIRST, "no one", where, key), NOWHERE) for key in ABSENT)


def aims_by_kind(world: World, name: str, pattern: str) -> Iterator[Aim]:
    """Yield the addresses of the rows of every kind."""
    slugs = WITH_HISTORY if name == "record-history" else KINDS
    for slug, found in slugs.items():
        model = found if name == "record-history" else found.model
        for place, there in targets(world, model) if name not in ("record-add", "record-add-to") else holders(world, slug, name):
            enters = HISTORY_TO[slug] if name == "record-history" else KEPT_BY[slug]
            if name == "record-change" and slug == "organisations":
                enters = keepers
            if slug == "contacts" and place is not None and place.owner != OUTSIDE and name != "record-add-to":
                there = NOWHERE  # a person of no supplier is no contact
            if name == "record-restore":
                removed = (place.model._meta.db_table, place.pk) in world.deleted
                there = ANYWHERE if removed and not (slug == "contacts" and place.owner != OUTSIDE) else NOWHERE
            values = {"kind": slug, "pk": place and place.pk, "holder": place and place.pk}
            yield Aim(name, filled(pattern, values), place, enters, name == "record-restore", there)
    yield Aim(name, filled(pattern, {"kind": "rien", "pk": 1, "holder": 1}), None, nobody, name == "record-restore")


def holders(world: World, slug: str, name: str) -> Iterator[tuple[Place | None, tuple[int, ...]]]:
    """Yield what a new row of a kind may be added to."""
    kind = KINDS[slug]
    if name == "record-add":
        yield None, NOWHERE if kind.parent else ANYWHERE
        return
    held = kind.model._meta.get_field(kind.parent).related_model if kind.parent else Organization
    yield from ((place, there if kind.parent else NOWHERE) for place, there in targets(world, held))


def expected(aim: Aim, reader: Reader, world: World) -> bool | None:
    """Tell whether a reader enters an address; None when it is not for this table to say."""
    if aim.enters is None or reader.pool is None:
        return None
    if reader.pool not in aim.there:
        return False
    if aim.place is None:
        return aim.enters(reader, (reader.pool,), "")
    if aim.route.startswith("import-"):
        return aim.enters(reader, (reader.pool,), "") and (aim.place.owner in ("", reader.key))
    return aim.enters(reader, (aim.place.pool,), aim.place.owner) and (aim.place.pool == reader.pool or aim.route == "my-mail")


def all_aims(world: World, keys: dict[str, str]) -> dict[str, list[Aim]]:
    """Return the addresses of every route of the resolver; `keys` are those of `opening.staged_files`."""
    return {name: list(aims_of(world, name, pattern, keys)) for name, (pattern, _) in all_routes().items()}
