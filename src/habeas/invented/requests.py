"""What keeps a person beside the charges: warrants, holds of others, detainers; and what frees them."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Final

from habeas.custody.facts import Term
from habeas.invented.cases import day_of, first_minute
from habeas.invented.chances import DAY, HOUR, TRANSIT, Spread
from habeas.invented.course import Course, Ending
from habeas.invented.holidays import is_designated, is_kept
from habeas.invented.planted import Planted
from habeas.invented.teller import at_minute
from habeas.kernel.calendars import Calendar, ExcludedDays, Weekday, add_open_time
from habeas.kernel.instants import MINUTE, zone

_ZONE: Final = zone("America/New_York")
_WEEKEND: Final = frozenset({Weekday.SATURDAY, Weekday.SUNDAY})
_OTHER_CASE: Final = Spread(2 * DAY, 1.1, 4 * HOUR, 40 * DAY)
"""How long another matter keeps somebody."""
FORMS: Final = ("I-247N", "I-247G", "unserved", "I-247D", "no-warrant", "incomplete")
"""Sorts of detainer that support nothing anywhere in the fictional state."""


@lru_cache(maxsize=64)
def _excluded(year: int, *, kept: bool) -> ExcludedDays:
    """Weekends and holidays around a year."""
    first = dt.date(year, 1, 1) - dt.timedelta(days=10)
    days = [first + dt.timedelta(days=number) for number in range(400)]
    off = frozenset(day for day in days if (is_kept(day) if kept else is_designated(day)))
    return ExcludedDays(_WEEKEND, Calendar("planned", off, first, days[-1]))


def window_end(free: int) -> int:
    """The end of the 48 hours of a detainer, the county's and the regulation's, whichever is first."""
    year = day_of(free).year
    ends = [
        add_open_time(at_minute(free), 48 * 3600, _excluded(year, kept=kept), _ZONE) for kept in (True, False)
    ]
    return min(ends) // MINUTE


def finish(course: Course, ending: Ending) -> None:
    """Whatever else keeps the person, and the door."""
    if course.planted is not None:
        _finish_planted(course, ending)
        return
    sort = course.dice.one_of({"none": 85, "violation": 5, "county": 2, "warrant": 4, "agency": 3})
    lodged = course.start + course.dice.whole(2 * HOUR, 20 * HOUR)
    if sort == "agency" and lodged < ending.at - 30:
        _agency_hold(course, lodged, ending)
        return
    left = _OTHERS[sort](course, lodged, ending) if sort in _OTHERS and lodged < ending.at - 30 else ending
    if left is None:
        return
    if course.dice.chance(0.07):
        _detainer(course, left)
        return
    course.leaves(left)


def _violation(course: Course, lodged: int, ending: Ending) -> Ending | None:
    """A hold for breach of supervision: heard, or lifted."""
    paper = course.lodge("HoldLodged", lodged, "v1", {"kind": "violation-hold", "issuer": "zz-probation"})
    return _violation_ends(course, paper, lodged + course.dice.whole(2 * DAY, 13 * DAY), ending)


def _violation_ends(course: Course, paper: str, at: int, ending: Ending) -> Ending:
    known = at + course.dice.minutes(TRANSIT)
    heard = course.dice.chance(0.6)
    course.say_of_paper("HearingHeld" if heard else "HoldLifted", at, paper, None, known)
    return Ending(at, known, known) if at > ending.at else ending


def _county(course: Course, lodged: int, ending: Ending) -> Ending | None:
    """A warrant of another county: that county comes, or withdraws it."""
    terms: dict[str, Term] = {"kind": "out-of-county-warrant", "issuer": "zz-other-county"}
    paper = course.lodge("WarrantLodged", lodged, "o1", terms)
    fetched = lodged + course.dice.whole(DAY, 9 * DAY)
    if fetched > ending.at:
        course.turned_over(fetched)
        return None
    course.say_of_paper("WarrantWithdrawn", fetched, paper)
    return ending


def _warrant(course: Course, lodged: int, ending: Ending) -> Ending | None:
    """A bench warrant in another matter: bail, or an order."""
    paper = course.lodge("WarrantLodged", lodged, "w1", {"kind": "bench-warrant", "issuer": "zz-court"})
    return _warrant_ends(course, paper, lodged + course.dice.minutes(_OTHER_CASE), ending)


def _warrant_ends(course: Course, paper: str, at: int, ending: Ending) -> Ending:
    bailed = course.dice.chance(0.5)
    known = at + (5 if bailed else course.dice.minutes(TRANSIT))
    course.say_of_paper("BondPosted" if bailed else "ReleaseOrdered", at, paper, None, known)
    return Ending(at, known, known) if at > ending.at else ending


_OTHERS: Final = {"violation": _violation, "county": _county, "warrant": _warrant}


def _agency_hold(course: Course, lodged: int, ending: Ending) -> None:
    """Another agency's request: not in writing and declined, or followed for a day."""
    dice = course.dice
    written = dice.chance(0.7)
    terms: dict[str, Term] = {"kind": "hold", "issuer": "zz-marshals", "written": written}
    paper = course.lodge("HoldLodged", lodged, "h1", terms)
    if not written:
        declined = min(lodged + dice.whole(10, 90), ending.at - 1)
        course.say_of_paper("DetainerDeclined", declined, paper, {"declined_because": "not-written"})
        course.leaves(ending)
        return
    _held_past(course, paper, ending.at, ending.at + DAY)


