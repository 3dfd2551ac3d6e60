"""What it costs to start: Python itself, each floor, and the command.

A release officer's `habeas why` has 150 ms as a process, so what it imports is watched floor by floor.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Measured, process

FLOORS = ("kernel", "custody", "law", "authority", "wire", "intake", "desk", "cli")


def measure() -> Iterator[Measured]:
    """Whole processes, so that nothing is warm that would be cold for a user."""
    yield process("python -c pass", [sys.executable, "-c", "pass"])
    for floor in FLOORS:
        yield process(f"import habeas.{floor}", [sys.executable, "-c", f"import habeas.{floor}"])
    yield process("habeas --version", [str(Path(sys.executable).parent / "habeas"), "--version"])
