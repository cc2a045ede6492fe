"""What a case is: frozen types, reading, and checks that list everything at once."""

from .account import Account, Part, Talk
from .conditions import holds
from .findings import Finding
from .reader import bundled, bundled_engagements, examine, find, read, translations
from .types import Case

__all__ = ["Account", "Case", "Finding", "Part", "Talk", "bundled", "bundled_engagements",
           "examine", "find", "holds", "read", "translations"]
