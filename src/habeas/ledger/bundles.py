"""Bundles: entries with the proof that they are in a ledger, for a court to keep. `habeas/proof/1`.

The format is that of docs/reference/proof-format.md. Another checker, which shares no code with this one, is
shipped as a single file; both are held to the same bundles, good and spoilt, in the tests.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from habeas.ledger.chain import CHAIN_START, DIGEST_SIZE, Frontier, leaf_hash, next_chain
from habeas.ledger.checkpoints import Checkpoint, Trust, UnreadableCheckpoint, Untrusted, read_checkpoint
from habeas.ledger.entries import Entry, Header, MalformedHeader, identity_of, read_header
from habeas.ledger.notes import UnreadableNote, read_note, unbase64
from habeas.ledger.proofs import Tree, consistent, included

SCHEMA: Final = "habeas/proof/1"
_SALT: Final = 16
_NONCE: Final = 12
_KEY: Final = 32
_HEX: Final = frozenset("0123456789abcdef")


class Spoilt(ValueError):
    """A bundle that proves nothing; says what is wrong with which part."""


class Earlier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A checkpoint that somebody kept, and the proof that the ledger begins with it."""

    checkpoint: str
    consistency: list[str]


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An entry with its proof."""

    seq: int
    header: str | None
    sealed: str | None
    key: str | None
    leaf: str | msgspec.UnsetType = msgspec.UNSET
    inclusion: list[str] | msgspec.UnsetType = msgspec.UNSET


class Bundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Entries, and everything it takes to check them."""

    schema: str
    checkpoint: str
    earlier: list[Earlier]
    whole: bool
    entries: list[Shown]

    def written(self) -> bytes:
        """The bundle as a document."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


@dataclass(frozen=True, slots=True)
class Proven:
    """What a good bundle shows of one entry."""

    seq: int
    header: Header | None
    """None in an entry hole."""
    payload: bytes | None
    """None where its key is not disclosed."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a good bundle shows."""

    checkpoint: Checkpoint
    earlier: tuple[Checkpoint, ...]
    whole: bool
    entries: tuple[Proven, ...]


def bundle_of(  # noqa: PLR0913 - each is a part of the bundle
    checkpoint: str,
    tree: Tree,
    entries: Iterable[Entry],
    *,
    earlier: Sequence[str] = (),
    keys: Mapping[str, bytes] | None = None,
    sealed: bool = True,
    whole: bool = False,
) -> Bundle:
    """A bundle of entries under a signed checkpoint.

    Args:
        checkpoint: The signed note.
        tree: The ledger's tree.
        entries: Which entries, in order.
        earlier: Signed notes that somebody kept.
        keys: Key id -> the key disclosed.
        sealed: Whether to show sealed payloads.
        whole: Whether these are all entries of the checkpoint.
    """
    found = read_checkpoint(read_note(checkpoint).text)
    kept = [read_checkpoint(read_note(each).text) for each in earlier]
    return Bundle(
        schema=SCHEMA,
        checkpoint=checkpoint,
        earlier=[
            Earlier(note, [node.hex() for node in tree.consistency(old.size, found.size)])
            for note, old in zip(earlier, kept, strict=True)
        ],
        whole=whole,
        entries=[
            _shown(each, None if whole else tree.inclusion(each.seq, found.size), keys or {}, sealed=sealed)
            for each in entries
        ],
    )


def _shown(entry: Entry, proof: Sequence[bytes] | None, keys: Mapping[str, bytes], *, sealed: bool) -> Shown:
    header = None if entry.header is None else read_header(entry.header)
    shown = entry.sealed if sealed else None
    key = None if header is None or shown is None else keys.get(header.key_id)
    return Shown(
        seq=entry.seq,
        header=None if entry.header is None else entry.header.decode(),
        sealed=None if shown is None else b64encode(shown).decode(),
        key=None if key is None else b64encode(key).decode(),
        leaf=entry.leaf.hex() if header is None else msgspec.UNSET,
        inclusion=msgspec.UNSET if proof is None else [node.hex() for node in proof],
    )


def check(document: bytes, trust: Trust) -> Checked:
    """What a bundle shows, once all of it is found good.

    Raises:
        Spoilt: it is not a bundle, or some part of it is not what it says.
    """
    bundle = _read(document)
    try:
        checkpoint = trust.checkpoint(bundle.checkpoint)
        earlier = tuple(_earlier(each, checkpoint, trust) for each in bundle.earlier)
    except (Untrusted, UnreadableNote, UnreadableCheckpoint) as error:
        raise Spoilt(str(error)) from None
    leaves = [_leaf(each) for each in bundle.entries]
    _ordered(bundle, checkpoint)
    if bundle.whole:
        _all_there(bundle, checkpoint, leaves)
    else:
        for each, leaf in zip(bundle.entries, leaves, strict=True):
            if not included(checkpoint.root, checkpoint.size, each.seq, leaf, _proof(each)):
                raise Spoilt(f"entry {each.seq} is not in the ledger of the checkpoint")
    return Checked(checkpoint, earlier, bundle.whole, tuple(_proven(each) for each in bundle.entries))


