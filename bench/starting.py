"""Time from the command to the first page: `communis demo` from an empty folder, then again five times with its data kept.

    python bench/starting.py [--starts 5]

It prints one line a start, then the figures against the bars: first page from empty within 60 s, median of the next within 5 s.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from communis.foundation.embedded import cluster

FIRST_BAR, NEXT_BAR = 60, 5
PAGE = "/compte/connexion/"
READY = re.compile(r"^Prêt : (\S+)")


def start(folder: Path) -> tuple[float, float, float]:
    """Start the demonstration and read its first page; return seconds to « Prêt », to the page, and to stop."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "communis", "demo", "--dossier", str(folder), "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment) as process:
        address = next(found[1] for line in process.stdout if (found := READY.match(line)))
        said = time.perf_counter() - begun
        with urllib.request.urlopen(address + PAGE) as answer:
            assert answer.status == 200
            answer.read()
        shown = time.perf_counter() - begun
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.wait() == 0
        return said, shown, time.perf_counter() - begun - shown


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="communis-") as folder:
        data = Path(folder) / "demonstration"
        first = start(data)
        print(f"empty folder: ready {first[0]:.2f} s, first page {first[1]:.2f} s, stop {first[2]:.2f} s", flush=True)
        pages = []
        for number in range(1, options.starts + 1):
            said, shown, stopped = start(data)
            pages.append(shown)
            print(f"start {number}: ready {said:.2f} s, first page {shown:.2f} s, stop {stopped:.2f} s", flush=True)
        shutil.rmtree(cluster(data).home)  # apart from the folder when run by root
    median = statistics.median(pages)
    print(f"first page from empty: {first[1]:.2f} s (bar {FIRST_BAR} s)")
    print(f"first page with data kept, median of {options.starts}: {median:.2f} s (bar {NEXT_BAR} s)")
    return 0 if first[1] <= FIRST_BAR and median <= NEXT_BAR else 1


if __name__ == "__main__":
    sys.exit(main())
