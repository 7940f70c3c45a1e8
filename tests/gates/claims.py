"""Break the product on purpose: for rows taken at random, the fault of `faults.toml` must make a claiming test fail."""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
COPIED = ("src", "tests", "docs", "pyproject.toml", "README.md", "LICENSE", "requirements.lock")


@dataclass(frozen=True)
class Fault:
    """One way of breaking a row: a piece of text of one file, and what takes its place."""

    row: str
    file: str
    find: str
    replace: str


def faults() -> dict[str, Fault]:
    """Return the fault of each row, as `faults.toml` lists them."""
    listed = tomllib.loads((TESTS / "faults.toml").read_text("utf-8"))["fault"]
    return {row: Fault(row, one["file"], one["find"], one["replace"]) for one in listed for row in one["rows"]}


def marks_of(node: ast.AST) -> Iterator[str]:
    """Yield the rows that a decorator, or a `pytestmark`, says are covered."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "covers":
            yield from (argument.value for argument in call.args if isinstance(argument, ast.Constant))


def claims() -> dict[str, list[str]]:
    """Map each claimed row to the tests that claim it, named as pytest names them."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets):
                rows, test = list(marks_of(node)), name
            elif isinstance(node, ast.FunctionDef):
                rows, test = [row for mark in node.decorator_list for row in marks_of(mark)], f"{name}::{node.name}"
            else:
                continue
            for row in rows:
                found.setdefault(row, []).append(test)
    return found


def broken(fault: Fault, folder: Path) -> str:
    """Apply a fault to the copy in a folder; return what is wrong with the fault itself, if anything is."""
    path = folder / fault.file
    if not path.is_file():
        return f"{fault.file} does not exist"
    text = path.read_text("utf-8")
    if text.count(fault.find) != 1:
        return f"the text to break is found {text.count(fault.find)} times in {fault.file}"
    path.write_text(text.replace(fault.find, fault.replace), "utf-8")
    return ""


def caught(fault: Fault, tests: list[str]) -> tuple[bool, str]:
    """Tell whether a test that claims the row fails once the row is broken, and which one, or why it could not be told."""
    with tempfile.TemporaryDirectory(prefix="fault-") as name:
        folder = Path(name)
        for piece in COPIED:
            source = ROOT / piece
            if source.is_dir():
                shutil.copytree(source, folder / piece, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.is_file():
                shutil.copy(source, folder / piece)
        environment = {**os.environ, "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{folder / 'tests'}"}
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=no", *tests]
        sound = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
        if sound.returncode:
            return False, f"before any fault, the claiming tests do not pass: {sound.stdout[-300:]}"
        wrong = broken(fault, folder)
        if wrong:
            return False, wrong
        run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
    failed = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if run.returncode == 1 and failed:
        return True, failed[0].partition(" - ")[0].partition(" ")[2]
    return False, f"{len(tests)} claiming tests pass" if run.returncode == 0 else run.stdout[-500:]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="gates claims", description=__doc__)
    parser.add_argument("--count", type=int, default=20, help="how many rows (default 20)")
    parser.add_argument("--seed", type=int, default=None, help="to take the same rows again")
    parser.add_argument("--all", action="store_true", help="every claimed row")
    parser.add_argument("rows", nargs="*", help="these rows only")
    options = parser.parse_args(arguments)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    claimed, listed = claims(), faults()
    rows = options.rows or (sorted(claimed) if options.all else random.Random(seed).sample(sorted(claimed), options.count))
    print(f"{len(rows)} rows of {len(claimed)} claimed, seed {seed}", flush=True)

    def tried(row: str) -> tuple[str, bool, str]:
        if row not in listed:
            return row, False, "no fault is listed"
        return row, *caught(listed[row], claimed.get(row, []))

    good = 0
    with ThreadPoolExecutor(max(1, (os.cpu_count() or 2))) as pool:
        for row, ok, said in pool.map(tried, rows):
            good += ok
            print(f"{row:<8} {'caught' if ok else 'NOT CAUGHT'}: {said}", flush=True)
    print(f"{good} of {len(rows)} caught")
    return 0 if good == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
