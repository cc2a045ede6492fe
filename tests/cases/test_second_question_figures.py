"""Every figure of "The Second Question", worked out again from its exhibits.

The arithmetic here is its own: it shares no code with the product, so that a wrong formula there
cannot make a wrong figure here look right. Money on the pilot's budget is in thousands of Canadian
dollars; money on crates, freight and fees is in dollars.
"""

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from .paper import Papers, number, rounded, whole

PAPERS = Papers("second-question")
CASE, EXHIBITS, table, page = PAPERS.folder, PAPERS.exhibits, PAPERS.table, PAPERS.page
SIZES = ("large", "medium", "small")
PERIODS = 13            # of four weeks in a year
WEEKS = 52


# Reading the exhibits

def row_of(text: str, row: str) -> list[str]:
    """The cells of the row of a Markdown table that begins with ``row``."""
    for line in text.splitlines():
        cells = [part.strip() for part in line.strip().strip("|").split("|")]
        if line.lstrip().startswith("|") and cells[0].startswith(row):
            return cells
    raise AssertionError(f"no row {row!r}")


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


# The facts, each from one place

@pytest.fixture(scope="module")
def incidents(case) -> dict[str, dict]:
    return {incident["id"]: incident for incident in case["incidents"]}


@pytest.fixture(scope="module")
def report() -> str:
    return page("exhibits/report-8.md")


@pytest.fixture(scope="module")
def freight() -> str:
    return page("exhibits/fresh-drop.md")


@pytest.fixture(scope="module")
def note() -> str:
    return page("teaching-note.md")


def stores(size: str | None = None) -> list[dict[str, str]]:
    return [row for row in table("stores")
            if row["store"] != "Total" and size in (None, row["size"])]


def summed(column: str, size: str | None = None) -> int:
    return sum(whole(row, column) for row in stores(size))


def parts(rows: list[dict[str, str]]) -> tuple[int, int, int]:
    """Crates by which forecast exceeds sales, order exceeds forecast, delivery exceeds order."""
    total = {c: sum(whole(row, c) for row in rows)
             for c in ("forecast", "ordered", "delivered", "sold")}
    return (total["forecast"] - total["sold"], total["ordered"] - total["forecast"],
            total["delivered"] - total["ordered"])


def store(name: str) -> dict[str, str]:
    return next(row for row in stores() if row["store"] == name)


def size_row(size: str) -> dict[str, str]:
    return next(row for row in table("sizes") if row["size"] == size)


def crate(emails: str) -> int:
    return int(re.search(r"One crate costs Larkhill CAD (\d+) on average", emails).group(1))


def rebate(freight: str) -> Fraction:
    return Fraction(int(re.search(r"rebate of (\d+) % on purchases", freight).group(1)), 100)


def fee(contract: str) -> int:
    return int(number(re.search(r"fee is CAD ([\d,]+) for each store", contract).group(1)))


# The store table

def test_the_total_row_of_the_store_table_is_the_sum_of_its_stores():
    total = table("stores")[-1]
    for column in ("forecast", "ordered", "delivered", "sold", "wasted"):
        assert whole(total, column) == summed(column), column
    changed = Fraction(summed("lines_changed_percent"), len(stores()))
    assert changed == whole(total, "lines_changed_percent") == 38


def test_what_is_delivered_is_sold_or_wasted_in_every_store():
    for row in table("stores"):
        assert whole(row, "delivered") - whole(row, "sold") == whole(row, "wasted"), row["store"]


def test_a_delivery_is_never_smaller_than_the_order():
    assert all(whole(row, "delivered") >= whole(row, "ordered") for row in stores())


def test_the_pilot_has_four_stores_of_each_size(contract):
    assert [len(stores(size)) for size in SIZES] == [4, 4, 4]
    assert "twelve stores, four of each size" in contract


def test_three_parts_make_up_the_waste_and_the_rule_is_the_largest():
    assert parts(stores()) == (560, 110, 1130)
    for row in stores():
        assert sum(parts([row])) == whole(row, "wasted"), row["store"]
    forecast, changes, rule = (rounded(Fraction(100 * p, summed("wasted")), 1)
                               for p in parts(stores()))
    assert (forecast, changes, rule) == (Decimal("31.1"), Decimal("6.1"), Decimal("62.8"))


