"""How figures and dates are written, and how what people type is read."""

import contextlib
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communis.kit import filters, formats
from communis.kit.reading import Misread, read_date, read_number, read_time

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1234.5"), "1\u00a0234,50\u00a0€"),
        (Decimal("0"), "0,00\u00a0€"),
        (Decimal("-0.001"), "0,00\u00a0€"),
        (Decimal("0.005"), "0,01\u00a0€"),
        (Decimal("0.125"), "0,13\u00a0€"),
        (Decimal("-0.125"), "−0,13\u00a0€"),
        (Decimal("999.995"), "1\u00a0000,00\u00a0€"),
        (Decimal("1E+6"), "1\u00a0000\u00a0000,00\u00a0€"),
        (
            Decimal("123456789012345678901234567890.12"),
            "123\u00a0456\u00a0789\u00a0012\u00a0345\u00a0678\u00a0901\u00a0234\u00a0567\u00a0890,12\u00a0€",
        ),
        (Fraction(1, 3), "0,33\u00a0€"),
        (Fraction(-1, 200), "−0,01\u00a0€"),
        (Fraction(18_322_50, 100), "18\u00a0322,50\u00a0€"),
        (80_000, "80\u00a0000,00\u00a0€"),
    ],
)
def test_an_amount_is_written_in_french(value, written):
    assert formats.euros(value) == written


@pytest.mark.parametrize("value", [1234.5, 0.1, True, "12", None])
def test_an_amount_that_is_not_exact_is_refused(value):
    with pytest.raises(TypeError):
        formats.euros(value)


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_an_amount_that_is_not_finite_is_refused(value):
    with pytest.raises(ValueError, match="finite"):
        formats.euros(Decimal(value))


def test_a_signed_amount_bears_its_sign_apart():
    assert [formats.euros(Decimal(value), signed=True) for value in ("600", "-9", "0")] == [
        "+\u00a0600,00\u00a0€",
        "−\u00a09,00\u00a0€",
        "0,00\u00a0€",
    ]


@pytest.mark.parametrize(("words", "written"), [("échéance du CCAS", "Échéance du CCAS"), ("12 jours", "12 jours"), ("", "")])
def test_words_are_written_with_a_capital_the_rest_as_it_is(words, written):
    assert formats.capital(words) == written


def test_a_ratio_is_written_in_percent():
    assert [formats.percent(Decimal("0.141")), formats.percent(Fraction(-83, 1000), signed=True), formats.percent(1, 0)] == [
        "14,1\u00a0%",
        "−\u00a08,3\u00a0%",
        "100\u00a0%",
    ]


def test_a_number_keeps_the_decimals_it_has():
    assert [formats.plain_number(value) for value in (3, Decimal("1.5"), Decimal("2.4175"), Fraction(1, 3), 22_764)] == [
        "3",
        "1,50",
        "2,4175",
        "0,333333",
        "22\u00a0764",
    ]


def test_a_value_is_shown_as_its_type_says():
    values = ("sans objet", date(2026, 1, 1), time(14, 6), Decimal("5532.5"), Fraction(1, 2), 2355)
    assert [formats.shown(value) for value in values] == [
        "sans objet",
        "1er\u00a0janvier\u00a02026",
        "14\u00a0h\u00a006",
        "5\u00a0532,50\u00a0€",
        "0,50\u00a0€",
        "2\u00a0355",
    ]


@pytest.mark.parametrize("value", [1.5, True, object(), None])
def test_a_value_nobody_knows_how_to_show_is_refused(value):
    with pytest.raises(TypeError):
        formats.shown(value)


def test_the_plural_begins_at_two():
    assert [formats.counted(count, "commune") for count in (0, 1, 2, 1254)] == [
        "0\u00a0commune",
        "1\u00a0commune",
        "2\u00a0communes",
        "1\u00a0254\u00a0communes",
    ]
    assert formats.counted(3, "travail", "travaux") == "3\u00a0travaux"
    assert formats.counted(2, "adhésion choisie") == "2\u00a0adhésions choisies"
    assert formats.agreed(Decimal("1.5"), "jour") == "jour"


def test_dates_are_written_in_words_in_short_and_in_figures():
    day = date(2026, 2, 1)
    assert (formats.long_date(day), formats.medium_date(day), formats.short_date(day)) == (
        "1er\u00a0février\u00a02026",
        "1er\u00a0févr.\u00a02026",
        "01/02/2026",
    )


