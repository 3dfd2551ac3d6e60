"""The law of a place drawn over the years, its busiest year magnified and labelled so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from habeas.kernel.instants import FOREVER, Instant, civil_date_of, start_of_day
from habeas.report.axis import day_text
from habeas.report.law_lanes import Force, LawLane, LawStretch
from habeas.report.markup import Content, Markup, tag
from habeas.report.patterns import INK, patterns, text_width, trimmed
from habeas.report.rulebook_lanes import LawPicture

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 1160, 170, 1140, 52, 22
_SHARE = 0.55
"""How much of the width the magnified stretch takes."""
_LOOKS = {
    Force.IN_FORCE: ("#dfe6f1", "#2f4b76", ""),
    Force.OTHERS: ("#f7ecd8", "#8a5a00", ""),
    Force.DOUBTFUL: ("url(#law-dots)", "#5942d2", "4 3"),
    Force.HALTED: ("url(#law-lines)", "#71767a", "4 3"),
}
_WORDS = {
    Force.IN_FORCE: "in force",
    Force.OTHERS: "in force for some",
    Force.DOUBTFUL: "in doubt",
    Force.HALTED: "halted",
}


def law_svg(shown: LawPicture, zone: ZoneInfo, title: str) -> Markup:
    """The picture as SVG; ``zone`` is the place's, in which days begin."""
    return _Drawing(shown, zone, title).svg()


@dataclass(frozen=True)
class _Drawing:
    shown: LawPicture
    zone: ZoneInfo
    title: str

    @property
    def floor(self) -> float:
        return _TOP + sum(_ROW * len(lanes) + 10 for _, lanes in self.shown.groups)

    def svg(self) -> Markup:
        height = self.floor + 36
        lanes = sum(len(lanes) for _, lanes in self.shown.groups)
        first, last = (civil_date_of(at, self.zone).year for at in (self.shown.start, self.shown.end))
        said = f"{lanes} enactments in force at some time between {first} and {last}; a table names each."
        return tag(
            "svg",
            tag("title", self.title, id="law-title"),
            tag("desc", said, id="law-desc"),
            patterns("law"),
            tag("rect", width=_WIDTH, height=height, fill="#fff"),
            list(self._axis()),
            list(self._groups()),
            list(self._legend(height - 12)),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {_WIDTH} {height:.0f}",
            role="img",
            aria_labelledby="law-title law-desc",
            font_family="'Segoe UI', Roboto, Helvetica, Arial, 'Liberation Sans', sans-serif",
            font_size=11,
            fill=INK,
        )

    def x(self, at: Instant) -> float:
        """Where an instant lies: three straight parts, the middle one magnified."""
        start, end, (left, right) = self.shown.start, self.shown.end, self.shown.magnified
        inside = max(right - left, 0)
        outside = max(end - start - inside, 1)
        plain = (_RIGHT - _LEFT) * (1 - _SHARE) / outside
        large = (_RIGHT - _LEFT) * _SHARE / max(inside, 1)
        clipped = min(max(at, start), end)
        before = min(clipped, left) - start
        within = min(max(clipped - left, 0), inside)
        after = max(clipped - right, 0)
        return _LEFT + before * plain + within * large + after * plain

    def _axis(self) -> Iterator[Content]:
        left, right = self.shown.magnified
        wide = self.x(right) - self.x(left)
        yield tag(
            "rect", x=self.x(left), y=_TOP - 14, width=wide, height=self.floor - _TOP + 14, fill="#fdf8e7"
        )
        days = [civil_date_of(at, self.zone) for at in self.shown.magnified]
        words = f"magnified: {day_text(days[0])} {days[0].year} to {day_text(days[1])} {days[1].year}"
        yield tag(
            "text",
            words,
            x=self.x(left) + wide / 2,
            y=13,
            text_anchor="middle",
            font_weight=600,
            fill="#5c4809",
        )
        free = 0.0
        for day, label in self._ticks(days[0], days[1]):
            x = self.x(start_of_day(day, self.zone))
            yield tag("path", d=f"M{x:.1f} {_TOP - 14}V{self.floor:.1f}", stroke="#dfe1e2")
            if x >= free and x + text_width(label, 10) < _WIDTH:
                yield tag("text", label, x=x + 2, y=_TOP - 18, font_size=10, font_weight=600)
                free = x + text_width(label, 10) + 6

    def _ticks(self, left: dt.date, right: dt.date) -> Iterator[tuple[dt.date, str]]:
        """Years outside the magnified stretch, months inside it."""
        first, last = (civil_date_of(at, self.zone).year for at in (self.shown.start, self.shown.end))
        days = {dt.date(year, 1, 1): str(year) for year in range(first + 1, last + 1)}
        month = dt.date(left.year, left.month, 1)
        while month <= right:
            if month >= left:
                name = day_text(month)[-3:]
                days[month] = f"{name} {month.year}" if month.month == 1 else name
            month = (month + dt.timedelta(days=32)).replace(day=1)
        yield from sorted(days.items())

    def _groups(self) -> Iterator[Content]:
        y = float(_TOP)
        for name, lanes in self.shown.groups:
            yield tag("path", d=f"M14 {y - 4:.1f}H{_RIGHT}", stroke="#c6cace")
            label = trimmed(name, _LEFT - 26, 12)
            yield tag("text", label, x=_LEFT - 10, y=y + 13, text_anchor="end", font_size=12, font_weight=700)
            for lane in lanes:
                yield from self._lane(lane, y)
                y += _ROW
            y += 10

    def _lane(self, lane: LawLane, y: float) -> Iterator[Content]:
        seen = [s for s in lane.stretches if s.end > self.shown.start and s.start < self.shown.end]
        for each in seen:
            yield self._bar(each, y)
        left = self.x(seen[0].start)
        room = _RIGHT - left - 8
        if room >= min(text_width(lane.title, 11), 200):
            words, x, anchor = trimmed(lane.title, room, 11), left + 6, "start"
        else:
            words, x, anchor = trimmed(lane.title, left - _LEFT - 12, 11), left - 5, "end"
        yield tag(
            "text",
            words,
            x=x,
            y=y + 12.5,
            text_anchor=anchor,
            stroke="#fff",
            stroke_width=3,
            paint_order="stroke",
        )

    def _bar(self, each: LawStretch, y: float) -> Content:
        left, right = self.x(each.start), self.x(each.end)
        fill, stroke, dash = _LOOKS[each.force]
        runs_on = each.end >= FOREVER
        bar = tag(
            "rect",
            x=left,
            y=y,
            width=max(right - left, 1.5),
            height=17,
            fill=fill,
            stroke=stroke,
            stroke_dasharray=dash or None,
        )
        arrow = tag("path", d=f"M{_RIGHT} {y:.1f}l9 8.5l-9 8.5z", fill=stroke) if runs_on else None
        begun = (
            tag("rect", x=left, y=y, width=3, height=17, fill=stroke)
            if each.start > self.shown.start
            else None
        )
        return [bar, begun, arrow]

    def _legend(self, y: float) -> Iterator[Content]:
        x = 14.0
        used = {s.force for _, lanes in self.shown.groups for lane in lanes for s in lane.stretches}
        for force in (force for force in Force if force in used):
            fill, stroke, dash = _LOOKS[force]
            yield tag(
                "rect",
                x=x,
                y=y - 10,
                width=22,
                height=12,
                fill=fill,
                stroke=stroke,
                stroke_dasharray=dash or None,
            )
            yield tag("text", _WORDS[force], x=x + 28, y=y)
            x += 28 + text_width(_WORDS[force], 11) + 16
        yield tag("text", "An arrow: still in force.", x=x, y=y)
