"""Events: what they may state, what they are about, and that each kind is described."""

from dataclasses import replace
from typing import cast

import pytest

from habeas.custody.events import (
    EVENTS,
    UNNUMBERED,
    Arrested,
    BondPosted,
    CustodyEffect,
    DetainerLodged,
    Event,
    PartyJoined,
    Ref,
    Retracted,
    Sentenced,
    Stated,
    WarrantServed,
    WrongTerm,
)
from habeas.custody.facts import COLLECTIONS, FACTS, Collection, FactKind, Term, absent_value, fits
from habeas.custody.instruments import InstrumentKind
from habeas.kernel.evidence import UNMAPPED
from habeas.kernel.identifiers import EventId
from habeas.kernel.instants import NEVER, Instant
from small_stories import BOOKING, CHARGE, PERSON, at, ref, told


@pytest.mark.parametrize("kind", EVENTS.values(), ids=str)
class TestEveryKind:
    def test_says_what_it_means(self, kind: type[Event]) -> None:
        assert (kind.__doc__ or "").strip().endswith(".")
        assert "Event(" not in (kind.__doc__ or "")

    def test_sets_a_fact_that_is_an_instant(self, kind: type[Event]) -> None:
        if kind in {Stated, Retracted}:
            assert kind.fact is None
            return
        assert FACTS[f"{kind.collection}.{kind.fact}"] is FactKind.INSTANT

    def test_dates_only_facts_that_are_known(self, kind: type[Event]) -> None:
        for fact in kind.dated | kind.gathered:
            assert any(f"{collection}.{fact}" in FACTS for collection in COLLECTIONS), fact
        for fact in kind.gathered:
            assert FACTS[f"{kind.collection}.{fact}"] is FactKind.SET

    def test_reaches_only_collections(self, kind: type[Event]) -> None:
        assert kind.reaches <= set(COLLECTIONS)
        assert kind.collection in COLLECTIONS

    def test_has_no_word_that_is_both_its_own_and_a_fact_of_its_row(self, kind: type[Event]) -> None:
        assert not kind.own & (kind.dated | kind.gathered)
        assert not {word for word in kind.own if f"{kind.collection}.{word}" in FACTS}


def test_the_registry_names_every_kind() -> None:
    assert set(EVENTS.values()) == set(Event.__subclasses__())
    assert EVENTS["Arrested"] is Arrested
    assert {kind.effect for kind in EVENTS.values()} == set(CustodyEffect)


def test_every_instrument_that_can_be_lodged_is_a_kind_with_its_meaning() -> None:
    lodged = {kind.lodges for kind in EVENTS.values() if kind.fact == "lodged_at"}
    assert lodged <= set(InstrumentKind)
    assert len(set(InstrumentKind)) == 15


@pytest.mark.parametrize(
    ("fact", "term"),
    [
        ("complete", "yes"),
        ("complete", 1),
        ("form", True),
        ("term_days", True),
        ("term_days", "3"),
        ("boxes", "a"),
        ("served_at", True),
        ("served_at", "2017-03-04"),
    ],
)
def test_a_term_that_does_not_fit_its_fact_is_refused(fact: str, term: Term) -> None:
    fitting = told(DetainerLodged, "04 10:00", ref("d1"))
    with pytest.raises(WrongTerm, match=rf"states \[{fact}\]"):
        replace(fitting, terms={fact: term})


def test_not_knowing_fits_every_fact_and_a_fact_unknown_here_may_be_stated() -> None:
    event = told(DetainerLodged, "04 10:00", ref("d1"), form=UNMAPPED, something_of_a_rulebook=3)
    assert event.terms["something_of_a_rulebook"] == 3
    assert all(fits(kind, UNMAPPED) for kind in FactKind)


def test_an_event_is_about_what_it_says_or_what_its_kind_implies() -> None:
    assert told(Arrested, "04 10:00").subject == UNNUMBERED
    assert told(Arrested, "04 10:00", CHARGE).subject == CHARGE
    assert told(PartyJoined, "04 10:00").subject == Ref("person", PERSON)


def test_terms_link_the_rows_an_event_reaches() -> None:
    charges = frozenset({"c2", "c1"})
    assert told(Arrested, "04 10:00", BOOKING, charge=charges).linked == (ref("c1"), ref("c2"))
    assert told(Arrested, "04 10:00", CHARGE, booking="b1", charge="c2").linked == (BOOKING,)
    assert told(Sentenced, "04 10:00", ref("d1"), charge="c1").linked == (CHARGE,)
    assert told(BondPosted, "04 10:00", CHARGE, charge=UNMAPPED).linked == ()
    assert told(WarrantServed, "04 10:00", ref("d1"), charge="c1").linked == ()


def test_what_no_source_can_mean_is_refused() -> None:
    with pytest.raises(ValueError, match="supersedes itself"):
        told(Arrested, "04 10:00", event_id="e1", corrects="e1")
    with pytest.raises(ValueError, match="unknown sort"):
        told(Arrested, "04 10:00", Ref(cast("Collection", "cell"), "7"))


def test_events_are_values() -> None:
    one, same = told(Arrested, "04 10:00", place="us/zz"), told(Arrested, "04 10:00", place="us/zz")
    assert one == same
    assert hash(one) == hash(same)
    assert one != told(Arrested, "04 10:00", place="us")
    assert one != told(Stated, "04 10:00", event_id=one.id)
    assert one.kind == "Arrested"
    assert one.id == EventId("Arrested 04 10:00")


def test_what_complete_sources_never_show() -> None:
    assert absent_value(FactKind.BOOL) is False
    assert absent_value(FactKind.INSTANT) == NEVER
    assert absent_value(FactKind.CODE) == "none"
    assert absent_value(FactKind.SET) == frozenset()
    assert absent_value(FactKind.NUMBER) is None
    assert at("04 10:00") < NEVER
    assert Instant(0) < NEVER