def test_a_period_says_only_once_what_its_days_share():
    assert [
        formats.period(date(2025, 1, 1), last)
        for last in (date(2026, 3, 31), date(2025, 3, 31), date(2025, 1, 31), date(2025, 1, 1), None)
    ] == [
        "du 1er\u00a0janvier\u00a02025 au 31\u00a0mars\u00a02026",
        "du 1er\u00a0janvier au 31\u00a0mars\u00a02025",
        "du 1er au 31\u00a0janvier\u00a02025",
        "le 1er\u00a0janvier\u00a02025",
        "depuis le 1er\u00a0janvier\u00a02025",
    ]


def test_a_moment_is_told_in_the_time_of_the_place():
    assert formats.moment(datetime(2026, 1, 14, 16, 42, tzinfo=UTC)) == "14\u00a0janvier\u00a02026 à 17\u00a0h\u00a042"


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("Attention : rien ; vraiment ?", "Attention\u00a0: rien\u00a0; vraiment\u00a0?"),
        ("Il écrit « habitants administrés ».", "Il écrit «\u00a0habitants administrés\u00a0»."),
        ("1 234 567 € et 10 %", "1\u00a0234\u00a0567\u00a0€ et 10\u00a0%"),
        (
            "l'article 7.1, n° 4, le 1er janvier 2026 à 14 h 06",
            "l’article\u00a07.1, n°\u00a04, le 1er\u00a0janvier 2026 à 14\u00a0h\u00a006",
        ),
        ("http://exemple.fr/a?b=c", "http://exemple.fr/a?b=c"),
        ("12:30", "12:30"),
        ("", ""),
    ],
)
def test_french_spaces_are_mended_never_invented(typed, mended):
    assert formats.french(typed) == mended


def test_the_typography_of_a_page_leaves_tags_alone_and_escapes_the_rest():
    safe = filters.mark_safe('<a href="?a=b : c">Attention : ici</a>')
    assert filters.french(safe) == '<a href="?a=b : c">Attention\u00a0: ici</a>'
    assert filters.french("<script>a : b</script>") == "&lt;script&gt;a\u00a0: b&lt;/script&gt;"
    assert filters.french("l'été") == "l’été"


def test_the_first_of_a_month_is_raised_after_escaping():
    assert filters.superior("<b>1er janvier") == "&lt;b&gt;1<sup>er</sup> janvier"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1 234,50 €", "1234.50"),
        ("1\u00a0234,50\u00a0€", "1234.50"),
        ("1\u202f234,5", "1234.50"),
        ("1234.5", "1234.50"),
        ("1234,5", "1234.50"),
        ("12", "12.00"),
        (" 12 € ", "12.00"),
        ("-3,5", "-3.50"),
        ("− 9,00 €", "-9.00"),
        ("+ 600", "600.00"),
        ("0", "0.00"),
        ("000012", "12.00"),
        ("1 000 000", "1000000.00"),
        ("999999999999", "999999999999.00"),
    ],
)
def test_an_amount_is_read_in_both_notations(typed, read):
    assert str(read_number(typed)) == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "abc",
        "NaN",
        "sNaN",
        "Infinity",
        "-inf",
        "1E9",
        "1e400000",
        "1_000",
        "٣",
        "１２",
        "12,",
        ",5",
        "1,2,3",
        "1.234,50",
        "1,234.50",
        "12 34",
        "1 2345",
        "12 %",
        "12 $",
        "--3",
        "0x10",
        "1/3",
        "=1+1",
        "1\n2",
        "12\x00",
        "9" * 41,
        "1234567890123",
        "1,234",
        "1.234",
        "½",
        "²",
    ],
)
def test_what_is_not_an_amount_is_refused_in_words(typed):
    with pytest.raises(Misread):
        read_number(typed)


def test_a_refused_amount_says_what_to_write():
    said = []
    for typed in ("douze", "1.234", "1234567890123"):
        with pytest.raises(Misread) as refusal:
            read_number(typed)
        said.append(str(refusal.value))
    assert said == [
        "Écrivez un nombre, par exemple 1\u00a0234,50\u00a0€.",
        "Au plus 2\u00a0décimales après la virgule ; les milliers se séparent par une espace, pas par un point.",
        "Ce nombre est trop grand : au plus 12\u00a0chiffres avant la virgule.",
    ]


@given(st.decimals(min_value=-999_999_999_999, max_value=999_999_999_999, places=2))
def test_what_is_written_is_read_back(value):
    assert read_number(formats.euros(value)) == value
    assert read_number(formats.euros(value, signed=True)) == value


