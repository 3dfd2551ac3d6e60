"""Documents as bytes: one JSON text for one meaning, and the ways a text can fail to be one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NoReturn

import msgspec
from msgspec import Struct

_ENCODER = msgspec.json.Encoder(order="sorted")


class NotJson(ValueError):
    """A text that is not strict JSON: no duplicate keys, no NaN; says line and column."""


def encoded(document: Struct) -> bytes:
    """A document as one line of UTF-8 JSON with sorted keys and a line end.

    The same document is the same bytes. No wire document has a float: instants are texts, durations
    and counts are whole numbers.
    """
    return _ENCODER.encode(document) + b"\n"


def strict_json(text: str) -> Any:
    """The tree of a JSON text.

    Raises:
        NotJson: it is none, or says one thing twice.
    """
    try:
        return json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_no_fraction
        )
    except json.JSONDecodeError as error:
        message = f"line {error.lineno}, column {error.colno}: expected JSON, found: {error.msg}"
        raise NotJson(message) from error
    except RecursionError as error:
        raise NotJson("expected JSON of ordinary depth, found thousands of nested levels") from error


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise NotJson(f"expected each key once in an object, found [{key}] again")
        made[key] = value
    return made


def _no_constant(text: str) -> NoReturn:
    raise NotJson(f"expected a number, found [{text}]")


def _no_fraction(text: str) -> NoReturn:
    raise NotJson(f"expected a whole number, found [{text}]")
