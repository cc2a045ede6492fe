"""Every claim can hold, can fail, and is not measured where it cannot be."""

import json

import numpy as np
import pandas as pd
import pytest

from casebook import model, study
from casebook.cli import main
from casebook.figures import facts_picture
from casebook.study.facts import by_fact, check_facts, references, shortfalls, summary
from casebook.study.measures import MEASURES

from .made import population

UNSEEN = {"F03", "F07", "F11", "F14", "F16", "F19", "F22", "F27"}
CLAIMS = {claim["id"]: claim for fact in model.findings().values() for claim in fact["claims"]}


@pytest.fixture(scope="module")
def made():
    return population()


@pytest.fixture(scope="module")
def checked(made):
    return check_facts(made)


def swapped(*names):
    """The columns under each other's names."""
    there = dict(zip(names, reversed(names), strict=True))
    return lambda t: t.rename(columns=there)


def flipped(*names):
    """The columns the other way round."""
    return lambda t: t.assign(**{name: -t[name].astype(float) for name in names})


def answered(answer, kind, gain):
    """Trust after one answer to one kind of failure is trust before it, and a gain."""
    def change(t):
        mine = (t["answer"] == answer) & (True if kind is None else t["failure_kind"] == kind)
        after = t["trust_before_answer"] + gain(t) + 0.1 * np.sin(np.arange(len(t)))
        return t.assign(trust_after_answer=np.where(mine, after, t["trust_after_answer"]))
    return change


def costing(change):
    return lambda t: t.assign(cost_overrun=change(t["cost_overrun"]))


#: For each claim, what makes it untrue.
BREAKERS = {
    "F02.citizenship": flipped("renewed"),
    "F02.reliability": flipped("loyalty"),
    "F03.affect": flipped("affective_trust"),
    "F03.cognition": flipped("cognitive_trust"),
    "F04.ability": flipped("ability"),
    "F04.benevolence": flipped("benevolence"),
    "F04.integrity": flipped("integrity"),
    "F04.propensity": flipped("propensity"),
    "F04.first": swapped("ability", "benevolence"),
    "F04.second": swapped("benevolence", "integrity"),
    "F04.third": swapped("integrity", "propensity"),
    "F05.propensity": flipped("propensity"),
    "F07.unmet": flipped("disconfirmation"),
    "F08.interactional": flipped("fairness_interactional"),
    "F08.procedural": flipped("fairness_procedural"),
    "F08.distributive": flipped("fairness_distributive"),
    "F08.first": swapped("fairness_interactional", "fairness_procedural"),
    "F08.second": swapped("fairness_procedural", "fairness_distributive"),
    "F09.satisfaction": flipped("satisfaction"),
    "F09.commitment": flipped("commitment"),
    "F09.leaving": flipped("loyalty"),
    "F09.performance": flipped("cooperation"),
    "F09.first": swapped("satisfaction", "cooperation"),
    "F09.second": swapped("commitment", "cooperation"),
    "F09.third": swapped("loyalty", "cooperation"),
    "F10.overlap": flipped("cognitive_trust"),
    "F11.conflict": flipped("conflict"),
    "F11.expertise": flipped("skill"),
    "F11.communication": flipped("communication"),
    "F11.first": swapped("conflict", "skill"),
    "F11.second": swapped("conflict", "communication"),
    "F11.third": swapped("skill", "contact_time"),
    "F11.fourth": swapped("communication", "contact_time"),
    "F13.commitment": flipped("commitment"),
    "F13.opportunism": flipped("opportunism"),
    "F14.sales": flipped("converted"),
    "F16.quality": flipped("opportunities"),
    "F16.expertise": flipped("skill"),
    "F16.similarity": flipped("similarity"),
    "F18.equity": flipped("equity"),
    "F18.disconfirmation": flipped("disconfirmation"),
    "F18.performance": flipped("performance"),
    "F18.expectation": flipped("expectation"),
    "F18.first": swapped("equity", "performance"),
    "F18.second": swapped("disconfirmation", "performance"),
    "F18.third": swapped("performance", "expectation"),
    "F19.slopes": flipped("performance", "satisfaction"),
    "F20.steps": swapped("fall", "rise"),
    "F22.first": swapped("fairness_distributive", "fairness_interactional"),
    "F22.second": swapped("fairness_interactional", "fairness_procedural"),
    "F23.apology": answered("apologise", None, lambda t: -0.2),
    "F23.size": answered("apologise", None, lambda t: 0.1),
    "F23.kinds": answered("apologise", "integrity", lambda t: 0.7),
    "F25.competence": answered("compensate", "competence", lambda t: -0.2),
    "F25.integrity": answered("compensate", "integrity", lambda t: 0.3),
    "F25.paying": answered("compensate", "competence", lambda t: 0.4),
    "F25.overpaying": answered("compensate", "competence", lambda t: 0.4 * t["compensation"]),
    "F25.overpaid": answered("compensate", "integrity", lambda t: 0.4 * t["compensation"]),
    "F26.peak-end": flipped("remembered"),
    "F26.duration": lambda t: t.assign(weeks=t["remembered"] * 10),
    "F26.neglect": lambda t: t.assign(weeks=t["remembered"] * 10),
    "F27.recent": flipped("loyalty"),
    "F27.recency": swapped("recent", "earlier"),
    "F27.best": flipped("loyalty"),
    "F28.mean": costing(lambda cost: cost + 0.4),
    "F28.share": costing(lambda cost: cost / 4),
    "F28.cost": costing(lambda cost: cost * 1.5),
    "F28.schedule": flipped("schedule_overrun"),
}


