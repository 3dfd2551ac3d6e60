"""Headers and drafts: one way to write them, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import digest_of
from habeas.kernel.instants import Instant, Precision
from habeas.ledger.chain import EMPTY_ROOT, Frontier, leaf_hash, next_chain, root_of
from habeas.ledger.entries import (
    LARGEST,
    LARGEST_PAYLOAD,
    Header,
    MalformedHeader,
    Source,
    encode_header,
    header_of,
    header_problems,
    identity_of,
    is_event_id,
    read_header,
)
from habeas.ledger.errors import MalformedDraft, OversizedEvent
from habeas.ledger.ledger import new_event_id
from small_ledgers import BLANK, START, draft

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "ledger-format.md"
EVENT = "0195d3a1-7b1c-7000-8000-00000000000{}"
HEADER = header_of(BLANK, EVENT.format(1))

# What no character of a header may be: controls and halves of surrogate pairs.
TEXT = st.text(
    st.characters(exclude_characters="\x7f", exclude_categories=("Cs", "Cc")), min_size=1, max_size=200
)
INTEGER = st.integers(-LARGEST, LARGEST)
DIGEST = st.binary(max_size=4).map(digest_of)
EVENT_ID = st.integers(0, 2**48 - 1).map(lambda ms: new_event_id(Instant(ms * 1000)))
HEADERS = st.builds(
    Header,
    actor=TEXT,
    approval_of=st.none() | EVENT_ID,
    event_id=EVENT_ID,
    format=st.just(1),
    idem=TEXT,
    key_id=TEXT,
    kind=TEXT,
    payload=DIGEST.map(lambda text: text.removeprefix("sha256:")),
    precision=st.none() | st.sampled_from([item.value for item in Precision]),
    recorded_at=INTEGER,
    role=TEXT,
    schema_version=st.integers(1, LARGEST),
    seq=st.integers(0, LARGEST),
    session=st.none() | TEXT,
    source=st.none() | st.builds(Source, DIGEST, st.none() | DIGEST, st.none() | st.integers(1, LARGEST)),
    stream=TEXT,
    supersedes=st.none() | EVENT_ID,
    valid_from=st.integers(-LARGEST, LARGEST - 1),
    valid_to=st.none() | st.just(LARGEST),
    zone=st.none() | TEXT,
)


@given(HEADERS)
def test_a_header_is_written_as_any_json_writer_would_by_the_rules(header: Header) -> None:
    written = encode_header(header)
    by_the_page = json.dumps(
        asdict(header) | {"source": None if header.source is None else asdict(header.source)},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()
    assert written == by_the_page
    assert len(written) < 16_384
    assert read_header(written) == header
    identity = json.loads(identity_of(header))
    assert list(identity) == sorted(identity)
    assert identity == {name: getattr(header, name) for name in identity}
    assert set(identity) == {"actor", "event_id", "idem", "key_id", "kind", "schema_version", "stream"}


def test_the_fields_are_those_of_the_page() -> None:
    table = PAGE.read_text().split("| key | value | meaning |")[1].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(Header.__struct_fields__)
    assert list(Header.__struct_fields__) == sorted(Header.__struct_fields__)


WRITTEN = encode_header(HEADER).decode()
NOT_CANONICAL = [
    WRITTEN.replace(":", ": ", 1),
    WRITTEN + " ",
    WRITTEN.replace('"actor":"officer-7",', "") .replace("{", '{"approval_of":null,"actor":"officer-7",', 1).replace(',"approval_of":null', "", 1),
    WRITTEN.replace('"format":1', '"format":1,"format":1'),
    WRITTEN.replace('"actor"', '"author":1,"actor"'),
    WRITTEN.replace("officer", "\\u006ffficer"),
    WRITTEN.replace('"seq":0', '"seq":0.0'),
    WRITTEN.replace('"seq":0', '"seq":-0'),
    WRITTEN.replace('"seq":0', '"seq":0e0'),
    WRITTEN.replace('"seq":0', '"seq":00'),
    WRITTEN.replace('"seq":0,', ""),
    WRITTEN.replace('"seq":0', '"seq":"0"'),
    WRITTEN.replace('"seq":0', '"seq":true'),
    WRITTEN.replace('"session":"s-1"', '"session":7'),
    "[]",
    "",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_CANONICAL)
def test_any_other_way_to_write_it_is_refused(text: str) -> None:
    assert text != WRITTEN
    with pytest.raises(MalformedHeader):
        read_header(text.encode())


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(MalformedHeader):
        read_header(WRITTEN.encode().replace(b"officer", b"\xff\xfe"))


BAD_HEADERS: list[tuple[str, dict[str, Any]]] = [
    ("format", {"format": 2}),
    ("actor", {"actor": ""}),
    ("stream", {"stream": "p" * 201}),
    ("kind", {"kind": "a\x00b"}),
    ("zone", {"zone": "a\x7f"}),
    ("session", {"session": ""}),
    ("recorded_at", {"recorded_at": 2**53}),
    ("valid_from", {"valid_from": -(2**53)}),
    ("valid_to", {"valid_to": START}),
    ("valid_to", {"valid_to": START, "valid_from": None}),
    ("schema_version", {"schema_version": 0}),
    ("seq", {"seq": -1}),
    ("event_id", {"event_id": "0195D3A1-7b1c-7000-8000-000000000001"}),
    ("event_id", {"event_id": "0195d3a1-7b1c-4000-8000-000000000001"}),
    ("supersedes", {"supersedes": "1"}),
    ("approval_of", {"approval_of": "1"}),
    ("payload", {"payload": "0" * 63}),
    ("precision", {"precision": "second"}),
    ("source.file", {"source": Source("abc", None, None)}),
    ("source.recipe", {"source": Source(digest_of(b""), "abc", None)}),
    ("source.row", {"source": Source(digest_of(b""), None, 0)}),
]


@pytest.mark.parametrize(
    ("field", "change"), BAD_HEADERS, ids=[f"{name} {n}" for n, (name, _) in enumerate(BAD_HEADERS)]
)
def test_a_header_that_says_what_cannot_be_is_named_by_field(field: str, change: dict[str, Any]) -> None:
    header = replace(HEADER, **change)
    assert [fault[0] for fault in header_problems(header)] == [field]
    with pytest.raises(MalformedHeader, match=field):
        read_header(encode_header(header))


BAD_DRAFTS: list[tuple[str, dict[str, Any]]] = [
    ("actor", {"actor": ""}),
    ("idem", {"idem": "x" * 201}),
    ("role", {"role": "a\nb"}),
    ("stream", {"stream": "\ud800"}),
    ("valid_from", {"valid_from": 10**17}),
    ("valid_to", {"valid_to": START}),
    ("source.file", {"source": SourceRef("nothing", "sheet")}),
    ("supersedes", {"supersedes": "x"}),
    ("precision", {"precision": "roughly"}),
]


@pytest.mark.parametrize(("field", "change"), BAD_DRAFTS, ids=[name for name, _ in BAD_DRAFTS])
def test_a_draft_is_refused_by_field(field: str, change: dict[str, Any]) -> None:
    with pytest.raises(MalformedDraft, match=rf"^{field}: expected ") as refused:
        header_of(draft(1, **change), EVENT.format(1))
    assert refused.value.field == field


def test_a_payload_may_be_as_large_as_the_page_says_and_no_larger() -> None:
    assert header_of(draft(1, payload=bytes(LARGEST_PAYLOAD)), EVENT.format(1)).idem == "form-1"
    with pytest.raises(OversizedEvent, match="1048577 bytes; at most 1048576") as refused:
        header_of(draft(1, payload=bytes(LARGEST_PAYLOAD + 1)), EVENT.format(1))
    assert refused.value.size == LARGEST_PAYLOAD + 1
    assert "1,048,576 bytes" in PAGE.read_text()


def test_what_is_long_is_cut_in_a_message() -> None:
    assert len(str(MalformedDraft("stream", "1 to 200 characters", "p" * 5000))) < 200


@given(st.integers(0, 2**48 - 1))
def test_an_event_identifier_is_a_uuid_of_version_seven(milliseconds: int) -> None:
    made = new_event_id(Instant(milliseconds * 1000 + 999))
    assert is_event_id(made)
    assert int(made.replace("-", "")[:12], 16) == milliseconds
    assert made != new_event_id(Instant(milliseconds * 1000))


LEAVES = st.lists(st.binary(min_size=32, max_size=32), max_size=40)


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    from hashlib import sha256  # noqa: PLC0415 - apart from the module under test

    return sha256(b"\x01" + by_definition(leaves[:half]) + by_definition(leaves[half:])).digest()


@given(LEAVES, st.integers(0, 40))
def test_the_frontier_gives_the_root_of_the_definition_however_it_is_interrupted(
    leaves: list[bytes], cut: int
) -> None:
    frontier = Frontier()
    for leaf in leaves[:cut]:
        frontier.push(leaf)
    again = Frontier.read(frontier.size, frontier.written())
    for leaf in leaves[cut:]:
        again.push(leaf)
    assert again.root() == by_definition(leaves) == root_of(leaves)
    assert (again.size, len(again.subtrees)) == (len(leaves), len(leaves).bit_count())


@pytest.mark.parametrize("data", [b"", bytes(31), bytes(64)])
def test_a_frontier_of_another_size_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="complete subtrees"):
        Frontier.read(4, data)
    with pytest.raises(ValueError, match="complete subtrees"):
        Frontier(3, [bytes(32)])


def test_leaf_and_chain_are_those_of_the_worked_example() -> None:
    scope: dict[str, Any] = {}
    exec(PAGE.read_text().split("```python\n")[1].split("```")[0], scope)  # noqa: S102 - our own page
    chain = bytes(32)
    for header, leaf in zip(scope["HEADERS"], scope["leaves"], strict=True):
        assert encode_header(read_header(header)) == header
        assert leaf_hash(header) == leaf
        chain = next_chain(chain, leaf)
    assert chain == scope["chain"]
