"""``casebook translate``: the files in which a case is put into another language."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casebook.errors import CaseError, Place

ENGAGEMENTS = "engagements"


def add(commands) -> None:
    """Add the command to a parser's sub-commands."""
    command = commands.add_parser(
        "translate", help="begin the translation of a case",
        description="Write the file in which a case is translated, with every text as it is in "
        "the original. What is there already is left as it is.")
    command.add_argument("case", metavar="CASE", help="the id of a case, or a case folder")
    command.add_argument("language", metavar="LANGUAGE", help="its code, such as fr or pt-BR")
    command.add_argument("--folder", metavar="DIR",
                         help="where to write (default: the folder of the case)")
    command.set_defaults(run=_translate)


@dataclass(frozen=True)
class _Sheet:
    """A file of texts to translate, and the pages that go with it."""

    source: Path                  # case.yaml or account.yaml
    target: Path
    pages: tuple[str, ...]        # reading and exhibits, from the folder of the source


def _translate(args: argparse.Namespace) -> int:
    from casebook.case import find

    folder = find(args.case)
    here = Path(args.case)
    if here.is_dir() and here.resolve() != folder.resolve():
        raise CaseError(f"{args.case} is a case of the casebook and a folder here.",
                        f"Write ./{args.case} for the folder, or go to another one.")
    _check_language(args.language)
    into = folder if args.folder is None else Path(args.folder)
    if not into.is_dir():
        raise CaseError(f"There is no folder {str(into)!r}.",
                        "Make it first, or leave --folder out.")
    sheets = _sheets(folder, into, args.language)
    missing = [sheet for sheet in sheets if not sheet.target.exists()]
    if not missing:
        raise CaseError(f"{sheets[0].target} is there already.", "Carry it on, or give another "
                        "--folder; nothing is overwritten.")
    for sheet in sheets:
        if sheet in missing:
            print(f"{sheet.target}: {_write(sheet, args.language)} texts to translate")
        else:
            print(f"{sheet.target}: there already, left as it is")
    _say_what_is_next(sheets, folder, args)
    return 0


def _check_language(language: str) -> None:
    from casebook.case.translation import CODE
    from casebook.language import SOURCE

    if not CODE.fullmatch(language):
        raise CaseError(f"{language!r} is no code of a language.",
                        "Give two or three small letters, such as fr, or with a region pt-BR.")
    if language == SOURCE:
        raise CaseError(f"Cases are written in {language!r}.",
                        "Give the language to translate into.")


def _sheets(folder: Path, into: Path, language: str) -> list[_Sheet]:
    """What is translated of a case, or of an account and each of its engagements."""
    from casebook.case.translation import file_in

    out = []
    for path, file, data in _documents(folder):
        pages = (data.get("reading", "reading.md"),
                 *(entry["file"] for entry in data.get("exhibits", ())))
        target = into / path.relative_to(folder) / file_in(file, language)
        out.append(_Sheet(path / file, target, pages))
    return out


def _documents(folder: Path) -> list[tuple[Path, str, dict[str, Any]]]:
    """Folder, file and data of a case and of what it consists of (CaseError if it has errors)."""
    from casebook.case import Account, read
    from casebook.case.account_reader import ACCOUNT_FILE
    from casebook.case.single import CASE_FILE

    case = read(folder)
    if not isinstance(case, Account):
        return [(folder, CASE_FILE, _data(folder / CASE_FILE))]
    parts = [folder / ENGAGEMENTS / part.id for part in case.parts]
    return [(folder, ACCOUNT_FILE, _data(folder / ACCOUNT_FILE)),
            *((part, CASE_FILE, _data(part / CASE_FILE)) for part in parts)]


def _data(path: Path) -> dict[str, Any]:
    from casebook.case.document import parse
    from casebook.case.findings import Collector

    # As checks read it: what YAML takes for a date is text here.
    document = parse(path.read_text(encoding="utf-8-sig"), str(path), Collector())
    return document.data


def _write(sheet: _Sheet, language: str) -> int:
    """Write a file to translate in; the number of texts in it."""
    from casebook.case.translation import skeleton, texts_of
    from casebook.case.written import as_yaml

    data = _data(sheet.source)
    text = as_yaml(skeleton(data, language), sheet.source.name)
    try:
        sheet.target.parent.mkdir(parents=True, exist_ok=True)
        with sheet.target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise CaseError(f"It cannot be written: {error.strerror or error}.",
                        "Give a folder you may write to: --folder DIR.",
                        Place(str(sheet.target))) from None
    return sum(1 for _ in texts_of(data))


def _say_what_is_next(sheets: list[_Sheet], folder: Path, args: argparse.Namespace) -> None:
    from casebook.case.translation import file_in

    print("\nNext:\n  1. Translate the texts in "
          f"{'this file' if len(sheets) == 1 else 'these files'}; leave keys, ids and order.")
    print("  2. Translate the pages, each into a file beside it. In a .csv translate words only "
          "and\n     leave its numbers, rows and columns:")
    for sheet in sheets:
        here = sheet.target.parent
        for page in sheet.pages:
            target = here / file_in(page, args.language)
            if not target.exists():
                print(f"       {sheet.source.parent / page} -> {target}")
    step = 3
    if args.folder is not None:
        print(f"  {step}. Copy what you have written into {folder}, to the same places.")
        step += 1
    print(f"  {step}. Run `casebook check {args.case}`: it lists what is missing or does not fit. "
          "Until then\n     the original is shown.")
