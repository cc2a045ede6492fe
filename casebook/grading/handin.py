"""Before handing in: what is answered, what goes along, and an exercise to begin again."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from casebook.engagement import SUFFIX
from casebook.errors import CasebookError, TranscriptError

from . import notebooks
from .assignment import FILE, read_assignment
from .failed import CheckFailed
from .plays import own_plays
from .released import RELEASED, released_cells
from .who import named

BACKUPS = "backups"
LARGE = 20_000_000        # bytes; far above any notebook of text, below what exchanges refuse


@dataclass(frozen=True)
class Item:
    """One line of a list for the student: ``ok`` is a tick, otherwise there is something to do."""

    ok: bool
    text: str


class Told(list):
    """Items, shown as a list."""

    def __init__(self, title: str, items: list[Item]):
        super().__init__(items)
        self.title = title

    def __repr__(self) -> str:
        return "\n".join([self.title, *(
            f"  {'ok  ' if item.ok else 'TO DO'} {item.text}" for item in self)])

    def _repr_html_(self) -> str:
        rows = "".join(f"<li>{'✓' if item.ok else '<strong>To do:</strong>'} "
                       f"{escape(item.text)}</li>" for item in self)
        return f"<div><p><strong>{escape(self.title)}</strong></p><ul>{rows}</ul></div>"


def before_you_hand_in(me: Any = ..., folder: str | Path = ".") -> Told:
    """What is answered and what is still open, read from the saved notebook and the plays.

    Save the notebook first: what is not saved is not handed in.
    """
    folder = Path(folder)
    items: list[Item] = []
    path = own_notebook(folder)
    book = notebooks.load(path)
    open_cells, done, total = _open_cells(book, folder)
    items += [Item(False, text) for text in open_cells]
    items += _about_the_play(me, folder)
    if path.stat().st_size > LARGE:
        items.append(Item(False, f"{path.name} has {path.stat().st_size / 1e6:.0f} MB. Choose "
                          "Edit, Clear Outputs of All Cells, and save."))
    title = f"{done} of {total} answered" + ("." if done == total else "; see what is still open.")
    if all(item.ok for item in items):
        items.append(Item(True, "Nothing is open. You can hand in."))
    return Told(title, items)


def handing_in(folder: str | Path = ".") -> Told:
    """The files that will be handed in: everything in the folder of the assignment."""
    folder = Path(folder)
    items = [Item(True, f"{path.relative_to(folder)}{_size(path)}: {_what(path)}")
             for path in sorted(folder.rglob("*")) if path.is_file()
             and not any(part.startswith(".") for part in path.relative_to(folder).parts)
             and BACKUPS not in path.relative_to(folder).parts]
    return Told("This will be handed in:", items)


def reset(exercise: Any, folder: str | Path = ".") -> None:
    """Put one exercise back as it was handed out, after a dated backup of the notebook.

    Raises
    ------
    CheckFailed
        If there is no such exercise.
    """
    folder = Path(folder)
    path = own_notebook(folder)
    book = notebooks.load(path)
    original = {notebooks.grade_id(cell): cell for cell in released_cells(folder, path.stem)
                if notebooks.is_solution(cell)}
    if not isinstance(exercise, str) or exercise not in original:
        raise CheckFailed(f"There is no exercise {exercise!r}.",
                          f"The exercises are: {', '.join(original)}.")
    kept = back_up(path)
    if not notebooks.put_back(book, original[exercise]):
        raise CheckFailed(f"The cell of the exercise {exercise!r} is no longer in the notebook.",
                          "Hand in what you have; your instructor can put it back.")
    notebooks.save(book, path)
    print(f"The exercise {exercise!r} is as it was handed out. Your version is kept in "
          f"{kept.relative_to(folder)}. Now choose File, Reload Notebook from Disk.")


def back_up(path: Path, now: datetime | None = None) -> Path:
    """A dated copy of a file in the folder ``backups`` beside it; never over another one."""
    stamp = (now or datetime.now()).strftime("%Y-%m-%d-%H%M%S")
    folder = path.parent / BACKUPS
    try:
        folder.mkdir(exist_ok=True)
        kept, number = folder / f"{path.stem}.{stamp}{path.suffix}.bak", 1
        while kept.exists():
            number += 1
            kept = folder / f"{path.stem}.{stamp}-{number}{path.suffix}.bak"
        shutil.copy2(path, kept)
    except OSError as error:
        raise CheckFailed(f"No backup could be made: {error.strerror or error}. Nothing was "
                          "changed.", "Make room on the disk and try again.") from None
    return kept


def own_notebook(folder: Path) -> Path:
    """The notebook of the assignment in a folder (CheckFailed if that is not plain)."""
    found = sorted(folder.glob("*.ipynb"))
    known = [path for path in found if notebooks.has_exercises(path)]
    if len(known) == 1:
        return known[0]
    named_so = [path for path in known if path.stem == folder.resolve().name]
    if len(named_so) == 1:
        return named_so[0]
    raise CheckFailed(f"{len(known)} notebooks with exercises lie in this folder.",
                      "Keep the one that you want to hand in, under the name that it had, and move "
                      "the others to another folder.")


def _open_cells(book, folder: Path) -> tuple[list[str], int, int]:
    """Sentences about exercises still open; how many are done, and how many there are."""
    original = {notebooks.grade_id(cell): cell
                for cell in released_cells(folder, own_notebook(folder).stem)
                if notebooks.is_solution(cell)}
    now = {notebooks.grade_id(cell): cell for cell in book["cells"] if notebooks.is_solution(cell)}
    told = []
    for id, cell in original.items():
        if id not in now:
            told.append(f"{_called(id)} is missing from the notebook.")
        elif not notebooks.source(now[id]).strip() or (
                notebooks.source(now[id]).strip() == notebooks.source(cell).strip()):
            told.append(f"{_called(id)} is still empty.")
    return told, len(original) - len(told), len(original)


def _called(id: str) -> str:
    return id.replace("_", " ").replace("-", " ").capitalize()


def _about_the_play(me: Any, folder: Path) -> list[Item]:
    if not (folder / FILE).exists() or not (assignment := read_assignment(folder)).case:
        return []
    try:
        player = named(me)
        plays = own_plays(assignment, player)
    except (CheckFailed, TranscriptError) as error:
        return [Item(False, str(error))]
    except CasebookError as error:
        return [Item(False, str(error))]
    return [Item(one.finished, f"Attempt {one.attempt}: " + (
        f"whole, {len(one.play.turns)} turns." if one.finished else
        f"at turn {len(one.play.turns)}, not over yet.")) for one in plays]


def _size(path: Path) -> str:
    """How large a file is; not for a notebook, which is saved again after this is shown."""
    if path.suffix == ".ipynb":
        return ""
    size = path.stat().st_size
    told = f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1000))} kB"
    return f" ({told})"


def _what(path: Path) -> str:
    if path.name.endswith(SUFFIX):
        return "another way you tried" if ".branch-" in path.name else "a play"
    if path.suffix == ".ipynb":
        return "your notebook"
    if path.name in (FILE, RELEASED):
        return "part of the assignment"
    return "another file"
