"""Every figure of "Three Sponsors", worked out again from its exhibits.

The arithmetic here is its own: it shares no code with the product, so that a wrong formula there
cannot make a wrong figure here look right. Money is in thousands of Australian dollars.
"""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
import yaml

from .paper import Papers, cell, number, planned, rounded, whole

PAPERS = Papers("three-sponsors")
CASE, EXHIBITS, table, page = PAPERS.folder, PAPERS.exhibits, PAPERS.table, PAPERS.page
HISTORY = {0: 0, 4: 8}             # the plan before the play, which case.yaml does not need
RATE = 4                           # a person costs 4.0 a week
PEOPLE = {"Project management and planning", "Migration", "Platform and network",
          "Recovery testing", "Service start and staff transfer"}


# The facts, each from one place

@pytest.fixture(scope="module")
def status() -> str:
    return page("exhibits/status-10.md")


def incident(case: dict, id: str) -> dict:
    return next(one for one in case["incidents"] if one["id"] == id)


def told(case: dict, id: str) -> str:
    """Everything that is said in an incident, on one line."""
    return re.sub(r"\s+", " ", yaml.safe_dump(incident(case, id), allow_unicode=True, width=10**6))


def packages() -> list[dict[str, str]]:
    return [row for row in table("waves") if row["package"] != "Total"]


def total() -> dict[str, str]:
    return next(row for row in table("waves") if row["package"] == "Total")


def waves() -> list[dict[str, str]]:
    return [row for row in packages() if row["package"].startswith("Wave")]


def earned(column: str) -> Fraction:
    """Value of a column of percentages of the packages' budgets."""
    return sum((Fraction(whole(row, "budget") * whole(row, column), 100) for row in packages()),
               Fraction(0))


def planned_percent(project: dict, week: int) -> Fraction:
    """The plan in percent at the end of a week, on a straight line between its points."""
    return planned(HISTORY | project["plan"], week)


def case_line(name: str) -> dict[str, str]:
    return next(row for row in table("business-case") if row["line"] == name)


# Waves and sites

def test_package_budgets_add_up_to_the_budget(project):
    assert sum(whole(row, "budget") for row in packages()) == whole(total(), "budget") == project["budget"]


def test_systems_add_up_by_wave_and_by_site(reading):
    for row in waves():
        assert whole(row, "at_foundry_street") + whole(row, "at_depot_lane") == whole(row, "systems")
    for column in ("systems", "at_foundry_street", "at_depot_lane"):
        assert sum(whole(row, column) for row in waves()) == whole(total(), column)
    assert [whole(total(), c) for c in ("systems", "at_foundry_street", "at_depot_lane")] == [220, 150, 70]
    for figure in ("220 systems", "with 150 systems", "with 70 systems"):
        assert figure in reading.replace("220 computer systems", "220 systems")


def test_the_planned_columns_of_the_waves_are_the_plan_of_the_project(project):
    for week, percent in project["plan"].items():
        value = earned(f"plan_week_{week}")
        assert value == Fraction(project["budget"] * percent, 100), week
        assert whole(total(), f"plan_week_{week}") == percent


def test_no_package_is_planned_to_go_backwards():
    for row in packages():
        steps = [whole(row, f"plan_week_{week}") for week in (10, 16, 22, 28, 32)]
        assert steps == sorted(steps), row["package"]


def test_what_is_accepted_is_done_and_what_has_only_moved_is_hidden(project):
    assert earned("accepted_week_10") == Fraction(project["done"] * project["budget"], 100) == 1152
    moved = earned("moved_week_10")
    assert moved == 1296
    assert moved - 1152 == Fraction(project["hidden"] * project["budget"], 100)


def test_wave_1_in_systems_is_wave_1_in_percent(status, reading):
    wave = waves()[0]
    planned, moved, accepted = (Fraction(whole(wave, "systems") * whole(wave, column), 100)
                                for column in ("plan_week_10", "moved_week_10", "accepted_week_10"))
    assert (planned, moved, accepted) == (36, 30, 12)
    assert ("Of 60 systems, 36 were planned to have moved by now. 30 have moved, and 12 of these are "
            "accepted. Restarts of the other 18") in status
    assert moved - accepted == 18
    assert "Of the 60 systems of wave 1, 36 should have moved, and 30 had. Twelve" in reading


