"""Worked vectors 13-15 and hard case 10, each with the steps of its statute as data.

What the vectors suppose beyond the words of the statutes is said at each.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from habeas.kernel.instants import parse_instant, zone
from habeas.law.computations import Computation, Forfeiture, Sentence, compute
from habeas.law.enactments import Step

EASTERN = zone("America/New_York")
CENTRAL = zone("America/Chicago")
NO_MARKS: frozenset[str] = frozenset()


def step(does: str, cite: str, **parameters: str) -> Step:
    return Step(does, cite, {name.rstrip("_"): value for name, value in parameters.items()})


def start(cite: str, from_: str = "imposed", first_day: str = "not-counted", **more: str) -> Step:
    return step("start", cite, from_=from_, first_day=first_day, ends="end-of-day", **more)


ILLINOIS = (
    start("730 ILCS 130/2 (date of sentence)"),
    step("credit", "730 ILCS 5/5-4.5-100(b)", unstated="computed", through="day-before"),
    step(
        "conduct",
        "730 ILCS 130/3",
        rate="1 for 1",
        of="whole",
        earned="full",
        minimum="kept",
        except_="harm, listed-sex-offence, impact-incarceration, periodic-imprisonment, civil-contempt",
    ),
)
NEW_YORK = (
    start("N.Y. Penal Law 70.30(2)", year="365"),
    step("combine", "N.Y. Penal Law 70.30(2)(a), (b)", default="concurrent"),
    step("cap", "N.Y. Penal Law 70.30(2)(b)", years="2", beyond="offence-under-sentence"),
    step("credit", "N.Y. Penal Law 70.30(3)(b)", unstated="computed", through="day-before"),
    step("conduct", "N.Y. Penal Law 70.30(4)(b); Correction Law 804(1)", rate="1/3", of="whole", earned="full", minimum="none"),
)  # fmt: skip
TIERS = "through month 24: 5, through month 48: 10, after: 15"
FLORIDA = (
    start("Fla. Stat. 921.161(1)"),
    step("combine", "Fla. Stat. 921.16(1)", default="by-document"),
    step("credit", "Fla. Stat. 921.161(1)", unstated="unknown", through="day-before"),
    step(
        "conduct", "Fla. Stat. 951.21(1)", rate=TIERS, month="30", of="whole", earned="full", minimum="none"
    ),
    step("forfeit", "Fla. Stat. 951.21(2)", regained="yes"),
    step("trim", "Fla. Stat. 908.104(3)", at_most="12"),
)


def later(text: str, days: int) -> dt.date:
    return dt.date.fromisoformat(text) + dt.timedelta(days=days)


def texts(found: Computation) -> list[str]:
    return [line.text for line in found.lines]


class TestIllinois:
    """Vector 13: 180 days, 40 of them before sentence, no exclusion: 50 days after sentencing.

    730 ILCS 130/3 gives a day for each day of service and for each day in jail before sentence for
    which the person could not meet the conditions of release; the vector supposes that of all 40.
    """

    SENTENCE = Sentence(
        id="s1", days=180, imposed_on=dt.date(2018, 3, 5), stated_credit=40, minimum_days=0, marks=NO_MARKS
    )

    def test_vector_13(self) -> None:
        found = compute(ILLINOIS, [self.SENTENCE], CENTRAL)
        assert found.days_to_serve == 50
        assert found.expires_on == later("2018-03-05", 50)
        assert found.expires_at == parse_instant("2018-04-25T00:00", CENTRAL)

    def test_every_line_can_be_checked_and_cites(self) -> None:
        found = compute(ILLINOIS, [self.SENTENCE], CENTRAL)
        assert [(line.text, line.cite) for line in found.lines] == [
            ("[s1] begins 2018-03-05 (imposed): 180 days", "730 ILCS 130/2 (date of sentence)"),
            ("[s1] credit 40 days, as the court stated: 180 becomes 140", "730 ILCS 5/5-4.5-100(b)"),
            ("[s1] conduct 1 for 1 served on 180 days: 90 days off; 140 becomes 50 (supposing no misconduct)", "730 ILCS 130/3"),
            ("[s1] 50 days from 2018-03-05, counting from the next day: last day 2018-04-24, end-of-day", "730 ILCS 130/2 (date of sentence)"),
        ]  # fmt: skip

    def test_an_odd_day_is_served(self) -> None:
        odd = Sentence(
            id="s1",
            days=181,
            imposed_on=dt.date(2018, 3, 5),
            stated_credit=40,
            minimum_days=0,
            marks=NO_MARKS,
        )
        assert compute(ILLINOIS, [odd], CENTRAL).days_to_serve == 51

    def test_harm_to_a_person_earns_nothing(self) -> None:
        harm = Sentence(
            id="s1",
            days=180,
            imposed_on=dt.date(2018, 3, 5),
            stated_credit=40,
            minimum_days=0,
            marks=frozenset({"harm"}),
        )
        found = compute(ILLINOIS, [harm], CENTRAL)
        assert found.days_to_serve == 140
        assert "[s1] earns nothing: harm" in texts(found)

    def test_the_mandatory_minimum_is_served(self) -> None:
        least = Sentence(
            id="s1",
            days=180,
            imposed_on=dt.date(2018, 3, 5),
            stated_credit=40,
            minimum_days=120,
            marks=NO_MARKS,
        )
        found = compute(ILLINOIS, [least], CENTRAL)
        assert found.days_to_serve == 80
        assert any("the mandatory minimum" in text for text in texts(found))

    def test_whether_harm_was_done_is_not_guessed(self) -> None:
        silent = Sentence(id="s1", days=180, imposed_on=dt.date(2018, 3, 5), stated_credit=40, minimum_days=0)
        found = compute(ILLINOIS, [silent], CENTRAL)
        assert (found.expires_on, found.missing) == (None, ("s1.marks",))

    def test_custody_before_sentence_is_counted_by_days_touched_where_the_court_is_silent(self) -> None:
        held = Sentence(
            id="s1",
            days=180,
            imposed_on=dt.date(2018, 3, 5),
            custody=((dt.date(2018, 1, 24), dt.date(2018, 3, 5)),),
            minimum_days=0,
            marks=NO_MARKS,
        )
        found = compute(ILLINOIS, [held], CENTRAL)
        assert found.days_to_serve == 50
        assert "credit 40 days, days in custody before sentence, each counted once" in texts(found)[1]


def year(name: str, *after: str, credit: int = 0, **more: object) -> Sentence:
    return Sentence(
        id=name,
        years=1,
        imposed_on=dt.date(2012, 6, 12),
        received_on=dt.date(2012, 6, 12),
        consecutive_to=after,
        stated_credit=credit,
        marks=frozenset(str(more.get("mark", "")).split()),
    )


FOUR_YEARS = [year("s1", credit=100), year("s2", "s1"), year("s3", "s2"), year("s4", "s3")]


class TestNewYork:
    """Vector 14: four consecutive years, 100 days' credit, full good time: 387 days.

    People ex rel. Ryan v. Cheverko, 22 N.Y.3d 132 (2013): credit and at most 243 days of good time
    come off the two years, not off the four. The vector's 730 supposes years of 365 days.
    """

    def test_vector_14(self) -> None:
        found = compute(NEW_YORK, FOUR_YEARS, EASTERN)
        assert found.days_to_serve == 730 - 100 - 243 == 387
        assert found.expires_on == later("2012-06-12", 387)
        assert found.governs == ("s1", "s2", "s3", "s4")

    def test_credit_before_the_cap_is_the_order_the_court_rejected(self) -> None:
        begins, combines, caps, credits_, conducts = NEW_YORK
        rejected = compute((begins, combines, credits_, conducts, caps), FOUR_YEARS, EASTERN)
        # 4 x 365 - 100 - 486 = 874 is more than two years, so nothing came off at all.
        assert rejected.days_to_serve == 730

    def test_calendar_years_would_be_a_day_longer_across_29_february(self) -> None:
        calendar = (start("N.Y. Penal Law 70.30(2)"), *NEW_YORK[1:])
        leap = [Sentence(id=s.id, years=1, imposed_on=dt.date(2011, 6, 12), consecutive_to=s.consecutive_to, stated_credit=s.stated_credit, marks=NO_MARKS) for s in FOUR_YEARS]  # fmt: skip
        assert compute(calendar, leap, EASTERN).days_to_serve == 731 - 100 - 243

    def test_side_by_side_the_longest_governs(self) -> None:
        found = compute(NEW_YORK, [year("s1", credit=100), year("s2", credit=30)], EASTERN)
        assert found.days_to_serve == 365 - 30 - 121
        assert found.governs == ("s2",)

    def test_a_sentence_for_an_offence_under_sentence_is_beyond_the_cap(self) -> None:
        found = compute(NEW_YORK, [*FOUR_YEARS, year("s5", "s4", mark="offence-under-sentence")], EASTERN)
        assert found.days_to_serve == 1095 - 100 - 365


def county(name: str, days: int, credit: int = 0, **more: Any) -> Sentence:
    plain = Sentence(id=name, days=days, document=name, imposed_on=dt.date(2018, 3, 5), stated_credit=credit)
    return replace(plain, **more)


class TestFlorida:
    """Vector 15: 300 days, full gain-time, months of 30 days: 250 days.

    Fla. Stat. 951.21(1) gives "up to 5 days per month" unless the board has voted otherwise, and
    says nothing of how long a month is: "full" and "30" are suppositions of the vector.
    """

    def test_vector_15(self) -> None:
        found = compute(FLORIDA, [county("s1", 300)], EASTERN)
        assert found.days_to_serve == 250
        assert found.expires_on == later("2018-03-05", 250)

    def test_a_month_is_earned_when_service_and_gain_fill_it_and_not_before(self) -> None:
        assert compute(FLORIDA, [county("s1", 310)], EASTERN).days_to_serve == 260
        assert compute(FLORIDA, [county("s1", 29)], EASTERN).days_to_serve == 29
        assert compute(FLORIDA, [county("s1", 30)], EASTERN).days_to_serve == 25

    def test_without_a_stated_figure_the_end_is_not_known(self) -> None:
        unstated = county("s1", 300, stated_credit=None)
        found = compute(FLORIDA, [unstated], EASTERN)
        assert (found.expires_at, found.missing) == (None, ("s1.stated_credit",))
        assert found.lines


class TestConsecutiveWithCreditAndConduct:
    """Hard case 10: sentences of different informations run one after another, Fla. Stat. 921.16(1)."""

    def test_cumulative_sentences_earn_as_one(self) -> None:
        # 2 x 364 = 728: 24 months of 25 days and 8 days over; 608 days of service, 60 already served.
        found = compute(FLORIDA, [county("s1", 364, 60), county("s2", 364)], EASTERN)
        assert found.days_to_serve == 24 * 25 + 8 - 60 == 548
        assert found.governs == ("s1", "s2")

    def test_the_third_year_earns_more(self) -> None:
        # 3 x 364 = 1092: 24 months of 25 days, 12 of 20, 12 days over.
        three = [county("s1", 364, 60), county("s2", 364), county("s3", 364)]
        assert compute(FLORIDA, three, EASTERN).days_to_serve == 24 * 25 + 12 * 20 + 12 - 60

    def test_one_information_runs_together_and_credit_goes_on_every_sentence(self) -> None:
        both = [county("s1", 364, 60, document="i1"), county("s2", 300, 60, document="i1")]
        found = compute(FLORIDA, both, EASTERN)
        assert found.days_to_serve == 12 * 25 + 4 - 60
        assert found.governs == ("s1",)

    def test_the_court_may_say_otherwise(self) -> None:
        together = [county("s1", 364, 60), county("s2", 300, 60, concurrent=True)]
        assert compute(FLORIDA, together, EASTERN).days_to_serve == 244
        apart = [county("s1", 364, document="i1"), county("s2", 364, document="i1", consecutive_to=("s1",))]
        assert compute(FLORIDA, apart, EASTERN).days_to_serve == 608

    def test_the_same_days_credited_twice_are_an_anomaly_and_the_courts_figures_govern(self) -> None:
        held = ((dt.date(2018, 1, 4), dt.date(2018, 3, 4)),)
        twice = [county("s1", 364, 60, custody=held), county("s2", 364, 60, custody=held)]
        found = compute(FLORIDA, twice, EASTERN)
        assert found.days_to_serve == 608 - 120
        assert found.anomalies == (
            "[s1 then s2]: the court stated 120 days of credit, custody before sentence comes to 60",
        )

    def test_misconduct_forfeits_what_had_accrued_by_that_day(self) -> None:
        # 300 days from 5 March; on 4 May 60 days are served: two months full, 10 days of gain lost.
        lost = county("s1", 300, forfeitures=(Forfeiture(dt.date(2018, 5, 4), None),))
        found = compute(FLORIDA, [lost], EASTERN)
        assert found.days_to_serve == 250 + 10
        assert any("10 days forfeited" in text for text in texts(found))

    def test_a_transfer_to_federal_custody_trims_at_most_what_the_law_says(self) -> None:
        assert compute(FLORIDA, [county("s1", 300, trim_days=7)], EASTERN).days_to_serve == 243
        most = compute(FLORIDA, [county("s1", 300, trim_days=20)], EASTERN)
        assert most.days_to_serve == 238
        assert most.anomalies == ("[s1]: an order shortens it by 20 days, the law allows 12",)
