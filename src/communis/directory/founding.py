"""The foundation of a pool: its name, its host and the account of its direction. The owner of the tables alone may do it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db import transaction

from communis.directory import passwords
from communis.directory.enums import GrantRole
from communis.directory.models import Account, Grant, Organization, OrganizationType, ReferenceBody
from communis.directory.names import plain, sort_key
from communis.directory.starting import begin_pool
from communis.foundation.problems import Impossible
from communis.foundation.scope import pool_scope
from communis.foundation.tenancy import Pool

_BEGINNINGS = {"CA ": "communauté d’agglomération", "CC ": "communauté de communes", "CU ": "communauté urbaine"}
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Founder:
    """Who will direct the service; without a password when the account exists already."""

    email: str
    name: str
    password: str | None


def check_new(*, name: str, slug: str, email: str) -> None:
    """Refuse a service that exists, a short name that is no address, an e-mail address that is none."""
    if Pool.objects.filter(slug=slug).exists() or Pool.objects.filter(name=name).exists():
        raise Impossible(f"Le service « {name} » ({slug}) existe déjà. Choisissez un autre nom et un autre nom court.")
    for check, value, words in (
        (validate_slug, slug, "n’est pas un nom court : des lettres sans accent, des chiffres et des traits d’union"),
        (validate_email, email, "n’est pas une adresse e-mail"),
    ):
        try:
            check(value)
        except ValidationError:
            raise Impossible(f"« {value} » {words}.") from None


def check_password(founder: Founder) -> None:
    try:
        passwords.check_password(founder.password or "", Account(email=founder.email, name=founder.name))
    except ValidationError as error:
        raise Impossible(error.message) from None


def has_account(email: str) -> bool:
    return Account.objects.filter(email=email.casefold()).exists()


@transaction.atomic
def found_pool(*, name: str, slug: str, host: ReferenceBody | None, founder: Founder, today: date) -> Pool:
    """Make a pool, its host organization and the right of its direction; an account that exists keeps its password."""
    check_new(name=name, slug=slug, email=founder.email)
    pool = begin_pool(name, slug)
    account = Account.objects.filter(email=founder.email.casefold()).first()
    if account is None:
        check_password(founder)
        account = Account.objects.create_user(founder.email, founder.password, name=founder.name)
    with pool_scope(pool.pk):
        if host is not None:
            type_ = OrganizationType.objects.unscoped().get(name=type_of(host))
            Organization(type=type_, reference=host, name=host.name, siren=host.siren or "", insee=host.insee or "",
                         department=host.department, is_host=True).save()  # fmt: skip
        Grant(account=account, role=GrantRole.DIRECTOR, starts_on=today).save()
    return pool


def type_of(body: ReferenceBody) -> str:
    """Return the type of an entry of the register, by its kind and the first letters of its official name."""
    if body.kind == ReferenceBody.Kind.COMMUNE:
        return "commune"
    return next((words for start, words in _BEGINNINGS.items() if body.name.startswith(start)), "métropole")


def body_of(words: str) -> ReferenceBody:
    """Find an entry of the register by its SIREN or its name; refuse what is unknown or may be several, naming them."""
    asked = words.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if asked.isdigit():
        found = list(ReferenceBody.objects.filter(siren=asked))
        if not found:
            raise Impossible(
                f"Aucune commune ni aucun groupement du registre n’a le SIREN {asked}. Relisez-le, ou donnez le nom."
            )
        return found[0]
    named_so = ReferenceBody.objects.filter(sort_name=sort_key(words))
    near = ReferenceBody.objects.filter(sort_name__contains=plain(words)).order_by("-kind", "sort_name")
    found = list(named_so[: _SHOWN + 1]) or list(near[: _SHOWN + 1])
    if not found:
        raise Impossible(f"Aucune commune ni aucun groupement du registre ne s’appelle « {words} ». Donnez plutôt son SIREN.")
    if len(found) > 1:
        named = ", ".join(f"{body.name} ({body.siren})" for body in found[:_SHOWN])
        more = "…" if len(found) > _SHOWN else ""
        raise Impossible(f"Plusieurs entrées du registre répondent à « {words} » : {named}{more}. Donnez le SIREN.")
    return found[0]
