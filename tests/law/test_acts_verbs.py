"""What each verb does to law, in the invented state of Zedland."""

from __future__ import annotations

import pytest

from habeas.law.enactments import Enactment
from small_laws import Asked, act, enactment, law_of, tree

PLACES = tree("us/zz/juniper", "us/zz/alder")
OLD = enactment("us/zz/2010-old", act("enacts", "enacts", "2010-01-01"), clauses="rule fee")


def asked(*others: Enactment) -> Asked:
    return Asked(law_of(PLACES, OLD, *others), "us/zz/juniper")


def test_enacts_begins_text_and_nothing_before() -> None:
    law = asked()
    assert law.force("us/zz/2010-old#rule", "2009-12-31T23:59:59") is False
    assert law.force("us/zz/2010-old#rule", "2010-01-01") is True
    assert law.force("us/zz/2010-old", "2010-01-01") is True


def test_enacts_begins_only_the_clauses_it_names() -> None:
    staged = enactment(
        "us/zz/2012-staged",
        act("first", "enacts", "2012-01-01", clauses="rule"),
        act("second", "enacts", "2013-01-01", clauses="fee"),
        clauses="rule fee never",
    )
    law = asked(staged)
    assert law.force("us/zz/2012-staged#rule", "2012-06-01") is True
    assert law.force("us/zz/2012-staged#fee", "2012-06-01") is False
    assert law.force("us/zz/2012-staged#fee", "2013-01-01") is True
    assert law.force("us/zz/2012-staged#never", "2013-01-01") is False


def test_amends_ends_old_text_and_begins_new_in_one_instant() -> None:
    new = enactment("us/zz/2015-new", act("amends", "amends", "2015-01-01", "us/zz/2010-old#rule"))
    law = asked(new)
    for at, old, later in (("2014-12-31T23:59:59", True, False), ("2015-01-01", False, True)):
        assert law.force("us/zz/2010-old#rule", at) is old
        assert law.force("us/zz/2015-new#rule", at) is later
    assert law.force("us/zz/2010-old#fee", "2015-01-01") is True


@pytest.mark.parametrize("verb", ["repeals", "supersedes", "rescinds", "ends"])
def test_endings_end_text(verb: str) -> None:
    law = asked(enactment("us/zz/2015-end", act("end", verb, "2015-01-01", "us/zz/2010-old"), clauses=""))
    assert law.force("us/zz/2010-old", "2014-12-31T23:59:59") is True
    assert law.force("us/zz/2010-old", "2015-01-01") is False


@pytest.mark.parametrize("verb", ["repeals", "supersedes", "rescinds", "ends"])
def test_ending_the_ender_later_revives_nothing(verb: str) -> None:
    """Fla. Stat. s. 2.04; 1 U.S.C. s. 108."""
    law = asked(
        enactment("us/zz/2015-end", act("end", "repeals", "2015-01-01", "us/zz/2010-old")),
        enactment("us/zz/2018-undo", act("undo", verb, "2018-01-01", "us/zz/2015-end"), clauses=""),
    )
    assert law.force("us/zz/2015-end#rule", "2018-01-01") is False
    assert law.force("us/zz/2010-old#rule", "2018-01-01") is False


@pytest.mark.parametrize("when", ["2014-06-01", "2015-01-01"])
def test_ending_the_ender_no_later_than_it_ends_keeps_it_from_ending(when: str) -> None:
    law = asked(
        enactment(
            "us/zz/2014-repealer",
            act("enacts", "enacts", "2014-01-01"),
            act("end", "repeals", "2015-01-01", "us/zz/2010-old", known="2014-01-01"),
        ),
        enactment("us/zz/2014-undo", act("undo", "repeals", when, "us/zz/2014-repealer"), clauses=""),
    )
    assert law.force("us/zz/2010-old#rule", "2016-01-01") is True


