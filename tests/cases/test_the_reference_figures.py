"""Every figure of "The Reference", worked out again from its exhibits.

The arithmetic here is its own: it shares no code with the product, so that a wrong formula there
cannot make a wrong figure here look right. Money is in thousands of rand unless it says otherwise.
"""

import re
from decimal import Decimal
from fractions import Fraction
from math import ceil, sqrt

import pytest

from .paper import Papers, cell, number, one_line, planned, rounded

PAPERS = Papers("the-reference")
CASE, EXHIBITS, table, page = PAPERS.folder, PAPERS.exhibits, PAPERS.table, PAPERS.page
HISTORY = {0: 0, 4: 8}             # the plan before the play, which case.yaml does not need
NORMAL_95 = 1.959964


# Reading the case

def rand(thousands: Fraction | int) -> str:
    """A sum as it is printed: R9,672,000."""
    return f"R{int(Fraction(thousands) * 1000):,}"


@pytest.fixture(scope="module")
def scenes(case) -> dict[str, str]:
    return {incident["id"]: one_line(incident["scene"]) for incident in case["incidents"]}


@pytest.fixture(scope="module")
def said(case) -> dict[str, str]:
    return {f"{incident['id']}/{response['id']}": response["say"]
            for incident in case["incidents"] for response in incident["responses"]}


@pytest.fixture(scope="module")
def status() -> str:
    return page("exhibits/status-12.md")


@pytest.fixture(scope="module")
def note() -> str:
    return page("teaching-note.md")


def planned_percent(project: dict, week: int) -> Fraction:
    return planned(HISTORY | project["plan"], week)


def weeks() -> list[dict[str, int]]:
    return [{key: int(value) for key, value in row.items()}
            for row in table("pilot") if row["week"] != "Total"]


def total(column: str) -> int:
    return sum(row[column] for row in weeks())


def wilson(hits: int, tries: int) -> tuple[float, float]:
    share, z = hits / tries, NORMAL_95
    middle = (share + z * z / (2 * tries)) / (1 + z * z / tries)
    half = z / (1 + z * z / tries) * sqrt(share * (1 - share) / tries + (z / (2 * tries)) ** 2)
    return middle - half, middle + half


# Facts that other figures follow from, each with the place where it stands

CLAIMS_A_YEAR = 62_400             # case.yaml, client.about
HOURS_A_CLAIM, HOURS_AGAIN = Fraction(16, 10), Fraction(8, 10)
RAND_AN_HOUR, HOURS_A_YEAR = 250, 1680
REVIEWERS, REVIEWER = 2, 460_000
LEAVERS, HANDLERS, OPEN_DESKS = 12, 86, 7
DAYS = {"before": Fraction(9), "stood": Fraction(1, 2), "reopened": Fraction(11),
        "handler": Fraction(19, 2)}


def eligible_a_year() -> Fraction:
    return Fraction(CLAIMS_A_YEAR * total("eligible"), total("received"))


def on_the_day() -> Fraction:
    return Fraction(total("paid_by_lantern"), total("eligible"))


def stood() -> Fraction:
    return Fraction(total("stood_two_weeks"), total("eligible"))


def claimed_hours() -> Fraction:
    return on_the_day() * eligible_a_year() * HOURS_A_CLAIM


def verified_hours() -> Fraction:
    again = (on_the_day() - stood()) * eligible_a_year() * HOURS_AGAIN
    return stood() * eligible_a_year() * HOURS_A_CLAIM - again


def claimed_benefit() -> Fraction:
    """In rand."""
    return claimed_hours() * RAND_AN_HOUR


def verified_benefit() -> Fraction:
    """In rand."""
    return verified_hours() * RAND_AN_HOUR - REVIEWERS * REVIEWER


def mean_days() -> Fraction:
    return (total("stood_two_weeks") * DAYS["stood"] + total("reopened") * DAYS["reopened"]
            + total("to_handler") * DAYS["handler"]) / total("eligible")


# Earned value

