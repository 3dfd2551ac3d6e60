"""Why law is in force or not, in sentences a reader of statutes would write."""

from __future__ import annotations

import pytest

from habeas.law.acts import And
from habeas.law.enactments import (
    All,
    AnyOf,
    Condition,
    Enactment,
    Gap,
    Limb,
    Not,
    Quantified,
    Uncertain,
)
from habeas.law.wording import condition_words
from small_laws import Asked, act, enactment, law_of, scope, tree

PLACES = tree("us/zz/juniper", "us/zz/alder")
RULE = "us/zz/2015-law#rule"
LAW = enactment(
    "us/zz/2015-law", act("enacts", "enacts", "2015-01-01", cite="Zed. Stat. 1"), title="the Hold Act"
)


def asked(*others: Enactment) -> Asked:
    return Asked(law_of(PLACES, LAW, *others), "us/zz/juniper")


HALT = enactment(
    "us/zz/2016-doe",
    act("halt", "suspends", "2016-03-03T12:00", "us/zz/2015-law", cite="1 Zed. 5"),
    clauses="",
    title="Doe v. Roe",
)
STAY = enactment(
    "us/zz/2016-stay",
    act("stay", "stays", "2016-03-04", "us/zz/2016-doe", cite="order of 4 Mar", proceeding="A-1"),
    clauses="",
    title="the Court of Appeal's stay",
)
LIFT = enactment(
    "us/zz/2016-lift",
    act("lift", "lifts", "2016-05-05", "us/zz/2016-stay", cite="order of 5 May"),
    clauses="",
    title="its order",
)


def test_in_force_since() -> None:
    assert asked().sentence(RULE, "2016-01-01") == "In force since 1 Jan 2015 [Zed. Stat. 1]."
    assert asked().sentence("us/zz/2015-law", "2016-01-01") == "In force since 1 Jan 2015 [Zed. Stat. 1]."


def test_not_yet_known_and_not_begun() -> None:
    law = asked()
    assert law.sentence(RULE, "2016-01-01", "2014-01-01") == (
        "Not in force: not publicly known until 1 Jan 2015 [Zed. Stat. 1]."
    )
    late = enactment("us/zz/2016-late", act("enacts", "enacts", "2017-01-01", known="2016-02-02"))
    assert asked(late).sentence("us/zz/2016-late", "2016-12-31") == (
        "Not in force: not begun until 1 Jan 2017 [cite of enacts]."
    )


def test_suspended_and_the_suspension_stayed() -> None:
    law = asked(HALT, STAY, LIFT)
    halted = "suspended by Doe v. Roe [1 Zed. 5] on 3 Mar 2016 12:00 EST"
    stayed = "itself stayed by the Court of Appeal's stay [order of 4 Mar] on 4 Mar 2016"
    assert law.sentence(RULE, "2016-03-03T13:00") == f"Not in force: {halted}."
    assert law.sentence(RULE, "2016-03-05") == (
        f"In force since 1 Jan 2015 [Zed. Stat. 1], although {halted}, {stayed}."
    )
    assert law.sentence(RULE, "2016-06-01") == (
        f"Not in force: {halted}, {stayed}, itself lifted by its order [order of 5 May] on 5 May 2016."
    )
    assert law.sentence("us/zz/2016-doe", "2016-03-05") == f"Not in effect: {stayed.removeprefix('itself ')}."


def test_several_answers_are_kept_apart_in_brackets() -> None:
    end = enactment(
        "us/zz/2016-end",
        act("end", "repeals", "2016-03-10", "us/zz/2015-law"),
        clauses="",
        title="the Repeal",
    )
    law = asked(HALT, STAY, LIFT, end)
    assert law.sentence(RULE, "2016-06-01") == (
        "Not in force: suspended by Doe v. Roe [1 Zed. 5] on 3 Mar 2016 12:00 EST (itself stayed by the "
        "Court of Appeal's stay [order of 4 Mar] on 4 Mar 2016 (itself lifted by its order [order of 5 May] "
        "on 5 May 2016)) and repealed by the Repeal [cite of end] on 10 Mar 2016."
    )


def test_undone_from_the_start_says_so_and_needs_no_date() -> None:
    court = enactment(
        "us/zz/2018-court",
        act("undo", "reverses", "start", "us/zz/2016-doe", known="2018-12-27"),
        clauses="",
        title="Roe v. Doe",
    )
    assert asked(HALT, court).sentence(RULE, "2016-06-01") == (
        "In force since 1 Jan 2015 [Zed. Stat. 1], although suspended by Doe v. Roe [1 Zed. 5] on "
        "3 Mar 2016 12:00 EST, itself reversed from the start by Roe v. Doe [cite of undo]."
    )
    assert asked(HALT, court).sentence("us/zz/2018-court", "2016-06-01") == "In effect [cite of undo]."


