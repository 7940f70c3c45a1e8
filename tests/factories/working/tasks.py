"""A long run that writes a row a step, and reports it."""

import time

from communis.directory.access import may_manage_directory
from communis.directory.models import OrganizationType
from communis.foundation.jobs import run_kind

STEPS = "working.steps"


@run_kind(STEPS, title="Pas à pas", may=may_manage_directory)
def steps(work):
    """Write so many rows, so slowly; all of them are kept, or none."""
    count = work.parameters["steps"]
    with work.scope():
        for number in range(1, count + 1):
            OrganizationType(name=f"Pas {work.run.pk}, {number}").save()
            time.sleep(work.parameters["milliseconds"] / 1000)
            work.report(number, count)
    return f"{count} pas"
