"""What may not be done, said to the person who asked: what is refused, why, and what to do."""

from communis.kit.parts import Link


class Refusal(Exception):
    """A forbidden act; `str()` is the French sentence shown to whoever tried, and `see` leads to what stands in the way."""

    def __init__(self, words: str = "", see: Link | None = None) -> None:
        super().__init__(words)
        self.see = see
