"""List pages: search, filters, order, pages and exports, on a table of the directory."""

import io
import re
from datetime import date
from decimal import Decimal

import django_filters
import django_tables2
import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.html import format_html
from python_calamine import CalamineWorkbook

from communis.directory.models import Organization, OrganizationType
from communis.foundation.scope import pool_scope
from communis.kit import tables
from communis.kit.lists import Filters, listing
from factories.pools import FIRST, organization

pytestmark = pytest.mark.django_db


class TownFilters(Filters):
    type = django_filters.ModelChoiceFilter(label="Type", queryset=lambda _: OrganizationType.objects.unscoped())


class TownTable(tables.Table):
    caption = "Organisations"
    empty_text = "Aucune organisation : la première s’inscrit depuis le territoire."

    name = tables.TextColumn(verbose_name="Organisation", order_by=("sort_name",))
    type = django_tables2.Column(verbose_name="Type")
    phone = tables.TextColumn(verbose_name="Téléphone", orderable=False)
    starts_on = tables.DayColumn(verbose_name="Depuis le")
    siren = tables.TextColumn(verbose_name="SIREN")

    def render_type(self, value):
        return format_html("<b>{}</b>", value)


def asked(query="", **options):
    request = RequestFactory().get(f"/organisations/?{query}")
    rows = Organization.objects.unscoped().select_related("type")
    return listing(request, rows, TownTable, TownFilters, name="Organisations", **options)


def names(response):
    return re.findall(r'<th scope="row">(.*?)</th>', response.content.decode())


@pytest.fixture
def towns():
    """Thirty organizations, those of even rank without a phone."""
    with pool_scope(FIRST):
        for rank in range(30):
            organization(f"Épine {rank:02}", phone="" if rank % 2 else "+33 2", starts_on=date(2020, 1, 1))
        organization("Zéphyr", type="syndicat", siren="243500741")
        yield


@pytest.mark.usefixtures("towns")
def test_a_search_ignores_accents_and_case_and_wants_every_word():
    assert names(asked("q=EPINE+07")) == ["Épine 07"]
    assert names(asked("q=zephyr")) == names(asked("q=243500741")) == ["Zéphyr"]


@pytest.mark.usefixtures("towns")
def test_filters_and_order_stand_in_the_address():
    syndicate = OrganizationType.objects.unscoped().get(name="syndicat").pk
    assert names(asked(f"type={syndicate}")) == ["Zéphyr"]
    assert names(asked("sort=-name"))[:2] == ["Zéphyr", "Épine 29"]
    page = asked(f"sort=-name&type={syndicate}").content.decode()
    assert '<input type="hidden" name="sort" value="-name">' in page
    assert 'name="type" value=' not in page


@pytest.mark.usefixtures("towns")
def test_pages_have_25_or_100_rows_and_a_page_that_does_not_exist_is_the_last():
    assert [len(names(asked(query))) for query in ("", "page=2", "page=99", "page=x", "par=100", "par=7")] == [
        25,
        6,
        6,
        25,
        31,
        25,
    ]


@pytest.mark.usefixtures("towns")
def test_rows_that_are_equal_are_each_on_one_page():
    pages = names(asked("sort=starts_on")) + names(asked("sort=starts_on&page=2"))
    assert sorted(pages) == sorted({*pages})
    assert len(pages) == 31


@pytest.mark.usefixtures("towns")
def test_a_filter_that_means_nothing_is_said():
    page = asked("type=999").content.decode()
    assert "Un filtre n’est pas compris et n’est pas appliqué\N{NO-BREAK SPACE}: type." in page


@pytest.mark.usefixtures("towns")
def test_a_search_without_an_answer_offers_to_show_all():
    page = asked("q=rien").content.decode()
    assert "Rien ne répond à cette recherche." in page
    assert '<a class="button button-secondary" href="?">Tout montrer</a>' in page


def test_an_empty_list_says_what_will_be_there():
    with pool_scope(FIRST):
        page = asked().content.decode()
    assert "Aucune organisation\N{NO-BREAK SPACE}: la première s’inscrit depuis le territoire." in page


@pytest.mark.usefixtures("towns")
def test_columns_left_out_can_be_chosen():
    pages = [asked(query, optional=["siren"]).content.decode() for query in ("", "colonnes=siren")]
    assert ["SIREN" in page.partition("<thead>")[2] for page in pages] == [False, True]


@pytest.mark.covers("INT-03")
@pytest.mark.usefixtures("towns")
def test_a_csv_export_holds_exactly_what_is_filtered_in_the_order_shown():
    response = asked("q=epine&sort=-name&export=csv&page=2", optional=["siren"])
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert response["Content-Disposition"].startswith('attachment; filename="organisations-')
    assert (len(lines), lines[:3]) == (
        31, ["Organisation;Type;Téléphone;Depuis le", "Épine 29;commune;;01/01/2020", "Épine 28;commune;'+33 2;01/01/2020"],
    )  # fmt: skip


@pytest.mark.covers("INT-03")
@pytest.mark.usefixtures("towns")
def test_an_xlsx_export_keeps_types_and_text():
    content = b"".join(asked("q=epine&export=xlsx").streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Organisations").to_python()
    assert (len(rows), rows[1]) == (31, ["Épine 00", "commune", "+33 2", date(2020, 1, 1), ""])


def test_the_number_of_queries_is_the_same_at_1_and_100_rows():
    counts = []
    with pool_scope(FIRST):
        for upto in (1, 100):
            for rank in range(upto):
                organization(f"{upto} {rank}")
            with CaptureQueriesContext(
                connection,
            ) as queries:
                asked("q=&sort=name&par=100")
            counts.append(len(queries))
    assert counts == [3, 3]  # the types of the filter, the count, the rows


def test_amounts_are_exported_exactly():
    class AmountTable(tables.Table):
        amount = tables.AmountColumn(verbose_name="Montant")

    response = listing(
        RequestFactory().get("/?export=csv"), [{"amount": Decimal("-12.30")}, {"amount": None}], AmountTable, name="x"
    )
    assert b"".join(response.streaming_content).decode("utf-8-sig") == 'Montant\r\n-12,30\r\n""\r\n'
