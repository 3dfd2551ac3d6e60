"""One person's rows as custody: what supported it until when, under every reading."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import prod
from zoneinfo import ZoneInfo

from habeas.authority.derive import Derivation, Piece
from habeas.authority.findings import Because, Rung, Verdict
from habeas.authority.inquiry import Inquiry, Regimen, fact_kinds
from habeas.authority.overdetention import rung
from habeas.authority.unknowns import left_open, settled
from habeas.custody.anomalies import AnomalyKind
from habeas.custody.coverage import Coverage
from habeas.custody.episodes import CustodyEpisode
from habeas.custody.facts import FactKind
from habeas.custody.record import CustodyRecord, fold
from habeas.custody.setting import Setting
from habeas.desk.audit_causes import causes_of, early_finding, support_of
from habeas.desk.audit_comparison import compared
from habeas.desk.audit_findings import (
    EXACT_TIME,
    Bounds,
    Comparison,
    CustodyFinding,
    LawView,
    OddRecord,
    Stretch,
    Support,
    Timeliness,
)
from habeas.desk.audit_oddities import odd_records, tail_of
from habeas.desk.audit_readings import Joint, Readings
from habeas.intake.rosters import PersonRows, Roster
from habeas.kernel.instants import FOREVER, Instant, When, earliest_of
from habeas.kernel.intervals import Interval, IntervalSet
from habeas.kernel.places import PlaceId
from habeas.law.enactments import Consequence


@dataclass(kw_only=True)
class Bench:
    """What every finding of one audit shares."""

    regimen: Regimen
    facts_known_at: Instant
    law_known_at: Instant
    reading: dict[str, str]
    roster: Roster
    setting: Setting
    """The dated facts about places: the rulebook's, and the source's own."""
    views: dict[tuple[PlaceId, str, str | None, int], tuple[tuple[LawView, ...], bool]] = field(
        default_factory=dict[tuple[PlaceId, str, "str | None", int], tuple[tuple[LawView, ...], bool]]
    )
    """What the law let a custodian do with a request, by place, custodian, form and segment of law,
    and whether every reading was asked."""
    _edges: dict[tuple[PlaceId, str], list[Instant]] = field(
        default_factory=dict[tuple[PlaceId, str], list[Instant]]
    )

    def segment(self, place: PlaceId, custodian: str, at: Instant) -> int:
        """The number of the segment of time between changes of law or setting that an instant is in.

        A change under any alternative of any question counts.
        """
        where = (place, custodian)
        if where not in self._edges:
            found: set[Instant] = set(self.setting.edges())
            for reading in self._readings():
                regimes = self.regimen.under(reading)[1]
                found.update(regimes.edges(place, custodian, self.law_known_at))
            self._edges[where] = sorted(found)
        return bisect_right(self._edges[where], at)

    def _readings(self) -> Iterator[dict[str, str]]:
        """The reading asked, and it with one alternative of one question changed."""
        yield self.reading
        for name, question in self.regimen.rulebook.questions.items():
            for alternative in question.alternatives:
                yield {**self.reading, name: alternative.id}

    def supposes(self, rows: PersonRows) -> bool:
        """Whether anything told of a person, or its completeness, is only supposed."""
        roster = self.roster
        sides = [
            (roster.told(rows, supposed=yes), roster.coverage(rows, supposed=yes)) for yes in (True, False)
        ]
        return sides[0] != sides[1]

    def inquiry(self, rows: PersonRows, *, supposed: bool) -> Inquiry:
        """The inquiry about one person, with or without what the recipe only supposes."""
        record = fold(
            self.roster.told(rows, supposed=supposed),
            known_at=self.facts_known_at,
            coverage=self.roster.coverage(rows, supposed=supposed),
            person=rows.person,
            kinds=self.kinds,
        )
        return self.ask(record)

    @property
    def kinds(self) -> Mapping[str, FactKind]:
        """What sort of value each fact of the rulebook has."""
        return fact_kinds(self.regimen.rulebook.vocabulary)

    def joints(self, questions: Sequence[str]) -> int:
        """How many joint readings some questions have."""
        asked = self.regimen.rulebook.questions
        return prod(len(asked[name].alternatives) for name in questions)

    def ask(self, record: CustodyRecord) -> Inquiry:
        """The inquiry about a record."""
        return Inquiry(record, self.setting, self.regimen, self.law_known_at, self.reading)


def custody_findings(bench: Bench, rows: PersonRows) -> Iterator[CustodyFinding]:
    """The findings on one person, one for each unbroken custody."""
    inquiry = bench.inquiry(rows, supposed=True)
    bare = bench.inquiry(rows, supposed=False) if bench.supposes(rows) else inquiry
    for index in range(len(inquiry.custody)):
        yield _finding(bench, rows, inquiry, index, bare)


def _finding(bench: Bench, rows: PersonRows, inquiry: Inquiry, index: int, bare: Inquiry) -> CustodyFinding:
    episode = inquiry.custody[index]
    span = episode.spans[0]
    place = next(each.place for each in episode.spans if each.place is not None)
    zone = bench.regimen.rulebook.places.zone_of(place)
    joints, every = Readings(inquiry, index).joints()
    limit = _limit(bench, rows, episode)
    stretches = tuple(_merged(_stretches(limit, rows, inquiry, index, joints)))
    late = _late(stretches)
    runs = list(_unlawful_runs(stretches))
    odd = tuple(odd_records(rows, inquiry.record))
    alone = list(_unsupposed(limit, bare, index, episode.start))
    return CustodyFinding(
        booking=", ".join(sorted(episode.bookings)),
        person=rows.person,
        place=place,
        custodian=span.custodian_kind or "",
        zone=zone.key,
        start=episode.start,
        end=episode.end,
        stretches=stretches,
        timeliness=_timeliness(stretches, late, rows, odd),
        late=late,
        rung=max((rung(start, end, zone) for start, end in runs), key=list(Rung).index, default=None),
        last_supported=max((s.end for s in stretches if s.verdict is Verdict.LAWFUL), default=None),
        certainly_ended=runs[0][0] if runs else None,
        tail=tail_of(rows, inquiry.record, zone),
        unsettled=_once(fact for s in stretches for fact in s.unsettled),
        questions=_once(asked for s in stretches for asked in s.questions),
        odd=odd,
        causes=tuple(causes_of(inquiry.derivation(index), runs, zone)),
        compared=_compared(bench, rows, episode, stretches, zone),
        early=early_finding(inquiry, index, joints, rows.labels),
        labels_alone=_on_labels_alone(stretches, alone),
        unsupposed=_by_verdict(alone),
        every_reading=every,
    )


def _compared(
    bench: Bench, rows: PersonRows, episode: CustodyEpisode, stretches: Sequence[Stretch], zone: ZoneInfo
) -> Comparison | None:
    if bench.roster.recipe.compared is None:
        return None
    return compared(rows.own_dates, sorted(episode.bookings), stretches, zone)


def _limit(bench: Bench, rows: PersonRows, episode: CustodyEpisode) -> Instant:
    """Up to when a custody is decided: as far as was known, and if it is open as far as the records reach.

    Whoever declares records complete up to an instant says nothing of who was let go after it.
    """
    if episode.ended_by is not None:
        return bench.facts_known_at
    declared = bench.roster.coverage(rows, supposed=True)
    reach = max((each.interval.end for each in declared if _tells_of_release(each)), default=FOREVER)
    return min(reach, bench.facts_known_at)


def _tells_of_release(coverage: Coverage) -> bool:
    return bool(coverage.facts & {"booking.*", "booking.released_at"})


def _unsupposed(
    limit: Instant, bare: Inquiry, index: int, start: When
) -> Iterator[tuple[Instant, Instant, Verdict]]:
    """The same custody with nothing supposed: intervals and verdicts.

    Where the suppositions join or part custodies, it is the one that covers the start.
    """
    same = index if index < len(bare.custody) and bare.custody[index].start == start else None
    found = bare.episode_at(earliest_of(start)) if same is None else same
    if found is None:
        return
    for piece in bare.derivation(found).pieces:
        end = min(piece.end, limit)
        if piece.verdict is Verdict.NOT_IN_CUSTODY or bare.episode_at(piece.start) != found:
            continue
        if end > piece.start:
            yield piece.start, end, settled(bare, piece.start)


def _by_verdict(alone: Iterable[tuple[Instant, Instant, Verdict]]) -> dict[Verdict, int]:
    spent: Counter[Verdict] = Counter()
    for start, end, verdict in alone:
        spent[verdict] += end - start
    return {verdict: spent[verdict] for verdict in Verdict if spent[verdict]}


def _on_labels_alone(stretches: Iterable[Stretch], alone: Iterable[tuple[Instant, Instant, Verdict]]) -> int:
    """Microseconds that are supported with suppositions, and not without them."""
    supported = IntervalSet(Interval(s.start, s.end) for s in stretches if s.verdict is Verdict.LAWFUL)
    without = IntervalSet(Interval(start, end) for start, end, verdict in alone if verdict is Verdict.LAWFUL)
    return (supported - without).duration


def _stretches(
    limit: Instant,
    rows: PersonRows,
    inquiry: Inquiry,
    index: int,
    joints: Sequence[tuple[Joint, Inquiry]],
) -> Iterator[Stretch]:
    """The custody cut wherever the answer changes under some joint reading."""
    asked = {id(each): each for _, each in joints}
    edges: set[Instant] = set()
    for each in asked.values():
        for piece in each.derivation(index).pieces:
            edges |= {min(edge, limit) for edge in (piece.start, piece.end)}
    for start, end in pairwise(sorted(edges)):
        if inquiry.episode_at(start) != index:
            # The next custody has surely begun, so this one is over; the time is counted there.
            continue
        found = {name: settled(each, start) for name, each in asked.items()}
        verdicts = [(joint, found[id(each)]) for joint, each in joints]
        if set(found.values()) != {Verdict.NOT_IN_CUSTODY}:
            yield _stretch((start, end), inquiry.derivation(index), rows, verdicts)


def _stretch(
    span: tuple[Instant, Instant],
    derivation: Derivation,
    rows: PersonRows,
    verdicts: Sequence[tuple[Joint, Verdict]],
) -> Stretch:
    start, end = span
    counted = Counter(verdict for _, verdict in verdicts)
    together = next(iter(counted)) if len(counted) == 1 else Verdict.UNDETERMINED
    piece = derivation.piece_at(start)
    because = _because(together, counted, piece)
    is_open = together is Verdict.UNDETERMINED and piece is not None
    return Stretch(
        start=start,
        end=end,
        verdict=together,
        because=because,
        by_verdict=dict(sorted(counted.items())),
        supports=tuple(_supports(piece, rows)) if piece is not None else (),
        unsettled=tuple(unsettled_facts(piece, derivation)) if is_open and piece is not None else (),
        questions=_turning(verdicts) if len(counted) > 1 else (),
    )


def _because(together: Verdict, counted: Counter[Verdict], piece: Piece | None) -> Because | None:
    if together is not Verdict.UNDETERMINED:
        return None
    if len(counted) > 1:
        return Because.CONTESTED
    return piece.because if piece is not None else Because.MISSING


def _turning(verdicts: Sequence[tuple[Joint, Verdict]]) -> tuple[str, ...]:
    """The questions of which one alternative for another, all else equal, changes the verdict."""
    found: list[str] = []
    for question in verdicts[0][0]:
        by_rest: dict[tuple[tuple[str, str], ...], set[Verdict]] = {}
        for joint, verdict in verdicts:
            rest = tuple((name, taken) for name, taken in joint.items() if name != question)
            by_rest.setdefault(rest, set()).add(verdict)
        if any(len(seen) > 1 for seen in by_rest.values()):
            found.append(question)
    return tuple(found)


def _supports(piece: Piece, rows: PersonRows) -> Iterator[Support]:
    yield from (support_of(support, rows.labels) for support in piece.supports if support.value is True)


def unsettled_facts(piece: Piece, derivation: Derivation) -> Iterator[str]:
    """The facts and texts that leave a piece open, by name, each once, in a fixed order.

    A fact that only shows whether a duty without consequence was met settles nothing.
    """
    found = left_open(piece, derivation)
    idle = _idle_facts(piece)
    record = derivation.situations.record
    names: set[str] = set()
    for collection, row, fact in found.atoms:
        if collection == "when":
            names |= set(_timed_facts(record, row))
        elif f"{collection}.{fact}" not in idle:
            names.add(f"{collection}.{fact}")
    yield from sorted(names)
    yield from sorted(gap.says for gap in found.gaps)


def _idle_facts(piece: Piece) -> set[str]:
    facts = {True: set[str](), False: set[str]()}
    for duty in piece.duties:
        facts[duty.consequence is Consequence.NONE].update(duty.rule.provision.discharges)
    return facts[True] - facts[False]


def _timed_facts(record: CustodyRecord, key: str) -> Iterator[str]:
    """The facts whose exact instant is the unknown point of that key."""
    for event in record.events:
        if getattr(event.at, "key", None) == key:
            fact = type(event).fact or event.kind
            yield f"{event.subject.collection}.{fact}{EXACT_TIME}"


def _merged(stretches: Iterator[Stretch]) -> Iterator[Stretch]:
    """Neighbours that say the same made one."""
    held: Stretch | None = None
    for each in stretches:
        if (
            held is not None
            and held.end == each.start
            and replace(each, start=held.start, end=held.end) == held
        ):
            held = replace(held, end=each.end)
            continue
        if held is not None:
            yield held
        held = each
    if held is not None:
        yield held


def _late(stretches: Sequence[Stretch]) -> Bounds:
    sure = sum(s.end - s.start for s in stretches if s.verdict is Verdict.UNLAWFUL)
    most = sum(s.end - s.start for s in stretches if s.verdict is not Verdict.LAWFUL)
    return Bounds(least=sure, most=most)


def _unlawful_runs(stretches: Sequence[Stretch]) -> Iterator[tuple[Instant, Instant]]:
    start: Instant | None = None
    for each in stretches:
        if each.verdict is Verdict.UNLAWFUL:
            start = each.start if start is None else start
        elif start is not None:
            yield start, each.start
            start = None
    if start is not None:
        yield start, stretches[-1].end


def _timeliness(
    stretches: Sequence[Stretch], late: Bounds, rows: PersonRows, odd: Sequence[OddRecord]
) -> Timeliness:
    contradicted = any(each.kind is AnomalyKind.END_BEFORE_START for each in odd)
    blind = all(s.verdict is Verdict.UNDETERMINED and s.because is Because.MISSING for s in stretches)
    if rows.set_aside or contradicted or blind:
        return Timeliness.NOT_ASSESSABLE
    if late.least:
        return Timeliness.CERTAINLY_LATE
    return Timeliness.POSSIBLY_LATE if late.most else Timeliness.CERTAINLY_ON_TIME


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
