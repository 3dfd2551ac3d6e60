"""How a duration is measured here, and what a measurement says."""

from __future__ import annotations

import gc
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Measured(NamedTuple):
    """One duration, the shortest of several runs: noise only ever adds.

    Attributes:
        name: What was done.
        seconds: How long one of it took.
        runs: How many were made.
        aim: The budget in seconds, where there is one.
        group: What is compared, where peers do the same thing in the same run.
        is_peer: Whether this is somebody else's way to do it.
    """

    name: str
    seconds: float
    runs: int
    aim: float | None = None
    group: str = ""
    is_peer: bool = False


def shortest(
    name: str, work: Callable[[], object], *, aim: float | None = None, batches: int = 20
) -> Measured:
    """Time a piece of work in batches of about 20 ms and keep the best batch."""
    work()
    once = _elapsed(work, 1)
    size = max(1, int(0.02 / max(once, 1e-7)))
    gc.disable()
    try:
        best = min(_elapsed(work, size) for _ in range(batches)) / size
    finally:
        gc.enable()
    return Measured(name, best, size * batches, aim)


def process(name: str, command: Sequence[str], *, aim: float | None = None, runs: int = 15) -> Measured:
    """Time a command as a process from start to end, its output thrown away.

    Raises:
        subprocess.CalledProcessError: it failed (exit 2, 3, 4, 70 or a traceback); other codes are answers.
    """

    def work() -> None:
        result = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        if result.returncode in {2, 3, 4, 70} or b"Traceback" in result.stderr:
            raise subprocess.CalledProcessError(result.returncode, command, stderr=result.stderr)

    return Measured(name, min(_elapsed(work, 1) for _ in range(runs)), runs, aim)


def _elapsed(work: Callable[[], object], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        work()
    return time.perf_counter() - start
