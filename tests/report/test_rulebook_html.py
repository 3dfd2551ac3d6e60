"""The page of a place's law: lanes true to the law in force, the busiest year magnified, every act named."""

from functools import lru_cache

import pytest

from habeas.kernel.instants import Instant, parse_instant, zone
from habeas.kernel.places import PlaceId
from habeas.law.questions import UnknownReading
from habeas.report.law_lanes import Force
from habeas.report.rulebook_html import rulebook_page
from habeas.report.rulebook_lanes import YEAR, LawPicture, Vantage, _edges, law_picture
from small_custodies import rulebook
from small_pages import checked

KNOWN = parse_instant("2026-11-22T00:00Z")
PLACES = [
    PlaceId(each)
    for each in ("us/zz/juniper", "us/fl/miami-dade", "us/il/cook", "us/wa/pierce", "us/tx/travis", "us/zz")
]


@lru_cache(maxsize=8)
def pictured(place: PlaceId, known: Instant = KNOWN) -> LawPicture:
    return law_picture(rulebook(), Vantage(place, "county-jail", known, {}))


@pytest.mark.parametrize("place", PLACES)
def test_the_page_is_whole_accessible_and_the_same_twice(place: PlaceId) -> None:
    vantage = Vantage(place, "county-jail", KNOWN, {})
    text = rulebook_page(rulebook(), vantage)
    checked(text)
    assert rulebook_page(rulebook(), vantage) == text


@pytest.mark.parametrize("place", PLACES)
def test_each_lane_says_what_the_law_says_at_both_ends_of_every_stretch(place: PlaceId) -> None:
    _, regimes = rulebook().under({})
    for _, lanes in pictured(place).groups:
        for lane in lanes:
            for stretch in lane.stretches:
                for at in (stretch.start, Instant(stretch.end - 1)):
                    formula = regimes.at(place, "county-jail", at, KNOWN).in_force(lane.ref)
                    assert (formula is True) is (stretch.force is Force.IN_FORCE)
                    assert formula is not False


@pytest.mark.parametrize("place", PLACES)
def test_no_other_year_that_begins_with_a_change_holds_more_of_them(place: PlaceId) -> None:
    shown = pictured(place)
    law, _ = rulebook().under({})
    lanes = [lane for _, each in shown.groups for lane in each]
    own = [lane for lane in lanes if law.enactments[lane.ref].place == place]
    edges = _edges(own) or _edges(lanes)
    assert edges
    left, right = shown.magnified
    inside = sum(left <= edge < right for edge in edges)
    assert inside >= max(sum(one <= edge < one + YEAR for edge in edges) for one in edges)


def test_what_was_not_yet_known_is_not_drawn() -> None:
    early = pictured(PlaceId("us/zz/juniper"), parse_instant("2013-06-01 00:00", zone("America/New_York")))
    assert "us/zz/juniper/2014-detainer-ordinance" not in {
        lane.ref for _, lanes in early.groups for lane in lanes
    }
    late = pictured(PlaceId("us/zz/juniper"))
    assert "us/zz/juniper/2014-detainer-ordinance" in {lane.ref for _, lanes in late.groups for lane in lanes}


def test_every_act_of_the_place_is_in_the_table_even_one_undone_from_its_start() -> None:
    place = PlaceId("us/fl/miami-dade")
    text = rulebook_page(rulebook(), Vantage(place, "county-jail", KNOWN, {}))
    law, _ = rulebook().under({})
    for enactment in law.enactments.values():
        if enactment.place == place:
            for act in enactment.acts:
                assert act.cite.replace("&", "&amp;") in text


def test_a_reading_the_rulebook_lacks_is_refused() -> None:
    with pytest.raises(UnknownReading):
        rulebook_page(rulebook(), Vantage(PlaceId("us/zz"), None, KNOWN, {"whether-it-rains": "yes"}))
