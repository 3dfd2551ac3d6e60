"""For whom and where an act works: places, territories, custodians, guards, and doubts."""

from __future__ import annotations

import pytest

from habeas.kernel.instants import BEGINNING, Instant, UncertainInstant
from habeas.kernel.places import PlaceId, UnknownPlace
from habeas.law.acts import About, Doubt, Guard, Not, UnknownRef, evaluate, leaves
from habeas.law.enactments import Enactment, Scope, Uncertain
from small_laws import Asked, act, enactment, guards, law_of, scope, tree

PLACES = tree("us/zz/juniper/yew", "us/zz/alder", "us/yy/birch", circuit=["us/zz/alder", "us/yy"])
RULE = "us/zz/2015-law#rule"
NEWYEAR = "2016-01-01"


def scoped(where: Scope) -> Enactment:
    return enactment("us/zz/2015-law", act("enacts", "enacts", "2015-01-01", scope=where))


def covered(where: Scope, place: str, custodian: str | None = "county-jail") -> bool | None:
    return Asked(law_of(PLACES, scoped(where)), place, custodian).force(RULE, NEWYEAR)


@pytest.mark.parametrize(
    ("where", "place", "expected"),
    [
        (scope(), "us/zz", True),
        (scope(), "us/zz/juniper/yew", True),
        (scope(), "us", False),
        (scope(), "us/yy/birch", False),
        (scope("us/zz/juniper"), "us/zz/juniper/yew", True),
        (scope("us/zz/juniper"), "us/zz/alder", False),
        (scope("us"), "us/yy/birch", True),
        (scope(except_places="us/zz/juniper"), "us/zz/juniper/yew", False),
        (scope(except_places="us/zz/juniper"), "us/zz/alder", True),
        (scope(unsure_places="us/zz/alder"), "us/zz/alder", None),
        (scope(unsure_places="us/zz/alder"), "us/zz/juniper", True),
        (scope("us/zz/alder", unsure_places="us/zz/alder"), "us/zz/alder", None),
        (scope("us/zz/alder", except_places="us/zz/alder"), "us/zz/alder", False),
        (scope("circuit"), "us/zz/alder", True),
        (scope("circuit"), "us/yy/birch", True),
        (scope("circuit"), "us/zz/juniper", False),
        (scope("us/zz", except_places="circuit"), "us/zz/alder", False),
        (scope("us/nowhere"), "us/zz/alder", False),
    ],
)
def test_places(where: Scope, place: str, expected: bool | None) -> None:
    assert covered(where, place) is expected


def test_the_nearest_place_named_decides() -> None:
    """Some surely, one surely not, and of the rest of the state the sources say nothing."""
    where = scope("us/zz/juniper", unsure_places="us/zz", except_places="us/zz/alder us/zz/juniper/yew")
    assert covered(where, "us/zz/juniper") is True
    assert covered(where, "us/zz/juniper/yew") is False
    assert covered(where, "us/zz/alder") is False
    assert covered(where, "us/zz") is None
    assert covered(where, "us/yy/birch") is False


def test_custodians() -> None:
    where = scope(custodians="county-jail state-prison")
    assert covered(where, "us/zz/alder", "county-jail") is True
    assert covered(where, "us/zz/alder", "city-lockup") is False
    assert covered(where, "us/zz/alder", None) is None
    assert covered(scope(), "us/zz/alder", None) is True


def test_an_unknown_place_is_refused_with_the_nearest_names() -> None:
    law = Asked(law_of(PLACES, scoped(scope())), "us/zz/alder")
    assert law.regimes.at(law.place, None, BEGINNING, BEGINNING).clauses == {}
    with pytest.raises(UnknownPlace, match="us/zz/alder"):
        law.regimes.at(PlaceId("us/zz/aldr"), None, BEGINNING, BEGINNING)
    with pytest.raises(UnknownPlace, match="us/zz/alder"):
        law.regimes.segments(PlaceId("us/zz/aldr"), None, BEGINNING)


def test_an_unknown_ref_is_refused() -> None:
    regime = Asked(law_of(PLACES, scoped(scope())), "us/zz/alder").regime(NEWYEAR)
    for ref in ("us/zz/1999-gone", "us/zz/2015-law#gone", "us/zz/2015-law!gone"):
        with pytest.raises(UnknownRef, match=ref):
            regime.in_force(ref)
        with pytest.raises(UnknownRef, match=ref):
            regime.why(ref)


