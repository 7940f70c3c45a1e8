"""Each wall taken out of the running program, one at a time, and put back: what reads, what allows, the door of a route.

A mutant is a copy of a module with one thing changed; the code of its functions takes the place of that of the functions that
run, wherever they are held, so that nothing is imported again.
"""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType

import communis
from isolation.routes import all_routes

SOURCE = Path(communis.__file__).parent
APART = ("tariff", "conventions", "migrations")
PREDICATES = ("is_of_host",)


@dataclass(frozen=True)
class Mutant:
    """One wall taken out: where, and how; `names` are those by which a view reaches it."""

    name: str
    kind: str  # see, allow, guard, door, scope
    names: frozenset[str] = frozenset()
    path: str = ""
    line: int = 0
    column: int = 0
    route: str = ""


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if not set(path.relative_to(SOURCE).parts) & set(APART):
            yield path, ast.parse(path.read_text("utf-8"))


def is_predicate(name: str) -> bool:
    return name.startswith("may_") or name in PREDICATES


def all_mutants() -> list[Mutant]:
    """Find every wall in the source and in the routes."""
    return [m for path, tree in modules() for m in (*of_tables(path, tree), *of_calls(path, tree), *of_predicates(path, tree),
                                                    *of_guards(path, tree))] + list(of_doors())  # fmt: skip


def named(path: Path, node: ast.AST, what: str) -> str:
    return f"{path.relative_to(SOURCE).as_posix()}:{node.lineno} {what}"


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def made(path: Path, node: ast.AST, kind: str, what: str, *names: str) -> Mutant:
    return Mutant(named(path, node, what), kind, frozenset(names), str(path), node.lineno, node.col_offset)


def of_tables(path: Path, tree: ast.Module) -> Iterator[Mutant]:
    """Every rule of what a table shows: it shows all."""
    for owner in (n for n in ast.walk(tree) if isinstance(n, ast.ClassDef)):
        for function in owner.body:
            if isinstance(function, ast.FunctionDef) and function.name == "rows_visible_to" and not returns_self(function):
                yield made(path, function, "see", f"{owner.name}.rows_visible_to shows all", "visible_to")


def returns_self(function: ast.FunctionDef) -> bool:
    last = function.body[-1]
    return len(function.body) <= 2 and isinstance(last, ast.Return) and ast.unparse(last) == "return self"


def own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield what a function holds, the functions written inside it apart: they are walked for themselves."""
    left: list[ast.AST] = list(function.body)
    while left:
        node = left.pop()
        yield node
        if not isinstance(node, ast.FunctionDef):
            left += ast.iter_child_nodes(node)


def of_calls(path: Path, tree: ast.Module) -> Iterator[Mutant]:
    """Every reading for somebody: it reads for nobody."""
    for function in functions(tree):
        for call in (n for n in own(function) if isinstance(n, ast.Call)):
            if isinstance(call.func, ast.Attribute) and call.func.attr == "visible_to":
                yield made(path, call, "call", f"{function.name}: {ast.unparse(call)} reads all", function.name)


def calls(node: ast.AST) -> Iterator[ast.Call]:
    return (found for found in ast.walk(node) if isinstance(found, ast.Call))


def of_predicates(path: Path, tree: ast.Module) -> Iterator[Mutant]:
    """Every predicate: it always holds."""
    for function in functions(tree):
        if is_predicate(function.name):
            yield made(path, function, "allow", f"{function.name} always holds", function.name)


def of_guards(path: Path, tree: ast.Module) -> Iterator[Mutant]:
    """Every question asked before a view answers: it is not asked."""
    for function in functions(tree):
        for test in (n.test for n in own(function) if isinstance(n, ast.If) and any("Http404" in ast.unparse(b) for b in n.body)):
            for call in calls(test):
                name = ast.unparse(call.func).rpartition(".")[2]
                if (is_predicate(name) or name == "may") and "door" not in ast.unparse(call):
                    yield made(path, call, "guard", f"{function.name}: {ast.unparse(call)} is not asked", function.name)


def of_doors() -> Iterator[Mutant]:
    for name, (_, view) in all_routes().items():
        if view.door.may is not None:
            yield Mutant(f"route {name}: {getattr(view.door.may, '__name__', 'may')} is not asked", "door", route=name)
        if view.door.scope:
            yield Mutant(f"route {name}: the scope {view.door.scope} is not asked", "scope", route=name)


# ------------------------------------------------------------ taking a wall out


class Opened(ast.NodeTransformer):
    """Changes the one node that a mutant names."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant, self.done = mutant, 0

    def here(self, node: ast.AST) -> bool:
        return (node.lineno, node.col_offset) == (self.mutant.line, self.mutant.column)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if self.mutant.kind in ("see", "allow") and self.here(node):
            self.done += 1
            body = "return self" if self.mutant.kind == "see" else "return True"
            node.body = [ast.copy_location(ast.parse(f"def f():\n {body}").body[0].body[0], node.body[0])]
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if (
            self.mutant.kind == "call"
            and self.here(node)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "visible_to"
        ):
            self.done += 1
            node.func.attr, node.args = "unscoped", []
        if self.mutant.kind == "guard" and self.here(node):
            self.done += 1
            return ast.copy_location(ast.Constant(True), node)
        return node


