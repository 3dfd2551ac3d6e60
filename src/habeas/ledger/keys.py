"""The keys of sealed payloads, in files of their own: what an expunction destroys.

A folder with two SQLite files. `keys.sqlite` holds one key for each stream and booking episode, wrapped
(RFC 3394) by the key of its epoch; `epochs.sqlite` holds those, wrapped by a root secret that is kept
elsewhere. Both overwrite what they delete and keep a rollback journal instead of a write-ahead log: deleted
keys stayed readable in 100 of 100 logs. Neither belongs in an archive of logs; a backup of `keys.sqlite` is
worth nothing once `rotate` has destroyed the epoch keys it was wrapped by; `epochs.sqlite` is in no backup.
"""

from __future__ import annotations

import hmac
import os
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from habeas.ledger.connections import Connect, Connection, connect, failures_named
from habeas.ledger.errors import Expunged, NotALedger, UnknownKey, WrongRoot
from habeas.ledger.key_tables import (
    DESTROYED,
    EPOCHS,
    FIND,
    KEYS,
    LATER_COLUMNS,
    Found,
    bound_to,
    configured,
    destroyed_digest,
    file_faults,
)
from habeas.ledger.sealing import KEY_SIZE, Sealer

_UNWRAPPED_BADLY: Final = (InvalidUnwrap, TypeError, ValueError)
"""What unwrapping raises: for bytes that are not the key's, and for what is no bytes at all."""


