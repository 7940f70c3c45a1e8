"""E-mails: written with what they tell, sent once, read by whom they are for, at the pace one chose."""

import re
import smtplib
from email import message_from_bytes, policy

import pytest
from django.conf import settings
from django.core import mail as django_mail
from django.db import ProgrammingError, connection, transaction
from django.test import override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from communis.directory import letters, tasks
from communis.directory.enums import GrantRole
from communis.directory.models import Grant
from communis.foundation import letterbox, mail
from communis.foundation.outbox import Mail, MailPreference
from communis.foundation.problems import Impossible
from communis.foundation.scope import account_scope, pool_scope
from communis.foundation.tasks import TRIES, send
from factories.accounts import account, director, grant, mayor, with_application
from factories.answers import mails_to, words
from factories.pools import FIRST, SECOND

pytestmark = pytest.mark.django_db


def review(to, line="Guy Parti, élu", pool=FIRST):
    with pool_scope(pool):
        letters.review(to, ended=[line], dormant=[])


def welcome(to, pool=FIRST):
    with pool_scope(pool):
        letters.welcome(to, letters.Given("Premier service", "agent du service"), by="Jeanne Martin")
    return mails_to(to)[-1]


def send_all(to, *, last=True):
    for one in mails_to(to):
        send(one.pk, to.pk, last=last)


def state(one):
    with account_scope(one.account_id):
        return Mail.objects.of_account(one.account).values_list("state", "error").get(pk=one.pk)


# ------------------------------------------------------------ sending


@pytest.mark.covers("INT-08")
def test_an_email_leaves_once_with_a_job_written_in_the_same_transaction():
    ali = account("ali@exemple.fr", "Ali Ben")
    one = welcome(ali)
    assert list(ProcrastinateJob.objects.values_list("task_name", "args")) == [("mail.send", {"mail": one.pk, "account": ali.pk})]
    send_all(ali)
    send_all(ali)
    (sent,) = django_mail.outbox
    assert (sent.to, sent.subject, sent.from_email) == (
        ["Ali Ben <ali@exemple.fr>"], "Vous avez accès à «\u00a0Premier service\u00a0»", "communis@localhost",
    )  # fmt: skip
    assert sent.extra_headers["Message-ID"] == f"<courriel-{one.pk}@localhost>"
    assert state(one) == ("sent", "")
    assert mails_to(ali)[0].sent_at is not None


def test_what_is_undone_leaves_neither_email_nor_job():
    ali = account("ali@exemple.fr", "Ali Ben")
    point = transaction.savepoint()
    welcome(ali)
    transaction.savepoint_rollback(point)
    assert (mails_to(ali), ProcrastinateJob.objects.count()) == ([], 0)


def test_a_server_that_refuses_is_tried_again_then_the_failure_is_kept(monkeypatch):
    ali = account("ali@exemple.fr", "Ali Ben")
    one = welcome(ali)

    def refuse(self, fail_silently=False):
        raise smtplib.SMTPServerDisconnected("Connexion\r\nperdue")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(one.pk, ali.pk, last=False)
    assert state(one) == ("waiting", "Connexion perdue")
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(one.pk, ali.pk, last=True)
    assert state(one) == ("failed", "Connexion perdue")
    monkeypatch.undo()
    send_all(ali)
    assert django_mail.outbox == []  # a failure that was told is final
    assert TRIES == 6


def test_what_may_have_left_is_never_sent_again():
    ali = account("ali@exemple.fr", "Ali Ben")
    one = welcome(ali)
    assert mail.take(one.pk, ali.pk).pk == one.pk  # then the machine stops
    send_all(ali)
    assert django_mail.outbox == []
    assert state(one) == ("failed", "L’envoi a été interrompu\u00a0: le message est peut-être parti, il n’est pas renvoyé.")


