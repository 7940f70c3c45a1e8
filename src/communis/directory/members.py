"""Which organizations somebody keeps, and which are members of the service on a day: a higher room knows who adheres."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.module_loading import import_string

from communis.directory.access import may_manage_directory
from communis.directory.enums import EXPECTED
from communis.directory.models import Organization, Role


def kept_organizations(user: Any) -> QuerySet[Organization]:
    """Return the organizations whose file somebody keeps; one may also read others, for which one only sits or follows."""
    rows = Organization.objects.visible_to(user)
    return rows if may_manage_directory(user) else rows.filter(pk__in=user.writes_for)


def members_on(user: Any, day: date) -> QuerySet[Organization]:
    """Return the organizations that adhere on a day, among those that somebody sees; all of them while nobody adheres yet."""
    adhering: Callable[[date], QuerySet[Any]] = import_string(settings.COMMUNIS_ADHERING)
    rows, known = Organization.objects.visible_to(user).filter(is_host=False).exclude(ends_on__lt=day), adhering(day)
    return rows.filter(Q(pk__in=known) | ~Exists(known))


def contacts_missing(user: Any, day: date) -> dict[Organization, tuple[str, ...]]:
    """Return what each organization that has to name its contacts has not named, those that named them all included (ORG-09).

    Members have to: neither the gestionnaire, nor an organization that does not adhere, nor one that has ended.
    """
    held = Role.objects.visible_to(user).on(day).filter(kind__in=EXPECTED, organization=OuterRef("pk"))
    rows = members_on(user, day).annotate(held=ArraySubquery(held.values("kind"))).order_by("sort_name", "id")
    return {one: tuple(kind for kind in EXPECTED if kind not in one.held) for one in rows}