class KeyStore:
    """Keys by identifier, and by stream and episode; safe from any thread."""

    def __init__(self, folder: Path, root: bytes, *, create: bool = False, opened: Connect = connect) -> None:
        """Open the keys in a folder.

        Args:
            folder: Where the two files are.
            root: The root secret, 32 bytes.
            create: Make them if they are not there.
            opened: How to open a connection.

        Raises:
            NotALedger: if they are not there.
            WrongRoot: if the secret does not open them.
        """
        if len(root) != KEY_SIZE:
            raise WrongRoot(f"a root secret has {KEY_SIZE} bytes, this one {len(root)}")
        self._root = root
        self._guard = threading.RLock()
        self.generation = 0
        self._sealers: dict[str, Sealer] = {}
        self._by_episode: dict[tuple[str, str], Sealer] = {}
        self._wanted: dict[tuple[str, str], None] = {}
        self.paths = (folder / "keys.sqlite", folder / "epochs.sqlite")
        if not create and not all(path.is_file() for path in self.paths):
            raise NotALedger(f"{folder}: no key store")
        mode = "create" if create else "open"
        self._keys, self._epochs = (configured(path, opened, mode) for path in self.paths)
        with failures_named(folder):
            if create:
                for statement in (KEYS, DESTROYED):
                    self._keys.execute(statement)
                self._epochs.execute(EPOCHS)
            self._seen = self._changes()
        try:
            self._epoch_keys = self._unwrapped_epochs()
            self._bind_those_of_before()
        except BaseException:
            self.close()
            raise

    def _bind_those_of_before(self) -> None:
        """Give a key store of an earlier version the columns that it lacks, and their values."""
        with failures_named(self.paths[0]):
            lacking = [
                (table, column)
                for table, column in LATER_COLUMNS
                if all(row[1] != column for row in self._keys.execute(f"PRAGMA table_info({table})"))
            ]
        if not lacking:
            return
        with self._writing(self._keys, self.paths[0]):
            for table, column in lacking:
                self._keys.execute(f"ALTER TABLE {table} ADD COLUMN {column} BLOB")
            for row in cast("list[Found]", self._keys.execute(FIND + "bound IS NULL").fetchall()):
                bound = bound_to(self._raw(*row[:3]), row[0], row[3], row[4])
                self._keys.execute("UPDATE key SET bound = ? WHERE key_id = ?", (bound, row[0]))
            for gone in cast(
                "list[tuple[str, str]]",
                self._keys.execute(
                    "SELECT key_id, ordered_by FROM destroyed WHERE digest IS NULL"
                ).fetchall(),
            ):
                self._keys.execute(
                    "UPDATE destroyed SET digest = ? WHERE key_id = ?", (destroyed_digest(*gone), gone[0])
                )

    def _changes(self) -> object:
        """A number that differs once another connection has committed to the keys."""
        with failures_named(self.paths[0]):
            return self._keys.execute("PRAGMA data_version").fetchall()[0][0]

    def _unwrapped_epochs(self) -> dict[int, bytes]:
        with failures_named(self.paths[1]):
            found = self._epochs.execute("SELECT number, wrapped FROM epoch").fetchall()
        try:
            return {
                cast("int", number): aes_key_unwrap(self._root, cast("bytes", wrapped))
                for number, wrapped in found
            }
        except _UNWRAPPED_BADLY:
            raise WrongRoot(f"{self.paths[1]}: the root secret does not open it") from None

    @contextmanager
    def _writing(self, connection: Connection, path: Path) -> Generator[None]:
        """A transaction that holds the write lock from its first statement."""
        with failures_named(path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _epoch_key(self, number: int) -> bytes:
        """The key of an epoch, made and durable if it is new."""
        if number not in self._epoch_keys:
            with self._writing(self._epochs, self.paths[1]):
                self._epochs.execute(
                    "INSERT INTO epoch VALUES (?, ?) ON CONFLICT DO NOTHING",
                    (number, aes_key_wrap(self._root, os.urandom(KEY_SIZE))),
                )
            self._epoch_keys = self._unwrapped_epochs()
        return self._epoch_keys[number]

    def refresh(self) -> int:
        """Forget what another process may have destroyed meanwhile.

        Returns:
            The generation of the keys: it grows whenever one may have been destroyed.
        """
        with self._guard:
            if (changes := self._changes()) != self._seen:
                self._seen = changes
                self._forget_all()
            return self.generation

    def _forget_all(self) -> None:
        self.generation += 1
        self._sealers.clear()
        self._by_episode.clear()

    def sealers_for(self, episodes: Iterable[tuple[str, str]], epoch: int) -> list[Sealer]:
        """The keys of (stream, episode) pairs, made if they are new; durable before this returns.

        A key that another process has destroyed meanwhile may still be given. Whoever seals with it reads
        `generation` first and holds it against `refresh` afterwards.

        Args:
            episodes: Pairs of stream and booking episode.
            epoch: Under which epoch new keys are wrapped.
        """
        wanted = list(episodes)
        known = self._by_episode
        try:
            return [known[pair] for pair in wanted]
        except KeyError:
            # Making keys waits for the disk several times, so whoever comes first makes those of all who
            # wait meanwhile: many clients with new people would else make them one after the other.
            self._wanted.update(dict.fromkeys(wanted))
            with self._guard:
                self.refresh()
                missing = [pair for pair in self._taken(wanted) if pair not in self._by_episode]
                if missing:
                    self._load_or_make(missing, epoch)
                return [self._by_episode[pair] for pair in wanted]

    def _taken(self, own: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Pairs that anybody waits for, each once. Who finds their own gone asks for them again."""
        pairs = dict.fromkeys(own)
        while self._wanted:
            # One step to all threads; a pair that is added meanwhile is taken now or by its own thread.
            pairs.setdefault(self._wanted.popitem()[0])
        return list(pairs)

    def _load_or_make(self, pairs: list[tuple[str, str]], epoch: int) -> None:
        found: dict[tuple[str, str], Sealer] = {}
        with self._writing(self._keys, self.paths[0]):
            # Under the lock that `rotate` holds while it destroys epochs: no key is wrapped by a dead one.
            self._epoch_keys = self._unwrapped_epochs()
            self._epoch_key(epoch)
            for stream, episode in pairs:
                key_id, key = os.urandom(16).hex(), os.urandom(KEY_SIZE)
                self._keys.execute(
                    "INSERT INTO key VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    (
                        key_id,
                        stream,
                        episode,
                        epoch,
                        aes_key_wrap(self._epoch_keys[epoch], key),
                        bound_to(key, key_id, stream, episode),
                    ),
                )
            for stream, episode in pairs:
                row = self._keys.execute(FIND + "stream = ? AND episode = ?", (stream, episode)).fetchone()
                assert row is not None  # it was inserted in this transaction, if it was not there
                found[stream, episode] = self._sealer_of(cast("Found", row))
        # Only now: nothing may be sealed with a key that a failed commit has left nowhere.
        self._by_episode.update(found)
        self._sealers.update({sealer.key_id: sealer for sealer in found.values()})

    def _sealer_of(self, row: Found) -> Sealer:
        """The key of a row.

        Raises:
            UnknownKey: if the row was changed.
        """
        key_id, epoch, wrapped, stream, episode, bound = row
        key = self._raw(key_id, epoch, wrapped)
        if bound is None or not hmac.compare_digest(bound, bound_to(key, key_id, stream, episode)):
            raise UnknownKey(f"key {key_id}: it is not bound to the person and episode beside it")
        return Sealer(key_id, key)

    def _raw(self, key_id: str, epoch: int, wrapped: bytes) -> bytes:
        if epoch not in self._epoch_keys:
            self._epoch_keys = self._unwrapped_epochs()
        if epoch not in self._epoch_keys:
            raise UnknownKey(f"key {key_id}: the key of its epoch {epoch} is not here")
        try:
            return aes_key_unwrap(self._epoch_keys[epoch], wrapped)
        except _UNWRAPPED_BADLY:
            raise UnknownKey(f"key {key_id}: it does not unwrap under its epoch {epoch}") from None

    def sealer(self, key_id: str) -> Sealer:
        """The key with this identifier.

        Raises:
            Expunged: if it was destroyed, naming the order.
            UnknownKey: if it is not here and nobody ordered it destroyed.
        """
        with self._guard, failures_named(self.paths[0]):
            self.refresh()
            if (known := self._sealers.get(key_id)) is not None:
                return known
            found = self._keys.execute(FIND + "key_id = ?", (key_id,)).fetchone()
            if found is not None:
                self._sealers[key_id] = self._sealer_of(cast("Found", found))
                return self._sealers[key_id]
            gone = self._keys.execute(
                "SELECT ordered_by FROM destroyed WHERE key_id = ?", (key_id,)
            ).fetchone()
        if gone is None:
            raise UnknownKey(f"key {key_id}: not in this key store")
        raise Expunged(f"key {key_id}", cast("str", gone[0]))

    def disclose(self, key_id: str) -> bytes:
        """The 32 bytes of a key, to hand to somebody who may open its payloads without this store.

        Raises:
            Expunged: if it was destroyed, naming the order.
            UnknownKey: if it is not here and nobody ordered it destroyed.
        """
        self.sealer(key_id)
        with self._guard, failures_named(self.paths[0]):
            found = self._keys.execute(
                "SELECT key_id, epoch, wrapped FROM key WHERE key_id = ?", (key_id,)
            ).fetchone()
        if found is None:
            raise UnknownKey(f"key {key_id}: not in this key store")
        return self._raw(*cast("tuple[str, int, bytes]", found))

    def key_ids(self, stream: str) -> dict[str, str]:
        """The identifiers of a stream's keys, by episode."""
        with self._guard, failures_named(self.paths[0]):
            found = self._keys.execute(
                "SELECT episode, key_id FROM key WHERE stream = ? ORDER BY episode", (stream,)
            ).fetchall()
        return {cast("str", episode): cast("str", key_id) for episode, key_id in found}

    def destroy(self, key_id: str, ordered_by: str) -> None:
        """Destroy a key: nobody can open its payloads any more, and that cannot be undone.

        Args:
            key_id: Which key.
            ordered_by: The order's citation; what `Expunged` names afterwards.

        Raises:
            Expunged: if it was destroyed before.
            UnknownKey: if it is not here.
        """
        self.sealer(key_id)
        with self._guard:
            with self._writing(self._keys, self.paths[0]):
                self._keys.execute("DELETE FROM key WHERE key_id = ?", (key_id,))
                self._keys.execute(
                    "INSERT INTO destroyed VALUES (?, ?, ?)",
                    (key_id, ordered_by, destroyed_digest(key_id, ordered_by)),
                )
            self._forget_all()

    def faults(self, used: Mapping[tuple[str, str], int]) -> Iterator[tuple[int, str]]:
        """What is wrong with the keys: (first entry that it can concern, what).

        Every column of every row is read, and the engine checks both files.

        Args:
            used: For each key that entries are sealed with and the stream of those, the first such entry.
        """
        with self._guard:
            for connection, path in zip((self._keys, self._epochs), self.paths, strict=True):
                yield from ((0, fault) for fault in file_faults(connection, path))
            with failures_named(self.paths[0]):
                rows = cast("list[Found]", self._keys.execute(FIND + "TRUE").fetchall())
                gone = self._keys.execute("SELECT key_id, ordered_by, digest FROM destroyed").fetchall()
        streams: dict[str, str] = {}
        for row in rows:
            streams[row[0]] = row[3]
            try:
                self._sealer_of(row)
            except (UnknownKey, TypeError, ValueError) as error:
                yield used.get((row[0], row[3]), 0), str(error)
        destroyed = cast("list[tuple[str, str, bytes]]", gone)
        for key_id, ordered_by, digest in destroyed:
            if digest != destroyed_digest(key_id, ordered_by):
                yield 0, f"destroyed key {key_id}: not as it was written"
        forgotten = {row[0] for row in destroyed}
        for (key_id, stream), seq in used.items():
            if key_id not in forgotten and streams.get(key_id) != stream:
                yield (
                    seq,
                    f"key {key_id} of stream {stream}: not in this key store, and no order destroyed it",
                )

    def rotate(self, epoch: int) -> None:
        """Wrap every key under an epoch's key, and destroy the keys of all other epochs.

        Backups of `keys.sqlite` made before can be unwrapped by nobody afterwards.
        """
        with self._guard:
            done = False
            while not done:
                # A key must be durable under its new epoch before the old one goes, and nobody may make one
                # under the old epoch in between: so look once more, under the lock, and then destroy.
                with self._writing(self._keys, self.paths[0]):
                    self._epoch_keys = self._unwrapped_epochs()
                    done = not self._rewrap(epoch, self._epoch_key(epoch))
                    if done:
                        with self._writing(self._epochs, self.paths[1]):
                            self._epochs.execute("DELETE FROM epoch WHERE number <> ?", (epoch,))
            self._epoch_keys = self._unwrapped_epochs()

    def _rewrap(self, epoch: int, new: bytes) -> bool:
        """Wrap keys of other epochs under this one; whether there were any."""
        found = self._keys.execute(
            "SELECT key_id, epoch, wrapped FROM key WHERE epoch <> ?", (epoch,)
        ).fetchall()
        for key_id, old, wrapped in cast("list[tuple[str, int, bytes]]", found):
            key = aes_key_unwrap(self._epoch_keys[old], wrapped)
            self._keys.execute(
                "UPDATE key SET epoch = ?, wrapped = ? WHERE key_id = ?",
                (epoch, aes_key_wrap(new, key), key_id),
            )
        return bool(found)

    def close(self) -> None:
        """Close both files."""
        with self._guard:
            self._sealers.clear()
            self._by_episode.clear()
            self._keys.close()
            self._epochs.close()
