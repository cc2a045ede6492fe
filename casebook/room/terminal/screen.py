"""What a terminal shows: text set to its width, coloured where it can be, never by colour alone."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import TextIO

from ..blocks import blocks

WIDTH = 84                       # wider lines are hard to read
LEAST = 20
STYLES = {"head": "bold cyan", "title": "bold", "quiet": "dim", "good": "green", "bad": "red",
          "warm": "green", "wary": "yellow", "cold": "red", "error": "bold red",
          "warning": "bold yellow", "info": "cyan"}
SIGNS = {"head": "== ", "title": "-- "}


class Screen:
    """A terminal, or whatever takes its text.

    Parameters
    ----------
    out : file, optional
        Where text goes; standard output by default.
    plain : bool
        No colour and no lines, for screen readers and for files. It is plain in any case where
        ``out`` is no terminal, or one that is dumb; ``NO_COLOR`` is heeded.
    width : int, optional
        Columns; those of the terminal by default, 84 at most.
    """

    def __init__(self, out: TextIO | None = None, plain: bool = False, width: int | None = None):
        from rich.console import Console

        self.out = out or sys.stdout
        terminal = bool(getattr(self.out, "isatty", lambda: False)())
        self.plain = plain or not terminal or os.environ.get("TERM") == "dumb"
        columns = shutil.get_terminal_size((WIDTH, 24)).columns if terminal else WIDTH
        self.width = max(min(width or columns, WIDTH), LEAST)
        self._console = Console(
            file=self.out, width=self.width, force_terminal=not self.plain, markup=False,
            highlight=False, emoji=False, color_system=None if self.plain else "auto")

    def line(self, text: str = "", style: str | None = None, first: str = "",
             rest: str | None = None) -> None:
        """One paragraph; ``first`` stands before its first line, ``rest`` before the others."""
        rest = " " * len(first) if rest is None else rest
        lines = textwrap.wrap(text, self.width, initial_indent=first, subsequent_indent=rest,
                              break_on_hyphens=False) or [""]
        for row in lines:
            self._put(row, style)

    def _put(self, row: str, style: str | None) -> None:
        from rich.text import Text

        self._console.print(Text(row, style=STYLES.get(style or "", "")), soft_wrap=True)

    def head(self, text: str) -> None:
        """A heading."""
        self._heading(text, "head")

    def title(self, text: str) -> None:
        """A heading below a heading."""
        self._heading(text, "title")

    def _heading(self, text: str, style: str) -> None:
        self.line(text, style, SIGNS[style] if self.plain else "")

    def entry(self, text: str, mark: str = "-", style: str | None = None, depth: int = 0) -> None:
        """An entry of a list."""
        self.line(text, style, f"{'  ' * (depth + 1)}{mark} ")

    def html(self, html: str, first: str = "") -> None:
        """HTML as text, its blocks apart."""
        last = None
        for block in blocks(html):
            if last is not None and not (last == block.kind == "li"):
                self.line()
            if block.kind == "table":
                self.table(block.rows[0], block.rows[1:])
            elif block.kind == "li":
                self.entry(block.text, block.mark or " ", depth=block.depth)
            elif block.kind == "h":
                self.title(block.text)
            else:
                self.line(block.text, first="  | " if block.kind == "quote" else first,
                          rest="  | " if block.kind == "quote" else None)
            last = block.kind

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table; where it is too wide for the terminal, one line for each cell instead."""
        every = [[str(cell) for cell in row] for row in (head, *rows)]
        count = max(len(row) for row in every)
        every = [row + [""] * (count - len(row)) for row in every]
        widths = [max(len(row[k]) for row in every) for k in range(count)]
        if sum(widths) + 2 * (count - 1) > self.width:
            self._cells(every[0], every[1:])
            return
        numbers = [all(_is_number(row[k]) for row in every[1:]) for k in range(count)]
        for place, row in enumerate(every):
            if place == 0 and not any(row):
                continue
            cells = [row[k].rjust(widths[k]) if numbers[k] else row[k].ljust(widths[k])
                     for k in range(count)]
            self._put("  ".join(cells).rstrip(), "title" if place == 0 else None)

    def _cells(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        for row in rows:
            self.line(row[0], "title")
            for name, cell in zip(head[1:], row[1:], strict=True):
                if cell:
                    self.entry(f"{name}: {cell}" if name else cell)


def _is_number(cell: str) -> bool:
    return cell == "" or cell.translate(str.maketrans("", "", ",.-−+% ")).isdigit()
