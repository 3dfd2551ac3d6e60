"""The account of an import as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from habeas.wire.imports import ImportDocument

_SHOWN = 5


def import_lines(document: ImportDocument, folder: Path) -> Iterator[str]:
    """What became of every row, what was told, and what rests on what."""
    for file in document.files:
        yield f"{file.name}: {file.rows:,} rows = {file.accepted:,} accepted + {file.duplicate:,} duplicate"
        yield f"    + {file.quarantined:,} quarantined" + _of_accepted(file.corrected, file.silent)
    yield f"{document.events:,} events of {document.people:,} people" + _changed(document)
    for fault in document.first_quarantined[:_SHOWN]:
        column = f", {fault.field}" if fault.field else ""
        where = f"{fault.file}, row {fault.row}{column}"
        yield f"  quarantined ({fault.reason}): {where}: expected {fault.expected}, found [{fault.found}]"
    if sum(document.quarantined.values()) > _SHOWN:
        yield f"  and {sum(document.quarantined.values()) - _SHOWN:,} more"
    for unread in document.unread[:_SHOWN]:
        yield f"  unmapped: {unread.column} [{unread.text}], {unread.rows:,} times; kept as text"
    yield from _figures(document)
    yield from (f"  unsure: {each}" for each in document.unsure)
    yield from (f"  supposed: {each}" for each in document.suppositions)
    yield from (f"  rests on a label alone: {each}" for each in document.labels)
    yield str(folder / document.record) if document.record else "nothing new; no file of events was written"
    yield str(folder / f"account-{document.run:04d}.json")
    if document.quarantined:
        yield str(folder / f"quarantine-{document.run:04d}.csv")


def _of_accepted(corrected: int, silent: int) -> str:
    parts = [f"{corrected:,} corrected"] if corrected else []
    parts += [f"{silent:,} that tell of no event"] if silent else []
    return f" (of the accepted: {', '.join(parts)})" if parts else ""


def _changed(document: ImportDocument) -> str:
    if not (document.corrected or document.retracted):
        return ""
    return f"; {document.corrected:,} correct earlier ones, and {document.retracted:,} more are taken back"


def _figures(document: ImportDocument) -> Iterator[str]:
    for figure in document.figures:
        beside = f" (published: {figure.published})" if figure.published else ""
        yield f"  {figure.name}: {figure.found}{beside}"
        if figure.published and figure.explains != "Agrees.":
            yield f"    {figure.explains}"
