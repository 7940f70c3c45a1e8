"""Passwords: forgotten, changed, refused when weak; what is sent, and that nobody learns who has an account."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from communis.directory import tasks
from communis.directory.models import Account
from communis.foundation.tasks import send
from factories.accounts import PASSWORD, director, mayor, sign_in
from factories.answers import mails_to, problems, words

pytestmark = pytest.mark.django_db

DONE = set()
NEW = "quatre-vaches-bleues-2026"
LINK = re.compile(r"http\S+")


def run_jobs():
    """Do what was left to jobs for forgotten passwords, once."""
    for job in ProcrastinateJob.objects.filter(task_name="directory.forgotten").order_by("id"):
        if job.id not in DONE:
            DONE.add(job.id)
            tasks.forgotten(**job.args)


def ask(client, email):
    answer = client.post("/compte/mot-de-passe/oublie/", {"email": email}, follow=True)
    run_jobs()
    return answer


def link_sent(to):
    return LINK.search(mails_to(to)[-1].text)[0].removeprefix("http://localhost:8000")


def choose(client, link, password=NEW, again=NEW):
    page = client.get(link, follow=True)
    return client.post(page.redirect_chain[-1][0], {"password1": password, "password2": again}, follow=True)


def test_a_forgotten_password_is_chosen_again_by_a_link_that_serves_once(client):
    jeanne = director()
    elsewhere = Client()
    sign_in(elsewhere, jeanne)
    assert "Regardez votre messagerie" in words(ask(client, jeanne.email))
    link = link_sent(jeanne)
    answer = choose(client, link)
    assert answer.redirect_chain == [("/compte/mot-de-passe/choisi/", 302)]
    assert "Mot de passe enregistré" in words(answer)
    assert words(answer).count("autres connexions sont fermées") == 1
    assert elsewhere.get("/").headers["Location"] == "/compte/connexion/?next=/"
    assert sign_in(client, jeanne, NEW).headers["Location"] == "/"
    assert "Ce lien ne sert plus" in words(Client().get(link))


def test_the_link_is_written_in_plain_french(client):
    jeanne = director()
    ask(client, jeanne.email)
    (sent,) = mails_to(jeanne)
    assert (sent.pool_id, sent.kind, sent.address, sent.subject, sent.state) == (
        None, "password", "jeanne@exemple.fr", "Choisir un autre mot de passe", "waiting",
    )  # fmt: skip
    assert LINK.sub("LIEN", sent.text) == (
        "Bonjour Jeanne Martin,\n\n"
        "Vous avez demandé à choisir un autre mot de passe pour votre compte. Suivez ce lien\u00a0:\n\n"
        "LIEN\n\n"
        "Il sert une seule fois, pendant 24 heures.\n\n"
        "Si vous n’avez rien demandé, n’en faites rien\u00a0: votre mot de passe ne change pas.\n\n"
        "-- \ncommunis\nLIEN\n"
    )


def test_the_link_names_the_site_of_the_settings_whatever_the_request_claims(client):
    jeanne = director()
    client.post("/compte/mot-de-passe/oublie/", {"email": jeanne.email}, headers={"host": "127.0.0.1"})
    run_jobs()
    assert LINK.search(mails_to(jeanne)[0].text)[0].startswith("http://localhost:8000/compte/mot-de-passe/choisir/")
    forged = client.post("/compte/mot-de-passe/oublie/", {"email": jeanne.email}, headers={"host": "mechant.fr"})
    assert (forged.status_code, len(mails_to(jeanne))) == (400, 1)


def test_an_unknown_address_is_answered_like_a_known_one_and_nothing_leaves(client):
    jeanne = director()
    known, unknown = ask(client, jeanne.email), ask(client, "inconnue@exemple.fr")
    assert (known.redirect_chain, words(known)) == (unknown.redirect_chain, words(unknown))
    assert [m.address for m in mails_to(jeanne)] == ["jeanne@exemple.fr"]
    assert mail.outbox == []


def test_the_work_is_the_same_whether_the_account_exists(client):
    jeanne = director()
    ask(client, jeanne.email)  # what is made once is made
    shapes = []
    for email in (jeanne.email, "inconnue@exemple.fr"):
        with CaptureQueriesContext(connection) as queries:
            client.post("/compte/mot-de-passe/oublie/", {"email": email})
        shapes.append([q["sql"].split()[0:3:2] for q in queries if "procrastinate" in q["sql"]])
        assert [q["sql"] for q in queries if "foundation_mail" in q["sql"]] == []
    assert (shapes[0] == shapes[1], len(shapes[0])) == (True, 1)
    assert [sorted(job.args) for job in ProcrastinateJob.objects.filter(task_name="directory.forgotten")] == [["account"]] * 3


def test_a_closed_account_receives_no_link(client):
    jeanne = director()
    Account.objects.filter(pk=jeanne.pk).update(is_active=False)
    ask(client, jeanne.email)
    assert mails_to(jeanne) == []


def test_a_link_dies_when_the_password_has_changed_since(client):
    jeanne = director()
    ask(client, jeanne.email)
    link = link_sent(jeanne)
    jeanne.set_password(NEW)
    jeanne.save()
    assert "Ce lien ne sert plus" in words(client.get(link))


@pytest.mark.parametrize("path", ["1/abc/", "zz/abc-def/", "1/nouveau/", "0/0/"])
def test_a_made_up_link_says_what_to_do(client, path):
    director()
    answer = client.get(f"/compte/mot-de-passe/choisir/{path}")
    assert answer.status_code == 200
    assert "Ce lien ne sert plus Il a déjà servi, ou il date de plus de 24 heures" in words(answer)


def test_a_link_does_not_serve_another_account(client):
    jeanne, paul = director(), mayor()
    ask(client, jeanne.email)
    owner, secret = link_sent(jeanne).split("/")[4:6]
    assert owner != "2p"
    assert "Ce lien ne sert plus" in words(client.get(f"/compte/mot-de-passe/choisir/{int(owner, 36) + 1}/{secret}/"))
    assert paul.check_password(PASSWORD)


WEAK = [
    ("court", "il a moins de 12 caractères"),
    ("12345", "il a moins de 12 caractères, il est trop courant et il n’est fait que de chiffres"),
    ("q1w2e3r4t5y6", "il est trop courant"),
    ("837462910573", "il n’est fait que de chiffres"),
    ("jeanne@exemple.fr", "il ressemble trop à votre nom ou à votre adresse"),
    ("jeanne-martin", "il ressemble trop à votre nom ou à votre adresse"),
    ("jeannem", "il a moins de 12 caractères et il ressemble trop à votre nom ou à votre adresse"),
]


@pytest.mark.covers("SEC-06")
@pytest.mark.parametrize(("password", "said"), WEAK)
def test_a_weak_password_is_refused_once_with_every_reason(client, password, said):
    jeanne = director()
    ask(client, jeanne.email)
    answer = choose(client, link_sent(jeanne), password, password)
    assert problems(answer) == {"password1": [f"Ce mot de passe ne convient pas : {said}."]}


def test_two_passwords_that_differ_are_refused(client):
    jeanne = director()
    ask(client, jeanne.email)
    answer = choose(client, link_sent(jeanne), NEW, NEW + "x")
    assert problems(answer) == {"password2": ["Les deux mots de passe diffèrent : tapez deux fois le même."]}


def test_changing_the_password_closes_the_other_sessions_and_says_so(client):
    jeanne, elsewhere = director(), Client()
    sign_in(elsewhere, jeanne)
    sign_in(client, jeanne)
    before = client.session.session_key
    given = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    answer = client.post("/compte/mot-de-passe/", given, follow=True)
    assert answer.redirect_chain == [("/compte/", 302)]
    assert "Fait. Votre mot de passe a changé ; vos autres connexions sont fermées." in words(answer)
    assert client.session.session_key != before
    assert elsewhere.get("/").status_code == 302
    assert [(m.kind, m.subject) for m in mails_to(jeanne)] == [("security", "Votre mot de passe a changé")]
    send(mails_to(jeanne)[0].pk, jeanne.pk, last=True)
    (sent,) = mail.outbox
    assert re.sub(r"Le .*? à \d+\u00a0h\u00a0\d\d,", "Le JOUR,", sent.body) == (
        "Bonjour Jeanne Martin,\n\n"
        "Le JOUR, le mot de passe de votre compte a été changé.\n\n"
        "Si ce n’est pas vous, choisissez tout de suite un autre mot de passe, "
        "puis prévenez la direction de votre service\u00a0:\n\n"
        "http://localhost:8000/compte/mot-de-passe/oublie/\n\n"
        "-- \ncommunis\nhttp://localhost:8000\n"
    )


def test_changing_the_password_asks_for_the_present_one(client):
    jeanne = director()
    sign_in(client, jeanne)
    answer = client.post("/compte/mot-de-passe/", {"oldpassword": NEW, "password1": NEW, "password2": NEW})
    assert problems(answer) == {"oldpassword": ["Ce n’est pas votre mot de passe actuel."]}
    jeanne.refresh_from_db()
    assert jeanne.check_password(PASSWORD)


def test_requests_for_a_link_are_limited_for_each_address(client):
    jeanne = director()
    answers = [client.post("/compte/mot-de-passe/oublie/", {"email": jeanne.email}).status_code for _ in range(6)]
    run_jobs()
    assert (answers, len(mails_to(jeanne))) == ([302] * 5 + [429], 5)


def test_one_sees_ones_sessions_and_closes_the_others(client):
    jeanne, elsewhere = director(), Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    sign_in(elsewhere, jeanne)
    sign_in(client, jeanne)
    assert "Firefox sur Windows, adresse 127.0.0.1" in words(client.get("/compte/"))
    answer = client.post("/compte/connexions/fermer/", follow=True)
    assert "1 autre connexion fermée." in words(answer)
    assert "Firefox sur Windows" not in words(answer)
    assert (elsewhere.get("/").status_code, client.get("/").status_code) == (302, 200)
    assert client.get("/compte/connexions/fermer/").status_code == 405
