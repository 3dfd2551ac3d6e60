"""How criminal matters end: bail, orders, sentences; each step tells its events and says how it ended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from habeas.custody.facts import Term
from habeas.invented.chances import (
    DAY,
    HOUR,
    TO_BOND,
    TO_DISMISSAL,
    TO_PLEA,
    TO_PRISON,
    TRANSIT,
)
from habeas.invented.course import Course, Ending
from habeas.invented.planted import Planted
from habeas.invented.teller import at_minute
from habeas.kernel.evidence import NotKnown
from habeas.kernel.instants import MINUTE, civil_date_of, start_of_day, zone

_ZONE: Final = zone("America/New_York")
_TERMS: Final = {20: 2.0, 30: 3.0, 45: 2.0, 60: 4.0, 90: 4.0, 120: 3.0, 180: 3.0, 240: 1.5, 364: 2.0}
"""County terms in days, and how often."""


def day_of(minute: int) -> dt.date:
    """The civil day of a minute in the fictional state."""
    return civil_date_of(at_minute(minute), _ZONE)


def first_minute(day: dt.date) -> int:
    """The first minute of a civil day in the fictional state."""
    return start_of_day(day, _ZONE) // MINUTE


def served_days(left: int) -> int:
    """Days to serve of what is left of a term: twenty-five of each full thirty, and the rest."""
    months, rest = divmod(max(left, 0), 30)
    return months * 25 + rest


def sees_a_judge(course: Course) -> None:
    """First appearance and the finding of probable cause, in time unless planted otherwise."""
    dice, start = course.dice, course.start
    at = start + dice.whole(4 * HOUR, 22 * HOUR)
    if course.plants(Planted.LATE_TO_COURT):
        at = start + DAY + dice.whole(HOUR, 20 * HOUR)
        course.planned(start + DAY, at)
    course.seen_by_judge = at
    course.teller.say("FirstAppearance", at, known=at + 10)
    found = at
    if course.plants(Planted.LATE_FINDING):
        found = start + 2 * DAY + dice.whole(2 * HOUR, 30 * HOUR)
    course.teller.say("ProbableCauseFound", found, known=found + 10)


def sets_bail(course: Course) -> None:
    """The judge sets bail on every charge."""
    cents = course.dice.one_of({50_000: 3, 100_000: 4, 250_000: 3, 1_000_000: 2, 5_000_000: 1})
    terms: dict[str, Term] = {"bail_kind": "money", "bail_cents": cents}
    course.say_of_charges("BailSet", course.seen_by_judge, terms, known=course.seen_by_judge + 15)


def decides(course: Course) -> None:
    """What the judge decides of a case that goes on: bail nobody posts, detention, or nothing yet."""
    decided = course.dice.one_of({"bail": 5, "detained": 3, "nothing": 2})
    if decided == "bail":
        sets_bail(course)
    elif decided == "detained":
        course.say_of_charges("BailDenied", course.seen_by_judge, known=course.seen_by_judge + 15)


def files(course: Course, until: int) -> None:
    """The prosecutor files every charge, unless the case is over first."""
    at = course.start + course.dice.whole(2 * DAY, 18 * DAY)
    if at < until:
        course.say_of_charges("Charged", at, known=at + 4 * HOUR)


def posts_bond(course: Course) -> Ending:
    """Bail is set and, soon or late, posted on every charge."""
    dice = course.dice
    sets_bail(course)
    at = course.seen_by_judge + dice.minutes(TO_BOND)
    known = at + dice.whole(2, 12)
    files(course, at)
    course.say_of_charges("BondTendered", max(at - dice.whole(10, 90), course.seen_by_judge))
    for charge in course.charges:
        if course.planted is None and dice.chance(0.03):
            wrong = course.teller.say("BondPosted", at + dice.whole(30, 600), ("charge", charge))
            late = at + dice.whole(HOUR, 12 * HOUR)
            course.teller.say("BondPosted", at, ("charge", charge), known=max(late, known), corrects=wrong)
            known = max(known, late)
        else:
            course.teller.say("BondPosted", at, ("charge", charge), known=known)
    return Ending(at, known, known)


def refuses_bond(course: Course) -> Ending:
    """Bail is tendered, and the jail refuses it because of a detainer."""
    sets_bail(course)
    at = course.seen_by_judge + course.dice.minutes(TO_BOND)
    files(course, at)
    course.say_of_charges("BondTendered", max(at - 20, course.seen_by_judge))
    course.say_of_charges("BondRefused", at, {"refused_because": "detainer"})
    return Ending(at, at, at)


def own_recognizance(course: Course) -> Ending:
    """The judge frees the person at first appearance."""
    return _order(course, course.seen_by_judge + course.dice.whole(5, 40))


def _order(course: Course, at: int) -> Ending:
    """An order of release on every charge, lost or unreadable where that is planted."""
    dice = course.dice
    if course.plants(Planted.ORDER_LOST):
        seen = at + dice.whole(DAY, 20 * DAY)
        course.planned(at, seen)
        return course.ordered(at, seen=seen)
    if course.plants(Planted.ORDER_UNREADABLE):
        seen = at + dice.minutes(TRANSIT)
        clear = seen + dice.whole(6 * HOUR, 6 * DAY)
        course.planned(seen, clear)
        return course.ordered(at, seen=seen, clear=clear)
    return course.ordered(at)


def fails(course: Course) -> Ending:
    """The case fails: the court orders release, or the charges end."""
    dice = course.dice
    at = max(course.start + dice.minutes(TO_DISMISSAL), course.seen_by_judge + 60)
    if course.plants(Planted.LATE_FINDING):
        return _after_late_finding(course)
    decides(course)
    if course.plants(Planted.LATE_CHARGE):
        due = first_minute(day_of(course.start) + dt.timedelta(days=22))
        filed = due + dice.whole(2 * HOUR, 4 * DAY)
        course.say_of_charges("Charged", filed, known=filed + HOUR)
        course.planned(due, filed)
        at = filed + dice.whole(DAY, 20 * DAY)
    else:
        files(course, at)
    if course.planted is not None or dice.chance(0.5):
        return _order(course, at)
    known = at + dice.minutes(TRANSIT)
    course.say_of_charges("ChargeDisposed", at, {"disposition": "dismissed"}, known=known)
    return Ending(at, known, known)


def _after_late_finding(course: Course) -> Ending:
    due = course.start + 2 * DAY
    sets_bail(course)
    ending = course.ordered(due + course.dice.whole(6 * HOUR, 3 * DAY))
    course.planned(due, due)
    return ending


def is_sentenced(course: Course) -> Ending | None:
    """A county sentence: time served, or a term from which the person leaves; None where it has left."""
    dice = course.dice
    at = course.start + dice.minutes(TO_PLEA)
    decides(course)
    files(course, at)
    credit = (day_of(at) - day_of(course.start)).days
    if course.planted is None and dice.chance(0.3):
        return _time_served(course, at, credit)
    if course.planted is None and len(course.charges) > 1 and dice.chance(0.4):
        return _two_sentences(course, at, credit)
    term = credit + dice.one_of(_TERMS) if course.planted is None else 2 * credit + 90
    ends = first_minute(day_of(at) + dt.timedelta(days=served_days(term - credit)))
    paper = _commits(course, at, _Figures(term, credit))
    if course.planted is None:
        if dice.chance(0.9):
            _projects(course, at, paper, ends, credit)
        return _leaves_sentence(ends)
    return _planted_sentence(course, paper, _Judgment(at, ends, term, credit))


@dataclass(frozen=True, slots=True)
class _Figures:
    """What a court states of one sentence."""

    term: int
    credit: int
    after: str = ""
    """The paper of the sentence after which it runs."""


@dataclass(frozen=True, slots=True)
class _Judgment:
    """A sentence as it truly stands."""

    at: int
    ends: int
    term: int
    credit: int

    def ends_with(self, credit: int) -> int:
        """When it would end with other credit."""
        return first_minute(day_of(self.at) + dt.timedelta(days=served_days(self.term - credit)))


def _commits(course: Course, at: int, figures: _Figures, *, number: int = 1, of: int = 1) -> str:
    """Sentence on one charge of some, and its paper; the charges not sentenced end with the first."""
    charge = course.charges[number - 1]
    known = at + course.dice.minutes(TRANSIT)
    stated: dict[str, Term] = {
        "term_days": figures.term,
        "jail_credit_days": _credit_as_told(course, figures, of),
    }
    course.teller.say("Sentenced", at, ("charge", charge), stated, known=known)
    terms: dict[str, Term] = {"kind": "sentence", "charge": charge, "issued_at": at_minute(at)}
    if course.plants(Planted.COMMITMENT_UNREADABLE):
        terms["order_readable"] = False
    paper = course.lodge("CommitmentReceived", at, f"s{number}", terms, known)
    more: dict[str, Term] = {"runs_after": frozenset({figures.after})} if figures.after else {}
    course.say_of_paper("Stated", at, paper, {**stated, **more}, known)
    if number == 1:
        ended: dict[str, Term] = {"disposition": "dismissed"}
        for other in course.charges[of:]:
            course.teller.say("ChargeDisposed", at, ("charge", other), ended, known=known)
    return paper


def _credit_as_told(course: Course, figures: _Figures, of: int) -> Term:
    """The credit, or that the source does not state it."""
    untold = course.planted is None and of == 1 and figures.credit >= 10
    return NotKnown.UNSTATED if untold and course.dice.chance(0.06) else figures.credit


def _projects(course: Course, at: int, paper: str, due: int, credit: int) -> None:
    """The jail writes down when it means to release."""
    told = min(at + course.dice.whole(30, 10 * HOUR), due - 1)
    terms: dict[str, Term] = {"projected_release_at": at_minute(due), "projected_credit_days": credit}
    course.say_of_paper("ReleaseProjected", max(told, at), paper, terms)


def _leaves_sentence(ends: int) -> Ending:
    """A sentence ends at midnight; the jail opens when its day begins or before."""
    return Ending(ends, ends, ends)


def _time_served(course: Course, at: int, credit: int) -> Ending:
    term = max(credit - course.dice.whole(0, 5), 1)
    _commits(course, at, _Figures(term, max(credit, term)))
    known = max(each.known_at for each in course.teller.events if each.kind == "Sentenced") // MINUTE
    return Ending(at, known, known)


def _two_sentences(course: Course, at: int, credit: int) -> Ending:
    dice = course.dice
    first, second = credit + dice.one_of(_TERMS), credit + dice.one_of(_TERMS)
    after = dice.chance(0.25)
    paper = _commits(course, at, _Figures(first, credit), of=2)
    figures = _Figures(second, 0, paper) if after else _Figures(second, credit)
    other = _commits(course, at, figures, number=2, of=2)
    left = first + second - credit if after else max(first, second) - credit
    ends = first_minute(day_of(at) + dt.timedelta(days=served_days(left)))
    _projects(course, at, other if after else paper, ends, credit)
    return _leaves_sentence(ends)


def _planted_sentence(course: Course, paper: str, made: _Judgment) -> Ending | None:
    dice = course.dice
    match course.planted:
        case Planted.SUM_LATE:
            return _late_sum(course, paper, made, made.ends + dice.whole(1, 25) * DAY, made.credit)
        case Planted.CREDIT_LEFT_OUT:
            return _late_sum(course, paper, made, made.ends_with(0), 0)
        case Planted.NO_DATE:
            door = made.ends + dice.whole(DAY, 6 * DAY)
            course.planned(made.ends, door)
            course.released(door)
        case Planted.SUM_EARLY:
            due = made.ends - dice.whole(1, 40) * DAY
            _early(course, paper, made, due, made.credit)
        case Planted.CREDIT_TWICE:
            _early(course, paper, made, made.ends_with(2 * made.credit), 2 * made.credit)
        case _:
            door = made.at + dice.whole(3 * HOUR, 2 * DAY)
            course.planned(door, door)
            course.released(door)
    return None


def _late_sum(course: Course, paper: str, made: _Judgment, due: int, counted: int) -> Ending:
    _projects(course, made.at, paper, due, counted)
    course.planned(made.ends, due)
    return Ending(made.ends, due, due)


def _early(course: Course, paper: str, made: _Judgment, due: int, counted: int) -> None:
    _projects(course, made.at, paper, due, counted)
    door = due + course.dice.whole(20, 400)
    course.planned(door, door)
    course.released(door)


def goes_to_prison(course: Course) -> None:
    """A state sentence; the state takes the person over some days later."""
    dice = course.dice
    at = course.start + dice.minutes(TO_PRISON)
    decides(course)
    files(course, at)
    credit = (day_of(at) - day_of(course.start)).days
    paper = _commits(course, at, _Figures(credit + dice.whole(400, 3000), credit))
    _projects(course, at, paper, at + 400 * DAY, credit)
    course.turned_over(at + dice.whole(2 * DAY, 15 * DAY))
