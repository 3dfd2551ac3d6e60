"""Audits of invented jails, whole: what held whom until when, and what nobody can know."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from habeas.authority.findings import Because, Rung, Verdict
from habeas.authority.inquiry import Regimen
from habeas.desk.audit import AuditRequest, Progress, audit
from habeas.desk.audit_findings import CustodyFinding, Timeliness
from habeas.desk.audit_report import AuditReport
from habeas.desk.library import library
from habeas.intake.recipes import bundled, bundled_paths
from habeas.kernel.instants import DAY, HOUR, Instant, earliest_of, latest_of, parse_instant, zone
from habeas.kernel.places import PlaceId, UnknownPlace
from habeas.law.precedence import Outcome
from habeas.law.questions import UnknownReading
from small_rosters import recipe, roster_file

SHARED = Path(os.environ.get("HABEAS_DATA") or Path(__file__).parents[3] / "shared" / "data")
NOW = parse_instant("2026-11-22T00:00:00Z")
EASTERN = zone("America/New_York")
# Friday to Saturday: the weekend lies in the way of a clock that pauses on it.
THEFT = "r1,b1,2017-03-03 10:00,{released},THEFT,{level},2017-03-04 09:00"
HOLD = "r2,b1,2017-03-03 10:00,{released},HOLD,,{released}"
JUNIPER = {
    "us/zz/sorrel": "us/zz/juniper",
    'booking = { join = ["booking"] }\n\n[[dis': (
        'booking = { join = ["booking"] }\nform = { is = "I-247:2012" }\n'
        'issuer_office = { is = "zz-office" }\n\n[[dis'
    ),
}
SUPPOSED = {'claim = "declared"': 'claim = "supposed"'}


@pytest.fixture(scope="module")
def regimen() -> Regimen:
    return library()


def request_for(regimen: Regimen, path: Path, **changes: str) -> AuditRequest:
    return AuditRequest(
        paths=[path], recipe=recipe(**changes), regimen=regimen, facts_known_at=NOW, law_known_at=NOW
    )


def held(regimen: Regimen, folder: Path, released: str, *, level: str = "F", **changes: str) -> AuditReport:
    rows = [row.format(released=released, level=level) for row in (THEFT, HOLD)]
    return audit(request_for(regimen, roster_file(folder, *rows), **changes))


def only(report: AuditReport) -> CustodyFinding:
    assert len(report.custodies) == 1
    return report.custodies[0]


def local(text: str) -> Instant:
    return parse_instant(text, EASTERN)


def test_custody_past_the_only_basis_is_certainly_late_to_the_minute(
    regimen: Regimen, tmp_path: Path
) -> None:
    report = held(regimen, tmp_path, "2017-03-06 11:00")
    found = only(report)
    assert found.timeliness is Timeliness.CERTAINLY_LATE
    assert found.certainly_ended == local("2017-03-04 09:00") == found.last_supported
    assert found.late.least == found.late.most == 2 * DAY + 2 * HOUR
    assert found.rung is Rung.BEYOND
    assert report.exit_code == 1
    assert not report.assumptions


def test_what_supported_custody_is_named_with_its_citation_and_the_jails_own_words(
    regimen: Regimen, tmp_path: Path
) -> None:
    first = only(held(regimen, tmp_path, "2017-03-06 11:00")).stretches[0]
    assert [(each.label, each.cite) for each in first.supports] == [
        ("THEFT", "Zenith Stat. 900.01 (fictional)")
    ]
    assert first.verdict is Verdict.LAWFUL


def test_custody_that_ends_with_its_basis_is_on_time(regimen: Regimen, tmp_path: Path) -> None:
    report = held(regimen, tmp_path, "2017-03-04 09:00")
    assert only(report).timeliness is Timeliness.CERTAINLY_ON_TIME
    assert report.exit_code == 0
    assert only(report).tail is None


@pytest.mark.parametrize(
    ("released", "timeliness", "least", "most"),
    [
        ("2017-03-06 08:59", Timeliness.CERTAINLY_ON_TIME, 0, 0),
        ("2017-03-06 10:00", Timeliness.POSSIBLY_LATE, 0, HOUR),
        ("2017-03-08 01:00", Timeliness.CERTAINLY_LATE, HOUR, 40 * HOUR),
    ],
)
def test_a_question_of_law_makes_bounds_and_never_a_midpoint(
    regimen: Regimen, tmp_path: Path, released: str, timeliness: Timeliness, least: int, most: int
) -> None:
    """A hold on a felony lasts 48 hours: to Monday 09:00 if weekends count, else to the end of Tuesday."""
    report = held(regimen, tmp_path, released, **JUNIPER)
    found = only(report)
    assert (found.timeliness, found.late.least, found.late.most) == (timeliness, least, most)
    if least < most:
        assert found.questions == ("juniper-weekend",)
        contested = [each for each in found.stretches if each.because is Because.CONTESTED]
        assert [set(each.by_verdict) for each in contested] == [{Verdict.LAWFUL, Verdict.UNLAWFUL}]
        assert [each.question for each in report.questions] == ["juniper-weekend"]
        assert not report.questions[0].given
    if timeliness is Timeliness.POSSIBLY_LATE:
        assert report.exit_code == 5


def test_a_reading_given_settles_its_question(regimen: Regimen, tmp_path: Path) -> None:
    rows = [row.format(released="2017-03-06 10:00", level="F") for row in (THEFT, HOLD)]
    asked = request_for(regimen, roster_file(tmp_path, *rows), **JUNIPER)
    for alternative, timeliness in (
        ("paused", Timeliness.CERTAINLY_ON_TIME),
        ("running", Timeliness.CERTAINLY_LATE),
    ):
        report = audit(replace(asked, reading={"juniper-weekend": alternative}))
        assert only(report).timeliness is timeliness
        assert report.reading_given == {"juniper-weekend": alternative}
        assert report.questions == ()


def test_without_any_claim_of_completeness_nothing_is_lawful_or_unlawful(
    regimen: Regimen, tmp_path: Path
) -> None:
    silent = {'facts = ["charge.*", "booking.*", "instrument.*", "person.*"]': 'facts = ["person.adult"]'}
    report = held(regimen, tmp_path, "2017-03-06 11:00", **silent)
    assert only(report).timeliness is Timeliness.NOT_ASSESSABLE
    assert set(report.totals.time_by_verdict) == {Verdict.UNDETERMINED}
    assert report.exit_code == 6
    assert report.totals.by_missing
    assert "exact time" not in "".join(report.meanings.values())
    assert {
        each for each in report.totals.by_missing if each.startswith("instrument.")
    } <= report.meanings.keys()


def test_what_is_only_supposed_is_no_fact_and_says_so(regimen: Regimen, tmp_path: Path) -> None:
    report = held(regimen, tmp_path, "2017-03-06 11:00", **SUPPOSED)
    assert only(report).timeliness is Timeliness.CERTAINLY_LATE
    assert report.assumptions == ("The invented jail declares that its file shows all there is.",)
    assert report.coverage == ()
    assert set(report.totals.time_unsupposed) == {Verdict.UNDETERMINED}
    assert report.exit_code == 6, "nothing supposed is found as a fact"


def test_a_row_set_aside_leaves_its_booking_open(regimen: Regimen, tmp_path: Path) -> None:
    rows = [
        THEFT.format(released="2017-03-06 11:00", level="M"),
        "r9,b1,2017-03-03 10:00,2017-03-06 11:00,ARSON,F,soon",
    ]
    report = audit(request_for(regimen, roster_file(tmp_path, *rows)))
    found = only(report)
    assert found.timeliness is Timeliness.NOT_ASSESSABLE
    assert Verdict.UNLAWFUL not in {each.verdict for each in found.stretches}
    assert "a row was set aside" in {each.kind for each in found.odd}
    assert [each.row for each in report.quarantined] == [2]


def test_a_row_that_names_nobody_is_supposed_nobodys_where_anything_is_supposed(
    regimen: Regimen, tmp_path: Path
) -> None:
    rows = [THEFT.format(released="2017-03-04 09:00", level="M"), "r9,,2017-03-03 10:00,,ARSON,F,soon"]
    report = audit(request_for(regimen, roster_file(tmp_path, *rows), **SUPPOSED))
    assert any("do not say whose they are: 1" in each for each in report.assumptions)


def test_an_end_before_the_start_is_not_assessable(regimen: Regimen, tmp_path: Path) -> None:
    report = held(regimen, tmp_path, "2017-03-01 11:00")
    assert only(report).timeliness is Timeliness.NOT_ASSESSABLE
    assert "end-before-start" in report.totals.odd


def test_somebody_still_held_is_decided_up_to_what_is_known(regimen: Regimen, tmp_path: Path) -> None:
    rows = [THEFT.format(released="", level="M")]
    found = only(audit(request_for(regimen, roster_file(tmp_path, *rows))))
    assert found.stretches[-1].end == NOW
    assert found.timeliness is Timeliness.CERTAINLY_LATE


def test_the_holds_row_that_outlasts_the_others_stands_on_the_ladder(
    regimen: Regimen, tmp_path: Path
) -> None:
    report = held(regimen, tmp_path, "2017-03-04 14:00")
    tail = only(report).tail
    assert tail is not None
    assert (tail.length, tail.rung) == (5 * HOUR, Rung.SIX_HOURS)
    assert report.totals.tails[Rung.SIX_HOURS] == 1


def test_stretches_cover_the_custody_once_without_gaps(regimen: Regimen, tmp_path: Path) -> None:
    found = only(held(regimen, tmp_path, "2017-03-08 01:00", **JUNIPER))
    assert (found.stretches[0].start, found.stretches[-1].end) == (found.start, found.end)
    assert all(one.end == other.start for one, other in pairwise(found.stretches))


def test_totals_are_sums_of_the_findings(regimen: Regimen, tmp_path: Path) -> None:
    rows = [row.format(released="2017-03-06 11:00", level="F") for row in (THEFT, HOLD)]
    rows += [row.replace("r1,b1", "r3,b2").replace("r2,b1", "r4,b2") for row in rows]
    report = audit(request_for(regimen, roster_file(tmp_path, *rows)))
    totals = report.totals
    assert totals.custodies == totals.by_timeliness[Timeliness.CERTAINLY_LATE] == 2
    assert totals.late[Timeliness.CERTAINLY_LATE].least == sum(each.late.least for each in report.custodies)
    assert totals.by_rung[Rung.BEYOND] == 2
    assert (report.figures[0].found, report.figures[0].explains) == ("2", "Agrees.")


def test_equal_inputs_give_an_equal_report_in_any_order_of_rows(regimen: Regimen, tmp_path: Path) -> None:
    rows = [row.format(released="2017-03-06 11:00", level="F") for row in (THEFT, HOLD)]
    one = audit(request_for(regimen, roster_file(tmp_path, *rows)))
    again = audit(request_for(regimen, roster_file(tmp_path, *rows)))
    other = audit(request_for(regimen, roster_file(tmp_path, *reversed(rows))))
    assert one == again
    assert one.custodies == other.custodies


def test_a_published_figure_that_differs_is_printed_beside_ours(regimen: Regimen, tmp_path: Path) -> None:
    figure = held(regimen, tmp_path, "2017-03-06 11:00").figures[0]
    assert (figure.found, figure.published) == ("1", "2")
    assert figure.explains.startswith("Differs")


def test_progress_is_told(regimen: Regimen, tmp_path: Path) -> None:
    told: list[Progress] = []
    path = roster_file(tmp_path, THEFT.format(released="2017-03-06 11:00", level="F"))
    audit(request_for(regimen, path), told.append)
    assert [each.stage for each in told] == ["reading rows", "deciding custody"]
    assert (told[-1].done, told[-1].total) == (1, 1)


def test_a_place_or_reading_the_rulebook_lacks_is_refused(regimen: Regimen, tmp_path: Path) -> None:
    asked = request_for(regimen, roster_file(tmp_path, THEFT.format(released="", level="F")))
    with pytest.raises(UnknownPlace):
        audit(replace(asked, place=PlaceId("us/zz/nowhere")))
    with pytest.raises(UnknownReading):
        audit(replace(asked, reading={"no-question": "x"}))


def test_another_place_may_be_asked(regimen: Regimen, tmp_path: Path) -> None:
    asked = request_for(regimen, roster_file(tmp_path, THEFT.format(released="", level="F")))
    assert audit(replace(asked, place=PlaceId("us/zz/juniper"))).place == "us/zz/juniper"


@pytest.fixture(scope="module")
def requests(regimen: Regimen) -> AuditReport:
    return audit(
        AuditRequest(
            paths=bundled_paths("npr-detainers"),
            recipe=bundled()["npr-detainers"],
            regimen=regimen,
            facts_known_at=NOW,
            law_known_at=NOW,
        )
    )


def test_requests_are_answered_by_law_alone_and_never_find_over_detention(requests: AuditReport) -> None:
    assert requests.rows == len(requests.requests) == 247
    assert requests.custodies == ()
    assert requests.totals.time_by_verdict == {}
    assert sum(requests.totals.by_outcome.values()) == 247
    assert all(any("in custody" in text for text in each.unknown) for each in requests.requests)


def test_each_request_says_what_the_law_of_its_own_day_let_its_jail_do(requests: AuditReport) -> None:
    """The county resolution of December 2013 bars what no text of the place spoke of before."""
    miami = [each for each in requests.requests if each.place == "us/fl/miami-dade"]
    before = [each for each in miami if latest_of(each.at) < parse_instant("2013-12-03T05:00:00Z")]
    after = [each for each in miami if earliest_of(each.at) > parse_instant("2014-01-02T05:00:00Z")]
    assert {view.outcome for each in after for view in each.views} == {Outcome.BARRED}
    assert {each.views[0].outcome for each in before} == {Outcome.SILENT}
    assert len(before) > 10
    assert len(after) == 4


def test_a_request_is_answered_under_every_reading(requests: AuditReport) -> None:
    orlando = next(each for each in requests.requests if each.facility == "ORANGE COUNTY JAIL")
    by_outcome = {view.outcome: view for view in orlando.views}
    assert set(by_outcome) == {Outcome.SILENT, Outcome.MAY_HOLD}
    assert by_outcome[Outcome.MAY_HOLD].readings == ({"regulation-alone": "permits"},)
    assert any("48 hours" in cap for cap in by_outcome[Outcome.MAY_HOLD].caps)
    assert any("Orange County, Florida" in text for text in orlando.unknown)


PIERCE = Path("pierce_wa_jail_ice") / "ice_hold_bookings_charges.parquet"


@pytest.mark.slow
@pytest.mark.needs("shared-data")
def test_pierce_gives_the_published_figures_and_every_row_an_account(
    regimen: Regimen,
) -> None:
    pytest.importorskip("polars")
    report = audit(
        AuditRequest(
            paths=[SHARED / PIERCE],
            recipe=bundled()["pierce"],
            regimen=regimen,
            facts_known_at=NOW,
            law_known_at=NOW,
        )
    )
    assert [(a.rows, a.accepted) for a in report.files] == [(691, 691)]
    assert [each.explains for each in report.figures if each.published] == ["Agrees."] * 5
    assert report.totals.custodies == 204
    assert sum(report.totals.by_timeliness.values()) == 204
    assert sum(report.totals.tails.values()) == 47
    assert report.totals.tails[Rung.BEYOND] == 7
    assert report.totals.by_timeliness[Timeliness.CERTAINLY_LATE] == 4
    assert report.assumptions
    assert report.exit_code == 6
    assert set(report.totals.time_unsupposed) == {Verdict.UNDETERMINED}


OWN = {
    "same day": ("2017-03-04 23:00", "2017-03-04 09:30", "same day", 0),
    "two days too long": ("2017-03-06 11:00", "2017-03-04 09:30", "custody was supported less long", 2),
    "a day too short": ("2017-03-03 11:00", "2017-03-04 09:30", "custody was supported longer", -1),
    "none stated": ("", "2017-03-04 09:30", "the jail states no date", 0),
    "not a date": ("soon", "2017-03-04 09:30", "the jail's date cannot be read", 0),
}


@pytest.mark.parametrize("story", OWN)
def test_the_jails_own_date_is_set_beside_the_end_of_the_last_basis(
    regimen: Regimen, tmp_path: Path, story: str
) -> None:
    own, released, says, days = OWN[story]
    rows = roster_file(
        tmp_path,
        f"r1,b1,2017-03-03 10:00,{released},THEFT,F,2017-03-04 09:00,{own}",
        header="row,booking,booked,released,what,level,ended,due",
    )
    request = replace(request_for(regimen, rows), recipe=recipe().comparing("due"))
    report = audit(request)
    found = only(report).compared
    assert found is not None
    assert found.agreement.value.startswith(says)
    assert found.days == days
    assert sum(report.totals.agreement.values()) == 1
    assert report.files[0].accepted == 1


def test_no_column_compared_is_no_comparison(regimen: Regimen, tmp_path: Path) -> None:
    report = held(regimen, tmp_path, "2017-03-06 11:00")
    assert only(report).compared is None
    assert not report.totals.agreement
