"""The pages in a real browser: their measures are those of the visual reference, keys are enough, nothing hinders anyone."""

import gzip
import json
from pathlib import Path

import pytest

AXE = Path(__file__).parent.parent / "data" / "axe-core" / "axe.min.js"
STYLE = """([selector, names]) => {
  const element = document.querySelector(selector), style = getComputedStyle(element), box = element.getBoundingClientRect();
  const own = {width: box.width, height: box.height, x: box.x, y: box.y, right: box.right, bottom: box.bottom};
  return names.map((name) => name in own ? Math.round(own[name] * 10) / 10 : style[name]);
}"""


def measures(page, selector, *names):
    return page.evaluate(STYLE, [selector, list(names)])


def type_of(page, selector):
    family, *rest = measures(page, selector, "fontFamily", "fontSize", "lineHeight", "fontWeight")
    return [family.split(",")[0].strip('"'), *rest]


TITLE, TEXT, WORDS = "Bricolage Grotesque", "Source Sans 3", "Source Serif 4"


def test_the_frame_of_a_statement_is_216_fluid_340(visit):
    page = visit("/decompte/?note=socle-2025")
    assert [measures(page, selector, "x", "width") for selector in (".rail", ".work", ".margin")] == [
        [0, 216],
        [216, 804],
        [1020, 340],
    ]
    assert measures(page, ".work", "padding") == ["24px 36px 44px"]
    assert measures(page, ".margin", "padding") == ["24px 24px 24px 28px"]


def test_the_type_of_a_statement_is_that_of_the_reference(visit):
    page = visit("/decompte/?note=socle-2025")
    assert {
        selector: type_of(page, selector)
        for selector in (
            "h1",
            ".section h2",
            ".note-title",
            ".sum-due-figure",
            "body",
            ".table tbody td",
            ".table .second",
            ".rail-item",
            ".rail-group",
            ".badge",
            ".button",
            ".note-words",
            ".fictitious",
            ".margin .facts dt",
        )
    } == {
        "h1": [TITLE, "32px", "38px", "600"],
        ".section h2": [TITLE, "20px", "26px", "600"],
        ".note-title": [TITLE, "17px", "24px", "600"],
        ".sum-due-figure": [TITLE, "40px", "46px", "500"],
        "body": [TEXT, "16px", "24px", "400"],
        ".table tbody td": [TEXT, "15px", "22px", "400"],
        ".table .second": [TEXT, "14px", "20px", "400"],
        ".rail-item": [TEXT, "15px", "22px", "400"],
        ".rail-group": [TEXT, "13px", "18px", "400"],
        ".badge": [TEXT, "13px", "18px", "600"],
        ".button": [TEXT, "15px", "20px", "600"],
        ".note-words": [WORDS, "15.5px", "24px", "400"],
        ".fictitious": [TEXT, "13px", "18px", "400"],
        ".margin .facts dt": [TEXT, "14px", "20px", "400"],
    }


def test_the_parts_of_a_statement_stand_where_the_reference_draws_them(visit):
    page = visit("/decompte/?note=socle-2025")
    wanted = [
        (".rail-mark", "x", 20),
        (".rail .search", "y", 105),
        (".rail-item", "height", 32),
        (".rail-item[aria-current]", "y", 217),
        ("h1", "y", 50),
        (".page-head .button", "y", 52),
        (".page-head .button", "height", 36),
        (".sum-due", "y", 140),
        (".sum-due", "bottom", 272),
        (".table thead", "bottom", 326),
        (".table tbody tr:nth-child(2)", "bottom", 413),
        (".note-title", "y", 380),
        (".note-title", "x", 1049),
    ]
    found = [(selector, name, measures(page, selector, name)[0]) for selector, name, _ in wanted]
    assert [given for given, (_, _, place) in zip(found, wanted, strict=True) if abs(given[2] - place) > 2] == []


def test_the_colours_of_a_statement_are_the_tokens(visit):
    colours = {}
    for theme in ("light", "dark"):
        page = visit("/decompte/?note=socle-2025", theme=theme)
        colours[theme] = [
            *measures(page, "body", "backgroundColor", "color"),
            *measures(page, ".work", "backgroundColor"),
            *measures(page, ".amount[aria-expanded=true]", "backgroundColor", "color"),
            *measures(page, ".margin", "borderLeftColor"),
            *measures(page, "td a", "color"),
            *measures(page, ".badge-success", "color"),
        ]
    assert colours == {
        "light": [
            "rgb(243, 246, 245)",
            "rgb(22, 38, 43)",
            "rgb(255, 255, 255)",
            "rgb(242, 182, 60)",
            "rgb(22, 38, 43)",
            "rgb(211, 220, 218)",
            "rgb(10, 90, 115)",
            "rgb(31, 107, 58)",
        ],
        "dark": [
            "rgb(15, 26, 29)",
            "rgb(231, 238, 236)",
            "rgb(22, 36, 40)",
            "rgb(242, 182, 60)",
            "rgb(22, 38, 43)",
            "rgb(43, 64, 70)",
            "rgb(127, 196, 224)",
            "rgb(122, 203, 149)",
        ],
    }


