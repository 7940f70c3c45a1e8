"""`communis creer-administrateur`: the first account of a service, from the command line to the page one signs in to."""

import fcntl
import os
import subprocess
import sys
import termios

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from communis.directory.founding import body_of, check_new
from communis.foundation import embedded
from communis.foundation.database import connection_options
from communis.foundation.problems import Impossible
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
    assert hosts_of(served, "bocage") == [("CA Redon Agglomération", "243500741", "communauté d’agglomération", True)]
    assert Browser(served.address).sign_in("bocage@exemple.fr", PASSWORD) == "/"


def test_who_has_an_account_already_keeps_its_password(served, create):
    assert create(*arguments("lac"))[0] == 0
    status, lines, said = create(*arguments("etang", email="Lac@exemple.fr"), stdin="")
    assert (status, said) == (0, "")
    assert lines == [
        "Le service « Service etang » est créé.",
        "Lac@exemple.fr avait déjà un compte : il en reçoit la direction, et son mot de passe ne change pas.",
    ]
    assert Browser(served.address).sign_in("lac@exemple.fr", PASSWORD) == "/services/"  # one must choose


@pytest.mark.parametrize(
    ("given", "stdin", "sentence"),
    [
        (
            arguments("demonstration-redon", "--gestionnaire", "243500741"),
            PASSWORD,
            "Le service « Service demonstration-redon » (demonstration-redon) existe déjà. "
            "Choisissez un autre nom et un autre nom court.",
        ),
        (
            arguments("lande", "--gestionnaire", "243500741"),
            "court",
            "Ce mot de passe ne convient pas : il a moins de 12 caractères.",
        ),
        (arguments("lande")[2:], PASSWORD, "Il manque --courriel : adresse e-mail de la direction, qui sert à se connecter."),
    ],
)
def test_what_cannot_be_made_is_refused_in_one_sentence_and_leaves_nothing(served, create, given, stdin, sentence):
    assert create(*given, stdin=stdin + "\n") == (1, [], f"communis : {sentence}\n")
    assert hosts_of(served, "lande") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "email", "sentence"),
    [
        ("été", "a@b.fr", "« été » n’est pas un nom court : des lettres sans accent, des chiffres et des traits d’union."),
        ("ete", "a@b", "« a@b » n’est pas une adresse e-mail."),
    ],
)
def test_a_short_name_and_an_address_have_their_form(slug, email, sentence):
    with pytest.raises(Impossible) as refused:
        check_new(name="Été", slug=slug, email=email)
    assert str(refused.value) == sentence


@pytest.fixture
def register(db):
    """Put three communes in the register of the test database, as its owner."""
    options = {**connection_options(settings.DATA, "owner"), "dbname": connection.settings_dict["NAME"]}
    rows = [("Saint-Éloi", "saint eloi", "180000001"), ("Saint-Éloi-de-Fourques", "saint eloi de fourques", "270000002"),
            ("Saint-Éloi-les-Mines", "saint eloi les mines", "630000003")]  # fmt: skip
    insert = (
        "INSERT INTO directory_referencebody (kind, name, sort_name, siren, department, source) "
        "VALUES ('commune', %s, %s, %s, '', '')"
    )
    with psycopg.connect(**options, autocommit=True) as opened:
        for row in rows:
            opened.execute(insert, row)
        yield
        opened.execute("DELETE FROM directory_referencebody WHERE siren = ANY(%s)", [[row[2] for row in rows]])


@pytest.mark.parametrize(
    ("words", "siren"), [("270 000 002", "270000002"), ("saint eloi", "180000001"), ("ELOI-LES", "630000003")]
)
def test_a_host_is_found_by_its_siren_or_its_name_whatever_its_accents(register, words, siren):
    assert body_of(words).siren == siren


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            "000 000 000",
            "Aucune commune ni aucun groupement du registre n’a le SIREN 000000000. Relisez-le, ou donnez le nom.",
        ),
        ("Nullepart", "Aucune commune ni aucun groupement du registre ne s’appelle « Nullepart ». Donnez plutôt son SIREN."),
        (
            "eloi-",
            "Plusieurs entrées du registre répondent à « eloi- » : Saint-Éloi (180000001), Saint-Éloi-de-Fourques (270000002), "
            "Saint-Éloi-les-Mines (630000003). Donnez le SIREN.",
        ),
    ],
)
def test_a_host_that_is_not_found_or_may_be_several_is_said(register, words, sentence):
    with pytest.raises(Impossible) as refused:
        body_of(words)
    assert str(refused.value) == sentence


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
