"""What a supervisor asks of the server, without an account."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/health", "/sante", "/ready", "/pret"])
def test_a_supervisor_asks_under_either_name_whether_the_service_lives_and_answers(path):
    answer = Client().get(path)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok", "text/plain")
