"""The compiled rulebook as bytes: its plain trees, and its limbs already parsed."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from habeas.law.artefact import Artefact
from habeas.law.conditions import LimbTest
from habeas.law.documents import RulebookError
from habeas.law.rulebook import Rulebook

SCHEMA = "habeas/rulebook-artefact/1"


class UnreadableArtefact(ValueError):
    """Bytes that are not a compiled rulebook of this version, or were changed since."""


class _Stored(Struct, frozen=True, forbid_unknown_fields=True):
    schema: str
    digest: str
    artefact: dict[str, dict[str, Any]]
    limbs: dict[str, LimbTest]


_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder(_Stored)


def written_artefact(rulebook: Rulebook) -> bytes:
    """The rulebook as canonical JSON, with every limb read so far."""
    return _ENCODER.encode(
        _Stored(SCHEMA, rulebook.digest, msgspec.to_builtins(rulebook.artefact), dict(rulebook.limbs))
    )


def read_artefact(content: bytes) -> Rulebook:
    """The rulebook of a compiled artefact.

    Raises:
        UnreadableArtefact: the bytes are not one, or its digest is not that of its content.
    """
    try:
        stored = _DECODER.decode(content)
    except msgspec.DecodeError as error:
        raise UnreadableArtefact(f"expected a compiled rulebook, found {error}") from error
    if stored.schema != SCHEMA:
        raise UnreadableArtefact(f"expected schema [{SCHEMA}], found [{stored.schema}]")
    try:
        rulebook = Rulebook(Artefact(**stored.artefact), {})
    except (TypeError, RulebookError) as error:
        raise UnreadableArtefact(f"expected a compiled rulebook, found {error}") from error
    if rulebook.digest != stored.digest:
        message = f"expected digest [{stored.digest}], found [{rulebook.digest}]"
        raise UnreadableArtefact(message)
    rulebook.limbs.update(stored.limbs)
    return rulebook
