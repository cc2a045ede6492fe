import pytest

from casebook import case as cases
from casebook.engagement import Engagement
from casebook.study import policy


@pytest.fixture(scope="session")
def green():
    return cases.read("green-dashboard")


@pytest.fixture(scope="session")
def played(green):
    """A whole play by the balanced manager."""
    play = Engagement.start(green, "reader", 1)
    while play.ask is not None:
        play = play.take(policy("balanced")(play))
    return play
