"""Writing the file of a translation: YAML that people can edit, in blocks and not too wide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

WIDTH = 100
# The emitter ends a line after the word that goes beyond its width.
LAST_WORD = 12
SHORT = 68           # what stands on one line even deep in a case, with its dashes and spaces
HEAD = """\
# {name} in another language ({language}): its texts, and nothing else. Translate each text where it
# stands. Leave keys, ids and order as they are. `casebook check` says what is missing.
"""


class _Writer(yaml.SafeDumper):
    """Long texts in blocks, so that nothing in them needs quotes."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(writer: _Writer, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text.rstrip("\n") else ">" if len(text) > SHORT else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _text)


def as_yaml(data: Mapping[str, Any], name: str) -> str:
    """The data of a translation (:func:`.translation.skeleton`) of the file ``name``, as text."""
    body = yaml.dump(dict(data), Dumper=_Writer, sort_keys=False, allow_unicode=True,
                     width=WIDTH - LAST_WORD, default_flow_style=False)
    return HEAD.format(name=name, language=data["language"]) + body
