"""What the linter asks a drafter to look at again."""

from __future__ import annotations

import pytest

from habeas.law.acts import loose_ends
from habeas.law.enactments import Act, Enactment
from small_laws import act, enactment, law_of, tree

PLACES = tree("us/zz/juniper")
LAW = enactment(
    "us/zz/2010-law",
    act("enacts", "enacts", "2010-01-01", clauses="rule"),
    act("more", "enacts", "2011-01-01", clauses="fee"),
    clauses="rule fee",
)


def found(*others: Enactment) -> list[str]:
    return [str(end) for end in loose_ends(law_of(PLACES, LAW, *others))]


def later(made: Act, clauses: str = "") -> Enactment:
    return enactment("us/zz/2015-act", made, clauses=clauses)


def test_a_law_without_loose_ends() -> None:
    halt = act("halt", "suspends", "2015-01-01", "us/zz/2010-law#rule us/zz/2010-law!more")
    lift = act("lift", "lifts", "2016-01-01", "us/zz/2015-act!halt")
    assert found(later(halt), enactment("us/zz/2016-lift", lift, clauses="")) == []


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (act("end", "repeals", "2015-01-01"), "expected a target for [repeals], found none"),
        (
            act("end", "repeals", "2015-01-01", "us/zz/2010-law#term"),
            "expected a target that is in the law, found [us/zz/2010-law#term]",
        ),
        (
            act("end", "repeals", "2015-01-01", "us/zz/2010-law!nothing"),
            "expected a target that is in the law, found [us/zz/2010-law!nothing]",
        ),
        (
            act("end", "repeals", "2015-01-01", "us/zz/1999-gone"),
            "expected a target that is in the law, found [us/zz/1999-gone]",
        ),
        (
            act("end", "repeals", "2015-01-01", "us/zz/2010-law", clauses="duty"),
            "expected a clause of its own enactment, found [duty]",
        ),
        (
            act("end", "lifts", "2015-01-01", "us/zz/2010-law"),
            "expected a target that suspends or stays, found us/zz/2010-law",
        ),
    ],
)
def test_acts(made: Act, said: str) -> None:
    assert found(later(made)) == [f"us/zz/2015-act!end [cite of end]: {said}"]


def test_a_clause_that_no_act_begins() -> None:
    assert found(enactment("us/zz/2015-act", clauses="rule")) == [
        "us/zz/2015-act#rule [cite of 2015-act]: expected an act that begins it, found none"
    ]
    assert found(enactment("us/zz/2015-act", clauses="rule", inert="a bill that failed")) == []


def test_a_reach_left_out_where_older_text_was_ended() -> None:
    new = later(act("amends", "amends", "2015-01-01", "us/zz/2010-law"), "rule fee")
    bare = act("halt", "suspends", "2016-01-01", "us/zz/2015-act")
    assert found(new, enactment("us/zz/2016-halt", bare, clauses="")) == [
        "us/zz/2016-halt!halt [cite of halt]: expected [reaches], found none, though [us/zz/2015-act!amends] ended older text"
    ]
    one = act("halt", "suspends", "2016-01-01", "us/zz/2015-act#fee", reaches="whole")
    said = (
        "us/zz/2016-halt!halt [cite of halt]: expected all clauses begun by the act whose ending it undoes, "
        "found one of the clauses that [us/zz/2015-act!amends] begins together"
    )
    assert found(new, enactment("us/zz/2016-halt", one, clauses="")) == [said]
    text = act("halt", "suspends", "2016-01-01", "us/zz/2015-act", reaches="text")
    assert found(new, enactment("us/zz/2016-halt", text, clauses="")) == []