def test_planned_value_lies_on_the_straight_lines_of_the_plan(project):
    for row in table("earned-value"):
        expected = project["budget"] * planned_percent(project, int(row["week"])) / 100
        assert int(row["pv"]) == expected, row["week"]


def test_both_indices_follow_from_the_values_beside_them():
    for row in table("earned-value"):
        earned = int(row["ev_reported"])
        assert Decimal(row["spi_reported"]) == rounded(Fraction(earned, int(row["pv"])), 2)
        assert Decimal(row["cpi_reported"]) == rounded(Fraction(earned, int(row["ac"])), 2)


def test_cost_is_the_team_at_its_rate_and_the_tools(project):
    for row in table("earned-value"):
        week = int(row["week"])
        people = 8 * min(week, 4) + 14 * max(week - 4, 0)
        assert int(row["ac"]) == 36 * people + 18 * week, week
    assert project["weekly_cost"] == 14 * 36 + 18


def test_values_never_fall_and_what_passed_is_never_more_than_what_is_closed():
    rows = table("earned-value")
    for column in ("pv", "ev_reported", "ev_passed", "ac"):
        values = [int(row[column]) for row in rows]
        assert values == sorted(values)
    assert all(int(row["ev_passed"]) <= int(row["ev_reported"]) for row in rows)


def test_week_12_is_the_week_in_which_the_play_takes_over(project):
    last = table("earned-value")[-1]
    assert int(last["week"]) == project["first_week"] - 1
    assert int(last["ac"]) == project["spent"]
    assert int(last["pv"]) * 100 == project["plan"][12] * project["budget"]
    assert int(last["ev_passed"]) * 100 == project["done"] * project["budget"]
    closed = project["done"] + project["hidden"]
    assert int(last["ev_reported"]) * 100 == closed * project["budget"]


def test_the_status_report_repeats_the_last_two_rows(status, project):
    before, now = table("earned-value")[-2:]
    for column, row in ((1, now), (2, before)):
        assert number(cell(status, "Planned value", column)) == int(row["pv"])
        assert number(cell(status, "Earned value", column)) == int(row["ev_reported"])
        assert number(cell(status, "Actual cost", column)) == int(row["ac"])
        assert number(cell(status, "Schedule index", column)) == Decimal(row["spi_reported"])
        assert number(cell(status, "Cost index", column)) == Decimal(row["cpi_reported"])
        for label, key in (("Work closed", "ev_reported"), ("Planned progress", "pv")):
            share = Fraction(100 * int(row[key]), project["budget"])
            assert number(cell(status, label, column)) == share
        used = Fraction(100 * int(row["ac"]), project["budget"])
        assert number(cell(status, "Estimate used", column)) == rounded(used, 1)


def test_the_minutes_quote_report_5():
    row = next(row for row in table("earned-value") if row["week"] == "10")
    closed, planned = re.search(r"Closed ([\d.]+) %, planned ([\d.]+) %",
                                page("exhibits/minutes-12.md")).groups()
    for text, key in ((closed, "ev_reported"), (planned, "pv")):
        assert Fraction(text) == Fraction(100 * int(row[key]), 13_200)


def test_the_gap_between_closed_and_passed_grew_to_six_points(reading):
    gaps = [Fraction(100 * (int(row["ev_reported"]) - int(row["ev_passed"])), 13_200)
            for row in table("earned-value")]
    assert gaps == sorted(gaps)
    assert gaps[-1] == 6
    assert "The gap was now six points" in reading


# The estimate and the contract

def test_budget_lines_add_up_to_their_total(project):
    *lines, last = table("budget")
    for column in ("planned", "spent_to_week_12", "remaining"):
        assert int(last[column]) == sum(int(line[column]) for line in lines), column
    assert int(last["planned"]) == project["budget"] == project["value"]
    assert int(last["spent_to_week_12"]) == project["spent"]
    for line in lines:
        assert int(line["remaining"]) == int(line["planned"]) - int(line["spent_to_week_12"])


