"""The path from signing in to the reason of an amount and to a hypothesis, by keyboard alone, with a script and without."""

import pytest

from factories.every_page import PASSWORD

FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const label = one.labels?.length ? one.labels[0].textContent : one.getAttribute('aria-label') || one.textContent || one.value;
  return {name: label.trim().replace(/\\s+/g, ' ').replace(/\\u00a0/g, ' '), ring: `${style.outlineStyle} ${style.outlineWidth}`,
          inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth};
}"""


class Keys:
    """Somebody without a mouse: each stop is seen, or the walk fails."""

    def __init__(self, page):
        self.page = page
        self.stops = []

    def tab(self):
        self.page.keyboard.press("Tab")
        stop = self.page.evaluate(FOCUSED)
        assert (stop["ring"], stop["inside"]) == ("solid 2px", True), stop
        self.stops.append(stop["name"])
        return stop["name"]

    def to(self, name, most=80):
        """Go on with Tab until a name; return the names passed on the way."""
        first = len(self.stops)
        for _ in range(most):
            if self.tab() == name:
                return self.stops[first:-1]
        raise AssertionError(f"{name!r} is not among {self.stops[first:]}")

    def press(self, key="Enter"):
        """Press a key on what has the focus, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.page.wait_for_load_state()

    def write(self, text):
        self.page.keyboard.type(text)

    def heading(self):
        return self.page.inner_text("h1").replace("\u00a0", " ")

    def cells(self, row):
        found = self.page.locator(f"tr:has(> th:text-is('{row}'))").first.locator("td").all_inner_texts()
        return [" ".join(text.replace("\u00a0", " ").split()) for text in found]


def signed_in(keys):
    """Sign in as the direction, from the first Tab."""
    assert [keys.tab(), keys.tab()] == ["Aller au contenu", "communis"]
    keys.to("Adresse e-mail")
    keys.write("direction@demo.communis.example")
    assert keys.tab() == "Mot de passe"
    keys.write(PASSWORD)
    keys.press()
    assert keys.heading() == "À décider"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_path_is_walked_by_keyboard_alone(visit, script):
    keys = Keys(visit("/compte/connexion/", "", java_script_enabled=script))
    signed_in(keys)
    passed = keys.to("Territoire")
    assert passed == ["Aller au contenu", "RA REDON Agglomération Service commun SI et numérique", "Rechercher", "À décider"]
    keys.press()
    assert keys.heading() == "Territoire"
    passed = keys.to("Langon", most=150)
    words = ["Rechercher", "Exporter", "Tout le territoire", "Inscrites", "À inscrire", "Rechercher"]
    assert [name for name in (name.rstrip("0123456789") for name in passed) if name in words] == words  # counts left out
    assert [name for name in passed if name in ("Allaire", "Avessac", "Guémené-Penfao")] == [
        "Allaire",
        "Avessac",
        "Guémené-Penfao",
    ]
    keys.press()
    assert keys.heading() == "Langon"
    keys.to("Voir ses offres")
    keys.press()
    assert keys.heading() == "Offres"
    row = "Socle complet, contribution annuelle"
    assert keys.cells(row) == ["art. 7.1", "3 577,50 €", "3 627,00 €", "fait manquant : population totale 2026"]
    keys.to(f"{row} : 3 627,00 €, pourquoi ?")
    if script:
        keys.page.keyboard.press("Enter")
        keys.page.wait_for_selector(".note-title:focus")
    else:
        keys.press()
    note = keys.page.inner_text("#note").replace("\u00a0", " ")
    assert note.splitlines()[0] == "Pourquoi 3 627,00 €"
    assert "1 500,00 € + 1,50 €/hab × 1 418 hab" in note
    keys.to("Fermer")
    if script:
        keys.page.keyboard.press("Enter")
        assert keys.page.evaluate(FOCUSED)["name"] == f"{row} : 3 627,00 €, pourquoi ?"
    else:
        keys.press()
    assert keys.page.locator(".note-title").count() == 0 or not keys.page.is_visible(".note-title")
    keys.page.goto(keys.page.url.partition("?")[0])
    keys.to("Population totale 2026")
    keys.write("1 430")
    keys.press()
    assert keys.cells(row) == ["art. 7.1", "3 577,50 €", "3 627,00 €", "3 645,00 € hypothèse"]
    assert keys.page.locator(".sum-due-figure").inner_text().replace("\u00a0", " ") == "3 645,00 €"


def test_letters_lead_where_the_help_says(visit):
    page = visit("/", "direction")
    page.keyboard.press("?")
    told = page.inner_text("#shortcuts dl").replace("\u00a0", " ").split("\n")
    assert told[told.index("g t") + 1] == "Territoire"
    page.keyboard.press("Escape")
    for letter, heading in (("t", "Territoire"), ("o", "Organisations"), ("p", "Personnes"), ("f", "Faits"), ("s", "Le service")):
        with page.expect_navigation():
            page.keyboard.press("g")
            page.keyboard.press(letter)
        assert page.inner_text("h1") == heading
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("bains")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.inner_text(".page-sentence").replace("\u00a0", " ") == "Ce qui répond à « bains »."


def test_a_term_is_explained_by_keyboard_and_leads_to_the_glossary_without_script(visit):
    page = visit("/territoire/", "direction")
    page.focus(".term")
    page.keyboard.press("Enter")
    assert page.is_visible("#term-population-totale")
    page.wait_for_selector('.term[aria-expanded="true"]')
    page.keyboard.press("Escape")
    assert page.is_visible("#term-population-totale") is False
    assert page.evaluate("document.activeElement.className") == "term"
    page = visit("/territoire/", "direction", java_script_enabled=False)
    page.click(".term")
    assert page.url.partition("#")[2] == "population-totale"
    assert page.inner_text("#population-totale dt") == "Population totale"
