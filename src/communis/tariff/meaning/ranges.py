"""Gives their meaning to what ranges over members, rows or exercises: sets, shares, sums, counts, holdings and ranks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from communis.tariff.language import syntax as s
from communis.tariff.language.problems import Place
from communis.tariff.meaning.tree import KINDS, MEMBER, OFFER, PURE_NUMBER, YES_NO, GroupNode, Meaningless, Node, row_axis

if TYPE_CHECKING:
    from communis.tariff.meaning.formulas import FormulaReader


def group_of(reader: FormulaReader, group: s.Group) -> GroupNode:
    offer = group.offer
    if group.kind == "holders":
        if offer == "" and OFFER not in reader.axes:
            raise reader.problem(
                "PEU-02",
                "« l’offre » : rien ici ne dit laquelle.",
                "« pour chaque offre dans … », ou nommez l’offre.",
                group.place,
            )
        if offer and offer not in reader.book.offers:
            raise reader.unknown_name(offer, group.place)
    such = None
    if group.such is not None:
        such = reader.inside({MEMBER}).read_as(group.such, "yes_no", "« tels que »")
    return GroupNode(group.kind, offer, such, group.host)


def group_axes(reader: FormulaReader, group: GroupNode) -> frozenset[str]:
    """Return what a set itself depends on, apart from its own members."""
    axes = frozenset({OFFER}) if group.kind == "holders" and not group.offer else frozenset[str]()
    if group.kind == "attached":
        axes |= {MEMBER}
    return axes | (group.such.axes - {MEMBER} if group.such else frozenset())


def share(reader: FormulaReader, formula: s.Share) -> Node:
    amount = reader.read_as(formula.amount, "number", "« part de »")
    if MEMBER in amount.axes:
        raise reader.problem(
            "PEU-01",
            "Le montant à répartir est propre à chaque membre, et rien ici ne dit lequel.",
            "Répartissez un montant du service, ou « somme de … sur les membres ».",
            formula.amount.place,
        )
    key_name, key = key_of(reader, formula)
    among = formula.among
    if among is None:
        typed = reader.meaning.keys.get(key_name) if key_name else None
        if typed is None or typed.among is None:
            raise reader.problem(
                "CLE-03",
                "La part ne dit pas entre qui.",
                "Ajoutez « entre les membres » ou « entre les titulaires de … ».",
                formula.place,
            )
        group = typed.among
    else:
        group = group_of(reader, among)
    args = (amount,) if key is None else (amount, key)
    axes = amount.axes | {MEMBER} | group_axes(reader, group) | (key.axes if key else frozenset())
    return Node("share", args, (group, key_name), amount.type, axes, formula.place)


def key_of(reader: FormulaReader, formula: s.Share) -> tuple[str, Node | None]:
    """Return the name of a `clé`, or the formula of the weight; neither for equal parts."""
    if formula.key is None:
        return "", None
    if isinstance(formula.key, s.Name) and formula.key.name in reader.book.keys:
        reader.meaning.key_rule(formula.key.name)
        if formula.key.name not in reader.meaning.keys:
            raise Meaningless
        return formula.key.name, None
    node = reader.read(formula.key)
    if node.type.kind == "key":
        return "", node
    if node.type.kind != "number":
        raise reader.problem(
            "TYP-01",
            f"Une clé se compte : on lit {KINDS[node.type.kind]}.",
            "Nommez un fait ou une grandeur par membre.",
            formula.key.place,
        )
    if MEMBER not in node.axes:
        raise reader.problem(
            "CLE-01",
            "Cette clé est la même pour tous : elle ne répartit rien.",
            "Nommez un fait par membre, ou « à parts égales ».",
            formula.key.place,
        )
    return "", node


def total(reader: FormulaReader, formula: s.Total) -> Node:
    if isinstance(formula.over, s.Years):
        return over_years(reader, formula)
    if formula.rows is not None:
        if formula.over is not None:
            raise reader.problem(
                "TYP-03",
                "On somme sur des membres ou sur des lignes de registre, pas les deux à la fois.",
                "Nommez une grandeur pour la somme de l’intérieur.",
                formula.place,
            )
        return over_rows(reader, formula)
    assert isinstance(formula.over, s.Group)
    inner = reader.inside({MEMBER})
    value = inner.read_as(formula.value, "number", "« somme de »")
    if MEMBER not in value.axes:
        raise reader.problem(
            "PEU-03",
            "Cette valeur est la même pour tous les membres : leur somme n’a pas de sens.",
            "Multipliez-la par « nombre de membres ».",
            formula.value.place,
        )
    where = inner.read_as(formula.where, "yes_no", "« si »") if formula.where is not None else None
    group = group_of(reader, formula.over)
    axes = ((value.axes | (where.axes if where is not None else frozenset())) - {MEMBER}) | group_axes(reader, group)
    return Node("sum_members", (value,) if where is None else (value, where), group, value.type, axes, formula.place)


def over_rows(reader: FormulaReader, formula: s.Total) -> Node:
    register = register_of(reader, formula.rows or "", formula.place)
    inner = reader.inside({row_axis(register)})
    value = inner.read_as(formula.value, "number", "« somme de »")
    check_summed_once(reader, value, register, formula)
    args: tuple[Node, ...] = (value,)
    if formula.where is not None:
        args = (value, inner.read_as(formula.where, "yes_no", "« si »"))
    axes = frozenset().union(*(a.axes for a in args)) - {row_axis(register)}
    if reader.book.registers[register].of_member and MEMBER in reader.axes:
        axes |= {MEMBER}
    elif reader.book.registers[register].of_member:
        axes -= {MEMBER}
    return Node(
        "sum_rows",
        args,
        (register, MEMBER in axes and reader.book.registers[register].of_member),
        value.type,
        axes,
        formula.place,
    )


def check_summed_once(reader: FormulaReader, value: Node, register: str, formula: s.Total) -> None:
    """Refuse the sum, over rows, of a line that is one amount a row: it is summed already, and would count as many times."""
    pending = [value]
    while pending:
        node = pending.pop()
        line = reader.book.lines.get(node.data[0]) if node.op in ("value", "net") else None
        if line is not None and line.rows == register:
            raise reader.problem(
                "PEU-03",
                f"« {line.name} » additionne déjà ce que donne chaque {register}.",
                f"Écrivez « {line.name} » seul, ou nommez ce que vaut chaque {register}.",
                formula.value.place,
            )
        pending.extend(node.args)


def register_of(reader: FormulaReader, name: str, place: Place) -> str:
    if name not in reader.book.registers:
        raise reader.unknown_name(name, place)
    return name


def over_years(reader: FormulaReader, formula: s.Total) -> Node:
    if not isinstance(formula.value, s.Name):
        raise reader.problem(
            "TYP-03",
            "Sur plusieurs exercices, on additionne un fait de chaque exercice ou une ligne.",
            "Nommez-le seul.",
            formula.value.place,
        )
    rule = reader.meaning.named.get(formula.value.name)
    if rule is None:
        raise reader.unknown_name(formula.value.name, formula.value.place)
    base = reader.meaning.reference(reader, replace(formula.value, year=s.Year(offset=-1)), rule)
    if base.op != "past":
        raise reader.problem(
            "TYP-03",
            f"« {formula.value.name} » n’a pas de valeur par exercice.",
            "Déclarez le fait « de chaque exercice », ou nommez une ligne.",
            formula.value.place,
        )
    data = (base.data, formula.over, "mean" if formula.mean else "sum", formula.skip_missing)
    return Node("years", (), data, base.type, base.axes, formula.place)


def count(reader: FormulaReader, formula: s.Count) -> Node:
    if isinstance(formula.of, str):
        register = register_of(reader, formula.of, formula.place)
        inner = reader.inside({row_axis(register)})
        args = (inner.read_as(formula.where, "yes_no", "« si »"),) if formula.where is not None else ()
        axes = (frozenset().union(*(a.axes for a in args)) if args else frozenset[str]()) - {row_axis(register)}
        own = reader.book.registers[register].of_member and MEMBER in reader.axes
        if own:
            axes |= {MEMBER}
        return Node("count_rows", args, (register, own), PURE_NUMBER, axes, formula.place)
    group = group_of(reader, formula.of)
    return Node("count_members", (), group, PURE_NUMBER, group_axes(reader, group), formula.place)


def held_axes(reader: FormulaReader, offer: str, place: Place) -> frozenset[str]:
    if offer == "":
        if OFFER not in reader.axes:
            raise reader.problem("PEU-02", "« l’offre » : rien ici ne dit laquelle.", "Nommez l’offre.", place)
        return frozenset({MEMBER, OFFER})
    if offer not in reader.book.offers:
        raise reader.unknown_name(offer, place)
    return frozenset({MEMBER})


def holds(reader: FormulaReader, formula: s.Holds) -> Node:
    return Node(
        "holds",
        data=(formula.offer, formula.on),
        type=YES_NO,
        axes=held_axes(reader, formula.offer, formula.place),
        place=formula.place,
    )


def rank(reader: FormulaReader, formula: s.Rank) -> Node:
    if formula.offer is None:
        return Node("rank_since", data=formula.since, place=formula.place)
    return Node(
        "rank",
        data=(formula.offer, formula.counted_in),
        axes=held_axes(reader, formula.offer, formula.place),
        place=formula.place,
    )
