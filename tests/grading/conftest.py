import pytest

from .table import graded_class


@pytest.fixture(scope="class")
def group(request, tmp_path_factory):
    """The class of the assignment that a test class names, graded once."""
    return graded_class(request.cls.assignment, tmp_path_factory.mktemp("table"))
