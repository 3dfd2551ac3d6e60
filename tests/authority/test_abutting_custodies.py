"""Released at an unknown hour of a day, taken in again on that day: each instant is in one custody.

Invented people in the fictional county.
"""

from __future__ import annotations

import pytest

from habeas.authority.findings import Verdict
from habeas.authority.inquiry import Inquiry
from habeas.authority.unknowns import settled
from habeas.kernel.instants import DAY, Instant, parse_instant, zone
from habeas.wire.tables import read_table
from small_custodies import rulebook

EASTERN = zone("America/New_York")
TABLE = """cases:
  - name: invented person
    place: us/zz/juniper
    custodian: county-jail
    complete: everything
    events:
      - {at: "2017-03-06 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
      - {at: "2017-03-06 12:00", event: FirstAppearance, booking: b1}
      - {at: "2017-03-09", event: Released, booking: b1}
      - {at: "2017-03-09 09:00", event: Arrested, booking: b2, charge: c2, class: felony}
      - {at: "2017-03-09 12:00", event: FirstAppearance, booking: b2}
      - {at: "2017-03-14 10:00", event: Released, booking: b2}
    ask:
      - {at: "2017-05-01 00:00", known: "2017-05-01 00:00"}
"""
DAY_ENDS = Instant(parse_instant("2017-03-09T00:00", EASTERN) + DAY)


@pytest.fixture(scope="module")
def inquiry() -> Inquiry:
    (trial,) = read_table(TABLE, "invented.yaml", rulebook())
    return trial.inquiry(next(iter(trial.asks())))


@pytest.mark.parametrize(
    ("at", "episode"),
    [
        ("2017-03-08T23:59:59", 0),
        ("2017-03-09T08:59:59", 0),
        ("2017-03-09T09:00", 1),
        ("2017-03-09T23:59:59.999999", 1),
        ("2017-03-10T00:00", 1),
        ("2017-03-14T10:00", None),
    ],
)
def test_an_instant_is_in_the_custody_that_surely_covers_it(
    inquiry: Inquiry, at: str, episode: int | None
) -> None:
    assert inquiry.episode_at(parse_instant(at, EASTERN)) == episode


def test_no_piece_of_the_second_custody_is_taken_for_freedom(inquiry: Inquiry) -> None:
    pieces = inquiry.derivation(1).pieces
    assert any(piece.start < DAY_ENDS < piece.end or piece.end == DAY_ENDS for piece in pieces)
    for piece in pieces:
        assert settled(inquiry, piece.start) is not Verdict.NOT_IN_CUSTODY
    assert settled(inquiry, Instant(DAY_ENDS - 1)) is Verdict.LAWFUL
