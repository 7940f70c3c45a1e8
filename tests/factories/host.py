"""A PostgreSQL of the host’s own: Debian’s 15, made for the time of a test as the guide tells an administrator to."""

import re
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg

from communis.foundation import system

BINARIES = Path("/usr/lib/postgresql/15/bin")
MISSING = "Debian’s PostgreSQL 15 is not here (apt-get install postgresql-15): nothing is proved about it"
PASSWORD = "mot-de-passe"
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "fr" / "installer.md"
STARTING_SECONDS = 60


class Host:
    """A running server, and what an administrator does on it."""

    def __init__(self, folder):
        self.folder = folder

    def connect(self, user="postgres", name="postgres"):
        return psycopg.connect(host=self.folder, user=user, dbname=name, password=PASSWORD, autocommit=True)

    def obey_the_guide(self):
        """Run the statements of the guide, each password filled in."""
        statements = re.search(r"```sql\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)[1]
        psql = [str(BINARIES / "psql"), "-h", self.folder, "-U", "postgres", "-X", "-q", "-v", "ON_ERROR_STOP=1"]
        typed = statements.replace("…", PASSWORD)
        subprocess.run(psql, input=typed, text=True, check=True, env={"PGPASSWORD": PASSWORD, "PGCLIENTENCODING": "UTF8"})

    def addresses(self, name="communis", backup="communis_backup"):
        """Return the variables of the guide."""
        users = {"DATABASE_URL": "communis_app", "DATABASE_OWNER_URL": "communis_owner", "DATABASE_BACKUP_URL": backup}
        return {key: f"postgresql://{user}:{PASSWORD}@/{name}?host={self.folder}" for key, user in users.items()}


@contextmanager
def running_host():
    """Hold a server of Debian’s 15, made anew and removed."""
    user = system.SERVER_USER if system.is_root() else None
    if user:
        system.server_user()
    folder = Path(tempfile.mkdtemp(prefix="communis-host-"))
    if user:
        shutil.chown(folder, user)
    secret = folder / "secret"
    secret.write_text(PASSWORD)
    files = folder / "files"
    made = [BINARIES / "initdb", "-D", files, "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256",
            f"--pwfile={secret}", "--no-sync"]  # fmt: skip
    if user:
        shutil.chown(secret, user)
    subprocess.run(list(map(str, made)), check=True, capture_output=True, user=user, cwd="/")
    settings = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
    log = (folder / "log").open("wb")
    command = [str(BINARIES / "postgres"), "-D", str(files), *settings]
    server = subprocess.Popen(command, stdout=log, stderr=log, user=user, cwd="/",
                              preexec_fn=system.dying_with_parent(signal.SIGINT))  # fmt: skip
    try:
        host = Host(str(folder))
        wait_for(host, server)
        yield host
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(STARTING_SECONDS)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(host, server):
    limit = time.monotonic() + STARTING_SECONDS
    while server.poll() is None and time.monotonic() < limit:
        try:
            host.connect().close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError((Path(host.folder) / "log").read_text("utf-8", "replace"))
