"""kill -9 a ledger in PostgreSQL many times, with seeds: its sequencer, its sessions, its whole server.

`make kills-postgres` runs it; the figures it printed are in docs/explanation/ledger.md. Two of three kills
are of the process that appends, the rest of the server. TMPDIR says where the servers are made. Exit 1 if
anything that was acknowledged is lost, altered or there twice.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))


def main() -> int:
    """Kill, and say what was found."""
    from kills import Kills  # noqa: PLC0415 - needs the path set above
    from postgres_kills import kill_sequencers, kill_servers  # noqa: PLC0415 - as above
    from postgres_servers import PostgresPlace, programs  # noqa: PLC0415 - as above

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    found = programs()
    if found is None:
        print("no server that could be killed: install PostgreSQL (apt-get install postgresql)")
        return 3
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        servers = asked.count // 3
        parts: list[Kills] = []
        place = PostgresPlace(Path(one))
        parts.append(kill_sequencers(place, Path(one), asked.seed, asked.count - servers))
        print(f"the sequencer, seed {asked.seed}: {parts[-1]}", flush=True)
        place.drop()
        parts.append(kill_servers(Path(other), asked.seed, servers, found))
        print(f"the server and its sessions, seed {asked.seed}: {parts[-1]}")
    done = sum(each.kills for each in parts)
    print(f"no loss in {done} kills: at most {100 * (1 - 0.05 ** (1 / max(1, done))):.3f} % each, at 95 %")
    return int(any(each.lost or each.altered or each.duplicated or each.unsound for each in parts))


if __name__ == "__main__":
    sys.exit(main())
