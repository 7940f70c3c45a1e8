"""The result of a computation: statements, what the host bears, totals; one versioned JSON that every surface uses."""

from communis.tariff.result.articles import OfArticle, produced_by
from communis.tariff.result.computing import EnginesDisagree, compute, one_line
from communis.tariff.result.statements import Result, Statement, Tax
from communis.tariff.result.written import (
    budget_year,
    decimal_text,
    flags_json,
    interpretation_json,
    line_json,
    unit_text,
)

__all__ = [
    "EnginesDisagree", "OfArticle", "Result", "Statement", "Tax", "budget_year", "compute", "decimal_text", "flags_json",
    "interpretation_json", "line_json", "one_line", "produced_by", "unit_text",
]  # fmt: skip
