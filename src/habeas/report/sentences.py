"""Answers in words that a jail officer, a clerk or a reporter reads once."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from habeas.authority.answer import Answer
from habeas.authority.findings import Because, NoForceReason, Verdict
from habeas.kernel.instants import FOREVER
from habeas.report.axis import dated_text
from habeas.report.lanes import State

_REASONS = {
    NoForceReason.NOT_YET: "its time has not begun: criminal custody goes on",
    NoForceReason.NOTIFICATION_ONLY: "it asks only to be told",
    NoForceReason.LAPSED: "its time is over",
    NoForceReason.UNSERVED: "it was not served on the person",
    NoForceReason.WARRANT_MISSING: "no warrant that the law here asks for is attached",
    NoForceReason.BARRED: "law in force forbids holding on it",
    NoForceReason.VOID: "it is void",
    NoForceReason.WITHDRAWN: "it was withdrawn",
    NoForceReason.NOT_LODGED: "it was not lodged with this custodian",
    NoForceReason.NO_RULE: "no law in force lets this custodian hold on it",
    NoForceReason.CONDITION_UNMET: "the conditions of the law on it are not met",
}


def state_of(verdict: Verdict, because: Because | None) -> State | None:
    """How a verdict is drawn; None where nobody is held."""
    if verdict is Verdict.UNDETERMINED:
        return State.NOT_KNOWN if because is Because.MISSING else State.CONTESTED
    return {Verdict.LAWFUL: State.HELD, Verdict.UNLAWFUL: State.NO_AUTHORITY}.get(verdict)


def short(found: Answer, zone: ZoneInfo) -> str:
    """The answer in one line: what, on what, until when."""
    if found.verdict is Verdict.LAWFUL:
        return f"May be held{until(found, zone)}"
    if found.verdict is Verdict.UNLAWFUL:
        return "No authority: must be released"
    if found.verdict is Verdict.NOT_IN_CUSTODY:
        return "Not in custody"
    if found.because is Because.MISSING:
        return "Not known: a fact or a text is missing"
    return "Contested: laws in force disagree"


def until(found: Answer, zone: ZoneInfo) -> str:
    """Until when custody is supported, as the end of a sentence."""
    if found.latest_lawful is None:
        return ""
    if found.latest_lawful >= FOREVER:
        return ", no end set"
    return f" until {dated_text(found.latest_lawful, zone)}"


def grounds(found: Answer) -> tuple[str, ...]:
    """What the answer rests on: the bases, the papers of no force, what is not known."""
    lines = [f"{_named(basis.subject)}: {basis.says} [{basis.cite}]" for basis in found.bases]
    lines += [f"{_named(none.subject)} supports nothing: {_REASONS[none.reason]}." for none in found.no_force]
    lines += [f"Not known: {unknown.says}." for unknown in found.unknown]
    return tuple(lines)


def no_force(reason: NoForceReason) -> str:
    """Why a paper supports nothing, in words."""
    return _REASONS[reason]


def _named(subject: tuple[str, str]) -> str:
    return f"{subject[0][:1].upper()}{subject[0][1:]} {subject[1]}"
