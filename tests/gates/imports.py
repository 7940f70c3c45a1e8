"""A million rows with two thousand faults of forty kinds are each told by their line, nothing is kept, in two minutes and 500 MB.

`script/gates imports [--rows 1000000] [--faults 2000]`. Then the legal populations of the whole of France, in twenty seconds.
A database server is made for the gate, and removed.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

TITLES = "Organisation;Fait;Valeur;Nature;À la date du;Jusqu’au;Publié le;Source;Motif\r\n"
MOST_SECONDS, MOST_MEGABYTES, POPULATIONS_SECONDS = 120, 500, 20
ORGANIZATIONS, LONGEST = 500, 10_000_000
Maker = Callable[[str, str, str], bytes]  # the organization, the day, the source: the bytes of a line, without its end


def row(organization: str, day: str, source: str, **changes: str) -> bytes:
    cells = {"organization": organization, "type": "postes_de_travail", "value": "12", "kind": "", "day": day, "until": "",
             "published": "", "source": source, "reason": ""} | changes  # fmt: skip
    return ";".join(cells.values()).encode()


def with_cells(**changes: str) -> Maker:
    return lambda organization, day, source: row(**{"organization": organization, "day": day, "source": source, **changes})


def cut(**options: int) -> Maker:
    return lambda *given: b";".join(row(*given).split(b";")[: options["cells"]])


# What is wrong with a line: the column by which it is told, and how the line is written.
KINDS: dict[str, tuple[str, Maker]] = {
    "no organization": ("A", with_cells(organization="")),
    "unknown organization": ("A", with_cells(organization="Atlantide")),
    "no fact": ("B", with_cells(type="")),
    "unknown fact": ("B", with_cells(type="planètes")),
    "no value": ("C", with_cells(value="")),
    "words for a number": ("C", with_cells(value="beaucoup")),
    "negative number": ("C", with_cells(value="-1")),
    "too many decimals": ("C", with_cells(value="1,1234567")),
    "too many figures": ("C", with_cells(value="123456789012345")),
    "number abridged": ("C", with_cells(value="2,13503E+13")),
    "formula in error": ("C", with_cells(value="#REF!")),
    "formula in error, in French": ("C", with_cells(value="#NOM ?")),
    "no day": ("E", with_cells(day="")),
    "day that does not exist": ("E", with_cells(day="31/02/2025")),
    "month that does not exist": ("E", with_cells(day="2025-13-01")),
    "words for a day": ("E", with_cells(day="hier")),
    "year too far back": ("E", with_cells(day="01/01/1799")),
    "year too far off": ("E", with_cells(day="01/01/2300")),
    "end before the beginning": ("F", with_cells(until="31/12/1950")),
    "unreadable end": ("F", with_cells(until="bientôt")),
    "unreadable publication": ("G", with_cells(published="30/02/2025")),
    "no kind of population": ("D", with_cells(type="habitants")),
    "unknown kind of population": ("D", with_cells(type="habitants", kind="générale")),
    "kind without reason": ("D", with_cells(kind="totale")),
    "part of an inhabitant": ("C", with_cells(type="habitants", kind="totale", value="12,5")),
    "neither yes nor no": ("C", with_cells(type="dsi", value="peut-être")),
    "no source": ("H", with_cells(source="")),
    "source too long": ("H", with_cells(source="x" * 301)),
    "reason too long": ("I", with_cells(reason="x" * 301)),
    "already known otherwise": ("I", with_cells(type="licences", day="01/01/2020", value="7")),
    "said twice": ("A", lambda organization, day, source: row(organization, "02/01/1950", source)),
    "said twice, by another name": ("A", lambda organization, day, source: row(organization.upper(), "1950-01-02", source)),
    "null character": ("H", with_cells(source="a\0b")),
    "text turned round": ("H", with_cells(source="a\u202eb")),
    "byte that is no UTF-8": ("H", lambda *given: row(*given).replace(given[2].encode(), b"\xe9t\xe9")),
    "cell of two lines": ("H", with_cells(source='"deux\r\nlignes"')),
    "text after a quote": ("H", with_cells(source='"a"b')),
    "quote never closed": ("H", with_cells(source='"jamais')),
    "too many cells": ("J", lambda *given: row(*given) + b";de trop"),
    "too few cells": ("D", cut(cells=3)),
    "cell too long": ("H", with_cells(source="x" * 10_001)),
    "cell of ten megabytes": ("H", with_cells(source="x" * LONGEST)),
}
SAID_ELSEWHERE = {"already known otherwise", "said twice", "said twice, by another name"}
RARE = {"cell of ten megabytes": 2}


def name_of(rank: int) -> str:
    return f"Commune {rank:03}"


def planted(into: Path, rows: int, faults: int) -> list[tuple[int, str, str]]:
    """Write a file of facts with faults at even distances; return the line of each, its column and its kind."""
    names = [name for name in KINDS if name not in RARE]
    kinds = [name for name, count in RARE.items() for _ in range(min(count, faults // 20))]
    kinds += [names[rank % len(names)] for rank in range(faults - len(kinds))]
    every, told, line = (rows - ORGANIZATIONS) // faults, [], 2
    with into.open("wb") as file:
        file.write("\ufeff".encode() + TITLES.encode())
        said_twice = [row(name_of(rank), "02/01/1950", "Inventaire") for rank in range(ORGANIZATIONS)]
        file.write(b"\r\n".join(said_twice) + b"\r\n")
        line += ORGANIZATIONS
        for rank in range(rows - ORGANIZATIONS):
            given = (name_of(rank % ORGANIZATIONS), day_of(rank // ORGANIZATIONS), "Inventaire")
            written = row(*given, value=str(rank % 5_000))
            if rank % every == every // 2 and len(told) < faults:
                kind = kinds[len(told)]
                if kind in SAID_ELSEWHERE:
                    given = (name_of(len(told) // len(names)), *given[1:])
                told.append((line, KINDS[kind][0], kind))
                written = KINDS[kind][1](*given)
            file.write(written + (b"\r\n" if rank % 3 else b"\n"))
            line += 1 + written.count(b"\n")
    return told


def day_of(rank: int) -> str:
    """Return a day among those of a century."""
    return f"{rank % 28 + 1:02}/{rank // 28 % 12 + 1:02}/{1951 + rank // 336}"


def furnish() -> None:
    """Make the organizations and the facts that the file speaks of, in the pool in scope."""
    from communis.directory.models import Fact, FactType, Organization, OrganizationType  # slow: Django must be ready

    type_ = OrganizationType(name="Commune du portail", is_commune=True)
    type_.save()
    licences = FactType(code="licences", label="Licences")
    for one in (licences, FactType(code="postes_de_travail", label="Postes"), FactType(code="dsi", label="DSI", shape="yes_no"),
                FactType(code="habitants", label="Population", has_kinds=True)):  # fmt: skip
        one.save()
    for rank in range(ORGANIZATIONS):
        made = Organization(type=type_, name=name_of(rank))
        made.save()
        Fact(type=licences, organization=made, number=6, valid_on="2020-01-01", source="x", entered_by="x",
             entered_at="2020-01-01T00:00Z").save()  # fmt: skip


# ---------------------------------------------------------------- the gate


@contextmanager
def served() -> Iterator[None]:
    """Make a database of its own for the gate, migrated, and act as the application."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"COMMUNIS_DATA": folder, "DJANGO_SETTINGS_MODULE": "communis.settings", "COMMUNIS_ROLE": "app"}
        os.environ.pop("DATABASE_URL", None)
        from communis.foundation import embedded, preparing  # slow: Django, once the settings are known

        with embedded.running(Path(folder)):
            preparing.ready(print)
            yield


