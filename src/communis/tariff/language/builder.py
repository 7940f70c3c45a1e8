"""From the trees of Lark to the trees of `syntax`: one method a rule of the grammar, nothing decided here."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from lark import Token, Transformer, Tree, v_args

from communis.tariff.calendar import FIRST_DATED, LAST_DATED, day_in_any_year
from communis.tariff.language import syntax as s
from communis.tariff.language.problems import NOWHERE, Place
from communis.tariff.language.source import noted_names


class Unreadable(Exception):
    """A token that is well formed for the grammar and yet means nothing, such as 31/02/2024."""

    def __init__(self, code: str, message: str, remedy: str, place: Place | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.remedy, self.place = code, message, remedy, place


def build(tree: Tree[Token]) -> Any:
    """Return the clauses of a line, or the formula of a formula."""
    return _Builder().transform(tree)


def number_of(text: str) -> Fraction:
    """Read a number written the French way: `1 500,25`."""
    return Fraction("".join(c for c in text if c.isdigit() or c == ",").replace(",", "."))


def date_of(text: str, place: Place | None = None) -> date:
    """Read a date written `jj/mm/aaaa`; raises Unreadable when no calendar has it."""
    day, month, year = (int(part) for part in text.split("/"))
    try:
        if not FIRST_DATED <= year <= LAST_DATED:
            raise ValueError
        return date(year, month, day)
    except ValueError:
        raise Unreadable("LEC-11", f"« {text} » n’est pas une date du calendrier.", "Écrivez jj/mm/aaaa.", place) from None


def _place(meta: Any) -> Place:
    if getattr(meta, "empty", True):
        return NOWHERE
    return Place(meta.line, meta.column, meta.end_line, meta.end_column)


def _token_place(token: Token) -> Place:
    return Place(token.line or 1, token.column or 1, token.end_line or 1, token.end_column or 1)


def _listed(values: list[Any]) -> tuple[Any, ...]:
    return tuple(v for v in values if v is not None)


_UNARY = {"negated": "non", "minus": "minus"}
_BINARY = {"either": "ou", "both": "et", "add": "+", "subtract": "-", "multiply": "×", "divide": "/", "equal": "=",
           "not_after": "au plus tard", "not_before": "au plus tôt"}  # fmt: skip
_EXTREMES = {"least": "min", "greatest": "max", "capped": "cap", "floored": "floor"}
_DRAWN = {"beyond": "beyond", "within": "within", "remaining": "remaining"}
_LITERALS: dict[str, tuple[bool | str, str]] = {
    "yes": (True, "yes_no"),
    "no": (False, "yes_no"),
    "operating": ("fonctionnement", "section"),
    "capital": ("investissement", "section"),
}
_HEAD_OR_CLAUSE = ("h_", "c_", "i_", "f_", "r_", "o_", "a_", "p_", "s_", "k_", "q_", "l_", "d_", "m_", "e_", "n_", "x_")
_MARK = ("b_", "v_", "w_", "kind_", "prorata_", "tax_", "read_", "by_")


@v_args(meta=True)
class _Builder(Transformer[Token, Any]):
    """Rules not named here are clauses (kind and values) or marks (a plain word with its values)."""

    def __default__(self, data: Any, children: list[Any], meta: Any) -> Any:
        name = str(data)
        place = _place(meta)
        if name in _BINARY or name in _UNARY:
            operator = _BINARY.get(name) or _UNARY[name]
            return s.Operation(operator, tuple(children), place)
        if name in _EXTREMES:
            return s.Extreme(_EXTREMES[name], tuple(children), place)
        if name in _DRAWN:
            return s.Drawn(_DRAWN[name], str(children[0]), place)
        if name in _LITERALS:
            return s.Literal(*_LITERALS[name], place)
        if name.startswith("h_"):
            return self.head_clause(name, children, place)
        if name.endswith("_line") and not name.startswith(_MARK):
            return self.line_clauses(children)
        if name.startswith(_HEAD_OR_CLAUSE):
            return s.Clause(name, tuple(children), s.NO_MARGIN, place)
        if name.startswith(_MARK) or not children:
            return s.Clause(name, tuple(children), s.NO_MARGIN, place)
        return s.Clause(name, tuple(children), s.NO_MARGIN, place)

    # ------------------------------------------------------------ lines

    @staticmethod
    def head_clause(name: str, children: list[Any], place: Place) -> s.Clause:
        """Make the clause of a rule that ends with an optional margin."""
        margin = next((c for c in children if isinstance(c, s.Margin)), s.NO_MARGIN)
        values = children[:-1] if children and (children[-1] is None or isinstance(children[-1], s.Margin)) else children
        return s.Clause(name, tuple(values), margin, place)

    def head(self, meta: Any, children: list[Any]) -> Any:
        return children

    def line_clauses(self, children: list[Any]) -> list[s.Clause]:
        margin = next((c for c in children if isinstance(c, s.Margin)), s.NO_MARGIN)
        clauses = [c for c in children if isinstance(c, s.Clause)]
        return [s.Clause(c.kind, c.values, margin if c.margin == s.NO_MARGIN else c.margin, c.place) for c in clauses]

    def _with_margin(self, kind: str, meta: Any, children: list[Any]) -> list[s.Clause]:
        return [self.head_clause(kind, children, _place(meta))]

    def r_field(self, meta: Any, children: list[Any]) -> list[s.Clause]:
        return self._with_margin("r_field", meta, children)

    def r_member(self, meta: Any, children: list[Any]) -> list[s.Clause]:
        return self._with_margin("r_member", meta, children)

    def r_service(self, meta: Any, children: list[Any]) -> list[s.Clause]:
        return self._with_margin("r_service", meta, children)

    def i_retained(self, meta: Any, children: list[Any]) -> list[s.Clause]:
        return self._with_margin("i_retained", meta, children)

    def i_possible(self, meta: Any, children: list[Any]) -> list[s.Clause]:
        return self._with_margin("i_possible", meta, children)

    def i_open(self, meta: Any, children: list[Any]) -> list[s.Clause]:
        return self._with_margin("i_open", meta, children)

    def article_words(self, meta: Any, children: list[Any]) -> list[s.Clause]:
        return self._with_margin("article_words", meta, children)

    def s_row(self, meta: Any, children: list[Any]) -> list[s.Clause]:
        return self._with_margin("s_row", meta, children)

    def s_grid_row(self, meta: Any, children: list[Any]) -> list[s.Clause]:
        return self._with_margin("s_grid_row", meta, children)

    def s_period(self, meta: Any, children: list[Any]) -> list[s.Clause]:
        return self._with_margin("s_period", meta, children)

    def scale_line(self, meta: Any, children: list[Any]) -> list[s.Clause]:
        return self.line_clauses(children)

    def x_given(self, meta: Any, children: list[Any]) -> list[s.Clause]:
        return self._with_margin("x_given", meta, children)

    def x_expects(self, meta: Any, children: list[Any]) -> list[s.Clause]:
        return self._with_margin("x_expects", meta, children)

    def x_words(self, meta: Any, children: list[Any]) -> list[s.Clause]:
        return self._with_margin("x_words", meta, children)

    # ------------------------------------------------------------ small things

    def margin(self, meta: Any, children: list[Any]) -> s.Margin:
        articles = tuple(str(t) for t in children if isinstance(t, Token) and t.type == "ARTICLE")
        notes = [t for t in children if isinstance(t, Token) and t.type == "NOTE"]
        names = tuple(name for note in notes for name in noted_names(str(note)))
        return s.Margin(articles, names)

    def names(self, meta: Any, children: list[Any]) -> tuple[Token, ...]:
        return tuple(children)

    def text(self, meta: Any, children: list[Any]) -> s.Clause:
        kind = "quote" if children[0].type == "QUOTE" else "label"
        return s.Clause(kind, (str(children[0]),), s.NO_MARGIN, _place(meta))

    def quantity(self, meta: Any, children: list[Any]) -> s.Number:
        number, unit = (*children, None)[:2]
        return s.Number(number_of(str(number)), str(unit) if unit else None, _place(meta))

    def literal(self, meta: Any, children: list[Any]) -> Any:
        return children[0]

    def negative(self, meta: Any, children: list[Any]) -> s.Number:
        number = children[1]
        return s.Number(-number.value, number.unit, _place(meta))

    def date(self, meta: Any, children: list[Any]) -> s.Literal:
        place = _place(meta)
        return s.Literal(date_of(str(children[0]), place), "date", place)

    def v_date(self, meta: Any, children: list[Any]) -> s.Clause:
        return s.Clause("v_literal", (self.date(meta, children),), s.NO_MARGIN, _place(meta))

    def choice(self, meta: Any, children: list[Any]) -> s.Name:
        return s.Name(str(children[0]), place=_place(meta))

    def word(self, meta: Any, children: list[Any]) -> s.Literal:
        return s.Literal(str(children[0]), "text", _place(meta))

    def day(self, meta: Any, children: list[Any]) -> s.Day:
        number, month = children
        found = day_in_any_year(int("".join(c for c in str(number) if c.isdigit())), str(month))
        if found is None:
            raise Unreadable(
                "LEC-11", f"« {number} {month} » n’est pas un jour du calendrier.", "Corrigez le jour.", _place(meta)
            )
        return s.Day(*found)

    def year(self, meta: Any, children: list[Any]) -> s.Year:
        token = children[0]
        text = str(token)
        if token.type == "EXO":
            digits = "".join(c for c in text if c.isdigit())
            offset = int(digits or 0)
            return s.Year(offset=offset if "+" in text else -offset)
        if token.type == "SPAN":
            first, last = int(text[:4]), int(text[5:])
            if last != first + 1:
                raise Unreadable(
                    "LEC-12",
                    f"« {text} » n’est pas un exercice : il finit l’année d’après.",
                    f"{first}-{first + 1}",
                    _place(meta),
                )
            return s.Year(year=first, straddles=True)
        value = number_of(text)
        if value.denominator != 1 or not FIRST_DATED <= value <= LAST_DATED:
            raise Unreadable("LEC-12", f"« {text} » n’est pas une année.", "Par exemple 2024, N ou N-1.", _place(meta))
        return s.Year(year=int(value))

    def day_of(self, meta: Any, children: list[Any]) -> s.DayOf:
        return s.DayOf(children[0], children[1])

    def day_date(self, meta: Any, children: list[Any]) -> s.DayOf:
        return s.DayOf(fixed=date_of(str(children[0]), _place(meta)))

    def since(self, meta: Any, children: list[Any]) -> s.Clause:
        return s.Clause("since", (date_of(str(children[0]), _place(meta)),), s.NO_MARGIN, _place(meta))

    def until(self, meta: Any, children: list[Any]) -> s.Clause:
        return s.Clause("until", (date_of(str(children[0]), _place(meta)),), s.NO_MARGIN, _place(meta))

    def by(self, meta: Any, children: list[Any]) -> s.Clause:
        return s.Clause("by", (str(children[0]),), s.NO_MARGIN, _place(meta))

    def rounding(self, meta: Any, children: list[Any]) -> s.Rounding:
        (step, unit), mode = children
        if not step:
            raise Unreadable("LEC-13", "On n’arrondit pas à zéro.", "Par exemple : à 0,001 le plus proche.", _place(meta))
        return s.Rounding(step, unit, mode.kind)

    def to_cent(self, meta: Any, children: list[Any]) -> tuple[Fraction, str | None]:
        return Fraction(1, 100), "€"

    def to_unit(self, meta: Any, children: list[Any]) -> tuple[Fraction, str | None]:
        return Fraction(1), "€" if str(children[0]) == "euro" else str(children[0])

    def to_thousandth(self, meta: Any, children: list[Any]) -> tuple[Fraction, str | None]:
        return Fraction(1, 1000), None

    def to_step(self, meta: Any, children: list[Any]) -> tuple[Fraction, str | None]:
        number, unit = (*children, None)[:2]
        return number_of(str(number)), str(unit) if unit else None

    # ------------------------------------------------------------ formulas

    def name(self, meta: Any, children: list[Any]) -> s.Name:
        return s.Name(str(children[0]), place=_place(meta))

    def interpretation_name(self, meta: Any, children: list[Any]) -> s.Name:
        return s.Name(str(children[0]), place=_place(meta))

    def of_previous(self, meta: Any, children: list[Any]) -> s.Name:
        return s.Name(str(children[0]), year=s.Year(offset=-1), place=_place(meta))

    def of_year(self, meta: Any, children: list[Any]) -> s.Name:
        return s.Name(str(children[0]), year=children[1], place=_place(meta))

    def of_offer(self, meta: Any, children: list[Any]) -> s.Name:
        return s.Name(str(children[0]), offer=str(children[1]), place=_place(meta))

    def of_host(self, meta: Any, children: list[Any]) -> s.Name:
        return s.Name(str(children[0]), of="host", place=_place(meta))

    def of_parent(self, meta: Any, children: list[Any]) -> s.Name:
        return s.Name(str(children[0]), of="parent", place=_place(meta))

    def current_offer(self, meta: Any, children: list[Any]) -> s.CurrentOffer:
        return s.CurrentOffer(_place(meta))

    def compare(self, meta: Any, children: list[Any]) -> s.Operation:
        left, sign, right = children
        return s.Operation(str(sign), (left, right), _place(meta))

    def subtract(self, meta: Any, children: list[Any]) -> s.Operation:
        return s.Operation("-", (children[0], children[-1]), _place(meta))

    def minus(self, meta: Any, children: list[Any]) -> s.Operation:
        return s.Operation("minus", (children[-1],), _place(meta))

    def key(self, meta: Any, children: list[Any]) -> Any:
        return children[0]

    def key_formula(self, meta: Any, children: list[Any]) -> Any:
        return children[0]

    def among(self, meta: Any, children: list[Any]) -> Any:
        return children[0]

    def each(self, meta: Any, children: list[Any]) -> s.Clause:
        return s.Clause("each", (str(children[0]),), s.NO_MARGIN, _place(meta))

    def where(self, meta: Any, children: list[Any]) -> s.Clause:
        return s.Clause("where", (children[0],), s.NO_MARGIN, _place(meta))

    def such(self, meta: Any, children: list[Any]) -> s.Clause:
        return s.Clause("such", (children[0],), s.NO_MARGIN, _place(meta))

    def held(self, meta: Any, children: list[Any]) -> str:
        return str(children[0])

    def held_offer(self, meta: Any, children: list[Any]) -> str:
        return ""

    def share(self, meta: Any, children: list[Any]) -> s.Share:
        amount, key, among = children
        return s.Share(amount, key, among, _place(meta))

    def equal_share(self, meta: Any, children: list[Any]) -> s.Share:
        amount, among = children
        return s.Share(amount, None, among, _place(meta))

    def total(self, meta: Any, children: list[Any]) -> s.Total:
        value, over = children[0], children[1]
        rows = _found(children, "each")
        return s.Total(value, over, rows, _found(children, "where"), False, _has(children, "skip"), _place(meta))

    def total_rows(self, meta: Any, children: list[Any]) -> s.Total:
        return s.Total(children[0], None, _found(children, "each"), _found(children, "where"), False, False, _place(meta))

    def mean(self, meta: Any, children: list[Any]) -> s.Total:
        return s.Total(children[0], children[1], None, None, True, _has(children, "skip"), _place(meta))

    def years_span(self, meta: Any, children: list[Any]) -> s.Years:
        return s.Years(first=children[0], last=children[1])

    def years_before(self, meta: Any, children: list[Any]) -> s.Years:
        count = number_of(str(children[0]))
        if count.denominator != 1 or not 1 <= count <= 20:
            raise Unreadable(
                "LEC-12", f"« {children[0]} exercices » : de 1 à 20.", "Par exemple : sur les 3 exercices avant N.", _place(meta)
            )
        return s.Years(count=int(count), before=children[1])

    def set_members(self, meta: Any, children: list[Any]) -> s.Group:
        return s.Group("members", "", _found(children, "such"), _has(children, "host"), _place(meta))

    def set_attached(self, meta: Any, children: list[Any]) -> s.Group:
        return s.Group("attached", "", _found(children, "such"), False, _place(meta))

    def set_holders(self, meta: Any, children: list[Any]) -> s.Group:
        return s.Group("holders", children[0], _found(children, "such"), _has(children, "host"), _place(meta))

    def count_members(self, meta: Any, children: list[Any]) -> s.Count:
        return s.Count(s.Group("members", "", _found(children, "such"), False, _place(meta)), None, _place(meta))

    def count_holders(self, meta: Any, children: list[Any]) -> s.Count:
        return s.Count(s.Group("holders", children[0], _found(children, "such"), False, _place(meta)), None, _place(meta))

    def count_rows(self, meta: Any, children: list[Any]) -> s.Count:
        return s.Count(str(children[0]), _found(children, "where"), _place(meta))

    def holds(self, meta: Any, children: list[Any]) -> s.Holds:
        return s.Holds(children[0], children[1] if len(children) > 1 else None, _place(meta))

    def rank(self, meta: Any, children: list[Any]) -> s.Rank:
        return s.Rank(children[0], "exercises", None, _place(meta))

    def anniversary_rank(self, meta: Any, children: list[Any]) -> s.Rank:
        return s.Rank(children[0], "anniversaries", None, _place(meta))

    def month_rank(self, meta: Any, children: list[Any]) -> s.Rank:
        return s.Rank(children[0], "months", None, _place(meta))

    def rank_since(self, meta: Any, children: list[Any]) -> s.Rank:
        return s.Rank(None, "exercises", date_of(str(children[0]), _place(meta)), _place(meta))

    def rounded(self, meta: Any, children: list[Any]) -> s.Rounded:
        return s.Rounded(children[0], children[1], _place(meta))

    def later(self, meta: Any, children: list[Any]) -> s.Shifted:
        return self._shifted(meta, children, 1)

    def earlier(self, meta: Any, children: list[Any]) -> s.Shifted:
        return self._shifted(meta, children, -1)

    @staticmethod
    def _shifted(meta: Any, children: list[Any], sign: int) -> s.Shifted:
        count = number_of(str(children[0]))
        if count.denominator != 1 or count > 1200:
            raise Unreadable(
                "LEC-12",
                f"« {children[0]} {children[1]} » : un nombre entier, au plus 1 200.",
                "Par exemple : 6 mois après …",
                _place(meta),
            )
        return s.Shifted(sign * int(count), str(children[1]), children[2], _place(meta))

    def next_day(self, meta: Any, children: list[Any]) -> s.NextDay:
        return s.NextDay(children[0], children[1], _place(meta))

    def month_end(self, meta: Any, children: list[Any]) -> s.NextDay:
        return s.NextDay(None, children[0], _place(meta))

    def first_day(self, meta: Any, children: list[Any]) -> s.YearDay:
        return s.YearDay("first", children[0], _place(meta))

    def last_day(self, meta: Any, children: list[Any]) -> s.YearDay:
        return s.YearDay("last", children[0], _place(meta))

    def formula(self, meta: Any, children: list[Any]) -> Any:
        return children[0]

    def value_formula(self, meta: Any, children: list[Any]) -> Any:
        return children[0]

    def inline(self, meta: Any, children: list[Any]) -> s.Clause:
        return s.Clause("q_formula", (children[0],), s.NO_MARGIN, _place(meta))

    def case(self, meta: Any, children: list[Any]) -> tuple[Any, Any]:
        return (children[1], children[2])

    def otherwise(self, meta: Any, children: list[Any]) -> tuple[Any, Any]:
        return (None, children[1])

    def cases(self, meta: Any, children: list[Any]) -> s.Choice:
        branches = tuple((c, v) for c, v in children if c is not None)
        others = [v for c, v in children if c is None]
        if len(others) > 1 or (others and children[-1][0] is not None):
            raise Unreadable(
                "LEC-14", "« sinon » se dit une fois, en dernier.", "Gardez un seul « sinon : », à la fin.", _place(meta)
            )
        return s.Choice(branches, others[0] if others else None, _place(meta))


def _found(children: list[Any], kind: str) -> Any:
    return next((c.values[0] for c in children if isinstance(c, s.Clause) and c.kind == kind), None)


def _has(children: list[Any], kind: str) -> bool:
    return any(isinstance(c, s.Clause) and c.kind == kind for c in children)
