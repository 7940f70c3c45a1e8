"""Ask for a run as a page would: `python -m factories.working POOL ACCOUNT STEPS MILLISECONDS`; print its number."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "factories.working.settings"
    django.setup()
    from django.contrib.auth import get_user_model  # slow: Django
    from django.db import connection  # slow: Django
    from django.utils import timezone  # slow: Django

    from communis.foundation.operations import start_run  # slow: Django
    from communis.foundation.scope import pool_scope  # slow: Django

    pool, email, steps, milliseconds = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    with pool_scope(pool):
        account = get_user_model().objects.get(email=email)
        parameters = {"steps": steps, "milliseconds": milliseconds}
        run = start_run("working.steps", account=account.pk, now=timezone.now(), parameters=parameters)
    print(run.pk)
    connection.close()