def person_of(pool_name: str) -> tuple[int, object]:
    """Make a pool and whoever directs it."""
    from communis.directory.models import Account, Grant  # slow: Django must be ready
    from communis.foundation.preparing import acting_as  # slow: Django must be ready
    from communis.foundation.scope import pool_scope  # slow: Django must be ready
    from communis.foundation.tenancy import Pool  # slow: Django must be ready

    with acting_as("owner"):
        pool = Pool.objects.create(name=pool_name, slug="portail").pk
    account = Account.objects.create_user("portail@exemple.fr", None, name="Portail")
    with pool_scope(pool):
        Grant(account=account, role="director", starts_on="2020-01-01").save()
    return pool, account


def carried_out(pool: int, account: object, name: str, step: str, key: str) -> tuple[str, str, float]:
    """Carry out a run as the worker does; return how it ended, what it says, and how long it took."""
    from django.utils import timezone  # slow: Django must be ready

    from communis.foundation import jobs, operations  # slow: Django must be ready
    from communis.foundation.models import Run  # slow: Django must be ready
    from communis.foundation.scope import pool_scope  # slow: Django must be ready

    with pool_scope(pool):
        run = operations.start_run(f"import.{step}.{name}", account=account.pk, now=timezone.now(), parameters={"file": key})
    begun, own = time.monotonic(), time.process_time()
    jobs.perform(pool=pool, account=account.pk, run=run.pk, must_stop=lambda: False, clock=timezone.now)
    seconds = time.monotonic() - begun
    print(f"  {step}: {time.process_time() - own:.1f} s of processor without the database; load {os.getloadavg()[0]:.1f}")
    with pool_scope(pool):
        found = Run.objects.unscoped().get(pk=run.pk)
    return found.outcome, found.message, seconds


def staged(pool: int, account: object, name: str, file: Path, **options: object) -> object:
    """Put a file where the pages of an import do, with the columns that they propose."""
    from django.conf import settings  # slow: Django must be ready
    from django.utils import timezone  # slow: Django must be ready

    from communis.kit.imports import Shelf  # slow: Django must be ready
    from communis.kit.imports.examining import proposed, titles_of  # slow: Django must be ready
    from communis.kit.sheets import opened  # slow: Django must be ready
    from communis.portal.tasks import BY_NAME  # slow: Django must be ready

    importable = BY_NAME[name]
    found = Shelf(Path(settings.COMMUNIS_STAGED), pool, account.pk, name).put(file, file.name, timezone.now())
    columns = importable.columns
    found.tell(sheet="", places=proposed(titles_of(opened(found.file, importable.limits), "", columns), columns), options=options)
    return found


