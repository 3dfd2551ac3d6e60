"""What bears on a legal clock in one situation: its anchors, its pauses, extensions and resets.

A clock has a key: the instrument, its issuer, or the episode. What happened under another key does
not move it; an anchor that comes again under its own key is a repetition, whichever paper it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import cast

import msgspec

from habeas.authority.aspects import AspectStore
from habeas.authority.release import Release
from habeas.authority.situations import FactRow, Situation
from habeas.custody.events import UNNUMBERED, Event, ExtensionGranted, Ref, TollingBegan, TollingEnded
from habeas.custody.facts import COLLECTIONS
from habeas.custody.record import CustodyRecord
from habeas.kernel.calendars import OutsideCalendar
from habeas.kernel.instants import (
    FOREVER,
    Instant,
    Precision,
    UncertainInstant,
    When,
    at_or_before,
    earliest_of,
    latest_of,
    start_of_day,
)
from habeas.kernel.kleene import Kleene, both
from habeas.law.clocks import Anchor, Circumstances, Deadline, Grant, Window, windows
from habeas.law.enactments import Clock, ClockKey
from habeas.law.program import Rule

_LONG_AGO = Instant(-(10**16))
"""The year 1653: before anything a record holds, and a year that every zone can name."""
_ONE_DAY = dt.timedelta(days=1)


def clock_of(rule: Rule) -> Clock:
    """The clock of a rule that has one."""
    clock = rule.provision.clock
    assert clock is not None, "asked of rules with a clock"
    return clock


def named_instant(situation: Situation, name: str, row: FactRow) -> When | None:
    """An instant fact such as ``booking.arrested_at``, of the subject or what it belongs to."""
    owner, _, fact = name.partition(".")
    if row["ref"] == owner:
        found = row.get(fact)
    else:
        rows = situation.rows.get(owner, ())
        linked = [each for each in rows if each["id"] == row.get(owner)] or list(rows)
        found = linked[-1].get(fact) if linked else None
    if isinstance(found, UncertainInstant):
        return found
    return Instant(found) if isinstance(found, int) and not isinstance(found, bool) else None


def circumstances(record: CustodyRecord, situation: Situation, rule: Rule, row: FactRow) -> Circumstances:
    """What bears on a rule's clock for one subject: zone, calendar, pauses, extensions, resets."""
    law, clock = situation.program.law, clock_of(rule)
    return Circumstances(
        zone=law.places.zone_of(situation.place),
        calendar=law.calendars.get(clock.holidays) if clock.holidays else None,
        pauses=tuple(_pauses(record, situation, clock, row)),
        grants=tuple(_grants(record, situation, rule, row)),
        resets=tuple(_resets(situation, clock, row)),
    )


def _pauses(
    record: CustodyRecord, situation: Situation, clock: Clock, row: FactRow
) -> Iterator[tuple[When, When | None]]:
    began: list[tuple[When, Kleene]] = []
    ended: list[When] = []
    for event in record.events if clock.name else ():
        if isinstance(event, TollingBegan | TollingEnded) and event.terms.get("clock") == clock.name:
            bears = bears_on(event, situation, clock, row)
            if bears is not False and isinstance(event, TollingBegan):
                began.append((event.at, bears))
            elif bears is not False:
                ended.append(event.at)
    if clock.pause is not None:
        begins = named_instant(situation, clock.pause.begins, row)
        ends = named_instant(situation, clock.pause.ends, row)
        began += (
            []
            if begins == FOREVER
            else [(_LONG_AGO if begins is None else begins, begins is not None or None)]
        )
        ended += [] if ends is None or ends == FOREVER else [ends]
    yield from _paired(began, ended)


def _paired(
    began: Sequence[tuple[When, Kleene]], ended: Sequence[When]
) -> Iterator[tuple[When, When | None]]:
    """Each beginning with the first end after it; one that may not count lies anywhere up to its end."""
    ends = sorted(ended, key=earliest_of)
    for start, sure in sorted(began, key=lambda pair: earliest_of(pair[0])):
        end = next((each for each in ends if earliest_of(each) >= earliest_of(start)), None)
        last = FOREVER if end is None else latest_of(end)
        if sure is True or last <= earliest_of(start):
            yield start, end
        else:
            key = f"perhaps paused:{earliest_of(start)}:{last}"
            # It may begin with its end, and then there was no pause at all.
            after = last if last >= FOREVER else Instant(last + 1)
            yield UncertainInstant(earliest_of(start), after, Precision.RANGE, key), end


def _resets(situation: Situation, clock: Clock, row: FactRow) -> Iterator[When]:
    if not clock.reset:
        return
    reset = named_instant(situation, clock.reset, row)
    if reset is None:
        key = f"perhaps reset:{row['id']}.{clock.reset}"
        yield UncertainInstant(_LONG_AGO, FOREVER, Precision.RANGE, key)
    elif reset != FOREVER:
        yield reset


