"""What is kept between the steps of an import: the file sent, what was chosen, what it would do. A folder per pool and account.

A staged file is named by its content, readable by its sender alone, forgotten after a day, and removed once imported.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from communis.kit.sheets.text import reading

KEPT = timedelta(hours=24)
MOST = 5  # files that one person has under way for one list; the oldest gives way
_KEY = re.compile(r"[0-9a-f]{32}")
_FILE, _ABOUT, _PLAN = "file", "about.json", "plan"
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Staged:
    """A file between two steps."""

    folder: Path

    @property
    def key(self) -> str:
        return self.folder.name

    @property
    def file(self) -> Path:
        """The file as it was sent."""
        return self.folder / _FILE

    def about(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / _ABOUT).read_text("utf-8"))
        return found

    def tell(self, **facts: Any) -> None:
        """Add to what is known of the file."""
        self.write(_ABOUT, [json.dumps(self.about() | facts, ensure_ascii=False)])

    def keep_plan(self, lines: Iterable[str]) -> None:
        self.write(_PLAN, lines)

    def plan(self, states: str = "") -> Iterator[str]:
        """Yield the lines of the plan, those in some states when they are given."""
        with (self.folder / _PLAN).open(encoding="utf-8", newline="\n") as file:
            yield from (line for line in file if not states or line[0] in states)

    def has_plan(self) -> bool:
        return (self.folder / _PLAN).exists()

    def part_of_plan(self, start: int, stop: int, keep: Callable[[str], bool]) -> list[str]:
        """Return some of the lines of the plan that are kept: only those are held at once."""
        with (self.folder / _PLAN).open(encoding="utf-8", newline="\n") as file:
            return list(islice(filter(keep, file), start, stop))

    def finish(self, **result: Any) -> None:
        """Keep what was done and nothing else: the file and its plan are removed."""
        self.tell(result=result)
        for name in (_FILE, _PLAN):
            (self.folder / name).unlink(missing_ok=True)

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, name: str, pieces: Iterable[str]) -> None:
        """Write a file whole or not at all."""
        descriptor, making = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
        os.replace(making, self.folder / name)


@dataclass(frozen=True)
class Shelf:
    """The staged files of one account, in one pool, for one list."""

    root: Path
    pool: int
    account: int
    name: str

    @property
    def place(self) -> Path:
        return self.root / str(int(self.pool)) / str(int(self.account)) / self.name

    def put(self, source: bytes | Path, file_name: str, now: datetime) -> Staged:
        """Stage what was sent, in memory or on disk; a file already staged begins again."""
        self.tidy(now)
        self.place.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.root.chmod(0o700)
        descriptor, making = tempfile.mkstemp(dir=self.place)  # readable by its owner alone
        told = hashlib.sha256()
        with os.fdopen(descriptor, "wb") as file, reading(source) as stream:
            while piece := stream.read(_CHUNK):
                told.update(piece)
                file.write(piece)
        folder = self.place / told.hexdigest()[:32]
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        os.replace(making, folder / _FILE)
        staged = Staged(folder)
        staged.write(_ABOUT, [json.dumps({"file_name": file_name, "sent_at": now.isoformat()}, ensure_ascii=False)])
        return staged

    def get(self, key: str, now: datetime) -> Staged | None:
        """Return a staged file of this person, unless it is too old."""
        staged = Staged(self.place / key)
        if not _KEY.fullmatch(key) or not (staged.folder / _ABOUT).exists() or self.is_old(staged, now):
            return None
        return staged

    def is_old(self, staged: Staged, now: datetime) -> bool:
        return datetime.fromisoformat(staged.about()["sent_at"]) < now - KEPT

    def tidy(self, now: datetime) -> None:
        """Remove what is too old, whoever sent it, and what this person has too many of."""
        for about in self.root.glob(f"*/*/*/*/{_ABOUT}"):
            if self.is_old(Staged(about.parent), now):
                shutil.rmtree(about.parent, ignore_errors=True)
        mine = sorted(filter(Path.is_dir, self.place.glob("*")), key=lambda folder: folder.stat().st_mtime)
        for folder in mine[: max(0, len(mine) - MOST + 1)]:
            shutil.rmtree(folder, ignore_errors=True)
