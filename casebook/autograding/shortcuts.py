"""Work of nbgrader's that is the same for every cell, done once."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import jsonschema
from jsonschema.validators import validator_for
from nbgrader.nbgraderformat import common


@contextlib.contextmanager
def schemas_known() -> Iterator[None]:
    """Let nbgrader check metadata without checking its own schema for each cell.

    That is a quarter of its time; what is refused, and with which error, stays the same.
    """
    known: dict[str, Any] = {}

    def validate(instance: Any, schema: dict[str, Any]) -> None:
        key = json.dumps(schema, sort_keys=True)
        if key not in known:
            kind = validator_for(schema)
            kind.check_schema(schema)
            known[key] = kind(schema)
        error = jsonschema.exceptions.best_match(known[key].iter_errors(instance))
        if error is not None:
            raise error

    with patch.object(common, "jsonschema", SimpleNamespace(validate=validate)):
        yield
