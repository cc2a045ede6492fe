"""Every figure of "Two Rooms", worked out again from its exhibits.

The arithmetic here is its own: it shares no code with the product, so that a wrong formula there
cannot make a wrong figure here look right. Money is in thousands of euros.
"""

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from .paper import Papers, cell, number, planned, rounded, whole

PAPERS = Papers("two-rooms")
CASE, EXHIBITS, table, page = PAPERS.folder, PAPERS.exhibits, PAPERS.table, PAPERS.page
HISTORY = {0: 0, 4: Fraction(15, 2), 8: Fraction(45, 2)}   # the plan before the play


# The facts, each from one place

@pytest.fixture(scope="module")
def status() -> str:
    return page("exhibits/status-12.md")


@pytest.fixture(scope="module")
def minutes() -> str:
    return page("exhibits/minutes-11.md")


@pytest.fixture(scope="module")
def org_chart() -> str:
    return page("exhibits/org-chart.md")


def planned_percent(project: dict, week: int) -> Fraction:
    """The plan in percent at the end of a week, on a straight line between its points."""
    return planned(HISTORY | project["plan"], week)


def earned(project: dict) -> tuple[Fraction, Fraction]:
    """Value of what is built, and of what has passed from ward to ward."""
    built = project["done"] + project["hidden"]
    return (Fraction(built * project["budget"], 100),
            Fraction(project["done"] * project["budget"], 100))


def forecast(project: dict, value: Fraction) -> Fraction:
    """Cost at completion if cost goes on as it went: budget times cost so far per value earned."""
    return project["budget"] * project["spent"] / value


