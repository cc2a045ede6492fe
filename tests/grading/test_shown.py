"""Tables that a notebook shows whole."""

import pandas as pd

from casebook.grading.shown import Shown

LONG = "word " * 60


def table():
    wide = {f"column {number}": [number, number + 1] for number in range(30)}
    return Shown({"incident": ["a", "b"], "you chose it": [True, False], "what it says": [LONG, "short"], **wide})


def test_every_text_and_every_column_is_there_and_yes_is_a_word():
    shown = " ".join(table()._repr_html_().split())
    assert LONG.strip() in shown and "column 15" in shown and "..." not in shown
    assert shown.count(">yes<") == 1 and "True" not in shown and "False" not in shown


def test_part_of_a_table_is_shown_in_the_same_way():
    for part in (table().head(1), table()[table()["you chose it"]], table()[["what it says"]]):
        assert isinstance(part, Shown) and LONG.strip() in " ".join(part._repr_html_().split())


def test_it_computes_as_any_table_and_keeps_a_named_index():
    assert table()["column 3"].mean() == 3.5
    named = table().groupby("incident")[["column 3"]].max()
    assert ">a<" in named._repr_html_() and isinstance(named, pd.DataFrame)
