"""Reading the files of a case safely: size, encoding, and never outside the case folder."""

from __future__ import annotations

from pathlib import Path

from casebook.errors import Place

from .findings import Collector

MAX_BYTES = 2_000_000


def read_text(folder: Path, name: str, found: Collector, place: Place) -> str | None:
    """The text of a file of the case, or None and a finding at ``place``."""
    path = inside(folder, name, found, place)
    if path is None:
        return None
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            found.error(place, "size", f"The file {name} has {size / 1e6:.0f} MB; at most "
                        f"{MAX_BYTES // 1_000_000} MB are read.", "Shorten it.")
            return None
        raw = path.read_bytes()
    except OSError as error:
        found.error(place, "missing", f"The file {name} cannot be read: "
                    f"{error.strerror or error}.", "Add it to the case folder.")
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found.error(Place(str(path), line), "encoding", f"The file is not UTF-8: byte "
                    f"{error.start + 1} is 0x{raw[error.start]:02x}.",
                    "Save it again with the encoding UTF-8.")
        return None


def inside(folder: Path, name: str, found: Collector, place: Place) -> Path | None:
    """The path of a file in the folder, or None and a finding if it leads out of it."""
    if "\0" in name:
        found.error(place, "missing", f"{name!r} is no name of a file.", "Write a plain path.")
        return None
    path = folder / name
    root = folder.resolve()
    if Path(name).is_absolute() or not path.resolve().is_relative_to(root):
        found.error(place, "outside", f"The path {name!r} leads out of the case folder.",
                    "Copy the file into the folder and name it from there.")
        return None
    return path
