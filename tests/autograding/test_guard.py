"""The guard: forged notebooks earn nothing by it, and honest ones come out as at stock."""

import json
import re

import pytest

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
