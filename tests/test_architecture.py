"""The arrows of docs/architecture.md, and how large a room may grow."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "casebook"
# What each part may import of the casebook. A part may always import itself.
MAY = {
    "errors": set(),
    "yaml_text": set(),
    "language": set(),
    "whereabouts": set(),
    "roles": {"language", "errors"},
    "case": {"language", "yaml_text", "errors", "roles"},
    "model": {"language", "yaml_text", "errors", "roles"},
    "engagement": {"language", "yaml_text", "errors", "roles", "case", "model"},
    "study": {"language", "whereabouts", "yaml_text", "errors", "roles", "case", "model", "engagement"},
    "markup": {"language"},
    "figures": {"language", "markup"},
    "figures_facts": {"language", "figures"},
    "explore": {"language", "yaml_text", "errors", "roles", "model", "study", "figures", "markup"},
    "index": {"language", "errors", "case", "markup"},
    "room": {"language", "whereabouts", "yaml_text", "errors", "roles", "case", "model", "engagement", "study", "figures",
             "index", "lab", "markup"},
    "lab": {"language", "errors"},
    "app": {"language", "errors", "case", "lab"},
    "grading": {"language", "yaml_text", "errors", "roles", "case", "model", "engagement", "study", "figures", "explore", "markup"},
    "autograding": {"casebook", "errors", "grading", "study"},
    "commands": {"language", "app", "autograding", "case", "errors", "grading", "model", "room", "study"},
    "cli": {"language", "errors", "case", "index", "lab", "room", "study", "commands", "casebook"},
    "__main__": {"cli"},
    "__init__": set(),
}
# Packages that only some parts may import.
ONLY = {
    "numpy": {"model", "engagement", "study", "room", "explore", "autograding"},
    "pandas": {"study", "figures", "markup", "figures_facts", "commands", "explore", "grading"},
    "plotly": {"figures", "figures_facts"},
    "anywidget": {"room", "explore"}, "traitlets": {"room", "explore", "grading", "autograding"},
    "rich": {"room"},
    "ipywidgets": {"room", "explore"}, "IPython": {"figures", "explore", "autograding"}, "nbgrader": {"grading", "autograding"},
    "sqlalchemy": {"grading", "autograding"},
    "yaml": {"yaml_text", "case", "study", "explore", "grading", "room"}, "markdown_it": {"room"},
    "distributed": {"study", "autograding"}, "scipy": {"study"}, "SALib": {"study"},
}
FILES = sorted(ROOT.rglob("*.py"))


def part(path: Path) -> str:
    first = path.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


def imports(path: Path):
    """Absolute names of modules that a file imports; relative ones are made absolute."""
    package = ["casebook", *path.relative_to(ROOT).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[:len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, node.module] if node.module else base)
            if name == "casebook":
                yield from (f"casebook.{alias.name}" for alias in node.names)
            else:
                yield name


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows_point_inward(path):
    here = part(path)
    for name in imports(path):
        words = name.split(".")
        if words[0] == "casebook":
            target = words[1] if len(words) > 1 else "casebook"
            assert target == here or target in MAY[here], f"{path.name} imports {name}"
        if words[0] in ONLY:
            assert here in ONLY[words[0]], f"{path.name} imports {name}"


def test_every_part_has_its_arrows():
    assert {part(path) for path in FILES} <= set(MAY)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_short(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            length = node.end_lineno - node.lineno + 1
            doc = ast.get_docstring(node)
            assert length - (len(doc.splitlines()) + 2 if doc else 0) <= 40, node.name


def test_importing_the_casebook_loads_nothing_heavy():
    script = ("import casebook, sys; heavy = {'numpy', 'pandas', 'plotly', 'ipywidgets', "
              "'anywidget', 'nbgrader', 'yaml', 'IPython'} & set(sys.modules); "
              "print(sorted(heavy))")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_model_knows_no_files_but_its_own_numbers():
    for path in (ROOT / "model").glob("*.py"):
        if path.name != "parameters.py":
            names = set(imports(path))
            assert not names & {"pathlib", "os", "io", "yaml", "json"}, path.name


def test_no_chance_is_global_and_no_clock_is_in_the_model():
    for path in [*(ROOT / "model").glob("*.py"), *(ROOT / "engagement").glob("*.py")]:
        text = path.read_text(encoding="utf-8")
        for word in ("np.random.seed", "import random", "import time", "datetime"):
            assert word not in text, f"{path.name} has {word}"
