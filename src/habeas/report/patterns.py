"""Patterns, inks and the width of words: what every drawing shares.

A state is told by word, pattern and outline before colour, so it survives greyscale and print.
"""

from __future__ import annotations

from habeas.report.lanes import State
from habeas.report.markup import Markup, tag

INK = "#1b1b1b"

FILLS: dict[State, tuple[str, str, str, str]] = {
    State.HELD: ("#2e6276", "#1c4452", "#fff", ""),
    State.NO_AUTHORITY: ("url(#id-hatch)", "#b50909", "#8b0a03", ""),
    State.CONTESTED: ("url(#id-dots)", "#5942d2", "#3d2aa8", "4 3"),
    State.NOT_KNOWN: ("url(#id-rings)", "#5c4809", "#5c4809", "4 3"),
}
"""State -> fill, outline, ink of words on it, dashes of the outline; ids to be prefixed."""


def patterns(name: str) -> Markup:
    """The definitions the fills refer to, with ids of one drawing."""
    return tag(
        "defs",
        tag(
            "pattern",
            tag("rect", width=8, height=8, fill="#fff"),
            tag("path", d="M-2 2L2 -2M0 8L8 0M6 10L10 6", stroke="#b50909", stroke_width=2.4),
            id=f"{name}-hatch",
            width=8,
            height=8,
            patternUnits="userSpaceOnUse",
        ),
        tag(
            "pattern",
            tag("rect", width=8, height=8, fill="#f3f1fd"),
            tag("circle", cx=2, cy=2, r=1.3, fill="#5942d2"),
            tag("circle", cx=6, cy=6, r=1.3, fill="#5942d2"),
            id=f"{name}-dots",
            width=8,
            height=8,
            patternUnits="userSpaceOnUse",
        ),
        tag(
            "pattern",
            tag("rect", width=10, height=10, fill="#fdf6e3"),
            tag("circle", cx=5, cy=5, r=2.6, fill="none", stroke="#8a6d10", stroke_width=1),
            id=f"{name}-rings",
            width=10,
            height=10,
            patternUnits="userSpaceOnUse",
        ),
        tag(
            "pattern",
            tag("rect", width=6, height=6, fill="#fff"),
            tag("path", d="M0 3H6", stroke="#a9aeb1", stroke_width=1),
            id=f"{name}-lines",
            width=6,
            height=6,
            patternUnits="userSpaceOnUse",
        ),
    )


_NARROW = frozenset("iljtfr.,:;'|!I()[] -")
_WIDE = frozenset("mwMWOQGDNH@%")


def text_width(text: str, size: float) -> float:
    """About how wide a text is in a plain sans-serif face; rather too much than too little."""
    units = sum(0.36 if each in _NARROW else 0.9 if each in _WIDE else 0.6 for each in text)
    return units * size


def text_fits(text: str, room: float, size: float) -> bool:
    """Whether a text has room at a size."""
    return text_width(text, size) <= room


def trimmed(text: str, room: float, size: float) -> str:
    """The text, cut with an ellipsis where it has no room."""
    if text_fits(text, room, size):
        return text
    cut = text
    while cut and not text_fits(f"{cut}…", room, size):
        cut = cut[:-1]
    return f"{cut.rstrip()}…"
