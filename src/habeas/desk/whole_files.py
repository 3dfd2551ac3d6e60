"""Files written whole or not at all: what was there stays until the new one is complete."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast


class BeingWritten(OSError):
    """Another run is writing the same file now."""


@contextmanager
def whole_file(path: Path) -> Generator[BinaryIO]:
    """A file to write, put in its place when the block ends well and removed when it does not.

    It is written beside its place under one name, synced, then renamed. So a kill or a full disk at
    any point leaves the old file, or none, and never half of one; and the next run takes over what a
    killed one left lying about.

    Raises:
        BeingWritten: another run holds it.
        OSError: the folder cannot be written, or the disk is full.
    """
    part = path.with_name(f".{path.name}.part")
    handle = _locked(part, path)
    try:
        with os.fdopen(handle, "wb") as file:
            os.ftruncate(file.fileno(), 0)
            yield cast("BinaryIO", file)
            file.flush()
            os.fsync(file.fileno())
            # Renamed while the lock is held: nobody else can have begun to write it.
            part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_whole(path: Path, data: bytes) -> None:
    """Write bytes as a whole file.

    Raises:
        BeingWritten: another run holds it.
        OSError: the folder cannot be written, or the disk is full.
    """
    with whole_file(path) as file:
        file.write(data)


def _locked(part: Path, path: Path) -> int:
    """The file under way, opened and held by this run alone.

    Raises:
        BeingWritten: another run holds it.
    """
    while True:
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise BeingWritten(0, "another run is writing it now", str(path)) from None
        if _is_still(part, handle):
            return handle
        # Its writer finished between our opening and our lock: what we hold is the finished file.
        os.close(handle)


def _is_still(part: Path, handle: int) -> bool:
    try:
        return part.stat().st_ino == os.fstat(handle).st_ino
    except FileNotFoundError:
        return False
