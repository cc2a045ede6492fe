"""YAML with the line of every value, and nothing of YAML that a case does not need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from casebook.errors import Place

from .findings import Collector

MAX_DEPTH = 40
PLAIN_TAGS = ("null", "bool", "int", "float", "str", "seq", "map", "timestamp", "merge", "value")
Path = tuple[str | int, ...]


@dataclass
class Document:
    """Plain values, and the line on which each of them stands, by its path."""

    file: str
    data: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """Where the value at ``path`` stands, or the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return Place(self.file, self.lines.get(path, 1))


def parse(text: str, file: str, found: Collector) -> Document | None:
    """The document in ``text``, or None where it cannot be read; findings say why."""
    import yaml

    # The loader in C is ten times faster; it is missing from some builds.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if not _is_tame(yaml.parse(text, Loader=loader), file, found):
            return None
        node = yaml.compose(text, Loader=loader)
        if node is None:
            found.error(Place(file, 1), "yaml", "The file is empty.", "Write the case into it.")
            return None
        document = Document(file, None)
        document.data = _value(node, (), document, found, yaml.SafeLoader(""))
        return document
    except yaml.YAMLError as error:
        found.error(Place(file, _line(error)), "yaml", f"This is not YAML: {_problem(error)}.",
                    "Check indentation, quotes and colons on this line and the one before; text "
                    "that holds a colon and a space needs quotes.")
    except (ValueError, OverflowError) as error:
        found.error(Place(file, 1), "yaml", f"A value cannot be read: {error}.",
                    "Put it in quotes.")
    return None


def _is_tame(events, file: str, found: Collector) -> bool:
    """Refuse aliases and deep nesting while parsing, before anything can grow."""
    import yaml

    depth = 0
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            found.error(Place(file, line), "yaml", "Anchors and aliases (& and *) are not used in "
                        "a case.", "Write the text out; if it is text, put it in quotes.")
            return False
        tag = getattr(event, "tag", None)
        if tag and not tag.startswith("tag:yaml.org,2002:") or tag and tag.rsplit(":", 1)[
                1] not in PLAIN_TAGS:
            found.error(Place(file, line), "yaml", f"The tag {tag} is not used in a case.",
                        "Remove it; if it is text, put it in quotes.")
            return False
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                found.error(Place(file, line), "yaml", f"Values are nested more than {MAX_DEPTH} "
                            "deep.", "A case needs far less: check the brackets.")
                return False
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return True


def _value(node, path: Path, document: Document, found: Collector, loader) -> Any:
    import yaml

    document.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document, found, loader)
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*path, i), document, found, loader)
                for i, child in enumerate(node.value)]
    if node.tag.endswith(":timestamp"):
        return node.value
    return loader.construct_object(node)


def _mapping(node, path: Path, document: Document, found: Collector, loader) -> dict[Any, Any]:
    import yaml

    out: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            found.error(Place(document.file, key_node.start_mark.line + 1), "yaml",
                        "A key has to be a word.", "Check the brackets and the colon.")
            continue
        key = key_node.value
        if key_node.tag.endswith(":int") and key.isdigit():
            key = int(key)
        here = (*path, key)
        if key in out:
            found.error(Place(document.file, key_node.start_mark.line + 1), "yaml",
                        f"The key {key!r} stands twice; the first one is on line "
                        f"{document.lines[here]}.", "Remove one of them.")
            continue
        out[key] = _value(value_node, here, document, found, loader)
        document.lines[here] = key_node.start_mark.line + 1
    return out


def _line(error) -> int | None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return mark.line + 1 if mark else None


def _problem(error) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return str(problem).strip().rstrip(".")
