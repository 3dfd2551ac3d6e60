"""What is odd in the rows of one person, and the hold whose row outlasts every other."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from habeas.authority.overdetention import rung
from habeas.custody.events import Ref
from habeas.custody.instruments import InstrumentKind
from habeas.custody.record import CustodyRecord
from habeas.desk.audit_findings import HoldTail, OddRecord
from habeas.intake.rosters import PersonRows
from habeas.kernel.instants import BEGINNING


def tail_of(rows: PersonRows, record: CustodyRecord, zone: ZoneInfo) -> HoldTail | None:
    """The immigration hold's row, where it ends after every other row."""
    holds = {
        row.id
        for row in record.rows("instrument")
        if row.facts_at(BEGINNING).get("kind") == InstrumentKind.IMMIGRATION_DETAINER
    }
    ends = {ref: end for ref, end in rows.ends.items() if ref.id in holds}
    others = [end for ref, end in rows.ends.items() if ref not in ends]
    if not ends or not others:
        return None
    last: Ref = max(ends, key=lambda ref: (ends[ref], ref))
    if ends[last] <= max(others):
        return None
    step = rung(max(others), ends[last], zone)
    return HoldTail(subject=last, others_end=max(others), hold_ends=ends[last], rung=step)


def odd_records(rows: PersonRows, record: CustodyRecord) -> Iterator[OddRecord]:
    """Contradictions carried in a record, oddities of its rows, and the rows that were set aside."""
    for anomaly in record.anomalies:
        yield OddRecord(kind=anomaly.kind, says=anomaly.sentence)
    for name, says in sorted(rows.odd.items()):
        yield OddRecord(kind=name, says=says)
    for fault in rows.set_aside:
        yield OddRecord(kind="a row was set aside", says=str(fault))
    kinds = {row.facts_at(BEGINNING).get("kind") for row in record.rows("instrument")}
    if not record.rows("charge") and kinds == {InstrumentKind.IMMIGRATION_DETAINER}:
        yield OddRecord(kind="no row but the hold", says="Nothing in the rows says why custody began.")