def test_a_statute_that_expires_with_what_it_repeals_has_repealed_it() -> None:
    law = asked(
        enactment(
            "us/zz/2014-repealer",
            act("enacts", "enacts", "2014-01-01"),
            act("end", "repeals", "2015-01-01", "us/zz/2010-old", known="2014-01-01"),
            act("sunset", "ends", "2015-01-01", "us/zz/2014-repealer", known="2014-01-01"),
        )
    )
    assert law.force("us/zz/2014-repealer", "2014-06-01") is True
    assert law.force("us/zz/2014-repealer", "2015-01-01") is False
    assert law.force("us/zz/2010-old", "2015-01-01") is False


def test_revives_brings_ended_text_back_from_its_own_beginning() -> None:
    law = asked(
        enactment("us/zz/2015-end", act("end", "repeals", "2015-01-01", "us/zz/2010-old"), clauses=""),
        enactment("us/zz/2018-back", act("back", "revives", "2018-01-01", "us/zz/2010-old#rule"), clauses=""),
        enactment("us/zz/2020-end", act("end", "repeals", "2020-01-01", "us/zz/2010-old"), clauses=""),
    )
    assert law.force("us/zz/2010-old#rule", "2017-12-31T23:59:59") is False
    assert law.force("us/zz/2010-old#rule", "2018-01-01") is True
    assert law.force("us/zz/2010-old#fee", "2018-01-01") is False
    assert law.force("us/zz/2010-old#rule", "2020-01-01") is False


def test_a_suspended_revival_revives_nothing_meanwhile() -> None:
    law = asked(
        enactment("us/zz/2015-end", act("end", "repeals", "2015-01-01", "us/zz/2010-old"), clauses=""),
        enactment(
            "us/zz/2018-back", act("back", "revives", "2018-01-01", "us/zz/2010-old!enacts"), clauses=""
        ),
        enactment("us/zz/2019-halt", act("halt", "suspends", "2019-01-01", "us/zz/2018-back"), clauses=""),
        enactment("us/zz/2019-lift", act("lift", "lifts", "2019-06-01", "us/zz/2019-halt"), clauses=""),
    )
    assert law.force("us/zz/2010-old#rule", "2018-06-01") is True
    assert law.force("us/zz/2010-old#rule", "2019-02-01") is False
    assert law.force("us/zz/2010-old#rule", "2019-06-01") is True


def test_a_statute_repealed_before_it_begins_never_begins() -> None:
    law = asked(
        enactment("us/zz/2014-late", act("enacts", "enacts", "2016-01-01", known="2014-01-01")),
        enactment("us/zz/2015-end", act("end", "repeals", "2015-01-01", "us/zz/2014-late"), clauses=""),
    )
    assert law.force("us/zz/2014-late", "2016-06-01") is False
    assert law.force("us/zz/2014-late", "2016-06-01", "2014-12-31") is True


def test_preempts_defeats_text_while_it_works_and_never_an_ending() -> None:
    """Preemption of the amending text must not resurrect what that text amended."""
    law = asked(
        enactment("us/zz/2015-new", act("amends", "amends", "2015-01-01", "us/zz/2010-old")),
        enactment(
            "us/zz/2019-state",
            act("enacts", "enacts", "2019-01-01"),
            act("preempts", "preempts", "2019-01-01", "us/zz/2015-new"),
            act("sunset", "ends", "2021-01-01", "us/zz/2019-state", known="2019-01-01"),
        ),
    )
    assert law.force("us/zz/2015-new#rule", "2018-06-01") is True
    assert law.force("us/zz/2015-new#rule", "2019-06-01") is False
    assert law.force("us/zz/2010-old#rule", "2019-06-01") is False
    assert law.force("us/zz/2015-new#rule", "2021-01-01") is True, "a preemption ends with its text"


def test_a_preempted_text_preempts_nothing() -> None:
    law = asked(
        enactment(
            "us/zz/2015-state",
            act("enacts", "enacts", "2015-01-01"),
            act("preempts", "preempts", "2015-01-01", "us/zz/2010-old"),
        ),
        enactment("us/2016-federal", act("preempts", "preempts", "2016-01-01", "us/zz/2015-state")),
    )
    assert law.force("us/zz/2010-old#rule", "2015-06-01") is False
    assert law.force("us/zz/2010-old#rule", "2016-06-01") is True