def test_every_claim_has_something_that_breaks_it():
    assert set(BREAKERS) == set(CLAIMS)


def test_all_facts_hold_in_a_population_built_so(checked):
    assert list(checked.loc[checked["verdict"] != "holds", "claim"]) == []
    assert shortfalls(checked) == []


@pytest.mark.parametrize("claim", BREAKERS)
def test_a_claim_fails_where_it_is_not_true(claim, made):
    fact = claim.partition(".")[0]
    table = check_facts(BREAKERS[claim](made), {fact: model.findings()[fact]})
    row = table.set_index("claim").loc[claim]
    assert row["verdict"] == "fails"
    assert row["low"] <= row["simulated"] <= row["high"]


def test_no_claim_is_measured_without_its_columns(made):
    table = check_facts(made[["engagement"]])
    assert set(table["verdict"]) == {"not measured"}
    assert table["reason"].str.contains("the table has no column").all()
    assert table["simulated"].isna().all()
    assert summary(table)["unseen"] == {"facts": 8, "holds": 0, "fails": 0, "not measured": 8}


def test_no_claim_is_measured_on_columns_that_never_vary(made):
    still = made.assign(**{name: 0.5 for name in made.select_dtypes("number")
                           if name not in ("engagement", "influence", "failures")},
                        follow_on=False, renewed=True)
    assert set(check_facts(still)["verdict"]) == {"not measured"}


@pytest.mark.parametrize("none", [
    lambda t: t.iloc[:0], lambda t: t.iloc[:20], lambda t: t.drop(columns="engagement")],
    ids=["no rows", "few engagements", "no engagements"])
def test_no_claim_is_measured_on_too_little(made, none):
    assert set(check_facts(none(made))["verdict"]) == {"not measured"}


def test_a_claim_without_qualifying_rows_is_not_measured(made):
    quiet = made.assign(failures=0, failure_kind="", answer="", rise=np.nan,
                        cost_overrun=made["cost_overrun"] / 10)
    table = check_facts(quiet).set_index("claim")
    missing = table[table["verdict"] == "not measured"]
    assert set(missing["reason"].index) == {
        "F20.steps", "F22.first", "F22.second", *(c for c in CLAIMS if c[:3] in ("F23", "F25")),
        "F28.cost", "F28.schedule"}
    assert "rise is empty" in missing.loc["F20.steps", "reason"]
    assert "no failure of this kind" in missing.loc["F23.apology", "reason"]


