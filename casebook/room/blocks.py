"""The HTML of a view as blocks of plain text, for views that show no HTML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
SKIPPED = ("svg", "style", "script")


@dataclass(frozen=True)
class Block:
    """A paragraph (``p``), heading (``h``), entry of a list (``li``), quotation or table."""

    kind: str
    text: str = ""
    mark: str = ""
    depth: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


@lru_cache(maxsize=256)
def blocks(html: str) -> tuple[Block, ...]:
    """The blocks of HTML that the casebook made."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_text()
    return tuple(reader.found)


def text(html: str) -> str:
    """HTML as one paragraph of plain text."""
    return " ".join(block.text for block in blocks(html) if block.text)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found: list[Block] = []
        self._words: list[str] = []
        self._kind, self._mark, self._skip = "p", "", 0
        self._lists: list[int | None] = []
        self._rows: list[list[str]] | None = None

    def handle_starttag(self, tag, attrs):
        if tag in SKIPPED:
            self._skip += 1
        elif tag == "table":
            self.end_text()
            self._rows = []
        elif self._rows is not None:
            if tag == "tr":
                self._rows.append([])
            self._words = []
        elif tag in ("ul", "ol"):
            self.end_text()
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self.end_text()
            self._begin_entry()
        elif tag == "br":
            self._words.append("\n")
        elif tag in (*HEADINGS, "blockquote", "p", "div", "pre", "summary"):
            self.end_text()
            if tag in (*HEADINGS, "summary"):
                self._kind = "h"
            elif tag == "blockquote":
                self._kind = "quote"

    def _begin_entry(self):
        self._kind, self._mark = "li", "-"
        if self._lists and self._lists[-1] is not None:
            self._mark = f"{self._lists[-1]}."
            self._lists[-1] += 1

    def handle_endtag(self, tag):
        if tag in SKIPPED:
            self._skip -= 1
        elif tag == "table":
            rows = tuple(tuple(row) for row in self._rows or () if row)
            self._rows, self._words = None, []
            self.found.append(Block("table", rows=rows))
        elif self._rows is not None:
            if tag in ("td", "th") and self._rows:
                self._rows[-1].append(" ".join("".join(self._words).split()))
                self._words = []
        elif tag in ("ul", "ol"):
            self.end_text()
            self._lists.pop()
        elif tag in (*HEADINGS, "blockquote", "p", "div", "pre", "li", "summary"):
            self.end_text()
            if tag in (*HEADINGS, "blockquote", "li", "summary"):
                self._kind = "p"

    def handle_data(self, data):
        if not self._skip:
            self._words.append(data)

    def end_text(self) -> None:
        """Close the block that is being read."""
        told = "".join(self._words)
        self._words = []
        lines = [" ".join(line.split()) for line in told.split("\n")]
        said = " ".join(line for line in lines if line)
        if said:
            self.found.append(Block(self._kind, said, self._mark if self._kind == "li" else "",
                                    max(len(self._lists) - 1, 0)))
            # A second paragraph of the same entry has no mark of its own.
            self._mark = ""
