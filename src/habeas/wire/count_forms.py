"""Counts as documents: daily populations and flows under rules, and totals of published tables."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

COUNT_SCHEMA: Final = "habeas/count/1"
SERIES_SCHEMA: Final = "habeas/series/1"


class WholeForm(Struct, frozen=True):
    """A whole number between a least and a most."""

    least: int
    most: int


class AmountForm(Struct, frozen=True):
    """A decimal number as text, between a least and a most."""

    least: str
    most: str


class CountedLineForm(Struct, kw_only=True):
    """The average of one line of a rule; `beside` lines are no part of the sum."""

    line: str
    says: str
    beside: bool
    average: AmountForm


class CountedDayForm(Struct, kw_only=True):
    """One daily population."""

    day: str
    at: str
    found: WholeForm
    lines: dict[str, WholeForm]


class RuleCountForm(Struct, kw_only=True):
    """What one rule counts."""

    rule: str
    title: str
    unit: str
    days: list[CountedDayForm]
    """The days on which the rule counts."""
    average: AmountForm
    """Of those days; over every day of a year it is the average daily population."""
    lines: list[CountedLineForm]
    admissions: WholeForm
    releases: WholeForm
    released_as: dict[str, int]
    mean_length_days: AmountForm | None
    """Of custody that ended within the interval and whose beginning was seen."""
    median_length_days: AmountForm | None
    expected_stay_days: AmountForm | None
    """ADP over admissions times the days: the quantity that BJS calls expected average length of stay."""
    little: str | None
    """Admissions a day times mean length, over the average: 1 in a steady jail whose records are whole."""
    left_out: list[str]
    unsaid: list[str]
    sources: list[str]


class StepForm(Struct, kw_only=True):
    """One named difference between two totals; on each side of the bounds."""

    says: str
    least: int
    most: int


class ReconciledForm(Struct, kw_only=True):
    """How the total of one rule becomes that of another over the same days."""

    first: str
    second: str
    days: int
    from_total: WholeForm
    steps: list[StepForm]
    to_total: WholeForm
    adds_up: bool


class LabelTimeForm(Struct, kw_only=True):
    """Time behind which a paper or charge stands, alone or beside others, and what it cost."""

    label: str
    people: int
    sole_seconds: int
    shared_seconds: int
    but_for_seconds: int | None
    """Of a basis: supported time that nothing else would support without it; null where law was not asked."""
    sole_cents: int | None
    shared_cents: int | None
    but_for_cents: int | None


class TimeForm(Struct, kw_only=True):
    """All time in custody within the interval, partitioned by what stands behind it."""

    total_seconds: int
    nothing_seconds: int
    several_seconds: int
    """Time behind which more than one thing stands: never apportioned."""
    labels: list[LabelTimeForm]
    cents_per_day: int | None
    total_cents: int | None


class UnseenForm(Struct, kw_only=True):
    """How many custodies a look a day misses."""

    seen: int
    missed: int | None
    if_evenly: str
    if_falling: str | None


class ReturnForm(Struct, kw_only=True):
    """Returns to custody within a window, of all releases followed for the whole of it."""

    group: str
    window_days: int
    returned: int
    of: int
    share_low: str
    share: str
    share_high: str
    estimate: str
    """Kaplan and Meier's, which uses the releases too late to be followed for the whole window."""
    estimate_low: str
    estimate_high: str


class PublishedForm(Struct, kw_only=True):
    """A number somebody printed, beside the number the table gives."""

    says: str
    published: str
    found: str
    source: str
    explains: str


class CountDocument(Struct, kw_only=True):
    """What was counted of one population."""

    schema: Literal["habeas/count/1"] = COUNT_SCHEMA
    title: str
    says: str
    invented: bool
    files: dict[str, str]
    """Name of a file -> its digest."""
    first: str
    last: str
    """The last civil day counted."""
    zone: str
    at: str
    """Local time of the count, where a rule states none of its own."""
    place: str
    looks: str
    people: int
    custodies: int
    began_before: int
    not_ended: int
    uncertain: int
    rules: list[RuleCountForm]
    reconciled: list[ReconciledForm]
    time: TimeForm | None
    unseen: UnseenForm | None
    returns: list[ReturnForm]
    published: list[PublishedForm]
    warnings: list[str]


class SeriesTotalForm(Struct, kw_only=True):
    """The sum of one measure."""

    measure: str
    unit: str
    total: str
    rows: int
    missing: int
    """Rows whose figure is missing; they are no zeros."""


class SeriesPointForm(Struct, kw_only=True):
    """The sum of a measure in one year, or of one name."""

    key: str
    measure: str
    total: str
    missing: int


class RankForm(Struct, kw_only=True):
    """Where one jurisdiction stands among those in the table, or why that is not said."""

    name: str
    year: int
    unit: str
    definition: str
    value: str | None
    best: int
    worst: int
    of: int
    ties: list[str]
    missing: list[str]
    breaks: list[str]
    refused: list[str]


class SeriesDocument(Struct, kw_only=True):
    """What a published table adds up to."""

    schema: Literal["habeas/series/1"] = SERIES_SCHEMA
    title: str
    says: str
    licence: str
    files: dict[str, str]
    names: list[str]
    """The names asked for; empty where all are taken."""
    first: str
    last: str
    rows: int
    totals: list[SeriesTotalForm]
    by_year: list[SeriesPointForm]
    by_name: list[SeriesPointForm]
    ranks: list[RankForm]
    published: list[PublishedForm]
    limits: list[str]