def test_a_perfect_forecast_would_save_less_than_the_third_in_the_board_paper(emails):
    assert "to fall by one third" in emails
    assert Fraction(parts(stores())[0], summed("wasted")) < Fraction(1, 3)


def test_changes_by_hand_are_under_one_percent_and_lower_the_order_in_small_stores():
    assert Fraction(parts(stores())[1], summed("forecast")) < Fraction(1, 100)
    assert parts(stores("small"))[1] < 0
    assert all(parts([row])[1] < 0 for row in stores("small"))


def test_the_two_paired_stores_change_most_and_waste_least_among_the_small():
    by_change = sorted(stores("small"), key=lambda row: -whole(row, "lines_changed_percent"))
    assert [row["store"] for row in by_change[:2]] == ["Heron Lane", "Mill Bridge"]
    assert [whole(row, "wasted") for row in by_change] in ([80, 80, 260, 260],)
    most = max(stores(), key=lambda row: whole(row, "lines_changed_percent"))
    assert most["store"] == "Heron Lane"
    third = Fraction(80, 260)
    assert Fraction(3, 10) < third < Fraction(1, 3)


# The weeks and the sizes

def test_weeks_add_up_to_the_store_table_and_to_the_sizes():
    late = [row for row in table("weeks") if int(row["week"]) >= 5]
    early = [row for row in table("weeks") if int(row["week"]) <= 4]
    for column in ("delivered", "sold", "wasted"):
        assert sum(whole(row, column) for row in late) == summed(column), column
    assert sum(whole(row, "wasted") for row in early) == whole(size_row("Total"),
                                                              "wasted_weeks_1_to_4") == 1960


def test_every_week_balances_and_its_share_of_waste_is_worked_out():
    for row in table("weeks"):
        assert whole(row, "delivered") - whole(row, "sold") == whole(row, "wasted"), row
        share = Fraction(100 * whole(row, "wasted"), whole(row, "delivered"))
        assert rounded(share, 1) == Decimal(row["waste_percent"]), row


def test_accuracy_rose_by_eleven_points_and_waste_fell_by_eight_percent(reading, report):
    def mean(weeks: range) -> Fraction:
        rows = [row for row in table("weeks") if int(row["week"]) in weeks]
        return Fraction(sum(whole(row, "accuracy_percent") for row in rows), len(rows))

    def share(weeks: range) -> Decimal:
        rows = [row for row in table("weeks") if int(row["week"]) in weeks]
        return rounded(Fraction(100 * sum(whole(r, "wasted") for r in rows),
                                sum(whole(r, "delivered") for r in rows)), 1)

    early, late = range(1, 5), range(5, 9)
    assert (mean(early), mean(late)) == (71, 82)
    assert row_of(report, "Accuracy, average")[1:3] == ["71 %", "82 %"]
    assert "risen by eleven points" in reading
    assert f"from {share(early)} % of what was delivered to {share(late)} %" in reading
    total = size_row("Total")
    fall = Fraction(whole(total, "wasted_weeks_1_to_4") - whole(total, "wasted_weeks_5_to_8"),
                    whole(total, "wasted_weeks_1_to_4"))
    assert rounded(100 * fall) == 8 and "it fell by 8 %" in reading


def test_sizes_add_up_and_agree_with_the_store_table():
    total = size_row("Total")
    for column in total:
        if column != "size":
            assert whole(total, column) == sum(whole(size_row(s), column) for s in SIZES), column
    for size in SIZES:
        assert whole(size_row(size), "wasted_weeks_5_to_8") == summed("wasted", size)
        assert whole(size_row(size), "stores_in_pilot") == len(stores(size))


def test_shelves_were_empty_for_seventeen_percent_fewer_hours(reading, incidents, note):
    total = size_row("Total")
    before, after = (whole(total, f"empty_shelf_hours_weeks_{w}") for w in ("1_to_4", "5_to_8"))
    assert rounded(Fraction(100 * (before - after), before)) == 17
    assert f"{after} hours" in reading and f"been {before} before: 17 % less" in reading
    assert "17 % fewer" in flat(incidents["one-page"]["scene"])
    small = size_row("small")
    hours = [small[f"empty_shelf_hours_weeks_{w}"] for w in ("1_to_4", "5_to_8")]
    assert "from {} to {} hours".format(*hours) in note


