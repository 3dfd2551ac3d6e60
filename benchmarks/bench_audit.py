"""The audit: one booking of a real jail, under every reading, with nothing shared between bookings but law.

The file is not in the repository; without it (`../shared/data`, or HABEAS_DATA) nothing is measured.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.measuring import Measured, shortest

from habeas.desk.audit_custody import Bench, custody_findings
from habeas.desk.audit_people import people_of
from habeas.desk.library import library
from habeas.intake.recipes import bundled
from habeas.kernel.instants import parse_instant

DATA = Path(os.environ.get("HABEAS_DATA") or Path(__file__).parents[2] / "shared" / "data")
ROSTER = DATA / "pierce_wa_jail_ice" / "ice_hold_bookings_charges.parquet"
BOOKINGS = 50
NOW = parse_instant("2026-11-22T00:00:00Z")


def measure() -> Iterator[Measured]:
    """The first fifty people of the file, again and again; the figure is for one."""
    if not ROSTER.is_file():
        return
    regimen = library()
    places = regimen.rulebook.places
    with people_of(
        [ROSTER],
        bundled()["pierce"],
        place=None,
        is_place=lambda place: place in places,
        watch=lambda _: None,
    ) as people:
        bench = Bench(
            regimen=regimen,
            facts_known_at=NOW,
            law_known_at=NOW,
            reading={},
            roster=people.roster,
            setting=regimen.setting(),
        )
        some = list(islice(people.each(), BOOKINGS))

        def decide() -> None:
            for rows in some:
                for _ in custody_findings(bench, rows):
                    pass

        whole = shortest("one booking, every reading", decide, batches=3)
        yield Measured(whole.name, whole.seconds / len(some), whole.runs * len(some), aim=10e-3)
