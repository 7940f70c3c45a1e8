"""Signing in and out: what is said, what is not, and what a session is worth."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from communis.directory.enums import GrantRole
from communis.directory.models import Account, Grant
from communis.foundation.scope import pool_scope
from communis.kit.editing import safe_next
from factories.accounts import PASSWORD, account, director, grant, mayor, sign_in
from factories.answers import said, words
from factories.pools import FIRST, SECOND

pytestmark = pytest.mark.django_db

WRONG = "L’adresse ou le mot de passe ne convient pas."


def where(answer):
    return answer.status_code, answer.headers.get("Location")


@pytest.mark.covers("SEC-06")
def test_a_person_enters_with_an_address_and_a_password(client):
    director()
    assert where(sign_in(client, Account(email="JEANNE@exemple.fr"))) == (302, "/")
    assert client.get("/").status_code == 200


def test_the_address_one_wanted_is_the_one_one_gets(client):
    jeanne = director()
    assert where(client.get("/acces/?vue=dormants")) == (302, "/compte/connexion/?next=/acces/%3Fvue%3Ddormants")
    assert where(sign_in(client, jeanne, next="/acces/?vue=dormants")) == (302, "/acces/?vue=dormants")


def test_what_one_did_without_a_session_leads_back_to_its_page_and_says_that_nothing_was_kept(client):
    jeanne = director()
    client.cookies.clear()
    left = client.post(
        "/adhesions/demander/", {"note": "x"}, headers={"referer": "http://testserver/adhesions/demander/?membre=1"}
    )
    assert where(left) == (302, "/compte/connexion/?next=/adhesions/demander/%3Fmembre%3D1")
    assert "rien n’a été enregistré" in words(client.get(left.headers["Location"]))
    for elsewhere in ("https://mechant.fr/adhesions/", "//mechant.fr/", "", "http://testserver//mechant.fr/"):
        left = client.post("/adhesions/demander/", headers={"referer": elsewhere})
        assert where(left) == (302, "/compte/connexion/?next=/")
    sign_in(client, jeanne)
    answer = client.get("/conventions/articles/1/deplacer/")
    assert (answer.status_code, "Cette adresse ne s’ouvre pas ainsi" in words(answer)) == (405, True)


def test_an_unknown_address_is_answered_like_a_wrong_password(client):
    jeanne = director()
    wrong = client.post("/compte/connexion/", {"login": jeanne.email, "password": "un-mot-de-passe-faux"})
    unknown = client.post("/compte/connexion/", {"login": "inconnue@exemple.fr", "password": "un-mot-de-passe-faux"})
    assert [said(wrong), said(unknown)] == [[WRONG], [WRONG]]
    assert words(wrong) == words(unknown)


def test_an_unknown_address_costs_the_check_of_a_password(client, monkeypatch):
    director()
    hashed = []
    monkeypatch.setattr("django.contrib.auth.base_user.make_password", lambda given: hashed.append(given) or "!")
    client.post("/compte/connexion/", {"login": "inconnue@exemple.fr", "password": "un-mot-de-passe-faux"})
    assert hashed == ["un-mot-de-passe-faux"]


def test_the_key_of_a_session_changes_when_one_signs_in(client):
    jeanne = director()
    client.get("/compte/connexion/cle/", headers={"accept": "application/json"})  # gives a session to whoever is signed out
    before = client.session.session_key
    sign_in(client, jeanne)
    assert before is not None
    assert client.session.session_key != before
    assert client.session.exists(before) is False


def test_the_sixth_wrong_password_is_not_even_tried(client):
    jeanne = director()
    for _ in range(5):
        client.post("/compte/connexion/", {"login": jeanne.email, "password": "un-mot-de-passe-faux"})
    answer = Client().post("/compte/connexion/", {"login": jeanne.email, "password": PASSWORD})
    assert said(answer) == ["Trop d’essais manqués. Attendez cinq minutes, puis recommencez."]


def test_attempts_are_counted_where_all_processes_count(client):
    jeanne = director()
    client.post("/compte/connexion/", {"login": jeanne.email, "password": "un-mot-de-passe-faux"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache WHERE cache_key LIKE '%%login_failed%%' AND cache_key NOT LIKE '%%lock'")
        assert cursor.fetchone() == (2,)  # by network, by address


def test_too_many_requests_are_answered_in_words(client):
    for _ in range(30):
        client.post("/compte/connexion/", {})
    answer = client.post("/compte/connexion/", {})
    assert answer.status_code == 429
    assert "Trop d’essais en peu de temps" in words(answer)


def test_a_closed_account_is_told_so_once_its_password_is_right(client):
    jeanne = director()
    Account.objects.filter(pk=jeanne.pk).update(is_active=False)
    assert where(sign_in(client, jeanne)) == (302, "/compte/ferme/")
    assert "Ce compte est fermé" in words(client.get("/compte/ferme/"))
    assert said(sign_in(client, jeanne, "un-mot-de-passe-faux")) == [WRONG]


def test_nobody_makes_an_account_alone(client):
    paths = ["/compte/inscription/", "/compte/signup/", "/accounts/signup/", "/compte/email/", "/compte/connexion/code/confirm/"]
    assert [client.get(path).status_code for path in paths] == [404] * 5


def test_one_leaves_by_a_button_and_not_by_an_address(client):
    sign_in(client, director())
    assert "Se déconnecter ?" in words(client.get("/compte/deconnexion/"))
    assert client.get("/").status_code == 200
    assert where(client.post("/compte/deconnexion/")) == (302, "/compte/connexion/")
    assert where(client.get("/")) == (302, "/compte/connexion/?next=/")


def test_forms_are_refused_without_their_token():
    jeanne = director()
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict, jeanne).status_code == 403
    strict.force_login(jeanne)
    assert [strict.post(path).status_code for path in ("/compte/deconnexion/", "/acces/inviter/", "/compte/notifications/")] == [
        403
    ] * 3


# ------------------------------------------------------------ a session dies with what it rests on


def deactivate(jeanne):
    Account.objects.filter(pk=jeanne.pk).update(is_active=False)


def change_password(jeanne):
    jeanne.set_password("quatre-vaches-bleues-2026")
    jeanne.save()


def let_the_right_end(jeanne):
    with pool_scope(FIRST):
        Grant.objects.unscoped().filter(account=jeanne).update(ends_on=date(2026, 1, 1))


def take_the_right_back(jeanne):
    with pool_scope(FIRST):
        Grant.objects.unscoped().filter(account=jeanne).delete()


@pytest.mark.covers("SEC-07")
@pytest.mark.parametrize("lose", [deactivate, change_password, let_the_right_end, take_the_right_back])
@pytest.mark.parametrize("path", ["/", "/compte/", "/acces/", "/compte/courriels/", "/compte/second-facteur/application/"])
def test_a_session_dies_on_the_next_request_when_rights_are_lost(client, lose, path):
    jeanne = director()
    sign_in(client, jeanne)
    assert client.get("/").status_code == 200
    lose(jeanne)
    answer = client.get(path, follow=True)
    assert answer.redirect_chain[-1][0].partition("?")[0] in ("/compte/connexion/", "/compte/sans-acces/")
    assert "_auth_user_id" not in client.session


def test_a_right_that_ends_leaves_those_one_has_elsewhere(client):
    jeanne = director()
    grant(jeanne, GrantRole.TECHNICIAN, SECOND)
    sign_in(client, jeanne)
    let_the_right_end(jeanne)
    assert [client.get("/").status_code, client.get("/compte/").status_code, client.get("/acces/").status_code] == [200, 200, 404]


def test_a_right_to_come_does_not_open_yet(client):
    paul = account()
    grant(paul, GrantRole.TECHNICIAN, starts_on=date(2126, 1, 1))
    answer = client.post("/compte/connexion/", {"login": paul.email, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain == [("/", 302), ("/services/", 302), ("/compte/sans-acces/", 302)]
    assert "Aucun service ne vous est ouvert aujourd’hui" in words(answer)


def test_one_chooses_among_the_services_one_has(client):
    jeanne = director()
    grant(jeanne, GrantRole.TECHNICIAN, SECOND)
    sign_in(client, jeanne)
    assert where(client.get("/")) == (302, "/services/")
    page = words(client.get("/services/"))
    assert ("Premier service" in page, "Second service" in page) == (True, True)
    assert where(client.post("/services/", {"pool": SECOND})) == (302, "/")
    assert client.get("/acces/").status_code == 404
    assert where(client.post("/services/", {"pool": FIRST})) == (302, "/")
    assert client.get("/acces/").status_code == 200


def test_the_pages_of_the_direction_are_for_the_direction(client):
    client.force_login(mayor())
    paths = ["/acces/", "/acces/inviter/", "/acces/fin/", "/courriels/", "/courriels/1/"]
    assert [client.get(path).status_code for path in paths] == [404] * 5


# ------------------------------------------------------------ `next` leads nowhere else

ELSEWHERE = [
    "http://mechant.fr", "https://mechant.fr", "HTTPS://mechant.fr", "//mechant.fr", "///mechant.fr", "////mechant.fr",
    "/\\mechant.fr", "\\\\mechant.fr", "\\/mechant.fr", "/\\/mechant.fr", "/ /mechant.fr", "//mechant.fr/%2f..",
    "//mechant%E3%80%82fr", "http:mechant.fr", "http:/mechant.fr", "http:///mechant.fr", "https:mechant.fr",
    "https:/mechant.fr", "http:\\\\mechant.fr", "javascript:alert(1)", "JavaScript:alert(1)", "java\tscript:alert(1)",
    "java\nscript:alert(1)", "javascript://mechant.fr/%0aalert(1)", "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)", "file:///etc/passwd", "ftp://mechant.fr", "mailto:a@mechant.fr", "tel:15",
    "blob:http://mechant.fr/1", "http://localhost:8000@mechant.fr", "http://localhost:8000.mechant.fr",
    "http://mechant.fr#localhost:8000", "http://mechant.fr?localhost:8000", "http://mechant.fr\\@localhost:8000",
    "http://user:pass@mechant.fr", "//user@mechant.fr", "//localhost@mechant.fr", "http://[::1]", "//[::1]/",
    "http://127.0.0.1:1", "//127.0.0.1:1", "http://0x7f000001", "http://2130706433", "//2130706433",
    "http://localhost:8000/", "http://testserver/", "//testserver/", "//testserver@mechant.fr", " http://mechant.fr",
    "\thttp://mechant.fr", "\x00http://mechant.fr", "\x01//mechant.fr", "%2F%2Fmechant.fr", "%68ttp://mechant.fr",
    "mechant.fr", "www.mechant.fr/", ".mechant.fr", "@mechant.fr", "?next=//mechant.fr", "../mechant", "#//mechant.fr",
    "/\t/mechant.fr", "/\n/mechant.fr", "/\r/mechant.fr",
]  # fmt: skip


def leads_here(location):
    """Tell whether a browser stays on this site: it forgets tabs and line ends, and reads `\\` as `/`."""
    read = re.sub(r"[\t\n\r]", "", location).strip("".join(map(chr, range(33)))).replace("\\", "/")
    return read.startswith("/") and not read.startswith("//")


def test_the_list_of_ways_elsewhere_is_long():
    assert len(set(ELSEWHERE)) >= 60


@pytest.mark.parametrize("given", ELSEWHERE)
def test_next_never_leads_to_another_site(client, given):
    jeanne = director()
    assert leads_here(sign_in(client, jeanne, next=given).headers["Location"])
    assert leads_here(client.get("/compte/connexion/", {"next": given}).headers["Location"])  # already signed in
    confirmed = client.post("/compte/confirmer/", {"password": PASSWORD, "next": given})
    assert leads_here(confirmed.headers["Location"])
    assert leads_here(client.post("/compte/deconnexion/", {"next": given}).headers["Location"])


@pytest.mark.parametrize("given", ELSEWHERE)
def test_the_page_to_go_back_to_is_of_this_site(given):
    assert leads_here(safe_next(RequestFactory().post("/", {"suite": given})) or "/")


@pytest.mark.parametrize("given", ["/acces/", "/compte/?a=1&b=2", "/?vue=%C3%A9t%C3%A9"])
def test_next_leads_to_a_path_of_this_site(client, given):
    assert where(sign_in(client, director(), next=given)) == (302, given)
