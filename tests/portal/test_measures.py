"""The real pages against the visual reference: widths, type, paddings and colours, on computed styles."""

import pytest

from kit.test_browser import TEXT, TITLE, WORDS, measures, type_of


@pytest.fixture
def offers(visit, places):
    return visit(f"/organisations/{places['sixt']}/offres/{places['note']}")


def test_the_offers_have_the_frame_of_a_statement(offers):
    assert [measures(offers, selector, "x", "width") for selector in (".rail", ".work", ".margin")] == [
        [0, 216],
        [216, 804],
        [1020, 340],
    ]
    assert measures(offers, ".work", "padding") == ["24px 36px 44px"]
    assert measures(offers, ".margin", "padding") == ["24px 24px 24px 28px"]


def test_the_offers_have_the_type_of_a_statement(offers):
    wanted = {
        "h1": [TITLE, "32px", "38px", "600"],
        ".note-title": [TITLE, "17px", "24px", "600"],
        ".sum-due-figure": [TITLE, "40px", "46px", "500"],
        "body": [TEXT, "16px", "24px", "400"],
        ".table tbody td": [TEXT, "15px", "22px", "400"],
        ".table .group th": [TEXT, "14px", "20px", "600"],
        ".rail-item": [TEXT, "15px", "22px", "400"],
        ".rail-group": [TEXT, "13px", "18px", "400"],
        ".badge": [TEXT, "13px", "18px", "600"],
        ".button": [TEXT, "15px", "20px", "600"],
        ".note-words": [WORDS, "15.5px", "24px", "400"],
        ".margin .facts dt": [TEXT, "14px", "20px", "400"],
    }
    assert {selector: type_of(offers, selector) for selector in wanted} == wanted


def test_the_amount_explained_leads_to_its_margin(offers):
    amount = ".amount[aria-expanded=true]"
    assert measures(offers, amount, "backgroundColor", "color", "padding", "margin", "fontWeight") == [
        "rgb(242, 182, 60)", "rgb(22, 38, 43)", "1px 7px", "0px -7px", "600",
    ]  # fmt: skip
    tick = offers.evaluate("""() => {
      const row = document.querySelector('.amount[aria-expanded=true]').closest('tr'), style = getComputedStyle(row, '::after');
      return [style.width, style.backgroundColor, parseFloat(getComputedStyle(row).height) - parseFloat(style.height) <= 1]; }""")
    assert tick == ["5px", "rgb(242, 182, 60)", True]
    level = offers.evaluate("""() => document.querySelector('.note-title').getBoundingClientRect().top
      - document.querySelector('.amount[aria-expanded=true]').closest('tr').getBoundingClientRect().top""")
    assert level <= 9  # level with its row, or slid up when it would pass the end of the page


def test_sums_and_lines_are_drawn_as_accountants_do(offers):
    assert measures(offers, ".table thead th", "borderBottomWidth", "borderBottomColor") == ["2px", "rgb(22, 38, 43)"]
    assert measures(offers, ".table tbody td.num", "textAlign", "fontVariantNumeric", "paddingTop") == [
        "right", "lining-nums tabular-nums", "9px",
    ]  # fmt: skip
    assert measures(offers, ".table tr.total td", "borderTopWidth", "fontWeight") == ["2px", "600"]
    assert measures(offers, ".note .sum-result", "borderTopWidth", "borderTopColor", "fontWeight") == [
        "2px",
        "rgb(22, 38, 43)",
        "600",
    ]
    assert measures(offers, ".sum-due", "borderTopWidth", "borderLeftWidth", "borderTopColor") == [
        "1px",
        "0px",
        "rgb(211, 220, 218)",
    ]
    assert measures(offers, ".sum-due .button", "height") == [36]
    level = "() => ['p', '.supposing'].map((one) => document.querySelector(`.sum-due > ${one}`).getBoundingClientRect().top)"
    sum_due, supposed = offers.evaluate(level)
    assert sum_due == supposed  # two columns of one frame: the rule between them meets its lines


@pytest.mark.parametrize(
    ("theme", "colours"),
    [
        ("light", ["rgb(243, 246, 245)", "rgb(22, 38, 43)", "rgb(255, 255, 255)", "rgb(10, 90, 115)", "rgb(34, 85, 143)"]),
        ("dark", ["rgb(15, 26, 29)", "rgb(231, 238, 236)", "rgb(22, 36, 40)", "rgb(127, 196, 224)", "rgb(147, 189, 240)"]),
    ],
)
def test_the_colours_are_the_tokens(visit, places, theme, colours):
    page = visit(f"/organisations/{places['sixt']}/offres/", theme=theme)
    found = [*measures(page, "body", "backgroundColor", "color"), *measures(page, ".work", "backgroundColor"),
             *measures(page, ".margin a:not(.term)", "color"), *measures(page, ".badge-info", "color")]  # fmt: skip
    assert found == colours


