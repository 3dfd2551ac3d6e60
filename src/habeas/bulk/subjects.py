"""Which rows bear on which custody, over columns; equal to :mod:`habeas.authority.belonging`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from habeas.bulk.folding import Folded, Rows
from habeas.bulk.footings import Line, inherent
from habeas.bulk.keeping import Custodies
from habeas.bulk.told import MISSING, NUMBER, TEXT, Flags, Ints
from habeas.kernel.instants import FOREVER

UNKNOWN = -(1 << 62)
"""In the place of an instant: it is not known."""


@dataclass(slots=True)
class Subjects:
    """The rows of one collection that bear on each custody, in the order of custodies."""

    custody: Ints
    row: Ints
    first: Ints
    """By custody: where its rows begin; one more at the end."""

    @staticmethod
    def of(custody: Ints, row: Ints, count: int) -> Subjects:
        """Rows by custody, already in order of custody."""
        return Subjects(custody, row, np.searchsorted(custody, np.arange(count + 1)))

    def at(self, custody: Ints) -> tuple[Ints, Ints]:
        """For some custodies, perhaps repeated: which of them, and the place of each of its rows."""
        return spread(self.first, custody)


def spread(first: Ints, groups: Ints) -> tuple[Ints, Ints]:
    """Every member of some groups: the place in ``groups``, and the member's number.

    Args:
        first: By group: where its members begin; one more at the end.
        groups: Which groups, perhaps repeated.
    """
    counts = first[groups + 1] - first[groups]
    of = np.repeat(np.arange(len(groups)), counts)
    ends = np.cumsum(counts)
    inside = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
    return of, first[groups][of] + inside


def subjects_of(folded: Folded, custodies: Custodies, line: Line) -> dict[str, Subjects]:
    """By collection: the rows that bear on each custody of a line."""
    count = len(custodies)
    everyone = np.arange(count)
    found = {
        "person": Subjects.of(
            everyone, np.searchsorted(folded.rows["person"].person, custodies.person), count
        ),
        "booking": Subjects.of(everyone, custodies.row, count),
    }
    for collection in ("charge", "instrument"):
        rows = folded.rows[collection]
        first = np.searchsorted(rows.person, np.arange(len(folded.told.people) + 1))
        of, row = spread(first, custodies.person)
        within = _within(folded, collection, (custodies.start[of], custodies.end[of]), row)
        pairs = of, row, within
        if collection == "charge":
            keep = _charged(folded, custodies, pairs)
        else:
            keep = _lodged(rows, custodies, pairs, line)
        found[collection] = Subjects.of(of[keep], row[keep], count)
    return found


def _within(folded: Folded, collection: str, span: tuple[Ints, Ints], row: Ints) -> Flags:
    """Whether some event that speaks of a row lies in a span, its end included."""
    spoken, event = folded.spoken[collection]
    times, rank = np.unique(folded.told.at[event], return_inverse=True)
    size = len(times) + 1
    keys = np.sort(spoken * size + rank)
    low = np.searchsorted(times, span[0], "left")
    high = np.searchsorted(times, span[1], "right")
    return np.searchsorted(keys, row * size + high, "left") > np.searchsorted(keys, row * size + low, "left")


_Pairs = tuple[Ints, Ints, Flags]


def _charged(folded: Folded, custodies: Custodies, pairs: _Pairs) -> Flags:
    """A charge belongs to the booking it names, or where it names none to what happens in its time."""
    of, row, within = pairs
    rows = folded.rows["charge"]
    place = rows.place("booking")
    named = rows.value[row, place]
    none = folded.told.number_of["none"]
    says = (rows.sort[row, place] == TEXT) & (named != none)
    return np.where(says, named == custodies.booking[of], within)


def _lodged(rows: Rows, custodies: Custodies, pairs: _Pairs, line: Line) -> Flags:
    """A paper bears on a custody unless it was withdrawn or ended before, or came after."""
    of, row, within = pairs
    start = custodies.start[of]
    last = line.number(FOREVER - 1)
    lodged, withdrawn, ended = (
        finally_(rows, row, name, line, last) for name in ("lodged_at", "withdrawn_at", "ended_at")
    )
    arrived = (lodged == UNKNOWN) | (lodged <= start)
    gone = ((withdrawn != UNKNOWN) & (withdrawn <= start)) | ((ended != UNKNOWN) & (ended <= start))
    bears: Flags = within | (arrived & ~gone)
    return bears


def finally_(rows: Rows, row: Ints, fact: str, line: Line, number: int) -> Ints:
    """An instant fact after everything recorded."""
    place = rows.place(fact)
    value, sort = rows.value[row, place], rows.sort[row, place]
    absent = absent_instant(line, number, rows.collection, fact)
    return np.where(sort == NUMBER, value, np.where(sort == MISSING, UNKNOWN, absent))


def absent_instant(line: Line, number: int, collection: str, fact: str) -> int:
    """What an instant is that no event states: never where sources would show it, else not known."""
    if inherent(collection, fact):
        return UNKNOWN
    return int(FOREVER) if line.absent(number)[collection].get(fact) is not None else UNKNOWN
