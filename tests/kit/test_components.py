"""What components write, from the templates that use them."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client, RequestFactory

from communis.kit.fields import AmountField, CountField, FrenchDateField, NumberField, PercentField
from communis.kit.parts import Fact, Line, Link, Note, Rail, RailGroup, RailItem, Tab, WordsTable
from kit.gallery import content
from kit.gallery.views import LINES, CostForm, StatementTable

pytestmark = pytest.mark.usefixtures("gallery")


def written(template, path="/page/?q=a", **context):
    return Template(template).render(Context({"request": RequestFactory().get(path), **context}))


@pytest.mark.parametrize(
    "template",
    [
        "{% badge 'Émis' colour='red' %}",
        "{% button 'Calculer' knd='primary' %}",
        "{% panel titel='Préavis' %}x{% endpanel %}",
        "{% amount 1 noet='a' %}",
        "{% task 'Calculer' %}",
    ],
)
def test_a_misspelt_argument_fails_when_the_template_is_read(template):
    with pytest.raises(TemplateSyntaxError):
        Template(template)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (
            "{% badge 'Émis' 'green' %}",
            "The tone « green » does not exist; one of: neutral, ink, success, warning, danger, info.",
        ),
        (
            "{% button 'Calculer' kind='main' %}",
            "The kind of button « main » does not exist; one of: secondary, primary, danger, quiet.",
        ),
        ("{% icon 'star' %}", "The icon « star » does not exist; one of: chevron, search, arrow, check."),
    ],
)
def test_a_value_that_does_not_exist_names_those_that_do(template, said):
    with pytest.raises(TemplateSyntaxError) as refusal:
        written(template)
    assert str(refusal.value) == said


def test_a_badge_is_a_word_and_a_border():
    assert written("{% badge 'Émis' 'success' %}") == '<span class="badge badge-success">Émis</span>'
    assert written("{% badge 'À venir' unreal=True %}") == '<span class="badge badge-neutral badge-unreal">À venir</span>'


def test_a_button_is_a_link_when_it_has_an_address():
    assert written("{% button 'Exporter' '/x/' %}") == '<a class="button button-secondary" href="/x/">Exporter</a>'
    assert written("{% button 'Calculer' kind='primary' name='do' value='run' %}") == (
        '<button class="button button-primary" type="submit" name="do" value="run">Calculer</button>'
    )


def test_a_disabled_button_keeps_the_focus_and_says_why():
    assert written("{% button 'Émettre' disabled='Un prix manque.' %}") == (
        '<button class="button button-secondary" type="button" aria-disabled="true" aria-describedby="why-emettre">'
        "Émettre</button>"
        ' <span class="secondary" id="why-emettre">Un prix manque.</span>'
    )


def test_an_amount_without_a_note_is_a_figure_and_without_a_value_a_word():
    assert written("{% amount value %}", value=Decimal("5532.5")) == '<span class="figure">5\u00a0532,50\u00a0€</span>'
    assert written("{% amount value 'a' %}", value=None) == '<span class="absent moot">sans objet</span>'
    assert written("{% amount value absent='à décider' %}", value=None) == '<span class="absent">à décider</span>'


def test_an_amount_asks_its_note_of_the_same_address():
    assert written("{% amount value 'a' about='Socle' %}", path="/page/?q=b&note=z", value=Decimal(600)) == (
        '<a class="amount" id="a" href="?q=b&amp;note=a#note" aria-label="Socle\u00a0: 600,00\u00a0€, pourquoi\u00a0?"'
        ' data-amount hx-get="?q=b&amp;note=a" hx-target="#note" hx-select="#note" hx-swap="outerHTML"'
        ' hx-replace-url="true">600,00\u00a0€</a>'
    )


def test_an_amount_whose_note_is_asked_is_selected():
    assert ' aria-current="true"' in written("{% amount value 'a' %}", path="/?note=a", value=Decimal(1))


def test_hostile_words_are_escaped_everywhere():
    evil = "<script>alert(1)</script>"
    note = Note(
        key=evil,
        title=evil,
        article=Link(evil, "/x/"),
        article_title=evil,
        words=evil,
        table=WordsTable((evil,), ((evil,),), 0),
        formula=evil,
        values=evil,
        lines=(Line(evil, evil, evil),),
        result=Line(evil, evil),
        facts=(Fact(evil, evil, evil),),
        roundings=evil,
        interpretation=evil,
        remark=evil,
    )
    page = written(
        "{% note note %}{% endnote %}{% definitions pairs %}{% tabs tabs %}{% task evil '/' evil evil %}"
        "{% message %}{{ evil }}{% endmessage %}"
        "{% badge evil %}{% button evil %}{% breadcrumbs evil %}{% empty evil %}{% endempty %}{% dates days %}"
        "{% sum_due evil evil evil change=evil since=evil %}"
        "{% progress evil 1 since=evil %}{% problem evil evil quoted=evil %}{% endproblem %}"
        "{% panel evil %}{% endpanel %}{% search '/' value=evil label=evil %}",
        note=note,
        evil=evil,
        pairs=[(evil, evil)],
        tabs=[Tab(evil, evil)],
        days=[(date(2026, 1, 1), evil)],
    )
    assert "<script" not in page


def test_a_note_keeps_the_order_of_the_margin():
    page = written("{% note note %}{% button 'Contester ce montant' %}{% endnote %}", note=content.CONTRIBUTION)
    parts = [
        "Pourquoi 5\u00a0532,50",
        "Fermer",
        "Article\u00a07.1",
        "«\u00a0La répartition",
        "Seuils d’habitants",
        "Formule",
        "2\u00a0000,00\u00a0€ + 1,50\u00a0€",
        "contribution",
        "Faits",
        "<dd>2\u00a0355",
        "Insee, saisie",
        "donnée fictive de démonstration",
        "Interprétation retenue",
        "Contester ce montant",
        "En cas de différend",
    ]
    places = [page.find(part) for part in parts]
    assert [part for part, place in zip(parts, places, strict=True) if place < 0] == []
    assert places == sorted(places)


def test_closing_a_note_leads_back_to_its_amount():
    assert '<a class="note-close" href="?q=a#socle-2025" data-close>Fermer</a>' in written(
        "{% note note %}{% endnote %}", path="/?q=a&note=socle-2025", note=content.CONTRIBUTION
    )


def test_a_sum_has_its_result_last():
    assert written(
        "{% sum lines result %}", lines=[Line("part fixe", Decimal(2000))], result=Line("contribution", Decimal(2000))
    ) == (
        '<dl class="sum"><div><dt>part fixe</dt><dd>2\u00a0000,00\u00a0€</dd></div>'
        '<div class="sum-result"><dt>contribution</dt><dd>2\u00a0000,00\u00a0€</dd></div></dl>'
    )


def test_definitions_never_leave_a_value_empty():
    assert written("{% definitions pairs %}", pairs=[("Terme", None), ("Version", Link("version 2", "/v/"))]) == (
        '<dl class="facts"><div><dt>Terme</dt><dd><span class="absent moot">sans objet</span></dd></div>'
        '<div><dt>Version</dt><dd><a href="/v/">version 2</a></dd></div></dl>'
    )


def test_the_current_item_of_the_rail_is_the_longest_that_begins_the_address():
    rail = Rail(
        "Redon",
        "RA",
        groups=(
            RailGroup(
                (RailItem("Accueil", "/"), RailItem("Adhésions", "/adhesions/"), RailItem("Demandes", "/adhesions/demandes/"))
            ),
        ),
    )
    current = {
        path: written("{% rail rail %}", path=path, rail=rail).count('aria-current="page"') * 10
        + written("{% rail rail %}", path=path, rail=rail).count('aria-current="true"')
        for path in ("/", "/adhesions/", "/adhesions/demandes/4/", "/autre/")
    }
    assert current == {"/": 10, "/adhesions/": 10, "/adhesions/demandes/4/": 1, "/autre/": 0}


def test_pagination_keeps_the_filters():
    page = Paginator(range(23), 15).get_page(1)
    assert written("{% pagination page %}", path="/?etat=active", page=page) == (
        '<nav class="pagination" aria-label="Pages"><span>1 à 15 sur 23</span>'
        '<a href="?etat=active&amp;page=2" rel="next">Suivantes</a></nav>'
    )
    assert written("{% pagination page %}", page=Paginator([], 15).get_page(1)) == ""


def test_exports_keep_the_filters_and_forget_the_page():
    assert 'href="?q=a&amp;export=csv"' in written("{% exports %}", path="/?q=a&page=3")


def test_a_territory_of_many_members_has_thin_cells():
    many = [content.CellGroup("membres", [content.Cell(str(n)) for n in range(61)])]
    assert 'class="territory territory-dense"' in written("{% territory groups 'Le territoire' %}", groups=many)
    assert 'class="territory"' in written("{% territory groups 'Le territoire' %}", groups=content.TERRITORY)


def test_a_table_heads_its_rows_names_its_groups_and_says_what_is_absent():
    page = written("{% table table %}", table=StatementTable(LINES))
    assert page.count('<th scope="row">') == 6
    assert page.count('<tr class="group">') == 3
    assert page.count('<span class="absent moot">sans objet</span>') == 6
    assert "<td></td>" not in page.partition("<tfoot>")[0]


def test_a_table_without_rows_says_so():
    assert written("{% table table %}", table=StatementTable([])) == '<div class="empty"><p>Aucune ligne à montrer.</p></div>\n'


def test_a_form_ties_each_error_to_its_field_and_sums_them_up():
    page = str(
        CostForm({"label": "Serveurs", "amount": "1.234,50", "paid_on": "31/02/2025", "key": "p", "nature": "f", "sure": "on"})
    )
    assert "2 points sont à corriger" in page
    assert '<a href="#id_amount">Montant payé\u00a0: Écrivez un nombre, par exemple 1\u00a0234,50\u00a0€.</a>' in page
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in page
    assert '<div class="field-error" id="id_amount_error">' in page
    assert page.count('aria-invalid="true"') == 2


def test_a_field_left_empty_is_named_where_it_is_and_in_the_summary_which_counts_every_fault():
    class Asked(forms.Form):
        day = FrenchDateField(label="Date")
        who = forms.ChoiceField(label="Collectivité", choices=[("", "---------"), ("a", "Allaire")])

    page = str(Asked({"day": "", "who": ""}))
    assert '<a href="#id_day">Date\u00a0: à remplir.</a>' in page
    assert '<span class="unseen">Erreur\u00a0: </span>Date\u00a0: à remplir.</div>' in page.replace("Erreur : ", "Erreur\u00a0: ")
    assert '<a href="#id_who">Collectivité\u00a0: à choisir.</a>' in page
    assert '<option value="" selected>à choisir</option>' in page
    form = Asked({"day": "12/01/2026", "who": "a"})
    form.add_error("day", "Trop tôt.")
    form.add_error("day", "Un dimanche.")
    assert "2 points sont à corriger" in str(form)


@pytest.mark.parametrize(
    ("field", "typed", "read"),
    [
        (AmountField(), "1 234,50 €", Decimal("1234.50")),
        (AmountField(required=False), "", None),
        (PercentField(), "14,1 %", Decimal("14.10")),
        (CountField(), "2 355", 2355),
        (FrenchDateField(), "31/01/2026", date(2026, 1, 31)),
        (FrenchDateField(), "2026-01-31", date(2026, 1, 31)),
    ],
)
def test_a_field_reads_french(field, typed, read):
    assert field.clean(typed) == read


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (AmountField(), "NaN", "Écrivez un nombre, par exemple 1\u00a0234,50\u00a0€."),
        (AmountField(), "1E9", "Écrivez un nombre, par exemple 1\u00a0234,50\u00a0€."),
        (AmountField(least=0), "-1", "Écrivez au moins 0\u00a0€."),
        (AmountField(most=100), "100,01", "Écrivez au plus 100\u00a0€."),
        (CountField(), "1,5", "Écrivez un nombre entier, sans virgule."),
        (NumberField(digits=14, places=6), "douze", "Écrivez un nombre, par exemple 1\u00a0234,5."),
        (CountField(), "12 €", "Écrivez un nombre, par exemple 1\u00a0234."),
        (FrenchDateField(), "31/02/2026", "Cette date n’existe pas : 31/02/2026."),
        (FrenchDateField(last=date(2025, 12, 31)), "01/01/2026", "La date doit être le 31/12/2025 ou avant."),
    ],
)
def test_a_field_refuses_in_words(field, typed, said):
    with pytest.raises(ValidationError) as refusal:
        field.clean(typed)
    assert refusal.value.messages == [said]


def test_a_field_shows_again_what_it_holds_in_french():
    assert (
        AmountField().prepare_value(Decimal("1234.5")),
        FrenchDateField().prepare_value(date(2026, 1, 31)),
        AmountField().prepare_value("12,"),
    ) == (
        "1\u00a0234,50\u00a0€",
        "31/01/2026",
        "12,",
    )
    assert AmountField().has_changed(Decimal("1234.50"), "1 234,5") is False


def test_no_page_holds_a_style_or_a_script_of_its_own():
    client = Client()
    pages = {
        path: client.get(path).content.decode()
        for path in ("/", "/decompte/?note=socle-2025", "/adhesions/", "/mairie/", "/formulaire/", "/connexion/")
    }
    offences = (" style=", "<style", " onclick", "javascript:", "hx-on", "<script>")
    assert [(path, offence) for path, page in pages.items() for offence in offences if offence in page] == []
    assert {page.count("<h1") for page in pages.values()} == {1}
    assert {page.count('<html lang="fr">') for page in pages.values()} == {1}


def test_what_is_forbidden_answers_as_what_does_not_exist():
    client = Client(raise_request_exception=False)
    assert client.get("/interdit/").content == client.get("/rien/").content
    assert "Une erreur de notre part" in client.get("/casse/").content.decode()
