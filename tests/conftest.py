"""What every test shares."""

import os

from hypothesis import settings

from communis.foundation.testing import django_db_setup as django_db_setup  # the database of tests, in place of pytest-django’s
from factories.browsing import browser as browser
from factories.world import land as land
from factories.world import world as world

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
    "true"  # the loop of the browser runs in the thread of the tests, which use the database
)
settings.register_profile("house", deadline=None)  # a shared machine may pause; time is measured in bench/, not here
settings.load_profile("house")
