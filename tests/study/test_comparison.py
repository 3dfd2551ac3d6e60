"""One population under two laws: the table sums, the same law says the same, and what differs is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from habeas.authority.findings import Verdict
from habeas.authority.inquiry import Regimen
from habeas.desk.audit_findings import Stretch, Support
from habeas.desk.inventing import invent
from habeas.desk.library import library
from habeas.invented.population import Population
from habeas.kernel.instants import DAY, Instant, parse_instant, zone
from habeas.kernel.places import PlaceId, UnknownPlace
from habeas.report.compare_html import compare_page
from habeas.study.comparison import CompareRequest, Side, compare
from habeas.study.laying import Incomparable, ground_of, overlaps, past_at_end, supported_until, unnamed
from habeas.wire.compare_forms import CompareDocument
from small_pages import checked

JUNIPER, SORREL = PlaceId("us/zz/juniper"), PlaceId("us/zz/sorrel")
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 2, 9)


@pytest.fixture(scope="module", name="regimen")
def _regimen() -> Regimen:
    return library()


@pytest.fixture(scope="module", name="records")
def _records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    first = parse_instant("2024-01-01 00:00", zone("America/New_York"))
    invent(Population(seed=11, first=first, people=6, days=40), folder, None)
    return folder / "events.jsonl"


@pytest.fixture(scope="module", name="request_")
def _request(records: Path, regimen: Regimen) -> CompareRequest:
    return CompareRequest(
        paths=[records],
        recipe=None,
        regimen=regimen,
        a=Side(JUNIPER),
        b=Side(SORREL),
        first=FIRST,
        last=LAST,
        rate_cents=15_000,
    )


@pytest.fixture(scope="module", name="found")
def _found(request_: CompareRequest) -> CompareDocument:
    return compare(request_)


def test_the_cells_add_up_to_all_custody_and_so_does_each_side(found: CompareDocument) -> None:
    assert found.seconds > 0
    assert abs(sum(cell.seconds for cell in found.cells) - found.seconds) <= len(found.cells)
    for side in (found.a, found.b):
        assert abs(sum(side.by_verdict.values()) - found.seconds) <= 3


def test_what_differs_rests_on_the_detainer_that_only_one_county_honours(found: CompareDocument) -> None:
    assert found.invented
    assert {(each.side, each.rests_on, each.other) for each in found.grounds} == {
        ("a", "immigration detainer", "UNLAWFUL")
    }
    differing = [cell for cell in found.cells if cell.a != cell.b]
    assert sum(cell.seconds for cell in differing) == sum(each.seconds for each in found.grounds)
    assert (found.doors.b_first, found.doors.a_first) == (1, 0)
    assert found.doors.b_earlier_seconds == sum(each.seconds for each in found.grounds)


def test_one_law_against_itself_differs_in_nothing(request_: CompareRequest) -> None:
    same = compare(replace(request_, b=Side(JUNIPER)))
    assert all(cell.a == cell.b for cell in same.cells)
    assert (same.grounds, same.doors.a_first, same.doors.b_first) == ([], 0, 0)


def test_records_are_moved_by_whole_weeks_and_no_time_is_lost(
    request_: CompareRequest, found: CompareDocument
) -> None:
    moved = compare(replace(request_, b=Side(SORREL, day=dt.date(2025, 1, 1))))
    assert moved.b.moved_days % 7 == 0
    assert dt.date(2025, 1, 1) <= dt.date.fromisoformat(moved.b.first) < dt.date(2025, 1, 8)
    assert moved.seconds == found.seconds
    assert any("moved by" in limit for limit in moved.limits)


def test_before_a_law_was_made_it_supports_nobody_and_that_is_not_called_lawful(
    request_: CompareRequest,
) -> None:
    early = compare(replace(request_, b=Side(JUNIPER, day=dt.date(2001, 1, 1))))
    assert early.b.by_verdict != early.a.by_verdict
    assert early.seconds > 0


def test_the_page_nests_and_says_that_nobody_is_real(found: CompareDocument) -> None:
    page = compare_page(found)
    checked(page)
    assert page.count("Nobody in these figures is real.") >= 2


def test_days_in_the_wrong_order_or_without_custody_are_refused(request_: CompareRequest) -> None:
    with pytest.raises(Incomparable, match="not before"):
        compare(replace(request_, last=dt.date(2023, 1, 1)))
    with pytest.raises(Incomparable, match="found none"):
        compare(replace(request_, first=dt.date(2030, 1, 1), last=dt.date(2030, 1, 2)))
    with pytest.raises(UnknownPlace):
        compare(replace(request_, a=Side(PlaceId("us/zz/nowhere"))))


def stretch(start: int, end: int, verdict: Verdict, *labels: str) -> Stretch:
    supports = tuple(
        Support(subject=("instrument", label), label=label, provision="p", cite=f"s. {label}", says="")
        for label in labels
    )
    return Stretch(
        start=Instant(start * DAY),
        end=Instant(end * DAY),
        verdict=verdict,
        because=None,
        by_verdict={},
        supports=supports,
        unsettled=(),
        questions=(),
    )


YES, NO, OPEN = Verdict.LAWFUL, Verdict.UNLAWFUL, Verdict.UNDETERMINED


@pytest.mark.parametrize(
    ("stretches", "until", "past"),
    [
        ([stretch(0, 1, YES)], 1, 0),
        ([stretch(0, 1, YES), stretch(1, 3, NO)], 1, 2),
        ([stretch(0, 1, YES), stretch(1, 2, NO), stretch(2, 3, YES)], 3, 0),
        ([stretch(0, 1, YES), stretch(1, 2, OPEN), stretch(2, 3, NO)], None, 1),
        ([stretch(0, 2, NO)], 0, 2),
        ([], None, 0),
    ],
)
def test_where_support_ends_and_what_lies_past_it(
    stretches: Sequence[Stretch], until: int | None, past: int
) -> None:
    assert supported_until(stretches) == (None if until is None else until * DAY)
    assert past_at_end(stretches) == past * DAY


def test_a_side_with_more_custody_is_refused() -> None:
    with pytest.raises(Incomparable, match="same custody"):
        list(overlaps([stretch(0, 2, YES)], [stretch(0, 1, YES)]))


def test_a_ground_is_named_by_kind_with_its_citations() -> None:
    assert ground_of(stretch(0, 1, YES, "I-247A", "violation-hold")) == (
        "immigration detainer and violation-hold",
        ("s. I-247A", "s. violation-hold"),
    )
    assert ground_of(stretch(0, 1, YES))[0].startswith("one of several")


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("the charging document of sentence p-7-b1-s1", "the charging document of sentence"),
        ("the end of the sentence on this charge", "the end of the sentence on this charge"),
        ("instrument.jail_credit_days", "instrument.jail_credit_days"),
        ("the law of us/fl on [hold]: not encoded", "the law of us/fl on [hold]: not encoded"),
    ],
)
def test_no_number_of_anybodys_paper_is_in_a_report(fact: str, said: str) -> None:
    assert unnamed(fact) == said
