"""A ledger as it grows: its people read anew when it has more entries, its worklist kept made.

One thread follows the ledger and makes the lines; pages read what is made. A line is made anew only for the
people of whom something was recorded, and for those whose line no longer holds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from habeas.authority.inquiry import Inquiry, Regimen
from habeas.desk.clock import now
from habeas.desk.kept import KeptPerson, LedgerPeople
from habeas.desk.ledgers import AT_THE_DESK, MERGED, SPLIT, LedgerFolder, opened
from habeas.desk.orders import STREAM
from habeas.desk.people import UnknownPerson
from habeas.desk.withheld import ExpungedPerson, WithheldPerson
from habeas.desk.worklist import Line, line_of
from habeas.kernel.instants import Instant
from habeas.ledger.ledger import Ledger

_MARKS = tuple(f'"kind":"{kind}"'.encode() for kind in sorted(AT_THE_DESK))
_WAIT = 1.0
"""Seconds between two looks at the ledger."""


@dataclass(frozen=True, slots=True)
class Board:
    """The worklist as made at an instant."""

    lines: Mapping[str, Line]
    """By pseudonym; who is not in custody is not there."""
    version: int
    """Goes up whenever a line changes."""
    position: int
    """Entries of the ledger that it takes into account."""
    at: Instant
    """When the ledger was last found to say no more than this."""
    made: int
    """People looked at so far, of `people`."""
    people: int
    withheld: int
    """People of whom an order lets nothing be said."""


@dataclass(slots=True)
class _State:
    lines: dict[str, Line | None] = field(default_factory=dict[str, "Line | None"])
    """None: looked at, and nobody holds them."""
    version: int = 0
    withheld: set[str] = field(default_factory=set[str])
    board: Board = field(default_factory=lambda: Board({}, 0, 0, now(), 0, 0, 0))


class LiveLedger:
    """The people of a ledger and their worklist, for many readers; safe from any thread."""

    def __init__(self, folder: LedgerFolder, regimen: Regimen, *, source_times: bool = False) -> None:
        """Open it; nothing is made before `follow` or `refresh`.

        Args:
            folder: The ledger.
            regimen: The rulebook under which everybody is asked about.
            source_times: Count facts as known from when sources say they learned of them.

        Raises:
            LedgerError: it cannot be read.
            LedgerMisplaced: its secrets are not there, or open to others.
        """
        self.folder, self.regimen, self.source_times = folder, regimen, source_times
        self._people = self._read()
        with opened(folder) as ledger:
            self._busy = set(_busy_in(ledger, 0, self._people.position))
        self._state = _State()
        self._making = threading.Lock()
        self._answering = threading.RLock()
        self._halt = threading.Event()
        self._awake = threading.Event()
        self._thread: threading.Thread | None = None
        self.failure = ""
        """What kept the ledger from being followed, by its kind; empty while all is well."""

    def _read(self) -> LedgerPeople:
        return LedgerPeople(self.folder, self.regimen, source_times=self.source_times)

    @property
    def people(self) -> LedgerPeople:
        """Everybody, as last read."""
        return self._people

    @property
    def board(self) -> Board:
        """The worklist as last made."""
        return self._state.board

    @property
    def busy(self) -> tuple[Line, ...]:
        """The lines of people about whom somebody at the desk did something: the others need not be read."""
        lines = self.board.lines
        return tuple(lines[stream] for stream in sorted(self._busy) if stream in lines)

    @property
    def answering(self) -> threading.RLock:
        """To be held while an answer is made: the engine's tables are shared."""
        return self._answering

    def person(self, stream: str) -> KeptPerson:
        """The record of a pseudonym, as the ledger now has it.

        Raises:
            UnknownPerson: the ledger has no such pseudonym.
            WithheldPerson: it is sealed or expunged.
        """
        self.catch_up()
        name = self._people.names.person(stream)
        if name is None:
            if stream in self._people:
                raise ExpungedPerson(stream, self._people_order(stream))
            raise UnknownPerson(stream, ())
        return self._people[name]

    def _people_order(self, stream: str) -> str:
        return next(
            (each.citation for each in self._people.standing if stream in each.streams), "order on file"
        )

    def inquiry(self, person: KeptPerson, at: Instant, law_at: Instant | None = None) -> Inquiry:
        """What is asked of a person as known at an instant."""
        known = person.known_by_default(at)
        return person.inquiry(facts_known_at=known, law_known_at=law_at or at)

    # ------------------------------------------------------------------ following

    def follow(self, watch: Callable[[int, int], None] | None = None) -> None:
        """Begin to follow the ledger in a thread of its own."""
        self._thread = threading.Thread(target=self._following, args=(watch,), name="worklist", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Follow no longer."""
        self._halt.set()
        self._awake.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def nudge(self) -> None:
        """Look at the ledger now: something was recorded."""
        self._awake.set()

    def _following(self, watch: Callable[[int, int], None] | None) -> None:
        while not self._halt.is_set():
            try:
                self.refresh(watch)
                self.failure = ""
            except Exception as error:  # noqa: BLE001 - the desk goes on, and says that it is stale
                self.failure = type(error).__name__
            self._awake.wait(_WAIT)
            self._awake.clear()

    def catch_up(self) -> frozenset[str]:
        """Read the people anew if the ledger has more entries; the pseudonyms that it said more of."""
        with opened(self.folder) as ledger:
            position = ledger.position()
            seen = self._people.position
            if position == seen:
                return frozenset()
            headers = [each.read() for each in ledger.entries(seen, position) if each.header is not None]
            self._busy |= set(_busy_in(ledger, seen, position))
        self._people = self._read()
        changed = frozenset(each.stream for each in headers)
        if STREAM in changed or any(each.kind in {MERGED, SPLIT} for each in headers):
            # An order or a merge is about streams that its own entry does not stand in.
            changed |= set(self._state.lines)
        for stream in changed:
            self._state.lines.pop(stream, None)
        return changed

    def refresh(self, watch: Callable[[int, int], None] | None = None) -> Board:
        """Bring every line up to the ledger and the clock, and show it."""
        with self._making:
            self.catch_up()
            at = now()
            names = {name: self._people.names.whole(name, at)[1][0] for name in self._people}
            streams = {stream: name for name, stream in names.items()}
            for gone in set(self._state.lines) - set(streams):
                del self._state.lines[gone]
                self._state.version += 1
            stale = [stream for stream in streams if self._is_stale(stream, at)]
            for number, stream in enumerate(stale, 1):
                if self._halt.is_set():
                    break
                self._make(stream, streams[stream], at)
                if watch is not None:
                    watch(number, len(stale))
                if number % 25 == 0:
                    self._show(len(streams), at)
            self._show(len(streams), at)
            return self._state.board

    def _is_stale(self, stream: str, at: Instant) -> bool:
        if stream not in self._state.lines:
            return True
        line = self._state.lines[stream]
        return line is not None and (at >= line.holds_until or line.law != self.regimen.rulebook.digest)

    def _make(self, stream: str, name: str, at: Instant) -> None:
        state = self._state
        state.withheld.discard(stream)
        line: Line | None = None
        try:
            person = self._people[name]
            with self._answering:
                line = line_of(stream, name, self.inquiry(person, at), at, unread=len(person.beside))
        except WithheldPerson:
            state.withheld.add(stream)
        except (UnknownPerson, KeyError):
            # Nothing was recorded of them yet but their name.
            line = None
        if state.lines.get(stream) != line:
            state.version += 1
        state.lines[stream] = line

    def _show(self, people: int, at: Instant) -> None:
        state = self._state
        state.board = Board(
            lines={stream: line for stream, line in dict(state.lines).items() if line is not None},
            version=state.version,
            position=self._people.position,
            at=at,
            made=len(state.lines),
            people=people,
            withheld=len(state.withheld),
        )


def _busy_in(ledger: Ledger, start: int, stop: int) -> Iterator[str]:
    """The streams in which entries of the desk stand."""
    for entry in ledger.entries(start, stop):
        # Looking at the bytes first spares decoding the many headers of the record itself.
        if entry.header is not None and any(mark in entry.header for mark in _MARKS):
            yield entry.read().stream
