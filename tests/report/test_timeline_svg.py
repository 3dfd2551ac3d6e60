"""The drawing as lanes: a golden file, well formed, spoken, and hatched only where it is true."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from habeas.kernel.instants import parse_instant, zone
from habeas.report.timeline_svg import draw_svg
from small_custodies import Custody, as_known_then, as_recorded, barred, class_unknown

GOLDEN = Path(__file__).resolve().parents[2] / "docs" / "images" / "custody.svg"
SVG = "{http://www.w3.org/2000/svg}"
ALL = [as_known_then, as_recorded, class_unknown, barred]


def bars(text: str) -> list[ET.Element]:
    return list(ET.fromstring(text).iter(f"{SVG}rect"))  # noqa: S314 - our own drawing


def test_the_drawing_as_it_was_last_looked_at() -> None:
    assert draw_svg(as_recorded(), 0) + "\n" == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("custody", ALL)
def test_it_is_the_same_on_every_run(custody: Custody) -> None:
    assert draw_svg(custody(), 0) == draw_svg(custody(), 0)


@pytest.mark.parametrize("custody", ALL)
def test_it_is_well_formed_named_and_without_script(custody: Custody) -> None:
    root = ET.fromstring(draw_svg(custody(), 0))  # noqa: S314 - our own drawing
    named = root.attrib["aria-labelledby"].split()
    found = {each.attrib["id"] for each in root.iter() if "id" in each.attrib}
    assert set(named) <= found
    assert root.attrib["role"] == "img"
    assert [each.tag for each in root.iter() if each.tag in {f"{SVG}script", f"{SVG}image"}] == []


def test_the_sentence_for_those_who_do_not_see_it_tells_every_stretch() -> None:
    said = ET.fromstring(draw_svg(as_recorded(), 0)).findtext(f"{SVG}desc")  # noqa: S314 - our own drawing
    assert said == (
        "Custody in Juniper County (fictional): may be held from Thu 16 Feb 08:00 until Fri 17 Feb 17:00; "
        "may be held from Fri 17 Feb 17:00 until Wed 22 Feb 17:00; "
        "no authority from Wed 22 Feb 17:00 until Thu 23 Feb 11:20."
    )


def test_actual_lack_of_authority_is_hatched() -> None:
    assert any(each.attrib["fill"] == "url(#timeline-hatch)" for each in bars(draw_svg(as_recorded(), 0)))


def test_a_time_that_has_not_come_is_an_outline_and_never_hatched() -> None:
    drawn = bars(draw_svg(as_known_then(), 0))
    assert not any(each.attrib["fill"] == "url(#timeline-hatch)" for each in drawn)
    outlines = [each for each in drawn if each.attrib.get("stroke-dasharray") == "5 3"]
    assert outlines
    assert {each.attrib["fill"] for each in outlines} == {"#fff"}


def test_an_instant_asked_is_marked_with_its_words() -> None:
    at = parse_instant("2017-02-22 17:00", zone("America/New_York"))
    assert "asked Wed 22 Feb 17:00" in draw_svg(as_recorded(), 0, at=at)
    assert "asked" not in draw_svg(as_recorded(), 0)


def test_nothing_is_drawn_outside_the_sheet() -> None:
    for custody in ALL:
        text = draw_svg(custody(), 0)
        width, height = (float(each) for each in ET.fromstring(text).attrib["viewBox"].split()[2:])  # noqa: S314 - ours
        for each in bars(text):
            if "x" in each.attrib:
                assert float(each.attrib["x"]) >= -0.1
                assert float(each.attrib["x"]) + float(each.attrib["width"]) <= width + 0.1
                assert float(each.attrib["y"]) + float(each.attrib["height"]) <= height
