"""Bundles of proof for a court, and witnesses in folders of their own."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from habeas.desk.checkpointing import kept_notes, read_request, sign, tree_of
from habeas.desk.clock import now
from habeas.desk.kept import LedgerPeople
from habeas.desk.ledgers import LedgerFolder, LedgerMisplaced, opened
from habeas.desk.naming import names_of
from habeas.desk.people import UnknownPerson
from habeas.desk.whole_files import write_whole
from habeas.kernel.instants import FOREVER, Instant
from habeas.ledger.bundles import bundle_of
from habeas.ledger.checkpoints import Trust, read_checkpoint, read_trust
from habeas.ledger.entries import Entry, decode_header
from habeas.ledger.notes import (
    KeyType,
    Note,
    UnreadableNote,
    new_key,
    read_note,
    read_signing_key,
)
from habeas.ledger.witnesses import Witness

_PRIVATE: Final = 0o600
_SEEN: Final = "seen.json"


def exported(
    folder: LedgerFolder, person: str | None, *, open_payloads: bool = True
) -> tuple[bytes, tuple[str, ...]]:
    """A bundle of one person's entries with the keys that open them, or of the whole ledger without any.

    It is proven under a checkpoint signed now, and shows that the ledger begins with each one kept.

    Returns:
        The bundle's bytes, and the streams that it shows.

    Raises:
        UnknownPerson: the ledger names nobody so.
        Withheld: the ledger lost its end, so nothing is signed.
        LedgerError: it cannot be read.
    """
    streams = () if person is None else _streams(folder, person)
    checkpoint = sign(folder)
    size = read_checkpoint(read_note(checkpoint).text).size
    earlier = [
        each.written
        for each in kept_notes(folder)
        if 0 < each.checkpoint.size < size and each.checkpoint.origin == folder.origin
    ]
    with opened(folder) as ledger:
        entries: Sequence[Entry] = (
            tuple(ledger.entries(0, size))
            if person is None
            else sorted((each for one in streams for each in ledger.stream(one, size)), key=_seq)
        )
        keys: dict[str, bytes] = {}
        if person is not None and open_payloads:
            known = {key for one in streams for key in ledger.keys.key_ids(one).values()}
            wanted = {decode_header(each.header).key_id for each in entries if each.header is not None}
            keys = {key: ledger.keys.disclose(key) for key in sorted(known & wanted)}
    store = folder.store()
    try:
        bundle = bundle_of(
            checkpoint, tree_of(store), entries, earlier=earlier[-8:], keys=keys, whole=person is None
        )
    finally:
        store.close()
    return bundle.written(), streams


def _seq(entry: Entry) -> int:
    return entry.seq


def _streams(folder: LedgerFolder, person: str) -> tuple[str, ...]:
    with opened(folder) as ledger:
        names = names_of(ledger)
    if not names.of(person):
        raise UnknownPerson(person, names.people)
    return names.whole(person, Instant(FOREVER - 1))[1]


def refuse_sealed(people: LedgerPeople, person: str) -> None:
    """Refuse what an order withholds.

    Raises:
        SealedPerson: it is sealed.
        ExpungedPerson: it was destroyed.
    """
    if person in people:
        _ = people[person]


def init_witness(path: Path, name: str, trust: Trust) -> str:
    """Make a witness in a folder, and give the line by which others trust it.

    Raises:
        LedgerMisplaced: the folder holds something, or the name is none.
        OSError: it cannot be written.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise LedgerMisplaced(f"{path}: expected a folder that is empty or not there yet")
    try:
        key = new_key(name, KeyType.WITNESS, os.urandom(32))
    except UnreadableNote as error:
        raise LedgerMisplaced(f"--name: {error}") from None
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file, text in (
        ("witness.key", key.written() + "\n"),
        ("trust", trust.written()),
        (_SEEN, "{}\n"),
    ):
        write_whole(path / file, text.encode())
        (path / file).chmod(_PRIVATE)
    return f"witness {key.verifier.written()}"


def cosign(path: Path, request: str) -> str:
    """The checkpoint of a request with the witness's signature, once it follows from all that was seen.

    Raises:
        LedgerMisplaced: the folder is no witness's.
        UnreadableNote: the request is none.
        Untrusted: the ledger did not sign it.
        Inconsistent: it does not follow from what was seen: a rewritten or shortened ledger.
    """
    try:
        key = read_signing_key((path / "witness.key").read_text("ascii").strip())
        trust = read_trust((path / "trust").read_text("utf-8"))
        seen: dict[str, str] = json.loads((path / _SEEN).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise LedgerMisplaced(f"{path}: expected a witness, found: {error}") from None
    witness = Witness(key, trust, now, seen)
    old, proof, written = read_request(request)
    note = read_note(written)
    last = witness.last(read_checkpoint(note.text).origin)
    if last is not None and last.size != old:
        raise UnreadableNote(
            f"this witness last saw {last.size} entries, and the request starts from {old};"
            f" ask again: habeas db checkpoint --since {last.size}"
        )
    signature = witness.cosign(written, proof)
    # Kept before the signature is given away: a witness that forgets would sign a fork.
    write_whole(path / _SEEN, json.dumps(witness.seen, sort_keys=True).encode() + b"\n")
    return Note(note.text, note.signatures).with_(signature).written()


def trusting(folder: LedgerFolder, line: str, quorum: int) -> Trust:
    """Add a witness to those whom a ledger's trust file names.

    Raises:
        UnreadableNote: the line is no key of a witness.
    """
    old = folder.trust()
    added = read_trust(old.written() + line + "\n")
    made = Trust(added.logs, tuple(dict.fromkeys(added.witnesses)), quorum)
    write_whole(folder.trust_file, made.written().encode())
    folder.trust_file.chmod(0o644)
    return made
