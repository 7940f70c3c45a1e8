"""The search of acts and articles by their words, without accents nor case (DOC-25)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from communis.agreements.models import Article, Resolution
from communis.directory.names import plain


def found_acts(user: Any, words: Sequence[str]) -> QuerySet[Any]:
    """Return the acts that a person may read and that hold every word, the latest first."""
    rows = Resolution.objects.visible_to(user).select_related("organization").defer(*LONG_TEXTS)
    return _holding(rows.order_by("-session_on", "-pk"), words)


def found_articles(user: Any, words: Sequence[str]) -> QuerySet[Any]:
    """Return the articles that a person may read and that hold every word, version by version."""
    rows = Article.objects.visible_to(user).select_related("version__agreement").defer("search_text")
    return _holding(rows.order_by("-version__starts_on", "rank", "pk"), words)


LONG_TEXTS = ("visas", "recitals", "statement", "decisions", "remedies", "annexes", "search_text")


def _holding(rows: QuerySet[Any], words: Sequence[str]) -> QuerySet[Any]:
    asked = [word for typed in words for word in plain(typed).split()]
    if not asked:
        return rows.none()
    for word in asked:
        rows = rows.filter(search_text__contains=word)
    return rows
