"""Time by basis: a partition of custody, what one kind alone supported, and what only it supported."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from habeas.authority.inquiry import Regimen
from habeas.counts.rules import bundled_agencies, rule_named
from habeas.desk.inventing import invent
from habeas.desk.library import library
from habeas.invented.population import Population
from habeas.kernel.instants import DAY, Instant, parse_instant, zone
from habeas.kernel.intervals import Interval
from habeas.kernel.places import PlaceId
from habeas.study.bases import BasisTime, basis_time
from habeas.study.counting import CountRequest, count, interval_of
from habeas.study.populations import NobodyToCount, Wanted, population_of

FIRST = parse_instant("2024-01-01 00:00", zone("America/New_York"))
WITHIN = Interval(FIRST, Instant(FIRST + 40 * DAY))


@pytest.fixture(scope="module", name="wanted")
def _wanted(tmp_path_factory: pytest.TempPathFactory) -> Wanted:
    folder = tmp_path_factory.mktemp("made")
    invent(Population(seed=11, first=FIRST, people=6, days=40), folder, None)
    regimen: Regimen = library()
    return Wanted(
        paths=[folder / "events.jsonl"],
        recipe=None,
        regimen=regimen,
        agencies=bundled_agencies(),
        known_at=WITHIN.end,
    )


@pytest.fixture(scope="module", name="found")
def _found(wanted: Wanted) -> BasisTime:
    return basis_time(wanted, WITHIN)


def test_sole_shared_and_unsupported_time_is_all_time(wanted: Wanted, found: BasisTime) -> None:
    counted = population_of(wanted)
    days = dt.date(2024, 1, 1), dt.date(2024, 2, 9)
    asked = CountRequest(counted=counted, rules=[rule_named("everyone")], first=days[0], last=days[1])
    assert interval_of(asked) == WITHIN
    form = count(replace(asked, bases=found, rate_cents=15_000))
    assert form.time is not None
    sole = sum(each.sole_seconds for each in form.time.labels)
    parts = sole + form.time.several_seconds + form.time.nothing_seconds
    assert abs(parts - form.time.total_seconds) <= len(form.time.labels) + 3
    plain = count(asked)
    assert plain.time is not None
    assert plain.time.total_seconds == form.time.total_seconds


def test_what_only_one_kind_supported_lies_within_what_it_supported(found: BasisTime) -> None:
    for label in found.labels:
        assert found.but_for[label] >= 0
    assert found.but_for["sentence"] == found.sole("sentence") > 0
    assert found.but_for["hold"] == found.sole("hold")
    assert found.people_by_label["immigration-detainer"] == 1


def test_bail_refused_for_a_detainer_leaves_its_days_but_for_it_a_least(found: BasisTime) -> None:
    assert found.sole("immigration-detainer") > found.but_for["immigration-detainer"] == 0


def test_nobody_at_a_place_is_said(wanted: Wanted) -> None:
    elsewhere = Wanted(
        paths=wanted.paths,
        recipe=None,
        regimen=wanted.regimen,
        agencies={},
        known_at=wanted.known_at,
        place=PlaceId("us/fl"),
    )
    with pytest.raises(NobodyToCount, match="us/fl"):
        population_of(elsewhere)


def test_issuers_that_no_table_names_are_told(wanted: Wanted) -> None:
    nobody = Wanted(
        paths=wanted.paths, recipe=None, regimen=wanted.regimen, agencies={}, known_at=wanted.known_at
    )
    counted = population_of(nobody)
    assert "zz-federal-office" in counted.population.agencies
    said = count(CountRequest(counted=counted, rules=[rule_named("everyone")])).warnings
    assert any("no table of agencies" in each for each in said)
