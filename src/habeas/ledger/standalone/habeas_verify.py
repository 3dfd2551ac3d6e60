"""Check a bundle of proofs from a habeas ledger, without habeas.

    python habeas_verify.py TRUST BUNDLE [--json]

TRUST is a text file of the keys you trust: have it from somebody other than whoever gave you BUNDLE.
Needs Python 3.11 or newer and one package: python -m pip install cryptography

Exit code 0: every check succeeded, and what the bundle shows is printed. 1: something is wrong, and what
is printed; then the bundle shows nothing. 2: not checked: wrong usage, or a file that cannot be read.
It uses no network and no clock, and writes to no disk.

Written from docs/reference/proof-format.md (a bundle is good by its five numbered conditions) and
docs/reference/ledger-format.md, and from none of the ledger's code: programs of one mind would err alike.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

try:
    from cryptography.exceptions import InvalidSignature, InvalidTag
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
except ImportError:
    sys.stderr.write("The package `cryptography` is missing: python -m pip install cryptography\n")
    raise SystemExit(2) from None

TYPES = {"log": 1, "witness": 4}  # the type bytes of their keys
LARGEST = 2**53 - 1
MOST_BYTES = 2**30  # of a file that is read; not a rule of the format
NAME = r"[^\s+]+"
DIGEST = "[0-9a-f]{64}"
EMPTY_ROOT = sha256(b"").digest()
Trust = tuple[dict[tuple[str, bytes], "Key"], int]  # the keys by name and ID, and the quorum


class Spoilt(Exception):
    """Something is wrong with the bundle."""


class Key(NamedTuple):
    """A verifier's key; `kind` is its type byte."""

    name: str
    kind: int
    public: bytes


@dataclass(frozen=True)
class Checkpoint:
    """A trusted checkpoint; `known` in UTC microseconds since 1970, the times of `witnesses` in seconds."""

    ledger: str
    size: int
    root: bytes
    known: int
    chain: bytes
    witnesses: list[tuple[str, int]]


@dataclass(frozen=True)
class Shown:
    """An entry. Its payload is `removed`, `not shown`, `sealed` (shown, but by no key opened) or `opened`."""

    seq: int
    leaf: bytes
    header: dict[str, Any] | None
    state: str
    payload: bytes | None


def need(holds: object, part: str, wrong: str) -> None:
    """One check. `part` says where to look, `wrong` what is wrong there."""
    if not holds:
        raise Spoilt(f"{part}: {wrong}")


def plain(value: object, most: int = 200) -> str:
    """Text that cannot move a cursor, turn its direction or hide: what does not print is escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(value)[:most])


def unbase64(text: Any, part: str, what: str) -> bytes:
    """The bytes of base64, which is written in one way only."""
    holds = is_like("[A-Za-z0-9+/]+={0,2}", text) and len(text) % 4 == 0
    need(holds and base64.b64encode(base64.b64decode(text)).decode() == text, part, f"{what} is not base64")
    return base64.b64decode(text)


def decimal(text: str, part: str, what: str) -> int:
    """A number without sign or leading zero."""
    number = int(text) if is_like("0|[1-9][0-9]{0,15}", text) else -1
    need(0 <= number <= LARGEST, part, f"{what} is not a number from 0 to 2^53 - 1: {plain(text)}")
    return number


def is_like(pattern: str, value: Any) -> bool:
    """Whether it is text of a form."""
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def is_integer(value: Any, least: int = -LARGEST) -> bool:
    """Whether it is an integer within the bounds of a header."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= LARGEST


