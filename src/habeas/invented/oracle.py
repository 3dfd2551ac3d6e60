"""The key to the invented people: each minute of each custody, walked with plain questions.

Written from the words of the fictional acts of 2021 (chs. 910 to 912, Juniper Ord. 21-2, Sorrel Ord.
12-9) and of the federal forms and regulation that reach there, by itself: it knows neither how the
people were made nor how the law floor reads the same texts. It walks custody minute by minute,
counting down the hours of the holds, and says of each minute what supports it.

`stride` lets the walk skip over minutes in which nothing can change: to the next thing on paper, the
next midnight, or the end of a count. Both walks give the same; a test holds them to it.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from habeas.invented.holidays import is_designated, is_kept, is_weekend
from habeas.invented.sheets import NO_END, ChargeSheet, CustodySheet, PaperSheet
from habeas.kernel.instants import MINUTE, Instant, civil_date_of, start_of_day, zone

DAY_MINUTES: Final = 1440
_ZONE: Final = zone("America/New_York")
"""The zone of the fictional state, as its place file states it."""

MUST: Final = frozenset({"detention", "revoked", "sentence", "warrant", "other-county", "violation"})
"""Supports that oblige the jail to keep the person; the others only allow it."""


@dataclass(frozen=True, slots=True, order=True)
class Support:
    """One thing that supports custody at a minute: what sort, and which charge or paper."""

    sort: str
    about: str


@dataclass(slots=True)
class Minute:
    """What is said of one minute, and until when it stays so."""

    start: int
    end: int
    supports: frozenset[Support]


def civil_day(minute: int) -> dt.date:
    """The civil day of a minute in the fictional state."""
    return _day_of_hour(minute // 60)


@lru_cache(maxsize=65536)
def _day_of_hour(hour: int) -> dt.date:
    """The civil day of an hour since 1970: in this zone no day begins within one."""
    return civil_date_of(Instant(hour * 60 * MINUTE), _ZONE)


@lru_cache(maxsize=4096)
def midnight(day: dt.date) -> int:
    """The first minute of a civil day in the fictional state."""
    return start_of_day(day, _ZONE) // MINUTE


def _any_by(minutes: list[int], now: int) -> bool:
    """Whether something had happened by a minute; a sheet's minutes ascend."""
    return bool(minutes) and minutes[0] <= now


def _last_by(minutes: list[int], now: int) -> int | None:
    """The last time something had happened by a minute."""
    return max((minute for minute in minutes if minute <= now), default=None)


def sentences_end(papers: list[PaperSheet]) -> int | None:
    """The minute at which sentences end; None where the credit of one is not stated (ch. 911).

    The day imposed is the first day; one after another where the court says so, else side by side;
    credit off first, then five days of every full thirty left; through the end of the last day.
    """
    by_id = {paper.id: paper for paper in papers}
    followed = {name for paper in papers for name in paper.runs_after}
    ends: list[int] = []
    for last in papers:
        if last.id in followed:
            continue
        line = [last]
        while line[-1].runs_after & by_id.keys():
            line.append(by_id[min(line[-1].runs_after & by_id.keys())])
        if any(paper.credit_days is None for paper in line):
            return None
        ends.append(_line_ends(line))
    return max(ends)


def _line_ends(line: list[PaperSheet]) -> int:
    left = max(sum(paper.term_days for paper in line) - sum(paper.credit_days or 0 for paper in line), 0)
    left = left - left // 30 * 5
    first = civil_day(line[-1].issued)
    return midnight(first + dt.timedelta(days=left))


