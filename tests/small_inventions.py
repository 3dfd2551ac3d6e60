"""Invented people asked of the engine, as the tests of the key and of the audit need them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from habeas.authority.derive import Derivation
from habeas.authority.findings import Verdict
from habeas.authority.inquiry import Inquiry, Regimen, fact_kinds
from habeas.authority.overdetention import early_release
from habeas.custody.coverage import Coverage
from habeas.custody.events import Event
from habeas.custody.record import fold
from habeas.desk.library import library
from habeas.invented.key import KeyRow, Side
from habeas.invented.population import Population
from habeas.kernel.instants import Instant, parse_instant

FIRST = parse_instant("2024-01-01T05:00:00Z")
LAW_KNOWN_AT = parse_instant("2026-11-01T00:00:00Z")

Span = tuple[str, Instant, Instant]
"""``late``, ``open`` or ``early``, and from when to when; of an early release the door twice."""


@cache
def regimen() -> Regimen:
    return library()


def population(seed: int, people: int = 6, days: int = 45, planted: float = 0.4) -> Population:
    return Population(seed=seed, first=FIRST, people=people, days=days, planted=planted)


def inquiry(events: Sequence[Event], coverage: Iterable[Coverage]) -> Inquiry:
    kinds = fact_kinds(regimen().rulebook.vocabulary)
    record = fold(events, coverage=coverage, kinds=kinds)
    return Inquiry(record, regimen().setting(), regimen(), LAW_KNOWN_AT)


def derivations(asked: Inquiry) -> Iterator[Derivation]:
    for index in range(len(asked.custody)):
        yield asked.derivation(index)


def found(asked: Inquiry, horizon: Instant) -> set[Span]:
    """What the engine finds, up to the horizon."""
    spans: set[Span] = set()
    for derivation in derivations(asked):
        for start, end, verdict in runs(derivation, horizon):
            if verdict is Verdict.UNLAWFUL:
                spans.add(("late", start, end))
            elif verdict is Verdict.UNDETERMINED:
                spans.add(("open", start, end))
        early = early_release(derivation)
        if early is not None and isinstance(early.released_at, int):
            spans.add(("early", early.released_at, early.released_at))
    return spans


def runs(derivation: Derivation, horizon: Instant) -> list[tuple[Instant, Instant, Verdict]]:
    """Maximal runs of one verdict, up to the horizon."""
    made: list[tuple[Instant, Instant, Verdict]] = []
    for piece in derivation.pieces:
        start, end = piece.start, min(piece.end, horizon)
        if start >= end:
            continue
        if made and made[-1][1] == start and made[-1][2] is piece.verdict:
            made[-1] = (made[-1][0], end, piece.verdict)
        else:
            made.append((start, end, piece.verdict))
    return made


def expected(key: Iterable[KeyRow]) -> set[Span]:
    """What the key says, its parts by cause put together again."""
    spans: set[Span] = set()
    late: list[tuple[Instant, Instant]] = []
    for row in key:
        if row.side is Side.OPEN:
            spans.add(("open", row.start_at, row.end_at))
        elif row.side is Side.EARLY:
            spans.add(("early", row.start_at, row.start_at))
        elif late and late[-1][1] == row.start_at:
            late[-1] = (late[-1][0], row.end_at)
        else:
            late.append((row.start_at, row.end_at))
    return spans | {("late", start, end) for start, end in late}
