"""Every page of identity: nobody is hindered, nothing scrolls sideways, no word is English, no style nor script is inline."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils import timezone

from communis.directory import invitations, letters
from communis.directory.account_urls import urlpatterns
from communis.directory.enums import GrantRole
from communis.directory.models import Grant
from communis.foundation.scope import pool_scope
from factories.accounts import PASSWORD, account, code_at, director, grant, sign_in, with_application
from factories.answers import mails_to
from factories.pools import FIRST, organization

pytestmark = pytest.mark.django_db

AXE = Path(__file__).parent.parent / "data" / "axe-core" / "axe.min.js"
TODAY = timezone.localdate()
SIGNED_OUT = [
    "/compte/connexion/", "/compte/mot-de-passe/oublie/", "/compte/mot-de-passe/envoye/", "/compte/mot-de-passe/choisir/1/abc/",
    "/compte/mot-de-passe/choisi/", "/compte/ferme/", "/compte/sans-acces/", "INVITATION", "/compte/invitation/1/1/abc/",
]  # fmt: skip
SIGNED_IN = [
    "/compte/", "/compte/notifications/", "/compte/courriels/", "MAIL", "/compte/mot-de-passe/", "/compte/confirmer/",
    "/compte/second-facteur/", "/compte/second-facteur/requis/", "/compte/second-facteur/application/",
    "/compte/second-facteur/cles/", "/compte/second-facteur/cles/ajouter/", "/acces/", "/acces/?vue=dormants",
    "/acces/?q=personne", "/acces/inviter/", "END", "/courriels/", "/services/", "/compte/deconnexion/",
]  # fmt: skip
PROTECTED = [
    "/compte/second-facteur/", "/compte/second-facteur/application/retirer/", "/compte/second-facteur/codes/",
    "/compte/second-facteur/codes/autres/", "/compte/confirmer/code/",
]  # fmt: skip


@pytest.fixture
def scene():
    """A service with a director, people who sleep, an invitation, and e-mails; the addresses of what has a number."""
    jeanne = director()
    with pool_scope(FIRST):
        organization("Gestionnaire A", is_host=True)
        town = organization("Aubépine")
    paul = account("paul@exemple.fr", "Paul Roux")
    grant(paul, GrantRole.ELECTED, organization=town, ends_on=TODAY + timedelta(days=100))
    with pool_scope(FIRST):
        invitations.invite(
            by=jeanne, email="nadia@exemple.fr", name="Nadia Neuve", role="auditor", starts_on=TODAY, now=timezone.now()
        )
        letters.welcome(jeanne, letters.Given("Premier service", "direction du service"), by="Paul Roux")
        invited = Grant.objects.unscoped().get(account__email="nadia@exemple.fr").account
        (paul_right,) = Grant.objects.unscoped().filter(account=paul)
    link = re.search(r"/compte/invitation/\S+", mails_to(invited)[0].text)[0]
    addresses = {
        "INVITATION": link,
        "MAIL": f"/compte/courriels/{mails_to(jeanne)[0].pk}/",
        "END": f"/acces/fin/?chosen={paul_right.pk}",
    }
    return jeanne, lambda path: addresses.get(path, path)


def check(page, path):
    """Return what hinders somebody in a page, and what it shows sideways."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {rules: {'target-size': {enabled: true}}, resultTypes: ['violations']})")
    sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [
        f"{path} {rule['id']} {node['target']} {node['failureSummary']}" for rule in found["violations"] for node in rule["nodes"]
    ] + ([f"{path} scrolls by {sideways}"] if sideways else [])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 900, 390])
def test_no_page_hinders_anyone(visit, site, scene, client, width, theme):
    jeanne, address = scene
    found = []
    page = visit("/compte/connexion/", width=width, theme=theme)
    for path in SIGNED_OUT:
        page.goto(site + address(path))
        found += check(page, path)
    page = visit("/compte/", jeanne, width=width, theme=theme)
    for path in SIGNED_IN:
        page.goto(site + address(path))
        found += check(page, path)
    with_application(jeanne)
    for path in PROTECTED:
        page.goto(site + path)
        found += check(page, path)
    page = visit("/compte/connexion/", width=width, theme=theme)
    page.fill("#id_login", jeanne.email)
    page.fill("#id_password", PASSWORD)
    page.click(".form .button-primary")
    page.wait_for_url(site + "/compte/connexion/second-facteur/")
    found += check(page, "second factor at sign-in")
    page.fill("#id_code", "000000")
    page.click(".form .button-primary")
    page.wait_for_selector(".errors")
    found += check(page, "a wrong code")
    assert found == []


# ------------------------------------------------------------ words

ENGLISH = """
    the your you please password sign signin signup login logout email address account are is of and not with this that key keys
    new old current change reset forgot enter remember security authenticator two-factor invalid incorrect required again confirm
    add remove edit cancel submit save delete back continue generate download unused used been has have was will from to
"""
ENGLISH_WORDS = frozenset(re.findall(r"\S+", ENGLISH))