HOSTILE = [
    "Ali\r\nBcc: mechant@exemple.fr",
    "Ali\nSubject: x",
    "Ali\u2028Bcc: m@x.fr",
    "Ali\x1b[0m\x85x",
    'A "l" <m@x.fr>, b@x.fr',
    "Ali\u202e",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_typed_makes_a_header(name):
    ali = account("ali@exemple.fr", name)
    with pool_scope(FIRST):
        mail.post("rights", ali, subject=f"Objet {name}", text="Bonjour.")
    send_all(ali)
    (sent,) = django_mail.outbox
    read = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert sorted(read.keys()) == sorted([
        "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date", "Message-ID",
        "Auto-Submitted", "X-Communis-Mail",
    ])  # fmt: skip
    assert [a.addr_spec for a in read["To"].addresses] == ["ali@exemple.fr"]
    assert re.search(r"[\r\n\x00\u202e\u2028]", str(read["Subject"])) is None


def test_emails_are_kept_in_a_folder_that_any_mail_program_opens(tmp_path):
    ali = account("ali@exemple.fr", "Élodie Ben")
    one = welcome(ali)
    with override_settings(EMAIL_BACKEND=letterbox.FOLDER, EMAIL_FILE_PATH=str(tmp_path / "courriels")):
        send_all(ali)
    (file,) = (tmp_path / "courriels").iterdir()
    read = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (file.name, str(read["To"])) == (f"{one.pk:06}.eml", "Élodie Ben <ali@exemple.fr>")
    assert read.get_content().startswith("Bonjour Élodie Ben,\n\nJeanne Martin vous ouvre l’accès")
    assert (tmp_path / "courriels").stat().st_mode & 0o777 == 0o700


def test_the_server_is_read_from_one_address():
    assert letterbox.mail_settings("") == {"EMAIL_BACKEND": "communis.foundation.letterbox.Folder"}
    assert letterbox.mail_settings("smtp://nom:mot%40@mail.exemple.fr") == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "mail.exemple.fr", "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "nom", "EMAIL_HOST_PASSWORD": "mot@", "EMAIL_USE_SSL": False, "EMAIL_USE_TLS": True,
        "EMAIL_TIMEOUT": 20,
    }  # fmt: skip
    assert letterbox.mail_settings("smtps://mail.exemple.fr")["EMAIL_PORT"] == 465
    with pytest.raises(Impossible, match="COMMUNIS_SMTP ne se lit pas"):
        letterbox.mail_settings("mail.exemple.fr:25")


# ------------------------------------------------------------ walls


def count(where="true"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM foundation_mail WHERE {where}")
        return cursor.fetchone()[0]


def test_an_email_is_seen_in_its_pool_and_by_its_reader_and_nowhere_else():
    ali, bob = account("ali@exemple.fr", "Ali Ben"), account("bob@exemple.fr", "Bob Roi")
    welcome(ali)
    welcome(bob, SECOND)
    with transaction.atomic():
        letters.forgotten(ali, path="/x")
    seen = [count()]
    for pool in (FIRST, SECOND):
        with pool_scope(pool):
            seen.append(count())
    for reader in (ali, bob):
        with account_scope(reader.pk):
            seen.append(count())
    assert seen == [0, 1, 1, 2, 1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE foundation_mail SET text = 'x'",
        "UPDATE foundation_mail SET pool_id = 2",
        "UPDATE foundation_mail SET address = 'x@x.fr'",
        "INSERT INTO foundation_mail (pool_id, account_id, address, kind, subject, text, state, error)"
        " VALUES (2, {account}, 'x@x.fr', 'x', 'x', 'x', 'waiting', '')",
        "INSERT INTO foundation_mail (pool_id, account_id, address, kind, subject, text, state, error)"
        " VALUES (NULL, {other}, 'x@x.fr', 'x', 'x', 'x', 'waiting', '')",
    ],
)
def test_what_was_written_never_changes_and_is_forged_for_nobody(statement):
    ali, bob = account("ali@exemple.fr", "Ali Ben"), account("bob@exemple.fr", "Bob Roi")
    welcome(ali)
    with pytest.raises(ProgrammingError), pool_scope(FIRST), account_scope(ali.pk), connection.cursor() as cursor:
        cursor.execute(statement.format(account=ali.pk, other=bob.pk))


