"""The five states: the rule of Python and the rule of the database agree on every day of a life."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communis.agreements.enums import MembershipState
from communis.agreements.models import Agreement, Membership
from factories.agreements import agreement

pytestmark = pytest.mark.django_db
FIRST = date(2024, 2, 25)
DAYS = st.integers(0, 20).map(lambda days: FIRST + timedelta(days=days))


@st.composite
def lives(draw):
    """A life that the constraints allow: asked, then dropped, or begun, perhaps in notice, perhaps ended."""
    asked = draw(DAYS)
    if draw(st.booleans()):
        dropped = draw(st.none() | DAYS)
        return {"requested_on": asked, "dropped_on": dropped, "drop_cause": "refused" if dropped else ""}
    effect = draw(st.none() | DAYS)
    ends = draw(st.none() | DAYS.map(lambda day: max(day, effect))) if effect else None
    return {"requested_on": asked, "effect_on": effect, "ends_on": ends, "end_cause": "notice" if ends else "",
            "notice_on": draw(st.none() | DAYS)}  # fmt: skip


@pytest.mark.covers("MEM-06")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(life=lives())
def test_the_state_of_each_day_is_the_same_for_a_row_and_for_the_database(pool, life):
    Membership.objects.unscoped().delete()
    made = Membership(organization=pool["sixt"], agreement=kept_agreement(), **life)
    made.save()
    for days in range(-1, 23):
        day = FIRST + timedelta(days=days)
        state = made.state_on(day)
        rows = Membership.objects.unscoped().in_state(day, state)
        others = [s for s in MembershipState if s != state]
        assert (rows.exists(), Membership.objects.unscoped().in_state(day, *others).exists()) == (True, False), (day, life)


def kept_agreement():
    return Agreement.objects.unscoped().first() or agreement()