def test_columns_may_be_counts_flags_and_categories(made, checked):
    other = made.assign(
        renewed=made["renewed"].astype(int), failures=made["failures"].astype("int8"),
        answer=made["answer"].astype("category"))
    pd.testing.assert_frame_equal(check_facts(other), checked)


def test_the_order_of_rows_and_the_names_of_engagements_do_not_matter(made, checked):
    mixed = made.sample(frac=1, random_state=3).assign(
        engagement=lambda t: "e" + t["engagement"].astype(str))
    numbers = ["simulated", "low", "high"]
    np.testing.assert_allclose(check_facts(mixed)[numbers], checked[numbers], atol=1e-9)


def test_correlations_are_those_of_pandas(made, checked):
    found = checked.set_index("claim")["simulated"]
    r = made.corr(numeric_only=True)
    failed = made[made["failure_kind"] != ""].corr(numeric_only=True)["satisfaction"]
    assert found["F04.ability"] == pytest.approx(r.loc["trust", "ability"])
    assert found["F09.leaving"] == pytest.approx(-r.loc["trust", "loyalty"])
    assert found["F09.third"] == pytest.approx(
        abs(r.loc["trust", "loyalty"]) - r.loc["trust", "cooperation"])
    assert found["F22.first"] == pytest.approx(
        failed["fairness_distributive"] - failed["fairness_interactional"])
    short = (-made["disconfirmation"]).clip(lower=0)
    assert found["F07.unmet"] == pytest.approx(made["trust"].corr(short))
    assert found["F26.peak-end"] == pytest.approx(
        made["remembered"].corr((made["peak"] + made["end"]) / 2))


def test_accounts_are_weighted_by_influence(made, checked):
    found = checked.set_index("claim")["simulated"]
    groups = made.groupby("engagement")
    trust = groups.apply(lambda g: np.average(g["trust"], weights=g["influence"]),
                         include_groups=False)
    sales = groups["converted"].first() + groups["follow_on"].first()
    assert found["F14.sales"] == pytest.approx(trust.corr(sales))
    swans = groups["cost_overrun"].first() > 1
    assert found["F28.share"] == pytest.approx(swans.mean())
    assert found["F28.schedule"] == pytest.approx(groups["schedule_overrun"].first()[swans].mean())


def test_effects_are_those_the_population_was_built_with(checked):
    """An apology adds 0.6 or 0.28, compensation 0.8 up to the loss, to trust of spread 1."""
    found = checked.set_index("claim")["simulated"]
    assert found["F23.size"] == pytest.approx(0.44, abs=0.12)
    assert found["F23.kinds"] == pytest.approx(0.32, abs=0.2)
    assert found["F25.paying"] == pytest.approx(0.8 / np.sqrt(2), abs=0.12)
    assert found["F25.overpaying"] == pytest.approx(0, abs=0.06)
    assert found["F20.steps"] == pytest.approx(0.02, abs=0.002)


def verdict(published, r, kind="band", **more):
    """The verdict on a correlation that is ``r`` exactly, with an interval of about ± 0.06."""
    x, y = np.random.default_rng(5).normal(size=(2, 1000))
    x, y = np.linalg.qr(np.column_stack([np.ones(1000), x, y]))[0].T[1:]
    table = pd.DataFrame({"engagement": np.arange(1000), "x": x,
                          "y": r * x + np.sqrt(1 - r**2) * y})
    claim = {"id": "T.1", "kind": kind, "measure": "correlated", "of": ["x", "y"],
             "published": published, "says": "A test.", **more}
    fact = {"calibrate": True, "seen": "yes", "claims": [claim]}
    return check_facts(table, {"T": fact})["verdict"].iloc[0]


