"""The oracle against hand-worked minutes, against its own strides, and against calendars of others."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import holidays as others
import pytest

from habeas.custody.events import EVENTS, Event, Ref
from habeas.custody.facts import Term
from habeas.invented.holidays import is_designated, is_kept
from habeas.invented.key import KeyRow, Side, key_of
from habeas.invented.oracle import Walk, merged, sentences_end
from habeas.invented.population import Population
from habeas.invented.sheets import NotWholeMinute, PaperSheet, custodies, minute_of
from habeas.invented.worlds import worlds
from habeas.kernel.evidence import NotKnown
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import Instant, format_instant, parse_instant, zone

ZONE = zone("America/New_York")
HORIZON = parse_instant("2024-06-01T00:00", ZONE)
BOOKED = ("booking", "b1")


def at(text: str) -> Instant:
    return parse_instant(f"2024-{text}", ZONE)


def told(what: str, when: str, about: tuple[str, str] = BOOKED, known: str = "", /, **terms: Term) -> Event:
    """One event; its identity is what it says."""
    return EVENTS[what](
        id=EventId(f"{what} {when} {about[1]} {sorted(terms)}"),
        person=PersonId("invented-p"),
        at=at(when),
        known_at=at(known or when),
        about=Ref(*about),  # type: ignore[arg-type] # collections are checked when the event is made
        terms=terms,
    )


def taken(
    when: str = "03-04T08:00", county: str = "juniper", charge: str = "c1", **terms: Term
) -> list[Event]:
    """Arrest on one charge, seen by a judge who finds probable cause and sets bail, four hours later."""
    later = f"{when[:6]}12:00"
    return [
        told("Arrested", when, place=f"us/zz/{county}", charge=frozenset({charge}), **terms),
        told("Stated", when, ("charge", charge), booking="b1", **{"class": "felony"}),
        told("FirstAppearance", later),
        told("ProbableCauseFound", later),
        told("BailSet", later, ("charge", charge)),
        told("Charged", later, ("charge", charge)),
    ]


def lines(*events: Event) -> list[str]:
    """The key in words: side, start, end, cause."""
    return [line(row) for row in key_of(events, HORIZON, stride=True)]


def line(row: KeyRow) -> str:
    start, end = (format_instant(each, ZONE)[5:16] for each in (row.start_at, row.end_at))
    return f"{row.side} {start} to {end} {row.cause}".strip()


def detainer(sort: str = "I-247A", **terms: Term) -> list[Event]:
    about = ("instrument", "d1")
    stated: dict[str, Term] = {"kind": "immigration-detainer", "form": sort, "issued_at": at("03-04T09:00")}
    stated |= {"attached_warrant": "I-200", "complete": True, "booking": "b1", **terms}
    return [
        told("DetainerLodged", "03-04T14:00", about, **stated),
        told("DetainerServed", "03-04T14:10", about),
    ]


BOND = told("BondPosted", "03-07T17:00", ("charge", "c1"), "03-07T17:05")


@pytest.mark.parametrize(
    ("events", "wanted"),
    [
        pytest.param(
            [*taken(), BOND, told("Released", "03-07T19:00")],
            ["late 03-07 17:00 to 03-07 17:05 order-unseen", "late 03-07 17:05 to 03-07 19:00 queue"],
            id="bail posted, and the door two hours later",
        ),
        pytest.param(
            [*taken(), BOND, told("Released", "03-07T17:00")], [], id="the door at the minute of bail"
        ),
        pytest.param(
            [*taken(), *detainer(), BOND, told("Released", "03-12T09:00")],
            ["late 03-11 17:00 to 03-12 09:00 hold-lapsed"],
            id="48 hours over a weekend: the hour that clocks skipped lay on a Sunday, which does not count anyway",
        ),
        pytest.param(
            [*taken(), *detainer(), BOND, told("Released", "03-11T17:00")], [], id="within the 48 hours"
        ),
        pytest.param(
            [*taken(county="sorrel"), *detainer(), BOND, told("Released", "03-08T09:00")],
            ["late 03-07 17:00 to 03-07 17:05 order-unseen", "late 03-07 17:05 to 03-08 09:00 hold-void"],
            id="Sorrel keeps nobody on a detainer",
        ),
        pytest.param(
            [
                *taken(county="sorrel"),
                *detainer(),
                told("DetainerDeclined", "03-04T15:00", ("instrument", "d1")),
                BOND,
                told("Released", "03-08T09:00"),
            ],
            ["late 03-07 17:00 to 03-07 17:05 order-unseen", "late 03-07 17:05 to 03-08 09:00 queue"],
            id="a detainer declined is no void hold",
        ),
        *(
            pytest.param(
                [*taken(), *paper, BOND, told("Released", "03-08T09:00")],
                ["late 03-07 17:00 to 03-07 17:05 order-unseen", "late 03-07 17:05 to 03-08 09:00 hold-void"],
                id=name,
            )
            for name, paper in {
                "a notification": detainer("I-247N"),
                "a notification of 2025": detainer("I-247G"),
                "a form of 2015 issued too late": detainer("I-247D"),
                "not served": detainer()[:1],
                "not complete": detainer(complete=False),
                "without a warrant": detainer(attached_warrant="none"),
            }.items()
        ),
        pytest.param(
            [
                *taken(),
                *detainer(),
                BOND,
                told("DetainerWithdrawn", "03-08T10:00", ("instrument", "d1")),
                told("Released", "03-08T15:00"),
            ],
            ["late 03-08 10:00 to 03-08 15:00 hold-stale"],
            id="a detainer withdrawn within its hours",
        ),
        pytest.param(
            [
                *taken()[:2],
                told("FirstAppearance", "03-05T11:00"),
                told("ProbableCauseFound", "03-05T11:00"),
                told("BailSet", "03-05T11:30", ("charge", "c1")),
                told("BondPosted", "03-05T12:00", ("charge", "c1")),
                told("Released", "03-05T12:00"),
            ],
            ["late 03-05 08:00 to 03-05 11:30 clock"],
            id="brought before a judge after 24 hours; what the judge orders holds",
        ),
        pytest.param(
            [
                *taken()[:3],
                told("BailSet", "03-04T12:00", ("charge", "c1")),
                told("ProbableCauseFound", "03-06T09:00"),
                told("Released", "03-06T10:00"),
            ],
            ["late 03-06 08:00 to 03-06 10:00 clock"],
            id="probable cause found after 48 hours",
        ),
        pytest.param(
            [
                *taken(arrested_on_warrant=True)[:3],
                told("BailSet", "03-04T12:00", ("charge", "c1")),
                told("BondPosted", "03-07T17:00", ("charge", "c1")),
                told("Released", "03-07T17:00"),
            ],
            [],
            id="an arrest on a warrant needs no finding",
        ),
        pytest.param(
            [
                *taken()[:5],
                told("Charged", "03-27T08:00", ("charge", "c1")),
                told("BondPosted", "03-28T08:00", ("charge", "c1")),
                told("Released", "03-28T08:00"),
            ],
            ["late 03-26 00:00 to 03-27 08:00 clock"],
            id="not filed by the end of the twenty-first day, and filed later",
        ),
        pytest.param(
            [told("Admitted", "03-04T08:00", place="us/zz/juniper"), told("Released", "03-04T20:00")],
            ["late 03-04 08:00 to 03-04 20:00 no-authority"],
            id="admitted on nothing",
        ),
        pytest.param(
            [
                told("Admitted", "03-04T08:00", place="us/zz/juniper"),
                *detainer(),
                told("Released", "03-04T20:00"),
            ],
            ["late 03-04 08:00 to 03-04 20:00 no-authority"],
            id="a detainer that comes later opens no hours where criminal custody never ended",
        ),
        pytest.param(
            [
                told("Admitted", "03-04T08:00", place="us/zz/juniper"),
                told(
                    "CommitmentReceived",
                    "03-04T08:00",
                    ("instrument", "m1"),
                    expires_at=at("03-06T08:00"),
                    booking="b1",
                ),
                told("Released", "03-06T10:00"),
            ],
            ["late 03-06 08:00 to 03-06 10:00 unknown"],
            id="a commitment that ended by itself: nothing shows what the jail thought",
        ),
        pytest.param(
            [
                told("Admitted", "03-04T08:00", place="us/zz/juniper"),
                told("OrderReceived", "03-04T08:00", ("instrument", "k1"), kind="court-order", booking="b1"),
                told("WarrantLodged", "03-04T08:00", ("instrument", "w1"), booking="b1"),
                told("WarrantWithdrawn", "03-05T08:00", ("instrument", "w1")),
                told("Released", "03-05T10:00"),
            ],
            ["late 03-05 08:00 to 03-05 10:00 queue"],
            id="a judge's warrant recalled is no hold that went stale",
        ),
        pytest.param(
            [
                *taken(),
                told(
                    "ReleaseOrdered", "03-07T10:00", BOOKED, "03-07T11:00", order_readable=False, charge="c1"
                ),
                told("OrderClarified", "03-08T09:00"),
                told("Released", "03-08T10:00"),
            ],
            [
                "late 03-07 10:00 to 03-07 11:00 order-unseen",
                "late 03-07 11:00 to 03-08 09:00 order-unclear",
                "late 03-08 09:00 to 03-08 10:00 queue",
            ],
            id="an order that could not be read",
        ),
    ],
)
def test_a_custody_worked_by_hand(events: list[Event], wanted: list[str]) -> None:
    assert lines(*events) == wanted
    assert key_of(events, HORIZON) == key_of(events, HORIZON, stride=True)


def sentence(when: str, term: int, credit: Term, name: str = "s1", **terms: Term) -> list[Event]:
    about = ("instrument", name)
    stated: dict[str, Term] = {"term_days": term, "jail_credit_days": credit}
    return [
        told("Sentenced", when, ("charge", "c1"), **stated),
        told("CommitmentReceived", when, about, kind="sentence", issued_at=at(when), booking="b1", **terms),
        told("Stated", when, about, **stated),
    ]


def projected(when: str, due: str, credit: int) -> Event:
    terms: dict[str, Term] = {"projected_release_at": at(due), "projected_credit_days": credit}
    return told("ReleaseProjected", when, ("instrument", "s1"), **terms)


@pytest.mark.parametrize(
    ("events", "wanted"),
    [
        # 60 - 12 = 48, less 5, 43 days from 18 March: through 29 April.
        ([projected("03-19T10:00", "04-30T00:00", 12)], ["late 04-30 00:00 to 05-04 09:00 queue"]),
        (
            [projected("03-19T10:00", "05-03T00:00", 12)],
            ["late 04-30 00:00 to 05-03 00:00 arithmetic", "late 05-03 00:00 to 05-04 09:00 queue"],
        ),
        ([projected("03-19T10:00", "05-06T00:00", 0)], ["late 04-30 00:00 to 05-04 09:00 credit"]),
        ([], ["late 04-30 00:00 to 05-04 09:00 unknown"]),
    ],
)
def test_a_sentence_that_ended_before_the_door(events: list[Event], wanted: list[str]) -> None:
    whole = [*taken(), *sentence("03-18T11:00", 60, 12), *events, told("Released", "05-04T09:00")]
    assert lines(*whole) == wanted


@pytest.mark.parametrize(
    ("events", "cause"),
    [
        ([projected("03-19T10:00", "04-10T00:00", 12)], "arithmetic"),
        ([projected("03-19T10:00", "04-10T00:00", 24)], "credit"),
        ([], "unknown"),
        ([projected("03-19T10:00", "04-30T00:00", 12)], "unknown"),
    ],
)
def test_a_sentence_that_still_ran_at_the_door(events: list[Event], cause: str) -> None:
    whole = [*taken(), *sentence("03-18T11:00", 60, 12), *events, told("Released", "04-10T09:00")]
    assert lines(*whole) == [f"early 04-10 09:00 to 04-30 00:00 {cause}"]


def test_a_sentence_whose_paper_could_not_be_read() -> None:
    events = [
        *taken(),
        *sentence("03-18T11:00", 60, 12, order_readable=False),
        told("Released", "03-19T09:00"),
    ]
    assert lines(*events) == ["early 03-19 09:00 to 04-30 00:00 order-unclear"]


def test_a_warrant_that_the_jail_had_not_recorded() -> None:
    waits = told("WarrantLodged", "03-07T16:00", ("instrument", "w1"), "03-08T10:00", booking="b1")
    events = [*taken(), BOND, waits, told("Released", "03-07T19:00")]
    assert lines(*events) == ["early 03-07 19:00 to 03-07 19:00 order-unseen"]


def test_a_release_at_the_minute_a_sentence_ends_is_neither_late_nor_early() -> None:
    events = [*taken(), *sentence("03-18T11:00", 60, 12), told("Released", "04-30T00:00")]
    assert lines(*events) == []


@pytest.mark.parametrize(
    ("papers", "wanted"),
    [
        ([(30, 0, ""), (10, 0, "")], "03-31"),
        ([(30, 0, ""), (10, 4, "s0")], "04-06"),
        ([(29, 0, "")], "04-04"),
        ([(90, 90, "")], "03-06"),
        ([(364, 0, "")], "01-04"),
    ],
)
def test_the_end_of_sentences(papers: list[tuple[int, int, str]], wanted: str) -> None:
    issued = minute_of(at("03-06T08:00"))
    made = [
        PaperSheet(
            f"s{i}", "sentence", issued=issued, term_days=t, credit_days=c, runs_after=frozenset({a} - {""})
        )
        for i, (t, c, a) in enumerate(papers)
    ]
    end = sentences_end(made)
    assert end is not None
    assert format_instant(Instant(end * 60_000_000), ZONE)[5:16] == f"{wanted} 00:00"


def test_what_is_not_stated_is_filled_in_each_way() -> None:
    events = [*taken(), *detainer(), BOND, told("Released", "03-12T09:00")]
    unsaid = [
        e if "class" not in e.terms else replace(e, terms={**e.terms, "class": NotKnown.UNSTATED})
        for e in events
    ]
    assert lines(*unsaid) == ["open 03-07 17:00 to 03-11 17:00", "late 03-11 17:00 to 03-12 09:00 unknown"]
    assert {c.offence_class for each in worlds(custodies(unsaid)[0]) for c in each.charges.values()} == {
        "felony",
        "misdemeanor",
    }


def test_credit_that_is_not_stated_leaves_open_what_it_decides() -> None:
    whole = [*taken(), *sentence("03-18T11:00", 60, NotKnown.UNSTATED), told("Released", "05-20T09:00")]
    assert lines(*whole) == ["open 03-18 11:00 to 05-07 00:00", "late 05-07 00:00 to 05-20 09:00 unknown"]


def strides_differ(seed: int, longest: int) -> list[str]:
    """Custodies up to a length in minutes of which strides and minutes say different things."""
    first = parse_instant("2024-02-20T05:00:00Z")
    people = Population(seed=seed, first=first, people=2, days=25, planted=0.5)
    last = minute_of(people.horizon)
    odd: list[str] = []
    for person in people.tell():
        for sheet in custodies(person.events):
            if min(sheet.end, last) - sheet.start > longest:
                continue
            plain, strides = Walk(sheet, last), Walk(sheet, last)
            if merged(plain.minutes()) != merged(strides.minutes(stride=True)):
                odd.append(sheet.booking)
    return odd


@pytest.mark.parametrize("seed", range(4))
def test_strides_say_what_the_minutes_say(seed: int) -> None:
    assert strides_differ(seed, longest=3 * 1440) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4, 10))
def test_strides_say_what_the_minutes_say_of_long_custody(seed: int) -> None:
    assert strides_differ(seed, longest=90 * 1440) == []


@pytest.mark.parametrize("year", range(2022, 2036))
def test_holidays_are_those_that_others_list(year: int) -> None:
    days = [dt.date(year, 1, 1) + dt.timedelta(days=number) for number in range(365)]
    named = others.country_holidays("US", years=[year], observed=False)
    kept = others.country_holidays("US", years=[year - 1, year, year + 1], observed=True)
    assert [day for day in days if is_designated(day)] == [day for day in days if day in named]
    assert [day for day in days if is_kept(day)] == [day for day in days if day in kept]


def test_seconds_are_refused() -> None:
    event = told("Released", "03-07T19:00:30")
    with pytest.raises(NotWholeMinute):
        custodies([*taken(), event])


def test_sides_have_names() -> None:
    assert {side.value for side in Side} == {"late", "early", "open"}
