"""Custody records as what is counted: marks that papers and moves leave, on invented people."""

from __future__ import annotations

import datetime as dt

import pytest

from habeas.counts.daily import daily_population, time_held
from habeas.counts.held import Population
from habeas.counts.instants import count_instant, days_between
from habeas.counts.records import episodes_of, issuers_of
from habeas.counts.rules import bundled_agencies, bundled_rules, rule_named
from habeas.counts.shares import time_by
from habeas.custody.events import (
    Admitted,
    Arrested,
    BondPosted,
    CommitmentReceived,
    DetainerLodged,
    DetainerWithdrawn,
    Event,
    HoldLodged,
    Ref,
    Released,
    Returned,
    Sentenced,
    TemporaryAbsence,
    TurnedOver,
)
from habeas.custody.facts import Term
from habeas.custody.record import fold
from habeas.invented.population import Population as Invented
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import DAY, HOUR, Instant, Precision, UncertainInstant, zone
from habeas.kernel.intervals import Interval

WHERE = zone("America/New_York")
FIRST = dt.date(2024, 1, 1)
BEGIN = count_instant(FIRST, dt.time(0), WHERE)
JAIL: dict[str, Term] = {"custodian": "jail", "custodian_kind": "county-jail", "place": "us/zz/juniper"}


def told(event: type[Event], hours: int, about: Ref | None = None, **terms: Term) -> Event:
    instant = Instant(BEGIN + hours * HOUR)
    return event(
        id=EventId(f"{event.__name__}{hours}"),
        person=PersonId("p"),
        at=instant,
        known_at=instant,
        about=about,
        terms=terms,
    )


def marks(*events: Event) -> list[tuple[int, set[str]]]:
    """From which hour which marks hold, places aside."""
    (found,) = episodes_of(fold(events, known_at=Instant(BEGIN + 999 * DAY)), bundled_agencies())
    return [
        (
            (held.start - BEGIN) // HOUR,
            {m for m in held.marks if not m.startswith(("custodian=", "place="))},
        )
        for held in found.held
        if isinstance(held.start, int)
    ]


BOOKING, CHARGE, PAPER = Ref("booking", "b"), Ref("charge", "c"), Ref("instrument", "i")


def test_a_charge_is_open_until_bond_and_a_detainer_until_withdrawn() -> None:
    assert marks(
        told(Arrested, 0, BOOKING, charge=frozenset({"c"}), **JAIL),
        told(DetainerLodged, 5, PAPER, kind="immigration-detainer", issuer="zz-federal-office", booking="b"),
        told(BondPosted, 8, CHARGE, booking="b"),
        told(DetainerWithdrawn, 9, PAPER),
        told(Released, 10, BOOKING),
    ) == [
        (0, {"charge=not-stated"}),
        (5, {"charge=not-stated", "paper=immigration-detainer", "of=immigration-detainer/federal"}),
        (8, {"paper=immigration-detainer", "of=immigration-detainer/federal"}),
        (9, set()),
    ]


def test_a_sentence_convicts_and_a_day_at_court_is_away() -> None:
    assert marks(
        told(Arrested, 0, BOOKING, charge=frozenset({"c"}), **JAIL),
        told(TemporaryAbsence, 2, BOOKING),
        told(Returned, 3, BOOKING),
        told(Sentenced, 4, CHARGE, booking="b", term_days=9),
        told(CommitmentReceived, 5, PAPER, kind="commitment", committed_to="state-prison", booking="b"),
        told(TurnedOver, 6, BOOKING),
    ) == [
        (0, {"charge=not-stated"}),
        (2, {"charge=not-stated", "away"}),
        (3, {"charge=not-stated"}),
        (4, {"convicted=not-stated"}),
        (
            5,
            {
                "convicted=not-stated",
                "paper=commitment",
                "of=commitment/not-stated",
                "committed-to=state-prison",
            },
        ),
    ]


def test_supervision_and_the_issuer_are_told() -> None:
    hold = told(HoldLodged, 0, PAPER, kind="violation-hold", supervision="parole", issuer="nobody-knows")
    taken = told(Admitted, 0, BOOKING, **JAIL)
    ((_, found),) = marks(taken, hold)
    assert found == {"paper=violation-hold", "of=violation-hold/not-stated", "supervision=parole"}
    record = fold([taken, hold], known_at=Instant(BEGIN + DAY))
    assert issuers_of(record) == frozenset({"nobody-knows"})
    (one,) = episodes_of(record, {})
    assert (one.began_by, one.ended_by, one.is_open) == ("Admitted", "", True)


def test_an_end_that_is_only_bounded_stays_bounded() -> None:
    end = UncertainInstant(Instant(BEGIN + HOUR), Instant(BEGIN + 9 * HOUR), Precision.SNAPSHOT, "gone")
    record = fold(
        [
            told(Admitted, 0, BOOKING, **JAIL),
            Released(
                id=EventId("r"), person=PersonId("p"), at=end, known_at=Instant(BEGIN + DAY), about=BOOKING
            ),
        ],
        known_at=Instant(BEGIN + DAY),
    )
    (one,) = episodes_of(record, {})
    assert one.end == end


@pytest.fixture(scope="module", name="invented")
def _invented() -> Population:
    told = Invented(seed=3, first=BEGIN, people=25, days=40)
    people = {
        person.person: fold(person.events, known_at=told.horizon, coverage=(told.coverage,))
        for person in told.tell()
    }
    episodes = [one for record in people.values() for one in episodes_of(record, bundled_agencies())]
    return Population(episodes, Interval(BEGIN, told.horizon), WHERE)


def test_the_pieces_of_every_episode_follow_on_one_another(invented: Population) -> None:
    assert len(invented.episodes) > 40
    for one in invented.episodes:
        assert all(a.end == b.start for a, b in zip(one.held, one.held[1:], strict=False))


@pytest.mark.parametrize("name", sorted(name for name, rule in bundled_rules().items() if rule.encoded))
def test_under_every_rule_the_lines_add_up_to_the_whole(invented: Population, name: str) -> None:
    rule = rule_named(name)
    beside = {line.name for line in rule.lines if line.beside}
    when = [(day, count_instant(day, dt.time(0), WHERE)) for day in days_between(FIRST, dt.date(2024, 2, 9))]
    for day in daily_population(invented, rule, when):
        assert day.found.is_exact
        assert sum(count.least for line, count in day.lines.items() if line not in beside) == day.found.least


def test_time_by_paper_is_a_partition_of_time(invented: Population) -> None:
    found = time_by(invented, invented.observed, "paper=")
    assert found.total == time_held(invented, invented.observed, lambda _: True).least
    assert "immigration-detainer" in found.labels
