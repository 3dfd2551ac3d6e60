"""Estimators of a well-kept library, behind plain functions: no other module imports it.

They are loaded when first asked for; without the extra ``study`` an error says how to install it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from statistics import NormalDist
from typing import Any, Final

from habeas.intake.errors import MissingExtra

LEVEL: Final = 0.95
"""Of every interval."""
_MOST_TIED: Final = 0.95


def wilson(found: int, of: int) -> tuple[float, float]:
    """Wilson's interval of a share; from 0 to 1 where nothing was observed.

    Raises:
        MissingExtra: the extra ``study`` is not installed.
    """
    if not of:
        return 0.0, 1.0
    low, high = _loaded("statsmodels.stats.proportion").proportion_confint(
        found, of, alpha=1 - LEVEL, method="wilson"
    )
    return float(low), float(high)


def kaplan_meier(followed: Sequence[tuple[float, bool]], until: float) -> tuple[float, float, float]:
    """The share to whom something happened before a time, with its interval.

    Args:
        followed: For each the time followed and whether it happened then; else they were lost from sight.
        until: The time, in the unit of the others.

    Returns:
        The share, and both ends of its interval (Greenwood's variance).

    Raises:
        MissingExtra: the extra ``study`` is not installed.
    """
    if not any(happened and time < until for time, happened in followed):
        return 0.0, *wilson(0, sum(time >= until for time, _ in followed))
    survival = _loaded("statsmodels.duration.survfunc").SurvfuncRight
    curve = survival([time for time, _ in followed], [int(happened) for _, happened in followed])
    last = max(n for n, time in enumerate(curve.surv_times) if time < until)
    share, spread = 1 - float(curve.surv_prob[last]), float(curve.surv_prob_se[last])
    if math.isnan(spread):  # everybody followed had returned: Greenwood's variance is not defined there
        return share, *wilson(len(followed), len(followed))
    reach = NormalDist().inv_cdf((1 + LEVEL) / 2) * spread
    return share, max(share - reach, 0.0), min(share + reach, 1.0)


@dataclass(frozen=True, slots=True)
class Step:
    """How much a series stepped up or down at a date, beyond the line it was on; an estimate."""

    estimate: float
    low: float
    high: float
    slope_before: float
    """By how much the series rose from one point to the next before the date."""
    slope_low: float
    slope_high: float
    tie: float
    """How far neighbouring points hang together, from 0 to 1, once line and step are taken out."""


def step_at(values: Sequence[float], at: int, seasons: Sequence[int] = (), *, bends: bool = True) -> Step:
    """The step of a series at a place in it: a line before, a step, and another line after.

    Generalised least squares with errors that hang on the one before (one order), their tie estimated from
    ordinary residuals and moved up for its bias in short series: (n r + k) / (n - k) for k regressors.

    Args:
        values: The series, without gaps.
        at: The first point after.
        seasons: A number for each point, such as its month; points of one season share a level.
        bends: Whether the line after may have another slope.

    Raises:
        MissingExtra: the extra ``study`` is not installed.
    """
    numpy = _loaded("numpy")
    api = _loaded("statsmodels.regression.linear_model")
    places = range(len(values))
    columns = [[1.0] * len(values), [float(n - at) for n in places], [float(n >= at) for n in places]]
    if bends:
        columns.append([float(max(n - at, 0)) for n in places])
    columns += [[float(each == season) for each in seasons] for season in sorted(set(seasons))[1:]]
    regressors, series = numpy.array(columns).T, numpy.array(values, dtype=float)
    left = api.OLS(series, regressors).fit().resid
    spread = float(left @ left)
    tie = float(left[1:] @ left[:-1]) / spread if spread else 0.0
    many, parts = len(values), len(columns)
    tie = min(max((many * tie + parts) / (many - parts), -_MOST_TIED), _MOST_TIED)
    fitted = api.GLSAR(series, regressors, rho=numpy.array([tie])).fit()
    bounds = fitted.conf_int(alpha=1 - LEVEL)
    return Step(
        estimate=float(fitted.params[2]),
        low=float(bounds[2][0]),
        high=float(bounds[2][1]),
        slope_before=float(fitted.params[1]),
        slope_low=float(bounds[1][0]),
        slope_high=float(bounds[1][1]),
        tie=tie,
    )


def _loaded(name: str) -> Any:
    """A module of the library, with its types unchecked: it ships none.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtra("estimates", "with statsmodels", "study") from error
