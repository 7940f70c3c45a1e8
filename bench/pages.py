"""Server time, queries and weight of the main pages, on a pool of 500 members and 100 000 facts, with the whole register.

    python bench/pages.py [--rounds 60] [--only WORDS] [--keep FOLDER] [--json]

An embedded server in a temporary folder, the web server as it is served (one process), one request at a time on the loopback.
The time is read inside the server, around the whole application; « empty » is a page that does nothing behind the same door,
asked in turn with each page; « busy » is the time on a processor, of the thread and of its backend, which what else the machine
does changes little. Queries are those of the page: scope, session and transaction apart. Exit 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from plans import scans_of, tables_of
from weight import Weights

from communis.foundation import embedded, system
from communis.foundation.serving import gunicorn, listening

HERE = Path(__file__).parent
PAGE_BAR, SEARCH_BAR, NOTE_BAR, REGISTER_BAR = 150.0, 100.0, 150.0, 20.0  # milliseconds; seconds for the register
QUERIES_BAR, WEIGHT_BAR = 8, 200_000
WARMING = 5
EMPTY = "/rien/"
TITLES = f"{'':<26}  min ms     p50     p95     max /empty   busy queries       kB all kB"
HOST, MEMBER = "director", "office"


@dataclass(frozen=True, slots=True)
class Asked:
    """A page to measure: what it is called, its address, whose session, its bars (none for a file of all the rows)."""

    name: str
    path: str
    role: str = HOST
    bar: float | None = PAGE_BAR
    is_list: bool = False


@dataclass(slots=True)
class Measured:
    """What a page was found to take; bars missed are named."""

    name: str
    least: float
    p50: float
    p95: float
    worst: float
    ratio: float
    busy: float
    queries: int
    bytes: int
    weight: int
    scans: list[str]
    missed: list[str] = field(default_factory=list)


def pages(found: dict[str, int]) -> list[Asked]:
    """Return the pages measured."""
    file, host = f"/organisations/{found['organization']}/", f"/organisations/{found['host']}/"
    commune = "/territoire/62893/"  # the last of the Pas-de-Calais by name, which is not a member
    note = "?note=socle_complet-contribution-2025"
    lists = [
        ("territory", "/territoire/"), ("territory, sought", "/territoire/?q=saint"), ("organizations", "/organisations/"),
        ("organizations, sought", "/organisations/?q=saint&sort=siren"), ("people", "/personnes/"),
        ("people, last page", "/personnes/?page=9999"), ("people, by role", "/personnes/?kind=mayor"),
        ("missing contacts", "/interlocuteurs/"), ("facts", "/faits/"), ("facts, 100 a page", "/faits/?par=100"),
        ("facts, last page", "/faits/?page=99999"), ("facts, middle page", "/faits/?page=2000"),
        ("facts, by year", "/faits/?year=2025"), ("facts, sought", "/faits/?q=achicourt"),
        ("facts, by date", "/faits/?sort=-valid_on"), ("facts, by author", "/faits/?sort=entered_by"),
        ("department", "/service/"), ("suppliers", "/fournisseurs/"), ("partners", "/partenaires/"), ("access", "/acces/"),
        ("acts", "/actes/"), ("acts, last page", "/actes/?page=99999"), ("acts, sought", "/actes/?q=restauration"),
        ("acts, by organization", "/actes/?sort=organization"), ("memberships", "/adhesions/"),
        ("memberships, last page", "/adhesions/?page=9999"), ("conventions", "/conventions/"), ("documents", "/documents/"),
        ("adoptions", f"/conventions/versions/{found['version']}/adoptions/"), ("editions", "/catalogues/"),
        ("settings", "/reglages/"), ("runs", "/travaux/"), ("mails", "/courriels/"), ("tokens", "/jetons/service/"),
    ]  # fmt: skip
    return [
        *(Asked(f"home, {role}", "/", role) for role in ("director", "finance", "technician", "auditor", "executive", "elected")),
        *(Asked(name, path, is_list=True) for name, path in lists),
        Asked("facts, of a member", "/faits/", MEMBER, is_list=True),
        Asked("people, of a member", "/personnes/", MEMBER, is_list=True),
        Asked("acts, of a member", "/actes/", MEMBER, is_list=True), Asked("act", f"/actes/{found['act']}/"),
        Asked("convention", f"/conventions/{found['agreement']}/"),
        Asked("version", f"/conventions/versions/{found['version']}/"),
        Asked("versions compared", f"/conventions/versions/{found['version']}/comparer/"),
        Asked("amendment", f"/conventions/avenants/{found['amendment']}/"),
        Asked("membership", f"/adhesions/{found['membership']}/"),
        Asked("membership, of a member", f"/adhesions/{found['membership']}/", MEMBER),
        Asked("catalogue, of a member", "/mon-catalogue/", MEMBER),
        Asked("organization", file), Asked("host", host), Asked("organization, of a member", file, MEMBER),
        Asked("person", f"/personnes/{found['person']}/"), Asked("fact and its past", f"/faits/{found['fact']}/"),
        Asked("supplier", f"/fournisseurs/{found['supplier']}/"), Asked("post", f"/service/postes/{found['post']}/"),
        Asked("history", f"/historique/organisations/{found['organization']}/"), Asked("commune", commune),
        Asked("offers", f"{file}offres/"), Asked("offers, of a member", f"{file}offres/", MEMBER),
        Asked("offers, explained", f"{file}offres/{note}", bar=NOTE_BAR), Asked("offers of a commune", f"{commune}offres/"),
        Asked("offers supposed", f"{file}offres/{note}&h-habitants-2026=2400", bar=NOTE_BAR),
        *(
            Asked(f"search, {name}", f"/recherche/?q={text}", bar=SEARCH_BAR)
            for name, text in (("short", "a"), ("long", "saint%20nicolas"), ("person", "behague"), ("nothing", "zzzzzz"))
        ),
        Asked("API organizations", "/api/v1/organizations", "token", is_list=True),
        Asked("API facts", "/api/v1/facts", "token", is_list=True), Asked("API people", "/api/v1/people", "token", is_list=True),
        Asked("API facts, all", "/api/v1/facts?all=true&limit=200", "token", is_list=True),
        Asked("API territory", "/api/v1/territory", "token", is_list=True),
        Asked("file of organizations", "/organisations/?export=csv", bar=None, is_list=True),
        Asked("workbook of people", "/personnes/?export=xlsx", bar=None, is_list=True),
        Asked("file of a year of facts", "/faits/?year=2020&export=csv", bar=None, is_list=True),
    ]  # fmt: skip


class Visitor:
    """Somebody on the loopback, with one connection that stays open."""

    def __init__(self, port: int, made: dict[str, Any]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.made = made

    def get(self, path: str, role: str, **more: str) -> tuple[http.client.HTTPResponse, bytes]:
        headers = {"Accept-Encoding": "gzip", **more}
        if role == "token":
            headers["Authorization"] = f"Bearer {self.made['token']}"
        else:
            headers["Cookie"] = f"communis_session={self.made['cookies'][role]}"
        self.connection.request("GET", path, headers=headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.headers.get("Content-Encoding") == "gzip":
            answer.sent, body = len(body), gzip.decompress(body)
        else:
            answer.sent = len(body)
        if answer.status != 200:
            raise RuntimeError(f"{path}, {role}: {answer.status} {answer.headers.get('Location', '')} {body[:300]!r}")
        return answer, body


def measured(visitor: Visitor, asked: Asked, rounds: int, weights: Weights, large: dict[str, float]) -> Measured:
    """Ask for a page many times, in turn with the page that does nothing."""
    for _ in range(WARMING):
        answer, body = visitor.get(asked.path, asked.role)
    mine, empty, busy = [], [], []
    for _ in range(rounds):
        answer, body = visitor.get(asked.path, asked.role)
        mine.append(float(answer.headers["X-Milliseconds"]))
        busy.append(float(answer.headers["X-Busy"]))
        empty.append(float(visitor.get(EMPTY, HOST)[0].headers["X-Milliseconds"]))
    p50, p95 = statistics.median(mine), statistics.quantiles(mine, n=20)[18]
    plans = json.loads(visitor.get(asked.path, asked.role, **{"X-Explain": "yes"})[1])
    is_page = answer.headers["Content-Type"].startswith("text/html")
    queries = int(answer.headers["X-Queries"])
    found = Measured(
        asked.name, min(mine), p50, p95, max(mine), p50 / statistics.median(empty), statistics.median(busy), queries, answer.sent,
        answer.sent + weights.of(body) if is_page else 0, sorted({s for sql, plan in plans for s in scans_of(plan, large)}),
    )  # fmt: skip
    missed = {
        f"p95 over {asked.bar or 0:.0f} ms": asked.bar is not None and p95 > asked.bar,
        f"over {QUERIES_BAR} queries": asked.is_list and queries > QUERIES_BAR,
        f"over {WEIGHT_BAR // 1000} kB": found.weight > WEIGHT_BAR,
        f"reads the whole of {', '.join(found.scans)}": bool(found.scans),
    }
    found.missed = [words for words, is_missed in missed.items() if is_missed]
    return found


@contextmanager
def served(data: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Hold a server of the large pool: its port, and what the pool told."""
    os.environ.update(COMMUNIS_DATA=str(data), COMMUNIS_API_RATE="1000000", PYTHONPATH=str(HERE))
    os.environ["DJANGO_SETTINGS_MODULE"] = "communis.settings"
    with embedded.running(data) as place:
        made = made_in(data) | {"tables": tables_of(place)}
        bound = listening("127.0.0.1", 0)
        command = [word.replace("communis.portal.wsgi", "measured.wsgi") for word in gunicorn(bound.fileno(), 1)]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "measured.settings"}
        web = subprocess.Popen(
            command, pass_fds=[bound.fileno()], env=environment, preexec_fn=system.dying_with_parent(signal.SIGTERM)
        )
        try:
            wait_for(bound.getsockname()[1], web)
            yield bound.getsockname()[1], made
        finally:
            web.terminate()
            web.wait(20)
            bound.close()


