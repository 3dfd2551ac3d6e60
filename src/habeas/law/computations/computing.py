"""When sentences end: an ordered list of steps folded over a finite list of sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from habeas.kernel.instants import CivilDate, Instant, LocalTime, end_of_day, start_of_day
from habeas.law.clocks import first_showing
from habeas.law.computations.chains import Chain, NotKnown
from habeas.law.computations.rules import StartRule, problems_of, rule_of
from habeas.law.computations.sentences import Sentence, UnsupportedSentence
from habeas.law.computations.steps import ComputationLine, State, apply
from habeas.law.enactments import Step

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Computation:
    """When custody under a person's sentences ends, and how that was computed."""

    expires_on: CivilDate | None
    """The last civil day of custody; None when something needed is not known."""
    expires_at: Instant | None
    """The first instant no longer covered by the sentences."""
    days_to_serve: int | None
    """Days from the beginning of the governing chain to its end."""
    governs: tuple[str, ...]
    """The sentences, in order, that end last."""
    lines: tuple[ComputationLine, ...]
    """The arithmetic, a citation each."""
    anomalies: tuple[str, ...] = ()
    """Figures that differ: the court's governs, the computed one is reported here."""
    missing: tuple[str, ...] = ()
    """Facts that no source states, as ``sentence.fact``."""


@dataclass(frozen=True, slots=True)
class _End:
    chain: Chain
    day: CivilDate
    at: Instant


def compute(steps: Sequence[Step], sentences: Sequence[Sentence], zone: ZoneInfo) -> Computation:
    """Fold the steps, in the order given, over the sentences.

    Args:
        steps: The steps of a provision that ``computes``.
        sentences: In any order; those imposed on one day stand in the order given.
        zone: Where they are served; its civil days are meant.

    Raises:
        UnsupportedSentence: The steps cannot compute these sentences; it says which and why.
    """
    problems = problems_of(steps)
    if problems:
        raise UnsupportedSentence("; ".join(problems))
    if not sentences:
        raise UnsupportedSentence("no sentence")
    if len(sentences) > 1 and not any(step.does == "combine" for step in steps):
        raise UnsupportedSentence("several sentences without a step [combine]")
    state = State(tuple(sorted(sentences, key=_imposed)))
    try:
        for step in steps:
            state = apply(state, rule_of(step), step.cite)
    except NotKnown as unknown:
        return Computation(None, None, None, (), state.lines, state.anomalies, unknown.facts)
    return _ended(state, zone, steps[0].cite)


def _imposed(sentence: Sentence) -> CivilDate:
    return sentence.imposed_on or dt.date.max


def _ended(state: State, zone: ZoneInfo, cite: str) -> Computation:
    ends: list[_End] = []
    for chain in state.chains:
        day = _last_day(chain, state.begins)
        stated = chain.sentences[-1].stated_end
        if stated is not None and stated != day:
            state = state.noted(f"[{chain.name}]: the court stated its end as {stated}, computed {day}")
        governing = day if stated is None else stated
        ends.append(_End(chain, governing, _instant(chain, governing, state.begins, zone)))
    last = max(ends, key=lambda end: end.at)
    counted = "counting that day" if state.begins.first_day == "counted" else "counting from the next day"
    state = state.told(
        f"[{last.chain.name}] {last.chain.left} days from {last.chain.start}, {counted}: "
        f"last day {last.day}, {state.begins.ends}",
        cite,
    )
    return Computation(
        last.day,
        last.at,
        last.chain.left,
        tuple(each.id for each in last.chain.sentences),
        state.lines,
        state.anomalies,
    )


def _last_day(chain: Chain, rule: StartRule) -> CivilDate:
    """The last day of custody; the first one where nothing is left to serve."""
    days = max(chain.left - 1 if rule.first_day == "counted" else chain.left, 0)
    return chain.start + days * _ONE_DAY


def _instant(chain: Chain, day: CivilDate, rule: StartRule, zone: ZoneInfo) -> Instant:
    if not chain.left and chain.sentences[-1].stated_end is None:
        return start_of_day(chain.start, zone)
    if rule.ends == "end-of-day":
        return end_of_day(day, zone)
    if rule.ends == "start-of-day":
        return start_of_day(day, zone)
    return first_showing(LocalTime(day, dt.time.fromisoformat(rule.ends)), zone)
