"""Two clerks at the same second: one vote, one act, one receipt."""

from datetime import date

from communis.agreements.models import Resolution
from communis.agreements.operations import acts as operations
from communis.foundation.scope import pool_scope
from factories.at_once import both
from factories.at_once import committed as committed
from factories.pools import FIRST


def test_an_act_voted_by_two_clerks_at_once_is_voted_once(committed):
    town = committed["sixt"]
    with pool_scope(FIRST):
        made = operations.record_act(Resolution(organization=town, subject="Adhésion", number="2026-07", state="draft"))
    said = both(
        lambda: operations.adopt(made, on=date(2026, 3, 10)), lambda: operations.reject(made, on=date(2026, 3, 10)),
    )  # fmt: skip
    with pool_scope(FIRST):
        row = Resolution.objects.unscoped().get()
    word = {"adopted": "adopté", "rejected": "rejeté"}[row.state]
    assert said == sorted([
        "fait", f"Cet acte est déjà {word} à la séance du 10/03/2026 : il ne se vote pas deux fois. S’il y a une erreur, "
        "modifiez sa fiche.",
    ])  # fmt: skip

    def enter():
        operations.record_act(Resolution(organization=town, subject="Sans numéro", session_on=date(2026, 3, 10)))

    assert both(enter, enter) == sorted([
        "fait", "« délibération du 10/03/2026 » est déjà enregistré avec cet objet et sans numéro. Ouvrez sa fiche pour la "
        "compléter, ou donnez un numéro à celui-ci s’il est autre.",
    ])  # fmt: skip
    with pool_scope(FIRST):
        assert Resolution.objects.unscoped().filter(subject="Sans numéro").count() == 1