@dataclass(slots=True)
class Walk:
    """One custody walked from its first minute to its last."""

    sheet: CustodySheet
    horizon: int
    """The first minute about which nothing is told any more."""
    clocks_run: bool = True
    """Whether the three clocks of ch. 910 are watched; without them the walk shows what they ended."""
    county_left: int = 2 * DAY_MINUTES
    federal_left: int = 2 * DAY_MINUTES
    agency_left: int = DAY_MINUTES
    released: bool = False
    """Whether criminal custody has ended once, so that the hours of holds are running."""
    _criminal_before: bool = False
    _marks: list[int] = field(default_factory=list[int])
    _ends: dict[frozenset[str], int | None] = field(default_factory=dict[frozenset[str], "int | None"])

    def minutes(self, *, stride: bool = False) -> Iterator[Minute]:
        """Every minute of the custody in order, or with `stride` each run of minutes alike."""
        now, last = self.sheet.start, min(self.sheet.end, self.horizon)
        while now < last:
            supports = self.supports(now)
            step = min(self._quiet(now), last - now) if stride else 1
            yield Minute(now, now + step, supports)
            self._count(now, step)
            now += step

    def supports(self, now: int) -> frozenset[Support]:
        """What supports custody at a minute; to be asked of minutes in order."""
        found = self._criminal(now)
        if self._criminal_before and not found:
            self.released = True
        self._criminal_before = bool(found)
        for paper in self.sheet.papers.values():
            if self._is_held_for(paper, now):
                found.add(Support("hold", paper.id))
        return frozenset(found)

    def _criminal(self, now: int) -> set[Support]:
        found: set[Support] = set()
        for charge in self.sheet.charges.values():
            found.update(Support(sort, charge.id) for sort in self._on_charge(charge, now))
        for paper in self.sheet.papers.values():
            sort = self._on_paper(paper, now)
            if sort:
                found.add(Support(sort, paper.id))
        return found

    def _on_charge(self, charge: ChargeSheet, now: int) -> Iterator[str]:
        """Ch. 910: arrest, bail not posted, detention, revocation; and the three clocks."""
        if _any_by(charge.disposed, now) or _any_by(charge.sentenced, now):
            return
        if self.clocks_run and self._a_clock_ran_out(charge, now):
            return
        freed = _last_by(charge.release_ordered, now)
        for sort, ordered in (("detention", charge.detained), ("revoked", charge.revoked)):
            made = _last_by(ordered, now)
            if made is not None and (freed is None or freed < made):
                yield sort
        if freed is not None or _any_by(charge.posted, now) or _any_by(charge.refused_for_detainer, now):
            return
        if _any_by(charge.bail_set, now):
            yield "bail"
        if _any_by(charge.arrested, now) and not self._brought_too_late(now):
            yield "arrest"

    def _a_clock_ran_out(self, charge: ChargeSheet, now: int) -> bool:
        """S. 910.03: no probable cause in 48 hours; s. 910.04: not filed by the twenty-first day."""
        sheet = self.sheet
        if sheet.arrested is not None and not sheet.on_warrant:
            due = sheet.arrested + 2 * DAY_MINUTES
            if now >= due and sheet.probable_cause >= due:
                return True
        if charge.arrested and not _any_by(charge.filed, now):
            return now >= midnight(civil_day(charge.arrested[0]) + dt.timedelta(days=22))
        return False

    def _brought_too_late(self, now: int) -> bool:
        """S. 910.02: not before a judge within 24 hours of arrest."""
        if not self.clocks_run or self.sheet.arrested is None:
            return False
        due = self.sheet.arrested + DAY_MINUTES
        return now >= due and self.sheet.first_appearance >= due

    def _on_paper(self, paper: PaperSheet, now: int) -> str:
        """Chs. 911 and 912, but for requests of other agencies: what it supports, or nothing."""
        if not is_lodged(paper, now):
            return ""
        if paper.kind == "sentence":
            end = self.end_of_sentences(now)
            if _any_by(paper.release_ordered, now) or end is None or now >= end:
                return ""
            return "sentence"
        if paper.kind in {"warrant", "bench-warrant", "commitment"}:
            over = _any_by(paper.posted, now) or _any_by(paper.release_ordered, now)
            return "" if over or now >= paper.expires else "warrant"
        if paper.kind == "out-of-county-warrant":
            over = _any_by(paper.posted, now) or now >= paper.lodged + 10 * DAY_MINUTES
            return "" if over else "other-county"
        if paper.kind == "violation-hold":
            bailed = paper.bail_allowed and _any_by(paper.posted, now)
            due = midnight(civil_day(paper.lodged) + dt.timedelta(days=16))
            return "" if bailed or _any_by(paper.hearings, now) or now >= due else "violation"
        return "writ" if paper.kind == "writ" else ""

    def end_of_sentences(self, now: int) -> int | None:
        """When the sentences in the jail's hands at a minute end; None where credit is not stated."""
        those = [p for p in self.sheet.papers.values() if p.kind == "sentence" and is_lodged(p, now)]
        names = frozenset(paper.id for paper in those)
        if names not in self._ends:
            self._ends[names] = sentences_end(those)
        return self._ends[names]

    def _is_held_for(self, paper: PaperSheet, now: int) -> bool:
        """Detainers and other agencies' requests, once criminal custody has ended."""
        if not self.released or not is_lodged(paper, now):
            return False
        if paper.kind in {"hold", "detainer"}:
            return paper.written and self.agency_left > 0
        if paper.kind != "immigration-detainer" or self.sheet.county != "juniper":
            # Sorrel keeps nobody on a detainer: s. 1 bars all but a judge's, and no text allows those.
            return False
        return self.county_left > 0 and self.federal_left > 0 and is_honoured(paper, self.sheet, now)

    def _count(self, now: int, step: int) -> None:
        """Take minutes that have passed off what is left of the holds."""
        if not self.released:
            return
        day = civil_day(now)
        self.agency_left -= min(step, self.agency_left)
        if not is_weekend(day) and not is_kept(day):
            self.county_left -= min(step, self.county_left)
        if not is_weekend(day) and not is_designated(day):
            self.federal_left -= min(step, self.federal_left)

    def _quiet(self, now: int) -> int:
        """How many minutes nothing can change: to the next paper, midnight or end of a count."""
        if not self._marks:
            self._marks = [*sorted(set(self._struck())), NO_END]
        mark = self._marks[bisect_right(self._marks, now)]
        quiet = min(mark, midnight(civil_day(now) + dt.timedelta(days=1))) - now
        if self.released:
            counts = (self.county_left, self.federal_left, self.agency_left)
            quiet = min([quiet, *(left for left in counts if left > 0)])
        return quiet

    def _struck(self) -> Iterator[int]:
        sheet = self.sheet
        yield from (told.at for told in sheet.told)
        if sheet.arrested is not None:
            yield sheet.arrested + DAY_MINUTES
            yield sheet.arrested + 2 * DAY_MINUTES
        for paper in sheet.papers.values():
            yield from (paper.expires, paper.ended, paper.withdrawn, paper.lodged + 10 * DAY_MINUTES)


