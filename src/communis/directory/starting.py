"""A new pool: its name, its types of organizations and of facts. Made by the owner of the tables; the application cannot."""

from __future__ import annotations

from django.db import transaction

from communis.directory.enums import FactShape
from communis.directory.models import POPULATION, FactType, OrganizationType
from communis.foundation.scope import pool_scope
from communis.foundation.tenancy import Pool

TYPES = (
    "commune", "communauté de communes", "communauté d’agglomération", "communauté urbaine", "métropole", "syndicat mixte",
    "syndicat intercommunal", "syndicat scolaire", "pôle métropolitain", "CCAS", "établissement public", "établissement associé",
)  # fmt: skip
FACTS = (  # name in conventions, label, shape, unit, whether it has kinds
    (POPULATION, "population", FactShape.NUMBER, "hab", True),
    ("postes_de_travail", "postes de travail", FactShape.NUMBER, "poste", False),
    ("go_stockés", "données stockées", FactShape.NUMBER, "Go", False),
    ("comptes", "comptes d’utilisateurs", FactShape.NUMBER, "compte", False),
    ("licences", "licences", FactShape.NUMBER, "licence", False),
    ("lignes", "lignes", FactShape.NUMBER, "ligne", False),
    ("compte_fonctionnement", "compte administratif, fonctionnement", FactShape.NUMBER, "€", False),
    ("compte_investissement", "compte administratif, investissement", FactShape.NUMBER, "€", False),
    ("dispose_d_un_service_informatique", "dispose d’un service informatique", FactShape.YES_NO, "", False),
)


@transaction.atomic
def begin_pool(name: str, slug: str, *, convention: str = "", is_demonstration: bool = False) -> Pool:
    """Make a pool with the types of organizations (ORG-01) and of facts (ORG-06 to ORG-08) that it may then change.

    Raises ValidationError when the name or the short name is taken. Run as the owner of the tables.
    """
    pool = Pool(name=name, slug=slug, convention=convention, is_demonstration=is_demonstration)
    pool.full_clean()
    pool.save()
    with pool_scope(pool.pk):
        furnish()
    return pool


def furnish() -> None:
    """Give the pool in scope its first types of organizations and of facts."""
    for title in TYPES:
        OrganizationType(name=title, is_commune=title == "commune").save()
    for code, label, shape, unit, has_kinds in FACTS:
        FactType(code=code, label=label, shape=shape, unit=unit, has_kinds=has_kinds).save()
