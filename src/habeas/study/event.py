"""Before and after an act: the step a series took at its date, always an estimate.

A step at a date is no proof that the act made it. So the line before it, the same step sought at dates at
which nothing was enacted, other windows and other series stand beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Final

from habeas.study.declared import Declared, Month, UnreadableTable
from habeas.study.estimators import Step, step_at
from habeas.study.frames import digest_of_file
from habeas.study.series import lines_of
from habeas.wire.event_forms import EventDocument, EventPointForm, StepForm

FEWEST_BEFORE: Final = 12
FEWEST_AFTER: Final = 4
"""Points on each side below which nothing is estimated."""
_SEASONED: Final = 36
"""Months from which the months of the year get levels of their own."""
LABEL: Final = "ESTIMATE: not a count, and no proof that the act made the step"


class TooShort(ValueError):
    """A series that cannot carry an estimate: too few points, a gap, or no such date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRequest:
    """Which series, and when the act was."""

    paths: Sequence[Path]
    declared: Declared
    measure: str
    at: str
    """``YYYY-MM``, or ``YYYY`` of a table of years: the first point after the act."""
    names: Sequence[str] = ()
    elsewhere: Sequence[str] = ()
    """Names whose series the act did not touch, each estimated by itself."""
    first: str = ""
    last: str = ""


def event_study(request: EventRequest) -> EventDocument:
    """Estimate the step of a series at a date.

    Raises:
        TooShort: too few points on a side, a gap, a missing figure, or no such date.
        UnreadableTable: a file is no such table, or has no such measure.
        MissingExtra: the extra ``study`` is not installed.
    """
    number, unit = _measure(request)
    series = _series(request, number, request.names)
    months = sorted(series)
    at = _place(months, request.at)
    values = [float(series[month]) for month in months]
    seasons = _seasons(months)
    main = step_at(values, at, seasons)
    placebos = list(_placebos(months[:at], values[:at]))
    return EventDocument(
        label=LABEL,
        title=request.declared.title,
        files={path.name: digest_of_file(path) for path in request.paths},
        names=sorted(request.names),
        measure=request.measure,
        unit=unit,
        at=str(months[at]),
        points=[EventPointForm(when=str(m), value=f"{v:.2f}") for m, v in zip(months, values, strict=True)],
        before=at,
        after=len(months) - at,
        step=_form("line before, step, line after", months[at], len(months), main),
        slope_before=f"{main.slope_before:.2f}",
        slope_low=f"{main.slope_low:.2f}",
        slope_high=f"{main.slope_high:.2f}",
        tie=f"{main.tie:.2f}",
        placebos=[form for form, _ in placebos],
        as_large=sum(abs(step.estimate) >= abs(main.estimate) for _, step in placebos),
        sensitivity=list(_sensitivity(months, values, at, seasons)),
        elsewhere=list(_elsewhere(request, number)),
        reads=list(_reads(main, placebos)),
        limits=list(_limits(request)),
    )


def _measure(request: EventRequest) -> tuple[int, str]:
    for number, each in enumerate(request.declared.measures):
        if each.name == request.measure:
            return number, each.unit
    known = ", ".join(each.name for each in request.declared.measures)
    raise UnreadableTable(f"{request.declared.name}: expected a measure ({known}), found [{request.measure}]")


def _series(request: EventRequest, number: int, names: Sequence[str]) -> dict[Month, Fraction]:
    """The figures of some names together, point by point.

    Raises:
        TooShort: a figure is missing, or a point is.
    """
    declared = request.declared
    wanted = {name for each in names for name in declared.sets.get(each, [each])}
    found: defaultdict[Month, list[Fraction]] = defaultdict(list)
    for path in request.paths:
        for line in lines_of(path, declared):
            if (wanted and line.name not in wanted) or line.name in declared.aggregates or line.when is None:
                continue
            when = str(line.when)
            if (request.first and when < request.first) or (request.last and when > request.last):
                continue
            value = line.values[number]
            if value is None:
                raise TooShort(
                    f"the figure of [{line.name}] for {when} is missing; choose other days or names"
                )
            found[line.when].append(value)
    measure = declared.measures[number]
    made = {
        month: sum(each, start=Fraction(0)) / (1 if measure.summed else len(each))
        for month, each in found.items()
    }
    _refuse_gaps(sorted(made))
    return made


