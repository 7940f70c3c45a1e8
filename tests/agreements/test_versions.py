"""Versions of conventions: begun from a shipped file, written, approved, amended, adopted member by member."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from communis.agreements.applicable import version_for
from communis.agreements.comparing import compared
from communis.agreements.enums import ActState, ChangeKind, VersionStatus
from communis.agreements.models import (
    Adoption,
    Agreement,
    AmendmentChange,
    Article,
    Membership,
    Step,
    Version,
)
from communis.agreements.operations.amendments import Changed, adopt, amend
from communis.agreements.operations.correcting import remove_step
from communis.agreements.operations.memberships import request
from communis.agreements.operations.prices import plan_reviews, revisable_prices, set_price
from communis.agreements.operations.succession import replace
from communis.agreements.operations.versions import (
    add_article,
    approve,
    begin_agreement,
    begin_blank,
    change_article,
    change_tariff,
    draft_next,
    move_article,
    repeal,
    submit,
    take_back,
    verdict_of,
)
from communis.agreements.reading import (
    convention_of,
    convention_text_in_force,
    late_for,
    proposed_to,
    tracked_for,
    version_in_force,
)
from communis.catalog.models import Edition
from communis.directory.models import Fact, FactType
from communis.kit.refusals import Refusal
from communis.tariff import ProblemsFound
from communis.tariff.membership.terms import term_of
from factories.versions import AT, BY, CLERK, PRICES, act, in_force, joined
from factories.world import first_pool

pytestmark = pytest.mark.django_db


def articles(version):
    return [(a.number, a.title) for a in Article.objects.unscoped().filter(version=version).order_by("rank")]


def blank(*numbers):
    version = begin_blank(name="Service", short_name="service", label="1")
    for number in numbers:
        add_article(version, number=number, title=f"Titre {number}")
    return version


# ------------------------------------------------------------ a version and its text


@pytest.mark.covers("MEM-01", "MEM-02", "MEM-03")
def test_a_convention_begins_from_a_shipped_file_with_its_articles_and_its_tariff(pool):
    version = begin_agreement("redon", author="DSI")
    assert (version.agreement.name, version.label, version.dated_on) == (
        "Service commun des systèmes d’information", "2", date(2022, 9, 1),
    )  # fmt: skip
    assert (version.status, version.author) == (VersionStatus.DRAFT, "DSI")
    assert articles(version)[:3] == [("historique", "Historique du document"), ("1", "Objet"),
                                     ("2.1", "Description, fonctionnement et organisation du service commun")]  # fmt: skip
    article = Article.objects.unscoped().get(version=version, number="2.3.1")
    assert (article.depth, article.text) == (3, "« Par la suite, un changement de choix nécessite une simple décision. »")
    assert version.convention.title == "Service commun des systèmes d’information"


@pytest.mark.covers("MEM-03")
def test_numbers_of_articles_repeat_and_skip_and_articles_move(pool):
    version = blank("3.2", "4.2.7.1")
    first = Article.objects.unscoped().get(version=version, number="3.2")
    add_article(version, after=first, number="3.2.2", title="Volume")
    again = add_article(version, number="4.2.7.1", title="Résiliation")
    assert [n for n, _ in articles(version)] == ["3.2", "3.2.2", "4.2.7.1", "4.2.7.1"]
    move_article(again, up=True)
    assert articles(version)[2:] == [("4.2.7.1", "Résiliation"), ("4.2.7.1", "Titre 4.2.7.1")]
    first.refresh_from_db()
    with pytest.raises(Refusal, match="déjà le premier"):
        move_article(first, up=True)


def test_what_was_submitted_no_longer_changes_until_it_is_taken_back(pool):
    version = blank("1")
    article = Article.objects.unscoped().get(version=version)
    submit(version)
    for write in (
        lambda: add_article(version, number="2"),
        lambda: change_article(article),
        lambda: move_article(article, up=True),
    ):
        with pytest.raises(Refusal, match="n’est plus un projet"):
            write()
    take_back(version)
    add_article(version, number="2")
    assert [n for n, _ in articles(version)] == ["1", "2"]


@pytest.mark.covers("MEM-02")
def test_an_act_older_than_the_version_that_another_follows_does_not_approve_it(pool):
    first = in_force("redon", pool["host"], date(2022, 9, 1), short_name="commun")
    assert first.adopted_by.session_on == date(2022, 9, 1)
    made = amend(first, number="7", subject="Prix", changes=PRICES).makes
    submit(made)
    with pytest.raises(Refusal, match="L’acte est du 22/09/2014, avant le 01/09/2022, jour où « commun, version 2 » a été"):
        approve(made, act=act(pool["host"], date(2014, 9, 22), number="32"), starts_on=date(2026, 12, 1), knowingly=True)


@pytest.mark.covers("MEM-12")
def test_a_version_that_a_member_adopted_is_not_taken_back(pool):
    first = in_force("redon", pool["host"], date(2022, 9, 1), short_name="commun")
    member = joined(pool["sixt"], first, date(2023, 1, 1))
    made = amend(first, number="1", subject="Prix", changes=PRICES).makes
    submit(made)
    adopt(member, made, on=date(2026, 3, 1), decided_by=act(pool["sixt"], date(2026, 2, 1)), by=CLERK)
    with pytest.raises(Refusal, match="Sixt-sur-Aff l’a déjà adoptée, dans ce texte"):
        take_back(made)
    made.refresh_from_db()
    assert made.status == "pending"


def test_an_article_of_a_draft_is_not_emptied(world):
    with first_pool():
        version = blank("1")
        article = Article.objects.unscoped().get(version=version)
    path = f"/conventions/articles/{article.pk}/modifier/"
    page = world.post(path, **{**world.get(path).fields, "number": "", "title": "", "text": ""})
    assert (page.status, "Un article a au moins un numéro, un titre ou un texte." in page.text) == (422, True)
    with first_pool():
        assert articles(version) == [("1", "Titre 1")]


def test_a_version_without_article_is_not_submitted(pool):
    with pytest.raises(Refusal, match="n’a pas d’article"):
        submit(begin_blank(name="Vide", short_name="vide"))


@pytest.mark.covers("MEM-01", "MEM-02")
def test_the_act_of_the_host_approves_a_version_and_shows_its_catalogue(pool):
    edition = Edition(name="Catalogue")
    edition.save()
    version = begin_agreement("redon", edition=edition)
    submit(version)
    foreign = act(pool["sixt"])
    with pytest.raises(Refusal, match="c’est le gestionnaire qui approuve"):
        approve(version, act=foreign, starts_on=date(2024, 1, 1))
    rejected = act(pool["host"], state=ActState.REJECTED)
    with pytest.raises(Refusal, match="n’est pas adopté"):
        approve(version, act=rejected, starts_on=date(2024, 1, 1))
    voted = act(pool["host"], date(2022, 3, 28), number="CC_2022_56")
    with pytest.raises(Refusal, match="l’acte est du 28/03/2022"):
        approve(version, act=voted, starts_on=date(2022, 1, 1))
    approve(version, act=voted, starts_on=date(2023, 1, 1))
    version.refresh_from_db()
    edition.refresh_from_db()
    assert (version.status, version.starts_on, version.adopted_by) == (VersionStatus.APPROVED, date(2023, 1, 1), voted)
    assert edition.is_shown is True
    assert version_in_force(version.agreement, date(2022, 12, 31)) is None
    assert version_in_force(version.agreement, date(2023, 1, 1)) == version
    repeal(version, act=voted, ends_on=date(2024, 12, 31))
    assert version_in_force(version.agreement, date(2024, 6, 1)) is None


def test_a_tariff_with_blanks_is_approved_knowingly_and_one_with_errors_never(pool):
    version = begin_agreement("sidec")
    verdict = verdict_of(version)
    assert (verdict.errors, [p.message.partition(" ")[0] for p in verdict.obstacles]) == ((), ["AMB-28", "AMB-30", "Le"])
    submit(version)
    voted = act(pool["host"], date(2023, 11, 25))
    with pytest.raises(Refusal, match="3 points en suspens"):
        approve(version, act=voted, starts_on=date(2024, 1, 1))
    approve(version, act=voted, starts_on=date(2024, 1, 1), knowingly=True)
    wrong = begin_agreement("redon")
    wrong.tariff = wrong.tariff.replace("5 532,50 €", "5 533,50 €")
    wrong.save()
    assert len(verdict_of(wrong).errors) > 0
    with pytest.raises(Refusal, match="erreurs : corrigez-les"):
        submit(wrong)


def test_a_tariff_that_does_not_read_is_not_kept(pool):
    version = begin_agreement("redon")
    with pytest.raises(ProblemsFound, match="paramettre"):
        change_tariff(version, version.tariff.replace("paramètre ", "paramettre "))
    version.refresh_from_db()
    assert "paramettre" not in version.tariff


# ------------------------------------------------------------ amendments, and who adopts them


@pytest.mark.covers("MEM-11")
def test_an_amendment_makes_the_next_version_with_its_typed_changes_and_consolidated_text(pool):
    version = in_force("redon", pool["host"], date(2023, 1, 1))
    changes = [Changed(ChangeKind.REMOVED, "9", "La brique 9 est supprimée."), Changed(ChangeKind.FTE, "", "Tableau des ETP.")]
    made = amend(version, number="6", subject="Suppression de la brique 9", dated_on=date(2022, 12, 6), changes=changes)
    assert [(c.kind, c.article) for c in AmendmentChange.objects.unscoped().filter(amendment=made)] == [
        ("brick_removed", "9"), ("fte", ""),
    ]  # fmt: skip
    assert (made.makes.label, made.makes.status, made.makes.follows) == ("avenant n° 6", "draft", version)
    assert articles(made.makes) == articles(version)
    assert 'version "2" du 01/09/2022' in version.tariff
    named = version.tariff.replace('version "2" du', 'version "avenant n° 6" du')
    assert made.makes.tariff.split() == named.split()
    assert not compared(version, made.makes)  # its own name in its tariff is no change
    with pytest.raises(Refusal, match="Une version suit déjà"):
        amend(version, number="7", subject="Autre")
    with pytest.raises(Refusal, match="encore un projet"):
        draft_next(made.makes, label="suite")


@pytest.mark.covers("MEM-11")
def test_an_amendment_that_changes_nothing_is_neither_submitted_nor_approved(pool):
    version = in_force("redon", pool["host"], date(2023, 1, 1))
    made = amend(version, number="2", subject="Durée").makes
    told = "L’avenant n° 2 ne change rien : ni article, ni tarif, ni catalogue, et aucun changement n’y est listé."
    for verb in (submit, lambda v: approve(v, act=act(pool["host"]), starts_on=date(2024, 1, 1), knowingly=True)):
        with pytest.raises(Refusal, match=told):
            verb(made)
    article = Article.objects.unscoped().filter(version=made).first()
    article.text += " Le présent article est complété."
    change_article(article)
    submit(made)
    made.refresh_from_db()
    assert made.status == "pending"


@pytest.mark.covers("MEM-12")
def test_the_version_that_applies_is_the_last_that_the_member_adopted(pool):
    first = in_force("nimes_metropole", pool["host"], date(2022, 4, 4))
    sixt, allaire = (joined(pool[name], first, date(2022, 5, 1)) for name in ("sixt", "allaire"))
    six = amend(first, number="6", subject="Brique 9", changes=PRICES).makes
    submit(six)
    approve(six, act=act(pool["host"], date(2022, 12, 6)), starts_on=date(2023, 1, 1), knowingly=True)
    six.refresh_from_db()
    vote = act(pool["sixt"], date(2023, 2, 1))
    adopt(sixt, six, on=date(2023, 2, 1), decided_by=vote, by=CLERK)
    assert version_for(sixt, date(2023, 1, 31)) == first
    assert version_for(sixt, date(2023, 2, 1)) == six
    assert version_for(allaire, date(2026, 1, 1)) == first
    assert [m.organization.name for m in late_for(six, date(2026, 1, 1))] == ["Allaire"]
    assert {(m.organization.name, m.applied, m.has_adopted, m.has_act) for m in tracked_for(six, date(2026, 1, 1))} == {
        ("Sixt-sur-Aff", "avenant n° 6", True, True), ("Allaire", first.label, False, False),
    }  # fmt: skip
    with pytest.raises(Refusal, match="a déjà adopté"):
        adopt(sixt, six, on=date(2023, 2, 1), decided_by=vote, by=CLERK)
    other = in_force("redon", pool["host"], date(2023, 1, 1))
    with pytest.raises(Refusal, match="n’est pas une version de la convention"):
        adopt(allaire, other, on=date(2023, 2, 1), decided_by=vote, by=CLERK)


@pytest.mark.covers("MEM-12")
def test_a_draft_is_not_adopted_and_nobody_goes_back_to_an_older_version(pool):
    first = in_force("nimes_metropole", pool["host"], date(2022, 4, 4))
    member = joined(pool["sixt"], first, date(2022, 5, 1), adopted=False)
    second = amend(first, number="6", subject="Brique 9", changes=PRICES).makes
    with pytest.raises(Refusal, match="à l’état de projet"):
        adopt(member, second, on=date(2022, 12, 10), decided_by=act(pool["sixt"], date(2022, 12, 10)), by=CLERK)
    submit(second)
    vote = act(pool["sixt"], date(2022, 12, 10))
    adopt(member, second, on=date(2022, 12, 10), decided_by=vote, by=CLERK)
    approve(second, act=act(pool["host"], date(2022, 12, 6)), starts_on=date(2023, 1, 1), knowingly=True)
    assert version_for(member, date(2023, 1, 1)).label == "avenant n° 6"
    with pytest.raises(Refusal, match="qui suit"):
        adopt(member, first, on=date(2023, 5, 1), decided_by=vote, by=CLERK)


@pytest.mark.covers("MEM-12")
def test_a_vote_held_before_the_version_followed_was_approved_adopts_nothing_and_no_older_act_repeals(pool):
    first = in_force("nimes_metropole", pool["host"], date(2022, 4, 4))
    member = joined(pool["sixt"], first, date(2022, 5, 1))
    six = amend(first, number="6", subject="Brique 9", changes=PRICES).makes
    submit(six)
    approve(six, act=act(pool["host"], date(2022, 12, 6), number="6"), starts_on=date(2023, 1, 1), knowingly=True)
    old = act(pool["sixt"], date(2020, 12, 21), number="3")
    with pytest.raises(Refusal, match="ce conseil n’a pas pu voter"):
        adopt(member, six, on=date(2023, 2, 1), decided_by=old, by=CLERK)
    with pytest.raises(Refusal, match="il ne l’abroge pas"):
        repeal(six, act=act(pool["host"], date(2022, 4, 4), number="7"), ends_on=date(2026, 12, 31))
    six.refresh_from_db()
    assert (six.status, member.adoptions.unscoped().count()) == ("approved", 1)


@pytest.mark.covers("MEM-12")
def test_an_adoption_applies_once_its_version_is_in_force_and_is_taken_back_while_it_prolonged_nothing(pool):
    first = in_force("nimes_metropole", pool["host"], date(2022, 4, 4))
    member = joined(pool["sixt"], first, date(2022, 5, 1))
    six = amend(first, number="6", subject="Brique 9", changes=PRICES).makes
    submit(six)
    approve(six, act=act(pool["host"], date(2022, 12, 6)), starts_on=date(2023, 1, 1), knowingly=True)
    adopt(member, six, on=date(2022, 12, 20), decided_by=act(pool["sixt"], date(2022, 12, 20)), by=CLERK)
    assert (version_for(member, date(2022, 12, 31)), version_for(member, date(2023, 1, 1)).pk) == (first, six.pk)
    step = Step.objects.unscoped().get(membership=member, kind="adopted")
    remove_step(member, step, reason="mauvaise version", by=CLERK)
    assert version_for(member, date(2023, 1, 1)) == first


@pytest.mark.covers("MEM-36")
def test_an_act_that_authorizes_in_advance_stands_for_a_vote_and_is_cited(pool):
    version = in_force("sicoval", pool["host"], date(2024, 1, 1))
    member = joined(pool["sixt"], version, date(2024, 3, 1))
    renewal = amend(version, number="1", subject="Renouvellement", changes=PRICES).makes
    submit(renewal)
    approve(renewal, act=act(pool["host"], date(2025, 6, 1)), starts_on=date(2025, 7, 1), knowingly=True)
    plain = act(pool["sixt"], date(2024, 2, 1))
    wide = act(pool["sixt"], date(2024, 2, 2), number="12", authorizes="les avenants de renouvellement et tout document afférent")
    with pytest.raises(Refusal, match="n’autorise rien d’avance"):
        adopt(member, renewal, on=date(2025, 7, 1), authorized_by=plain, by=CLERK)
    with pytest.raises(Refusal, match="l’un des deux"):
        adopt(member, renewal, on=date(2025, 7, 1), by=CLERK)
    with pytest.raises(Refusal, match="l’un des deux"):
        adopt(member, renewal, on=date(2025, 7, 1), decided_by=plain, authorized_by=wide, by=CLERK)
    adopt(member, renewal, on=date(2025, 7, 1), authorized_by=wide, by=CLERK)
    adoption = Adoption.objects.unscoped().get(membership=member, version=renewal)
    assert (adoption.decided_by, adoption.authorized_by) == (None, wide)
    step = Step.objects.unscoped().get(membership=member, kind="adopted")
    assert (step.decided_by, step.entered_by) == (wide, BY)


@pytest.mark.parametrize(
    ("acting", "on", "words"),
    [
        ("allaire", date(2025, 1, 10), "il faut un acte de Sixt-sur-Aff"),
        ("sixt", date(2025, 1, 1), "après le jour de l’adoption"),
        ("sixt", date(2027, 1, 1), "pas encore venu"),
    ],
)
def test_an_adoption_wants_an_act_of_the_member_not_later_than_the_day(pool, acting, on, words):
    version = in_force("sicoval", pool["host"], date(2024, 1, 1))
    member = joined(pool["sixt"], version, date(2024, 3, 1), adopted=False)
    with pytest.raises(Refusal, match=words):
        adopt(member, version, on=on, decided_by=act(pool[acting], date(2025, 1, 5)), by=CLERK)


@pytest.mark.covers("MEM-17")
def test_an_amendment_prolongs_to_a_day_with_its_reason_the_members_that_adopt_it(pool):
    version = in_force("grand_nancy", pool["host"], date(2017, 12, 20))
    end = {"ends_on": date(2022, 12, 31), "end_cause": "term"}
    members = [joined(pool[name], version, date(2018, 1, 1), **end) for name in ("sixt", "allaire")]
    gone = joined(pool["redon"], version, date(2018, 1, 1), ends_on=date(2022, 6, 30), end_cause="notice")
    with pytest.raises(Refusal, match="dit son motif"):
        amend(version, number="1", subject="Prolongation", prolongs_to=date(2023, 12, 31))
    reason = "clore la refacturation annuelle et laisser les conseils délibérer"
    made = amend(version, number="1", subject="Prolongation", prolongs_to=date(2023, 12, 31), reason=reason)
    assert [c.kind for c in AmendmentChange.objects.unscoped().filter(amendment=made)] == ["term"]
    submit(made.makes)
    approve(made.makes, act=act(pool["host"], date(2022, 9, 22)), starts_on=date(2022, 10, 1), knowingly=True)
    for member in (members[0], gone):
        vote = act(member.organization, date(2022, 11, 1))
        adopt(member, made.makes, on=date(2022, 11, 1), decided_by=vote, by=CLERK)
    for row in (*members, gone):
        row.refresh_from_db()
    assert [m.ends_on for m in (*members, gone)] == [date(2023, 12, 31), date(2022, 12, 31), date(2022, 6, 30)]
    step = Step.objects.unscoped().get(kind="prolonged")
    assert (step.membership, step.until, step.note) == (members[0], date(2023, 12, 31), f"avenant n° 1 : {reason}")


@pytest.mark.covers("MEM-17", "MEM-40")
def test_an_amendment_prolongs_to_a_day_after_its_date_and_after_the_end_of_the_adhesions(pool):
    version = in_force("grand_nancy", pool["host"], date(2017, 12, 20))
    joined(pool["sixt"], version, date(2024, 1, 1), ends_on=date(2028, 12, 31), end_cause="term")
    joined(pool["allaire"], version, date(2024, 1, 1))

    def refused(until, dated_on=None):
        with pytest.raises(Refusal) as caught:
            amend(
                version, number="1", subject="x", prolongs_to=until, reason="délibérer", dated_on=dated_on, today=date(2026, 9, 1)
            )
        return str(caught.value)

    assert refused(date(2026, 9, 1)) == (
        "L’avenant ne peut pas prolonger jusqu’au 01/09/2026 : ce jour ne suit pas aujourd’hui, le 01/09/2026. Choisissez un "
        "dernier jour qui suit, ou donnez la date d’un avenant plus ancien."
    )
    assert "ne suit pas la date de l’avenant, le 22/09/2022" in refused(date(2022, 9, 22), dated_on=date(2022, 9, 22))
    assert refused(date(2028, 12, 31)) == (
        "Les adhésions vont déjà jusqu’au 31/12/2028 ou au-delà : prolonger jusqu’au 31/12/2028 ne prolonge personne. "
        "Choisissez un jour qui suit."
    )
    old = amend(version, number="1", subject="x", prolongs_to=date(2023, 12, 31), reason="délibérer", dated_on=date(2022, 9, 22),
                today=date(2026, 9, 1))  # fmt: skip
    assert (old.prolongs_to, Version.objects.unscoped().count()) == (date(2023, 12, 31), 2)


# ------------------------------------------------------------ a successor


@pytest.mark.covers("MEM-18")
def test_a_successor_takes_the_members_that_deliberated_the_next_day_and_later_the_others(pool):
    old = in_force("redon", pool["host"], date(2017, 12, 20), name="Convention de 2017", short_name="2017")
    new = in_force("redon", pool["host"], date(2024, 1, 1), name="Convention de 2024", short_name="2024")
    sixt, allaire = (joined(pool[name], old, date(2018, 1, 1)) for name in ("sixt", "allaire"))
    day = date(2024, 1, 1)
    act(pool["sixt"], date(2023, 12, 1), agreement=new.agreement)
    moved = replace(old.agreement, new.agreement, starts_on=day, by=CLERK)
    assert ([m.organization.name for m in moved.moved], [m.organization.name for m in moved.waiting]) == (
        ["Sixt-sur-Aff"],
        ["Allaire"],
    )
    sixt.refresh_from_db()
    assert (sixt.ends_on, sixt.end_cause) == (date(2023, 12, 31), "replaced")
    bound = Membership.objects.unscoped().in_state(day, "active").filter(organization=pool["sixt"])
    assert [(m.agreement.short_name, m.follows) for m in bound] == [("2024", sixt)]
    old.agreement.refresh_from_db()
    assert (old.agreement.successor, old.agreement.closed_on) == (new.agreement, date(2023, 12, 31))
    act(pool["allaire"], date(2024, 2, 1), agreement=new.agreement)
    again = replace(old.agreement, new.agreement, starts_on=date(2024, 3, 1), by=CLERK)
    assert [m.organization.name for m in again.moved] == ["Allaire"]
    allaire.refresh_from_db()
    assert allaire.ends_on == date(2024, 2, 29)
    third = in_force("redon", pool["host"], date(2025, 1, 1), name="Convention de 2025", short_name="2025")
    with pytest.raises(Refusal, match="déjà remplacée"):
        replace(old.agreement, third.agreement, starts_on=date(2025, 1, 1), by=CLERK)


def test_a_successor_wants_a_version_in_force_that_day(pool):
    old = in_force("redon", pool["host"], date(2017, 12, 20), name="Convention de 2017")
    new = begin_agreement("grand_nancy", name="Convention de 2024")
    with pytest.raises(Refusal, match="n’a pas de version approuvée"):
        replace(old.agreement, new.agreement, starts_on=date(2024, 1, 1), by=CLERK)
    with pytest.raises(Refusal, match="ne se remplace pas elle-même"):
        replace(old.agreement, old.agreement, starts_on=date(2024, 1, 1), by=CLERK)


# ------------------------------------------------------------ prices, reviews, durations, models


@pytest.mark.covers("MEM-13")
def test_an_act_changes_a_price_that_the_convention_lets_change_without_a_version(pool):
    version = in_force("sidec", pool["host"], date(2023, 11, 25))
    agreement = version.agreement
    assert [name for name, _ in revisable_prices(agreement, date(2024, 1, 1))] == ["coût_unitaire"]
    given = {"parameter": "coût_unitaire", "value": Decimal("250.50"), "starts_on": date(2024, 7, 1)}
    set_price(
        agreement, **given, reference="délibération n° 2301 du 22 juin 2024", decided_by=act(pool["host"], date(2024, 6, 22))
    )
    prices = convention_of(version).model.book.parameters["coût_unitaire"].values
    assert [(p.first, p.value.unit, p.act) for p in prices] == [
        (date(2023, 3, 4), "€/UO", "délibération n°\u00a02238 du Comité syndical"),
        (date(2024, 7, 1), "€/UO", "délibération n° 2301 du 22 juin 2024"),
    ]  # fmt: skip
    assert "250,5 €/UO depuis le 01/07/2024" in convention_text_in_force(date(2026, 1, 1))
    assert Version.objects.unscoped().count() == 1
    with pytest.raises(ValidationError):
        set_price(agreement, **given, reference="autre")
    with pytest.raises(Refusal, match="Il faut un avenant"):
        set_price(agreement, parameter="taux_de_couverture", value=Decimal(90), starts_on=date(2024, 7, 1), reference="acte")
    with pytest.raises(Refusal, match="introuvable"):
        set_price(agreement, parameter="inconnu", value=Decimal(90), starts_on=date(2024, 7, 1), reference="acte")
    with pytest.raises(Refusal, match="un prix déjà fixé change"):
        set_price(agreement, **given | {"starts_on": date(2023, 12, 1)}, reference="acte")


@pytest.mark.covers("MEM-39")
def test_the_reviews_of_a_trial_phase_are_dated_every_six_months(pool):
    agreement = begin_agreement("sicoval").agreement
    with pytest.raises(Refusal, match="phase expérimentale complète"):
        plan_reviews(agreement)
    agreement.trial_starts_on, agreement.trial_ends_on, agreement.review_months = date(2024, 7, 1), date(2027, 6, 30), 6
    agreement.save()
    due = [date(2025, 1, 1), date(2025, 7, 1), date(2026, 1, 1), date(2026, 7, 1), date(2027, 1, 1)]
    rows = plan_reviews(agreement)
    assert [r.due_on for r in rows] == due
    rows[0].held_on = date(2025, 1, 14)
    rows[0].save()
    agreement.trial_ends_on = date(2025, 12, 31)
    agreement.save()
    assert [(r.due_on, r.held_on) for r in plan_reviews(agreement)] == [(due[0], date(2025, 1, 14)), (due[1], None)]
    agreement.review_months = 4
    agreement.save()
    assert [r.due_on for r in plan_reviews(agreement)] == [date(2024, 11, 1), due[0], date(2025, 3, 1), due[1], date(2025, 11, 1)]


@pytest.mark.covers("MEM-14")
@pytest.mark.parametrize(
    ("slug", "effect_on", "ends_on", "renewals"),
    [
        ("redon", date(2024, 1, 1), None, [date(2025, 1, 1), date(2026, 1, 1)]),
        ("sidec", date(2024, 7, 1), date(2030, 6, 30), [date(2025, 7, 1), date(2026, 7, 1)]),
        ("grand_nancy", date(2024, 1, 1), date(2028, 12, 31), [date(2025, 1, 1), date(2026, 1, 1)]),
        ("sicoval", date(2024, 7, 1), date(2027, 6, 30), []),
    ],
)
def test_the_duration_of_a_version_is_the_one_its_convention_states(pool, slug, effect_on, ends_on, renewals):
    version = begin_agreement(slug)
    term = term_of(version.convention, effect_on)
    assert (term.ends_on, [r.renews_on for r in term.renewals][:2]) == (ends_on, renewals)


@pytest.mark.covers("MEM-45")
def test_the_model_of_a_programme_that_is_proposed_follows_the_fact_of_the_member(pool):
    for value in ("non", "oui"):
        model = begin_agreement("sicoval", name=f"avec DSI : {value}", programme="Cyber").agreement
        model.audience_fact, model.audience_value = "avec_dsi", value
        model.save()
    kind = FactType(code="avec_dsi", label="avec DSI", shape="yes_no")
    kind.save()
    entered = {"type": kind, "organization": pool["sixt"], "source": "déclaration", "entered_by": BY, "entered_at": AT}
    Fact(**entered, text="non", valid_on=date(2024, 1, 1)).save()
    Fact(**entered, text="oui", valid_on=date(2026, 1, 1)).save()
    assert proposed_to(pool["sixt"], "Cyber", date(2025, 5, 1)).name == "avec DSI : non"
    assert proposed_to(pool["sixt"], "Cyber", date(2026, 5, 1)).name == "avec DSI : oui"
    assert proposed_to(pool["allaire"], "Cyber", date(2026, 5, 1)) is None
    without = Agreement.objects.unscoped().get(audience_value="non")
    said = (
        "« avec DSI : non » n’est pas le modèle qui convient à Sixt-sur-Aff : « avec dsi » vaut « oui » au 01/05/2026. Demandez "
        "« avec DSI : oui », ou corrigez ce fait sur sa fiche."
    )
    with pytest.raises(Refusal) as refused:
        request(pool["sixt"], without, date(2026, 5, 1), by=CLERK)
    assert str(refused.value) == said
    for name, on in (
        ("sixt", date(2025, 5, 1)),
        ("allaire", date(2026, 5, 1)),
    ):  # as its fact was then; what nobody knows stops nothing
        assert request(pool[name], without, on, by=CLERK).requested_on == on
    Agreement.objects.unscoped().filter(audience_value="oui").update(closed_on=date(2026, 2, 1))
    assert proposed_to(pool["sixt"], "Cyber", date(2026, 5, 1)) is None
