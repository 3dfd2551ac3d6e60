"""The tests of law: what enactments and golden tables expect, asked of the engine and compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from habeas.authority.inquiry import Regimen
from habeas.authority.trials import Difference, Trial
from habeas.desk.people import text_of
from habeas.kernel.places import PlaceId, lies_within
from habeas.law.documents import Document
from habeas.wire.tables import cases_of, read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedTable:
    """One table after asking: how much it asks, and what differs from what it expects."""

    name: str
    """The enactment whose file the tests stand in, or the name of the table's file."""
    cases: int
    asks: int
    differences: tuple[Difference, ...]

    @property
    def met(self) -> bool:
        """Whether every expectation is met."""
        return not self.differences


def tested_tables(regimen: Regimen, places: Sequence[PlaceId], cases: Path | None) -> Iterator[TestedTable]:
    """Every table of the rulebook, and of a folder of tables, asked in order of name.

    Args:
        regimen: The rulebook asked.
        places: Only tests of enactments of these places and of what lies in them; none is all.
        cases: A folder of further tables.

    Raises:
        UnreadableTable: a table has problems.
        UnreadableFile: a file of the folder cannot be read.
    """
    for name, tree in sorted(regimen.rulebook.artefact.enactments.items()):
        place = PlaceId(name.rpartition("/")[0])
        if places and not _lies_in(place, places):
            continue
        if "tests" in tree:
            document = Document(f"{name}.yaml", tree, {})
            yield _tested(name, cases_of(document, regimen, under="tests"))
    for path in sorted(cases.glob("**/*.yaml")) if cases is not None else ():
        trials = read_table(text_of(path), path.name, regimen)
        chosen = [trial for trial in trials if not places or _lies_in(trial.place, places)]
        if chosen:
            yield _tested(path.stem, chosen)


def _tested(name: str, trials: Iterable[Trial]) -> TestedTable:
    done = list(trials)
    return TestedTable(
        name=name,
        cases=len(done),
        asks=sum(len(list(trial.asks())) for trial in done),
        differences=tuple(difference for trial in done for difference in trial.run()),
    )


def _lies_in(place: PlaceId, places: Sequence[PlaceId]) -> bool:
    return any(lies_within(place, outer) for outer in places)