def made_in(data: Path) -> dict[str, Any]:
    """Return what the pool told when it was made; make it when the folder has none."""
    told = data / "pool.json"
    if not told.is_file():
        begun = time.perf_counter()
        done = subprocess.run([sys.executable, str(HERE / "pool.py")], check=True, stdout=subprocess.PIPE, text=True)
        told.write_text(done.stdout.splitlines()[-1], "utf-8")
        print(f"the pool was made in {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    return json.loads(told.read_text("utf-8"))


@contextmanager
def folder_for(kept: Path | None) -> Iterator[Path]:
    """Hold the data folder: one that is kept, else one that goes with its server."""
    if kept is not None:
        yield kept.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="communis-") as folder:
        data = Path(folder) / "data"
        try:
            yield data
        finally:
            shutil.rmtree(embedded.cluster(data).home, ignore_errors=True)  # apart from the folder when run by root


def wait_for(port: int, web: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit and web.poll() is None:
        try:
            asking = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            asking.request("GET", "/pret")
            if asking.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    raise RuntimeError("the web server does not answer")


def line_of(one: Measured) -> str:
    weight = f"{one.weight / 1000:6.0f}" if one.weight else "      "
    told = "MISSED: " + "; ".join(one.missed) if one.missed else "held"
    return (
        f"{one.name:<26} {one.least:7.1f} {one.p50:7.1f} {one.p95:7.1f} {one.worst:7.1f} {one.ratio:6.1f} {one.busy:6.1f} "
        f"{one.queries:7d} {one.bytes / 1000:8.1f} {weight}  {told}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--only", default="", help="measure only the pages whose name holds these words")
    parser.add_argument("--keep", type=Path, help="a data folder to keep and to find again: the pool is made once")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = []
    with folder_for(options.keep) as data, served(data) as (port, made):
        register = made["register_seconds"]
        if not options.json:
            print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {options.rounds} requests a page")
            print(f"register of communes loaded in {register:.1f} s (bar {REGISTER_BAR:.0f} s)")
            print(TITLES)
        visitor, weights = Visitor(port, made), Weights(data / "static")
        for asked in [Asked("empty", EMPTY), *pages(made["found"])]:
            if options.only in asked.name:
                found.append(measured(visitor, asked, options.rounds, weights, made["tables"]))
                if not options.json:
                    print(line_of(found[-1]), flush=True)
        visitor.connection.close()
    if options.json:
        told = {"cores": os.cpu_count(), "load": os.getloadavg(), "register_seconds": register}
        print(json.dumps({**told, "rows": made["tables"], "pages": [asdict(one) for one in found]}, ensure_ascii=False, indent=1))
    missed = sum(1 for one in found if one.missed) + (register > REGISTER_BAR)
    print(f"{missed} missed, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
