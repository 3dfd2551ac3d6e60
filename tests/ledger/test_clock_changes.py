"""Every change of the clocks of every zone of the United States, 2007 to 2037, through a ledger's effective times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from habeas.kernel.instants import (
    HOUR,
    MINUTE,
    AmbiguousLocalTime,
    Instant,
    LocalTime,
    MissingLocalTime,
    instant_of,
    instant_of_datetime,
    local_of,
    zone,
    zone_names,
    zoned,
)
from habeas.ledger.entries import Draft
from small_ledgers import SqlitePlace, World, draft

FIRST, LAST = 2007, 2037
PLACES = {"AS", "GU", "MP", "PR", "US", "VI"}
LISTED = files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8").splitlines()
ZONES = sorted(
    {
        *(name for name in zone_names() if name.startswith("US/")),
        *(line.split("\t")[2] for line in LISTED if line[:2] in PLACES),
    }
)


def offset(at: int, place: ZoneInfo) -> int:
    """By how many microseconds clocks stand ahead of UTC."""
    ahead = zoned(Instant(at), place).utcoffset()
    assert ahead is not None
    return ahead // dt.timedelta(microseconds=1)


@cache
def changes(name: str) -> tuple[tuple[Instant, int], ...]:
    """Each instant at which clocks change, and by how many microseconds, found to the minute."""
    place = zone(name)
    start, stop = (instant_of_datetime(dt.datetime(year, 1, 1, tzinfo=dt.UTC)) for year in (FIRST, LAST + 1))
    found: list[tuple[Instant, int]] = []
    for week, following in pairwise([*range(start, stop, 7 * 24 * HOUR), stop]):
        if offset(week, place) == offset(following, place):
            continue
        low, high = week, following
        while high - low > MINUTE:
            middle = low + (high - low) // (2 * MINUTE) * MINUTE
            low, high = (middle, high) if offset(middle, place) == offset(week, place) else (low, middle)
        found.append((Instant(high), offset(high, place) - offset(low, place)))
    return tuple(found)


def told(name: str) -> Iterator[tuple[Instant, str]]:
    """Wall times around each change as a booking sheet states them, with the instants they are of, in order."""
    place = zone(name)
    for at, by in changes(name):
        for minutes in (-90, -61, -60, -1, 0, 1, 59, 60, 61, 90):
            instant = Instant(at + minutes * MINUTE)
            local = local_of(instant, place)
            twice = by < 0 and by <= minutes * MINUTE < -by
            if twice:
                with pytest.raises(AmbiguousLocalTime, match="happened twice"):
                    instant_of(local, place)
                instant = instant_of(local, place, "earlier" if minutes < 0 else "later")
            else:
                instant = instant_of(local, place)
            yield instant, str(local)
            assert instant == at + minutes * MINUTE


def test_there_are_changes_to_speak_of() -> None:
    counted = {name: len(changes(name)) for name in ZONES}
    assert len(ZONES) >= 40
    assert counted["America/New_York"] == counted["US/Eastern"] == 2 * (LAST - FIRST + 1)
    assert counted["America/Phoenix"] == counted["Pacific/Honolulu"] == counted["Pacific/Guam"] == 0
    assert sum(counted.values()) > 1_500


@pytest.mark.parametrize("name", ZONES)
def test_a_time_that_was_shown_twice_or_never_is_refused_and_never_guessed(name: str) -> None:
    place = zone(name)
    for at, by in changes(name):
        before, after = Instant(at - MINUTE), at
        if by > 0:
            # From the last minute before the change the clock jumps over an hour.
            skipped = zoned(before, place).replace(tzinfo=None) + dt.timedelta(minutes=31)
            with pytest.raises(MissingLocalTime, match="never happened"):
                instant_of(LocalTime(skipped.date(), skipped.time()), place)
        else:
            for instant in (Instant(at + by), before, after, Instant(at - by - MINUTE)):
                with pytest.raises(AmbiguousLocalTime):
                    instant_of(local_of(instant, place), place)
        # Hours that law allows are elapsed hours, whatever the wall showed meanwhile.
        assert Instant(before + 48 * HOUR) - before == 48 * HOUR
        wall = zoned(Instant(before + 48 * HOUR), place).replace(tzinfo=None)
        assert wall - zoned(before, place).replace(tzinfo=None) == dt.timedelta(hours=48, microseconds=by)


def test_effective_times_come_back_as_they_were_stated_and_in_their_order(tmp_path: Path) -> None:
    world = World.make(SqlitePlace(tmp_path), tmp_path)
    stated = [(name, instant, text) for name in ZONES for instant, text in told(name)]
    drafts: list[Draft] = [
        draft(n, stream=f"z-{name}", valid_from=at, valid_to=Instant(at + 48 * HOUR), zone=name, payload=b"-")
        for n, (name, at, _) in enumerate(stated)
    ]
    for start in range(0, len(drafts), 2_000):
        world.ledger.append_all(drafts[start : start + 2_000])
    ledger = world.reopen(writable=False)
    for name in ZONES:
        headers = [entry.read() for entry in ledger.stream(f"z-{name}")]
        mine = [(at, text) for zone_name, at, text in stated if zone_name == name]
        assert [header.valid_from for header in headers] == [at for at, _ in mine]
        assert [header.valid_from for header in headers] == sorted(at for at, _ in mine)
        for header, (at, text) in zip(headers, mine, strict=True):
            assert header.valid_from is not None
            assert header.valid_to == at + 48 * HOUR
            assert header.zone == name
            assert str(local_of(Instant(header.valid_from), zone(header.zone))) == text
    ledger.close()
