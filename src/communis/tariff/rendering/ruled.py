"""A ruled table on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text


def print_ruled(rows: Sequence[Sequence[str]], sides: Sequence[str], *, title: str, console: Console | None = None) -> None:
    """Print a header and rows, each column on its side (« l » or « r »); what goes right, amounts, is never cut."""
    table = Table(title=Text(title) if title else None, title_justify="left", box=box.SIMPLE_HEAD, show_edge=False)
    header, *body = rows
    for words, side in zip(header, sides, strict=True):
        right = side == "r"
        table.add_column(Text(words), justify="right" if right else "left", no_wrap=right)
    for row in body:
        table.add_row(*map(Text, row))
    (console or Console(highlight=False)).print(table)