def test_the_explained_amount_keeps_its_digits_in_place_and_leads_to_the_margin(visit):
    page = visit("/decompte/")
    digits = """() => {
      const text = [...document.querySelector('#socle-2025').childNodes].find((node) => node.nodeType === 3);
      const range = document.createRange();
      range.selectNodeContents(text);
      return range.getBoundingClientRect().right;
    }"""
    before = page.evaluate(digits)
    page.click("#socle-2025")
    page.wait_for_selector(".note-title:focus")
    assert abs(page.evaluate(digits) - before) <= 0.5
    assert measures(page, "#socle-2025", "padding", "margin", "fontWeight") == ["1px 7px", "0px -7px", "600"]
    tick = page.evaluate("""() => {
      const row = document.querySelector('#socle-2025').closest('tr'), style = getComputedStyle(row, '::after');
      return [style.width, style.backgroundColor, parseFloat(getComputedStyle(row).height) - parseFloat(style.height) <= 1]; }""")
    assert tick == ["5px", "rgb(242, 182, 60)", True]
    assert page.evaluate("""() => document.querySelector('.note-title').getBoundingClientRect().top
      - document.querySelector('#socle-2025').closest('tr').getBoundingClientRect().top""") == pytest.approx(8, abs=1)


def test_a_second_note_takes_the_place_of_the_first(visit, site):
    page = visit("/decompte/?note=socle-2025")
    page.click("#demi-journees")
    page.wait_for_selector("#title-demi-journees:focus")
    assert page.url == site + "/decompte/?note=demi-journees"
    assert page.evaluate("[...document.querySelectorAll('.amount[aria-expanded=true]')].map((amount) => amount.id)") == [
        "demi-journees"
    ]
    page.keyboard.press("Escape")
    assert [page.url, page.is_visible("#note")] == [site + "/decompte/", False]
    page.click("#demi-journees")
    page.wait_for_selector("#title-demi-journees:focus")


def test_the_note_stays_in_the_window_when_its_row_leaves_it(visit):
    page = visit("/", height=600)
    page.click("#demi-journees")
    page.evaluate("scrollTo(0, 1500)")
    page.wait_for_function("scrollY === 1500")
    assert measures(page, "#note-demi-journees", "y") == [24]


def test_a_list_takes_the_width_of_the_margin(visit):
    page = visit("/adhesions/")
    assert measures(page, ".work", "x", "width") == [216, 1144]
    assert measures(page, ".cell", "height") == [20]
    assert measures(page, ".tab[aria-current]", "fontSize", "borderBottomWidth", "fontWeight") == ["15px", "3px", "600"]
    assert measures(page, ".filters .chip", "height", "borderRadius") == [36, "6px"]
    assert measures(page, ".table tbody td", "paddingTop") == ["8px"]
    assert measures(page, ".table thead th", "borderBottomWidth") == ["2px"]
    assert measures(page, ".table tbody td.num", "textAlign", "fontVariantNumeric") == ["right", "lining-nums tabular-nums"]


@pytest.mark.parametrize("width", [1360, 900, 390])
def test_the_cells_of_a_territory_have_one_width_and_no_word_under_them_is_cut(visit, width):
    page = visit("/adhesions/", width=width)
    assert page.evaluate("[...new Set([...document.querySelectorAll('.cell')].map((one) => one.offsetWidth))]") == [28]
    page.evaluate("""() => { const group = document.querySelector('.territory-group').cloneNode(true);
      group.querySelectorAll('.cell ~ .cell').forEach((one) => one.remove());
      group.querySelector('.territory-words').textContent = '1 en cours d’adhésion';
      document.querySelector('.territory').append(group); }""")
    lines = page.evaluate("""() => { const range = document.createRange(), last = document.querySelector('.territory').lastChild;
      const words = last.querySelector('.territory-words').firstChild;
      range.setStart(words, words.length - 10); range.setEnd(words, words.length);
      return range.getClientRects().length; }""")
    assert lines == 1  # « d’adhésion », on one line