@pytest.mark.parametrize("verb", ["repeals", "supersedes", "rescinds", "ends"])
def test_a_repealed_enactments_continuing_attacks_stop_with_it(verb: str) -> None:
    for attack in ("preempts", "suspends", "stays"):
        law = asked(
            enactment(
                "us/zz/2015-order",
                act("enacts", "enacts", "2015-01-01"),
                act("halts", attack, "2015-01-01", "us/zz/2010-old"),
            ),
            enactment("us/zz/2017-end", act("end", verb, "2017-01-01", "us/zz/2015-order"), clauses=""),
        )
        assert law.force("us/zz/2010-old#rule", "2016-01-01") is False
        assert law.force("us/zz/2010-old#rule", "2017-01-01") is True


def test_what_acts_through_a_clause_stops_when_that_clause_does() -> None:
    state = enactment(
        "us/zz/2015-state",
        act("enacts", "enacts", "2015-01-01"),
        act("field", "preempts", "2015-01-01", "us/zz/2010-old#rule", clauses="duty"),
        act("fees", "preempts", "2015-01-01", "us/zz/2010-old#fee", clauses="fee"),
        clauses="duty fee",
    )
    for verb in ("repeals", "amends", "suspends"):
        other = enactment("us/zz/2017-other", act("acts", verb, "2017-01-01", "us/zz/2015-state#duty"))
        law = asked(state, other)
        assert law.force("us/zz/2010-old#rule", "2016-01-01") is False
        assert law.force("us/zz/2010-old#rule", "2017-01-01") is True
        assert law.force("us/zz/2010-old#fee", "2017-01-01") is False


@pytest.mark.parametrize("verb", ["suspends", "stays", "vacates"])
@pytest.mark.parametrize(("reach", "older"), [("text", False), ("whole", True)])
def test_only_a_whole_suspension_brings_older_text_back(verb: str, reach: str, older: bool) -> None:
    law = asked(
        enactment("us/zz/2015-new", act("amends", "amends", "2015-01-01", "us/zz/2010-old")),
        enactment(
            "us/zz/2016-halt", act("halt", verb, "2016-01-01", "us/zz/2015-new", reaches=reach), clauses=""
        ),
        enactment("us/zz/2017-end", act("end", "ends", "2017-01-01", "us/zz/2016-halt!halt"), clauses=""),
    )
    assert law.force("us/zz/2015-new#rule", "2016-06-01") is False
    assert law.force("us/zz/2010-old#rule", "2016-06-01") is older
    assert law.force("us/zz/2015-new#rule", "2017-01-01") is True
    assert law.force("us/zz/2010-old#rule", "2017-01-01") is False


def test_a_reach_left_out_is_a_doubt_and_no_guess() -> None:
    law = asked(
        enactment("us/zz/2015-new", act("amends", "amends", "2015-01-01", "us/zz/2010-old")),
        enactment("us/zz/2016-halt", act("halt", "suspends", "2016-01-01", "us/zz/2015-new"), clauses=""),
    )
    assert law.force("us/zz/2015-new#rule", "2016-06-01") is False
    assert law.force("us/zz/2010-old#rule", "2016-06-01") is None
    assert "does not say" not in law.sentence("us/zz/2015-new", "2016-06-01")
    assert "it is not stated whether 2016-halt" in law.sentence("us/zz/2010-old", "2016-06-01")


def test_one_clause_of_several_suspended_whole_leaves_their_common_ending_in_doubt() -> None:
    new = enactment(
        "us/zz/2015-new", act("amends", "amends", "2015-01-01", "us/zz/2010-old"), clauses="rule fee"
    )
    halt = act("halt", "suspends", "2016-01-01", "us/zz/2015-new#rule", reaches="whole")
    law = asked(new, enactment("us/zz/2016-halt", halt, clauses=""))
    assert law.force("us/zz/2015-new#rule", "2016-06-01") is False
    assert law.force("us/zz/2015-new#fee", "2016-06-01") is True
    assert law.force("us/zz/2010-old#rule", "2016-06-01") is None


