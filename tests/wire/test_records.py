"""A record survives its document: the same facts, the same digest, in either form."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.custody.coverage import EVERYTHING, Coverage
from habeas.custody.events import Event
from habeas.custody.record import fold
from habeas.custody.setting import SettingFact
from habeas.kernel.evidence import SourceRef
from habeas.kernel.instants import FOREVER, parse_instant
from habeas.kernel.intervals import Interval
from habeas.kernel.places import EVERYWHERE, PlaceId
from habeas.testing import coverages, histories
from habeas.wire import schemas
from habeas.wire.canonical import encoded
from habeas.wire.records import Record, UnreadableRecord, read_record, record_document, written_lines
from wire_schema import faults

ZONES = st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata"])


@given(histories(), st.lists(coverages(), max_size=2), ZONES)
def test_a_record_is_the_same_after_writing_and_reading(
    told: Sequence[Event], declared: list[Coverage], zone_name: str
) -> None:
    record = Record(events=tuple(told), coverage=tuple(declared))
    document = record_document(record, zone_name)
    content = encoded(document)
    schema = schemas.json_schema(document.schema)
    assert list(faults(json.loads(content), schema, schema)) == []
    if not told:
        with pytest.raises(UnreadableRecord, match="at least one event"):
            read_record(content.decode(), "x.json")
        return
    lines = b"".join(written_lines(document)).decode()
    for again in (read_record(content.decode(), "x.json"), read_record(lines, "x.jsonl", lines=True)):
        assert again == record
        before, after = (
            fold(each.events, known_at=FOREVER, coverage=each.coverage) for each in (record, again)
        )
        assert before.digest == after.digest


def test_setting_and_source_survive_too() -> None:
    at = parse_instant("2017-03-04T10:00:00.000001Z")
    source = SourceRef("sha256:0", "roster.csv", 7, None)
    record = Record(
        events=read_record(ONE, "one.json").events,
        coverage=(Coverage(facts=EVERYTHING, places=frozenset({EVERYWHERE}), source=source, id="c"),),
        setting=(
            SettingFact("setting.population", PlaceId("us/zz/juniper"), 900, at, FOREVER, at, "count"),
            SettingFact("setting.opted_out", PlaceId("us/zz"), True, at, FOREVER, at),
        ),
    )
    assert record.coverage[0].interval == Interval(*record.coverage[0].interval)
    assert read_record(encoded(record_document(record)).decode(), "x.json") == record


ONE = """{"schema": "habeas/record/1", "events": [
  {"event": "Arrested", "id": "e1", "person": "p", "at": "2017-03-04T10:00:00-05:00",
   "known_at": "2017-03-04T15:00:00Z", "about": {"collection": "charge", "id": "c1"},
   "terms": {"class": "felony", "custodian_kind": "county-jail", "place": "us/zz/juniper", "bail_cents": 5000,
             "offence_at": {"is": "uncertain", "earliest": "2017-03-01T00:00:00-05:00",
                            "latest": "2017-03-02T00:00:00-05:00", "precision": "day", "key": "offence"},
             "disposed_at": {"is": "not-known", "why": "unstated"}}}]}"""


def test_instants_are_texts_with_an_offset_and_never_counts() -> None:
    document = json.loads(encoded(record_document(read_record(ONE, "one.json"), "America/New_York")))
    (event,) = document["events"]
    assert event["at"] == event["known_at"] == "2017-03-04T10:00:00-05:00"
    assert event["terms"]["offence_at"]["earliest"] == "2017-03-01T00:00:00-05:00"
    assert event["terms"]["bail_cents"] == 5000


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"Arrested"', '"Arested"', "one.json: event 1: expected an event (Admitted, Arrested"),
        ("10:00:00-05:00", "10:00:00", "one.json: Expected `str` matching"),
        (
            '"2017-03-04T10:00:00-05:00"',
            '"open"',
            "expected an instant for [at] and [known_at], found [open]",
        ),
        ("2017-03-02T00", "2017-03-01T00", "has no instant between"),
        ("2017-03-04T10", "2017-02-30T10", "cannot read [2017-02-30T10:00:00-05:00]"),
        ('"id": "e1",', "", "Object missing required field `id`"),
        ('"id": "e1",', '"id": "e1", "id": "e2",', "expected each key once in an object, found [id] again"),
        ('"id": "e1",', '"id": "e1", "name": "x",', "unknown field `name`"),
        ('"class": "felony"', '"class": 7', "states [class] as [7]; it is a code"),
        ('"charge", "id"', '"charges", "id"', "Invalid enum value 'charges'"),
        ("5000", "50.5", "expected a whole number, found [50.5]"),
        ('"unstated"', '"unknown"', "Invalid enum value 'unknown'"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, expected: str) -> None:
    assert old in ONE
    with pytest.raises(UnreadableRecord) as caught:
        read_record(ONE.replace(old, new, 1), "one.json")
    assert expected in str(caught.value)


def test_every_bad_line_is_named_with_its_number() -> None:
    lines = '{"schema": "habeas/record/1"}\n\nnothing\n{"event": "Arrested"}\n[]\n'
    with pytest.raises(UnreadableRecord) as caught:
        read_record(lines, "x.jsonl", lines=True)
    assert [problem.partition(": ")[0] for problem in caught.value.problems] == [
        "x.jsonl:3",
        "x.jsonl:4",
        "x.jsonl:5",
    ]


def test_people_keep_their_own_events() -> None:
    both = ONE.replace("\n  {", "\n" + ONE.partition("[\n")[2].removesuffix("]}") + ",\n  {", 1)
    record = read_record(both.replace('"p"', '"q"', 1).replace('"e1"', '"e2"', 1), "two.json")
    assert record.people == ("q", "p")
    assert [event.id for person in record.people for event in record.events_of(person)] == ["e2", "e1"]


@pytest.mark.parametrize("kind", ["coverage", "setting"])
def test_what_ends_before_it_starts_is_refused_by_name(kind: str) -> None:
    document = json.loads(ONE)
    interval = {"start": "2017-03-04T10:00:00Z", "end": "2017-03-04T10:00:00Z"}
    document[kind] = [
        {"facts": ["person.*"], "places": ["us/zz"], "interval": interval}
        if kind == "coverage"
        else {
            "fact": "setting.opted_out",
            "place": "us/zz",
            "value": True,
            "interval": interval,
            "known_at": "2017-03-04T10:00:00Z",
        }
    ]
    with pytest.raises(UnreadableRecord, match=f"{kind}.*must end after it starts"):
        read_record(json.dumps(document), "x.json")
