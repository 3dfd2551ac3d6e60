"""What is kept of one record's subjects while it is asked about: aspects, and the windows of clocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from msgspec import Struct

from habeas.authority.belonging import FactRow
from habeas.authority.situation import Aspect
from habeas.custody.episodes import CustodyEpisode
from habeas.custody.record import CustodyRecord
from habeas.custody.rows import Row
from habeas.kernel.instants import FOREVER, NEVER, Instant, UncertainInstant, latest_of
from habeas.kernel.places import PlaceId
from habeas.law.bearings import Bearing
from habeas.law.clocks import Window
from habeas.law.program import Program

PAPER_DATES = ("lodged_at", "withdrawn_at", "ended_at")
"""The facts that say whether a paper is in the custodian's hands."""


Texts: TypeAlias = tuple[int, frozenset[str]]
"""How many edges of the completeness of a place's texts are past, and the subjects they are complete of."""


class Common(Struct, frozen=True, eq=False):
    """What all subjects of a custody have in common at an instant under every reading.

    Compared by identity: a store has one object for one content.
    """

    place: PlaceId
    custodian: str | None
    setting: Mapping[str, Any]
    complete: Mapping[str, bool]
    encoded: frozenset[str]
    """The kinds of subject for which silence of the place's texts means no basis."""
    key: tuple[object, ...]
    """Equal where all of this is."""


class Footing(NamedTuple):
    """What all subjects of a custody have in common at an instant."""

    common: Common
    program: Program
    key: tuple[object, ...] = ()
    """Equal where all of it is, for whoever compares footings of several records."""

    def is_same(self, other: Footing) -> bool:
        """Whether all of it is the same."""
        return self.common is other.common and self.program is other.program


class Base(Struct, eq=False):
    """A base segment of a custody: its footing, and every row with its facts and the law on it."""

    footing: Footing
    rows: Sequence[tuple[Row, FactRow, Bearing]]
    alone: bool
    """Whether what law makes of a row can be worked out row by row."""
    families: Sequence[Family] | None = None
    """Of the rows in order, once asked for."""


class Family(Struct, eq=False):
    """The aspects of one subject that differ only by the moment asked."""

    plain: dict[str, Any]
    """The facts of the row as the papers tell them."""
    encoded: bool
    edges: Sequence[Instant]
    """Where one aspect may give way to the next."""
    flips: frozenset[Instant] | None = None
    """What every aspect's `flips` are; None where law defines something of it first."""
    aspects: dict[int, Aspect] = {}


class AspectStore:
    """The aspects of one record's subjects, kept for as long as that record is asked about.

    The facts of a row are told apart by the identity of their mapping: the record keeps each, and
    has another one wherever a fact changes.
    """

    def __init__(self, record: CustodyRecord) -> None:
        """Begin with none."""
        self.record = record
        self.families: dict[tuple[object, ...], Family] = {}
        self.windows: dict[tuple[object, ...], tuple[Window, ...]] = {}
        """What :class:`habeas.authority.clocks.Clocks` made, by rule, subject and what it looked at."""
        self.read: dict[tuple[int, tuple[str, ...] | None], tuple[object, ...]] = {}
        """Of a row's facts, those of these names; all of them where no names are given."""
        self._plain: dict[tuple[int, bool], dict[str, Any]] = {}
        self._common: dict[int, tuple[CustodyEpisode, dict[Instant, Common]]] = {}
        self._alike: dict[tuple[object, ...], Common] = {}

    def common_of(self, episode: CustodyEpisode) -> dict[Instant, Common]:
        """What is common to every reading of one custody, by instant."""
        # The custody is kept beside what was found of it, so that its id stays its own.
        return self._common.setdefault(id(episode), (episode, {}))[1]

    def common(
        self,
        where: tuple[PlaceId, str | None],
        setting: Mapping[str, Any],
        complete: Mapping[str, bool],
        texts: Texts,
    ) -> Common:
        """The one object of a content."""
        place, custodian = where
        begun, encoded = texts
        key = place, custodian, begun, tuple(setting.items()), tuple(complete.values())
        found = self._alike.get(key)
        if found is None:
            found = self._alike[key] = Common(place, custodian, setting, complete, encoded, key)
        return found

    def plain(self, row: Row, facts: FactRow, *, no_refusals: bool) -> dict[str, Any]:
        """The facts of a row as the papers tell them, with its identity; not to be changed."""
        key = id(facts), no_refusals
        made = self._plain.get(key)
        if made is None:
            made = self._plain[key] = plain_row(row, facts, no_refusals=no_refusals)
        return made


def plain_row(row: Row, facts: FactRow, *, no_refusals: bool) -> dict[str, Any]:
    """The facts of a row with its identity, as a mapping of its own."""
    made = {**facts, "id": row.id, "ref": row.collection}
    if no_refusals and made.get("refused_because") == "detainer":
        # Without the paper nobody would have refused bail because of it.
        made |= {"refused_at": NEVER, "refused_because": "none"}
    return made


def paper_edges(facts: FactRow) -> Iterator[Instant]:
    """When a paper arrives in the custodian's hands, and when it leaves them."""
    for name in PAPER_DATES:
        when = facts.get(name)
        if isinstance(when, UncertainInstant):
            yield from (when.earliest, latest_of(when))
        elif isinstance(when, int) and when < FOREVER:
            yield Instant(when)
