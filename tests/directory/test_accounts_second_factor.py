"""The second factor: required by rights, set up in pages, asked at sign-in, kept sealed."""

import re
import time

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client, override_settings

from communis.directory.enums import GrantRole
from communis.foundation.sealing import Broken, sealed, unsealed
from factories.accounts import PASSWORD, TOTP_SECRET, account, code_at, director, grant, mayor, sign_in, with_application
from factories.answers import mails_to, said, words

pytestmark = pytest.mark.django_db

WRONG = "Ce code ne convient pas. Tapez celui que l’application affiche maintenant, ou un code de secours encore inutilisé."
ADD, REMOVE, CODES = (
    "/compte/second-facteur/application/", "/compte/second-facteur/application/retirer/", "/compte/second-facteur/codes/",
)  # fmt: skip


@pytest.fixture
def required():
    with override_settings(COMMUNIS_SECOND_FACTOR=True):
        yield


@pytest.fixture(autouse=True)
def at_commit(monkeypatch):
    """The transaction of a test is never committed: what waits for the commit of a request is done at once."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, *_, **__: act())


def shown_secret(page):
    return re.search(r'id="totp-key">([A-Z2-7 ]+)<', page.content.decode())[1].replace(" ", "")


def code_of(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


# ------------------------------------------------------------ required by rights


@pytest.mark.covers("SEC-06")
@pytest.mark.parametrize("role", [GrantRole.DIRECTOR, GrantRole.FINANCE])
@pytest.mark.parametrize("path", ["/", "/acces/"])
def test_those_who_hold_the_accounts_of_all_are_sent_to_their_second_factor(client, required, role, path):
    jeanne = account()
    grant(jeanne, role)
    sign_in(client, jeanne)
    answer = client.get(path, follow=True)
    assert answer.redirect_chain == [("/compte/second-facteur/requis/", 302)]
    assert f"Un second facteur est demandé À ajouter Votre droit « {role.label} »" in words(answer)


def test_what_changes_something_is_refused_too(client, required):
    sign_in(client, director())
    answer = client.post("/acces/inviter/", {"email": "x@exemple.fr", "name": "X", "role": "auditor", "starts_on": "01/01/2026"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/compte/second-facteur/requis/")


def test_a_right_to_read_asks_for_no_second_factor(client, required):
    sign_in(client, mayor())
    assert client.get("/").status_code == 200


def test_the_environment_may_do_without(client):
    sign_in(client, director())
    assert client.get("/acces/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client, required):
    jeanne = with_application(director())
    Authenticator.objects.filter(user=jeanne, type=Authenticator.Type.TOTP).delete()
    sign_in(client, jeanne)
    assert client.get("/").headers["Location"] == "/compte/second-facteur/requis/"


# ------------------------------------------------------------ set up


@pytest.mark.covers("SEC-06")
def test_an_application_is_added_then_opens_the_pages(client, required):
    jeanne = director()
    sign_in(client, jeanne)
    page = client.get(ADD)
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    before = client.session.session_key
    answer = client.post(ADD, {"code": code_of(shown_secret(page))}, follow=True)
    assert answer.redirect_chain == [(CODES, 302)]
    assert "L’application de codes est ajoutée." in words(answer)
    assert len(re.findall(r"<code>(\d{8})</code>", answer.content.decode())) == 10
    assert client.session.session_key != before  # what the session may do has grown
    assert client.get("/acces/").status_code == 200
    assert [m.subject for m in mails_to(jeanne)] == ["Application de codes ajoutée"]


def test_a_wrong_code_adds_nothing_and_keeps_the_drawing(client):
    jeanne = director()
    sign_in(client, jeanne)
    secret = shown_secret(client.get(ADD))
    answer = client.post(ADD, {"code": "000000"})
    assert (said(answer), shown_secret(answer)) == ([WRONG], secret)
    assert Authenticator.objects.count() == 0


def test_secrets_are_sealed_in_the_database():
    jeanne = with_application(director())
    stored = {a.type: a.data for a in Authenticator.objects.filter(user=jeanne)}
    assert TOTP_SECRET not in str(stored)
    assert unsealed(stored["totp"]["secret"]) == TOTP_SECRET
    assert len(unsealed(stored["recovery_codes"]["seed"])) == 80
    assert sealed("x") != sealed("x")


def test_a_seal_opens_with_the_secret_of_the_installation_only():
    token = sealed("abc")
    with override_settings(SECRET_KEY="another"), pytest.raises(Broken):
        unsealed(token)
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[TOTP_SECRET]), pytest.raises(Broken):
        unsealed(token)
    for changed in (token[:-4] + "AAA=", "", "é", "abc"):
        with pytest.raises(Broken):
            unsealed(changed)


def test_a_seal_outlives_a_change_of_the_secret_of_the_installation(settings):
    token, former = sealed("abc"), settings.SECRET_KEY
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[former]):
        assert unsealed(token) == "abc"


def test_what_touches_security_asks_again_who_one_is_after_five_minutes(client):
    jeanne = director()
    sign_in(client, jeanne)
    assert client.get(ADD).status_code == 200
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {**record, "at": record["at"] - 301} for record in session[AUTHENTICATION_METHODS_SESSION_KEY]
    ]
    session.save()
    answer = client.get(ADD)
    assert answer.headers["Location"] == f"/compte/confirmer/?next={ADD.replace('/', '%2F')}"
    page = client.get(answer.headers["Location"])
    assert "Confirmez que c’est vous" in words(page)
    wrong = client.post(answer.headers["Location"], {"password": "faux"})
    assert said(wrong) == ["Ce n’est pas votre mot de passe."]
    right = client.post("/compte/confirmer/", {"password": PASSWORD, "next": ADD})
    assert right.headers["Location"] == ADD
    assert client.get(ADD).status_code == 200


# ------------------------------------------------------------ asked at sign-in


def test_the_code_is_asked_after_the_password(client):
    jeanne = with_application(director())
    answer = sign_in(client, jeanne)
    assert answer.headers["Location"] == "/compte/connexion/second-facteur/"
    assert client.get("/").status_code == 302  # the password alone opens nothing
    assert "Votre second facteur" in words(client.get("/compte/connexion/second-facteur/"))
    assert said(client.post("/compte/connexion/second-facteur/", {"code": "000000"})) == [WRONG]
    answer = client.post("/compte/connexion/second-facteur/", {"code": code_at(time.time())})
    assert answer.headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_code_serves_once(client):
    jeanne, code = with_application(director()), code_at(time.time())
    sign_in(client, jeanne)
    assert client.post("/compte/connexion/second-facteur/", {"code": code}).status_code == 302
    again = Client()
    sign_in(again, jeanne)
    assert said(again.post("/compte/connexion/second-facteur/", {"code": code})) == [WRONG]


def test_a_recovery_code_opens_once(client):
    jeanne = with_application(director())
    codes = Authenticator.objects.get(user=jeanne, type="recovery_codes").wrap().get_unused_codes()
    sign_in(client, jeanne)
    assert client.post("/compte/connexion/second-facteur/", {"code": codes[0]}).headers["Location"] == "/"
    again = Client()
    sign_in(again, jeanne)
    assert said(again.post("/compte/connexion/second-facteur/", {"code": codes[0]})) == [WRONG]
    assert again.post("/compte/connexion/second-facteur/", {"code": codes[1]}).headers["Location"] == "/"


def test_codes_are_not_tried_for_ever(client):
    sign_in(client, with_application(director()))
    for _ in range(5):
        client.post("/compte/connexion/second-facteur/", {"code": "000000"})
    answer = client.post("/compte/connexion/second-facteur/", {"code": code_at(time.time())})
    assert said(answer) == ["Trop d’essais manqués. Attendez cinq minutes, puis recommencez."]


def test_nobody_stands_at_the_second_factor_without_the_password(client):
    director()
    assert client.get("/compte/connexion/second-facteur/").headers["Location"] == "/compte/connexion/"


# ------------------------------------------------------------ recovery codes, removal


def entered(client, jeanne):
    sign_in(client, jeanne)
    client.post("/compte/connexion/second-facteur/", {"code": code_at(time.time())})
    return client


def test_recovery_codes_are_downloaded_and_made_again(client):
    jeanne = with_application(director())
    entered(client, jeanne)
    shown = re.findall(r"<code>(\d{8})</code>", client.get(CODES).content.decode())
    file = client.get(CODES + "fichier/")
    assert file.headers["Content-Type"].startswith("text/plain")
    assert file.content.decode().split("\n")[:3] == [
        "Codes de secours de communis pour jeanne@exemple.fr", "Chacun sert une fois, à la place du second facteur.", "",
    ]  # fmt: skip
    assert re.findall(r"^\d{8}$", file.content.decode(), re.M) == shown
    assert "Les 10 codes qui restent ne serviront plus." in words(client.get(CODES + "autres/"))
    answer = client.post(CODES + "autres/", follow=True)
    again = re.findall(r"<code>(\d{8})</code>", answer.content.decode())
    assert (len(again), set(again) & set(shown)) == (10, set())
    assert [m.subject for m in mails_to(jeanne)] == ["Nouveaux codes de secours"]


def test_the_last_second_factor_of_whoever_must_have_one_stays(client, required):
    jeanne = with_application(director())
    entered(client, jeanne)
    answer = client.post(REMOVE)
    assert said(answer) == ["Votre droit exige un second facteur : ajoutez-en un autre avant de retirer celui-ci."]
    assert Authenticator.objects.filter(user=jeanne, type="totp").exists()


def test_an_application_is_removed_with_its_recovery_codes(client):
    jeanne = with_application(mayor())
    entered(client, jeanne)
    answer = client.post(REMOVE, follow=True)
    assert answer.redirect_chain == [("/compte/second-facteur/", 302)]
    assert "L’application de codes est retirée." in words(answer)
    assert Authenticator.objects.count() == 0
    assert [m.subject for m in mails_to(jeanne)] == ["Application de codes retirée"]


def test_ones_factors_are_not_those_of_another(client):
    other = with_application(mayor())
    sign_in(client, director())
    assert [client.get(path).status_code for path in (REMOVE, CODES, CODES + "fichier/")] == [404, 404, 404]
    assert client.post(REMOVE).status_code == 404
    assert Authenticator.objects.filter(user=other).count() == 2


# ------------------------------------------------------------ passkeys, with the virtual key of a browser


@pytest.fixture
def keyed(visit):
    """Open a page whose browser holds a passkey device that always says yes."""

    def open_page(path):
        page = visit(path)
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return page

    return open_page


@pytest.mark.covers("SEC-06")
def test_a_passkey_is_added_signs_in_alone_is_renamed_and_removed(keyed, site, required):
    jeanne = director()
    page = keyed("/compte/connexion/")
    page.fill("#id_login", jeanne.email)
    page.fill("#id_password", PASSWORD)
    page.click(".form .button-primary")
    page.wait_for_url(site + "/compte/second-facteur/requis/")
    page.click("text=Ajouter une clé d’accès")
    page.fill("#id_name", "Téléphone de Jeanne")
    page.check("#id_passwordless")
    page.click("text=Ajouter cette clé")
    page.wait_for_url(site + CODES)
    page.click("text=Continuer")
    page.wait_for_url(site + "/")
    page.goto(site + "/compte/deconnexion/")
    page.click("text=Me déconnecter")
    page.wait_for_url(site + "/compte/connexion/")
    page.click("text=Se connecter avec ma clé d’accès")
    page.wait_for_url(site + "/")
    page.goto(site + "/compte/second-facteur/cles/")
    assert page.inner_text(".dates li > :first-child") == "Téléphone de Jeanne"
    page.click("text=Retirer")
    page.click("text=Retirer cette clé")
    assert (
        page.inner_text(".errors li").replace("\u00a0", " ")
        == "Votre droit exige un second facteur : ajoutez-en un autre avant de retirer celui-ci."
    )
    page.goto(site + "/compte/second-facteur/cles/")
    page.click("text=Renommer")
    page.fill("#id_name", "Téléphone neuf")
    page.click("text=Enregistrer le nom")
    page.wait_for_url(site + "/compte/second-facteur/cles/")
    assert page.inner_text(".dates li > :first-child") == "Téléphone neuf"
    with override_settings(COMMUNIS_SECOND_FACTOR=False):
        page.click("text=Retirer")
        page.click("text=Retirer cette clé")
        page.wait_for_url(site + "/compte/second-facteur/cles/")
    assert "Vos clés d’accès seront listées ici" in page.inner_text("main")
    assert [m.subject for m in mails_to(jeanne)] == ["Clé d’accès ajoutée", "Clé d’accès retirée"]


def test_a_passkey_is_shown_after_the_password(keyed, site):
    jeanne = director()
    page = keyed("/compte/connexion/")
    page.fill("#id_login", jeanne.email)
    page.fill("#id_password", PASSWORD)
    page.click(".form .button-primary")
    page.wait_for_url(site + "/")
    page.goto(site + "/compte/second-facteur/cles/ajouter/")
    page.click("text=Ajouter cette clé")
    page.wait_for_url(site + CODES)
    page.goto(site + "/compte/deconnexion/")
    page.click("text=Me déconnecter")
    page.fill("#id_login", jeanne.email)
    page.fill("#id_password", PASSWORD)
    page.click(".form .button-primary")
    page.wait_for_url(site + "/compte/connexion/second-facteur/")
    page.click("text=Présenter ma clé d’accès")
    page.wait_for_url(site + "/")
    assert page.inner_text(".rail-person") == jeanne.name


def test_a_key_that_does_not_answer_is_said_in_the_page(visit, site):
    director()
    page = visit("/compte/connexion/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }")
    page.click("text=Se connecter avec ma clé d’accès")
    page.wait_for_selector("[data-passkey-refused]", state="visible")
    assert page.inner_text("#mfa_login .field-error").startswith("La clé n’a pas répondu")


def test_without_a_script_the_key_is_not_offered(visit):
    page = visit("/compte/connexion/", java_script_enabled=False)
    assert page.is_visible("text=Se connecter avec ma clé d’accès") is False
    assert page.is_visible("#id_password") is True
