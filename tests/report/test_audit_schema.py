"""An audit's JSON is what its schema says, and the schema is what the report's types say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from habeas.desk.audit_report import AuditReport
from habeas.report.audit_json import audit_json
from habeas.report.audit_schema import FILE, audit_schema, written
from small_audits import custody_audit, request_audit
from wire_schema import faults

AUDITS = pytest.mark.parametrize("report", [custody_audit(), request_audit()], ids=["custody", "requests"])


def found(document: dict[str, Any]) -> list[str]:
    schema = audit_schema()
    return list(faults(document, schema, schema))


@AUDITS
def test_every_audit_is_what_the_schema_says(report: AuditReport) -> None:
    assert found(json.loads(audit_json(report))) == []


@AUDITS
def test_what_is_left_out_or_added_is_refused(report: AuditReport) -> None:
    document = json.loads(audit_json(report))
    for name in document:
        assert found({key: value for key, value in document.items() if key != name}), name
    assert found({**document, "more": 1})
    assert found({**document, "schema": "habeas/audit/2"})
    assert found({**document, "facts_known_at": "yesterday"})
    totals = {**document["totals"], "by_timeliness": {"certainly late": "many"}}
    assert found({**document, "totals": totals})


def test_the_file_is_what_the_types_say() -> None:
    assert FILE.read_bytes() == written(), "run: python scripts/write_schemas.py"
