"""A comparison before and after an act, as a document: an estimate, with what would make it wrong."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

EVENT_SCHEMA: Final = "habeas/event-study/1"


class StepForm(Struct, kw_only=True):
    """A step of a series at a date, estimated one way; decimals as texts."""

    says: str
    at: str
    points: int
    estimate: str
    low: str
    high: str


class EventPointForm(Struct, kw_only=True):
    """One point of a series."""

    when: str
    value: str


class EventDocument(Struct, kw_only=True):
    """What a series did at a date."""

    schema: Literal["habeas/event-study/1"] = EVENT_SCHEMA
    label: str
    """Says that it is an estimate and not a count."""
    title: str
    files: dict[str, str]
    names: list[str]
    measure: str
    unit: str
    at: str
    points: list[EventPointForm]
    before: int
    after: int
    step: StepForm
    slope_before: str
    slope_low: str
    slope_high: str
    tie: str
    placebos: list[StepForm]
    """The same step sought at dates before the act, in the points before it alone."""
    as_large: int
    """Placebo dates at which the step is as large as that of the act, or larger, either way."""
    sensitivity: list[StepForm]
    elsewhere: list[StepForm]
    """The same date in series that the act did not touch."""
    reads: list[str]
    limits: list[str]