def test_for_whom_and_where() -> None:
    halt = act(
        "halt",
        "suspends",
        "2016-03-03",
        "us/zz/2015-law",
        scope=scope(bound="person.petitioner"),
        cite="1 Zed. 5",
    )
    law = asked(enactment("us/zz/2016-doe", halt, clauses="", title="Doe v. Roe"))
    assert law.sentence(RULE, "2016-06-01") == (
        "In force since 1 Jan 2015 [Zed. Stat. 1], unless suspended by Doe v. Roe [1 Zed. 5] on 3 Mar 2016 "
        "where person.petitioner."
    )
    assert law.sentence(RULE, "2016-06-01", guard=True) == (
        "Not in force: suspended by Doe v. Roe [1 Zed. 5] on 3 Mar 2016."
    )
    assert law.sentence(RULE, "2016-06-01", guard=False) == "In force since 1 Jan 2015 [Zed. Stat. 1]."
    assert law.sentence(RULE, "2016-06-01", guard=None) == (
        "Not certain whether in force: Doe v. Roe [1 Zed. 5] covers only those of whom person.petitioner, "
        "and that is not known."
    )
    tree_of_one = law.regime("2016-06-01").why(RULE, lambda _: False)
    (halted,) = tree_of_one.children[0].children
    assert (halted.value, halted.present) == (False, False)
    assert halted.reason == "not in effect: it covers only those of whom person.petitioner [1 Zed. 5]"


def test_text_for_some_only() -> None:
    some = act("enacts", "enacts", "2016-01-01", scope=scope(bound="charge.after"))
    law = asked(enactment("us/zz/2016-some", some))
    assert law.sentence("us/zz/2016-some", "2016-06-01") == (
        "In force since 1 Jan 2016 where charge.after [cite of enacts]."
    )


def test_elsewhere_and_for_other_custodians() -> None:
    there = enactment("us/zz/2016-there", act("enacts", "enacts", "2016-01-01", scope=scope("us/zz/alder")))
    jails = enactment(
        "us/zz/2016-jails", act("enacts", "enacts", "2016-01-01", scope=scope(custodians="state-prison"))
    )
    law = asked(there, jails)
    assert law.sentence("us/zz/2016-there", "2016-06-01") == (
        "Not in force: it does not cover Juniper [cite of enacts]."
    )
    assert law.sentence("us/zz/2016-jails", "2016-06-01") == (
        "Not in force: it does not bind a custodian of kind county-jail [cite of enacts]."
    )


def test_doubts_are_named() -> None:
    day, weeks = Uncertain("2016-02-17", "2016-02-18"), Uncertain("2016-02-17", "2016-02-27")
    hour = enactment("us/zz/2016-hour", act("enacts", "enacts", day, known="2016-01-01"))
    veto = enactment("us/zz/2016-veto", act("enacts", "enacts", weeks, known="2016-01-01"))
    news = enactment("us/zz/2016-news", act("enacts", "enacts", "2016-01-01", known=day))
    where = enactment(
        "us/zz/2016-where", act("enacts", "enacts", "2016-01-01", scope=scope(unsure_places="us/zz/juniper"))
    )
    whom = enactment(
        "us/zz/2016-whom", act("enacts", "enacts", "2016-01-01", scope=scope(custodians="county-jail"))
    )
    law = Asked(law_of(PLACES, hour, veto, news, where, whom), "us/zz/juniper", None)
    noon = "2016-02-17T12:00"
    assert law.sentence("us/zz/2016-hour", noon) == (
        "Not certain whether in force: 2016-hour [cite of enacts] began 17 Feb 2016 (hour not known)."
    )
    assert law.sentence("us/zz/2016-veto", noon) == (
        "Not certain whether in force: 2016-veto [cite of enacts] began between 17 Feb 2016 and 27 Feb 2016."
    )
    assert law.sentence("us/zz/2016-news", noon, noon) == (
        "Not certain whether in force: 2016-news [cite of enacts] became known 17 Feb 2016 (hour not known)."
    )
    assert law.sentence("us/zz/2016-where", noon) == (
        "Not certain whether in force: the sources do not say whether 2016-where [cite of enacts] covers Juniper."
    )
    assert law.sentence("us/zz/2016-whom", noon) == (
        "Not certain whether in force: 2016-whom [cite of enacts] binds only some kinds of custodian, and "
        "this one's is not known."
    )
    assert law.sentence("us/zz/2016-hour", "2016-02-18") == (
        "In force since 17 Feb 2016 (hour not known) [cite of enacts]."
    )


def test_what_has_always_been_has_no_date() -> None:
    always = enactment("us/zz/1800-custom", act("was", "enacts", "start"))
    halt = act("halt", "suspends", "start", "us/zz/1800-custom", known="2016-01-01")
    assert asked(always).sentence("us/zz/1800-custom", "2016-06-01") == "In force [cite of was]."
    law = asked(always, enactment("us/zz/2016-doe", halt, clauses="", title="Doe v. Roe"))
    assert law.sentence("us/zz/1800-custom", "2016-06-01") == (
        "Not in force: suspended by Doe v. Roe [cite of halt]."
    )


