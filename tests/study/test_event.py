"""Before and after an act: planted steps are found at the rate stated, and none where none was planted."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from habeas.cli.app import habeas
from habeas.report.study_html import event_page
from habeas.study.declared import Declared, Measure, declared_for
from habeas.study.estimators import kaplan_meier, step_at, wilson
from habeas.study.event import LABEL, EventRequest, TooShort, event_study
from small_pages import checked

NAMES = ("harris", "dallas")


def noise(dice: random.Random, many: int, tie: float) -> list[float]:
    """Errors that hang on the one before."""
    found: list[float] = []
    last = 0.0
    for _ in range(many + 50):
        last = tie * last + dice.gauss(0, 1)
        found.append(last)
    return found[50:]


def covered(step: float, tie: float, *, times: int, many: int = 74, at: int = 50) -> float:
    """How often the interval holds a planted step."""
    dice = random.Random(17)  # noqa: S311 - chance for a simulation, no secret
    held = 0
    for _ in range(times):
        errors = noise(dice, many, tie)
        series = [10 + 0.1 * n + step * (n >= at) + errors[n] for n in range(many)]
        found = step_at(series, at)
        held += found.low <= step <= found.high
    return held / times


@pytest.mark.parametrize("tie", [0.0, 0.6])
def test_a_planted_step_is_held_in_most_simulations(tie: float) -> None:
    assert covered(3.0, tie, times=60) >= 0.8


def test_where_nothing_was_planted_a_step_is_found_in_few() -> None:
    assert covered(0.0, 0.3, times=60) >= 0.8


@pytest.mark.slow
@pytest.mark.parametrize(("tie", "size"), [(0.0, 3.0), (0.3, 3.0), (0.6, 3.0), (0.3, 0.0)])
def test_the_interval_holds_the_truth_at_the_rate_stated(tie: float, size: float) -> None:
    """Stated: 92 to 94 of 100; with 1,000 simulations the rate is known to within about 2."""
    assert 0.90 <= covered(size, tie, times=1000) <= 0.97


def test_a_step_on_a_straight_line_is_found_exactly() -> None:
    found = step_at([2.0 * n + (5 if n >= 20 else 0) for n in range(40)], 20)
    assert found.estimate == pytest.approx(5)
    assert found.slope_before == pytest.approx(2)


def test_months_of_the_year_are_no_step() -> None:
    season = [100.0 if n % 12 == 6 else 0.0 for n in range(60)]
    found = step_at(
        [value + (3 if n >= 40 else 0) for n, value in enumerate(season)], 40, [n % 12 for n in range(60)]
    )
    assert found.estimate == pytest.approx(3)


def test_intervals_of_shares_are_those_of_the_library() -> None:
    low, high = wilson(5, 10)
    assert (low, high) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_who_is_lost_from_sight_still_counts_while_seen() -> None:
    share, low, high = kaplan_meier([(1, True), (2, False), (3, True), (9, False)], 5)
    assert share == pytest.approx(1 - 3 / 4 * 1 / 2)
    assert 0 <= low < share < high <= 1
    assert kaplan_meier([(9, False)], 5)[0] == 0.0
    assert kaplan_meier([(1, True), (2, True)], 5)[0] == 1.0


@pytest.fixture(name="table")
def _table(tmp_path: Path) -> Callable[..., Path]:
    def made(values: dict[str, Sequence[int | None]], first: int = 2013) -> Path:
        months = [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ]
        rows = [
            (name, first + n // 12, months[n % 12], value, 1, 1.0)
            for name, series in values.items()
            for n, value in enumerate(series)
        ]
        path = tmp_path / "tx_ice_detainers_2011_2017.parquet"
        columns = ["county", "year", "month", "num_of_inmates", "num_of_inmate_days", "cost_in_dollars"]
        pl.DataFrame(rows, schema=columns, orient="row").write_parquet(path)
        return path

    return made


def asked(path: Path, at: str = "2015-01", elsewhere: Sequence[str] = ()) -> EventRequest:
    declared = declared_for([path])
    assert declared is not None
    return EventRequest(
        paths=[path], declared=declared, at=at, measure="people", names=["harris"], elsewhere=elsewhere
    )


def stepped(size: int, many: int = 40) -> list[int]:
    return [100 + (n * 7919) % 13 + (size if n >= 24 else 0) for n in range(many)]


def test_a_step_is_said_with_its_checks_and_its_label(table: Callable[..., Path]) -> None:
    path = table({"harris": stepped(60), "dallas": stepped(0)})
    found = event_study(asked(path, elsewhere=["dallas"]))
    assert found.label == LABEL
    assert float(found.step.low) > 30
    assert found.as_large == 0
    assert [each.says for each in found.elsewhere] == ["dallas"]
    assert float(found.elsewhere[0].low) < 0 < float(found.elsewhere[0].high)
    assert len(found.placebos) == 24 - 12 - 4 + 1
    assert any("leaves zero out" in each for each in found.reads)
    checked(event_page(found))


def test_a_steady_slope_is_not_taken_for_the_act(table: Callable[..., Path]) -> None:
    path = table({"harris": [100 + 5 * n + (n * 7919) % 3 for n in range(40)]})
    found = event_study(asked(path))
    assert float(found.step.low) <= 0 <= float(found.step.high)
    assert any("already on a slope" in each for each in found.reads)
    assert any("No series that the act did not touch" in each for each in found.limits)


@pytest.mark.parametrize(
    ("series", "at", "says"),
    [
        (stepped(1), "2030-01", "expected a point [2030-01]"),
        (stepped(1), "2013-03", "at least 12 points before 2013-03"),
        ([*stepped(1)[:30], None, *stepped(1)[31:]], "2015-01", "is missing"),
    ],
)
def test_a_series_that_carries_nothing_is_refused(
    table: Callable[..., Path], series: list[int | None], at: str, says: str
) -> None:
    with pytest.raises(TooShort) as refused:
        event_study(asked(table({"harris": series}), at))
    assert says in str(refused.value)


def test_a_gap_is_refused(table: Callable[..., Path], tmp_path: Path) -> None:
    path = table({"harris": stepped(1)})
    frame = pl.read_parquet(path)
    frame.filter(~((pl.col("year") == 2014) & (pl.col("month") == "may"))).write_parquet(path)
    with pytest.raises(TooShort, match="expected a point at 2014-05"):
        event_study(asked(path))
    assert tmp_path in path.parents


def test_years_without_months_are_a_series_too(tmp_path: Path) -> None:
    path = tmp_path / "years.csv"
    path.write_text(
        "place,year,adp\n" + "".join(f"a,{1990 + n},{n % 3 + 9 * (n >= 14)}\n" for n in range(22))
    )
    declared = Declared(
        name="y",
        title="y",
        says="y",
        licence="y",
        kind="series",
        paths=["years.csv"],
        names="place",
        year="year",
        measures=[Measure(name="adp", column="adp", unit="people")],
    )
    found = event_study(EventRequest(paths=[path], declared=declared, measure="adp", at="2004"))
    assert (found.before, found.after) == (14, 8)
    assert float(found.step.estimate) == pytest.approx(9, abs=2)


def test_the_command_says_estimate_first(table: Callable[..., Path]) -> None:
    path = table({"harris": stepped(60), "dallas": stepped(0)})
    given = ["study", "event", str(path), "--measure", "people", "--name", "harris", "--at", "2015-01"]
    result = CliRunner().invoke(habeas, given)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("ESTIMATE")
    assert CliRunner().invoke(habeas, [*given, "--json"]).stdout.startswith("{")
    assert "<!DOCTYPE html>" in CliRunner().invoke(habeas, [*given, "--format", "html"]).stdout
    assert CliRunner().invoke(habeas, [*given[:-1], "2013-02"]).exit_code == 2
    assert (
        CliRunner().invoke(habeas, ["study", "event", __file__, "--measure", "x", "--at", "2015"]).exit_code
        == 2
    )
    wrong = CliRunner().invoke(habeas, ["study", "event", str(path), "--measure", "beds", "--at", "2015-01"])
    assert (wrong.exit_code, "expected a measure (people, days, cost)" in wrong.output) == (4, True)