# Freight, rebate, pairs

def test_freight_saved_follows_from_drops_and_their_cost(freight, reading):
    drops = int(re.search(r"2 drops a week fewer, (\d+) a year", freight).group(1))
    assert drops == 2 * WEEKS
    total = 0
    for size in SIZES:
        _, count, cost, saved = row_of(freight, size)
        assert int(count) == whole(size_row(size), "stores_in_chain")
        assert int(count) * int(cost) * drops == number(saved), size
        total += int(count) * int(cost) * drops
    assert total == number(row_of(freight, "Total")[3]) == 2_828_800
    assert "CAD 2,828,800" in reading


def yearly(crates: Fraction | int, price: int) -> Fraction:
    return Fraction(crates) * PERIODS * price


def test_the_rule_pays_in_large_and_medium_stores_and_costs_in_small_ones(emails, freight, note,
                                                                          incidents):
    price, back = crate(emails), rebate(freight)
    above = {"large": Fraction(parts(stores("large"))[2], 4),
             "medium": Fraction(parts(stores("medium"))[2], 4),
             "small": Fraction(parts([store("Orchard Gate"), store("Pine Hollow")])[2], 2)}
    assert [above[size] for size in SIZES] == [20, 90, 280]
    costs = [yearly(above[size], price) * (1 - back) for size in SIZES]
    saved = [104 * int(row_of(freight, size)[2]) for size in SIZES]
    assert costs == [4992, 22464, 69888]
    assert [s > c for s, c in zip(saved, costs, strict=True)] == [True, True, False]
    for value in (*costs, *saved):
        assert f"{int(value):,}" in note
    say = flat(next(r for r in incidents["her-rule"]["responses"]
                    if r["id"] == "say-it-first")["say"])
    assert f"{saved[2]:,}" in say and f"{int(costs[2]):,}" in say


def test_pairing_is_worth_what_callum_writes_on_his_board(emails, freight, note, incidents):
    price, back = crate(emails), rebate(freight)
    unpaired = Fraction(parts([store("Orchard Gate"), store("Pine Hollow")])[2], 2)
    paired = Fraction(parts([store("Heron Lane"), store("Mill Bridge")])[2], 2)
    fewer = unpaired - paired
    gross = yearly(fewer, price)
    net = gross * (1 - back)
    driver = 90 * WEEKS
    kept = net - driver
    near, small = map(int, re.search(r"(\d+) of our (\d+) small stores", emails).groups())
    left = near - 2
    assert small == whole(size_row("small"), "stores_in_chain")
    assert (unpaired, paired, fewer, gross, net, driver, kept, left) == (
        280, 65, 215, 55_900, 53_664, 4_680, 48_984, 38)
    assert gross - net == 2236
    assert kept * left == 1_861_392
    assert kept * left > 1_700_000
    half = net / 2 - driver
    assert (half, half * left) == (22_152, 841_776)
    scene = flat(incidents["what-would-prove-it"]["scene"])
    for figure in ("280", "65", "215", "55,900", "48,984", "38", "1.86 million"):
        assert figure in scene, figure
    for figure in ("55,900", "53,664", "2,236", "4,680", "48,984", "1,861,392", "22,152", "841,776"):
        assert figure in note, figure


def test_the_test_of_three_weeks_has_a_number_between_the_two_kinds_of_store(incidents):
    unpaired, paired = (Fraction(whole(store(name), "wasted"), 4)
                        for name in ("Orchard Gate", "Heron Lane"))
    assert (unpaired, paired) == (65, 20)
    say = flat(incidents["what-would-prove-it"]["responses"][0]["say"])
    limit = int(re.search(r"above (\d+) crates", say).group(1))
    assert paired < limit < unpaired


def test_the_ledger_finds_the_shares_that_the_store_table_has(incidents):
    scene = flat(incidents["ledger"]["scene"])
    all_, small = (Fraction(100 * parts(stores(size))[2], summed("ordered", size))
                   for size in (None, "small"))
    assert rounded(all_) == 6 and "six percent" in scene
    assert rounded(small) == 32 and "by 32" in scene


