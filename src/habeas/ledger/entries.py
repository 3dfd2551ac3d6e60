"""Headers, drafts and entries: the canonical bytes of docs/reference/ledger-format.md.

Instants are UTC microseconds. What a payload means is nobody's business here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec

from habeas.kernel.evidence import SourceRef
from habeas.kernel.instants import Instant, Precision
from habeas.ledger.errors import MalformedDraft, OversizedEvent

FORMAT: Final = 1
"""The version of the format that this module writes."""

LARGEST: Final = 2**53 - 1
"""Integers run from minus this to this, so that every reader of JSON reads them exactly."""

LONGEST_TEXT: Final = 200
"""Characters of a string in a header."""

LARGEST_PAYLOAD: Final = 1_048_576
"""Bytes of a payload before it is sealed."""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Where an event was read: digests of the file and of the recipe, and a row counted from 1."""

    file: str
    recipe: str | None
    row: int | None


# Fields stand in the order of their names: that is what makes the encoding canonical.
class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """What of an entry is public to whoever may see the ledger; the page names each field's meaning."""

    actor: str
    approval_of: str | None
    event_id: str
    format: int
    idem: str
    key_id: str
    kind: str
    payload: str
    precision: str | None
    recorded_at: int
    role: str
    schema_version: int
    seq: int
    session: str | None
    source: Source | None
    stream: str
    supersedes: str | None
    valid_from: int | None
    valid_to: int | None
    zone: str | None


class Identity(msgspec.Struct, frozen=True, gc=False):
    """The fields of a header that a sealed payload is bound to."""

    actor: str
    event_id: str
    idem: str
    key_id: str
    kind: str
    schema_version: int
    stream: str


class MalformedHeader(ValueError):
    """Bytes that are not a canonical header of a known format."""


encode_header = msgspec.json.Encoder().encode
"""The bytes of a header; canonical for one that `read_header` or a ledger made."""

decode_header = msgspec.json.Decoder(Header).decode
"""A header from bytes that are known to be canonical."""


def identity_of(header: Header) -> bytes:
    """The associated data of a sealed payload: canonical JSON of the header's identifying fields."""
    return encode_header(
        Identity(
            header.actor,
            header.event_id,
            header.idem,
            header.key_id,
            header.kind,
            header.schema_version,
            header.stream,
        )
    )


