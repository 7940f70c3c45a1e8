"""`communis retirer-second-facteur`: who lost a telephone and its recovery codes enters again, and is told."""

import psycopg
import pytest
from psycopg.types.json import Jsonb

from communis.foundation import embedded
from factories.served import Browser, run

PASSWORD = "un bocage sans fin"
EMAIL = "tourbe@exemple.fr"


@pytest.fixture
def command(served):
    return lambda *arguments, stdin="": run(*arguments, stdin=stdin, COMMUNIS_DATA=str(served.folder))


@pytest.mark.covers("SEC-06")
def test_who_lost_the_second_factor_and_its_codes_enters_by_password_and_is_told(served, command):
    told = ["--courriel", EMAIL, "--nom", "Andrée Tourbe", "--service", "Service tourbe", "--nom-court", "tourbe"]
    assert command("creer-administrateur", *told, stdin=f"{PASSWORD}\n")[::2] == (0, "")
    with psycopg.connect(**embedded.cluster(served.folder).parameters(embedded.SUPERUSER)) as opened:
        for kind in ("totp", "recovery_codes"):
            opened.execute(
                "INSERT INTO mfa_authenticator (user_id, type, data, created_at) "
                "SELECT id, %s, %s, now() FROM directory_account WHERE email = %s",
                (kind, Jsonb({"secret": "x", "seed": "x", "used_mask": 0}), EMAIL),
            )
    before = Browser(served.address)
    assert before.sign_in(EMAIL, PASSWORD) == "/compte/connexion/second-facteur/"
    assert command("retirer-second-facteur", "Tourbe@exemple.fr") == (
        0, [f"{EMAIL} n’a plus de second facteur : ses connexions sont fermées, et un courriel le dit."], ""
    )  # fmt: skip
    assert Browser(served.address).sign_in(EMAIL, PASSWORD) == "/"
    with psycopg.connect(**embedded.cluster(served.folder).parameters(embedded.SUPERUSER)) as opened:
        query = "SELECT m.subject FROM foundation_mail m JOIN directory_account a ON a.id = m.account_id WHERE a.email = %s"
        assert opened.execute(query, (EMAIL,)).fetchall() == [("Second facteur retiré",)]
        assert opened.execute("SELECT count(*) FROM mfa_authenticator").fetchone() == (0,)
    refused = f"communis : {EMAIL} n’a pas de second facteur : rien n’est à retirer.\n"
    assert command("retirer-second-facteur", EMAIL) == (1, [], refused)


def test_an_address_without_account_and_a_command_without_address_are_refused(command):
    told = "communis : Aucun compte n’a l’adresse « personne@exemple.fr ».\n"
    assert command("retirer-second-facteur", "personne@exemple.fr") == (1, [], told)
    status, lines, said = command("retirer-second-facteur")
    assert (status, lines) == (64, [])
    assert "il manque : ADRESSE" in said
