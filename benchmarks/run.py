"""Run every `bench_*.py` of this folder, or those named, print one table and write `results.json`.

What a module measured is written when it is done, in place of what it measured before. Exit 1 if an aim
is missed.

Each module has `measure() -> Iterable[Measured]` and says in its docstring what it measures and why.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
from pathlib import Path

from benchmarks.measuring import Measured

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.json"


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
        made: list[Measured] = []
        for measured in module.measure():
            print(row(measured), flush=True)
            made.append(measured)
            missed += measured.aim is not None and measured.seconds > measured.aim
        write(name, entries(name, (module.__doc__ or name).splitlines()[0], made))
    print(f"\n{RESULTS.relative_to(FOLDER.parent)}")
    return 1 if missed else 0


def write(module: str, made: list[dict[str, object]]) -> None:
    """Put the entries of one module beside those of the others, in order of name."""
    kept: list[dict[str, object]] = []
    if RESULTS.is_file():
        before = json.loads(RESULTS.read_text("utf-8"))["results"]
        kept = [each for each in before if not str(each["name"]).startswith(f"{module}: ")]
    results = sorted([*kept, *made], key=lambda each: str(each["name"]))
    RESULTS.write_text(json.dumps(document(results), indent=2, sort_keys=True) + "\n", "utf-8")


def entries(module: str, what: str, made: list[Measured]) -> list[dict[str, object]]:
    """One entry for each thing of ours that was measured, its peers of the same group beside it."""
    found: list[dict[str, object]] = []
    for ours in made:
        if ours.is_peer:
            continue
        peers = {m.name: m.seconds for m in made if ours.group and m.is_peer and m.group == ours.group}
        found.append(
            {
                "name": f"{module}: {ours.name}",
                "what": what,
                "figures": {"seconds": ours.seconds, "runs": ours.runs},
                "peers": peers,
                "ratio": {peer: seconds / ours.seconds for peer, seconds in peers.items()},
                "goal": ours.aim,
                "holds": None if ours.aim is None else ours.seconds <= ours.aim,
            }
        )
    return found


def document(results: list[dict[str, object]]) -> dict[str, object]:
    """The results with where they were measured; a ratio says how many times a peer's time is of ours."""
    where = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
        "cores": os.cpu_count(),
    }
    return {"schema": "habeas/benchmarks/1", "where": where, "results": results}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
