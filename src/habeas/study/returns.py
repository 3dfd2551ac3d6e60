"""Returns to custody with their uncertainty: Wilson's interval, and Kaplan and Meier's for the late releases.

How many of a group return is a property of the group. Nobody is named, ordered or scored.
"""

from __future__ import annotations

from habeas.counts.held import Episode, Population
from habeas.counts.readmission import Cohort, cohorts
from habeas.kernel.instants import DAY
from habeas.kernel.intervals import Interval
from habeas.study.estimators import kaplan_meier, wilson
from habeas.study.listed import GONE
from habeas.wire.count_forms import ReturnForm

ALL = "all releases"
_ENDS = frozenset({"Released", GONE})


def returns_of(population: Population, released: Interval, window_days: int) -> list[ReturnForm]:
    """Returns within a window after release, of all and by what stood behind custody when it ended.

    Args:
        population: Custody episodes; one identity is one person.
        released: When release lies.
        window_days: Days of 24 hours.

    Raises:
        MissingExtra: the extra ``study`` is not installed.
    """
    window = window_days * DAY
    by_group = cohorts(population, released, last_papers, ends=_ENDS)
    every = Cohort(ALL, tuple(one for each in by_group for one in each.followed))
    return [_form(each, window, window_days) for each in (every, *by_group) if each.followed]


def last_papers(episode: Episode) -> str:
    """What stood behind custody in its last piece: papers by kind, charges, or the label of a list."""
    marks = episode.held[-1].marks
    papers = sorted(mark.removeprefix("paper=") for mark in marks if mark.startswith("paper="))
    charges = ["charge"] if any(mark.startswith(("charge=", "convicted=")) for mark in marks) else []
    labels = sorted(mark.removeprefix("label=") for mark in marks if mark.startswith("label="))
    return " and ".join([*papers, *charges, *labels]) or "nothing shown"


def _form(cohort: Cohort, window: int, days: int) -> ReturnForm:
    returned, of = cohort.whole_within(window)
    low, high = wilson(returned, of)
    estimate, below, above = kaplan_meier([(one.time / DAY, one.returned) for one in cohort.followed], days)
    return ReturnForm(
        group=cohort.group,
        window_days=days,
        returned=returned,
        of=of,
        share_low=f"{low:.4f}",
        share=f"{returned / of:.4f}" if of else "",
        share_high=f"{high:.4f}",
        estimate=f"{estimate:.4f}",
        estimate_low=f"{below:.4f}",
        estimate_high=f"{above:.4f}",
    )
