"""What every test shares."""

from hypothesis import settings

from communis.foundation.testing import django_db_setup as django_db_setup  # the database of tests, in place of pytest-django’s
from factories.browsing import browser as browser
from factories.world import land as land
from factories.world import world as world

settings.register_profile("house", deadline=None)  # a shared machine may pause; time is measured in bench/, not here
settings.load_profile("house")
