"""Notebooks run by nbgrader's Execute, on a stock kernel and on a warm one."""

import json
import tempfile
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.preprocessors.execute import Execute

from casebook.autograding.warm.manager import run, warm_manager

# In a fork of the kernel for each code, so that one kernel serves for all: what is loaded after it has run.
LOADED = '''
import os, sys, json
def loaded(code):
    reads, writes = os.pipe()
    if os.fork() == 0:
        try:
            exec(code, {})
            told = sorted(sys.modules)
        except BaseException as error:
            told = [f"{type(error).__name__}: {error}"]
        with os.fdopen(writes, "w") as file:
            file.write(json.dumps(told))
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads) as file:
        told = json.loads(file.read())
    os.wait()
    return told
'''


def book(*cells):
    return new_notebook(cells=[new_code_cell(cell) for cell in cells])


def cold(nb, folder, **options):
    Execute(**{"timeout": 60, **options}).preprocess(nb, {"metadata": {"path": str(folder)}})
    return nb


def warm(parent, nb, folder, how="warm", **options):
    join, env = options.pop("join", None), options.pop("env", None)
    with tempfile.TemporaryDirectory(prefix="cb-") as transport:
        manager = warm_manager(parent, cwd=folder, transport_dir=transport, join=join, env=env)
        seen = manager.provisioner
        run(Execute(**{"timeout": 60, **options}), nb, {"metadata": {"path": str(folder)}}, manager)
        assert seen.how == how and not seen.has_process
        assert not Path(transport).joinpath("s-1").exists()
    return nb


def said(nb, cell=-1):
    """What a cell printed."""
    assert all(out.output_type == "stream" for out in nb.cells[cell].outputs), nb.cells[cell].outputs
    return "".join(out.text for out in nb.cells[cell].outputs)


def told(nb):
    return json.loads(said(nb))
