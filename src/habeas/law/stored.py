"""The compiled rulebook as bytes: its plain trees, and its limbs already parsed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec
from msgspec import Raw, Struct

from habeas.kernel.identifiers import digest_of
from habeas.law.artefact import Artefact, Readings
from habeas.law.conditions import LimbTest
from habeas.law.documents import RulebookError
from habeas.law.on_demand import OnDemand
from habeas.law.rulebook import Rulebook

SCHEMA = "habeas/rulebook-artefact/2"


class UnreadableArtefact(ValueError):
    """Bytes that are not a compiled rulebook of this version, or were changed since."""


class _Stored(Struct, frozen=True, forbid_unknown_fields=True):
    schema: str
    digest: str
    """Of the rulebook; what every answer cites."""
    artefact: dict[str, dict[str, Raw]]
    """By kind of file, each file's tree unread: few questions need a text as it was written."""
    readings: Readings
    limbs: dict[str, LimbTest]


_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder(_Stored)


def written_artefact(rulebook: Rulebook) -> bytes:
    """The rulebook as canonical JSON with its texts and limbs as read, below a line with its digest."""
    trees = {
        kind: {name: Raw(_ENCODER.encode(tree)) for name, tree in files.items()}
        for kind, files in rulebook.artefact.trees().items()
    }
    stored = _Stored(SCHEMA, rulebook.digest, trees, rulebook.readings(), dict(rulebook.limbs))
    content = _ENCODER.encode(stored)
    return f"{digest_of(content)}\n".encode() + content


def read_artefact(content: bytes) -> Rulebook:
    """The rulebook of a compiled artefact.

    Raises:
        UnreadableArtefact: the bytes are not one, or their digest is not the one above them.
    """
    stated, _, body = content.partition(b"\n")
    found = digest_of(body)
    if stated != found.encode():
        raise UnreadableArtefact(f"expected a compiled rulebook of digest [{found}], found another above it")
    try:
        stored = _DECODER.decode(body)
    except msgspec.DecodeError as error:
        raise UnreadableArtefact(f"expected a compiled rulebook, found {error}") from error
    if stored.schema != SCHEMA:
        raise UnreadableArtefact(f"expected schema [{SCHEMA}], found [{stored.schema}]")
    try:
        rulebook = Rulebook(_artefact(stored.artefact), {}, stored.readings)
    except (TypeError, RulebookError) as error:
        raise UnreadableArtefact(f"expected a compiled rulebook, found {error}") from error
    rulebook.limbs.update(stored.limbs)
    # The bytes are those that were written, so the digest need not be worked out again.
    rulebook.digest = stored.digest
    return rulebook


def _artefact(files: dict[str, dict[str, Raw]]) -> Artefact:
    """The trees, those that most questions do not need left unread until something asks for them."""
    made: dict[str, Any] = {}
    for kind, trees in files.items():
        read = OnDemand(trees, partial(_tree, trees))
        made[kind] = read if kind in _UNREAD else dict(read)
    return Artefact(**made)


def _tree(trees: Mapping[str, Raw], name: str) -> Any:
    return msgspec.json.decode(trees[name])


_UNREAD = frozenset({"calendars", "enactments"})
"""Kinds of file of which a question needs few or none."""
