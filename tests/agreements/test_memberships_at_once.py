"""Two clerks at the same second, on a membership and on a convention: one outcome, the other is told, nothing is lost."""

from datetime import date

import pytest

from communis.agreements.models import Adoption, Choice, Document, Membership, Notice, Step
from communis.agreements.operations.amendments import adopt, amend
from communis.agreements.operations.choosing import Wish, choose
from communis.agreements.operations.documents import draft_votes
from communis.agreements.operations.leaving import Departure, Withdrawal, give_notice, withdraw_notice
from communis.agreements.operations.succession import replace
from communis.agreements.operations.versions import approve, submit
from communis.agreements.tasks import VOTES
from communis.foundation import jobs
from communis.foundation.models import Run
from communis.foundation.operations import start_or_join_run
from communis.foundation.scope import pool_scope
from factories.agreements import CLERK, act, active, agreement, asked, author
from factories.at_once import both
from factories.at_once import committed as committed
from factories.pools import FIRST, organization
from factories.versions import PRICES, in_force
from factories.world import account, first_pool


def test_a_notice_given_and_withdrawn_by_two_clerks_at_once_is_so_once(committed):
    with pool_scope(FIRST):
        made = active(committed["sixt"], agreement(), "groupements")
    given = Departure("member", "bonne organisation", date(2025, 3, 10))
    assert both(*[lambda: give_notice(made, given, by=CLERK)] * 2) == sorted([
        "fait", "Sixt-sur-Aff est déjà en préavis : sortie le 10/03/2026.",
    ])  # fmt: skip
    back, by = Withdrawal(date(2025, 6, 2), "elle reste"), author(date(2025, 6, 3))
    assert both(*[lambda: withdraw_notice(made, back, by=by)] * 2) == sorted([
        "fait", "Sixt-sur-Aff n’est pas en préavis : il n’y a rien à retirer.",
    ])  # fmt: skip
    with pool_scope(FIRST):
        assert Notice.objects.unscoped().count() == 1
        assert list(Step.objects.unscoped().filter(kind__in=("notice", "withdrawn")).values_list("kind", flat=True)) == [
            "notice", "withdrawn",
        ]  # fmt: skip


@pytest.mark.covers("MEM-43")
def test_different_choices_filled_at_once_are_kept_once_and_the_other_clerk_is_told(committed):
    on = date(2027, 1, 1)
    with pool_scope(FIRST):
        made = asked(committed["sixt"], agreement())
    wishes = [Wish({offer: on}, on=on, stated_on=date(2026, 10, 1), seen="aucun") for offer in ("groupements", "audit")]
    said = both(*[lambda wish=wish: choose(made, wish, by=CLERK) for wish in wishes])
    with pool_scope(FIRST):
        (kept,) = Choice.objects.unscoped()
    label = {"groupements": "Groupements d’achats", "audit": "Audit"}[kept.offer]
    assert said == [
        f"Les choix de Sixt-sur-Aff ont changé depuis que cette page vous a été montrée : {label} à compter du 01/01/2027. Rien "
        "n’est enregistré. Relisez ce que vous avez coché, puis vérifiez de nouveau : vos choix prendraient leur place.",
        "fait",
    ]


def submitted(former, host, on, **given):
    """Prepare an amendment, and have the host’s council approve it."""
    made = amend(former, number="1", subject="Durée", changes=PRICES, **given)
    submit(made.makes)
    approve(made.makes, act=act(host, on=on), starts_on=on, knowingly=True)
    return made


def test_an_avenant_voted_twice_at_once_is_adopted_once_and_its_drafts_are_made_once(committed):
    with pool_scope(FIRST):
        former = in_force("redon", committed["host"], date(2022, 9, 1))
        members = [active(committed[name], former.agreement, "groupements") for name in ("sixt", "allaire")]
        made = submitted(former, committed["host"], date(2025, 4, 1))
    assert both(*[lambda: draft_votes(made, 0, by=CLERK, size=10)] * 2) == ["fait", "fait"]
    with pool_scope(FIRST):
        assert sorted(str(one.organization) for one in Document.objects.unscoped().select_related("organization")) == [
            "Allaire", "Sixt-sur-Aff",
        ]  # fmt: skip
        vote = act(committed["sixt"], on=date(2025, 5, 5), number="12")
    on = date(2025, 5, 5)
    assert both(*[lambda: adopt(members[0], made.makes, on=on, by=CLERK, decided_by=vote)] * 2) == sorted([
        "fait", "Sixt-sur-Aff a déjà adopté « Service commun des systèmes d’information, version avenant n° 1 » le 05/05/2025.",
    ])  # fmt: skip
    with pool_scope(FIRST):
        assert Adoption.objects.unscoped().filter(version=made.makes).count() == 1
        assert Step.objects.unscoped().filter(kind="adopted").count() == 1


def test_a_convention_replaced_by_two_directors_at_once_moves_each_member_once(committed):
    on = date(2024, 1, 1)
    with pool_scope(FIRST):
        former, after = agreement("grand_nancy", name="2017", starts_on=date(2017, 7, 13)), agreement("grand_nancy", name="2024")
        active(committed["sixt"], former, "dsit", effect_on=date(2021, 1, 1))
        act(committed["sixt"], on=date(2023, 9, 25), agreement=after)
    shown = [committed["sixt"].pk]
    said = both(*[lambda: replace(former, after, starts_on=on, by=CLERK, shown=shown)] * 2)
    assert said == sorted([
        "Les adhésions ont changé depuis que cette page vous a été montrée. Relisez-la, puis confirmez.", "fait",
    ])  # fmt: skip
    with pool_scope(FIRST):
        assert [(m.effect_on, m.end_cause) for m in Membership.objects.unscoped().order_by("effect_on")] == [
            (date(2021, 1, 1), "replaced"), (on, "term"),
        ]  # fmt: skip