@given(st.text())
def test_no_typed_text_breaks_the_reading(text):
    for read, kind in ((read_number, Decimal), (read_date, date), (read_time, time)):
        found = None
        with contextlib.suppress(Misread):
            found = read(text)
        assert found is None or isinstance(found, kind)


@pytest.mark.parametrize("typed", ["31/01/2026", "31/1/2026", "31.01.2026", "2026-01-31", " 31 janvier 2026 ", "31 janv. 2026"])
def test_a_date_is_read_in_the_ways_people_write_it(typed):
    assert read_date(typed) == date(2026, 1, 31)


def test_the_first_of_a_month_is_read():
    assert read_date("1er\u00a0août\u00a02026") == date(2026, 8, 1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/02/2025", "Cette date n’existe pas : 31/02/2025."),
        ("01/01/1899", "L’année doit être comprise entre 1900 et 2199."),
        ("01/01/26", "Écrivez une date sous la forme jj/mm/aaaa, par exemple 31/01/2026."),
        ("٣١/٠١/٢٠٢٦", "Écrivez une date sous la forme jj/mm/aaaa, par exemple 31/01/2026."),
        ("3 ju 2026", "Écrivez une date sous la forme jj/mm/aaaa, par exemple 31/01/2026."),
        ("demain", "Écrivez une date sous la forme jj/mm/aaaa, par exemple 31/01/2026."),
        ("1" * 50, "Écrivez une date sous la forme jj/mm/aaaa, par exemple 31/01/2026."),
        ("2026-01-31T00:00", "Écrivez une date sous la forme jj/mm/aaaa, par exemple 31/01/2026."),
    ],
)
def test_a_date_that_cannot_be_read_says_why(typed, said):
    with pytest.raises(Misread) as refusal:
        read_date(typed)
    assert str(refusal.value) == said


@pytest.mark.parametrize(
    ("typed", "read"),
    [("20:30", time(20, 30)), ("20h30", time(20, 30)), ("20\u00a0h\u00a030", time(20, 30)), ("8:05", time(8, 5)),
     (" 20 H ", time(20)), ("20:30:00", time(20, 30))],
)  # fmt: skip
def test_a_time_is_read_in_the_ways_people_write_it(typed, read):
    assert read_time(typed) == read


@pytest.mark.parametrize(
    ("typed", "said"),
    [("25:61", "Cette heure n’existe pas : 25:61."), ("20h60", "Cette heure n’existe pas : 20h60."),
     ("20", "Écrivez une heure, par exemple 20:30 ou 20 h 30."), ("le soir", "Écrivez une heure, par exemple 20:30 ou 20 h 30.")],
)  # fmt: skip
def test_a_time_that_cannot_be_read_says_why(typed, said):
    with pytest.raises(Misread) as refusal:
        read_time(typed)
    assert str(refusal.value) == said


@pytest.mark.parametrize(
    ("unit", "count", "written"),
    [("poste", 24, "postes"), ("poste", 1, "poste"), ("poste", Decimal("1.5"), "poste"), ("hab", 24, "hab"), ("Go", 3, "Go"),
     ("ETP", 2, "ETP"), ("jour-agent", 3, "jour-agent"), ("accès", 2, "accès")],
)  # fmt: skip
def test_a_unit_that_is_a_word_agrees_and_a_symbol_does_not(unit, count, written):
    assert formats.units(unit, count) == written


def test_a_name_follows_de_with_its_elision_and_its_article():
    names = ("Odars", "Arbois", "Redon", "Le Rheu", "Les Fougerêts", "SIDEC", "Sicoval", "Nîmes Métropole", "Métropole du Nord")
    assert [formats.of(name) for name in names] == [
        "d’Odars", "d’Arbois", "de Redon", "du Rheu", "des Fougerêts", "du SIDEC", "du Sicoval", "de Nîmes Métropole",
        "de la Métropole du Nord",
    ]  # fmt: skip


def test_the_day_of_a_moment_is_that_of_the_place():
    night = datetime(2026, 11, 30, 23, 34, tzinfo=UTC)  # half past midnight in Paris
    assert (formats.long_date(night), formats.medium_date(night), formats.short_date(night)) == (
        "1er\u00a0décembre\u00a02026", "1er\u00a0déc.\u00a02026", "01/12/2026",
    )  # fmt: skip