def test_wave_3_and_wave_5_are_as_people_say(case, emails, reading):
    by_name = {row["package"]: row for row in waves()}
    ticketing = by_name["Wave 3 Ticketing and passenger information"]
    operations = by_name["Wave 5 Train and tram operations"]
    assert whole(ticketing, "systems") == 44 and "the 44 of wave 3" in reading
    assert "44 ticketing" in told(case, "board-page")
    assert whole(operations, "systems") == 22 and whole(operations, "at_foundry_street") == 14
    assert "One: 22 systems. Two: 10 of them touch" in emails and "the other 12" in emails
    assert "Fourteen of the 22 operations systems stood at Foundry Street" in reading


# Earned value

def test_planned_value_lies_on_the_straight_lines_of_the_plan(project):
    for row in table("earned-value"):
        assert whole(row, "pv") == project["budget"] * planned_percent(project, int(row["week"])) / 100


def test_every_index_follows_from_the_values_beside_it():
    for row in table("earned-value"):
        moved, accepted = whole(row, "ev_moved"), whole(row, "ev_accepted")
        assert Decimal(row["spi_moved"]) == rounded(Fraction(moved, whole(row, "pv")), 2)
        assert Decimal(row["cpi_moved"]) == rounded(Fraction(moved, whole(row, "ac")), 2)
        assert Decimal(row["spi_accepted"]) == rounded(Fraction(accepted, whole(row, "pv")), 2)
        assert accepted <= moved


def test_the_last_row_is_the_position_from_which_the_play_begins(project):
    last = table("earned-value")[-1]
    assert int(last["week"]) == project["first_week"] - 1
    assert whole(last, "ac") == project["spent"]
    assert whole(last, "ev_moved") == earned("moved_week_10")
    assert whole(last, "ev_accepted") == earned("accepted_week_10")


def test_the_status_report_repeats_the_last_two_rows(status, project):
    before, now = table("earned-value")[-2:]
    rows = {"Planned value": "pv", "Earned value, moved": "ev_moved",
            "Earned value, accepted": "ev_accepted", "Schedule index": "spi_moved"}
    for label, column in rows.items():
        assert number(cell(status, label, 1)) == Decimal(now[column])
        assert number(cell(status, label, 2)) == Decimal(before[column])
    for label, column in (("Moved", "ev_moved"), ("Accepted", "ev_accepted"), ("Planned progress", "pv")):
        for place, row in ((1, now), (2, before)):
            share = Fraction(100 * whole(row, column), project["budget"])
            assert number(cell(status, label, place)) == rounded(share, 1), label


def test_the_forecasts_on_both_counts(status, reading, teaching_note, project):
    for value, cost, margin, share in ((1296, 4889, 711, "12.7"), (1152, 5500, 100, "1.8")):
        forecast = Fraction(project["budget"] * project["spent"], value)
        left = project["value"] - forecast
        assert rounded(forecast, 0) == cost and rounded(left, 0) == margin
        assert rounded(100 * left / project["value"], 1) == Decimal(share)
        assert f"{cost:,}" in teaching_note and f"{margin} ({share} %)" in teaching_note
    assert number(cell(status, "Estimate at completion")) == 4889
    assert number(re.search(r"charge of 5,600 \| (\d+)", status).group(1)) == 711
    assert "A$711,000" in reading
    for value in (1296, 1152):
        assert str(rounded(Fraction(value, 1344), 2)) in teaching_note
        assert str(rounded(Fraction(value, project["spent"]), 2)) in teaching_note


def test_the_planned_margin(status, reading, project):
    margin = project["value"] - project["budget"]
    share = rounded(Fraction(100 * margin, project["value"]), 1)
    assert (margin, share) == (800, Decimal("14.3"))
    assert cell(status, "Planned margin") == f"{margin} ({share} %)"
    assert "A$800,000 of the charge would be left, 14.3 %" in reading


