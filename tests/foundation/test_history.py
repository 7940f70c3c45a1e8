"""The history of rows, kept by the database whatever changes them, and never changed itself."""

import pghistory
import pytest
from django.apps import apps
from django.db import connection
from django.db.utils import DatabaseError

from communis.directory.models import Organization, Person
from communis.foundation.history import Event, event_model, history_of
from communis.foundation.scope import pool_scope
from factories.pools import FIRST, SECOND, organization

pytestmark = pytest.mark.django_db


def told(row):
    return [(entry.word, entry.by, [(c.name, c.before, c.after) for c in entry.changes]) for entry in history_of(row)]


def attacked(statement):
    """Do as somebody would who holds the role that serves, the triggers of the library silenced."""
    with pool_scope(FIRST), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{*}', true)")
        cursor.execute(statement)


def test_every_change_is_told_with_who_before_and_after():
    with pool_scope(FIRST), pghistory.context(by="Claire Diot", request="abc"):
        town = organization("Aubépine", insee="35001")
        town.phone = "02 99 00 00 00"
        town.save()
        Organization.objects.unscoped().filter(pk=town.pk).update(phone="02 99 00 00 01")  # in bulk
        with connection.cursor() as cursor:
            cursor.execute("UPDATE directory_organization SET email = 'mairie@aubepine.example' WHERE id = %s", [town.pk])
        found = told(town)
    assert found == [
        ("Modifié", "Claire Diot", [("adresse e-mail", "", "mairie@aubepine.example")]),
        ("Modifié", "Claire Diot", [("téléphone", "02 99 00 00 00", "02 99 00 00 01")]),
        ("Modifié", "Claire Diot", [("téléphone", "", "02 99 00 00 00")]),
        (
            "Créé", "Claire Diot",
            [("nom", None, "Aubépine"), ("type", None, "commune"), ("code Insee", None, "35001"),
             ("engagement exigé par Chorus Pro", None, "non"), ("gestionnaire", None, "non")],
        ),
    ]  # fmt: skip


def test_the_history_of_a_pool_is_not_seen_from_another():
    with pool_scope(FIRST):
        organization("Aubépine")
    with pool_scope(SECOND):
        assert event_model(Organization).objects.unscoped().count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM directory_organizationevent")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE directory_organizationevent SET name = 'Autre'",
        "DELETE FROM directory_organizationevent",
        "TRUNCATE directory_organizationevent",
        "UPDATE directory_personevent SET last_name = 'Autre'",
        "UPDATE directory_personevent SET function = 'Autre'",
        "DELETE FROM directory_personevent",
    ],
)
def test_history_is_never_changed(attack):
    with pool_scope(FIRST):
        organization("Aubépine")
        Person(first_name="Ada", last_name="Bihan", email="ada@exemple.fr").save()
    with pytest.raises(DatabaseError):
        attacked(attack)


def test_the_personal_fields_of_history_may_only_be_emptied():
    with pool_scope(FIRST):
        person = Person(first_name="Ada", last_name="Bihan", email="ada@exemple.fr")
        person.save()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE directory_personevent SET first_name = '', email = ''")
        event = event_model(Person).objects.of(person).get()
        assert (event.first_name, event.last_name, event.email) == ("", "Bihan", "")


@pytest.mark.django_db
def test_each_history_tells_its_last_change_of_a_pool_without_reading_those_of_the_others():
    """A page asks it of some twenty tables: a quiet pool would else pay for all that the others have written since."""
    indexed = "SELECT tablename FROM pg_indexes WHERE indexdef LIKE '%USING btree (pool_id, pgh_id)'"
    with connection.cursor() as cursor:
        cursor.execute(indexed)
        found = {name for (name,) in cursor.fetchall()}
    assert {m._meta.db_table for m in apps.get_models() if issubclass(m, Event)} == found
