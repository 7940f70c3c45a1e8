"""What may not be done, said to the person who asked: what is refused, why, and what to do."""


class Refusal(Exception):
    """A forbidden act; `str()` is the French sentence shown to whoever tried."""
