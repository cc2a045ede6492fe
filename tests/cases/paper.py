"""Reading a case's papers, and the arithmetic of paper, for the tests that work out its figures.

Nothing here is shared with the product, so that a wrong formula there cannot make a wrong figure
here look right.
"""

import csv
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

CASES = Path(__file__).parents[2] / "casebook" / "cases"
NO_PART_OF_A_NUMBER = re.compile(r"CAD|SEK|thousand|[A-Z]?\$|[R£€%,\s]")


class Papers:
    """The papers of one case."""

    def __init__(self, case: str):
        self.folder = CASES / case
        self.exhibits = self.folder / "exhibits"

    def table(self, name: str) -> list[dict[str, str]]:
        """The rows of a CSV exhibit."""
        with open(self.exhibits / f"{name}.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def page(self, name: str) -> str:
        """A Markdown page with each paragraph on one line."""
        return one_line((self.folder / name).read_text(encoding="utf-8"))


def one_line(text: str) -> str:
    """Text with each paragraph on one line, so that a figure and its word stay together."""
    return re.sub(r"(?<!\n)\n(?![\n|])", " ", text)


def cell(text: str, row: str, column: int = 1) -> str:
    """The cell of a Markdown table in the row that begins with ``row``."""
    for line in text.splitlines():
        cells = [part.strip() for part in line.strip().strip("|").split("|")]
        if line.lstrip().startswith("|") and cells[0].startswith(row):
            return cells[column]
    raise AssertionError(f"no row {row!r}")


def number(text: str) -> Decimal:
    """A number as written, without its currency, its thousands' commas and its per cent."""
    return Decimal(NO_PART_OF_A_NUMBER.sub("", text).replace("−", "-"))


def rounded(value: Fraction | Decimal | int, places: int = 0) -> Decimal:
    """Commercial rounding, as on paper."""
    value = Fraction(value)
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def whole(row: Mapping[str, str], column: str) -> int:
    """A whole number of a table."""
    return int(row[column])


def planned(points: Mapping[int, int], week: int) -> Fraction:
    """The planned percent at the end of a week, straight between the points of a plan."""
    known = sorted(points.items())
    for (left, low), (right, high) in zip(known, known[1:], strict=False):
        if left <= week <= right:
            return low + Fraction((high - low) * (week - left), right - left)
    raise AssertionError(f"week {week} lies outside the plan")
