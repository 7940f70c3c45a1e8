"""The address that a diary subscribes to: its own token, what its holder sees, revoked, gone with its rights (INT-09)."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from communis.directory.models import ApiToken, Grant
from communis.kit.formats import short_date
from factories.agreements import active, agreement
from factories.world import first_pool

pytestmark = pytest.mark.django_db


@pytest.fixture
def diary(world):
    """Two members, and the address that the office of the first gave to its diary."""
    with first_pool():
        of = agreement()
        for name in ("sixt", "allaire"):
            active(world[name], of, "groupements", effect_on=date(2024, 1, 1))
    world.sign_in("office")
    page = world.fill("/jetons/creer/?portee=calendar.read", name="agenda")
    assert page.title == "Jeton créé"
    return re.search(r"(/agenda/communis_[\w-]{43}\.ics)", page.text)[1]


def read(path, method="get"):
    return getattr(Client(raise_request_exception=False), method)(path)


@pytest.mark.covers("INT-09")
def test_a_diary_reads_without_signing_in_what_its_holder_sees_and_no_more(world, diary):
    answer = read(diary)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200, "text/calendar; charset=utf-8", "private, no-store",
    )  # fmt: skip
    told = [str(e["summary"]) for e in Calendar.from_ical(answer.content).walk("VEVENT")]
    assert any(words.startswith("Sixt-sur-Aff, redon") for words in told)
    assert [words for words in told if "Allaire" in words] == []
    assert (read(diary, "head").status_code, read(diary, "post").status_code) == (200, 405)


@pytest.mark.covers("INT-09")
def test_the_address_dies_when_it_is_revoked_and_with_the_rights_of_its_holder(world, diary):
    with first_pool():
        token = ApiToken.objects.unscoped().get()
    assert (token.scopes, token.digest in diary) == (["calendar.read"], False)
    absent = read("/agenda/communis_rien.ics")
    with first_pool():
        Grant.objects.unscoped().filter(account=world.accounts["office"]).update(ends_on=timezone.localdate() - timedelta(days=1))
    gone = read(diary)
    with first_pool():
        Grant.objects.unscoped().filter(account=world.accounts["office"]).update(ends_on=None)
    assert read(diary).status_code == 200
    world.fill(f"/jetons/{token.pk}/revoquer/")
    revoked = read(diary)
    assert [one.status_code for one in (absent, gone, revoked)] == [404, 404, 404]
    assert len({re.sub(rb'"request_id": *"[^"]*"', b"", one.content) for one in (absent, gone, revoked)}) == 1


@pytest.mark.covers("INT-09")
def test_a_token_of_another_scope_opens_no_calendar_and_that_of_a_calendar_opens_nothing_else(world, diary, caplog):
    secret = diary.removeprefix("/agenda/").removesuffix(".ics")
    assert Client().get("/api/v1/organizations", headers={"Authorization": f"Bearer {secret}"}).status_code == 403
    day = short_date(timezone.localdate() + timedelta(days=30))
    page = world.post("/jetons/creer/", name="tout", scopes=["calendar.read", "facts.read"], expires_on=day)
    assert page.errors == [
        "Ce qu’il peut lire : L’agenda prend un jeton à lui seul : son adresse se donne à un logiciel. Décochez-le, ou décochez "
        "le reste."
    ]
    with first_pool():
        ApiToken.objects.unscoped().update(scopes=["facts.read"])
    assert read(diary).status_code == 404
    assert [line for line in caplog.messages if secret in line] == []  # the address is a secret
