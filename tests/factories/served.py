"""The command `communis` in processes of its own, as a user runs it, and the demonstration served by it."""

import ctypes
import http.cookiejar
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

from communis.foundation import embedded, system
from factories.command import plain_spaces

OF_THE_TESTS = {
    "COMMUNIS_TESTING",
    "COMMUNIS_TEST_RUN",
    "COMMUNIS_DATA",
    "COMMUNIS_SECOND_FACTOR",
    "COMMUNIS_ROLE",
    "DATABASE_URL",
}
TESTS = Path(__file__).resolve().parents[1]
SETTLING_SECONDS = 30


def clean_environment(**more):
    kept = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
    path = os.pathsep.join([str(TESTS), *filter(None, [kept.get("PYTHONPATH")])])  # the application of the tests is there
    return {**kept, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", **more}


def run(*arguments, stdin="", prefix=(), preexec_fn=None, **environment):
    """Run a command to its end; return its status, its lines and what it says of its errors."""
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "communis", *map(str, arguments)], input=stdin, capture_output=True, text=True,
        encoding="utf-8", env=clean_environment(**environment), timeout=300, preexec_fn=preexec_fn,
    )  # fmt: skip
    return done.returncode, plain_spaces(done.stdout).splitlines(), plain_spaces(done.stderr)


def without_rights_of_root():
    """Make root obey the modes of files, as anybody does."""
    libc = ctypes.CDLL(None)
    for capability in (1, 2):  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, dropped from what a program may get (PR_CAPBSET_DROP)
        libc.prctl(24, capability, 0, 0, 0)


def forget(folder):
    """Remove a data folder, and the files of its server, which are apart when root runs it."""
    shutil.rmtree(embedded.cluster(folder).home, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


class Served:
    """A data folder served by `communis demo` or `communis servir`."""

    def __init__(self, folder, *command):
        self.folder, self.command = Path(folder), command
        self.mark = f"COMMUNIS_MARK={uuid.uuid4()}"
        self.process = None
        self.lines = []
        self.address = ""

    def start(self, **environment):
        name, _, value = self.mark.partition("=")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "communis", *self.command, "--port", "0"], stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env=clean_environment(**{name: value, **environment}), start_new_session=True,
            preexec_fn=system.dying_with_parent(signal.SIGTERM),  # tests that are killed leave nothing
        )  # fmt: skip
        self.lines = []
        for line in self.process.stdout:
            self.lines.append(plain_spaces(line.rstrip("\n")))
            if line.startswith("Ctrl+C") or (line.startswith("Prêt") and self.command[0] != "demo"):
                break
        told = [re.match(r"Prêt : (\S+)", line) for line in self.lines]
        self.address = next(found[1] for found in told if found)
        return self

    def accounts(self):
        """Return the e-mail and the password of each line of the table of accounts; the first is the direction's."""
        rows = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in self.lines if "@" in line]
        return [(row[1], row[2]) for row in rows]

    def processes(self):
        """Return the processes that serve, the supervisor included: all bear its mark in their environment."""
        found = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    if self.mark.encode() in (folder / "environ").read_bytes():
                        found[int(folder.name)] = (
                            (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                        )
                except OSError:
                    continue
        return found

    def process_of(self, words):
        """Return the oldest process whose command holds some words."""
        return min(pid for pid, command in self.processes().items() if words in command)

    def left_after(self, signum):
        """Send a signal to the supervisor; return its status and the processes that are left once all had time to leave."""
        self.process.send_signal(signum)
        status = self.process.wait(SETTLING_SECONDS)
        self.process.stdout.close()
        limit = time.monotonic() + SETTLING_SECONDS
        while (left := self.processes()) and time.monotonic() < limit:
            time.sleep(0.1)
        self.process = None
        return status, left

    def stop(self):
        if self.process is not None:
            self.left_after(signal.SIGINT)


class Browser:
    """Somebody with cookies."""

    def __init__(self, address):
        self.address = address
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path):
        with self.opener.open(self.address + path, timeout=30) as answer:
            return answer.status, answer.geturl().removeprefix(self.address), answer.read().decode("utf-8")

    def post(self, path, **fields):
        token = next(cookie.value for cookie in self.cookies if "csrf" in cookie.name)
        data = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        with self.opener.open(self.address + path, data, timeout=30) as answer:
            return answer.status, answer.geturl().removeprefix(self.address), answer.read().decode("utf-8")

    def sign_in(self, email, password):
        """Sign in by the page; return the address one lands on."""
        self.get("/compte/connexion/")
        _, landed, _ = self.post("/compte/connexion/", login=email, password=password)
        return landed
