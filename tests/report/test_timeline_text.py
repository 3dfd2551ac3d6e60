"""The drawing in a terminal: a golden sheet, and what must hold at any width."""

import re
from pathlib import Path

import pytest

from habeas.report.timeline_text import draw_text
from small_custodies import Custody, as_known_then, as_recorded, barred, class_unknown

GOLDEN = Path(__file__).parent / "juniper.txt"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def test_the_sheet_as_it_was_last_looked_at() -> None:
    assert draw_text(as_recorded(), 0, width=100, color=False) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [48, 80, 100, 133, 200])
def test_no_line_of_the_drawing_is_wider_than_asked(width: int) -> None:
    text = draw_text(as_recorded(), 0, width=width, color=False)
    drawing = text[text.index("\n\n") : text.index("\nfrom ")]
    assert max(len(line) for line in drawing.splitlines()) <= width


def test_a_width_too_small_is_drawn_at_the_least() -> None:
    assert draw_text(as_recorded(), 0, width=3, color=False) == draw_text(
        as_recorded(), 0, width=48, color=False
    )


@pytest.mark.parametrize("custody", [as_known_then, as_recorded, class_unknown, barred])
def test_colour_adds_nothing_but_colour(custody: Custody) -> None:
    plain = draw_text(custody(), 0, width=100, color=False)
    colored = draw_text(custody(), 0, width=100, color=True)
    assert colored != plain
    assert ANSI.sub("", colored) == plain


def test_each_state_has_a_sign_of_its_own() -> None:
    bar = {
        name: next(
            line
            for line in draw_text(custody(), 0, width=100, color=False).splitlines()
            if line[:6] == "ANSWER"
        )
        for name, custody in {
            "recorded": as_recorded,
            "forecast": as_known_then,
            "unknown": class_unknown,
        }.items()
    }
    assert set(bar["recorded"][7:]) == {" ", "█", "/"}
    assert set(bar["forecast"][7:]) == {" ", "█", "░", "x"}
    assert set(bar["unknown"][7:]) == {" ", "█", "?", "/"}


def test_twenty_minutes_of_no_authority_do_not_vanish_in_a_narrow_drawing() -> None:
    line = next(
        line
        for line in draw_text(barred(), 0, width=48, color=False).splitlines()
        if line.startswith("ANSWER")
    )
    assert line.endswith("/")


def test_the_table_below_gives_what_the_cells_round() -> None:
    text = draw_text(barred(), 0, width=48, color=False)
    assert "Fri 17 Feb 17:00  Fri 17 Feb 17:20  20 m" in text


def test_the_offset_of_the_place_and_the_standing_of_the_reading_are_said() -> None:
    text = draw_text(as_recorded(), 0, width=100, color=False)
    assert "America/New_York, EST (UTC-05:00)" in text
    assert "published defaults, adopted by nobody" in text
    given = as_recorded().under({"weekend-pause": "form-face"})
    assert "weekend-pause = form-face (given)" in draw_text(given, 0, width=100, color=False)
