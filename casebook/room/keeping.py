"""Work as one file: every transcript and report of a folder in a zip, and back again.

Nothing that lies in the folder is ever lost by bringing work back: a file is written only where
there was none, lengthened where the longer one begins with it byte by byte, or kept beside.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from casebook.engagement import SUFFIX
from casebook.engagement.transcript import Contents, contents, file_name, load, one_spelling
from casebook.errors import CasebookError
from casebook.language import _, several

from .shelf import KEPT

REPORT = ".report.html"
#: What a zip may hold. A play is a few kilobytes, a report some hundred.
MAX_ZIP, MAX_FILE, MAX_ALL, MAX_FILES = 50_000_000, 20_000_000, 100_000_000, 2_000
#: A name that is a file in this very folder on every system, and not a hidden one.
FLAT = re.compile(r"[^./\\:*?\"<>|\x00-\x1f\x7f][^/\\:*?\"<>|\x00-\x1f\x7f]*")
MAX_NAME = 200
LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass
class Packed:
    """Work in one file: its name, its bytes, the files in it, and what had to be left out."""

    name: str
    data: bytes
    files: list[str]
    left_out: list[str]

    def told(self) -> str:
        """What is said of it."""
        said = several("{n} file is in {name}.", "{n} files are in {name}.",
                       len(self.files)).format(n=len(self.files), name=self.name)
        if self.left_out:
            said += " " + _("Left out: {files}. Copy them by hand.").format(
                files="; ".join(self.left_out))
        return said


@dataclass
class Restored:
    """What became of each file that was brought back; every line is a whole sentence."""

    new: list[str] = field(default_factory=list)
    longer: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    covered: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """What is said of it, the troubles last."""
        named = ((_("Brought back: {files}."), self.new),
                 (_("Longer than the one here, and so put in its place: {files}."), self.longer),
                 (_("Yours here is further on, and was left as it is: {files}."), self.covered))
        same = several("{n} file was here already, the same.",
                       "{n} files were here already, the same.", len(self.same))
        return [*(text.format(files=", ".join(files)) for text, files in named if files),
                *([same.format(n=len(self.same))] if self.same else []),
                *self.beside, *self.refused] or [_("There was nothing in it.")]


def belongs(name: str) -> bool:
    """Whether a file of this name is work of a player: a transcript, a copy of one, a report."""
    # What cannot be printed may be half a letter that no other system could write.
    if not FLAT.fullmatch(name) or not name.isprintable():
        return False
    base = KEPT.sub("", name)
    return base.endswith((REPORT, SUFFIX)) and len(base.encode()) <= MAX_NAME and (
        base == name or base.endswith(SUFFIX))


def pack(folder: str | Path, player: str) -> Packed:
    """Every transcript and report in a folder, damaged ones too, as one zip in memory.

    The same files give the same bytes.

    Raises
    ------
    CasebookError
        If the folder cannot be read or holds no work.
    """
    try:
        # Plays before reports, so that those are in the file if not everything can be.
        names = sorted((path.name for path in Path(folder).iterdir() if path.is_file() and (
            path.name.endswith(REPORT) or KEPT.sub("", path.name).endswith(SUFFIX))),
            key=lambda name: (name.endswith(REPORT), name))
    except OSError as error:
        raise CasebookError(_("Your work cannot be read: {reason}.").format(
            reason=error.strerror or error), _("Nothing was changed.")) from error
    if not names:
        raise CasebookError(_("There is nothing to save yet."),
                            _("Take a turn in a case first."))
    whole, files, left_out = 0, [], []
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            data, why = _read(Path(folder) / name, min(MAX_FILE, MAX_ALL - whole))
            if data is None or len(files) >= MAX_FILES:
                many = _("there are too many files")
                left_out.append(f"{_printable(name)} ({why or many})")
                continue
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, data)
            whole += len(data)
            files.append(name)
    return Packed(_zip_name(player), memory.getvalue(), files, left_out)


def _read(path: Path, most: int) -> tuple[bytes | None, str]:
    if not belongs(path.name):
        return None, _("its name cannot be used everywhere")
    try:
        with open(path, "rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        return None, error.strerror or str(error)
    return (data, "") if len(data) <= most else (None, _("it is too large"))


def _zip_name(player: str) -> str:
    slug = file_name("x", player, 1).split(".")[1]
    return f"casebook-work-{slug}.zip"


def restore(folder: str | Path, data: bytes) -> Restored:
    """Bring back the work in a zip.

    Raises
    ------
    CasebookError
        If it is not such a zip, or nothing can be written. What lay in the folder is still there.
    """
    archive = _opened(data)
    out, left = Restored(), MAX_ALL
    with archive:
        for entry in archive.infolist():
            name = entry.filename
            if entry.is_dir():
                continue
            if not belongs(name):
                out.refused.append(_("{file} was passed over: it is no play and no report."
                                     ).format(file=_printable(name)))
                continue
            content, why = _content(archive, entry, min(MAX_FILE, left))
            if content is None:
                out.refused.append(_("{file} was passed over: {reason}.").format(
                    file=name, reason=why))
                continue
            left -= len(content)
            try:
                _bring(Path(folder), name, content, out)
            except OSError as error:
                raise CasebookError(
                    _("{file} could not be written: {reason}.").format(
                        file=name, reason=error.strerror or error),
                    _("Nothing that was here is lost. Free some disk space or use a folder you "
                      "may write to, and bring your work back again. {done}").format(
                        done=" ".join(out.lines()) if any(vars(out).values()) else "").strip()
                ) from error
    return out


def _opened(data: bytes) -> zipfile.ZipFile:
    if len(data) > MAX_ZIP:
        raise CasebookError(_("This file is larger than {n} MB.").format(n=MAX_ZIP // 1_000_000),
                            _choose())
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        wrong = _("This file is cut off or damaged.") if data[:4] == b"PK\x03\x04" else _(
            "This is not a zip file.")
        raise CasebookError(wrong, _choose()) from error
    if len(archive.infolist()) > MAX_FILES:
        archive.close()
        raise CasebookError(_("There are more than {n} files in it.").format(n=MAX_FILES),
                            _choose())
    return archive


def _choose() -> str:
    return _("Nothing was changed. Choose the file that “Save my work” gave you; its name begins "
             "with casebook-work.")


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int
             ) -> tuple[bytes | None, str]:
    """The bytes of an entry, or why not. What it says of its size is not believed."""
    if entry.flag_bits & 0x1:
        return None, _("it is encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return None, _("it is packed in an unknown way")
    try:
        with archive.open(entry) as file:
            content = file.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError,
            NotImplementedError):
        return None, _("it is damaged in the zip file")
    return (content, "") if len(content) <= most else (None, _("it is too large"))


def _bring(folder: Path, name: str, content: bytes, out: Restored) -> None:
    """Put one file in its place; where there is another one, keep both."""
    path = folder / name
    if not os.path.lexists(path):
        _write(path, content)
        out.new.append(name)
        return
    here = path.read_bytes() if path.is_file() else None
    copy = any(other.is_file() and other.read_bytes() == content
               for other in _numbered(path, _kind(name)))
    if here == content or copy:
        out.same.append(name)
    elif here is not None and _lengthens(here, content, name):
        _append(path, content[len(here):], len(here))
        out.longer.append(name)
    elif here is not None and _contains(name, here, content):
        out.covered.append(name)
    elif here is not None and _same_play(path, content):
        kept = _free(path, "replaced")
        _exchange(path, kept, content)
        out.beside.append(_("{file} was put in the place of a shorter one of the same play, which "
                            "is kept as {kept}.").format(file=name, kept=kept.name))
    else:
        kept = _free(path, _kind(name))
        _write(kept, content)
        out.beside.append(_("{file} is here already and is another one: it was left as it is, and "
                            "the one that you brought back is {kept}.").format(
                                file=name, kept=kept.name))


def _kind(name: str) -> str:
    """How a copy of a file is called: a copy of a copy has the same kind of name."""
    found = KEPT.search(name)
    return found[0].strip(".").rpartition("-")[0] if found else "restored"


def _numbered(path: Path, kind: str) -> Iterator[Path]:
    """The names under which a file is kept beside another, as far as they are taken."""
    number = 1
    while os.path.lexists(kept := _beside(path, kind, number)):
        yield kept
        number += 1


def _beside(path: Path, kind: str, number: int) -> Path:
    base = KEPT.sub("", path.name)
    if base.endswith(REPORT):
        return path.with_name(f"{base.removesuffix(REPORT)}.{kind}-{number}{REPORT}")
    return path.with_name(f"{base}.{kind}-{number}")


def _free(path: Path, kind: str) -> Path:
    return _beside(path, kind, 1 + sum(1 for _taken in _numbered(path, kind)))


def _lengthens(here: bytes, content: bytes, name: str) -> bool:
    """Whether it is the same play, further on and whole, beginning with all that is here."""
    return (name.endswith(SUFFIX) and content.startswith(here)
            and contents(content).problem is None)


def _contains(name: str, here: bytes, content: bytes) -> bool:
    """Whether all of it is in the longer file that is here, at its beginning."""
    return name.endswith(SUFFIX) and here.startswith(content)


def _same_play(path: Path, content: bytes) -> bool:
    """Whether it goes on from the very decisions that are here, though the bytes differ."""
    if not path.name.endswith(SUFFIX):
        return False
    here, there = load(path), contents(content)
    if here.problem == "unreadable" or here.outcome or there.problem:
        return False
    done, more = _decisions(here), _decisions(there)
    return _play(here) == _play(there) and more[:len(done)] == done and len(more) > len(done)


def _play(read: Contents) -> tuple:
    head = read.header
    return (*(head[key] for key in ("case", "case_version", "case_digest", "model", "attempt")),
            one_spelling(head["player"]))


def _decisions(read: Contents) -> list:
    return [line["decision"] for line in read.lines]


def _write(path: Path, content: bytes) -> None:
    """Write a file that is not there yet; half a file does not stay behind."""
    with open(path, "xb") as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            file.close()
            path.unlink(missing_ok=True)
            raise


def _append(path: Path, more: bytes, size: int) -> None:
    with open(path, "ab") as file:
        try:
            file.write(more)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            os.truncate(path, size)
            raise


def _exchange(path: Path, kept: Path, content: bytes) -> None:
    path.rename(kept)
    try:
        _write(path, content)
    except BaseException:
        kept.rename(path)
        raise


def _printable(name: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in name)[:120]
