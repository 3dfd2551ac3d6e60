"""The digest of a rulebook's files, taken again only where one of them may have changed.

As git does it: names, sizes, numbers and times of change are compared with those noted when the
digest was taken, and believed only if they had settled by then, so that no later change can have
left them as they were. Where a system keeps no time of change every file is read each time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

_SETTLED = 2_000_000_000
"""Nanoseconds after which a further change of a file is sure to show in its times."""
_DIGITS = 64


class _Look(NamedTuple):
    """How a file looks from outside; times in nanoseconds."""

    path: str
    size: int
    number: int
    content_changed: int
    state_changed: int


def edition_of(directory: Path, store: Path) -> str:
    """The digest of a folder's files, by which their compiled form is named.

    Args:
        directory: The folder of YAML files.
        store: Where it may be noted how they looked.
    """
    if os.name != "posix":  # elsewhere a file's state has no time of change that nobody can set back
        return fingerprint(directory)
    place = os.fsencode(directory.absolute())
    looks = sorted(_looks(os.fspath(directory)))
    look = sha256(repr((place, looks)).encode()).hexdigest()
    note = store / f"{sha256(place).hexdigest()}.seen"
    found = _noted(note, look)
    if found is None:
        found = fingerprint(directory)
        last = max((max(each.content_changed, each.state_changed) for each in looks), default=0)
        _note(note, f"{look}\n{found}", last)
    return found


def fingerprint(directory: Path) -> str:
    """The digest of a folder's files, every one of them read."""
    digest = sha256()
    for path in sorted(directory.rglob("*.yaml")):
        digest.update(path.relative_to(directory).as_posix().encode() + b"\0")
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def write_beside(content: bytes, path: Path) -> None:
    """Write beside a name, then move: no reader sees half a file.

    Raises:
        OSError: it cannot be written.
    """
    import tempfile  # noqa: PLC0415 - slow to import, and needed once for each edition of a rulebook

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as part:
        part.write(content)
    Path(name).replace(path)


def _looks(folder: str) -> Iterator[_Look]:
    try:
        entries = os.scandir(folder)
    except OSError:  # what cannot be listed is said by whoever reads it
        return
    with entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _looks(entry.path)
            elif entry.name.endswith(".yaml"):
                found = entry.stat()
                yield _Look(entry.path, found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)


def _noted(note: Path, look: str) -> str | None:
    """The digest noted for files that looked so; None where there is none."""
    try:
        before, _, found = note.read_text("ascii").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return found if before == look and len(found) == _DIGITS else None


def _note(note: Path, text: str, last: int) -> None:
    """Note a digest beside how the files looked, unless one was changed only just now."""
    try:
        write_beside(text.encode(), note)
        if note.stat().st_mtime_ns - last < _SETTLED:
            note.unlink()
    except OSError:
        return  # a full disk only costs time
