"""Every page, at three widths, in light and in dark: axe-core, sideways scroll, console, policy of contents, weight.

`script/gates pages [NAME…]` looks at the pages named, or at all of them.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communis.settings")
django.setup()

from playwright.sync_api import sync_playwright  # noqa: E402  after the settings, which what follows reads

from factories.browsing import BROWSERS  # noqa: E402
from factories.every_page import PLACES, WAYS, Visitor, hindrances, prepare  # noqa: E402
from factories.served import Served, forget  # noqa: E402


def looked_at(visitor: Visitor, places: dict[str, str], names: list[str]) -> list[str]:
    """Return what hinders the reader of each page, in every way of showing it."""
    found = []
    for width, theme in WAYS:
        for who in dict.fromkeys(PLACES[name].who for name in names):
            visitor.states.pop(who, None) if who in ("direction", "maire") else None  # what is asked of a recent sign-in
            page = visitor.page(who, width=width, theme=theme)
            for name in (name for name in names if PLACES[name].who == who):
                told = hindrances(visitor, page, PLACES[name].path.format(**places))
                found += [f"{name}, {width}, {theme}: {words}" for words in told]
            page.context.close()
        print(f"{width} {theme}: {len(names)} pages, {len(found)} findings so far", flush=True)
    return found


def main() -> int:
    names = sys.argv[1:] or list(PLACES)
    if unknown := [name for name in names if name not in PLACES]:
        print(f"pages: no page named {', '.join(unknown)}; the pages are: {' | '.join(PLACES)}", file=sys.stderr)
        return 64
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        print("pages: no Chromium on this machine", file=sys.stderr)
        return 3
    folder = Path(tempfile.mkdtemp()) / "demonstration"
    served = Served(folder, "demo", "--dossier", str(folder), "--processus", "1").start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            visitor = Visitor(browser, served.address)
            found = looked_at(visitor, prepare(visitor, folder), names)
            browser.close()
    finally:
        served.stop()
        forget(folder.parent)
    print("\n".join(found) or f"{len(names)} pages in {len(WAYS)} ways: nothing hinders anyone")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