# The roll-out

def test_the_roll_out_is_108_stores_and_the_honest_one_52(contract, emails, reading, note, incidents):
    left = {size: whole(size_row(size), "stores_in_chain") - whole(size_row(size), "stores_in_pilot")
            for size in SIZES}
    assert left == {"large": 16, "medium": 36, "small": 56}
    everything, useful = sum(left.values()), left["large"] + left["medium"]
    assert (everything, useful) == (108, 52)
    assert everything * fee(contract) == 1_404_000 and useful * fee(contract) == 676_000
    for text in (emails, reading):
        assert "1,404,000" in text
    scene = flat(incidents["one-page"]["scene"])
    assert "108 at 13,000 is 1,404,000" in scene and "CAD 676,000" in scene
    assert "676,000" in note and "728,000" in note and 1_404_000 - 676_000 == 728_000
    assert left["small"] * fee(contract) == 728_000


def test_the_forecast_pays_back_in_two_three_and_twenty_years(contract, emails, note, incidents):
    scene = flat(incidents["one-page"]["scene"])
    saved, years = [], []
    for size in SIZES:
        row = size_row(size)
        crates = Fraction(whole(row, "wasted_weeks_1_to_4") - whole(row, "wasted_weeks_5_to_8"),
                          whole(row, "stores_in_pilot"))
        saved.append(yearly(crates, crate(emails)))
        years.append(fee(contract) / saved[-1])
    assert saved == [5850, 3900, 650]
    assert [rounded(y, 1) for y in years] == [Decimal("2.2"), Decimal("3.3"), Decimal("20.0")]
    assert "5,850" in scene and "3,900" in scene and "650" in scene
    assert "a little over two years" in scene and "needs twenty" in scene
    assert "22.5 crates" in note and "2.2, 3.3 and 20 years" in note


def test_a_third_of_the_waste_in_the_board_paper(emails, reading):
    million, third = re.search(r"cost CAD ([\d.]+) million.*one third, CAD ([\d.]+) million",
                               emails).groups()
    assert Decimal(million) / 3 == Decimal(third)
    assert f"CAD {million} million" in reading and f"CAD {third} million" in reading


def test_waste_of_the_chain_by_size_is_of_the_order_that_the_board_was_told(emails):
    chain = sum(Fraction(summed("wasted", size), 4) * whole(size_row(size), "stores_in_chain")
                for size in SIZES)
    year = yearly(chain, crate(emails))
    assert Fraction(4_500_000) < year < Fraction(5_100_000)


# Budget, earned value, fees

def test_budget_lines_add_up_and_what_remains_is_planned_less_spent(project):
    *lines, total = table("budget")
    for column in ("planned", "spent_to_week_8", "remaining"):
        assert whole(total, column) == sum(whole(line, column) for line in lines), column
    for line in (*lines, total):
        assert whole(line, "remaining") == whole(line, "planned") - whole(line, "spent_to_week_8")
    assert whole(total, "planned") == project["budget"] == 640
    assert whole(total, "spent_to_week_8") == project["spent"] == 202


def people() -> list[tuple[int, int, Decimal, dict[str, str]]]:
    """How many until week 4, how many from week 5, rate, and the line of the budget."""
    found = []
    for line in table("budget"):
        steady = re.match(r"(\d+) person for 24 weeks at ([\d.]+)", line["basis"])
        growing = re.match(r"(\d+) people to week 4 and (\d+) people from week 5 at ([\d.]+)",
                           line["basis"])
        if steady:
            found.append((int(steady[1]), int(steady[1]), Decimal(steady[2]), line))
        elif growing:
            found.append((int(growing[1]), int(growing[2]), Decimal(growing[3]), line))
    return found


def test_lines_for_people_follow_from_numbers_weeks_and_rate(project):
    for few, more, rate, line in people():
        assert rate * (few * 4 + more * 20) == whole(line, "planned"), line
        assert rate * (few * 4 + more * 4) == whole(line, "spent_to_week_8"), line
    assert sum(more for _, more, _, _ in people()) == 8
    assert sum(more * rate for _, more, rate, _ in people()) == project["weekly_cost"] == 26


