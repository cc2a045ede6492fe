"""What a case is: frozen types, reading, and checks that list everything at once."""

from .conditions import holds
from .findings import Finding
from .reader import bundled, examine, find, read
from .types import Case

__all__ = ["Case", "Finding", "bundled", "examine", "find", "holds", "read"]
