"""Places: a tree of paths with zones, and territories across it."""

import pytest

from habeas.kernel.instants import zone
from habeas.kernel.places import (
    EVERYWHERE,
    Place,
    PlaceId,
    PlaceKind,
    PlaceTree,
    UnknownPlace,
    ZoneNotStated,
    lies_within,
    parent_of,
)

NATION = Place(PlaceId("us"), "United States", PlaceKind.NATION)
STATE = Place(PlaceId("us/zz"), "Zenith", PlaceKind.STATE, "America/Chicago")
JUNIPER = Place(PlaceId("us/zz/juniper"), "Juniper County", PlaceKind.COUNTY, "America/New_York", "99001")
JUNE = Place(PlaceId("us/zz/june"), "June County", PlaceKind.COUNTY)
JAIL = Place(PlaceId("us/zz/juniper/main"), "Main Jail", PlaceKind.FACILITY)
TREE = PlaceTree((JAIL, NATION, JUNE, STATE, JUNIPER), {"first district": [JUNIPER.id], "whole": [STATE.id]})


def test_a_place_lies_in_itself_and_in_all_above() -> None:
    assert TREE.within(JAIL.id, JAIL.id)
    assert TREE.within(JAIL.id, STATE.id)
    assert not TREE.within(STATE.id, JAIL.id)
    assert TREE.within(JAIL.id, EVERYWHERE)


def test_a_name_that_begins_alike_is_another_place() -> None:
    assert not lies_within(PlaceId("us/zz/juniper"), PlaceId("us/zz/june"))
    assert lies_within(PlaceId("us/zz/june"), PlaceId("us/zz/june"))


def test_ancestors_come_nearest_first() -> None:
    assert TREE.ancestors(JAIL.id) == (JUNIPER, STATE, NATION)
    assert TREE.ancestors(NATION.id) == ()
    assert parent_of(NATION.id) == EVERYWHERE


def test_the_nearest_zone_counts() -> None:
    assert TREE.zone_of(JAIL.id) is zone("America/New_York")
    assert TREE.zone_of(JUNE.id) is zone("America/Chicago")
    with pytest.raises(ZoneNotStated, match=r"\[us\]"):
        TREE.zone_of(NATION.id)


def test_a_territory_is_its_places_and_all_in_them() -> None:
    assert TREE.territory("first district") == {JUNIPER.id}
    assert TREE.within_territory(JAIL.id, "first district")
    assert not TREE.within_territory(JUNE.id, "first district")
    assert TREE.within_territory(JUNE.id, "whole")
    assert TREE.territories == ("first district", "whole")


def test_what_is_unknown_is_named_with_what_is_nearest() -> None:
    with pytest.raises(UnknownPlace, match=r"unknown place \[us/zz/junipr\]; did you mean") as unknown:
        TREE.zone_of(PlaceId("us/zz/junipr"))
    assert unknown.value.nearest[0] == JUNIPER.id
    with pytest.raises(UnknownPlace, match="first district"):
        TREE.territory("first distrct")
    with pytest.raises(UnknownPlace):
        TREE.within(JAIL.id, PlaceId("fr"))


def test_the_tree_is_whole() -> None:
    with pytest.raises(UnknownPlace):
        PlaceTree((JAIL,))
    with pytest.raises(UnknownPlace):
        PlaceTree((NATION,), {"lost": [STATE.id]})
    with pytest.raises(ValueError, match="two places"):
        PlaceTree((NATION, NATION))


def test_the_tree_lists_its_places() -> None:
    assert [place.id for place in TREE.places] == sorted(place.id for place in TREE.places)
    assert JAIL.id in TREE
    assert PlaceId("fr") not in TREE
    assert TREE[JUNIPER.id].fips == "99001"
