"""Hold the two verifiers of bundles against each other on many good bundles and as many spoilt ones.

`make verifier-agreement` runs it; the figures it printed are in docs/explanation/ledger.md. Exit 1 if they
differ anywhere, with the first bundle on which they do.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))


def main() -> int:
    """Make them, ask both, print."""
    from bundle_agreement import agree_at_random, agree_on_cases  # noqa: PLC0415 - needs the path set above
    from small_bundles import Made  # noqa: PLC0415 - as above

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, help="how many good bundles, and how many spoilt")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = Made(Path(folder))
        found = agree_at_random(made, given.seed, given.count)
        wrong = agree_on_cases(made)
    print(f"seed {given.seed}: {found}")
    print(f"signed anew: {len(wrong)} cases that one of the two gets wrong")
    for document in found.differing[:1]:
        print(document.decode(errors="backslashreplace"))
    return 1 if found.differing or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
