"""As much of JSON Schema 2020-12 as the schema files use, written apart from what generates them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

KNOWN = {
    "$ref", "$defs", "$id", "$schema", "type", "properties", "required", "additionalProperties", "anyOf",
    "enum", "const", "pattern", "items", "title", "description", "default", "discriminator", "prefixItems",
}  # fmt: skip
TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def faults(value: Any, schema: dict[str, Any], root: dict[str, Any], where: str = "$") -> Iterator[str]:
    """Every way in which a value is not what a schema says."""
    assert set(schema) <= KNOWN, f"{where}: a keyword this does not know: {sorted(set(schema) - KNOWN)}"
    if "$ref" in schema:
        target: Any = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        yield from faults(value, target, root, where)
        return
    if "type" in schema and not TYPES[schema["type"]](value):
        yield f"{where}: expected {schema['type']}, found {value!r}"
        return
    yield from _of_plain(value, schema, where)
    if "anyOf" in schema:
        found = [list(faults(value, each, root, where)) for each in schema["anyOf"]]
        if all(found):
            yield f"{where}: none of {len(found)} alternatives: {min(found, key=len)}"
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        for index, each in enumerate(value):
            yield from faults(each, schema["items"], root, f"{where}[{index}]")
    if isinstance(value, dict):
        yield from _of_object(value, schema, root, where)


def _of_plain(value: Any, schema: dict[str, Any], where: str) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: expected one of {schema['enum']}, found {value!r}"
    if "const" in schema and value != schema["const"]:
        yield f"{where}: expected {schema['const']!r}, found {value!r}"
    if "pattern" in schema and re.search(schema["pattern"], value) is None:
        yield f"{where}: expected {schema['pattern']}, found {value!r}"


def _of_object(
    value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], where: str
) -> Iterator[str]:
    properties = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in value:
            yield f"{where}: expected [{name}], found none"
    others = schema.get("additionalProperties", True)
    for name, each in value.items():
        if name in properties:
            yield from faults(each, properties[name], root, f"{where}.{name}")
        elif others is False:
            yield f"{where}: [{name}] is not a property"
        elif isinstance(others, dict):
            yield from faults(each, others, root, f"{where}.{name}")
