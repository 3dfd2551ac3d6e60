"""Columns against the definition, field by field: generated people, golden cases, every place.

The seed is fresh each time and printed; `HABEAS_SEED` gives one back.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from habeas.authority.inquiry import Regimen
from habeas.bulk.engine import Engine
from habeas.bulk.results import Tables
from habeas.custody.events import Event
from habeas.desk.library import library
from habeas.intake.recorded import coverage_elsewhere, elsewhere
from habeas.invented.population import Population
from habeas.kernel.instants import DAY, FOREVER, Instant
from habeas.kernel.places import PlaceId, UnknownPlace
from habeas.law.folder import load
from habeas.wire.tables import read_table
from small_columns import asked, both_ways, differences
from small_inventions import FIRST
from small_rulebook import RULEBOOK, small_rulebook

SEED = int(os.environ.get("HABEAS_SEED") or random.SystemRandom().randrange(10**6))
CASES = sorted((Path(__file__).parents[1] / "cases").glob("*.yaml"))


@cache
def regimen() -> Regimen:
    return library()


def population(first: Instant = FIRST, *, people: int = 6, days: int = 60) -> Population:
    sys.stdout.write(f"HABEAS_SEED={SEED}\n")
    return Population(seed=SEED, first=first, people=people, days=days, planted=0.3)


def told(people: Population) -> list[Sequence[Event]]:
    return [person.events for person in people.tell()]


COMPARES = "rows of one kind compared with one of another"


def agreed(made: tuple[Tables, Tables, Engine], *, most: float) -> None:
    """Both say the same, and of no more than a part of the people the definition was asked."""
    columns, definition, engine = made
    assert differences(columns, definition) == {}, f"HABEAS_SEED={SEED}"
    assert engine.people
    # Where a text itself compares rows of two kinds, nobody whom it may concern is for columns.
    of_people = [number for why, number in engine.reasons.items() if not why.startswith(COMPARES)]
    assert sum(of_people) <= most * engine.people, engine.reasons


def test_of_invented_people_columns_say_what_the_definition_says() -> None:
    people = population()
    agreed(both_ways(asked(regimen(), [people.coverage]), told(people)), most=0.08)


def test_with_each_unknown_left_unknown_too() -> None:
    people = population(people=12)
    agreed(both_ways(asked(regimen(), [people.coverage], settle=False), told(people)), most=0.05)


@pytest.mark.parametrize("days", [9, 23, 41])
def test_as_known_in_the_middle(days: int) -> None:
    """What was not known yet, and what was corrected later, both ways."""
    people = population()
    known = Instant(FIRST + days * DAY)
    agreed(
        both_ways(asked(regimen(), [people.coverage], known_at=known, settle=False), told(people)), most=0.3
    )


@pytest.mark.parametrize("year", [2018, 2020])
def test_under_law_that_gives_way_to_other_law(year: int) -> None:
    """A custody in which an act is repealed and others begin."""
    first = Instant(FIRST + (year - 2024) * 365 * DAY + 180 * DAY)
    people = population(first, days=250)
    agreed(both_ways(asked(regimen(), [people.coverage], settle=False), told(people)), most=0.05)


def test_under_every_reading_of_one_question() -> None:
    people = population(Instant(FIRST - 5 * 365 * DAY), people=3)
    for name in ("regulation-alone", "juniper-weekend"):
        for each in regimen().rulebook.questions[name].alternatives:
            under = asked(regimen(), [people.coverage], reading={name: each.id}, settle=False)
            agreed(both_ways(under, told(people)), most=0.1)


def places() -> list[PlaceId]:
    found = {
        PlaceId(path.parent.relative_to(RULEBOOK).as_posix()) for path in RULEBOOK.glob("us/**/place.yaml")
    }
    return sorted(found)


@pytest.mark.slow
@pytest.mark.parametrize("place", places())
def test_in_every_place_of_the_rulebook(place: PlaceId) -> None:
    """The same people under the law of each place, as if they had been held there."""
    people = population(people=3)
    try:
        regimen().rulebook.places.zone_of(place)
    except UnknownPlace:
        return
    moved = [[elsewhere(event, place) for event in events] for events in told(people)]
    under = asked(regimen(), coverage_elsewhere([people.coverage]), settle=False)
    agreed(both_ways(under, moved), most=0.3)


def test_in_a_few_places_of_the_rulebook() -> None:
    people = population(people=2)
    under = asked(regimen(), coverage_elsewhere([people.coverage]), settle=False)
    for place in map(PlaceId, ("us/fl/miami-dade", "us/il/cook", "us/ny/suffolk", "us/tx", "us/or")):
        moved = [[elsewhere(event, place) for event in events] for events in told(people)]
        agreed(both_ways(under, moved), most=0.3)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_of_the_people_of_the_golden_cases(path: Path) -> None:
    """Whatever they hold: bounds, tolled clocks and several custodians go to the definition."""
    for number, trial in enumerate(read_table(path.read_text("utf-8"), path.name, regimen())):
        if not trial.events:
            continue
        under = replace(asked(regimen(), trial.coverage, settle=False), setting=trial.setting)
        columns, definition, _ = both_ways(under, [trial.events])
        assert differences(columns, definition) == {}, (number, trial.name)


ENACTMENT = """\
schema: 1
title: Evening act of Heather (fictional)
kind: state-statute
body: us/zz/legislature
cite: Heather Stat. 1 (fictional)
confidence: high
summary: Written when this test runs.
sources:
  - {at: "written for this test", read: full, on: 2026-11-22, says: a fictional statute}
acts:
  - {id: enacts, does: enacts, from: 2024-01-15, known: 2023-12-01, cite: Heather Laws 1 (fictional)}
provisions:
  - id: no-bail-no-bed
    on: charge
    effect: must-not-hold
    says: Nobody is kept on a charge three days after bail was set.
    cite: Heather Stat. 1(a) (fictional)
    when: {if: at >= charge.bail_set_at + 72h}
  - id: crowded
    on: charge
    effect: must-hold
    stratum: criminal
    says: A person charged with three things at once is kept.
    cite: Heather Stat. 1(b) (fictional)
    when:
      count: charge
      at_least: 3
      where: {if: charge.disposed_at > at}
"""


def test_of_an_enactment_never_seen_before(tmp_path: Path) -> None:
    """Given as YAML now, it runs on columns, and changes answers."""
    folder = small_rulebook(tmp_path / "rulebook")
    people = population()
    before, _, _ = both_ways(asked(Regimen(load(folder)), [people.coverage], settle=False), told(people))
    (folder / "us/zz/2024-evening-act.yaml").write_text(ENACTMENT, "utf-8")
    under = asked(Regimen(load(folder)), [people.coverage], settle=False)
    made = both_ways(under, told(people))
    agreed(made, most=0.08)
    assert differences(before, made[0])


def test_nothing_is_said_of_the_future_that_papers_do_not_say() -> None:
    """An open custody is answered to its open end."""
    people = population(people=2)
    columns, _, _ = both_ways(asked(regimen(), [people.coverage], settle=False), told(people))
    ends = columns.segments["end"].null_count
    assert ends == columns.bookings["end"].null_count
    assert FOREVER not in columns.segments["start"].cast("int64").to_pylist()
