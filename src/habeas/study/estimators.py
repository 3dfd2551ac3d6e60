"""Estimators of a well-kept library, behind plain functions: no other module imports it.

They are loaded when first asked for; without the extra ``study`` an error says how to install it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib import import_module
from statistics import NormalDist
from typing import Any, Final

from habeas.intake.errors import MissingExtra

LEVEL: Final = 0.95
"""Of every interval."""


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


def _loaded(name: str) -> Any:
    """A module of the library, with its types unchecked: it ships none.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtra("estimates", "with statsmodels", "study") from error
