"""Every figure of "After Hours", worked out again from its exhibits.

The arithmetic here is its own: it shares no code with the product, so that a wrong formula there
cannot make a wrong figure here look right. Money in the exhibits is in thousands of euros.
"""

import re
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest

from .paper import Papers, number, planned, rounded, whole
from .paper import one_line as flat

PAPERS = Papers("after-hours")
CASE, EXHIBITS, table, page = PAPERS.folder, PAPERS.exhibits, PAPERS.table, PAPERS.page
HISTORY = {0: 0, 3: 6, 6: 16}      # the plan before the play, which case.yaml does not need


# Reading the exhibits

def rows(text: str, start: str) -> list[list[str]]:
    """Cells of the rows of Markdown tables whose first cell matches ``start``."""
    out = []
    for line in text.splitlines():
        if line.lstrip().startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if re.match(start, cells[0]):
                out.append(cells)
    assert out, f"no row {start!r}"
    return out


# The facts, each from one place

@pytest.fixture(scope="module")
def scenes(case) -> dict[str, str]:
    return {incident["id"]: flat(incident["scene"]) for incident in case["incidents"]}


@pytest.fixture(scope="module")
def endings(case) -> dict[str, str]:
    return {ending["id"]: flat(ending["text"]) for ending in case["endings"]}