def milestones(contract: str) -> list[tuple[int, int, int]]:
    """Share in percent, amount in thousands and planned week of each milestone."""
    rows = re.findall(r"^\| M\d \|[^|]*\| (\d+) % \| €([\d,]+) \| (\d+) \|$", contract, re.M)
    return [(int(share), int(number(amount)) // 1000, int(week)) for share, amount, week in rows]


def incident(case: dict, name: str) -> dict:
    return next(one for one in case["incidents"] if one["id"] == name)


def response(case: dict, name: str, answer: str) -> dict:
    return next(one for one in incident(case, name)["responses"] if one["id"] == answer)


def one_line(text: str) -> str:
    return " ".join(text.split())


# Earned value

def test_planned_value_lies_on_the_straight_lines_of_the_plan(project):
    for row in table("earned-value"):
        expected = project["budget"] * planned_percent(project, int(row["week"])) / 100
        assert whole(row, "pv") == expected, row["week"]


def test_the_table_has_every_second_week_up_to_the_play(project):
    weeks = [int(row["week"]) for row in table("earned-value")]
    assert weeks == list(range(2, project["first_week"], 2))


def test_both_indices_follow_from_the_values_beside_them():
    for row in table("earned-value"):
        value = whole(row, "ev_reported")
        assert Decimal(row["spi_reported"]) == rounded(Fraction(value, whole(row, "pv")), 2)
        assert Decimal(row["cpi_reported"]) == rounded(Fraction(value, whole(row, "ac")), 2)


def test_values_never_fall_from_one_report_to_the_next():
    for column in ("pv", "ev_reported", "ac"):
        values = [whole(row, column) for row in table("earned-value")]
        assert values == sorted(values)


def test_the_last_row_is_where_the_play_begins(project):
    last = table("earned-value")[-1]
    built, passed = earned(project)
    assert whole(last, "ac") == project["spent"] == 1080
    assert whole(last, "pv") == whole(last, "ev_reported") == built == 1152
    assert passed == 1008 and built - passed == 144


def test_the_plan_margin_is_a_fifth_and_the_forecast_margin_a_quarter(project):
    built, passed = earned(project)
    assert Fraction(project["value"] - project["budget"], project["value"]) == Fraction(1, 5)
    assert forecast(project, built) == 2700
    assert Fraction(project["value"] - forecast(project, built)) / project["value"] == Fraction(1, 4)
    assert rounded(forecast(project, passed), 0) == 3086


# The status report

def test_the_status_report_repeats_the_last_two_rows_of_the_table(status, project):
    before, now = table("earned-value")[-2:]
    for label, column in (("Planned value", "pv"), ("Earned value", "ev_reported"),
                          ("Schedule index", "spi_reported")):
        assert number(cell(status, label, 1)) == Decimal(now[column])
        assert number(cell(status, label, 2)) == Decimal(before[column])
    for column, row in ((1, now), (2, before)):
        share = Fraction(100 * whole(row, "ev_reported"), project["budget"])
        assert number(cell(status, "Work done", column)) == rounded(share, 1)
        plan = planned_percent(project, int(row["week"]))
        assert number(cell(status, "Planned progress", column)) == rounded(plan, 1)


def test_the_inner_part_of_the_report_follows_from_cost_and_value(status, project):
    built, _ = earned(project)
    cost = forecast(project, built)
    assert number(cell(status, "Budget at completion")) == project["budget"]
    assert number(cell(status, "Actual cost")) == project["spent"]
    assert number(cell(status, "Cost index")) == rounded(built / project["spent"], 2)
    assert number(cell(status, "Estimate at completion")) == cost
    assert number(cell(status, "Forecast margin on the price")) == project["value"] - cost
    assert re.search(r"\| Forecast margin \| 25\.0 % \|", status)
    assert number(cell(status, "Passed end to end")) == project["done"]


def test_the_report_the_grid_and_the_links_agree(status):
    assert number(cell(status, "Tasks covered")) == covered()
    assert number(cell(status, "Links built, of 64")) == links()["built"]
    assert number(cell(status, "Links built by the hospitals")) == links()["built_in_room_231"]


def test_the_report_forecasts_milestones_in_their_contract_weeks(status, contract):
    weeks = [int(cell(status, f"M{n} ", 1)) for n in range(1, 6)]
    assert weeks == [week for _, _, week in milestones(contract)][:5]


# The links

def links() -> dict[str, int]:
    groups = [row for row in table("links") if row["group"] != "Total"]
    return {column: sum(whole(row, column) for row in groups) for column in groups[0]
            if column != "group"}


def test_groups_of_links_add_up_to_their_total_row():
    total = next(row for row in table("links") if row["group"] == "Total")
    assert {column: int(value) for column, value in total.items() if column != "group"} == links()
    assert links() == {"planned": 64, "built": 26, "passed_end_to_end": 22,
                       "built_in_room_214": 25, "built_in_room_231": 1}


def test_every_link_was_built_in_one_of_the_two_rooms_before_it_passed():
    for row in table("links"):
        assert whole(row, "built") == whole(row, "built_in_room_214") + whole(row, "built_in_room_231")
        assert whole(row, "passed_end_to_end") <= whole(row, "built") <= whole(row, "planned")


def test_incidents_speak_of_the_links_that_are_left(case):
    left = {row["group"]: whole(row, "planned") - whole(row, "built") for row in table("links")}
    assert left["Laboratory"] == 5
    assert "the last five laboratory links" in one_line(incident(case, "quick-hands")["scene"])
    assert left["Imaging"] == 8
    exchange = one_line(response(case, "quick-hands", "easier-links")["say"])
    assert "eight imaging links" in exchange and "the other seven" in exchange
    assert "one of the 26 links" in one_line(case["phases"][0]["brief"])
    lab = next(row for row in table("links") if row["group"] == "Laboratory")
    assert lab["planned"] == "14" and "fourteen links" in one_line(case["phases"][1]["brief"])


def test_claire_counts_what_the_table_counts(emails, project):
    built, passed, share, tested, gap = re.search(
        r"(\d+) links are built and (\d+) have passed end to end\. By budget that is (\d+) % and "
        r"(\d+) %\. The five points between them are (\d+) thousand", emails).groups()
    assert (int(built), int(passed)) == (links()["built"], links()["passed_end_to_end"])
    assert (int(share), int(tested)) == (project["done"] + project["hidden"], project["done"])
    assert int(gap) == earned(project)[0] - earned(project)[1]
    assert project["hidden"] == 5


# The grid

LEVELS = ("not_yet", "seen_it", "with_help", "alone")


def covered() -> int:
    return sum(whole(row, "alone") >= 2 for row in table("grid"))


def test_each_task_of_the_grid_counts_all_six_people():
    assert len(table("grid")) == 12
    for row in table("grid"):
        assert sum(whole(row, level) for level in LEVELS) == 6, row["task"]


def test_a_task_is_covered_when_two_can_do_it_alone():
    for row in table("grid"):
        assert (row["covered"] == "yes") == (whole(row, "alone") >= 2), row["task"]
    assert covered() == 4


def test_ten_new_entries_are_the_least_that_cover_ten_tasks(contract):
    needed = 10
    assert "ten of the twelve tasks are covered" in contract
    lacking = sorted(2 - whole(row, "alone") for row in table("grid") if whole(row, "alone") < 2)
    assert sum(lacking[:needed - covered()]) == 10
    assert lacking[:6] == [1, 1, 2, 2, 2, 2]


def test_two_tasks_rest_on_one_person_and_fifteen_of_72_entries_say_alone(teaching_note):
    assert sum(whole(row, "alone") == 1 for row in table("grid")) == 2
    assert sum(whole(row, "alone") for row in table("grid")) == 15
    assert "15 entries under \"alone\" out of 72" in teaching_note and 12 * 6 == 72


def test_nobody_in_room_231_can_build_update_or_restart_the_platform_alone(reading):
    alone = {row["task"]: whole(row, "alone") for row in table("grid")}
    for task in ("Build a simple link", "Install an update of the platform",
                 "Bring the platform up after a power failure"):
        assert alone[task] == 0
    assert alone["Explain an outage to a ward"] == 5
    assert "all but one of them were better" in reading


# The contract

def test_milestone_payments_add_up_to_the_price(contract, project):
    rows = milestones(contract)
    assert len(rows) == 6 and sum(share for share, _, _ in rows) == 100
    assert sum(amount for _, amount, _ in rows) == project["value"]
    for share, amount, _ in rows:
        assert amount * 100 == share * project["value"]


def test_milestones_of_the_play_fall_in_the_weeks_of_the_contract(case, contract):
    promised = {f"M{n}": week for n, (_, _, week) in enumerate(milestones(contract), start=1)}
    for phase in case["phases"]:
        milestone = phase.get("milestone")
        if milestone:
            assert milestone["percent"] == case["project"]["plan"][milestone["week"]]
            assert promised.get(milestone["title"][:2], milestone["week"]) == milestone["week"]
    assert case["project"]["go_live"] == promised["M5"]


def test_what_is_paid_so_far_is_the_first_two_milestones(contract, status, project):
    paid = sum(amount for _, amount, _ in milestones(contract)[:2])
    assert paid == 1260 == number(cell(status, "Paid by the client"))
    assert paid > project["spent"]


def test_delay_damages_reach_their_cap_after_fifteen_weeks(contract, project):
    weekly = number(re.search(r"delay damages of €([\d,]+) for each full week", contract).group(1))
    share, cap = re.search(r"capped at (\d+) % of the price, €([\d,]+)", contract).groups()
    assert number(cap) == 1000 * project["value"] * int(share) / Decimal(100) == 180_000
    assert number(cap) / weekly == 15


def test_warranty_ends_when_the_last_milestone_is_due(contract):
    assert "warranty period is twelve weeks from go-live" in contract
    assert milestones(contract)[5][2] == milestones(contract)[4][2] + 12


def test_the_take_over_test_cannot_begin_before_its_week(case):
    assert incident(case, "take-over-test")["week"][0] == 29
    assert incident(case, "the-paper")["week"][1] <= 30
    assert incident(case, "saskia-asks")["week"] == [25, 26]      # "in four weeks" from the test


# The budget

def test_budget_lines_add_up_to_their_total(project):
    *lines, total = table("budget")
    for column in ("planned", "spent_to_week_12", "remaining"):
        assert whole(total, column) == sum(whole(line, column) for line in lines), column
    assert whole(total, "planned") == project["budget"]
    assert whole(total, "spent_to_week_12") == project["spent"]


def test_what_remains_of_each_budget_line_is_planned_less_spent():
    for line in table("budget"):
        assert (whole(line, "remaining")
                == whole(line, "planned") - whole(line, "spent_to_week_12")), line["category"]


def people_lines(project: dict):
    """Category, people at first, last week of these, people afterwards, planned, spent."""
    for line in table("budget"):
        steady = re.match(r"(\d+) (?:person|people) for (\d+) weeks at 4\.0", line["basis"])
        growing = re.match(r"(\d+) (?:person|people) to week (\d+) and (\d+) people from week (\d+) at 4\.0",
                           line["basis"])
        if steady:
            assert int(steady[2]) == project["go_live"]
            yield line, int(steady[1]), 4, int(steady[1])
        elif growing:
            assert int(growing[4]) == int(growing[2]) + 1
            yield line, int(growing[1]), int(growing[2]), int(growing[3])


def test_budgets_for_people_follow_from_their_numbers_weeks_and_rate(project):
    team = 0
    for line, few, until, many in people_lines(project):
        for column, weeks in (("planned", project["go_live"]),
                              ("spent_to_week_12", project["first_week"] - 1)):
            assert whole(line, column) == 4 * (few * until + many * (weeks - until)), line
        team += many
    assert team == 20 and 4 * team == project["weekly_cost"]


def test_money_left_for_people_is_21_weeks_of_the_team_and_not_a_week_more(project):
    left = sum(whole(line, "remaining") for line, *_ in people_lines(project))
    weeks = project["go_live"] - (project["first_week"] - 1)
    assert weeks == 21 and left == weeks * project["weekly_cost"] == 1680


def test_training_in_the_budget_is_thirty_days_at_the_price_of_the_contract(contract, status):
    price = number(re.search(r"Further days cost €([\d,]+) each", contract).group(1))
    line = next(row for row in table("budget") if row["category"] == "Training")
    assert 30 * price / 1000 == whole(line, "planned")
    used = number(cell(status, "Training days used"))
    assert used * price / 1000 == whole(line, "spent_to_week_12") == 11


def test_the_contingency_in_the_report_is_the_one_in_the_budget(status):
    line = next(row for row in table("budget") if row["category"] == "Contingency")
    assert cell(status, "Contingency left") == f"{line['remaining']} of {line['planned']}"


# People

def test_the_team_in_the_org_chart_is_the_team_in_the_budget(org_chart):
    team, developers, testers = re.search(
        r"team of (\d+): one project manager, one architect, a development lead with (\d+) "
        r"developers, a test lead with (\d+) testers, and five analysts", org_chart).groups()
    assert 1 + 1 + (1 + int(developers)) + (1 + int(testers)) + 5 == int(team) == 20


def test_beds_of_the_four_hospitals_add_up(org_chart, case, reading):
    beds = [int(number(cell(org_chart, name))) for name in ("Dijk", "Noord", "Zuid", "Haven")]
    assert sum(beds) == number(cell(org_chart, "Total")) == 1480
    assert cell(org_chart, "Dijk") == str(max(beds)) and cell(org_chart, "Haven") == str(min(beds))
    for text in (reading, one_line(case["client"]["about"])):
        assert "1,480 beds" in text and "7,600 staff" in text


def test_room_231_has_six_people_in_the_order_of_their_years(org_chart):
    years = re.search(r"Six people: (.*?)\. One of them", org_chart).group(1)
    numbers = [int(n) for n in re.findall(r"\((?:head, )?(\d+)", years)]
    assert len(numbers) == 6 and numbers == sorted(numbers, reverse=True)


# Training and its attendance

def test_attendance_fell_and_34_of_60_places_were_filled(emails, reading, teaching_note):
    rows = [tuple(map(int, row)) for row in
            re.findall(r"^\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", emails, re.M)]
    assert all(booked == 6 * days for _, days, booked, _ in rows)
    came = [attended for *_, attended in rows]
    assert came == sorted(came, reverse=True)
    days, booked = sum(row[1] for row in rows), sum(row[2] for row in rows)
    assert (days, booked, sum(came)) == (10, 60, 34)
    assert "34 of 60" in emails and "60 places had been booked and 34 had been filled" in reading
    assert rounded(Fraction(100 * 34, 60), 0) == 57 and "57 %" in teaching_note


def test_the_empty_places_were_worth_4767(emails, teaching_note):
    lost = Fraction(1100, 6) * (60 - 34)
    assert rounded(lost, 0) == 4767
    for text in (emails, teaching_note):
        assert "€4,767" in text


def test_twenty_days_more_cost_22000_and_half_of_them_11000(case):
    scene = one_line(incident(case, "thirty-days")["scene"])
    assert "twenty more" in scene and "€1,100 a day" in scene and "€22,000" in scene
    assert 20 * 1100 == 22_000
    assert response(case, "thirty-days", "give-days")["effects"]["cost"] == 22
    assert response(case, "thirty-days", "half-half")["effects"]["cost"] == 10 * Fraction(1100, 1000)


def test_fifteen_days_are_what_is_left_from_thursday_less_two_days_of_holiday(emails, case, reading):
    left = 2 + (16 - 13) * 5                       # Thursday and Friday of week 13, then whole weeks
    assert left == 17 and left - 2 == 15
    assert "fifteen of the seventeen working days from Thursday" in emails
    assert "two days of holiday" in emails
    assert "seventeen working days, and she had two days of holiday left" in reading
    assert case["phases"][0]["weeks"] == [13, 16]


def test_the_emails_are_in_the_order_in_which_they_came(emails):
    days = ["Monday", "Tuesday", "Wednesday"]
    came = [(days.index(day), time) for day, time in
            re.findall(r"\*\*(\w+), week 13, (\d\d:\d\d)\.", emails)]
    assert len(came) == 8 and came == sorted(came)


# Money of the years after

def test_full_operation_costs_twelve_thousand_more_than_the_six_with_support(case, org_chart):
    post = int(number(re.search(r"cost €([\d,]+) a year each", org_chart).group(1))) // 1000
    six, support, full = 6 * post, 360, 840
    scene = one_line(incident(case, "bigger-offer")["scene"])
    assert (six, six + support, full - six - support) == (468, 828, 12)
    for figure in ("€468,000", "€360,000", "€840,000", "€2,520,000", "828", "twelve thousand"):
        assert figure in scene
    assert 3 * full == 2520


def test_two_posts_are_156_thousand_and_four_posts_make_full_operation_dearer(case, teaching_note):
    assert 2 * 78 == 156
    assert "€156,000" in one_line(incident(case, "number-four")["scene"])
    assert 4 * 78 + 360 == 672 and 840 - 672 == 168
    assert "€672,000" in teaching_note and "€168,000" in teaching_note and "€36,000" in teaching_note


def test_support_for_three_years_is_the_same_sum_everywhere(case, contract, reading):
    assert "three years at €360,000 a year" in contract
    assert 3 * 360 == 1080
    for text in (reading, one_line(case["you"]["about"])):
        assert "€1,080,000" in text


def test_four_people_have_the_telephone_every_fourth_week(case):
    assert "every fourth week" in one_line(response(case, "number-four", "sums")["say"])


def test_21_nights_of_allowances_are_9450(emails, case):
    allowance = int(re.search(r"costs us €(\d+) in allowances", emails).group(1))
    assert "21 nights" in one_line(incident(case, "cut-over")["scene"]) and 3 * 7 == 21
    lines = str(response(case, "cut-over", "saskias-paper")["reaction"]["cem"])
    assert f"€{21 * allowance:,}" in lines and 21 * allowance == 9450


def test_what_responses_say_they_cost_is_what_they_cost(case):
    for name, answer, thousands in (("night-call", "keep-nights", 12), ("cut-over", "our-hands", 40),
                                    ("monday-clinics", "tuesday-evening", 9)):
        said = response(case, name, answer)
        assert f"€{thousands},000" in one_line(said["say"])
        assert said["effects"]["cost"] == thousands
    trainers, weeks, rate = 2, 4, 4
    assert response(case, "bigger-offer", "not-us")["effects"]["cost"] == trainers * weeks * rate


# Times, patients, cases

def test_nurses_need_5800_hours(minutes, reading):
    assert 2 * 2900 == 5800
    for text in (minutes, reading):
        assert "5,800 hours" in text


def test_the_medication_trial_has_411_cases(case):
    assert "eleven times" in one_line(incident(case, "yesterdays-list")["scene"])
    proof = response(case, "yesterdays-list", "repair-and-prove")
    assert "400 invented ones" in one_line(proof["say"])
    assert f"{11 + 400} of {11 + 400}" in str(proof["reaction"]["yara"])


def test_patients_of_three_clinics_add_up_to_54(case):
    scene = one_line(incident(case, "monday-clinics")["scene"])
    clinics = re.search(r"(\d+) patients for the heart, (\d+) for the lungs and (\d+) for the eyes",
                        scene).groups()
    assert sum(map(int, clinics)) == 54 and "these 54 people" in scene


def test_the_minutes_of_the_take_over_test_agree(case):
    scene = one_line(incident(case, "take-over-test")["scene"])
    shown, limit = 10 * 60 + 50, 11 * 60 + 35
    assert "10:50" in scene and "after 60 minutes the pharmacy cannot keep up. That is at 11:35" in scene
    began = limit - 60
    assert began < shown
    solved = 11 * 60 + 26
    held = str(response(case, "take-over-test", "hold")["reaction"])
    assert "11:26" in held and f"for {solved - shown} minutes" in held and solved < 11 * 60 + 30
    stepped = response(case, "take-over-test", "mateusz-in")
    assert "At 10:58" in one_line(stepped["say"])
    assert f"{10 * 60 + 58 - began} minutes of trouble" in str(stepped["reaction"]["ruben"])


def test_near_misses_are_31_everywhere_and_less_than_one_a_week(reading, minutes, emails, case):
    for text in (reading, minutes, emails, str(incident(case, "cut-over"))):
        assert re.search(r"\b31\b", text)
    assert Fraction(31, 52) < 1


def test_the_minutes_quote_the_report_of_week_10(minutes, project):
    row = next(row for row in table("earned-value") if row["week"] == "10")
    done, planned, index = re.search(
        r"Work done ([\d.]+) %, planned ([\d.]+) %, schedule index ([\d.]+)", minutes).groups()
    assert Decimal(done) == rounded(Fraction(100 * whole(row, "ev_reported"), project["budget"]), 1)
    assert Decimal(planned) == rounded(planned_percent(project, 10), 1)
    assert index == row["spi_reported"]


# The reading and the teaching note

def test_every_sum_of_money_in_the_reading_can_be_found_or_worked_out(reading, project, contract):
    built, _ = earned(project)
    amounts = {amount for _, amount, _ in milestones(contract)}
    known = amounts | {project["value"], project["budget"], project["spent"], built, 1260, 1080,
                       forecast(project, built), 33, 11, 12, 180, 95, Decimal("1.1"), 360}
    for sum_ in re.findall(r"€([\d,]+\d)", reading):
        assert number(sum_) / 1000 in known, f"€{sum_}"


def test_percentages_in_the_reading_belong_to_the_case(reading):
    assert {Decimal(p) for p in re.findall(r"([\d.]+) %", reading)} == {
        Decimal(40), Decimal("25.0"), Decimal("20.0"), Decimal(61)}


def test_the_table_in_the_teaching_note_is_worked_out_again(teaching_note, project):
    plan = Fraction(project["plan"][12] * project["budget"], 100)
    for column, value in enumerate(earned(project), start=1):
        cost = forecast(project, value)
        margin = project["value"] - cost
        assert number(cell(teaching_note, "earned value", column)) == value
        assert number(cell(teaching_note, "planned value", column)) == plan
        assert number(cell(teaching_note, "actual cost", column)) == project["spent"]
        assert number(cell(teaching_note, "SPI", column)) == rounded(value / plan, 2)
        assert number(cell(teaching_note, "CPI", column)) == rounded(value / project["spent"], 2)
        assert number(cell(teaching_note, "EAC", column)) == rounded(cost, 0)
        share = rounded(100 * margin / project["value"], 1)
        assert cell(teaching_note, "margin", column) == f"{rounded(margin, 0)} ({share} %)"


def test_the_reading_has_the_length_of_a_case():
    words = len((CASE / "reading.md").read_text(encoding="utf-8").split())
    assert 2000 <= words <= 3500


def test_the_reading_refers_to_every_exhibit_by_its_number(reading, case):
    cited = {n for group in re.findall(r"Exhibits? (\d(?: and \d)?)", reading)
             for n in re.findall(r"\d", group)}
    assert cited == {re.match(r"Exhibit (\d):", one["title"]).group(1) for one in case["exhibits"]}


def test_every_exhibit_of_the_case_is_a_file_and_every_file_is_an_exhibit(case):
    listed = {exhibit["file"] for exhibit in case["exhibits"]}
    assert listed == {f"exhibits/{path.name}" for path in EXHIBITS.iterdir()}


def test_the_reading_keeps_what_people_never_say_to_itself(reading):
    pages = [reading, *(page(f"exhibits/{path.name}") for path in EXHIBITS.glob("*.md"))]
    for text in pages:
        for secret in ("parking", "ashamed", "unpaid", "four posts"):
            assert secret not in text
