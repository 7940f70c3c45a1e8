"""Takes the screenshots of the guides (docs/fr) from a running demonstration that nobody has touched."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from take import PASSWORD, demonstration

FOLDER = Path(__file__).parent
DESK = {"viewport": {"width": 1280, "height": 640}}
PHONE = {"viewport": {"width": 390, "height": 700}}
SHOTS = (  # the name, the account, the screen, the page, then the links that are followed from there
    ("pas-direction", "direction", DESK, "/"),
    ("pas-marge", "direction", DESK, "/territoire/35145/offres/?note=socle_complet-contribution-2025"),
    ("pas-mairie", "maire", PHONE, "/"),
    ("pas-pourquoi", "maire", PHONE, "OFFERS"),
    ("acte-saisir", "secretariat", DESK, "/actes/saisir/"),
    ("acte-fiche", "direction@sidec", DESK, "/actes/", "Convention de mise à disposition de la D"),
    ("avenant", "direction@nimes", DESK, "/conventions/", "Convention cadre", "Avenant n° 6"),
    ("avenant-adoptions", "direction@nimes", DESK, "/conventions/", "Convention cadre", "Avenant n° 6", "Qui l’a adopté"),
)


def sign_in(page: Any, address: str, who: str) -> None:
    page.goto(f"{address}/compte/connexion/")
    name, _, pool = who.partition("@")
    page.fill("input[name=login]", f"{name}@{f'{pool}.' if pool else ''}demo.communis.example")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_load_state()


def open_reason(page: Any, address: str) -> None:
    """Follow the guide of the mayor to the reason of an amount."""
    page.click("text=Voir ce que nous paierions, offre par offre")
    page.wait_for_load_state()
    page.locator("a.amount", has_text=re.compile("5.394,50")).first.click()
    page.locator(".note:visible").first.wait_for()
    page.locator(".note:visible").first.scroll_into_view_if_needed()


def main() -> int:
    address, browser_path = demonstration(sys.argv[1:])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for name, who, screen, path, *links in SHOTS:
            page = browser.new_page(**screen)
            sign_in(page, address, who)
            if path == "OFFERS":
                open_reason(page, address)
            else:
                page.goto(address + path)
            for words in links:
                page.locator("main").get_by_role("link", name=re.compile(f"^{words}")).first.click()
                page.wait_for_load_state()
            page.evaluate("document.fonts.ready")
            page.wait_for_timeout(500)
            page.screenshot(path=str(FOLDER / f"{name}.png"))
            page.close()
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
