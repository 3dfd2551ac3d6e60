"""JSON Schema of every document, generated from its form; the files beside this are that, written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from habeas.wire import (
    answer_forms,
    compare_forms,
    count_forms,
    doctor,
    event_forms,
    imports,
    invention,
    law_forms,
    ledger_forms,
    record_forms,
    timelines,
)

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

DOCUMENTS: Final[Mapping[str, type[Struct]]] = {
    answer_forms.SCHEMA: answer_forms.AnswerDocument,
    timelines.SCHEMA: timelines.TimelineDocument,
    record_forms.SCHEMA: record_forms.RecordDocument,
    doctor.SCHEMA: doctor.DoctorDocument,
    imports.SCHEMA: imports.ImportDocument,
    invention.SCHEMA: invention.InventionDocument,
    compare_forms.COMPARE_SCHEMA: compare_forms.CompareDocument,
    count_forms.COUNT_SCHEMA: count_forms.CountDocument,
    count_forms.SERIES_SCHEMA: count_forms.SeriesDocument,
    event_forms.EVENT_SCHEMA: event_forms.EventDocument,
    law_forms.LIST_SCHEMA: law_forms.LawListDocument,
    law_forms.TIMELINE_SCHEMA: law_forms.LawTimelineDocument,
    law_forms.STATUS_SCHEMA: law_forms.LawStatusDocument,
    law_forms.DIFF_SCHEMA: law_forms.LawDiffDocument,
    law_forms.MATRIX_SCHEMA: law_forms.MatrixDocument,
    law_forms.CHANGES_SCHEMA: law_forms.LawChangesDocument,
    law_forms.PROBLEMS_SCHEMA: law_forms.LawProblemsDocument,
    law_forms.TESTS_SCHEMA: law_forms.LawTestsDocument,
    ledger_forms.LEDGER_SCHEMA: ledger_forms.LedgerDocument,
    ledger_forms.RECEIPTS_SCHEMA: ledger_forms.ReceiptsDocument,
    ledger_forms.WITHHELD_SCHEMA: ledger_forms.WithheldDocument,
    ledger_forms.DUE_SCHEMA: ledger_forms.DueDocument,
    ledger_forms.ORDER_SCHEMA: ledger_forms.OrderDocument,
    ledger_forms.MERGE_SCHEMA: ledger_forms.MergeDocument,
    ledger_forms.CHECKED_SCHEMA: ledger_forms.CheckedDocument,
    ledger_forms.SHEET_SCHEMA: ledger_forms.SheetDocument,
}
"""Every document by the name and version it carries."""


def file_name(schema: str) -> str:
    """The file of a schema: ``habeas/answer/1`` is ``answer-1.json``."""
    return f"{schema.removeprefix('habeas/').replace('/', '-')}.json"


def json_schema(schema: str) -> dict[str, Any]:
    """The JSON Schema of a document.

    Raises:
        KeyError: no document has that name and version.
    """
    document = DOCUMENTS[schema]
    (own,), components = msgspec.json.schema_components([document], ref_template="#/$defs/{name}")
    # A document without its name and version is none, though code may leave them to their default.
    components[document.__name__]["required"].insert(0, "schema")
    return {"$schema": DIALECT, "$id": f"urn:{schema.replace('/', ':')}", **own, "$defs": components}


def written(schema: str) -> bytes:
    """The JSON Schema of a document as its file has it.

    Raises:
        KeyError: no document has that name and version.
    """
    compact = msgspec.json.encode(json_schema(schema), order="sorted")
    return msgspec.json.format(compact, indent=2) + b"\n"
