"""Notebooks damaged in every way that we could think of, as data: how, and what intake is to say.

``kinds`` are the reasons expected (None: only that there is one); ``kept`` says which answers must still
be there: all, none, or those before the damage. ``stock`` is what nbgrader, as it comes, does with it:
``loses`` (no grade for this student), ``stops`` (no grade for anybody after), or None where no test tries it.
"""

import copy
import json
from dataclasses import dataclass
from typing import Any

from tests.grading.kit import cell_of, id_of


@dataclass(frozen=True)
class Damage:
    name: str
    spoil: Any                    # notebook -> bytes
    kinds: tuple[str, ...] | None
    kept: str = "all"
    severity: str = "problem"
    stock: str | None = None

    def __str__(self):
        return self.name


def dumped(book, **how):
    return json.dumps(book, **{"ensure_ascii": False, "indent": 1, **how}).encode("utf-8")


def on_book(change):
    """A damage to the notebook's data."""
    def spoil(book):
        change(book)
        return dumped(book)
    return spoil


def on_cell(id, /, **fields):
    return on_book(lambda book: cell_of(book, id).update(fields))


def on_notes(id, /, **notes):
    """A damage to what nbgrader notes in a cell; None takes a note out."""
    def change(book):
        own = cell_of(book, id)["metadata"]["nbgrader"]
        own.update(notes)
        for key in [key for key, value in notes.items() if value is None]:
            del own[key]
    return on_book(change)


def copied(id, at=None, untouched=False):
    def change(book):
        one = copy.deepcopy(cell_of(book, id))
        if untouched:
            one["source"] = "reading_1 = ...\n# Replace the three dots."
        one["id"] = "a-copy"
        book["cells"].insert(len(book["cells"]) if at is None else at, one)
    return on_book(change)


def every(**notes):
    def change(book):
        for cell in book["cells"]:
            if id_of(cell):
                cell["metadata"]["nbgrader"].update(notes)
    return on_book(change)


def without(*ids):
    return on_book(lambda book: book.update(cells=[cell for cell in book["cells"] if id_of(cell) not in ids]))


def bare(*ids):
    """Cells without their metadata; all where none is named."""
    def change(book):
        for cell in book["cells"]:
            if not ids or id_of(cell) in ids:
                cell["metadata"] = {}
    return on_book(change)


def cut(share):
    return lambda book: dumped(book)[:int(len(dumped(book)) * share)]


def nested(depth):
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def torn(book):
    """A hole in the file's middle, in the cell of the third question."""
    raw = dumped(book)
    at = raw.index(b"checks.answered(reading_3")
    return raw[:at] + b'"}}],' + raw[at + 12:]


def with_line_breaks(book):
    cell_of(book, "memo")["source"] = "A memo\nof two lines."
    return dumped(book, indent=None).replace(b"A memo\\nof", b"A memo\nof")


def old_format(book):
    import nbformat
    return nbformat.writes(nbformat.convert(nbformat.reads(json.dumps(book), as_version=4), 3), version=3).encode()


def fields_gone(book):
    for cell in book["cells"]:
        for key in ("outputs", "execution_count", "id"):
            cell.pop(key, None)
    return dumped(book)


def no_notes(book):
    del book["metadata"]
    return dumped(book)


MERGED = b'<<<<<<< mine\n{"a": 1},\n=======\n>>>>>>> theirs\n'