@pytest.mark.parametrize(("published", "r", "expected"), [
    (0.40, 0.54, "holds"), (0.40, 0.56, "fails"), (0.40, 0.26, "holds"), (0.40, 0.24, "fails"),
    ([0.4, 0.5], 0.64, "holds"), ([0.4, 0.5], 0.66, "fails"), ([0.4, 0.5], 0.24, "fails"),
    (-0.40, -0.5, "holds"), (-0.40, 0.4, "fails")])
def test_a_band_holds_within_its_tolerance(published, r, expected):
    assert verdict(published, r, tolerance=0.15) == expected


@pytest.mark.parametrize(("published", "r", "expected"), [
    ("+", 0.10, "holds"), ("+", 0.04, "fails"), ("+", -0.3, "fails"),
    ("-", -0.10, "holds"), ("-", -0.04, "fails"), ("-", 0.3, "fails"),
    ("not +", 0.09, "holds"), ("not +", 0.11, "fails"), ("not +", -0.5, "holds")])
def test_a_sign_holds_when_the_interval_is_on_its_side(published, r, expected):
    assert verdict(published, r, "sign", tolerance=0.10) == expected


@pytest.mark.parametrize(("published", "greater", "expected"), [
    (">", 0.3, "holds"), (">", 0.02, "fails"), (">", -0.3, "fails"),
    (">=", 0.3, "holds"), (">=", -0.02, "holds"), (">=", -0.3, "fails")])
def test_an_order_holds_by_the_interval_of_the_difference(published, greater, expected):
    # y has correlation ``greater`` with a, and none with b, exactly.
    x = np.random.default_rng(6).normal(size=(3, 2000))
    z = np.linalg.qr(np.column_stack([np.ones(2000), *x]))[0].T[1:]
    table = pd.DataFrame({"engagement": np.arange(2000), "y": z[0], "b": z[1],
                          "a": greater * z[0] + np.sqrt(1 - greater**2) * z[2]})
    claim = {"id": "T.1", "kind": "order", "measure": "correlated", "greater": ["y", "a"],
             "less": ["y", "b"], "published": published, "says": "A test."}
    fact = {"calibrate": True, "seen": "yes", "claims": [claim]}
    assert check_facts(table, {"T": fact})["verdict"].iloc[0] == expected


def test_the_split_is_fixed_and_every_fact_has_claims():
    facts = model.findings()
    assert {id for id, fact in facts.items() if not fact["calibrate"]} == UNSEEN
    assert len(facts) == 21
    for id, fact in facts.items():
        assert {"statement", "citation", "seen", "field", "references"} <= set(fact)
        assert fact["claims"] and set(fact["references"]) <= set(references()), id


@pytest.mark.parametrize("id", CLAIMS)
def test_a_claim_is_written_in_full(id):
    claim = CLAIMS[id]
    assert claim["measure"] in MEASURES and claim["says"].endswith(".")
    assert claim["kind"] in ("sign", "order", "band")
    assert ("greater" in claim and "less" in claim) == (claim["kind"] == "order")
    assert ("tolerance" in claim) == (claim["kind"] == "band" or claim["published"] == "not +")
    signs = {"sign": ("+", "-", "not +"), "order": (">", ">=")}
    assert claim["kind"] == "band" or claim["published"] in signs[claim["kind"]]


def test_references_say_what_was_checked():
    for id, reference in references().items():
        assert reference["checked"] in ("read", "recall") and "details" in reference, id
    for fact in model.findings().values():
        if fact["seen"] == "recall":
            assert all(references()[id]["checked"] == "recall" for id in fact["references"])


def test_a_fact_holds_when_all_its_claims_do(made):
    table = by_fact(check_facts(flipped("ability")(made))).set_index("fact")
    assert table.loc["F04", "verdict"] == "fails" and table.loc["F05", "verdict"] == "holds"
    gone = by_fact(check_facts(made.drop(columns="ability"))).set_index("fact")
    assert gone.loc["F04", "verdict"] == "not measured"


