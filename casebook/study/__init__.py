"""Many plays at once, and managers to compare with."""

from .policies import POLICIES, policy

__all__ = ["POLICIES", "policy"]
