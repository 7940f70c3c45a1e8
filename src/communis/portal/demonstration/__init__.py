"""The demonstration: five pools on their real territories and real populations, invented people, one account a persona.

What is in one pool is never seen from another. Loading again changes nothing.
"""

from __future__ import annotations

from django.db import transaction

from communis.directory.starting import begin_pool
from communis.foundation.scope import pool_scope
from communis.foundation.tenancy import Pool
from communis.portal.demonstration.people import PASSWORD, PERSONAS, Persona
from communis.portal.demonstration.redon import Redon
from communis.portal.demonstration.shipped import GRAND_NANCY, NIMES, SICOVAL, SIDEC

__all__ = ["PASSWORD", "PERSONAS", "Persona", "load"]


@transaction.atomic
def load() -> tuple[Persona, ...]:
    """Make the pools of the demonstration that are missing, and an account a persona. Run as the owner."""
    if not Pool.objects.filter(slug="demonstration-redon").exists():
        redon = begin_pool("Service commun SI et numérique", "demonstration-redon", convention="redon", is_demonstration=True)
        with pool_scope(redon.pk):
            Redon().make()
    for one in (SIDEC, NIMES, SICOVAL, GRAND_NANCY):
        slug = f"demonstration-{one.slug.replace('_', '-')}"
        if not Pool.objects.filter(slug=slug).exists():
            made = begin_pool(one.pool, slug, convention=one.slug, is_demonstration=True)
            with pool_scope(made.pk):
                one.make()
    return PERSONAS
