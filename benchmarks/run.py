"""Run every `bench_*.py` of this folder, or those named, and print one table; exit 1 if an aim is missed.

Each module has `measure() -> Iterable[Measured]` and says in its docstring what it measures and why.
"""

from __future__ import annotations

import importlib
import platform
import sys
from pathlib import Path

from benchmarks.measuring import Measured

FOLDER = Path(__file__).parent


def readable(seconds: float) -> str:
    """A duration with the unit a reader would choose."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.2f} {unit}"
    return f"{seconds / 1e-9:.0f} ns"


def row(measured: Measured) -> str:
    """One line of the table."""
    aim = ""
    if measured.aim is not None:
        aim = f"{readable(measured.aim):>12}  {'met' if measured.seconds <= measured.aim else 'MISSED'}"
    return f"  {measured.name:<66} {readable(measured.seconds):>12} {measured.runs:>9} {aim}"


def main(chosen: list[str]) -> int:
    """Measure; 0 if every aim is met."""
    names = sorted(path.stem for path in FOLDER.glob("bench_*.py"))
    if unknown := set(chosen) - set(names):
        print(f"unknown: {sorted(unknown)}; expected some of {names}", file=sys.stderr)
        return 2
    print(
        f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}; shortest of the runs"
    )
    missed = 0
    for name in chosen or names:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"\n{(module.__doc__ or name).splitlines()[0]}")
        print(f"  {'':<66} {'time':>12} {'runs':>9} {'aim':>12}")
        for measured in module.measure():
            print(row(measured), flush=True)
            missed += measured.aim is not None and measured.seconds > measured.aim
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