def test_for_becomes_a_guard_of_the_act_and_decides_for_each_subject() -> None:
    halt = act("halt", "suspends", NEWYEAR, "us/zz/2015-law", scope=scope(bound="person.petitioner"))
    law = Asked(
        law_of(PLACES, scoped(scope()), enactment("us/zz/2016-court", halt, clauses="")), "us/zz/alder"
    )
    formula = law.regime("2016-06-01").clauses[RULE]
    assert isinstance(formula, Not)
    (guard,) = leaves(formula)
    assert isinstance(guard, Guard)
    assert guard.act == "us/zz/2016-court!halt"
    assert halt.scope.condition is not None
    assert guard.condition == halt.scope.condition
    for holds, expected in ((True, False), (False, True), (None, None)):
        assert law.force(RULE, "2016-06-01", guard=holds) is expected
    assert law.regime("2015-06-01").clauses[RULE] is True, "before the ruling it turns on nobody"


def test_an_ending_for_some_leaves_the_old_text_to_the_others() -> None:
    new = act("amends", "amends", NEWYEAR, "us/zz/2015-law", scope=scope(bound="charge.after"))
    law = Asked(law_of(PLACES, scoped(scope()), enactment("us/zz/2016-new", new)), "us/zz/alder")
    for after, old in ((True, False), (False, True), (None, None)):
        assert law.force(RULE, NEWYEAR, guard=after) is old
        assert law.force("us/zz/2016-new#rule", NEWYEAR, guard=after) is after


DAY = Uncertain("2016-03-01", "2016-03-02")


def test_inside_the_bounds_of_an_uncertain_beginning_law_is_unknown() -> None:
    new = enactment("us/zz/2016-new", act("amends", "amends", DAY, "us/zz/2015-law"))
    law = Asked(law_of(PLACES, scoped(scope()), new), "us/zz/alder")
    for at, expected in (
        ("2016-02-29T23:59:59", False),
        ("2016-03-01", None),
        ("2016-03-01T23:59:59.999998", None),
        ("2016-03-01T23:59:59.999999", True),
        ("2016-03-02", True),
    ):
        assert law.force("us/zz/2016-new", at) is expected
        assert law.force(RULE, at) is (None if expected is None else not expected)


def test_one_uncertain_hour_is_one_doubt_for_the_old_text_and_the_new() -> None:
    """Either the old text or the new governs, whenever that day the vote was."""
    new = enactment("us/zz/2016-new", act("amends", "amends", DAY, "us/zz/2015-law", known="2016-02-01"))
    clauses = Asked(law_of(PLACES, scoped(scope()), new), "us/zz/alder").regime("2016-03-01T12:00").clauses
    old, later = clauses[RULE], clauses["us/zz/2016-new#rule"]
    assert {leaf for formula in (old, later) for leaf in leaves(formula)} == {
        Doubt(About.BEGINNING, "us/zz 2016-03-01:us/zz/2016-new+0")
    }
    begun = [evaluate(each, guards(None), lambda _: True) for each in (old, later)]
    not_yet = [evaluate(each, guards(None), lambda _: False) for each in (old, later)]
    assert (begun, not_yet) == ([False, True], [True, False])


def test_knowledge_may_be_uncertain_too() -> None:
    new = enactment("us/zz/2016-new", act("amends", "amends", NEWYEAR, "us/zz/2015-law", known=DAY))
    law = Asked(law_of(PLACES, scoped(scope()), new), "us/zz/alder")
    for known, expected in (("2016-02-28", False), ("2016-03-01T12:00", None), ("2016-03-02", True)):
        assert law.force("us/zz/2016-new", "2016-01-15", known) is expected


