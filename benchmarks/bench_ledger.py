"""Appending to a ledger by 64 clients beside a plain insert and commit of the same bytes, in the same run.

All take turns, since the disk of a shared machine is now fast and now slow; read the ratio. The peer that the
goal names (at least half of it, and a p99 within three times its own) is a plain insert and commit of a row
of the ledger's size by each client over its own connection, with the same durability. Beside it stands a
harsher one: a plain insert by one writer in the ledger's own batches; what the ledger costs more is sealing,
canonical bytes, digests and three indexes. Times are for one event at 64 clients; for as-known-at the 99th
percentile of one question.

`HABEAS_BENCH_YEAR=DIR` verifies a year of a jail too: DIR is what `habeas invent --people 2250 --days 365 -o
DIR` wrote, 4,500 people on an average day in two counties.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec
from benchmarks.measuring import Measured
from benchmarks.plain_sqlite import Apart, Floor

from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import digest_of
from habeas.kernel.instants import DAY, HOUR, SECOND, Instant, Precision
from habeas.ledger import Draft, Fact, KeyStore, Known, Ledger, Projection, Projector, verify
from habeas.ledger.schema import upgrade_sqlite
from habeas.ledger.sqlite import SqliteStore

CLIENTS = 64
SECONDS = 3.0
ROUNDS = 5
START = 1_487_592_000 * SECOND
SOURCE = SourceRef(digest_of(b"sheet"), "sheet", 3, digest_of(b"recipe"))
PAYLOAD = b"a payload of four hundred bytes " * 12 + b"and a few bytes."


def wall() -> Instant:
    """The machine's clock."""
    return Instant(time.time_ns() // 1000)


def draft(number: int, *, stream: str, idem: str, payload: bytes = PAYLOAD) -> Draft:
    """An event such as a booking sheet gives."""
    return Draft(
        stream=stream,
        episode="b-1",
        kind="DetainerLodged",
        schema_version=1,
        payload=payload,
        actor="officer-7",
        role="records",
        idem=idem,
        valid_from=Instant(START + number),
        precision=Precision.MINUTE,
        zone="America/New_York",
        source=SOURCE,
    )


class Pace(NamedTuple):
    """What one round of appending reached."""

    per_second: float
    p50: float
    p99: float


def _pace(append: Callable[[int, int], object]) -> Pace:
    """Let 64 clients append for some seconds, each waiting for its answer."""
    took: list[list[float]] = [[] for _ in range(CLIENTS)]
    stop = time.perf_counter() + SECONDS

    def client(number: int) -> None:
        turn = 0
        while (start := time.perf_counter()) < stop:
            append(number, turn)
            took[number].append(time.perf_counter() - start)
            turn += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - begun
    every = sorted(one for own in took for one in own)
    return Pace(len(every) / spent, every[len(every) // 2], every[int(len(every) * 0.99)])


def _plainly(floor: Apart, body: bytes, _client: int, _number: int) -> None:
    """One insert of a client."""
    floor.append(body)


def _opened(folder: Path) -> Ledger:
    upgrade_sqlite(folder / "ledger.sqlite", create=True)
    return Ledger(SqliteStore(folder / "ledger.sqlite"), KeyStore(folder, bytes(32), create=True), wall)


def _appending(folder: Path) -> Iterator[Measured]:
    body = os.urandom(1_250)  # header, sealed payload, digests and key columns of one such event
    floors: list[Pace] = []
    ledgers: list[Pace] = []
    parts: list[Pace] = []
    floor = Floor(folder / "floor.sqlite")
    ledger = _opened(folder)
    # Everybody has a key before the clocks start: making keys is another measurement.
    ledger.append_all([draft(0, stream=f"p-{client}", idem=f"{client}") for client in range(CLIENTS)])
    for turn in range(ROUNDS):
        floors.append(_pace(lambda _client, _number: floor.append(body)))
        apart = Apart(folder / "floor.sqlite")
        parts.append(_pace(partial(_plainly, apart, body)))
        apart.close()

        def append(client: int, number: int, turn: int = turn) -> object:
            idem = f"{turn}-{client}-{number}"
            return ledger.append(draft(number, stream=f"p-{client}", idem=idem))

        ledgers.append(_pace(append))
    floor.close()
    ledger.close()
    ratio = statistics.median(
        own.per_second / plain.per_second for own, plain in zip(ledgers, floors, strict=True)
    )
    slower = statistics.median(own.p99 / plain.p99 for own, plain in zip(ledgers, floors, strict=True))
    raw = statistics.median(pace.per_second for pace in floors)
    own = statistics.median(pace.per_second for pace in ledgers)
    alone = statistics.median(pace.per_second for pace in parts)
    print(f"  ledger / plain in batches: {ratio:.2f} of the events, {slower:.2f} times the p99")
    print(f"  ledger / plain, each client its own commit: {own / alone:.2f} of the events")
    runs = ROUNDS * int(own * SECONDS)
    print(f"  events/s: ledger {own:.0f}, plain in batches {raw:.0f}, plain apart {alone:.0f}")
    yield Measured("append, 64 clients, one event", 1 / own, runs, aim=2 / alone, group="append")
    yield Measured("plain insert + commit in batches", 1 / raw, runs, group="append", is_peer=True)
    yield Measured("plain insert + commit, each client", 1 / alone, runs, group="append", is_peer=True)
    floor99 = statistics.median(pace.p99 for pace in floors)
    own99 = statistics.median(pace.p99 for pace in ledgers)
    alone99 = statistics.median(pace.p99 for pace in parts)
    yield Measured("append, 64 clients, p99", own99, runs, aim=3 * alone99, group="p99")
    yield Measured("plain insert + commit, each client, p99", alone99, runs, group="p99", is_peer=True)
    yield Measured("plain insert + commit in batches, p99", floor99, runs, group="p99", is_peer=True)


EVENTS = int(os.environ.get("HABEAS_BENCH_EVENTS", "1000000"))
"""Events of the ledger that is verified and asked."""

YEAR = os.environ.get("HABEAS_BENCH_YEAR", "")
"""Where the events of a year lie."""

BEDS = 4_500
STAY = 20 * DAY
APART = STAY // BEDS
"""So much time lies between two arrivals where that many people stay that long."""


def _told() -> list[tuple[int, str, str]]:
    """What is told of a jail, in order: everybody arrives and leaves, and comes back once a season later."""
    chance = random.Random(7)  # noqa: S311 - repeatable, not secret
    told: list[tuple[int, str, str]] = []
    for person in range(EVENTS // 4):
        # Two stays each: half as many people arrive as there are arrivals.
        at = START + person * 2 * APART
        for _ in range(2):
            until = at + int(chance.expovariate(1 / STAY)) + HOUR
            told += [(at, f"p-{person}", f"in f-{person % 3}"), (until, f"p-{person}", "out")]
            at = until + 90 * DAY
    told.sort()
    return told


def _fill(ledger: Ledger, told: Sequence[tuple[int, str, str]]) -> None:
    """Record all of it, two thousand events a commit."""
    for start in range(0, len(told), 2_000):
        ledger.append_all(
            [
                draft(at - START, stream=person, idem=str(start + n), payload=said.encode().ljust(400))
                for n, (at, person, said) in enumerate(told[start : start + 2_000])
            ]
        )


def custody(known: Sequence[Known]) -> Iterator[Fact]:
    """A person is in a facility from each arrival to the departure after it."""
    inside: tuple[str, int] | None = None
    for item in known:
        assert item.payload is not None
        assert item.header.valid_from is not None
        words = item.payload.decode().split()
        if words[0] == "in":
            inside = words[1], item.header.valid_from
        elif inside is not None:
            yield Fact(*inside, item.header.valid_from)
            inside = None
    if inside is not None:
        yield Fact(*inside)


def _verifying(store: SqliteStore) -> Iterator[Measured]:
    for workers in (1, 2):
        start, busy = time.perf_counter(), time.process_time()
        found = verify(store, reopen=store.reopener(), workers=workers, engine=False)
        spent, busy = time.perf_counter() - start, time.process_time() - busy
        assert found.sound
        if workers == 1:
            # On a machine shared with other work this says more than the time on the wall.
            print(f"  processor time of one process: {busy / EVENTS * 1e6:.1f} us an event")
        yield Measured(f"verify, {workers} process(es), one event", spent / EVENTS, EVENTS, aim=1 / 200_000)
    start = time.perf_counter()
    assert store.engine_faults() == []
    yield Measured("the engine's own check, one event", (time.perf_counter() - start) / EVENTS, EVENTS)


def _p99(ask: Callable[[int], object], times: int) -> float:
    """The 99th percentile of so many questions."""
    took: list[float] = []
    busy = time.process_time()
    for turn in range(times):
        start = time.perf_counter()
        ask(turn)
        took.append(time.perf_counter() - start)
    busy = time.process_time() - busy
    took.sort()
    print(f"  median {took[times // 2] * 1e3:.2f} ms; processor time {busy / times * 1e3:.2f} ms a question")
    return took[int(times * 0.99)]


def _asking(ledger: Ledger, told: Sequence[tuple[int, str, str]], folder: Path) -> Iterator[Measured]:
    chance = random.Random(11)  # noqa: S311 - repeatable, not secret
    size = ledger.position()
    first = next(iter(ledger.entries(0, 1))).recorded_at
    last = next(iter(ledger.entries(size - 1, size))).recorded_at
    asked = [(chance.randrange(size), chance.randrange(size)) for _ in range(2_000)]
    instants = [Instant(chance.randrange(first, last)) for _ in asked]

    def person(turn: int) -> None:
        ledger.as_known(told[asked[turn][0]][1], ledger.position_at(instants[turn]))

    yield Measured("one person as known at an instant, p99", _p99(person, 2_000), 2_000, aim=0.005)
    projector = Projector(folder / "facts.sqlite", [Projection("custody", 1, custody)])
    start = time.perf_counter()
    projector.follow(ledger)
    print(f"  projected {size} events in {time.perf_counter() - start:.0f} s")
    rows: list[int] = []

    def roster(turn: int) -> None:
        rows.append(len(projector.roster("custody", "f-1", told[asked[turn][0]][0], asked[turn][1])))

    name = "a facility's roster at any instant, as known at any position, p99"
    yield Measured(name, _p99(roster, 500), 500, aim=0.1)
    print(f"  rows of a roster: median {statistics.median(rows):.0f}, most {max(rows)}")

    def then(turn: int) -> None:
        at = asked[turn][0]
        rows.append(len(projector.roster("custody", "f-1", told[at][0], at)))

    rows.clear()
    yield Measured("a facility's roster as known then, p99", _p99(then, 500), 500, aim=0.1)
    print(f"  rows of a roster: median {statistics.median(rows):.0f}, most {max(rows)}")
    projector.close()


def _new_people(folder: Path) -> Iterator[Measured]:
    """Events each of which needs a key of its own: 64 clients share the commits of their keys."""
    ledger = _opened(folder)

    def append(client: int, number: int) -> object:
        return ledger.append(draft(number, stream=f"p-{client}-{number}", idem=f"{client}-{number}"))

    pace = _pace(append)
    ledger.close()
    runs = int(pace.per_second * SECONDS)
    yield Measured("append, 64 clients, each event of a new person", 1 / pace.per_second, runs)


def _year(told: Path, folder: Path) -> Iterator[Measured]:
    """A year of a jail's events, as invented, recorded and then verified with all processors."""
    ledger = _opened(folder)
    lot: list[Draft] = []
    size = 0
    with (told / "events.jsonl").open("rb") as lines:
        next(lines)  # the head: coverage and setting
        for number, line in enumerate(lines):
            said = json.loads(line)
            sheet = draft(number, stream=said["person"], idem=str(number), payload=line.rstrip())
            lot.append(msgspec.structs.replace(sheet, kind=said["event"]))
            if len(lot) == 2_000:
                size += len(ledger.append_all(lot))
                lot.clear()
    size += len(ledger.append_all(lot))
    store = SqliteStore(folder / "ledger.sqlite", writable=False)
    start, workers = time.perf_counter(), os.cpu_count() or 1
    found = verify(store, reopen=store.reopener(), workers=workers, keys=ledger.keys)
    spent = time.perf_counter() - start
    assert found.sound
    assert found.size == size
    store.close()
    ledger.close()
    print(f"  {size} events of a year with every key, without the engine's own check, {workers} processes")
    yield Measured("verify a year of a jail of 4,500", spent, 1, aim=60.0)


def measure() -> Iterator[Measured]:
    """Append beside the floor, then verify and ask a ledger of a million events."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "append").mkdir()
        yield from _appending(folder / "append")
        (folder / "new").mkdir()
        yield from _new_people(folder / "new")
        if YEAR:
            (folder / "year").mkdir()
            yield from _year(Path(YEAR), folder / "year")
        (folder / "large").mkdir()
        ledger = _opened(folder / "large")
        told = _told()
        start = time.perf_counter()
        _fill(ledger, told)
        yield Measured(
            "import, 2,000 events a commit, one event", (time.perf_counter() - start) / EVENTS, EVENTS
        )
        store = SqliteStore(folder / "large" / "ledger.sqlite", writable=False)
        yield from _verifying(store)
        yield from _asking(ledger, told, folder / "large")
        store.close()
        ledger.close()
