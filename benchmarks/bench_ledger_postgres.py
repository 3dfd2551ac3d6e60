"""Appending to a ledger in PostgreSQL by 64 clients, beside a plain insert and commit by each.

Floor and ledger alternate on one server of our own with its defaults (every commit synchronised), in one
process; read the ratio. The floor has 64 connections and no more to do than to insert one row of the ledger's
size. Then a ledger is verified and asked; HABEAS_BENCH_EVENTS says of how many events.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from benchmarks.bench_ledger import (
    CLIENTS,
    ROUNDS,
    SECONDS,
    Pace,
    _fill,
    _p99,
    _pace,
    _told,
    custody,
    draft,
    wall,
)
from benchmarks.measuring import Measured

from habeas.kernel.instants import Instant
from habeas.ledger import KeyStore, Ledger, Projection, Projector, verify
from habeas.ledger.postgres import PostgresStore
from habeas.ledger.postgres_facts import facts_in

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from postgres_servers import PostgresPlace, Server, execute, programs


class Apart:
    """A plain insert and commit by each client over its own connection."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.own = threading.local()
        self.all: list[psycopg.Connection[tuple[object, ...]]] = []
        self.body = os.urandom(1_250)  # header, sealed payload, digests and key columns of one such event
        execute(url, "CREATE SCHEMA plain", "CREATE TABLE plain.raw (seq bigserial PRIMARY KEY, body bytea)")

    def append(self, _client: int, _number: int) -> None:
        """Insert and commit."""
        link: psycopg.Connection[tuple[object, ...]] | None = getattr(self.own, "link", None)
        if link is None:
            link = psycopg.connect(self.url, autocommit=True)
            self.own.link = link
            self.all.append(link)
        link.execute("INSERT INTO plain.raw (body) VALUES (%s)", (self.body,))

    def close(self) -> None:
        """Close them all."""
        while self.all:
            self.all.pop().close()


def _appending(place: PostgresPlace, ledger: Ledger) -> Iterator[Measured]:
    floor = Apart(place.url)
    floors: list[Pace] = []
    ledgers: list[Pace] = []
    for turn in range(ROUNDS):
        floors.append(_pace(floor.append))
        floor.close()

        def append(client: int, number: int, turn: int = turn) -> object:
            return ledger.append(draft(number, stream=f"p-{client}", idem=f"{turn}-{client}-{number}"))

        busy = time.process_time()
        ledgers.append(_pace(append))
        busy = time.process_time() - busy
        events = ledgers[-1].per_second * SECONDS
        print(f"  {ledgers[-1]}; {busy / events * 1e6:.0f} us of this process an event; plain: {floors[-1]}")
    ratios = [own.per_second / plain.per_second for own, plain in zip(ledgers, floors, strict=True)]
    slower = [own.p99 / plain.p99 for own, plain in zip(ledgers, floors, strict=True)]
    print(f"  ledger / plain: {min(ratios):.2f} to {max(ratios):.2f} of the events, median", end=" ")
    print(f"{statistics.median(ratios):.2f}; p99 {min(slower):.2f} to {max(slower):.2f} times")
    raw = statistics.median(pace.per_second for pace in floors)
    own = statistics.median(pace.per_second for pace in ledgers)
    runs = ROUNDS * int(own * SECONDS)
    yield Measured(f"PostgreSQL: append, {CLIENTS} clients, one event", 1 / own, runs, 2 / raw, "pg-append")
    yield Measured(
        "PostgreSQL: plain insert + commit, each client", 1 / raw, runs, None, "pg-append", is_peer=True
    )
    raw99 = statistics.median(pace.p99 for pace in floors)
    own99 = statistics.median(pace.p99 for pace in ledgers)
    yield Measured(f"PostgreSQL: append, {CLIENTS} clients, p99", own99, runs, 3 * raw99, "pg-p99")
    yield Measured("PostgreSQL: plain insert + commit, p99", raw99, runs, None, "pg-p99", is_peer=True)


def _verifying(place: PostgresPlace, events: int) -> Iterator[Measured]:
    store = PostgresStore(place.url, writable=False)
    for workers in (1, 2):
        start, busy = time.perf_counter(), time.process_time()
        found = verify(store, reopen=store.reopener(), workers=workers, engine=False)
        spent, busy = time.perf_counter() - start, time.process_time() - busy
        assert found.sound
        print(f"  {events / spent:.0f} events/s with {workers} process(es)")
        if workers == 1:
            print(f"  processor time of the reading process: {busy / events * 1e6:.1f} us an event")
        name = f"PostgreSQL: verify, {workers} process(es), one event"
        yield Measured(name, spent / events, events, aim=1 / 200_000)
    store.close()


def _asking(place: PostgresPlace, ledger: Ledger) -> Iterator[Measured]:
    chance, told = random.Random(11), _told()  # noqa: S311 - repeatable, not secret
    size = ledger.position()
    ends = [next(iter(ledger.entries(seq, seq + 1))).recorded_at for seq in (size - len(told), size - 1)]
    asked = [(chance.randrange(len(told)), Instant(chance.randrange(*ends))) for _ in range(2_000)]

    def person(turn: int) -> None:
        at, instant = asked[turn]
        ledger.as_known(told[at][1], ledger.position_at(instant))

    yield Measured(
        "PostgreSQL: one person as known at an instant, p99", _p99(person, 2_000), 2_000, aim=0.005
    )
    projector = Projector(Path("facts"), [Projection("custody", 1, custody)], opened=facts_in(place.url))
    start = time.perf_counter()
    projector.follow(ledger)
    print(f"  projected {size} events in {time.perf_counter() - start:.0f} s")

    def roster(turn: int) -> None:
        at, instant = asked[turn]
        projector.roster("custody", "f-1", told[at][0], ledger.position_at(instant))

    name = "PostgreSQL: a facility's roster at any instant, as known at any, p99"
    yield Measured(name, _p99(roster, 500), 500, aim=0.1)
    projector.close()


def measure() -> Iterator[Measured]:
    """Append beside the floor, then verify and ask."""
    found = programs()
    if found is None:
        print("  no PostgreSQL server is installed: nothing measured")
        return
    server = Server(found)
    try:
        with tempfile.TemporaryDirectory() as name:
            for part in ("append", "ask"):
                own = Path(name) / part
                own.mkdir()
                place = PostgresPlace(own, server.url())
                place.make()
                with Ledger(place.store(), KeyStore(own, bytes(32), create=True), wall) as ledger:
                    if part == "append":
                        yield from _appending(place, ledger)
                        continue
                    told, start = _told(), time.perf_counter()
                    _fill(ledger, told)
                    spent = (time.perf_counter() - start) / len(told)
                    yield Measured("PostgreSQL: import, 2,000 events a commit, one event", spent, len(told))
                    execute(place.url, "ANALYZE")
                    yield from _verifying(place, len(told))
                    yield from _asking(place, ledger)
    finally:
        server.stop()
