"""The guard: forged notebooks earn nothing by it, and honest ones come out as at stock."""

import ast
import base64
import importlib.util
import json
import re
from pathlib import Path

import pytest
from jupyter_core.utils import run_sync
from nbformat import v4
from nbgrader.utils import determine_grade

from casebook.autograding.guarding import inside
from casebook.autograding.guarding.execute import GuardedExecute
from casebook.autograding.guarding.watch import Watch
from casebook.autograding.refused import refused
from casebook.explore.small import small
from casebook.grading import checks
from casebook.grading.assignment import defaults
from casebook.grading.feedback import WithoutHiddenTests
from casebook.grading.own import sheets
from casebook.grading.situations import pool
from casebook.model import parameters

from .forgery import ATTACKS, HONEST, NO_GOAL, RESULTS, STRANGE, TESTS, TRYOUT
from .guardkit import answer, book, given, guarded, preprocessor, run_on, stock, test

SETUP = "import casebook\nfrom casebook.grading import checks"


def notebook(code, tags=(), only=None, more=None):
    tests = [test(source, id, points, tags) for id, (source, points) in (TESTS | (more or {})).items() if only is None or id in only]
    return book(given(SETUP), answer(code), *tests)


def folder_of(attack, tmp_path, name):
    folder = tmp_path / name
    for path, text in ({"empty": ""} | attack.files).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_a_forged_notebook_earns_what_an_honest_one_does_and_says_why(attack, tmp_path):
    _, by_stock, _ = stock(notebook(attack.code, attack.tags, more=attack.more), folder_of(attack, tmp_path, "stock"))
    assert all(by_stock[id] > HONEST.get(id, 0) for id in attack.stock), by_stock
    done, by_guard, reasons = guarded(notebook(attack.code, attack.tags, more=attack.more), folder_of(attack, tmp_path, "guard"))
    assert all(by_guard[id] <= HONEST.get(id, 0) for id in attack.stock), (by_guard, reasons)
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


def test_a_result_counts_as_at_stock(tmp_path):
    setup = ("import numpy as np\nimport pandas as pd\nfrom decimal import Decimal\nfrom enum import IntFlag\nfrom fractions import Fraction\n"
             "class Shown:\n    def __repr__(self):\n        return '0.5'")

    def book_of():
        return book(given(setup), answer("x = 42"), *(test(f"x == 41\n{line}", name.replace("-", "_")) for name, line in RESULTS.items()))

    first, by_stock, _ = stock(book_of(), tmp_path)
    second, by_guard, reasons = guarded(book_of(), tmp_path)
    assert reasons == [] and by_guard == by_stock and plain(first) == plain(second)
    assert {by_stock[name] for name in ("true", "false", "below", "nan", "numpy_bool", "fraction")} == {2}
    assert by_stock["part"] == by_stock["own_number"] == by_stock["shown_as_number"] == 0.5


@pytest.mark.parametrize("line", ["10 ** 400", "float('inf')", "7.5", "np.float64(7.5).item()"])
def test_more_than_its_points_is_as_little_counted_as_at_stock(line, tmp_path):
    for kind in (stock, guarded):
        with pytest.raises(ValueError, match="greater than maximum"):
            kind(book(given("import numpy as np"), answer("x = 42"), test(line)), tmp_path)


@pytest.mark.parametrize("shown, told", [("inf", "more than this test gives"), ("2.5", "from 0 to 2 points"), ("", "without any text")])
def test_what_stock_refuses_earns_nothing_and_is_told_truly(shown, told):
    nb = book(answer("x = 42"), test("x"))
    nb.cells[1].outputs = [v4.new_output("execute_result", data={"text/plain": shown})]
    assert told in refused(nb)[0].text and determine_grade(nb.cells[1])[0] == 0


@pytest.mark.parametrize("shown", ["nan", "-1.5", "True", "np.float64(9.5)"])
def test_what_stock_counts_is_not_refused(shown):
    nb = book(answer("x = 42"), test("x"))
    nb.cells[1].outputs = [v4.new_output("execute_result", data={"text/plain": shown})]
    assert refused(nb) == [] and determine_grade(nb.cells[1])[0] == 2


