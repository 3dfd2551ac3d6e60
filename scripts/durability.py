"""Show that nothing acknowledged is lost: many kills, or many simulated power failures, with their seeds.

`make kills` and `make power-cuts` run it; the figures they printed are in docs/explanation/ledger.md. Exit 1
if anything was lost, or if the control with `synchronous=NORMAL` lost nothing, for then the simulation shows
nothing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import reduce
from operator import add
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))


def upper_bound(trials: int) -> float:
    """The highest chance of a loss that none in so many trials leaves credible at 95 %, in percent."""
    return 100.0 * (1.0 - float(0.05 ** (1.0 / trials)))


def kills(count: int, seed: int, folder: Path) -> bool:
    """Kill a ledger so often; whether all was there."""
    from kills import kill_sqlite  # noqa: PLC0415 - forks; apsw need not be loaded in its children

    found = kill_sqlite(folder, seed, count)
    print(f"seed {seed}: {found}")
    print(f"no loss in {count} kills: at most {upper_bound(count):.4f} % each, at 95 %")
    return not (found.lost or found.altered or found.duplicated or found.unsound)


def _cuts(seed: int, count: int, careless: bool, folder: Path) -> object:  # noqa: FBT001 - sent to a worker
    """A worker's share."""
    from habeas.ledger.sqlite import SqliteStore  # noqa: PLC0415 - as above
    from power_cuts import Careless, cut_power  # noqa: PLC0415 - needs the path set above

    with tempfile.TemporaryDirectory(dir=folder) as own:
        return cut_power(Path(own), seed, count, Careless if careless else SqliteStore)


def power_cuts(count: int, seed: int, folder: Path) -> bool:
    """Cut the power so often, and a hundredth as often under the control."""
    from power_cuts import Tally  # noqa: PLC0415 - needs the path set above

    share = 1_000
    shares = [(seed + 1_000_000 * n, min(share, count - n * share)) for n in range(-(-count // share))]
    with ProcessPoolExecutor(2) as pool:
        full = pool.map(_cuts, *zip(*shares, strict=True), [False] * len(shares), [folder] * len(shares))
        total = reduce(add, (tally for tally in full if isinstance(tally, Tally)), Tally())
        control = pool.submit(_cuts, seed, max(100, count // 100), True, folder).result()
    print(f"FULL, seed {seed}: {total}")
    print(f"NORMAL, the control: {control}")
    print(f"no loss in {total.cuts} failures: at most {upper_bound(total.cuts):.4f} % each, at 95 %")
    return not (total.lost or total.damaged) and isinstance(control, Tally) and control.lost > 0


def main() -> int:
    """Run one of the two."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=["kills", "power-cuts"])
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the ledgers are made; a new one by default")
    asked = parser.parse_args()
    run = kills if asked.what == "kills" else power_cuts
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        sound = run(asked.count, asked.seed, Path(folder))
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