def test_the_ceiling_is_all_person_weeks_at_the_fee_and_costs_passed_on(contract, report, emails,
                                                                      project):
    rate = number(re.search(r"charges CAD ([\d,]+) for each person and week", contract)[1]) / 1000
    ceiling = number(re.search(r"do not exceed CAD ([\d,]+)", contract)[1]) / 1000
    passed_on = [line for line in table("budget") if "at cost" in line["basis"]]
    weeks_all = sum(few * 4 + more * 20 for few, more, _, _ in people())
    weeks_so_far = sum(few * 4 + more * 4 for few, more, _, _ in people())
    assert (weeks_all, weeks_so_far) == (184, 56)
    assert rate * weeks_all + sum(whole(x, "planned") for x in passed_on) == ceiling == 870
    billed = rate * weeks_so_far + sum(whole(x, "spent_to_week_8") for x in passed_on)
    assert billed == number(row_of(report, "Billed so far")[1]) == 272
    assert ceiling == project["value"] == number(row_of(report, "Ceiling")[1])
    assert "CAD 272,000 in two invoices" in emails


def test_work_packages_add_up_to_35_percent(report, project):
    rows = [[c.strip() for c in line.strip("|").split("|")]
            for line in report.splitlines() if re.match(r"\| [A-Z][^|]+\| \d+ \| \d+ % \| \d+ \|", line)]
    *packages, total = rows
    assert total[0] == "Total" and len(packages) == 8
    for _, budget, done, earned in rows:
        assert int(budget) * number(done) == 100 * int(earned)
    assert sum(int(row[1]) for row in packages) == int(total[1]) == project["budget"]
    assert sum(int(row[3]) for row in packages) == int(total[3]) == 224
    assert project["done"] + project["hidden"] == number(total[2]) == project["plan"][8] == 35


def test_indices_and_forecast_of_the_report(report, project, reading, note):
    planned = Fraction(project["plan"][8] * project["budget"], 100)
    earned = number(row_of(report, "Earned value (EV)")[1])
    assert number(row_of(report, "Planned value (PV)")[1]) == planned == earned
    assert row_of(report, "Schedule index")[1] == "1.00"
    index, at_completion = re.search(r"EV / AC\) ([\d.]+)\. Estimate at completion "
                                     r"\(EAC = 640 / CPI\) (\d+)", report).groups()
    exact = Fraction(int(earned), project["spent"])
    assert rounded(exact, 2) == Decimal(index)
    assert rounded(project["budget"] / exact) == Decimal(at_completion) == 577
    margin = project["value"] - project["budget"]
    assert margin == 230 and rounded(Fraction(100 * margin, project["value"]), 1) == Decimal("26.4")
    assert "230, or 26.4 %" in report and "26.4 %" in note and "577,000" in note
    assert "CAD 224,000, or 35 % of the budget" in reading


def test_stores_above_eighty_do_not_exceed_the_pilot(report):
    assert row_of(report, "Stores above 80")[2] == f"10 of {len(stores())}"


def test_the_bench_costs_what_gwen_works_out(project, incidents, note):
    rate = {rate for _, _, rate, _ in people()}
    assert rate == {Decimal("3.25")}
    assert 3 * 9 * rate.pop() * 1000 == 87_750
    assert "CAD 87,750" in flat(incidents["six-days"]["scene"]) and "87,750" in note


def test_a_small_work_order_stays_below_the_limit_of_the_controller(contract, incidents):
    limit = number(re.search(r"work order above CAD ([\d,]+)", contract)[1])
    rate = number(re.search(r"charges CAD ([\d,]+) for each", contract)[1])
    say = flat(next(r for r in incidents["six-days"]["responses"] if r["id"] == "work-order")["say"])
    assert "two person-weeks, CAD 9,000" in say and 2 * rate == 9000 < limit


def test_two_people_for_six_weeks_cost_what_the_last_response_says(contract, incidents):
    rate = number(re.search(r"charges CAD ([\d,]+) for each", contract)[1])
    say = flat(next(r for r in incidents["one-page"]["responses"] if r["id"] == "linh-takes-it")["say"])
    assert "two of your people for six weeks, CAD 54,000" in say and 2 * 6 * rate == 54_000


