"""Each minute without a basis has one cause, and the causes add up to the over-detention.

Invented people in the fictional county; the law is Zenith's.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from habeas.authority.causes import Cause, CausePart, cause_of_early, causes_of_late
from habeas.authority.inquiry import Inquiry
from habeas.authority.overdetention import early_bases, overdetentions
from habeas.kernel.instants import earliest_of, parse_instant, zone
from habeas.wire.tables import read_table
from small_custodies import rulebook

EASTERN = zone("America/New_York")
ARREST = """
      - {at: "2017-03-06 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
      - {at: "2017-03-06 12:00", event: FirstAppearance, booking: b1}
      - {at: "2017-03-06 12:00", event: ProbableCauseFound, booking: b1}"""
SENTENCE = """
      - {at: "2017-03-13 11:00", event: Sentenced, charge: c1}
      - {at: "2017-03-13 11:00", event: CommitmentReceived, instrument: s1, kind: sentence, charge: c1, expires_at: "2017-04-12 09:00", jail_credit_days: "7"}"""
DETAINER = """
      - {at: "2017-03-06 15:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, form: %s, issued_at: "2017-03-06 14:00", issuer_office: zz-office, attached_warrant: none}"""


def asked(events: str, place: str = "us/zz/juniper") -> Inquiry:
    text = (
        f"cases:\n  - name: invented person\n    place: {place}\n    custodian: county-jail\n"
        f"    complete: everything\n    events:{events}\n"
        '    ask:\n      - {at: "2017-05-01 00:00", known: "2017-05-01 00:00"}\n'
    )
    (trial,) = read_table(text, "invented.yaml", rulebook())
    return trial.inquiry(next(iter(trial.asks())))


def late(events: str, place: str = "us/zz/juniper") -> list[tuple[str, Cause]]:
    """Where each part begins, and its cause; ends checked to meet and add up."""
    derivation = asked(events, place).derivation(0)
    parts: list[CausePart] = []
    for each in overdetentions(derivation.pieces, EASTERN):
        made = causes_of_late(derivation, each.interval)
        assert made[0].interval.start == each.interval.start
        assert made[-1].interval.end == each.interval.end
        assert all(one.interval.end == other.interval.start for one, other in pairwise(made))
        parts += made
    return [(_shown(part.interval.start), part.cause) for part in parts]


def _shown(at: int) -> str:
    days = ((at - parse_instant("2017-03-01T00:00", EASTERN)) / 86_400_000_000) + 1
    return f"{days:.3f}"


def at(text: str) -> str:
    return _shown(parse_instant(f"2017-{text}", EASTERN))


LATE = {
    "an order the jail recorded a day later, then carried out": (
        ARREST
        + """
      - {at: "2017-03-09 15:00", event: ReleaseOrdered, charge: c1, known: "2017-03-10 09:00"}
      - {at: "2017-03-10 11:00", event: Released, booking: b1}""",
        [("03-09T15:00", Cause.ORDER_UNSEEN), ("03-10T09:00", Cause.QUEUE)],
    ),
    "an order that could not be read until the clerk was asked": (
        ARREST
        + """
      - {at: "2017-03-09 15:00", event: ReleaseOrdered, charge: c1, order_readable: "false", known: "2017-03-09 16:00"}
      - {at: "2017-03-10 10:00", event: OrderClarified, charge: c1}
      - {at: "2017-03-10 11:00", event: Released, booking: b1}""",
        [
            ("03-09T15:00", Cause.ORDER_UNSEEN),
            ("03-09T16:00", Cause.ORDER_UNCLEAR),
            ("03-10T10:00", Cause.QUEUE),
        ],
    ),
    "a bond posted, and the queue": (
        ARREST
        + """
      - {at: "2017-03-07 12:00", event: BondPosted, charge: c1}
      - {at: "2017-03-08 01:30", event: Released, booking: b1}""",
        [("03-07T12:00", Cause.QUEUE)],
    ),
    "nobody brought the person before a judge": (
        """
      - {at: "2017-03-06 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
      - {at: "2017-03-08 11:00", event: Released, booking: b1}""",
        [("03-07T08:00", Cause.CLOCK)],
    ),
    "the jail counted a sentence a week too long, with the credit the court stated": (
        ARREST
        + SENTENCE
        + """
      - {at: "2017-03-14 09:00", event: ReleaseProjected, instrument: s1, projected_release_at: "2017-04-19 09:00", projected_credit_days: "7"}
      - {at: "2017-04-19 10:00", event: Released, booking: b1}""",
        [("04-12T09:00", Cause.ARITHMETIC), ("04-19T09:00", Cause.QUEUE)],
    ),
    "the jail left the credit out": (
        ARREST
        + SENTENCE
        + """
      - {at: "2017-03-14 09:00", event: ReleaseProjected, instrument: s1, projected_release_at: "2017-04-19 09:00", projected_credit_days: "0"}
      - {at: "2017-04-19 10:00", event: Released, booking: b1}""",
        [("04-12T09:00", Cause.CREDIT), ("04-19T09:00", Cause.QUEUE)],
    ),
    "a sentence ran out and nobody had written a date": (
        ARREST
        + SENTENCE
        + """
      - {at: "2017-04-14 10:00", event: Released, booking: b1}""",
        [("04-12T09:00", Cause.UNKNOWN)],
    ),
    "a detainer held its two days and then two more": (
        ARREST
        + DETAINER % "I-247D"
        + """
      - {at: "2017-03-07 09:00", event: BondPosted, charge: c1}
      - {at: "2017-03-11 09:00", event: Released, booking: b1}""",
        [("03-09T09:00", Cause.HOLD_LAPSED)],
    ),
    "a detainer that came at an unknown hour of the day on which its two days were over": (
        ARREST
        + (DETAINER % "I-247D").replace('"2017-03-06 15:00"', '"2017-03-09"')
        + """
      - {at: "2017-03-07 09:00", event: BondPosted, charge: c1}
      - {at: "2017-03-11 09:00", event: Released, booking: b1}""",
        [("03-07T09:00", Cause.QUEUE), ("03-09T09:00", Cause.HOLD_LAPSED)],
    ),
    "the issuer took its detainer back, and nobody opened the door": (
        ARREST
        + DETAINER % "I-247D"
        + """
      - {at: "2017-03-07 09:00", event: BondPosted, charge: c1}
      - {at: "2017-03-08 09:00", event: DetainerWithdrawn, instrument: d1}
      - {at: "2017-03-08 20:00", event: Released, booking: b1}""",
        [("03-08T09:00", Cause.HOLD_STALE)],
    ),
    "a form that asks only for notice": (
        ARREST
        + DETAINER % "I-247N"
        + """
      - {at: "2017-03-07 09:00", event: BondPosted, charge: c1}
      - {at: "2017-03-08 20:00", event: Released, booking: b1}""",
        [("03-07T09:00", Cause.HOLD_VOID)],
    ),
    "a form that asks only for notice, declined": (
        ARREST
        + DETAINER % "I-247N"
        + """
      - {at: "2017-03-06 16:00", event: DetainerDeclined, instrument: d1}
      - {at: "2017-03-07 09:00", event: BondPosted, charge: c1}
      - {at: "2017-03-08 20:00", event: Released, booking: b1}""",
        [("03-07T09:00", Cause.QUEUE)],
    ),
    "booked on nothing": (
        """
      - {at: "2017-03-06 08:00", event: Booked, booking: b1}
      - {at: "2017-03-06 20:00", event: Released, booking: b1}""",
        [("03-06T08:00", Cause.NO_AUTHORITY)],
    ),
}


@pytest.mark.parametrize("story", LATE, ids=lambda story: story.replace(" ", "-"))
def test_the_causes_of_custody_without_a_basis(story: str) -> None:
    events, expected = LATE[story]
    assert late(events) == [(at(when), cause) for when, cause in expected]


EARLY = {
    "a commitment that came to hand after the door": (
        ARREST
        + """
      - {at: "2017-03-08 09:00", event: BondPosted, charge: c1}
      - {at: "2017-03-08 08:00", event: WarrantLodged, instrument: w1, kind: commitment, known: "2017-03-09 08:00"}
      - {at: "2017-03-08 10:00", event: Released, booking: b1}""",
        Cause.ORDER_UNSEEN,
    ),
    "a sentence the jail thought was over, credit doubled": (
        ARREST
        + SENTENCE
        + """
      - {at: "2017-03-14 09:00", event: ReleaseProjected, instrument: s1, projected_release_at: "2017-04-05 09:00", projected_credit_days: "14"}
      - {at: "2017-04-05 10:00", event: Released, booking: b1}""",
        Cause.CREDIT,
    ),
    "a sentence the jail thought was over, the credit right": (
        ARREST
        + SENTENCE
        + """
      - {at: "2017-03-14 09:00", event: ReleaseProjected, instrument: s1, projected_release_at: "2017-04-05 09:00", projected_credit_days: "7"}
      - {at: "2017-04-05 10:00", event: Released, booking: b1}""",
        Cause.ARITHMETIC,
    ),
    "a sentence, and no date of the jail's own": (
        ARREST
        + SENTENCE
        + """
      - {at: "2017-04-05 10:00", event: Released, booking: b1}""",
        Cause.UNKNOWN,
    ),
}


@pytest.mark.parametrize("story", EARLY, ids=lambda story: story.replace(" ", "-"))
def test_the_cause_of_a_release_before_the_end(story: str) -> None:
    events, cause = EARLY[story]
    derivation = asked(events).derivation(0)
    standing = early_bases(derivation)
    assert standing
    assert cause_of_early(derivation, earliest_of(derivation.episode.end), standing) is cause


def test_a_release_at_the_end_is_not_early() -> None:
    events = (
        ARREST
        + SENTENCE
        + """
      - {at: "2017-04-12 09:00", event: Released, booking: b1}"""
    )
    assert early_bases(asked(events).derivation(0)) == ()


def test_papers_of_a_later_booking_do_not_make_an_earlier_release_early() -> None:
    events = (
        ARREST
        + SENTENCE
        + """
      - {at: "2017-04-12 09:00", event: Released, booking: b1}
      - {at: "2017-04-20 09:00", event: Arrested, booking: b2, charge: c2, class: felony}
      - {at: "2017-04-21 09:00", event: WarrantLodged, instrument: w2, kind: commitment}"""
    )
    assert early_bases(asked(events).derivation(0)) == ()


def test_a_release_known_only_to_the_day_is_early_if_it_was_at_every_hour_of_it() -> None:
    released = """
      - {at: "%s", event: Released, booking: b1}"""
    for day, early in (("2017-04-11", True), ("2017-04-12", False)):
        derivation = asked(ARREST + SENTENCE + released % day).derivation(0)
        assert bool(early_bases(derivation)) is early