def test_text_that_no_act_begins() -> None:
    law = asked(enactment("us/zz/2016-empty"))
    assert law.sentence("us/zz/2016-empty", "2016-06-01") == "Not in force: no act brings it into force."
    assert law.force("us/zz/2016-empty", "2016-06-01") is False


def test_clauses_that_share_a_reason_share_a_sentence() -> None:
    two = enactment("us/zz/2016-two", act("enacts", "enacts", "2016-01-01"), clauses="rule fee term")
    halt = enactment(
        "us/zz/2016-doe",
        act("halt", "suspends", "2016-03-03", "us/zz/2016-two#fee"),
        clauses="",
        title="Doe v. Roe",
    )
    law = asked(two, halt)
    assert law.sentence("us/zz/2016-two", "2016-02-01") == "In force since 1 Jan 2016 [cite of enacts]."
    assert law.sentence("us/zz/2016-two", "2016-06-01") == (
        "Clauses rule and term in force since 1 Jan 2016 [cite of enacts]; clause fee not in force: suspended by Doe v. Roe "
        "[cite of halt] on 3 Mar 2016."
    )


def test_text_that_only_becomes_known_later_leaves_the_act_known_before() -> None:
    made = (
        act("halt", "suspends", "2016-01-01", "us/zz/2015-law"),
        act("enacts", "enacts", "2016-01-01", known="2018-01-01"),
    )
    law = asked(enactment("us/zz/2016-both", *made))
    assert law.sentence("us/zz/2016-both", "2017-01-01", "2015-06-01") == (
        "Not in force: not publicly known until 1 Jan 2018 [cite of enacts]."
    )
    assert law.sentence("us/zz/2016-both", "2017-01-01", "2017-01-01") == (
        "In effect since 1 Jan 2016 [cite of halt]."
    )
    assert law.sentence("us/zz/2016-both", "2018-01-01") == "In force since 1 Jan 2016 [cite of enacts]."


def test_acts_in_a_circle() -> None:
    one = enactment(
        "us/zz/2016-one", act("halt", "suspends", "2016-03-03", "us/zz/2016-two"), clauses="", title="One"
    )
    two = enactment(
        "us/zz/2016-two", act("halt", "suspends", "2016-03-03", "us/zz/2016-one"), clauses="", title="Two"
    )
    law = asked(one, two)
    assert law.force("us/zz/2016-one", "2016-06-01") is None
    assert law.sentence("us/zz/2016-one", "2016-06-01").startswith(
        "Undecided whether in effect: suspended by Two [cite of halt] on 3 Mar 2016, itself suspended by One"
    )


def test_the_tree_keeps_what_the_sentence_leaves_out() -> None:
    status = asked(HALT, STAY, LIFT).regime("2016-06-01").why(RULE)
    (begun,) = status.children
    (halt,) = begun.children
    (stay,) = halt.children
    (lift,) = stay.children
    assert [node.ref for node in status.walk()] == [
        RULE,
        "us/zz/2015-law!enacts",
        "us/zz/2016-doe!halt",
        "us/zz/2016-stay!stay",
        "us/zz/2016-lift!lift",
    ]
    assert [node.value for node in (status, begun, halt, stay, lift)] == [False, False, True, False, True]
    assert stay.reason == "not in effect: lifted by its order [order of 5 May] on 5 May 2016"
    assert lift.reason == "in effect since 5 May 2016 [order of 5 May]"


def test_two_rulings_that_bind_two_kinds_of_people() -> None:
    halt = act("halt", "suspends", "2016-03-03", "us/zz/2015-law", scope=scope(bound="person.petitioner"))
    other = act("more", "suspends", "2016-03-03", "us/zz/2015-law", scope=scope(bound="person.member"))
    law = asked(enactment("us/zz/2016-doe", halt, other, clauses="", title="Doe v. Roe"))
    assert isinstance(law.regime("2016-06-01").clauses[RULE], And)
    assert law.sentence(RULE, "2016-06-01").endswith(
        "unless suspended by Doe v. Roe [cite of halt] on 3 Mar 2016 where person.petitioner and suspended "
        "by Doe v. Roe [cite of more] on 3 Mar 2016 where person.member."
    )


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Limb("x"), "x"),
        (Gap("the order's text"), "a text not found (the order's text)"),
        (Not(Limb("x")), "not (x)"),
        (All((Limb("x"), AnyOf((Limb("y"), Limb("z"))))), "x and (y or z)"),
        (AnyOf((All((Limb("x"),)), Limb("y"))), "x or y"),
        (Quantified("some", "charge", Limb("charge.listed")), "some charge: charge.listed"),
        (Quantified("count", "charge", Limb("charge.listed"), at_least=2), "count 2 charge: charge.listed"),
    ],
)
def test_conditions_in_words(condition: Condition, words: str) -> None:
    assert condition_words(condition) == words
