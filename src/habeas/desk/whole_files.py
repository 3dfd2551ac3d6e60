"""Files written whole or not at all: what was there stays until the new one is complete."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast


@contextmanager
def whole_file(path: Path) -> Generator[BinaryIO]:
    """A file to write, put in its place when the block ends well and removed when it does not.

    It is written beside its place, synced, then renamed, so a kill or a full disk at any point
    leaves the old file, or none, and never half of one.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield cast("BinaryIO", file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_whole(path: Path, data: bytes) -> None:
    """Write bytes as a whole file.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    with whole_file(path) as file:
        file.write(data)
