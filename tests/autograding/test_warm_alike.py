"""A warm kernel is like a cold one: the same modules after an import, the same outputs of tricky notebooks."""

import re
import shutil

import pytest

from casebook.autograding.warm.process import WarmParent

from .tricky import ALIKE, TRICKY
from .warmkit import LOADED, book, cold, said, told, warm

PACKAGES = ["", "numpy", "numpy.random", "numpy.linalg", "pandas", "pandas.core.frame", "plotly", "plotly.io", "plotly.express", "plotly.graph_objects",
            "ipywidgets", "anywidget", "casebook", "casebook.grading.checks", "casebook.study", "casebook.room", "casebook.figures", "casebook.room.widget", "casebook.grading.whatif",
            "plotly.graph_objs.scatter", "narwhals", "markdown_it", "pandas.io.formats.html", "yaml", "statistics", "json", "matplotlib.pyplot"]
# What libraries load only when they are used.
USES = ["import pandas as pd; pd.DataFrame({'a': [1]}).to_html()", "import plotly.graph_objects as go; go.Figure().to_plotly_json()",
        "import plotly.express as px; px.line(x=[1, 2], y=[3, 4]).update_layout(title='a', font_size=12)._repr_mimebundle_()",
        "import plotly.express as px, pandas as pd; px.bar(pd.DataFrame({'a': [1], 'b': [2]}), x='a', y='b').to_json()",
        "import casebook; casebook.play('two-rooms', player='s001')", "import pandas as pd; pd.get_dummies(pd.Series(['a', 'b']))"]


@pytest.fixture(scope="module")
def parent():
    with WarmParent() as parent:
        yield parent


def shown(nb):
    """Everything that a run left in the notebook, but for times and ids."""
    return [alike({"count": cell.execution_count, "outputs": together(cell.outputs)}) for cell in nb.cells] + [alike(nb.metadata)]


def together(outputs):
    """What was printed in one go, though a busy machine may send it in two parts."""
    joined = []
    for out in outputs:
        if joined and out.output_type == joined[-1]["output_type"] == "stream" and out.name == joined[-1]["name"]:
            joined[-1]["text"] += out.text
        else:
            joined.append(dict(out))
    return joined


def alike(found):
    if isinstance(found, str):
        for pattern, name in ALIKE:
            found = re.sub(pattern, name, found)
        return found
    if isinstance(found, dict):
        return [[alike(key), alike(value)] for key, value in found.items()]
    return [alike(each) for each in found] if isinstance(found, list) else found


@pytest.mark.parametrize("name", TRICKY)
def test_a_tricky_notebook_has_the_outputs_of_a_cold_kernel(name, parent, tmp_path):
    sides = []
    for side in ("cold", "warm"):
        # The same path for both, since notebooks may print it.
        folder = tmp_path / "work"
        folder.mkdir()
        (folder / "helper.py").write_text("value = 41\n", encoding="utf-8")
        nb = book(*TRICKY[name])
        sides.append(shown(cold(nb, folder) if side == "cold" else warm(parent, nb, folder)))
        shutil.rmtree(folder)
    for cell, expected, got in zip([*TRICKY[name], "metadata"], *sides, strict=True):
        assert got == expected, cell


def test_an_import_and_a_use_load_what_they_load_in_a_cold_kernel(parent, tmp_path):
    codes = [f"import {name}" if name else "" for name in PACKAGES] + USES
    nb = book(f"{LOADED}\nprint(json.dumps({{code: loaded(code) for code in {codes}}}))")
    expected, got = told(cold(nb.copy(), tmp_path)), told(warm(parent, nb, tmp_path))
    for code in codes:
        assert len(expected[code]) > 400, expected[code]
        assert got[code] == expected[code], code


def test_nothing_passes_from_one_kernel_to_the_next(parent, tmp_path):
    spoil = ("import pandas as pd, numpy as np, random, builtins, sys, os, warnings\npd.mine = 1; pd.DataFrame.mean = lambda self: 100; pd.options.display.max_rows = 3\n"
             "np.seterr(all='raise'); builtins.sum = len; os.environ['MINE'] = '1'; warnings.simplefilter('error'); random.seed(1); np.random.seed(1)")
    look = ("import pandas as pd, numpy as np, random, os, warnings\nprint(hasattr(pd, 'mine'), pd.DataFrame({'a': [1, 3]}).mean().tolist(), pd.options.display.max_rows, np.geterr()['divide'],"
            " sum([2, 3]), 'MINE' in os.environ)\nwarnings.warn('not an error')")
    warm(parent, book(spoil), tmp_path)
    nb = warm(parent, book(look), tmp_path)
    assert said(nb).splitlines()[0] == "False [2.0] 60 warn 5 False"
    assert "not an error" in said(nb)


def test_chance_is_every_kernels_own(parent, tmp_path):
    draw = ("import random, numpy as np, uuid, tempfile, secrets\nimport json\nprint(json.dumps([random.random(), np.random.rand(), float(np.random.default_rng().random()),"
            " str(uuid.uuid4()), secrets.token_hex(), next(tempfile._get_candidate_names()), random.Random().random()]))")
    one, two = (told(warm(parent, book(draw), tmp_path)) for _ in range(2))
    assert all(a != b for a, b in zip(one, two, strict=True)), (one, two)


def test_a_file_of_the_students_own_stands_for_a_module_as_in_a_cold_kernel(parent, tmp_path):
    (tmp_path / "plotly.py").write_text("import pandas\nprint('mine')\n", encoding="utf-8")
    cells = ["import plotly; plotly.__file__", "import random; random.random() < 1", "import plotly.express", "import pandas as pd; pd.Series([1, 2]).mean()"]
    expected = cold(book(*cells), tmp_path)
    assert shown(warm(parent, book(*cells), tmp_path, how="cold")) == shown(expected)


def test_a_file_that_is_written_later_stands_for_a_module_too(parent, tmp_path):
    cells = ["%%writefile anywidget.py\ndef mean(x): return 'mine'\n", "import anywidget; anywidget.mean([1])", "import sys; sys.path.insert(0, 'lib')",
             "import os; os.mkdir('lib'); open('lib/difflib.py', 'w').write('mine = 1'); import difflib; difflib.mine", "import pandas; pandas.__name__"]
    sides = []
    for side in ("cold", "warm"):
        folder = tmp_path / "work"
        folder.mkdir()
        nb = book(*cells)
        sides.append(shown(cold(nb, folder) if side == "cold" else warm(parent, nb, folder)))
        shutil.rmtree(folder)
    assert sides[1] == sides[0]


def test_settings_that_libraries_read_at_their_import_count(parent, tmp_path, monkeypatch):
    monkeypatch.setenv("PANDAS_COPY_ON_WRITE", "warn")
    monkeypatch.setenv("PLOTLY_RENDERER", "json")
    cells = ["import plotly.io as pio; pio.renderers.default"]
    expected = cold(book(*cells), tmp_path)
    assert shown(warm(parent, book(*cells), tmp_path, how="cold")) == shown(expected)
