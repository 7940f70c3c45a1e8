"""What a token opens, and when it opens nothing any more."""

import logging
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.checks import run_checks
from django.db import connection
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from communis.directory.enums import GrantRole, TokenScope
from communis.directory.models import Account, ApiToken, Grant
from communis.directory.tokens import digest_of
from communis.foundation.api.doors import TOKEN
from communis.foundation.checks import views_of
from communis.foundation.history import history_of
from communis.foundation.scope import pool_scope
from factories.pools import FIRST, SECOND
from factories.reading import token, who
from portal.api.conftest import Program

pytestmark = pytest.mark.django_db
YESTERDAY = timedelta(days=1)
READINGS = {
    "organizations": "directory.read", "organization-types": "directory.read", "compositions": "directory.read",
    "successions": "directory.read", "legal-grounds": "directory.read", "sites": "directory.read",
    "opening-hours": "directory.read", "closing-days": "directory.read", "budget-milestones": "directory.read",
    "suppliers": "directory.read", "partners": "directory.read", "territory": "directory.read", "people": "people.read",
    "roles": "people.read", "delegations": "people.read", "fact-types": "facts.read", "facts": "facts.read",
    "department/units": "department.read", "department/posts": "department.read", "department/work-shares": "department.read",
    "department/occupations": "department.read",
}  # fmt: skip


def refused(secret, path="organizations"):
    response = Program(secret).get(path)
    return response.status_code, response.json()["type"].partition("#")[2]


def change(secret, **fields):
    with pool_scope(FIRST):
        ApiToken.objects.unscoped().filter(digest=digest_of(secret)).update(**fields)


def test_nothing_is_read_without_a_token(world):
    response = Program().get("organizations")
    assert (response.status_code, response["WWW-Authenticate"], response["Content-Type"]) == (
        401, 'Bearer realm="communis"', "application/problem+json",
    )  # fmt: skip
    assert response.json() == {
        "type": "/api/#token_missing", "title": "Jeton absent", "status": 401, "detail": "La requête ne porte pas de jeton.",
        "what_to_do": "Envoyez l’en-tête « Authorization: Bearer » suivi de votre jeton.",
        "request_id": response["X-Request-ID"],
    }  # fmt: skip
    assert (response["Cache-Control"], response["Vary"].split(", ")[0]) == ("private, no-store", "Authorization")


@pytest.mark.parametrize(
    "given", ["Bearer", "Bearer x", "Basic YTpi", "communis_abc", "Bearer communis_" + "a" * 43, "Bearer " + "é" * 40]
)
def test_a_token_that_is_not_one_opens_nothing(world, given):
    response = Client().get("/api/v1/organizations", headers={"Authorization": given})
    assert (response.status_code, response.json()["type"]) == (401, "/api/#token_unknown")


def test_a_token_in_the_address_opens_nothing(world):
    secret = token(world.director)
    assert Client().get(f"/api/v1/organizations?token={secret}").status_code == 401


@pytest.mark.covers("SEC-02")
def test_a_session_opens_nothing(world, client):
    client.force_login(world.director)
    assert client.get("/organisations/").status_code == 200
    assert client.get("/api/v1/organizations").json()["type"] == "/api/#token_missing"
    assert client.post("/api/v1/organizations").status_code == 401


def test_an_expired_token_opens_nothing_from_the_day_after(world):
    secret = token(world.director)
    assert Program(secret).get("organizations").status_code == 200
    today = timezone.localdate()
    change(secret, created_on=today - 2 * YESTERDAY, expires_on=today - YESTERDAY)
    assert refused(secret) == (401, "token_expired")


@pytest.mark.covers("SEC-01")
def test_a_revoked_token_opens_nothing_at_its_next_request(world):
    secret = token(world.director)
    change(secret, revoked_at=timezone.now(), revoked_by="Claire Diot")
    assert refused(secret) == (401, "token_revoked")


@pytest.mark.covers("SEC-01")
def test_a_token_dies_with_the_rights_of_its_account(world):
    secret = token(world.director)
    with pool_scope(FIRST):
        Grant.objects.unscoped().filter(account=world.director).update(ends_on=timezone.localdate() - YESTERDAY)
    assert refused(secret) == (401, "no_right")


