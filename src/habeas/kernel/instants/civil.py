"""Civil days and wall times, which become instants only through a zone."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from habeas.kernel.instants.points import BEGINNING, FOREVER, Instant

CivilDate: TypeAlias = dt.date
"""A calendar day somewhere; it has instants only together with a zone."""

Choice: TypeAlias = Literal["earlier", "later"]
"""Which of two instants a caller means by a wall time that names two, or none."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, order=True)
class LocalTime:
    """What a clock on a wall and the calendar beside it show; not yet an instant."""

    day: CivilDate
    """The calendar day."""

    time: dt.time = dt.time()
    """The time of day, without a zone."""

    def __post_init__(self) -> None:
        """Refuse a time that carries a zone.

        Raises:
            ValueError: The time of day has a zone or offset of its own.
        """
        if self.time.tzinfo is not None:
            raise ValueError(f"wall time [{self.time}] carries a zone; pass the zone apart")

    def __str__(self) -> str:
        """Day and time, seconds only when they are not zero: ``2017-03-04 10:00``."""
        return f"{self.day.isoformat()} {_time_text(self.time)}"


class _TwoChoices(ValueError):
    """A wall time that does not name exactly one instant."""

    trouble = ""

    def __init__(self, local: LocalTime, zone: ZoneInfo, earlier: Instant, later: Instant) -> None:
        self.local = local
        self.zone = zone
        self.earlier = earlier
        self.later = later
        first, second = (_moment(choice).astimezone(zone) for choice in (earlier, later))
        super().__init__(
            f"local time [{local}] {self.trouble} in [{zone.key}]: choose earlier "
            f"[{_offset_text(first)}] or later [{_offset_text(second)}]"
        )


class AmbiguousLocalTime(_TwoChoices):
    """A wall time that was shown twice, as when clocks go back.

    Attributes:
        local: The wall time.
        zone: The zone it was read in.
        earlier: The first instant at which clocks showed it.
        later: The second.
    """

    trouble = "happened twice"


class MissingLocalTime(_TwoChoices):
    """A wall time that was never shown, as when clocks go forward.

    Attributes:
        local: The wall time.
        zone: The zone it was read in.
        earlier: The instant it means by the offset in force after the change.
        later: The instant it means by the offset in force before the change.
    """

    trouble = "never happened"


def instant_of(local: LocalTime, zone: ZoneInfo, choose: Choice | None = None) -> Instant:
    """The instant at which clocks in a zone show a wall time.

    Args:
        local: The wall time.
        zone: Where the clock hangs.
        choose: What to do when the wall time names two instants or none; left out, that is an
            error and nothing is guessed.

    Raises:
        AmbiguousLocalTime: Clocks showed it twice and no choice was made.
        MissingLocalTime: Clocks never showed it and no choice was made.
    """
    before, after = (_read(local, zone, fold) for fold in (0, 1))
    if before == after:
        return before
    earlier, later = min(before, after), max(before, after)
    if choose is None:
        error = AmbiguousLocalTime if before < after else MissingLocalTime
        raise error(local, zone, earlier, later)
    return earlier if choose == "earlier" else later


def local_of(instant: Instant, zone: ZoneInfo) -> LocalTime:
    """What clocks in a zone show at an instant.

    Raises:
        ValueError: The instant is an open end, which no clock shows.
    """
    moment = _moment(instant).astimezone(zone)
    return LocalTime(moment.date(), moment.time())


def civil_date_of(instant: Instant, zone: ZoneInfo) -> CivilDate:
    """The calendar day in a zone at an instant.

    Raises:
        ValueError: The instant is an open end, which lies in no civil day.
    """
    return _moment(instant).astimezone(zone).date()


def start_of_day(day: CivilDate, zone: ZoneInfo) -> Instant:
    """The first instant of a civil day.

    Midnight where it exists; where clocks skipped it, the instant of the change; where a whole
    day was skipped, the first instant of the day after it.
    """
    midnight = LocalTime(day)
    before, after = (_read(midnight, zone, fold) for fold in (0, 1))
    if before <= after:
        return before
    # Midnight was skipped: the day begins at the change, which lies after the earlier reading
    # (still the day before) and not after the later one.
    low, high = after, before
    while high - low > 1:
        middle = Instant((low + high) // 2)
        low, high = (low, middle) if civil_date_of(middle, zone) >= day else (middle, high)
    return high


def end_of_day(day: CivilDate, zone: ZoneInfo) -> Instant:
    """The instant at which a civil day has ended: the first instant of the next day."""
    return start_of_day(day + dt.timedelta(days=1), zone)


def zoned(instant: Instant, zone: ZoneInfo) -> dt.datetime:
    """The instant as an aware standard-library value, for formatting and for other libraries.

    Raises:
        ValueError: The instant is an open end.
    """
    return _moment(instant).astimezone(zone)


def instant_of_datetime(moment: dt.datetime) -> Instant:
    """The instant of an aware standard-library value.

    Raises:
        ValueError: The value has no zone, so it names no instant.
    """
    if moment.tzinfo is None:
        raise ValueError(f"[{moment.isoformat()}] has no zone; it names no instant")
    return Instant((moment - _EPOCH) // _MICROSECOND)


def _read(local: LocalTime, zone: ZoneInfo, fold: Literal[0, 1]) -> Instant:
    wall = dt.datetime.combine(local.day, local.time, tzinfo=zone).replace(fold=fold)
    return Instant((wall - _EPOCH) // _MICROSECOND)


def _moment(instant: Instant) -> dt.datetime:
    if not BEGINNING <= instant < FOREVER:
        raise ValueError(f"instant [{instant}] is an open end; it has no civil time")
    return _EPOCH + dt.timedelta(microseconds=instant)


def _time_text(time: dt.time) -> str:
    if time.microsecond:
        return time.isoformat(timespec="microseconds").rstrip("0")
    return time.isoformat(timespec="seconds" if time.second else "minutes")


def _offset_text(moment: dt.datetime) -> str:
    offset = moment.strftime("%z")
    return f"{moment.date().isoformat()} {_time_text(moment.time())} UTC{offset[:3]}:{offset[3:5]}"
