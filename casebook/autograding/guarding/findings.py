"""Why a test cannot be counted, in words for the student whose notebook it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nbformat import NotebookNode

from casebook.grading.failed import CheckFailed, lines

#: What a student's own code put in place of what the grader relies on.
RUNNING, BUILTINS, CHECKS, HOOKS, NAMES, SILENT, OVERTAKEN = (
    "running", "builtins", "checks", "hooks", "names", "silent", "overtaken")
_END = "This test cannot be counted. Take that out, run the notebook from the top, and hand in " \
       "again. If you did not mean to change any of this, ask your instructor."
_HOOKS = {"input": "the text of cells before they run", "ast": "the code of cells before they run",
          "event": "what happens before and after cells", "exception": "how errors are handled",
          "finder": "how modules are found", "trace": "every line of Python as it runs",
          "garbage": "what Python does when it tidies up", "excepthook": "how errors are shown",
          "SIG": "what happens when a timer of the system rings"}


@dataclass(frozen=True)
class Finding:
    """One thing that stands against counting a test: its kind, and a sentence on it."""

    kind: str
    text: str


def running(what: str = "") -> Finding:
    """How Python runs a cell has been replaced."""
    return Finding(RUNNING, "This notebook changes how Python runs a cell"
                            f"{f' ({what})' if what else ''}.")


def silent() -> Finding:
    """A question to the kernel was not answered as only the kernel itself can answer it."""
    return Finding(SILENT, "This notebook changes how Python runs a cell: a line that must fail, "
                           "or one that must run, did not.")


def overtaken() -> Finding:
    """Messages were sent in the name of the test."""
    return Finding(OVERTAKEN, "This notebook sends results of its own in place of those of a test.")


def checks(names: Iterable[str]) -> Finding:
    """Modules or functions that tests call are not the installed ones."""
    return Finding(CHECKS, f"This notebook puts something else in place of {_listed(names)}, which "
                           "tests use.")


def shadowed(name: str) -> Finding:
    """A name that the test uses stands for something of the student's own."""
    return Finding(NAMES, f"This notebook gives the name `{name}`, which this test uses, another "
                          "meaning.")


def hooked(what: str) -> Finding:
    """Code of the student's is called around every cell."""
    if "." in what:
        return running(what)
    name = "SIG" if what.startswith("SIG") else what.partition(" ")[0]
    return Finding(HOOKS, f"This notebook changes {_HOOKS.get(name, 'how cells run')} ({what}).")


def of_places(places: Iterable[tuple[str, str]], tables: Iterable[str]) -> list[Finding]:
    """What changed places mean; ``tables`` are modules and classes that tests compute with."""
    found = []
    counted = set(tables)
    names = sorted({name for where, name in places if where == "builtins"})
    if names:
        found.append(Finding(BUILTINS, "This notebook changes what "
                             f"{_listed(f'`{name}`' for name in names)} means everywhere in "
                             "Python."))
    modules = {f"{where.replace(':', '.')}.{name}".rstrip(".") for where, name in places
               if where in counted}
    modules |= {name for where, name in places if where == "modules" and name in counted}
    if modules:
        found.append(checks(sorted(modules)[:4]))
    rest = sorted({name for where, name in places
                   if where != "builtins" and where not in counted and name not in counted})
    if rest:
        found.append(running(", ".join(rest[:4])))
    return found


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def put(cell: NotebookNode, findings: list[Finding]) -> list[str]:
    """Put the reasons in place of the cell's outputs, so that it earns nothing."""
    told = [finding.text for finding in dict.fromkeys(findings)]
    text = " ".join([*told, _END])
    cell.outputs = [NotebookNode(output_type="error", ename=CheckFailed.__name__, evalue=text,
                                 traceback=[lines(text)])]
    return told
