"""Two people at the same time: one outcome."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from communis.directory import operations
from communis.directory.models import Fact, FactType, Person, Role, WorkShare
from communis.foundation import embedded
from communis.foundation.scope import pool_scope
from communis.foundation.testing import as_role
from communis.kit.refusals import Refusal
from factories.pools import FIRST
from factories.world import made_world

NOW = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)


def both(*acts):
    """Run acts at once, each in a transaction of its own; return what each says."""
    ready, said = threading.Barrier(len(acts)), [None] * len(acts)

    def run(rank, act):
        try:
            ready.wait(10)
            with pool_scope(FIRST):
                act()
            said[rank] = "fait"
        except Refusal as refusal:
            said[rank] = str(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(said)


@pytest.fixture
def committed(land, client, django_db_blocker):
    """The small world, stored for other connections to see; its rows are taken away as their owner alone can."""
    with django_db_blocker.unblock():
        yield made_world(client)
        with as_role(embedded.OWNER), connection.cursor() as cursor:
            cursor.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'pool_id'")
            tables = [name for (name,) in cursor.fetchall()]
            cursor.execute(f"TRUNCATE {', '.join(sorted(tables))}, directory_account CASCADE")


def test_two_mayors_appointed_and_a_fact_corrected_twice_at_once_have_one_outcome(committed):
    world = committed
    town = world["sixt"]
    with pool_scope(FIRST):
        people = [Person(first_name=first, last_name="Bihan") for first in ("Ada", "Loïc")]
        for one in people:
            one.save()
        kind = FactType.objects.unscoped().get(code="postes_de_travail")
        old = Fact(type=kind, organization=town, number=Decimal(11), valid_on=date(2026, 1, 1), source="inventaire")
        operations.enter_fact(old, by="Ada", at=NOW)
    said = both(*(
        lambda one=one: operations.appoint(one, town, "mayor", starts_on=date(2026, 3, 29)) for one in people
    ))  # fmt: skip
    with pool_scope(FIRST):
        mayor = Role.objects.unscoped().select_related("person").get(kind="mayor")
    refused = f"{mayor.person} est déjà maire de Sixt-sur-Aff depuis le 29/03/2026. Terminez d’abord ce rôle."
    assert said == sorted(["fait", refused])

    def correct(number):
        new = Fact(number=Decimal(number), valid_on=date(2026, 1, 1), source="recompte", reason="erreur de compte")
        operations.correct_fact(old, new, by="Ada", at=NOW)

    assert both(lambda: correct(12), lambda: correct(13)) == ["Ce fait a déjà été corrigé : corrigez le dernier.", "fait"]
    with pool_scope(FIRST):
        assert Fact.objects.unscoped().count() == 2


def test_a_post_split_twice_at_once_keeps_one_whole_split(committed):
    with pool_scope(FIRST):
        post = operations.load_annex(starts_on=date(2022, 9, 1))[0]
    first, second = {"Socle": Decimal("0.60"), "Audit": Decimal("0.40")}, {"Groupements": Decimal("1.00")}
    said = both(lambda: operations.split_post(post, 2026, first), lambda: operations.split_post(post, 2026, second))
    assert said == ["fait", "fait"]
    with pool_scope(FIRST):
        kept = {share.brick: share.fte for share in WorkShare.objects.unscoped().filter(post=post, year=2026)}
    assert kept in (first, second)
