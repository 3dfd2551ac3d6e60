"""Out of disk or memory: said as what it is, since neither habeas nor its input is at fault."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from typing import Final

from habeas.cli.failures import Failure

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_SQLITE_NO_MEMORY, _SQLITE_FULL = 7, 13
_DISK: Final = (
    "no room left on the disk; nothing of the result was written and the input is untouched. "
    "Free some, or name a folder with room: -o for the result, TMPDIR and SQLITE_TMPDIR for what is sorted"
)
_MEMORY: Final = (
    "not enough memory; nothing of the result was written and the input is untouched. "
    "Run with fewer --processes, or on a machine with more"
)
_WORKER: Final = (
    "a process of the audit was ended from outside, as systems do that run out of memory; nothing of the "
    "result was written and the input is untouched. "
    "Run with fewer --processes, or on a machine with more memory"
)


class RoomFailure(Failure):
    """The machine has no room left, on disk or in memory."""

    exit_code = 71


def room_failure(error: BaseException) -> RoomFailure | None:
    """The failure that an error, or what it was raised from, means if it is one of room; else None."""
    for each in _chain(error):
        if isinstance(each, OSError) and each.errno in _FULL:
            return RoomFailure(_DISK)
        code = getattr(each, "sqlite_errorcode", None)
        if code == _SQLITE_FULL:
            return RoomFailure(_DISK)
        if isinstance(each, MemoryError) or code == _SQLITE_NO_MEMORY:
            return RoomFailure(_MEMORY)
        if type(each).__name__ == "BrokenProcessPool":
            return RoomFailure(_WORKER)
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__
