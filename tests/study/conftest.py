import pytest

from casebook import case as cases
from tests.casefactory import small_case, write_case


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """The small case with luck in it."""
    data = small_case()
    data["project"]["volatility"] = 60
    return cases.read(write_case(tmp_path_factory.mktemp("cases") / "small", data))


@pytest.fixture(scope="session")
def green():
    return cases.read("green-dashboard")
