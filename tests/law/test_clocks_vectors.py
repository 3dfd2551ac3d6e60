"""Worked vectors 1-5 and 7-11: what each text's clock comes to, one row each, with its citation.

Vectors 6, 12 and 16-18 turn on more than a clock and are asked of the whole answer elsewhere.
"""

from __future__ import annotations

from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from habeas.kernel.instants import civil_date_of, local_of
from habeas.law.clocks import deadline
from habeas.law.enactments import Clock
from small_clocks import CENTRAL, EASTERN, PACIFIC, PAUSED, around, at, clock, extendable, pausable, wall


class Vector(NamedTuple):
    """One row: from when, by which clock, until when, and by what text."""

    name: str
    anchor: str
    clock: Clock
    until: str
    cite: str
    zone: ZoneInfo = EASTERN


REGULATION = clock("48h", excluded=PAUSED)
PLAIN = clock("48h")

VECTORS = (
    Vector("1 Friday before Presidents' Day", "2017-02-17 17:00", REGULATION, "2017-02-22 17:00", "8 C.F.R. 287.7(d); 5 U.S.C. 6103(a)"),
    Vector("2 Friday before an ordinary weekend", "2017-03-03 17:00", REGULATION, "2017-03-07 17:00", "8 C.F.R. 287.7(d)"),
    Vector("3 Saturday: the clock waits for Monday", "2017-03-04 10:00", REGULATION, "2017-03-08 00:00", "8 C.F.R. 287.7(d)"),
    Vector("4 Friday before Labor Day", "2017-09-01 17:00", REGULATION, "2017-09-06 17:00", "8 C.F.R. 287.7(d); 5 U.S.C. 6103(a)"),
    Vector("5 plain hours across the change to summer time", "2017-03-10 12:00", PLAIN, "2017-03-12 13:00", "48 hours that run; clocks went forward 12 March 2017"),
    Vector("7 from receipt: run out before release", "2025-01-06 09:00", PLAIN, "2025-01-08 09:00", "N.C.G.S. 162-62(b1), S.L. 2024-55"),
    Vector("7 from release", "2025-01-09 10:00", PLAIN, "2025-01-11 10:00", "N.C.G.S. 162-62(b1), S.L. 2025-85"),
    Vector("8 until 11:59 p.m. of that day", "2019-04-02 15:20", wall("23:59"), "2019-04-02 23:59", "N.J. A.G. Directive 2018-6 (v. of Nov. 2018)"),
    Vector("9 before a judge", "2018-12-22 03:00", clock("24h"), "2018-12-23 03:00", "Fla. R. Crim. P. 3.130(a)"),
    Vector("9 probable cause", "2018-12-22 03:00", PLAIN, "2018-12-24 03:00", "Fla. R. Crim. P. 3.133(a)(1)"),
    Vector("10 day 30", "2018-01-02 11:00", clock("30d"), "2018-02-02 00:00", "Fla. R. Crim. P. 3.134, first day by r. 3.040"),
    Vector("10 day 33, a Sunday", "2018-01-02 11:00", clock("33d"), "2018-02-05 00:00", "Fla. R. Crim. P. 3.134(1)"),
    Vector("10 day 33, if r. 3.040 moves it to Monday", "2018-01-02 11:00", clock("33d", roll_forward=PAUSED), "2018-02-06 00:00", "Fla. R. Crim. P. 3.134(1), 3.040"),
    Vector("10 day 40, a Sunday", "2018-01-02 11:00", clock("40d"), "2018-02-12 00:00", "Fla. R. Crim. P. 3.134(2)"),
    Vector("10 day 40, if r. 3.040 moves it to Monday", "2018-01-02 11:00", clock("40d", roll_forward=PAUSED), "2018-02-13 00:00", "Fla. R. Crim. P. 3.134(2), 3.040"),
    # The clock cannot know court sessions; of a Wednesday arrest after session the section itself
    # says "not later than the following Friday", which is two civil days to the end of the day.
    Vector("11 Wednesday after session", "2018-05-23 20:00", clock("2d"), "2018-05-26 00:00", "Cal. Penal Code 825(a)(2), third sentence", PACIFIC),
    Vector("11 the 48 hours alone", "2018-05-23 20:00", clock("48h", excluded=("sunday", "holiday")), "2018-05-25 20:00", "Cal. Penal Code 825(a)(1)", PACIFIC),
)  # fmt: skip


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: row.name)
def test_worked_vector(row: Vector) -> None:
    found = deadline(row.clock, at(row.anchor, row.zone), around(row.zone))
    assert found.at == at(row.until, row.zone), row.cite
    assert not found.not_before
    assert found.anomaly is None


