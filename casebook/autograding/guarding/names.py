"""The names that tests use, and what the notebook's own locked cells make of them."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterable
from typing import Any

from casebook.grading.notebooks import grade_id, is_grade, is_solution, known

#: Nothing that a test finds out hangs on these.
HARMLESS = frozenset({"print", "display", "input", "help", "exit", "quit", "breakpoint"})
BUILTINS = frozenset(name for name in vars(builtins) if not name.startswith("_")) - HARMLESS
_TOP = ("numpy", "pandas")


def is_test(cell: Any) -> bool:
    """Whether the cell is a test that runs and earns points."""
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def is_given(cell: Any) -> bool:
    """Whether the cell is code that the notebook came with and that no student changes."""
    return (cell.cell_type == "code" and bool(known(cell).get("locked")) and not is_grade(cell)
            and not is_solution(cell) and grade_id(cell) is not None)


def _parsed(source: str) -> ast.Module:
    """The cell's code; without what is IPython's only, if that is what stops it."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        plain = "\n".join("" if line.lstrip()[:1] in ("%", "!", "?") else line
                          for line in source.split("\n"))
    try:
        return ast.parse(plain)
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module(body=[], type_ignores=[])


def used(source: str) -> frozenset[str]:
    """Names that a test takes from outside itself."""
    loads, stores = set(), set()
    for node in ast.walk(_parsed(source)):
        if isinstance(node, ast.Name):
            (loads if isinstance(node.ctx, ast.Load) else stores).add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            stores.update((one.asname or one.name).partition(".")[0] for one in node.names)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            stores.add(node.name)
    return frozenset(loads - stores)


def made(source: str) -> frozenset[str]:
    """Names that a given cell binds to modules, functions and classes."""
    found = set()
    for node in _parsed(source).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.update((one.asname or one.name).partition(".")[0] for one in node.names)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            found.add(node.name)
    return frozenset(found)


def modules(cells: Iterable[Any]) -> tuple[str, ...]:
    """Modules of Python's own, numpy and pandas that tests and given cells import."""
    found = set()
    for cell in cells:
        if is_test(cell) or is_given(cell):
            for node in ast.walk(_parsed(cell.source)):
                if isinstance(node, ast.Import):
                    found.update(one.name for one in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module)
    return tuple(sorted(name for name in found if name in _TOP or (
        name.partition(".")[0] in sys.stdlib_module_names)))
