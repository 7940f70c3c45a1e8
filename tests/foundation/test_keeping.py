"""What is kept per process is made again once something that it rests on has changed, whoever commits last."""

import threading

from django.db import connection

from communis.directory.models import Organization
from communis.foundation.keeping import kept_until_changed
from communis.foundation.scope import pool_scope
from factories.at_once import committed as committed
from factories.pools import FIRST, SECOND

asked = []


@kept_until_changed(Organization)
def names(letter):
    asked.append(letter)
    found = Organization.objects.unscoped().filter(name__startswith=letter)
    return tuple(found.order_by("name").values_list("name", flat=True))


def rename(row, name):
    Organization.objects.unscoped().filter(pk=row.pk).update(name=name)


def read(pool, letter):
    with pool_scope(pool):
        return names(letter)


def test_what_is_kept_is_made_once_until_a_row_changes_and_by_pool(committed):
    asked.clear()
    with pool_scope(FIRST):
        rename(committed["sixt"], "Zone A")
    assert [read(FIRST, "Zone"), read(FIRST, "Zone"), read(SECOND, "Zone")] == [("Zone A",), ("Zone A",), ()]
    assert asked == ["Zone", "Zone"]
    with pool_scope(FIRST):
        rename(committed["sixt"], "Zone B")
    assert read(FIRST, "Zone") == ("Zone B",)
    assert asked == ["Zone", "Zone", "Zone"]


def test_what_a_slower_writer_commits_after_a_quicker_one_is_read_too(committed):
    written, may_end = threading.Event(), threading.Event()

    def slowly():
        try:
            with pool_scope(FIRST):
                rename(committed["sixt"], "Zone lente")
                written.set()
                may_end.wait(10)
        finally:
            connection.close()

    slow = threading.Thread(target=slowly)
    slow.start()
    assert written.wait(10)
    with pool_scope(FIRST):
        rename(committed["redon"], "Zone vive")
    assert read(FIRST, "Zone") == ("Zone vive",)
    may_end.set()
    slow.join(10)
    assert read(FIRST, "Zone") == ("Zone lente", "Zone vive")