def test_budgets_for_people_follow_from_their_numbers_weeks_and_rate():
    at_the_end = 0
    for line in table("budget"):
        steady = re.match(r"1 person for 26 weeks at 36", line["basis"])
        growing = re.match(r"(\d) (?:person|people) to week 4 and (\d) people from week 5 at 36",
                           line["basis"])
        if steady:
            few = many = 1
        elif growing:
            few, many = map(int, growing.groups())
        else:
            continue
        assert int(line["planned"]) == 36 * (4 * few + 22 * many), line["category"]
        assert int(line["spent_to_week_12"]) == 36 * (4 * few + 8 * many), line["category"]
        at_the_end += many
    assert at_the_end == 14


def test_the_team_in_the_org_chart_is_the_team_in_the_budget():
    chart = page("exhibits/org-chart.md")
    team, developers, testers = re.search(
        r"a team of (\d+) works on Lantern: one project manager, a development lead with (\d+) "
        r"developers, a test and data lead with (\d+) testers, and two analysts",
        chart).groups()
    assert 1 + 1 + int(developers) + 1 + int(testers) + 2 == int(team) == 14


def test_four_fifths_of_the_estimate_are_used_in_week_22(contract, project, case, note):
    limit = Fraction(80 * project["budget"], 100)
    assert f"80 % of the estimate, {rand(limit)}," in contract
    left = limit - project["spent"]
    week = project["first_week"] - 1 + ceil(left / project["weekly_cost"])
    assert week == 22
    brief = next(phase["brief"] for phase in case["phases"] if phase["id"] == "acceptance")
    assert "80 % of the estimate will be spent in the course of week 22" in one_line(brief)
    assert "80 % of the estimate is reached in week 22" in note
    assert rand(project["weekly_cost"]) in note


def test_the_estimate_and_the_rate_are_the_same_everywhere(contract, reading, project):
    for text in (contract, reading):
        assert rand(project["budget"]) in text
        assert "R36,000" in text
    assert rand(project["spent"]) in reading


def test_the_framework_agreement_is_two_years_at_its_yearly_price(contract, reading, case, note):
    for text in (contract, reading, note):
        assert "R1,800,000 a year" in text
    assert 2 * 1_800_000 == 3_600_000
    endings = " ".join(ending["text"] for ending in case["endings"])
    for text in (case["you"]["about"], endings, note):
        assert "R3,600,000" in one_line(text)


def test_the_weeks_of_the_contract_are_the_weeks_of_the_play(case, contract, project):
    first, last, opening = re.search(
        r"tests in weeks (\d+) to (\d+) .*? planned opening is week (\d+)", contract).groups()
    acceptance = next(phase for phase in case["phases"] if phase["id"] == "acceptance")
    assert acceptance["weeks"] == [int(first), int(last)]
    assert project["go_live"] == int(opening)
    assert f"In week {project['last_week']} Karee decides" in contract
    for phase in case["phases"]:
        if "milestone" in phase:
            milestone = phase["milestone"]
            assert milestone["percent"] == project["plan"][milestone["week"]]


def test_the_status_report_forecasts_the_milestones_of_the_plan(status, project):
    shown = {int(week): int(percent)
             for percent, week in re.findall(r"\((\d+) %\) \| (\d+) \|", status)}
    assert shown == {week: percent for week, percent in project["plan"].items() if week > 12}


# The pilot

def test_the_weeks_of_the_pilot_add_up_to_their_total():
    last = table("pilot")[-1]
    assert last["week"] == "Total"
    for column in last:
        if column != "week":
            assert int(last[column]) == total(column), column


def test_every_eligible_claim_was_paid_or_went_to_a_handler():
    for row in weeks():
        assert row["eligible"] == row["paid_by_lantern"] + row["to_handler"]
        assert row["paid_by_lantern"] == row["stood_two_weeks"] + row["reopened"]
        assert row["rejections_proposed"] <= row["to_handler"] <= row["eligible"] <= row["received"]


def test_two_weeks_had_passed_for_every_claim_before_the_play_begins(project):
    assert [row["week"] for row in weeks()] == list(range(3, 11))
    assert weeks()[-1]["week"] + 2 == project["first_week"] - 1


