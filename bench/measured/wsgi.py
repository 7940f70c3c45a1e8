"""The application between two readings of the clock: each answer tells its time and its queries, and plans when asked."""

import json
import os
import re
import time
from contextlib import ExitStack
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "measured.settings")

from django.db import connection

from communis.portal.wsgi import application as served

APART = re.compile(  # the transaction, the session and its account, the pool and the rights in it; as in tests/factories/world.py
    r"^(SELECT set_config|SELECT current_setting|SAVEPOINT|RELEASE|BEGIN|COMMIT|ROLLBACK|SELECT pool_id FROM directory_grant)"
    r"|django_session|^SELECT \"directory_(account|grant)\"|mfa_authenticator|^SELECT t\.id, t\.pool_id|\"cache\"|apitoken"
)
EXPLAIN = "HTTP_X_EXPLAIN"


def processor_seconds():
    """Return the time that this thread and its backend have spent on a processor: what others do meanwhile is not in it."""
    backend = connection.connection
    if backend is None or backend.closed:
        return time.thread_time()
    told = Path(f"/proc/{backend.info.backend_pid}/schedstat")
    return time.thread_time() + (int(told.read_text("ascii").split()[0]) / 1e9 if told.is_file() else 0)


class Queries:
    """Counts the queries of a request; with `plans`, asks the server for the plan of each before it runs."""

    def __init__(self, plans):
        self.count, self.plans, self.asks = 0, [], plans

    def __call__(self, execute, sql, params, many, context):
        if not APART.search(str(sql).strip()):
            self.count += 1
            if self.asks and not many and str(sql).lstrip().startswith("SELECT"):
                with context["connection"].connection.cursor() as cursor:
                    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                    self.plans.append([str(sql), cursor.fetchone()[0][0]["Plan"]])
        return execute(sql, params, many, context)


def application(environ, start_response):
    """Answer as the product does. The body is made here, within the time told."""
    began, queries = time.perf_counter(), Queries(environ.get(EXPLAIN) == "yes")
    answer, spent = [], processor_seconds()
    with ExitStack() as held:
        held.enter_context(connection.execute_wrapper(queries))
        body = served(environ, lambda status, headers, trouble=None: answer.extend((status, headers)))
        held.callback(getattr(body, "close", lambda: None))
        pieces = list(body)
    status, headers = answer
    if queries.asks:
        told = json.dumps(queries.plans).encode()
        start_response("200 OK", [("Content-Length", str(len(told)))])
        return [told]
    milliseconds, busy = (time.perf_counter() - began) * 1000, (processor_seconds() - spent) * 1000
    told = [("X-Milliseconds", f"{milliseconds:.3f}"), ("X-Busy", f"{busy:.3f}"), ("X-Queries", str(queries.count))]
    start_response(status, [*headers, *told])
    return pieces
