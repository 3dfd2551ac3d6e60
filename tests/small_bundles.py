"""Bundles of a small ledger, good and spoilt, for every checker to be held to."""

from __future__ import annotations

import json
import random
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from habeas.ledger.bundles import Bundle, bundle_of
from habeas.ledger.checkpoints import Trust, checkpoint_of
from habeas.ledger.entries import decode_header
from habeas.ledger.ledger import Ledger
from habeas.ledger.notes import KeyType, new_key, read_note
from habeas.ledger.proofs import Tree
from habeas.ledger.store import Head
from habeas.ledger.witnesses import Witness
from small_ledgers import SqlitePlace, World, draft

LOG = new_key("zz.invalid/juniper", KeyType.LOG, bytes(range(32)))
COURT = new_key("court.invalid", KeyType.WITNESS, bytes(range(1, 33)))
TRUST = Trust((LOG.verifier,), (COURT.verifier,), quorum=1)

Tree_: TypeAlias = dict[str, Any]
Spoiling: TypeAlias = Callable[[Tree_, random.Random], None]


class Made:
    """A ledger of 20 entries with a hole of each kind, and its checkpoints at 7 and at the end."""

    def __init__(self, folder: Path) -> None:
        world = World.make(SqlitePlace(folder), folder)
        self.ledger: Ledger = world.ledger
        for number in range(7):
            self.ledger.append(draft(number, stream=f"p-{number % 3}"))
        self._heads = [world.place.store(writable=False).head()]
        for number in range(7, 20):
            self.ledger.append(draft(number, stream=f"p-{number % 3}"))
        self.ledger.open_hole(4, "payload", 18)
        self.ledger.open_hole(5, "entry", 19)
        self._heads.append(self.ledger.store.head())
        self.tree = Tree(lambda a, b: [each.leaf for each in self.ledger.entries(a, b)])
        witness = Witness(COURT, TRUST, world.clock)
        self.old, self.new = (self._signed(head, witness) for head in self._heads)

    def _signed(self, head: Head, witness: Witness) -> str:
        note = checkpoint_of(LOG.name, head).signed(LOG)
        last = witness.last(LOG.name)
        proof = self.tree.consistency(last.size, head.size) if last is not None else []
        return read_note(note.written()).with_(witness.cosign(note.written(), proof)).written()

    def keys(self, stream: str) -> Mapping[str, bytes]:
        """The keys of one stream, disclosed."""
        found = self.ledger.keys.key_ids(stream).values()
        return {key_id: self.ledger.keys.disclose(key_id) for key_id in found}

    def part(self) -> Bundle:
        """One person's entries with their keys, and a checkpoint that somebody kept."""
        entries = [each for each in self.ledger.entries() if _stream(each.header) == "p-1"]
        return bundle_of(self.new, self.tree, entries, earlier=[self.old], keys=self.keys("p-1"))

    def whole(self) -> Bundle:
        """Everything."""
        return bundle_of(self.new, self.tree, self.ledger.entries(), earlier=[self.old], whole=True)


def _stream(header: bytes | None) -> str:
    return "p-2" if header is None else decode_header(header).stream


def spoilt(document: bytes, chance: random.Random) -> bytes:
    """The bundle with one thing wrong that no checker may miss."""
    while True:
        tree = json.loads(document)
        chance.choice(SPOILINGS)(tree, chance)
        made = json.dumps(tree, ensure_ascii=False).encode()
        if json.loads(made) != json.loads(document):
            return made


def _some(tree: Tree_, chance: random.Random) -> Tree_:
    found: Tree_ = chance.choice(tree["entries"])
    return found


def _bit(text: str, chance: random.Random) -> str:
    """Base64 with one bit changed."""
    data = bytearray(b64decode(text))
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return b64encode(data).decode()