def test_the_light_is_green_by_its_rule():
    assert Decimal(table("earned-value")[-1]["spi_moved"]) >= Decimal("0.95")
    assert Decimal(table("earned-value")[-1]["spi_accepted"]) < Decimal("0.95")


# The budget and the team

def steps(basis: str) -> list[tuple[int, int]]:
    """People and number of weeks, from a line such as "4 people to week 4, 12 to week 10 ..."."""
    steady = re.match(r"(\d+) people from week 1 ", basis)
    if steady:
        return [(int(steady.group(1)), 4), (int(steady.group(1)), 6), (int(steady.group(1)), 22)]
    first, second, third = re.match(
        r"(\d+) people to week 4, (\d+) to week 10 and (\d+) from week 11 ", basis).groups()
    return [(int(first), 4), (int(second), 6), (int(third), 22)]


def test_budget_lines_add_up(project):
    *lines, sums = table("budget")
    for column in ("planned", "spent_to_week_10", "remaining"):
        assert whole(sums, column) == sum(whole(line, column) for line in lines)
    for line in (*lines, sums):
        assert whole(line, "remaining") == whole(line, "planned") - whole(line, "spent_to_week_10")
    assert whole(sums, "planned") == project["budget"]
    assert whole(sums, "spent_to_week_10") == project["spent"]


def test_budgets_for_people_follow_from_their_numbers_weeks_and_rate(project):
    assert sum(weeks for _, weeks in steps("4 people from week 1 at 4.0")) == project["go_live"]
    for line in table("budget"):
        if line["category"] in PEOPLE:
            parts = steps(line["basis"])
            assert RATE * sum(people * weeks for people, weeks in parts) == whole(line, "planned")
            assert RATE * sum(p * w for p, w in parts[:2]) == whole(line, "spent_to_week_10")


def test_the_team_grew_from_14_to_26_to_38(project, reading):
    teams = [steps(line["basis"]) for line in table("budget") if line["category"] in PEOPLE]
    sizes = [sum(team[i][0] for team in teams) for i in range(3)]
    assert sizes == [14, 26, 38]
    assert sizes[2] * RATE == project["weekly_cost"] == 152
    assert ("Fourteen people had built the plan, 26 had prepared the platform, and from week 11 there were "
            "38") in reading
    assert "from 26 to 38" in " ".join(page("case.yaml").split())


def test_the_org_chart_has_the_same_team():
    planners, migration, platform, analysts = map(int, re.search(
        r"planning lead with (\d+) planners, a migration lead with (\d+) engineers, a platform lead "
        r"with (\d+) engineers, four testers, and a service manager with (\d+) analyst",
        page("exhibits/org-chart.md")).groups())
    assert 1 + 1 + planners + 1 + migration + 1 + platform + 4 + 1 + analysts == 38


def test_contingency_is_the_same_in_report_and_budget(status):
    line = next(row for row in table("budget") if row["category"] == "Contingency")
    assert cell(status, "Contingency left") == f"{line['remaining']} of {line['planned']}"


# The business case

def test_the_business_case_adds_up(reading):
    *lines, sums = table("business-case")
    for column in ("today", "after_the_move", "late_after_week_34"):
        assert sum(whole(line, column) for line in lines) == whole(sums, column)
    today, after, late = (whole(sums, c) for c in ("today", "after_the_move", "late_after_week_34"))
    assert (today, after, late) == (172, 120, 220)
    assert today - after == 52 and 52 * 52 == 2704 and late - after == 100
    for figure in ("A$172,000", "A$120,000", "A$52,000", "A$2,704,000", "A$220,000"):
        assert figure in reading


def test_the_rent_doubles(reading):
    rent = case_line("Foundry Street: rent")
    assert whole(rent, "late_after_week_34") == 2 * whole(rent, "today") == 96
    assert "A$96,000 in place of A$48,000" in reading


def test_a_late_week_in_the_incidents_costs_100_and_the_bridge_216(case):
    assert "A$100,000" in told(case, "last-racks")
    depot = whole(case_line("Depot Lane: power and maintenance"), "today")
    assert 6 * depot == 216 and "A$216,000" in told(case, "last-racks")
    assert 2 * 100 < 216 < 3 * 100       # dearer by the third week
    assert f"A${depot},000 a week" in told(case, "ten-nights")


