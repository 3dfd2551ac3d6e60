"""Coverage: where sources are complete absence means no, elsewhere it means nothing."""

import pytest

from habeas.custody.coverage import EVERYTHING, Coverage
from habeas.custody.events import (
    Admitted,
    Arrested,
    ChargeDisposed,
    DetainerLodged,
    DetainerServed,
    PartyJoined,
    TurnedOver,
)
from habeas.custody.facts import FACTS, INHERENT, FactKind, PartialSet, absent_value
from habeas.custody.record import CustodyRecord, fold
from habeas.kernel.evidence import UNMAPPED, UNSTATED
from habeas.kernel.instants import FOREVER, NEVER
from habeas.kernel.intervals import Interval
from habeas.kernel.places import EVERYWHERE, PlaceId
from small_stories import BOOKING, CHARGE, DETAINER, PERSON, at, told

JUNIPER = PlaceId("us/zz/juniper")
EVERY_PLACE = frozenset({EVERYWHERE})
SERVED = frozenset({"instrument.served_at"})
ALL = Coverage(facts=EVERYTHING, places=EVERY_PLACE)
HELD = (
    told(Admitted, "04 08:00", BOOKING, custodian="sheriff", place="us/zz/juniper"),
    told(DetainerLodged, "04 10:00", DETAINER, form="I-247A"),
)


def served(record: CustodyRecord, moment: str) -> object:
    return record.row("instrument", "d1").facts_at(at(moment)).get("served_at")


def test_without_coverage_nothing_absent_is_known() -> None:
    record = fold(HELD)
    assert served(record, "05 00:00") is None
    assert record.row("instrument", "d1").missing("served_at") is UNSTATED
    assert not record.covers("instrument.served_at", at("05 00:00"))


def test_under_coverage_what_is_not_shown_is_not_so() -> None:
    facts = fold(HELD, coverage=[ALL]).row("instrument", "d1").facts_at(at("05 00:00"))
    assert facts["served_at"] == NEVER
    assert facts["signed_by_judge"] is False
    assert facts["withdrawn_because"] == "none"
    assert facts["boxes"] == frozenset()


def test_what_every_paper_has_is_not_absent_because_it_is_not_shown() -> None:
    facts = fold(HELD, coverage=[ALL]).row("instrument", "d1").facts_at(at("05 00:00"))
    assert facts["form"] == "I-247A"
    assert {"instrument.issued_at", "instrument.issuer"} <= INHERENT
    assert not {"issued_at", "issuer", "issuer_office"} & set(facts)
    assert "term_days" not in facts


def test_coverage_of_one_fact_says_nothing_of_another_or_of_the_list() -> None:
    record = fold(HELD, coverage=[Coverage(facts=SERVED, places=EVERY_PLACE)])
    assert served(record, "05 00:00") == NEVER
    assert "withdrawn_at" not in record.row("instrument", "d1").facts_at(at("05 00:00"))
    assert record.covers("instrument.served_at", at("05 00:00"))
    assert not record.covers("instrument.withdrawn_at", at("05 00:00"))
    assert not record.covers("instrument", at("05 00:00"))


@pytest.mark.parametrize("name", ["instrument", "instrument.*"])
def test_the_list_of_rows_can_be_complete(name: str) -> None:
    record = fold(HELD, coverage=[Coverage(facts=frozenset({name}), places=EVERY_PLACE)])
    assert record.covers("instrument", at("05 00:00"))
    assert not record.covers("charge", at("05 00:00"))


def test_coverage_holds_in_its_interval_one_second_either_side() -> None:
    interval = Interval(at("05 00:00"), at("06 00:00"))
    record = fold(HELD, coverage=[Coverage(facts=SERVED, places=EVERY_PLACE, interval=interval)])
    assert served(record, "04 23:59:59") is None
    assert served(record, "05 00:00") == NEVER
    assert served(record, "05 23:59:59") == NEVER
    assert served(record, "06 00:00") is None
    assert record.row("instrument", "d1").edges() == interval


def test_coverage_holds_in_its_places_and_all_within_them() -> None:
    for place, covered in (("us/zz", True), ("us/zz/juniper", True), ("us/zz/june", False), ("", True)):
        record = fold(HELD, coverage=[Coverage(facts=SERVED, places=frozenset({PlaceId(place)}))])
        assert (served(record, "05 00:00") == NEVER) is covered, place


