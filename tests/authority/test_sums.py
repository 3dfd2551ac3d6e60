"""Sentences of which it is not known whether their paper is still lodged."""

from __future__ import annotations

import pytest

from habeas.authority.findings import Verdict
from habeas.authority.inquiry import fact_kinds
from habeas.custody.coverage import EVERYTHING, Coverage
from habeas.custody.events import EVENTS, Event, Ref
from habeas.custody.facts import COLLECTIONS, Term
from habeas.kernel.evidence import NotKnown
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import Instant, parse_instant, zone
from habeas.kernel.places import EVERYWHERE
from small_inventions import inquiry, regimen

ZONE = zone("America/New_York")


def at(text: str) -> Instant:
    return parse_instant(f"2023-{text}", ZONE)


def told(what: str, when: str, about: tuple[str, str], /, **terms: Term) -> Event:
    return EVENTS[what](
        id=EventId(f"{what} {when} {about[1]}"),
        person=PersonId("p"),
        at=at(when),
        known_at=at(when),
        about=Ref(*about),  # type: ignore[arg-type] # collections are checked when the event is made
        terms=terms,
    )


def sentence(name: str, days: int, **more: Term) -> Event:
    terms: dict[str, Term] = {"kind": "sentence", "issued_at": at("02-06T08:00"), "term_days": days}
    return told(
        "CommitmentReceived", "02-06T08:00", ("instrument", name), jail_credit_days=0, **terms, **more
    )


def verdict(events: list[Event], when: str, *, is_covered: bool) -> Verdict:
    """The verdict with all covered, or all but whether a paper was ended."""
    kinds = fact_kinds(regimen().rulebook.vocabulary)
    names = [name for name in kinds if name.partition(".")[0] in COLLECTIONS]
    some = frozenset({*COLLECTIONS, *(name for name in names if name != "instrument.ended_at")})
    coverage = Coverage(facts=EVERYTHING if is_covered else some, places=frozenset({EVERYWHERE}))
    booked = told(
        "Admitted", "02-06T08:00", ("booking", "b1"), place="us/zz/juniper", custodian_kind="county-jail"
    )
    piece = inquiry([booked, *events], [coverage]).piece_at(at(when), ahead=True)
    assert piece is not None
    return piece.verdict


ENDED = told("Stated", "03-20T08:00", ("instrument", "s1"), ended_at=at("03-20T08:00"))


@pytest.mark.parametrize(
    ("when", "covered", "not_covered"),
    [
        # Ten days for one, twenty for the other, of which nobody shows whether it was discharged.
        ("02-15T23:59", Verdict.LAWFUL, Verdict.LAWFUL),
        ("02-16T00:00", Verdict.LAWFUL, Verdict.UNDETERMINED),
        ("02-25T23:59", Verdict.LAWFUL, Verdict.UNDETERMINED),
        ("02-26T00:00", Verdict.UNLAWFUL, Verdict.UNLAWFUL),
    ],
)
def test_a_sentence_that_may_be_discharged_leaves_its_own_time_open(
    when: str, covered: Verdict, not_covered: Verdict
) -> None:
    events = [sentence("s1", 10), sentence("s2", 20), ENDED]
    assert verdict(events, when, is_covered=True) is covered
    assert verdict(events, when, is_covered=False) is not_covered


def test_a_shorter_one_that_may_be_discharged_changes_nothing() -> None:
    ended = told("Stated", "03-20T08:00", ("instrument", "s2"), ended_at=at("03-20T08:00"))
    events = [sentence("s1", 10), sentence("s2", 20), ended]
    assert verdict(events, "02-25T23:59", is_covered=False) is Verdict.LAWFUL
    assert verdict(events, "02-26T00:00", is_covered=False) is Verdict.UNLAWFUL


def test_too_many_of_them_leave_the_end_open_and_never_wrong() -> None:
    events = [sentence("s1", 10), *(sentence(f"s{n}", 10 + n) for n in range(2, 9)), ENDED]
    assert verdict(events, "02-10T00:00", is_covered=True) is Verdict.LAWFUL
    assert verdict(events, "02-10T00:00", is_covered=False) is Verdict.UNDETERMINED
    assert verdict(events, "02-17T00:00", is_covered=False) is Verdict.UNDETERMINED


def test_whether_one_runs_after_another_must_be_known() -> None:
    unsaid = sentence("s2", 20, runs_after=NotKnown.UNSTATED)
    assert verdict([sentence("s1", 10), unsaid], "02-26T00:00", is_covered=True) is Verdict.UNDETERMINED
    assert verdict([unsaid], "02-26T00:00", is_covered=True) is Verdict.UNLAWFUL
