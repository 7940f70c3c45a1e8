"""Pages whose address holds what the database cannot take do not exist."""

import pytest

from factories.reading import small_world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/territoire/%00/", "/territoire/%00/offres/", "/territoire/a%00b/inscrire/", "/territoire/%0A/"]
)
def test_a_control_character_in_an_address_leads_nowhere(client, path):
    client.force_login(small_world().director)
    assert client.get(path).status_code == 404