def test_staff_costs_named_to_margaret_are_those_of_the_business_case(case):
    assert whole(case_line("Staff of the two data centres"), "today") == 48
    assert "A$48,000 a week for staff ends when the building is empty" in told(case, "fourteen-names")


# The contract

def test_five_parts_make_the_charge(contract, project):
    parts = re.search(r"pays A\$([\d,]+) in five equal parts of A\$([\d,]+)", contract).groups()
    charge, part = map(number, parts)
    assert charge == 1000 * project["value"] == 5 * part


def test_the_extension_is_the_service_charge_of_a_year(contract, case):
    weekly = number(re.search(r"service charge is A\$([\d,]+) a week", contract).group(1))
    yearly = number(re.search(r"five further years at A\$([\d,]+) a year", contract).group(1))
    assert 52 * weekly == yearly == 6_240_000
    assert weekly == 1000 * whole(case_line("Lyndmark service charge"), "after_the_move")
    assert f"A${5 * int(yearly):,}" in page("case.yaml")        # five years, in the endings


def test_delay_damages_reach_their_cap_in_the_sixth_week(contract, project, teaching_note):
    weekly = number(re.search(r"causes the delay, it pays A\$([\d,]+)", contract).group(1))
    share, cap = re.search(r"capped at (\d+) % of the transition charge, A\$([\d,]+)", contract).groups()
    assert number(cap) == 1000 * project["value"] * int(share) / Decimal(100)
    assert 5 * weekly < number(cap) <= 6 * weekly
    assert 2 * weekly == 1000 * whole(case_line("Foundry Street: rent"), "late_after_week_34")
    assert "in the sixth week" in teaching_note
    assert weekly < 1000 * project["weekly_cost"]