@pytest.mark.parametrize(
    ("grants", "until"),
    [
        ((), "2018-12-24 03:00"),
        (("2018-12-23 20:00",), "2018-12-25 03:00"),
        (("2018-12-23 20:00", "2018-12-24 20:00"), "2018-12-26 03:00"),
    ],
)
def test_vector_9_probable_cause_with_extensions(grants: tuple[str, ...], until: str) -> None:
    # Fla. R. Crim. P. 3.133(a)(1): 24 hours beyond the 48, then 24 additional hours, each on a showing.
    florida = extendable("48h", "24h", 2)
    assert deadline(florida, at("2018-12-22 03:00"), around(grants=grants)).at == at(until)


def test_vector_11_falls_on_friday_25_may() -> None:
    days = {
        civil_date_of(found, PACIFIC).isoformat()
        if local_of(found, PACIFIC).time.hour
        else "start of 2018-05-26"
        for length, more in (("48h", {"excluded": ("sunday", "holiday")}), ("2d", {}))
        if isinstance(
            found := deadline(clock(length, **more), at("2018-05-23 20:00", PACIFIC), around(PACIFIC)).at, int
        )
    }
    assert days == {"2018-05-25", "start of 2018-05-26"}


def test_the_illinois_preliminary_hearing_continues_where_it_was_suspended() -> None:
    # 725 ILCS 5/109-3.1(b), (c): 30 days from custody; a delay by the defendant suspends the period.
    # 5 ILCS 70/1.11 leaves the first day out.
    illinois = pausable("30d")
    taken = at("2024-03-01 22:00", CENTRAL)
    assert deadline(illinois, taken, around(CENTRAL)).at == at("2024-04-01 00:00", CENTRAL)
    ended = around(CENTRAL, pauses=(("2024-03-11 00:00", "2024-03-18 00:00"),))
    assert deadline(illinois, taken, ended).at == at("2024-04-08 00:00", CENTRAL)
    standing = deadline(illinois, taken, around(CENTRAL, pauses=(("2024-03-11 00:00", None),)))
    assert standing.not_before
    assert standing.at == at("2024-04-01 00:00", CENTRAL)


def test_the_illinois_trial_clock_starts_at_zero_with_new_custody() -> None:
    # 725 ILCS 5/103-5(a): 120 days in continuous custody; law.md part 6, "new custody restarts".
    illinois = clock("120d", reset="booking.arrested_at")
    first = at("2023-01-10 08:00", CENTRAL)
    assert deadline(illinois, first, around(CENTRAL)).at == at("2023-05-11 00:00", CENTRAL)
    again = around(CENTRAL, resets=("2023-02-20 08:00",))
    assert deadline(illinois, first, again).at == at("2023-06-21 00:00", CENTRAL)


def test_a_regulation_that_pauses_and_a_form_that_does_not_differ_by_the_weekend() -> None:
    # The same Friday: 8 C.F.R. 287.7(d) against the plain 48 hours on the face of Form I-247A.
    friday = at("2017-03-03 17:00")
    assert deadline(PLAIN, friday, around()).at == at("2017-03-05 17:00")
    assert deadline(REGULATION, friday, around()).at == at("2017-03-07 17:00")