def is_lodged(paper: PaperSheet, now: int) -> bool:
    """Whether a paper is in the jail's hands: received, and neither withdrawn nor ended."""
    return paper.lodged <= now < min(paper.withdrawn, paper.ended)


def is_honoured(paper: PaperSheet, sheet: CustodySheet, now: int) -> bool:
    """Whether the form has effect and Juniper honours it (Ord. 21-2, s. 1; the federal forms)."""
    if paper.form in {"I-247N", "I-247G"}:
        return False
    if paper.form in {"I-247D", "I-247X"} and paper.issued >= midnight(dt.date(2017, 4, 3)):
        return False
    if paper.form == "I-247A" and paper.served > now:
        return False
    if not paper.complete or paper.warrant == "none":
        return False
    felony = any(charge.offence_class == "felony" for charge in sheet.charges.values())
    return felony or sheet.convicted_felony_shown


def merged(minutes: Iterator[Minute]) -> list[Minute]:
    """Minutes alike beside one another as one run."""
    runs: list[Minute] = []
    for minute in minutes:
        if runs and runs[-1].supports == minute.supports:
            runs[-1].end = minute.end
        else:
            runs.append(Minute(minute.start, minute.end, minute.supports))
    return runs


__all__ = [
    "DAY_MINUTES",
    "MUST",
    "NO_END",
    "Minute",
    "Support",
    "Walk",
    "civil_day",
    "is_honoured",
    "is_lodged",
    "merged",
    "midnight",
    "sentences_end",
]
