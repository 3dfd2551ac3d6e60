"""The gate of a rulebook on every processor at once: each asks its share, and the shares are added up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import reduce
from multiprocessing import get_context
from operator import add
from pathlib import Path

from habeas.authority.gate import GateReport, Part, run_gate
from habeas.desk.library import library
from habeas.desk.processors import processors
from habeas.kernel.places import PlaceId
from habeas.law.rulebook import Rulebook

Watch = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What every process reads for itself."""

    folder: Path | None = None
    """Where the rulebook is; none is the bundled one."""
    cache: Path | None = None
    """Where compiled rulebooks are kept; none is the user's own place."""
    cases: Path | None = None
    """A folder of further tables."""


def gate(
    rulebook: Rulebook,
    places: Sequence[PlaceId] = (),
    *,
    sources: Sources,
    processes: int | None = None,
    watch: Watch | None = None,
) -> GateReport:
    """Measure what the tests of law prove, in as many processes as there are processors.

    Args:
        rulebook: The rulebook whose tests are asked.
        places: Only the enactments of these places and of what lies in them; none is all.
        sources: Where that rulebook was read, so that every process can read it, and further tables.
        processes: How many; by default one for each processor this process may use.
        watch: Told what is being done.

    Raises:
        RulebookError: a table that is not readable YAML.
    """
    count = processes or processors()
    if count == 1:
        return run_gate(rulebook, sources.cases, places=places, progress=watch)
    # A new interpreter for each share: what this one has open is none of theirs.
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        shares = [
            pool.submit(_share, sources, tuple(places), Part(number=number, of=count))
            for number in range(count)
        ]
        for done, _ in enumerate(as_completed(shares), 1):
            if watch is not None:
                watch(f"{done} of {count} shares of the gate done")
        return reduce(add, [share.result() for share in shares])


def _share(sources: Sources, places: tuple[PlaceId, ...], part: Part) -> GateReport:
    rulebook = library(sources.folder, cache=sources.cache).rulebook
    return run_gate(rulebook, sources.cases, places=places, part=part)