@pytest.fixture(scope="module")
def said(case) -> str:
    """Everything that case.yaml says, on one line."""
    return re.sub(r"\s+", " ", (CASE / "case.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def status() -> str:
    return page("exhibits/status-9.md")


@pytest.fixture(scope="module")
def people() -> str:
    return page("exhibits/people.md")


@pytest.fixture(scope="module")
def note() -> str:
    return page("teaching-note.md")


def planned_percent(project: dict, week: int) -> Fraction:
    """The plan in percent at the end of a week, on a straight line between its points."""
    return planned(HISTORY | project["plan"], week)


def packages() -> list[dict[str, str]]:
    return [row for row in table("work-packages") if row["package"] != "Total"]


def closed() -> int:
    return sum(whole(row, "closed_value") for row in packages())


def proved() -> int:
    return sum(whole(row, "proved_value") for row in packages())


def forecast(project: dict, earned: int) -> Fraction:
    """Cost at completion if cost goes on as it went."""
    return Fraction(project["budget"] * project["spent"], earned)


def instalments(contract: str) -> list[tuple[int, Decimal, int]]:
    return [(int(number(cells[2])), number(cells[3]), int(cells[4]))
            for cells in rows(contract, r"T\d$")]


def shares(people: str) -> dict[str, int]:
    found = {cells[0].split()[0]: int(cells[1]) for cells in rows(people, r"(Inês|Duarte|Leonor|Graça) V")
             if cells[1].isdigit()}
    assert len(found) == 4
    return found


def monthly(contract: str) -> Decimal:
    return number(re.search(r"service charge is €([\d,]+) a month", contract).group(1))


def extension(contract: str) -> Decimal:
    yearly = number(re.search(r"further years is €([\d,]+) a year", contract).group(1))
    return 3 * yearly


# Earned value

def test_planned_value_lies_on_the_straight_lines_of_the_plan(project):
    for row in table("earned-value"):
        assert whole(row, "pv") == project["budget"] * planned_percent(project, int(row["week"])) / 100


def test_the_table_has_every_third_week_up_to_the_play(project):
    assert [int(row["week"]) for row in table("earned-value")] == [3, 6, project["first_week"] - 1]


def test_both_indices_follow_from_the_values_beside_them():
    for row in table("earned-value"):
        earned = whole(row, "ev_reported")
        assert Decimal(row["spi_reported"]) == rounded(Fraction(earned, whole(row, "pv")), 2)
        assert Decimal(row["cpi_reported"]) == rounded(Fraction(earned, whole(row, "ac")), 2)


def test_values_never_fall_from_one_report_to_the_next():
    for column in ("pv", "ev_reported", "ac"):
        values = [whole(row, column) for row in table("earned-value")]
        assert values == sorted(values)


def test_week_9_is_where_the_play_takes_over(project):
    last = table("earned-value")[-1]
    assert whole(last, "ac") == project["spent"]
    assert whole(last, "pv") == project["plan"][9] * project["budget"] // 100
    reported = project["done"] + project["hidden"]
    assert whole(last, "ev_reported") == closed() == Fraction(reported * project["budget"], 100)


# Work packages

def test_work_packages_add_up_to_their_total_row(project):
    total = table("work-packages")[-1]
    assert total["package"] == "Total"
    for column in ("budget", "closed_value", "proved_value"):
        assert whole(total, column) == sum(whole(row, column) for row in packages()), column
    assert whole(total, "budget") == project["budget"]


def test_each_value_is_exactly_its_percentage_of_the_budget():
    for row in table("work-packages"):
        for percent, value in (("percent_closed", "closed_value"),
                               ("percent_proved_at_night", "proved_value")):
            assert whole(row, value) * 100 == whole(row, percent) * whole(row, "budget"), row


def test_nothing_is_proved_at_night_that_is_not_closed():
    for row in table("work-packages"):
        assert 0 <= whole(row, "proved_value") <= whole(row, "closed_value") <= whole(row, "budget")


def test_what_is_proved_at_night_is_what_the_play_calls_done(project):
    assert proved() == Fraction(project["done"] * project["budget"], 100)


def test_the_gap_lies_mostly_in_cais_and_rota(emails, note):
    gap = {row["package"].split()[-1]: whole(row, "closed_value") - whole(row, "proved_value")
           for row in packages()}
    total, systems = closed() - proved(), gap["Cais"] + gap["Rota"]
    assert systems > total / 2
    assert f"{systems} of the {total}" in emails
    assert f"€{systems},000 of the €{total},000" in note


# The status report

def test_the_status_report_repeats_the_earned_value_table(status, project):
    before, now = table("earned-value")[-2:]
    for label, column in (("Planned value", "pv"), ("Earned value", "ev_reported"),
                          ("Schedule index", "spi_reported")):
        cells = rows(status, label)[0]
        assert (number(cells[1]), number(cells[2])) == (Decimal(before[column]), Decimal(now[column]))
    for column, row in ((1, before), (2, now)):
        share = 100 * Fraction(whole(row, "ev_reported"), project["budget"])
        assert number(rows(status, "Work closed")[0][column]) == share
        assert number(rows(status, "Planned progress")[0][column]) == planned_percent(
            project, int(row["week"]))
    assert f"This figure, {project['done']} %" in status.replace("*proved at night*. ", "")


def test_the_forecast_in_the_status_report_follows_from_the_index(status, project, contract):
    cost = forecast(project, closed())
    margin = project["value"] - cost
    for label, value in (("Budget at", project["budget"]), ("Actual cost", project["spent"]),
                         ("Estimate at", rounded(cost, 0)),
                         ("Forecast margin on", rounded(margin, 0)),
                         ("Forecast margin$", rounded(100 * margin / project["value"], 1)),
                         ("Planned margin", rounded(Fraction(100 * (project["value"]
                          - project["budget"]), project["value"]), 1)),
                         ("Cost index", rounded(Fraction(closed(), project["spent"]), 2)),
                         ("Paid by", rounded(Fraction(instalments(contract)[0][1]) / 1000, 0))):
        assert number(rows(status, label)[0][1]) == value, label
    assert f"{extension(contract) / 1000:,.0f} in all" in status


def test_milestones_agree_in_report_contract_and_play(case, status, contract):
    weeks = [week for _, _, week in instalments(contract)]
    assert [int(cells[1]) for cells in rows(status, r"T\d ")] == weeks
    played = [phase["milestone"] for phase in case["phases"] if "milestone" in phase]
    assert [milestone["week"] for milestone in played] == weeks[1:]
    for milestone, cells in zip(played, rows(status, r"T[2-5] "), strict=True):
        assert milestone["percent"] == case["project"]["plan"][milestone["week"]] == number(cells[2])
        assert milestone["title"] == cells[0]
    assert case["project"]["go_live"] == weeks[-1] == 30


def test_briefs_name_the_planned_percent_of_their_milestone(case):
    for phase in case["phases"]:
        for week, percent in re.findall(r"week (\d+)[^.]*?(\d+) %", flat(phase["brief"])):
            assert case["project"]["plan"][int(week)] == int(percent), phase["id"]


# The contract

def test_instalments_add_up_to_the_transition_charge(contract, project):
    charge = number(re.search(r"transition charge is fixed at €([\d,]+)", contract).group(1))
    assert charge == 1000 * project["value"]
    assert sum(share for share, _, _ in instalments(contract)) == 100
    assert sum(amount for _, amount, _ in instalments(contract)) == charge
    for share, amount, _ in instalments(contract):
        assert amount * 100 == share * charge


def test_the_planned_margin_is_a_fifth_of_the_charge(project):
    assert Fraction(project["value"] - project["budget"], project["value"]) == Fraction(1, 5)


def test_service_credits_are_four_percent_a_tenth_up_to_twelve(contract):
    charge = monthly(contract)
    step, cap = re.search(r"4 % of the monthly charge, €([\d,]+)\. Credits are capped at 12 % of the "
                          r"monthly charge, €([\d,]+)", contract).groups()
    assert number(step) == charge * 4 / 100 == 4_800
    assert number(cap) == charge * 12 / 100 == 3 * number(step) == 14_400


def test_the_extension_is_three_years_of_twelve_monthly_charges(contract, said, reading, emails):
    total = extension(contract)
    assert total == 36 * monthly(contract) == 4_320_000
    for text in (said, reading, emails):
        assert f"€{total:,}" in text
    assert f"€{total / 3:,.0f} a year" in reading


def test_exit_charges_of_three_and_nine_months_and_their_difference(contract, scenes, reading, said, note):
    three, nine = 3 * monthly(contract), 9 * monthly(contract)
    for sum_ in (three, nine, nine - three):
        assert f"€{sum_:,}" in scenes["price"]
        assert f"€{sum_:,}" in note
    assert (three, nine, nine - three) == (360_000, 1_080_000, 720_000)
    assert f"€{three:,}" in reading
    assert f'"€{nine:,}. I have compared' in said
    assert f'"{three:,} more to be rid of you' in said


def test_ending_the_agreement_costs_about_three_monthly_charges(contract, scenes, reading, note):
    fee = number(re.search(r"then pays €([\d,]+)", contract).group(1))
    assert f"€{fee:,}" in scenes["brother"] and f"€{fee:,}" in reading
    assert f"{rounded(Fraction(fee) / Fraction(monthly(contract)), 1)} × €{monthly(contract):,}" in note


def test_the_peak_begins_after_the_last_week_played(contract, case, scenes):
    first, last = map(int, re.search(r"from the start of week (\d+) to the end of week (\d+)",
                                     contract).groups())
    assert first == case["project"]["last_week"] + 1
    assert (last - first + 1) == 8      # "two more months"
    assert f"From week {first} to week {last} nothing moves" in scenes["go-no-go"]
    assert f"From week {first} to week {last}" in case["phases"][-1]["brief"]


def test_a_delay_of_two_weeks_still_ends_before_the_peak(case):
    delay = next(r for i in case["incidents"] if i["id"] == "go-no-go" for r in i["responses"]
                 if r["id"] == "two-weeks")
    assert delay["effects"]["go_live"] == 2
    assert case["project"]["go_live"] + 2 == 32 < case["project"]["last_week"] + 1
    lines = " ".join(line for who in delay["reaction"].values() for band in who.values()
                     for line in band)
    assert set(re.findall(r"[Ww]eek (\d\d)", lines)) == {"20", "30", "32", "35"}


# The budget

def test_budget_lines_add_up_to_their_total(project):
    *lines, total = table("budget")
    for column in ("planned", "spent_to_week_9", "remaining"):
        assert whole(total, column) == sum(whole(line, column) for line in lines), column
    assert whole(total, "planned") == project["budget"]
    assert whole(total, "spent_to_week_9") == project["spent"]
    for line in table("budget"):
        assert whole(line, "remaining") == whole(line, "planned") - whole(line, "spent_to_week_9")


def test_the_line_for_people_follows_from_numbers_weeks_and_rate(project, people):
    line = table("budget")[0]
    few, until, many, since, last, rate = re.match(
        r"(\d+) people to week (\d+) and (\d+) people from week (\d+) to week (\d+) at ([\d.]+)",
        line["basis"]).groups()
    assert int(since) == int(until) + 1 and int(last) == project["go_live"]
    rate = Decimal(rate)
    early = int(few) * int(until)
    assert rate * (early + int(many) * (int(last) - int(until))) == whole(line, "planned")
    assert rate * (early + int(many) * (9 - int(until))) == whole(line, "spent_to_week_9")
    assert rate * int(many) == project["weekly_cost"]
    assert f"team has {many} people" in people


def test_money_left_for_people_lasts_exactly_until_service_start(project):
    weeks = project["go_live"] - project["first_week"] + 1
    assert weeks == 21
    assert whole(table("budget")[0], "remaining") == weeks * project["weekly_cost"]


# People and owners

def test_the_team_is_22_people_everywhere(people, reading, case):
    engineers = int(re.search(r"team has 22 people: Sasha, Hanna, (\d+) engineers and three trainers",
                              people).group(1))
    assert 1 + 1 + engineers + 3 == 22
    assert "seventeen engineers" in reading and "team of 22" in reading
    assert "your team of 22" in flat(case["phases"][0]["brief"])
    hanna = next(one for one in case["colleagues"] if one["id"] == "hanna")
    assert f"{engineers} engineers" in hanna["about"]


def test_staff_add_up_to_1900(people, reading, case):
    found = re.search(
        r"Staff: ([\d,]+) in the depots, (\d+) drivers, (\d+) in planning and customer service, (\d+) at "
        r"head office; ([\d,]+) in all\. Of the ([\d,]+), (\d+) work at night", people).groups()
    depots, drivers, service, office, total, again, nights = (int(number(part)) for part in found)
    assert depots + drivers + service + office == total == 1900
    assert again == depots and nights < depots
    for figure in (f"{total:,}", f"{depots:,}", str(drivers), str(nights)):
        assert figure in reading
    assert f"{total:,} staff" in case["client"]["about"]


def test_nine_depots_are_five_and_four(people, reading, scenes, case):
    assert "Four cold depots, five parcel depots" in people
    assert "five parcel depots and four cold depots" in reading
    assert "five squares for parcels and four for cold" in scenes["go-no-go"]
    assert "four cold depots, five parcel depots" in flat(case["client"]["about"])


def test_shares_add_up_to_a_hundred_and_are_the_same_everywhere(people, reading, scenes, case):
    held = shares(people)
    assert sum(held.values()) == 100
    assert "Inês and her brother Duarte 28 each" in reading
    assert "Leonor 24" in reading and "Graça 20" in reading
    assert "Inês and Duarte 28 each, their cousin Leonor 24, their aunt Graça 20" in scenes["eve"]
    for contact in case["contacts"][:2]:
        assert f"owner of {held[contact['name'].split()[0]]} %" in flat(contact["about"])
    assert (held["Inês"], held["Leonor"], held["Graça"], held["Duarte"]) == (28, 24, 20, 28)


def test_which_owners_can_decide_what_as_the_teaching_note_says(people, note):
    held = shares(people)
    pairs = {frozenset(pair): held[pair[0]] + held[pair[1]] for pair in combinations(held, 2)}
    enough = {pair for pair, sum_ in pairs.items() if sum_ > 50}
    assert enough == {frozenset({"Inês", "Duarte"}), frozenset({"Inês", "Leonor"}),
                      frozenset({"Duarte", "Leonor"})}
    assert pairs[frozenset({"Inês", "Graça"})] == 48 and pairs[frozenset({"Leonor", "Graça"})] == 44
    two_thirds = Fraction(200, 3)
    assert rounded(two_thirds, 1) == Decimal("66.7")
    trios = [sum(held[name] for name in trio) for trio in combinations(held, 3)]
    assert min(trios) == 72 > two_thirds > max(pairs.values()) == 56
    for figure in ("have 56", "have 52", "have 48", "have 44", "66.7", "least 72", "more than 56"):
        assert figure in note, figure


def test_the_vote_in_the_ending_is_one_that_the_shares_allow(people, endings):
    ours, theirs = map(int, re.search(r"It was (\d+) to (\d+)", endings["friend-not-client"]).groups())
    held = shares(people)
    sums = {sum(held[name] for name in group) for size in (1, 2, 3)
            for group in combinations(held, size)}
    assert ours + theirs == 100 and ours > 50 and {ours, theirs} <= sums


# The night log

def test_readings_due_are_one_every_ten_minutes_from_22_to_6(note):
    due = 8 * 60 // 10
    for row in table("night-log"):
        assert whole(row, "bay4_readings_due") == due == 48
        assert whole(row, "bay4_received_from_box") <= due
    assert "48 readings a night" in note


def test_two_nights_from_ten_past_one_until_five_lose_46_readings(scenes, note):
    lost_a_night = len(range(1 * 60 + 10, 5 * 60, 10))
    bad = [row for row in table("night-log")
           if row["bay4_received_from_box"] != row["bay4_in_temperature_record"]]
    assert [row["night"] for row in bad] == ["Wednesday", "Thursday"]
    for row in bad:
        assert whole(row, "bay4_received_from_box") == 48 - lost_a_night == 25
        assert whole(row, "bay4_in_temperature_record") == 48
    copied = sum(whole(row, "bay4_in_temperature_record") - whole(row, "bay4_received_from_box")
                 for row in bad)
    assert copied == 2 * lost_a_night == 46
    assert "46 of them" in scenes["bay-four"] and "from ten past one until five" in scenes["bay-four"]
    assert "46 readings came from somewhere other than the box" in note


def test_46_readings_are_46_wherever_they_are_spoken_of(said):
    assert "46 readings are missing" in said
    assert '"46 readings, two nights.' in said and "count to 46" in said and "the 46 numbers" in said


def test_the_share_received_in_week_9_and_the_cap_that_it_would_reach(note, contract):
    received = sum(whole(row, "bay4_received_from_box") for row in table("night-log"))
    due = sum(whole(row, "bay4_readings_due") for row in table("night-log"))
    assert (received, due) == (288, 336)
    share = Fraction(100 * received, due)
    assert f"{received} of {due} readings, {rounded(share, 1)} %" in note
    tenths = int((Fraction(995, 10) - share) * 10)
    assert tenths * 4_800 > 14_400
    assert "€14,400" in note and "€14,400" in contract


def test_the_longest_waits_fall_on_the_two_nights_without_readings(note, emails):
    waits = sorted(table("night-log"), key=lambda row: -whole(row, "longest_screen_wait_seconds"))
    assert {row["night"] for row in waits[:2]} == {"Wednesday", "Thursday"}
    seconds = sorted(whole(row, "longest_screen_wait_seconds") for row in waits[:2])
    assert seconds == [38, 41]
    assert "38 and 41 seconds" in emails and "38 and 41 seconds" in re.sub(r"\s+", " ", note)


def test_the_new_run_is_faster_on_most_nights_and_the_old_one_takes_about_an_hour(said, endings):
    log = table("night-log")
    faster = [row for row in log if whole(row, "planning_run_minutes_new")
              < whole(row, "planning_run_minutes_old")]
    assert len(faster) == 6
    old = [whole(row, "planning_run_minutes_old") for row in log]
    assert max(old) <= 61 and rounded(Fraction(sum(old), len(old)), 0) == 58
    assert "41 minutes for the planning run. It was 58" in said
    assert "used to take 58 minutes takes 41" in endings["run-and-returned"]


# Incidents

def test_training_for_fourteen_costs_126000(scenes, note, emails):
    each, all_ = re.search(r"€([\d,]+) for each, €([\d,]+) in all", scenes["fourteen-letters"]).groups()
    assert 14 * number(each) == number(all_) == 126_000
    assert "€126,000 of training" in note and "fourteen posts" in emails


def test_six_and_eight_posts_make_fourteen(case):
    hedge = next(r for i in case["incidents"] if i["id"] == "fourteen-letters"
                 for r in i["responses"] if r["id"] == "hedge")
    assert "six permanent posts and eight for two years" in flat(hedge["say"])
    assert 6 + 8 == 14


def test_half_of_the_fee_for_old_rota_is_what_nalini_names(scenes, said, endings):
    fee = number(re.search(r"wants €([\d,]+) for it", scenes["go-no-go"]).group(1))
    assert f"€{fee / 2:,.0f} each" in said
    assert f"€{fee:,}" in endings["two-systems"]


def test_vans_that_left_at_0541_were_eleven_minutes_late(scenes, said):
    planned = re.search(r"vans leave at 0?(\d):(\d\d)", scenes["two-am"]).groups()
    left = re.search(r'"0?(\d):(\d\d)\. Eleven minutes late', said).groups()
    minutes = [int(hour) * 60 + int(minute) for hour, minute in (planned, left)]
    assert minutes[1] - minutes[0] == 11


def test_questions_of_the_night_shift_are_23_of_which_four_stay_open(said):
    asked, answered = re.search(r'"(\d\d) questions\. (\d\d) I could answer', said).groups()
    assert int(asked) - int(answered) == 4 and "four questions that I cannot answer" in said
    assert f"all {asked} to Inês" in said


def test_the_price_of_the_pen_is_above_the_limit_of_the_code(scenes):
    limit = number(re.search(r"worth more than €(\d+)", page("exhibits/code.md")).group(1))
    value = number(re.search(r"worth €(\d+) to a collector", scenes["pen"]).group(1))
    assert value > limit == 50
    assert f"gifts above €{limit}" in scenes["pen"]


def test_those_who_know_of_the_offer_are_counted_alike(scenes, said):
    assert '"Four people knew," she says. "Then I told you. I have gone through the other three' in scenes["repeated"]
    assert "Four people know" in said
    assert "there will now be six who know" in said      # four, you, and Rosalind


def test_a_third_of_the_extension_is_one_year(contract, said):
    assert extension(contract) / 3 == 12 * monthly(contract)
    assert "you tell me to take a third of it" in said


def test_the_promise_of_silence_falls_due_before_the_council_meets(case, people):
    promise = next(r for i in case["incidents"] if i["id"] == "car-park" for r in i["responses"]
                   if r["id"] == "promise-silence")["promises"][0]
    council = int(re.search(r"the next time is in week (\d+)", people).group(1))
    assert promise["due"] == council - 1


def test_five_weeks_ago_was_week_5(reading, project):
    assert "carried it for five weeks" in reading and "Five weeks ago was week 5" in reading
    assert project["first_week"] - 5 == 5


# Who could have known what, and when

def test_messages_stand_in_the_order_in_which_they_were_sent(emails, status):
    days = ["Friday of week 9", "Monday", "Tuesday"]
    sent = [(days.index(day), hour) for day, hour in
            re.findall(r"^\*\*(Friday of week 9|Monday|Tuesday),? (\d\d:\d\d)", emails, re.M)]
    assert len(sent) == 7 and sent == sorted(sent)
    issued = (1, re.search(r"Issued on Monday of week 10, (\d\d:\d\d)", status).group(1))
    read = re.search(r"Vilhena to Sasha Maas\s+\*\*Monday, (\d\d:\d\d).*?I read your report", emails, re.S)
    assert (1, read.group(1)) > issued


def test_ticket_118_was_written_in_the_week_of_the_timeout(emails, said):
    week = re.search(r"set that timeout to 60 in (week \d+).*?Ticket 118", emails, re.S).group(1)
    assert f"Ticket 118 answers that. I wrote it in {week}." in said
    assert f"I set it to 60 in {week}" in said


def test_owners_vote_in_week_29_and_confirm_in_week_34(people, reading, scenes, project):
    for text in (people, reading):
        assert "week 29" in text and re.search(r"confirm\w* .*?in writing", text)
    assert "in week 34 the four confirm it in writing" in scenes["eve"]
    assert project["last_week"] == 34


# The reading

def test_every_sum_of_money_in_the_reading_can_be_found(reading, project, contract):
    known = {Decimal(1000 * project[key]) for key in ("value", "budget", "spent")} | {
        extension(contract), extension(contract) / 3, 3 * monthly(contract), Decimal(380_000),
        Decimal(4_800), Decimal(14_400), Decimal(50)}
    found = {number(sum_) for sum_ in re.findall(r"€([\d,]+\d)", reading)}
    assert found == known


def test_percentages_in_the_reading_belong_to_the_case(reading, project):
    margin = 100 * (1 - forecast(project, closed()) / project["value"])
    known = {Decimal(project["plan"][9]), Decimal(project["done"]), Decimal("99.5"), Decimal("20.0"),
             rounded(margin, 1)}
    assert {Decimal(p) for p in re.findall(r"([\d.]+) %", reading)} == known
    assert f"the closed work at {project['done'] + project['hidden']}" in reading
    last = table("earned-value")[-1]
    assert f"schedule index was {last['spi_reported']}" in reading
    assert f"cost index {last['cpi_reported']}" in reading
    assert project["hidden"] == 9 and "gap of nine points" in reading


def test_the_reading_has_the_length_of_a_case():
    words = len((CASE / "reading.md").read_text(encoding="utf-8").split())
    assert 2_000 <= words <= 3_500


def test_the_reading_refers_to_every_exhibit_by_its_number(reading, case):
    titles = [exhibit["title"] for exhibit in case["exhibits"]]
    cited = set(re.findall(r"Exhibits? (\d)", reading)) | set(re.findall(r"Exhibits \d and (\d)", reading))
    assert cited == {re.match(r"Exhibit (\d):", title).group(1) for title in titles}


def test_every_exhibit_of_the_case_is_a_file_and_every_file_is_an_exhibit(case):
    listed = {exhibit["file"] for exhibit in case["exhibits"]}
    assert listed == {f"exhibits/{path.name}" for path in EXHIBITS.iterdir()}


def test_the_reading_keeps_what_people_never_say_to_itself(reading):
    pages = [reading, *(page(f"exhibits/{path.name}") for path in EXHIBITS.glob("*.md"))]
    for text in pages:
        for secret in ("buyer", "an offer for the firm", "under her desk", "retire", "copied"):
            assert secret not in text.replace("copied to", "").replace("I copied you", "")


def test_ages_agree_in_reading_and_case(reading, case):
    for contact in case["contacts"]:
        age = re.search(r"(?:, |Lead, |ness, )(\d\d)[,.]", flat(contact["about"])).group(1)
        if contact["id"] != "ines":
            assert f"**{contact['name']}**, {age}" in reading


# The teaching note

def test_the_teaching_note_computes_both_columns(note, project):
    planned = project["plan"][9] * project["budget"] // 100
    for place, earned in ((1, closed()), (2, proved())):
        spi, cpi = Fraction(earned, planned), Fraction(earned, project["spent"])
        cost = forecast(project, earned)
        margin = project["value"] - cost
        share = 100 * margin / project["value"]
        assert number(rows(note, "earned value")[0][place]) == earned
        assert number(rows(note, "planned value")[0][place]) == planned
        assert number(rows(note, "actual cost")[0][place]) == project["spent"]
        assert number(rows(note, "SPI")[0][place]) == rounded(spi, 2)
        assert number(rows(note, "CPI")[0][place]) == rounded(cpi, 2)
        assert number(rows(note, "EAC")[0][place]) == rounded(cost, 0)
        amount, percent = re.match(r"(−?[\d,]+) \((−?[\d.]+) %\)", rows(note, "margin")[0][place]).groups()
        assert number(amount) == rounded(margin, 0)
        assert number(percent) == rounded(share, 1)


def test_the_board_plan_fills_75_minutes(note):
    spans = [tuple(map(int, cells[0].split("–"))) for cells in rows(note, r"\d+–\d+")]
    assert spans[0][0] == 0 and spans[-1][1] == 75
    assert all(left[1] == right[0] for left, right in zip(spans, spans[1:], strict=False))


def test_the_teaching_note_knows_how_many_people_and_incidents_there_are(note, case):
    assert len(case["contacts"]) == 6 and "Six people at the client react" in note
    assert len(case["incidents"]) == 12 and "of twelve incidents" in note
    assert len(case["exhibits"]) == 9 and "nine exhibits" in note
    for ending in case["endings"]:
        assert f"*{ending['title']}*" in note
