"""Every clock and every computation of the rulebook can be computed, whichever side a question takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import habeas.rulebook
from habeas.kernel.instants import parse_instant
from habeas.kernel.places import PlaceId
from habeas.law import computations
from habeas.law.clocks import Circumstances, deadline, problems_of
from habeas.law.enactments import Provision
from habeas.law.folder import load
from habeas.law.rulebook import Law, Rulebook

FOLDER = Path(str(habeas.rulebook.__path__[0]))


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load(FOLDER)


def laws(rulebook: Rulebook) -> Iterator[Law]:
    """The law with every alternative of every question taken once."""
    yield rulebook.under({})
    for question in rulebook.questions.values():
        for alternative in question.alternatives:
            yield rulebook.under({question.id: alternative.id})


def provisions(law: Law) -> Iterator[tuple[str, str, Provision]]:
    for enactment in law.enactments.values():
        for provision in enactment.provisions:
            yield enactment.place, f"{enactment.id}#{provision.id}", provision


def test_every_clock_runs(rulebook: Rulebook) -> None:
    wrong: dict[str, object] = {}
    seen = 0
    for law in laws(rulebook):
        for place, ref, provision in provisions(law):
            if (clock := provision.clock) is None:
                continue
            seen += 1
            zone = law.places.zone_of(PlaceId(place))
            if (problems := problems_of(clock)) or (clock.holidays and clock.holidays not in law.calendars):
                wrong[ref] = problems or f"no calendar [{clock.holidays}]"
                continue
            around = Circumstances(zone=zone, calendar=law.calendars.get(clock.holidays))
            found = deadline(clock, parse_instant("2017-03-03T16:30", zone), around)
            if found.anomaly or not found.lines:
                wrong[ref] = found
    assert seen
    assert wrong == {}


def test_every_computation_has_steps_that_can_be_taken(rulebook: Rulebook) -> None:
    found = {
        ref: computations.problems_of(provision.steps)
        for law in laws(rulebook)
        for _, ref, provision in provisions(law)
        if provision.computes
    }
    assert found
    assert {ref: problems for ref, problems in found.items() if problems} == {}