def test_a_suspended_repeal_named_by_itself_has_not_repealed_meanwhile() -> None:
    law = asked(
        enactment("us/zz/2015-end", act("end", "repeals", "2015-01-01", "us/zz/2010-old"), clauses=""),
        enactment("us/zz/2016-halt", act("halt", "suspends", "2016-01-01", "us/zz/2015-end!end"), clauses=""),
        enactment("us/zz/2017-lift", act("lift", "lifts", "2017-01-01", "us/zz/2016-halt"), clauses=""),
    )
    for at, expected in (("2015-06-01", False), ("2016-06-01", True), ("2017-06-01", False)):
        assert law.force("us/zz/2010-old#rule", at) is expected


def test_stays_of_a_suspension_let_the_text_work_until_the_proceeding_is_disposed_of() -> None:
    halt = enactment("us/zz/2015-halt", act("halt", "suspends", "2015-01-01", "us/zz/2010-old"), clauses="")
    stay = enactment(
        "us/zz/2015-stay",
        act("stay", "stays", "2015-03-01", "us/zz/2015-halt", proceeding="appeal"),
        clauses="",
    )
    affirmed = enactment("us/zz/2016-end", act("affirms", "enacts", "2016-01-01", disposes="appeal"))
    law = asked(halt, stay, affirmed)
    for at, expected in (("2015-02-01", False), ("2015-06-01", True), ("2016-01-01", False)):
        assert law.force("us/zz/2010-old#rule", at) is expected
    assert law.force("us/zz/2015-stay", "2016-01-01") is False
    assert law.force("us/zz/2010-old#rule", "2016-06-01", "2015-12-31") is True, "not yet known"


def test_a_disposition_that_reaches_from_the_start_still_ends_the_stay_only_when_done() -> None:
    law = asked(
        enactment(
            "us/zz/2015-stay",
            act("stay", "stays", "2015-03-01", "us/zz/2010-old", proceeding="appeal"),
            clauses="",
        ),
        enactment("us/zz/2015-other", act("enacts", "enacts", "2015-01-01")),
        enactment(
            "us/zz/2016-end",
            act("voids", "voids", "start", "us/zz/2015-other", known="2016-01-01", disposes="appeal"),
            clauses="",
        ),
    )
    assert law.force("us/zz/2015-other", "2015-02-01") is False
    assert law.force("us/zz/2010-old#rule", "2015-12-31T23:59:59") is False
    assert law.force("us/zz/2010-old#rule", "2016-01-01") is True
    assert "not disposed of until 1 Jan 2016" in repr(law.regime("2015-06-01").why("us/zz/2015-stay"))


def test_lifts_end_suspensions_and_stays_and_nothing_else() -> None:
    for verb, after in (("suspends", True), ("stays", True), ("vacates", False), ("preempts", False)):
        law = asked(
            enactment("us/zz/2015-halt", act("halt", verb, "2015-01-01", "us/zz/2010-old"), clauses=""),
            enactment("us/zz/2016-lift", act("lift", "lifts", "2016-01-01", "us/zz/2015-halt"), clauses=""),
        )
        assert law.force("us/zz/2010-old#rule", "2015-06-01") is False
        assert law.force("us/zz/2010-old#rule", "2016-06-01") is after


@pytest.mark.parametrize("verb", ["reverses", "voids"])
def test_reverses_and_voids_reach_from_the_start_once_known(verb: str) -> None:
    law = asked(
        enactment("us/zz/2015-halt", act("halt", "suspends", "2015-01-01", "us/zz/2010-old"), clauses=""),
        enactment("us/zz/2018-court", act("undo", verb, "2018-01-01", "us/zz/2015-halt"), clauses=""),
    )
    assert law.force("us/zz/2010-old#rule", "2016-01-01", known="2017-12-31") is False
    assert law.force("us/zz/2010-old#rule", "2016-01-01", known="2018-01-01") is True


