"""What stands for all that an unknown could be: the points at which clocks and comparisons turn."""

from __future__ import annotations

import pytest

from habeas.authority.findings import Verdict
from small_engine import answers, differences, regimen_of

CAP = """
provisions:
  - {id: may, on: instrument, kinds: [immigration-detainer], effect: may-hold, stratum: hold, cite: invented}
  - id: cap
    on: instrument
    kinds: [immigration-detainer]
    effect: cap
    cite: invented
    limits: {strata: [hold]}
    clock: {anchor: instrument.served_at, key: instrument, on_repeat: once, cite: invented, %s}
"""
HELD = """
events:
  - {at: "2017-03-06 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
  - {at: "2017-03-06 09:00", event: FirstAppearance, booking: b1}
  - {at: "2017-03-06 10:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer%s}
  - {at: "2017-03-06 12:00", event: BondPosted, charge: c1}
%sask:
  - {at: "2017-03-10 12:00", known: "2017-06-01 00:00", %scite: x}
"""
UNSTATED = ', served_at: "?unstated"'


@pytest.mark.parametrize(
    ("clock", "turns"),
    [
        ("kind: civil-days, length: 2d", "2017-03-08 00:00"),
        ("kind: civil-days, length: 1d, excluded: [thursday]", "2017-03-08 00:00"),
        ('kind: wall, length: "23:59"', "2017-03-10 00:00"),
    ],
)
def test_the_anchor_from_which_a_clock_would_just_have_run_out_is_found(clock: str, turns: str) -> None:
    (found,) = answers(HELD % (UNSTATED, "", ""), regimen_of({"2010-law": CAP % clock}))
    (missing,) = [each for each in found.unknown if each.atom[2] == "served_at"]
    assert dict(missing.settles) == {
        f"before {turns} EST (UTC-05:00)": Verdict.UNLAWFUL,
        f"from {turns} EST (UTC-05:00) and until 2017-03-10 12:00 EST (UTC-05:00)": Verdict.LAWFUL,
        "after 2017-03-10 12:00 EST (UTC-05:00)": Verdict.UNLAWFUL,
        "never": Verdict.UNLAWFUL,
    }


@pytest.mark.parametrize(
    ("served", "verdict"),
    [("2017-03-07", "UNLAWFUL"), ("2017-03-08", "LAWFUL"), ("2017-03-10", "UNDETERMINED")],
)
def test_a_day_without_an_hour_is_tried_at_each_order_that_matters(served: str, verdict: str) -> None:
    event = f'  - {{at: "{served}", event: DetainerServed, instrument: d1}}\n'
    told = HELD % ("", event, f"verdict: {verdict}, ")
    assert differences(told, regimen_of({"2010-law": CAP % "kind: civil-days, length: 2d"})) == []


BESIDE = """
provisions:
  - id: beside
    on: instrument
    kinds: [immigration-detainer]
    effect: may-hold
    stratum: hold
    cite: invented
    when: {if: "%s"}
"""


@pytest.mark.parametrize(
    ("limb", "turns"),
    [
        ("instrument.served_at >= instrument.lodged_at + 6h", "2017-03-06 16:00"),
        ("instrument.served_at + 6h >= instrument.lodged_at", "2017-03-06 04:00"),
        ("instrument.served_at >= 2017-03-08", "2017-03-08 00:00"),
    ],
)
def test_a_fact_beside_it_and_what_is_added_turn_the_verdict(limb: str, turns: str) -> None:
    (found,) = answers(HELD % (UNSTATED, "", ""), regimen_of({"2010-law": BESIDE % limb}))
    (missing,) = found.unknown
    assert dict(missing.settles) == {
        f"before {turns} EST (UTC-05:00)": Verdict.UNLAWFUL,
        f"from {turns} EST (UTC-05:00)": Verdict.LAWFUL,
        "never": Verdict.LAWFUL,
    }
