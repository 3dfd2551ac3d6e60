"""Rows: what is known of a charge, a booking or an instrument at each instant, and why not."""

import pytest

from habeas.custody.events import (
    Arrested,
    BailSet,
    ChargeDisposed,
    DetainerLodged,
    DetainerServed,
    Event,
    ExtensionGranted,
    HoldLodged,
    PartyJoined,
    Sentenced,
    Stated,
    TollingBegan,
    TollingEnded,
    WarrantServed,
)
from habeas.custody.facts import PartialSet, Value
from habeas.custody.record import fold
from habeas.custody.rows import Row
from habeas.kernel.evidence import DISPUTED, UNMAPPED, UNSTATED
from habeas.kernel.instants import FOREVER, Instant
from small_stories import BOOKING, CHARGE, DETAINER, PERSON, at, ref, told, when


def row(*events: Event, of: str = "d1") -> Row:
    record = fold(events)
    return record.row(ref(of).collection, of) if of != "person" else record.row("person", PERSON)


def value(of: Row, fact: str, moment: str) -> Value:
    return of.facts_at(at(moment)).get(fact)


class TestInstants:
    def test_an_event_sets_its_instant_before_and_after_it(self) -> None:
        d1 = row(told(DetainerServed, "04 10:00", DETAINER))
        assert value(d1, "served_at", "03 00:00") == value(d1, "served_at", "05 00:00") == at("04 10:00")
        assert d1.edges() == ()

    def test_of_repeated_events_the_latest_not_after_counts_else_the_first_after(self) -> None:
        d1 = row(*(told(DetainerServed, f"0{day} 10:00", DETAINER) for day in (4, 6)))
        assert value(d1, "served_at", "03 00:00") == at("04 10:00")
        assert value(d1, "served_at", "06 09:59") == at("04 10:00")
        assert value(d1, "served_at", "06 10:00") == at("06 10:00")

    def test_an_unknown_day_is_the_value(self) -> None:
        d1 = row(told(DetainerServed, "04", DETAINER))
        assert value(d1, "served_at", "04 12:00") == when("04")

    def test_two_unknown_days_that_may_come_in_either_order_leave_it_unknown(self) -> None:
        first, second = when("04", "one"), when("04", "other")
        d1 = row(
            told(DetainerServed, first, DETAINER, event_id="1"),
            told(DetainerServed, second, DETAINER, event_id="2"),
        )
        assert value(d1, "served_at", "04 12:00") is None
        assert d1.missing("served_at", at("04 12:00")) is UNSTATED

    def test_a_warrant_served_is_executed(self) -> None:
        d1 = row(told(WarrantServed, "04 10:00", DETAINER))
        assert value(d1, "executed_at", "05 00:00") == value(d1, "served_at", "05 00:00") == at("04 10:00")

    def test_rows_named_by_the_terms_get_the_instant(self) -> None:
        record = fold([told(Arrested, "04 10:00", BOOKING, charge=frozenset({"c1", "c2"}))])
        for charge in ("c1", "c2"):
            assert record.row("charge", charge).facts_at(at("05 00:00"))["arrested_at"] == at("04 10:00")

    def test_a_sentence_is_an_instrument_issued_then(self) -> None:
        record = fold([told(Sentenced, "04 10:00", DETAINER, charge="c1", kind="sentence", term_days=30)])
        assert record.row("instrument", "d1").facts_at(at("05 00:00"))["issued_at"] == at("04 10:00")
        c1 = record.row("charge", "c1").facts_at(at("05 00:00"))
        assert c1["sentenced_at"] == at("04 10:00")
        assert "issued_at" not in c1


