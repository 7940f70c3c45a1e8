"""Small secrets that the database keeps sealed: a copy of the database alone does not open them."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

_PURPOSE = "communis.foundation.sealing"


class Broken(RuntimeError):
    """A sealed secret does not open: it was changed, or the secret of the installation is another one."""


def _keys() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(salted_hmac(_PURPOSE, "key", secret=secret, algorithm="sha256").digest()))
        for secret in secrets
    )


def sealed(text: str) -> str:
    """Seal a secret with a key drawn from that of the installation."""
    return _keys().encrypt(text.encode()).decode("ascii")


def unsealed(token: str) -> str:
    """Open a secret, also one sealed before the secret of the installation was changed for another."""
    try:
        return _keys().decrypt(token.encode("ascii")).decode()
    except (InvalidToken, UnicodeEncodeError) as problem:
        raise Broken("a sealed secret does not open with the secret of this installation") from problem