def read_json(data: bytes, part: str) -> Any:
    """A JSON value without duplicate keys."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len(dict(pairs)) == len(pairs), part, "a key stands twice in one JSON object")
        return dict(pairs)

    try:
        return json.loads(data.decode(), object_pairs_hook=once)
    except (RecursionError, ValueError) as problem:
        raise Spoilt(f"{part}: it is not JSON in UTF-8: {plain(problem)}") from None


def keyed(value: Any, part: str, *keys: str) -> dict[str, Any]:
    """A JSON object with exactly these keys."""
    wrong = f"expected a JSON object with exactly {', '.join(keys)}"
    need(isinstance(value, dict), part, wrong)
    need(sorted(value) == sorted(keys), part, wrong)
    return dict(value)


def digests(value: Any, part: str) -> list[bytes]:
    """A list of digests of 32 bytes."""
    need(isinstance(value, list), part, "its proof is not a list")
    need(all(is_like(DIGEST, each) for each in value), part, "a digest is not 64 hexadecimal digits")
    return [bytes.fromhex(each) for each in value]


def node(left: bytes, right: bytes) -> bytes:
    """The digest over two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def tree_root(leaves: list[bytes]) -> bytes:
    """The root of the tree over all leaves."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return node(tree_root(leaves[:half]), tree_root(leaves[half:]))


def turns(leaf: int, size: int, *, to_edge: bool) -> list[bool]:
    """The way from the root to a leaf, or to the subtree that the leaf ends: is each turn to the right?"""
    found: list[bool] = []
    while size > 1 and not (to_edge and leaf == size - 1):
        half = 1 << (size - 1).bit_length() - 1
        found.append(leaf >= half)
        leaf, size = (leaf - half, size - half) if leaf >= half else (leaf, half)
    return found


def climb(start: bytes, way: list[bool], proof: list[bytes]) -> tuple[bytes, bytes]:
    """The older and the newer root that a proof leads to from a subtree of both; none by a wrong length."""
    older = newer = start
    for beside, right in zip(proof, reversed(way), strict=False):
        older, newer = (node(beside, older), node(beside, newer)) if right else (older, node(newer, beside))
    return (older, newer) if len(proof) == len(way) else (b"", b"")


def is_consistent(old: Checkpoint, newest: Checkpoint, proof: list[bytes]) -> bool:
    """Whether a consistency proof (2.1.2) leads from the older root to the newer."""
    if old.size == 0:
        return not proof
    way = turns(old.size - 1, newest.size, to_edge=True)
    # Without a turn to the right the older tree is a subtree of the newer, and the proof leaves its root out.
    first, *rest = proof if any(way) and proof else [old.root, *proof]
    return climb(first, way, rest) == (old.root, newest.root)


def read_key(text: str, kind: int, part: str) -> tuple[bytes, Key]:
    """The ID of a key and the key, from its one line."""
    name, stated, data = [*text.split("+", 2), "", ""][:3]
    need(is_like(NAME, name) and is_like("[0-9a-f]{8}", stated), part, "it is not <name>+<key ID>+<base64>")
    public = unbase64(data, part, "what follows the second +")
    need(len(public) == 33 and public[0] == kind, part, f"it is not a key of type 0x{kind:02x}, 32 bytes")
    key_id = sha256(name.encode() + b"\n" + public).digest()[:4]
    need(key_id.hex() == stated, part, f"the ID of its key is {key_id.hex()}, not {stated}")
    return key_id, Key(name, kind, public[1:])


def read_trust(data: bytes) -> Trust:
    """Whom to trust, from the text of a trust file."""
    keys: dict[tuple[str, bytes], Key] = {}
    quorums: list[int] = []
    for at, line in enumerate(data.decode().split("\n"), 1):
        part = f"line {at}"
        match line.partition("#")[0].split():
            case []:
                pass
            case ["log" | "witness" as what, text]:
                key_id, key = read_key(text, TYPES[what], part)
                known = keys.setdefault((key.name, key_id), key)
                need(known == key, part, "its key has the name and the ID of another")
            case ["quorum", text] if not quorums:
                quorums.append(decimal(text, part, "the quorum"))
            case _:
                need(None, part, "expected `log <key>`, `witness <key>` or, once, `quorum <number>`")
    need(any(key.kind == TYPES["log"] for key in keys.values()), "the text", "expected at least one `log`")
    return keys, sum(quorums)


def read_note(note: Any, part: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """The text of a signed note, and of each signature the name, the key ID and the rest."""
    need(is_like(r"[^\x00-\x09\x0b-\x1f\ud800-\udfff]*", note), part, "it is not text that can be signed")
    text, empty, tail = note.rpartition("\n\n")
    *lines, end = tail.split("\n")
    need(empty and not end, part, "it is not a text, an empty line and lines of signatures")
    need(
        1 <= len(lines) <= 32,
        part,
        f"it has {len(lines)} signatures; expected 1 to 32",
    )
    found: list[tuple[str, bytes, bytes]] = []
    for line in lines:
        dash, name, data = [*line.split(" ", 2), "", ""][:3]
        need(dash == "\N{EM DASH}" and is_like(NAME, name), part, f"no line of a signature: {plain(line)}")
        signature = unbase64(data, part, f"the signature of {plain(name)}")
        need(len(signature) > 4, part, f"the signature of {plain(name)} is too short")
        found.append((name, signature[:4], signature[4:]))
    return text + "\n", found


def verify(key: Key, text: str, signature: bytes, part: str) -> int:
    """Seconds since 1970 that a witness signed beside the text; 0 for a ledger's signature."""
    seconds = 0
    if key.kind == TYPES["witness"]:
        seconds, signature = int.from_bytes(signature[:8], "big"), signature[8:]
        text = f"cosignature/v1\ntime {seconds}\n{text}"
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        raise Spoilt(f"{part}: the signature of {plain(key.name)} is not good") from None
    return seconds


