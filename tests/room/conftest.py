import pytest

from .kit import read_long


@pytest.fixture(scope="session")
def long(tmp_path_factory):
    return read_long(tmp_path_factory.mktemp("cases") / "long")