def read_header(data: bytes) -> Header:
    """The header that these bytes are.

    Raises:
        MalformedHeader: if they are not canonical, or not a header of this format.
    """
    try:
        header = decode_header(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedHeader(f"not a header: {error}") from None
    if encode_header(header) != data:
        raise MalformedHeader("not canonical: written again by the rules of the format the bytes differ")
    for field, expected, found in header_problems(header):
        raise MalformedHeader(f"{field}: expected {expected}, found {found!r}")
    return header


_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_DIGEST = re.compile("sha256:[0-9a-f]{64}")
_EVENT_ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_PAYLOAD = re.compile("[0-9a-f]{64}")
_PRECISIONS = frozenset(Precision)
_TEXTS = ("actor", "idem", "key_id", "kind", "role", "stream")
_OPTIONAL_TEXTS = ("session", "zone")
_INTEGERS = ("recorded_at", "schema_version", "seq", "valid_from", "valid_to")

Fault = tuple[str, str, object]
"""A field, what was expected of it and what was found."""


def is_event_id(text: str) -> bool:
    """Whether a text is a UUIDv7 as the format writes it."""
    return _EVENT_ID.fullmatch(text) is not None


def header_problems(header: Header) -> list[Fault]:
    """What a header says that the format does not allow."""
    if _is_ordinary(header):
        return []
    faults: list[Fault] = []
    if header.format != FORMAT:
        faults.append(("format", str(FORMAT), header.format))
    faults += _text_faults(header)
    faults += _integer_faults(header)
    for field in ("event_id", "supersedes", "approval_of"):
        value = getattr(header, field)
        if value is not None and not is_event_id(value):
            faults.append((field, "a UUIDv7 in lower case", value))
    if not _PAYLOAD.fullmatch(header.payload):
        faults.append(("payload", "64 hexadecimal digits in lower case", header.payload))
    if header.precision is not None and header.precision not in _PRECISIONS:
        faults.append(("precision", "a precision of the format", header.precision))
    return faults + _source_faults(header.source)


def _is_ordinary(header: Header) -> bool:
    """Whether a header is surely all right, at a glance; if not, it is looked at field by field.

    Nearly every header is, and every append looks at one.
    """
    texts = (header.actor, header.idem, header.key_id, header.kind, header.role, header.stream)
    joined = "".join((*texts, header.session or "", header.zone or ""))
    start, end = header.valid_from, header.valid_to
    return (
        all(texts)
        and len(joined) <= LONGEST_TEXT
        and joined.isprintable()
        and header.session != ""
        and header.zone != ""
        and header.format == FORMAT
        and -LARGEST <= header.recorded_at <= LARGEST
        and 0 <= header.seq <= LARGEST
        and 1 <= header.schema_version <= LARGEST
        and (start is None or -LARGEST <= start <= LARGEST)
        and (end is None or (start is not None and start < end <= LARGEST))
        and (header.precision is None or header.precision in _PRECISIONS)
        and header.supersedes is header.approval_of is None
        and _EVENT_ID.fullmatch(header.event_id) is not None
        and _PAYLOAD.fullmatch(header.payload) is not None
        and not _source_faults(header.source)
    )


def _text_faults(header: Header) -> list[Fault]:
    """Strings that are empty, too long or hold control characters."""
    faults: list[Fault] = []
    for field in (*_TEXTS, *_OPTIONAL_TEXTS):
        value = getattr(header, field)
        if value is None:
            continue
        if not 0 < len(value) <= LONGEST_TEXT:
            faults.append((field, f"1 to {LONGEST_TEXT} characters", value))
        elif _CONTROL.search(value):
            faults.append((field, "no control character and no lone surrogate", value))
    return faults


def _integer_faults(header: Header) -> list[Fault]:
    """Integers out of range, and an effective interval that is none."""
    faults: list[Fault] = []
    for field in _INTEGERS:
        value = getattr(header, field)
        if value is not None and not -LARGEST <= value <= LARGEST:
            faults.append((field, "an integer that JSON keeps exactly, up to 2^53 - 1", value))
    if header.schema_version < 1:
        faults.append(("schema_version", "1 or more", header.schema_version))
    if header.seq < 0:
        faults.append(("seq", "0 or more", header.seq))
    if header.valid_to is not None and (header.valid_from is None or header.valid_to <= header.valid_from):
        faults.append(("valid_to", "an instant after valid_from", header.valid_to))
    return faults


def _source_faults(source: Source | None) -> list[Fault]:
    """Digests and rows of a source that are none."""
    if source is None:
        return []
    faults: list[Fault] = []
    for field, value in (("source.file", source.file), ("source.recipe", source.recipe)):
        if value is not None and not _DIGEST.fullmatch(value):
            faults.append((field, "sha256: and 64 hexadecimal digits", value))
    if source.row is not None and not 1 <= source.row <= LARGEST:
        faults.append(("source.row", "1 or more", source.row))
    return faults


class Draft(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What somebody asks to have recorded; the ledger adds position, recorded time and digests."""

    stream: str
    """Pseudonym of the person, or the name of another line of events."""

    episode: str
    """Booking episode; payloads of one stream and episode are sealed with one key. Not in the header."""

    kind: str
    schema_version: int
    payload: bytes
    """The bytes to seal."""

    actor: str
    role: str
    idem: str
    """Idempotency key: the same actor and key stand for the same request for ever."""

    valid_from: Instant | None = None
    """Effective time, its earliest instant."""

    valid_to: Instant | None = None
    """First instant at which it no longer holds; None while open."""

    precision: Precision | None = None
    zone: str | None = None
    session: str | None = None
    approval_of: str | None = None
    supersedes: str | None = None
    source: SourceRef | None = None
    """Where it was read; its name is not recorded, it may say who the person is."""

    event_id: str | None = None
    """A UUIDv7 if the caller needs to choose it; else the ledger makes one."""


def header_of(draft: Draft, event_id: str) -> Header:
    """The header of a draft; key, payload digest, position and recorded time are still to be filled in.

    Raises:
        MalformedDraft: naming the first field that the format does not allow.
        OversizedEvent: if the payload is too large.
    """
    if len(draft.payload) > LARGEST_PAYLOAD:
        raise OversizedEvent("payload", len(draft.payload), LARGEST_PAYLOAD)
    source = draft.source
    header = Header(
        actor=draft.actor,
        approval_of=draft.approval_of,
        event_id=event_id,
        format=FORMAT,
        idem=draft.idem,
        key_id="-",
        kind=draft.kind,
        payload="0" * 64,
        precision=draft.precision,
        recorded_at=0,
        role=draft.role,
        schema_version=draft.schema_version,
        seq=0,
        session=draft.session,
        source=None if source is None else Source(source.file_digest, source.recipe_digest, source.row),
        stream=draft.stream,
        supersedes=draft.supersedes,
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
        zone=draft.zone,
    )
    for fault in header_problems(header):
        raise MalformedDraft(*fault)
    return header


class Outcome(StrEnum):
    """What became of a draft."""

    ACCEPTED = "accepted"
    """It is recorded now."""

    REPLAYED = "replayed"
    """It had been recorded before, under the same key; nothing was added."""


class Receipt(msgspec.Struct, frozen=True, gc=False):
    """What the ledger answers once an entry is durable."""

    outcome: Outcome
    seq: int
    event_id: str
    recorded_at: Instant
    leaf: bytes
    clock_behind: int = 0
    """Microseconds by which the clock lagged behind the ledger's last recorded time; 0 as a rule."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger as it stands in the store."""

    seq: int
    recorded_at: Instant
    header: bytes | None
    """Canonical bytes; None in an entry hole."""

    sealed: bytes | None
    """Salt, nonce, ciphertext and tag; None in a hole."""

    leaf: bytes
    chain: bytes

    def read(self) -> Header:
        """The header.

        Raises:
            MalformedHeader: if there is none any more, or it is not canonical.
        """
        if self.header is None:
            raise MalformedHeader(f"entry {self.seq} is a hole")
        return read_header(self.header)
