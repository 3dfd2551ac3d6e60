"""A recipe proposed for a strange file: a beginning for somebody who knows the source.

Names of columns and looks of cells suggest what they are. Every suggestion stands in the recipe's
``unsure`` with its reason, so that each result made with it says what nobody has confirmed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from habeas.intake.errors import UnreadableInput
from habeas.intake.headers import header_of
from habeas.intake.sketch_columns import Column, Look
from habeas.intake.sources import source_of

_TIMES = (Look.TIME, Look.DAY)
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class _Role:
    """What a column may be, and the names by which that is guessed."""

    name: str
    pattern: re.Pattern[str]
    looks: tuple[Look, ...] = ()
    """What it must look like; anything where empty."""


def _role(name: str, pattern: str, *looks: Look) -> _Role:
    return _Role(name, re.compile(pattern, re.IGNORECASE), looks)


_ROLES = (
    _role("released", r"releases?|releasing|discharge|(^|_)out(_|$)|date.?out|end.?dt", *_TIMES),
    _role("arrested", r"arrest", *_TIMES),
    _role("booked", r"book|admit|admission|intake|commit|date.?in|(^|_)in(_|$)|start", *_TIMES),
    _role("row", r"(row|record|charge|line|count).*(id|no|num|hash|key|nbr)$|^id$"),
    _role("booking", r"book.*(id|no|num|nbr|key)|admission.*(id|no)|^booking$"),
    _role("person", r"inmate|person|(^|_)(spn|sid|jid|pid|mni|subject|defendant|so)(_|\.|$|id|no)|^name.?id"),
    _role("offence", r"charge|offense|offence|statute|descr|crime"),
    _role("class", r"class|level|severity|degree|category"),
    _role("bail", r"bail|bond", Look.MONEY, Look.NUMBER),
    _role("status", r"status|hold|type|reason|dispos|legal"),
)


@dataclass(slots=True)
class Sketch:
    """What was found of a file, and what is proposed."""

    file: str
    columns: Sequence[Column]
    place: str
    zone: str
    encoding: str = "utf-8"
    roles: dict[str, str] = field(default_factory=dict[str, str])
    """Role -> column."""
    unsure: list[str] = field(default_factory=list[str])

    def of(self, role: str) -> Column | None:
        """The column of a role."""
        return next((each for each in self.columns if each.name == self.roles.get(role)), None)


def sketch_of(path: Path, *, place: str, zone: str) -> str:
    """A recipe for a file, as TOML that can be read and run.

    Args:
        path: A file of rows; all of them are read.
        place: Whose records they are; empty where that is not known.
        zone: IANA name of the zone of its times; empty where that is not known.

    Raises:
        UnreadableInput: the file cannot be read, has no rows, or has no column that could be the
            beginning of custody.
        MissingExtra: it needs an extra that is not installed.
    """
    encoding, columns = _columns(path)
    sketch = Sketch(path.name, columns, place, zone, encoding)
    _assign(sketch)
    _require(sketch)
    sketch.unsure += _doubts(sketch)
    return "\n".join([*_head(sketch), *_events(sketch), *_notes(sketch)]) + "\n"


def _columns(path: Path) -> tuple[str, list[Column]]:
    try:
        return "utf-8", _looked_at(path, "utf-8")
    except UnreadableInput as error:
        if "text in UTF-8" not in error.expected:
            raise
        # Every byte is a letter of this encoding, so it always reads: whether rightly is told as unsure.
        return "cp1252", _looked_at(path, "cp1252")


def _looked_at(path: Path, encoding: str) -> list[Column]:
    names = header_of(path, encoding)
    columns = [Column(name) for name in names]
    rows = 0
    for row in replace(source_of(path, tuple(names)), encoding=encoding).rows():
        if row.fault is None:
            rows += 1
            for column in columns:
                column.add(row.cells[column.name])
    if not rows:
        raise UnreadableInput(path.name, "rows to sketch a recipe from", "none that could be read")
    return columns


def _assign(sketch: Sketch) -> None:
    taken: set[str] = set()
    for role in _ROLES:
        for column in sketch.columns:
            fits = not role.looks or column.look in role.looks
            wrong = not role.looks and column.look in (*_TIMES, Look.BLANK, Look.MONEY)
            if column.name not in taken and role.pattern.search(column.name) and fits and not wrong:
                sketch.roles[role.name] = column.name
                taken.add(column.name)
                break
    if "booked" not in sketch.roles:
        times = [c.name for c in sketch.columns if c.look in _TIMES and c.name not in taken]
        if "arrested" in sketch.roles:
            sketch.roles["booked"] = sketch.roles.pop("arrested")
        elif times:
            sketch.roles["booked"] = times[0]
            sketch.unsure.append(f"[{times[0]}] is taken for the beginning of custody: it is the first time")


def _require(sketch: Sketch) -> None:
    if "booked" not in sketch.roles:
        expected = "a column of times, for the beginning of custody"
        raise UnreadableInput(sketch.file, expected, f"only {', '.join(c.name for c in sketch.columns)}")


def _doubts(sketch: Sketch) -> Iterator[str]:
    if not sketch.place:
        yield "place: not given; [us] stands for it, so that only federal law is asked. Give --law PLACE"
    if not sketch.zone:
        yield "zone: not given; [UTC] stands for it, so every local time is wrong by hours. Give --tz ZONE"
    if sketch.encoding != "utf-8":
        yield f"encoding: not UTF-8; read as {sketch.encoding}, in which every byte is some letter"
    says = {
        "person": "tells people apart",
        "booking": "tells bookings apart",
        "row": "names a row, so that one that comes twice is a duplicate",
        "booked": "is when custody began",
        "arrested": "is when the person was arrested",
        "released": "is when custody ended at the door",
        "offence": "is the offence of a charge",
        "class": "is the class of the offence",
        "bail": "is the bail set",
        "status": "is the jail's label, and no authority",
    }
    for role, named in sketch.roles.items():
        yield f"[{named}] {says[role]}: guessed from its name and look"
    if "booking" not in sketch.roles:
        yield "no column tells bookings apart: a person and the beginning of custody stand for one"
    if "person" not in sketch.roles:
        yield "no column tells people apart: each booking is taken for another person"
    for column in sketch.columns:
        yield from column.doubts()
    used = set(sketch.roles.values())
    unused = [c.name for c in sketch.columns if c.name not in used]
    if unused:
        yield f"columns that are not read: {', '.join(unused)}"


def _booking(sketch: Sketch) -> list[str]:
    if "booking" in sketch.roles:
        return [sketch.roles["booking"]]
    person = [sketch.roles["person"]] if "person" in sketch.roles else []
    row = [] if person or "row" not in sketch.roles else [sketch.roles["row"]]
    return [*person, *row, sketch.roles["booked"]]


def _head(sketch: Sketch) -> Iterator[str]:
    person = [sketch.roles["person"]] if "person" in sketch.roles else _booking(sketch)
    row = sketch.of("row")
    yield f"# A sketch of a recipe for {sketch.file}, made from its columns and cells alone."
    yield "# Whoever knows the source corrects it and empties `unsure`, line by line."
    yield ""
    yield f"name = {_text(re.sub('[^a-z0-9]+', '-', Path(sketch.file).stem.lower()).strip('-') or 'sketch')}"
    yield f"title = {_text(f'Records of {sketch.file}')}"
    yield 'says = "A sketch: what the source is, who made it and what it shows is not written yet."'
    yield 'licence = "not stated"'
    yield 'kind = "custody"'
    yield f"zone = {_text(sketch.zone or 'UTC')}"
    yield f"place = {_text(sketch.place or 'us')}"
    yield 'custodian = "county-jail"'
    if sketch.encoding != "utf-8":
        yield f"encoding = {_text(sketch.encoding)}"
    yield f"person = {_list(person)}"
    yield f"identity = {_list([row.name] if row is not None and row.is_once else [])}"
    yield f"paths = {_list([sketch.file])}"
    yield ""
    yield "unsure = ["
    yield from (f"  {_text(each)}," for each in sketch.unsure)
    yield "]"
    yield ""
    yield "limits = ["
    yield '  "This recipe is a sketch; nothing it yields was checked against the source.",'
    yield "]"


def _events(sketch: Sketch) -> Iterator[str]:
    booking = _booking(sketch)
    if "arrested" in sketch.roles:
        yield from _event(sketch, "Arrested", "booking", booking, "arrested", skip=True)
    yield from _event(sketch, "Booked", "booking", booking, "booked", skip=False)
    if "released" in sketch.roles:
        yield from _event(sketch, "Released", "booking", booking, "released", skip=True)
    offence = sketch.of("offence")
    if offence is None:
        return
    row = sketch.of("row")
    name = [row.name] if row is not None and row.is_once else [*booking, offence.name]
    yield from _event(sketch, "Stated", "charge", list(dict.fromkeys(name)), "booked", skip=False)
    yield f'unless = [{{ column = {_text(offence.name)}, is = [""] }}]'
    yield f"label = {_text(offence.name)}"
    yield 'by_label = "A charge of the file; no paper of it is shown"'
    yield "[event.terms]"
    yield f"booking = {{ join = {_list(booking)} }}"
    yield f"offence = {{ column = {_text(offence.name)}, raw = true }}"
    level = sketch.of("class")
    if level is not None:
        yield f"class = {{ column = {_text(level.name)}, codes = {_classes(level)} }}"


def _event(
    sketch: Sketch, event: str, about: str, name: list[str], role: str, *, skip: bool
) -> Iterator[str]:
    column = sketch.of(role)
    assert column is not None
    form = f", format = {_text(column.format)}" if column.format else ""
    blank = ', blank = "skip"' if skip or column.blank else ""
    yield ""
    yield "[[event]]"
    yield f"event = {_text(event)}"
    yield f"about = {_text(about)}"
    yield f"id = {_list(name)}"
    yield f'at = {{ column = {_text(column.name)}{form}{blank}, fold = "either" }}'


def _classes(column: Column) -> str:
    """Codes of an offence's class whose words say it; the others stay unmapped."""
    found: Mapping[str, str] = {
        text: word
        for text in column.texts
        for word in ("felony", "misdemeanor", "infraction", "violation")
        if word in text.lower() or (text.upper() == word[0].upper() and word[0] in "fm")
    }
    pairs = ", ".join(f"{_text(text)} = {_text(word)}" for text, word in sorted(found.items()))
    return f"{{ {pairs} }}" if pairs else "{}"


def _notes(sketch: Sketch) -> Iterator[str]:
    """What stands in the columns, with counts, for whoever goes on from here."""
    yield ""
    yield "# What the columns look like:"
    for column in sketch.columns:
        share = f"{column.filled} of {column.rows} filled, {len(column.texts)} different"
        yield f"#   {json.dumps(column.name)}: {column.look}; {share}"
        if column.look is Look.CODES:
            listed = column.texts.most_common(_SHOWN)
            yield f"#       {', '.join(f'{json.dumps(text)} {count}' for text, count in listed)}"


def _text(text: str) -> str:
    """A text as TOML writes it; a JSON string is one."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(names: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, names))}]"
