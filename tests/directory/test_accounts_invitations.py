"""Invitations and the end of rights: from the page of the direction to the first password, and back."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from communis.directory import invitations, tasks
from communis.directory.enums import GrantRole
from communis.directory.models import Account, Grant, Invitation, Organization, Person, Role
from communis.foundation.scope import pool_scope
from communis.kit.formats import long_date, short_date
from communis.kit.refusals import Refusal
from factories.accounts import EARLY, PASSWORD, account, director, grant, mayor, sign_in, with_application
from factories.answers import mails_to, problems, words
from factories.pools import FIRST, SECOND, organization

pytestmark = pytest.mark.django_db

NEW = "quatre-vaches-bleues-2026"
LINK = re.compile(r"http://localhost:8000(/compte/invitation/\S+)")
TODAY = timezone.localdate()


def link_to(to):
    return LINK.search(mails_to(to)[-1].text)[1]


def grants(pool=FIRST, **which):
    with pool_scope(pool):
        return list(Grant.objects.unscoped().select_related("account", "organization").filter(**which).order_by("pk"))


@pytest.fixture
def direction(client):
    """The client of Jeanne, who directs the first service; Aubépine is a member."""
    jeanne = director()
    with pool_scope(FIRST):
        organization("Gestionnaire A", is_host=True)
        client.aubepine = organization("Aubépine")
    client.force_login(jeanne)
    client.jeanne = jeanne
    return client


def invite(client, email="nadia@exemple.fr", name="Nadia Neuve", role="elected", member=True, **more):
    given = {"email": email, "name": name, "role": role, "starts_on": short_date(TODAY), "ends_on": ""}
    return client.post("/acces/inviter/", given | ({"organization": client.aubepine.pk} if member else {}) | more, follow=True)


@pytest.mark.covers("SEC-01")
def test_an_invited_person_chooses_a_password_and_enters(direction):
    answer = invite(direction)
    assert answer.redirect_chain == [("/acces/", 302)]
    assert "Fait. Le message pour Nadia Neuve part à nadia@exemple.fr." in words(answer)
    nadia = Account.objects.get(email="nadia@exemple.fr")
    assert nadia.has_usable_password() is False
    given = grants(account=nadia)
    assert [(g.role, g.organization.name, g.starts_on, g.ends_on) for g in given] == [("elected", "Aubépine", TODAY, None)]
    guest, link = Client(), link_to(nadia)
    page = guest.get(link)
    assert "Premier service vous attend Jeanne Martin vous y invite." in words(page)
    answer = guest.post(link, {"password1": NEW, "password2": NEW}, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "Fait. Votre mot de passe est enregistré : la prochaine fois, connectez-vous avec lui." in words(answer)
    assert "Identité Nom Nadia Neuve" in words(guest.get("/compte/"))
    assert sign_in(Client(), nadia, NEW).headers["Location"] == "/"
    assert "Votre mot de passe est déjà choisi" in words(Client().get(link))
    assert "Invitations en attente" not in words(direction.get("/acces/"))


def test_a_first_password_does_not_stand_for_a_second_factor(direction):
    invite(direction)
    nadia = with_application(Account.objects.get(email="nadia@exemple.fr"))
    guest = Client()
    answer = guest.post(link_to(nadia), {"password1": NEW, "password2": NEW})
    assert answer.headers["Location"] == "/compte/connexion/second-facteur/"
    assert guest.get("/").headers["Location"] == "/compte/connexion/?next=/"


def test_a_first_password_chosen_in_the_session_of_another_opens_nothing(direction):
    invite(direction)
    nadia = Account.objects.get(email="nadia@exemple.fr")
    answer = direction.post(link_to(nadia), {"password1": NEW, "password2": NEW}, follow=True)
    said = "Fait. Le mot de passe de Nadia Neuve est enregistré. Déconnectez-vous pour entrer avec ce compte."
    assert (answer.redirect_chain, said in words(answer)) == ([("/", 302)], True)
    assert "Identité Nom Jeanne Martin" in words(direction.get("/compte/"))


def test_the_invitation_is_written_in_plain_french(direction):
    invite(direction)
    (sent,) = mails_to(Account.objects.get(email="nadia@exemple.fr"))
    assert (sent.pool_id, sent.kind, sent.subject) == (FIRST, "invitation", "Invitation\u00a0: Premier service")
    assert LINK.sub("LIEN", sent.text) == (
        "Bonjour Nadia Neuve,\n\n"
        "Jeanne Martin vous ouvre l’accès au service «\u00a0Premier service\u00a0», avec ce droit\u00a0: "
        "élu de l’organisation (lecture), Aubépine.\n\n"
        "Pour choisir votre mot de passe et entrer, suivez ce lien\u00a0:\n\n"
        "LIEN\n\n"
        f"Il sert une seule fois, jusqu’au {long_date(TODAY + timedelta(days=7))}. "
        "Ensuite, demandez une nouvelle invitation à Jeanne Martin.\n\n"
        "Si vous n’attendiez pas ce message, n’en faites rien\u00a0: sans ce lien, personne n’entre à votre place.\n\n"
        "-- \nPremier service\nhttp://localhost:8000\n"
    )


def test_the_table_does_not_hold_what_opens(direction):
    invite(direction)
    secret = link_to(Account.objects.get(email="nadia@exemple.fr")).split("/")[5]
    with pool_scope(FIRST):
        (invitation,) = Invitation.objects.unscoped()
    assert secret not in str(vars(invitation))
    assert invitation.digest == invitations.digest(secret)


def test_an_expired_link_says_what_to_do(direction):
    invite(direction)
    nadia = Account.objects.get(email="nadia@exemple.fr")
    with pool_scope(FIRST):
        Invitation.objects.unscoped().update(
            sent_at=timezone.now() - timedelta(days=8), expires_at=timezone.now() - timedelta(days=1)
        )
    for answer in (Client().get(link_to(nadia)), Client().post(link_to(nadia), {"password1": NEW, "password2": NEW})):
        assert "Cette invitation ne sert plus" in words(answer)
        assert "Demandez-en une autre à Jeanne Martin : elle vous est renvoyée d’un geste." in words(answer)
    nadia.refresh_from_db()
    assert nadia.has_usable_password() is False


@pytest.mark.parametrize("change", ["pool", "number", "secret"])
def test_a_link_that_was_changed_tells_nothing(direction, change):
    invite(direction)
    parts = link_to(Account.objects.get(email="nadia@exemple.fr")).split("/")
    rank = {"pool": 3, "number": 4, "secret": 5}[change]
    parts[rank] = {"pool": str(SECOND), "number": "999999", "secret": "x" * 43}[change]
    answer = Client().get("/".join(parts))
    assert "Cette invitation ne sert plus" in words(answer)
    assert [told in words(answer) for told in ("Jeanne", "Nadia", "nadia@exemple.fr", "Premier service")] == [False] * 4


def test_an_invitation_sent_again_ends_the_former_link(direction):
    invite(direction)
    nadia = Account.objects.get(email="nadia@exemple.fr")
    first = link_to(nadia)
    with pool_scope(FIRST):
        (invitation,) = Invitation.objects.unscoped()
    answer = direction.post(f"/acces/invitations/{invitation.pk}/renvoyer/", follow=True)
    assert "Un nouveau lien part pour Nadia Neuve ; l’ancien ne sert plus." in words(answer)
    assert "Cette invitation ne sert plus" in words(Client().get(first))
    assert "Premier service vous attend" in words(Client().get(link_to(nadia)))


def test_an_invitation_withdrawn_takes_its_right_back(direction):
    invite(direction)
    nadia = Account.objects.get(email="nadia@exemple.fr")
    with pool_scope(FIRST):
        (invitation,) = Invitation.objects.unscoped()
    answer = direction.post(f"/acces/invitations/{invitation.pk}/retirer/", follow=True)
    assert "L’invitation adressée à Nadia Neuve est retirée, avec son droit." in words(answer)
    assert grants(account=nadia) == []
    assert "Elle a été remplacée ou retirée" in words(Client().get(link_to(nadia)))
    again = direction.post(f"/acces/invitations/{invitation.pk}/retirer/", follow=True)
    assert "Refusé. L’invitation de Nadia Neuve n’est plus en attente." in words(again)


def test_those_who_have_an_account_elsewhere_are_told_without_a_link(direction):
    paul = mayor(pool=SECOND, town="Ville B")
    answer = invite(direction, paul.email, "Paul R.")
    assert "Fait. Le message pour Paul R. part à maire@exemple.fr." in words(answer)  # as for anybody
    (sent,) = mails_to(paul)
    assert sent.subject == "Vous avez accès à «\u00a0Premier service\u00a0»"
    assert sent.text.startswith("Bonjour Paul Roux,\n\nJeanne Martin vous ouvre l’accès au service «\u00a0Premier service\u00a0»")
    assert "/compte/invitation/" not in sent.text
    paul.refresh_from_db()
    assert paul.check_password(PASSWORD)
    assert [g.role for g in grants(account=paul)] == ["elected"]


def test_what_an_account_did_elsewhere_is_not_told(direction):
    paul = mayor(pool=SECOND, town="Ville B")
    Account.objects.filter(pk=paul.pk).update(last_login=timezone.now() - timedelta(days=3))
    invite(direction, paul.email, "Paul R.")
    row = re.search(r"<tr>.*?Paul Roux.*?</tr>", direction.get("/acces/").content.decode(), re.S)[0]
    assert "jamais" in row


REFUSED = [
    ({"email": "pas une adresse"}, {"email": ["Saisissez une adresse de courriel valide."]}),
    ({"name": ""}, {"name": ["Ce champ est obligatoire."]}),
    ({"role": ""}, {"role": ["Ce champ est obligatoire."]}),
    ({"role": "king"}, {"role": ["Sélectionnez un choix valide. king n’en fait pas partie."]}),
    ({"organization": ""}, {"organization": ["Choisissez l’organisation pour laquelle ce droit est donné."]}),
    (
        {"role": "auditor"},
        {"organization": ["Un droit du service ne nomme pas d’organisation : choisissez « Aucune »."]},
    ),
    (
        {"starts_on": "02/02/2126", "ends_on": "01/02/2126"},
        {"__all__": ["La fin du droit doit suivre son début, le 2 février 2126."]},
    ),
    (
        {"starts_on": "02/02/2020", "ends_on": "03/02/2020"},
        {"__all__": ["La fin du droit est déjà passée : écrivez une date à venir, ou aucune."]},
    ),
]


@pytest.mark.parametrize(("given", "said"), REFUSED)
def test_an_invitation_that_cannot_be_is_refused_with_the_reason(direction, given, said):
    answer = invite(direction, **given)
    assert problems(answer) == said
    assert Account.objects.filter(email="nadia@exemple.fr").exists() is False


def test_the_same_right_is_not_given_twice(direction):
    invite(direction)
    answer = invite(direction)
    assert problems(answer) == {"__all__": ["Nadia Neuve a déjà ce droit. Pour en changer les dates, mettez-y fin d’abord."]}


def test_an_organization_of_another_pool_is_no_choice(direction):
    with pool_scope(SECOND):
        foreign = organization("Ville B")
    answer = invite(direction, organization=foreign.pk)
    assert list(problems(answer)) == ["organization"]


@pytest.mark.parametrize("name", ["Nadia\r\nBcc: mechant@exemple.fr", "Nadia\nSubject: x", "Nadia\u202e\u0000 x"])
def test_a_name_makes_no_header(direction, name):
    invite(direction, name=name)
    for made in Account.objects.filter(email="nadia@exemple.fr"):
        assert re.search(r"[\r\n\u202e\x00]", made.name) is None
        assert [re.search(r"[\r\n]", m.subject) for m in mails_to(made)] == [None]


# ------------------------------------------------------------ who may


@pytest.mark.parametrize("role", [GrantRole.FINANCE, GrantRole.TECHNICIAN, GrantRole.AUDITOR])
def test_only_the_direction_opens_and_closes(client, role):
    ali = account("ali@exemple.fr", "Ali Ben")
    director()
    mine = grant(ali, role)
    client.force_login(ali)
    seen = client.get("/acces/").status_code
    assert seen == (200 if role == GrantRole.FINANCE else 404)
    given = {"email": ali.email, "name": "Ali", "role": "director", "starts_on": short_date(TODAY)}
    assert client.post("/acces/inviter/", given).status_code == 404
    assert client.post("/acces/fin/", {"chosen": mine.pk, "last_day": short_date(TODAY)}).status_code == 404
    assert client.post("/acces/invitations/1/renvoyer/").status_code == 404
    assert [g.role for g in grants(account=ali)] == [role]
    if seen == 200:
        assert "Inviter une personne" not in words(client.get("/acces/"))


def test_an_invitation_of_another_pool_is_not_found(direction):
    other = director("autre@exemple.fr", "Autre Direction", SECOND)
    with pool_scope(SECOND):
        invitations.invite(
            by=other, email="x@exemple.fr", name="X", role="auditor", starts_on=TODAY, now=timezone.now()
        )  # fmt: skip
        (foreign,) = Invitation.objects.unscoped()
    for act in ("renvoyer", "retirer"):
        assert direction.post(f"/acces/invitations/{foreign.pk}/{act}/").status_code == 404
    assert "x@exemple.fr" not in words(direction.get("/acces/"))


# ------------------------------------------------------------ the list, and the end of rights


def listed(client, view=""):
    page = client.get("/acces/", {"vue": view} if view else {}).content.decode()
    return re.findall(r'name="chosen" value="\d+" aria-label="Choisir le droit (?:de |d’)([^"]*)"', page)


@pytest.mark.covers("SEC-07")
def test_the_list_says_who_sleeps_who_left_and_who_is_over(direction):
    def person(email, name, seen=None, **fields):
        made = account(email, name)
        Account.objects.filter(pk=made.pk).update(last_login=timezone.now() - timedelta(days=seen) if seen is not None else None)
        grant(made, GrantRole.AUDITOR, **fields)

    person("a@exemple.fr", "Awa Présente", 10)
    person("b@exemple.fr", "Bob Dormant", 200)
    person("c@exemple.fr", "Chloé Jamais")
    person("d@exemple.fr", "Dan Récent", starts_on=TODAY - timedelta(days=30))
    person("e@exemple.fr", "Eva Partie", 10, ends_on=TODAY - timedelta(days=1))
    assert listed(direction) == ["Awa Présente", "Bob Dormant", "Chloé Jamais", "Dan Récent", "Jeanne Martin"]
    assert listed(direction, "dormants") == ["Bob Dormant", "Chloé Jamais"]
    assert listed(direction, "termines") == ["Eva Partie"]
    assert listed(direction, "roles") == []
    assert direction.get("/acces/?vue=autre").status_code == 404
    assert "Personne ici. Un droit naît d’une invitation." in words(direction.get("/acces/?q=introuvable"))


def test_rights_end_in_bulk_and_each_person_is_told(direction):
    ali, odile = account("ali@exemple.fr", "Ali Ben"), account("odile@exemple.fr", "Odile Noir")
    chosen = [grant(ali, GrantRole.TECHNICIAN).pk, grant(odile, GrantRole.AUDITOR).pk]
    page = direction.post("/acces/fin/", {"chosen": chosen})
    assert "Mettre fin à 2 droits" in words(page)
    answer = direction.post("/acces/fin/", {"chosen": chosen, "last_day": short_date(TODAY)}, follow=True)
    assert "Fait. 2 droits : la fin est enregistrée, chaque personne est prévenue." in words(answer)
    assert [g.ends_on for g in grants(pk__in=chosen)] == [TODAY, TODAY]
    assert [m.subject for m in mails_to(ali)] == ["Fin de votre accès à «\u00a0Premier service\u00a0»"]
    assert f"prend fin le {long_date(TODAY)}." in mails_to(odile)[0].text


def test_one_right_ends_from_its_row(direction):
    ali = account("ali@exemple.fr", "Ali Ben")
    right = grant(ali, GrantRole.TECHNICIAN)
    page = direction.get("/acces/").content.decode()
    (link,) = re.findall(r'href="([^"]*)">Mettre fin<span class="unseen"> au droit d’Ali Ben', page)
    assert link == f"/acces/fin/?chosen={right.pk}"
    asked = direction.get(link)
    assert "Mettre fin à 1 droit Chaque personne est prévenue." in words(asked)
    assert f'value="{short_date(TODAY - timedelta(days=1))}"' in asked.content.decode()  # what is proposed ends it at once
    assert [g.ends_on for g in grants(account=ali)] == [None]  # looking ends nothing


def test_a_right_cut_yesterday_is_lost_at_once(direction):
    ali, inside = account("ali@exemple.fr", "Ali Ben"), Client()
    right = grant(ali, GrantRole.TECHNICIAN)
    sign_in(inside, ali)
    assert inside.get("/").status_code == 200
    direction.post("/acces/fin/", {"chosen": right.pk, "last_day": short_date(TODAY - timedelta(days=1))})
    assert inside.get("/", follow=True).redirect_chain[-1] == ("/compte/sans-acces/", 302)


def test_a_right_to_come_that_is_cut_before_it_begins_is_taken_back(direction):
    ali = account("ali@exemple.fr", "Ali Ben")
    right = grant(ali, GrantRole.TECHNICIAN, starts_on=TODAY + timedelta(days=10))
    direction.post("/acces/fin/", {"chosen": right.pk, "last_day": short_date(TODAY)})
    assert grants(account=ali) == []


def test_a_service_keeps_a_director(direction):
    (own,) = grants(account=direction.jeanne)
    given = {"chosen": own.pk, "last_day": short_date(TODAY)}
    answer = direction.post("/acces/fin/", given)
    assert problems(answer) == {
        "__all__": ["Le service n’aurait plus de direction : donnez d’abord ce droit à une autre personne."]
    }  # fmt: skip
    director("seconde@exemple.fr", "Seconde Direction")
    assert direction.post("/acces/fin/", given).headers["Location"] == "/acces/"
    assert grants(account=direction.jeanne)[0].ends_on == TODAY


def test_rights_of_another_pool_are_not_ended(direction):
    theirs = grant(account("ali@exemple.fr", "Ali Ben"), GrantRole.TECHNICIAN, SECOND)
    answer = direction.post("/acces/fin/", {"chosen": theirs.pk, "last_day": short_date(TODAY)}, follow=True)
    assert "Refusé. Cochez d’abord les droits auxquels mettre fin." in words(answer)
    assert grants(SECOND)[0].ends_on is None


def test_the_list_asks_the_same_number_of_queries_whatever_its_rows(direction, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(60) as counted:
            direction.get("/acces/")
        return [q["sql"] for q in counted if re.match(r"\s*SELECT(?! (?:set_config|current_setting)).* FROM", q["sql"], re.S)]

    direction.get("/acces/")  # the pool is chosen
    first = queries()
    for rank in range(3):
        grant(account(f"p{rank}@exemple.fr", f"Personne {rank}"), GrantRole.AUDITOR)
    assert (len(queries()), len(first)) == (9, 9)  # who asks: 4; the rail: 1; counts, invitations, page, rows


# ------------------------------------------------------------ rights that came with a role


def with_role(name, email, ends_on, role=GrantRole.ELECTED):
    holder = account(email, name)
    with pool_scope(FIRST):
        town = Organization.objects.unscoped().get(name="Aubépine")
        person = Person(first_name=name.split()[0], last_name=name.split()[1], account=holder)
        person.save()
        held = Role(person=person, organization=town, kind="mayor", starts_on=EARLY, ends_on=ends_on)
        held.save()
    grant(holder, role, organization=town if role == GrantRole.ELECTED else None, held_as=held)
    return holder


@pytest.mark.covers("SEC-07")
def test_a_right_ends_with_the_role_it_came_with(direction):
    gone = with_role("Guy Parti", "guy@exemple.fr", TODAY - timedelta(days=5))
    here = with_role("Luc Présent", "luc@exemple.fr", TODAY + timedelta(days=5))
    assert listed(direction, "roles") == ["Guy Parti"]
    tasks.review_access(0)
    assert [g.ends_on for g in grants(account=gone)] == [TODAY - timedelta(days=5)]
    assert [g.ends_on for g in grants(account=here)] == [None]
    assert [m.subject for m in mails_to(gone)] == ["Fin de votre accès à «\u00a0Premier service\u00a0»"]
    (review,) = mails_to(direction.jeanne)
    assert (review.kind, review.state) == ("access_review", "held")
    assert f"- Guy Parti, élu de l’organisation (lecture), Aubépine, le {long_date(TODAY - timedelta(days=5))}" in review.text
    tasks.review_access(0)
    asleep = TODAY.day == 1  # on the first of the month the accounts that sleep are told besides, by each review
    assert (len(mails_to(gone)), len(mails_to(direction.jeanne))) == (1, 2 if asleep else 1)
    assert listed(direction, "roles") == []


def test_a_right_given_to_somebody_in_office_comes_with_the_role(direction):
    with pool_scope(FIRST):
        person = Person(first_name="Nadia", last_name="Neuve", email="NADIA@exemple.fr")
        person.save()
        short = Role(person=person, organization=direction.aubepine, kind="technical", starts_on=EARLY, ends_on=TODAY)
        short.save()
        mayor_until = TODAY + timedelta(days=400)
        held = Role(person=person, organization=direction.aubepine, kind="mayor", starts_on=EARLY, ends_on=mayor_until)
        held.save()
    invite(direction)
    assert [g.held_as_id for g in grants(account__email="nadia@exemple.fr")] == [held.pk]
    assert "sans terme ou la fin du rôle : maire" in words(direction.get("/acces/"))
    page = words(direction.get(f"/roles/{held.pk}/terminer/"))
    assert "Son droit d’accès « élu de l’organisation (lecture) » prendra fin avec ce rôle." in page
    other = words(direction.get(f"/roles/{short.pk}/terminer/"))
    assert "ne tient pas à ce rôle : mettez-y fin dans « Accès » s’il le faut." in other


def test_the_last_director_stays_even_when_the_role_is_over(direction):
    with pool_scope(FIRST):
        Grant.objects.unscoped().filter(account=direction.jeanne).delete()
    chief = with_role("Guy Parti", "guy@exemple.fr", TODAY - timedelta(days=5), GrantRole.DIRECTOR)
    tasks.review_access(0)
    assert [g.ends_on for g in grants(account=chief)] == [None]
    assert "gardé, car personne d’autre ne dirige le service" in mails_to(chief)[-1].text


@pytest.mark.parametrize(
    ("today", "since"),
    [
        (date(2026, 11, 23), date(2026, 5, 23)), (date(2026, 8, 31), date(2026, 2, 28)), (date(2026, 1, 15), date(2025, 7, 15)),
        (date(2026, 6, 30), date(2025, 12, 28)), (date(2026, 7, 1), date(2026, 1, 1)),
    ],
)  # fmt: skip
def test_six_months_are_counted_in_months(today, since):
    assert invitations.dormant_since(today) == since


def test_an_account_that_is_closed_is_not_invited(direction):
    ali = account("ali@exemple.fr", "Ali Ben")
    Account.objects.filter(pk=ali.pk).update(is_active=False)
    with pytest.raises(Refusal, match="Ce compte est fermé"), pool_scope(FIRST):
        invitations.invite(
            by=direction.jeanne, email=ali.email, name="Ali", role="auditor", starts_on=TODAY, now=timezone.now()
        )  # fmt: skip


def test_a_page_of_the_list_that_does_not_exist_is_the_nearest_one(direction):
    assert [direction.get(f"/acces/?page={page}").status_code for page in ("2", "0", "x", "999999999")] == [200] * 4
