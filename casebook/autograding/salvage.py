"""What can still be read of a file that is no whole notebook: its whole cells.

No cell is guessed at: what counts is a complete JSON object that is a cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

ATTEMPTS = 300            # places tried as the beginning of a cell without success
MOST_TOKENS = 5_000_000   # brackets and strings looked at in a large file, a few seconds
_CELLS = re.compile(r'"cells"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,\x00]*")
_BEGIN = re.compile(r'\{(?=\s*"(?:attachments|cell_type|execution_count|id|metadata|outputs|source)'
                    r'")')
# Possessive: a string of 100 MB is passed over without remembering the way back.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_LONE = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(text: str, strict: bool = True) -> tuple[Any, bool]:
    """JSON as data, and whether half of a character was found in it and replaced.

    A number too long to be one is none.

    Raises
    ------
    ValueError, RecursionError
        If it is not JSON, or nested too deeply.
    """
    data = json.loads(text, strict=strict, parse_int=_whole)
    if _ESCAPED.search(text):
        # Half of a character: nothing can write it, neither a file nor a message to a kernel.
        whole = json.dumps(data, ensure_ascii=False)
        if _LONE.search(whole):
            return json.loads(_LONE.sub("\ufffd", whole), parse_int=_whole), True
    return data, False


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) < 400 else None


def whole_cells(text: str) -> list[dict[str, Any]]:
    """Every whole cell in a text, in order, also those behind a place that is damaged."""
    return list(_whole_cells(text))


def _whole_cells(text: str) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder(strict=False, parse_int=_whole)
    start = _CELLS.search(text)
    at, left, broken = (start.end() if start else 0), ATTEMPTS, start is None
    while left:
        at = _BETWEEN.match(text, at).end()
        if not text.startswith("{", at):
            if text.startswith("]", at) and not broken:
                return
            broken = True
            begin = _BEGIN.search(text, at)
            if begin is None:
                return
            at = begin.start()
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            found, end = None, at + 1
        if isinstance(found, dict) and "cell_type" in found and "source" in found:
            yield json.loads(_LONE.sub("\ufffd", json.dumps(found, ensure_ascii=False)),
                             parse_int=_whole)
            at = end
        else:
            begin = _BEGIN.search(text, at + 1)
            if begin is None:
                return
            at, left, broken = begin.start(), left - 1, True


def without_outputs(raw: bytes) -> bytes | None:
    """The file without what its cells have put out, found without building any of it.

    None where it has too many parts to be looked through.
    """
    kept, start, depth, inside = [], 0, 0, None
    key = False                                   # whether the last string was "outputs"
    for count, token in enumerate(_TOKEN.finditer(raw)):
        if count > MOST_TOKENS:
            return None
        first = raw[token.start()]
        if first == 0x22:                         # a string
            key = inside is None and token.end() - token.start() == 9 and (
                raw[token.start():token.end()] == b'"outputs"')
            continue
        if first in b"[{":
            depth += 1
            if first == 0x5B and key and raw[token.start() - 20:token.start()].rstrip().endswith(
                    b":"):
                inside = depth
                kept.append(raw[start:token.end()])
        else:
            if inside == depth:
                inside, start = None, token.start()
            depth -= 1
        key = False
    if inside is None:
        kept.append(raw[start:])
    return b"".join(kept)
