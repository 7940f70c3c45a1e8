"""What a template is filled in: a sandbox that knows which words of the template fail, and the values it is tried on (DOC-22)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from communis.agreements.documents.layout import TABLES
from communis.agreements.documents.values import LABELS, blank

FAILURES = (
    TemplateError, ArithmeticError, AttributeError, LookupError, RuntimeError, SyntaxError, TypeError, ValueError,
)  # what the words of a template can raise, whoever wrote them  # fmt: skip
LINES = (  # the lists that are not tables
    "fondements", "expose", "hypotheses", "decisions", "recours", "lettre", "parties", "preambule",
)  # fmt: skip
SAMPLE = "exemple"
_PARAGRAPH = re.compile(r"\n*<w:p([ >])")
_TAG = re.compile(r"<[^>]+>")
_MARK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_WHY = (
    (TemplateSyntaxError, "ses accolades ne se lisent pas"), (SecurityError, "un modèle n’a pas le droit de le faire"),
    (UndefinedError, "ce nom n’existe pas"), (Exception, "ce calcul ne se fait pas sur les valeurs du document"),
)  # fmt: skip


class Blank(Undefined):
    """A variable of a template that communis does not know."""

    def __str__(self) -> str:
        return blank(self._undefined_name or "")


class Sandbox(SandboxedEnvironment):
    """The sandbox of templates; it keeps what it reads, a paragraph a line, so that a failure names its words.

    Powers and repetitions are refused: they are how a few letters take all the memory there is.
    """

    intercepted_binops = frozenset({"*", "**"})
    read = ""

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(operator)

    def parse(self, source: str, name: str | None = None, filename: str | None = None) -> Any:
        self.read = _PARAGRAPH.sub(r"\n<w:p\1", source)
        return super().parse(self.read, name, filename)

    def from_string(self, source: Any, *args: Any, **options: Any) -> Any:
        self.read = str(source)
        return super().from_string(source, *args, **options)

    def told(self, wrong: BaseException) -> str:
        """Say which words of the template fail, and why."""
        why = next(words for kind, words in _WHY if isinstance(wrong, kind))
        lines, at = self.read.splitlines(), line_of(wrong)
        marks = _MARK.findall(_TAG.sub("", lines[at - 1])) if 0 < at <= len(lines) else []
        return f"« {' '.join(marks)[:200]} », {why}" if marks else why


def line_of(wrong: BaseException) -> int:
    """Return the line of a template on which it failed, 0 when it is not known."""
    if isinstance(wrong, TemplateSyntaxError):
        return wrong.lineno
    return next(iter(reversed([*lines_of(wrong)])), 0)


def lines_of(wrong: BaseException) -> Iterator[int]:
    trace = wrong.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in ("<template>", "<unknown>"):
            yield trace.tb_lineno
        trace = trace.tb_next


def environment(*, strict: bool = False) -> Sandbox:
    """Return the sandbox in which a template is filled; a strict one bears no name that is not known."""
    return Sandbox(undefined=StrictUndefined if strict else Blank, autoescape=True)


def samples() -> Iterator[dict[str, Any]]:
    """Yield the values that a template is tried on: all of them known, then none."""
    rows: dict[str, Any] = {name: [{column: SAMPLE for column in one.columns if column}] for name, one in TABLES.items()}
    rows |= {name: [SAMPLE] for name in LINES}
    yield {name: rows.get(name, SAMPLE) for name in LABELS}
    yield {name: [] if name in rows else "" for name in LABELS}
