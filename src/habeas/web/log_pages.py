"""The log: who recorded what kind of thing when, and who looked at whom. It shows no word of any content."""

from __future__ import annotations

from habeas.desk.ledgers import opened
from habeas.kernel.instants import zone
from habeas.ledger.entries import Entry
from habeas.web.documents import EntryForm, LogDocument, ReadingForm
from habeas.web.drawing import page
from habeas.web.visits import Reply, Visit, document
from habeas.wire.instants import instant_text

PAGE = 100
"""Entries on one page."""


def log(visit: Visit) -> Reply:
    """The latest entries of the ledger, or those before a position, and the latest looks at records."""
    utc = zone("UTC")
    before = visit.asked("before")
    with opened(visit.site.folder) as ledger:
        size = ledger.position()
        last = min(size, int(before)) if before.isascii() and before.isdigit() and len(before) < 12 else size
        entries = [_entry(each) for each in ledger.entries(max(0, last - PAGE), last)]
    entries.reverse()
    readings = visit.site.accounts.readings(PAGE)
    if visit.is_json:
        return document(
            LogDocument(
                size=size,
                entries=entries,
                readings=[
                    ReadingForm(
                        at=instant_text(each.at, utc),
                        account=each.account,
                        role=each.role,
                        person=each.stream,
                        page=each.page,
                    )
                    for each in readings
                ],
            )
        )
    return page(
        visit,
        "log.html",
        "Log",
        size=size,
        entries=entries,
        earlier=max(0, last - PAGE),
        readings=readings,
        changes=visit.site.accounts.changes(50),
        utc=utc,
    )


def _entry(entry: Entry) -> EntryForm:
    recorded = instant_text(entry.recorded_at, zone("UTC"))
    if entry.header is None:
        return EntryForm(seq=entry.seq, recorded_at=recorded, kind="(hole)", stream="", actor="", role="")
    header = entry.read()
    return EntryForm(
        seq=entry.seq,
        recorded_at=recorded,
        kind=header.kind,
        stream=header.stream,
        actor=header.actor,
        role=header.role,
    )
