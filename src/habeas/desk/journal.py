"""What a long-running command logs: JSON, a line at a time, from a closed list of fields and no person."""

from __future__ import annotations

from typing import Literal

import msgspec

from habeas.kernel.instants import Instant, rfc3339


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line. Whatever may be said is a field here; none of them can name a person."""

    event: Literal["sheet-written", "sheet-failed"]
    at: str
    people: int = 0
    due: int = 0
    withheld: int = 0
    unread: int = 0
    milliseconds: int = 0
    failure: str = ""
    """The kind of a failure, without its message: messages may name people and files."""


def written(line: Line) -> str:
    """A line of the log."""
    return msgspec.json.encode(line, order="sorted").decode() + "\n"


def stamp(at: Instant) -> str:
    """An instant as the log writes it."""
    return rfc3339(at)
