"""Cases for tests of every part."""

import pytest

from casebook import case as cases
from tests.casefactory import crowded_case, small_case, write_account, write_case


@pytest.fixture(scope="session")
def case_of(tmp_path_factory):
    """Cases by name: a bundled one, ``small`` or ``crowded``."""
    made = {}

    def find(name):
        if name not in made:
            data = {"small": small_case, "crowded": crowded_case}.get(name)
            made[name] = cases.read(name if data is None else write_case(
                tmp_path_factory.mktemp("cases") / name, data()))
        return made[name]

    return find


@pytest.fixture(scope="session")
def deal(tmp_path_factory):
    """A small account of two engagements."""
    return cases.read(write_account(tmp_path_factory.mktemp("accounts") / "deal"))
