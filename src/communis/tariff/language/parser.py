"""From blocks of tokens to the tree as written, each line parsed alone, each mistake told in the words of the language.

Lark holds the grammar and its LALR automaton; we feed it ourselves, because a French word is a key word only where the
grammar can read one: the longest phrase that the automaton accepts wins, then a name, then a unit.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from importlib import resources
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import VisitError
from lark.parsers.lalr_analysis import Shift

from communis.tariff.calendar import MONTHS
from communis.tariff.language import builder, syntax
from communis.tariff.language.problems import Place, Problem, nearest
from communis.tariff.language.source import Line, Source, noted_names, place_of, read_source

DEEPEST = 100
"""The most levels of one line."""
MOST_PROBLEMS = 500
_TIMES_BY_HAND = ("x", "X")
_SAME = {
    "plafonnée": "plafonné", "facturé": "facturée", "facturés": "facturée", "facturées": "facturée", "exonéré": "exonérée",
    "réservé": "réservée", "fermé": "fermée", "ouvert": "ouverte", "consommé": "consommée", "compté": "comptée",
    "annoncé": "annoncée", "tenu": "tenue", "supportée": "supporté", "payé": "payée", "jusqu'": "jusqu’", "d'": "d’",
    "l'": "l’", "figée": "figé", "interdite": "interdit", "réduite": "réduit",
    "supérieure": "supérieur", "inférieure": "inférieur", "tronquée": "tronqué",
}  # fmt: skip
_LINES = {
    "h_convention": "convention_line", "h_article": "article_line", "h_interpretation": "interpretation_line",
    "h_fact": "fact_line", "h_register": "register_line", "h_offer": "offer_line", "h_membership": "membership_line",
    "h_parameter": "parameter_line", "h_class_scale": "scale_line", "h_slice_scale": "scale_line", "h_key": "key_line",
    "h_quantity": "quantity_line", "h_indicator": "quantity_line", "h_line": "line_line", "h_credit": "credit_line",
    "h_cap": "limit_line", "h_floor": "limit_line", "h_collar": "limit_line", "h_allowance": "allowance_line",
    "h_refusal": "refusal_line", "h_warning": "refusal_line", "h_example": "example_line",
}  # fmt: skip
HEADS = {
    "h_convention": "convention", "h_article": "article", "h_unit": "unité", "h_unit_conversion": "unité",
    "h_interpretation": "interprétation", "h_fact": "fait", "h_register": "registre", "h_offer": "offre",
    "h_membership": "adhésion", "h_parameter": "paramètre", "h_class_scale": "barème par classe",
    "h_slice_scale": "barème progressif", "h_key": "clé", "h_quantity": "grandeur", "h_indicator": "indicateur",
    "h_line": "ligne", "h_credit": "crédit", "h_cap": "plafond", "h_floor": "plancher", "h_collar": "encadrement",
    "h_allowance": "enveloppe", "h_refusal": "refus", "h_warning": "alerte", "h_example": "exemple",
}  # fmt: skip
STARTS = ["head", *dict.fromkeys(_LINES.values()), "expr"]
RESERVED = frozenset({
    "de", "du", "des", "d", "l", "la", "le", "les", "et", "ou", "non", "si", "sinon", "sur", "selon", "entre", "part",
    "somme", "moyenne", "nombre", "rang", "tient", "min", "max", "arrondi", "offre", "au", "aux", "à", "avec", "par", "pour",
    "plus", "moins", "oui", "avant", "après", "article", "passage", "exercice", "exercices", "membre", "membres",
    "titulaires", "gestionnaire", "donne", "chaque", "jusqu", "depuis", "sans", "en", "dans", "N", "fonctionnement",
    "investissement", "tels", "que",
})  # fmt: skip
_TOKEN_WORDS = {
    "NAME": "un nom", "NUMBER": "un nombre", "UNIT": "une unité", "DATE": "une date (jj/mm/aaaa)",
    "STRING": 'un libellé entre " "', "QUOTE": "des mots du document entre « »", "ARTICLE": "un article",
    "ORDINAL": "un rang (1er, 2e)", "MONTH": "un mois", "EXO": "N, N-1…", "INTERP": "une interprétation (AMB-01)",
    "NOTE": "[AMB-01]", "COMPARE": "une comparaison", "MINUS": "« - »", "SPAN": "un exercice (2024-2025)",
    "$END": "la fin de la ligne", "CASE_IF": "« si … : »", "CASE_ELSE": "« sinon : »", "UNIT_NAME": "le nom d’une unité",
}  # fmt: skip


class Grammar:
    """The automaton of the language and its phrases, read once from `grammar.lark`."""

    def __init__(self) -> None:
        text = resources.files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
        self.lark = Lark(text, parser="lalr", lexer="basic", start=STARTS, propagate_positions=True, maybe_placeholders=True)
        self.phrases: dict[tuple[str, ...], str] = {}
        self.words: dict[str, str] = {}
        for terminal in self.lark.terminals:
            words = tuple(_phrase(terminal.pattern.value))
            self.phrases[words] = terminal.name
            self.words[terminal.name] = terminal.pattern.value
        self.longest = max(map(len, self.phrases))
        self.phrases[("-",)] = "MINUS"
        for sign in "≠<≤>≥":
            self.phrases[(sign,)] = "COMPARE"

        self.begun = {symbol: self.lark.parse_interactive(start=symbol).parser_state for symbol in STARTS}

    def start(self, symbol: str) -> Any:
        return self.begun[symbol].copy(deepcopy_values=False)


def _phrase(text: str) -> Iterator[str]:
    """Cut a phrase of the grammar as `source` cuts a line."""
    for word in text.split():
        elided, mark, rest = word.partition("’")
        if mark:
            yield elided + mark
            if rest:
                yield rest
        else:
            yield word


@functools.cache
def grammar() -> Grammar:
    """Return the automaton, built at the first call (about a quarter of a second)."""
    return Grammar()


def can_shift(state: Any, terminal: str) -> bool:
    """Tell whether the automaton would take a terminal now, reductions done, without doing them."""
    stack = list(state.state_stack)
    states = state.parse_conf.states
    while True:
        action, argument = states[stack[-1]].get(terminal, (None, None))
        if action is None:
            return False
        if action is Shift:
            return True
        size = len(argument.expansion)
        if size:
            del stack[-size:]
        if terminal == "$END" and argument.origin.name.startswith("$root"):
            return True
        following = states[stack[-1]].get(argument.origin.name)
        if following is None:
            return False
        stack.append(following[1])
        if terminal == "$END" and stack[-1] == state.parse_conf.end_state:
            return True


def deeper_than(tree: Any, most: int) -> bool:
    """Tell whether a tree has more levels than may be walked; itself it is walked level by level."""
    level = [tree]
    while level and most:
        level = [child for node in level for child in node.children if isinstance(child, Tree)]
        most -= 1
    return bool(level)


def parse(source: Source) -> tuple[list[syntax.Section], list[Problem]]:
    """Parse every line of every block; what cannot be read becomes a problem, the rest goes on (language.md 2.6)."""
    problems = list(source.problems)
    sections = []
    for block in source.blocks:
        if len(problems) > MOST_PROBLEMS:
            break
        parser = LineParser(source, problems)
        head = parser.parse(block.head, "head")
        if head is None:
            continue
        clauses: list[syntax.Clause] = []
        symbol = _LINES.get(head.kind)
        read = len(problems)
        for line in block.lines:
            if symbol is None:
                problems.append(_nothing_below(source, line, head))
            if symbol is None or len(problems) > MOST_PROBLEMS:
                break
            found = parser.parse(line, symbol, head.kind) or ()
            clauses.extend([found] if isinstance(found, syntax.Clause) else found)
        place = block.head.place.to(block.lines[-1].place if block.lines else block.head.place)
        sections.append(syntax.Section(head, tuple(clauses), place, whole=len(problems) == read))
    if source.blocks and len(problems) > MOST_PROBLEMS:
        problems.append(_too_many(source, source.blocks[-1].head))
    return sections, problems


def parse_formula(text: str) -> syntax.Formula:
    """Parse one formula, for tools that edit a file; raises ValueError with the message of the first problem."""
    from_source = read_source(text, "")
    problems: list[Problem] = list(from_source.problems)
    found = LineParser(from_source, problems).parse(from_source.blocks[0].head, "expr") if from_source.blocks else None
    if problems or not found:
        raise ValueError(problems[0].message if problems else "formule vide")
    formula: syntax.Formula = found
    return formula


def _too_many(source: Source, line: Line) -> Problem:
    return Problem("LEC-26", f"Plus de {MOST_PROBLEMS} problèmes : la suite n’est pas lue.", "Corrigez d’abord ceux-ci.",
                   line.place, source.name, source.words_at(line.place))  # fmt: skip


def _nothing_below(source: Source, line: Line, head: syntax.Clause) -> Problem:
    return Problem("LEC-08", f"« {HEADS[head.kind]} » tient sur une seule ligne.", "Revenez à la marge pour la règle suivante.",
                   line.place, source.name, source.words_at(line.place))  # fmt: skip


class LineParser:
    """Feeds the tokens of one line to the automaton and tells what goes wrong."""

    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self.source = source
        self.problems = problems
        self.grammar = grammar()

    def parse(self, line: Line, symbol: str, head: str = "") -> Any:
        """Return the clauses of a line, or None after adding its problem."""
        state = self.grammar.start(symbol)
        tokens = line.tokens
        position = 0
        while position < len(tokens):
            terminal, length = self.resolve(state, tokens, position)
            if terminal is None:
                self.tell(state, tokens, position, symbol, head)
                return None
            first, last = tokens[position], tokens[position + length - 1]
            token = Token(
                terminal, str(first), position, first.line, first.column, last.end_line, last.end_column, position + length
            )
            state.feed_token(token)
            position += length
        if not can_shift(state, "$END"):
            self.tell(state, tokens, position, symbol, head)
            return None
        tree = state.feed_token(Token("$END", ""), True)
        if len(tokens) > DEEPEST and deeper_than(tree, DEEPEST):
            self.add("LEC-24", f"Plus de {DEEPEST} opérations prises l’une dans l’autre.",
                     "Donnez un nom aux parties de la formule : grandeur …", line.place)  # fmt: skip
            return None
        return self.build(tree, line)

    def build(self, tree: Any, line: Line) -> Any:
        try:
            return builder.build(tree)
        except VisitError as error:
            if not isinstance(error.orig_exc, builder.Unreadable):
                raise
            place = error.orig_exc.place or line.place
            self.problems.append(Problem(error.orig_exc.code, error.orig_exc.message, error.orig_exc.remedy, place,
                                         self.source.name, self.source.words_at(place)))  # fmt: skip
            return None

    def resolve(self, state: Any, tokens: list[Token], position: int) -> tuple[str | None, int]:
        """Choose what the words at a position are, here: the longest phrase accepted, a name, a unit, a month."""
        token = tokens[position]
        words: list[str] = []
        for other in tokens[position : position + self.grammar.longest]:
            if other.type in ("STRING", "QUOTE", "ARTICLE", "NOTE", "CASE_IF", "CASE_ELSE"):
                break
            words.append(_SAME.get(str(other), str(other)))
        for length in range(len(words), 0, -1):
            terminal = self.grammar.phrases.get(tuple(words[:length]))
            if terminal and can_shift(state, terminal):
                return terminal, length
        for terminal in self.readings(token):
            if can_shift(state, terminal):
                return terminal, 1
        return None, 0

    @staticmethod
    def readings(token: Token) -> tuple[str, ...]:
        if token.type == "WORD":
            if str(token) in MONTHS:
                return ("MONTH", "NAME", "UNIT")
            return ("NAME", "UNIT", "UNIT_NAME")
        if token.type == "UNIT":
            return ("UNIT", "UNIT_NAME")
        return (token.type,)

    # ------------------------------------------------------------ telling

    def tell(self, state: Any, tokens: list[Token], position: int, symbol: str, head: str) -> None:
        """Add the problem of a line that cannot be read from a position on."""
        expected = sorted(t for t in state.parse_conf.states[state.position] if t.isupper() or t.startswith(("__ANON", "$")))
        expected = [t for t in expected if can_shift(state, t)]
        if position >= len(tokens):
            place = place_of(tokens[-1])
            place = Place(place.end_line, place.end_column, place.end_line, place.end_column + 1)
            self.add("LEC-09", "La ligne s’arrête trop tôt.", self.wanted(expected), place)
            return
        if position > 1 and tokens[position - 1].type == "WORD" and str(tokens[position - 1]) in _TIMES_BY_HAND:
            position -= 1  # in « 2 x habitants », x was taken as the unit of 2
        token = tokens[position]
        code, message, remedy = self.diagnosis(tokens, position, expected, symbol, head)
        self.add(code, message, remedy, place_of(token))

    def add(self, code: str, message: str, remedy: str, place: Place) -> None:
        self.problems.append(Problem(code, message, remedy, place, self.source.name, self.source.words_at(place)))

    def diagnosis(self, tokens: list[Token], position: int, expected: list[str], symbol: str, head: str) -> tuple[str, str, str]:
        """Say what the writer probably meant, from the most particular mistake to the most general."""
        token = tokens[position]
        word = str(token)
        before = tokens[position - 1] if position else None
        if position == 0:
            return self.wrong_start(word, symbol, head, expected)
        if word in _TIMES_BY_HAND and self.grammar.phrases["×",] in expected:
            return "LEC-03", f"« × » attendu, « {word} » lu comme un mot.", f"« {before} × {self.after(tokens, position)} »"
        if token.type == "NUMBER" and before is not None and before.type == "NUMBER":
            return "LEC-04", f"Deux nombres se suivent : « {before} {word} ».", "Séparez la classe de son prix par « : »."
        if token.type == "UNIT" and "/" in word and "UNIT" not in expected:
            return "LEC-03", f"« {word} » se lit comme une unité.", f"« {word.replace('/', ' / ')} », avec des espaces."
        if symbol == "scale_line" and before is not None and before.type == "WORD" and position >= 2:
            return (
                "LEC-01",
                f"« {before} » n’est ni une borne ni une unité.",
                "Écrivez « de 1 500 à moins de 3 000 » ou « de 1 500 à 3 000 ».",
            )
        if symbol == "head" and str(tokens[0]) == "barème" and str(before) in ("rang", "nombre", "somme", "moyenne"):
            return "LEC-10", "Un barème suit un nom, pas une formule.", "Nommez-la : « grandeur … = … », puis « selon » ce nom."
        if token.type == "NOTE" and before is not None and before.type == "NOTE":
            both = ", ".join((*noted_names(str(before)), *noted_names(word)))
            return "LEC-10", "Deux paires de crochets se suivent.", f"Une seule suffit : [{both}]."
        if token.type == "WORD":
            phrases = [self.grammar.words[t] for t in expected if t in self.grammar.words]
            begun = sorted(p for p in phrases if p.split()[0] == word)
            if begun:
                said = f"« {word} {self.after(tokens, position)} »"
                return "LEC-10", f"{said} n’est pas attendu ici.", f"On attend {listed_or(begun)}."
            close = nearest(word, (p.split()[0] for p in phrases))
            if close:
                return "LEC-10", f"« {word} » n’est pas un mot attendu ici.", f"« {close} » ?"
        return "LEC-10", f"« {word} » n’est pas attendu ici.", self.wanted(expected)

    def after(self, tokens: list[Token], position: int) -> str:
        word = str(tokens[position + 1]) if position + 1 < len(tokens) else "…"
        return "(…)" if word == "(" else word

    def wrong_start(self, word: str, symbol: str, head: str, expected: list[str]) -> tuple[str, str, str]:
        possible = [self.grammar.words[t] for t in expected if t in self.grammar.words]
        close = nearest(word, (p.split()[0] for p in possible))
        if symbol == "head":
            known = "Une règle commence par : " + ", ".join(dict.fromkeys(HEADS.values())) + "."
            return "LEC-07", f"« {word} » n’ouvre aucune règle.", f"« {close} » ?" if close else known
        name = HEADS.get(head, "cette règle")
        says = "On peut y écrire : " + ", ".join(f"« {p} … »" for p in possible[:12]) + "."
        begun = [p for p in possible if p.split()[0] == word]
        if begun:
            return "LEC-08", f"Aucune ligne d’un bloc « {name} » ne s’écrit ainsi.", f"On peut écrire {listed_or(begun)}."
        if word == "-" and head == "h_parameter":
            says = "Un prix n’a pas de signe : c’est la formule qui le retranche."
        return "LEC-08", f"« {word} » ne commence aucune ligne d’un bloc « {name} ».", f"« {close} » ?" if close else says

    def wanted(self, expected: list[str]) -> str:
        words = [_TOKEN_WORDS.get(t) or f"« {self.grammar.words.get(t, t)} »" for t in expected]
        shown = sorted(dict.fromkeys(words), key=lambda w: (w.startswith("«"), w))[:8]
        return "On attend " + (", ".join(shown[:-1]) + " ou " + shown[-1] if len(shown) > 1 else "".join(shown)) + "."


def listed_or(phrases: list[str]) -> str:
    """Write phrases of the language as « a », « b » ou « c »."""
    shown = [f"« {phrase} »" for phrase in phrases[:8]]
    return ", ".join(shown[:-1]) + " ou " + shown[-1] if len(shown) > 1 else shown[0]
