"""Tenant rows: what belongs to one pool. Their managers answer nothing until one says for whom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self

from django.db import models

from communis.foundation.scope import current_pool

_trusted: ContextVar[bool] = ContextVar("communis_trusted", default=False)


class ClosedQuery(RuntimeError):
    """A tenant table was read without `visible_to` nor `unscoped`: a bug, caught before the query is sent."""


@contextmanager
def trusted() -> Iterator[None]:
    """Let Django’s own checks (uniqueness, constraints) read the tables of the pool in scope."""
    token = _trusted.set(True)
    try:
        yield
    finally:
        _trusted.reset(token)


_COPY = vars(models.QuerySet)["_clone"]  # what every method of a queryset goes through; the types of Django leave it out


class ScopedQuerySet(models.QuerySet):
    """A queryset that is closed: it raises when it is evaluated, until `visible_to(user)` or `unscoped()` opens it.

    A model says who sees its rows in `rows_visible_to(user)`; the default is nobody.
    """

    _open = False

    def visible_to(self, user: Any) -> Self:
        """Keep the rows of the pool in scope that a person may read: none without a right there."""
        return self._opened().rows_visible_to(user) if user.grants else self._opened().none()

    def unscoped(self) -> Self:
        """Keep all the rows of the pool in scope: for an operation that has asked the predicate of access first."""
        return self._opened()

    def rows_visible_to(self, user: Any) -> Self:
        """Say what somebody who has a right in the pool sees; the queryset is already that of the pool."""
        return self.none()

    def _opened(self) -> Self:
        clone = self.all()
        clone._open = True
        return clone.filter(pool_id=current_pool())

    def _clone(self) -> Self:
        clone: Self = _COPY(self)
        clone._open = self._open
        return clone

    def _ask(self) -> None:
        if not (self._open or _trusted.get()):
            raise ClosedQuery(f"{self.model.__name__}: visible_to(user) or unscoped() first")

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._ask()
        super()._fetch_all()


def _asking(name: str) -> Any:
    """Return a method of QuerySet that asks whether the queryset is open before it does anything."""
    original = getattr(models.QuerySet, name)

    def method(self: ScopedQuerySet, *args: Any, **kwargs: Any) -> Any:
        self._ask()
        return original(self, *args, **kwargs)

    method.__name__ = name
    method.__doc__ = original.__doc__
    return method


for _name in ("iterator", "aiterator", "count", "exists", "aggregate", "update", "_update", "delete", "_raw_delete", "explain",
              "contains", "in_bulk", "resolve_expression"):  # fmt: skip
    setattr(ScopedQuerySet, _name, _asking(_name))


class Pool(models.Model):
    """A pooled department and all that is its own: the boundary that no row, no page and no job crosses."""

    name = models.CharField("nom", max_length=200, unique=True)
    slug = models.SlugField("nom court", unique=True)
    convention = models.SlugField("convention livrée", blank=True, help_text="Le nom de la convention livrée qui le règle.")
    is_demonstration = models.BooleanField("démonstration", default=False)

    class Meta:
        verbose_name = "service mutualisé"
        verbose_name_plural = "services mutualisés"

    def __str__(self) -> str:
        return self.name


class PoolModel(models.Model):
    """A row of one pool. Its references to other rows of pools carry the pool too (see `walls.same_pool`)."""

    pool = models.ForeignKey(
        "foundation.Pool", models.PROTECT, editable=False, related_name="+", verbose_name="service mutualisé"
    )

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pool_id is None:
            self.pool_id = current_pool()
        super().save(*args, **kwargs)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Check the row as one of the pool in scope: what may be there once is looked for in it."""
        if self.pool_id is None:
            self.pool_id = current_pool()
        super().full_clean(*args, **kwargs)

    def validate_unique(self, exclude: Any = None) -> None:
        with trusted():
            super().validate_unique(exclude)

    def validate_constraints(self, exclude: Any = None) -> None:
        with trusted():
            super().validate_constraints(exclude)


def rows_of(model: type[models.Model]) -> Any:
    """Return all the rows, in the pool in scope, of a model known only when it runs: see `unscoped`."""
    manager: Any = model._default_manager
    return manager.unscoped()