def test_one_reads_ones_own_emails_whatever_the_pool(client):
    ali, bob = account("ali@exemple.fr", "Ali Ben"), account("bob@exemple.fr", "Bob Roi")
    grant(ali, GrantRole.TECHNICIAN)
    welcome(ali)
    theirs = welcome(bob)
    with transaction.atomic():
        letters.forgotten(ali, path="/x")
    client.force_login(ali)
    page = words(client.get("/compte/courriels/"))
    assert ("Choisir un autre mot de passe" in page, "Vous avez accès à « Premier service »" in page) == (True, True)
    assert client.get(f"/compte/courriels/{mails_to(ali)[0].pk}/").status_code == 200
    assert client.get(f"/compte/courriels/{theirs.pk}/").status_code == 404
    assert client.get(f"/courriels/{theirs.pk}/").status_code == 404


def test_the_direction_reads_what_its_service_sent_and_not_the_rest(client):
    jeanne, ali = director(), account("ali@exemple.fr", "Ali Ben")
    sent, elsewhere = welcome(ali), welcome(ali, SECOND)
    with transaction.atomic():
        letters.forgotten(ali, path="/x")
    client.force_login(jeanne)
    assert "Vous avez accès à « Premier service » Pour Ali Ben. À envoyer" in words(client.get("/courriels/"))
    assert [client.get(f"/courriels/{m.pk}/").status_code for m in (sent, elsewhere, mails_to(ali)[-1])] == [200, 404, 404]


@pytest.mark.parametrize(("kept", "shown"), [(True, True), (False, False)])
def test_a_link_that_lets_in_is_hidden_from_others_once_emails_really_leave(client, kept, shown):
    jeanne, ali = director(), account("ali@exemple.fr", "Ali Ben")
    with pool_scope(FIRST):
        text = f"Suivez ce lien :\n\n{settings.ORIGIN}/compte/invitation/1/2/abc/"
        mail.post("invitation", ali, subject="Invitation", text=text)
    client.force_login(jeanne)
    with override_settings(COMMUNIS_MAIL_KEPT=kept):
        page = words(client.get(f"/courriels/{mails_to(ali)[0].pk}/"))
    assert ("/compte/invitation/1/2/abc/" in page, "[lien personnel, caché]" in page) == (shown, not shown)


# ------------------------------------------------------------ preferences and the daily digest


def digest(to):
    tasks.send_digests(0)
    return [m for m in mails_to(to) if m.kind == "digest"]


@pytest.mark.covers("INT-08")
def test_what_is_optional_waits_for_one_message_a_day_in_each_pool():
    jeanne = director()
    grant(jeanne, GrantRole.DIRECTOR, SECOND)
    review(jeanne, "Guy Parti, élu")
    review(jeanne, "Odile Noir, contrôle")
    review(jeanne, "Bob Roi, élu", SECOND)
    first, second = digest(jeanne)
    assert [first.pool_id, second.pool_id] == [FIRST, SECOND]
    assert re.sub(r"\d+(er)?\u00a0\w+\u00a0\d{4}", "JOUR", first.subject) == "Premier service\u00a0: 2\u00a0informations du JOUR"
    assert first.text == (
        "Bonjour Jeanne Martin,\n\nDepuis le dernier récapitulatif, 2\u00a0informations\u00a0:\n\n"
        "1. Revue des accès\n\nDroits terminés parce que le rôle a pris fin\u00a0:\n- Guy Parti, élu\n\n"
        "Voir tous les accès\u00a0:\n\nhttp://localhost:8000/acces/\n\n"
        "2. Revue des accès\n\nDroits terminés parce que le rôle a pris fin\u00a0:\n- Odile Noir, contrôle\n\n"
        "Voir tous les accès\u00a0:\n\nhttp://localhost:8000/acces/\n\n"
        "-- \nPremier service\nhttp://localhost:8000\n\n"
        "Pour choisir ce que vous recevez\u00a0: http://localhost:8000/compte/notifications/\n"
    )
    assert [m.state for m in mails_to(jeanne) if m.kind == "access_review"] == ["grouped"] * 3
    assert digest(jeanne) == [first, second]  # nothing new: nothing leaves


