"""What an instructor has set for the room: in ``assignment.yaml`` beside the play, under ``room``.

A folder with an ``assignment.yaml`` that names this case is an assessed one: other ways can be
tried there after the end only. Everywhere else everything is free.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from casebook.engagement.allowed import Rules, room_rules
from casebook.errors import Place, PlayerError
from casebook.language import _

FILE = "assignment.yaml"

__all__ = ["Rules", "rules_in"]


def rules_in(folder: str | Path | None, case: str) -> Rules:
    """The rules for a play of ``case`` (an id) that is saved in ``folder``.

    Raises
    ------
    PlayerError
        If the ``assignment.yaml`` there cannot be read: a play that may be assessed is not opened
        by rules that are guessed.
    """
    path = Path(folder) / FILE if folder is not None else None
    if path is None or not path.is_file():
        return Rules()
    import yaml

    from casebook.yaml_text import from_yaml

    try:
        data = from_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PlayerError(_("{file} cannot be read: {error}").format(file=FILE, error=error),
                          _("Put back the file that you received."),
                          Place(str(path))) from None
    if not isinstance(data, Mapping):
        raise PlayerError(_("{file} does not say what the assignment is.").format(file=FILE),
                          _("Put back the file that you received."), Place(str(path)))
    named = Path(str(data.get("case", "")).strip())
    # A case may be named by its file, too.
    assessed = case in (named.name, named.parent.name if named.suffix else "")
    return room_rules(data.get("room"), Place(str(path)), assessed) if assessed else Rules()
