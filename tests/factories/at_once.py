"""Two people at the same time: acts run at once, on rows that other connections see."""

import threading

import pytest
from django.db import connection

from communis.foundation import embedded
from communis.foundation.scope import pool_scope
from communis.foundation.testing import as_role
from communis.kit.refusals import Refusal
from factories.pools import FIRST
from factories.world import made_world


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