def test_rows_chosen_show_the_bar_of_acts_and_their_count(visit):
    page = visit("/adhesions/")
    assert page.is_visible(".bulk-bar") is False
    for value in ("3", "5", "7"):
        page.check(f"input[value='{value}']")
    assert page.inner_text(".bulk-count") == "3\u00a0adhésions choisies"
    assert measures(page, ".bulk-bar", "backgroundColor") == ["rgb(22, 38, 43)"]
    page.click("text=Tout désélectionner")
    page.wait_for_selector(".bulk-bar", state="hidden")


def test_on_a_phone_the_note_opens_under_its_row(visit):
    page = visit("/mairie/", width=390, height=844)
    assert type_of(page, ".sum-due-figure") == [TITLE, "48px", "54px", "500"]
    assert measures(page, ".button-primary", "height") == [44]
    page.click("#socle-2025")
    assert (
        page.evaluate("document.querySelector('#socle-2025').closest('li').contains(document.querySelector('#note-socle-2025'))")
        is True
    )
    assert measures(page, "#note-socle-2025", "borderLeftWidth", "borderLeftColor") == ["5px", "rgb(242, 182, 60)"]
    page.wait_for_timeout(100)  # whatever watches the size of the page has run
    assert page.evaluate("document.activeElement.id") == "title-socle-2025"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "socle-2025"
    assert page.is_visible("#note-socle-2025") is False


def test_on_a_phone_the_note_of_a_table_opens_in_a_row_of_its_own(visit):
    page = visit("/decompte/", width=390, height=844)
    page.click("#demi-journees")
    page.wait_for_selector("#title-demi-journees:focus")
    assert page.evaluate("document.querySelector('#demi-journees').closest('tr').nextElementSibling.className") == "note-row"
    page.click("#socle-2025")
    page.wait_for_selector("#title-socle-2025:focus")
    assert page.evaluate("document.querySelectorAll('.note-row, .note').length") == 2
    page.set_viewport_size({"width": 1360, "height": 900})
    page.wait_for_selector(".margin .note")
    assert page.evaluate("document.querySelectorAll('.note-row').length") == 0


def test_on_a_phone_only_what_has_no_object_is_left_out_of_a_row(visit):
    page = visit("/adhesions/", width=390, height=844)
    assert page.locator("td", has_text="après signature").locator("span.absent").first.is_visible()
    page = visit("/decompte/", width=390, height=844)
    said = page.locator("tbody .moot")
    assert (said.count(), [one for one in said.all() if one.is_visible()]) == (6, [])
    page.evaluate("document.querySelector('tbody .moot').closest('tr').classList.add('total')")  # a total says all it has
    assert said.first.is_visible()


def test_between_900_and_1199_the_note_is_a_drawer(visit):
    page = visit("/decompte/?note=socle-2025", width=1000)
    assert measures(page, ".note", "position", "x", "width") == ["fixed", 660, 340]


@pytest.mark.parametrize(
    "path",
    ["/", "/decompte/?note=socle-2025", "/adhesions/", "/mairie/", "/tickets/?note=ticket-43", "/formulaire/", "/campagne/"],
)
@pytest.mark.parametrize("width", [1360, 1000, 900, 390, 320])
def test_no_page_scrolls_sideways(visit, path, width):
    page = visit(path, width=width)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 900, 390])
@pytest.mark.parametrize(
    "path",
    ["/", "/decompte/?note=socle-2025", "/adhesions/", "/mairie/", "/campagne/?note=variation", "/formulaire/", "/connexion/"],
)
def test_axe_finds_nothing_against_anyone(visit, path, width, theme):
    page = visit(path, width=width, theme=theme)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {rules: {'target-size': {enabled: true}}, resultTypes: ['violations']})")
    assert [
        f"{rule['id']} {node['target']} {node['failureSummary']}" for rule in found["violations"] for node in rule["nodes"]
    ] == []


def test_axe_finds_nothing_in_what_opens(visit):
    page = visit("/adhesions/", theme="dark")
    page.check("input[value='3']")
    page.click("text=Compte et affichage")
    page.click("summary.chip")
    page.evaluate("document.querySelector('#shortcuts').showPopover()")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {rules: {'target-size': {enabled: true}}, resultTypes: ['violations']})")
    assert [f"{rule['id']} {node['target']}" for rule in found["violations"] for node in rule["nodes"]] == []


