"""What the tests of the API share: a reader for programs, and a small territory of the register."""

from datetime import date

import pytest
from django.test import Client

from communis.directory.register import ReferenceBody, ReferencePopulation
from communis.foundation import embedded
from communis.foundation.testing import as_role
from factories.reading import small_world


class Program:
    """A program that reads with a token."""

    def __init__(self, secret=""):
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self.client = Client(raise_request_exception=False)

    def get(self, path, **parameters):
        return self.client.get(f"/api/v1/{path}", parameters, headers=self.headers)

    def json(self, path, **parameters):
        response = self.get(path, **parameters)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    def items(self, path, **parameters):
        return self.json(path, **parameters)["items"]

    def ids(self, path, **parameters):
        return [row["id"] for row in self.items(path, **parameters)]


@pytest.fixture
def world(db):
    return small_world()


@pytest.fixture(scope="module")
def register(django_db_setup, django_db_blocker):
    """A grouping of two communes, written by the owner of the tables as imports do: the application may not."""
    with django_db_blocker.unblock(), as_role(embedded.OWNER):
        grouping = ReferenceBody.objects.create(
            kind="grouping", name="Pays d’Essai", siren="200000008", source="registre d’essai"
        )
        for insee, name, count in (("35001", "Aubépine", 2400), ("35003", "Éclair", None)):
            body = ReferenceBody.objects.create(
                kind="commune", name=name, insee=insee, department="35", grouping=grouping, source="registre d’essai"
            )
            if count:
                ReferencePopulation.objects.create(
                    body=body, kind="totale", in_force_on=date(2025, 1, 1), value=count, source="Insee"
                )
    yield grouping.pk
    with django_db_blocker.unblock(), as_role(embedded.OWNER):
        ReferencePopulation.objects.all().delete()
        ReferenceBody.objects.filter(kind="commune").delete()
        ReferenceBody.objects.all().delete()
