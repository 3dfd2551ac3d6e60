"""The course of one invented custody: what it is made of, and the steps that all courses share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from habeas.custody.facts import Term
from habeas.invented.chances import DAY, HOUR, QUEUE, TRANSIT, Dice, Spread
from habeas.invented.planted import Plan, Planted
from habeas.invented.teller import Teller, at_minute
from habeas.kernel.evidence import NotKnown

OFFENCES: Final = {
    "felony": ("zz-510-burglary", "zz-220-assault-2", "zz-640-drug-supply", "zz-330-theft-1"),
    "misdemeanor": ("zz-225-assault-4", "zz-335-theft-3", "zz-710-driving-suspended", "zz-440-trespass"),
}
"""Offences of the fictional code, by class."""

MOVED: Final = Spread(3 * DAY, 0.7, 20 * HOUR, 20 * DAY)
"""From booking to a bed elsewhere."""


@dataclass(slots=True)
class Ending:
    """How the last basis ends: when, when the jail knew, and when it could act."""

    at: int
    seen: int
    clear: int


@dataclass(slots=True)
class Course:
    """One custody under way."""

    teller: Teller
    dice: Dice
    start: int
    planted: Planted | None = None
    charges: list[str] = field(default_factory=list[str])
    felony: bool = False
    """Whether a felony is charged."""
    papers: list[str] = field(default_factory=list[str])
    """Papers in the jail's hands that nobody has ended yet."""
    seen_by_judge: int = 0
    door: int = 0
    plan: Plan | None = None

    def plants(self, *kinds: Planted) -> bool:
        """Whether one of these errors is to be planted in it."""
        return self.planted in kinds

    def planned(self, start: int, end: int) -> None:
        """Write down what the planted error ought to show."""
        if self.planted is not None:
            self.plan = Plan(self.teller.person, self.teller.booking, self.planted, start, end)

    def say_of_charges(
        self, kind: str, at: int, terms: dict[str, Term] | None = None, known: int = 0
    ) -> None:
        """Tell the same thing of every charge."""
        for charge in self.charges:
            self.teller.say(kind, at, ("charge", charge), terms, known=max(known, at))

    def say_of_paper(
        self, kind: str, at: int, paper: str, terms: dict[str, Term] | None = None, known: int = 0
    ) -> None:
        """Tell something of a paper."""
        self.teller.say(kind, at, ("instrument", paper), terms, known=max(known, at))

    def lodge(self, kind: str, at: int, sort: str, terms: dict[str, Term], known: int = 0) -> str:
        """A paper comes into the jail's hands; gives its name."""
        paper = self.teller.paper(sort)
        linked: dict[str, Term] = {"booking": self.teller.booking, **terms}
        self.teller.say(kind, at, ("instrument", paper), linked, known=max(known, at))
        self.papers.append(paper)
        return paper

    def ordered(self, at: int, *, seen: int | None = None, clear: int | None = None) -> Ending:
        """A judge orders release on every charge; the jail reads it in its own time."""
        known = at + self.dice.minutes(TRANSIT) if seen is None else seen
        terms: dict[str, Term] = {"charge": frozenset(self.charges)}
        if clear is not None:
            terms["order_readable"] = False
        self.teller.say("ReleaseOrdered", at, None, terms, known=known)
        if clear is not None:
            self.teller.say("OrderClarified", clear)
        return Ending(at, known, known if clear is None else clear)

    def leaves(self, ending: Ending, *, wait: int | None = None) -> None:
        """The door opens some time after the jail could act."""
        queue = self.dice.minutes(QUEUE) if wait is None else wait
        self.released(ending.clear + queue)

    def released(self, door: int) -> None:
        """The person is free to leave, and the jail takes the papers off its books."""
        self._closes("Released", door)

    def turned_over(self, at: int) -> None:
        """Another custodian takes the person away."""
        self._closes("TurnedOver", at)

    def _closes(self, kind: str, at: int) -> None:
        self.door = at
        self.teller.say(kind, at, None, dict(self.teller.whereabouts()))
        for paper in self.papers:
            # A minute after the door: what stood at the door stood, whatever the clerk closed then.
            self.say_of_paper("Stated", at + 1, paper, {"ended_at": at_minute(at + 1)})

    def taken(self, *, on_warrant: bool) -> None:
        """Arrest on a paper that is no charge, and booking."""
        terms = dict(self.teller.whereabouts())
        self.teller.say("Arrested", self.start, None, {**terms, "arrested_on_warrant": on_warrant})
        self.booked()

    def arrested(self, *, on_warrant: bool = False, felony: bool = False) -> None:
        """Arrest on one charge or several, and booking."""
        dice, teller = self.dice, self.teller
        self.felony = felony
        number = 1 + dice.chance(0.35) + dice.chance(0.12)
        self.charges = [teller.charge(each + 1) for each in range(number)]
        terms: dict[str, Term] = {**teller.whereabouts(), "charge": frozenset(self.charges)}
        if on_warrant:
            terms["arrested_on_warrant"] = True
        teller.say("Arrested", self.start, None, terms)
        for index, charge in enumerate(self.charges):
            serious = felony and index == 0
            self._says_what(charge, "felony" if serious or dice.chance(0.4) else "misdemeanor")
        self.booked()

    def _says_what(self, charge: str, sort: str) -> None:
        """What the charge is; sometimes written down wrongly and corrected, sometimes not stated."""
        dice = self.dice
        offence = OFFENCES[sort][dice.whole(0, 3)]
        right: dict[str, Term] = {"booking": self.teller.booking, "class": sort, "offence": offence}
        if self.planted is None and dice.chance(0.02):
            right["class"] = NotKnown.UNSTATED
        if dice.chance(0.02):
            wrong: dict[str, Term] = {**right, "class": "felony" if sort == "misdemeanor" else "misdemeanor"}
            slip = self.teller.say("Stated", self.start, ("charge", charge), wrong, known=self.start + 30)
            later = self.start + dice.whole(2 * HOUR, 9 * HOUR)
            self.teller.say("Stated", self.start, ("charge", charge), right, known=later, corrects=slip)
            return
        self.teller.say("Stated", self.start, ("charge", charge), right, known=self.start + 30)

    def booked(self) -> None:
        """Recorded at the intake desk, and later perhaps moved to another building."""
        intake = self.teller.county.facilities[0]
        at = self.start + self.dice.whole(25, 200)
        self.teller.say("Booked", at, None, dict(self.teller.whereabouts(intake)))

    def moves(self, until: int) -> None:
        """Transfers between the jail's buildings, and a day out to court, while custody lasts."""
        at = self.start + self.dice.minutes(MOVED)
        _, *others = self.teller.county.facilities
        if at < until and self.dice.chance(0.6):
            facility = others[self.dice.whole(0, len(others) - 1)]
            self.teller.say("Transferred", at, None, dict(self.teller.whereabouts(facility)))
        out = at + self.dice.whole(DAY, 4 * DAY)
        back = out + self.dice.whole(2 * HOUR, 7 * HOUR)
        if back < until and self.dice.chance(0.25):
            away: dict[str, Term] = {**self.teller.whereabouts(), "left_for": "court"}
            self.teller.say("TemporaryAbsence", out, None, away)
            self.teller.say("Returned", back, None, dict(self.teller.whereabouts()))
