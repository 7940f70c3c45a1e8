"""The terms of the trade: each with its source, explained once a page, and none that nobody has defined."""

import re

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from communis.directory.glossary import TERMS


def drawn(text):
    return Template(text).render(Context({"request": RequestFactory().get("/")}))


def test_a_term_is_explained_the_first_time_a_page_uses_it_and_only_then():
    page = drawn('{% term "ETP" %}, puis {% term "ETP" "équivalents temps plein" %}.')
    assert re.findall(r'href="([^"]+)"', page) == ["/glossaire/#etp", "/glossaire/#etp"]  # the word, and the foot of its meaning
    assert page.count("popover") == 1
    assert page.endswith("puis équivalents temps plein.")


def test_a_term_that_nobody_defined_fails_with_the_nearest():
    with pytest.raises(TemplateSyntaxError, match="population totale"):
        drawn('{% term "populations totale" %}')


def test_each_term_has_a_meaning_a_source_and_an_anchor_of_its_own():
    assert [word for word, term in TERMS.items() if not (term.meaning.endswith((".", "…")) and term.source and term.key)] == []
    assert len({term.key for term in TERMS.values()}) == len(TERMS)
    assert sorted(TERMS, key=lambda word: word.lower().replace("é", "e")) == list(TERMS)
