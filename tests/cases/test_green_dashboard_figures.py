"""Every figure of "The Green Dashboard", worked out again from its exhibits.

The arithmetic here is its own: it shares no code with the product, so that a wrong formula there
cannot make a wrong figure here look right. Money is in thousands of pounds.
"""

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from .paper import Papers, cell, number, planned, rounded, whole

PAPERS = Papers("green-dashboard")
CASE, EXHIBITS, table, page = PAPERS.folder, PAPERS.exhibits, PAPERS.table, PAPERS.page
HISTORY = {0: 0, 4: 8, 8: 22}      # the plan before the play, which case.yaml does not need


# The facts, each from one place

@pytest.fixture(scope="module")
def status() -> str:
    return page("exhibits/status-14.md")


def planned_percent(project: dict, week: int) -> Fraction:
    """The plan in percent at the end of a week, on a straight line between its points."""
    return planned(HISTORY | project["plan"], week)


def last_week_before_play(project: dict) -> int:
    return project["first_week"] - 1


def packages() -> list[dict[str, str]]:
    return [row for row in table("test-log") if row["package"] != "Total"]


def reported_value() -> int:
    return sum(whole(row, "closed_value") for row in packages())


def passed_value() -> int:
    return sum(whole(row, "passed_value") for row in packages())


def forecast(project: dict, earned: int) -> Fraction:
    """Cost at completion if cost goes on as it went: budget times cost so far per value earned."""
    return Fraction(project["budget"] * project["spent"], earned)


