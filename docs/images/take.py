"""Takes the screenshots of the README from a running demonstration, in the Chromium of the machine."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

EMAIL, PASSWORD = "direction@demo.communis.example", "convention-2026-demo"
FOLDER = Path(__file__).parent
PAGES = {
    "territory": "/territoire/",
    "offers": "/territoire/35145/offres/?note=socle_complet-contribution-2025",
}


def main() -> int:
    address = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000"
    browser_path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser_path is None:
        print("no Chromium on this machine: install one first", file=sys.stderr)
        return 3
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1360, "height": 900})
        page.goto(f"{address}/compte/connexion/")
        page.fill("input[name=login]", EMAIL)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_load_state()
        for name, path in PAGES.items():
            page.goto(address + path)
            page.screenshot(path=str(FOLDER / f"{name}.png"))
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
