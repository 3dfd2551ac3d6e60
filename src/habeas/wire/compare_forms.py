"""One population under two rulebooks, as a document: whole numbers of people, seconds and cents."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

COMPARE_SCHEMA: Final = "habeas/compare/1"


class SideForm(Struct, kw_only=True):
    """Under whose law, as of when."""

    place: str
    title: str
    custodian: str
    """The kind of custodian the people are put with; empty where it stays as told."""
    moved_days: int
    """Whole days, a multiple of seven, by which every record was moved in time; 0 where none was."""
    first: str
    last: str
    """The days compared, where they lie once moved; the last one counts."""
    law_known_at: str
    by_verdict: dict[str, int]
    """Verdict -> seconds of custody."""
    undetermined_facts: dict[str, int]
    """Fact or text that would settle it -> undetermined seconds that wait for it; some wait for several."""
    undetermined_questions: dict[str, int]
    """Question of law on which verdicts hang -> undetermined seconds."""
    custodies_past: int
    """Custodies whose last part, to the door, surely had no basis."""
    seconds_past: int
    early: int
    """Releases while every reading still required custody."""


class CellForm(Struct, kw_only=True):
    """Custody on which the two sides say these two things."""

    a: str
    b: str
    """Verdicts."""
    people: int
    seconds: int
    cents: int | None


class GroundForm(Struct, kw_only=True):
    """Custody that only one side supports, by what it rests on there."""

    side: str
    """``a`` or ``b``: the side that supports it."""
    rests_on: str
    """Kinds of paper or charge, and the citations, in one order."""
    cites: list[str]
    other: str
    """The verdict of the other side."""
    people: int
    seconds: int
    cents: int | None


class DoorForm(Struct, kw_only=True):
    """Who would have left when: custodies by which side's law lets them end first."""

    same: int
    """Both sides' law supports custody to the same instant, the door at the latest."""
    a_first: int
    b_first: int
    open: int
    """The law or the facts leave it open on a side."""
    a_earlier_seconds: int
    """By how much A's law ends first, all those custodies together."""
    b_earlier_seconds: int


class CompareDocument(Struct, kw_only=True):
    """One population under two rulebooks: exact replay, no estimate."""

    schema: Literal["habeas/compare/1"] = COMPARE_SCHEMA
    title: str
    invented: bool
    files: dict[str, str]
    rulebook: str
    """Digest of the rulebook."""
    reading: dict[str, str]
    a: SideForm
    b: SideForm
    people: int
    custodies: int
    seconds: int
    """All custody compared; the cells add up to it."""
    cents_per_day: int | None
    cells: list[CellForm]
    grounds: list[GroundForm]
    doors: DoorForm
    limits: list[str]