def test_a_token_never_opens_the_other_service_of_its_account(world):
    """An account that has one service left is led there by its pages; its token of the other one is not."""
    secret = token(world.director)
    with pool_scope(SECOND):
        Grant(account=world.director, role=GrantRole.DIRECTOR, starts_on=timezone.localdate()).save()
    assert Program(secret).items("organizations", q="canari") == []
    with pool_scope(FIRST):
        Grant.objects.unscoped().filter(account=world.director).delete()
    assert refused(secret) == (401, "no_right")


@pytest.mark.covers("SEC-01")
def test_a_token_reads_what_its_account_may_today(world):
    secret = token(world.technician)
    assert Program(secret).get("suppliers").status_code == 200
    with pool_scope(FIRST):
        Grant.objects.unscoped().filter(account=world.technician).delete()
        Grant(account=world.technician, role=GrantRole.ELECTED, organization=world.other, starts_on=timezone.localdate()).save()
    assert refused(secret, "suppliers") == (404, "absent")
    assert Program(secret).ids("sites") == [world.other_site.pk]


def test_a_token_dies_with_its_account(world):
    secret = token(world.director)
    Account.objects.filter(pk=world.director.pk).update(is_active=False)
    assert refused(secret) == (401, "account_closed")


def test_a_token_dies_with_the_password_of_its_account(world):
    secret = token(world.director)
    world.director.set_password("quatre-chevaux-bleus-2026")
    world.director.save()
    assert refused(secret) == (401, "password_changed")


