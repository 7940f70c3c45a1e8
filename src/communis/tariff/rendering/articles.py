"""How places of the text are cited."""

from __future__ import annotations

from collections.abc import Iterable

from communis.tariff.meaning.units import NBSP


def article_names(references: Iterable[str]) -> str:
    """Write references as a table cites them: « art. 7.1, 4.1 », « passage clé »."""
    references = list(references)
    articles = [reference for reference in references if not reference.startswith("passage")]
    passages = [reference for reference in references if reference.startswith("passage")]
    return ", ".join([f"art.{NBSP}" + ", ".join(articles), *passages] if articles else passages)
