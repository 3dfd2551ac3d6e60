"""The schema files are what the forms say, and say enough to refuse what is no document."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from habeas.wire import schemas
from wire_schema import faults

FOLDER = Path(schemas.__file__).parent / "schema"


@pytest.mark.parametrize("name", schemas.DOCUMENTS)
def test_each_file_is_generated_from_its_form(name: str) -> None:
    path = FOLDER / schemas.file_name(name)
    assert path.read_bytes() == schemas.written(name), "run: python scripts/write_schemas.py"


def test_there_is_no_file_of_anything_else() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {schemas.file_name(name) for name in schemas.DOCUMENTS}


@pytest.mark.parametrize("name", schemas.DOCUMENTS)
def test_a_document_carries_its_name_and_version(name: str) -> None:
    schema = schemas.json_schema(name)
    assert any(fault.startswith("$: expected [schema]") for fault in faults({}, schema, schema))
    wrong = {"schema": "habeas/other/1"}
    assert any("habeas/other/1" in fault for fault in faults(wrong, schema, schema))


def test_no_schema_has_a_number_that_is_not_whole() -> None:
    for name in schemas.DOCUMENTS:
        assert '"number"' not in schemas.written(name).decode()


RECORD: dict[str, Any] = {
    "schema": "habeas/record/1",
    "events": [
        {
            "event": "Arrested",
            "id": "1",
            "person": "p",
            "at": "2017-03-04T10:00:00-05:00",
            "known_at": "2017-03-04T10:00:00-05:00",
            "terms": {"offence_at": {"is": "instant", "at": "2017-03-04T10:00:00Z"}},
        }
    ],
}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("at", "2017-03-04"),
        ("at", 5),
        ("at", None),
        ("id", 5),
        ("extra", 1),
        ("terms", {"x": 1.5}),
        ("terms", {"x": {}}),
    ],
)
def test_a_schema_refuses_what_the_reader_refuses(key: str, value: Any) -> None:
    schema = schemas.json_schema("habeas/record/1")
    assert list(faults(RECORD, schema, schema)) == []
    wrong = deepcopy(RECORD)
    wrong["events"][0][key] = value
    assert list(faults(wrong, schema, schema)) != []


def test_the_files_are_json_schema_of_one_dialect() -> None:
    for path in FOLDER.iterdir():
        tree = json.loads(path.read_bytes())
        assert tree["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert tree["$id"] == f"urn:habeas:{path.stem.rpartition('-')[0]}:1"
