"""`communis creer-administrateur`: the first account of a service, from the command line to the page one signs in to."""

import fcntl
import os
import subprocess
import sys
import termios

import psycopg
import pytest

from communis.foundation import embedded
from factories.command import plain_spaces
from factories.served import Browser, clean_environment, run

PASSWORD = "un bocage sans fin"


@pytest.fixture
def create(served):
    """Return what runs the command on the demonstration while it serves."""

    def command(*arguments, stdin=PASSWORD + "\n"):
        return run("creer-administrateur", *arguments, stdin=stdin, COMMUNIS_DATA=str(served.folder))

    return command


def arguments(slug, *more, email=None):
    name = f"Service {slug}"
    return ["--courriel", email or f"{slug}@exemple.fr", "--nom", "Andrée Bocage", "--service", name, "--nom-court", slug, *more]


def hosts_of(served, slug):
    superuser = embedded.cluster(served.folder).parameters(embedded.SUPERUSER)
    with psycopg.connect(**superuser) as connection:
        query = (
            "SELECT o.name, o.siren, t.name, o.is_host FROM directory_organization o JOIN foundation_pool p ON p.id = o.pool_id "
            "JOIN directory_organizationtype t ON t.id = o.type_id WHERE p.slug = %s"
        )
        return connection.execute(query, [slug]).fetchall()


def test_the_direction_of_a_new_service_signs_in_with_the_password_given(served, create):
    status, lines, said = create(*arguments("bocage", "--gestionnaire", "243 500 741"))
    assert (status, said) == (0, "")
    assert lines == [
        "Le service « Service bocage » est créé, porté par CA Redon Agglomération.",
        "bocage@exemple.fr se connecte avec ce mot de passe ; un second facteur sera demandé à la première connexion.",
    ]
    assert hosts_of(served, "bocage") == [("CA Redon Agglomération", "243500741", "groupement à fiscalité propre", True)]
    assert Browser(served.address).sign_in("bocage@exemple.fr", PASSWORD) == "/"


def test_who_has_an_account_already_keeps_its_password(served, create):
    status, lines, said = create(*arguments("second", email="direction@redon.exemple"), stdin="")
    assert (status, said) == (0, "")
    assert lines == [
        "Le service « Service second » est créé.",
        "direction@redon.exemple avait déjà un compte : il en reçoit la direction, et son mot de passe ne change pas.",
    ]
    assert Browser(served.address).sign_in("direction@redon.exemple", "demonstration-2026") == "/services/"  # one must choose


@pytest.mark.parametrize(
    ("given", "stdin", "sentence"),
    [
        (
            arguments("redon", "--gestionnaire", "243500741"),
            PASSWORD,
            "Le service « Service redon » (redon) existe déjà. Choisissez un autre nom et un autre nom court.",
        ),
        (
            arguments("é t é", email="ete@exemple.fr"),
            PASSWORD,
            "« é t é » n’est pas un nom court : des lettres sans accent, des chiffres et des traits d’union.",
        ),
        (arguments("lande", email="lande"), PASSWORD, "« lande » n’est pas une adresse e-mail."),
        (
            arguments("lande"),
            "court",
            "Ce mot de passe ne convient pas : Ce mot de passe est trop court. Il doit contenir au minimum 12 caractères.",
        ),
        (
            arguments("lande", "--gestionnaire", "000000000"),
            PASSWORD,
            "Aucune commune ni aucun groupement du registre n’a le SIREN 000000000. Relisez-le, ou donnez le nom.",
        ),
        (
            arguments("lande", "--gestionnaire", "saint malo DE"),
            PASSWORD,
            "Plusieurs entrées du registre répondent à « saint malo DE » : ",
        ),
        (
            arguments("lande", "--gestionnaire", "Nullepart-sur-Rien"),
            PASSWORD,
            "Aucune commune ni aucun groupement du registre ne s’appelle « Nullepart-sur-Rien ». Donnez plutôt son SIREN.",
        ),
        (arguments("lande")[2:], PASSWORD, "Il manque --courriel : adresse e-mail de la direction, qui sert à se connecter."),
    ],
)
def test_what_cannot_be_made_is_refused_in_one_sentence_and_leaves_nothing(served, create, given, stdin, sentence):
    status, lines, said = create(*given, stdin=stdin + "\n")
    assert (status, lines) == (1, [])
    assert said.startswith(f"communis : {sentence}")
    assert said.count("\n") == 1
    assert hosts_of(served, "lande") == []


def on_a_terminal(served, typed):
    """Run the command on a terminal of its own, and type; return its status and what the terminal showed."""
    ours, its = os.openpty()

    def take_terminal():
        os.setsid()
        fcntl.ioctl(its, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        [sys.executable, "-m", "communis", "creer-administrateur"], stdin=its, stdout=its, stderr=its, preexec_fn=take_terminal,
        env=clean_environment(COMMUNIS_DATA=str(served.folder)),
    )  # fmt: skip
    os.close(its)
    shown = b""
    try:
        for question, answer in typed:
            while question not in shown.decode("utf-8", "ignore").rpartition("\n")[2]:
                shown += os.read(ours, 4096)
            os.write(ours, answer.encode() + b"\n")
        while True:
            shown += os.read(ours, 4096)
    except OSError:  # the terminal is closed: the command has ended
        return process.wait(30), plain_spaces(shown.decode("utf-8")).replace("\r", "").splitlines()
    finally:
        os.close(ours)


def test_on_a_terminal_all_is_asked_and_the_password_is_typed_twice(served):
    status, lines = on_a_terminal(
        served,
        [
            ("Adresse e-mail", "marais@exemple.fr"),
            ("Prénom et nom", "Yvon Marais"),
            ("Nom du service", "Service du marais"),
            ("Nom court", "marais"),
            ("Mot de passe", PASSWORD),
            ("Le même", "autre chose"),
            ("Mot de passe", PASSWORD),
            ("Le même", PASSWORD),
        ],
    )
    assert status == 0
    assert "Les deux ne sont pas les mêmes." in lines
    assert lines[-2] == "Le service « Service du marais » est créé."
    assert PASSWORD not in "\n".join(lines)
    assert Browser(served.address).sign_in("marais@exemple.fr", PASSWORD) == "/"
