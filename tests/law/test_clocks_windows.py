"""What a repeated anchor does: once, resume, restart, and the open question when a text is silent."""

from __future__ import annotations

import pytest

from habeas.kernel.instants import UncertainInstant, earliest_of, latest_of
from habeas.law.clocks import Anchor, Window, windows
from habeas.law.enactments import Clock, OnRepeat
from small_clocks import PAUSED, around, at, clock, extendable, pausable, some_time, wall


def repeated(clock_: Clock, *anchors: Anchor) -> tuple[Window, ...]:
    return windows(clock_, anchors, around())


def anchor(text: str, key: str = "e1", stopped: str = "") -> Anchor:
    return Anchor(some_time(text, text), key, some_time(stopped, stopped) if stopped else None)


class TestOnce:
    def test_every_later_anchor_has_the_first_deadline(self) -> None:
        found = repeated(
            clock("48h", on_repeat=OnRepeat.ONCE), anchor("2017-05-01 12:00"), anchor("2017-05-03 11:00")
        )
        assert [window.deadline.at for window in found] == [at("2017-05-03 12:00")] * 2
        assert [window.is_empty for window in found] == [False, False]
        assert not any(window.question for window in found)

    def test_a_hold_lodged_again_after_the_deadline_supports_nothing(self) -> None:
        found = repeated(
            clock("48h", on_repeat=OnRepeat.ONCE), anchor("2017-05-01 12:00"), anchor("2017-05-03 12:00")
        )
        assert found[1].is_empty

    def test_another_key_is_not_a_repetition(self) -> None:
        found = repeated(
            clock("48h", on_repeat=OnRepeat.ONCE),
            anchor("2017-05-01 12:00", "d1"),
            anchor("2017-05-03 11:00", "d2"),
        )
        assert found[1].deadline.at == at("2017-05-05 11:00")

    def test_the_order_in_which_anchors_are_given_does_not_matter(self) -> None:
        first, second = anchor("2017-05-01 12:00"), anchor("2017-05-02 12:00")
        rule = clock("48h", on_repeat=OnRepeat.ONCE)
        assert repeated(rule, first, second) == repeated(rule, second, first)

    def test_which_of_two_unknown_anchors_came_first_bounds_the_deadline(self) -> None:
        found = repeated(
            clock("48h", on_repeat=OnRepeat.ONCE), anchor("2017-05-01"), anchor("2017-05-01 18:00")
        )
        governing = found[0].deadline.at
        assert (earliest_of(governing), latest_of(governing)) == (
            at("2017-05-03 00:00"),
            at("2017-05-03 18:00"),
        )

    def test_a_certain_anchor_at_the_earliest_instant_of_an_unknown_one_comes_first(self) -> None:
        found = repeated(
            clock("48h", on_repeat=OnRepeat.ONCE), anchor("2017-05-01"), anchor("2017-05-01 00:00")
        )
        assert found[0].deadline.at == at("2017-05-03 00:00")


class TestRestart:
    def test_each_anchor_has_the_whole_length(self) -> None:
        found = repeated(
            clock("48h", on_repeat=OnRepeat.RESTART), anchor("2017-05-01 12:00"), anchor("2017-05-03 11:00")
        )
        assert [window.deadline.at for window in found] == [at("2017-05-03 12:00"), at("2017-05-05 11:00")]


class TestSilence:
    def test_a_later_window_is_an_open_question_as_long_as_a_restart_would_be(self) -> None:
        first, second = repeated(clock("48h"), anchor("2017-05-01 12:00"), anchor("2017-05-03 11:00"))
        assert (first.question, second.question) == (False, True)
        assert second.deadline.at == at("2017-05-05 11:00")

    def test_the_same_instant_on_two_papers_is_no_repetition(self) -> None:
        same = repeated(clock("48h"), anchor("2017-05-01 12:00"), anchor("2017-05-01 12:00"))
        assert [window.question for window in same] == [False, False]