def test_three_shares_describe_the_same_claims(reading, emails, note, scenes):
    assert on_the_day() == Fraction(62, 100)
    assert stood() == Fraction(496, 1000)
    assert Fraction(total("stood_two_weeks"), total("received")) == Fraction(31, 100)
    for text in (reading, emails, note, scenes["programme"]):
        assert "62 %" in text and "49.6 %" in text and "31 %" in text


def test_the_share_that_stands_grew_from_the_first_week_to_the_last(reading, emails, note):
    shares = [Fraction(row["stood_two_weeks"], row["eligible"]) for row in weeks()]
    assert shares == sorted(shares)
    first, last = weeks()[0], weeks()[-1]
    for row, share in ((first, "41.1"), (last, "54.8")):
        pair = f"{row['stood_two_weeks']} of {row['eligible']}"
        assert pair in reading and pair in emails
        assert rounded(100 * Fraction(row["stood_two_weeks"], row["eligible"]), 1) == Decimal(share)
        assert f"{share} %" in note


def test_the_mean_time_fell_from_nine_days_to_five_point_two(reading, emails, note, scenes, said):
    assert rounded(mean_days(), 1) == Decimal("5.2")
    assert rounded(DAYS["before"] - mean_days(), 1) == Decimal("3.8")
    assert rounded(100 * (DAYS["before"] - mean_days()) / DAYS["before"], 0) == 42
    for text in (reading, emails, note, scenes["post"], said["post/own-words"]):
        assert "5.2" in text
    assert "7,833 ÷ 1,500" in note and mean_days() * 1500 == 7833
    assert "42 %" in note and "3.8 days" in note


def test_half_a_day_is_true_for_one_claim_in_two():
    assert Fraction(49, 100) < stood() < Fraction(51, 100)
    assert DAYS["handler"] - DAYS["before"] == Fraction(1, 2)      # those who wait longer now


def test_the_samples_are_the_same_in_every_document(reading, emails, scenes, note):
    for text in (emails, scenes["second-look"], note, reading):
        assert re.search(r"\b150\b", text) and re.search(r"\b60\b", text)
        assert re.search(r"\b(9 were wrong|9 of 60)\b", text)
    assert total("rejections_proposed") == 120
    assert Fraction(6, 150) == Fraction(4, 100) and "96 of 100" in emails
    assert Fraction(7, 200) == Fraction(35, 1000)
    assert Fraction(9, 60) == Fraction(15, 100)
    assert Fraction(12, 200) == Fraction(6, 100)
    assert "6 in 100 are wrong. Here it is 15" in scenes["second-look"]


def test_sixty_cases_leave_room_from_eight_to_twenty_six(scenes, note):
    low, high = (100 * bound for bound in wilson(9, 60))
    assert (round(low), round(high)) == (8, 26)
    assert "It may be 8 and it may be 26" in scenes["second-look"]
    assert f"from {low:.1f} to {high:.1f}" in note
    assert low > 6                 # above the limit of clause 8.4


# The benefits

def benefit(item: str, column: str) -> Decimal:
    return Decimal(next(row[column] for row in table("benefits") if row["item"].startswith(item)))


def test_the_benefits_follow_from_the_pilot():
    year = eligible_a_year()
    assert year == 39_000
    expected = {
        "Share": (100 * on_the_day(), 100 * stood()),
        "Eligible claims": (year, year),
        "Claims without": (on_the_day() * year, stood() * year),
        "Hours saved": (claimed_hours(), stood() * year * HOURS_A_CLAIM),
        "Hours for reopened": (0, -(on_the_day() - stood()) * year * HOURS_AGAIN),
        "Net hours": (claimed_hours(), verified_hours()),
        "Value of net": (claimed_benefit(), verified_hours() * RAND_AN_HOUR),
        "Two reviewers": (0, -REVIEWERS * REVIEWER),
        "Benefit": (claimed_benefit(), verified_benefit()),
    }
    for item, (claimed, verified) in expected.items():
        assert Fraction(benefit(item, "claimed")) == claimed, item
        assert Fraction(benefit(item, "verified")) == verified, item
    for column, hours in (("claimed", claimed_hours()), ("verified", verified_hours())):
        assert benefit("Handlers' years", column) == rounded(hours / HOURS_A_YEAR, 1)
    assert benefit("Mean time", "verified") == rounded(mean_days(), 1)
    assert Fraction(benefit("Mean time", "claimed")) == DAYS["stood"]


