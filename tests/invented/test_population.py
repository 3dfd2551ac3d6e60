"""The generator: the same people from the same seed, of the shape promised, marked, with what was planted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from statistics import mean, median

import pytest

from habeas.custody.record import fold
from habeas.invented.chances import Dice, Spread
from habeas.invented.key import Side, key_of
from habeas.invented.marker import MARK, PREFIX, STATE, invented_people, is_marked
from habeas.invented.planted import EARLY, SHOWS, Plan, Planted
from habeas.invented.population import MEAN_STAY_DAYS, InventedPerson, Population
from habeas.invented.sheets import CustodySheet, custodies
from habeas.invented.teller import COUNTIES
from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import PersonId
from habeas.kernel.instants import MINUTE, Instant, parse_instant

FIRST = parse_instant("2024-01-01T05:00:00Z")
CAUSES = {
    "hold-lapsed", "hold-stale", "clock", "arithmetic", "credit", "order-unseen", "order-unclear",
    "hold-void", "queue", "no-authority", "unknown",
}  # fmt: skip


def people(seed: int = 1, size: int = 8, days: int = 60, planted: float = 0.4) -> Population:
    return Population(seed=seed, first=FIRST, people=size, days=days, planted=planted)


@pytest.fixture(scope="module")
def many() -> list[InventedPerson]:
    return list(people(size=60, days=120, planted=0.06).tell())


@pytest.fixture(scope="module")
def sheets(many: list[InventedPerson]) -> list[CustodySheet]:
    return [sheet for person in many for sheet in custodies(person.events)]


def test_the_same_seed_gives_the_same_people() -> None:
    assert list(people().tell()) == list(people().tell())


def test_another_seed_gives_others() -> None:
    assert [each.events for each in people(1).tell()] != [each.events for each in people(2).tell()]


def test_a_person_is_the_same_whoever_is_asked_before() -> None:
    told = {each.person: each for each in people().tell()}
    last = list(told.values())[-1]
    number = int(last.person.rpartition("-")[2][1:])
    assert people().person(last.county, number) == last


@pytest.mark.parametrize(
    ("size", "days", "planted", "message"),
    [
        (0, 1, 0.1, "at least 1 person"),
        (1, 0, 0.1, "at least 1 person"),
        (1, 1, 1.5, "from 0 to 1"),
        (1, 1, -0.1, "from 0 to 1"),
    ],
)
def test_a_population_of_nothing_is_refused(size: int, days: int, planted: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        people(size=size, days=days, planted=planted)


def test_a_first_instant_with_seconds_is_refused() -> None:
    with pytest.raises(ValueError, match="whole minute"):
        Population(seed=1, first=Instant(FIRST + 1))


def test_the_number_in_custody_is_near_the_number_asked(sheets: list[CustodySheet]) -> None:
    first, last = FIRST // MINUTE, FIRST // MINUTE + 120 * 1440
    for county in COUNTIES:
        held = sum(
            min(each.end, last) - max(each.start, first) for each in sheets if each.county == county.name
        )
        assert held / 1440 / 120 == pytest.approx(60, rel=0.35)


def test_admissions_and_releases_are_near_what_the_number_gives(sheets: list[CustodySheet]) -> None:
    first, last = FIRST // MINUTE, FIRST // MINUTE + 120 * 1440
    wanted = 2 * 60 / MEAN_STAY_DAYS
    admitted = sum(each.start >= first for each in sheets) / 120
    left = sum(each.end < last for each in sheets) / 120
    assert admitted == pytest.approx(wanted, rel=0.2)
    assert left == pytest.approx(wanted, rel=0.2)


def test_most_stay_for_hours_and_few_for_long(sheets: list[CustodySheet]) -> None:
    stays = sorted(
        (each.end - each.start) / 1440 for each in sheets if each.end < FIRST // MINUTE + 120 * 1440
    )
    assert median(stays) < 5 < mean(stays)
    assert stays[-1] > 90


def test_people_come_back_have_several_charges_and_move(
    many: list[InventedPerson], sheets: list[CustodySheet]
) -> None:
    bookings = Counter(each.person for each in sheets)
    assert max(bookings.values()) >= 3
    assert {len(each.charges) for each in sheets} >= {0, 1, 2, 3}
    kinds = Counter(event.kind for each in many for event in each.events)
    for kind in (
        "Transferred",
        "TemporaryAbsence",
        "TurnedOver",
        "HoldLifted",
        "WritReturned",
        "HistoryShown",
    ):
        assert kinds[kind], kind
    forms = {event.terms["form"] for each in many for event in each.events if "form" in event.terms}
    assert len(forms & {"I-247A", "I-247N", "I-247G", "I-247D"}) >= 3


def test_some_things_are_told_twice_wrongly_or_not_at_all(many: list[InventedPerson]) -> None:
    events = [event for each in many for event in each.events]
    assert len({event.id for event in events}) < len(events)
    assert any(event.supersedes for event in events)
    assert any("unstated" in str(term) for event in events for term in event.terms.values())


def test_every_release_waits(many: list[InventedPerson]) -> None:
    horizon = people(size=60, days=120).horizon
    waits = [
        row.end - row.start
        for person in many
        for row in key_of(person.events, horizon, stride=True)
        if row.cause == "queue"
    ]
    assert min(waits) > 0
    assert 60 < median(waits) < 400


def test_identities_are_used_once(many: list[InventedPerson]) -> None:
    told: dict[str, object] = {}
    for person in many:
        for event in person.events:
            assert told.setdefault(event.id, event) == event


def test_no_record_contradicts_itself(many: list[InventedPerson]) -> None:
    coverage = people(size=60, days=120).coverage
    odd = {
        anomaly.kind
        for person in many
        for anomaly in fold(person.events, coverage=[coverage]).anomalies
        if anomaly.fact != "credit_stated_at"
    }
    assert odd == set()


def test_everything_is_marked(many: list[InventedPerson]) -> None:
    for person in many:
        assert person.person.startswith(PREFIX)
        assert invented_people(person.events) == {person.person}
        assert all(event.source is not None and is_marked(event.source.name) for event in person.events)
    coverage = people().coverage
    assert coverage.source is not None
    assert coverage.source.name.startswith(MARK)
    assert coverage.places == {STATE}


def test_a_mark_on_the_source_is_enough_and_without_one_nobody_is_invented() -> None:
    event = next(people().tell()).events[0]
    assert invented_people([replace(event, person=PersonId("someone"))]) == {"someone"}
    real = replace(event, person=PersonId("someone"), source=SourceRef("sha256:0", "a roster"))
    assert invented_people([real, replace(real, source=None)]) == set()


def test_the_source_says_which_population_it_is() -> None:
    assert people(1).source != people(2).source
    assert people(days=60).source.file_digest != people(days=61).source.file_digest


def planted_in(seeds: range) -> list[tuple[Plan, Population, InventedPerson]]:
    found: list[tuple[Plan, Population, InventedPerson]] = []
    for seed in seeds:
        made = people(seed, size=6, days=60, planted=0.7)
        found += [(plan, made, person) for person in made.tell() for plan in person.plans]
    return found


@pytest.fixture(scope="module")
def plans() -> list[tuple[Plan, Population, InventedPerson]]:
    return planted_in(range(1, 9))


def test_every_error_is_planted_and_every_cause_shown(
    plans: list[tuple[Plan, Population, InventedPerson]],
) -> None:
    assert {plan.planted for plan, _, _ in plans} == set(Planted)
    assert set(SHOWS) == set(Planted)
    assert {SHOWS[each] for each in Planted if each not in EARLY} == CAUSES
    assert {SHOWS[each] for each in EARLY} == {
        "order-unseen",
        "order-unclear",
        "arithmetic",
        "credit",
        "unknown",
    }


def test_the_oracle_finds_every_error_where_it_was_planted(
    plans: list[tuple[Plan, Population, InventedPerson]],
) -> None:
    missed: list[Plan] = []
    for plan, made, person in plans:
        horizon = made.horizon // MINUTE
        if plan.start >= horizon:
            continue
        side = Side.EARLY if plan.is_early else Side.LATE
        key = key_of(person.events, made.horizon, stride=True)
        if not any(
            (row.booking, row.side, row.cause, row.start) == (plan.booking, side, plan.cause, plan.start)
            and (plan.is_early or row.end == min(plan.end, horizon))
            for row in key
        ):
            missed.append(plan)
    assert missed == []


def test_where_nothing_is_planted_only_ordinary_lag_is_found() -> None:
    made = people(3, size=20, days=90, planted=0)
    rows = [row for person in made.tell() for row in key_of(person.events, made.horizon, stride=True)]
    assert {row.cause for row in rows if row.side is Side.LATE} <= {
        "queue", "order-unseen", "hold-stale", "hold-lapsed", "unknown",
    }  # fmt: skip
    assert max(row.end - row.start for row in rows if row.side is Side.LATE) < 24 * 60
    assert [row for row in rows if row.side is Side.EARLY] == []


def test_dice_are_fair_enough_and_kept_in_bounds() -> None:
    dice = Dice("a seed")
    draws = Counter(dice.one_of({"a": 3.0, "b": 1.0}) for _ in range(4000))
    assert draws["a"] / 4000 == pytest.approx(0.75, abs=0.04)
    assert {dice.whole(2, 4) for _ in range(200)} == {2, 3, 4}
    spread = Spread(100, 2.0, 30, 400)
    times = [dice.minutes(spread) for _ in range(500)]
    assert (min(times), max(times)) == (30, 400)
    assert dice.one_of({"only": 0.0}) == "only"
