"""Finds the text of hidden tests in what a student's code left behind, however it was written.

Tests run in the student's own process, which can read them there and print them somewhere else.
Looked for are pieces of the text without its white space and quotation marks: as it is, backwards,
with its letters escaped for Python, JSON or HTML, and in base64 or hexadecimal digits. A picture of
the text, or a cipher, is not found.
"""

from __future__ import annotations

import ast
import base64
import binascii
import html
import re
from collections.abc import Callable, Iterable
from typing import Any

TAKEN = "(What stood here showed hidden tests, and was taken out.)"
PIECE = 20        # characters without white space: less is found in ordinary text as well
LINE = 8          # a shorter line says nothing by itself
_LOOSE = re.compile(r"[\s\\\"'`,]+")
_ESCAPED = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_REST = re.compile(r"[A-Za-z0-9+/_-]+=*")       # after an encoded line, its last one is short
_LONG = 24        # a text of a test this long is a hint, which its own output may show


def flat(text: str) -> str:
    """A text without what differs between a text and how it is quoted."""
    text = text.replace("\\n", " ").replace("\\t", " ")
    text = _ESCAPED.sub(lambda found: chr(int(found[1] or found[2] or found[3], 16) % 0x110000),
                        text)
    return _LOOSE.sub("", html.unescape(text))


class Hidden:
    """The hidden tests of one notebook.

    Parameters
    ----------
    hidden : iterable of str
        The hidden parts of test cells.
    seen : iterable of str
        What students have anyway: the sources of all cells without their hidden parts.
    """

    def __init__(self, hidden: Iterable[str], seen: Iterable[str]):
        parts = list(hidden)
        known = "\n".join(map(flat, seen))
        self._all = self._pieces(parts, known)
        self._code = self._pieces(map(_without_hints, parts), known)

    @staticmethod
    def _pieces(parts: Iterable[str], known: str) -> dict[int, set[str]]:
        """Pieces by their length; those that students have seen anyway are left out."""
        found: dict[int, set[str]] = {}
        for part in parts:
            for run in part.split("\0"):
                whole = flat(run)
                lines = [flat(line) for line in run.split("\n")]
                pieces = [whole[at:at + PIECE] for at in range(len(whole) - PIECE + 1)]
                pieces += [line for line in lines if LINE <= len(line) < PIECE]
                for piece in pieces:
                    if piece not in known:
                        found.setdefault(len(piece), set()).add(piece)
        return found

    def shows(self, text: str, by_test: bool = False) -> bool:
        """Whether a text shows hidden tests; a test's own output may show their hints."""
        pieces = self._code if by_test else self._all
        return bool(pieces) and any(_holds(one, pieces) for one in _readings(text))

    def scrub(self, text: str, by_test: bool = False) -> str:
        """The text without the lines that show hidden tests, or nothing of it if need be."""
        if not self.shows(text, by_test):
            return text
        left: list[str] = []
        encoded = False
        for line in text.split("\n"):
            plain = not _REST.fullmatch(line)
            if self.shows(line, by_test) or (encoded and not plain):
                left += [] if left[-1:] == [TAKEN] else [TAKEN]
                encoded = not plain
            else:
                left.append(line)
                encoded = False
        cleaned = "\n".join(left)
        return TAKEN if self.shows(cleaned, by_test) else cleaned

    def scrub_all(self, thing: Any, by_test: bool = False) -> Any:
        """A structure of JSON with all its texts scrubbed."""
        return _each_text(thing, lambda text: self.scrub(text, by_test))


def _each_text(thing: Any, change: Callable[[str], str]) -> Any:
    if isinstance(thing, str):
        return change(thing)
    if isinstance(thing, dict):
        for key in list(thing):
            thing[key] = _each_text(thing[key], change)
    elif isinstance(thing, list):
        thing[:] = [_each_text(one, change) for one in thing]
    return thing


def _holds(text: str, pieces: dict[int, set[str]]) -> bool:
    for length, known in pieces.items():
        if len(known) < 50:
            if any(piece in text for piece in known):
                return True
        elif any(text[at:at + length] in known for at in range(len(text) - length + 1)):
            return True
    return False


def _readings(text: str) -> Iterable[str]:
    """What a text may say: as it is, backwards, and what stands encoded in it."""
    plain = flat(text)
    yield plain
    yield plain[::-1]
    joined = re.sub(r"\s+", "", text)
    for run in {one for form in (text, joined) for one in _ENCODED.findall(form)}:
        for decoded in _decoded(run):
            yield flat(decoded)


def _decoded(run: str) -> Iterable[str]:
    digits = run[:len(run) // 2 * 2]
    if re.fullmatch("[0-9a-fA-F]+", digits):
        yield bytes.fromhex(digits).decode("utf-8", "ignore")
    plain = run.rstrip("=").replace("-", "+").replace("_", "/")
    for start in range(4):
        part = plain[start:]
        part = part[:len(part) // 4 * 4] if len(part) % 4 == 1 else part
        try:
            yield base64.b64decode(part + "=" * (-len(part) % 4)).decode("utf-8", "ignore")
        except (binascii.Error, ValueError):
            continue


def _without_hints(source: str) -> str:
    """A hidden test with its long texts cut out."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return source
    lines = source.encode("utf-8").split(b"\n")
    ends = [0]
    for line in lines:
        ends.append(ends[-1] + len(line) + 1)
    whole = source.encode("utf-8")
    spans = sorted((ends[node.lineno - 1] + node.col_offset,
                    ends[node.end_lineno - 1] + node.end_col_offset)
                   for node in ast.walk(tree) if isinstance(node, ast.Constant)
                   and isinstance(node.value, str) and len(node.value) >= _LONG)
    left, at = b"", 0
    for start, end in spans:
        left, at = left + whole[at:start] + b"\0", max(at, end)
    return (left + whole[at:]).decode("utf-8", "replace")
