"""What a form states becomes an event, or an error that names its field."""

from __future__ import annotations

from typing import Any

import pytest

from habeas.custody.events import Ref
from habeas.custody.facts import FactKind
from habeas.custody.record import CustodyRecord, fold
from habeas.desk.entering import BY_NAME, CHOICES, BadEntry, Entry, event_of, kind_of, once, plain
from habeas.kernel.identifiers import PersonId
from habeas.kernel.instants import Instant, parse_instant
from small_desks import JUNIPER, events_of

AT = parse_instant("2026-05-01T12:00Z")


def record(person: str = "Bail") -> CustodyRecord:
    return fold(events_of(person, JUNIPER, AT), person=PersonId(person))


def entry(choice: str, about: str = "", **terms: str) -> Entry:
    return Entry(choice=BY_NAME[choice], about=about, at=AT, terms=terms, once="0" * 16)


def stated(choice: str, about: str = "", **terms: str) -> dict[str, Any]:
    return dict(event_of(entry(choice, about, **terms), record(), AT).terms)


def test_each_sort_of_term_is_read_as_what_it_is() -> None:
    detainer = stated(
        "DetainerLodged-immigration-detainer", "d1", form="I-247A", boxes="a; b", complete="yes"
    )
    assert detainer == {
        "kind": "immigration-detainer",
        "form": "I-247A",
        "boxes": frozenset({"a", "b"}),
        "complete": True,
    }
    sentence = stated("Sentenced", term_days="30", starts_at="2026-05-02T00:00:00-04:00")
    assert sentence == {"term_days": 30, "starts_at": parse_instant("2026-05-02T04:00Z")}
    assert stated("WarrantLodged-warrant", "w1", signed_by_judge="no")["signed_by_judge"] is False


@pytest.mark.parametrize(
    ("choice", "field", "text"),
    [
        ("Sentenced", "term_days", "-3"),
        ("Sentenced", "term_days", "9" * 13),
        ("Sentenced", "starts_at", "soon"),
        ("WarrantLodged-warrant", "signed_by_judge", "perhaps"),
    ],
)
def test_a_term_that_cannot_be_names_its_field(choice: str, field: str, text: str) -> None:
    with pytest.raises(BadEntry) as refused:
        event_of(entry(choice, "x1" if choice.startswith("W") else "", **{field: text}), record(), AT)
    assert refused.value.field == field


def test_what_it_is_about_is_the_only_one_there_is_or_has_to_be_said() -> None:
    assert event_of(entry("BondPosted"), record(), AT).about == Ref("charge", "Bail-c1")
    with pytest.raises(BadEntry, match="say which instrument it is about"):
        event_of(entry("DetainerServed"), record(), AT)
    with pytest.raises(BadEntry, match="expected a charge of this record"):
        event_of(entry("BondPosted", "c9"), record(), AT)
    assert event_of(entry("Charged", "c9"), record(), AT).about == Ref("charge", "c9")


def test_the_same_form_is_the_same_event_and_another_form_is_another() -> None:
    one, other = (event_of(entry("BondPosted"), record(), Instant(AT + n)) for n in (0, 1))
    assert one.id == other.id
    assert once() != once()


def test_every_choice_has_a_name_of_its_own_and_terms_that_are_facts() -> None:
    assert len(BY_NAME) == len(CHOICES)
    assert kind_of("term_days", "charge") is FactKind.NUMBER
    assert kind_of("something_local", "charge") is FactKind.CODE
    assert plain("bail_set_at") == "bail set"