def test_what_waits_for_the_message_of_the_day_says_so_in_the_list_and_on_its_page(client):
    jeanne = director()
    review(jeanne, "Guy Parti, élu")
    client.force_login(jeanne)
    assert "Dans le prochain récapitulatif" in words(client.get("/compte/courriels/"))
    page = words(client.get(f"/compte/courriels/{mails_to(jeanne)[0].pk}/"))
    assert "Revue des accès Dans le prochain récapitulatif Droits terminés" in page


def test_a_day_without_news_sends_nothing():
    jeanne = director()
    assert digest(jeanne) == []


def test_what_waits_for_somebody_who_left_is_not_sent():
    jeanne = director()
    review(jeanne)
    with pool_scope(FIRST):
        Grant.objects.unscoped().delete()
    assert digest(jeanne) == []


@pytest.mark.parametrize(("pace", "states"), [("now", ["waiting"]), ("daily", ["held"]), ("never", [])])
def test_one_chooses_how_often(client, pace, states):
    jeanne = director()
    client.force_login(jeanne)
    answer = client.post("/compte/notifications/", {"access_review": pace}, follow=True)
    assert "Fait. Vos choix sont enregistrés." in words(answer)
    assert re.findall(r'value="(\w+)"[^>]* checked', answer.content.decode()) == [pace]
    review(jeanne)
    assert [m.state for m in mails_to(jeanne)] == states


def test_the_default_leaves_no_row_and_a_choice_one(client):
    jeanne = director()
    client.force_login(jeanne)
    for pace in ("never", "now", "daily"):
        client.post("/compte/notifications/", {"access_review": pace})
    assert MailPreference.objects.count() == 0
    client.post("/compte/notifications/", {"access_review": "now"})
    assert list(MailPreference.objects.values_list("account", "kind", "pace")) == [(jeanne.pk, "access_review", "now")]


def test_what_protects_the_account_is_never_optional(client):
    jeanne = director()
    client.force_login(jeanne)
    client.post("/compte/notifications/", {"access_review": "never", "security": "never", "password": "never"})
    assert list(MailPreference.objects.values_list("kind", flat=True)) == ["access_review"]
    page = words(client.get("/compte/notifications/"))
    assert "Toujours envoyé aussitôt Invitations" in page
    with pytest.raises(ValueError, match="security is not optional"):
        mail.choose_pace(jeanne, "security", "never")


def test_a_pace_that_does_not_exist_is_refused(client):
    client.force_login(director())
    answer = client.post("/compte/notifications/", {"access_review": "hourly"})
    assert words(answer).count("Sélectionnez un choix valide. hourly n’en fait pas partie.") == 2  # summary and field
    assert MailPreference.objects.count() == 0


def test_a_kind_is_declared_once():
    mail.declare(letters.RIGHTS)
    with pytest.raises(ValueError, match="'rights' is declared twice"):
        mail.declare(mail.Kind("rights", "autre chose"))


def test_nobody_is_asked_about_what_only_the_direction_receives(client):
    client.force_login(mayor())
    page = words(client.get("/compte/notifications/"))
    assert "Rien de facultatif ne vous est envoyé pour l’instant." in page
    assert "Revue des accès" not in page
    client.post("/compte/notifications/", {"access_review": "never"})
    assert MailPreference.objects.count() == 0


def test_other_accounts_keep_their_own_choice(client):
    jeanne, paul = director(), with_application(mayor())
    client.force_login(jeanne)
    client.post("/compte/notifications/", {"access_review": "never"})
    review(paul)
    assert [m.state for m in mails_to(paul)] == ["held"]
