"""An audit as JSON, `habeas/audit/1`: every field of the report, its instants as texts.

The report's own types say which whole numbers are instants; each custody's are written with the
offset of its place's zone, and those of the whole report with that of UTC.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, TypeGuard, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import msgspec

from habeas.desk.audit_report import SCHEMA, AuditReport
from habeas.kernel.instants import Instant, UncertainInstant, zone
from habeas.wire.instants import instant_text, when_form


def audit_json(report: AuditReport) -> bytes:
    """The report as one line of canonical JSON; equal reports give equal bytes."""
    document = {"schema": SCHEMA, **plain_object(report, zone("UTC"))}
    return msgspec.json.encode(document, order="sorted") + b"\n"


def plain_object(value: Any, where: ZoneInfo) -> dict[str, Any]:
    """The fields of a dataclass; one that states a zone has its instants written in it."""
    hints = _hints(value)
    named = getattr(value, "zone", None)
    own = zone(named) if isinstance(named, str) and named else where
    return {
        field.name: _plain(getattr(value, field.name), hints[field.name], own)
        for field in dataclasses.fields(value)
    }


def _hints(value: object) -> dict[str, Any]:
    return get_type_hints(type(value))


def _plain(value: Any, hint: Any, where: ZoneInfo) -> Any:
    if isinstance(value, UncertainInstant):
        return when_form(value, where)
    if type(value) is int:
        return instant_text(Instant(value), where) if _is_instant(hint) else value
    if _is_table(value):
        inside = get_args(hint)[1] if len(get_args(hint)) == 2 else Any
        return {str(key): _plain(each, inside, where) for key, each in value.items()}
    if _is_list(value):
        inside = next(iter(get_args(hint)), Any)
        return [_plain(each, inside, where) for each in value]
    if isinstance(value, Enum):
        return value.value
    return plain_object(value, where) if dataclasses.is_dataclass(value) else value


def _is_instant(hint: Any) -> bool:
    if get_origin(hint) in {Union, types.UnionType}:
        return any(_is_instant(each) for each in get_args(hint))
    return hint is Instant


def _is_table(value: Any) -> TypeGuard[Mapping[Any, Any]]:
    return isinstance(value, Mapping)


def _is_list(value: Any) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, (tuple, list))