def _digit(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice("0123456789abcdef".replace(text[at], "")) + text[at + 1 :]


def _header(tree: Tree_, chance: random.Random) -> None:
    entry = _some(tree, chance)
    if entry["header"] is not None:
        header = json.loads(entry["header"])
        name = chance.choice(["actor", "kind", "stream", "recorded_at", "valid_from", "payload", "role"])
        value = header[name]
        header[name] = value + 1 if isinstance(value, int) else _digit(value, chance)
        entry["header"] = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _header_form(tree: Tree_, chance: random.Random) -> None:
    entry = _some(tree, chance)
    if entry["header"] is not None:
        entry["header"] = chance.choice([entry["header"] + " ", entry["header"].replace(":", ": ", 1), "{}"])


def _inclusion(tree: Tree_, chance: random.Random) -> None:
    entry = _some(tree, chance)
    proof = entry.get("inclusion")
    if proof is None:
        entry["inclusion"] = []
    elif proof:
        at = chance.randrange(len(proof))
        entry["inclusion"] = chance.choice(
            [proof[:-1], [*proof, proof[0]], [*proof[:at], _digit(proof[at], chance), *proof[at + 1 :]]]
        )


def _sealed(tree: Tree_, chance: random.Random) -> None:
    entry = _some(tree, chance)
    if entry["sealed"] is not None:
        entry["sealed"] = _bit(entry["sealed"], chance)


def _key(tree: Tree_, chance: random.Random) -> None:
    entry = _some(tree, chance)
    if entry["key"] is not None:
        entry["key"] = _bit(entry["key"], chance)


def _seq(tree: Tree_, chance: random.Random) -> None:
    entry = _some(tree, chance)
    entry["seq"] += chance.choice([-1, 1, 1000])


def _order(tree: Tree_, chance: random.Random) -> None:
    at = chance.randrange(len(tree["entries"]) - 1)
    entries = tree["entries"]
    entries[at], entries[at + 1] = entries[at + 1], entries[at]


def _twice(tree: Tree_, chance: random.Random) -> None:
    at = chance.randrange(len(tree["entries"]))
    tree["entries"].insert(at, tree["entries"][at])


def _left_out(tree: Tree_, chance: random.Random) -> None:
    """Only a whole ledger shows that something is missing."""
    if tree["whole"]:
        del tree["entries"][chance.randrange(len(tree["entries"]))]


def _whole(tree: Tree_, _: random.Random) -> None:
    tree["whole"] = not tree["whole"]


def _note(tree: Tree_, chance: random.Random) -> None:
    lines = tree["checkpoint"].split("\n")
    at = chance.randrange(5)
    lines[at] = lines[at][:-1] + ("A" if lines[at][-1] != "A" else "B")
    tree["checkpoint"] = "\n".join(lines)


def _signature(tree: Tree_, chance: random.Random) -> None:
    lines = tree["checkpoint"].split("\n")
    at = chance.choice([6, 7])
    head, _, data = lines[at].rpartition(" ")
    lines[at] = f"{head} {_bit(data, chance)}"
    tree["checkpoint"] = "\n".join(lines)


def _unsigned(tree: Tree_, chance: random.Random) -> None:
    lines = tree["checkpoint"].split("\n")
    del lines[chance.choice([6, 7])]
    tree["checkpoint"] = "\n".join(lines)


def _consistency(tree: Tree_, chance: random.Random) -> None:
    proof = tree["earlier"][0]["consistency"]
    at = chance.randrange(len(proof))
    tree["earlier"][0]["consistency"] = chance.choice(
        [proof[:-1], [*proof, proof[0]], [*proof[:at], _digit(proof[at], chance), *proof[at + 1 :]]]
    )


def _exchanged(tree: Tree_, _: random.Random) -> None:
    earlier = tree["earlier"][0]
    tree["checkpoint"], earlier["checkpoint"] = earlier["checkpoint"], tree["checkpoint"]


def _more(tree: Tree_, chance: random.Random) -> None:
    chance.choice([tree, tree["earlier"][0], _some(tree, chance)])["more"] = 1


def _less(tree: Tree_, chance: random.Random) -> None:
    found = chance.choice([tree, tree["earlier"][0], _some(tree, chance)])
    name = chance.choice(sorted(set(found) - {"key", "sealed"}))
    del found[name]


def _type(tree: Tree_, chance: random.Random) -> None:
    found = chance.choice([tree, tree["earlier"][0], _some(tree, chance)])
    found[chance.choice(sorted(found))] = chance.choice([3.5, {"x": 1}, [1, 2], True])


SPOILINGS: list[Spoiling] = [
    _header,
    _header_form,
    _inclusion,
    _sealed,
    _key,
    _seq,
    _order,
    _twice,
    _left_out,
    _whole,
    _note,
    _signature,
    _unsigned,
    _consistency,
    _exchanged,
    _more,
    _less,
    _type,
]