def test_an_unknown_place_is_covered_only_where_there_is_no_limit() -> None:
    nowhere = (told(Arrested, "04 08:00", BOOKING), told(DetainerLodged, "04 10:00", DETAINER))
    of_nation = Coverage(facts=SERVED, places=frozenset({PlaceId("us")}))
    assert served(fold(nowhere, coverage=[of_nation]), "05 00:00") is None
    assert served(fold(nowhere, coverage=[ALL]), "05 00:00") == NEVER


def test_coverage_follows_the_person() -> None:
    moved = (*HELD, told(TurnedOver, "06 12:00", BOOKING, to="city", to_place="us/zz/willow"))
    record = fold(moved, coverage=[Coverage(facts=SERVED, places=frozenset({JUNIPER}))])
    assert served(record, "06 11:59") == NEVER
    assert served(record, "06 12:00") is None
    assert served(record, "01 00:00") == NEVER


def test_a_source_that_could_not_be_read_is_no_absence() -> None:
    event = told(DetainerServed, "04 11:00", DETAINER, written=UNMAPPED)
    facts = fold([*HELD, event], coverage=[ALL]).row("instrument", "d1").facts_at(at("05 00:00"))
    assert facts["written"] is None


def test_before_a_dated_fact_was_so_it_was_not_so_if_sources_are_complete() -> None:
    record = fold([told(ChargeDisposed, "04 10:00", CHARGE, disposition="dismissed")], coverage=[ALL])
    charge = record.row("charge", "c1")
    assert charge.facts_at(at("04 09:59"))["disposition"] == "none"
    assert charge.facts_at(at("04 10:00"))["disposition"] == "dismissed"
    assert charge.missing("disposition", at("04 09:59")) is None


def test_a_gathered_set_is_whole_under_coverage() -> None:
    joined = told(PartyJoined, "04 10:00", party_to=frozenset({"a-v-b"}))
    person = fold([joined], coverage=[ALL]).row("person", PERSON)
    assert person.facts_at(at("04 09:59"))["party_to"] == frozenset()
    assert person.facts_at(at("05 00:00"))["party_to"] == frozenset({"a-v-b"})
    assert not isinstance(person.facts_at(at("05 00:00"))["party_to"], PartialSet)


def test_coverage_is_known_from_when_it_was_declared() -> None:
    late = Coverage(facts=SERVED, places=EVERY_PLACE, known_at=at("10 00:00"))
    assert served(fold(HELD, coverage=[late], known_at=at("09 23:59:59")), "05 00:00") is None
    assert served(fold(HELD, coverage=[late], known_at=at("10 00:00")), "05 00:00") == NEVER


def test_coverage_can_be_corrected_and_both_were_true_then() -> None:
    first = Coverage(facts=SERVED, places=EVERY_PLACE, id="v1")
    narrowed = Coverage(
        facts=frozenset({"instrument.withdrawn_at"}),
        places=EVERY_PLACE,
        known_at=at("10 00:00"),
        id="v2",
        supersedes="v1",
    )
    assert served(fold(HELD, coverage=[first, narrowed], known_at=at("09 00:00")), "05 00:00") == NEVER
    assert served(fold(HELD, coverage=[first, narrowed], known_at=at("10 00:00")), "05 00:00") is None


def test_a_rulebook_may_know_more_facts() -> None:
    more = {**FACTS, "instrument.blessed": FactKind.BOOL}
    record = fold(HELD, coverage=[ALL], kinds=more)
    assert record.row("instrument", "d1").facts_at(at("05 00:00"))["blessed"] is absent_value(FactKind.BOOL)
    assert "blessed" not in fold(HELD, coverage=[ALL]).row("instrument", "d1").facts_at(at("05 00:00"))
    assert len(record.kinds) == len(FACTS) + 1


@pytest.mark.parametrize(
    ("facts", "places"),
    [
        (frozenset[str](), EVERY_PLACE),
        (SERVED, frozenset[PlaceId]()),
        (frozenset({"cell.door"}), EVERY_PLACE),
    ],
)
def test_a_declaration_of_nothing_is_refused(facts: frozenset[str], places: frozenset[PlaceId]) -> None:
    with pytest.raises(ValueError, match="coverage"):
        Coverage(facts=facts, places=places)


def test_what_is_open_ended_is_covered_to_the_end() -> None:
    assert served(fold(HELD, coverage=[ALL]), "2050-01-01 00:00") == NEVER
    assert fold(HELD, coverage=[ALL]).episodes[0].end == FOREVER
