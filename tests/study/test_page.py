"""docs/model.md is what its data and docstrings make it, and its figures are those of the model."""

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from casebook import model
from casebook.study import population
from casebook.study.columns import columns
from casebook.study.facts import missed
from docs.page import equations, markdown, measure, page, sections, sources
from docs.page.calibrated import NONE_YET, calibration

STEPS = [sources.PACKAGE / "model" / f"{step}.py" for step in sections.STEPS]


@pytest.fixture(scope="module")
def found():
    return sources.read()


@pytest.fixture(scope="module")
def people():
    return population(measure.ENGAGEMENTS, measure.SEED)


def test_the_page_is_what_the_generator_makes_of_the_data(found):
    assert page.TARGET.read_text(encoding="utf-8") == page.make(found), "run: make model-page"


def test_verdicts_measured_afresh_are_those_of_the_page(found, people):
    fresh = sources.check_facts(people).set_index("claim")["verdict"]
    assert dict(fresh) == dict(found.claims.set_index("claim")["verdict"]), "run: make model-measure"


def test_figures_are_of_the_numbers_that_are_in_force(found):
    assert found.measured["of"] == measure.digest(), "run: make model-measure"
    with pytest.raises(sources.Incomplete, match="make model-measure"):
        sources.current({"of": "other"})


# ---- equations ---------------------------------------------------------------------------------

def test_every_parameter_stands_in_an_equation_and_nothing_else_does():
    named = set().union(*(equations.mentioned(" ".join(equations.equations(step)))
                          for step in STEPS))
    assert named == set(model.parameters().about)


def test_every_step_with_equations_is_on_the_page():
    having = {path for path in (sources.PACKAGE / "model").glob("*.py") if equations.equations(path)}
    assert having == set(STEPS)


@pytest.mark.parametrize(("plain", "shown"), [
    ("r' = a.b * r", "<b><var>r</var>′</b> = "
     '<a href="#p-a-b"><code>a.b</code></a> × <var>r</var>'),
    ("y = (1 - x) ^ 2 - a.b . x", '<b>y</b> = (1 − x)<sup>2</sup> − '
     '<a href="#p-a-b"><code>a.b</code></a> · x'),
    ("live where done >= 1; the case's own", "live where done ≥ 1<br>the case’s own"),
    ("each week: firm_trust' = 1", "each week: <b><var>firm trust</var>′</b> = 1"),
])
def test_an_equation_is_set_with_mathematical_signs(plain, shown, tmp_path):
    module = tmp_path / "step.py"
    module.write_text(f'"""A step.\n\nEquations\n---------\n{plain}\n"""\n')
    assert f"<p>{shown}</p>" in equations.typeset(module, {"a.b"})


def test_an_indented_line_goes_on_with_its_equation(tmp_path):
    module = tmp_path / "step.py"
    module.write_text('"""A step.\n\nEquations\n---------\ny = 1\n    + 2\nz = 3\n"""\n')
    assert equations.equations(module) == ["y = 1 + 2", "z = 3"]


# ---- facts -------------------------------------------------------------------------------------

def test_a_fact_that_falls_short_without_a_word_stops_the_page(found):
    claims = found.claims.copy()
    claims.loc[claims["claim"] == "F10.overlap", "verdict"] = "fails"
    facts = {**found.facts, "F10": {**found.facts["F10"], "falls_short": " "}}
    with pytest.raises(sources.Incomplete, match="F10 fall short and nothing says why"):
        sources.explained(dataclasses.replace(found, claims=claims, facts=facts))


def test_a_fact_that_holds_and_is_explained_away_stops_the_page_too(found):
    facts = {**found.facts, "F10": {**found.facts["F10"], "falls_short": "It used to."}}
    with pytest.raises(sources.Incomplete, match="F10 hold, and falls_short"):
        sources.explained(dataclasses.replace(found, facts=facts))


def test_every_fact_that_falls_short_is_explained_on_the_page(found):
    text = sections.falls_short(found)
    for id in sources.falling_short(found.claims):
        assert found.facts[id]["falls_short"].strip() in text


def test_figures_of_other_claims_are_refused(found):
    measured = found.claims[list(sources.MEASURED)]
    with pytest.raises(sources.Incomplete, match="other claims"):
        sources.claims(measured.iloc[1:])


