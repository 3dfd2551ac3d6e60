"""One custody episode drawn in a terminal: answer, bases, law, and the same as a table.

Every state has a sign of its own, so that nothing hangs on colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from habeas.authority.inquiry import Inquiry
from habeas.kernel.instants import Instant
from habeas.report.axis import dated_text, length_text, moment_text, ticks, zone_text
from habeas.report.lanes import Lane, Picture, State, Stretch, picture
from habeas.report.law_lanes import Force, LawLane

_LEAST = 48
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SIGNS = {State.HELD: "█", State.NO_AUTHORITY: "/", State.CONTESTED: ":", State.NOT_KNOWN: "?"}
_PROJECTED = {State.HELD: "░", State.NO_AUTHORITY: "x", State.CONTESTED: "·", State.NOT_KNOWN: "¿"}
_FORCES = {Force.IN_FORCE: "━", Force.OTHERS: "╌", Force.DOUBTFUL: ":", Force.HALTED: "="}
_GRAVEST = (State.NO_AUTHORITY, State.CONTESTED, State.NOT_KNOWN, State.HELD)
_COLOURS = {
    State.HELD: "36",
    State.NO_AUTHORITY: "31;1",
    State.CONTESTED: "35",
    State.NOT_KNOWN: "33",
}


def draw_text(inquiry: Inquiry, index: int, *, width: int, color: bool) -> str:
    """The person's unbroken custody of that number, as lines of text.

    Args:
        inquiry: The record, the law as known and the reading asked.
        index: Which custody, the earliest being 0.
        width: Columns to fill; fewer than 48 are drawn as 48.
        color: Whether to add ANSI colours; the signs are the same.

    Raises:
        IndexError: the record has no custody of that number.
    """
    shown = picture(inquiry, index)
    return "\n".join(_Sheet(shown, max(width, _LEAST), color).lines()) + "\n"


@dataclass(frozen=True)
class _Sheet:
    shown: Picture
    width: int
    color: bool

    @property
    def labels(self) -> int:
        """Columns of the left margin."""
        return min(28, self.width // 3)

    @property
    def cells(self) -> int:
        """Columns of time."""
        return self.width - self.labels - 1

    def lines(self) -> Iterator[str]:
        shown = self.shown
        yield f"{shown.place}, {shown.custodian.replace('-', ' ')}"
        yield f"Times: {zone_text(shown.start, shown.end, shown.zone)}. {self._known()}"
        yield f"Reading: {_reading(shown)}"
        yield ""
        yield from self._axis()
        yield self._row("ANSWER", self._bar(shown.answer))
        yield self._row("", self._days())
        if shown.lanes:
            yield "BASES"
            yield from (self._row(lane.label, self._lane(lane)) for lane in shown.lanes)
        if shown.law:
            yield "LAW"
            yield from (self._row(each.kind, self._law(each)) for each in shown.law)
        yield ""
        yield from self._legend()
        yield ""
        yield from self._table()

    def _known(self) -> str:
        zone = self.shown.zone
        facts, law = dated_text(self.shown.known_at, zone), dated_text(self.shown.law_known_at, zone)
        return f"As known {facts}." if facts == law else f"Facts as known {facts}; law as known {law}."

    def _at(self, cell: int) -> Instant:
        span = self.shown.end - self.shown.start
        return Instant(self.shown.start + span * cell // self.cells)

    def _cell(self, at: Instant) -> int:
        span = self.shown.end - self.shown.start
        return (at - self.shown.start) * self.cells // span

    def _axis(self) -> Iterator[str]:
        found = ticks(self.shown.start, self.shown.end, self.shown.zone, most=max(self.cells // 13, 2))
        labels, marks = [" "] * self.cells, ["─"] * self.cells
        free = 0
        for tick in found:
            cell = self._cell(tick.at)
            marks[cell] = "┬"
            if cell >= free and cell + len(tick.label) <= self.cells:
                labels[cell : cell + len(tick.label)] = tick.label
                free = cell + len(tick.label) + 1
        yield self._row("", "".join(labels).rstrip())
        yield self._row("", "".join(marks))

    def _row(self, label: str, content: str) -> str:
        cut = label if len(label) <= self.labels else f"{label[: self.labels - 1]}…"
        return f"{cut:<{self.labels}} {content}".rstrip()

    def _bar(self, stretches: Sequence[Stretch]) -> str:
        """One sign a cell: the gravest state within it, since a short gap must not vanish."""
        signs = [self._sign(stretches, cell) for cell in range(self.cells)]
        return "".join(signs)

    def _sign(self, stretches: Sequence[Stretch], cell: int, empty: str = " ") -> str:
        left, right = self._at(cell), self._at(cell + 1)
        here = [each for each in stretches if each.start < right and each.end > left]
        if not here:
            return empty
        worst = min(here, key=lambda each: (_GRAVEST.index(each.state), each.projected))
        sign = (_PROJECTED if worst.projected else _SIGNS)[worst.state]
        return f"\x1b[{_COLOURS[worst.state]}m{sign}\x1b[0m" if self.color else sign

    def _lane(self, lane: Lane) -> str:
        first = lane.stretches[0].start if lane.stretches else self.shown.end
        marks = {self._cell(mark.at): mark.word for mark in lane.marks if self._shows(mark.at)}
        begun = min(marks, default=self.cells)
        cells: list[str] = []
        for cell in range(self.cells):
            waiting = begun <= cell and self._at(cell) < first and bool(lane.stretches)
            sign = self._sign(lane.stretches, cell, "-" if waiting else " ")
            cells.append("o" if cell in marks and sign in {" ", "-"} else sign)
        text = "".join(cells)
        return text if lane.stretches else f"{text.rstrip()} {lane.note}"

    def _shows(self, at: Instant) -> bool:
        return self.shown.start <= at < self.shown.end

    def _law(self, lane: LawLane) -> str:
        cells = [" "] * self.cells
        for stretch in lane.stretches:
            for cell in range(self._cell(stretch.start), max(self._cell(stretch.end), 0)):
                cells[cell] = _FORCES[stretch.force]
        first = next((cell for cell, sign in enumerate(cells) if sign != " "), 0)
        room = self.cells - first - 2
        if room > 8:
            title = lane.title if len(lane.title) <= room - 2 else f"{lane.title[: room - 3]}…"
            text = f" {title} "
            cells[first + 1 : first + 1 + len(text)] = text
        return "".join(cells)

    def _days(self) -> str:
        """Weekends and holidays, which clocks may leave out, under the bar."""
        cells = [" "] * self.cells
        for band in self.shown.bands:
            sign = "w" if band.name == "weekend" else "h"
            for cell in range(self._cell(band.start), self._cell(band.end)):
                cells[cell] = sign
        return "".join(cells)

    def _legend(self) -> Iterator[str]:
        used = {(each.state, each.projected) for each in self._stretches()}
        signs = [
            f"{self._colored(state, _SIGNS[state])} {state}" for state in State if (state, False) in used
        ]
        signs += [
            f"{self._colored(state, _PROJECTED[state])} {state} as things stand"
            for state in State
            if (state, True) in used
        ]
        papers = [] if not any(lane.marks for lane in self.shown.lanes) else ["o lodged or served, - waiting"]
        days = [] if not self.shown.bands else ["w weekend, h holiday"]
        yield from _wrapped("Signs: ", [*signs, *papers, *days], self.width)
        forces = {each.force for lane in self.shown.law for each in lane.stretches}
        if forces:
            yield from _wrapped("Law: ", [f"{_FORCES[f]} {f}" for f in Force if f in forces], self.width)

    def _stretches(self) -> Iterator[Stretch]:
        yield from self.shown.answer
        for lane in self.shown.lanes:
            yield from lane.stretches

    def _colored(self, state: State, sign: str) -> str:
        return f"\x1b[{_COLOURS[state]}m{sign}\x1b[0m" if self.color else sign

    def _table(self) -> Iterator[str]:
        zone = self.shown.zone
        rows = [("from", "until", "length", "answer", "on")]
        for each in self.shown.answer:
            runs_on = self.shown.is_open and each.end >= self.shown.end
            rows.append(
                (
                    moment_text(each.start, zone),
                    "beyond this picture" if runs_on else moment_text(each.end, zone),
                    "" if runs_on else length_text(each.end - each.start),
                    f"{each.state}{', as things stand' if each.projected else ''}",
                    "; ".join(each.on),
                )
            )
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for row in rows:
            cells = [text.ljust(size) for text, size in zip(row[:4], widths, strict=True)]
            yield "  ".join([*cells, row[4]]).rstrip()


def _reading(shown: Picture) -> str:
    given = ", ".join(f"{asked} = {taken}" for asked, taken in shown.reading.items())
    rest = "published defaults, adopted by nobody"
    return f"{given} (given); other questions at {rest}" if given else rest


def _seen(text: str) -> int:
    """How many columns a text takes: colour takes none."""
    return len(_COLOUR.sub("", text))


def _wrapped(head: str, parts: Iterable[str], width: int) -> Iterator[str]:
    line = head
    for part in parts:
        extra = part if line == head or not line.strip() else f";  {part}"
        if _seen(line) + _seen(extra) > width and line.strip() != head.strip():
            yield line
            line, extra = " " * len(head), part
        line += extra
    yield line
