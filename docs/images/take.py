"""Takes the screenshots of the README from a running demonstration, in the Chromium of the machine."""

from __future__ import annotations

import shutil
import sys
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PASSWORD = "convention-2026-demo"
FOLDER = Path(__file__).parent
WIDE, PHONE = {"width": 1360, "height": 900}, {"width": 390, "height": 1180}
DIRECTOR, MAYOR = "direction@demo.communis.example", "maire@demo.communis.example"
PAGES = {  # name: who, at what size, in which theme, where, what is pressed first
    "territory": (DIRECTOR, WIDE, "light", "/territoire/", ""),
    "offers": (DIRECTOR, WIDE, "light", "/territoire/35145/offres/?note=socle_complet-contribution-2025", ""),
    "home-dark": (DIRECTOR, WIDE, "dark", "/", ""),
    "phone": (MAYOR, PHONE, "light", "/", ".table-lines .amount"),
}


def take(browser: Browser, address: str, name: str) -> None:
    """Take one screenshot, signed in as whom it is for."""
    who, size, theme, path, pressed = PAGES[name]
    page = browser.new_page(viewport=size, color_scheme=theme, device_scale_factor=1)
    page.goto(f"{address}/compte/connexion/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", PASSWORD)
    page.click("form.form button[type=submit]")
    page.wait_for_url(f"{address}/")
    page.goto(address + path)
    if pressed:
        page.click(pressed)
        page.wait_for_selector(".note-title:focus")
        page.evaluate("scrollTo(0, 0)")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=str(FOLDER / f"{name}.png"))
    page.close()


def demonstration(arguments: list[str]) -> tuple[str, str]:
    """Return the address of the demonstration and the browser of the machine; say which one is missing, and stop."""
    address = arguments[0] if arguments else "http://localhost:8000"
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    missing = "" if browser else "no Chromium on this machine: install one first"
    try:
        urllib.request.urlopen(f"{address}/health", timeout=10).close()
    except (OSError, ValueError) as problem:
        missing = missing or f"nothing answers at {address} ({problem}): start script/demo, or give its address"
    if browser is None or missing:
        print(missing, file=sys.stderr)
        raise SystemExit(3)
    return address, browser


def main() -> int:
    address, browser_path = demonstration(sys.argv[1:])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for name in PAGES:
            take(browser, address, name)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
