"""The equations of the model, taken from its modules' docstrings and set in HTML.

Each step's docstring ends in a section headed ``Equations``. A line that starts at the margin
starts an equation; an indented one goes on with it.
"""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Collection
from pathlib import Path

HEADING = "Equations\n---------\n"
_SIGNS = {" * ": " × ", " . ": " · ", " - ": " − ", "(-": "(−", ", -": ", −",
          "&lt;=": "≤", "&gt;=": "≥"}


def equations(module: Path) -> list[str]:
    """The equations of a module, one string each, on one line."""
    text = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    if HEADING not in text:
        return []
    found: list[str] = []
    for line in text.split(HEADING, 1)[1].rstrip().splitlines():
        if line.startswith(" ") and found:
            found[-1] += " " + line.strip()
        else:
            found.append(line.strip())
    return found


def mentioned(text: str) -> set[str]:
    """Everything in a text that is written like a parameter: ``group.name``."""
    return set(re.findall(r"\b[a-z]+\.[a-z]\w*\b", text))


def typeset(module: Path, parameters: Collection[str]) -> str:
    """The equations of a module as a block of HTML; parameters are links to their row."""
    lines = [f"<p>{_equation(one, parameters)}</p>" for one in equations(module)]
    return "\n".join(['<div class="equations">', *lines, "</div>"])


def _equation(text: str, parameters: Collection[str]) -> str:
    """One equation; what is said after a semicolon comes on a line of its own."""
    return "<br>".join(_clause(clause, parameters) for clause in text.split("; "))


def _clause(text: str, parameters: Collection[str]) -> str:
    name, equals, rest = text.partition(" = ")
    if not equals or "(" in name.split(" (")[0] and not name.endswith(")"):
        return _signs(text, parameters)
    # Of "r' = ...", the part before the sign is what is defined.
    lead, colon, defined = name.rpartition(": ")
    return (_signs(lead + colon, parameters) + f"<b>{_signs(defined, parameters)}</b> = "
            + _signs(rest, parameters))


def _signs(text: str, parameters: Collection[str]) -> str:
    """Text with mathematical signs, raised exponents, and links to parameters."""
    out = html.escape(text, quote=False)
    for plain, sign in _SIGNS.items():
        out = out.replace(plain, sign)
    out = re.sub(r"(?<=\w)'(?!s\b)", "′", out).replace("'", "’")
    out = re.sub(r"(?<!’)\b[zrsuw]\b", r"<var>\g<0></var>", out)
    out = re.sub(r" \^ (\([^)]*\)|[\w.]+)", lambda m: f"<sup>{m[1]}</sup>", out)
    out = re.sub(r"\b[a-z]+\.[a-z]\w*\b",
                 lambda m: link(m[0]) if m[0] in parameters else m[0], out)
    return re.sub(r"(?<![\w./\"#>-])[a-z]+(?:_[a-z]+)+(?![\w\"<])",
                  lambda m: f"<var>{m[0].replace('_', ' ')}</var>", out)


def link(parameter: str) -> str:
    """A link to the parameter's row."""
    return f'<a href="#{anchor(parameter)}"><code>{parameter}</code></a>'


def anchor(parameter: str) -> str:
    """The id of the parameter's row."""
    return "p-" + parameter.replace(".", "-")
