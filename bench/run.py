"""Runs the benchmark: each engine in its own process, in turn, and prints the ratios of medians against the bars.

`.venv/bin/python bench/run.py`; the environment of OpenFisca is made under `.cache/bench` at the first run. Exit 1 when a
bar is missed; a missed bar is reported, never hidden.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parent / ".cache" / "bench"
ROUNDS = 7
CASES = (("banded", 35_000), ("variants", 35_000), ("shared", 31), ("shared", 1_000), ("shared", 35_000))
BARS = {
    ("banded", 35_000): (2.1, 4.5),
    ("variants", 35_000): (2.0, 18.0),
    ("shared", 31): (2.0, None),
    ("shared", 1_000): (2.0, None),
    ("shared", 35_000): (2.0, None),
}
MEMORY = {("shared", 35_000): 150.0}


def openfisca() -> str:
    """Return the Python of an environment with OpenFisca-Core, made if need be."""
    python = CACHE / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(CACHE)], check=True)
        uv = shutil.which("uv") or str(HERE.parent / ".tools" / "bin" / "uv")
        command = (
            [uv, "pip", "install", "--python", str(python)]
            if Path(uv).exists()
            else [str(CACHE / "bin" / "pip"), "install", "-q"]
        )
        subprocess.run([*command, "openfisca-core==46.0.1"], check=True, stdout=subprocess.DEVNULL)
    return str(python)


def once(python: str, script: str, case: str, size: int) -> dict[str, float]:
    done = subprocess.run([python, str(HERE / script), case, str(size)], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def main() -> int:
    engines = {
        "numpy": (sys.executable, "by_hand.py"),
        "openfisca": (openfisca(), "with_openfisca.py"),
        "communis": (sys.executable, "ours.py"),
    }
    missed = 0
    heads = f"{'case':>9} {'size':>6} | {'NumPy ms':>9} {'OpenFisca':>9} {'communis':>9}"
    print(f"{heads} | {'/ NumPy':>8} {'× OpenFisca':>11} | {'MB':>6} wrong")
    for case, size in CASES:
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in engines}
        for _ in range(ROUNDS):
            for name, (python, script) in engines.items():
                runs[name].append(once(python, script, case, size))
        ms = {name: statistics.median(r["ms"] for r in found) for name, found in runs.items()}
        memory = max(r["mb"] for r in runs["communis"])
        wrong = {name: int(found[0]["wrong"]) for name, found in runs.items()}
        slower, faster = ms["communis"] / ms["numpy"], ms["openfisca"] / ms["communis"]
        bar, against = BARS[case, size]
        held = (
            slower <= bar
            and (against is None or faster >= against)
            and memory <= MEMORY.get((case, size), 1e9)
            and wrong["communis"] == 0
        )
        missed += not held
        times = f"{case:>9} {size:>6} | {ms['numpy']:9.3f} {ms['openfisca']:9.3f} {ms['communis']:9.3f}"
        errors = f"{wrong['communis']} (OpenFisca {wrong['openfisca']})"
        print(f"{times} | {slower:8.2f} {faster:11.2f} | {memory:6.1f} {errors}  {'held' if held else 'MISSED'}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