# ------------------------------------------------------------ the runs, asked from the pages


def carried_out(*, stop=lambda: False):
    """Carry out the run that was asked last, as the worker would; return how it ended and what it says."""
    with pool_scope(FIRST):
        run = Run.objects.unscoped().latest("id")
    jobs.perform(pool=FIRST, account=run.account_id, run=run.pk, must_stop=stop, clock=lambda: CLERK.at)
    with pool_scope(FIRST):
        found = Run.objects.unscoped().get(pk=run.pk)
    return found.outcome, found.message


def renewals(**wanted):
    with pool_scope(FIRST):
        return list(Step.objects.unscoped().filter(kind="renewed", **wanted).values_list("on", flat=True))


@pytest.mark.covers("MEM-15", "MEM-16")
def test_the_renewals_due_are_shown_then_written_once_each_by_a_run(committed):
    with first_pool():
        sidec = agreement("sidec", starts_on=date(2010, 1, 1))
        made = active(committed["sixt"], sidec, "système", effect_on=date(2019, 7, 15))
        other = active(committed["allaire"], agreement("sidec", name="Autre", starts_on=date(2010, 1, 1)), "système",
                       effect_on=date(2019, 7, 15))  # fmt: skip
    path = f"{sidec.get_absolute_url()}reconductions/"
    page = committed.get(path)
    assert page.sentence == "5 reconductions et 1 fin à écrire aujourd’hui ; chacune ne s’écrit qu’une fois."
    ((name, told),) = page.table("Ce qui sera écrit")
    assert name == "Sixt-sur-Aff"
    assert told.startswith("Reconduction le 15 juillet 2020 jusqu’au 14 juillet 2021")
    assert told.endswith("Expiration le 15 juillet 2025")
    assert renewals() == []
    page = committed.post(path)
    assert page.title == "Reconductions tacites"
    assert carried_out() == ("done", "5\u00a0reconductions écrites, 1\u00a0fin.")
    assert renewals(membership=made) == [date(year, 7, 15) for year in range(2020, 2025)]
    assert renewals(membership=other) == []
    page = committed.get(path)
    assert page.sentence == "Tout ce qui est dû aujourd’hui est déjà écrit."
    committed.post(path)
    with first_pool():
        assert Run.objects.unscoped().count() == 1  # nothing was due: nothing is asked
    assert "5 reconductions écrites, 1 fin." in committed.get("/travaux/").main.text


def amendment_for_six(host):
    """Submit an amendment to six members."""
    former = in_force("redon", host, date(2022, 9, 1))
    for rank in range(6):
        active(organization(f"Commune {rank}"), former.agreement, "groupements")
    return submitted(former, host, date(2025, 4, 1))


@pytest.mark.covers("DOC-12")
def test_the_drafts_of_many_members_are_a_run_taken_up_again_without_making_one_twice(committed):
    with first_pool():
        made = amendment_for_six(committed["host"])
    path = f"{made.get_absolute_url()}projets/"
    page = committed.get(path)
    assert [row[:3] for row in page.table("Projets de délibération des membres")] == [
        [f"Commune {rank}", "pas encore", "à préparer"] for rank in range(6)
    ]
    assert committed.post(path).title == "Projets de délibération sur un avenant"
    with pytest.raises(jobs.Interrupted):
        carried_out(stop=lambda: True)
    assert drafts() == [f"Commune {rank}" for rank in range(5)]
    assert carried_out() == ("done", "1\u00a0projet de délibération prêt.")
    assert drafts() == [f"Commune {rank}" for rank in range(6)]
    page = committed.get(path)
    assert "Préparer 6 projets" not in page.text
    assert page.table("Projets de délibération des membres")[0][:3] == ["Commune 0", "pas encore", "version 1, projet"]


@pytest.mark.covers("DOC-12")
def test_the_drafts_of_many_members_asked_by_two_people_at_once_are_one_run_that_the_second_follows(committed):
    with first_pool():
        made = amendment_for_six(committed["host"])
        finances = account(committed, "finances", "Nolwenn Kerbrat", "finance")
    wanted = {"account": finances.pk, "now": CLERK.at, "parameters": {"amendment": made.pk}}
    assert both(*[lambda: start_or_join_run(VOTES, **wanted)] * 2) == ["fait", "fait"]
    with pool_scope(FIRST):
        (run,) = Run.objects.unscoped()
    page = committed.post(f"{made.get_absolute_url()}projets/")  # the director, while the first run is under way
    assert (page.title, page.messages) == ("Projets de délibération sur un avenant", [
        "Ce travail est déjà en cours, demandé par Nolwenn Kerbrat : il n’est pas lancé deux fois. Suivez-le ici.",
    ])  # fmt: skip
    assert carried_out() == ("done", "6\u00a0projets de délibération prêts.")
    page = committed.post(f"{made.get_absolute_url()}projets/")  # pressed on a page shown before
    assert page.messages == ["Fait. Aucun projet n’attend : ceux de tous les membres sont déjà prêts."]
    with pool_scope(FIRST):
        assert list(Run.objects.unscoped()) == [run]


def drafts():
    """Return the names of those for whom a draft is made, as often as one is."""
    with first_pool():
        return sorted(str(one.organization) for one in Document.objects.unscoped().select_related("organization"))