def read_checkpoint(note: Any, part: str, trust: Trust) -> Checkpoint:
    """A trusted checkpoint."""
    text, signatures = read_note(note, part)
    lines = text.split("\n")
    need(len(lines) == 6, part, "its text does not have five lines")
    need(lines[3][:6] == "known " and lines[4][:6] == "chain ", part, "`known` or `chain` is missing")
    size, known = decimal(lines[1], part, "its size"), decimal(lines[3][6:], part, "`known`")
    root, chain = unbase64(lines[2], part, "its root"), unbase64(lines[4][6:], part, "`chain`")
    need(len(root) == 32 and len(chain) == 32, part, "its root or `chain` is not 32 bytes")
    nothing = size > 0 or (root, known, chain) == (EMPTY_ROOT, 0, bytes(32))
    need(nothing, part, "it has no entries, and not the root, `known` and `chain` of none")
    by_log, times = False, dict[Key, int]()
    for name, key_id, signature in signatures:
        if key := trust[0].get((name, key_id)):
            seconds = verify(key, text, signature, part)
            by_log |= key.kind == TYPES["log"] and name == lines[0]
            times |= {key: seconds} if key.kind == TYPES["witness"] else {}
    need(by_log, part, f"no ledger trusted here signed it as {plain(lines[0])}")
    # One witness under two names, or with an old and a new key, is one witness.
    count = min(len({key.name for key in times}), len({key.public for key in times}))
    need(count >= trust[1], part, f"{count} witnesses trusted here signed it; expected {trust[1]}")
    return Checkpoint(lines[0], size, root, known, chain, [(key.name, at) for key, at in times.items()])


SOURCE = "file", "recipe", "row"
TEXT = r"[^\x00-\x1f\x7f\ud800-\udfff]{1,200}"
EVENT = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
PATTERNS = {
    **dict.fromkeys(("actor", "idem", "key_id", "kind", "role", "session", "stream", "zone"), TEXT),
    **dict.fromkeys(("approval_of", "event_id", "supersedes"), EVENT),
    **dict.fromkeys(("file", "recipe"), f"sha256:{DIGEST}"),
    "payload": DIGEST,
    "precision": "minute|hour|day|month|year|snapshot|range",
}
LEASTS: dict[str, int] = {
    **dict.fromkeys(("recorded_at", "valid_from", "valid_to"), -LARGEST),
    **dict.fromkeys(("format", "row", "schema_version"), 1),
    "seq": 0,
}
NULLS = "approval_of", "precision", "session", "source", "supersedes", "valid_from", "valid_to", "zone"
BOUND = "actor", "event_id", "idem", "key_id", "kind", "schema_version", "stream"  # to the sealed payload