def milestones(contract: str) -> list[tuple[int, int, int]]:
    """Share in percent, amount in thousands and planned week of each milestone."""
    rows = re.findall(r"^\| M\d \|[^|]*\| (\d+) % \| £([\d,]+) \| (\d+) \|$", contract, re.M)
    return [(int(share), int(number(amount)) // 1000, int(week)) for share, amount, week in rows]


# Earned value

def test_planned_value_lies_on_the_straight_lines_of_the_plan(project):
    for row in table("earned-value"):
        expected = project["budget"] * planned_percent(project, int(row["week"])) / 100
        assert whole(row, "pv") == expected, row["week"]


def test_the_table_has_every_second_week_up_to_the_handover(project):
    weeks = [int(row["week"]) for row in table("earned-value")]
    assert weeks == list(range(2, last_week_before_play(project) + 1, 2))


def test_both_indices_follow_from_the_values_beside_them():
    for row in table("earned-value"):
        earned = whole(row, "ev_reported")
        spi, cpi = Fraction(earned, whole(row, "pv")), Fraction(earned, whole(row, "ac"))
        assert Decimal(row["spi_reported"]) == rounded(spi, 2), row["week"]
        assert Decimal(row["cpi_reported"]) == rounded(cpi, 2), row["week"]


def test_every_report_was_green_by_the_rule_of_the_tool():
    for row in table("earned-value"):
        assert min(Fraction(row["spi_reported"]), Fraction(row["cpi_reported"])) >= Fraction(95, 100)
        exact = Fraction(whole(row, "ev_reported"), whole(row, "pv"))
        assert exact >= Fraction(95, 100), row["week"]


def test_values_never_fall_from_one_report_to_the_next():
    for column in ("pv", "ev_reported", "ac"):
        values = [whole(row, column) for row in table("earned-value")]
        assert values == sorted(values)


def test_week_14_is_the_week_in_which_the_play_takes_over(project):
    last = table("earned-value")[-1]
    assert whole(last, "ac") == project["spent"]
    assert whole(last, "pv") == Fraction(project["plan"][14] * project["budget"], 100) == 1584
    assert whole(last, "ev_reported") == reported_value() == 1548
    closed = project["done"] + project["hidden"]
    assert reported_value() == Fraction(closed * project["budget"], 100)


# The test log

def test_work_packages_add_up_to_their_total_row(project):
    total = table("test-log")[-1]
    assert total["package"] == "Total"
    for column in ("budget", "closed_value", "passed_value"):
        assert whole(total, column) == sum(whole(row, column) for row in packages()), column
    assert whole(total, "budget") == project["budget"]


def test_each_value_is_exactly_its_percentage_of_the_budget():
    for row in table("test-log"):
        for percent, value in (("percent_closed", "closed_value"), ("percent_passed", "passed_value")):
            assert whole(row, value) * 100 == whole(row, percent) * whole(row, "budget"), row


def test_nothing_has_passed_that_is_not_closed():
    for row in table("test-log"):
        assert 0 <= whole(row, "percent_passed") <= whole(row, "percent_closed") <= 100


def test_what_passed_is_what_the_play_calls_done(project):
    assert passed_value() == Fraction(project["done"] * project["budget"], 100) == 1224
    assert reported_value() - passed_value() == Fraction(project["hidden"] * project["budget"], 100)


def test_measured_by_tests_the_indices_are_077_and_080(project):
    planned = Fraction(project["plan"][14] * project["budget"], 100)
    assert rounded(passed_value() / planned, 2) == Decimal("0.77")
    assert Fraction(passed_value(), project["spent"]) == Fraction(8, 10)


def test_measured_by_tests_the_work_costs_4500_and_leaves_a_margin_of_300(project):
    assert forecast(project, passed_value()) == 4500
    margin = project["value"] - forecast(project, passed_value())
    assert margin == 300
    assert margin / project["value"] == Fraction(625, 10000)


def test_the_planned_margin_is_a_quarter_of_the_price(project):
    assert project["value"] - project["budget"] == 1200
    assert Fraction(1200, project["value"]) == Fraction(1, 4)


# The status report

def test_the_status_report_repeats_the_last_two_rows_of_the_earned_value_table(status, project):
    before, now = table("earned-value")[-2:]
    for label, column in (("Planned value", "pv"), ("Earned value", "ev_reported"),
                          ("Schedule index", "spi_reported")):
        assert number(cell(status, label, 1)) == Decimal(now[column])
        assert number(cell(status, label, 2)) == Decimal(before[column])
    for column, row in ((1, now), (2, before)):
        share = 100 * Fraction(whole(row, "ev_reported"), project["budget"])
        assert number(cell(status, "Work closed", column)) == rounded(share, 1)
        plan = planned_percent(project, int(row["week"]))
        assert number(cell(status, "Planned progress", column)) == rounded(plan, 1)


def test_the_forecast_in_the_status_report_is_the_budget_over_the_reported_index(status, project):
    cost = forecast(project, reported_value())
    margin = project["value"] - cost
    assert number(cell(status, "Budget at completion")) == project["budget"]
    assert number(cell(status, "Actual cost")) == project["spent"]
    assert number(cell(status, "Cost index")) == Decimal(table("earned-value")[-1]["cpi_reported"])
    assert number(cell(status, "Estimate at completion")) == rounded(cost, 0) == 3558
    assert number(cell(status, "Forecast margin on the price")) == rounded(margin, 0)
    share = 100 * margin / project["value"]
    assert number(re.findall(r"\| Forecast margin \| ([\d.]+) %", status)[0]) == rounded(share, 1)


def test_test_scripts_written_make_the_share_that_is_printed(status):
    written, planned, share = re.search(r"written: (\d+) of (\d+) \((\d+) %\)", status).groups()
    assert rounded(Fraction(100 * int(written), int(planned)), 0) == Decimal(share)


def test_the_status_report_forecasts_the_milestones_in_their_contract_weeks(status, contract):
    weeks = [int(cell(status, f"M{n} ", 1)) for n in range(1, 6)]
    assert weeks == [week for _, _, week in milestones(contract)][:5]


# The contract

def test_milestone_payments_add_up_to_the_price(contract, project):
    rows = milestones(contract)
    assert len(rows) == 6
    assert sum(share for share, _, _ in rows) == 100
    assert sum(amount for _, amount, _ in rows) == project["value"]
    for share, amount, _ in rows:
        assert amount * 100 == share * project["value"]


def test_the_price_in_the_contract_is_the_value_of_the_project(contract, project):
    price = re.search(r"price is fixed at £([\d,]+)", contract).group(1)
    assert number(price) == 1000 * project["value"]


def test_milestones_of_the_play_fall_in_the_weeks_of_the_contract(case, contract):
    promised = {f"M{n}": week for n, (_, _, week) in enumerate(milestones(contract), start=1)}
    played = {phase["milestone"]["title"]: phase["milestone"]
              for phase in case["phases"] if "milestone" in phase}
    for title, milestone in played.items():
        assert milestone["percent"] == case["project"]["plan"][milestone["week"]], title
        if title[:2] in promised:
            assert milestone["week"] == promised[title[:2]], title
    assert case["project"]["go_live"] == promised["M5"]


def test_what_is_paid_so_far_is_less_than_what_is_spent_so_far(contract, status, project):
    paid = sum(amount for _, amount, _ in milestones(contract)[:2])
    assert paid == 1440 == number(cell(status, "Paid by the client"))
    assert paid < project["spent"]


def test_delay_damages_reach_their_cap_after_sixteen_weeks(contract, project):
    weekly = number(re.search(r"delay damages of £([\d,]+) for each full week", contract).group(1))
    share, cap = re.search(r"capped at (\d+) % of the price, £([\d,]+)", contract).groups()
    assert number(cap) == 1000 * project["value"] * int(share) / Decimal(100) == 240_000
    assert number(cap) / weekly == 16


def test_a_week_of_delay_costs_corvantis_more_in_salaries_than_in_damages(contract, project):
    weekly = number(re.search(r"delay damages of £([\d,]+) for each full week", contract).group(1))
    assert weekly < 1000 * project["weekly_cost"]


def test_warranty_ends_when_the_last_milestone_is_due(contract):
    assert "warranty period is twelve weeks from go-live" in contract
    assert milestones(contract)[5][2] == milestones(contract)[4][2] + 12


# The budget

def test_budget_lines_add_up_to_their_total(project):
    *lines, total = table("budget")
    for column in ("planned", "spent_to_week_14", "remaining"):
        assert whole(total, column) == sum(whole(line, column) for line in lines), column
    assert whole(total, "planned") == project["budget"]
    assert whole(total, "spent_to_week_14") == project["spent"]


def test_what_remains_of_each_budget_line_is_planned_less_spent():
    for line in table("budget"):
        assert (whole(line, "remaining")
                == whole(line, "planned") - whole(line, "spent_to_week_14")), line["category"]


def test_budgets_for_people_follow_from_their_numbers_weeks_and_rate(project):
    """A line says either "5 people for 34 weeks" or "2 people to week 4 and 5 people from week 5"."""
    at_the_end = 0
    for line in table("budget"):
        steady = re.match(r"(\d+) (?:person|people) for (\d+) weeks at ([\d.]+)", line["basis"])
        growing = re.match(r"(\d+) people to week (\d+) and (\d+) people from week (\d+) at ([\d.]+)",
                           line["basis"])
        if steady:
            people, weeks, rate = steady.groups()
            person_weeks, people = int(people) * int(weeks), int(people)
        elif growing:
            few, until, people, since, rate = growing.groups()
            assert int(since) == int(until) + 1
            people = int(people)
            person_weeks = int(few) * int(until) + people * (project["go_live"] - int(until))
        else:
            continue
        assert Decimal(rate) * person_weeks == whole(line, "planned"), line["category"]
        at_the_end += people
    assert at_the_end * 4 == project["weekly_cost"] == 104


def test_the_team_in_the_org_chart_is_the_team_in_the_budget(project):
    team, developers, testers = re.search(
        r"team of (\d+) reports to Alex: one project manager, a development lead with (\d+) "
        r"developers, a test lead with (\d+) testers, and five analysts",
        page("exhibits/org-chart.md")).groups()
    assert 1 + (1 + int(developers)) + (1 + int(testers)) + 5 == int(team) == 26
    bases = {line["category"]: line["basis"] for line in table("budget")}
    assert f"{1 + int(developers)} people from week 5" in bases["Development"]
    assert f"{1 + int(testers)} people from week 5" in bases["Testing"]
    assert 4 * int(team) == project["weekly_cost"]


def test_two_testers_lent_for_six_weeks_explain_the_lines_for_testing_and_development():
    lines = {line["category"]: line for line in table("budget")}
    lent = 2 * 6 * 4
    testing = 4 * (2 * 4 + 5 * 10)
    development = 4 * (8 * 4 + 15 * 10)
    assert whole(lines["Testing"], "spent_to_week_14") == testing - lent
    assert whole(lines["Development"], "spent_to_week_14") == development + lent


def test_money_left_for_people_is_exactly_the_team_until_week_34_and_not_a_week_more(project):
    people = ("Project management", "Analysis and data migration", "Development", "Testing")
    left = sum(whole(line, "remaining") for line in table("budget") if line["category"] in people)
    weeks = project["go_live"] - last_week_before_play(project)
    assert weeks == 20
    assert left == weeks * project["weekly_cost"] == 2080


def test_even_if_all_goes_to_plan_the_project_ends_ten_over_its_budget(project):
    weeks = project["go_live"] - last_week_before_play(project)
    at_the_end = project["spent"] + weeks * project["weekly_cost"]
    assert at_the_end == 3610
    assert at_the_end - project["budget"] == 10
    other = ("Licences and tools", "Test and training environments", "Contingency")
    assert sum(whole(line, "remaining") for line in table("budget") if line["category"] in other) == -10


def test_the_contingency_in_the_status_report_is_the_one_in_the_budget(status):
    line = next(row for row in table("budget") if row["category"] == "Contingency")
    assert cell(status, "Contingency left") == f"{line['remaining']} of {line['planned']}"


# The e-mails and the minutes

def test_the_closed_column_in_tomas_s_mail_is_the_reported_value(project):
    mail = page("exhibits/emails.md")
    rows = re.findall(r"^\| (\d+) \| ([\d.]+) % \| ([\d.]+) % \|$", mail, re.M)
    reported = {row["week"]: whole(row, "ev_reported") for row in table("earned-value")}
    assert [week for week, _, _ in rows] == ["8", "10", "12", "14"]
    for week, closed, passed in rows:
        assert Fraction(closed) * project["budget"] / 100 == reported[week]
        assert Fraction(passed) < Fraction(closed)
    assert (int(rows[-1][1]), int(rows[-1][2])) == (project["done"] + project["hidden"], project["done"])


def test_the_gap_between_closed_and_passed_grows_from_report_to_report():
    rows = re.findall(r"^\| \d+ \| ([\d.]+) % \| ([\d.]+) % \|$", page("exhibits/emails.md"), re.M)
    gaps = [Fraction(closed) - Fraction(passed) for closed, passed in rows]
    assert gaps == sorted(set(gaps))


def test_at_the_pace_of_the_last_six_weeks_tested_work_ends_after_week_34(project):
    rows = re.findall(r"^\| (\d+) \| [\d.]+ % \| ([\d.]+) % \|$", page("exhibits/emails.md"), re.M)
    (first, low), (last, high) = rows[0], rows[-1]
    pace = (Fraction(high) - Fraction(low)) / (int(last) - int(first))
    assert pace == Fraction(5, 2)
    assert int(last) + (100 - Fraction(high)) / pace == Fraction(202, 5)    # week 40.4
    assert int(last) + (69 - Fraction(high)) / pace == 28                   # planned for week 21


def test_the_sample_is_25_scripts_of_which_23_failed_in_every_document(reading):
    mail = page("exhibits/emails.md")
    for text in (mail, reading):
        assert re.search(r"\b180\b", text) and re.search(r"\b25\b", text)
        assert re.search(r"\b23 failed\b", text)
    assert "Two passed and 23 failed" in reading


def test_the_minutes_quote_the_report_of_week_10(project):
    row = next(row for row in table("earned-value") if row["week"] == "10")
    closed, planned, index = re.search(
        r"Work closed ([\d.]+) %, planned ([\d.]+) %, schedule index ([\d.]+)",
        page("exhibits/minutes-12.md")).groups()
    assert Decimal(closed) == 100 * whole(row, "ev_reported") / Decimal(project["budget"])
    assert Decimal(planned) == rounded(planned_percent(project, 10), 1)
    assert index == row["spi_reported"]


# The reading

def test_the_reading_gives_the_figures_of_the_exhibits(reading, project, contract):
    paid = sum(amount for _, amount, _ in milestones(contract)[:2])
    thousands = [project["value"], project["budget"], project["value"] - project["budget"],
                 project["spent"], project["weekly_cost"], paid, reported_value(), passed_value(),
                 reported_value() - passed_value(), 1584, 15, 480, 450, 3 * 450, 180]
    for figure in thousands:
        assert f"£{1000 * figure:,}" in reading, figure


def test_every_sum_of_money_in_the_reading_can_be_found_or_worked_out(reading, project):
    cost = int(rounded(forecast(project, reported_value()), 0))
    known = {project["value"], project["budget"], project["value"] - project["budget"],
             project["spent"], project["weekly_cost"], reported_value(), passed_value(),
             reported_value() - passed_value(), cost, 1584, 1440, 480, 4, 14, 15, 10, 180, 450, 1350}
    for sum_ in re.findall(r"£([\d,]+\d)(?! million|\.\d)", reading):
        thousand = number(sum_) / 1000
        assert thousand in known, f"£{sum_}"
    assert re.findall(r"£([\d.]+) million", reading) == ["2.9"]


def test_percentages_in_the_reading_belong_to_the_case(reading, project):
    margin = 1 - forecast(project, reported_value()) / project["value"]
    known = {Decimal(project["done"]), Decimal(project["done"] + project["hidden"]),
             Decimal(project["plan"][14]), Decimal(project["plan"][21]), Decimal(5), Decimal("25.0"),
             rounded(100 * margin, 1)}
    assert {Decimal(p) for p in re.findall(r"([\d.]+) %", reading)} == known


def test_the_reading_has_the_length_of_a_case():
    words = len((CASE / "reading.md").read_text(encoding="utf-8").split())
    assert 2400 <= words <= 3200


def test_the_reading_refers_to_every_exhibit_by_its_number(reading, case):
    titles = [exhibit["title"] for exhibit in case["exhibits"]]
    cited = set(re.findall(r"Exhibit (\d)", reading))
    assert cited == {re.match(r"Exhibit (\d):", title).group(1) for title in titles}


def test_every_exhibit_of_the_case_is_a_file_and_every_file_is_an_exhibit(case):
    listed = {exhibit["file"] for exhibit in case["exhibits"]}
    # A translation stands beside its original, as emails.de.md beside emails.md.
    originals = [path for path in EXHIBITS.iterdir() if "." not in path.stem]
    assert listed == {f"exhibits/{path.name}" for path in originals}


def test_the_reading_keeps_what_people_never_say_to_itself(reading):
    pages = [reading, *(page(f"exhibits/{path.name}") for path in EXHIBITS.glob("*.md"))]
    for text in pages:
        for secret in ("lost control", "own test figures", "asked to leave", "lower penalty", "merger"):
            assert secret not in text


# The teaching note

def test_the_teaching_note_gives_both_pairs_of_indices_and_both_forecasts(teaching_note, project):
    planned = Fraction(project["plan"][14] * project["budget"], 100)
    for earned in (reported_value(), passed_value()):
        for value in (earned / planned, Fraction(earned, project["spent"])):
            assert str(rounded(value, 2)) in teaching_note
        assert f"{rounded(forecast(project, earned), 0):,}" in teaching_note
    assert "6.25" in teaching_note
    assert f"{passed_value():,}" in teaching_note and f"{reported_value():,}" in teaching_note
