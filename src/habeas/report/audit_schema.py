"""The JSON Schema of `habeas/audit/1`, read off the types of the report as :mod:`audit_json` writes them."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

import msgspec

from habeas.desk.audit_report import SCHEMA, AuditReport
from habeas.kernel.instants import Instant, UncertainInstant
from habeas.wire.instants import InstantText, WhenForm
from habeas.wire.schemas import DIALECT

FILE = Path(__file__).parent / "schema" / "audit-1.json"
"""The schema, written; a test holds it to the types."""
_PLAIN: Mapping[object, str] = {str: "string", int: "integer", bool: "boolean", type(None): "null"}
_WIRE: Mapping[object, object] = {Instant: InstantText, UncertainInstant: WhenForm}
_TEMPLATE = "#/$defs/{name}"


def audit_schema() -> dict[str, Any]:
    """The schema of an audit's document; every field is always written, so every one is required."""
    made = _Made()
    document = made.of_dataclass(AuditReport)
    document["properties"] = {"schema": {"const": SCHEMA}, **document["properties"]}
    document["required"] = ["schema", *document["required"]]
    return {
        "$schema": DIALECT,
        "$id": f"urn:{SCHEMA.replace('/', ':')}",
        **document,
        "$defs": {name: made.defined[name] for name in sorted(made.defined)},
    }


def written() -> bytes:
    """The schema as its file has it."""
    compact = msgspec.json.encode(audit_schema(), order="sorted")
    return msgspec.json.format(compact, indent=2) + b"\n"


class _Made:
    """The schemas of types, those with names of their own kept apart."""

    def __init__(self) -> None:
        self.defined: dict[str, dict[str, Any]] = {}

    def of(self, hint: Any) -> dict[str, Any]:
        """The schema of what a field of this type is written as."""
        if hint in _WIRE:
            return self._of_wire(_WIRE[hint])
        if isinstance(hint, NewType):
            return self.of(hint.__supertype__)
        if hint in _PLAIN:
            return {"type": _PLAIN[hint]}
        origin = get_origin(hint)
        if origin in {Union, types.UnionType}:
            return {"anyOf": [self.of(each) for each in get_args(hint)]}
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(get_args(hint)[1])}
        if isinstance(origin, type) and issubclass(origin, Sequence):
            return {"type": "array", "items": self.of(next(iter(get_args(hint))))}
        return self._named(hint)

    def of_dataclass(self, kind: type) -> dict[str, Any]:
        """The schema of an object with exactly the fields of a dataclass."""
        hints = get_type_hints(kind)
        names = [field.name for field in dataclasses.fields(kind)]
        return {
            "type": "object",
            "title": kind.__name__,
            "description": (kind.__doc__ or "").partition("\n")[0],
            "properties": {name: self.of(hints[name]) for name in names},
            "required": names,
            "additionalProperties": False,
        }

    def _named(self, hint: Any) -> dict[str, Any]:
        name = hint.__name__
        if name not in self.defined:
            # Named before it is read, so that a type may speak of itself.
            self.defined[name] = {}
            if issubclass(hint, Enum):
                self.defined[name] = {"title": name, "enum": sorted(each.value for each in hint)}
            else:
                self.defined[name] = self.of_dataclass(hint)
        return {"$ref": _TEMPLATE.format(name=name)}

    def _of_wire(self, form: Any) -> dict[str, Any]:
        (own,), components = msgspec.json.schema_components([form], ref_template=_TEMPLATE)
        self.defined |= components
        return own
