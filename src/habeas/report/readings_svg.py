"""The same custody under each reading, as known then and later: bars on one axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from habeas.kernel.instants import Instant
from habeas.report.axis import moment_text, ticks
from habeas.report.lanes import Picture, State, Stretch
from habeas.report.markup import Content, Markup, tag
from habeas.report.patterns import FILLS, INK, patterns, text_fits, text_width, trimmed

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 1000, 250, 986, 40, 30


@dataclass(frozen=True, slots=True)
class Strip:
    """One bar: a name, and the custody it draws."""

    group: str
    """Heading under which it stands; strips of one group follow one another."""
    name: str
    shown: Picture


def strips_svg(strips: Sequence[Strip], *, at: Instant, name: str, title: str) -> Markup:
    """The answer bars of several pictures of one custody, drawn one below the other.

    Args:
        strips: At least one; all of the same custody.
        at: The instant asked, marked through all bars.
        name: Keeps the ids apart from those of other drawings on a page.
        title: What the drawing is of.
    """
    return _Strips(tuple(strips), at, name, title).svg()


@dataclass(frozen=True)
class _Strips:
    strips: tuple[Strip, ...]
    at: Instant
    name: str
    title: str

    @property
    def start(self) -> Instant:
        return min(strip.shown.start for strip in self.strips)

    @property
    def end(self) -> Instant:
        return max(strip.shown.end for strip in self.strips)

    @property
    def height(self) -> int:
        groups = len({strip.group for strip in self.strips})
        return _TOP + 24 * groups + _ROW * len(self.strips) + 68

    def x(self, at: Instant) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (at - self.start) / (self.end - self.start)

    def svg(self) -> Markup:
        spoken = "; ".join(f"{s.group}, {s.name}: {self._spoken(s)}" for s in self.strips)
        return tag(
            "svg",
            tag("title", self.title, id=f"{self.name}-title"),
            tag("desc", spoken, id=f"{self.name}-desc"),
            patterns(self.name),
            tag("rect", width=_WIDTH, height=self.height, fill="#fff"),
            self._grid(),
            list(self._rows()),
            self._asked(),
            self._legend(),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {_WIDTH} {self.height}",
            role="img",
            aria_labelledby=f"{self.name}-title {self.name}-desc",
            font_family="'Segoe UI', Roboto, Helvetica, Arial, 'Liberation Sans', sans-serif",
            font_size=12,
            fill=INK,
        )

    def _spoken(self, strip: Strip) -> str:
        zone = strip.shown.zone
        return ", ".join(f"{each.state} from {moment_text(each.start, zone)}" for each in strip.shown.answer)

    def _grid(self) -> Iterator[Content]:
        shown, floor, free = self.strips[0].shown, self.height - 60, 0.0
        widest = max((strip.shown for strip in self.strips), key=lambda each: each.end)
        for band in widest.bands:
            left, right = self.x(band.start), self.x(band.end)
            yield tag("rect", x=left, y=_TOP - 8, width=right - left, height=floor - _TOP + 8, fill="#eceff2")
            if band.name != "weekend":
                middle = (left + right) / 2
                yield tag(
                    "text",
                    band.name,
                    x=middle,
                    y=floor + 11,
                    text_anchor="middle",
                    font_size=10,
                    fill="#565c65",
                )
        for tick in ticks(self.start, self.end, shown.zone, most=9):
            x = self.x(tick.at)
            yield tag("path", d=f"M{x:.1f} {_TOP - 8}V{floor}", stroke="#c6cace")
            if x >= free and x + text_width(tick.label, 11) < _WIDTH:
                yield tag("text", tick.label, x=x + 3, y=16, font_size=11, font_weight=600)
                free = x + text_width(tick.label, 11) + 8

    def _rows(self) -> Iterator[Content]:
        y, group = float(_TOP), ""
        for strip in self.strips:
            if strip.group != group:
                group = strip.group
                yield tag(
                    "text",
                    group.upper(),
                    x=14,
                    y=y + 13,
                    font_size=10,
                    font_weight=600,
                    letter_spacing="0.8",
                    fill="#3d4551",
                )
                yield tag("path", d=f"M14 {y + 18:.1f}H{_RIGHT}", stroke="#a9aeb1")
                y += 24
            label = trimmed(strip.name, _LEFT - 24, 12)
            yield tag("text", label, x=_LEFT - 10, y=y + 15, text_anchor="end", font_weight=600)
            for each in strip.shown.answer:
                yield self._bar(each, y)
            y += _ROW

    def _bar(self, each: Stretch, y: float) -> Content:
        left, right = self.x(each.start), self.x(each.end)
        fill, stroke, ink, dash = FILLS[each.state]
        shape = tag(
            "rect",
            x=left,
            y=y,
            width=max(right - left, 1.5),
            height=22,
            rx=2,
            fill=fill.replace("#id-", f"#{self.name}-"),
            stroke=stroke,
            stroke_width=1.5,
            stroke_dasharray=dash or None,
        )
        words = f"{each.state.value[:1].upper()}{each.state.value[1:]}"
        if not text_fits(words, right - left - 20, 12):
            return shape
        middle, wide = (left + right) / 2, text_width(words, 12) + 14
        plate = tag("rect", x=middle - wide / 2, y=y + 3, width=wide, height=16, rx=8, fill="#fff")
        return [
            shape,
            None if each.state is State.HELD else plate,
            tag("text", words, x=middle, y=y + 15, text_anchor="middle", font_weight=600, fill=ink),
        ]

    def _asked(self) -> Content:
        x, floor = self.x(self.at), self.height - 60
        words = f"asked {moment_text(self.at, self.strips[0].shown.zone)}"
        wide = text_width(words, 11) + 12
        left = min(max(x - wide / 2, _LEFT), _RIGHT - wide)
        return [
            tag("path", d=f"M{x:.1f} {_TOP - 8}V{floor + 16}", stroke=INK, stroke_width=1.5),
            tag("rect", x=left, y=floor + 16, width=wide, height=17, rx=3, fill=INK),
            tag("text", words, x=left + 6, y=floor + 28.5, font_size=11, font_weight=600, fill="#fff"),
        ]

    def _legend(self) -> Iterator[Content]:
        x, y = 14.0, self.height - 10
        used = {each.state for strip in self.strips for each in strip.shown.answer}
        for state in (state for state in State if state in used):
            fill, stroke, _, dash = FILLS[state]
            yield tag(
                "rect",
                x=x,
                y=y - 10,
                width=18,
                height=11,
                fill=fill.replace("#id-", f"#{self.name}-"),
                stroke=stroke,
                stroke_dasharray=dash or None,
            )
            yield tag("text", state.value, x=x + 23, y=y, font_size=10.5)
            x += 23 + text_width(state.value, 10.5) + 10
