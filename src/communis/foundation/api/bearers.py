"""Who bears a token, and why a token opens nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from communis.foundation.requests import AccountRequest


@dataclass(frozen=True, slots=True)
class Bearer:
    """An account, the pool its token is for, and what the token may read there."""

    account: Any
    pool: int
    token: int
    scopes: frozenset[str]


class TokenRequest(AccountRequest):
    """A request of a program: the door gives it the account of its token, and what bears it."""

    bearer: Bearer


class Unwelcome(Exception):
    """A token that opens nothing; `kind` is one of `problems.PROBLEMS`, `token` its number when it is known."""

    def __init__(self, kind: str, token: int | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.token = token
