"""The rail of pages that give none: those of one’s own account, which belong to no pool."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from communis.directory import access
from communis.kit.parts import Link, Rail, RailGroup, RailItem


def rail_of_account(request: HttpRequest) -> dict[str, Any]:
    """Give every page the rail of its reader; a page of a pool gives its own instead."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    own = [
        RailItem("Mon compte", reverse("my-account")), RailItem("Second facteur", reverse("mfa_index")),
        RailItem("Mes notifications", reverse("notifications")), RailItem("Mes courriels", reverse("my-mails")),
    ]  # fmt: skip
    of_pool = [RailItem("Accès", reverse("access"))] if access.may_see_access(user) else []
    of_pool += [RailItem("Courriels envoyés", reverse("mails"))] if access.may_read_mail_of_pool(user) else []
    groups = [
        RailGroup([RailItem("Accueil", reverse("home"))]), *([RailGroup(of_pool, "Direction")] if of_pool else []),
        RailGroup(own, "Moi"),
    ]  # fmt: skip
    rail = Rail(
        name="communis", mark="c", home=reverse("home"), groups=groups, person=user.name,
        role=", ".join(sorted({grant.get_role_display() for grant in user.grants})), sign_out=reverse("account_logout"),
        account=[Link("Mon compte", reverse("my-account")), Link("Changer de service", reverse("choose-pool"))],
    )  # fmt: skip
    return {"rail": rail}