def canonical(header: dict[str, Any]) -> bytes:
    """The one way to write it; Python would escape more only in characters that no header holds."""
    return json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def need_fields(fields: dict[str, Any], part: str) -> None:
    """That each field of a header, or of its source, has a value that it may have."""
    for name, value in fields.items():
        holds = value is not None or name in (*NULLS, *SOURCE[1:])
        if value is not None and name != "source":
            holds = is_integer(value, LEASTS[name]) if name in LEASTS else is_like(PATTERNS[name], value)
        need(holds, part, f"its header does not state a proper `{name}`")


def read_header(text: Any, part: str) -> dict[str, Any]:
    """A canonical header."""
    need(isinstance(text, str), part, "its header is neither text nor null")
    written = str(text).encode(errors="surrogatepass")
    header = keyed(read_json(written, part), f"{part}, header", "source", *{*LEASTS, *PATTERNS} - {*SOURCE})
    need_fields(header, part)
    if header["source"] is not None:
        need_fields(keyed(header["source"], f"{part}, source", *SOURCE), part)
    since, until = header["valid_from"], header["valid_to"]
    need(until is None or (since is not None and since < until), part, "valid_to is not after valid_from")
    need(header["format"] == 1, part, "its header is of a format later than 1")
    need(canonical(header) == written, part, "its header is not written canonically")
    return header


def read_payload(each: dict[str, Any], header: dict[str, Any], part: str) -> tuple[str, bytes | None]:
    """What is shown of a payload, and the payload if it is opened."""
    if each["sealed"] is None:
        need(each["key"] is None, part, "it discloses a key to nothing that is shown")
        return "not shown", None
    sealed = unbase64(each["sealed"], part, "its sealed payload")
    need(sha256(sealed).hexdigest() == header["payload"], part, "its header names another sealed payload")
    if each["key"] is None:
        return "sealed", None
    key = unbase64(each["key"], part, "its key")
    need(len(key) == 32, part, "its key is not 32 bytes")
    try:
        bound = canonical({name: header[name] for name in BOUND})
        return "opened", AESGCM(key).decrypt(sealed[16:28], sealed[28:], bound)
    except (InvalidTag, ValueError):
        raise Spoilt(f"{part}: its key does not open its payload") from None


def read_entry(value: Any, part: str, newest: Checkpoint, *, whole: bool) -> Shown:
    """An entry, which is in the ledger of the checkpoint if that is not for the whole to show."""
    hole = isinstance(value, dict) and "header" in value and value["header"] is None
    more = ["leaf"] * hole + ["inclusion"] * (not whole)
    each = keyed(value, part, "seq", "header", "sealed", "key", *more)
    need(is_integer(each["seq"], 0), part, "`seq` is not a position")
    seq, part = each["seq"], f"entry {each['seq']}"
    need(seq < newest.size, part, f"the ledger of the checkpoint ends after {newest.size} entries")
    if hole:
        need(each["sealed"] is None and each["key"] is None, part, "it has a payload or key and no header")
        shown = Shown(seq, digests([each["leaf"]], part)[0], None, "removed", None)
    else:
        header = read_header(each["header"], part)
        need(header["seq"] == seq, part, f"its header says that it is entry {header['seq']}")
        leaf = sha256(b"\x00" + canonical(header)).digest()
        shown = Shown(seq, leaf, header, *read_payload(each, header, part))
    if not whole:
        way, proof = turns(seq, newest.size, to_edge=False), digests(each["inclusion"], part)
        need(climb(shown.leaf, way, proof)[1] == newest.root, part, "its proof does not lead to the root")
    return shown