def row(**values):
    return pd.Series({"kind": "band", "verdict": "fails", "simulated": 0.4, "tolerance": 0.1,
                      "published": "0.65", "reason": "", **values})


@pytest.mark.parametrize(("values", "said"), [
    ({}, "0.40, published 0.65"),
    ({"simulated": -0.59, "published": "-0.40"}, "−0.59, published −0.40"),
    ({"kind": "order", "published": ">", "simulated": 0.016},
     "a difference of 0.016, which should be clearly above 0"),
    ({"kind": "sign", "published": "not +"}, "an effect of 0.40, which should be no larger than 0.10"),
    ({"verdict": "not measured", "reason": "there is no column"},
     "not measured, because there is no column"),
])
def test_how_a_claim_misses_is_said_in_words(values, said):
    assert missed(row(**values)) == said


def test_every_work_that_a_parameter_cites_is_in_the_references(found):
    for about in model.parameters().about.values():
        markdown.cited(about.get("cite", ""), found.references)
    with pytest.raises(LookupError, match=r"Nobody \(1999\)"):
        markdown.cited("Nobody (1999), the form", found.references)


def test_works_are_found_without_their_accents(found):
    assert 'href="#josang-ismail-2002"' in markdown.cited("Josang & Ismail (2002)", found.references)


# ---- calibration -------------------------------------------------------------------------------

CALIBRATED = {
    "n": 3072, "seed": 7, "before": 120.5, "after": 30.25,
    "numbers": [
        {"name": "evidence.signal", "place": [], "start": 0.5, "value": 0.61, "low": 0.3,
         "high": 1.2, "effect": 3.2, "spread": 0.08, "known": "well"},
        {"name": "evidence.negativity", "place": [2], "start": 2.0, "value": 1.9, "low": 1.0,
         "high": 3.0, "effect": 0.9, "spread": 0.7, "known": "hardly"},
        {"name": "evidence.negativity", "place": [0], "start": 1.35, "value": 1.35, "low": 1.0,
         "high": 3.0, "effect": 0.01, "spread": None, "known": "does not matter"},
    ],
    "tied": [["evidence.signal", "evidence.negativity[2]", -0.93]],
}


def test_without_a_calibration_the_page_says_so(found):
    text = page.make(dataclasses.replace(found, calibration=None))
    assert NONE_YET in text and "started at" not in text


def test_a_calibration_is_told_with_what_it_does_not_know(found):
    text = calibration(CALIBRATED)
    assert "3072 engagements with seed 7" in text and "120.5 before and 30.2 after" in text
    assert "| hardly | they leave it more" in text
    assert "`evidence.negativity[2]`</a> | 2 | 1.9 | 1 to 3 | 0.90 | 70% | hardly |" in text
    assert "1 pair of numbers apart" in text and "(r −0.93)" in text
    whole = page.make(dataclasses.replace(found, calibration=CALIBRATED))
    assert "started at 2, 1.35; hardly known, does not matter" in whole


def test_nothing_tied_is_said_too():
    assert "No two numbers are so tied" in calibration({**CALIBRATED, "tied": []})


# ---- the population's columns ------------------------------------------------------------------

def test_the_columns_written_down_are_those_of_the_table(people):
    assert list(people.columns) == list(columns())


@pytest.mark.parametrize("name", columns())
def test_a_column_keeps_its_unit_and_range(name, people):
    about, values = columns()[name], people[name]
    assert about["meaning"] and about["unit"]
    if about["unit"] == "text":
        assert values.map(lambda word: isinstance(word, str)).all() and "range" not in about
        return
    least, most = about["range"]
    known = values.dropna().astype(float)
    assert len(known) == len(values) or "empty where" in about["meaning"]
    assert len(known) and known.abs().max() < float("inf")
    assert (least is None or known.min() >= least) and (most is None or known.max() <= most)


def test_shares_add_up_to_one(people):
    shares = people[[name for name in people if name.startswith("attention_")]]
    assert shares.shape[1] == 6 and (shares.sum(axis=1) - 1).abs().max() < 1e-9
    assert (people.groupby("engagement")["influence"].sum() - 1).abs().max() < 1e-9


def test_the_population_is_documented_nowhere_else():
    assert "columns.yaml" in population.__doc__
    assert not (Path(__file__).parents[2] / "docs" / "population.md").exists()