class TestTerms:
    def test_what_the_paper_is_holds_before_it_was_lodged(self) -> None:
        d1 = row(told(DetainerLodged, "04 10:00", DETAINER, form="I-247A"))
        assert value(d1, "form", "01 00:00") == "I-247A"

    def test_what_came_with_it_holds_only_from_then(self) -> None:
        d1 = row(told(DetainerLodged, "04 10:00", DETAINER, attached_warrant="I-200"))
        assert value(d1, "attached_warrant", "04 09:59") is None
        assert value(d1, "attached_warrant", "04 10:00") == "I-200"
        assert d1.edges() == (at("04 10:00"),)

    def test_a_later_paper_does_not_cure_earlier_hours(self) -> None:
        d1 = row(
            told(DetainerLodged, "04 10:00", DETAINER, attached_warrant="none"),
            told(DetainerLodged, "05 10:00", DETAINER, attached_warrant="I-200"),
        )
        assert value(d1, "attached_warrant", "05 09:59") == "none"
        assert value(d1, "attached_warrant", "05 10:00") == "I-200"

    def test_an_unknown_day_leaves_a_dated_term_unknown_throughout_it(self) -> None:
        c1 = row(told(ChargeDisposed, "04", CHARGE, disposition="dismissed"), of="c1")
        assert value(c1, "disposition", "03 23:59") is None
        assert value(c1, "disposition", "04 12:00") is None
        assert c1.missing("disposition", at("04 12:00")) is UNSTATED
        assert value(c1, "disposition", "05 00:00") == "dismissed"

    def test_a_term_that_does_not_change_is_known_through_an_unknown_day(self) -> None:
        c1 = row(
            told(BailSet, "03 10:00", CHARGE, bail_kind="money"),
            told(BailSet, "04", CHARGE, bail_kind="money"),
            of="c1",
        )
        assert value(c1, "bail_kind", "04 12:00") == "money"

    def test_a_term_stated_of_the_thing_itself_agrees_with_one_of_an_unknown_day(self) -> None:
        lodged = told(DetainerLodged, "04", DETAINER, attached_warrant="none")
        same = told(Stated, "06 10:00", DETAINER, attached_warrant="none")
        other = told(Stated, "06 10:00", DETAINER, attached_warrant="I-200")
        assert value(row(lodged, same), "attached_warrant", "04 12:00") == "none"
        assert value(row(lodged, other), "attached_warrant", "04 12:00") is None
        assert value(row(lodged), "attached_warrant", "04 12:00") is None

    def test_the_kind_an_event_implies_yields_to_one_that_is_stated(self) -> None:
        assert value(row(told(HoldLodged, "04 10:00", DETAINER)), "kind", "05 00:00") == "hold"
        stated = row(
            told(HoldLodged, "04 10:00", DETAINER), told(Stated, "03 10:00", DETAINER, kind="violation-hold")
        )
        assert value(stated, "kind", "05 00:00") == "violation-hold"

    def test_terms_that_qualify_the_event_are_no_facts_of_the_row(self) -> None:
        b1 = row(told(Arrested, "04 10:00", BOOKING, custodian="city", agency="city-police"), of="b1")
        assert value(b1, "custodian", "05 00:00") is None
        assert value(b1, "agency", "05 00:00") == "city-police"


class TestSets:
    joined = (
        told(PartyJoined, "04 10:00", party_to=frozenset({"a-v-b"})),
        told(PartyJoined, "06 10:00", party_to=frozenset({"c-v-d"})),
    )

    def test_gathered_sets_grow(self) -> None:
        person = row(*self.joined, of="person")
        assert value(person, "party_to", "04 09:59") is None
        assert value(person, "party_to", "04 10:00") == frozenset({"a-v-b"})
        assert value(person, "party_to", "06 10:00") == frozenset({"a-v-b", "c-v-d"})

    def test_without_coverage_they_may_lack_something(self) -> None:
        assert isinstance(value(row(*self.joined, of="person"), "party_to", "06 10:00"), PartialSet)

    def test_an_unknown_day_leaves_what_it_adds_unknown(self) -> None:
        again = told(PartyJoined, "05", party_to=frozenset({"a-v-b"}))
        more = told(PartyJoined, "08", party_to=frozenset({"e-v-f"}))
        person = row(*self.joined, again, more, of="person")
        assert value(person, "party_to", "05 12:00") == frozenset({"a-v-b"})
        assert value(person, "party_to", "08 12:00") is None
        assert value(person, "party_to", "09 00:00") == frozenset({"a-v-b", "c-v-d", "e-v-f"})

    def test_a_set_that_could_not_be_read_is_not_known(self) -> None:
        person = row(told(PartyJoined, "04 10:00", party_to=UNMAPPED), of="person")
        assert value(person, "party_to", "05 00:00") is None
        assert person.missing("party_to") is UNMAPPED