def read_earlier(value: Any, part: str, newest: Checkpoint, trust: Trust) -> Checkpoint:
    """An earlier checkpoint, with whose entries the ledger of the newest begins."""
    each = keyed(value, part, "checkpoint", "consistency")
    old = read_checkpoint(each["checkpoint"], part, trust)
    need(old.ledger == newest.ledger, part, "it is of another ledger")
    need(old.size <= newest.size, part, f"it has {old.size} entries, and the later one {newest.size}")
    proof = digests(each["consistency"], part)
    need(is_consistent(old, newest, proof), part, "its proof does not lead to the two roots")
    return old


def check_together(entries: list[Shown], newest: Checkpoint, *, whole: bool) -> None:
    """That entries ascend, and that all are there if they are to be the whole ledger."""
    seq = recorded_at = -LARGEST - 1
    for each in entries:
        need(each.seq > seq, f"entry {each.seq}", f"it stands behind entry {seq}; expected ascending order")
        seq = each.seq
        if each.header is not None:
            need(each.header["recorded_at"] > recorded_at, f"entry {seq}", "it was not recorded later")
            recorded_at = each.header["recorded_at"]
    if whole:
        part, chain, leaves = "the whole ledger", bytes(32), [each.leaf for each in entries]
        need(len(leaves) == newest.size, part, f"it has {len(leaves)} entries; expected {newest.size}")
        need(tree_root(leaves) == newest.root, part, "the tree over its entries does not have the root")
        for leaf in leaves:
            chain = sha256(b"\x02" + chain + leaf).digest()
        need(chain == newest.chain, part, "the chain over its entries does not end in `chain`")
        if entries and entries[-1].header is not None:
            need(recorded_at == newest.known, part, "its last entry was not recorded at `known`")


def check(document: bytes, trust: Trust) -> dict[str, Any]:
    """All that a good bundle shows; Spoilt if it is not good."""
    part = "the bundle"
    top = keyed(read_json(document, part), part, "schema", "checkpoint", "earlier", "whole", "entries")
    need(top["schema"] == "habeas/proof/1", part, '`schema` is not "habeas/proof/1"')
    need(isinstance(top["whole"], bool), part, "`whole` is neither true nor false")
    for name in ("earlier", "entries"):
        need(isinstance(top[name], list), part, f"`{name}` is not a list")
    newest, whole = read_checkpoint(top["checkpoint"], "the checkpoint", trust), top["whole"]
    olds, items = enumerate(top["earlier"], 1), enumerate(top["entries"], 1)
    earlier = [read_earlier(each, f"earlier checkpoint {at}", newest, trust) for at, each in olds]
    entries = [read_entry(each, f"item {at} of `entries`", newest, whole=whole) for at, each in items]
    check_together(entries, newest, whole=whole)
    return {"good": True, "checkpoint": newest, "earlier": earlier, "whole": whole, "entries": entries}


def instant(microseconds: int) -> str:
    """UTC, of microseconds since 1970."""
    try:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    except OverflowError:
        return f"{microseconds} microseconds after 1970-01-01 00:00 UTC"
    return f"{at:%Y-%m-%d %H:%M:%S.%f} UTC"


def in_words(good: dict[str, Any]) -> str:
    """What a good bundle shows, to be read."""
    newest: Checkpoint = good["checkpoint"]
    known = f"Size         {newest.size} entries, known until {instant(newest.known) if newest.size else '-'}"
    lines = ["GOOD: every check of this bundle succeeded.", "", f"Ledger       {plain(newest.ledger)}", known]
    names = [f"{plain(name)}, signed at {instant(at * 1_000_000)}" for name, at in newest.witnesses]
    olds = [f"the {old.size} entries known until {instant(old.known)}" for old in good["earlier"]]
    lines += [f"Witness      {name}" for name in names] + [f"Begins with  {old}" for old in olds]
    some = f"{len(good['entries'])} entries; it shows nothing of the others"
    lines.append(f"Shown        {'the whole ledger; no entry is missing' if good['whole'] else some}")
    return "\n".join(lines + [line for each in good["entries"] for line in entry_in_words(each)])