class Reader(HTMLParser):
    """The words that a page shows or says, and what it holds inline."""

    SAID = ("title", "alt", "placeholder", "aria-label", "value", "label")

    def __init__(self):
        super().__init__()
        self.words, self.inline, self.silent = [], [], 0

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.silent += tag in ("script", "style")
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            self.inline.append(tag)
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        for name in self.SAID:
            if (
                not (name == "value" and given.get("type") in ("hidden", "radio", "checkbox"))
                and tag != "option"
                and tag != "button"
            ):
                self.words += re.findall(r"[a-zA-ZÀ-ÿ-]+", given.get(name) or "")

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.silent:
            self.words += re.findall(r"[a-zA-Z0-9À-ÿ-]+", data)


def read(answer):
    reader = Reader()
    reader.feed(answer.content.decode())
    return reader


def english(reader):
    return sorted({word.lower() for word in reader.words} & ENGLISH_WORDS)


def wrong_posts(address):
    """Forms sent empty, or with what cannot be."""
    return {
        "/compte/connexion/": {"login": "pas une adresse", "password": ""}, "/compte/mot-de-passe/oublie/": {"email": "non"},
        address("INVITATION"): {"password1": "a", "password2": "b"},
        "/compte/mot-de-passe/": {"oldpassword": "x", "password1": "1", "password2": ""}, "/compte/confirmer/": {"password": "x"},
        "/compte/second-facteur/application/": {"code": ""}, "/compte/notifications/": {"access_review": "x"},
        "/compte/second-facteur/cles/ajouter/": {"name": "", "credential": "{}"}, "/acces/inviter/": {"email": "x"},
        address("END"): {"last_day": "hier"},
    }  # fmt: skip


def test_no_word_is_english_and_nothing_is_inline(client, scene):
    jeanne, address = scene
    found = {}
    for path in SIGNED_OUT:
        found[path] = read(client.get(address(path)))
    posts = wrong_posts(address)
    for path in list(posts)[:3]:
        found[f"POST {path}"] = read(client.post(path, posts[path]))
    sign_in(client, jeanne)
    for path in SIGNED_IN:
        found[path] = read(client.get(address(path)))
    for path in list(posts)[3:]:
        found[f"POST {path}"] = read(client.post(path, posts[path]))
    with_application(jeanne)
    for path in PROTECTED:
        found[path] = read(client.get(path))
    assert {path: english(reader) for path, reader in found.items() if english(reader)} == {}
    assert {path: reader.inline for path, reader in found.items() if reader.inline} == {}
    assert [path for path, reader in found.items() if len(reader.words) < 20] == []


def test_no_page_of_identity_is_left_out():
    """Each route is looked at above, or shows no page: it only acts, or answers with a file or with data."""
    looked_at = {"/" + str(p.pattern) for p in urlpatterns}
    acts = {
        "/compte/connexion/cle/", "/compte/connexions/fermer/", "/compte/second-facteur/codes/fichier/", "/compte/confirmer/cle/",
        "/acces/invitations/<int:pk>/renvoyer/", "/acces/invitations/<int:pk>/retirer/", "/compte/connexion/second-facteur/",
        "/compte/second-facteur/cles/<int:pk>/nom/", "/compte/second-facteur/cles/<int:pk>/retirer/", "/courriels/<int:pk>/",
    }  # fmt: skip
    named = {path.partition("?")[0] for path in SIGNED_OUT + SIGNED_IN + PROTECTED} | {
        "/compte/invitation/<int:pool>/<int:number>/<str:secret>/", "/compte/courriels/<int:pk>/", "/acces/fin/",
        "/compte/mot-de-passe/choisir/<str:uidb36>/<str:key>/",
        "/compte/adresse/", "/compte/adresse/confirmer/<str:token>/", "/compte/mot-de-passe/premier/",
    }  # fmt: skip
    assert looked_at - acts - named == set()


def test_pages_of_the_account_say_the_policy_of_contents(client, scene):
    jeanne, _ = scene
    client.force_login(jeanne)
    answer = client.get("/compte/second-facteur/application/")
    said = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
    assert said["default-src"] == "'self'"
    assert {"script-src", "style-src"} & set(said) == set()
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_keyboard_alone_enters(visit, site, scene):
    jeanne, _ = scene
    page = visit("/compte/connexion/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # « Aller au contenu »
    page.keyboard.press("Tab")
    page.keyboard.type(jeanne.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"{re.escape(site)}/(#.*)?$"))
    assert page.inner_text(".rail-person") == jeanne.name


def test_without_a_script_one_enters_with_a_code(visit, site, scene):
    jeanne, _ = scene
    with_application(jeanne)
    page = visit("/compte/connexion/", java_script_enabled=False)
    page.fill("#id_login", jeanne.email)
    page.fill("#id_password", PASSWORD)
    page.click(".form .button-primary")
    page.wait_for_url(site + "/compte/connexion/second-facteur/")
    page.fill("#id_code", code_at(timezone.now().timestamp()))
    page.click(".form .button-primary")
    page.wait_for_url(site + "/")
    assert page.inner_text(".rail-person") == jeanne.name
