"""What the web server calls."""

from __future__ import annotations

import gc
import os
from importlib import import_module

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from communis.foundation.serving import wait_for_doors

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communis.settings")
django.setup(set_prefix=False)
import_module(settings.ROOT_URLCONF)  # once for all the processes that answer, and before the doors open
wait_for_doors()
application = get_wsgi_application()  # it looks at the static files, which are gathered by now
gc.collect()
gc.freeze()  # what is loaded stays: it is not looked through again in the midst of a page,
gc.set_threshold(10_000, 20, 50)  # nor are, for each few thousand new objects, the tables that a process keeps