class TestNotKnowing:
    def test_each_reason_is_told_apart(self) -> None:
        d1 = row(
            told(DetainerLodged, "04 10:00", DETAINER, form=UNMAPPED, issuer="ice"),
            told(Stated, "04 10:00", DETAINER, issuer="fbi"),
        )
        assert d1.missing("form") is UNMAPPED
        assert d1.missing("issuer") is DISPUTED
        assert d1.missing("served_at") is UNSTATED
        assert d1.missing("lodged_at") is None

    def test_one_statement_may_replace_another_later(self) -> None:
        d1 = row(
            told(Stated, "04 10:00", DETAINER, issuer="ice"), told(Stated, "05 10:00", DETAINER, issuer="fbi")
        )
        assert value(d1, "issuer", "04 12:00") == "ice"
        assert value(d1, "issuer", "05 10:00") == "fbi"

    def test_the_event_behind_a_value_is_named(self) -> None:
        lodged = told(DetainerLodged, "04 10:00", DETAINER, form="I-247A")
        served = told(DetainerServed, "05 10:00", DETAINER)
        d1 = row(lodged, served)
        assert d1.source_of("form") == lodged
        assert d1.source_of("served_at", at("04 00:00")) == served
        assert d1.source_of("withdrawn_at") is None
        assert d1.source_of("id") is None


class TestEvents:
    def test_a_row_lists_its_events_in_order(self) -> None:
        later, earlier = (
            told(DetainerServed, "05 10:00", DETAINER),
            told(DetainerLodged, "04 10:00", DETAINER),
        )
        d1 = row(later, earlier)
        assert d1.events == (earlier, later)
        assert d1.occurrences(DetainerServed) == (later,)
        assert d1.occurrences(ExtensionGranted) == ()
        assert (d1.collection, d1.id, repr(d1)) == ("instrument", "d1", "Row(instrument, d1)")

    def test_a_statement_of_nothing_is_still_an_event_of_the_row(self) -> None:
        extension = told(ExtensionGranted, "05 10:00", BOOKING, clock="charge-by", extension_seconds=86400)
        assert row(extension, of="b1").occurrences(ExtensionGranted) == (extension,)

    def test_suspensions_are_paired_by_clock(self) -> None:
        c1 = row(
            told(TollingBegan, "04 10:00", CHARGE, clock="hearing"),
            told(TollingBegan, "05 10:00", CHARGE, clock="trial"),
            told(TollingEnded, "06 10:00", CHARGE, clock="hearing"),
            told(TollingEnded, "07 10:00", CHARGE, clock="hearing", event_id="second end"),
            of="c1",
        )
        assert c1.tollings("hearing") == ((at("04 10:00"), at("06 10:00")),)
        assert c1.tollings("trial") == ((at("05 10:00"), FOREVER),)
        assert c1.tollings("another") == ()


def test_the_same_piece_gives_the_same_mapping() -> None:
    d1 = row(told(DetainerLodged, "04 10:00", DETAINER, attached_warrant="I-200"))
    assert d1.facts_at(at("05 00:00")) is d1.facts_at(at("06 00:00"))
    assert d1.facts_at(at("05 00:00")) is not d1.facts_at(at("03 00:00"))


@pytest.mark.parametrize("edge", ["04 10:00", "05 10:00"])
def test_facts_change_only_at_edges(edge: str) -> None:
    d1 = row(
        told(DetainerLodged, "04 10:00", DETAINER, attached_warrant="none"),
        told(DetainerLodged, "05 10:00", DETAINER, attached_warrant="I-200"),
    )
    assert at(edge) in d1.edges()
    assert d1.facts_at(Instant(at(edge) - 1)) != d1.facts_at(at(edge))
