"""Leaving: the exit asked of the convention, its cost, its account, its checklist, and two clerks at the same second."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from communis.agreements.applicable import version_for
from communis.agreements.models import ExitCost, ExitTask, Membership, Notice, Step
from communis.agreements.operations.amendments import adopt, amend
from communis.agreements.operations.leaving import (
    Departure,
    Withdrawal,
    cost_words,
    give_notice,
    leave_of,
    reading_names,
    withdraw_notice,
)
from communis.agreements.operations.renewals import renew_all
from communis.agreements.operations.versions import approve, submit
from communis.kit.refusals import Refusal
from factories.agreements import CLERK, act, active, agreement, author
from factories.versions import in_force

pytestmark = pytest.mark.django_db
DAY = date(2024, 1, 1)
RECEIVED = date(2025, 3, 10)


def departure(**given):
    return Departure(**{"given_by": "member", "reason": "bonne organisation des services", "received_on": RECEIVED, **given})


def refused(verb, *args, **named):
    with pytest.raises(Refusal) as caught:
        verb(*args, **named)
    return str(caught.value)


@pytest.mark.covers("T-37", "MEM-24", "MEM-23")
def test_a_letter_received_in_redon_on_10_march_2025_gives_its_exit_before_anything_is_written(pool):
    made = active(pool["sixt"], agreement(), "groupements")
    assert leave_of(made, departure(), by=CLERK).exit_on == date(2026, 3, 10)
    assert leave_of(made, departure(reading="fin_de_période"), by=CLERK).exit_on == date(2026, 12, 31)
    assert reading_names(version_for(made, DAY).convention, "groupements") == (
        ("de_date_à_date", "de date à date (lecture retenue)"), ("fin_de_période", "fin de période"),
    )  # fmt: skip
    shortened = departure(waiver_on=date(2025, 6, 30))
    assert refused(leave_of, made, shortened, by=CLERK) == (
        "L’accord qui abrège le préavis est signé des deux parties : donnez les deux dates de signature."
    )
    signed = departure(waiver_on=date(2025, 6, 30), waiver_member_on=date(2025, 4, 2), waiver_host_on=date(2025, 4, 3))
    agreed = leave_of(made, signed, by=CLERK)
    assert (agreed.exit_on, agreed.rule, agreed.why) == (
        date(2025, 6, 30), "accord écrit des deux parties", "sans lui, la sortie serait le 10/03/2026",
    )  # fmt: skip
    assert refused(leave_of, made, replace(signed, waiver_on=date(2026, 3, 11)), by=CLERK) == (
        "Sans accord, la sortie est le 10/03/2026 : un accord abrège le préavis, il ne peut pas fixer le 11/03/2026. Choisissez "
        "un jour qui précède, ou laissez vide la sortie convenue."
    )
    assert "avant la réception" in refused(leave_of, made, replace(signed, waiver_on=date(2025, 3, 9)), by=CLERK)
    assert not Notice.objects.unscoped().exists()
    vote = act(pool["sixt"], on=date(2025, 3, 4))
    give_notice(made, departure(act=vote, sent_on=date(2025, 3, 7)), by=CLERK)
    row = Notice.objects.unscoped().get(membership=made)
    assert (row.given_by, row.decided_by, row.reason, row.sent_on, row.received_on, row.exit_on) == (
        "member", vote, "bonne organisation des services", date(2025, 3, 7), RECEIVED, date(2026, 3, 10),
    )  # fmt: skip
    assert row.exit_rule.replace("\u00a0", " ") == "préavis de 1 an, à compter de la réception le 10/03/2025, de date à date"
    left = Membership.objects.unscoped().get(pk=made.pk)
    assert [left.state_on(d) for d in (date(2025, 3, 9), RECEIVED, date(2026, 3, 10), date(2026, 3, 11))] == [
        "active", "notice", "notice", "ended",
    ]  # fmt: skip
    assert refused(give_notice, made, departure(), by=CLERK) == ("Sixt-sur-Aff est déjà en préavis : sortie le 10/03/2026.")


@pytest.mark.covers("MEM-23")
def test_a_notice_shortened_by_both_ends_on_the_day_agreed_and_both_signatures_are_kept(pool):
    made = active(pool["sixt"], agreement(), "groupements")
    give_notice(made, departure(given_by="host", waiver_on=date(2025, 6, 30), waiver_member_on=date(2025, 4, 2),
                                waiver_host_on=date(2025, 4, 3)), by=CLERK)  # fmt: skip
    row = Notice.objects.unscoped().get(membership=made)
    assert (row.given_by, row.exit_on, row.waiver_member_on, row.waiver_host_on) == (
        "host", date(2025, 6, 30), date(2025, 4, 2), date(2025, 4, 3),
    )  # fmt: skip
    told = Step.objects.unscoped().filter(membership=made, kind="waived").get()
    assert (told.on, told.until) == (date(2025, 4, 3), date(2025, 6, 30))


@pytest.mark.covers("T-38", "MEM-19")
def test_leaving_sicoval_is_free_on_31_december_2025_and_its_cost_is_asked_on_the_morrow(pool):
    made = active(pool["sixt"], agreement("sicoval", starts_on=date(2024, 7, 1)), "socle", effect_on=date(2024, 7, 1))
    made.forms.unscoped().get().choices.unscoped().update(offer="avancé_sans_dsi")
    asked = {"received_on": date(2025, 10, 1)}
    assert refused(leave_of, made, departure(**asked), by=CLERK) == (
        "Non prévu : la convention ne dit rien du préavis ; elle permet de sortir sans frais le 31/12/2025. Donnez le dernier "
        "jour souhaité."
    )
    free = leave_of(made, departure(**asked, wanted_on=date(2025, 12, 31)), by=CLERK)
    assert (free.exit_on, cost_words(free).replace("\u00a0", " ")) == (
        date(2025, 12, 31), "0,00 € : sortie sans frais le 31/12/2025.",
    )  # fmt: skip
    late = departure(**asked, wanted_on=date(2026, 1, 1))
    assert leave_of(made, late, by=CLERK).cost.committed_until == date(2027, 6, 30)
    assert refused(give_notice, made, late, by=CLERK) == (
        "À décider : sortie le 01/01/2026, engagement jusqu’au 30/06/2027 : coût à fixer par un acte. Donnez le coût fixé, et "
        "l’acte qui le fixe."
    )
    assert not Notice.objects.unscoped().exists()
    vote = act(pool["sixt"], on=date(2025, 9, 30))
    give_notice(made, departure(**asked, wanted_on=date(2026, 1, 1), cost=Decimal("1200"), act=vote), by=CLERK)
    row = ExitCost.objects.unscoped().get()
    assert (row.kind, row.label, row.amount) == ("penalty", "Coût de la sortie au 01/01/2026", Decimal("1200"))
    assert Membership.objects.unscoped().get(pk=made.pk).ends_on == date(2026, 1, 1)


@pytest.mark.covers("MEM-26")
def test_a_notice_writes_the_checklist_of_the_exit_each_line_with_who_and_for_when(pool):
    made = active(pool["sixt"], agreement(), "groupements")
    give_notice(made, departure(), by=CLERK)
    rows = ExitTask.objects.unscoped().values_list("label", "owner", "due_on")
    assert list(rows) == [
        ("Rendre au membre ses données", "host", date(2026, 3, 10)),
        ("Restituer ou reprendre les matériels et les logiciels", "host", date(2026, 3, 10)),
        ("Reprendre ou rembourser les contrats en cours", "member", date(2026, 3, 10)),
        ("Fermer les comptes et les accès", "host", date(2026, 3, 10)),
        ("Régler la situation des agents", "host", date(2026, 3, 10)),
        ("Émettre le dernier décompte", "host", date(2026, 3, 10)),
    ]
    due = ExitCost.objects.unscoped().get()
    assert (due.kind, due.label, due.until) == ("due", "Contributions dues jusqu’à la sortie", date(2026, 3, 10))


def test_a_notice_is_refused_to_who_has_not_begun_has_ended_or_dates_it_to_come(pool):
    redon = agreement()
    made = active(pool["sixt"], redon, "groupements")
    assert refused(leave_of, made, departure(received_on=date(2023, 12, 1)), by=CLERK) == (
        "L’adhésion de Sixt-sur-Aff est en préparation le 01/12/2023 : il n’y a rien à résilier."
    )
    assert refused(leave_of, made, departure(received_on=date(2027, 1, 1)), by=CLERK) == (
        "La réception de la lettre ne peut pas être datée du 01/01/2027 : ce jour n’est pas encore venu."
    )
    assert refused(leave_of, made, departure(sent_on=date(2025, 3, 11)), by=CLERK) == (
        "La lettre reçue le 10/03/2025 ne peut pas être envoyée le 11/03/2025."
    )
    nimes = active(pool["allaire"], agreement("nimes_metropole", starts_on=date(2022, 4, 4)), "internet")
    assert refused(leave_of, nimes, departure(), by=CLERK) == (
        "Non prévu : la convention ne dit rien de sa durée. Donnez le dernier jour souhaité."
    )


@pytest.mark.parametrize(
    ("received", "exit_on"),
    [
        (date(2024, 2, 29), date(2025, 2, 28)), (date(2024, 8, 31), date(2025, 8, 31)), (date(2025, 2, 28), date(2026, 2, 28)),
    ],
)  # fmt: skip
def test_a_notice_of_29_february_or_of_the_end_of_a_month_runs_date_to_date(pool, received, exit_on):
    made = active(pool["sixt"], agreement(), "groupements")
    assert leave_of(made, departure(received_on=received), by=CLERK).exit_on == exit_on


# ------------------------------------------------------------ withdrawn


def withdrawal(on, **given):
    return Withdrawal(**{"on": on, "reason": "la commune garde le service", **given})


@pytest.mark.covers("MEM-23")
def test_a_notice_withdrawn_gives_back_its_state_and_its_end_and_both_stay_written(pool):
    made = active(pool["sixt"], agreement("sidec", starts_on=date(2023, 11, 25)), "système", effect_on=date(2024, 7, 15))
    assert (made.ends_on, made.end_cause) == (date(2030, 7, 14), "term")
    given = departure(received_on=date(2025, 3, 10), wanted_on=date(2026, 1, 31))
    give_notice(made, given, by=author(date(2025, 3, 10)))
    renew_all(date(2025, 9, 1), by=author(date(2025, 9, 1)))
    row = Notice.objects.unscoped().get()
    exit_on = row.exit_on
    cut = Step.objects.unscoped().get(membership=made, kind="renewed")
    assert (cut.on, cut.until) == (date(2025, 7, 15), exit_on)
    back = withdraw_notice(made, withdrawal(date(2025, 10, 2)), by=author(date(2025, 10, 6)))
    assert (back.notice_on, back.ends_on, back.end_cause) == (None, date(2030, 7, 14), "term")
    assert back.state_on(date(2025, 10, 6)) == "active"
    cut.refresh_from_db()
    assert cut.until == date(2026, 7, 14)
    row.refresh_from_db()
    assert (row.received_on, row.exit_on, row.withdrawn_on, row.withdrawal) == (
        date(2025, 3, 10), exit_on, date(2025, 10, 2), "la commune garde le service",
    )  # fmt: skip
    kinds = list(Step.objects.unscoped().filter(membership=made).order_by("on", "id").values_list("kind", flat=True))
    assert kinds[-3:] == ["notice", "renewed", "withdrawn"]
    assert refused(withdraw_notice, made, withdrawal(date(2025, 10, 7)), by=author(date(2025, 10, 8))) == (
        "Sixt-sur-Aff n’est pas en préavis : il n’y a rien à retirer."
    )
    again = departure(received_on=date(2025, 11, 3), wanted_on=date(2026, 5, 31))
    give_notice(made, again, by=author(date(2025, 11, 4)))
    assert Notice.objects.unscoped().count() == 2


def test_a_notice_is_withdrawn_by_an_act_when_one_decided_it_before_the_exit_and_not_before_it_came(pool):
    made = active(pool["sixt"], agreement(), "groupements")
    give_notice(made, departure(act=act(pool["sixt"], on=date(2025, 3, 4), number="2025-9")), by=CLERK)
    on = date(2025, 6, 3)
    assert refused(withdraw_notice, made, withdrawal(on), by=author(on)) == (
        "Le préavis a été décidé par « délibération n° 2025-9 du 04/03/2025 » : rattachez l’acte de Sixt-sur-Aff qui le retire."
    )
    vote = act(pool["sixt"], on=date(2025, 6, 2), number="2025-31")
    assert refused(withdraw_notice, made, withdrawal(date(2025, 3, 9), act=vote), by=author(on)) == (
        "Le préavis a été reçu le 10/03/2025 : il ne peut pas être retiré avant."
    )
    assert refused(withdraw_notice, made, withdrawal(on, act=vote), by=author(date(2026, 3, 11))) == (
        "Sixt-sur-Aff est sortie le 10/03/2026 : un préavis ne se retire plus après la sortie. "
        "Inscrivez une nouvelle demande d’adhésion."
    )
    assert refused(withdraw_notice, made, withdrawal(on, act=act(pool["allaire"])), by=author(on)).endswith(
        "il faut un acte de Sixt-sur-Aff."
    )
    back = withdraw_notice(made, withdrawal(on, act=vote), by=author(on))
    assert (back.ends_on, back.end_cause, back.notice_on) == (None, "", None)
    assert Notice.objects.unscoped().get().withdrawn_by == vote


def test_a_prolonged_membership_is_prolonged_again_when_its_notice_is_withdrawn(pool):
    former = in_force("grand_nancy", pool["host"], date(2017, 7, 13))
    made = active(pool["sixt"], former.agreement, "dsit", effect_on=date(2019, 1, 1))
    longer = amend(former, number="1", subject="Prolongation", reason="délibérer", prolongs_to=date(2024, 6, 30)).makes
    submit(longer)
    approve(longer, act=act(pool["host"], on=date(2022, 9, 20)), starts_on=date(2022, 9, 20), knowingly=True)
    adopt(made, longer, on=date(2022, 11, 7), by=CLERK, decided_by=act(pool["sixt"], on=date(2022, 11, 7)))
    give_notice(made, departure(received_on=date(2023, 1, 10), wanted_on=date(2023, 12, 31)), by=author(date(2023, 1, 11)))
    back = withdraw_notice(made, withdrawal(date(2023, 2, 1)), by=author(date(2023, 2, 1)))
    assert (back.ends_on, back.end_cause) == (date(2024, 6, 30), "term")
