"""A page that is a walk: the files that it writes and the commands that it gives, in order.

A block with a caption is a file (``, continued`` adds to it); a ``console`` block is a command after ``$``
and what it prints, in which a line ``...`` stands for any lines. ``python -m tests.docs.tutorial`` writes
what is printed now into the page.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "write-a-case.md"
CONTINUED = ", continued"
BLOCK = re.compile(r"^```(?:\{code-block\} \w+\n:caption: (?P<file>[^\n]+)\n\n|(?P<console>console)\n)"
                   r"(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def steps(page: str) -> list[tuple[str, str, re.Match]]:
    """Each step as (kind, what, the block): kind is ``file`` or ``command``."""
    found = []
    for block in BLOCK.finditer(page):
        if block["file"]:
            found.append(("file", block["text"], block))
        else:
            found += [("command", part, block) for part in
                      re.split(r"^(?=\$ )", block["text"], flags=re.MULTILINE) if part]
    return found


def write(folder: Path, caption: str, text: str) -> None:
    """Write a file, or add to it where the caption says that it goes on."""
    path = folder / caption.removesuffix(CONTINUED)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a" if caption.endswith(CONTINUED) else "x", encoding="utf-8") as file:
        file.write(("\n" if caption.endswith(CONTINUED) else "") + text)


def run(folder: Path, line: str) -> str:
    """What a command prints, with this Python's casebook."""
    words = shlex.split(line)
    if words[0] == "mkdir":
        (folder / words[1]).mkdir()
        return ""
    assert words[0] == "casebook", line
    done = subprocess.run(
        [sys.executable, "-m", "casebook", *words[1:]], cwd=folder, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=280,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", "LANGUAGE": "en"})
    assert "Traceback" not in done.stdout, done.stdout
    return done.stdout


def told(expected: str, printed: str) -> bool:
    """Whether ``printed`` is as expected, where a line ``...`` stands for any lines."""
    parts = [re.escape(part) for part in re.split(r"^\.\.\.\n", expected, flags=re.MULTILINE)]
    return re.fullmatch("(?:.*\n)*".join(parts), printed) is not None


def walk(page: str, folder: Path):
    """Do every step; yields each command as (its block, the command, expected, printed)."""
    for kind, text, block in steps(page):
        if kind == "file":
            write(folder, block["file"], text)
        else:
            line, _, expected = text.partition("\n")
            line = line.removeprefix("$ ")
            yield block, line, expected, run(folder, line)


def main() -> None:
    """Put what is printed now into the page; an output with dots stays while it still fits."""
    page, blocks = PAGE.read_text(encoding="utf-8"), {}
    with tempfile.TemporaryDirectory() as folder:
        for block, line, expected, printed in walk(page, Path(folder)):
            fits = told(expected, printed)
            blocks.setdefault(block, []).append(f"$ {line}\n{expected if fits else printed}")
            if not fits:
                print(f"written anew: {line}")
    for block, parts in reversed(blocks.items()):
        page = page[:block.start("text")] + "".join(parts) + page[block.end("text"):]
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