def test_claimed_and_verified_are_the_same_sums_everywhere(reading, scenes, note):
    claimed, verified = f"R{int(claimed_benefit()):,}", f"R{int(verified_benefit()):,}"
    assert (claimed, verified) == ("R9,672,000", "R5,850,400")
    for text in (reading, scenes["board-date"], note):
        assert claimed in text and verified in text
    assert verified in scenes["old-figure"]
    assert claimed in page("exhibits/minutes-12.md")


def test_the_steps_in_item_seven_lead_from_one_sum_to_the_other(scenes):
    gross = stood() * eligible_a_year() * HOURS_A_CLAIM * RAND_AN_HOUR
    again = (on_the_day() - stood()) * eligible_a_year() * HOURS_AGAIN * RAND_AN_HOUR
    for step in (gross, again, REVIEWERS * REVIEWER, gross - again - REVIEWERS * REVIEWER):
        assert f"R{int(step):,}" in scenes["board-date"]
    assert HOURS_A_CLAIM * RAND_AN_HOUR == 400 and "R400 each" in scenes["board-date"]


def test_short_forms_of_the_sums_are_rounded_and_not_improved(said, emails):
    assert rounded(claimed_benefit() / 10**6, 1) == Decimal("9.7")
    assert rounded(verified_benefit() / 10**6, 1) == Decimal("5.9")
    assert "R9.7 million and R5.9 million" in one_line(said["board-date/two-columns"])
    assert "R9.7 million" in said["board-date/keep-target"] and "R9.7 million" in emails
    low, high = map(int, re.search(r"R(\d+) to R(\d+) million", said["board-date/range"]).groups())
    assert low * 10**6 < verified_benefit() < claimed_benefit() < high * 10**6


def test_verified_is_three_fifths_of_claimed(reading, note):
    share = verified_benefit() / claimed_benefit()
    assert rounded(100 * share, 1) == Decimal("60.5")
    assert "60.5 %" in note and "three fifths" in reading


def test_hours_are_23_handlers_claimed_16_verified_and_14_after_the_reviewers(
        reading, emails, scenes, said):
    claimed = rounded(claimed_hours() / HOURS_A_YEAR, 0)
    verified = rounded(verified_hours() / HOURS_A_YEAR, 0)
    assert (claimed, verified, verified - REVIEWERS) == (23, 16, 14)
    assert rounded(verified_hours(), 0) == 27_082
    assert "27,082" in reading and "27,082" in scenes["the-list"]
    for text in (scenes["corridor"], scenes["the-list"], reading):
        assert "16" in text and "14" in text
    assert "23 handlers" in emails and "23 handlers" in scenes["corridor"]
    assert "14 handlers' hours, 12 leavers" in said["the-list/what-it-shows"]


def test_leavers_and_open_desks_cover_the_hours_that_are_saved(case, reading, scenes, note):
    assert rounded(verified_hours() / HOURS_A_YEAR, 0) - REVIEWERS < LEAVERS + OPEN_DESKS
    for text in (scenes["corridor"], scenes["the-list"], reading):
        assert f"{LEAVERS} " in text and f"{OPEN_DESKS} " in text
    assert f"handled by {HANDLERS} people" in one_line(case["client"]["about"])
    assert f"{LEAVERS} of {HANDLERS} handlers left" in page("exhibits/minutes-12.md")
    assert "14 can be met without a dismissal" in note


