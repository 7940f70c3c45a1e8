"""The rules of the house that no linter knows. Each test lists its offenders, so that one run shows them all."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import communis

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "communis"
ENGINE = PACKAGE / "tariff"

ROOMS = {
    "tariff", "kit", "foundation", "directory", "catalog", "agreements", "estate", "support", "projects", "purchasing",
    "billing", "governance", "portal", "conventions",
}  # fmt: skip
BESIDE_THE_ROOMS = {"__init__.py", "__main__.py", "cli.py", "settings.py"}

LONGEST_FUNCTION = 60
LONGEST_FILE = 600
CODE = {".py", ".lark", ".html", ".css", ".js"}
VAGUE_NAMES = {"utils", "util", "misc", "services", "helpers"}
IMPORTS_LATE = {"cli.py", "apps.py"}
SLOW_LIBRARY = "# slow:"  # on the line of an import inside a function: the reason the house asks for
FLOATS_ALLOWED: set[str] = set()  # files of the engine that may hold a float; the reason stands in the file
ENGINE_LIBRARIES = {"communis", "numpy", "lark"}
ENGINE_FACE = {"cli", "cli.py", "rendering", "rendering.py"}  # may use more: rich, XlsxWriter

# In two pieces, so that this file does not hold them.
FORBIDDEN = [
    "/" + "work/", "/" + "root/", "/" + "tmp/wt", "/" + "opt/pypi",
    "pypi" + ".org", "python" + "hosted", "registry." + "npmjs", "crates" + ".io",
]  # fmt: skip
BUILT = {"__pycache__", "dist", "build", "node_modules"}
BUILT_AT_THE_ROOT = {"data", "demonstration", "etats-de-demonstration"}

ROW = re.compile(r"(ORG|CAT|MEM|TAR|BIL|SUP|AST|AUD|PRJ|PUR|GOV|DOC|SEC|INT|T)-\d{2,}")
PIN = re.compile(r"^[a-z0-9][a-z0-9.-]*==")


def kept_files() -> Iterator[Path]:
    """Yield what the project keeps: neither built things nor hidden folders, `.ci` excepted."""
    for folder, folders, names in os.walk(ROOT):
        at_the_root = Path(folder) == ROOT
        folders[:] = [
            name
            for name in folders
            if name == ".ci" or not (name.startswith(".") or name in BUILT or (at_the_root and name in BUILT_AT_THE_ROOT))
        ]
        yield from (Path(folder) / name for name in names if name not in (".git", ".coverage") and not name.endswith(".pyc"))


FILES = sorted(kept_files())
TREES = {path: ast.parse(path.read_text("utf-8")) for path in FILES if path.suffix == ".py"}
ENGINE_TREES = {path: tree for path, tree in TREES.items() if path.is_relative_to(ENGINE)}


def place(path: Path, node: ast.AST | None = None) -> str:
    name = path.relative_to(ROOT).as_posix()
    return f"{name}:{node.lineno}" if node else name


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def calls_of(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    return (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    )


def floats_of(tree: ast.AST) -> Iterator[ast.AST]:
    yield from calls_of(tree, "float")
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node
        if isinstance(node, ast.Attribute) and re.fullmatch(r"float\d+", node.attr):
            yield node


def libraries_of(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield the root of each absolute import that is not of the standard library."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        roots = {name.partition(".")[0] for name in names}
        yield from ((root, node) for root in sorted(roots - sys.stdlib_module_names))


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def pins() -> dict[str, str]:
    """Map each package of the lock to its pin and hashes."""
    blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / "requirements.lock").read_text("utf-8"))
    return {block.partition("==")[0]: block for block in blocks if PIN.match(block)}


def test_no_function_is_longer_than_a_screen():
    assert [
        f"{place(path, function)} {function.name}"
        for path, tree in TREES.items()
        for function in functions(tree)
        if function.end_lineno - function.lineno + 1 > LONGEST_FUNCTION
    ] == []


def test_no_file_is_too_long():
    code = (path for path in FILES if path.suffix in CODE and path.parent.name != "migrations")  # those are generated
    assert [place(path) for path in code if len(path.read_text("utf-8").splitlines()) > LONGEST_FILE] == []


def test_no_module_has_a_vague_name():
    assert [place(path) for path in TREES if VAGUE_NAMES & {*path.relative_to(ROOT).parent.parts, path.stem}] == []


def test_the_rooms_are_those_of_the_house():
    children = {path.relative_to(PACKAGE).parts[0] for path in FILES if path.is_relative_to(PACKAGE)}
    assert children - ROOMS - BESIDE_THE_ROOMS == set()


def test_the_engine_holds_no_float():
    assert [
        place(path, node) for path, tree in ENGINE_TREES.items() if path.name not in FLOATS_ALLOWED for node in floats_of(tree)
    ] == []


def test_the_engine_has_two_libraries():
    assert [
        f"{place(path, node)} {library}"
        for path, tree in ENGINE_TREES.items()
        if path.relative_to(ENGINE).parts[0] not in ENGINE_FACE
        for library, node in libraries_of(tree)
        if library not in ENGINE_LIBRARIES
    ] == []


def test_importing_the_engine_loads_no_library_of_its_face():
    program = (
        "import importlib.util, sys\n"
        "if importlib.util.find_spec('communis.tariff'):\n"
        "    import communis.tariff\n"
        "print(sorted({'django', 'rich', 'xlsxwriter'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_nothing_is_evaluated():
    assert [place(path, call) for path, tree in TREES.items() for call in calls_of(tree, "eval", "exec")] == []


def test_imports_stand_at_the_top_of_files():
    assert [
        place(path, node)
        for path, tree in TREES.items()
        if path.name not in IMPORTS_LATE
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and SLOW_LIBRARY not in path.read_text("utf-8").splitlines()[node.lineno - 1]
    ] == []


def test_no_file_names_a_machine_or_a_registry():
    assert [f"{place(path)} {word}" for path in FILES for word in FORBIDDEN if word.encode() in path.read_bytes()] == []


def test_the_version_is_that_of_the_distribution():
    assert communis.__version__ == project()["project"]["version"]


def test_the_lock_names_no_address():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert [word for word in ("http", "--index-url", "--extra-index-url", "--find-links", " @ ") if word in lock] == []


def test_every_pin_has_a_hash():
    assert [name for name, block in pins().items() if "--hash=sha256:" not in block] == []


def test_the_lock_pins_every_dependency():
    wanted = [*project()["project"]["dependencies"], *project()["dependency-groups"]["dev"]]
    assert [name for name in wanted if re.split(r"[^\w.-]", name)[0].lower() not in pins()] == []


def test_a_claim_names_rows_of_the_requirements():
    claims = [
        (place(path, node), argument)
        for path, tree in TREES.items()
        if path.is_relative_to(ROOT / "tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "covers"
        for argument in node.args
    ]
    assert [
        where
        for where, argument in claims
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str) and ROW.fullmatch(argument.value))
    ] == []


def test_every_script_is_one_executable_word():
    scripts = sorted((ROOT / "script").iterdir())
    assert [path.name for path in scripts if not (path.name.isalpha() and os.access(path, os.X_OK))] == []


def test_every_gate_says_what_it_proves():
    gates = [path for path in TREES if path.parent == ROOT / "tests" / "gates"]
    assert [place(path) for path in gates if not ast.get_docstring(TREES[path])] == []
