"""The recipe for Pierce County's columns, on invented bookings of the fictional state."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from habeas.authority.findings import Rung, Verdict
from habeas.authority.inquiry import Regimen
from habeas.desk.audit import AuditRequest, audit
from habeas.desk.audit_findings import Timeliness
from habeas.desk.audit_report import AuditReport
from habeas.desk.library import library
from habeas.intake.recipes import bundled
from habeas.intake.rosters import read_roster
from habeas.kernel.instants import DAY, HOUR, parse_instant
from habeas.kernel.places import PlaceId
from small_rosters import roster_file

NOW = parse_instant("2026-11-22T00:00:00Z")
HEADER = (
    "booking_id,booking_dt,release_dt,booking_charge_desc,charge_release_dt,jurisdiction_cd,"
    "release_disposition_desc,record_hash,category"
)
LEFT = "2017-06-12 10:00"


@pytest.fixture(scope="module")
def regimen() -> Regimen:
    return library()


def booking(*rows: tuple[str, str, str], left: str = LEFT) -> list[str]:
    """Rows of one booking of Monday 5 June 2017: what, how it ended, when."""
    return [
        f"b1,2017-06-05 10:00,{left},{what},{ended},SUP,{how},r{number},misdemeanor"
        for number, (what, how, ended) in enumerate(rows)
    ]


def audited(regimen: Regimen, folder: Path, rows: Sequence[str]) -> AuditReport:
    path = roster_file(folder, *rows, name="ice_hold_bookings_charges.csv", header=HEADER)
    return audit(
        AuditRequest(
            paths=[path],
            recipe=bundled()["pierce"],
            regimen=regimen,
            place=PlaceId("us/zz/sorrel"),
            facts_known_at=NOW,
            law_known_at=NOW,
        )
    )


def test_a_hold_that_outlasts_a_dismissed_charge_is_late_if_what_is_supposed_is_so(
    regimen: Regimen, tmp_path: Path
) -> None:
    rows = booking(("THEFT 3", "Dismissed", "2017-06-06 09:00"), ("HOLD IMMIGRAT", "Immigration", LEFT))
    report = audited(regimen, tmp_path, rows)
    found = report.custodies[0]
    assert found.timeliness is Timeliness.CERTAINLY_LATE
    assert (found.late.least, found.late.most) == (4 * DAY + HOUR, 6 * DAY + HOUR)
    assert found.questions == ("regulation-alone",)
    assert found.tail is not None
    assert found.tail.rung is Rung.BEYOND
    assert report.exit_code == 6


@pytest.mark.parametrize("prison", ["WSI Chain", "Mini-Chain"])
def test_a_hold_row_that_ends_in_prison_shows_a_sentence_nobody_listed(
    regimen: Regimen, tmp_path: Path, prison: str
) -> None:
    rows = booking(("THEFT 3", "Dismissed", "2017-06-06 09:00"), ("HOLD IMMIGRAT", prison, LEFT))
    found = audited(regimen, tmp_path, rows).custodies[0]
    assert Verdict.UNLAWFUL not in {each.verdict for each in found.stretches}
    assert found.late.least == 0
    assert found.late.most == 6 * DAY + HOUR


def test_a_booking_of_a_hold_alone_does_not_say_why_custody_began(regimen: Regimen, tmp_path: Path) -> None:
    found = audited(regimen, tmp_path, booking(("HOLD IMMIGRAT", "Immigration", LEFT))).custodies[0]
    assert found.timeliness is Timeliness.NOT_ASSESSABLE
    assert "no row but the hold" in {each.kind for each in found.odd}


def test_time_served_ends_with_its_row_and_the_hold_at_most_two_working_days_later(
    regimen: Regimen, tmp_path: Path
) -> None:
    """Friday 9 June 2017, 09:00, and 48 hours without Saturday and Sunday: Tuesday 09:00."""
    left = "2017-06-20 10:00"
    rows = booking(
        ("DWI", "Time Served", "2017-06-09 09:00"), ("HOLD IMMIGRAT", "Immigration", left), left=left
    )
    found = audited(regimen, tmp_path, rows).custodies[0]
    assert found.certainly_ended == parse_instant("2017-06-13T09:00:00-07:00")
    assert found.late.least == 7 * DAY + HOUR


@pytest.mark.parametrize(
    ("what", "how", "kind"),
    [
        ("THEFT 3", "Cash Bail", "BondPosted"),
        ("THEFT 3", "PR", "ReleaseOrdered"),
        ("THEFT 3", "NCF Final", "ChargeDisposed"),
        ("COMM CUSTODY JAIL", "Time Served", "HoldLodged"),
        ("HOLD US MARSHAL", "US Marshall", "HoldLodged"),
        ("HOLD IMMIGRAT", "Cancel Detainer", "DetainerWithdrawn"),
    ],
)
def test_how_a_row_ended_says_what_happened_and_its_words_are_kept(
    tmp_path: Path, what: str, how: str, kind: str
) -> None:
    path = roster_file(tmp_path, *booking((what, how, LEFT)), name="x.csv", header=HEADER)
    rows = next(iter(read_roster([path], bundled()["pierce"]).people.values()))
    assert kind in {event.kind for event in rows.events.values()}
    assert what in rows.labels.values()


def test_the_holds_agency_keeps_its_raw_code_and_its_form_is_not_known(tmp_path: Path) -> None:
    path = roster_file(
        tmp_path, *booking(("HOLD IMMIGRAT", "Immigration", LEFT)), name="x.csv", header=HEADER
    )
    rows = next(iter(read_roster([path], bundled()["pierce"]).people.values()))
    lodged = next(event for event in rows.events.values() if event.kind == "DetainerLodged")
    assert lodged.terms["issuer"] == "SUP"
    assert "form" not in lodged.terms


def test_nothing_supposed_leaves_no_verdict(regimen: Regimen, tmp_path: Path) -> None:
    rows = booking(("THEFT 3", "Dismissed", "2017-06-06 09:00"), ("HOLD IMMIGRAT", "Immigration", LEFT))
    assert set(audited(regimen, tmp_path, rows).totals.time_unsupposed) == {Verdict.UNDETERMINED}


def test_figures_that_the_file_cannot_give_say_why(regimen: Regimen, tmp_path: Path) -> None:
    report = audited(regimen, tmp_path, booking(("HOLD IMMIGRAT", "Immigration", LEFT)))
    counted = {each.name: each for each in report.figures}
    assert counted["mean jail days"].found == "not counted"
    assert "max_seriousness" in counted["mean jail days"].explains
