"""The time to write the tacit renewals of 500 memberships, in one job, on the large pool of `bench/pages.py`.

`python bench/renewing.py --keep FOLDER`: one JSON line; the bar is 10 s. The pool of the folder is renewed for good: it is made
again by removing the folder.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import django
from pages import made_in

from communis.foundation import embedded

BAR = 10.0
NEXT_YEAR = datetime(2027, 1, 2, 4, tzinfo=UTC)


def renewed(pool: int) -> tuple[int, float]:
    """Renew what is due at the beginning of the next year; return how many renewals were written, and the seconds."""
    django.setup()
    from communis.agreements.authors import Author  # slow: the models want Django set up
    from communis.agreements.models import Step  # slow: the same
    from communis.agreements.tasks import renew_pool  # slow: the same
    from communis.foundation.scope import pool_scope  # slow: the same

    def written() -> int:
        with pool_scope(pool):
            return Step.objects.unscoped().filter(kind="renewed", on=NEXT_YEAR.date().replace(day=1)).count()

    before, begun = written(), time.perf_counter()
    renew_pool(pool, Author("mesure", NEXT_YEAR))
    spent = time.perf_counter() - begun
    return written() - before, spent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=Path, required=True, help="the data folder of bench/pages.py")
    data = parser.parse_args().keep.absolute()
    os.environ.update(COMMUNIS_DATA=str(data), DJANGO_SETTINGS_MODULE="communis.settings")
    with embedded.running(data):
        count, spent = renewed(made_in(data)["pk"])
    print(json.dumps({"case": "renewed", "memberships": count, "seconds": round(spent, 2), "bar": BAR}))
    return 0 if count and spent <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
