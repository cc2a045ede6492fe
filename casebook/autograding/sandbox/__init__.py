"""Students' code shut in: one box a submission, with bubblewrap, on Linux.

A box is made of namespaces that a tiny process holds (`box`); a Python process forked from a warm
parent enters it and gives up every right (`join`). What can be seen inside is in `view`, how much
may be used in `limits`, and whether the machine has it at all in `probe`.
"""

from .box import REASONS, Box, watch
from .failed import SandboxError
from .limits import Limits
from .probe import Availability, available, require

__all__ = ["REASONS", "Availability", "Box", "Limits", "SandboxError", "available", "require",
           "watch"]