def test_the_territory_is_drawn_as_the_list_of_adhesions(visit):
    page = visit("/territoire/", "direction")
    assert measures(page, ".work", "x", "width") == [216, 1144]
    assert measures(page, ".cell", "height") == [20]
    assert measures(page, ".tab[aria-current]", "fontSize", "borderBottomWidth", "fontWeight") == ["15px", "3px", "600"]
    assert measures(page, ".table tbody td", "paddingTop") == ["8px"]
    assert measures(page, ".table tbody th", "fontWeight", "textAlign") == ["600", "left"]
    assert measures(page, ".table tfoot tr", "borderTopWidth") == ["2px"]
    assert type_of(page, ".territory-words") == [TEXT, "15px", "20px", "400"]
    gap = page.evaluate("getComputedStyle(document.querySelector('.territory-cells')).gap")
    assert gap == "2px"
    below = page.evaluate("""() => ['h1', '.territory', '.tabs', '.filters', '.table', '.page-foot']
      .map((one) => document.querySelector(one).getBoundingClientRect().top)""")
    assert below == sorted(below)


def test_on_a_phone_the_home_of_a_mayor_says_the_sum_then_why(visit):
    page = visit("/", "maire", width=390)
    assert type_of(page, ".sum-due-figure") == [TITLE, "48px", "54px", "500"]
    assert type_of(page, ".sum-due-label") == [TITLE, "20px", "26px", "600"]
    assert measures(page, ".button-primary", "height", "width") == [44, 350]
    assert type_of(page, "h2.ruled") == [TITLE, "20px", "26px", "600"]
    assert measures(page, "h2.ruled", "borderBottomWidth") == ["2px"]
    amount = page.locator(".table-lines .amount").first
    amount.click()
    page.wait_for_selector(".note-title:focus")
    assert page.evaluate("document.querySelector('#note').parentElement.tagName") == "TD"
    assert measures(page, "#note", "borderLeftWidth", "borderLeftColor") == ["5px", "rgb(242, 182, 60)"]
    assert measures(page, ".note-words", "fontSize", "lineHeight") == ["17px", "25px"]


def test_between_900_and_1199_the_note_is_a_drawer(visit, places):
    page = visit(f"/organisations/{places['sixt']}/offres/{places['note']}", width=900)
    assert measures(page, ".note", "position", "width") == ["fixed", 340]


@pytest.mark.parametrize("path", ["/fournisseurs/", "/reglages/", "/"])
def test_the_rail_opens_at_the_page_one_is_on_and_cuts_nothing_that_it_says(visit, path):
    page = visit(path, "direction")
    inside = page.evaluate("""() => { const box = (one) => document.querySelector(one).getBoundingClientRect();
      const nav = box('.rail-nav'), item = box('.rail-item[aria-current]');
      const demo = box('.rail-fictitious'), foot = box('.rail-foot');
      return [nav.top <= item.top, item.bottom <= nav.bottom, nav.bottom <= demo.top, demo.bottom <= foot.top]; }""")
    assert inside == [True] * 4


def test_the_rail_stays_at_its_head_when_the_page_one_is_on_is_seen_from_there(visit):
    page = visit("/territoire/", "direction")
    assert page.evaluate("document.querySelector('.rail-nav').scrollTop") == 0


def test_what_ends_a_right_stays_in_the_window_when_the_list_is_wider_than_it(visit):
    page = visit("/acces/", "direction", width=900)
    assert (
        page.evaluate("""() => [...document.querySelectorAll('td.end a')].map((one) => one.getBoundingClientRect().right)
      .filter((right) => right > innerWidth - 36)""")
        == []
    )


def test_on_paper_the_notes_come_at_the_end_and_the_frame_is_gone(offers):
    offers.emulate_media(media="print")
    assert [offers.is_visible(one) for one in (".rail", ".breadcrumbs", ".supposing", ".note-close")] == [False] * 4
    assert measures(offers, ".note", "position", "borderLeftWidth") == ["static", "0px"]
    below = offers.evaluate("""() => document.querySelector('.note').getBoundingClientRect().top
      - document.querySelector('.table').getBoundingClientRect().bottom""")
    assert below > 0