LATER = {"method": "import casebook.explore.small\ncasebook.explore.small.Story.of = lambda *_: 100.0",
         "in-a-dict": "import casebook.grading.tryout as tryout\ntryout.MEASURES.update(dict.fromkeys(tryout.MEASURES, 'pressure'))"}


@pytest.mark.parametrize("later", LATER)
def test_what_changes_between_tests_is_seen(later, tmp_path):
    id, (source, points) = next(iter(TRYOUT.items()))
    nb = book(given(SETUP), answer(NO_GOAL), test(source, "before", points), answer(LATER[later], "more"), test(source, id, points))
    _, grades, reasons = guarded(nb, tmp_path)
    assert grades == {"before": 0, id: 0} and {reason["kind"] for reason in reasons} == {"checks"}


def test_what_is_kept_for_checks_cannot_be_changed():
    for kept in (defaults()["tryout"]["goals"], defaults()["numbers"], small(), pool()["texts"], next(iter(sheets().values()))):
        with pytest.raises(TypeError):
            kept["satisfaction"] = 0
    assert isinstance(pool()["draws"], tuple)


def test_a_trial_hangs_on_no_parameter_that_was_changed():
    right = checks.try_weeks(implementer=100).end
    group = parameters().trust
    name = next(key for key, value in vars(group).items() if isinstance(value, float))
    was = vars(group)[name]
    try:
        vars(group)[name] = 50 * was + 1
        assert checks.try_weeks(implementer=100).end == right
    finally:
        vars(group)[name] = was


def test_all_that_checks_rest_on_is_looked_at():
    missing = [name for name in reached("casebook.grading.checks") if not name.startswith((*inside.FAMILY, *inside.RELIED))]
    # Packages that only take names from their parts, or are asked for when they are used.
    assert missing == ["casebook"]


def reached(start):
    """Modules of the casebook that a module imports, and those that these import, wherever it stands."""
    found, left = set(), [start]
    while left:
        name = left.pop()
        try:
            spec = importlib.util.find_spec(name)
        except ModuleNotFoundError:
            continue                                  # a name of a module, and no module
        if name in found or spec is None:
            continue
        found.add(name)
        for node in ast.walk(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                left += [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom):
                package = name if spec.submodule_search_locations else spec.parent
                home = importlib.util.resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module
                left += [home, *(f"{home}.{one.name}" for one in node.names)]
        left = [one for one in left if one.split(".")[0] == "casebook"]
    return sorted(found)


def test_the_page_names_every_forgery():
    page = (Path(__file__).parents[2] / "docs/autograding-attacks.md").read_text(encoding="utf-8")
    rows = "\n".join(f"| {attack.name.replace('-', ' ')} | {', '.join(attack.stock)} |" for attack in ATTACKS)
    assert rows in page, f"put this into the page:\n{rows}"


def test_a_kernel_that_ends_before_the_first_cell_costs_every_test(tmp_path, monkeypatch):
    class Dies(Watch):
        def _begin(self):
            if "second" in self.client.nb.cells[0].source:
                run_sync(self.client.km.shutdown_kernel)(now=True)
            super()._begin()

    monkeypatch.setattr("casebook.autograding.guarding.execute.Watch", Dies)
    part = preprocessor(GuardedExecute, tmp_path)
    for name, points in (("first", 2), ("second", 0)):
        nb = book(answer(f"name = '{name}'"), test("assert True", "one"), test("assert True", "two"), answer("1", "more"))
        done, grades, _ = run_on(part, nb, tmp_path)
        assert grades == {"one": points, "two": points}
    assert "before the notebook's first cell" in done.cells[1].outputs[0].evalue and done.cells[0].outputs == []


def test_a_kernel_that_ends_before_a_text_blames_no_text(tmp_path):
    nb = book(answer("import os, threading\nthreading.Timer(0.5, os._exit, [0]).start()\nimport time\ntime.sleep(0.1)"), test("import time\ntime.sleep(5)"))
    nb.cells.insert(1, v4.new_markdown_cell("Text"))
    done, grades, _ = guarded(nb, tmp_path)
    assert grades == {"test": 0} and "outputs" not in done.cells[1]
