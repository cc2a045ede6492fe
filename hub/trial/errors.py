"""What can keep a trial from starting, and a step from being as it should."""


class Missing(Exception):
    """Something that the trial needs is not there; the text says what and how to get it."""


class Wrong(Exception):
    """A step did not do what it should; the text says what was expected and what was found."""


def check(holds: bool, wrong: str) -> None:
    """Raise `Wrong` unless it holds."""
    if not holds:
        raise Wrong(wrong)
