"""Catalogues in the first pool, and what a convention makes of them."""

from datetime import date

from communis.agreements.enums import VersionStatus
from communis.agreements.models import Adoption, Agreement, Choice, ChoiceForm, Membership, Version
from communis.catalog.loading import load_edition
from communis.catalog.models import Entry
from communis.catalog.operations import show_edition
from factories.world import first_pool


def loaded(slug, name="Catalogue", *, shown=True):
    """A shipped catalogue, read by the members when it is shown."""
    with first_pool():
        edition = load_edition(slug, name)
        if shown:
            show_edition(edition)
    return edition


def entry(edition, **wanted):
    with first_pool():
        return Entry.objects.unscoped().get(edition=edition, **wanted)


def agreement(name="Convention de service commun", short_name="service commun"):
    made = Agreement(name=name, short_name=short_name)
    made.save()
    return made


def version(of, label, edition, starts_on=date(2022, 4, 4), **fields):
    made = Version(agreement=of, label=label, edition=edition, status=VersionStatus.APPROVED, starts_on=starts_on, **fields)
    made.save()
    return made


def member(of, organization, *offers, adopts=None, effect_on=date(2023, 1, 1)):
    """A member with its choices in force, which adopted a version."""
    made = Membership(agreement=of, organization=organization, requested_on=effect_on, effect_on=effect_on)
    made.save()
    form = ChoiceForm(membership=made, stated_on=effect_on, starts_on=effect_on)
    form.save()
    for offer in offers:
        Choice(form=form, offer=offer, starts_on=effect_on).save()
    if adopts is not None:
        Adoption(membership=made, version=adopts, on=effect_on).save()
    return made
