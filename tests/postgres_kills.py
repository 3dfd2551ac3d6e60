"""kill -9 in a PostgreSQL deployment while four clients append and retry: the sequencer, its session, the server.

A killed sequencer is a process of its own (`kills.Harness`). Where the server is killed the clients live on: each
keeps what it was told, and tries again with the same key until it is answered.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from habeas.desk.clock import now
from habeas.ledger import KeyStore, Ledger, Outcome, Receipt, verify
from habeas.ledger.errors import OutcomeUnknown, Unavailable
from habeas.ledger.store import Store
from kills import CLIENTS, Harness, Kills
from postgres_servers import PostgresPlace, Server
from small_ledgers import ROOT_SECRET, draft


class _Sequencers(Harness):
    # To connect and be elected takes longer than to open a file.
    waits = (0.02, 0.1, 0.2, 0.4)


def kill_sequencers(place: PostgresPlace, folder: Path, seed: int, kills: int) -> Kills:
    """Kill the process that appends, again and again."""
    return _Sequencers(place, folder, seed).run(kills)


class _Client:
    """Appends for ever and never gives a request up."""

    def __init__(self, ledger: Ledger, number: int, seed: int) -> None:
        self.told: dict[str, Receipt] = {}
        self.replayed = 0
        self.moved = 0
        self.refused: list[str] = []
        self._ledger = ledger
        self._number = number
        self._chance = random.Random(seed + number)  # noqa: S311 - repeatable, not secret
        self._going = True
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        turn = 0
        while self._going:
            idem = f"{self._number}-{turn}"
            for _ in range(2 if self._chance.random() < 0.05 else 1):
                self._told(idem, self._until_answered(idem, turn))
            turn += 1

    def _until_answered(self, idem: str, turn: int) -> Receipt | None:
        asked = draft(0, idem=idem, stream=f"p-{self._number}-{turn // 8}", payload=b"%d" % turn)
        while self._going:
            try:
                return self._ledger.append(asked)
            except (Unavailable, OutcomeUnknown):
                time.sleep(0.01)
            except Exception as error:  # noqa: BLE001 - any other family is a fault to be shown
                self.refused.append(repr(error))
                return None
        return None

    def _told(self, idem: str, receipt: Receipt | None) -> None:
        if receipt is None:
            return
        self.replayed += receipt.outcome is Outcome.REPLAYED
        before = self.told.setdefault(idem, receipt)
        self.moved += (before.seq, before.leaf) != (receipt.seq, receipt.leaf)

    def stop(self) -> None:
        """Answer the last request, or give it up."""
        self._going = False
        self.thread.join()


def kill_servers(folder: Path, seed: int, kills: int, programs: Path) -> Kills:
    """Kill the whole server, or one of its sessions, again and again, under a ledger that stays open.

    Args:
        folder: Where the keys go.
        seed: Of when and what.
        kills: How often.
        programs: Where the server's programs are.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    server = Server(programs)
    tally = Kills()
    try:
        place = PostgresPlace(folder, server.url())
        place.make()
        ledger = Ledger(place.store(), KeyStore(folder, ROOT_SECRET, create=True), now)
        clients = [_Client(ledger, number, seed) for number in range(CLIENTS)]
        try:
            for _ in range(kills):
                time.sleep(chance.choice((0.02, 0.1, 0.3)) * (0.5 + chance.random()))
                (_kill_all if chance.random() < 0.5 else _kill_one)(server, chance)
                if server.process.poll() is not None:
                    # Killed while it recovered from the kill before: it gives up then, and is started again.
                    server.process = server.start()
                tally.kills += 1
            server.wait()
            # Long enough for everybody to be answered once more.
            time.sleep(1)
        finally:
            for client in clients:
                client.stop()
            ledger.close()
        with_all = place.store(writable=False)
        _compare(tally, clients, with_all)
        with_all.close()
    finally:
        server.stop()
    return tally


def _kill_all(server: Server, chance: random.Random) -> None:
    """The whole server, each process by its number; then start it again."""
    del chance
    own = server.children()
    server.process.kill()
    server.process.wait()
    for pid in own:
        _killed(pid)
    _until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in own))
    server.process = server.start()


def _kill_one(server: Server, chance: random.Random) -> None:
    """One of its processes; the server then ends all sessions and recovers by itself."""
    own = server.children()
    if own:
        _killed(chance.choice(own))


def _killed(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        # It ended by itself, as its parent had.
        return


def _until(done: Callable[[], bool]) -> None:
    for _ in range(600):
        if done():
            return
        time.sleep(0.01)
    raise TimeoutError("the processes of a killed server did not end")


def _compare(tally: Kills, clients: Sequence[_Client], store: Store) -> None:
    """Hold every receipt against the ledger, and every key against every other."""
    checked = verify(store)
    tally.unsound += map(str, checked.problems)
    rows = {str(row[5]): row for row in store.rows(0, checked.size)}
    tally.duplicated += checked.size - len(rows)
    for client in clients:
        tally.unsound += client.refused
        tally.duplicated += client.moved
        tally.replayed += client.replayed
        tally.acknowledged += len(client.told)
        for idem, receipt in client.told.items():
            row = rows.get(idem)
            tally.lost += row is None
            tally.altered += row is not None and (row[0], row[8]) != (receipt.seq, receipt.leaf)
