"""kill -9 at random points while clients append, retry and append again.

A process is forked that opens the ledger and lets four clients append through it, each with idempotency keys and
now and then the same request twice. Every receipt is written to a pipe, where it outlives the process. After the
kill the ledger is opened again: each acknowledged entry has to be there, unaltered, once.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from habeas.desk.clock import now
from habeas.ledger import KeyStore, Ledger, Outcome, Verification, verify
from habeas.ledger.store import Store
from small_ledgers import ROOT_SECRET, Place, SqlitePlace, draft

CLIENTS = 4


@dataclass
class Kills:
    """What some kills did."""

    kills: int = 0
    acknowledged: int = 0
    replayed: int = 0
    """Requests answered as recorded before."""

    lost: int = 0
    altered: int = 0
    duplicated: int = 0
    unsound: list[str] = field(default_factory=list[str])


def _client(ledger: Ledger, number: int, start: int, pipe: int, chance: random.Random) -> None:
    """Append for ever; each receipt goes into the pipe in one piece."""
    turn = start
    while True:
        asked = draft(0, idem=f"{number}-{turn}", stream=f"p-{number}-{turn // 8}", payload=b"%d" % turn)
        for _ in range(2 if chance.random() < 0.05 else 1):
            receipt = ledger.append(asked)
            said = f"{number} {turn} {receipt.seq} {receipt.leaf.hex()} {receipt.outcome}\n"
            os.write(pipe, said.encode())
        turn += 1


def _serve(open_ledger: Callable[[], Ledger], starts: list[int], pipe: int, seed: int) -> NoReturn:
    """The process to be killed."""
    try:
        ledger = open_ledger()
        threads = [
            threading.Thread(
                target=_client,
                # Repeatable, not secret.
                args=(ledger, number, starts[number], pipe, random.Random(seed + number)),  # noqa: S311
            )
            for number in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        # Only an error comes here, and a fork must never run what its parent would at the end.
        os._exit(1)


class Harness:
    """One ledger that is killed again and again."""

    waits = (0.005, 0.02, 0.05, 0.1)
    """Seconds, about, from the start of a process to its end."""

    def __init__(self, place: Place, folder: Path, seed: int) -> None:
        self.place = place
        self.folder = folder
        self.seed = seed
        self.chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self.tally = Kills()
        self.leaves: dict[tuple[int, int], tuple[int, str]] = {}
        self.starts = [0] * CLIENTS
        place.make()
        KeyStore(folder, ROOT_SECRET, create=True).close()

    def _open(self) -> Ledger:
        return Ledger(self.place.store(), KeyStore(self.folder, ROOT_SECRET), now)

    def run(self, kills: int) -> Kills:
        """Kill that often, looking after each one at what was just acknowledged, and at the end at all."""
        for number in range(kills):
            known = len(self.leaves)
            said = self._one(number)
            self._note(said)
            store = self.place.store(writable=False)
            self._compare(store, list(self.leaves.items())[known:])
            store.close()
            self.tally.kills += 1
        store = self.place.store(writable=False)
        self._compare(store, list(self.leaves.items()))
        self._whole(verify(store), store)
        store.close()
        return self.tally

    def _one(self, number: int) -> bytes:
        """Start, kill, and give what the pipe holds."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _serve(self._open, self.starts, writing, self.seed + 10 * number)
        os.close(writing)
        # Some are killed while opening, most while appending.
        wait = self.chance.choice(self.waits) * (0.5 + self.chance.random())
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
        _, code = os.waitpid(child, 0)
        if not os.WIFSIGNALED(code):
            self.tally.unsound.append(f"the process of kill {number} ended by itself")
        said = bytearray()
        while piece := os.read(reading, 1 << 16):
            said += piece
        os.close(reading)
        return bytes(said)

    def _note(self, said: bytes) -> None:
        for line in said.decode().splitlines():
            client, turn, seq, leaf, outcome = line.split()
            key = int(client), int(turn)
            self.starts[key[0]] = max(self.starts[key[0]], key[1] + 1)
            self.tally.acknowledged += 1
            self.tally.replayed += outcome == Outcome.REPLAYED
            if self.leaves.setdefault(key, (int(seq), leaf)) != (int(seq), leaf):
                self.tally.duplicated += 1

    def _compare(self, store: Store, receipts: list[tuple[tuple[int, int], tuple[int, str]]]) -> None:
        """Hold receipts against the ledger."""
        if not receipts:
            return
        seqs = [seq for _, (seq, _) in receipts]
        rows = {row[0]: row for row in store.rows(min(seqs), max(seqs) + 1)}
        for (client, turn), (seq, leaf) in receipts:
            row = rows.get(seq)
            if row is None:
                self.tally.lost += 1
            elif row[8].hex() != leaf or row[5] != f"{client}-{turn}":
                self.tally.altered += 1

    def _whole(self, checked: Verification, store: Store) -> None:
        """The whole ledger is sound, and no request stands in it twice."""
        self.tally.unsound += map(str, checked.problems)
        keys = [row[5] for row in store.rows(0, checked.size)]
        self.tally.duplicated += len(keys) - len(set(keys))


def kill_sqlite(folder: Path, seed: int, kills: int) -> Kills:
    """Kill a ledger in a SQLite file."""
    return Harness(SqlitePlace(folder), folder, seed).run(kills)