def test_a_right_that_requires_a_second_factor_requires_it_of_tokens(world, settings):
    secret, other = token(world.director), token(world.technician)
    settings.COMMUNIS_SECOND_FACTOR = True
    assert refused(secret) == (403, "second_factor")
    assert Program(other).get("organizations").status_code == 200
    Authenticator.objects.create(user=world.director, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert Program(secret).get("organizations").status_code == 200


@pytest.mark.covers("SEC-01")
def test_each_reading_asks_its_scope_and_no_other(world):
    for scope in TokenScope.values:
        reader = Program(token(world.director, [scope]))
        answers = {path: reader.get(path).status_code for path in READINGS}
        assert answers == {path: 200 if wanted == scope else 403 for path, wanted in READINGS.items()}
    offers = f"organizations/{world.member.pk}/offers"
    assert Program(token(world.director, ["facts.read"])).get(offers, exercise=2025).status_code == 403
    told = Program(token(world.director, ["facts.read"])).get("people").json()
    assert (told["title"], told["detail"], told["what_to_do"]) == (
        "Portée insuffisante", "Cette lecture demande la portée « people.read », que ce jeton n’a pas.",
        "Créez un jeton qui a cette portée sous votre nom, page « Jetons d’API ».",
    )  # fmt: skip


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reading_is_answered(world, method):
    headers = {"Authorization": f"Bearer {token(world.director)}"}
    for path in ("organizations", f"organizations/{world.member.pk}", "openapi.json", "nowhere"):
        response = getattr(Client(enforce_csrf_checks=True), method)(f"/api/v1/{path}", headers=headers)
        assert (response.status_code, response["Allow"], response.json()["title"]) == (
            405,
            "GET, HEAD, OPTIONS",
            "Méthode refusée",
        )
    assert getattr(Client(enforce_csrf_checks=True), method)("/api/v1/organizations").status_code == 401


def test_head_and_options(world):
    headers = {"Authorization": f"Bearer {token(world.director)}"}
    full = Client().get("/api/v1/organizations", headers=headers)
    head = Client().head("/api/v1/organizations", headers=headers)
    assert (head.status_code, head.content, head["Content-Length"], head["Content-Type"]) == (
        200, b"", str(len(full.content)), "application/json; charset=utf-8",
    )  # fmt: skip
    options = Client().options("/api/v1/organizations", headers=headers)
    assert (options.status_code, options.content, options["Allow"]) == (204, b"", "GET, HEAD, OPTIONS")


@pytest.mark.covers("SEC-17")
def test_a_token_that_asks_too_much_waits(world, settings):
    settings.COMMUNIS_API_RATE = 3
    secret, other = token(world.director), token(world.technician)
    cache.clear()
    answers = [Program(secret).get("organizations") for _ in range(7)]  # the minute may turn once meanwhile
    assert [answer.status_code for answer in answers][:3] == [200, 200, 200]
    assert [answer.status_code for answer in answers].count(200) <= 6
    last = next(answer for answer in answers if answer.status_code != 200)
    assert (last.status_code, last.json()["title"]) == (429, "Trop de requêtes")
    assert 1 <= int(last["Retry-After"]) <= 60
    assert Program(other).get("organizations").status_code == 200


def test_attempts_that_fail_are_logged_without_the_token(world, caplog):
    secret = token(world.director)
    change(secret, revoked_at=timezone.now(), revoked_by="Claire Diot")
    with pool_scope(FIRST):
        number = ApiToken.objects.unscoped().get().pk
    with caplog.at_level(logging.WARNING, logger="communis.api"):
        Program(secret).get("organizations")
        Program("communis_" + "a" * 43).get("organizations")
    assert [record.getMessage() for record in caplog.records if record.name == "communis.api"] == [
        f"API refused: token_revoked, token {number}, from 127.0.0.1",
        "API refused: token_unknown, no known token, from 127.0.0.1",
    ]
    assert secret not in caplog.text


def test_the_last_use_is_told_to_within_ten_minutes(world):
    secret = token(world.director)
    Program(secret).get("organizations")
    with pool_scope(FIRST):
        first = ApiToken.objects.unscoped().get()
        assert first.last_used_at is not None
    Program(secret).get("organizations")
    with pool_scope(FIRST):
        again = ApiToken.objects.unscoped().get()
        assert again.last_used_at == first.last_used_at
        assert [entry.word for entry in history_of(again)] == ["Créé"]


def test_a_token_is_kept_by_its_digest_and_its_history_holds_no_secret(world):
    secret = token(world.director)
    with pool_scope(FIRST), connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM directory_apitoken t UNION ALL SELECT e::text FROM directory_apitokenevent e")
        rows = [row for (row,) in cursor.fetchall()]
    assert len(rows) == 2
    assert [secret[9:] in row for row in rows] == [False, False]
    assert [digest_of(secret) in row for row in rows] == [True, False]


def test_the_database_shows_tokens_within_their_pool_or_to_who_holds_them(world):
    secret = token(world.director)
    counted = "SELECT count(*) FROM directory_apitoken"
    with connection.cursor() as cursor:
        cursor.execute(counted)
        assert cursor.fetchone() == (0,)
        with pool_scope(SECOND):
            cursor.execute(counted)
            assert cursor.fetchone() == (0,)
        cursor.execute("SELECT set_config('communis.token', %s, true)", [digest_of(secret)])
        cursor.execute(counted)
        assert cursor.fetchone() == (1,)
        cursor.execute("UPDATE directory_apitoken SET expires_on = expires_on + 1")
        assert cursor.rowcount == 0
        cursor.execute("SELECT set_config('communis.token', '', true)")


@pytest.mark.parametrize(
    "wrong", ["UPDATE directory_apitoken SET scopes = '{}'", "UPDATE directory_apitoken SET scopes = '{everything}'",
              "UPDATE directory_apitoken SET expires_on = created_on + 400", "UPDATE directory_apitokenevent SET name = 'x'",
              "DELETE FROM directory_apitokenevent"],
)  # fmt: skip
def test_what_a_token_may_never_be(world, wrong):
    token(world.director)
    with pytest.raises(DatabaseError), pool_scope(FIRST), connection.cursor() as cursor:
        cursor.execute(wrong)


@pytest.mark.covers("SEC-02")
def test_every_route_of_the_api_is_behind_a_door_of_tokens(world):
    routes = {pattern: view for pattern, view in views_of(get_resolver()) if pattern.startswith("api/v1/")}
    assert len(routes) == 33
    assert {view.door.open_to for view in routes.values()} == {TOKEN}
    assert [problem.id for problem in run_checks(tags=["security"]) if problem.id == "communis.E001"] == []


def test_an_account_of_two_services_reads_each_with_its_own_token(world):
    both = who("deux@exemple.fr", "Ana Le Goff", GrantRole.DIRECTOR)
    with pool_scope(SECOND):
        Grant(account=both, role=GrantRole.AUDITOR, starts_on=timezone.localdate()).save()
    first, second = Program(token(both)), Program(token(both, pool=SECOND))
    assert (first.json("token")["service"], second.json("token")["service"]) == ("Premier service", "Second service")
    assert [row["name"] for row in second.items("organizations")] == ["Canari B"]
