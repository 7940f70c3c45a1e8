"""Another e-mail address, and a first password: asked after a proof, confirmed from the new address, told to the old one."""

import re
from datetime import timedelta

import pytest
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY, AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from communis.directory.models import Account
from factories.accounts import PASSWORD, director, mayor, sign_in
from factories.answers import mails_to, problems, words

pytestmark = pytest.mark.django_db

ADDRESS = "/compte/adresse/"
NEW = "jeanne.martin@mairie.exemple.fr"
LINK = re.compile(r"http\S+/compte/adresse/confirmer/\S+")


@pytest.fixture
def jeanne(client):
    cache.clear()
    made = director()
    sign_in(client, made)
    return made


def link_sent(to):
    return next(found[0] for m in reversed(mails_to(to)) if (found := LINK.search(m.text))).removeprefix("http://localhost:8000")


def prove(client, account, method, long_ago=False):
    """Say in the session that the account proved who it is, as signing in does."""
    session = client.session
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(account.pk)
    at = 0 if long_ago else timezone.now().timestamp()
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": method, "at": at, "reauthenticated": True}]
    session.save()


@pytest.mark.covers("SEC-06")
def test_an_address_changes_only_by_the_link_sent_to_the_new_one_and_the_old_one_is_told(client, jeanne):
    answer = client.post(ADDRESS, {"email": "Jeanne.Martin@mairie.exemple.fr"})
    assert f"Si {NEW} peut servir à votre compte, un message vient d’y partir." in words(answer)
    jeanne.refresh_from_db()
    assert jeanne.email == "jeanne@exemple.fr"
    (asked,) = mails_to(jeanne)
    assert (asked.pool_id, asked.kind, asked.address, asked.subject) == (None, "address", NEW, "Confirmer votre nouvelle adresse")
    link = link_sent(jeanne)
    elsewhere = Client()  # the link may be opened on another device
    assert "Votre compte utilisera" in words(elsewhere.get(link))
    jeanne.refresh_from_db()
    assert jeanne.email == "jeanne@exemple.fr"  # a mailbox that opens links confirms nothing
    assert f"Vous vous connectez maintenant avec {NEW}." in words(elsewhere.post(link))
    told = mails_to(jeanne)[-1]
    assert (told.kind, told.address, told.subject) == ("security", "jeanne@exemple.fr", "L’adresse de votre compte a changé")
    jeanne.refresh_from_db()
    assert jeanne.email == NEW
    assert client.get("/").status_code == 200  # the session stays
    assert sign_in(Client(), jeanne).headers["Location"] == "/"
    again = elsewhere.post(link)
    assert (again.status_code, "Ce lien ne sert plus" in words(again)) == (422, True)


def test_an_address_that_somebody_else_has_is_answered_alike_and_its_owner_is_told(client, jeanne):
    paul = mayor()
    free = words(client.post(ADDRESS, {"email": "libre@exemple.fr"})).replace("libre@", "X@")
    taken = words(client.post(ADDRESS, {"email": paul.email})).replace("maire@", "X@")
    assert free == taken
    assert [m.subject for m in mails_to(paul)] == ["Votre adresse a été demandée pour un autre compte"]
    assert LINK.search(mails_to(paul)[0].text) is None
    assert [m.address for m in mails_to(jeanne)] == ["libre@exemple.fr"]


def test_two_who_ask_for_one_address_do_not_both_get_it(client, jeanne):
    client.post(ADDRESS, {"email": NEW})
    link = link_sent(jeanne)
    Account.objects.create_user(NEW, PASSWORD, name="Autre")
    assert client.post(link).status_code == 422
    jeanne.refresh_from_db()
    assert jeanne.email == "jeanne@exemple.fr"


@pytest.mark.parametrize("kept", [True, False])
def test_the_link_is_read_in_the_new_mailbox_alone(client, jeanne, kept):
    client.post(ADDRESS, {"email": NEW})
    (sent,) = mails_to(jeanne)
    with override_settings(COMMUNIS_MAIL_KEPT=kept):
        assert ("Confirmer votre nouvelle adresse" in words(client.get("/compte/courriels/"))) == kept
        assert client.get(f"/compte/courriels/{sent.pk}/").status_code == (200 if kept else 404)


def test_a_link_that_was_cut_or_is_old_is_refused_in_words(client, jeanne, monkeypatch):
    client.post(ADDRESS, {"email": NEW})
    link = link_sent(jeanne)
    cut = client.get(link[:-3] + "/")
    assert (cut.status_code, "Ce lien ne sert plus" in words(cut)) == (422, True)
    later = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    assert client.post(link).status_code == 422


def test_the_address_is_asked_for_after_a_proof_and_a_few_times_an_hour(client, jeanne):
    assert problems(client.post(ADDRESS, {"email": "jeanne@exemple.fr"})) == {
        "email": ["C’est déjà votre adresse : écrivez-en une autre."]
    }
    statuses = [client.post(ADDRESS, {"email": f"a{i}@exemple.fr"}).status_code for i in range(6)]
    assert statuses == [200, 200, 200, 200, 200, 429]
    prove(client, jeanne, "password", long_ago=True)
    assert client.get(ADDRESS).headers["Location"] == "/compte/confirmer/?next=%2Fcompte%2Fadresse%2F"
    assert Client().get(ADDRESS).headers["Location"] == "/compte/connexion/?next=/compte/adresse/"


def test_an_account_without_a_password_is_led_to_choose_one(client):
    jeanne = director()
    Authenticator.objects.create(user=jeanne, type=Authenticator.Type.WEBAUTHN, data={"name": "clé"})
    jeanne.set_unusable_password()
    jeanne.save()
    client.force_login(jeanne)
    assert "Choisir un mot de passe" in words(client.get("/compte/"))
    answer = client.get("/compte/mot-de-passe/")
    assert answer.headers["Location"] == "/compte/mot-de-passe/premier/"
    asked = client.get("/compte/mot-de-passe/premier/")
    assert asked.headers["Location"] == "/compte/confirmer/cle/?next=%2Fcompte%2Fmot-de-passe%2Fpremier%2F"
    prove(client, jeanne, "mfa")
    assert "Votre compte n’en a pas encore" in words(client.get("/compte/mot-de-passe/premier/"))
    weak = client.post("/compte/mot-de-passe/premier/", {"password1": "court", "password2": "court"})
    assert "12" in str(problems(weak))
    done = client.post("/compte/mot-de-passe/premier/", {"password1": PASSWORD, "password2": PASSWORD})
    assert done.headers["Location"] == "/compte/"
    jeanne.refresh_from_db()
    assert jeanne.check_password(PASSWORD)
    assert [m.subject for m in mails_to(jeanne)] == ["Votre compte a un mot de passe"]
    assert client.get("/compte/mot-de-passe/premier/").headers["Location"] == "/compte/mot-de-passe/"
