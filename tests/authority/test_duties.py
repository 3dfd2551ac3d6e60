"""Duties that one of several things discharges, and the duty to begin a trial."""

from __future__ import annotations

import pytest

from small_engine import answers, differences, regimen_of

LAW = """
provisions:
  - id: try
    on: charge
    effect: must-try-by
    cite: invented
    says: The trial begins, or the charge ends, within three days of arrest.
    bearer: court
    met_by: [charge.trial_began_at, charge.disposed_at]
    consequence: basis-ends
    ends: {provisions: [us/zz/2000-custody-code#arrest]}
    clock: {anchor: charge.arrested_at, length: 3d, on_repeat: once, cite: invented}
"""
HELD = """
events:
  - {at: "2017-03-06 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
  - {at: "2017-03-06 09:00", event: FirstAppearance, booking: b1}
"""
DUE = 'what: must-try-by, by: "2017-03-09 08:00", bearer: court, consequence: basis-ends'
ASK = """
ask:
  - {at: "2017-03-09 07:59:59", verdict: %s, duty: {%s, state: %s}, cite: x}
  - {at: "2017-03-09 08:00", verdict: %s, duty: {%s, state: %s}, cite: x}
"""


def asked(before: str, state: str, after: str, then: str) -> str:
    return ASK % (before, DUE, state, after, DUE, then)


@pytest.mark.parametrize(
    "more",
    [
        '  - {at: "2017-03-08 09:00", event: TrialBegan, charge: c1}\n',
        '  - {at: "2017-03-08 09:00", event: TrialBegan, charge: c1}\n  - {at: "2017-03-20 09:00", event: ChargeDisposed, charge: c1}\n',
    ],
)
def test_a_trial_begun_in_time_meets_the_duty_though_the_charge_ends_later(more: str) -> None:
    told = (
        HELD
        + more
        + asked("LAWFUL", "met", "LAWFUL", "met")
        .replace('59", ', '59", known: "2017-04-01 00:00", ')
        .replace('08:00", verdict', '08:00", known: "2017-04-01 00:00", verdict')
    )
    assert differences(told, regimen_of({"2010-law": LAW})) == []


def test_a_charge_that_ended_meets_it_too() -> None:
    more = '  - {at: "2017-03-08 09:00", event: ChargeDisposed, charge: c1}\n'
    told = HELD + more + asked("UNLAWFUL", "met", "UNLAWFUL", "met")
    assert differences(told, regimen_of({"2010-law": LAW})) == []


def test_neither_breaches_it() -> None:
    told = HELD + asked("LAWFUL", "due", "UNLAWFUL", "breached")
    assert differences(told, regimen_of({"2010-law": LAW})) == []


def test_one_not_known_leaves_it_open_unless_the_other_came() -> None:
    unstated = '  - {at: "2017-03-06 10:00", event: Stated, charge: c1, trial_began_at: "?unstated"}\n'
    told = HELD + unstated + asked("LAWFUL", "due", "UNDETERMINED", "unknown")
    assert differences(told, regimen_of({"2010-law": LAW})) == []
    found = answers(told, regimen_of({"2010-law": LAW}))[1]
    assert {missing.atom[2] for missing in found.unknown} == {"trial_began_at"}
    ended = '  - {at: "2017-03-08 09:00", event: ChargeDisposed, charge: c1}\n'
    told = HELD + unstated + ended + asked("UNLAWFUL", "met", "UNLAWFUL", "met")
    assert differences(told, regimen_of({"2010-law": LAW})) == []