def test_keys_are_enough(visit):
    page = visit("/adhesions/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Calendrier (.ics)"
    page = visit("/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.evaluate("document.activeElement.blur()")
    page.focus("#socle-2025")
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.id") == "title-socle-2025"
    assert page.get_attribute("#socle-2025", "aria-expanded") == "true"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # « Fermer »
    assert page.evaluate("[document.activeElement.id, document.activeElement.getAttribute('aria-expanded')]") == [
        "socle-2025",
        "false",
    ]
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "socle-2025"


def test_a_menu_closes_by_escape_and_gives_the_focus_back(visit):
    page = visit("/")
    page.focus(".menu summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Tableur (XLSX)"
    page.keyboard.press("Escape")
    assert page.evaluate("[document.activeElement.tagName, document.querySelector('.menu').open]") == ["SUMMARY", False]


def test_the_help_of_shortcuts_lists_those_of_the_page(visit):
    page = visit("/")
    page.keyboard.press("?")
    assert page.inner_text("#shortcuts dl").split("\n")[-2:] == ["g t", "Tickets"]
    page.keyboard.press("Escape")
    assert page.is_visible("#shortcuts") is False


def test_shortcuts_can_be_turned_off(visit):
    page = visit("/adhesions/")
    page.keyboard.press("?")
    page.uncheck("#keys")
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.keyboard.press("?")
    page.check("#keys")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"


def test_g_and_a_letter_go_there(visit, site):
    page = visit("/")
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url(site + "/adhesions/")
    assert page.url == site + "/adhesions/"


def test_the_theme_chosen_is_kept(visit):
    page = visit("/")
    page.click("text=Compte et affichage")
    page.click("[data-theme-choice=dark]")
    page.reload()
    assert measures(page, "body", "backgroundColor") == ["rgb(15, 26, 29)"]
    page.click("text=Compte et affichage")
    page.click("[data-theme-choice='']")
    assert measures(page, "body", "backgroundColor") == ["rgb(243, 246, 245)"]


def test_the_focus_is_always_seen(visit):
    page = visit("/")
    seen = page.evaluate("""() => [...document.querySelectorAll('.work :is(a, button, input, select, textarea, summary)')]
      .filter((element) => element.tabIndex >= 0 && element.offsetParent && !element.disabled).length""")
    assert seen > 60
    for selector in (".button", ".chip", ".tab", ".amount", "input[type=text]", "summary"):
        page.focus(f".work {selector}")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        assert measures(page, ".work :focus-visible", "outlineWidth", "outlineColor") == ["2px", "rgb(138, 63, 252)"]


def test_without_a_script_an_amount_is_a_link_to_its_note(browser, site):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(site + "/decompte/")
    page.click("#socle-2025")
    page.wait_for_url(site + "/decompte/?note=socle-2025#note")
    assert page.inner_text(".note-title") == "Pourquoi 5\u00a0532,50\u00a0€"
    page.click(".note-close")
    page.wait_for_url(site + "/decompte/?#socle-2025")
    page.goto(site + "/")
    page.click("#socle-2024")
    assert [page.is_visible("#note-socle-2024"), page.is_visible("#note-socle-2025")] == [True, False]
    page.context.close()


def test_on_paper_the_notes_are_numbered_at_the_end(visit):
    page = visit("/")
    page.emulate_media(media="print")
    assert [
        page.is_visible(selector) for selector in (".rail", ".button", ".filters", "#note-socle-2025", "#note-demi-journees")
    ] == [False, False, False, True, True]
    assert (
        page.evaluate("getComputedStyle(document.querySelector('#socle-2025'), '::after').content") == '"\u00a0" counter(amount)'
    )
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.note-title'), '::before').content") == 'counter(note) ".\u00a0"'
    )


def test_on_paper_a_total_comes_once_and_the_fills_of_a_territory_stay(visit):
    page = visit("/decompte/")
    page.emulate_media(media="print")
    assert measures(page, "tfoot", "display") == ["table-row-group"]  # a footer group comes again on each sheet
    page = visit("/adhesions/")
    page.emulate_media(media="print")
    assert measures(page, ".cell", "printColorAdjust") == ["exact"]


@pytest.mark.parametrize("path", ["/", "/decompte/?note=socle-2025", "/adhesions/", "/mairie/"])
def test_a_page_weighs_less_than_200_kilobytes_with_its_fonts(browser, site, path):
    """Texts are counted as served, compressed; fonts as they are."""
    page = browser.new_page()
    weights = {}

    def weigh(response):
        body = response.body()
        weights[response.url.removeprefix(site)] = len(body) if response.url.endswith(".woff2") else len(gzip.compress(body))

    page.on("response", weigh)
    page.goto(site + path, wait_until="networkidle")
    page.close()
    assert any(name.endswith(".woff2") for name in weights)
    assert sum(weights.values()) <= 200_000, json.dumps(weights, indent=1)
