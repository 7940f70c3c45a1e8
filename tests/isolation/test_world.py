"""The world is whole: every table, column, route and rule is in it; and its canaries are known under any disguise."""

import base64
import io
from datetime import date
from decimal import Decimal
from html import escape
from json import dumps
from urllib.parse import quote

import pytest
import xlsxwriter

from communis.directory.enums import GrantRole
from communis.directory.records import KINDS, WITH_HISTORY
from isolation.audiences import CHANGED_BY, KNOWN_TO
from isolation.canaries import Aviary, Mark
from isolation.routes import BY_KIND, HISTORY_TO, KEPT_BY, ROUTES, all_routes
from isolation.world import READERS, carries, marks_of, of_pools, owners_of

WITHOUT = {  # columns with room for a canary, and none: why
    "ApiToken.created_on",  # a token lives a year at most
    "ApiToken.expires_on",
    "Appearance.logo_name",  # the digest of a picture, which the database checks
    "Attachment.digest",  # those of the files in the store
    "Attachment.media",
    "Document.docx",
    "Document.issued_on",  # a draft is not issued
    "Document.pdf",
    "DocumentTemplate.digest",
    "DocumentTemplate.withdrawn_at",
    "Membership.dropped_on",  # a membership that began
    "Membership.effect_on",
    "Membership.ends_on",
    "Membership.notice_on",
    "Notice.withdrawn_on",  # a notice that runs
}
SAID = Mark((1,), "b", "Site", "name")


def workbook(value):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        book.add_worksheet().write(0, 0, value)
    return made.getvalue()


@pytest.mark.parametrize(
    "disguise",
    [
        str, str.upper, str.lower, escape, quote, lambda v: quote(quote(v)), dumps, lambda v: v.replace("Ž", "&#381;"),
        lambda v: v.replace("Ž", "Z"), lambda v: v.replace("Ž", "Z\u030c"), lambda v: f"nom;siren\r\n{v};1".encode(),
        lambda v: base64.b64encode(f"x{v}".encode()).decode(), lambda v: base64.urlsafe_b64encode(f"une autre {v}".encode()),
        workbook, lambda v: f"/recherche/?q={quote(v)}", lambda v: f"SUMMARY:{v}\r\n", lambda v: v.replace("Ž", "=C5=BD"),
    ],
)  # fmt: skip
def test_a_word_is_known_under_any_disguise(disguise):
    aviary = Aviary()
    assert aviary.found_in(disguise(aviary.word(SAID))) == {SAID}


@pytest.mark.parametrize(
    "written", ["7700017", "7 700 017,77 €", "7\u00a0700\u00a0017,77", "7\u202f700\u202f017", "7.700.017", "7&nbsp;700&nbsp;017",
                '{"number": "7700017.77"}', workbook(Decimal("7700017.77"))],
)  # fmt: skip
def test_a_number_is_known_as_french_writes_it(written):
    aviary = Aviary()
    assert aviary.number(SAID) == 7_700_017
    assert aviary.found_in(written) == {SAID}


@pytest.mark.parametrize(
    "written", ["1903-01-01", "01/01/1903", "1er janvier 1903", "1<sup>er</sup>\u00a0janvier\u00a01903", "1er janv. 1903",
                "19030101T090000", workbook(date(1903, 1, 1))]
)  # fmt: skip
def test_a_day_is_known_as_french_writes_it(written):
    aviary = Aviary()
    assert aviary.day("starts_on", SAID) == date(1903, 1, 1)
    assert aviary.found_in(written) == {SAID}


def test_what_is_no_canary_is_not_taken_for_one():
    aviary = Aviary()
    aviary.word(SAID), aviary.number(SAID), aviary.day("starts_on", SAID)
    assert aviary.found_in("Žq00002qZ, 7 700 018, le 2 janvier 1903, 35 700 017") == set()


def test_every_table_of_a_pool_holds_rows_of_each_owner_in_both_pools(world):
    kept = {(place.model, place.pool, place.owner) for place in world.rows.values()}
    assert [(m.__name__, p, o) for m in of_pools() for p in (1, 2) for o in owners_of(m) if (m, p, o) not in kept] == []


def test_every_column_that_can_name_its_owner_does(world):
    told = {(mark.model, mark.field) for mark in marks_of(world)}
    silent = {f"{m.__name__}.{c.name}" for m in of_pools() for c in m._meta.concrete_fields
              if carries(c) and (m.__name__, c.name) not in told}  # fmt: skip
    assert silent == WITHOUT


def test_every_table_has_said_who_knows_it_and_who_changes_it():
    names = {model.__name__ for model in of_pools()}
    assert names - {name.partition(".")[0] for name in KNOWN_TO} == set()
    assert names - set(CHANGED_BY) == set()
    assert set(CHANGED_BY) - names == {"Account"}


def test_every_route_has_said_who_enters():
    assert sorted(all_routes()) == sorted([*ROUTES, *BY_KIND])
    assert (sorted(KEPT_BY), sorted(HISTORY_TO)) == (sorted(KINDS), sorted(WITH_HISTORY))


def test_every_role_reads():
    held = {role for _, rights in READERS.values() for _, role, _ in rights}
    assert held == set(GrantRole)
