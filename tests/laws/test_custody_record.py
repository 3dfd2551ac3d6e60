"""Laws of the record: what the fold may depend on, and what it may not."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from habeas.custody.coverage import EVERYTHING, Coverage
from habeas.custody.events import Event
from habeas.custody.facts import COLLECTIONS, FACTS, PartialSet, Value
from habeas.custody.record import CustodyRecord, fold
from habeas.kernel.instants import (
    FOREVER,
    HOUR,
    Instant,
    UncertainInstant,
    earliest_of,
    latest_of,
    shifted,
)
from habeas.kernel.places import EVERYWHERE
from habeas.law.vocabulary import FactType, Vocabulary
from habeas.law.yaml_text import parse
from habeas.testing import coverages, events, histories, instants, orderly_histories, records
from habeas.testing.events import PERSON
from habeas.testing.times import FIRST

Facts = dict[tuple[str, str], dict[str, Value]]
MONTHS = instants(FIRST, days=90)


def facts_of(record: CustodyRecord, at: Instant) -> Facts:
    """Everything the record says of every row at an instant."""
    return {
        (row.collection, row.id): dict(row.facts_at(at))
        for collection in COLLECTIONS
        for row in record.rows(collection)
    }


def known(told: list[Event], at: Instant = FOREVER) -> CustodyRecord:
    return fold(told, known_at=at, person=PERSON)


@given(histories(), st.data(), MONTHS)
def test_the_order_of_events_does_not_change_the_fold(
    told: list[Event], data: st.DataObject, at: Instant
) -> None:
    again = data.draw(st.permutations(told))
    one, other = known(told), known([*again, *told])
    assert one == other
    assert one.episodes == other.episodes
    assert one.anomalies == other.anomalies
    assert one.digest == other.digest
    assert facts_of(one, at) == facts_of(other, at)


@given(histories(), events(), MONTHS, MONTHS)
def test_what_is_known_later_does_not_show_earlier(
    told: list[Event], more: Event, asked: Instant, at: Instant
) -> None:
    if more.known_at <= asked:
        return
    without, with_it = known(told, asked), known([*told, more], asked)
    assert facts_of(without, at) == facts_of(with_it, at)
    assert without.episodes == with_it.episodes
    assert without.digest == with_it.digest


@given(histories(), MONTHS)
def test_a_corrected_event_counts_exactly_until_the_correction_is_known(
    told: list[Event], asked: Instant
) -> None:
    live = set(known(told, asked).events)
    corrections = [event for event in told if event.supersedes is not None]
    for event in told:
        corrected = any(c.supersedes == event.id and c.known_at <= asked for c in corrections)
        counts = event.known_at <= asked and not corrected and event.kind != "Retracted"
        assert (event in live) is counts


@given(records(), MONTHS)
def test_facts_are_constant_between_edges(record: CustodyRecord, at: Instant) -> None:
    for collection in COLLECTIONS:
        for row in record.rows(collection):
            edges = row.edges()
            assert list(edges) == sorted(set(edges))
            here = row.facts_at(at)
            assert row.facts_at(at) is here
            next_edge = min((edge for edge in edges if edge > at), default=None)
            if next_edge is not None:
                assert row.facts_at(Instant(next_edge - 1)) is here


@given(records(), MONTHS)
def test_a_fact_has_a_value_or_a_reason(record: CustodyRecord, at: Instant) -> None:
    for collection in COLLECTIONS:
        for row in record.rows(collection):
            for fact, value in row.facts_at(at).items():
                assert (row.missing(fact, at) is None) is (value is not None)


@given(histories(), coverages(), MONTHS)
def test_coverage_adds_knowledge_and_changes_none(told: list[Event], coverage: Coverage, at: Instant) -> None:
    bare = facts_of(known(told), at)
    covered = facts_of(fold(told, coverage=[coverage], person=PERSON), at)
    assert bare.keys() == covered.keys()
    for ref, facts in bare.items():
        for fact, value in facts.items():
            assert covered[ref][fact] == value


@given(histories(), MONTHS, st.data())
def test_placing_an_unknown_point_never_flips_what_was_known(
    told: list[Event], at: Instant, data: st.DataObject
) -> None:
    record = known(told)
    points = {
        key: Instant(data.draw(st.integers(point.earliest, point.latest - 1)))
        for key, point in record.uncertain.items()
    }
    placed = record.placing(points)
    assert not placed.uncertain
    after = facts_of(placed, at)
    for ref, facts in facts_of(record, at).items():
        for fact, value in facts.items():
            if value is None or isinstance(value, PartialSet):
                continue
            expected = points[value.key] if isinstance(value, UncertainInstant) else value
            assert after[ref][fact] == expected


@given(orderly_histories(), MONTHS, st.integers(0, 400))
def test_moving_every_event_moves_custody(told: list[Event], at: Instant, hours: int) -> None:
    moved = known([_moved(event, hours * HOUR) for event in told])
    assert known(told).in_custody(at) is not None
    assert moved.in_custody(Instant(at + hours * HOUR)) is known(told).in_custody(at)


@given(orderly_histories())
def test_an_orderly_history_has_nothing_wrong_with_it(told: list[Event]) -> None:
    record = known(told)
    assert record.anomalies == ()
    assert len(record.episodes) == 1
    assert record.episodes[0].start == told[0].at
    everywhere = Coverage(facts=EVERYTHING, places=frozenset({EVERYWHERE}))
    assert fold(told, coverage=[everywhere]).anomalies == ()


@given(histories())
def test_every_anomaly_names_its_events_and_no_person(told: list[Event]) -> None:
    record = known(told)
    for anomaly in record.anomalies:
        assert anomaly.events
        assert set(anomaly.events) <= set(record.told)
        assert PERSON not in anomaly.sentence.replace(f"person [{PERSON}]", "")


@given(histories())
def test_no_event_of_keeping_is_repaired_away(told: list[Event]) -> None:
    """Each end of custody ends an episode, or is named in an anomaly, or follows a death."""
    record = known(told)
    ends = [event for event in record.events if event.kind in {"Released", "Escaped", "TurnedOver"}]
    named = {event for anomaly in record.anomalies for event in anomaly.events}
    ended = {episode.end for episode in record.episodes}
    for event in ends:
        assert event.at in ended or event in named


@given(histories())
def test_episodes_start_in_order_and_their_spans_follow_on(told: list[Event]) -> None:
    for episode in known(told).episodes:
        assert episode.spans[0].start == episode.start
        assert episode.spans[-1].end == episode.end
        for one, other in pairwise(episode.spans):
            assert one.end == other.start
            assert one.whereabouts != other.whereabouts
    starts = [earliest_of(episode.start) for episode in known(told).episodes]
    assert starts == sorted(starts)


@given(histories(), events())
def test_an_event_added_is_an_event_folded(told: list[Event], more: Event) -> None:
    assert known(told).with_event(more) == known([*told, more])


def test_the_kinds_of_facts_are_those_of_the_rulebooks_vocabulary() -> None:
    """Facts of events and facts of conditions are one vocabulary, written in two places."""
    path = Path(__file__).parents[2] / "src/habeas/rulebook/vocabulary.yaml"
    vocabulary = Vocabulary.from_tree(parse(path.read_text("utf-8"), path.name).tree)
    same_but_for_text = {FactType.TEXT: "code"}
    differing = {
        fact.name: (FACTS[fact.name].value, fact.type.value)
        for fact in vocabulary
        if fact.name in FACTS and FACTS[fact.name].value != same_but_for_text.get(fact.type, fact.type.value)
    }
    assert differing == {}


def _moved(event: Event, microseconds: int) -> Event:
    return replace(event, at=shifted(event.at, microseconds), known_at=latest_of(event.at))
