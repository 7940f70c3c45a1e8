"""A prolongation that came with an adoption, taken back with it: what rests on it, what wrote itself after the end."""

from datetime import date

import pytest

from communis.agreements.applicable import version_for
from communis.agreements.models import ChoiceForm, Membership, Step
from communis.agreements.operations.amendments import adopt, amend
from communis.agreements.operations.correcting import consequence_of, remove_step
from communis.agreements.operations.renewals import renew_all
from communis.agreements.operations.versions import approve, submit
from communis.kit.refusals import Refusal
from factories.versions import AT, BY, CLERK, act, in_force, joined
from factories.world import first_pool

pytestmark = pytest.mark.django_db


def prolonged(world, until):
    """Sixt-sur-Aff, that comes to its term at the end of 2022, and adopts an avenant that prolongs it to a day."""
    version = in_force("grand_nancy", world["host"], date(2017, 12, 20))
    member = joined(world["sixt"], version, date(2018, 1, 1), ends_on=date(2022, 12, 31), end_cause="term")
    made = amend(version, number="1", subject="Prolongation", prolongs_to=until, reason="délibérer")
    submit(made.makes)
    approve(made.makes, act=act(world["host"], date(2022, 9, 22)), starts_on=date(2022, 10, 1), knowingly=True)
    adopt(member, made.makes, on=date(2022, 11, 1), decided_by=act(member.organization, date(2022, 11, 1)), by=CLERK)
    member.refresh_from_db()
    return member, version, Step.objects.unscoped().get(membership=member, kind="adopted")


@pytest.mark.covers("MEM-17")
def test_an_adoption_that_prolonged_is_taken_back_with_its_prolongation_unless_something_rests_on_it(pool):
    member, version, step = prolonged(pool, date(2026, 12, 31))
    assert member.ends_on == date(2026, 12, 31)
    assert consequence_of(member, step, date(2026, 6, 1)) == (
        "La prolongation tombe avec elle : l’adhésion a fini le 31/12/2022."
    )  # fmt: skip
    later = ChoiceForm(membership=member, stated_on=date(2023, 1, 1), starts_on=date(2023, 2, 1))
    later.save()
    with pytest.raises(Refusal) as caught:
        remove_step(member, step, reason="non votée", by=CLERK)
    assert str(caught.value) == (
        "Sans cette prolongation, l’adhésion finit le 31/12/2022 ; des choix commencent le 01/02/2023, après ce jour. Retirez "
        "d’abord l’étape « choix modifiés » qui les porte."
    )
    later.delete()
    for fields, words in (({"notice_on": date(2026, 1, 5), "end_cause": "notice"}, "retirez d’abord le préavis"),
                          ({"notice_on": None, "end_cause": "replaced"}, "une autre lui a fait suite")):  # fmt: skip
        Membership.objects.unscoped().filter(pk=member.pk).update(**fields)
        with pytest.raises(Refusal, match=words):
            remove_step(member, step, reason="non votée", by=CLERK)
    Membership.objects.unscoped().filter(pk=member.pk).update(end_cause="term")
    remove_step(member, step, reason="non votée", by=CLERK)
    member.refresh_from_db()
    assert (member.ends_on, member.end_cause, version_for(member, date(2022, 12, 1))) == (date(2022, 12, 31), "term", version)
    told = [(s.kind, s.note) for s in Step.objects.unscoped().filter(membership=member)]
    assert told == [("removed", "avenant adopté du 01/11/2022 (« délibération du 01/11/2022 ») : non votée")]


@pytest.mark.covers("MEM-17")
def test_a_prolongation_taken_back_takes_what_wrote_itself_after_the_end_and_says_so_first(world):
    with first_pool():
        member, _, step = prolonged(world, date(2024, 6, 30))
        renew_all(date(2026, 9, 1), by=CLERK)
        again = {"on": date(2023, 1, 1), "until": date(2023, 12, 31), "entered_by": BY, "entered_at": AT}
        Step(membership=member, kind="renewed", **again).save()
        rows = Step.objects.unscoped().filter(membership=member, kind__in=("renewed", "expired")).order_by("on")
        kept = [("renewed", date(year, 1, 1)) for year in (2019, 2020, 2021, 2022)]
        assert [(s.kind, s.on) for s in rows] == [*kept, ("renewed", date(2023, 1, 1)), ("expired", date(2024, 7, 1))]
    world.sign_in("director")
    page = world.get(f"/adhesions/etapes/{step.pk}/retirer/")
    assert "La prolongation tombe avec elle : l’adhésion a fini le 31/12/2022." in page.sentence
    page = world.fill(f"/adhesions/etapes/{step.pk}/retirer/", reason="non votée")
    assert page.messages == ["Fait. L’étape est retirée. Elle peut être écrite de nouveau."]
    with first_pool():
        assert [(s.kind, s.on) for s in rows.all()] == kept
        renew_all(date(2026, 9, 1), by=CLERK)
        assert [(s.kind, s.on) for s in rows.all()] == [*kept, ("expired", date(2023, 1, 1))]