def test_which_of_two_uncertain_dates_came_first_may_matter() -> None:
    """A repeal that came no later than what it would undo keeps that from ever happening."""
    month = Uncertain("2016-02-15", "2016-03-15")
    repealer = enactment(
        "us/zz/2015-repealer",
        act("enacts", "enacts", "2015-06-01"),
        act("end", "repeals", DAY, "us/zz/2015-law", known="2015-06-01"),
    )
    undo = act("undo", "repeals", month, "us/zz/2015-repealer", known="2016-01-01")
    law = Asked(
        law_of(PLACES, scoped(scope()), repealer, enactment("us/zz/2016-undo", undo, clauses="")),
        "us/zz/alder",
    )
    assert law.force(RULE, "2016-06-01") is None
    assert Doubt(About.ORDER, "us/zz/2016-undo!undo us/zz/2015-repealer!end") in leaves(
        law.regime("2016-06-01").clauses[RULE]
    )
    assert "it is not known whether 2016-undo [cite of undo] or 2015-repealer [cite of end] came first" in (
        law.sentence("us/zz/2015-law", "2016-06-01")
    )


def test_two_texts_of_one_uncertain_day_need_not_be_of_one_hour() -> None:
    """Which came first is in doubt, though the sources give both the same day."""
    repealer = enactment(
        "us/zz/2015-repealer",
        act("enacts", "enacts", "2015-06-01"),
        act("end", "repeals", DAY, "us/zz/2015-law", known="2015-06-01"),
    )
    undo = act("undo", "repeals", DAY, "us/zz/2015-repealer", known="2016-01-01")
    law = Asked(
        law_of(PLACES, scoped(scope()), repealer, enactment("us/zz/2016-undo", undo, clauses="")),
        "us/zz/alder",
    )
    assert isinstance(law.law.instant(DAY, "us/zz"), UncertainInstant)
    assert law.force(RULE, "2016-06-01") is None
    assert Doubt(About.ORDER, "us/zz/2016-undo!undo us/zz/2015-repealer!end") in leaves(
        law.regime("2016-06-01").clauses[RULE]
    )


def test_two_acts_of_one_text_are_done_at_one_instant() -> None:
    """What a vote ends and what it begins change together, whatever the hour."""
    new = enactment(
        "us/zz/2016-new",
        act("enacts", "enacts", DAY, known="2016-02-01"),
        act("ends-old", "repeals", DAY, "us/zz/2015-law", known="2016-02-01"),
    )
    law = Asked(law_of(PLACES, scoped(scope()), new), "us/zz/alder")
    clauses = law.regime("2016-03-01T12:00").clauses
    (begun,) = leaves(clauses["us/zz/2016-new#rule"])
    assert clauses["us/zz/2015-law#rule"] == Not(begun)


def test_segments_are_maximal_and_agree_with_single_points() -> None:
    new = enactment("us/zz/2016-new", act("amends", "amends", DAY, "us/zz/2015-law", known="2016-02-01"))
    far = enactment("us/yy/2016-far", act("enacts", "enacts", "2016-07-01"))
    law = Asked(law_of(PLACES, scoped(scope()), new, far), "us/zz/alder")
    known = law.regime("2029-01-01").interval.start
    pieces = list(law.regimes.segments(law.place, law.custodian, known))
    zone = law.law.places.zone_of(law.place)
    assert [len(piece.value.clauses) for piece in pieces] == [0, 1, 2, 1]
    assert zone.key == "America/New_York"
    for piece in pieces:
        for instant in (piece.start, piece.end - 1):
            at = law.regimes.at(law.place, law.custodian, Instant(instant), known)
            assert at.clauses == piece.value.clauses
            assert at == piece.value


def test_edges_are_the_dates_of_acts_known_and_in_scope() -> None:
    new = enactment("us/zz/2016-new", act("amends", "amends", NEWYEAR, "us/zz/2015-law"))
    far = enactment("us/yy/2016-far", act("enacts", "enacts", "2016-07-01"))
    law = Asked(law_of(PLACES, scoped(scope()), new, far), "us/zz/alder")
    first, second = (law.regime(at).interval.start for at in ("2015-01-01", NEWYEAR))
    assert law.regimes.edges(law.place, law.custodian, second) == (first, second)
    assert law.regimes.edges(law.place, law.custodian, first) == (first,)
    for at in (first, second):
        assert law.regimes.at(law.place, law.custodian, at, second).interval.start == at


def test_regimes_are_made_once() -> None:
    law = Asked(law_of(PLACES, scoped(scope())), "us/zz/alder")
    assert law.regime("2016-01-01") is law.regime("2017-01-01", "2020-01-01")
    assert law.regime("2016-01-01") != law.regime("2014-01-01")
    assert law.regime("2016-01-01") != "a regime"
    assert len({law.regime("2016-01-01"), law.regime("2017-01-01")}) == 1
