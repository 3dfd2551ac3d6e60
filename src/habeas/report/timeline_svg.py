"""One custody episode drawn as lanes: answer, bases, law, over weekends and holidays.

Hatching means actual lack of authority only. Time after what is recorded is an empty dashed
outline: nobody is held without authority in a time that has not come.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from habeas.authority.inquiry import Inquiry
from habeas.kernel.instants import Instant
from habeas.report.axis import dated_text, moment_text, ticks, zone_text
from habeas.report.lanes import Lane, Picture, State, Stretch, picture
from habeas.report.law_lanes import Force, LawLane, LawStretch
from habeas.report.markup import Content, Markup, joined, tag
from habeas.report.patterns import FILLS, INK, patterns, text_fits, text_width, trimmed

WIDTH = 1000
_LEFT = 200
_RIGHT = 986
_TOP = 46
_ANSWER = 34
_LANE = 34
_LAW = 26


def draw_svg(inquiry: Inquiry, index: int, *, at: Instant | None = None) -> str:
    """The person's unbroken custody of that number, as a complete SVG document.

    Args:
        inquiry: The record, the law as known and the reading asked.
        index: Which custody, the earliest being 0.
        at: An instant to mark, such as the one asked about.

    Raises:
        IndexError: the record has no custody of that number.
    """
    return drawn(picture(inquiry, index), at=at, name="timeline")


def drawn(shown: Picture, *, at: Instant | None, name: str) -> Markup:
    """A picture as SVG; ``name`` keeps its ids apart from those of other drawings on a page."""
    return _Drawing(shown, at, name).svg()


def spoken(shown: Picture) -> str:
    """The answer bar in one sentence, for those who do not see it."""
    parts = [
        f"{each.state}{' as things stand' if each.projected else ''} from "
        f"{moment_text(each.start, shown.zone)}"
        + ("" if _runs_on(shown, each) else f" until {moment_text(each.end, shown.zone)}")
        for each in shown.answer
    ]
    return f"Custody in {shown.place}: {'; '.join(parts)}."


def _runs_on(shown: Picture, stretch: Stretch) -> bool:
    return shown.is_open and stretch.end >= shown.end


@dataclass(frozen=True)
class _Drawing:
    shown: Picture
    at: Instant | None
    name: str

    @property
    def height(self) -> int:
        bases = 26 + _LANE * len(self.shown.lanes) if self.shown.lanes else 0
        law = 26 + _LAW * len(self.shown.law) if self.shown.law else 0
        return _TOP + _ANSWER + 30 + bases + law + 62

    def svg(self) -> Markup:
        title, about = f"{self.name}-title", f"{self.name}-desc"
        return tag(
            "svg",
            tag("title", f"Custody timeline, {self.shown.place}", id=title),
            tag("desc", spoken(self.shown), id=about),
            patterns(self.name),
            tag("rect", width=WIDTH, height=self.height, fill="#fff"),
            self._bands(),
            self._axis(),
            self._answer(),
            self._moments(),
            list(self._lanes()),
            list(self._law()),
            self._legend(),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {WIDTH} {self.height}",
            role="img",
            aria_labelledby=f"{title} {about}",
            font_family="'Segoe UI', Roboto, Helvetica, Arial, 'Liberation Sans', sans-serif",
            font_size=12,
            fill=INK,
        )

    def x(self, at: Instant) -> float:
        span = self.shown.end - self.shown.start
        return _LEFT + (_RIGHT - _LEFT) * (at - self.shown.start) / span

    @property
    def floor(self) -> int:
        """Where the lanes end and the legend begins."""
        return self.height - 58

    def _bands(self) -> Iterator[Markup]:
        named = 0.0
        for band in self.shown.bands:
            left, right = self.x(band.start), self.x(band.end)
            height = self.floor - _TOP + 8
            yield tag("rect", x=left, y=_TOP - 8, width=right - left, height=height, fill="#eceff2")
            if band.name != "weekend" and left >= named and text_fits(band.name, right - left + 40, 10):
                middle = (left + right) / 2
                yield tag(
                    "text",
                    band.name,
                    x=middle,
                    y=_TOP - 12,
                    text_anchor="middle",
                    font_size=10,
                    fill="#565c65",
                )
                named = right

    def _axis(self) -> Iterator[Markup]:
        free = 0.0
        for tick in ticks(self.shown.start, self.shown.end, self.shown.zone, most=9):
            x = self.x(tick.at)
            yield tag("path", d=f"M{x:.1f} {_TOP - 8}V{self.floor}", stroke="#c6cace", stroke_width=1)
            if x >= free and x + text_width(tick.label, 11) < WIDTH:
                yield tag("text", tick.label, x=x + 3, y=16, font_size=11, font_weight=600)
                free = x + text_width(tick.label, 11) + 8

    def _answer(self) -> Iterator[Content]:
        yield self._side("Answer", "at every instant", _TOP + 14, size=14)
        for each in self.shown.answer:
            yield self._bar(each, _TOP, _ANSWER, label=each.state.value)
        if self.shown.is_open and self.shown.answer and self.shown.answer[-1].end >= self.shown.end:
            y = _TOP + _ANSWER / 2
            yield tag("path", d=f"M{_RIGHT + 3} {y - 7:.0f}l7 7l-7 7z", fill=INK)

    def _bar(self, each: Stretch, y: float, height: float, *, label: str) -> Content:
        left, right = self.x(each.start), self.x(each.end)
        fill, stroke, ink, dash = FILLS[each.state]
        if each.projected:
            # An empty dashed outline: what follows if nobody does anything.
            fill, ink, dash = "#fff", stroke, "5 3"
        shape = tag(
            "rect",
            x=left,
            y=y,
            width=max(right - left, 1.5),
            height=height,
            rx=2,
            fill=fill.replace("#id-", f"#{self.name}-"),
            stroke=stroke,
            stroke_width=1.5,
            stroke_dasharray=dash or None,
        )
        shown = self._told(each, label)
        if not shown or not text_fits(shown, right - left - 12, 12):
            return shape
        middle, base = (left + right) / 2, y + height / 2 + 4
        plate = self._plate(shown, middle, y + height / 2) if each.state is not State.HELD else None
        words = tag(
            "text",
            shown,
            x=middle,
            y=base,
            text_anchor="middle",
            font_weight=600,
            fill=ink if plate is None else stroke,
        )
        return [shape, plate, words]

    def _told(self, each: Stretch, label: str) -> str:
        if not label:
            return ""
        return f"{label[:1].upper()}{label[1:]}" + (", as things stand" if each.projected else "")

    def _plate(self, text: str, middle: float, y: float) -> Markup:
        """White behind words that stand on a pattern."""
        wide = text_width(text, 12) + 14
        return tag("rect", x=middle - wide / 2, y=y - 9, width=wide, height=18, rx=9, fill="#fff")

    def _moments(self) -> Iterator[Content]:
        """The instant asked, and where the record ends, named under the answer."""
        shown = self.shown
        if self.at is not None and shown.start <= self.at < shown.end:
            yield self._moment(self.at, f"asked {moment_text(self.at, shown.zone)}", solid=True)
        elif shown.start < shown.known_at < shown.end:
            yield self._moment(
                shown.known_at, f"recorded until {moment_text(shown.known_at, shown.zone)}", solid=False
            )

    def _moment(self, at: Instant, words: str, *, solid: bool) -> Content:
        x, y = self.x(at), _TOP + _ANSWER + 7
        wide = text_width(words, 11) + 12
        left = min(max(x - wide / 2, _LEFT), _RIGHT - wide)
        return [
            tag(
                "path",
                d=f"M{x:.1f} {_TOP - 6}V{self.floor}",
                stroke="#1b1b1b",
                stroke_width=1.5,
                stroke_dasharray=None if solid else "2 3",
            ),
            tag("rect", x=left, y=y, width=wide, height=17, rx=3, fill="#1b1b1b"),
            tag("text", words, x=left + 6, y=y + 12.5, font_size=11, font_weight=600, fill="#fff"),
        ]

    def _lanes(self) -> Iterator[Content]:
        if not self.shown.lanes:
            return
        top = _TOP + _ANSWER + 30
        yield self._heading("Bases of custody", top)
        for number, lane in enumerate(self.shown.lanes):
            yield from self._lane(lane, top + 24 + _LANE * number)

    def _lane(self, lane: Lane, y: float) -> Iterator[Content]:
        yield self._side(lane.label, lane.cite, y + 12)
        marks = [mark for mark in lane.marks if self.shown.start <= mark.at < self.shown.end]
        first = lane.stretches[0].start if lane.stretches else None
        if marks:
            left, right = self.x(marks[0].at), self.x(first) if first is not None else _RIGHT
            yield tag(
                "path", d=f"M{left:.1f} {y + 12:.1f}H{right:.1f}", stroke="#565c65", stroke_dasharray="1.5 3"
            )
        for each in lane.stretches:
            yield self._bar(each, y + 4, 16, label="")
        free = 0.0
        for mark in marks:
            x = self.x(mark.at)
            yield tag("circle", cx=x, cy=y + 12, r=4, fill="#fff", stroke=INK, stroke_width=1.5)
            if x >= free:
                yield self._haloed(mark.word, x + 6, y + 8, size=10)
                free = x + text_width(mark.word, 10) + 10
        if lane.note:
            yield self._haloed(lane.note, max(free, _LEFT) + 8, y + 16, size=11)
        elif lane.stretches:
            yield from self._ending(lane, y)

    def _ending(self, lane: Lane, y: float) -> Iterator[Markup]:
        last = lane.stretches[-1]
        words = f"until {moment_text(last.end, self.shown.zone)}"
        left = self.x(last.end) + 6
        if last.end < self.shown.end and left + text_width(words, 11) < _RIGHT:
            yield self._haloed(words, left, y + 16, size=11)

    def _haloed(self, words: str, x: float, y: float, *, size: int) -> Markup:
        return tag(
            "text", words, x=x, y=y, font_size=size, stroke="#fff", stroke_width=3, paint_order="stroke"
        )

    def _law(self) -> Iterator[Content]:
        if not self.shown.law:
            return
        top = _TOP + _ANSWER + 30 + (26 + _LANE * len(self.shown.lanes) if self.shown.lanes else 0)
        yield self._heading("Law", top)
        for number, lane in enumerate(self.shown.law):
            y = top + 22 + _LAW * number
            yield self._side(lane.place, lane.kind, y + 9, size=11)
            for each in lane.stretches:
                yield self._law_bar(each, y)
            yield self._law_title(lane, y)

    def _law_bar(self, each: LawStretch, y: float) -> Markup:
        left, right = self.x(each.start), self.x(each.end)
        fill, stroke, dash = _FORCES[each.force]
        return tag(
            "rect",
            x=left,
            y=y,
            width=max(right - left, 1.5),
            height=18,
            fill=fill.replace("#id-", f"#{self.name}-"),
            stroke=stroke,
            stroke_dasharray=dash or None,
        )

    def _law_title(self, lane: LawLane, y: float) -> Markup:
        left = self.x(lane.stretches[0].start) + 6
        last = lane.stretches[-1].force
        tail = "" if last is Force.IN_FORCE else f" ({last})"
        text = trimmed(f"{lane.title}{tail}", _RIGHT - left - 8, 11)
        return self._haloed(text, left, y + 13, size=11)

    def _heading(self, words: str, y: float) -> list[Markup]:
        return [
            tag("path", d=f"M14 {y + 16:.0f}H{_RIGHT}", stroke="#a9aeb1"),
            tag(
                "text",
                words.upper(),
                x=14,
                y=y + 11,
                font_size=10,
                font_weight=600,
                letter_spacing="0.8",
                fill="#3d4551",
            ),
        ]

    def _side(self, label: str, below: str, y: float, *, size: int = 12) -> list[Markup]:
        room = _LEFT - 20
        return [
            tag(
                "text",
                trimmed(label, room, size),
                x=_LEFT - 10,
                y=y,
                text_anchor="end",
                font_size=size,
                font_weight=600,
            ),
            tag(
                "text",
                trimmed(below, room, 10),
                x=_LEFT - 10,
                y=y + 12,
                text_anchor="end",
                font_size=10,
                fill="#565c65",
            ),
        ]

    def _legend(self) -> Content:
        y = self.floor + 22
        found: list[Content] = []
        x = 14.0
        stretches = [*self.shown.answer, *(each for lane in self.shown.lanes for each in lane.stretches)]
        states = [state for state in State if any(s.state is state and not s.projected for s in stretches)]
        for state in states:
            fill, stroke, _, dash = FILLS[state]
            x = self._key(found, x, y, (fill, stroke, dash), state.value)
        if any(each.projected for each in stretches):
            x = self._key(found, x, y, ("#fff", INK, "5 3"), "as things stand, not yet come")
        if self.shown.bands:
            x = self._key(found, x, y, ("#eceff2", "#c6cace", ""), "weekend or holiday")
        for force in (Force.DOUBTFUL, Force.HALTED, Force.OTHERS):
            if any(each.force is force for lane in self.shown.law for each in lane.stretches):
                x = self._key(found, x, y, _FORCES[force], f"law {force}")
        zone = zone_text(self.shown.start, self.shown.end, self.shown.zone)
        known = dated_text(self.shown.known_at, self.shown.zone)
        law = dated_text(self.shown.law_known_at, self.shown.zone)
        facts = (
            f"facts and law as known {known}"
            if known == law
            else f"facts as known {known}, law as known {law}"
        )
        found.append(tag("text", f"Times: {zone}; {facts}.", x=14, y=y + 26, font_size=11, fill="#3d4551"))
        return found

    def _key(self, found: list[Content], x: float, y: float, look: tuple[str, str, str], words: str) -> float:
        fill, stroke, dash = look
        found.append(
            tag(
                "rect",
                x=x,
                y=y - 10,
                width=24,
                height=12,
                fill=fill.replace("#id-", f"#{self.name}-"),
                stroke=stroke,
                stroke_dasharray=dash or None,
            )
        )
        found.append(tag("text", words, x=x + 30, y=y, font_size=11))
        return x + 30 + text_width(words, 11) + 18


_FORCES = {
    Force.IN_FORCE: ("#dfe6f1", "#2f4b76", ""),
    Force.OTHERS: ("#fff", "#71767a", "2 3"),
    Force.DOUBTFUL: ("url(#id-dots)", "#5942d2", "4 3"),
    Force.HALTED: ("url(#id-lines)", "#71767a", "4 3"),
}


def figure(shown: Picture, *, at: Instant | None, name: str) -> Markup:
    """The drawing in a figure with its sentence below, for a page."""
    return tag("figure", joined(drawn(shown, at=at, name=name)), tag("figcaption", spoken(shown)))
