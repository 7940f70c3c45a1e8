"""How deep formulas go, through the names they read: bounded, so that whatever walks them never goes far (language.md 2.7)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

DEEPEST = 120
LINK = 3
"""What a name adds to the depth of the formula that reads it."""


class Depth:
    """Follows the reading of formulas: where it stands, how deep it went, and how deep each rule goes."""

    def __init__(self) -> None:
        self.level = 0
        self.deepest = 0
        self.of_rules: dict[str, int] = {}

    @property
    def passed(self) -> bool:
        """Tell whether the formulas read went too deep."""
        return self.deepest > DEEPEST

    @contextmanager
    def below(self, levels: int = 1) -> Iterator[None]:
        """Read one operand, a name away or right here."""
        self.level += levels
        self.deepest = max(self.deepest, self.level)
        try:
            yield
        finally:
            self.level -= levels

    @contextmanager
    def of_rule(self, name: str) -> Iterator[None]:
        """Read a rule for the first time, and keep how deep it goes."""
        before, self.deepest = self.deepest, self.level
        try:
            with self.below(LINK):
                yield
            self.of_rules[name] = self.deepest - self.level
        finally:
            self.deepest = max(before, self.deepest)

    def again(self, name: str) -> None:
        """Count a rule that was read before, from where it is read now."""
        self.deepest = max(self.deepest, self.level + self.of_rules.get(name, 0))