def test_one_band_fact_in_ten_may_fall_short_and_no_order(made):
    """There are twelve facts with bands, so one may fall short and two may not."""
    assert shortfalls(check_facts(flipped("opportunism")(made))) == []
    two = flipped("opportunism", "schedule_overrun")(made)
    assert shortfalls(check_facts(two)) == [
        "2 of 12 band facts fall short, more than one in ten: F13, F28"]
    turned = shortfalls(check_facts(swapped("fall", "rise")(made)))
    assert turned == ["F20.steps (order) fails"]
    assert shortfalls(check_facts(made.drop(columns="fall"))) == [
        "F20.steps (order) is not measured"]


def playing(monkeypatch, table):
    asked = []
    monkeypatch.setattr(study, "population", lambda n, seed, progress=None: asked.append((n, seed)) or table,
                        raising=False)
    return asked


def test_the_command_prints_every_claim_and_counts_both_sets(made, monkeypatch, capsys):
    asked = playing(monkeypatch, made)
    assert main(["facts", "--n", "50", "--seed", "3"]) == 0
    out = capsys.readouterr().out
    assert asked == [(50, 3)]
    assert all(f" {id} " in out for id in CLAIMS)
    assert "Calibrated on: 13 of 13 facts hold" in out and "Unseen: 8 of 8 facts hold" in out


@pytest.mark.parametrize(("flag", "breaker", "code"), [
    ("--unseen", "F14.sales", 1), ("--calibrated", "F14.sales", 0),
    ("--unseen", "F20.steps", 0), ("--calibrated", "F20.steps", 1)])
def test_the_command_judges_the_set_asked_for(flag, breaker, code, made, monkeypatch, capsys):
    playing(monkeypatch, BREAKERS[breaker](made))
    assert main(["facts", flag]) == code
    out = capsys.readouterr().out
    assert ("Unseen:" in out) == (flag == "--unseen")
    assert ("Calibrated on:" in out) == (flag == "--calibrated")


def test_the_command_as_json(made, monkeypatch, capsys):
    playing(monkeypatch, made.drop(columns="fall"))
    assert main(["facts", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["passes"] is False and told["shortfalls"] == ["F20.steps (order) is not measured"]
    assert told["summary"]["unseen"]["holds"] == 8
    claims = {claim["claim"]: claim for claim in told["claims"]}
    assert claims["F20.steps"]["simulated"] is None
    assert claims["F20.steps"]["reason"] == "the table has no column fall"
    assert claims["F04.ability"]["published_low"] == 0.67


def test_nobody_can_ask_for_no_engagements(capsys):
    with pytest.raises(SystemExit):
        main(["facts", "--n", "0"])


def test_the_picture_shows_every_size_and_tells_the_sets_apart(checked):
    picture = facts_picture(checked)
    bands = [id for id, claim in CLAIMS.items() if claim["kind"] == "band"]
    published, calibrated, unseen = picture.figure.data
    assert [label.removesuffix(" (unseen)") for label in published.y] == bands
    assert set(unseen.y) == {"F07.unmet (unseen)", "F14.sales (unseen)"}
    assert len(calibrated.y) + len(unseen.y) == len(bands)
    assert calibrated.marker.symbol != unseen.marker.symbol
    overlap = list(published.y).index("F10.overlap")
    assert published.x[overlap] == pytest.approx(0.70)
    assert published.error_x.array[overlap] == pytest.approx(0.12)


def test_the_picture_says_in_words_what_lies_outside(made):
    picture = facts_picture(check_facts(
        flipped("opportunism")(made).drop(columns="disconfirmation")))
    assert "Of 2 sizes unseen, 1 lie within" in picture.text
    assert "Outside it: F13.opportunism (0." in picture.text
    assert "Not measured: F07.unmet (unseen), F18.disconfirmation." in picture.text
    assert len(picture.table) == 28


def test_a_picture_of_nothing_says_so(checked):
    assert facts_picture(checked[checked["kind"] == "sign"]).figure is None
