"""The English of law's state: dates as read in a place, verbs, and conditions on one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from zoneinfo import ZoneInfo

from habeas.kernel.instants import (
    BEGINNING,
    FOREVER,
    Instant,
    UncertainInstant,
    When,
    civil_date_of,
    end_of_day,
    start_of_day,
    zoned,
)
from habeas.law.enactments import All, AnyOf, Condition, Gap, Limb, Not, Verb
from habeas.law.targets import DatedAct

DONE_BY: Mapping[Verb, str] = MappingProxyType(
    {
        Verb.ENACTS: "enacted by",
        Verb.AMENDS: "amended by",
        Verb.REPEALS: "repealed by",
        Verb.SUPERSEDES: "superseded by",
        Verb.RESCINDS: "rescinded by",
        Verb.REVIVES: "revived by",
        Verb.PREEMPTS: "preempted by",
        Verb.SUSPENDS: "suspended by",
        Verb.VACATES: "set aside by",
        Verb.STAYS: "stayed by",
        Verb.LIFTS: "lifted by",
        Verb.REVERSES: "reversed from the start by",
        Verb.VOIDS: "declared void from the start by",
        Verb.ENDS: "ended by",
    }
)
"""What was done to an enactment or act, before the name of what did it."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def since(when: When, zone: ZoneInfo) -> str:
    """When something began: `` since 17 Feb 2017``, or nothing for what has always been."""
    return "" if when == BEGINNING else f" since {date_of(when, zone)}"


def upon(when: When, zone: ZoneInfo) -> str:
    """When something was done: `` on 17 Feb 2017``, or nothing where no date is stated."""
    if when == BEGINNING:
        return ""
    spans_days = isinstance(when, UncertainInstant) and not _is_one_day(when, zone)
    return f" {date_of(when, zone)}" if spans_days else f" on {date_of(when, zone)}"


def date_of(when: When, zone: ZoneInfo) -> str:
    """A date as read in a zone: ``17 Feb 2017``, with the hour where it is not midnight."""
    if not isinstance(when, UncertainInstant):
        return _moment(when, zone)
    if _is_one_day(when, zone):
        return f"{_moment(when.earliest, zone)} (hour not known)"
    return f"between {_moment(when.earliest, zone)} and {_moment(when.latest, zone)}"


def _is_one_day(when: UncertainInstant, zone: ZoneInfo) -> bool:
    day = civil_date_of(when.earliest, zone)
    return when.earliest == start_of_day(day, zone) and when.latest == end_of_day(day, zone)


def _moment(instant: Instant, zone: ZoneInfo) -> str:
    if not BEGINNING < instant < FOREVER:
        return "an open date"
    moment = zoned(instant, zone)
    day = f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    if instant == start_of_day(moment.date(), zone):
        return day
    return f"{day} {moment:%H:%M} {moment.tzname()}"


def condition_words(condition: Condition) -> str:
    """A condition on one line, its limbs as written in the file."""
    if isinstance(condition, Limb):
        return condition.text
    if isinstance(condition, Gap):
        return f"a text not found ({condition.missing})"
    if isinstance(condition, Not):
        return f"not ({condition_words(condition.part)})"
    if isinstance(condition, All | AnyOf):
        joint = " and " if isinstance(condition, All) else " or "
        return joint.join(_inner(part) for part in condition.parts)
    least = f"{condition.at_least} " if condition.quantifier == "count" else ""
    return f"{condition.quantifier} {least}{condition.collection}: {condition_words(condition.part)}"


def _inner(condition: Condition) -> str:
    words = condition_words(condition)
    return f"({words})" if isinstance(condition, All | AnyOf) and len(condition.parts) > 1 else words


def listed(parts: Sequence[str]) -> str:
    """Parts joined as English does: ``a``, ``a and b``, ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def capitalised(sentence: str) -> str:
    """The sentence with a capital first letter and the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


def named(act: DatedAct) -> str:
    """An act as a sentence names it: its enactment's title and its own citation."""
    return f"{act.enactment.title} [{act.act.cite}]"
