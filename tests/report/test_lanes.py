"""What a picture shows is what the engine answers, no more and no less."""

import pytest

from habeas.authority.answer import answer
from habeas.kernel.instants import FOREVER, HOUR, MINUTE, Instant, format_instant, parse_instant, zone
from habeas.report.lanes import State, picture, span_of
from habeas.report.law_lanes import Force
from habeas.report.sentences import state_of
from small_custodies import Custody, as_known_then, as_recorded, barred, class_unknown

ALL = [as_known_then, as_recorded, class_unknown, barred]
EASTERN = zone("America/New_York")


def local(text: str) -> Instant:
    return parse_instant(text, EASTERN)


@pytest.mark.parametrize("custody", ALL)
def test_every_stretch_of_the_bar_is_the_answer_at_both_its_ends(custody: Custody) -> None:
    inquiry = custody()
    for stretch in picture(inquiry, 0).answer:
        for at in (stretch.start, Instant(stretch.end - 1)):
            found = answer(inquiry, at)
            assert state_of(found.verdict, found.because) is stretch.state, format_instant(at, EASTERN)


@pytest.mark.parametrize("custody", ALL)
def test_the_bar_has_no_gap_and_no_overlap(custody: Custody) -> None:
    stretches = picture(custody(), 0).answer
    assert [each.start for each in stretches[1:]] == [each.end for each in stretches[:-1]]


def test_what_comes_after_the_record_is_projected_and_nothing_before_it() -> None:
    inquiry = as_known_then()
    shown = picture(inquiry, 0)
    assert shown.is_open
    for stretch in shown.answer:
        assert stretch.projected is (stretch.start >= inquiry.record.known_at)
    assert {each.projected for each in shown.answer} == {True, False}


def test_a_recorded_end_leaves_nothing_projected() -> None:
    shown = picture(as_recorded(), 0)
    assert not shown.is_open
    assert not any(each.projected for each in shown.answer)
    last = shown.answer[-1]
    assert (last.state, last.end - last.start) == (State.NO_AUTHORITY, 18 * HOUR + 20 * MINUTE)


def test_the_detainer_waits_from_lodging_until_the_bond_is_posted() -> None:
    lane = next(each for each in picture(as_recorded(), 0).lanes if each.subject == ("instrument", "d1"))
    assert [(mark.word, mark.at) for mark in lane.marks] == [("lodged", local("2017-02-16 15:00"))]
    assert [(each.start, each.end) for each in lane.stretches] == [
        (local("2017-02-17 17:00"), local("2017-02-22 17:00"))
    ]


def test_a_paper_that_never_supports_custody_says_so() -> None:
    lane = next(each for each in picture(barred(), 0).lanes if each.subject[0] == "instrument")
    assert lane.stretches == ()
    assert lane.note == "supports nothing here"


def test_bands_are_the_weekend_and_the_holiday_of_the_clock_that_runs() -> None:
    bands = picture(as_recorded(), 0).bands
    assert [(each.name, each.start) for each in bands] == [
        ("weekend", local("2017-02-18 00:00")),
        ("weekend", local("2017-02-19 00:00")),
        ("Washington's Birthday", local("2017-02-20 00:00")),
    ]


def test_law_that_is_drawn_is_in_force_where_it_is_drawn() -> None:
    inquiry = as_recorded()
    shown = picture(inquiry, 0)
    lane = next(each for each in shown.law if each.ref == "us/zz/juniper/2014-detainer-ordinance")
    assert [(each.start, each.end, each.force) for each in lane.stretches] == [
        (shown.start, shown.end, Force.IN_FORCE)
    ]


def test_a_given_span_is_shown_whole() -> None:
    inquiry = as_recorded()
    start, end = span_of(inquiry, 0)
    wider = (Instant(start - HOUR), Instant(end + HOUR))
    shown = picture(inquiry, 0, span=wider)
    assert (shown.start, shown.end) == wider
    assert shown.answer == picture(inquiry, 0).answer


def test_an_open_custody_ends_with_the_picture_and_not_with_the_calendar() -> None:
    shown = picture(class_unknown(), 0)
    assert shown.answer[-1].end == shown.end < FOREVER
