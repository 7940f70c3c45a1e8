"""One search for everything: what a person may see, by name, SIREN, Insee code or e-mail, without accents nor case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from communis.directory.models import Organization, Partner, Person, Supplier
from communis.directory.names import plain
from communis.directory.register import ReferenceBody
from communis.directory.territory import communes_of, host_of

MOST = 10


@dataclass(frozen=True, slots=True)
class Hit:
    label: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found in a list; `more` tells that there is more than is shown."""

    title: str
    hits: tuple[Hit, ...]
    more: str = ""


def containing(rows: QuerySet, field: str, words: list[str]) -> list[Any]:
    for word in words:
        rows = rows.filter(**{f"{field}__contains": word})
    return list(rows[: MOST + 1])


def found_for(user: Any, text: str) -> list[Hits]:
    """Return what a person finds, list by list; nothing that it may not see."""
    words = plain(text).split()[:8]
    if not words:
        return []
    asked = f"?q={text}"
    organizations = containing(Organization.objects.visible_to(user).select_related("type"), "search_text", words)
    known = {o.insee for o in organizations if o.insee}
    communes = [c for c in containing(communes_of(host_of()), "sort_name", words) if c.insee not in known]
    people = containing(Person.objects.visible_to(user), "search_text", words)
    groups = [
        hits(
            "Organisations",
            organizations,
            lambda o: Hit(o.name, o.type.name, o.get_absolute_url()),
            reverse("organizations") + asked,
        ),
        hits("Communes du territoire", communes, commune_hit, reverse("territory") + asked),
        hits("Personnes", people, lambda p: Hit(str(p), p.email, p.get_absolute_url()), reverse("people") + asked),
    ]
    if user.is_staff_of_host:
        suppliers = containing(Supplier.objects.visible_to(user), "search_text", words)
        groups.append(
            hits(
                "Fournisseurs",
                suppliers,
                lambda s: Hit(s.name, s.get_kind_display(), s.get_absolute_url()),
                reverse("suppliers") + asked,
            )
        )
    partners = containing(Partner.objects.visible_to(user), "search_text", words)
    groups.append(
        hits(
            "Partenaires",
            partners,
            lambda p: Hit(p.name, p.get_kind_display(), reverse("partners") + asked),
            reverse("partners") + asked,
        )
    )
    return [group for group in groups if group.hits]


def commune_hit(body: ReferenceBody) -> Hit:
    return Hit(body.name, f"code Insee {body.insee}", reverse("commune", args=[body.insee]))


def hits(title: str, rows: list[Any], told: Any, more: str) -> Hits:
    return Hits(title, tuple(told(row) for row in rows[:MOST]), more if more and len(rows) > MOST else "")
