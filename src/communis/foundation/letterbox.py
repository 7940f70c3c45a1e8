"""Where e-mails leave from: a mail server named in the environment, else a folder where they are kept and can be read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from communis.foundation.problems import Impossible

FOLDER = "communis.foundation.letterbox.Folder"
SERVER = "django.core.mail.backends.smtp.EmailBackend"
PORTS = {"smtp": 587, "smtps": 465}


class Folder(BaseEmailBackend):
    """Keep each message in a file that any mail program opens."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            number = message.extra_headers.get("X-Communis-Mail", "0")
            (folder / f"{int(number):06}.eml").write_bytes(message.message().as_bytes())
        return len(email_messages)


def mail_settings(address: str) -> dict[str, Any]:
    """Return Django’s settings for `smtp://name:password@host:587`, or `smtps://…`; without an address, the folder."""
    if not address:
        return {"EMAIL_BACKEND": FOLDER}
    parts = urlsplit(address)
    if parts.scheme not in PORTS or not parts.hostname:
        raise Impossible("COMMUNIS_SMTP ne se lit pas. Écrivez smtp://nom:motdepasse@serveur:587, ou smtps://… pour le port 465.")
    return {
        "EMAIL_BACKEND": SERVER, "EMAIL_HOST": parts.hostname, "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""), "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps", "EMAIL_USE_TLS": parts.scheme == "smtp", "EMAIL_TIMEOUT": 20,
    }  # fmt: skip
