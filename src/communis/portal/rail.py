"""What stands left of every page: whose it is, where one may go, who one is."""

from __future__ import annotations

from typing import Any

from django.db.models import Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from communis.agreements.access import may_read_staff_files, may_verify
from communis.directory import access
from communis.directory.models import AccessibilityAudit, Appearance, Organization
from communis.directory.models.accessibility import conformity
from communis.foundation.scope import NoScope, current_pool
from communis.foundation.tenancy import Pool
from communis.kit.parts import Link, Rail, RailGroup, RailItem

MADE = "communis_rail"
FICTITIOUS = "Démonstration : personnes inventées ; communes et populations réelles."


def rail(request: HttpRequest) -> dict[str, Any]:
    """Give a page its rail, made once: the parts of a page that are drawn apart ask for it again."""
    known: dict[str, Any] | None = getattr(request, MADE, None)
    if known is None:
        known = rail_of(request)
        setattr(request, MADE, known)
    return known


def rail_of(request: HttpRequest) -> dict[str, Any]:
    """Return the rail of whoever works in a pool, or reads one’s own account."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    if not user.grants:
        return {"rail": rail_of_account(user)}
    try:
        pool = pool_in_scope()
    except NoScope:
        return {}
    own = (
        []
        if user.is_staff_of_host
        else list(Organization.objects.visible_to(user).filter(pk__in=user.organizations).order_by("sort_name"))
    )
    name = own[0].name if own else pool.host_name or pool.name
    account = account_links()
    return {
        "rail": Rail(
            name=name,
            mark=initials(name),
            logo=reverse("appearance-logo", args=[pool.logo_name]) if pool.logo_name else "",
            sheet=reverse("appearance-sheet", args=[pool.hue[1:]]) if pool.hue else "",
            detail=f"Membre, {pool.name}" if own else pool.name,
            search=reverse("search"),
            person=str(user),
            role=", ".join(dict.fromkeys(g.get_role_display() for g in user.grants)),
            account=account,
            about=(
                Link("Glossaire", reverse("glossary")),
                Link(f"Accessibilité : {state_of(pool)}", reverse("accessibility-of-pool")),
            ),
            sign_out=reverse("account_logout"),
            fictitious=FICTITIOUS if pool.is_demonstration else "",
            groups=member_groups(own) if own else host_groups(user),
        )
    }


def pool_in_scope() -> Any:
    """Return the pool in scope with its host’s name, its look and what its last valid audit found, in one query."""
    hosts = Organization.objects.unscoped().filter(is_host=True)
    look, audits = Appearance.objects.unscoped(), AccessibilityAudit.objects.unscoped().valid_on(timezone.localdate())
    return Pool.objects.annotate(
        host_name=Subquery(hosts.values("name")[:1]),
        hue=Subquery(look.values("hue")[:1]), logo_name=Subquery(look.values("logo_name")[:1]),
        met=Subquery(audits.values("criteria_met")[:1]), applicable=Subquery(audits.values("criteria_applicable")[:1]),
    ).get(pk=current_pool())  # fmt: skip


def state_of(pool: Any) -> str:
    """Say how accessible the pages are known to be, as the law asks each page to."""
    return "non conforme" if pool.met is None else conformity(pool.met, pool.applicable).lower()


def rail_of_account(user: Any) -> Rail:
    """Return the rail of the pages of one’s own account, which belong to no pool."""
    return Rail(
        name="communis", mark="c", home=reverse("home"), person=str(user), sign_out=reverse("account_logout"),
        account=account_links(), about=about_links(), groups=(RailGroup((RailItem("Accueil", reverse("home")),)), own_group()),
    )  # fmt: skip


def own_group() -> RailGroup:
    return RailGroup(
        (
            RailItem("Mon compte", reverse("my-account")),
            RailItem("Second facteur", reverse("mfa_index")),
            RailItem("Mes notifications", reverse("notifications")),
            RailItem("Mes courriels", reverse("my-mails")),
        ),
        "Moi",
    )


def about_links() -> tuple[Link, ...]:
    return (
        Link("Glossaire", reverse("glossary")),
        Link("Accessibilité : non conforme", reverse("accessibility")),
    )


def account_links() -> tuple[Link, ...]:
    return (
        Link("Mon compte", reverse("my-account")),
        Link("Jetons d’API", reverse("tokens")),
        Link("Changer de service", reverse("choose-pool")),
    )


def initials(name: str) -> str:
    """Return two letters that stand for a name."""
    words = [w for w in name.replace("-", " ").replace("’", " ").split() if w[:1].isupper()] or [name]
    return "".join(w[0] for w in words[:2]).upper()


def landing_of(user: Any) -> str:
    """Name the page where the host’s staff lands: who only controls decides nothing."""
    return "À contrôler" if may_verify(user) else "À décider"


def host_groups(user: Any) -> tuple[RailGroup, ...]:
    manages = access.may_manage_directory(user)
    return (
        RailGroup((RailItem(landing_of(user), reverse("home"), key="d"),)),
        RailGroup(
            (
                RailItem("Territoire", reverse("territory"), key="t"),
                RailItem("Organisations", reverse("organizations"), key="o"),
                RailItem("Personnes", reverse("people"), key="p"),
                RailItem("Interlocuteurs", reverse("missing")),
                RailItem("Signatures", reverse("signature")),
            ),
            "Connaître",
        ),
        RailGroup(agreement_items(user), "Convenir"),
        RailGroup((RailItem("Faits", reverse("facts"), key="f"),), "Calculer"),
        RailGroup(
            (
                RailItem("Le service", reverse("department"), key="s"),
                RailItem("Sites couverts", reverse("coverage")),
                RailItem("Fournisseurs", reverse("suppliers")),
                RailItem("Partenaires", reverse("partners")),
            ),
            "Servir",
        ),
        *((RailGroup(settings_items(user), "Régler"),) if manages else ()),
    )


def agreement_items(user: Any) -> tuple[RailItem, ...]:
    """Return the places of conventions; the files of the staff are for those who read them."""
    items = [
        RailItem("Conventions", reverse("conventions"), key="c"),
        RailItem("Adhésions", reverse("memberships"), key="a"),
        RailItem("Actes", reverse("acts"), key="v"),
        RailItem("Catalogues", reverse("editions")),
        RailItem("Admissions", reverse("intakes")),
        RailItem("Documents", reverse("documents")),
    ]
    if may_read_staff_files(user):
        items.append(RailItem("Dossiers d’agents", reverse("staff-files")))
    return tuple(items)


def settings_items(user: Any) -> tuple[RailItem, ...]:
    items = [RailItem("Accès", reverse("access")), RailItem("Travaux en cours", reverse("runs"))]
    if access.may_read_mail_of_pool(user):
        items.append(RailItem("Courriels envoyés", reverse("mails")))
    return (*items, RailItem("Réglages", reverse("settings")))


def member_groups(own: list[Organization]) -> tuple[RailGroup, ...]:
    files = tuple(RailItem(o.name, o.get_absolute_url()) for o in own)
    offers = tuple(RailItem(f"Offres, {o.name}" if len(own) > 1 else "Offres", reverse("offers", args=[o.pk])) for o in own)
    return (
        RailGroup((RailItem("Accueil", reverse("home"), key="d"),)),
        RailGroup(offers, "Ce que nous paierions"),
        RailGroup(
            (*files, RailItem("Faits", reverse("facts"), key="f"), RailItem("Personnes", reverse("people"), key="p")),
            "Notre fiche",
        ),
        RailGroup(
            (
                RailItem("Notre adhésion", reverse("memberships"), key="a"),
                RailItem("Nos actes", reverse("acts"), key="v"),
                RailItem("Notre catalogue", reverse("my-catalogue")),
                RailItem("Conventions", reverse("conventions"), key="c"),
                RailItem("Documents", reverse("documents")),
            ),
            "Convenir",
        ),
        RailGroup(
            (
                RailItem("Territoire", reverse("territory"), key="t"),
                RailItem("Organisations", reverse("organizations"), key="o"),
                RailItem("Le service", reverse("department"), key="s"),
                RailItem("Sites couverts", reverse("coverage")),
                RailItem("Partenaires", reverse("partners")),
            ),
            "Le service commun",
        ),
    )
