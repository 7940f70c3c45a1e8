"""Conventions in a pool, council acts and memberships, for the tests of their life."""

from __future__ import annotations

from datetime import UTC, date, datetime

from communis.agreements.authors import Author
from communis.agreements.models import Agreement, Article, Membership, Resolution, Version
from communis.agreements.operations import choosing, memberships
from communis.agreements.operations.choosing import Wish
from communis.tariff.convention import shipped

ENTERED = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
CLERK = Author("Erwan Talhouarn", ENTERED)


def author(day, name="Erwan Talhouarn"):
    """Return somebody who writes on a day, at noon."""
    return Author(name, datetime(day.year, day.month, day.day, 11, 0, tzinfo=UTC))


def text_of(slug):
    return (shipped(slug) / "convention.tarif").read_text("utf-8")


def agreement(slug="redon", name="", starts_on=date(2022, 9, 1), tariff=None, **fields):
    """Make a convention whose one version, approved, has the tariff of a shipped one."""
    made = Agreement(name=name or f"Convention {slug}", short_name=slug, **fields)
    made.save()
    version = Version(agreement=made, label="1", status="approved", starts_on=starts_on,
                      tariff=text_of(slug) if tariff is None else tariff)  # fmt: skip
    version.save()
    return made


def article(of, number, title, text=""):
    version = Version.objects.unscoped().get(agreement=of)
    rank = Article.objects.unscoped().filter(version=version).count() + 1
    Article(version=version, rank=rank, number=number, title=title, text=text).save()


def act(organization, on=date(2023, 12, 12), kind="resolution", state="adopted", **fields):
    """Make a council act; it binds five days later unless the test says otherwise."""
    dated = {"received_on": on.replace(day=min(on.day + 5, 28)), "published_on": on.replace(day=min(on.day + 5, 28))}
    fields.setdefault("subject", "Adhésion au service commun")
    made = Resolution(organization=organization, kind=kind, state=state, session_on=on, **{**dated, **fields})
    made.save()
    return made


def asked(organization, of, on=date(2023, 9, 1), by=CLERK):
    return memberships.request(organization, of, on, by=by)


def wish(*offers, on, act=None, stated_on=None, **days):
    """Return a wish for offers that take effect with the form, save those whose day is given."""
    return Wish({**dict.fromkeys(offers, on), **days}, on=on, stated_on=stated_on or date(2023, 10, 1), act=act)


def signed(membership, on=date(2023, 12, 20), by=CLERK):
    for party in ("member", "host"):
        memberships.sign(membership, party, signatory="Ada Bihan", quality="maire", on=on, by=by,
                         authority="délibération autorisant la signature")  # fmt: skip


def active(organization, of, *offers, effect_on=date(2024, 1, 1), vote=None, by=CLERK):
    """Make a membership that took effect on a day, through every step: request, choices, vote, signatures."""
    early = min(date(effect_on.year - 1, 9, 1), effect_on)
    made = memberships.request(organization, of, early, by=by)
    if offers:
        choosing.choose(made, wish(*offers, on=effect_on, stated_on=early), by=by)
    memberships.record_step(made, "voted", by=by, act=vote or act(organization, on=date(effect_on.year - 1, 12, 12)))
    signed(made, on=date(effect_on.year - 1, 12, 20), by=by)
    memberships.take_effect(made, by=by, chosen_on=effect_on)
    return Membership.objects.unscoped().select_related("organization", "agreement").get(pk=made.pk)


def path(membership, more=""):
    """Return the address of the file of a membership, or of a page of it."""
    return f"/adhesions/{membership.pk}/{more}"
