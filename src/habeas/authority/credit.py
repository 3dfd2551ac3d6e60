"""The days a person spent in custody on a charge before sentence, as far as sources make them known.

A court's stated figure governs; this is what the record comes to, for a rule that asks for it and
for telling where the two differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias, cast
from zoneinfo import ZoneInfo

from habeas.custody.record import CustodyRecord
from habeas.kernel.instants import (
    FOREVER,
    CivilDate,
    Instant,
    UncertainInstant,
    When,
    before,
    civil_date_of,
    earliest_of,
    latest_of,
    start_of_day,
)

Days: TypeAlias = tuple[CivilDate, CivilDate]
_Facts: TypeAlias = Mapping[str, Any]
_Rows: TypeAlias = Mapping[str, Sequence[_Facts]]
_LAST = Instant(FOREVER - 1)
_ONE_DAY = dt.timedelta(days=1)


def days_before_sentence(
    record: CustodyRecord, rows: _Rows, sentence: _Facts, zone: ZoneInfo
) -> tuple[Days, ...] | None:
    """The civil days touched by custody from the arrest on a sentence's charges until it was imposed.

    Custody by any custodian counts, also before a release in between.

    Returns:
        Each stretch as its first and last day; None where the charge, the arrest on it, the day of
        sentence, some custody in between, or whether that was on the charge, is not known.
    """
    imposed, charges = _instant(sentence.get("issued_at")), _charges(record, rows, sentence)
    if imposed is None or not charges:
        return None
    found: list[Days | None] = []
    for charge in charges:
        arrested = _arrested(record, charge)
        if arrested is None or not _is_covered(record, arrested, imposed, zone):
            return None
        held = list(_held(record, arrested, imposed))
        if not _is_on_it(charge, held):
            return None
        found += [_days(start, end, zone) for start, end in held]
    known = tuple(days for days in found if days is not None)
    return known if len(known) == len(found) else None


def _is_on_it(charge: _Facts, held: Sequence[tuple[When, When]]) -> bool:
    """Whether all of the custody was surely on the charge too: bail or an order had not ended that."""
    for name in ("posted_at", "release_ordered_at"):
        freed = charge.get(name)
        if freed is None:
            return False
        if freed != FOREVER and any(before(freed, end) is not False for _, end in held):
            return False
    return True


def _charges(record: CustodyRecord, rows: _Rows, sentence: _Facts) -> Sequence[_Facts]:
    """The charges on which a sentence was imposed: those it names, or the only one there is.

    One may belong to a booking before the custody asked about.
    """
    named, charges = sentence.get("charge"), rows["charge"]
    if named is None or named == "none":
        return charges if len(charges) == 1 else ()
    names = cast("frozenset[str]", named) if isinstance(named, frozenset) else frozenset({str(named)})
    told = {row.id: row.facts_at(_LAST) for row in record.rows("charge")}
    found = [told[name] for name in sorted(names) if name in told]
    return found if len(found) == len(names) else ()


def _arrested(record: CustodyRecord, charge: _Facts) -> When | None:
    """When the person was arrested on a charge, or on the booking it belongs to."""
    at = _instant(charge.get("arrested_at"))
    if at is not None:
        return at
    own = [row for row in record.rows("booking") if row.id == charge.get("booking")]
    return _instant(own[0].facts_at(_LAST).get("arrested_at")) if own else None


def _instant(value: object) -> When | None:
    """An instant that came and is known; of an uncertain one its bounds."""
    if isinstance(value, UncertainInstant):
        return value
    if isinstance(value, bool) or not isinstance(value, int) or value >= FOREVER:
        return None
    return Instant(value)


def _held(record: CustodyRecord, since: When, until: When) -> Iterator[tuple[When, When]]:
    """Custody between two instants, each stretch cut at them."""
    for episode in record.episodes:
        start: When = since if earliest_of(episode.start) <= earliest_of(since) else episode.start
        end: When = until if latest_of(episode.end) >= latest_of(until) else episode.end
        if earliest_of(start) < latest_of(end):
            yield start, end


def _days(start: When, end: When, zone: ZoneInfo) -> Days | None:
    """The first and the last day touched; None where either may be one of two."""
    first, last = _day(start, zone), _day(end, zone)
    return None if first is None or last is None else (first, last)


def _day(at: When, zone: ZoneInfo) -> CivilDate | None:
    day = civil_date_of(earliest_of(at), zone)
    return day if day == civil_date_of(latest_of(at), zone) else None


def _is_covered(record: CustodyRecord, since: When, until: When, zone: ZoneInfo) -> bool:
    """Whether sources claim to show every booking on every day between two instants."""
    day, last = civil_date_of(earliest_of(since), zone), civil_date_of(latest_of(until), zone)
    while day <= last:
        asked = max(start_of_day(day, zone), earliest_of(since))
        if not record.covers("booking", Instant(asked)):
            return False
        day += _ONE_DAY
    return True
