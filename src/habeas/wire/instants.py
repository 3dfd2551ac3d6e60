"""Instants as texts: RFC 3339 with the offset of a zone, never a bare count of microseconds."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from habeas.kernel.instants import (
    BEGINNING,
    FOREVER,
    Instant,
    Precision,
    UncertainInstant,
    When,
    parse_instant,
    zoned,
)

OPEN: Final = "open"
"""An end that is not set, or a start before all record."""

InstantText: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^(open|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2}))$",
        description="An instant in RFC 3339 with its offset, or `open`: no end set, or no start.",
    ),
]


class Uncertain(Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="uncertain"):
    """One instant somewhere in ``[earliest, latest)``; two with one key are one instant."""

    earliest: InstantText
    latest: InstantText
    precision: Precision
    key: str
    offset_microseconds: int = 0
    """Added to the unknown point since `path`."""
    path: str = ""
    """Derivations that were no constant shift."""


class Exact(Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="instant"):
    """An exact instant, where a bare text would be read as a code."""

    at: InstantText


class NotKnownTerm(Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="not-known"):
    """A fact that a source leaves open, and how."""

    why: Literal["unmapped", "unstated", "disputed"]


class IntervalForm(Struct, frozen=True, forbid_unknown_fields=True):
    """All instants from a start up to, but not including, an end."""

    start: InstantText
    end: InstantText


WhenForm: TypeAlias = InstantText | Uncertain


def instant_text(instant: Instant, zone: ZoneInfo) -> str:
    """An instant as RFC 3339 with the zone's offset at it; `open` for an open end."""
    return OPEN if instant >= FOREVER or instant <= BEGINNING else zoned(instant, zone).isoformat()


def when_form(when: When, zone: ZoneInfo) -> WhenForm:
    """An instant, exact or within bounds."""
    if not isinstance(when, UncertainInstant):
        return instant_text(when, zone)
    return Uncertain(
        earliest=instant_text(when.earliest, zone),
        latest=instant_text(when.latest, zone),
        precision=when.precision,
        key=when.key,
        offset_microseconds=when.offset,
        path=when.path,
    )


def interval_form(start: Instant, end: Instant, zone: ZoneInfo) -> IntervalForm:
    """An interval in a zone."""
    return IntervalForm(start=instant_text(start, zone), end=instant_text(end, zone))


def instant_of_text(text: str, *, opens: Instant = FOREVER) -> Instant:
    """The instant of a text; it must state its offset.

    Args:
        text: RFC 3339 with offset, or ``open``.
        opens: What ``open`` means here: `FOREVER` of an end, `BEGINNING` of a start.

    Raises:
        UnreadableInstant: it is no instant, or a wall time without an offset.
    """
    return opens if text == OPEN else parse_instant(text)


def when_of(form: WhenForm) -> When:
    """The instant of a form.

    Raises:
        UnreadableInstant: a text is no instant.
        ValueError: bounds that leave no instant.
    """
    if isinstance(form, str):
        return instant_of_text(form)
    return UncertainInstant(
        earliest=instant_of_text(form.earliest, opens=BEGINNING),
        latest=instant_of_text(form.latest),
        precision=form.precision,
        key=form.key,
        offset=form.offset_microseconds,
        path=form.path,
    )