def text_of(mutant: Mutant) -> str:
    """Return the module of a mutant as it would be written."""
    return ast.unparse(changed(mutant))


def changed(mutant: Mutant) -> ast.Module:
    tree = ast.parse(Path(mutant.path).read_text("utf-8"))
    opened = Opened(mutant)
    tree = ast.fix_missing_locations(opened.visit(tree))
    assert opened.done == 1, f"{mutant.name}: changed {opened.done} times"
    return tree


def code_of(tree: ast.Module | str, path: str) -> dict[tuple[str, int], CodeType]:
    """Return the code of each function of a module, nested ones too, by name and line."""
    found: dict[tuple[str, int], CodeType] = {}
    left = [compile(tree, path, "exec", dont_inherit=True)]
    while left:
        code = left.pop()
        for inner in (c for c in code.co_consts if isinstance(c, CodeType)):
            found[inner.co_qualname, inner.co_firstlineno] = inner
            left.append(inner)
    return found


@contextmanager
def taken_out(mutant: Mutant) -> Iterator[int]:
    """Run without a wall; tell how many functions changed."""
    if mutant.kind in ("door", "scope"):
        door = all_routes()[mutant.route][1].door
        name, blank = ("may", None) if mutant.kind == "door" else ("scope", "")
        former = getattr(door, name)
        object.__setattr__(door, name, blank)
        try:
            yield 1
        finally:
            object.__setattr__(door, name, former)
        return
    former_code = code_of(Path(mutant.path).read_text("utf-8"), mutant.path)
    code = code_of(changed(mutant), mutant.path)
    moved = {key: new for key, new in code.items() if key in former_code and not same(new, former_code[key])}
    swapped = [(f, f.__code__) for f in running(mutant.path) if (f.__code__.co_qualname, f.__code__.co_firstlineno) in moved]
    for function, old in swapped:
        function.__code__ = moved[old.co_qualname, old.co_firstlineno]
    try:
        yield len(swapped)
    finally:
        for function, old in swapped:
            function.__code__ = old


def same(one: CodeType, other: CodeType) -> bool:
    return (
        one.co_code == other.co_code
        and one.co_names == other.co_names
        and all(
            same(a, b) if isinstance(a, CodeType) and isinstance(b, CodeType) else a == b
            for a, b in zip(one.co_consts, other.co_consts, strict=False)
        )
    )


@cache
def running(path: str) -> list[FunctionType]:
    """Return the functions of a module that run, wherever they are held."""
    return [f for f in gc.get_objects() if type(f) is FunctionType and f.__code__.co_filename == path]


# ------------------------------------------------------------ what reaches a wall


def steps() -> dict[str, frozenset[str]]:
    """Return, for each function of the product by its name, those that it names."""
    uses: dict[str, set[str]] = {}
    for _, tree in modules():
        for function in functions(tree):
            names = {n.attr if isinstance(n, ast.Attribute) else n.id for n in ast.walk(function)
                     if isinstance(n, ast.Attribute | ast.Name)}  # fmt: skip
            uses.setdefault(function.name, set()).update(names - {function.name})
    return {name: frozenset(n for n in names if n in uses) for name, names in uses.items()}


def distance(starts: set[str], wanted: frozenset[str], known: dict[str, frozenset[str]]) -> int:
    """Return in how many steps a function leads to one of some names; far away when it does not."""
    seen, left = set(starts), list(starts)
    for count in range(5):
        if seen & wanted:
            return count
        left = [n for name in left for n in known.get(name, ()) if n not in seen]
        seen |= set(left)
    return 9


@cache
def of_kinds() -> frozenset[str]:
    """Return the predicates that the kinds of rows name."""
    tree = ast.parse((SOURCE / "directory" / "records.py").read_text("utf-8"))
    return frozenset(n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and is_predicate(n.attr))


def nearest_routes(mutant: Mutant, known: dict[str, frozenset[str]]) -> list[str]:
    """Return the routes, those first that come the soonest to a wall; of as near, those of its module."""
    if mutant.route:
        return [mutant.route]
    far, apart = {}, {}
    for name, (_, view) in all_routes().items():
        starts = {getattr(view, "__name__", ""), name.rpartition(":")[2], getattr(view.door.may, "__name__", "")}
        far[name] = distance(starts, mutant.names, known)
        apart[name] = not mutant.path.endswith(f"{getattr(view, '__module__', '').replace('.', '/')}.py")
        if name.startswith("record") and mutant.names & of_kinds():
            far[name] = min(far[name], 1)  # these predicates are asked through the kinds
    return sorted(far, key=lambda name: (far[name], apart[name]))
