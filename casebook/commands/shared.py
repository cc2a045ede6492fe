"""What commands share: whole numbers that are checked, and a line of progress."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable


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