def test_the_payback_in_the_teaching_note(note, project):
    run = 1_800_000
    left = verified_benefit() - run
    assert f"R{int(left):,}" in note
    price = project["budget"] * 1000
    assert rounded(price / left, 1) == Decimal("3.3")
    assert rounded(price / (claimed_benefit() - run), 1) == Decimal("1.7")
    assert "3.3 years instead of 1.7" in note


def test_earned_value_in_the_teaching_note(note, project):
    last = table("earned-value")[-1]
    for key in ("ev_reported", "ev_passed"):
        earned = int(last[key])
        for value, places in ((Fraction(earned, int(last["pv"])), 2),
                              (Fraction(earned, project["spent"]), 2)):
            assert str(rounded(value, places)) in note
        forecast = Fraction(project["budget"] * project["spent"], earned)
        assert f"EAC {rounded(forecast, 0):,}" in note
    over = Fraction(project["budget"] * project["spent"], int(last["ev_passed"])) - project["budget"]
    assert over == 1800 and "R1,800,000 against the estimate" in note


# Figures that only incidents give

def test_nineteen_wrong_letters_of_thirty_one_cost_what_the_scene_says(scenes, said, case):
    wrong, letters = re.search(r"(\d+) of the (\d+) were wrong", scenes["letters"]).groups()
    assert (int(wrong), int(letters)) == (19, 31)
    mean, owed = re.search(r"payment of R([\d,]+), that is R([\d,]+)", scenes["letters"]).groups()
    assert int(wrong) * number(mean) == number(owed) == 121_600
    assert "R121,600" in said["letters/handlers-check"]
    check = next(response for incident in case["incidents"] if incident["id"] == "letters"
                 for response in incident["responses"] if response["id"] == "handlers-check")
    assert check["effects"]["cost"] * 1000 >= number(owed)


def test_acceptance_meets_two_limits_and_misses_one_by_two_claims(scenes, contract):
    share, payments, rejections = (Decimal(found) for found in re.findall(
        r"Found: ([\d.]+\d)", scenes["sign-off"]))
    limits = [Decimal(re.search(pattern, contract).group(1)) for pattern in (
        r"At least (\d+) % of the eligible", r"at most ([\d.]+) in 100 are wrong\.\s+\*\*8\.4",
        r"200 rejections .*? at most ([\d.]+) in 100")]
    assert share >= limits[0] and payments <= limits[1] and rejections > limits[2]
    assert Fraction(14, 200) * 100 == Fraction(rejections)
    assert 14 - Fraction(limits[2]) * 200 / 100 == 2


def test_twelve_wrong_of_two_hundred_would_meet_the_limit(case):
    promise = next(response["promises"][0] for incident in case["incidents"]
                   if incident["id"] == "sign-off" for response in incident["responses"]
                   if response["id"] == "with-conditions")
    assert "no more than 12 wrong" in promise["what"]
    assert Fraction(12, 200) * 100 == 6


def test_the_pilot_already_met_the_limit_for_payments_and_share_but_not_for_rejections():
    assert 100 * stood() >= 45
    assert Fraction(6, 150) * 100 <= 4
    assert Fraction(9, 60) * 100 > 6


def test_the_first_full_week_is_counted_on_the_day(scenes):
    claims, eligible, paid, share = re.search(
        r"first full week ([\d,]+) claims came in and (\d+) were eligible\. Lantern paid (\d+) of "
        r"them, (\d+) %", scenes["first-month"]).groups()
    assert Fraction(int(paid), int(eligible)) == Fraction(int(share), 100)
    assert abs(number(claims) - Decimal(CLAIMS_A_YEAR) / 52) < 20
    assert Fraction(60, 100) < Fraction(int(eligible), int(number(claims))) < Fraction(65, 100)


def test_the_proposal_for_fleets_is_its_people_and_weeks_at_the_rate(scenes):
    price, weeks_ = re.search(r"R([\d,]+), eight people for (\d+) weeks", scenes["upsell"]).groups()
    assert number(price) == 8 * int(weeks_) * 36_000


def test_twenty_two_people_cost_imogen_792_thousand_a_week(note, scenes, emails, reading):
    assert 22 * 36_000 == 792_000 and "R792,000 a week" in note
    for text in (scenes["programme"], scenes["upsell"], emails, reading):
        assert re.search(r"\b22\b", text)


