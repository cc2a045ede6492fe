"""What travels to a cluster, and a cluster that is not there."""


import pytest

from casebook.autograding.cluster import on_cluster, packed
from casebook.autograding.run import Run
from casebook.errors import CasebookError
from tests.autograding import tiny

STUDENTS = 16


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    course = tiny.make(tmp_path_factory.mktemp("released") / "course")
    tiny.hand_in_class(course, STUDENTS)
    return course


def test_no_model_answer_and_no_gradebook_travels(released):
    package = packed(Run(released, tiny.NAME), True)
    whole = b"".join([package.config, *package.files.values()])
    assert not any(name.endswith((".ipynb", ".db")) for name in package.files)
    assert b"BEGIN SOLUTION" not in whole and b"return 2 * x" not in whole


def test_a_cluster_that_is_not_there_is_named(released):
    with pytest.raises(CasebookError, match="No Dask scheduler answers"), on_cluster(Run(released, tiny.NAME), "tcp://127.0.0.1:9", True):
        pass
