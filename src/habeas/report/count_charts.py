"""Charts of counts: a line from day to day, and the band that uncertain instants leave."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from habeas.report.markup import Content, Markup, number, tag
from habeas.report.patterns import INK
from habeas.wire.count_forms import CountedDayForm, RuleCountForm, SeriesPointForm

_WIDTH: Final = 1000
_HEIGHT: Final = 260
_LEFT: Final = 70.0
_RIGHT: Final = 980.0
_TOP: Final = 20.0
_BOTTOM: Final = 220.0
_FONT: Final = "'Segoe UI', Roboto, Helvetica, Arial, 'Liberation Sans', sans-serif"
_FEW: Final = 40
"""Points up to which each is drawn as a point."""


def day_chart(form: RuleCountForm, name: str) -> Markup:
    """The daily population under one rule, from zero, with its bounds."""
    days = form.days
    spoken = f"{form.title}: from {_shown(days[0])} on {days[0].day} to {_shown(days[-1])} on {days[-1].day}"
    points = [(day.found.least, day.found.most) for day in days]
    return _chart(form.title, spoken, points, [day.day for day in days], name)


def series_chart(title: str, points: Sequence[SeriesPointForm], name: str) -> Markup:
    """The yearly figures of one measure, from zero."""
    values = [float(point.total.replace(",", "") or 0) for point in points]
    spoken = f"{title}: {'; '.join(f'{p.key} {p.total}' for p in points)}"
    return _chart(title, spoken, [(value, value) for value in values], [point.key for point in points], name)


def _shown(day: CountedDayForm) -> str:
    found = day.found
    return f"{found.least:,}" if found.least == found.most else f"{found.least:,} to {found.most:,}"


def _chart(
    title: str, spoken: str, points: Sequence[tuple[float, float]], labels: Sequence[str], name: str
) -> Markup:
    top = _round_up(max((most for _, most in points), default=1.0) or 1.0)
    step = (_RIGHT - _LEFT) / max(len(points) - 1, 1)
    xs = [_LEFT + step * n for n in range(len(points))]
    low = [_y(least, top) for least, _ in points]
    high = [_y(most, top) for _, most in points]
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(xs, high, strict=True))
    back = "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(reversed(xs), reversed(low), strict=True))
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", spoken, id=f"{name}-desc"),
        tag("rect", width=_WIDTH, height=_HEIGHT, fill="#fff"),
        [_grid(top * n / 4, top) for n in range(5)],
        tag("path", d=f"{line}L{back}Z", fill="#c9d6e8", stroke="none") if low != high else None,
        tag("path", d=line, fill="none", stroke="#2f4b76", stroke_width=2),
        [tag("circle", cx=x, cy=y, r=3, fill="#2f4b76") for x, y in zip(xs, high, strict=True)]
        if len(points) <= _FEW
        else None,
        [_day_label(xs[n], labels[n], n, len(labels)) for n in _ticks(len(labels))],
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        font_family=_FONT,
        font_size=12,
        fill=INK,
    )


def _y(value: float, top: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * value / top


def _grid(value: float, top: float) -> Content:
    y = _y(value, top)
    shown = f"{value:,.0f}" if value >= 10 or value == int(value) else number(value)
    return [
        tag("path", d=f"M{_LEFT} {y:.1f}H{_RIGHT}", stroke="#dcdee0", fill="none"),
        tag("text", shown, x=_LEFT - 8, y=y + 4, text_anchor="end"),
    ]


def _day_label(x: float, label: str, place: int, of: int) -> Markup:
    anchor = "start" if place == 0 and of > 1 else "end" if place == of - 1 and of > 1 else "middle"
    return tag("text", label, x=x, y=_BOTTOM + 24, text_anchor=anchor)


def _ticks(of: int) -> list[int]:
    if of <= 6:
        return list(range(of))
    return sorted({round((of - 1) * n / 5) for n in range(6)})


def _round_up(value: float) -> float:
    scale = 10.0 ** math.floor(math.log10(value))
    return next(scale * step for step in (1, 2, 4, 5, 8, 10) if scale * step >= value)
