"""What commands share: whole numbers that are checked, and a line of progress."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from casebook.errors import CasebookError
from casebook.language import names


def whole(least: int, most: int) -> Callable[[str], int]:
    """A type for argparse: a whole number from ``least`` to ``most``."""

    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = None
        if value is None or not least <= value <= most:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a whole number from {least:,} to {most:,}")
        return value

    return number


def on_terminal(what: str) -> Callable[[int, int], None] | None:
    """Progress on one line of standard error, where that is a terminal; else None."""
    if not sys.stderr.isatty():
        return None

    def told(done: int, all: int) -> None:
        print(f"\r{done:,} of {all:,} {what}", end="\n" if done >= all else "", file=sys.stderr,
              flush=True)

    return told


def language(wish: str | None) -> str | None:
    """A language that was asked for, if the interface has it; None where none was asked for."""
    if wish is None:
        return None
    there = names()
    code = wish if wish in there else wish.replace("-", "_").split("_")[0].lower()
    if code not in there:
        known = ", ".join(f"{one} ({name})" for one, name in there.items())
        raise CasebookError(f"There is no language {wish!r}.", f"Choose one of: {known}.")
    return code


@contextmanager
def needs_nbgrader() -> Iterator[None]:
    """Turn a missing nbgrader into a plain message (CasebookError)."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "nbgrader":
            raise
        raise CasebookError(
            "This command needs nbgrader, which is not installed.",
            "Install it: pip install 'client-casebook[grade]', or in the repository "
            "pip install -c constraints.txt -e '.[grade]'.") from None
