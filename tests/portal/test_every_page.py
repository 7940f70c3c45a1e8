"""Every page in a browser, as it is served: nobody is hindered, nothing moves sideways, nothing foreign, nothing heavy."""

import random

from factories.every_page import MAIN, NO_PAGE, PLACES, WAYS, hindrances, routes

SEED = random.SystemRandom().randrange(10**6)


def test_each_route_is_looked_at_or_said_to_be_no_page():
    known = {name.partition(",")[0] for name in PLACES} | set(NO_PAGE)
    assert sorted(set(routes()) ^ known) == []


def test_no_page_hinders_anyone(visitor, places, capsys):
    """Each page at one width and in one theme, drawn; the main pages, at every width and in both themes."""
    drawn = random.Random(SEED)
    looked = {name: WAYS if name in MAIN else [drawn.choice(WAYS)] for name in PLACES}
    found = []
    for width, theme in WAYS:
        pages = {}
        for name in (name for name, ways in looked.items() if (width, theme) in ways):
            place = PLACES[name]
            page = pages.get(place.who) or pages.setdefault(place.who, visitor.page(place.who, width=width, theme=theme))
            told = hindrances(visitor, page, place.path.format(**places))
            found += [f"{name}, {width}, {theme}: {words}" for words in told]
        for page in pages.values():
            page.context.close()
    assert found == [], f"seed {SEED}"
