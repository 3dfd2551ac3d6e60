"""What is said over one piece of a custody: a maximal interval over which nothing changes."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from functools import cached_property

from habeas.authority.duties import BINDING, DutyFinding, breaches
from habeas.authority.findings import Because, SubjectKey, Verdict
from habeas.authority.grounds import Standing, Support
from habeas.authority.situation import Situation
from habeas.kernel.instants import Instant
from habeas.kernel.kleene import Kleene, any_of


@dataclass(eq=False)
class Piece:
    """A maximal interval of an episode over which nothing changes.

    What it says is worked out when first asked, and only once its supports are complete.
    """

    start: Instant
    end: Instant
    custody: Kleene
    situation: Situation
    standings: list[Standing]
    duties: list[DutyFinding]
    supports: list[Support] = field(default_factory=list[Support])
    facts_complete: bool = True
    closed: frozenset[SubjectKey] = frozenset()
    """Subjects on which no hold can stand any more, whatever text was not read."""

    def ending(self, end: Instant) -> Piece:
        """The same piece, cut short."""
        made = copy(self)
        made.end = end
        return made

    @cached_property
    def breached(self) -> list[tuple[DutyFinding, Kleene]]:
        """The duties whose breach, or possible breach, bears on a basis."""
        binding = [duty for duty in self.duties if duty.consequence in BINDING]
        return breaches(binding, self.start) if binding else []

    @cached_property
    def held_by(self) -> Kleene:
        """Whether some basis supports custody."""
        return any_of(support.value for support in self.supports)

    @cached_property
    def verdict(self) -> Verdict:
        """The answer over this piece, each unknown left unknown."""
        if self.custody is False:
            return Verdict.NOT_IN_CUSTODY
        if self.custody is True and self.held_by is True:
            return Verdict.LAWFUL
        if self.custody is True and self.held_by is False and self.because is None:
            return Verdict.UNLAWFUL
        return Verdict.UNDETERMINED

    @cached_property
    def because(self) -> Because | None:
        """Why the verdict is open, if something leaves it open."""
        if self.custody is None or self.held_by is True:
            return Because.MISSING if self.custody is None else None
        open_subjects = {support.subject for support in self.supports if support.value is None}
        reasons = {
            standing.because
            for standing in self.standings
            if standing.subject in open_subjects
            or (not (standing.grounds and standing.encoded) and standing.subject not in self.closed)
        } - {None}
        if Because.CONTESTED in reasons:
            return Because.CONTESTED
        missing = bool(reasons) or self.held_by is None or not self.facts_complete
        return Because.MISSING if missing else None