def test_reserves_last_from_week_24_to_week_30(scenes, project):
    assert "reserves for six weeks" in scenes["upsell"]
    assert "until week 30" in scenes["upsell"] and project["last_week"] == 24 + 6


# The whole

def test_twelve_hundred_claims_come_in_a_week(reading):
    assert rounded(Fraction(CLAIMS_A_YEAR, 52), 0) == 1200
    assert "62,400" in reading and "about 1,200 a week" in reading
    share = Fraction(total("eligible"), total("received"))
    assert share == Fraction(625, 1000) and "Three of five" in reading


def test_percentages_in_the_reading_belong_to_the_case(reading, project):
    known = {Decimal(project["done"]), Decimal(project["done"] + project["hidden"]),
             Decimal(project["plan"][12]), Decimal(62), Decimal("49.6"), Decimal(31)}
    assert {Decimal(p) for p in re.findall(r"([\d.]+) %", reading)} == known


def test_every_sum_of_money_in_the_reading_can_be_found_or_worked_out(reading, project):
    known = {project["budget"] * 1000, project["spent"] * 1000, int(claimed_benefit()),
             int(verified_benefit()), 1_800_000, 36_000, 10_000, REVIEWER, RAND_AN_HOUR}
    for found in re.findall(r"R([\d,]*\d)\b", reading):
        assert int(number(found)) in known, found


def test_the_reading_has_the_length_of_a_case():
    words = len((CASE / "reading.md").read_text(encoding="utf-8").split())
    assert 2000 <= words <= 3500


def test_the_reading_refers_to_every_exhibit_by_its_number(reading, case):
    titles = {re.match(r"Exhibit (\d):", exhibit["title"]).group(1) for exhibit in case["exhibits"]}
    cited = set()
    for one, two in re.findall(r"Exhibits? (\d)(?: and (\d))?", reading):
        cited |= {one, two} - {""}
    assert cited == titles


def test_every_exhibit_of_the_case_is_a_file_and_every_file_is_an_exhibit(case):
    listed = {exhibit["file"] for exhibit in case["exhibits"]}
    assert listed == {f"exhibits/{path.name}" for path in EXHIBITS.iterdir()}


def test_the_reading_keeps_what_people_never_say_to_itself(reading):
    pages = [reading, *(page(f"exhibits/{path.name}") for path in EXHIBITS.glob("*.md"))]
    for text in pages:
        for secret in ("one vote", "outside company", "twenty names", "pricing model",
                       "consumer programme", "first pages"):
            assert secret not in text


def test_promises_fall_due_in_the_weeks_of_the_teaching_note(case, note):
    due = sorted({promise["due"] for incident in case["incidents"]
                  for response in incident["responses"]
                  for promise in response.get("promises", ())})
    listed = re.search(r"Promises fall due in weeks ([\d, and]+)", note).group(1)
    assert due == sorted({int(week) for week in re.findall(r"\d+", listed)})


def test_responses_of_one_incident_are_about_equally_long(case):
    for incident in case["incidents"]:
        lengths = [len(response["say"]) for response in incident["responses"]]
        assert max(lengths) <= 1.2 * min(lengths), incident["id"]


def test_five_consequences_at_least_reach_across_incidents(case):
    """Responses set flags or are named in conditions of other incidents, offers and endings."""
    asked = set()

    def collect(condition):
        if isinstance(condition, dict):
            for key, value in condition.items():
                if key == "flag":
                    asked.add(value)
                elif key == "chosen":
                    asked.update(value)
                else:
                    collect(value)
        elif isinstance(condition, list):
            for part in condition:
                collect(part)

    for incident in case["incidents"]:
        collect(incident.get("when"))
        for response in incident["responses"]:
            collect(response.get("when"))
            for promise in response.get("promises", ()):
                collect(promise["kept_when"])
    for ending in case["endings"]:
        collect(ending.get("when"))
    assert len(asked) >= 5
