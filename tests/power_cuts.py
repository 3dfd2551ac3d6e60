"""Simulated power failures: a file layer under SQLite that knows which bytes have reached the disk.

Everything written goes to real files, and besides into a list of what is not synchronised yet. When the power
fails, each sector of that list has reached the disk or not, at random; so writes are lost, torn and out of order,
while what was synchronised stays. The disk is honest: it does not lie about a synchronisation.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from habeas.ledger import KeyStore, Ledger, Receipt, verify
from habeas.ledger.connections import Connection, Mode
from habeas.ledger.sqlite import SqliteStore, SqliteWriter
from small_ledgers import ROOT_SECRET, Clock, SqlitePlace, draft

SECTOR = 512


@dataclass
class Kept:
    """One file: what has reached the disk, and what may have."""

    durable: bytearray
    exists: bool = True
    pending: list[tuple[int, bytes | None]] = field(default_factory=list[tuple[int, "bytes | None"]])

    def write(self, data: bytes, offset: int) -> None:
        """Note a write; each sector of it arrives or not."""
        at = 0
        while at < len(data):
            length = min(SECTOR - (offset + at) % SECTOR, len(data) - at)
            self.pending.append((offset + at, data[at : at + length]))
            at += length

    def sync(self) -> None:
        """Everything noted has arrived."""
        self.durable = self.after_cut(lambda: True)
        self.pending.clear()
        self.exists = True

    def after_cut(self, arrived: Callable[[], bool]) -> bytearray:
        """The bytes after a power failure."""
        left = bytearray(self.durable)
        for offset, data in self.pending:
            if not arrived():
                continue
            if data is None:
                del left[offset:]
            else:
                left.extend(bytes(max(0, offset - len(left))))
                left[offset : offset + len(data)] = data
        return left


class Disk(apsw.VFS):
    """All files of one machine; `event` is called before each write and synchronisation."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.files: dict[str, Kept] = {}
        self.event: Callable[[], None] = lambda: None
        super().__init__(name, "")

    def holds(self, path: Path) -> None:
        """Take a file as it lies for synchronised."""
        self.files[str(path)] = Kept(bytearray(path.read_bytes()))

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 - apsw's name
        """Open a file, and note it if it is new."""
        return _File(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802 - apsw's signature
        """Delete a file; without a synchronised folder it may come back."""
        super().xDelete(filename, syncdir)
        if syncdir:
            self.files.pop(filename, None)

    def cut(self, chance: random.Random, folder: Path) -> None:
        """Write into a folder what a power failure now would leave."""
        odds = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        for name, kept in self.files.items():
            # A file whose folder entry was never synchronised may be missing altogether.
            if kept.exists or chance.random() < odds:
                left = kept.after_cut(lambda: chance.random() < odds)
                (folder / Path(name).name).write_bytes(left)

    def connect(self, path: Path, mode: Mode) -> Connection:
        """How a store opens its files on this disk."""
        flags = apsw.SQLITE_OPEN_READONLY if mode == "ro" else apsw.SQLITE_OPEN_READWRITE
        if mode == "rwc":
            flags |= apsw.SQLITE_OPEN_CREATE
        opened: Any = apsw.Connection(str(path), flags=flags, vfs=self.name)
        opened.set_busy_timeout(10_000)
        connection: Connection = opened
        return connection


class _File(apsw.VFSFile):
    """A file on the disk."""

    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self.disk = disk
        self.path = name if isinstance(name, str) else name.filename()
        self.kept = disk.files.setdefault(self.path, Kept(bytearray(), exists=False))

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - apsw's name
        """Write, and note it."""
        self.disk.event()
        super().xWrite(data, offset)
        self.kept.write(bytes(data), offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - apsw's name
        """Cut the file's end off, and note it."""
        self.disk.event()
        super().xTruncate(newsize)
        self.kept.pending.append((newsize, None))

    def xSync(self, flags: int) -> None:  # noqa: N802 - apsw's name
        """Let everything arrive."""
        self.disk.event()
        super().xSync(flags)
        self.kept.sync()


class Careless(SqliteStore):
    """The control: a store with `synchronous=NORMAL`, which SQLite's own pages call safe in WAL mode."""

    def writer(self) -> SqliteWriter:
        """A writer that does not wait for the disk."""
        return self._writer("NORMAL")


@dataclass
class Tally:
    """What some power failures did."""

    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    """Acknowledged entries that were gone, altered or could not be opened."""

    damaged: int = 0
    """Failures after which the ledger was not sound."""

    recovered: int = 0
    """Entries found that nobody had been told of; they are answered as replays."""

    first: str = ""
    """The first loss, by its seed."""

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.cuts + other.cuts,
            self.acknowledged + other.acknowledged,
            self.lost + other.lost,
            self.damaged + other.damaged,
            self.recovered + other.recovered,
            self.first or other.first,
        )


class Machine:
    """One run of a ledger on a disk, with power failures at some of its writes."""

    def __init__(self, folder: Path, seed: int, store: type[SqliteStore]) -> None:
        self.folder = folder
        self.chance = random.Random(seed)  # noqa: S311 - a simulation that has to be repeatable
        self.seed = seed
        self.made = store
        self.tally = Tally()
        self.acknowledged: list[tuple[int, Receipt]] = []
        self.left = 0

    def run(self, cuts: int, appends: int = 30) -> Tally:
        """Append some entries, cutting the power now and then."""
        live = self.folder / "live"
        live.mkdir()
        KeyStore(live, ROOT_SECRET, create=True).close()
        SqlitePlace(live).make()
        disk = Disk(f"disk-{self.seed}")
        for path in live.iterdir():
            disk.holds(path)
        # About fourteen writes and synchronisations belong to one entry, those of its key included.
        odds = cuts / (appends * 14)
        self.left = cuts
        disk.event = lambda: self._maybe_cut(disk, odds)
        keys = KeyStore(live, ROOT_SECRET, opened=disk.connect)
        ledger = Ledger(self.made(live / "ledger.sqlite", opened=disk.connect), keys, Clock())
        done = 0
        while done < appends:
            size = min(self.chance.choice((1, 1, 1, 2, 5)), appends - done)
            numbers = range(done, done + size)
            receipts = ledger.append_all([_draft(number) for number in numbers])
            self.acknowledged += zip(numbers, receipts, strict=True)
            done += size
        ledger.close()
        disk.unregister()
        shutil.rmtree(live)
        return self.tally

    def _maybe_cut(self, disk: Disk, odds: float) -> None:
        if self.left and self.chance.random() < odds:
            self.left -= 1
            image = self.folder / "image"
            image.mkdir()
            disk.cut(self.chance, image)
            self._examine(image)
            shutil.rmtree(image)

    def _examine(self, image: Path) -> None:
        """Open what is left, and hold it against what was acknowledged."""
        tally = self.tally
        tally.cuts += 1
        tally.acknowledged += len(self.acknowledged)
        keys = KeyStore(image, ROOT_SECRET)
        ledger = Ledger(SqliteStore(image / "ledger.sqlite"), keys, Clock())
        try:
            found = {entry.seq: entry for entry in ledger.entries()}
            for number, receipt in self.acknowledged:
                entry = found.get(receipt.seq)
                intact = entry is not None and entry.leaf == receipt.leaf
                if not intact or ledger.payload(found[receipt.seq]) != _draft(number).payload:
                    tally.lost += 1
                    tally.first = tally.first or f"seed {self.seed}, cut {tally.cuts}, entry {receipt.seq}"
            tally.recovered += max(0, len(found) - len(self.acknowledged))
            tally.damaged += not verify(ledger.store).sound
            # Whatever was not acknowledged is tried again, and there is one entry for each request.
            ledger.append_all([_draft(number) for number in range(len(self.acknowledged) + 6)])
            expected = max(len(found), len(self.acknowledged) + 6)
            tally.damaged += not tally.lost and ledger.position() != expected
        finally:
            ledger.close()


def _draft(number: int) -> Any:
    """Every fourth entry belongs to a new person, whose key has to arrive too."""
    return draft(number, stream=f"p-{number // 4}", episode="b-1")


def cut_power(folder: Path, seed: int, cuts: int, store: type[SqliteStore] = SqliteStore) -> Tally:
    """Cut the power at least that often, over as many runs as it takes."""
    tally = Tally()
    run = 0
    while tally.cuts < cuts:
        tally += Machine(folder, seed + run, store).run(min(25, cuts - tally.cuts))
        run += 1
    return tally
