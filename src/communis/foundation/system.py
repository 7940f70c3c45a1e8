"""The system user an embedded server runs as, and where its files may live.

PostgreSQL refuses to run as root: then it runs as the system user `communis`, who cannot read a private home folder, so its
binaries and its data live under `/var/lib/communis`. The modes of folders that are not ours are never changed.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from communis.foundation.problems import Impossible

SERVER_USER = "communis"
SHARED_STATE = Path("/var/lib/communis")
_SOCKET_BYTES = 107  # of a socket's full name; the system refuses more
_SOCKET_NAME = "/.s.PGSQL.5432"
_PR_SET_PDEATHSIG = 1


def is_root() -> bool:
    return os.geteuid() == 0


def current_user() -> str:
    """Return the name of the user this process runs as."""
    return pwd.getpwuid(os.geteuid()).pw_name


def server_user() -> str:
    """Return the system user the server runs as: ours, or `communis` when we are root, made if it does not exist."""
    if not is_root():
        return current_user()
    try:
        pwd.getpwnam(SERVER_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVER_USER]
        done = subprocess.run(command, capture_output=True, text=True) if shutil.which("useradd") else None
        if done is None or done.returncode:
            raise Impossible(
                f"PostgreSQL refuse de tourner en root, et l’utilisateur système « {SERVER_USER} » n’a pas pu être créé : "
                f"créez-le (useradd --system {SERVER_USER}), ou lancez communis avec un autre utilisateur."
            ) from None
    return SERVER_USER


def server_home(data: Path) -> Path:
    """Return the folder of the server’s own files for a data folder: inside it, or apart when we are root."""
    if not is_root():
        return data
    return SHARED_STATE / hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:16]


def socket_folder(home: Path) -> Path:
    """Return the folder of the socket: within the server’s files, or in the user’s run-time folder when that name is too long."""
    near = home / "run"
    if len(os.fsencode(f"{near}{_SOCKET_NAME}")) <= _SOCKET_BYTES:
        return near
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:16]
    far = Path(runtime) / f"communis-{digest}"
    if runtime and len(os.fsencode(f"{far}{_SOCKET_NAME}")) <= _SOCKET_BYTES:
        return far
    raise Impossible(
        f"Le nom du dossier de données est trop long pour le serveur de base de données : {home}. "
        "Choisissez un dossier plus court avec COMMUNIS_DATA."
    )


def make_private(folder: Path, owner: str) -> None:
    """Make a folder that only its owner enters, its parents as the system makes them."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if is_root():
            entry = pwd.getpwnam(owner)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        folder.chmod(0o700)
    except PermissionError:
        raise Impossible(
            f"Le dossier {folder} ne peut pas être créé : l’accès est refusé. Donnez-vous le droit d’y écrire, ou choisissez "
            "un autre dossier avec COMMUNIS_DATA."
        ) from None
    except OSError as error:
        raise Impossible(f"Le dossier {folder} ne peut pas être créé : {reason(error)}.") from None


FULL = "le disque est plein (libérez de la place, puis recommencez)"
_REFUSALS = {
    errno.ENOENT: "ce chemin n’existe pas",
    errno.EACCES: "l’accès est refusé",
    errno.EPERM: "l’accès est refusé",
    errno.EEXIST: "le nom est déjà pris",
    errno.ENOTDIR: "ce n’est pas un dossier",
    errno.EISDIR: "c’est un dossier",
    errno.EINVAL: "le système n’accepte pas ce nom",
    errno.EIO: "le disque ne répond pas",
    errno.EBUSY: "un autre programme s’en sert",
    errno.EMFILE: "trop de fichiers sont ouverts",
    errno.ENFILE: "trop de fichiers sont ouverts",
    errno.EFBIG: "le fichier est trop gros",
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: "le disque est en lecture seule",
    errno.ENAMETOOLONG: "son nom est trop long",
    errno.ELOOP: "ses liens tournent en rond",
    errno.EADDRINUSE: "l’adresse est déjà prise",
    errno.EADDRNOTAVAIL: "cette machine n’a pas cette adresse",
}


def reason(error: OSError) -> str:
    """Say in French why the system refuses, whatever its own language."""
    number = f" (erreur {error.errno})" if error.errno else ""
    return _REFUSALS.get(error.errno or 0, f"le système le refuse{number}")


def dying_with_parent(signum: signal.Signals) -> Callable[[], None]:
    """Return what a child runs before its program, so that it gets a signal if we die, even killed."""
    if sys.platform != "linux":  # elsewhere, the next start adopts or stops what was left
        return lambda: None
    libc = ctypes.CDLL(None, use_errno=True)
    return lambda: libc.prctl(_PR_SET_PDEATHSIG, signum) and None