def _grants(record: CustodyRecord, situation: Situation, rule: Rule, row: FactRow) -> Iterator[Grant]:
    """Extensions granted under the clock's key whose own condition was, or may have been, met."""
    clock = clock_of(rule)
    named = {extension.clock for extension in clock.extensions}
    if not named:
        return
    granted = [event for event in record.events if isinstance(event, ExtensionGranted)]
    for event in sorted(granted, key=lambda each: earliest_of(each.at)):
        name = event.terms.get("clock")
        if not isinstance(name, str) or name not in named:
            continue
        sure = bears_on(event, situation, clock, row)
        condition = rule.extensions.get(name)
        if condition is not None and sure is not False:
            facts = situation.facts(str(row["ref"]), row)
            sure = both(sure, condition.evaluate(msgspec.structs.replace(facts, at=earliest_of(event.at))))
        if sure is not False:
            yield Grant(name, event.at, sure=sure is True)


def bears_on(event: Event, situation: Situation, clock: Clock, row: FactRow) -> Kleene:
    """Whether what happened to one row bears on a clock of another under the clock's key.

    An event about the subject does, and one about the person. One about another paper does if the
    key joins the two papers; one about another charge or booking does not; one about a booking,
    charge or paper that the subject belongs to does.
    """
    refs = _refs(event)
    if (row["ref"], row["id"]) in refs or any(ref.collection == "person" for ref in refs):
        return True
    if refs == frozenset({UNNUMBERED}):
        return True
    if not any(ref.collection == row["ref"] for ref in refs):
        return _belongs(situation, row, refs)
    if row["ref"] != "instrument" or clock.key is ClockKey.INSTRUMENT:
        return False
    papers = [each for each in situation.rows["instrument"] if ("instrument", each["id"]) in refs]
    return _of_one_issuer(papers, row) if clock.key is ClockKey.ISSUER else bool(papers)


def _refs(event: Event) -> frozenset[Ref]:
    found = {event.subject}
    for collection in COLLECTIONS:
        term = event.terms.get(collection)
        names = term if isinstance(term, frozenset) else [term] if isinstance(term, str) else []
        found |= {Ref(collection, name) for name in names if name != "none"}
    return frozenset(found)


def _of_one_issuer(papers: Sequence[FactRow], row: FactRow) -> Kleene:
    """Whether some of the papers are of the issuer of another one."""
    issuers = {paper.get("issuer") for paper in papers}
    if row.get("issuer") is not None and row["issuer"] in issuers:
        return True
    return None if issuers and (None in issuers or row.get("issuer") is None) else False


def _belongs(situation: Situation, row: FactRow, refs: frozenset[Ref]) -> Kleene:
    """Whether a subject belongs to one of some other rows: surely, if it is the only one there."""
    value: Kleene = False
    for ref in refs:
        there = situation.rows.get(ref.collection, ())
        for each in there:
            if each["id"] != ref.id:
                continue
            ours, theirs = _links(row, ref.collection), _links(each, str(row["ref"]))
            unsaid = not ours and not theirs
            if ref.id in ours or row["id"] in theirs or (unsaid and len(there) == 1):
                return True
            value = None if unsaid else value
    return value


def _links(row: FactRow, collection: str) -> frozenset[str]:
    found = row.get(collection)
    if isinstance(found, frozenset):
        return cast("frozenset[str]", found)
    return frozenset() if found in {None, "none"} else frozenset({str(found)})


class Clocks:
    """The windows that clocks open in one custody, each set made once."""

    def __init__(self, record: CustodyRecord, store: AspectStore | None = None) -> None:
        """Make windows for a record; what other custodies of it had made is in its store."""
        self.record = record
        self._store = AspectStore(record) if store is None else store

    def from_facts(self, situation: Situation, rule: Rule, row: FactRow) -> tuple[Window, ...]:
        """The windows for one subject of a clock that starts with a fact; none where that never came.

        An anchor counts every time it came and on every paper that the clock's key joins.
        """
        key = rule, row["id"], self.seen_by(situation, rule)
        kept = self._store.windows
        if key not in kept:
            made = self._windows(situation, rule, row, self._anchors(situation, rule, row))
            if key[2] is None:
                return made
            kept[key] = made
        return kept[key]

    def from_releases(
        self, situation: Situation, rule: Rule, row: FactRow, releases: Sequence[Release]
    ) -> tuple[Window, ...]:
        """The windows for one subject of a clock that starts when it is otherwise releasable."""
        key = rule, row["id"], self.seen_by(situation, rule), tuple(releases)
        kept = self._store.windows
        if key not in kept:
            made = self._windows(situation, rule, row, _release_anchors(situation, rule, row, releases))
            if key[2] is None:
                return made
            kept[key] = made
        return kept[key]

    def seen_by(self, situation: Situation, rule: Rule) -> tuple[object, ...] | None:
        """The rows that a rule's clock looks at, by their identity; None where nobody keeps them.

        All rows and the setting where something was tolled or extended: to what that belongs, and
        whether it was allowed, is told from them.
        """
        if not self._disturbed:
            return situation.identity_of(rule.clock_reads)
        rows = situation.identity_of(COLLECTIONS)
        return None if rows is None else (*rows, *situation.setting.items())

    @cached_property
    def _disturbed(self) -> bool:
        kinds = (TollingBegan, TollingEnded, ExtensionGranted)
        return any(isinstance(event, kinds) for event in self.record.events)

    def times(self, situation: Situation, name: str, row: FactRow) -> tuple[When | None, ...]:
        """Every time at which an instant fact came, as far as the record shows it came.

        One that never came is FOREVER alone, one not known None alone.
        """
        now = named_instant(situation, name, row)
        owner, _, fact = name.partition(".")
        if now is None or now == FOREVER or owner != row["ref"]:
            return (now,)
        stated = self.record.row(row["ref"], row["id"]).instants_of(fact)
        return stated if now in stated else (now,)

    def _anchors(self, situation: Situation, rule: Rule, row: FactRow) -> list[Anchor]:
        name = clock_of(rule).anchor
        same = name.partition(".")[0] == row["ref"]
        return [
            Anchor(at, subject=each["id"])
            for each in (_under_one_key(situation, rule, row) if same else (row,))
            for at in self.times(situation, name, each)
            if at is not None and at != FOREVER
        ]

    def _windows(
        self, situation: Situation, rule: Rule, row: FactRow, anchors: Sequence[Anchor]
    ) -> tuple[Window, ...]:
        if not anchors:
            return ()
        bears = circumstances(self.record, situation, rule, row)
        key = rule, row["id"], tuple(anchors), bears
        kept = self._store.windows
        if key not in kept:
            made = _windows_of(clock_of(rule), anchors, bears)
            kept[key] = tuple(window for window in made if window.anchor.subject == row["id"])
        return kept[key]


