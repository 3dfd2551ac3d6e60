"""What the columns of a strange file look like, and how sure that is."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from habeas.intake.cells import shown_whole
from habeas.intake.sources import Cell

KEPT = 2000
"""Different texts of a column that are counted one by one."""
_FEW = 40
"""Different texts up to which a column is one of codes."""
_SHARE = 0.98
"""Part of the filled cells that must look alike."""
_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%d",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y",
    "%m/%d/%y %H:%M",
    "%m/%d/%y",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%Y%m%d",
)
_NATIVE = frozenset(_FORMATS[:6])
"""Formats that need no word of their own in a recipe."""
_MONEY = re.compile(r"\$\s*[0-9][0-9,]*(\.[0-9]{1,2})?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")


class Look(StrEnum):
    """What a column looks like."""

    BLANK = "blank"
    TIME = "time"
    DAY = "day"
    MONEY = "money"
    NUMBER = "number"
    CODES = "codes"
    IDENTITY = "identity"
    """Different in every row."""
    TEXT = "text"


@dataclass(slots=True)
class Column:
    """A column as far as its rows were read."""

    name: str
    rows: int = 0
    blank: int = 0
    texts: Counter[str] = field(default_factory=Counter[str])
    more: int = 0
    """Filled cells that were not counted one by one, since there were too many texts."""
    offset: bool = False
    """Whether some time states its offset."""

    def add(self, cell: Cell) -> None:
        """Take one more cell."""
        self.rows += 1
        if isinstance(cell, dt.datetime) and cell.tzinfo is not None:
            self.offset = True
        text = cell.isoformat(sep=" ") if isinstance(cell, dt.datetime) else shown_whole(cell)
        if not text:
            self.blank += 1
        elif text in self.texts or len(self.texts) < KEPT:
            self.texts[text] += 1
        else:
            self.more += 1

    @property
    def filled(self) -> int:
        """Cells that are not blank."""
        return self.rows - self.blank

    @property
    def is_once(self) -> bool:
        """Whether no text stands twice among those counted."""
        return self.filled == self.rows and all(count == 1 for count in self.texts.values())

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats in which nearly every text can be read, the likeliest first."""
        need = _SHARE * sum(self.texts.values())
        texts = {text: count for text, count in self.texts.items() if 6 <= len(text) <= 32}
        found = (
            (each, sum(count for text, count in texts.items() if _reads(text, each))) for each in _FORMATS
        )
        alike = tuple(each for each, count in found if count and count >= need)
        if alike or not texts:
            return alike
        # Days beside times of day, both as a recipe reads them without a word of its own.
        mixed = sum(count for text, count in texts.items() if any(_reads(text, each) for each in _NATIVE))
        return _FORMATS[:6] if mixed and mixed >= need else ()

    @property
    def look(self) -> Look:
        """What it looks like."""
        if not self.filled:
            return Look.BLANK
        if self.offset or self.formats:
            hours = self.offset or any("%H" in each or "%I" in each for each in self.formats)
            return Look.TIME if hours else Look.DAY
        if self._all(_MONEY):
            return Look.MONEY
        if self.is_once and self.rows > 1:
            return Look.IDENTITY
        if len(self.texts) <= _FEW and self.filled > len(self.texts):
            return Look.CODES
        return Look.NUMBER if self._all(_WHOLE) else Look.TEXT

    def _all(self, pattern: re.Pattern[str]) -> bool:
        matching = sum(count for text, count in self.texts.items() if pattern.fullmatch(text))
        return matching >= _SHARE * sum(self.texts.values()) > 0

    @property
    def format(self) -> str:
        """The format a recipe must name; empty where it need not."""
        formats = self.formats
        return "" if self.offset or not formats or formats[0] in _NATIVE else formats[0]

    def doubts(self) -> Iterator[str]:
        """What cannot be told of it from its cells alone."""
        formats = self.formats
        if len(formats) > 1 and {"%m/%d/%Y", "%d/%m/%Y"} & set(formats) and formats[0] not in _NATIVE:
            yield f"[{self.name}]: read as {formats[0]}; could be {', '.join(formats[1:])} as well"
        odd = [text for text in self.texts if formats and not any(_reads(text, each) for each in formats)]
        if odd and not self.offset:
            yield f"[{self.name}]: texts such as [{odd[0]}] are no time and would be set aside"
        if self.more:
            yield f"[{self.name}]: more than {KEPT} different texts; {self.more} cells were not looked into"


def _reads(text: str, form: str) -> bool:
    try:
        dt.datetime.strptime(text, form)  # noqa: DTZ007 - only whether it can be read is asked
    except ValueError:
        return False
    return True
