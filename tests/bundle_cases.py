"""Bundles with good signatures that no ledger of ours would write, and rare ones that are good.

Spoiling a finished bundle breaks a digest first, so it never reaches the checks behind. Here everything is
signed anew after the change: each case says whether the page of the format calls it good.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from habeas.ledger.notes import KeyType, new_key
from signed_bundles import (
    SEEDS,
    Json,
    Signed,
    canonical,
    digest_of,
    leaf_of,
    line,
    note,
    text_of,
    written,
)
from small_bundles import COURT, LOG, Made

BOUND = ("actor", "event_id", "idem", "key_id", "kind", "schema_version", "stream")
KEY = bytes(range(100, 132))
NEWLINE = b"\n"
UUID = "0195d3a1-7b1c-7000-8000-000000000000"


@dataclass(frozen=True)
class Case:
    """A bundle, and whether it is good."""

    name: str
    document: bytes
    good: bool


SOURCE = {"file": "sha256:" + "ab" * 32, "recipe": "sha256:" + "cd" * 32, "row": 3}
BIG = 2**53
NOT_TEXT: list[object] = [None, 7, ["x"], {}]
NOT_LIST: list[object] = [None, {}, "x", 7]
NOT_DIGESTS: list[object] = [None, {}, "x", ["x"], [None], "0" * 64]
NOT_SEALED: list[object] = [7, [], {}, True, 1.5]
NOT_SOURCE: list[object] = [{}, [], "x", 7, {"file": "sha256:" + "ab" * 32}]
FIELDS: list[tuple[Json, bool]] = [
    ({}, True),
    *(
        ({"actor": each}, True)
        for each in ("x", "é" * 200, "e\u0301", "\u2028", "\u00a0", '"\\/', "\U0001f511" * 200, "\u0080")
    ),
    *(({"actor": each}, False) for each in ("", "x" * 201, "a\u0001", "a\u007f", "\n", "\ud800", *NOT_TEXT)),
    *(
        ({name: None}, False)
        for name in ("idem", "key_id", "kind", "role", "stream", "event_id", "payload", "format")
    ),
    *(({name: None}, False) for name in ("recorded_at", "schema_version", "seq")),
    *(
        ({name: 7}, False)
        for name in ("idem", "key_id", "kind", "role", "stream", "session", "zone", "precision")
    ),
    *(({name: "x" * 201}, False) for name in ("idem", "key_id", "kind", "role", "stream", "session", "zone")),
    *(
        ({name: None}, True)
        for name in ("session", "zone", "precision", "source", "supersedes", "approval_of")
    ),
    *(({name: UUID}, True) for name in ("event_id", "supersedes", "approval_of")),
    *(
        ({name: each}, False)
        for name in ("event_id", "supersedes", "approval_of")
        for each in (
            "x",
            UUID.upper(),
            UUID.replace("-7", "-4"),
            UUID.replace("-8", "-c"),
            UUID + "0",
            UUID[:-1],
            "",
        )
    ),
    *(({"format": each}, False) for each in (0, 2, True, "1", 1.0, -1)),
    *(({"payload": each}, False) for each in ("AB" * 32, "ab" * 31, "ab" * 33, "zz" * 32, "")),
    *(
        ({"precision": each}, True)
        for each in ("minute", "hour", "day", "month", "year", "snapshot", "range")
    ),
    *(({"precision": each}, False) for each in ("second", "", "MINUTE", "minute ")),
    *(({"recorded_at": each}, False) for each in ("1", 1.5, True, BIG, -BIG)),
    *(({"schema_version": each}, True) for each in (1, 2, BIG - 1)),
    *(({"schema_version": each}, False) for each in (0, -1, True, 1.0, "1", BIG)),
    *(
        ({"source": each}, True)
        for each in (SOURCE, SOURCE | {"recipe": None}, SOURCE | {"row": None}, SOURCE | {"row": 1})
    ),
    *(
        ({"source": SOURCE | each}, False)
        for each in ({"row": 0}, {"row": True}, {"row": BIG}, {"file": None}, {"more": 1})
    ),
    *(
        ({"source": SOURCE | {"file": each}}, False)
        for each in ("ab" * 32, "sha256:", "sha256:" + "AB" * 32, 7)
    ),
    *(({"source": SOURCE | {"recipe": each}}, False) for each in ("", "sha256:" + "a" * 63, 7)),
    *(({"source": each}, False) for each in NOT_SOURCE),
    *(({"valid_from": each, "valid_to": None}, True) for each in (None, 0, -1, BIG - 1, 1 - BIG)),
    *(({"valid_from": each, "valid_to": None}, False) for each in (BIG, -BIG, 1.0, "1", True)),
    ({"valid_from": 5, "valid_to": 6}, True),
    ({"valid_from": 5, "valid_to": 5}, False),
    ({"valid_from": 5, "valid_to": 4}, False),
    ({"valid_from": None, "valid_to": 6}, False),
    ({"valid_from": 5, "valid_to": "6"}, False),
    ({"valid_from": 5, "valid_to": BIG}, False),
    ({"more": 1}, False),
    ({"seq": 4}, False),
    ({"seq": -1}, False),
    ({"seq": True}, False),
]


def headers(signed: Signed) -> Iterator[Case]:
    """Each field at and beyond its bounds, and each other way to write a header."""
    for at, (fields, good) in enumerate(FIELDS):
        yield Case(f"field {at} {ascii(fields)[:60]}", written(signed.with_fields(**fields)), good)
    text: str = signed.entries[3]["header"]
    for name in json.loads(text):
        less = {key: value for key, value in json.loads(text).items() if key != name}
        yield Case(f"without {name}", written(signed.with_header(canonical(less))), good=False)
    for other in (
        text.replace(":", ": ", 1),
        text + "\n",
        " " + text,
        "\ufeff" + text,
        text.replace('"format":1', '"format":1.0'),
        text.replace('"format":1', '"format":1e0'),
        text.replace('"format":1', '"format":+1'),
        text.replace('"format":1', '"format":01'),
        text.replace('"format":1', '"format":1,"format":1'),
        text.replace("officer", "\\u006fffficer"),
        text.replace("America/", "America\\/"),
        text.replace('"valid_to":null', '"valid_to":-0'),
        text.replace('"seq":3', '"seq":NaN'),
        text.replace('"seq":3', '"seq":' + "9" * 5_000),
        text.replace('"source":{', '"source":' + "[" * 50_000),
        json.dumps(dict(reversed(json.loads(text).items())), separators=(",", ":")),
        text[:-1],
        text + "}",
        "",
        "null",
        "[]",
        '"x"',
    ):
        yield Case(f"written {ascii(other)[:40]}", written(signed.with_header(other)), good=False)


class Signatures:
    """The checkpoint of all entries, to be signed in other ways."""

    def __init__(self, signed: Signed) -> None:
        leaves = [leaf_of(each) for each in signed.entries]
        self.known: int = json.loads(signed.entries[-1]["header"])["recorded_at"]
        self.text = text_of(leaves, self.known)
        self.whole = signed.whole(signed.fresh())

    def case(self, name: str, checkpoint: object, *, good: bool = False) -> Case:
        return Case(f"checkpoint {name}", written(self.whole | {"checkpoint": checkpoint}), good)


def checkpoints(signed: Signed) -> Iterator[Case]:
    """What stands in a checkpoint, signed as it stands."""
    usual = Signatures(signed)
    case, text, known = usual.case, usual.text, usual.known
    lines = text.split("\n")
    other = b64encode(bytes(32)).decode()

    def changed(at: int, value: str) -> str:
        return note("\n".join([*lines[:at], value, *lines[at + 1 :]]))

    yield case("as it is", note(text), good=True)
    yield case("with another size", changed(1, "21"))
    yield case("with a smaller size", changed(1, "19"))
    for size in (
        "020",
        "+20",
        "-20",
        "2_0",
        "20 ",
        "\uff12\uff10",
        "",
        "1e1",
        "9" * 17,
        "9" * 6_000,
        "twenty",
    ):
        yield case(f"with size {size[:20]!r}", changed(1, size))
    yield case("with another root", changed(2, other))
    for root in (
        "",
        lines[2].rstrip("="),
        lines[2] + "\n",
        b64encode(bytes(31)).decode(),
        " " + lines[2],
        "é",
    ):
        yield case(f"with root {root[:20]!r}", changed(2, root))
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    bits = lines[2][:-2] + alphabet[alphabet.index(lines[2][-2]) ^ 1] + "="
    yield case("with a root whose base64 has spare bits", changed(2, bits))
    for value in (
        f"known {known + 1}",
        f"known {known - 1}",
        f"known  {known}",
        f"known 0{known}",
        "known -1",
        f"Known {known}",
    ):
        yield case(f"with {value!r}", changed(3, value))
    for at, value in ((2, b64encode(bytes(31)).decode()), (4, f"chain {b64encode(bytes(33)).decode()}")):
        entries = [] if at == 2 else [1]
        odd = signed.part(signed.fresh(), entries) | {"checkpoint": changed(at, value)}
        yield Case(f"a part with a short or long line {at}", written(odd), good=False)
    for large in (0, -1, 2**53 - 1, 2**53, 10**18):
        part = signed.part(signed.fresh(), [1])
        part["checkpoint"] = changed(3, f"known {large}")
        yield Case(f"a part known at {large}", written(part), 0 <= large < 2**53)
    empty = signed.part(signed.fresh(), [])
    for large in (2**53 - 1, 2**53):
        yield Case(
            f"a part of {large}", written(empty | {"checkpoint": changed(1, str(large))}), large < 2**53
        )
    for value in (f"chain {other}", lines[4][:-1], "chain", "Chain" + lines[4][5:]):
        yield case(f"with {value[:12]!r}", changed(4, value))
    yield case("with a sixth line", note(text + "more\n"))
    yield case("with four lines", note("\n".join(lines[:4]) + "\n"))
    yield case("of another ledger", changed(0, "zz.invalid/sorrel"))
    yield case("with a control character", changed(0, LOG.name + "\x00"))
    yield case("with half a character", changed(0, LOG.name + "\ud800"))
    yield case("with Windows line ends", note(text.replace("\n", "\r\n")))


def signatures(signed: Signed) -> Iterator[Case]:
    """Who signed a checkpoint, and how the lines of signatures are written."""
    usual = Signatures(signed)
    case, text = usual.case, usual.text
    ledger, court = line(LOG.name, text), line(COURT.name, text)
    stranger = f"— w.invalid {b64encode(bytes(76)).decode()}\n"
    yield case("by the witness alone", text + "\n" + court)
    yield case("by the ledger alone", text + "\n" + ledger)
    yield case("by strangers too", text + "\n" + stranger + ledger + court + stranger, good=True)
    yield case("by both twice", text + "\n" + (ledger + court) * 2, good=True)
    later = line(COURT.name, text, seconds=2**63 + 5)
    yield case("cosigned late", text + "\n" + ledger + later, good=True)
    yield case("with 32 signatures", text + "\n" + stranger * 30 + ledger + court, good=True)
    yield case("with 33 signatures", text + "\n" + stranger * 31 + ledger + court)
    wrong = line(LOG.name, text + "x")
    yield case("by the ledger rightly and wrongly", text + "\n" + ledger + court + wrong)
    yield case(
        "by the witness rightly and wrongly", text + "\n" + ledger + court + line(COURT.name, text + "x")
    )
    yield case("by a listed key with a short signature", text + "\n" + ledger + court + ledger[:40] + "\n")
    yield case("without an empty line", text + ledger + court)
    yield case("with two empty lines", text + "\n\n" + ledger + court)
    yield case("without a last line end", (text + "\n" + ledger + court)[:-1])
    yield case("by a stranger without a line end", text + "\n" + ledger + court + stranger[:-1])
    yield case("with a line more", note(text) + "\n")
    yield case("without signatures", text + "\n")
    yield case("of nothing", "")
    for odd in (
        stranger.replace("—", "-"),
        stranger.replace(" w.", "  w."),
        stranger.replace("w.", "w+"),
        stranger.replace("w.", "w\u00a0"),
        stranger.replace("w.", "w "),
        stranger.replace("\n", " \n"),
        stranger.replace("=", "", 1),
        "— w.invalid AAAA\n",
        "— w.invalid AAAAAA==\n",
        "— w.invalid\n",
        "—\n",
        "— w.invalid " + "A" * 101 + "\n",
    ):
        yield case(f"with a line {odd[:30]!r}", text + "\n" + odd + ledger + court)
    yield case("with a stranger's one byte", text + "\n— w.invalid AAAAAAA=\n" + ledger + court, good=True)
    for value in NOT_TEXT:
        yield case(f"{value!r:.20}", value)


def times(signed: Signed) -> Iterator[Case]:
    """Recorded times that do not ascend, signed all the same."""
    at = json.loads(signed.entries[-1]["header"])["recorded_at"]
    for change, good in (
        (-1, True),
        (0, False),
        (1, False),
        (-4_000, False),
        (-4_001, False),
        (-3_999, True),
    ):
        entries = signed.fresh()
        header = json.loads(entries[18]["header"])
        entries[18] = entries[18] | {
            "header": canonical(header | {"recorded_at": at + change}),
            "sealed": None,
        }
        yield Case(f"the last but one recorded {change}", written(signed.whole(entries)), good)
        yield Case(f"the same of a part {change}", written(signed.part(entries, [17, 18, 19])), good)


def wholes(signed: Signed) -> Iterator[Case]:
    """Ledgers of several sizes, with every earlier size."""
    yield Case("nothing", written(signed.whole([])), good=True)
    yield Case("nothing, known", written(signed.whole([], known=5)), good=False)
    none = text_of([], 0).split("\n")
    for line_at, value in ((2, b64encode(bytes(32)).decode()), (4, "chain " + none[2])):
        text = "\n".join([*none[:line_at], value, *none[line_at + 1 :]])
        yield Case(f"nothing, line {line_at}", written(signed.whole([], text=text)), good=False)
    yield Case("one entry", written(signed.whole(signed.fresh()[:1])), good=True)
    for size in (2, 3, 4, 5, 15, 16, 17):
        entries = signed.fresh()[:size]
        yield Case(f"{size} entries", written(signed.whole(entries)), good=True)
        for old in range(size + 1):
            proven = signed.part(signed.fresh()[:size], [at for at in range(size) if at != 5], old)
            yield Case(f"{size} entries after {old}", written(proven), good=True)
            if proven["earlier"][0]["consistency"]:
                less = deepcopy(proven)
                less["earlier"][0]["consistency"].pop()
                yield Case(f"{size} entries after {old}, proof too short", written(less), good=False)
            if proven["earlier"][0]["consistency"]:
                bare = deepcopy(proven)
                bare["earlier"][0]["consistency"] = []
                yield Case(f"{size} entries after {old}, no proof", written(bare), good=False)
            more = deepcopy(proven)
            more["earlier"][0]["consistency"].append("00" * 32)
            yield Case(f"{size} entries after {old}, proof too long", written(more), good=False)
            if old:
                forked = deepcopy(proven)
                leaves = [*(leaf_of(each) for each in entries[: old - 1]), bytes(32)]
                forked["earlier"][0]["checkpoint"] = note(text_of(leaves, 5))
                yield Case(f"{size} entries after {old} others", written(forked), good=False)
    yield Case("no entry of a part", written(signed.part(signed.fresh(), [])), good=True)


def proofs(signed: Signed) -> Iterator[Case]:
    """Earlier checkpoints and proofs in all their shapes."""
    hole_last = [
        *signed.fresh()[:5],
        {"seq": 5, "header": None, "leaf": "ab" * 32, "sealed": None, "key": None},
    ]
    yield Case("a hole at the end", written(signed.whole(hole_last, known=7)), good=True)
    earlier = signed.part(signed.fresh(), [1], 7)
    larger = signed.part(signed.fresh()[:5], [1]) | {"earlier": earlier["earlier"]}
    none = text_of([], 0)
    for name, text in (
        ("of none", none),
        ("of none, known", none.replace("known 0", "known 5")),
        ("of none with a root", none.replace(none.split("\n")[2], b64encode(bytes(32)).decode())),
        ("of none with a chain", none.replace(b64encode(bytes(32)).decode(), none.split("\n")[2])),
    ):
        first = signed.part(signed.fresh(), [1], 0)
        first["earlier"][0]["checkpoint"] = note(text)
        yield Case(f"an earlier one {name}", written(first), good=name == "of none")
        alone = signed.part(signed.fresh(), []) | {"checkpoint": note(text)}
        yield Case(f"a part {name}", written(alone), good=name == "of none")
    yield Case("an earlier one that is larger", written(larger), good=False)
    stranger = deepcopy(earlier)
    stranger["earlier"][0]["checkpoint"] = note(text_of([], 0, "zz.invalid/sorrel"))
    yield Case("an earlier one of another ledger", written(stranger), good=False)
    twice = deepcopy(earlier)
    twice["earlier"] *= 2
    yield Case("an earlier one twice", written(twice), good=True)
    unsigned = deepcopy(earlier)
    unsigned["earlier"][0]["checkpoint"] = note(text_of([], 0), [LOG.name])
    unsigned["earlier"][0]["consistency"] = []
    yield Case("an earlier one without a witness", written(unsigned), good=False)
    for value in NOT_DIGESTS:
        changed = deepcopy(earlier)
        changed["earlier"][0]["consistency"] = value
        yield Case(f"a proof {value!r:.12}", written(changed), good=False)
        changed = signed.part(signed.fresh(), [1])
        changed["entries"][0]["inclusion"] = value
        yield Case(f"an inclusion {value!r:.12}", written(changed), good=False)
    for value in NOT_LIST:
        yield Case(
            f"earlier {value!r}", written(signed.whole(signed.fresh()) | {"earlier": value}), good=False
        )
        yield Case(
            f"entries {value!r}", written(signed.whole(signed.fresh()) | {"entries": value}), good=False
        )
    upper = signed.part(signed.fresh(), [1])
    upper["entries"][0]["inclusion"] = [each.upper() for each in upper["entries"][0]["inclusion"]]
    yield Case("an inclusion in capitals", written(upper), good=False)


def positions(signed: Signed) -> Iterator[Case]:
    """Entries and earlier sizes that stand where they cannot."""
    alone = signed.part([signed.fresh()[1]], [0])
    yield Case("a position that the ledger does not reach", written(alone), good=False)
    holes = signed.part(signed.fresh(), [4, 5, 6])
    shown = holes["entries"]
    for name, entries in (
        ("twice", [shown[1], shown[1]]),
        ("late", [shown[2], shown[1]]),
        ("early", [shown[1], shown[0]]),
    ):
        yield Case(f"a hole {name}", written(holes | {"entries": entries}), good=False)
    for value in NOT_LIST:
        yield Case(f"an entry {value!r}", written(holes | {"entries": [value]}), good=False)
        yield Case(f"an earlier {value!r}", written(holes | {"earlier": [value]}), good=False)
    one = signed.part(signed.fresh()[:1], [0])
    of_two = text_of([leaf_of(signed.entries[0])], 5).replace("\n1\n", "\n2\n", 1)
    one["earlier"] = [{"checkpoint": note(of_two), "consistency": []}]
    yield Case("an earlier one that is larger, of the same root", written(one), good=False)


def payloads(signed: Signed) -> Iterator[Case]:
    """What is sealed, opened, holes and the shape of entries."""
    header = json.loads(signed.entries[3]["header"])

    def sealed(payload: bytes, key: bytes = KEY, **other: Any) -> bytes:
        bound = canonical({name: (header | other)[name] for name in BOUND}).encode()
        return bytes(28) + AESGCM(key).encrypt(bytes(12), payload, bound)

    def case(name: str, data: bytes, key: bytes | None, *, good: bool) -> Case:
        tree = signed.with_sealed(
            b64encode(data).decode(),
            None if key is None else b64encode(key).decode(),
            digest=sha256(data).hexdigest(),
        )
        return Case(f"payload {name}", written(tree), good)

    for payload in (b"", b"x", "é".encode(), b"\xff\x00\x1b[31m", b"x" * 70_000):
        yield case(f"of {len(payload)} bytes", sealed(payload), KEY, good=True)
    yield case("not opened", sealed(b"x"), None, good=True)
    yield case("by another key", sealed(b"x"), bytes(32), good=False)
    for size in (0, 1, 16, 24, 31, 33):
        yield case(
            f"by a key of {size}",
            sealed(b"x", KEY[:size] if size in {16, 24} else KEY),
            (KEY + b"x")[:size],
            good=False,
        )
    for name in BOUND:
        other: Any = 2 if name == "schema_version" else "other"
        yield case(f"of another {name}", sealed(b"x", **{name: other}), KEY, good=False)
    for size in (1, 15, 16, 27, 28, 43):
        yield case(f"cut to {size}", sealed(b"x")[:size], None, good=True)
        yield case(f"cut to {size}, opened", sealed(b"x")[:size], KEY, good=False)
    data = sealed(b"xx")
    text, digest = b64encode(data).decode(), sha256(data).hexdigest()
    key = b64encode(KEY).decode()
    yield Case("payload of another digest", written(signed.with_sealed(text, key)), good=False)
    yield Case("a key alone", written(signed.with_sealed(None, key, digest=digest)), good=False)
    yield Case("neither", written(signed.with_sealed(None, None, digest=digest)), good=True)
    for odd in (
        "",
        text + "\n",
        " " + text,
        text.rstrip("="),
        text + "====",
        text.replace("A", "-", 1),
        text[:9] + "\n" + text[9:],
    ):
        yield Case(
            f"sealed {odd[:9]!r} {len(odd)}",
            written(signed.with_sealed(odd, None, digest=digest)),
            good=False,
        )
        yield Case(
            f"opened {odd[:9]!r} {len(odd)}", written(signed.with_sealed(odd, key, digest=digest)), good=False
        )
    for odd in (key + "\n", key.rstrip("="), key[:-2] + "9=", "é", ""):
        yield Case(
            f"key {odd[-5:]!r} {len(odd)}", written(signed.with_sealed(text, odd, digest=digest)), good=False
        )
    for value in NOT_SEALED:
        yield Case(f"sealed {value}", written(signed.with_sealed(value, None)), good=False)
        yield Case(f"key {value}", written(signed.with_sealed(text, value, digest=digest)), good=False)


def shapes(signed: Signed) -> Iterator[Case]:
    """Keys and values of entries, of holes and of the whole document."""
    for at, change in enumerate(
        (
            {"leaf": "ab" * 32},
            {"leaf": None},
            {"inclusion": []},
            {"inclusion": None},
            {"more": 1},
            {"header": 7},
            {"header": None},
            {"seq": "1"},
            {"seq": 1.0},
            {"seq": True},
            {"seq": None},
            {"seq": -1},
            {"seq": BIG},
            {"seq": 20},
        )
    ):
        entries = signed.fresh()
        tree = signed.whole(entries)
        tree["entries"][1] |= change
        yield Case(f"shape {at} {change}", written(tree), good=False)
    hole = {"seq": 5, "header": None, "sealed": None, "key": None, "leaf": "ab" * 32}
    for name, other, good in (
        ("as it is", {}, True),
        ("with a payload", {"sealed": "AAAA"}, False),
        ("with a key", {"key": b64encode(KEY).decode()}, False),
        ("in capitals", {"leaf": "AB" * 32}, False),
        ("too short", {"leaf": "ab" * 31}, False),
        ("without a leaf", {"leaf": None}, False),
        ("with a number", {"leaf": 7}, False),
    ):
        entries = signed.fresh()
        entries[5] = dict(hole)
        tree = signed.whole(entries)
        entries[5] |= other
        yield Case(f"hole {name}", written(tree), good)
    for name in ("seq", "header", "sealed", "key"):
        for at in (1, 5):
            tree = signed.whole(signed.fresh())
            del tree["entries"][at][name]
            yield Case(f"entry {at} without {name}", written(tree), good=False)
    tree = signed.whole(signed.fresh())
    for name in tree:
        yield Case(f"without {name}", written({key: tree[key] for key in tree if key != name}), good=False)
    for name, value in (
        ("schema", "habeas/proof/2"),
        ("schema", None),
        ("whole", None),
        ("whole", 1),
        ("whole", "true"),
        ("more", 1),
    ):
        yield Case(f"{name} {value}", written(tree | {name: value}), good=False)
    text = written(tree)
    yield Case("with white space", b" \n\t" + text + b"\r\n ", good=True)
    for name, document in (
        ("BOM", b"\xef\xbb\xbf" + text),
        ("UTF-16", text.decode().encode("utf-16")),
        ("Latin", text.replace(b"zz.invalid", b"zz\xe9invalid", 1)),
        ("more", text + b"x"),
        ("twice", text + text),
        ("a key twice", text.replace(b'"whole": true', b'"whole": true, "whole": true')),
        ("a key twice in an entry", text.replace(b'"key": null', b'"key": null, "key": null', 1)),
        ("a comma", text[:-1] + b",}"),
        ("NaN", text.replace(b'"whole": true', b'"whole": NaN')),
        ("NUL", text + b"\x00"),
        ("a list", b"[" + text + b"]"),
        ("null", b"null"),
        ("nothing", b""),
        ("deep lists", b"[" * 200_000),
        ("deep objects", b'{"a":' * 200_000),
        ("a huge number", b"9" * 100_000),
        ("a huge exponent", b'{"schema": 1e999999}'),
    ):
        yield Case(f"JSON {name}", document, good=False)


def cases(made: Made) -> list[Case]:
    """All of them."""
    signed = Signed(made)
    return [
        *headers(signed),
        *checkpoints(signed),
        *signatures(signed),
        *times(signed),
        *wholes(signed),
        *proofs(signed),
        *positions(signed),
        *payloads(signed),
        *shapes(signed),
    ]


def trusts() -> list[tuple[str, bool | None]]:
    """Texts of trust files, and whether the usual bundle is good under them; None: they are refused."""
    log, court = LOG.verifier.written(), COURT.verifier.written()
    key = COURT.verifier.public
    other = new_key("elsewhere.invalid", KeyType.WITNESS, SEEDS[COURT.name]).verifier.written()
    newer = new_key(COURT.name, KeyType.WITNESS, bytes(32)).verifier.written()
    wrong_id = court.replace(court.split("+")[1], "00000000")

    def vkey(name: str, data: bytes) -> str:
        return f"{name}+{digest_of(name.encode(), NEWLINE, data)[:4].hex()}+{b64encode(data).decode()}"

    return [
        (f"log {log}\n", True),
        (f"log {log}", True),
        (f"log {log}\nwitness {court}\nquorum 1\n", True),
        (f"# who\n\nquorum 1 # how many\n  witness\t{court}  # of the court\r\nlog {log}\r\n", True),
        (f"log {log}\nlog {log}\nwitness {court}\nwitness {court}\nquorum 1\n", True),
        (f"log {log}\nwitness {court}\nwitness {other}\nquorum 2\n", False),
        (f"log {log}\nwitness {court}\nwitness {newer}\nquorum 1\n", True),
        (f"log {log}\nwitness {court}\nwitness {newer}\nquorum 2\n", False),
        (f"log {log}\nwitness {court}\nquorum 2\n", False),
        (f"log {log}\nquorum 1\n", False),
        (f"log {new_key(LOG.name, KeyType.LOG, bytes(32)).verifier.written()}\n", False),
        (f"log {new_key('zz.invalid/sorrel', KeyType.LOG, bytes(32)).verifier.written()}\n", False),
        (f"log {log}\nlog {new_key('zz.invalid/sorrel', KeyType.LOG, bytes(32)).verifier.written()}\n", True),
        *(
            (f"log {log}\nquorum {each}\n", None)
            for each in ("x", "-1", "01", "+1", "\uff11", "1 2", "", "1.0")
        ),
        (f"log {log}\nquorum 0\nquorum 0\n", None),
        ("", None),
        (f"witness {court}\n", None),
        (f"log {court}\n", None),
        (f"log {log}\nwitness {log}\n", None),
        (f"log {log}\nwitness {wrong_id}\n", None),
        (f"log {log}\nwitness {vkey(COURT.name, bytes([4]) + key)}\n", True),
        (f"log {log}\nwitness {vkey(COURT.name, bytes([6]) + key)}\n", None),
        (f"log {log}\nwitness {vkey('', bytes([4]) + key)}\n", None),
        (f"log {log}\nwitness {vkey(COURT.name, bytes([4]) + key + key)}\n", None),
        (f"log {log}\nwitness {vkey(COURT.name, bytes([4]) + key[1:])}\n", None),
        (f"log {log}\nwitness {court[:-4]}\n", None),
        (f"log {log}\nwitness {court} more\n", None),
        (f"log {log}\nwitness\n", None),
        (f"log {log}\nfriend {court}\n", None),
        (f"Log {log}\n", None),
        (f"log {log}\u2028log\n", None),
        (f"log {log[:20]}\n", None),
        (f"log +{log}\n", None),
        (f"log {log.replace('+', '+0', 1)}\n", None),
    ]