def entry_in_words(each: Shown) -> list[str]:
    """One entry, to be read."""
    if each.header is None:
        return ["", f"Entry {each.seq}: removed; this shows only that something stood here"]
    said, stated = {name: plain(value) for name, value in each.header.items()}, each.header
    effective = "no time stated" if stated["valid_from"] is None else f"from {instant(stated['valid_from'])}"
    effective += "" if stated["valid_to"] is None else f" until {instant(stated['valid_to'])}"
    effective += f" (stated by {said['precision']})" if stated["precision"] else ""
    lines = ["", f"Entry {each.seq}: {said['kind']}, version {said['schema_version']}, of {said['stream']}"]
    lines += [f"  Recorded   {instant(stated['recorded_at'])} by {said['actor']} as {said['role']}"]
    lines += [f"  Effective  {effective}", f"  Event      {said['event_id']}"]
    lines += [f"  Corrects   event {said['supersedes']}"] if stated["supersedes"] else []
    lines += [f"  Approves   event {said['approval_of']}"] if stated["approval_of"] else []
    try:
        payload = each.state if each.payload is None else plain(each.payload.decode(), len(each.payload))
    except UnicodeDecodeError:
        payload = "not text: " + plain(each.payload, LARGEST)
    return [*lines, f"  Payload    {payload}"]


def judge(paths: tuple[str, str]) -> tuple[int, dict[str, Any]]:
    """The exit code and what is found, of a trust file and a bundle."""
    path, read = "", list[bytes]()
    try:
        for path in paths:
            with Path(path).open("rb") as file:
                read.append(file.read(MOST_BYTES + 1))
            need(len(read[-1]) <= MOST_BYTES, "the file", f"it has more than {MOST_BYTES} bytes")
        path = paths[0]
        trust = read_trust(read[0])
    except (OSError, ValueError, Spoilt) as problem:
        return 2, {"good": None, "wrong": f"{plain(path)}: {plain(problem)}"}
    try:
        return 0, check(read[1], trust)
    except Spoilt as problem:
        return 1, {"good": False, "wrong": str(problem)}


def main(arguments: list[str] | None = None) -> int:
    """Check a bundle and print what is found."""

    def as_data(each: object) -> object:
        return base64.b64encode(each).decode() if isinstance(each, bytes) else vars(each)

    parser = argparse.ArgumentParser(description="Check a bundle of proofs from a habeas ledger.")
    parser.add_argument("trust", metavar="TRUST", help="text file of the keys you trust")
    parser.add_argument("bundle", metavar="BUNDLE", help="the bundle to check")
    parser.add_argument("--json", action="store_true", help="print what is found as JSON, bytes in base64")
    given = parser.parse_args(arguments)
    try:
        code, found = judge((given.trust, given.bundle))
        said = "NOT CHECKED: " if code == 2 else "SPOILT, and shows nothing. What is wrong: "
        said = said + found["wrong"] if code else in_words(found)
        said = json.dumps(found, indent=1, default=as_data) if given.json else said
    except MemoryError:
        code, said = 2, "NOT CHECKED: too large for the memory of this machine"
    encoding = sys.stdout.encoding or "utf-8"  # what it cannot write is escaped
    try:
        sys.stdout.write(said.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        sys.stdout.flush()
    except OSError:
        os._exit(2)  # nobody reads, and nothing more can be said
    return code


if __name__ == "__main__":
    sys.exit(main())
