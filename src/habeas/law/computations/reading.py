"""A sentence as the facts of its instrument state it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias
from zoneinfo import ZoneInfo

from habeas.kernel.instants import (
    BEGINNING,
    FOREVER,
    CivilDate,
    Instant,
    UncertainInstant,
    civil_date_of,
    earliest_of,
    latest_of,
)
from habeas.law.computations.sentences import Days, Sentence

Value: TypeAlias = bool | int | str | frozenset[str] | Instant | UncertainInstant | None


def sentence_of(
    row: str,
    facts: Mapping[str, Value],
    zone: ZoneInfo,
    custody: tuple[Days, ...] | None = None,
) -> Sentence:
    """The sentence that an instrument's facts state; what they do not state stays unknown.

    Args:
        row: The id of the instrument's row.
        facts: Its facts by name, without the collection: ``term_days``, ``term_months``,
            ``term_years``, ``issued_at`` (imposed), ``lodged_at`` (received), ``jail_credit_days``,
            ``minimum_days``, ``conduct_days``, ``trim_days``, ``charging_document``, ``runs_after``,
            ``runs_with_others``, ``excepted_because``, ``expires_at`` (end stated on its face).
        zone: Where it is served; a fact known only to a civil day is that day here.
        custody: The days in custody on it before sentence, where coverage makes them known.
    """
    marks, after = facts.get("excepted_because"), facts.get("runs_after")
    document = facts.get("charging_document")
    return Sentence(
        id=row,
        days=_number(facts, "term_days") or 0,
        months=_number(facts, "term_months") or 0,
        years=_number(facts, "term_years") or 0,
        imposed_on=_day(facts, "issued_at", zone),
        received_on=_day(facts, "lodged_at", zone),
        document=document if isinstance(document, str) else None,
        consecutive_to=tuple(sorted(after)) if isinstance(after, frozenset) else (),
        concurrent=facts.get("runs_with_others") is True,
        custody=custody,
        stated_credit=_number(facts, "jail_credit_days"),
        minimum_days=_number(facts, "minimum_days"),
        marks=marks if isinstance(marks, frozenset) else None,
        earned_days=_number(facts, "conduct_days"),
        trim_days=_number(facts, "trim_days") or 0,
        stated_end=_last_day(facts, zone),
    )


def _number(facts: Mapping[str, Value], name: str) -> int | None:
    value = facts.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _day(facts: Mapping[str, Value], name: str, zone: ZoneInfo) -> CivilDate | None:
    """The civil day of an instant; None where it may be one of two."""
    value = facts.get(name)
    if value is None or not isinstance(value, int | UncertainInstant):
        return None
    when = value if isinstance(value, UncertainInstant) else Instant(value)
    first, last = earliest_of(when), latest_of(when)
    if first <= BEGINNING or last >= FOREVER:
        return None
    day = civil_date_of(first, zone)
    return day if day == civil_date_of(last, zone) else None


def _last_day(facts: Mapping[str, Value], zone: ZoneInfo) -> CivilDate | None:
    """The last day of an end: an end at midnight is the end of the day before."""
    value = facts.get("expires_at")
    if isinstance(value, int) and not isinstance(value, bool) and BEGINNING < value < FOREVER:
        return civil_date_of(Instant(value - 1), zone)
    return _day(facts, "expires_at", zone)