def test_the_service_level_allows_21_6_minutes_and_41_cost_8000(contract, case, reading, teaching_note):
    month = 30 * 24 * 60
    level = Decimal(re.search(r"available for ([\d.]+) % of each month", contract).group(1))
    allowed = month * (100 - level) / 100
    assert allowed == Decimal("21.6") and "21.6 minutes" in told(case, "frozen-screens")
    missing = Fraction(41 * 100, month) - Fraction(5, 100)
    started = -(-missing // Fraction(5, 100))
    credit = started * Fraction(5, 100) * 160_000
    assert credit == 8000 and "A$8,000" in reading and "A$8,000" in teaching_note
    assert rounded(100 - Fraction(41 * 100, month), 3) == Decimal("99.905")
    assert allowed > 11


def test_the_base_term_and_the_decision_of_week_36(contract, case):
    assert "In week 36 the Authority decides" in contract
    assert case["project"]["last_week"] == 36
    assert "by the end of week 34" in contract


def test_milestones_of_the_play_are_those_of_the_status_report(case, status):
    for phase in case["phases"]:
        milestone = phase.get("milestone")
        if milestone:
            assert milestone["percent"] == case["project"]["plan"][milestone["week"]]
            assert int(cell(status, milestone["title"][:2])) == milestone["week"]
            assert cell(status, milestone["title"]) == str(milestone["week"])


# Nights, weeks and people

def test_ten_nights_are_needed_and_eight_are_left(case, emails, teaching_note):
    closed = set()
    for weeks in re.findall(r"weeks (\d+(?:, \d+)*(?: and \d+))", emails):
        closed |= {int(week) for week in re.findall(r"\d+", weeks)}
    assert {14, 15, 23, 24, 29, 30, 31} <= closed
    plan = range(25, 30)
    assert 2 * len(plan) == 10
    left = [week for week in plan if week not in closed]
    assert 2 * len(left) == 8 and "Eight nights" in told(case, "ten-nights")
    margaret = [week for week in range(20, 25) if week not in closed]
    assert 2 * len(margaret) == 6 and "six nights, four missing" in teaching_note
    assert 3 * len(left) == 12 and "Twelve nights in four weeks" in told(case, "ten-nights")


def test_seven_weeks_are_closed_in_the_reading_and_in_the_reaction(case, reading):
    assert "he closed seven weeks" in reading
    assert "All seven of them" in told(case, "three-letters")


def test_peak_weeks_were_announced_eight_weeks_ahead():
    for week in (23, 29):
        assert week - 11 >= 8


def test_fourteen_people_are_thirteen_and_dimitri_and_eleven_posts_and_three(case, contract):
    assert "The fourteen employees" in contract
    assert "Eleven posts" in contract and "Three are to be confirmed" in contract
    assert 11 + 3 == 13 + 1 == 14
    assert "He and thirteen others are to move" in " ".join(page("case.yaml").split())


def test_the_rebuilding_exceeds_the_limit_and_the_small_steps_do_not(case, contract):
    limit = number(re.search(r"value above A\$([\d,]+) needs", contract).group(1))
    assert limit == 25_000
    day = number(re.search(r"charged at A\$([\d,]+) for a day", contract).group(1))
    assert "Thirty-one days" in told(case, "who-instructed") and 31 * day == 31_000
    assert "A$31,000" in told(case, "who-instructed") and limit < 31_000
    for id in ("board-page", "next-step"):
        assert "A$24,000" in told(case, id) and limit > 24_000


def test_costs_in_responses_are_the_costs_of_the_model(case):
    costs = {response["id"]: response.get("effects", {}).get("cost")
             for one in case["incidents"] for response in one["responses"]}
    for one in case["incidents"]:
        for response in one["responses"]:
            for amount in re.findall(r"A\$(\d+),000, (?:which you carry|on your side)|"
                                     r"costs A\$(\d+),000, which you carry|takes the A\$(\d+),000 off",
                                     response["say"].replace("\n", " ")):
                assert costs[response["id"]] == int(next(filter(None, amount))), response["id"]


# Reading, note and exhibits

def test_the_reading_has_the_length_of_a_case():
    words = len((CASE / "reading.md").read_text(encoding="utf-8").split())
    assert 2400 <= words <= 3200


def test_the_reading_refers_to_every_exhibit_by_its_number(reading, case):
    titles = [exhibit["title"] for exhibit in case["exhibits"]]
    cited = set(re.findall(r"Exhibit (\d)", reading))
    assert cited == {re.match(r"Exhibit (\d):", title).group(1) for title in titles}


def test_every_exhibit_of_the_case_is_a_file_and_every_file_is_an_exhibit(case):
    listed = {exhibit["file"] for exhibit in case["exhibits"]}
    assert listed == {f"exhibits/{path.name}" for path in EXHIBITS.iterdir()}


def test_every_sum_of_money_in_the_reading_can_be_found_or_worked_out(reading, project):
    known = {project["value"], project["budget"], project["value"] - project["budget"],
             project["spent"], project["weekly_cost"], 1344, 1296, 1152, 711, 6240, 172, 120, 52,
             2704, 220, 96, 48, 36, 8, 180}
    for amount in re.findall(r"A\$([\d,]+\d)", reading):
        assert number(amount) / 1000 in known, f"A${amount}"


def test_percentages_in_the_reading_belong_to_the_case(reading, project):
    known = {Decimal(project["done"]), Decimal(project["done"] + project["hidden"]),
             Decimal(project["plan"][10]), Decimal("14.3")}
    assert {Decimal(p) for p in re.findall(r"([\d.]+) %", reading)} == known


def test_the_minutes_and_the_report_agree_on_wave_1(status):
    minutes = page("exhibits/minutes-10.md")
    so_far, by_friday = map(int, re.search(r"(\d+) of 60 systems of wave 1 moved by yesterday, and "
                                           r"expected (\d+)", minutes).groups())
    assert so_far < by_friday == 30


def test_the_reading_keeps_what_people_never_say_to_itself(reading):
    pages = [reading, *(page(f"exhibits/{path.name}") for path in EXHIBITS.glob("*.md"))]
    for text in pages:
        for secret in ("twelve months", "last tram", "own signature", "three refusals", "new tender",
                       "Another firm"):
            assert secret not in text


def test_the_note_names_every_ending(case, teaching_note):
    for ending in case["endings"]:
        assert ending["title"] in teaching_note, ending["title"]