def _held_past(course: Course, paper: str, free: int, over: int) -> None:
    """The end of a hold that supports custody past release: fetched, withdrawn, or its time runs out."""
    dice = course.dice
    outcome = dice.one_of({"fetched": 6, "withdrawn": 2, "over": 2})
    at = free + dice.whole(30, max(over - free - 60, 60))
    if outcome == "fetched":
        course.turned_over(at)
    elif outcome == "withdrawn":
        known = at + dice.whole(3, 30)
        course.say_of_paper("HoldLifted", at, paper, {"withdrawn_because": "not-wanted"}, known)
        course.leaves(Ending(at, known, known))
    else:
        course.leaves(Ending(over, over, over))


def detainer(course: Course, lodged: int, sort: str) -> str:
    """A detainer arrives; `sort` is ``good`` or one of `FORMS`."""
    form = sort if sort.startswith("I-247") else "I-247A"
    issued = at_minute(lodged - course.dice.whole(60, 2 * DAY))
    terms: dict[str, Term] = {
        "kind": "immigration-detainer",
        "form": form,
        "issuer": "zz-federal-office",
        "issuer_office": "zz-office",
        "issued_at": issued,
        "attached_warrant": "none" if sort == "no-warrant" else "I-200",
        "complete": sort != "incomplete",
    }
    paper = course.lodge("DetainerLodged", lodged, "d1", terms)
    if sort != "unserved":
        course.say_of_paper("DetainerServed", lodged + 10, paper)
    return paper


def shows_felony(course: Course) -> None:
    """A paper shows a felony proved before."""
    about = ("person", str(course.teller.person))
    course.teller.say("HistoryShown", course.start + 20, ("person", about[1]), {"convicted_felony": True})


def _detainer(course: Course, ending: Ending) -> None:
    """A detainer before release: followed where the county honours it, else declined."""
    dice = course.dice
    lodged = course.start + dice.whole(90, 18 * HOUR)
    if lodged + 40 >= ending.at:
        course.leaves(ending)
        return
    good = dice.chance(0.55)
    sort = "good" if good else FORMS[dice.whole(0, len(FORMS) - 1)]
    if good and course.teller.county.honours:
        if not course.felony:
            shows_felony(course)
        paper = detainer(course, lodged, sort)
        _held_past(course, paper, ending.at, window_end(ending.at))
        return
    paper = detainer(course, lodged, sort)
    declined = min(lodged + dice.whole(15, 120), ending.at - 1)
    course.say_of_paper("DetainerDeclined", declined, paper, {"declined_because": "not-honoured"})
    course.leaves(ending)


def _finish_planted(course: Course, ending: Ending) -> None:
    dice = course.dice
    lodged = course.start + 45
    match course.planted:
        case Planted.FORGOTTEN:
            wait = dice.whole(14 * HOUR, 9 * DAY)
            course.planned(ending.clear, ending.clear + wait)
            course.leaves(ending, wait=wait)
        case Planted.VOID_PAPER:
            _kept_on_nothing(course, lodged, ending)
        case Planted.WINDOW_OVER | Planted.WITHDRAWN_PAPER:
            _kept_past(course, lodged, ending)
        case Planted.ORDER_TO_KEEP_UNSEEN:
            door = ending.clear + dice.whole(60, 5 * HOUR)
            course.lodge(
                "WarrantLodged", ending.at - 40, "w1", {"kind": "warrant"}, door + dice.whole(60, DAY)
            )
            course.planned(door, door)
            course.released(door)
        case Planted.DETENTION_UNSEEN:
            door = ending.clear + dice.whole(60, 5 * HOUR)
            known = door + dice.whole(60, DAY)
            about = course.charges[0]
            course.teller.say("BailDenied", ending.at - 10, ("charge", about), known=known)
            course.planned(door, door)
            course.released(door)
        case _:
            course.leaves(ending)
            if course.plants(Planted.LATE_FINDING) and course.plan is not None:
                course.planned(course.plan.start, course.door)


