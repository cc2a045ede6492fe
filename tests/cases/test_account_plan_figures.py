"""Every figure of "The Account Plan", worked out again from its exhibits.

The arithmetic here is its own: it shares no code with the product, so that a wrong formula there
cannot make a wrong figure here look right. Money is in thousands of Swedish kronor.
"""

import csv
import re
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
import yaml

from .paper import Papers, number, rounded

PAPERS = Papers("account-plan")
CASE, page = PAPERS.folder, PAPERS.page
PARTS = ("grid", "heat", "shared")
RATE = 28                                   # what a person costs in a week
TEAMS = {"grid": (14, 1), "heat": (8, 9), "shared": (6, 17)}     # people, first week
OTHER = {                                   # planned and spent beside people: licences, the rest
    "grid": ((856, 600), (856, 324)), "heat": ((2200, 648), (2000, 72)),
    "shared": ((1200, 576), (300, 0))}
EXTRA = {"grid": 2 * 5 * RATE, "heat": 0, "shared": 0}           # two more testers for five weeks
ROWS = {"grid": "Grid: Meter Hub", "heat": "Heat: forecast", "shared": "Shared: invoice robot"}
NIGHTS = 20


# Reading the exhibits

def table(name: str) -> list[dict[str, str]]:
    with open(CASE / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cells(text: str, row: str) -> list[str]:
    """The cells of a Markdown table in the row that begins with ``row``."""
    for line in text.splitlines():
        parts = [part.strip() for part in line.strip().strip("|").split("|")]
        if line.lstrip().startswith("|") and parts[0].startswith(row):
            return parts
    raise AssertionError(f"no row {row!r}")


def said(text: str) -> str:
    """A text of case.yaml on one line."""
    return " ".join(text.split())


# The facts, each from one place

@pytest.fixture(scope="module")
def account() -> dict:
    return yaml.safe_load((CASE / "account.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cases() -> dict[str, dict]:
    return {part: yaml.safe_load((CASE / "engagements" / part / "case.yaml").read_text(
        encoding="utf-8")) for part in PARTS}


@pytest.fixture(scope="module")
def values() -> dict[str, dict[str, Decimal]]:
    """Exhibit 5, by engagement."""
    rows = {row["engagement"]: row for row in table("exhibits/earned-value")}
    return {part: {key: Decimal(value) for key, value in rows[name].items() if key != "engagement"}
            for part, name in (*ROWS.items(), ("sum", "Sum"))}


def incident(case: dict, id: str) -> dict:
    return next(one for one in case["incidents"] if one["id"] == id)


def response(case: dict, incident_id: str, id: str) -> dict:
    return next(one for one in incident(case, incident_id)["responses"] if one["id"] == id)


# Earned value of the three engagements

def test_values_at_week_20_follow_from_each_project(cases, values):
    for part, case in cases.items():
        project, row = case["project"], values[part]
        assert project["first_week"] - 1 == 20
        assert (row["value"], row["budget"]) == (project["value"], project["budget"])
        assert row["pv"] * 100 == project["plan"][20] * project["budget"]
        assert row["ev_reported"] * 100 == (project["done"] + project["hidden"]) * project["budget"]
        assert row["ev_tested"] * 100 == project["done"] * project["budget"]
        assert row["ac"] == project["spent"]


def test_indices_and_forecasts_follow_from_the_values_beside_them(values):
    for part in (*PARTS, "sum"):
        row = {key: Fraction(value) for key, value in values[part].items()}
        assert values[part]["spi_reported"] == rounded(row["ev_reported"] / row["pv"], 2)
        assert values[part]["cpi_reported"] == rounded(row["ev_reported"] / row["ac"], 2)
    for part in PARTS:
        row = {key: Fraction(value) for key, value in values[part].items()}
        for basis in ("reported", "tested"):
            forecast = row["budget"] * row["ac"] / row[f"ev_{basis}"]
            assert values[part][f"eac_{basis}"] == rounded(forecast, 0), (part, basis)


def test_the_last_row_is_the_sum_of_the_three(values):
    for column in ("value", "budget", "pv", "ev_reported", "ev_tested", "ac", "eac_reported",
                   "eac_tested"):
        assert values["sum"][column] == sum(values[part][column] for part in PARTS), column


def test_by_closed_work_a_margin_is_left_and_by_tested_work_there_is_none(values):
    everything = values["sum"]
    assert everything["value"] - everything["budget"] == 7200
    assert everything["value"] - everything["eac_reported"] == 3401
    assert everything["value"] - everything["eac_tested"] == -907


def test_the_forecast_of_the_sum_is_lower_than_the_sum_of_the_forecasts(values):
    row = {key: Fraction(value) for key, value in values["sum"].items()}
    whole = row["budget"] * row["ac"] / row["ev_reported"]
    assert rounded(whole / 1000, 1) == Decimal("29.7")
    assert whole < row["eac_reported"]


# Budgets and spending

def test_budgets_are_people_for_their_weeks_and_what_is_beside_them(cases):
    for part, (people, first) in TEAMS.items():
        project = cases[part]["project"]
        weeks = project["go_live"] - first + 1
        planned, _ = OTHER[part]
        assert project["weekly_cost"] == people * RATE
        assert project["budget"] == people * RATE * weeks + sum(planned), part


def test_what_is_spent_is_people_since_the_start_and_what_was_bought(cases):
    for part, (people, first) in TEAMS.items():
        _, spent = OTHER[part]
        weeks = 20 - first + 1
        assert cases[part]["project"]["spent"] == (
            people * RATE * weeks + EXTRA[part] + sum(spent)), part


def test_margins_of_the_account_plan(cases):
    text = page("exhibits/account-plan.md")
    rows = {"grid": "Meter Hub", "heat": "Heat forecast", "shared": "Invoice robot"}
    total = 0
    for part, name in rows.items():
        project, row = cases[part]["project"], cells(text, name)
        margin = project["value"] - project["budget"]
        share = rounded(Fraction(100 * margin, project["value"]), 1)
        assert number(row[2]) == project["value"]
        assert row[3] == f"{margin:,} ({share} %)"
        assert (int(row[4]), int(row[5])) == (TEAMS[part][1], project["go_live"])
        assert int(row[6]) == TEAMS[part][0]
        total += margin
    last = cells(text, "all")
    assert number(last[2]) == sum(case["project"]["value"] for case in cases.values()) == 34000
    assert last[3] == f"{total:,} ({rounded(Fraction(100 * total, 34000), 1)} %)"
    assert int(last[6]) == sum(people for people, _ in TEAMS.values()) == 28


def test_progress_in_the_account_plan_is_that_of_the_projects(cases):
    text = page("exhibits/account-plan.md")
    for part, name in (("grid", "Grid"), ("heat", "Heat"), ("shared", "Shared")):
        project = cases[part]["project"]
        line = re.search(rf"\*\*{name}\.\*\*.*?[Pp]lanned (\d+) %, closed (\d+) %", text)
        assert (int(line.group(1)), int(line.group(2))) == (
            project["plan"][20], project["done"] + project["hidden"])


# The week

def hours() -> dict[str, Fraction]:
    out = dict.fromkeys(PARTS, Fraction(0))
    for row in table("exhibits/calendar"):
        out[row["engagement"]] += Fraction(row["hours"])
    return out


def test_the_calendar_holds_48_hours_of_a_week_of_40(account, reading):
    assert hours() == {"grid": 18, "heat": 16, "shared": 14}
    assert sum(hours().values()) == 48
    for words in ("Eighteen for Granholm Grid", "Sixteen for Granholm Heat",
                  "Fourteen for Granholm Shared Services", "made 48, in a week of forty"):
        assert words in reading


def test_each_engagement_has_in_the_calendar_the_share_for_which_it_was_planned(account):
    for entry in account["engagements"]:
        assert hours()[entry["id"]] == Fraction(entry["need"] * 40, 100)
    assert sum(entry["need"] for entry in account["engagements"]) == 120


def test_every_morning_is_booked_twice_and_seven_hours_in_all():
    spans = []
    for row in table("exhibits/calendar"):
        start = int(row["start"][:2])
        spans.append((row["day"], start, start + int(row["hours"])))
    double = [(one[0], min(one[2], other[2]) - max(one[1], other[1]))
              for one, other in combinations(spans, 2)
              if one[0] == other[0] and max(one[1], other[1]) < min(one[2], other[2])]
    mornings = {day for day, *_ in double}
    assert len(mornings) == 5                   # "every morning"
    assert sum(length for _, length in double) == 7
    assert ("Wednesday", 2) in double           # what Elin sees in the calendar: Wednesday at ten


def test_a_proportional_week_gives_each_a_sixth_less_than_its_need(account, teaching_note):
    shares = [Fraction(100 * entry["need"], 120) for entry in account["engagements"]]
    assert all(share == Fraction(5, 6) * entry["need"]
               for share, entry in zip(shares, account["engagements"], strict=True))
    printed = [rounded(share, 1) for share in shares]
    assert printed == [Decimal("37.5"), Decimal("33.3"), Decimal("29.2")]
    assert "37.5, 33.3 and 29.2 %" in teaching_note


# The framework agreement

def test_support_adds_up_to_24_million(reading):
    text = page("exhibits/framework.md")
    rows = [cells(text, f"Granholm {name}") for name in ("Grid", "Heat", "Shared Services")]
    year, three = cells(text, "Group")[1:]
    assert sum(number(row[1]) for row in rows) == number(year) == 8_000_000
    assert sum(number(row[2]) for row in rows) == number(three) == 24_000_000
    assert all(number(row[2]) == 3 * number(row[1]) for row in rows)
    assert "SEK 8 million a year, 24 million in all" in reading


def test_the_parts_of_the_vote_are_the_weights_of_the_engagements(account, reading):
    assert [entry["weight"] for entry in account["engagements"]] == [4, 3, 3]
    text = page("exhibits/framework.md")
    assert "Granholm Grid with four parts, Granholm Heat with three, Granholm Shared" in text
    assert "four parts of ten. Heat and Shared had three each" in reading


def test_three_people_in_each_steering_group(cases):
    chart = page("exhibits/org-chart.md")
    for case in cases.values():
        assert len(case["contacts"]) == 3
        for contact in case["contacts"]:
            short = {"Per-Olof \"Peo\" Sandell": "Peo Sandell"}.get(contact["name"], contact["name"])
            assert f"| {short} |" in chart


# The group

def test_employees_add_up_to_1500(account, cases):
    chart = page("exhibits/org-chart.md")
    rows = [int(cells(chart, name)[1]) for name in (
        "Granholm Grid", "Granholm Heat", "Granholm Shared Services", "head office")]
    assert sum(rows) == number(cells(chart, "group")[1]) == 1500
    assert "1,500 employees" in said(account["client"]["about"])
    for part, people in zip(PARTS, rows, strict=False):
        assert f"{people} employees" in said(cases[part]["client"]["about"])


def test_nineteen_of_fifty_six_are_from_the_two_control_rooms(cases):
    rooms = re.search(r"Heat's has (\d+) operators and Grid's has (\d+)", page(
        "exhibits/org-chart.md")).groups()
    assert sum(map(int, rooms)) == 56
    scene = said(incident(cases["heat"], "what-mirja-knows")["scene"])
    assert "Nineteen people, of fifty-six" in scene


# Phases, plans, milestones

def test_phases_are_the_same_in_the_account_and_in_every_engagement(account, cases):
    frame = [(phase["id"], phase["weeks"]) for phase in account["phases"]]
    assert frame[0][1][0] == 21 and frame[-1][1][1] == 36
    for case in cases.values():
        assert [(phase["id"], phase["weeks"]) for phase in case["phases"]] == frame
        assert (case["project"]["first_week"], case["project"]["last_week"]) == (21, 36)


def test_milestones_lie_on_the_plan_and_briefs_say_so(cases):
    for case in cases.values():
        for phase in case["phases"]:
            if "milestone" not in phase:
                continue
            stone = phase["milestone"]
            assert stone["percent"] == case["project"]["plan"][stone["week"]]
            assert phase["weeks"][0] <= stone["week"] <= phase["weeks"][1]
            if stone["percent"] < 100:
                assert f"{stone['percent']} %" in said(phase["brief"]), phase["id"]
            else:
                assert stone["week"] == case["project"]["go_live"]


# Grid

def packages() -> list[dict[str, str]]:
    return table("engagements/grid/exhibits/tests")


def test_work_packages_add_up_and_each_value_is_its_share():
    *rows, total = packages()
    for column in ("budget", "closed_value", "passed_value"):
        assert sum(int(row[column]) for row in rows) == int(total[column]), column
    for row in (*rows, total):
        for percent, value in (("percent_closed", "closed_value"), ("percent_passed", "passed_value")):
            assert int(row[percent]) * int(row["budget"]) == 100 * int(row[value]), row["package"]
        assert int(row["passed_value"]) <= int(row["closed_value"])


def test_the_test_list_is_what_the_play_begins_with(cases):
    total, project = packages()[-1], cases["grid"]["project"]
    assert int(total["budget"]) == project["budget"]
    assert int(total["percent_closed"]) == project["done"] + project["hidden"] == 57
    assert int(total["percent_passed"]) == project["done"] == 50


def test_the_status_report_of_grid(values):
    text, row = page("engagements/grid/exhibits/status-20.md"), values["grid"]
    assert number(cells(text, "Planned value")[1]) == row["pv"]
    assert number(cells(text, "Earned value")[1]) == row["ev_reported"]
    assert number(cells(text, "Schedule index")[1]) == row["spi_reported"]
    margin = row["value"] - row["eac_reported"]
    share = rounded(100 * Fraction(margin) / Fraction(row["value"]), 1)
    assert f"margin on the price of 18,000: {margin:,} ({share} %)" in text
    assert f"estimate at completion {row['eac_reported']:,}" in text
    spent = re.search(r"all licences \((\d+)\), and (\d+) for environments", text).groups()
    assert 20 * 14 * RATE + 2 * 5 * RATE + sum(map(int, spent)) == row["ac"]


def test_households_and_industry_are_all_the_meters(cases):
    contract = page("engagements/grid/exhibits/contract.md")
    total, homes, industry = (number(n) for n in re.search(
        r"covers ([\d,]+) meters, of which ([\d,]+) are in households and ([\d,]+) in", contract).groups())
    assert homes + industry == total == 214_000
    say = said(response(cases["grid"], "plus-or-minus", "core-first")["say"])
    assert f"{homes:,} household meters" in say and f"{industry:,} meters of industry" in say
    assert rounded(Fraction(100 * homes / total), 0) == 92


def test_damages_reach_their_cap_after_nine_weeks(cases):
    contract = page("engagements/grid/exhibits/contract.md")
    weekly = number(re.search(r"pays ([\d,]+), at most 5 % of the price", contract).group(1))
    assert Decimal(cases["grid"]["project"]["value"] * 1000) * 5 / 100 / weekly == 9
    hired = response(cases["grid"], "two-chairs", "contractors")
    assert hired["effects"]["cost"] == 280 and "SEK 280,000" in said(hired["say"])
    assert 3 * weekly > 280_000                 # "less than three weeks of damages"


def test_crosses_beside_the_hub(cases):
    scene = said(incident(cases["grid"], "old-scripts")["scene"])
    crosses, right, wrong = (int(n) for n in re.search(
        r"There are (\d+)\. In (\d+) of them the hub was right\. In (\d+) it was not", scene).groups())
    assert right + wrong == crosses


def test_the_divided_file_leaves_eighty_minutes_earlier(cases):
    assert (2 * 60 + 10) - 50 == 80
    lines = response(cases["grid"], "night-file", "two-evenings")["reaction"]["astrid"]["warm"]
    assert any("eighty minutes earlier" in line for line in lines)


# Heat

def test_the_saving_of_six_weeks_is_540():
    *weeks, total = table("engagements/heat/exhibits/savings")
    assert [int(row["week"]) for row in weeks] == list(range(15, 21))
    for row in (*weeks, total):
        assert int(row["fuel_last_year"]) - int(row["fuel_this_year"]) == int(row["saved"])
    for column in ("fuel_last_year", "fuel_this_year", "saved"):
        assert sum(int(row[column]) for row in weeks) == int(total[column])
    assert int(total["saved"]) == 540


def test_saga_s_note_from_540_to_9000_and_5850(cases):
    note = page("engagements/heat/exhibits/note.md")
    week = Fraction(540, 6)
    season = week * 30
    everything = season / Fraction(30, 100)
    careful = season + (everything - season) / 2
    for label, value in (("measured", 540), ("a week", week), ("a season", season),
                         ("if all heat", everything), ("if districts", careful)):
        assert number(cells(note, label)[1]) == value, label
    assert (540 - 120, 540 + 120) == (420, 660)
    assert "between 420,000 and 660,000" in note
    assert 30 + 35 + 35 == 100 and note.count("35 %") + note.count("(35 %)") >= 2
    assert rounded(careful / 1000, 1) == Decimal("5.9")
    say = said(response(cases["heat"], "good-news", "one-page-david")["say"])
    assert "likely 5.9 million" in say


def test_nine_million_stands_three_above_the_careful_figure_and_six_above_it_by_a_little(cases):
    scene = said(incident(cases["heat"], "nine-million")["scene"])
    assert "SEK 90,000 a week" in scene and "about 5.9 million" in scene
    assert rounded(Fraction(9000 - 5850, 1000), 0) == 3
    assert 6000 - 5900 == 100                   # "a hundred thousand below my budget"


def test_the_napkin_multiplies_by_five_and_divides_by_thirty_percent(cases):
    scene = said(incident(cases["heat"], "good-news")["scene"])
    assert "multiplies by five" in scene and "divides by 0.3" in scene
    assert 540 * 5 / Fraction(3, 10) == 9000


def test_old_districts_switched_off_cost_some_weeks_of_their_saving():
    whole_week = Fraction(540, 6) / Fraction(30, 100)
    districts_3_and_4 = whole_week * Fraction(35, 100) / 2
    assert 2 < 140 / districts_3_and_4 < 3      # weeks until the thaw


# Shared

def test_the_business_case_of_the_robot(cases, reading):
    order = page("engagements/shared/exhibits/order.md")
    calls = number(cells(order, "calls about invoices")[1])
    taken = number(cells(order, "calls taken")[1])
    assert taken == calls * 40 / 100 == 38_400
    assert number(cells(order, "saving")[1]) == taken * 95 == 3_648_000
    hours_saved = number(cells(order, "hours")[1])
    assert hours_saved == taken * 11 / 60 == 7_040
    assert number(cells(order, "posts")[1]) == hours_saved / 1_408 == 5
    assert "3.6 million" in said(incident(cases["shared"], "her-figure")["scene"]) or (
        "Three point six million" in said(incident(cases["shared"], "her-figure")["scene"]))
    assert "SEK 3.6 million a year" in reading


def test_the_licence_and_its_discount(cases):
    order = page("engagements/shared/exhibits/order.md")
    whole, first, second = (number(n) for n in re.search(
        r"licence of ([\d,]+) .*?first part of ([\d,]+), .*?second part of ([\d,]+) ", order).groups())
    assert first + second == whole == 1_200_000
    scene = said(incident(cases["shared"], "licence-friday")["scene"])
    percent, saved, of = re.search(r"takes (\d+) % off .*? SEK ([\d,]+) of ([\d,]+),", scene).groups()
    assert number(of) == second and number(saved) == second * int(percent) / 100


def test_both_samples_add_up_to_all_calls(cases):
    *rows, total = table("engagements/shared/exhibits/sample")
    assert sum(int(row["calls"]) for row in rows) == int(total["calls"]) == 100
    assert all(int(row["calls"]) == int(row["percent"]) for row in rows)
    scene = said(incident(cases["shared"], "the-sample")["scene"])
    small = [int(n) for n in re.search(r"small heaps, (\d+) and (\d+)", scene).groups()]
    large = int(re.search(r"\"This is (\d+)\.", scene).group(1))
    assert large + sum(small) == 400
    assert Fraction(100 * large, 400) == 62
    wall = said(response(cases["shared"], "five-posts", "honest-number")["say"])
    assert f"{sum(small)} that a robot can answer" in wall
    posts = Fraction(96_000 * 11, 60 * 1_408)
    assert posts * Fraction(sum(small), 2 * 400) < Fraction(5 + 2, 2)      # nearer to two than to five
    assert rounded(Fraction(100 * sum(small), 2 * 400), 0) == 19           # "one in five at first"


def test_the_night(cases, teaching_note):
    night = page("engagements/shared/exhibits/night.md")
    begins, values_arrive, ends, bank = 60, 130, 170, 300
    for time in ("01:00", "02:10", "02:50", "05:00"):
        assert f"| {time} |" in night
    assert values_arrive - begins == 70
    length = ends - begins
    assert length == 110                        # one hour and fifty minutes
    assert bank - (180 + length) == 10
    scene = said(incident(cases["shared"], "between-one-and-two")["scene"])
    assert "one hour and fifty minutes" in scene and "04:50" in scene
    assert 10_700 * NIGHTS == 214_000
    assert Fraction(8, 100) * 10_700 == 856 and 856 * NIGHTS == 17_120
    for figure in ("856", "17,120"):
        assert figure in teaching_note
    avoidable = Fraction(62, 100) * 96_000 * 95
    assert rounded(avoidable / 1_000_000, 1) == Decimal("5.7")
    assert "about 5.7 million a year" in teaching_note


def test_what_karin_can_claim_lies_within_the_business_case():
    at_first = Fraction(19, 100) * 96_000 * 95
    assert 700_000 < at_first < 2_100_000 < 3_648_000


# The readings

def test_the_reading_has_the_length_of_a_case():
    assert 2000 <= len((CASE / "reading.md").read_text(encoding="utf-8").split()) <= 3000
    for part in PARTS:
        words = len((CASE / "engagements" / part / "reading.md").read_text(encoding="utf-8").split())
        assert 350 <= words <= 600, part


def test_percentages_in_the_reading_belong_to_the_case(reading, cases, account):
    known = {40, *(entry["need"] for entry in account["engagements"])}
    for case in cases.values():
        project = case["project"]
        known |= {project["plan"][20], project["done"] + project["hidden"], project["done"]}
    assert {int(n) for n in re.findall(r"(\d+) %", reading)} <= known


def test_sums_in_millions_in_the_reading_can_be_worked_out(reading, values):
    row = values["sum"]
    exact = [row["value"], row["budget"], row["value"] - row["budget"], row["eac_reported"],
             row["value"] - row["eac_reported"], row["eac_tested"], values["grid"]["eac_tested"],
             *(values[part]["value"] for part in PARTS)]
    known = {rounded(Fraction(one) / 1000, 1) for one in exact} | {
        Decimal(n) for n in ("8", "24", "14", "6", "3.6")}
    for figure in re.findall(r"(?:SEK )?(\d+(?:\.\d)?) million", reading):
        assert Decimal(figure) in known, figure
    assert re.findall(r"SEK ([\d,]+\d)(?! million|\.\d)", reading).count("540,000") == 1


def test_sums_in_the_engagements_readings(values):
    grid = page("engagements/grid/reading.md")
    for figure in (18_000, 9_300, values["grid"]["eac_reported"], values["grid"]["eac_tested"]):
        assert f"{int(figure) * 1000:,}" in grid
    heat = page("engagements/heat/reading.md")
    assert "SEK 540,000" in heat and "SEK 10,000,000" in heat and "SEK 6,000,000" in heat
    shared = page("engagements/shared/reading.md")
    for figure in ("38,400", "3,648,000", "6,000,000", "300,000", "900,000", "96,000"):
        assert figure in shared


def test_the_reading_refers_to_every_exhibit_that_a_student_needs_for_it(reading, account):
    titles = {re.match(r"Exhibit (\d):", one["title"]).group(1) for one in account["exhibits"]}
    assert set(re.findall(r"Exhibit (\d)", reading)) == titles


def test_every_exhibit_is_a_file_and_every_file_is_an_exhibit(account, cases):
    for folder, listed in ((CASE, account["exhibits"]), *(
            (CASE / "engagements" / part, case["exhibits"]) for part, case in cases.items())):
        assert {one["file"] for one in listed} == {
            f"exhibits/{path.name}" for path in (folder / "exhibits").iterdir()}


def test_the_readings_keep_what_people_never_say_to_themselves():
    pages = [path for path in CASE.rglob("*.md") if path.name != "teaching-note.md"]
    for path in pages:
        text = path.read_text(encoding="utf-8")
        for secret in ("without reading the test plan", "15 % less", "offer from another energy",
                       "renew a loan", "wept", "lose its managing director"):
            assert secret not in text, path


# The teaching note

def test_the_teaching_note_s_table_is_exhibit_5_with_margins(teaching_note, values):
    labels = {"price": "value", "budget": "budget", "planned value": "pv",
              "earned value, closed": "ev_reported", "earned value, tested": "ev_tested",
              "actual cost": "ac", "EAC = BAC": "eac_reported", "EAC, tested": "eac_tested"}
    for label, column in labels.items():
        printed = [number(cell) for cell in cells(teaching_note, label)[1:]]
        assert printed == [values[part][column] for part in (*PARTS, "sum")], label
    for label, column in (("margin, closed", "eac_reported"), ("margin, tested", "eac_tested")):
        printed = [number(cell) for cell in cells(teaching_note, label)[1:]]
        assert printed == [values[p]["value"] - values[p][column] for p in (*PARTS, "sum")], label


def test_shared_without_its_licence_is_within_its_cost(teaching_note, values):
    row = values["shared"]
    assert rounded(Fraction(row["ev_reported"]) / Fraction(row["ac"] - 300), 2) == Decimal("1.07")
    assert "720 ÷ 672 = 1.07" in teaching_note
