"""Checkpoints of a ledger folder: signed here, cosigned outside, and kept, so that a loss shows.

A ledger that is shorter than what was signed of it has lost its end, by a restore or otherwise. Nothing but
two people's decision may be recorded in it then.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from habeas.desk.ledgers import LedgerFolder, LedgerMisplaced
from habeas.desk.whole_files import write_whole
from habeas.desk.withheld import Withheld
from habeas.kernel.instants import Instant
from habeas.ledger.audit import TrustedRoot, Verification, verify
from habeas.ledger.checkpoints import (
    Checkpoint,
    Trust,
    UnreadableCheckpoint,
    Untrusted,
    checkpoint_of,
    read_checkpoint,
)
from habeas.ledger.errors import LedgerError
from habeas.ledger.keys import KeyStore
from habeas.ledger.notes import Note, UnreadableNote, read_note, unbase64
from habeas.ledger.proofs import Tree
from habeas.ledger.reading import Problem
from habeas.ledger.store import Store

_SUFFIX: Final = ".note"


@dataclass(frozen=True, slots=True)
class KeptNote:
    """A signed checkpoint as it is kept."""

    written: str
    checkpoint: Checkpoint


def tree_of(store: Store) -> Tree:
    """The tree over the entries of a store."""
    return Tree(lambda start, stop: (row[8] for row in store.rows(start, stop)))


def kept_notes(folder: LedgerFolder) -> Iterator[KeptNote]:
    """The checkpoints kept in a folder, under any name the ledger had, smallest first.

    Raises:
        LedgerMisplaced: one of them is none, or nobody whom this ledger trusts signed it.
    """
    trust = folder.trust()
    for path in sorted(folder.checkpoints.glob(f"*{_SUFFIX}")):
        try:
            written = path.read_text("utf-8")
            yield KeptNote(written, Trust(trust.logs).checkpoint(written))
        except (OSError, UnicodeDecodeError, UnreadableNote, UnreadableCheckpoint, Untrusted) as error:
            raise LedgerMisplaced(f"{path}: expected a checkpoint of this ledger, found: {error}") from None


def last_note(folder: LedgerFolder) -> KeptNote | None:
    """The largest checkpoint kept."""
    return max(kept_notes(folder), key=lambda each: each.checkpoint.size, default=None)


def witnessed_size(folder: LedgerFolder) -> int:
    """How many entries the ledger had when it was last signed; 0 where it never was."""
    last = last_note(folder)
    return 0 if last is None else last.checkpoint.size


def keep_note(folder: LedgerFolder, written: str) -> None:
    """Keep a signed checkpoint; signatures of one kept before are kept too."""
    note = read_note(written)
    found = read_checkpoint(note.text)
    path = folder.checkpoints / f"{found.size:015d}-{found.root.hex()[:12]}{_SUFFIX}"
    if path.is_file():
        before = read_note(path.read_text("utf-8"))
        note = Note(note.text, before.signatures).with_(*note.signatures)
    write_whole(path, note.written().encode())


def sign(folder: LedgerFolder) -> str:
    """Sign the ledger as it ends now, and keep what was signed.

    Raises:
        Withheld: the ledger is shorter than what was signed of it before, or does not begin with it.
        LedgerError: it cannot be read.
    """
    store = folder.store()
    try:
        head = store.head()
        last = last_note(folder)
        if last is not None and head.size < last.checkpoint.size:
            raise Withheld(shorter(head.size, last.checkpoint.size))
        if last is not None and tree_of(store).root(last.checkpoint.size) != last.checkpoint.root:
            raise Withheld(
                f"the first {last.checkpoint.size} entries are not those that were signed before;"
                " nothing was signed. Run: habeas db verify"
            )
        written = checkpoint_of(folder.origin, head).signed(folder.signing_key()).written()
    finally:
        store.close()
    keep_note(folder, written)
    return written


def shorter(size: int, signed: int) -> str:
    """What to do about a ledger that lost its end."""
    return (
        f"the ledger has {size} entries and had {signed} when it was last signed: entries {size} to"
        f" {signed - 1} are lost here. Find a later backup, or let two people sign that they are lost:"
        " habeas db recover DIR"
    )


def request_for(folder: LedgerFolder, written: str, since: int) -> str:
    """What a witness is asked with: its last size, the proof from there, and the checkpoint.

    The form is that of https://c2sp.org/tlog-witness: ``old N``, the proof, an empty line, the note.

    Raises:
        ValueError: it last saw more than there is.
    """
    size = read_checkpoint(read_note(written).text).size
    store = folder.store()
    try:
        proof = tree_of(store).consistency(since, size)
    finally:
        store.close()
    lines = [f"old {since}", *(b64encode(node).decode() for node in proof)]
    return "\n".join(lines) + "\n\n" + written


def read_request(text: str) -> tuple[int, list[bytes], str]:
    """The size last seen, the proof and the checkpoint of a request.

    Raises:
        UnreadableNote: it is none.
    """
    head, divided, note = text.partition("\n\n")
    first, *nodes = head.split("\n")
    word, _, size = first.partition(" ")
    if not divided or word != "old" or not size.isdecimal():
        raise UnreadableNote("expected a request: `old SIZE`, the proof, an empty line and a checkpoint")
    return int(size), [unbase64(node) for node in nodes], note


def verified(
    folder: LedgerFolder,
    *,
    by: Instant | None = None,
    workers: int = 1,
    tell: Callable[[int], object] | None = None,
) -> Verification:
    """Read every byte again, against every checkpoint kept here; the keys too, for whoever holds the secrets.

    Args:
        folder: The ledger.
        by: Nothing can have been recorded later.
        workers: Processes that read at the same time.
        tell: Is told now and then how many entries have been read.
    """
    roots = [TrustedRoot(each.checkpoint.size, each.checkpoint.root) for each in kept_notes(folder)]
    keys, spoilt = _keys_of(folder)
    store = folder.store()
    try:
        found = verify(
            store, trusted=roots, now=by, reopen=store.reopener(), workers=workers, keys=keys, tell=tell
        )
    finally:
        store.close()
        if keys is not None:
            keys.close()
    return replace(found, problems=(*found.problems, *spoilt))


def _keys_of(folder: LedgerFolder) -> tuple[KeyStore | None, tuple[Problem, ...]]:
    """The keys, and what is wrong if they cannot be opened; an auditor has no secrets and leaves them out."""
    try:
        root = folder.root_secret()
    except LedgerMisplaced:
        return None, ()
    try:
        return KeyStore(folder.keys, root), ()
    except LedgerError as error:
        return None, (Problem(0, "key", "check", "keys that the root secret opens", str(error)),)