def _read(document: bytes) -> Bundle:
    try:
        tree = json.loads(document.decode("utf-8"), object_pairs_hook=_once)
        bundle = msgspec.convert(tree, Bundle)
    except (ValueError, RecursionError) as error:
        raise Spoilt(f"not a bundle: {error}") from None
    if bundle.schema != SCHEMA:
        raise Spoilt(f"expected schema {SCHEMA}, got [{bundle.schema[:40]}]")
    return bundle


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return made


def _earlier(each: Earlier, checkpoint: Checkpoint, trust: Trust) -> Checkpoint:
    old = trust.checkpoint(each.checkpoint)
    nodes = [_unhex(node) for node in each.consistency]
    if old.origin != checkpoint.origin or old.size > checkpoint.size:
        raise Spoilt(f"the earlier checkpoint of {old.size} entries is of another ledger, or larger")
    if not consistent(old.root, old.size, checkpoint.root, checkpoint.size, nodes):
        raise Spoilt(f"the ledger does not begin with the {old.size} entries of an earlier checkpoint")
    return old


def _leaf(each: Shown) -> bytes:
    """The leaf of an entry.

    Raises:
        Spoilt: it shows both a header and a leaf, or neither, or a header that is not its own.
    """
    if each.header is None:
        if each.leaf is msgspec.UNSET or each.sealed is not None or each.key is not None:
            raise Spoilt(f"entry {each.seq} has neither a header nor only the leaf of a hole")
        return _unhex(each.leaf)
    if each.leaf is not msgspec.UNSET:
        raise Spoilt(f"entry {each.seq} has both a header and a leaf")
    data = each.header.encode("utf-8", "surrogatepass")
    try:
        header = read_header(data)
    except MalformedHeader as error:
        raise Spoilt(f"entry {each.seq}: {error}") from None
    if header.seq != each.seq:
        raise Spoilt(f"entry {each.seq} shows the header of entry {header.seq}")
    return leaf_hash(data)


def _ordered(bundle: Bundle, checkpoint: Checkpoint) -> None:
    numbers = [each.seq for each in bundle.entries]
    if any(one >= other for one, other in pairwise(numbers)):
        raise Spoilt("the entries are not in ascending order")
    if numbers and not 0 <= numbers[0] <= numbers[-1] < checkpoint.size:
        raise Spoilt(f"an entry lies beyond the {checkpoint.size} of the checkpoint")
    known = [_header(each).recorded_at for each in bundle.entries if each.header is not None]
    if any(one >= other for one, other in pairwise(known)):
        raise Spoilt("recorded times do not ascend")


def _all_there(bundle: Bundle, checkpoint: Checkpoint, leaves: Sequence[bytes]) -> None:
    if len(leaves) != checkpoint.size or any(each.inclusion is not msgspec.UNSET for each in bundle.entries):
        raise Spoilt(f"expected all {checkpoint.size} entries without proofs of their own, got {len(leaves)}")
    frontier, chain = Frontier(), CHAIN_START
    for leaf in leaves:
        frontier.push(leaf)
        chain = next_chain(chain, leaf)
    if frontier.root() != checkpoint.root or chain != checkpoint.chain:
        raise Spoilt("the entries do not make the tree and the chain of the checkpoint")
    last = bundle.entries[-1] if bundle.entries else None
    if last is None:
        known = 0
    elif last.header is None:
        return
    else:
        known = _header(last).recorded_at
    if known != checkpoint.known_at:
        raise Spoilt("the last entry was not recorded when the checkpoint says")


def _proof(each: Shown) -> list[bytes]:
    if each.inclusion is msgspec.UNSET:
        raise Spoilt(f"entry {each.seq} has no proof that it is in the ledger")
    return [_unhex(node) for node in each.inclusion]


def _proven(each: Shown) -> Proven:
    if each.header is None:
        return Proven(each.seq, None, None)
    header = _header(each)
    if each.sealed is None:
        if each.key is not None:
            raise Spoilt(f"entry {each.seq} has a key and nothing that it would open")
        return Proven(each.seq, header, None)
    sealed = _bytes(each.sealed, each.seq)
    if sha256(sealed).hexdigest() != header.payload:
        raise Spoilt(f"the payload of entry {each.seq} is not the one that its header names")
    if each.key is None:
        return Proven(each.seq, header, None)
    key = _bytes(each.key, each.seq)
    if len(key) != _KEY:
        raise Spoilt(f"the key of entry {each.seq} has {len(key)} bytes, not {_KEY}")
    try:
        cipher = AESGCM(key)
        nonce, data = sealed[_SALT : _SALT + _NONCE], sealed[_SALT + _NONCE :]
        payload = cipher.decrypt(nonce, data, identity_of(header))
    except (InvalidTag, ValueError):
        raise Spoilt(f"the key of entry {each.seq} does not open its payload") from None
    return Proven(each.seq, header, payload)


def _header(each: Shown) -> Header:
    return read_header((each.header or "").encode("utf-8", "surrogatepass"))


def _bytes(text: str, seq: int) -> bytes:
    try:
        return unbase64(text)
    except UnreadableNote as error:
        raise Spoilt(f"entry {seq}: {error}") from None


def _unhex(text: str) -> bytes:
    if len(text) != 2 * DIGEST_SIZE or not _HEX.issuperset(text):
        raise Spoilt(f"expected {2 * DIGEST_SIZE} lower-case hexadecimal digits, got [{text[:80]}]")
    return bytes.fromhex(text)