class TestResume:
    RULE = clock("48h", on_repeat=OnRepeat.RESUME)

    def test_a_later_anchor_goes_on_with_what_is_left(self) -> None:
        found = repeated(
            self.RULE, anchor("2017-05-01 12:00", stopped="2017-05-02 12:00"), anchor("2017-05-10 08:00")
        )
        assert [window.deadline.at for window in found] == [at("2017-05-03 12:00"), at("2017-05-11 08:00")]

    def test_three_parts_make_one_length(self) -> None:
        found = repeated(
            self.RULE,
            anchor("2017-05-01 12:00", stopped="2017-05-02 12:00"),
            anchor("2017-05-10 08:00", stopped="2017-05-10 20:00"),
            anchor("2017-05-20 00:00"),
        )
        assert found[2].deadline.at == at("2017-05-20 12:00")

    def test_nothing_is_left_after_it_ran_out(self) -> None:
        found = repeated(
            self.RULE, anchor("2017-05-01 12:00", stopped="2017-05-04 12:00"), anchor("2017-05-10 08:00")
        )
        assert found[1].is_empty
        assert found[1].deadline.at == at("2017-05-03 12:00")

    def test_a_clock_that_nothing_stopped_runs_on(self) -> None:
        found = repeated(self.RULE, anchor("2017-05-01 12:00"), anchor("2017-05-02 12:00"))
        assert found[1].deadline.at == at("2017-05-03 12:00")

    def test_excluded_days_use_up_nothing(self) -> None:
        rule = clock("48h", on_repeat=OnRepeat.RESUME, excluded=PAUSED)
        found = repeated(
            rule, anchor("2017-03-03 12:00", stopped="2017-03-06 12:00"), anchor("2017-03-13 12:00")
        )
        assert found[1].deadline.at == at("2017-03-14 12:00")

    def test_civil_days_resume_by_days(self) -> None:
        rule = clock("5d", on_repeat=OnRepeat.RESUME)
        found = repeated(
            rule, anchor("2017-05-01 12:00", stopped="2017-05-03 12:00"), anchor("2017-05-10 08:00")
        )
        # 2 and 3 May are used; 11, 12 and 13 May are left.
        assert found[1].deadline.at == at("2017-05-14 00:00")

    def test_a_standing_pause_uses_up_nothing(self) -> None:
        rule = pausable("48h", on_repeat=OnRepeat.RESUME)
        found = windows(
            rule,
            (anchor("2017-05-01 12:00", stopped="2017-05-03 00:00"), anchor("2017-05-10 08:00")),
            around(pauses=(("2017-05-01 18:00", None),)),
        )
        assert found[1].deadline.not_before
        assert found[1].deadline.at == at("2017-05-12 02:00")

    def test_a_repetition_while_it_runs_is_part_of_the_same_run(self) -> None:
        found = repeated(
            self.RULE,
            anchor("2017-05-01 12:00"),
            anchor("2017-05-02 00:00", stopped="2017-05-02 12:00"),
            anchor("2017-05-10 08:00"),
        )
        # 24 hours ran from the first anchor, not 12 from the second.
        assert found[2].deadline.at == at("2017-05-11 08:00")

    def test_the_same_instant_on_two_papers_is_one_part(self) -> None:
        first = anchor("2017-05-01 12:00", stopped="2017-05-02 12:00")
        found = repeated(self.RULE, first, first, anchor("2017-05-10 08:00"))
        assert [window.deadline.at for window in found[:2]] == [at("2017-05-03 12:00")] * 2
        assert found[2].deadline.at == at("2017-05-11 08:00")

    def test_an_unknown_stop_leaves_an_unknown_rest(self) -> None:
        found = repeated(
            self.RULE, anchor("2017-05-01 12:00", stopped="2017-05-02"), anchor("2017-05-10 08:00")
        )
        rest = found[1].deadline.at
        assert isinstance(rest, UncertainInstant)
        assert (rest.earliest, latest_of(rest)) == (at("2017-05-10 20:00") + 1, at("2017-05-11 20:00"))

    def test_more_time_is_granted_to_the_clock_and_not_to_each_part(self) -> None:
        rule = extendable("48h", "24h", 1, on_repeat=OnRepeat.RESUME)
        found = windows(
            rule,
            (anchor("2017-05-01 12:00", stopped="2017-05-02 12:00"), anchor("2017-05-10 08:00")),
            around(grants=("2017-05-01 18:00",)),
        )
        assert [window.deadline.at for window in found] == [at("2017-05-04 12:00"), at("2017-05-12 08:00")]


@pytest.mark.parametrize("repeat", [None, *OnRepeat])
def test_one_anchor_is_the_same_whatever_a_repetition_does(repeat: OnRepeat | None) -> None:
    (only,) = repeated(clock("48h", on_repeat=repeat), anchor("2017-05-01 12:00"))
    assert (only.deadline.at, only.question) == (at("2017-05-03 12:00"), False)


def test_a_wall_time_repeated_is_that_of_each_day() -> None:
    found = repeated(
        wall("23:59", on_repeat=OnRepeat.RESTART), anchor("2019-04-02 15:20"), anchor("2019-04-04 09:00")
    )
    assert [window.deadline.at for window in found] == [at("2019-04-02 23:59"), at("2019-04-04 23:59")]


def test_no_anchor_opens_no_window() -> None:
    assert repeated(clock("48h")) == ()
