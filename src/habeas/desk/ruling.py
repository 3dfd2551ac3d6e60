"""A ruling pasted before it is law: whose answer it would change, of the people now in custody.

The text is an enactment's file. It is read with the whole rulebook beside it, in a folder of its own that is
thrown away; nothing of the rulebook in use is touched.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from habeas.authority.inquiry import Inquiry, Regimen
from habeas.desk.kept import LedgerPeople
from habeas.desk.library import BUNDLED, library
from habeas.desk.live import LiveLedger
from habeas.desk.people import UnknownPerson
from habeas.desk.withheld import WithheldPerson
from habeas.desk.worklist import Line, line_of
from habeas.kernel.instants import Instant
from habeas.kernel.places import PlaceId, lies_within

LARGEST: Final = 200_000
"""Characters of a text."""
_SLUG: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?")


class BadRuling(ValueError):
    """A text that cannot be tried; says what was expected."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One person whose answer would be another."""

    before: Line
    after: Line

    @property
    def what(self) -> str:
        """What differs first."""
        if self.before.verdict != self.after.verdict:
            return "verdict"
        return "until" if self.before.until != self.after.until else "what is due"


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial of a text came to."""

    digest: str
    """Of the rulebook with the text in it."""
    asked: int
    changed: tuple[Changed, ...]
    apart: int
    """People of other places, whom the text cannot reach; they were not asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A text to be tried."""

    place: PlaceId
    """Whose law it is."""
    slug: str
    """Name of its file, without suffix; one that is there already is replaced in the trial."""
    text: str
    """The enactment's file."""


def try_ruling(
    live: LiveLedger,
    ruling: Ruling,
    at: Instant,
    *,
    folder: Path = BUNDLED,
    sees: Callable[[Line], bool] = lambda _line: True,
) -> Trial:
    """Ask everybody in custody of the place under the rulebook with a text in it.

    Args:
        live: The ledger as it grows, with the worklist made of it.
        ruling: The text.
        at: The instant, in UTC microseconds; law and facts as known then.
        folder: The rulebook in use.
        sees: Whose lines are theirs to see who asks.

    Raises:
        BadRuling: name or place are none, or the text is empty or too long.
        RulebookError: the text cannot be read as law; with every problem.
    """
    place, slug, text = ruling.place, ruling.slug, ruling.text
    if not _SLUG.fullmatch(slug):
        raise BadRuling("expected a name of small letters, digits and hyphens, such as 2026-doe-v-county")
    if place not in live.regimen.rulebook.places:
        raise BadRuling(f"expected a place of the rulebook, found [{place}]")
    if not text.strip() or len(text) > LARGEST:
        raise BadRuling(f"expected the text of an enactment of at most {LARGEST} characters")
    with TemporaryDirectory(prefix="habeas-trial-") as name:
        copy = Path(name) / "rulebook"
        shutil.copytree(folder, copy)
        (copy / place).mkdir(parents=True, exist_ok=True)
        (copy / place / f"{slug}.yaml").write_text(text.replace("\r\n", "\n"), "utf-8")
        regimen = library(copy, cache=Path(name) / "cache")
    lines = [each for each in live.board.lines.values() if sees(each)]
    return _asked(live, regimen, [each for each in lines if lies_within(each.place, place)], at, len(lines))


def _asked(live: LiveLedger, regimen: Regimen, lines: list[Line], at: Instant, all_of: int) -> Trial:
    people = LedgerPeople(live.folder, regimen, source_times=live.source_times)
    changed: list[Changed] = []
    asked = 0
    for line in lines:
        inquiries = list(_inquiries(live.people, people, line, at))
        if len(inquiries) < 2:
            continue
        asked += 1
        with live.answering:
            before, after = (line_of(line.stream, line.person, each, at) for each in inquiries)
        if before is not None and after is not None and _says(before) != _says(after):
            changed.append(Changed(before, after))
    return Trial(regimen.rulebook.digest, asked, tuple(changed), all_of - len(lines))


def _inquiries(now: LedgerPeople, then: LedgerPeople, line: Line, at: Instant) -> Iterable[Inquiry]:
    """The same question of both rulebooks; fewer than two where the record is withheld."""
    for people in (now, then):
        try:
            person = people[line.person]
            yield person.inquiry(facts_known_at=person.known_by_default(at), law_known_at=at)
        except (UnknownPerson, WithheldPerson, KeyError):
            return


def _says(line: Line) -> tuple[object, ...]:
    return line.verdict, line.because, line.until, line.by, line.says
