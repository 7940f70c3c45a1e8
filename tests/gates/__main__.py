"""List the gates, or run one as if it were the program."""

import ast
import runpy
import sys
from pathlib import Path

USAGE_ERROR = 64


def gates_in(folder: Path) -> dict[str, str]:
    """Map each gate to the first line of its docstring, read without running it."""
    files = (path for path in sorted(folder.glob("*.py")) if not path.stem.startswith("_"))
    return {path.stem: (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").partition("\n")[0] for path in files}


def listing(gates: dict[str, str]) -> str:
    if not gates:
        return "no gate yet: a module of tests/gates is one"
    return "\n".join(f"{name:<12} {line}" for name, line in gates.items())


def main(arguments: list[str]) -> int:
    gates = gates_in(Path(__file__).parent)
    if not arguments:
        print(listing(gates))
        return 0
    name = arguments[0]
    if name not in gates:
        print(f"gates: no gate named {name!r}; the gates are: {', '.join(gates) or 'none yet'}", file=sys.stderr)
        return USAGE_ERROR
    sys.argv = arguments  # the gate sees its own name and arguments
    runpy.run_module(f"gates.{name}", run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
