"""Estimates against numpy and closed forms, and intervals against simulation."""

import numpy as np
import pytest

from casebook.study.statistics import (
    Clusters,
    Unmeasurable,
    bent,
    correlation,
    difference,
    mean,
    partial,
    slopes,
)


def apart(n):
    """Every row a cluster of its own."""
    return Clusters(np.arange(n), n)


def gaussian(rng, n, r):
    x = rng.normal(size=n)
    return x, r * x + np.sqrt(1 - r**2) * rng.normal(size=n)


def test_a_correlation_is_numpys():
    x, y = gaussian(np.random.default_rng(1), 500, 0.4)
    assert correlation(x, 3 * y + 7, apart(500)).value == pytest.approx(np.corrcoef(x, y)[0, 1])


@pytest.mark.parametrize("r", [-0.6, 0.0, 0.5])
def test_the_error_of_a_gaussian_correlation_is_the_textbooks(r):
    x, y = gaussian(np.random.default_rng(2), 40_000, r)
    assert correlation(x, y, apart(40_000)).error == pytest.approx((1 - r**2) / 200, rel=0.03)


def test_the_error_of_a_proportion_is_the_textbooks():
    x = np.repeat([0.0, 1.0], [700, 300])
    found = mean(x, apart(1000))
    assert found.value == pytest.approx(0.3)
    assert found.error == pytest.approx(np.sqrt(0.3 * 0.7 / 999))


def test_the_error_of_a_mean_difference_is_the_textbooks():
    rng = np.random.default_rng(3)
    treated = np.repeat([1.0, 0.0], [8_000, 12_000])
    y = 5 + 2 * (1.8 * treated + rng.normal(size=20_000))
    found = difference(y, treated, apart(20_000))
    groups = y[treated == 1], y[treated == 0]
    pooled = np.sqrt((7_999 * groups[0].var(ddof=1) + 11_999 * groups[1].var(ddof=1)) / 19_998)
    assert found.value == pytest.approx((groups[0].mean() - groups[1].mean()) / pooled)
    closed = np.sqrt(1 / 8_000 + 1 / 12_000 + 1.8**2 / (2 * 20_000))
    assert found.error == pytest.approx(closed, rel=0.03)


def test_a_baseline_takes_out_what_was_there_before_from_gap_and_spread():
    rng = np.random.default_rng(4)
    before, treated = rng.normal(size=8_000), (rng.random(8_000) < 0.5).astype(float)
    after = before + 0.4 * treated + 0.3 * rng.normal(size=8_000)
    plain, sharp = (difference(after, treated, apart(8_000), b) for b in (None, before))
    assert plain.value == pytest.approx(0.4 / np.sqrt(1.09), abs=0.06)
    assert sharp.value == pytest.approx(0.4 / 0.3, abs=0.06)
    assert sharp.error / sharp.value < plain.error / plain.value / 2


def test_slopes_are_least_squares():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(400, 3)) * [1, 20, 0.1] + [0, 500, 3]
    y = x @ [1.0, -0.2, 4.0] + rng.normal(size=400)
    expected = np.linalg.lstsq(np.column_stack([np.ones(400), x]), y, rcond=None)[0][1:]
    assert [s.value for s in slopes(y, list(x.T), apart(400))] == pytest.approx(expected)


def test_partial_slopes_are_least_squares_on_standard_units():
    rng = np.random.default_rng(6)
    x = rng.normal(size=(400, 2)) @ [[1, 0.6], [0, 3]]
    y = x @ [1.0, -0.5] + rng.normal(size=400)
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    expected = np.linalg.lstsq(z, (y - y.mean()) / y.std(), rcond=None)[0]
    assert [s.value for s in partial(y, list(x.T), apart(400))] == pytest.approx(expected)


def test_one_partial_slope_is_the_correlation_and_so_is_its_interval():
    x, y = gaussian(np.random.default_rng(7), 300, 0.3)
    one, r = partial(y, [x], apart(300))[0], correlation(x, y, apart(300))
    assert (one.value, one.low, one.high) == pytest.approx((r.value, r.low, r.high))


def test_a_bent_line_gives_back_its_two_slopes():
    x = np.linspace(-1, 2, 90)
    y = 4 + np.where(x < 0.5, 3, 1) * (x - 0.5)
    assert [s.value for s in bent(y, x, 0.5, apart(90))] == pytest.approx([3, 1])


def test_sizes_are_compared_whatever_their_sign():
    rng = np.random.default_rng(14)
    x, y = gaussian(rng, 300, 0.6)
    z = x + rng.normal(size=300)
    plain = correlation(x, y, apart(300)) - correlation(z, y, apart(300))
    sizes = abs(correlation(-x, y, apart(300))) - abs(correlation(z, y, apart(300)))
    assert (sizes.value, sizes.low, sizes.high) == pytest.approx(
        (plain.value, plain.low, plain.high))


