"""The guard: forged notebooks earn nothing by it, and honest ones come out as at stock."""

import base64
import json
import re

import pytest

from casebook.grading.feedback import WithoutHiddenTests

from .forgery import ATTACKS, HONEST, STRANGE, TESTS
from .guardkit import answer, book, given, guarded, stock, test

SETUP = "import casebook\nfrom casebook.grading import checks"


def notebook(code, tags=(), only=None):
    tests = [test(source, id, points, tags) for id, (source, points) in TESTS.items() if only is None or id in only]
    return book(given(SETUP), answer(code), *tests)


def folder_of(attack, tmp_path, name):
    folder = tmp_path / name
    for path, text in ({"empty": ""} | attack.files).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_a_forged_notebook_earns_what_an_honest_one_does_and_says_why(attack, tmp_path):
    _, by_stock, _ = stock(notebook(attack.code, attack.tags), folder_of(attack, tmp_path, "stock"))
    assert all(by_stock[id] > HONEST[id] for id in attack.stock), by_stock
    done, by_guard, reasons = guarded(notebook(attack.code, attack.tags), folder_of(attack, tmp_path, "guard"))
    assert all(by_guard[id] <= HONEST[id] for id in attack.stock), (by_guard, reasons)
    if attack.kind:
        assert attack.kind in {reason["kind"] for reason in reasons}, reasons
        assert {reason["cell"] for reason in reasons} & set(attack.stock)
        assert all(reason["text"].startswith("This notebook ") for reason in reasons)


def plain(nb):
    """A notebook without what differs from run to run."""
    nb = json.loads(json.dumps(nb))
    for cell in nb["cells"]:
        cell.pop("id")
        cell["metadata"].pop("execution", None)
    # The kernel's process and a widget's number stand in outputs.
    return re.sub(r"kernel_\d+|[0-9a-f]{32}", "#", json.dumps(nb, indent=1))


@pytest.mark.parametrize("name", STRANGE)
def test_strange_but_honest_notebooks_come_out_the_same(name, tmp_path):
    first, by_stock, _ = stock(notebook(STRANGE[name]), tmp_path)
    second, by_guard, reasons = guarded(notebook(STRANGE[name]), tmp_path, seed=len(name))
    assert reasons == []
    assert by_guard == by_stock and by_stock["equal"] == 2
    assert plain(first) == plain(second)


LISTENS = '''
x = 42
heard = []
get_ipython().events.register("pre_run_cell", lambda info: heard.append(info.raw_cell))
'''


@pytest.mark.parametrize("tells", ["print(heard)", "print(In)", "from IPython.display import HTML\nHTML(repr(In))", "import base64\nbase64.b64encode(''.join(In).encode())"])
def test_what_a_notebook_hears_of_hidden_tests_does_not_reach_its_student(tells, tmp_path):
    def book_of():
        return book(given(SETUP), answer(LISTENS if "heard" in tells else "x = 42"), test(TESTS["equal"][0]), test(TESTS["choice"][0], "choice", 4), answer(tells, "tells"))

    by_stock, _, _ = stock(book_of(), tmp_path)
    done, _, reasons = guarded(book_of(), tmp_path)
    if "heard" in tells:
        # Who listens in is not sent a test at all.
        assert "exhibit 4" in str(by_stock.cells[-1].outputs)
        assert "exhibit 4" not in str(done.cells[-1].outputs) and {one["kind"] for one in reasons} == {"hooks"}
    for nb in (by_stock, done):
        fed_back = WithoutHiddenTests().preprocess(nb, {})[0]
        shown = str(fed_back.cells[-1].outputs)
        assert "exhibit 4" not in shown and "assert x" not in shown and base64.b64encode(b"assert x == 42")[2:-4].decode() not in shown


def test_a_name_that_students_are_asked_to_define_may_be_pythons_own(tmp_path):
    def book_of():
        return book(answer("def sum(numbers):\n    return 6"), test("assert sum([1, 2, 3]) == 6"))

    assert guarded(book_of(), tmp_path)[1] == {"test": 0}
    assert guarded(book_of(), tmp_path, own_names=["sum"])[1:] == ({"test": 2}, [])


def test_a_helper_of_the_notebook_may_be_written_again_but_not_otherwise(tmp_path):
    helper = "def near(a, b):\n    return abs(a - b) < 0.1"

    def book_of(mine):
        return book(given(helper), answer(f"x = 1\n{mine}"), test("assert near(x, 42)"), test("assert near(1, 1)", "other"))

    assert guarded(book_of(helper), tmp_path)[1:] == ({"test": 0, "other": 2}, [])
    _, grades, reasons = guarded(book_of("def near(a, b):\n    return True"), tmp_path)
    assert grades == {"test": 0, "other": 0} and "`near`" in reasons[0]["text"]


def test_a_notebook_without_tests_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr("casebook.autograding.guarding.execute.Watch", None)
    done, grades, reasons = guarded(book(answer("1 + 1")), tmp_path)
    assert grades == {} and reasons == [] and done.cells[0].outputs[0].data["text/plain"] == "2"


def test_a_kernel_that_ends_within_a_test_costs_that_test_and_those_after_it(tmp_path):
    ends = "class Answer:\n    def __eq__(self, other):\n        import os\n        os._exit(0)\nx = Answer()"
    done, grades, _ = guarded(book(test("assert True", "first"), answer(ends), test("assert x == 42"), test("assert True", "after")), tmp_path)
    assert grades == {"first": 2, "test": 0, "after": 0}
    assert "ended the kernel" in done.cells[2].outputs[0].evalue
