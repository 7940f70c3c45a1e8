"""The secret key of an installation: made at random in the data folder the first time, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from communis.foundation.problems import Impossible
from communis.foundation.system import reason


def secret_key(data: Path) -> str:
    """Return the secret of the installation: that of the environment, else the one of the data folder, made if absent."""
    given = os.environ.get("COMMUNIS_SECRET", "")
    if given:
        return given
    path = data / "secret"
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    except OSError as error:
        raise Impossible(
            f"Le dossier de données {data} ne s’écrit pas : {reason(error)}. Choisissez-en un autre avec COMMUNIS_DATA."
        ) from None
    return path.read_text("ascii").strip()
