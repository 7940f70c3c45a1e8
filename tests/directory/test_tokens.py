"""The pages of tokens: made and shown once, listed, revoked; and what each account sees of them."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communis.directory.forms import TokenForm
from communis.directory.models import ApiToken
from communis.directory.tokens import digest_of
from communis.foundation.scope import pool_scope
from communis.kit.formats import short_date
from communis.tariff.calendar import months_later
from factories.accounts import sign_in
from factories.pools import FIRST
from factories.reading import small_world, token

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return small_world()


@pytest.fixture
def mayor(world, client):
    sign_in(client, world.mayor)
    return client


def words(response):
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("\xa0", " ").replace("&#x27;", "’").split())


def typed(**changes):
    day = timezone.localdate() + timedelta(days=30)
    return {"name": "tableau de bord", "scopes": ["facts.read", "directory.read"], "expires_on": short_date(day), **changes}


def own_tokens(world):
    with pool_scope(FIRST):
        return list(ApiToken.objects.unscoped().filter(account=world.mayor))


@pytest.mark.covers("SEC-01")
def test_a_token_is_made_and_shown_once(world, mayor):
    made = mayor.post("/jetons/creer/", typed())
    secret = re.search(r">(communis_[\w-]{43})<", made.content.decode())[1]
    assert (made.status_code, made["Cache-Control"]) == (200, "no-store")
    (row,) = own_tokens(world)
    assert (row.name, row.scopes, row.digest, row.prefix) == (
        "tableau de bord", ["facts.read", "directory.read"], digest_of(secret), secret[:15],
    )  # fmt: skip
    assert Client().get("/api/v1/facts", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    again = mayor.get("/jetons/")
    assert secret not in again.content.decode()
    assert f"tableau de bord {secret[:15]}… faits et types de faits" in words(again)


def test_the_file_of_tokens_gives_the_day_of_the_last_use(world, mayor):
    mayor.post("/jetons/creer/", typed())
    answer = mayor.get("/jetons/", {"export": "csv"})
    titles, row = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")), delimiter=";"))[:2]
    assert dict(zip(titles, row, strict=True))["Dernière utilisation"] == ""
    with pool_scope(FIRST):
        ApiToken.objects.unscoped().update(last_used_at=datetime(2026, 11, 29, 23, 30, tzinfo=UTC))
    answer = mayor.get("/jetons/", {"export": "csv"})
    titles, row = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")), delimiter=";"))[:2]
    assert dict(zip(titles, row, strict=True))["Dernière utilisation"] == "30/11/2026"


def test_a_token_lives_a_year_to_the_day():
    form = TokenForm(today=date(2026, 11, 30))
    assert form.fields["expires_on"].help_text == "Un an au plus, le 30/11/2027. Après, il n’ouvre plus rien."
    assert TokenForm(today=date(2028, 2, 29)).fields["expires_on"].last == date(2029, 2, 28)


def test_what_cannot_be_a_token_is_told_and_nothing_typed_is_lost(world, mayor):
    far = months_later(timezone.localdate(), 12) + timedelta(days=1)
    refused = mayor.post("/jetons/creer/", typed(name="", scopes=[], expires_on=short_date(far)))
    assert refused.status_code == 422
    assert "3 points sont à corriger" in words(refused)
    assert f"La date doit être le {short_date(far - timedelta(days=1))} ou avant." in words(refused)
    assert mayor.post("/jetons/creer/", typed(scopes=["everything.write"])).status_code == 422
    assert mayor.post("/jetons/creer/", typed(expires_on=short_date(timezone.localdate() - timedelta(days=1)))).status_code == 422
    assert own_tokens(world) == []


def test_too_many_tokens_are_refused(world, mayor):
    for rank in range(20):
        token(world.mayor, name=f"jeton {rank}")
    refused = mayor.post("/jetons/creer/", typed())
    assert refused.status_code == 422
    assert "Vous avez déjà 20 jetons valables dans ce service. Révoquez d’abord ceux qui ne servent plus." in words(refused)
    assert len(own_tokens(world)) == 20


def test_making_a_token_asks_again_who_one_is(world, client):
    client.force_login(world.mayor)
    for method in (client.get, client.post):
        asked = method("/jetons/creer/", typed())
        assert (asked.status_code, asked["Location"].partition("?")[0]) == (302, reverse("account_reauthenticate"))
    assert own_tokens(world) == []


def test_a_token_is_revoked_by_its_account_once(world, mayor):
    secret = token(world.mayor)
    (row,) = own_tokens(world)
    assert "ne lira plus rien dès sa prochaine requête" in words(mayor.get(f"/jetons/{row.pk}/revoquer/"))
    assert own_tokens(world)[0].revoked_at is None
    done = mayor.post(f"/jetons/{row.pk}/revoquer/", {}, follow=True)
    assert "Le jeton « essai » est révoqué." in words(done)
    assert Client().get("/api/v1/facts", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    (row,) = own_tokens(world)
    assert row.revoked_by == "Paul Roux"
    twice = mayor.post(f"/jetons/{row.pk}/revoquer/", {})
    assert (twice.status_code, "a déjà été révoqué par Paul Roux" in words(twice)) == (422, True)


@pytest.mark.covers("SEC-02")
def test_nobody_sees_the_tokens_of_another_but_the_direction(world):
    token(world.mayor, name="celui du maire")
    token(world.stranger, name="celui d’ailleurs", pool=2)
    (row,) = own_tokens(world)
    readers = {name: Client() for name in ("director", "technician", "mayor", "stranger")}
    for name, reader in readers.items():
        reader.force_login(getattr(world, name))
    assert {name: reader.get("/jetons/service/").status_code for name, reader in readers.items()} == {
        "director": 200, "technician": 404, "mayor": 404, "stranger": 200,
    }  # fmt: skip
    assert {name: reader.get(f"/jetons/{row.pk}/revoquer/").status_code for name, reader in readers.items()} == {
        "director": 200, "technician": 404, "mayor": 200, "stranger": 404,
    }  # fmt: skip
    seen = {name: "celui du maire" in words(reader.get("/jetons/")) for name, reader in readers.items()}
    assert seen == {"director": False, "technician": False, "mayor": True, "stranger": False}
    assert "celui du maire" in words(readers["director"].get("/jetons/service/"))
    assert "celui d’ailleurs" not in words(readers["director"].get("/jetons/service/"))
    done = readers["director"].post(f"/jetons/{row.pk}/revoquer/", {})
    assert (done.status_code, own_tokens(world)[0].revoked_by) == (302, "Claire Diot")


def test_the_history_of_a_token_is_told(world, client):
    token(world.mayor, ["facts.read"], name="celui du maire")
    (row,) = own_tokens(world)
    client.force_login(world.director)
    client.post(f"/jetons/{row.pk}/revoquer/", {})
    past = words(client.get(f"/historique/jetons/{row.pk}/"))
    assert "Révoqué par sans objet Claire Diot" in past
    assert "faits et types de faits" in past.casefold()
    assert row.digest not in past


def test_the_list_of_all_tokens_asks_the_same_queries_whatever_its_length(world, client):
    client.force_login(world.director)
    token(world.mayor)
    client.get("/jetons/service/")  # the session learns its service once
    with CaptureQueriesContext(connection) as one:
        client.get("/jetons/service/")
    for rank in range(5):
        token(world.technician, name=f"jeton {rank}")
    with CaptureQueriesContext(connection) as six:
        client.get("/jetons/service/")
    assert len(six) == len(one)


def test_an_empty_list_says_what_a_token_is(mayor):
    assert "Aucun jeton. Un jeton laisse un programme lire le service à votre place, avec vos droits." in words(
        mayor.get("/jetons/")
    )
