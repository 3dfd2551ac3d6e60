"""The words in which an answer is told to the person who has to act on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from habeas.authority.findings import Basis, Duty, DutyState, NoForceReason, Strength, SubjectKey, Unsettled
from habeas.authority.inquiry import Inquiry
from habeas.custody.anomalies import Anomaly
from habeas.custody.facts import COLLECTIONS
from habeas.kernel.instants import (
    DAY,
    FOREVER,
    HOUR,
    MINUTE,
    Instant,
    UncertainInstant,
    When,
    format_instant,
    format_when,
)
from habeas.kernel.places import PlaceId

NO_FORCE: Final[Mapping[NoForceReason, str]] = MappingProxyType(
    {
        NoForceReason.NOT_YET: "its own time has not begun: criminal custody has not ended",
        NoForceReason.NOTIFICATION_ONLY: "it asks to be told of release, and not to hold",
        NoForceReason.LAPSED: "its time is over",
        NoForceReason.UNSERVED: "it was not served on the person",
        NoForceReason.WARRANT_MISSING: "the warrant it needs is not with it",
        NoForceReason.BARRED: "law in force forbids holding on it",
        NoForceReason.VOID: "it is void",
        NoForceReason.WITHDRAWN: "its issuer withdrew it",
        NoForceReason.NOT_LODGED: "it has not been lodged with the custodian",
        NoForceReason.NO_RULE: "no provision in force lets this custodian hold on it",
        NoForceReason.CONDITION_UNMET: "a condition of the provision about it is not met",
    }
)
"""Why a paper supports nothing."""


_STATES: Final[Mapping[DutyState, str]] = MappingProxyType(
    {
        DutyState.MET: "met",
        DutyState.DUE: "due",
        DutyState.BREACHED: "BREACHED",
        DutyState.UNKNOWN: "not known whether met",
    }
)
_DUE: Final[Mapping[DutyState, str]] = MappingProxyType(
    {
        DutyState.MET: ", was due by",
        DutyState.DUE: " by",
        DutyState.BREACHED: ", was due by",
        DutyState.UNKNOWN: ", due by",
    }
)


def shown(when: When | None, zone: ZoneInfo) -> str:
    """An instant in a zone with its offset, or that no end is set."""
    if when is None:
        return "not known"
    if isinstance(when, UncertainInstant):
        return format_when(when, zone)
    return "no end set" if when >= FOREVER else format_instant(when, zone)


def lasting(microseconds: int) -> str:
    """A duration: ``2 d 5 h 30 m``."""
    days, rest = divmod(microseconds, DAY)
    hours, rest = divmod(rest, HOUR)
    parts = [(days, "d"), (hours, "h"), (rest // MINUTE, "m")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "less than a minute"


def listed(parts: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    words = list(parts)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def plain(code: str) -> str:
    """A code as words: ``may-hold`` is ``may hold``."""
    return code.replace("-", " ")


def subject(inquiry: Inquiry, key: SubjectKey, at: Instant) -> str:
    """What a basis or paper is: ``immigration detainer d1 (form I-247D)``, ``charge c1 (felony)``."""
    collection, name = key
    facts = _facts(inquiry, key, at)
    kind = facts.get("kind") if collection == "instrument" else None
    label = plain(kind) if isinstance(kind, str) else collection
    detail = facts.get("form") if collection == "instrument" else facts.get("class")
    if not isinstance(detail, str) or detail == "none":
        return f"{label} {name}"
    return f"{label} {name} ({'form ' if collection == 'instrument' else ''}{detail})"


def custodian(inquiry: Inquiry, place: PlaceId | None, kind: str | None) -> str:
    """Who holds: ``the county jail of Juniper County (fictional)``."""
    if place is None:
        return "the custodian"
    where = inquiry.law.places[place].name
    return f"the {plain(kind)} of {where}" if kind else f"the custodian in {where} (of a kind not known)"


def basis_line(inquiry: Inquiry, basis: Basis, at: Instant, zone: ZoneInfo) -> str:
    """One basis: what it rests on, how strongly, from when until when."""
    strength = "must hold" if basis.strength is Strength.MUST_HOLD else "may hold"
    since, until = shown(basis.starts_at, zone), shown(basis.until, zone)
    what = subject(inquiry, basis.subject, at)
    return f"{what}: {strength} (stratum {basis.stratum}), from {since}, until {until}"


def share_line(basis: Basis) -> str:
    """Whether the basis stands alone."""
    alone = sum(piece.end - piece.start for piece in basis.sole if piece.end < FOREVER)
    open_end = any(piece.end >= FOREVER for piece in basis.sole)
    sole = "with no end" if open_end else lasting(alone) if alone else "never"
    now = "the only basis now" if basis.shared == 1 else f"one of {basis.shared} bases now"
    return f"{now}; alone in this custody: {sole}; but for it: {basis.but_for}"


def duty_line(inquiry: Inquiry, duty: Duty, at: Instant, zone: ZoneInfo) -> str:
    """One duty: where it stands, whose it is, by when, and what follows."""
    due = "" if duty.due_at is None else f"{_DUE[duty.state]} {shown(duty.due_at, zone)}"
    consequence = plain(duty.consequence.value)
    follows = "" if consequence == "none" else f" If not: {consequence}."
    says = duty.says or f"{plain(duty.effect.value)}."
    who = f"{plain(duty.bearer.value)}, of {subject(inquiry, duty.subject, at)}"
    later = " or later, its clock being paused" if duty.not_before and due else ""
    return f"{_STATES[duty.state]}{due}{later} ({who}): {says}{follows} [{duty.cite}]"


def anomaly_line(anomaly: Anomaly) -> str:
    """Evidence that cannot all be true: what is wrong, and which events or figures say it."""
    named = ", ".join(f"{event.kind} ({event.id})" for event in anomaly.events)
    return f"{plain(anomaly.kind.value)}: {anomaly.says or named}"


def unsettled_line(unsettled: Unsettled) -> str:
    """One fact that is not known, and what knowing it would give."""
    settles = "; ".join(f"{value} gives {verdict}" for value, verdict in unsettled.settles.items())
    return f"{unsettled.says}{f' {settles}.' if settles else ''}"


def _facts(inquiry: Inquiry, key: SubjectKey, at: Instant) -> Mapping[str, object]:
    for collection in COLLECTIONS:
        for row in inquiry.record.rows(collection) if collection == key[0] else ():
            if row.id == key[1]:
                return row.facts_at(at)
    return {}
