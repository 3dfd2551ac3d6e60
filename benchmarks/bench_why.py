"""`habeas why` as a process: a release officer at 02:00 has 150 ms, compiled rulebook and all.

The record is one person of the fictional state with a charge, a detainer and a bond; the rulebook is
the bundled one, compiled by the first run. Bytecode is kept, as it is for whoever installed habeas.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Measured, process

from habeas.desk.library import library
from habeas.wire.records import Record, record_document, written_lines
from habeas.wire.tables import read_table

AIM = 0.150
TABLE = """\
name: p
place: us/zz/juniper
complete: everything
events:
  - {at: "2017-02-16 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
  - {at: "2017-02-16 12:00", event: FirstAppearance, booking: b1}
  - {at: "2017-02-16 15:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, form: I-247D}
  - {at: "2017-02-17 17:00", event: BondPosted, charge: c1}
"""


def measure() -> Iterator[Measured]:
    """The same question of a table and of a record, the document, and what any command costs."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    habeas = str(Path(sys.executable).parent / "habeas")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HABEAS_CACHE"] = folder
        table, record = Path(folder) / "one.yaml", Path(folder) / "one.jsonl"
        table.write_text(TABLE)
        (trial,) = read_table(TABLE, table.name, library())
        document = record_document(Record(events=trial.events, coverage=trial.coverage))
        record.write_bytes(b"".join(written_lines(document)))
        at = ["--at", "2017-02-17T17:00"]
        yield process(
            "habeas why p --from one.jsonl", [habeas, "why", "p", "--from", str(record), *at], aim=AIM
        )
        yield process(
            "habeas why p --from one.yaml", [habeas, "why", "p", "--from", str(table), *at], aim=AIM
        )
        json = [habeas, "why", "p", "--from", str(record), *at, "--json"]
        yield process("habeas why p --from one.jsonl --json", json, aim=AIM)
        yield process("habeas why --help", [habeas, "why", "--help"])
        yield process("habeas law why, one enactment", [habeas, "law", "why", "us/zz/2000-custody-code", *at])
