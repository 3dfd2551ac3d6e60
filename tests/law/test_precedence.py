"""Who governs: the conflict table, orders, and grounds that are always said."""

from __future__ import annotations

import pytest

from habeas.kernel.instants import Instant
from habeas.kernel.kleene import Kleene
from habeas.law.enactments import Effect
from habeas.law.precedence import (
    Above,
    LaterInTime,
    Order,
    Outcome,
    PrecedenceOrder,
    Rank,
    Saying,
    Unordered,
    settle,
)

STATE = PrecedenceOrder(
    "us/zz",
    steps=(
        Above("statute", "ordinance", "Zenith Const. IV (fictional)"),
        Above("ordinance", "directive", "Zenith Stat. 120 (fictional)"),
        Above("statute", "resolution", "Zenith Const. IV (fictional)"),
    ),
    later_in_time=(LaterInTime("legislature", "Zenith Stat. 1.03 (fictional)"),),
)
COUNTY = PrecedenceOrder(
    "us/zz/juniper",
    steps=(Above("resolution", "directive", "Juniper Charter 2 (fictional)"),),
    unordered=(Unordered(("ordinance", "directive"), "Juniper Charter 9 (fictional)"),),
)
ORDER = Order([COUNTY, STATE])

MAY, MUST, BAN = Effect.MAY_HOLD, Effect.MUST_HOLD, Effect.MUST_NOT_HOLD


def saying(
    effect: Effect,
    kind: str = "ordinance",
    *,
    value: Kleene = True,
    ref: str = "",
    body: str = "",
    begun: int = 0,
    protected: bool = False,
    exception_to: str = "",
) -> Saying:
    name = ref or f"{kind}#{effect}"
    return Saying(name, effect, value, kind, body, Instant(begun), "cite", protected, exception_to)


@pytest.mark.parametrize(
    ("one", "other", "rank"),
    [
        ("statute", "ordinance", Rank.ABOVE),
        ("directive", "statute", Rank.BELOW),
        ("statute", "directive", Rank.ABOVE),
        ("ordinance", "directive", Rank.UNORDERED),
        ("ordinance", "resolution", Rank.UNORDERED),
        ("ordinance", "ordinance", Rank.UNORDERED),
    ],
)
def test_an_order_is_inherited_and_a_place_may_unmake_a_step(one: str, other: str, rank: Rank) -> None:
    assert ORDER.compare(one, other).rank is rank


def test_a_rank_cites_every_step_of_its_path() -> None:
    assert ORDER.compare("statute", "directive").cites in {
        ("Zenith Const. IV (fictional)", "Juniper Charter 2 (fictional)"),
        ("Zenith Const. IV (fictional)", "Zenith Stat. 120 (fictional)"),
    }
    assert ORDER.compare("ordinance", "directive").cites == ("Juniper Charter 9 (fictional)",)


@pytest.mark.parametrize(
    ("sayings", "outcome"),
    [
        ([], Outcome.SILENT),
        ([saying(MAY)], Outcome.MAY_HOLD),
        ([saying(MAY, value=False)], Outcome.SILENT),
        ([saying(BAN)], Outcome.BARRED),
        ([saying(MAY), saying(MUST)], Outcome.MUST_HOLD),
        # A bare permission yields to any ban, whatever its rank.
        ([saying(MAY, "statute"), saying(BAN, "directive")], Outcome.BARRED),
        # A protected permission or a duty resists bans of lower rank, and no others.
        ([saying(MAY, "statute", protected=True), saying(BAN, "ordinance")], Outcome.MAY_HOLD),
        ([saying(MUST, "statute"), saying(BAN, "ordinance")], Outcome.MUST_HOLD),
        ([saying(MUST, "ordinance"), saying(BAN, "statute")], Outcome.BARRED),
        ([saying(MUST, "directive"), saying(BAN, "ordinance")], Outcome.CONTESTED),
        ([saying(MUST, "resolution"), saying(BAN, "ordinance")], Outcome.CONTESTED),
        # One ban defeated, another not.
        ([saying(MUST, "statute"), saying(BAN, "ordinance"), saying(BAN, "constitution")], Outcome.CONTESTED),
    ],
)
def test_the_conflict_table(sayings: list[Saying], outcome: Outcome) -> None:
    assert settle(sayings, ORDER).outcome is outcome


def test_later_in_time_decides_only_where_the_order_cites_it() -> None:
    later = saying(MUST, "statute", body="legislature", begun=2, ref="a")
    earlier = saying(BAN, "statute", body="legislature", begun=1, ref="b")
    assert settle([later, earlier], ORDER).outcome is Outcome.MUST_HOLD
    elsewhere = saying(BAN, "statute", body="board", begun=1, ref="c")
    assert (
        settle([saying(MUST, "statute", body="board", begun=2, ref="d"), elsewhere], ORDER).outcome
        is Outcome.CONTESTED
    )


def test_an_exception_displaces_its_base_only_while_it_holds() -> None:
    base = saying(BAN, ref="base")
    assert settle([base, saying(MAY, ref="x", exception_to="base")], ORDER).outcome is Outcome.MAY_HOLD
    unknown = saying(MAY, value=None, ref="x", exception_to="base")
    assert settle([base, unknown], ORDER).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("sayings", "outcome"),
    [
        ([saying(MAY, value=None)], Outcome.UNKNOWN),
        ([saying(MAY), saying(MUST, value=None)], Outcome.MAY_HOLD),
        ([saying(BAN), saying(MAY, value=None)], Outcome.BARRED),
        ([saying(MAY), saying(BAN, value=None)], Outcome.UNKNOWN),
        ([saying(BAN, value=None)], Outcome.SILENT),
    ],
)
def test_an_unknown_saying_matters_only_where_it_would_change_the_outcome(
    sayings: list[Saying], outcome: Outcome
) -> None:
    assert settle(sayings, ORDER).outcome is outcome


def test_every_ground_used_is_said_with_its_citation() -> None:
    found = settle([saying(MUST, "statute", ref="s"), saying(BAN, "ordinance", ref="o")], ORDER)
    assert found.grounds == ("s prevails over o [Zenith Const. IV (fictional)]",)
    contested = settle([saying(MUST, "directive", ref="d"), saying(BAN, "ordinance", ref="o")], ORDER)
    assert contested.grounds == ("no rule says whether d or o prevails [Juniper Charter 9 (fictional)]",)
    assert set(contested.by) == {"d", "o"}
