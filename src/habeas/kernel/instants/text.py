"""Instants written and read: RFC 3339, civil days, and the line a release officer reads."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from habeas.kernel.instants.civil import (
    Choice,
    LocalTime,
    end_of_day,
    instant_of,
    instant_of_datetime,
    start_of_day,
    zoned,
)
from habeas.kernel.instants.points import BEGINNING, FOREVER, Instant
from habeas.kernel.instants.uncertain import Precision, UncertainInstant, When
from habeas.kernel.instants.zones import zone as zone_named

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"(?P<wall>\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)"
    r"(?P<offset>Z|[+-]\d{2}:\d{2})?",
    re.ASCII,
)


class UnreadableInstant(ValueError):
    """A text that is not an instant in the form this library reads."""

    def __init__(self, text: str, wanted: str) -> None:
        """Show the text and what was expected."""
        self.text = text
        super().__init__(f"cannot read [{text}] as an instant: {wanted}")


def parse_instant(text: str, zone: ZoneInfo | None = None, choose: Choice | None = None) -> Instant:
    """The instant a text states.

    Args:
        text: ``2017-03-04T10:00:00-05:00``, ``2017-03-04T15:00Z``, or a wall time without an
            offset such as ``2017-03-04T10:00``, which needs a zone. A space may stand for the T.
        zone: The zone of a wall time; a text with an offset does not need it.
        choose: For a wall time that names two instants or none.

    Raises:
        UnreadableInstant: The text has another form, names no real date, or lacks a zone.
        AmbiguousLocalTime: Clocks showed the wall time twice and no choice was made.
        MissingLocalTime: Clocks never showed it and no choice was made.
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        raise UnreadableInstant(text, "expected such as 2017-03-04T10:00 or 2017-03-04T15:00Z")
    try:
        moment = dt.datetime.fromisoformat(_padded(found["wall"]) + (found["offset"] or ""))
    except ValueError as error:
        raise UnreadableInstant(text, str(error)) from error
    if moment.tzinfo is not None:
        return instant_of_datetime(moment)
    if zone is None:
        raise UnreadableInstant(text, "it states no offset and no zone was given")
    return instant_of(LocalTime(moment.date(), moment.time()), zone, choose)


def parse_when(text: str, zone: ZoneInfo, key: str) -> When:
    """The instant a text states, uncertain within the day when it names only a day.

    Args:
        text: A text of `parse_instant`, or a bare date such as ``2017-03-04``.
        zone: The zone whose civil day or wall time is meant.
        key: The identity of the unknown point, should it be one.

    Raises:
        UnreadableInstant: The text has another form or names no real date.
        AmbiguousLocalTime: Clocks showed the wall time twice.
        MissingLocalTime: Clocks never showed it.
    """
    if _DAY.fullmatch(text.strip()) is None:
        return parse_instant(text, zone)
    return day_of(parse_civil_date(text), zone, key)


def parse_civil_date(text: str) -> dt.date:
    """The civil day a text such as ``2017-03-04`` states.

    Raises:
        UnreadableInstant: The text has another form or names no real date.
    """
    if _DAY.fullmatch(text.strip()) is None:
        raise UnreadableInstant(text, "expected a date such as 2017-03-04")
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise UnreadableInstant(text, str(error)) from error


def day_of(day: dt.date, zone: ZoneInfo, key: str) -> UncertainInstant:
    """An unknown point somewhere in a civil day.

    Raises:
        ValueError: The zone skipped that whole day.
    """
    return UncertainInstant(
        earliest=start_of_day(day, zone),
        latest=end_of_day(day, zone),
        precision=Precision.DAY,
        key=key,
    )


def format_instant(instant: Instant, zone: ZoneInfo) -> str:
    """The instant as read on the spot: ``2017-03-04 10:00 EST (UTC-05:00)``.

    Seconds appear only when they are not zero. An open end reads ``open``.
    """
    if instant >= FOREVER or instant <= BEGINNING:
        return "open"
    moment = zoned(instant, zone)
    offset = moment.strftime("%z")
    wall = LocalTime(moment.date(), moment.time())
    name = moment.tzname() or ""
    label = "" if name[:1] in {"+", "-", ""} else f" {name}"
    return f"{wall}{label} (UTC{offset[:3]}:{offset[3:5]})"


def format_when(when: When, zone: ZoneInfo) -> str:
    """The instant as read on the spot, with both bounds when it is uncertain."""
    if not isinstance(when, UncertainInstant):
        return format_instant(when, zone)
    return f"from {format_instant(when.earliest, zone)} to before {format_instant(when.latest, zone)}"


def rfc3339(instant: Instant) -> str:
    """The instant in UTC for machines: ``2017-03-04T15:00:00Z``; an open end reads ``open``."""
    if instant >= FOREVER or instant <= BEGINNING:
        return "open"
    return zoned(instant, zone_named("UTC")).isoformat().replace("+00:00", "Z")


def _padded(wall: str) -> str:
    """Six digits of fraction, the only other width than three that every reader accepts."""
    whole, dot, fraction = wall.partition(".")
    return f"{whole}{dot}{fraction.ljust(6, '0')}" if dot else whole