def told_faults(plan: object) -> list[tuple[int, str]]:
    """Return the line and the column of each line that a plan refuses."""
    from communis.kit.imports.examining import REFUSED, Outcome  # slow: Django must be ready

    outcomes = map(Outcome.of, plan.plan(REFUSED))
    return [(outcome.line, problem.letters) for outcome in outcomes for problem in outcome.problems[:1]]


def faults_told(pool: int, account: object, rows: int, faults: int, folder: Path) -> list[str]:
    """Preview the file of facts; return what is not as promised."""
    from communis.directory.models import Fact  # slow: Django must be ready
    from communis.foundation.scope import pool_scope  # slow: Django must be ready

    file = folder / "faits.csv"
    expected = planted(file, rows, faults)
    kinds = len({kind for _, _, kind in expected})
    print(f"{rows} rows, {file.stat().st_size / 1e6:.0f} MB, {len(expected)} faults of {kinds} kinds")
    with pool_scope(pool):
        before = Fact.objects.unscoped().count()
    plan = staged(pool, account, "faits", file)
    outcome, message, seconds = carried_out(pool, account, "faits", "preview", plan.key)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{outcome}, « {message} », {seconds:.1f} s, {megabytes:.0f} MB at the most")
    found = told_faults(plan)
    applied = carried_out(pool, account, "faits", "apply", plan.key)[:2]
    print(f"applied all the same: {applied}")
    with pool_scope(pool):
        after = Fact.objects.unscoped().count()
    wanted = [(line, letters) for line, letters, _ in expected]
    wrong = [f"not told as planted: {one}" for one in sorted(set(wanted) ^ set(found))[:20]]
    wrong += [f"{len(found)} told, {len(wanted)} planted"] if len(found) != len(wanted) else []
    wrong += [f"{after - before} facts kept"] if after != before or applied[0] != "failed" else []
    if rows >= 1_000_000:
        wrong += [f"{seconds:.0f} s, at most {MOST_SECONDS}"] if seconds > MOST_SECONDS else []
        wrong += [f"{megabytes:.0f} MB, at most {MOST_MEGABYTES}"] if megabytes > MOST_MEGABYTES else []
    return wrong


def populations(pool: int, account: object, folder: Path) -> list[str]:
    """Import the populations of all the communes of France, all of them in the pool."""
    from communis.directory.loading import rows_of  # slow: Django must be ready
    from communis.directory.models import Fact, Organization, OrganizationType  # slow: Django must be ready
    from communis.foundation.scope import pool_scope  # slow: Django must be ready

    file = folder / "populations.csv"
    values: dict[str, dict[str, str]] = {}
    for one in rows_of("populations.csv.gz"):
        if one["annee"] == "2025":
            values.setdefault(one["insee"], {})[one["population"]] = one["valeur"]
    lines = [f"{code};{found['municipale']};{found.get('totale', '')}" for code, found in values.items()]
    file.write_text("\n".join(["COM;PMUN;PTOT", *lines]))
    with pool_scope(pool):
        type_ = OrganizationType.objects.unscoped().get(name="Commune du portail")
        communes = [one for one in rows_of("communes.csv.gz") if one["insee"] in values]
        Organization.objects.bulk_create(
            Organization(pool_id=pool, type=type_, name=f"{one['nom']} ({one['insee']})", insee=one["insee"]) for one in communes
        )
    plan = staged(pool, account, "populations", file, **{"choix-year": ["2025"], "choix-reference": ["2022"],
                  "choix-kinds": ["municipale", "comptée_à_part", "totale"]})  # fmt: skip
    first = carried_out(pool, account, "populations", "preview", plan.key)
    second = carried_out(pool, account, "populations", "apply", plan.key)
    with pool_scope(pool):
        count = Fact.objects.unscoped().filter(type__code="habitants").count()
    print(
        f"populations of {len(values)} communes: {first[1]} {first[2]:.1f} s, then {second[1]} {second[2]:.1f} s, {count} facts"
    )
    wrong = [f"populations: {one[:2]}" for one in (first, second) if one[0] != "done"]
    return wrong + ([f"populations: {second[2]:.0f} s, at most {POPULATIONS_SECONDS}"] if second[2] > POPULATIONS_SECONDS else [])


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/gates imports", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--faults", type=int, default=2_000)
    options = parser.parse_args()
    with served(), tempfile.TemporaryDirectory() as folder:
        pool, account = person_of("Portail des imports")
        from communis.foundation.scope import pool_scope  # slow: Django must be ready

        with pool_scope(pool):
            furnish()
        wrong = faults_told(pool, account, options.rows, options.faults, Path(folder))
        wrong += populations(pool, account, Path(folder))
    for one in wrong:
        print(one, file=sys.stderr)
    print("imports: " + ("not as promised" if wrong else "as promised"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
