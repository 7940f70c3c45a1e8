"""Two people at the same time: one outcome."""

from datetime import UTC, date, datetime
from decimal import Decimal

from communis.directory.models import Fact, FactType, Person, Role, WorkShare
from communis.directory.operations import facts, mandates, posts
from communis.foundation.scope import pool_scope
from factories.at_once import both
from factories.at_once import committed as committed
from factories.pools import FIRST

NOW = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)


def test_two_mayors_appointed_and_a_fact_corrected_twice_at_once_have_one_outcome(committed):
    world = committed
    town = world["sixt"]
    with pool_scope(FIRST):
        people = [Person(first_name=first, last_name="Bihan") for first in ("Ada", "Loïc")]
        for one in people:
            one.save()
        kind = FactType.objects.unscoped().get(code="postes_de_travail")
        old = Fact(type=kind, organization=town, number=Decimal(11), valid_on=date(2026, 1, 1), source="inventaire")
        facts.enter_fact(old, by="Ada", at=NOW)
    said = both(*(
        lambda one=one: mandates.appoint(one, town, "mayor", starts_on=date(2026, 3, 29)) for one in people
    ))  # fmt: skip
    with pool_scope(FIRST):
        mayor = Role.objects.unscoped().select_related("person").get(kind="mayor")
    refused = f"{mayor.person} est déjà maire de Sixt-sur-Aff depuis le 29/03/2026. Terminez d’abord ce rôle."
    assert said == sorted(["fait", refused])

    def correct(number):
        new = Fact(number=Decimal(number), valid_on=date(2026, 1, 1), source="recompte", reason="erreur de compte")
        facts.correct_fact(old, new, by="Ada", at=NOW)

    assert both(lambda: correct(12), lambda: correct(13)) == ["Ce fait a déjà été corrigé : corrigez le dernier.", "fait"]
    with pool_scope(FIRST):
        assert Fact.objects.unscoped().count() == 2


def test_a_post_split_twice_at_once_keeps_one_whole_split(committed):
    with pool_scope(FIRST):
        post = posts.load_annex(starts_on=date(2022, 9, 1))[0]
    first, second = {"Socle": Decimal("0.60"), "Audit": Decimal("0.40")}, {"Groupements": Decimal("1.00")}
    said = both(lambda: posts.split_post(post, 2026, first), lambda: posts.split_post(post, 2026, second))
    assert said == ["fait", "fait"]
    with pool_scope(FIRST):
        kept = {share.brick: share.fte for share in WorkShare.objects.unscoped().filter(post=post, year=2026)}
    assert kept in (first, second)