def _refuse_gaps(months: Sequence[Month]) -> None:
    for one, other in pairwise(months):
        if _next(one) != other:
            raise TooShort(f"expected a point at {_next(one)}, after {one}; found {other}")


def _next(month: Month) -> Month:
    if not month.month:
        return Month(month.year + 1, 0)
    return Month(month.year + month.month // 12, month.month % 12 + 1)


def _place(months: Sequence[Month], at: str) -> int:
    found = next((n for n, month in enumerate(months) if str(month) == at), None)
    if found is None:
        between = f"from {months[0]} to {months[-1]}" if months else "of no point at all"
        raise TooShort(f"expected a point [{at}] in a series {between}, found none")
    if found < FEWEST_BEFORE or len(months) - found < FEWEST_AFTER:
        expected = f"at least {FEWEST_BEFORE} points before {at} and {FEWEST_AFTER} from it on"
        raise TooShort(f"expected {expected}, found {found} and {len(months) - found}")
    return found


def _seasons(months: Sequence[Month]) -> list[int]:
    return [m.month for m in months] if months[0].month and len(months) >= _SEASONED else []


def _placebos(months: Sequence[Month], values: Sequence[float]) -> Iterator[tuple[StepForm, Step]]:
    """The same step at every date before the act that leaves enough points on each side."""
    seasons = _seasons(months) if months else []
    for at in range(FEWEST_BEFORE, len(months) - FEWEST_AFTER + 1):
        step = step_at(values, at, seasons)
        yield _form("placebo date", months[at], len(months), step), step


def _sensitivity(
    months: Sequence[Month], values: Sequence[float], at: int, seasons: Sequence[int]
) -> Iterator[StepForm]:
    yield _form(
        "one slope before and after", months[at], len(values), step_at(values, at, seasons, bends=False)
    )
    if seasons:
        yield _form("without months of the year", months[at], len(values), step_at(values, at))
    for reach in (12, 24):
        low, high = max(at - reach, 0), min(at + reach, len(values))
        if at - low >= FEWEST_BEFORE and high - at >= FEWEST_AFTER and (low, high) != (0, len(values)):
            step = step_at(values[low:high], at - low)
            yield _form(f"{reach} points on either side", months[at], high - low, step)


def _elsewhere(request: EventRequest, number: int) -> Iterator[StepForm]:
    for name in request.elsewhere:
        series = _series(request, number, [name])
        months = sorted(series)
        at = _place(months, request.at)
        step = step_at([float(series[m]) for m in months], at, _seasons(months))
        yield _form(name, months[at], len(months), step)


def _form(says: str, at: Month, points: int, step: Step) -> StepForm:
    return StepForm(
        says=says,
        at=str(at),
        points=points,
        estimate=f"{step.estimate:.2f}",
        low=f"{step.low:.2f}",
        high=f"{step.high:.2f}",
    )


def _reads(main: Step, placebos: Sequence[tuple[StepForm, Step]]) -> Iterator[str]:
    if main.low <= 0 <= main.high:
        yield "The interval holds zero: the series shows no step here that chance would not show."
    else:
        yield "The interval leaves zero out: the series stepped at this date beyond the line it was on."
    if main.slope_low > 0 or main.slope_high < 0:
        yield (
            "The series was already on a slope before the date; who compares plain averages takes that slope "
            "for the act."
        )
    large = sum(abs(step.estimate) >= abs(main.estimate) for _, step in placebos)
    if placebos:
        yield f"Steps as large are found at {large} of {len(placebos)} dates at which nothing was enacted."
    else:
        yield "There are too few points before the date to seek steps where nothing was enacted."


def _limits(request: EventRequest) -> Iterator[str]:
    yield (
        "Whatever else changed at the same date is in the step. So is anything done before it because it was "
        "expected, and any change in how figures are reported."
    )
    yield (
        "In simulated series of 74 points the 95 % interval held the planted step in 92 to 94 of 100 where "
        "neighbours hang together by up to 0.6, and in about 91 where by 0.8; in 40 points down to 87."
    )
    if not request.elsewhere:
        yield "No series that the act did not touch was given; --elsewhere NAME puts one beside it."
    yield from request.declared.limits
