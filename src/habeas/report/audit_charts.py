"""Charts of an audit. Each stands before the table of its own figures, made in one computation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from habeas.report.lanes import State
from habeas.report.markup import Content, Markup, number, tag
from habeas.report.patterns import FILLS, INK, patterns, trimmed

_WIDTH, _LEFT, _RIGHT = 1000, 300, 900
_ENDS = 830
"""Where the longest range ends, leaving room for both its bounds."""
_ROW = 30
_FONT = "'Segoe UI', Roboto, Helvetica, Arial, 'Liberation Sans', sans-serif"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole: how much, how it is drawn, and in which words."""

    name: str
    amount: float
    shown: str
    """The amount in words, such as ``12 d`` or ``1,204``."""
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """A quantity known only between a least and a most."""

    name: str
    least: float
    most: float
    shown: str


def bars(title: str, parts: Sequence[Part], *, name: str) -> Markup:
    """One bar a part, from zero, longest the whole width."""
    longest = max((part.amount for part in parts), default=0.0) or 1.0
    rows = [_bar(part, 14.0 + _ROW * index, longest, name) for index, part in enumerate(parts)]
    spoken = "; ".join(f"{part.name}: {part.shown}" for part in parts)
    return _svg(title, spoken, rows, height=20 + _ROW * len(parts), name=name)


def whole(title: str, parts: Sequence[Part], *, name: str) -> Markup:
    """One bar cut into its parts, each named below with its amount."""
    total = sum(part.amount for part in parts) or 1.0
    spoken = "; ".join(f"{part.name}: {part.shown}" for part in parts)
    content = list(_cut(parts, total, name))
    return _svg(title, spoken, content, height=62 + 20 * len(parts), name=name)


def ranges(title: str, found: Sequence[Range], *, name: str, unit: str) -> Markup:
    """One line a quantity, from its least to its most; never a point between."""
    longest = max((each.most for each in found), default=0.0) or 1.0
    rows = [_range(each, 14.0 + _ROW * index, longest) for index, each in enumerate(found)]
    spoken = "; ".join(f"{each.name}: {each.shown}" for each in found)
    height = 40 + _ROW * len(found)
    axis = [
        tag("path", d=f"M{_LEFT} {height - 26}H{_ENDS}", stroke="#71767a"),
        tag("text", "0", x=_LEFT, y=height - 10, text_anchor="middle", font_size=11),
        tag("text", f"{number(longest)} {unit}", x=_ENDS, y=height - 10, text_anchor="middle", font_size=11),
    ]
    return _svg(title, spoken, [axis, rows], height=height, name=name)


def _bar(part: Part, y: float, longest: float, name: str) -> Content:
    wide = max((_RIGHT - _LEFT) * part.amount / longest, 1.0 if part.amount else 0.0)
    fill, stroke, dash = _look(part.state, name)
    return [
        _label(part.name, y),
        tag(
            "rect",
            x=_LEFT,
            y=y,
            width=wide,
            height=18,
            fill=fill,
            stroke=stroke,
            stroke_dasharray=dash or None,
        ),
        tag("text", part.shown, x=_LEFT + wide + 8, y=y + 14, font_weight=600),
    ]


def _cut(parts: Sequence[Part], total: float, name: str) -> Iterator[Content]:
    x, span = 14.0, _WIDTH - 28.0
    for index, part in enumerate(parts):
        wide = span * part.amount / total
        fill, stroke, dash = _look(part.state, name)
        if wide:
            yield tag(
                "rect",
                x=x,
                y=12,
                width=max(wide, 1.0),
                height=34,
                fill=fill,
                stroke=stroke,
                stroke_width=1.5,
                stroke_dasharray=dash or None,
            )
        x += wide
        y = 68 + 20 * index
        share = f"{part.name}: {part.shown} ({100 * part.amount / total:.1f} %)"
        yield tag(
            "rect",
            x=14,
            y=y - 10,
            width=22,
            height=12,
            fill=fill,
            stroke=stroke,
            stroke_dasharray=dash or None,
        )
        yield tag("text", share, x=44, y=y)


def _range(each: Range, y: float, longest: float) -> Content:
    scale = (_ENDS - _LEFT) / longest
    left, right = _LEFT + each.least * scale, _LEFT + each.most * scale
    return [
        _label(each.name, y),
        tag(
            "path", d=f"M{left:.1f} {y + 9:.1f}H{max(right, left + 1):.1f}", stroke="#5942d2", stroke_width=5
        ),
        tag("path", d=f"M{left:.1f} {y + 2:.1f}v14M{right:.1f} {y + 2:.1f}v14", stroke=INK, stroke_width=1.5),
        tag(
            "text",
            each.shown,
            x=right + 8,
            y=y + 13,
            font_size=11,
        ),
    ]


def _label(words: str, y: float) -> Markup:
    return tag("text", trimmed(words, _LEFT - 24, 12), x=_LEFT - 10, y=y + 14, text_anchor="end")


def _look(state: State | None, name: str) -> tuple[str, str, str]:
    if state is None:
        return "#8fa6c4", "#2f4b76", ""
    fill, stroke, _, dash = FILLS[state]
    return fill.replace("#id-", f"#{name}-"), stroke, dash


def _svg(title: str, spoken: str, content: Content, *, height: int, name: str) -> Markup:
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", spoken, id=f"{name}-desc"),
        patterns(name),
        tag("rect", width=_WIDTH, height=height, fill="#fff"),
        content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_WIDTH} {height}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        font_family=_FONT,
        font_size=12,
        fill=INK,
    )
