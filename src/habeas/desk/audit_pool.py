"""The custodies of an audit decided in several processes, in the order and with the answers of one.

Each process reads the compiled rulebook for itself and is given people in small lots, few of them
ahead, so that a roster of any length passes through bounded memory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import get_context
from typing import Final, TypeAlias

from habeas.authority.inquiry import Regimen
from habeas.custody.setting import Setting, SettingFact
from habeas.desk.audit_custody import Bench, custody_findings
from habeas.desk.audit_findings import CustodyFinding
from habeas.intake.people import PersonRows
from habeas.intake.rosters import Roster
from habeas.kernel.instants import Instant
from habeas.law.stored import read_artefact, written_artefact

Decided: TypeAlias = tuple[CustodyFinding, ...]
"""The findings on one person."""

FEWEST: Final = 64
"""People below which a further process takes longer to start than to be of use."""
LOT: Final = 16
"""People given to a process at once."""
_AHEAD: Final = 4
"""Lots waiting for each process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What every process needs, as bytes and plain data."""

    rulebook: bytes
    facts_known_at: Instant
    law_known_at: Instant
    reading: dict[str, str]
    roster: Roster
    setting: tuple[SettingFact, ...]

    def bench(self) -> Bench:
        regimen = Regimen(read_artefact(self.rulebook))
        return Bench(
            regimen=regimen,
            facts_known_at=self.facts_known_at,
            law_known_at=self.law_known_at,
            reading=self.reading,
            roster=self.roster,
            setting=Setting(self.setting),
        )


def decided(bench: Bench, people: Iterable[PersonRows], processes: int) -> Iterator[Decided]:
    """The findings on each person, in the order given.

    Args:
        bench: What every finding shares.
        people: Whoever is to be decided; taken no faster than they are decided.
        processes: How many decide; with one, or with few people, this one does.
    """
    coming = iter(people)
    few = list(islice(coming, FEWEST if processes > 1 else 0))
    if processes <= 1 or len(few) < FEWEST:
        for rows in chain(few, coming):
            yield tuple(custody_findings(bench, rows))
        return
    yield from _in_processes(bench, chain(few, coming), processes)


def _in_processes(bench: Bench, people: Iterable[PersonRows], processes: int) -> Iterator[Decided]:
    shared = _Shared(
        rulebook=written_artefact(bench.regimen.rulebook),
        facts_known_at=bench.facts_known_at,
        law_known_at=bench.law_known_at,
        reading=bench.reading,
        roster=Roster(bench.roster.recipe, declared=bench.roster.declared),
        setting=bench.setting.facts,
    )
    # A new interpreter for each: files and threads that this one has open are none of theirs.
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (shared,)) as pool:
        waiting: deque[tuple[Sequence[PersonRows], Future[list[Decided] | None]]] = deque()
        coming = iter(people)
        while lot := tuple(islice(coming, LOT)):
            waiting.append((lot, pool.submit(decide_lot, lot)))
            if len(waiting) > _AHEAD * processes:
                yield from _taken(bench, *waiting.popleft())
        while waiting:
            yield from _taken(bench, *waiting.popleft())


def _taken(
    bench: Bench, lot: Sequence[PersonRows], future: Future[list[Decided] | None]
) -> Iterator[Decided]:
    found = future.result()
    if found is not None:
        yield from found
        return
    # What went wrong there goes wrong here again, with its own words.
    for rows in lot:
        yield tuple(custody_findings(bench, rows))


_benches: list[Bench] = []
"""The bench of a process of the pool: made once, by `_begin`."""


def _begin(shared: _Shared) -> None:
    _benches[:] = [shared.bench()]


def decide_lot(lot: Sequence[PersonRows]) -> list[Decided] | None:
    """The findings on some people; None if that cannot be done, so that whoever asked does it and sees."""
    try:
        return [tuple(custody_findings(_benches[0], rows)) for rows in lot]
    except Exception:  # noqa: BLE001 - not every error can be sent from one process to another
        return None