def _under_one_key(situation: Situation, rule: Rule, row: FactRow) -> Iterator[FactRow]:
    """The subject, and other papers that the clock's key joins with it."""
    clock = clock_of(rule)
    for each in situation.rows[row["ref"]]:
        if each["id"] == row["id"]:
            yield each
        elif row["ref"] == "instrument" and clock.key is not ClockKey.INSTRUMENT:
            joined = clock.key is ClockKey.EPISODE or _of_one_issuer([each], row) is not False
            if joined and situation.concerns(rule, each) is not False:
                yield each


def _release_anchors(
    situation: Situation, rule: Rule, row: FactRow, releases: Sequence[Release]
) -> list[Anchor]:
    """The releases that open windows for a subject under the clock's key.

    Under another key than the episode one that was over before the paper, or the first of its
    issuer, was lodged is none of its own.
    """
    since = _lodged_first(situation, clock_of(rule), row)
    return [
        Anchor(release.at, stopped=release.stopped, subject=row["id"])
        for release in releases
        if since is None or release.stopped is None or at_or_before(release.stopped, since) is not True
    ]


def _lodged_first(situation: Situation, clock: Clock, row: FactRow) -> When | None:
    if clock.key is ClockKey.EPISODE or row["ref"] != "instrument":
        return None
    papers = [row]
    if clock.key is ClockKey.ISSUER:
        papers += [each for each in situation.rows["instrument"] if _of_one_issuer([each], row) is not False]
    lodged = [named_instant(situation, "instrument.lodged_at", each) for each in papers]
    known = [at for at in lodged if at is not None]
    return min(known, key=earliest_of) if len(known) == len(lodged) else None


def _windows_of(clock: Clock, anchors: Sequence[Anchor], bears: Circumstances) -> tuple[Window, ...]:
    """The windows of a clock.

    Where its calendar does not list a day that must be judged, the deadline is not known beyond
    what it would be if no further day were a holiday.
    """
    try:
        return windows(clock, anchors, bears)
    except OutsideCalendar as outside:
        unbounded = replace(outside.calendar, first=dt.date.min, last=dt.date.max)
        return tuple(
            msgspec.structs.replace(window, deadline=_unlisted(window, outside, bears))
            for window in windows(clock, anchors, msgspec.structs.replace(bears, calendar=unbounded))
        )


def _unlisted(window: Window, outside: OutsideCalendar, bears: Circumstances) -> Deadline:
    deadline, calendar = window.deadline, outside.calendar
    listed = start_of_day(calendar.first, bears.zone), start_of_day(calendar.last + _ONE_DAY, bears.zone)
    first, last = earliest_of(window.anchor.at), latest_of(deadline.at)
    if listed[0] <= first and last < listed[1]:
        return deadline
    key = f"{_UNLISTED}{calendar.name}:{earliest_of(deadline.at)}"
    at = UncertainInstant(earliest_of(deadline.at), FOREVER, Precision.RANGE, key)
    return Deadline(at, deadline.not_before, anomaly=str(outside))


def not_listed(deadline: Deadline) -> str:
    """What a deadline's calendar does not say, in words; empty where it says enough."""
    at = deadline.at
    unlisted = isinstance(at, UncertainInstant) and at.key.startswith(_UNLISTED)
    return (deadline.anomaly or "") if unlisted else ""


_UNLISTED = "days not listed:"
