"""Each step of a sentence computation by itself: what it does, what it refuses, what it leaves unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from habeas.kernel.instants import Instant, Precision, UncertainInstant, parse_instant, parse_when, zone
from habeas.law.computations import (
    Computation,
    Forfeiture,
    Sentence,
    UnsupportedSentence,
    compute,
    problems_of,
    sentence_of,
)
from habeas.law.enactments import Step

EASTERN = zone("America/New_York")
MONDAY = dt.date(2018, 3, 5)
BEGIN = {"from": "imposed", "first_day": "not-counted", "ends": "end-of-day"}
CONDUCT = {"rate": "1 for 1", "of": "whole", "earned": "full", "minimum": "none"}
CREDIT = {"unstated": "computed", "through": "day-before"}


def step(does: str, **parameters: str) -> Step:
    return Step(does, "a citation", parameters)


def begin(**more: str) -> Step:
    return step("start", **(BEGIN | more))


def term(name: str, days: int, **more: Any) -> Sentence:
    return replace(Sentence(id=name, days=days, imposed_on=MONDAY), **more)


def run(sentences: Sequence[Sentence], *steps: Step) -> Computation:
    return compute((begin(), *steps), sentences, EASTERN)


class TestStart:
    @pytest.mark.parametrize(
        ("first_day", "ends", "last", "at"),
        [
            ("not-counted", "end-of-day", "2018-03-15", "2018-03-16 00:00"),
            ("counted", "end-of-day", "2018-03-14", "2018-03-15 00:00"),
            ("counted", "start-of-day", "2018-03-14", "2018-03-14 00:00"),
            ("counted", "08:00", "2018-03-14", "2018-03-14 08:00"),
        ],
    )
    def test_which_day_is_the_last_and_when_it_ends(
        self, first_day: str, ends: str, last: str, at: str
    ) -> None:
        found = compute([begin(first_day=first_day, ends=ends)], [term("s1", 10)], EASTERN)
        assert found.expires_on == dt.date.fromisoformat(last)
        assert found.expires_at == parse_instant(at, EASTERN)

    def test_a_sentence_can_begin_when_the_person_is_received(self) -> None:
        received = term("s1", 10, received_on=dt.date(2018, 3, 9))
        assert compute([begin(**{"from": "received"})], [received], EASTERN).expires_on == dt.date(
            2018, 3, 19
        )
        found = compute([begin(**{"from": "received"})], [term("s1", 10)], EASTERN)
        assert found.missing == ("s1.received_on",)

    def test_a_term_nobody_states_is_not_known(self) -> None:
        assert run([term("s1", 0)]).missing == ("s1.term",)

    @pytest.mark.parametrize(
        ("units", "days"),
        [({}, 365 + 31 + 3), ({"year": "360"}, 360 + 31 + 3), ({"month": "30"}, 365 + 30 + 3)],
    )
    def test_years_and_months_by_the_calendar_or_by_the_rule(self, units: dict[str, str], days: int) -> None:
        mixed = term("s1", 3, years=1, months=1)
        assert compute([begin(**units)], [mixed], EASTERN).days_to_serve == days

    def test_a_calendar_month_from_the_last_day_of_a_long_one(self) -> None:
        last = term("s1", 0, months=1, imposed_on=dt.date(2018, 1, 31))
        assert run([last]).expires_on == dt.date(2018, 2, 28)

    def test_the_end_the_court_stated_governs_and_a_different_one_is_an_anomaly(self) -> None:
        found = run([term("s1", 10, stated_end=dt.date(2018, 3, 20))])
        assert found.expires_on == dt.date(2018, 3, 20)
        assert found.anomalies == ("[s1]: the court stated its end as 2018-03-20, computed 2018-03-15",)
        assert run([term("s1", 10, stated_end=dt.date(2018, 3, 15))]).anomalies == ()


class TestCombine:
    def test_one_after_another_adds_up(self) -> None:
        found = run(
            [term("s1", 10), term("s2", 20, consecutive_to=("s1",))], step("combine", default="concurrent")
        )
        assert (found.days_to_serve, found.governs) == (30, ("s1", "s2"))

    def test_side_by_side_the_last_to_end_governs(self) -> None:
        later = term("s2", 10, imposed_on=dt.date(2018, 3, 12))
        found = run([term("s1", 12), later], step("combine", default="concurrent"))
        assert (found.expires_on, found.governs) == (dt.date(2018, 3, 22), ("s2",))

    def test_consecutive_by_default_follows_the_order_given(self) -> None:
        three = [term("s1", 10), term("s2", 20), term("s3", 30)]
        found = run(three, step("combine", default="consecutive"))
        assert (found.days_to_serve, found.governs) == (60, ("s1", "s2", "s3"))

    def test_the_order_is_that_in_which_they_were_imposed(self) -> None:
        later, first = term("s1", 10, imposed_on=dt.date(2018, 3, 6)), term("s2", 20)
        assert run([later, first], step("combine", default="consecutive")).governs == ("s2", "s1")

    def test_a_mixture_is_every_way_through_the_graph(self) -> None:
        # s3 after both s1 and s2, which run together; s4 beside everything.
        mixed = [
            term("s1", 10),
            term("s2", 25),
            term("s3", 30, consecutive_to=("s1", "s2")),
            term("s4", 50),
        ]
        found = run(mixed, step("combine", default="concurrent"))
        assert (found.days_to_serve, found.governs) == (55, ("s2", "s3"))
        assert [line.text for line in found.lines if "one after another" in line.text] == [
            "[s1 then s3] one after another: 40 days from 2018-03-05",
            "[s2 then s3] one after another: 55 days from 2018-03-05",
        ]

    def test_a_credit_on_one_sentence_does_not_shorten_the_one_beside_it(self) -> None:
        both = [term("s1", 30, stated_credit=20), term("s2", 25, stated_credit=0)]
        found = run(both, step("combine", default="concurrent"), step("credit", **CREDIT))
        assert (found.days_to_serve, found.governs) == (25, ("s2",))

    def test_a_month_runs_in_the_months_in_which_it_is_served(self) -> None:
        # One month from 5 March ends 5 April (31 days); the next from there ends 5 May (30 days).
        months = [term("s1", 0, months=1), term("s2", 0, months=1, consecutive_to=("s1",))]
        assert run(months, step("combine", default="concurrent")).expires_on == dt.date(2018, 5, 5)

    @pytest.mark.parametrize(
        ("sentences", "what"),
        [
            ([term("s1", 1), term("s1", 2)], "two sentences of one id"),
            ([term("s1", 1), term("s2", 2, consecutive_to=("s9",))], r"after \[s9\], which is not given"),
            (
                [term("s1", 1, consecutive_to=("s2",)), term("s2", 2, consecutive_to=("s1",))],
                "runs after itself",
            ),
            (
                [term("s1", 1), term("s2", 2, consecutive_to=("s1",), concurrent=True)],
                "both concurrent and consecutive",
            ),
            (
                [term("s1", 1), term("s2", 2, consecutive_to=("s1",), imposed_on=dt.date(2018, 4, 1))],
                "which had ended by then",
            ),
            (
                [
                    term(f"{row}{index}", 1, consecutive_to=() if not row else (f"{row - 1}0", f"{row - 1}1"))
                    for row in range(7)
                    for index in range(2)
                ],
                r"more than \[64\] chains",
            ),
        ],
    )
    def test_what_cannot_be_combined_is_refused_by_name(self, sentences: list[Sentence], what: str) -> None:
        with pytest.raises(UnsupportedSentence, match=what):
            run(sentences, step("combine", default="concurrent"))

    def test_as_many_chains_as_there_may_be(self) -> None:
        rows = [
            term(f"{row}{index}", 1, consecutive_to=() if not row else (f"{row - 1}0", f"{row - 1}1"))
            for row in range(6)
            for index in range(2)
        ]
        assert run(rows, step("combine", default="concurrent")).days_to_serve == 6

    def test_a_sentence_imposed_on_the_day_the_first_ends_runs_on(self) -> None:
        second = term("s2", 2, consecutive_to=("s1",), imposed_on=dt.date(2018, 3, 15))
        assert run([term("s1", 10), second], step("combine", default="concurrent")).days_to_serve == 12

    def test_whether_two_sentences_share_a_document_is_not_guessed(self) -> None:
        found = run([term("s1", 1, document="i1"), term("s2", 1)], step("combine", default="by-document"))
        assert found.missing == ("s2.document",)

    def test_by_day_sentences_of_one_day_run_together_and_others_one_after_another(self) -> None:
        later = dt.date(2018, 3, 9)
        rows = [term("s1", 20), term("s2", 10), term("s3", 5, imposed_on=later)]
        # s3 begins when both have ended: 20 and 5.
        assert run(rows, step("combine", default="by-day")).days_to_serve == 25
        beside = [*rows[:2], term("s3", 5, imposed_on=later, concurrent=True)]
        assert run(beside, step("combine", default="by-day")).days_to_serve == 20

    def test_whether_two_sentences_share_a_day_is_not_guessed(self) -> None:
        rows = [
            term("s1", 1, received_on=MONDAY),
            term("s2", 1, received_on=MONDAY, imposed_on=None),
        ]
        steps = (begin(**{"from": "received"}), step("combine", default="by-day"))
        assert compute(steps, rows, EASTERN).missing == ("s2.imposed_on",)

    def test_calendar_months_after_something_was_taken_off_are_refused(self) -> None:
        months = [
            term("s1", 40, stated_credit=1),
            term("s2", 0, months=1, consecutive_to=("s1",), stated_credit=1),
        ]
        with pytest.raises(UnsupportedSentence, match="calendar months or years"):
            run(months, step("credit", **CREDIT), step("combine", default="concurrent"))

    def test_credit_given_to_each_before_they_are_combined(self) -> None:
        each = [term("s1", 40, stated_credit=5), term("s2", 30, consecutive_to=("s1",), stated_credit=7)]
        found = run(each, step("credit", **CREDIT), step("combine", default="concurrent"))
        assert found.days_to_serve == 58

    def test_several_sentences_need_the_step(self) -> None:
        with pytest.raises(UnsupportedSentence, match=r"without a step \[combine\]"):
            run([term("s1", 1), term("s2", 1)])


class TestCap:
    def test_it_limits_what_runs_one_after_another(self) -> None:
        two = [term("s1", 400), term("s2", 400, consecutive_to=("s1",))]
        steps = (step("combine", default="concurrent"), step("cap", days="730"))
        assert run(two, *steps).days_to_serve == 730

    def test_a_single_sentence_is_not_limited(self) -> None:
        assert run([term("s1", 800)], step("cap", days="730")).days_to_serve == 800

    def test_what_may_lie_beyond_it_is_not_guessed(self) -> None:
        two = [term("s1", 400), term("s2", 400, consecutive_to=("s1",))]
        steps = (step("combine", default="concurrent"), step("cap", days="730", beyond="inside"))
        assert run(two, *steps).missing == ("s1.marks",)


class TestCredit:
    HELD = ((dt.date(2018, 2, 1), dt.date(2018, 2, 10)),)

    def test_overlapping_custody_is_counted_once(self) -> None:
        overlapping = (*self.HELD, (dt.date(2018, 2, 8), dt.date(2018, 2, 12)))
        assert run([term("s1", 100, custody=overlapping)], step("credit", **CREDIT)).days_to_serve == 88

    def test_custody_on_two_consecutive_sentences_is_counted_once(self) -> None:
        two = [term("s1", 100, custody=self.HELD), term("s2", 100, custody=self.HELD, consecutive_to=("s1",))]
        found = run(two, step("combine", default="concurrent"), step("credit", **CREDIT))
        assert found.days_to_serve == 190

    @pytest.mark.parametrize(("through", "days"), [("day-before", 95), ("day-of", 94)])
    def test_the_day_of_sentence(self, through: str, days: int) -> None:
        held = ((dt.date(2018, 2, 28), dt.date(2018, 3, 20)),)
        found = run([term("s1", 100, custody=held)], step("credit", unstated="computed", through=through))
        assert found.days_to_serve == days

    def test_the_courts_figure_governs_and_a_different_one_is_an_anomaly(self) -> None:
        found = run([term("s1", 100, stated_credit=12, custody=self.HELD)], step("credit", **CREDIT))
        assert found.days_to_serve == 88
        assert found.anomalies == (
            "[s1]: the court stated 12 days of credit, custody before sentence comes to 10",
        )

    def test_no_custody_is_known_as_none_only_when_it_is_said(self) -> None:
        assert run([term("s1", 100, custody=())], step("credit", **CREDIT)).days_to_serve == 100
        assert run([term("s1", 100)], step("credit", **CREDIT)).missing == ("s1.stated_credit",)

    def test_credit_stated_for_some_of_a_chain_is_refused(self) -> None:
        two = [term("s1", 100, stated_credit=3), term("s2", 100, consecutive_to=("s1",))]
        with pytest.raises(UnsupportedSentence, match="some of its sentences only"):
            run(two, step("combine", default="concurrent"), step("credit", **CREDIT))

    def test_a_term_already_served_ends_as_it_begins(self) -> None:
        found = run([term("s1", 10, stated_credit=30)], step("credit", **CREDIT))
        assert (found.days_to_serve, found.expires_at) == (0, parse_instant("2018-03-05 00:00", EASTERN))


class TestConduct:
    @pytest.mark.parametrize(
        ("rate", "days"),
        [("1 for 1", 50), ("2 for 2", 50), ("1 for 6", 86), ("1/3", 67), ("1/2", 50)],
    )
    def test_a_hundred_days(self, rate: str, days: int) -> None:
        assert run([term("s1", 100)], step("conduct", **(CONDUCT | {"rate": rate}))).days_to_serve == days

    @pytest.mark.parametrize(
        ("rate", "days"),
        [
            ("5 a month", 250),
            ("through month 2: 5, through month 4: 10, after: 15", 2 * 25 + 2 * 20 + 6 * 15),
        ],
    )
    def test_three_hundred_days_by_months(self, rate: str, days: int) -> None:
        conduct = step("conduct", **(CONDUCT | {"rate": rate, "month": "30"}))
        assert run([term("s1", 300)], conduct).days_to_serve == days

    @pytest.mark.parametrize(("of", "days"), [("whole", 10), ("rest", 30)])
    def test_whether_credited_days_earn(self, of: str, days: int) -> None:
        steps = (step("credit", **CREDIT), step("conduct", **(CONDUCT | {"of": of})))
        assert run([term("s1", 100, stated_credit=40)], *steps).days_to_serve == days

    def test_the_ledger_is_taken_where_the_rule_says_so(self) -> None:
        recorded = step("conduct", **(CONDUCT | {"earned": "recorded"}))
        assert run([term("s1", 100, earned_days=13)], recorded).days_to_serve == 87
        assert run([term("s1", 100)], recorded).missing == ("s1.earned_days",)
        over = run([term("s1", 100, earned_days=60)], recorded)
        assert over.days_to_serve == 50
        assert over.anomalies == ("[s1]: the ledger has 60 days of conduct credit, at most 50 can be earned",)

    def test_a_minimum_nobody_states_is_not_taken_for_none(self) -> None:
        kept = step("conduct", **(CONDUCT | {"minimum": "kept"}))
        assert run([term("s1", 100)], kept).missing == ("s1.minimum_days",)
        assert run([term("s1", 100, minimum_days=70)], kept).days_to_serve == 70
        assert run([term("s1", 100, minimum_days=200)], kept).days_to_serve == 100

    def test_an_exception_for_part_of_a_chain_is_refused(self) -> None:
        two = [
            term("s1", 50, marks=frozenset({"harm"})),
            term("s2", 50, consecutive_to=("s1",), marks=frozenset[str]()),
        ]
        with pytest.raises(UnsupportedSentence, match="excluded for some of its sentences only"):
            run(two, step("combine", default="concurrent"), step("conduct", **(CONDUCT | {"except": "harm"})))

    def test_conduct_before_combining_can_leave_one_part_out(self) -> None:
        two = [
            term("s1", 50, marks=frozenset({"harm"})),
            term("s2", 50, consecutive_to=("s1",), marks=frozenset[str]()),
        ]
        steps = (step("conduct", **(CONDUCT | {"except": "harm"})), step("combine", default="concurrent"))
        assert run(two, *steps).days_to_serve == 75


class TestForfeit:
    @pytest.mark.parametrize(("regained", "days"), [("no", 60), ("yes", 55)])
    def test_days_lost_are_served_and_may_be_earned_anew(self, regained: str, days: int) -> None:
        lost = term("s1", 100, forfeitures=(Forfeiture(dt.date(2018, 4, 1), 10),))
        found = run([lost], step("conduct", **CONDUCT), step("forfeit", regained=regained))
        assert found.days_to_serve == days

    def test_all_that_had_accrued_includes_what_credited_days_earned(self) -> None:
        lost = term(
            "s1", 100, stated_credit=20, forfeitures=(Forfeiture(MONDAY + dt.timedelta(days=10), None),)
        )
        steps = (step("credit", **CREDIT), step("conduct", **CONDUCT), step("forfeit", regained="no"))
        assert run([lost], *steps).days_to_serve == 30 + 30

    def test_no_more_is_lost_than_there_was(self) -> None:
        lost = term("s1", 100, forfeitures=(Forfeiture(dt.date(2018, 4, 1), 99),))
        assert run([lost], step("conduct", **CONDUCT), step("forfeit", regained="no")).days_to_serve == 100

    def test_the_whole_part_of_a_fraction_is_lost_at_once(self) -> None:
        lost = term("s1", 99, forfeitures=(Forfeiture(dt.date(2018, 4, 1), None),))
        steps = (step("conduct", **(CONDUCT | {"rate": "1/3"})), step("forfeit", regained="no"))
        assert run([lost], *steps).days_to_serve == 99

    def test_without_an_order_nothing_is_lost(self) -> None:
        assert (
            run([term("s1", 100)], step("conduct", **CONDUCT), step("forfeit", regained="no")).days_to_serve
            == 50
        )

    def test_a_ledger_already_has_what_was_earned_anew(self) -> None:
        steps = (step("conduct", **(CONDUCT | {"earned": "recorded"})), step("forfeit", regained="yes"))
        with pytest.raises(UnsupportedSentence, match="recorded ledger"):
            run([term("s1", 100, earned_days=10)], *steps)

    def test_conduct_on_each_part_alone_cannot_be_forfeited_as_one(self) -> None:
        two = [
            term("s1", 50, forfeitures=(Forfeiture(dt.date(2018, 4, 1), 5),)),
            term("s2", 50, consecutive_to=("s1",)),
        ]
        steps = (
            step("conduct", **CONDUCT),
            step("combine", default="concurrent"),
            step("forfeit", regained="no"),
        )
        with pytest.raises(UnsupportedSentence, match="each part alone"):
            run(two, *steps)


class TestTrim:
    def test_an_order_shortens_and_none_does_not(self) -> None:
        assert run([term("s1", 100, trim_days=5)], step("trim", at_most="7")).days_to_serve == 95
        assert run([term("s1", 100)], step("trim", at_most="7")).days_to_serve == 100

    def test_two_orders_on_one_chain_are_refused(self) -> None:
        two = [term("s1", 50, trim_days=5), term("s2", 50, consecutive_to=("s1",), trim_days=5)]
        with pytest.raises(UnsupportedSentence, match="orders that shorten more than one"):
            run(two, step("combine", default="concurrent"), step("trim", at_most="7"))


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        ([], r"the first step must be \[start\]"),
        ([step("credit", **CREDIT)], r"the first step must be \[start\]"),
        ([begin(), begin()], r"step \[start\] more than once"),
        ([begin(), step("parole")], r"step \[parole\]; expected one of start, combine"),
        ([begin(), step("forfeit", regained="no")], "nothing to lose"),
        ([begin(colour="red")], r"step \[start\] parameter \[colour\], which it does not have"),
        ([step("start")], r"parameter \[from\]: expected one of imposed, received, found \[\]"),
        ([begin(ends="noon")], r"parameter \[ends\]: expected end-of-day"),
        ([begin(ends="24:00")], r"parameter \[ends\]"),
        ([begin(year="long")], r"parameter \[year\]: expected a whole number"),
        ([begin(), step("combine", default="maybe")], "expected one of concurrent, consecutive, by-document, by-day"),
        ([begin(), step("cap")], "without days or years"),
        ([begin(), step("trim")], r"parameter \[at_most\]: expected a whole number"),
        ([begin(), step("conduct", **(CONDUCT | {"rate": "3/2"}))], r"parameter \[rate\]"),
        ([begin(), step("conduct", **(CONDUCT | {"rate": "5 a month"}))], r"parameter \[month\]"),
        ([begin(), step("conduct", **(CONDUCT | {"rate": "30 a month", "month": "30"}))], "fewer days off than a month"),
        ([begin(), step("conduct", **(CONDUCT | {"rate": "through month 2: 5", "month": "30"}))], r"parameter \[rate\]"),
    ],
)  # fmt: skip
def test_steps_that_cannot_compute_say_why(steps: list[Step], what: str) -> None:
    assert problems_of(steps)
    with pytest.raises(UnsupportedSentence, match=what):
        compute(steps, [term("s1", 10)], EASTERN)


def test_no_sentence_has_no_end() -> None:
    with pytest.raises(UnsupportedSentence, match="no sentence"):
        compute([begin()], [], EASTERN)


class TestReadingASentence:
    def test_what_the_instrument_states(self) -> None:
        found = sentence_of(
            "i1",
            {
                "term_days": 180,
                "issued_at": parse_when("2018-03-05", EASTERN, "k"),
                "lodged_at": parse_instant("2018-03-06 09:00", EASTERN),
                "jail_credit_days": 40,
                "minimum_days": 0,
                "excepted_because": frozenset({"harm"}),
                "runs_after": frozenset({"i0"}),
                "charging_document": "F18-1",
                "expires_at": parse_instant("2018-04-25 00:00", EASTERN),
            },
            EASTERN,
        )
        assert found == Sentence(
            id="i1",
            days=180,
            imposed_on=MONDAY,
            received_on=dt.date(2018, 3, 6),
            document="F18-1",
            consecutive_to=("i0",),
            stated_credit=40,
            minimum_days=0,
            marks=frozenset({"harm"}),
            stated_end=dt.date(2018, 4, 24),
        )

    def test_what_it_does_not_state_stays_unknown(self) -> None:
        assert sentence_of("i1", {}, EASTERN) == Sentence(id="i1")

    def test_an_instant_that_may_lie_in_two_days_gives_none(self) -> None:
        low = parse_instant("2018-03-05 20:00", EASTERN)
        unsure = UncertainInstant(low, Instant(low + 8 * 3_600_000_000), Precision.SNAPSHOT, "k")
        found = sentence_of("i1", {"issued_at": unsure, "expires_at": unsure, "term_days": True}, EASTERN)
        assert (found.imposed_on, found.stated_end, found.days) == (None, None, 0)