@pytest.mark.parametrize("verb", ["reverses", "voids"])
def test_a_voided_amendment_never_ended_the_older_text(verb: str) -> None:
    law = asked(
        enactment("us/zz/2015-new", act("amends", "amends", "2015-01-01", "us/zz/2010-old")),
        enactment(
            "us/zz/2018-court", act("undo", verb, "start", "us/zz/2015-new", known="2018-01-01"), clauses=""
        ),
    )
    assert law.force("us/zz/2010-old#rule", "2016-01-01", known="2017-12-31") is False
    assert law.force("us/zz/2010-old#rule", "2016-01-01") is True
    assert law.force("us/zz/2015-new#rule", "2016-01-01") is False


def test_a_stayed_reversal_has_not_reversed_meanwhile() -> None:
    law = asked(
        enactment("us/zz/2015-halt", act("halt", "suspends", "2015-01-01", "us/zz/2010-old"), clauses=""),
        enactment("us/zz/2016-court", act("undo", "reverses", "2016-01-01", "us/zz/2015-halt"), clauses=""),
        enactment("us/zz/2017-stay", act("stay", "stays", "2017-01-01", "us/zz/2016-court"), clauses=""),
    )
    assert law.force("us/zz/2010-old#rule", "2016-06-01") is True
    assert law.force("us/zz/2010-old#rule", "2017-06-01") is False


def test_vacates_sets_aside_from_its_own_beginning_onward() -> None:
    law = asked(
        enactment("us/zz/2015-court", act("set-aside", "vacates", "2015-01-01", "us/zz/2010-old"), clauses="")
    )
    assert law.force("us/zz/2010-old#rule", "2014-12-31T23:59:59") is True
    assert law.force("us/zz/2010-old#rule", "2015-01-01") is False


def test_one_act_is_halted_by_name_while_its_enactment_stands() -> None:
    order = enactment(
        "us/zz/2015-order",
        act("enacts", "enacts", "2015-01-01"),
        act("halt", "suspends", "2015-01-01", "us/zz/2010-old#rule"),
        act("fees", "suspends", "2015-01-01", "us/zz/2010-old#fee"),
    )
    stay = enactment(
        "us/zz/2016-stay", act("stay", "stays", "2016-01-01", "us/zz/2015-order!halt"), clauses=""
    )
    law = asked(order, stay)
    assert law.force("us/zz/2015-order#rule", "2016-06-01") is True
    assert law.force("us/zz/2010-old#rule", "2016-06-01") is True
    assert law.force("us/zz/2010-old#fee", "2016-06-01") is False


def test_an_order_lifted_for_good_stays_lifted_when_the_lifting_statute_expires() -> None:
    law = asked(
        enactment("us/zz/2015-halt", act("halt", "suspends", "2015-01-01", "us/zz/2010-old"), clauses=""),
        enactment(
            "us/zz/2016-statute",
            act("enacts", "enacts", "2016-01-01"),
            act("lift", "lifts", "2016-01-01", "us/zz/2015-halt"),
            act("sunset", "ends", "2018-01-01", "us/zz/2016-statute", known="2016-01-01"),
        ),
    )
    assert law.force("us/zz/2016-statute", "2018-06-01") is False
    assert law.force("us/zz/2010-old#rule", "2018-06-01") is True


def test_an_inert_text_does_nothing() -> None:
    law = asked(
        enactment(
            "us/zz/2015-bill",
            act("enacts", "enacts", "2015-01-01"),
            act("end", "repeals", "2015-01-01", "us/zz/2010-old"),
            inert="died in committee",
        )
    )
    assert law.force("us/zz/2015-bill", "2016-01-01") is False
    assert law.force("us/zz/2010-old#rule", "2016-01-01") is True
    said = law.sentence("us/zz/2015-bill", "2016-01-01")
    assert said == "Not in force: it never became law (died in committee) [cite of enacts]."


def test_a_target_that_is_not_in_the_law_is_left_out() -> None:
    law = asked(
        enactment("us/zz/2015-end", act("end", "repeals", "2015-01-01", "us/zz/1999-gone"), clauses="")
    )
    assert law.force("us/zz/2010-old#rule", "2016-01-01") is True