def _kept_on_nothing(course: Course, lodged: int, ending: Ending) -> None:
    wait = course.dice.whole(12 * HOUR, 90 * HOUR)
    if course.dice.chance(0.3):
        terms: dict[str, Term] = {"kind": "hold", "issuer": "zz-marshals", "written": False}
        course.lodge("HoldLodged", lodged, "h1", terms)
    else:
        detainer(course, lodged, FORMS[course.dice.whole(0, len(FORMS) - 1)])
    course.planned(ending.clear, ending.clear + wait)
    course.leaves(ending, wait=wait)


def _kept_past(course: Course, lodged: int, ending: Ending) -> None:
    """Kept past the end of a hold that did support custody: its window, or its withdrawal."""
    dice, free = course.dice, ending.at
    if course.teller.county.honours and dice.chance(0.6):
        shows_felony(course)
        paper, over = detainer(course, lodged, "good"), window_end(free)
    else:
        terms: dict[str, Term] = {"kind": "hold", "issuer": "zz-marshals", "written": True}
        paper, over = course.lodge("HoldLodged", lodged, "h1", terms), free + DAY
    if course.plants(Planted.WITHDRAWN_PAPER):
        over = free + dice.whole(60, over - free - 60)
        course.say_of_paper("HoldLifted", over, paper, {"withdrawn_because": "not-wanted"}, over + DAY)
    door = over + dice.whole(3 * HOUR, 4 * DAY)
    course.planned(over, door)
    course.released(door)


def held_on_violation(course: Course) -> None:
    """Taken on a hold for breach of supervision and on nothing else."""
    dice, start = course.dice, course.start
    course.taken(on_warrant=True)
    paper = course.lodge("HoldLodged", start, "v1", {"kind": "violation-hold", "issuer": "zz-probation"})
    if course.plants(Planted.WINDOW_OVER):
        over = first_minute(day_of(start) + dt.timedelta(days=16))
        door = over + dice.whole(5 * HOUR, 6 * DAY)
        course.planned(over, door)
        course.released(door)
        return
    at = start + dice.whole(2 * DAY, 14 * DAY)
    if course.plants(Planted.WITHDRAWN_PAPER):
        course.say_of_paper("HoldLifted", at, paper, None, at + DAY)
        door = at + dice.whole(14 * HOUR, 5 * DAY)
        course.planned(at, door)
        course.released(door)
        return
    course.leaves(_violation_ends(course, paper, at, Ending(start, start, start)))


def held_on_warrant(course: Course) -> None:
    """Taken on a bench warrant in an old matter."""
    course.taken(on_warrant=True)
    start = course.start
    paper = course.lodge("WarrantLodged", start, "w1", {"kind": "bench-warrant", "issuer": "zz-court"})
    at = start + course.dice.minutes(_OTHER_CASE)
    course.leaves(_warrant_ends(course, paper, at, Ending(start, start, start)))


def held_for_county(course: Course) -> None:
    """Taken on a warrant of another county, which comes in time, or never does."""
    dice, start = course.dice, course.start
    course.taken(on_warrant=True)
    terms: dict[str, Term] = {"kind": "out-of-county-warrant", "issuer": "zz-other-county"}
    course.lodge("WarrantLodged", start, "o1", terms)
    if not course.plants(Planted.WINDOW_OVER):
        course.turned_over(start + dice.whole(DAY, 9 * DAY))
        return
    over = start + 10 * DAY
    door = over + dice.whole(5 * HOUR, 4 * DAY)
    course.planned(over, door)
    course.released(door)


def brought_on_writ(course: Course) -> None:
    """Brought from a state prison on a writ, and taken back."""
    at = course.start + course.dice.whole(DAY, 25 * DAY)
    course.teller.say("Admitted", course.start, None, dict(course.teller.whereabouts()))
    paper = course.lodge("WritReceived", course.start, "r1", {"issuer": "zz-court"})
    course.say_of_paper("WritReturned", at, paper, {"ended_at": at_minute(at)})
    course.papers.remove(paper)
    course.turned_over(at)


def taken_by_mistake(course: Course) -> None:
    """Admitted on nothing at all."""
    course.teller.say("Admitted", course.start, None, dict(course.teller.whereabouts()))
    door = course.start + course.dice.whole(3 * HOUR, 60 * HOUR)
    course.planned(course.start, door)
    course.released(door)
