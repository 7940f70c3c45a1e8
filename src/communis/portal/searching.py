"""One search for everything that a person may see: by name, number, SIREN, Insee code, e-mail or words of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from communis.agreements.models import Version
from communis.agreements.reading import heading_of
from communis.agreements.searching import found_acts, found_articles
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
    groups += agreed_for(user, words)
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


def agreed_for(user: Any, words: list[str]) -> list[Hits]:
    """Return the conventions, the articles and the acts that hold every word (DOC-25)."""
    asked = f"?{urlencode({'q': ' '.join(words)})}"
    versions = [one for one in versions_seen(user) if all(word in plain(f"{one.agreement.name} {one}") for word in words)]
    return [
        hits("Conventions et avenants", versions, lambda v: Hit(str(v), v.get_status_display(), v.get_absolute_url()),
             reverse("conventions")),
        hits("Articles", list(found_articles(user, words)[: MOST + 1]),
             lambda a: Hit(heading_of(a, a.version), str(a.version), a.get_absolute_url()), ""),
        hits("Actes", list(found_acts(user, words)[: MOST + 1]),
             lambda a: Hit(str(a), f"{a.organization} : {a.subject}", a.get_absolute_url()), reverse("acts") + asked),
    ]  # fmt: skip


def versions_seen(user: Any) -> QuerySet:
    """Return the versions of conventions that somebody may read, without their texts."""
    rows = Version.objects.visible_to(user).select_related("agreement").order_by("agreement__sort_name", "-starts_on", "-pk")
    return rows.only("label", "status", "starts_on", "agreement__name", "agreement__short_name", "agreement__sort_name")


def commune_hit(body: ReferenceBody) -> Hit:
    return Hit(body.name, f"code Insee {body.insee}", reverse("commune", args=[body.insee]))


def hits(title: str, rows: list[Any], told: Any, more: str) -> Hits:
    return Hits(title, tuple(told(row) for row in rows[:MOST]), more if more and len(rows) > MOST else "")