DAMAGES = [
    # the file
    Damage("empty", lambda b: b"", ("empty",), "none", "lost", "loses"),
    Damage("only blanks", lambda b: b" \n\n", ("empty",), "none", "lost"),
    Damage("only zeros", lambda b: b"\0" * 4096, ("empty",), "none", "lost"),
    Damage("truncated half-way", cut(0.5), ("truncated",), "before", stock="loses"),
    Damage("truncated at nine tenths", cut(0.9), ("truncated",), "before"),
    Damage("truncated in its first cell", lambda b: dumped(b)[:60], ("not-json",), "none", "lost"),
    Damage("without its last bracket", lambda b: dumped(b).rstrip()[:-1], ("truncated",)),
    Damage("followed by zeros", lambda b: dumped(b) + b"\0" * 2000, ("not-json",)),
    Damage("twice in one file", lambda b: dumped(b) + dumped(b), ("not-json",)),
    Damage("with a hole", torn, ("not-json",), "others"),
    Damage("merged by git", lambda b: dumped(b).replace(b'"cells": [\n', b'"cells": [\n' + MERGED, 1), ("not-json",)),
    Damage("a web page", lambda b: b"<!DOCTYPE html><html><p>Log in</p></html>", ("not-json",), "none", "lost"),
    Damage("a PDF", lambda b: b"%PDF-1.4\n\xe2\xe3\xcf\xd3", ("not-json",), "none", "lost"),
    Damage("a zip", lambda b: b"PK\x03\x04" + bytes(range(256)), ("not-json",), "none", "lost"),
    Damage("a list", lambda b: b"[1, 2]", ("not-notebook",), "none", "lost"),
    Damage("an empty object", lambda b: b"{}", ("not-notebook",), "none", "lost"),
    Damage("a number", lambda b: b"7", ("not-notebook",), "none", "lost"),
    Damage("nested without end", lambda b: b"[" * 300_000, ("not-json",), "none", "lost"),
    Damage("cells nested without end", lambda b: b'{"cells": ' + b"[" * 300_000, ("not-json",), "none", "lost"),
    Damage("line breaks in strings", with_line_breaks, ("not-json",), "but memo"),
    # its letters
    Damage("latin-1", lambda b: dumped(b).decode().encode("latin-1", "xmlcharrefreplace"), ("encoding",), "text", stock="loses"),
    Damage("cp1252", lambda b: dumped(b).decode().encode("cp1252", "xmlcharrefreplace"), ("encoding",), "text"),
    Damage("byte-order mark", lambda b: b"\xef\xbb\xbf" + dumped(b), ("bom",), stock="loses"),
    Damage("utf-16", lambda b: dumped(b).decode().encode("utf-16"), ("encoding",)),
    Damage("utf-16 without a mark", lambda b: dumped(b).decode().encode("utf-16-le"), ("encoding",)),
    Damage("utf-32", lambda b: dumped(b).decode().encode("utf-32-be"), ("encoding",)),
    Damage("one bad byte", lambda b: dumped(b).replace("ü".encode(), b"\xfc", 1), ("encoding",)),
    Damage("half a character, escaped", lambda b: json.dumps({**b, "cells": [{**c, "source": "".join(c["source"]) + "\n# \ud83d" if id_of(c) == "reading_1" else c["source"]} for c in b["cells"]]}).encode(), ("encoding",), "but reading_1", "note", "loses"),
    # the format
    Damage("format 5", on_book(lambda b: b.update(nbformat=5)), ("newer-format",), stock="loses"),
    Damage("format '4'", on_book(lambda b: b.update(nbformat="4")), ("format",)),
    Damage("no format", on_book(lambda b: b.pop("nbformat")), ("format",)),
    Damage("format 3", old_format, ("old-format",), severity="note"),
    Damage("format 3 by its number only", on_book(lambda b: b.update(nbformat=3)), ("format",)),
    Damage("minor format none", on_book(lambda b: b.update(nbformat_minor=None)), ("format",), severity="note"),
    Damage("minor format a word", on_book(lambda b: b.update(nbformat_minor="five")), ("format",), severity="note"),
    Damage("minor format 99", on_book(lambda b: b.update(nbformat_minor=99)), (), severity=""),
    Damage("cells are an object", on_book(lambda b: b.update(cells={"0": b["cells"][0]})), ("not-notebook",), "none", "lost"),
    Damage("no metadata", no_notes, ("format",), severity="note"),
    Damage("metadata is a list", on_book(lambda b: b.update(metadata=[])), ("format",), severity="note", stock="loses"),
    Damage("kernelspec is a word", on_book(lambda b: b["metadata"].update(kernelspec="python")), ("format",), severity="note"),
    Damage("a cell is a word", on_book(lambda b: b["cells"].insert(2, "cell")), ("format",), severity="note"),
    Damage("a cell is none", on_book(lambda b: b["cells"].append(None)), ("format",), severity="note"),
    Damage("a cell of a type unknown", on_cell("reading_1_test", cell_type="graph"), ("format", "changed-metadata"), stock="loses"),
    Damage("a cell without a type", on_book(lambda b: cell_of(b, "reading_1_test").pop("cell_type")), ("format", "changed-metadata")),
    Damage("a test of another type", on_cell("reading_1_test", cell_type="markdown"), ("changed-metadata",)),
    Damage("metadata of a cell is a list", on_cell("setup", metadata=[]), ("format", "stripped-cell"), severity="note"),
    Damage("no text in a cell", on_cell("reading_1_test", source=None), ("format", "changed-test"), severity="note", stock="loses"),
    Damage("numbers in a text", on_cell("reading_1", source=["reading_1", 3, ' = "B"']), ("format",), "but reading_1", "note"),
    Damage("fields gone", fields_gone, ("format",), severity="note"),
    Damage("outputs are words", on_cell("reading_1", outputs=["none"]), ("format",), severity="note"),
    Damage("outputs nested deep", on_cell("reading_1", outputs=[{"output_type": "display_data", "metadata": {}, "data": {"application/json": nested(400)}}]), ("format",), severity="note"),
    Damage("metadata nested deep", on_book(lambda b: cell_of(b, "reading_1")["metadata"].update(x=nested(400))), ("format",), severity="note"),
    Damage("the notebook's metadata nested deep", on_book(lambda b: b["metadata"].update(x=nested(400))), ("format",), severity="note"),
    Damage("attachments are a word", on_cell("memo", attachments="x"), ("format",), severity="note"),
    Damage("an id of 300 letters", on_cell("reading_1", id="x" * 300), ("format",), severity="note"),
    Damage("an id that is a number", on_cell("reading_1", id=7), ("format",), severity="note"),
    Damage("the same id twice", on_cell("reading_1", id="memo"), (), severity=""),
    Damage("a number too long", on_book(lambda b: b["metadata"].update(x="LONG")), (), severity=""),
    Damage("30 MB of output", on_cell("setup", outputs=[{"output_type": "stream", "name": "stdout", "text": "x\n" * 10_000_000}]), ("too-large",)),
    Damage("ten thousand cells", on_book(lambda b: b["cells"].extend([{"cell_type": "markdown", "metadata": {}, "source": "x"}] * 10_000)), ("too-many-cells",)),
    # what nbgrader notes
    Damage("a test copied to the end", copied("reading_1_test"), ("duplicate-cell",), stock="stops"),
    Damage("a test copied to the beginning", copied("reading_1_test", 0), ("duplicate-cell",)),
    Damage("an answer copied", copied("reading_1"), ("duplicate-cell",)),
    Damage("an answer copied as it was", copied("reading_1", untouched=True), ("duplicate-cell",)),
    Damage("a memo copied", copied("memo"), ("duplicate-cell",)),
    Damage("every cell twice", on_book(lambda b: b.update(cells=b["cells"] + copy.deepcopy(b["cells"]))), ("duplicate-cell",)),
    Damage("a newer schema", every(schema_version=99), ("newer-schema",), stock="stops"),
    Damage("an older schema", every(schema_version=1), ("older-schema",), stock="stops"),
    Damage("a schema that is a word", every(schema_version="3"), ("older-schema",), stock="loses"),
    Damage("no points", on_notes("reading_1_test", points=None), ("changed-metadata",), stock="loses"),
    Damage("points not a number", on_notes("reading_1_test", points=float("nan")), ("changed-metadata",)),
    Damage("points in words", on_notes("reading_1_test", points="two"), ("changed-metadata",), stock="loses"),
    Damage("points below nothing", on_notes("reading_1_test", points=-5), ("changed-metadata",)),
    Damage("a hundred points", on_notes("reading_1_test", points=100), ("changed-metadata",)),
    Damage("a test that is none", on_notes("reading_1_test", grade=False), ("changed-metadata",)),
    Damage("a test as an answer", on_notes("reading_1_test", solution=True, locked=False), ("changed-metadata",)),
    Damage("a test as a task", on_notes("reading_1_test", task=True), ("changed-metadata",), stock="loses"),
    Damage("1 for true", on_notes("reading_1_test", grade=1), ("changed-metadata",), severity="note", stock="loses"),
    Damage("a note that nbgrader does not know", on_notes("reading_1_test", extra=1), ("changed-metadata",), severity="note", stock="loses"),
    Damage("a wrong checksum", on_notes("reading_1_test", checksum="no"), (), severity=""),
    Damage("a test that would be skipped", on_book(lambda b: cell_of(b, "reading_1_test")["metadata"].update(tags=["skip-execution"])), ("changed-metadata",)),
    Damage("tags are a number", on_book(lambda b: cell_of(b, "reading_1_test")["metadata"].update(tags=7)), ("format",), severity="note", stock="loses"),
    Damage("a test deleted", without("reading_1_test"), ("missing-test",)),
    Damage("an answer and its test deleted", without("own_1", "own_1_test"), ("missing-cell", "missing-test"), "but own_1"),
    Damage("an answer deleted", without("reading_1"), ("missing-cell",), "but reading_1"),
    Damage("a memo deleted", without("memo"), ("missing-answer",), "but memo"),
    Damage("the setup deleted", without("setup"), ("missing-cell",)),
    Damage("every cell deleted", on_book(lambda b: b.update(cells=[])), None, "none"),
    Damage("a test stripped", bare("reading_1_test"), ("missing-test",)),
    Damage("an answer stripped", bare("reading_1"), ("stripped-cell",), "but reading_1", "note"),
    Damage("a memo stripped", bare("memo"), ("missing-answer",)),
    Damage("every cell stripped", bare(), None, "scored"),
    Damage("notes are a word", on_book(lambda b: cell_of(b, "reading_1_test")["metadata"].update(nbgrader="x")), ("format", "missing-test"), stock="loses"),
    Damage("notes are empty", on_book(lambda b: cell_of(b, "reading_1_test")["metadata"].update(nbgrader={})), ("format", "missing-test"), stock="stops"),
    Damage("a grade_id that is a number", on_notes("reading_1_test", grade_id=7), ("format", "missing-test")),
    Damage("a grade_id that is a list", on_notes("reading_1_test", grade_id=["x"]), ("format", "missing-test"), stock="loses"),
    Damage("a grade_id of spaces", on_notes("reading_1_test", grade_id=" "), ("unknown-cell", "missing-test"), stock="loses"),
    Damage("another assignment's cell", on_book(lambda b: b["cells"].append({"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "elsewhere", "grade": True, "solution": False, "locked": True, "points": 9, "schema_version": 3, "task": False}}, "source": "1", "outputs": [], "execution_count": None, "id": "e"})), ("unknown-cell",), stock="loses"),
    Damage("a test changed", on_cell("reading_1_test", source="2.0"), ("changed-test",), severity="note"),
    Damage("a given cell changed", on_cell("setup", source="checks = None"), ("changed-cell",), severity="note"),
]