ESTIMATES = {
    "mean": lambda x, y, z, c: mean(y, c),
    "correlation": lambda x, y, z, c: correlation(x, y, c),
    "partial": lambda x, y, z, c: partial(y, [x, z], c)[0],
    "slope": lambda x, y, z, c: slopes(y, [x, z], c)[0],
    "bend": lambda x, y, z, c: (lambda low, high: low - high)(*bent(y, x, 0.0, c)),
    "difference": lambda x, y, z, c: difference(y, (z > 0).astype(float), c),
    "baseline": lambda x, y, z, c: difference(y, (z > 0).astype(float), c, x),
    "of correlations": lambda x, y, z, c: correlation(x, y, c) - correlation(z, y, c),
    "of sizes": lambda x, y, z, c: abs(correlation(-x, y, c)) - abs(correlation(z, y, c)),
}


@pytest.mark.parametrize("name", ESTIMATES)
def test_rows_said_twice_tell_nothing_new(name):
    """Copies within a cluster leave estimate and interval where they are."""
    rng = np.random.default_rng(8)
    x, z = rng.normal(size=(2, 120))
    y = 0.4 * x + 0.2 * z + rng.normal(size=120)
    once = ESTIMATES[name](x, y, z, apart(120))
    copies = [np.repeat(column, 3) for column in (x, y, z)]
    thrice = ESTIMATES[name](*copies, Clusters.of(np.repeat(np.arange(120), 3)))
    assert thrice.value == pytest.approx(once.value, rel=0.02)
    assert thrice.error == pytest.approx(once.error, rel=0.02)


def clustered(rng, count, size, share=0.6):
    """Columns x, y, z whose rows share ``share`` of their variance within a cluster."""
    def column():
        return (np.sqrt(share) * np.repeat(rng.normal(size=count), size)
                + np.sqrt(1 - share) * rng.normal(size=count * size))

    x, z = column(), column()
    return x, 0.5 * x + 0.3 * z + np.sqrt(0.66) * column(), z


#: What the estimates are of, in the population that the samples come from. Normal z above and
#: below 0 have means ±0.798, and y varies by 1 - (0.3 * 0.798)^2 within those groups.
GAP = 0.3 * 2 * 0.7979
TRUTH = {
    "mean": 0.0, "correlation": 0.5, "partial": 0.5, "slope": 0.5, "bend": 0.0,
    "difference": GAP / np.sqrt(1 - (GAP / 2)**2), "baseline": GAP / np.sqrt(0.75 - (GAP / 2)**2),
    "of correlations": 0.2, "of sizes": 0.2,
}


@pytest.mark.parametrize("name", ESTIMATES)
def test_intervals_cover_the_truth_on_clustered_rows(name):
    rng = np.random.default_rng(9)
    clusters, covered = Clusters.of(np.repeat(np.arange(150), 5)), 0
    for _ in range(400):
        found = ESTIMATES[name](*clustered(rng, 150, 5), clusters)
        covered += found.low <= TRUTH[name] <= found.high
    assert 0.91 <= covered / 400 <= 0.98


def test_intervals_that_forget_the_clusters_do_not():
    rng, covered = np.random.default_rng(10), 0
    for _ in range(200):
        found = ESTIMATES["correlation"](*clustered(rng, 150, 5, 0.9), apart(750))
        covered += found.low <= 0.5 <= found.high
    assert covered / 200 < 0.8


def test_rows_with_something_missing_are_left_out():
    rng = np.random.default_rng(11)
    x, y = gaussian(rng, 200, 0.5)
    labels = np.repeat(np.arange(50), 4)
    holes = np.where(rng.random(200) < 0.2, np.nan, x)
    kept = np.isfinite(holes)
    with_holes = correlation(holes, y, Clusters.of(labels))
    without = correlation(x[kept], y[kept], Clusters.of(labels[kept]))
    assert (with_holes.value, with_holes.error) == pytest.approx((without.value, without.error))


@pytest.mark.parametrize(("columns", "why"), [
    (lambda x: (x, np.full_like(x, 0.1)), "does not vary"),
    (lambda x: (np.where(np.arange(len(x)) < 29, x, np.nan), x), "only 29 engagements"),
    (lambda x: (np.full_like(x, np.nan), x), "only 0 engagements"),
])
def test_what_cannot_be_measured_says_why(columns, why):
    x = np.random.default_rng(12).normal(size=100)
    with pytest.raises(Unmeasurable, match=why):
        correlation(*columns(x), apart(100))


def test_columns_that_move_together_cannot_be_told_apart():
    x, y = gaussian(np.random.default_rng(13), 100, 0.5)
    with pytest.raises(Unmeasurable, match="told apart"):
        partial(y, [x, 2 * x + 1], apart(100))


def test_groups_without_spread_have_no_standardised_difference():
    treated = np.repeat([0.0, 1.0], 50)
    with pytest.raises(Unmeasurable, match="within the groups"):
        difference(treated * 2, treated, apart(100))
