"""Acts that defeat one another: found for the linter, unknown to everyone else."""

from __future__ import annotations

from habeas.law.acts import cycles
from habeas.law.enactments import Enactment, Scope
from small_laws import Asked, act, enactment, law_of, scope, tree

PLACES = tree("us/zz/juniper", "us/zz/alder")
TEXT = enactment("us/zz/2010-law", act("enacts", "enacts", "2010-01-01"))


def order(name: str, target: str, begins: str = "2015-01-01", where: Scope | None = None) -> Enactment:
    halt = act("halt", "suspends", begins, target, scope=where or scope(), cite=f"order {name}")
    return enactment(f"us/zz/{name}", halt, clauses="")


def test_two_orders_that_suspend_each_other() -> None:
    law = law_of(PLACES, TEXT, order("a", "us/zz/b us/zz/2010-law"), order("b", "us/zz/a"))
    (circle,) = cycles(law)
    assert circle.acts == ("us/zz/a!halt", "us/zz/b!halt")
    assert circle.cites == ("order a", "order b")
    assert str(circle) == "us/zz/a!halt [order a] and us/zz/b!halt [order b] defeat one another in us/zz"
    asked = Asked(law, "us/zz/juniper")
    for ref in ("us/zz/a", "us/zz/b", "us/zz/2010-law"):
        assert asked.force(ref, "2014-12-31") is (ref == "us/zz/2010-law")
        assert asked.force(ref, "2015-01-01") is None


def test_an_act_from_outside_breaks_a_circle() -> None:
    law = law_of(
        PLACES, TEXT, order("a", "us/zz/b us/zz/2010-law"), order("b", "us/zz/a"), order("c", "us/zz/b")
    )
    assert len(cycles(law)) == 1, "a drafter should still look at it"
    asked = Asked(law, "us/zz/juniper")
    assert asked.force("us/zz/a", "2016-01-01") is True
    assert asked.force("us/zz/b", "2016-01-01") is False


def test_a_circle_of_odd_length() -> None:
    law = law_of(PLACES, order("a", "us/zz/b"), order("b", "us/zz/c"), order("c", "us/zz/a"))
    (circle,) = cycles(law)
    assert len(circle.acts) == 3
    assert Asked(law, "us/zz/juniper").force("us/zz/a", "2016-01-01") is None


def test_orders_that_never_meet_are_no_circle() -> None:
    law = law_of(
        PLACES,
        order("a", "us/zz/b", where=scope("us/zz/juniper")),
        order("b", "us/zz/a", where=scope("us/zz/alder")),
    )
    assert cycles(law) == ()
    jails = scope(custodians="county-jail")
    prisons = scope(custodians="state-prison")
    assert (
        cycles(law_of(PLACES, order("a", "us/zz/b", where=jails), order("b", "us/zz/a", where=prisons))) == ()
    )
    assert len(cycles(law_of(PLACES, order("a", "us/zz/b", where=jails), order("b", "us/zz/a")))) == 1


def test_a_guard_decides_a_circle_for_those_it_leaves_out() -> None:
    some = scope(bound="person.petitioner")
    law = law_of(PLACES, order("a", "us/zz/b", where=some), order("b", "us/zz/a"))
    asked = Asked(law, "us/zz/juniper")
    assert asked.force("us/zz/b", "2016-01-01", guard=False) is True
    assert asked.force("us/zz/b", "2016-01-01", guard=True) is None
    assert asked.force("us/zz/a", "2016-01-01", guard=False) is False


def test_a_long_chain_is_no_circle_and_needs_no_deep_stack() -> None:
    many = 3000
    chain = [order(f"o{i:05}", f"us/zz/o{i + 1:05}") for i in range(many)]
    law = law_of(PLACES, *chain, order(f"o{many:05}", ""))
    assert cycles(law) == ()
    asked = Asked(law, "us/zz/juniper")
    assert asked.force("us/zz/o00000", "2016-01-01") is True
    assert asked.force(f"us/zz/o{many - 1:05}", "2016-01-01") is False
    assert asked.force(f"us/zz/o{many:05}", "2016-01-01") is True


def test_statutes_that_amend_and_repeal_each_other_over_time_are_no_circle() -> None:
    """An ending that came later than another cannot undo it."""
    law = law_of(
        PLACES,
        enactment(
            "us/zz/2011-a",
            act("enacts", "enacts", "2011-01-01"),
            act("end", "repeals", "2012-01-01", "us/zz/2010-b"),
        ),
        enactment(
            "us/zz/2010-b",
            act("enacts", "enacts", "2010-01-01"),
            act("end", "repeals", "2013-01-01", "us/zz/2011-a"),
        ),
    )
    assert cycles(law) == ()
    asked = Asked(law, "us/zz/juniper")
    assert asked.force("us/zz/2010-b", "2014-01-01") is False
    assert asked.force("us/zz/2011-a", "2014-01-01") is True, "its repealer was itself repealed before"