def test_berries_and_lost_sales_make_the_credit_note(emails, incidents):
    scene = flat(incidents["two-forty"]["scene"])
    crates, cost = re.search(r"(\d+) crates of strawberries that it did not need, CAD ([\d,]+)",
                             scene).groups()
    assert int(crates) * crate(emails) == number(cost) == 1920
    note = next(r for r in incidents["two-forty"]["responses"] if r["id"] == "credit-note")
    assert "CAD 6,000" in flat(note["say"])
    assert "1,920 for berries, 4,080 for sales" in " ".join(note["reaction"]["callum"]["warm"])
    assert 1920 + 4080 == 6000


def test_a_week_of_the_whole_team_is_36000(contract, incidents):
    rate = number(re.search(r"charges CAD ([\d,]+) for each", contract)[1])
    assert 8 * rate == 36_000
    said = str(incidents["two-forty"]) + str(incidents["ledger"])
    assert "36,000 a week" in said


# Dates and people

def test_milestones_of_the_play_fall_in_the_weeks_of_the_contract(case, contract):
    planned = {m: int(w) for m, w in re.findall(r"^\| (M\d) \|[^|]*\| (\d+) \|$", contract, re.M)}
    for phase in case["phases"]:
        milestone = phase.get("milestone")
        if milestone:
            assert planned[milestone["title"][:2]] == milestone["week"]
            assert case["project"]["plan"][milestone["week"]] == milestone["percent"]
    assert planned["M4"] == case["project"]["go_live"] == 24


def test_accuracy_for_m3_is_measured_over_eight_weeks_before_it(contract):
    first, last, week = map(int, re.search(
        r"average over weeks (\d+) to (\d+) \| (\d+)", contract).groups())
    assert last - first + 1 == 8 and last == week - 1


def test_the_team_of_eight_is_the_same_in_every_document(reading):
    chart = page("exhibits/org-chart.md")
    assert "has eight people: Jordan, Ikram with two data scientists, Pavel with two engineers, and " \
           "one retail analyst" in chart
    assert 1 + (1 + 2) + (1 + 2) + 1 == 8 == sum(more for _, more, _, _ in people())
    assert "a team of eight" in reading


def test_the_first_scene_repeats_the_totals_of_the_table(incidents, reading):
    scene = flat(incidents["empty-box"]["scene"])
    total = table("stores")[-1]
    for column in ("forecast", "ordered", "delivered", "sold", "wasted"):
        figure = f"{whole(total, column):,}"
        assert figure in scene and figure in reading, column
    forecast, changes, rule = parts(stores())
    assert f"{rule:,}" in scene
    assert f"{forecast} crates above" in reading and f"added {changes}" in reading
    assert f"lay {rule:,}" in reading


def test_chain_and_pilot_have_the_same_numbers_of_stores_everywhere(reading, freight):
    total = size_row("Total")
    assert whole(total, "stores_in_chain") == 120 == int(row_of(freight, "Total")[1])
    assert "120 stores in Ontario and the Atlantic provinces: 20 large, 40 medium and 60 small" in reading


def test_every_sum_of_money_in_the_reading_can_be_found_or_worked_out(reading):
    known = {2_828_800, 4_500, 870_000, 272_000, 640_000, 224_000, 10_000, 13_000, 1_404_000, 20}
    assert {int(number(x)) for x in re.findall(r"CAD ([\d,]+\d)(?! million|\.\d)", reading)} == known


def test_the_teaching_note_splits_the_waste_by_size(note):
    for size in SIZES:
        cells = [number(c) for c in row_of(note, size)[1:]]
        assert cells == [*parts(stores(size)), summed("wasted", size)], size
    assert [number(c) for c in row_of(note, "all")[1:]] == [*parts(stores()), summed("wasted")]


# The whole

def test_the_reading_has_the_length_of_a_case():
    words = len((CASE / "reading.md").read_text(encoding="utf-8").split())
    assert 2000 <= words <= 3500


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
        for secret in ("Sunday and", "another firm had offered", "warned in writing",
                       "poor discipline", "name his successor", "slide eleven", "in pairs"):
            assert secret not in text.lower(), secret
