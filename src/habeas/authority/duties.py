"""Duties in force at a piece: deadlines, whether they were met, and what a breach does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TypeAlias

from msgspec import Struct

from habeas.authority.clocks import Clocks, clock_of, named_instant
from habeas.authority.findings import Duty, DutyState, SubjectKey
from habeas.authority.grounds import selects
from habeas.authority.release import Release
from habeas.authority.situations import Aspect, FactRow, Situation
from habeas.kernel.instants import (
    FOREVER,
    Instant,
    When,
    at_or_before,
    before,
    earliest_of,
    latest_of,
)
from habeas.kernel.kleene import Kleene, any_of, both, negation
from habeas.law.clocks import Deadline, Window
from habeas.law.enactments import Bearer, Consequence, Stratum
from habeas.law.program import Rule

BINDING = frozenset({Consequence.BASIS_ENDS, Consequence.BURDEN_SHIFTS})
"""What of a breach bears on a basis."""


class DutyFinding(Struct, frozen=True):
    """A duty on one subject, with its deadline and the fact that discharges it."""

    rule: Rule
    subject: SubjectKey
    row: FactRow
    applies: Kleene
    due: Deadline | None
    done: tuple[When | None, ...]
    """When each thing was done that discharges it; FOREVER if complete sources show it was not; None
    if not known. None alone where the law names nothing."""

    @property
    def consequence(self) -> Consequence:
        """What a breach does to the bases the duty names."""
        return self.rule.provision.consequence

    def edges(self) -> set[Instant]:
        """Instants at which its state can change."""
        ends = [at for at in self.done if at is not None]
        if self.due is not None:
            ends.append(self.due.at)
        found = {edge for end in ends for edge in (earliest_of(end), latest_of(end))}
        return {edge for edge in found if edge < FOREVER}

    def state_at(self, at: Instant) -> DutyState:
        """Met, due, breached or unknown at an instant."""
        past = (each for each in self.done if each is not None and at_or_before(each, at) is True)
        if any(self._in_time(each) is True for each in past):
            return DutyState.MET
        broken = self.broken_at(at)
        if broken is None or self.applies is None:
            return DutyState.UNKNOWN
        return DutyState.BREACHED if broken else DutyState.DUE

    @property
    def met_in_time(self) -> Kleene:
        """Whether it was done before its deadline: one thing of several that discharge it suffices."""
        return any_of(self._in_time(each) for each in self.done)

    def _in_time(self, done: When | None) -> Kleene:
        if done is None:
            return None
        if self.due is None:
            return done != FOREVER
        in_time = before(done, self.due.at)
        return None if self.due.not_before and in_time is False else in_time

    def broken_at(self, at: Instant) -> Kleene:
        """Whether the deadline has passed without the duty done in time."""
        if self.due is None:
            return False
        passed = at_or_before(self.due.at, at)
        if self.due.not_before and passed is True:
            passed = None
        return both(self.applies, both(passed, negation(self.met_in_time)))

    def ends(self, held_by: Rule, row: FactRow) -> bool:
        """Whether a breach of it bears on a basis that a rule gives on a row."""
        if self.consequence not in BINDING:
            return False
        selector = self.rule.provision.ends
        if selector is not None and selector.same_subject:
            same = held_by.provision.on == self.subject[0] and row["id"] == self.subject[1]
            if not same:
                return False
        return selects(selector, held_by, row)

    def duty_at(self, at: Instant) -> Duty:
        """The duty as it stands at an instant, for an answer."""
        provision = self.rule.provision
        return Duty(
            provision=self.rule.ref,
            subject=self.subject,
            effect=provision.effect,
            bearer=provision.bearer or Bearer.CUSTODIAN,
            state=self.state_at(at),
            due_at=self.due.at if self.due else None,
            not_before=self.due.not_before if self.due else False,
            consequence=provision.consequence,
            cite=provision.cite,
            says=provision.says,
            lines=self.due.lines if self.due else (),
            anomaly=self.due.anomaly if self.due else None,
        )


def duties_in(clocks: Clocks, situation: Situation) -> list[DutyFinding]:
    """Every duty that applies, or may apply, in a situation.

    One whose clock starts when all criminal bases have ended is not among them: see
    :func:`duties_from`.
    """
    found: list[DutyFinding] = []
    for rule, aspect, applies in _applying(situation, situation.program.duty_numbers):
        key = rule, clocks.seen_by(situation, rule)
        if key not in aspect.duties:
            aspect.duties[key] = tuple(duties_found(clocks, situation, rule, aspect.row, applies))
        found += aspect.duties[key]
    return found


def duties_from(
    clocks: Clocks, situation: Situation, releases: Callable[[tuple[Stratum, ...]], Sequence[Release]]
) -> list[DutyFinding]:
    """Every duty whose clock starts when a person is otherwise releasable: one for each time.

    What meets the first may have been done before; each later one asks for it anew, after the
    next basis had stood in between.
    """
    return [
        finding
        for rule, aspect, applies in _applying(situation, situation.program.release_duty_numbers)
        for finding in duties_anew(
            clocks, situation, releases(clock_of(rule).strata), (rule, aspect.row, applies)
        )
    ]


Applying: TypeAlias = tuple[Rule, FactRow, Kleene]
"""A rule, a subject, and whether the rule applies to it."""


def duties_anew(
    clocks: Clocks, situation: Situation, releases: Sequence[Release], applying: Applying
) -> Iterator[DutyFinding]:
    """The duties that one rule makes for one subject: see :func:`duties_from`."""
    rule, row, applies = applying
    sure = {release.at for release in releases if release.certain}
    times = [clocks.times(situation, name, row) for name in rule.provision.discharges] or [(None,)]
    since: Window | None = None
    for window in clocks.from_releases(situation, rule, row, releases):
        if since is not None and window.deadline == since.deadline:
            continue  # the same duty still: the clock neither resumed nor started anew
        certain = window.anchor.at in sure and not window.question
        here = applies if certain else both(applies, None)
        after = None if since is None else since.anchor.stopped or since.anchor.at
        done = tuple(_met_after(each, after) for each in times)
        yield _finding(rule, row, here, window.deadline, done)
        since = window


def breaches(duties: Sequence[DutyFinding], at: Instant) -> list[tuple[DutyFinding, Kleene]]:
    """The duties whose breach, or possible breach, bears on bases at an instant."""
    found = [(duty, duty.broken_at(at)) for duty in duties]
    return [(duty, broken) for duty, broken in found if broken is not False]


def _applying(situation: Situation, numbers: Mapping[Rule, int]) -> Iterator[tuple[Rule, Aspect, Kleene]]:
    """Each of some duties, in their order, with the subjects to which it applies, or may."""
    bearing = [
        (numbers[rule], place, rule, aspect)
        for place, aspect in enumerate(situation.aspects)
        for rule in aspect.bearing.duties
        if rule in numbers
    ]
    bearing.sort(key=_PLACE)
    for _, _, rule, aspect in bearing:
        applies = applies_to(situation, aspect, rule)
        if applies is not False:
            yield rule, aspect, applies


_PLACE = itemgetter(0, 1)


def applies_to(situation: Situation, aspect: Aspect, rule: Rule) -> Kleene:
    """Whether a rule applies to a subject; asked once of each aspect of it."""
    if rule not in aspect.applying:
        aspect.applying[rule] = _applies(situation, rule, aspect.row)
    return aspect.applying[rule]


def _applies(situation: Situation, rule: Rule, row: FactRow) -> Kleene:
    concerned = situation.concerns(rule, row)
    if concerned is False:
        return False
    return both(concerned, rule.applies(situation.facts(rule.provision.on, row)))


def duties_found(
    clocks: Clocks, situation: Situation, rule: Rule, row: FactRow, applies: Kleene
) -> Iterator[DutyFinding]:
    """The duty on one row, with the deadline from the anchor that its facts show now."""
    done = tuple(named_instant(situation, name, row) for name in rule.provision.discharges) or (None,)
    clock = rule.provision.clock
    anchor = None if clock is None else named_instant(situation, clock.anchor, row)
    if anchor is None or anchor == FOREVER:
        yield _finding(rule, row, applies, None, done)
        return
    for window in clocks.from_facts(situation, rule, row):
        if window.anchor.at == anchor:
            here = both(applies, None) if window.question else applies
            yield _finding(rule, row, here, window.deadline, done)
            return


def _finding(
    rule: Rule, row: FactRow, applies: Kleene, due: Deadline | None, done: tuple[When | None, ...]
) -> DutyFinding:
    return DutyFinding(rule, (rule.provision.on, row["id"]), row, applies, due, done)


def _met_after(done: Sequence[When | None], since: When | None) -> When | None:
    """The first time it was done after an instant; FOREVER if never, None if that is not known."""
    if since is None:
        return done[0]
    for at in done:
        later = None if at is None else before(since, at)
        if later is not False:
            return at if later is True else None
    return FOREVER
