"""A hold's hours where it is not known whether criminal custody had ended once before."""

from __future__ import annotations

import pytest

from habeas.authority.findings import Verdict
from habeas.custody.coverage import EVERYTHING, Coverage
from habeas.custody.events import EVENTS, Event, Ref
from habeas.custody.facts import COLLECTIONS, FACTS, Term
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import parse_instant, zone
from habeas.kernel.places import EVERYWHERE
from small_inventions import inquiry

ZONE = zone("America/New_York")
# What the record does not say, and does not claim to show: whether a judge saw the person, and set bail.
UNSAID = {"booking.first_appearance_at", "charge.bail_set_at"}


def told(what: str, when: str, about: tuple[str, str], /, **terms: Term) -> Event:
    at = parse_instant(f"2023-{when}", ZONE)
    return EVENTS[what](
        id=EventId(f"{what} {about[1]}"),
        person=PersonId("p"),
        at=at,
        known_at=at,
        about=Ref(*about),  # type: ignore[arg-type] # collections are checked when the event is made
        terms=terms,
    )


CUSTODY = [
    told("Arrested", "02-06T08:00", ("booking", "b1"), place="us/zz/juniper", custodian_kind="county-jail", charge=frozenset({"c1"})),
    told("Stated", "02-06T08:00", ("charge", "c1"), booking="b1", **{"class": "felony"}),
    told("ProbableCauseFound", "02-06T12:00", ("booking", "b1")),
    told(
        "DetainerLodged", "02-06T13:00", ("instrument", "d1"),
        kind="immigration-detainer", form="I-247A", attached_warrant="I-200", complete=True,
        issued_at=parse_instant("2023-02-06T12:00", ZONE), issuer_office="zz-office",
    ),
    told("DetainerServed", "02-06T13:10", ("instrument", "d1")),
    told("Sentenced", "02-09T08:00", ("charge", "c1")),
    told(
        "CommitmentReceived", "02-09T08:00", ("instrument", "s1"),
        kind="sentence", issued_at=parse_instant("2023-02-09T08:00", ZONE), term_days=5, jail_credit_days=0,
    ),
]  # fmt: skip


def covering(unsaid: set[str]) -> Coverage:
    facts = {name for name in FACTS if name not in unsaid} | set(COLLECTIONS)
    return Coverage(facts=frozenset(facts) if unsaid else EVERYTHING, places=frozenset({EVERYWHERE}))


@pytest.mark.parametrize(
    ("unsaid", "when", "verdict"),
    [
        # From hour 24 nobody knows whether arrest still held, so whether the 48 hours began then.
        (UNSAID, "02-07T07:59", Verdict.LAWFUL),
        (UNSAID, "02-08T08:00", Verdict.UNDETERMINED),
        (UNSAID, "02-13T23:59", Verdict.LAWFUL),
        # The sentence ends: the 48 hours begin here, or ended days ago.
        (UNSAID, "02-14T00:00", Verdict.UNDETERMINED),
        (UNSAID, "02-15T23:59", Verdict.UNDETERMINED),
        (UNSAID, "02-16T00:00", Verdict.UNLAWFUL),
        # All is said, and nobody saw a judge: custody on the charge had ended, and the hours with it.
        (set[str](), "02-08T08:00", Verdict.LAWFUL),
        (set[str](), "02-14T00:00", Verdict.UNLAWFUL),
    ],
)
def test_a_doubtful_end_leaves_the_hours_after_a_sure_one_open(
    unsaid: set[str], when: str, verdict: Verdict
) -> None:
    asked = inquiry(CUSTODY, [covering(unsaid)])
    piece = asked.piece_at(parse_instant(f"2023-{when}", ZONE), ahead=True)
    assert piece is not None
    assert piece.verdict is verdict
