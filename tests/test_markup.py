"""Tables and names of figures, as a screen reader needs them."""

import re

import pandas as pd

from casebook.figures import LOOKS, Picture, frame
from casebook.markup import picture_html, rows_html, table_html

PAGES = ("#ffffff", "#111111")          # JupyterLab's, light and dark


def a_table():
    made = pd.DataFrame({"trust": [0.5, 0.25], "weeks": [3, 12], "kept": [True, False],
                         "said": ["<b>", None], "seen": [1.0, float("nan")]}, index=["Ruth", "Co&lm"])
    made.index.name = "name"
    return made


def test_every_head_has_a_name_and_a_scope():
    html = table_html(a_table(), "Who & what")
    assert re.findall(r'<th scope="col"[^>]*>([^<]*)', html) == [
        "name", "trust", "weeks", "kept", "said", "seen"]
    assert re.findall(r'<th scope="row"[^>]*>([^<]*)', html) == ["Ruth", "Co&amp;lm"]
    assert "<caption>Who &amp; what</caption>" in html
    assert 'tabindex="0" role="group" aria-label="Who &amp; what"' in html


def test_cells_are_written_for_people_and_escaped():
    cells = re.findall(r"<td[^>]*>(.*?)</td>", table_html(a_table(), "x"))
    assert cells == ["0.50", "3", "yes", "&lt;b&gt;", "1", "0.25", "12", "no", "–", "–"]


def test_a_long_text_is_not_cut():
    made = pd.DataFrame({"statement": ["long " * 40]})
    assert "long " * 40 in table_html(made, "x")
    assert '<th scope="col" style="text-align: left; vertical-align: top">row</th>' in table_html(
        made, "x")


def test_a_caption_cannot_end_its_attribute():
    assert 'aria-label="a &quot; b"' in rows_html(("one",), [("1",)], 'a " b')
    assert 'data-name="a &quot; b"' in picture_html('a " b')


def test_a_picture_is_named_by_its_title_also_where_that_is_broken_into_lines():
    figure = frame("How trust moves after a broken word", "week", "trust")
    assert "<br>" in figure.layout.title.text
    picture = Picture(figure, "It falls.", a_table())
    assert picture.name.startswith("Figure: How trust moves after a broken word.")
    assert "<caption>How trust moves after a broken word</caption>" in picture.data_html()
    assert Picture(None, "Nothing.", pd.DataFrame()).data_html() == ""


def test_nothing_in_a_figure_needs_a_mouse():
    layout = frame("Trust", "week", "trust").layout
    assert layout.dragmode is False and layout.legend.itemclick is False
    assert layout.xaxis.fixedrange and layout.yaxis.fixedrange


def light(colour):
    parts = [int(colour[k:k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4
                        for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_stands_out_from_a_light_and_a_dark_page():
    for colour, *_ in LOOKS:
        for page in PAGES:
            low, high = sorted((light(colour), light(page)))
            assert (high + 0.05) / (low + 0.05) >= 3, (colour, page)
