"""Whose answers change from one rulebook to another, over stored cases, and which clauses make them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from habeas.authority.answer import Findings
from habeas.authority.derive import Piece
from habeas.authority.inquiry import Inquiry, Regimen
from habeas.authority.readings import spread
from habeas.authority.trials import Asked, Trial
from habeas.desk.people import text_of
from habeas.kernel.instants import Instant, earliest_of
from habeas.kernel.intervals import Interval
from habeas.kernel.places import PlaceId, lies_within
from habeas.law.documents import Document
from habeas.law.program import Rule
from habeas.wire.tables import cases_of, read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one rulebook says of one question, or why it cannot be asked."""

    verdict: str
    bases: tuple[str, ...] = ()
    """``enactment#clause of row``, in order."""
    until: Instant | None = None
    """First instant at which custody is no longer supported; None where nothing supports it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedAnswer:
    """A question that two rulebooks answer differently."""

    table: str
    case: str
    asked: str
    """The instant, and what else the question states."""
    before: Told
    after: Told
    reasons: tuple[str, ...]
    """The clauses that were asked of this custody and that differ, each with how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a comparison came to."""

    questions: int
    changed: tuple[ChangedAnswer, ...]


def changed_answers(
    before: Regimen, after: Regimen, places: Sequence[PlaceId] = (), cases: Path | None = None
) -> Changes:
    """Ask every stored case of both rulebooks: the tests beside their texts, and a folder of tables.

    Args:
        before: The one rulebook.
        after: The other; where both have tests beside a text, these of the other are asked.
        places: Only cases of these places and of what lies in them; none is all.
        cases: A folder of further tables.

    Raises:
        UnreadableTable: a table has problems.
        UnreadableFile: a file of the folder cannot be read.
    """
    questions, changed = 0, list[ChangedAnswer]()
    compared = _Compared(before, after)
    for table, trial in _stored(before, after, cases):
        if places and not any(lies_within(trial.place, outer) for outer in places):
            continue
        for asked in trial.asks():
            questions += 1
            found = compared.answer(table, trial, asked)
            if found is not None:
                changed.append(found)
    return Changes(questions=questions, changed=tuple(changed))


def _stored(before: Regimen, after: Regimen, cases: Path | None) -> Iterator[tuple[str, Trial]]:
    texts = {**before.rulebook.artefact.enactments, **after.rulebook.artefact.enactments}
    for name, tree in sorted(texts.items()):
        if "tests" in tree:
            here = after if name in after.rulebook.artefact.enactments else before
            yield from (
                (name, trial) for trial in cases_of(Document(f"{name}.yaml", tree, {}), here, under="tests")
            )
    for path in sorted(cases.glob("**/*.yaml")) if cases is not None else ():
        yield from ((path.stem, trial) for trial in read_table(text_of(path), path.name, after))


class _Compared:
    def __init__(self, before: Regimen, after: Regimen) -> None:
        self._regimens = before, after
        one, other = before.rulebook.artefact, after.rulebook.artefact
        self._alike = all(
            getattr(one, part) == getattr(other, part)
            for part in ("vocabulary", "places", "orders", "settings", "adoptions", "calendars", "questions")
        )

    def answer(self, table: str, trial: Trial, asked: Asked) -> ChangedAnswer | None:
        """The two answers to a question, if they differ."""
        trials = [trial.on(regimen) for regimen in self._regimens]
        inquiries = [_inquiry(each, asked) for each in trials]
        if self._alike and asked.reading is not None and _same_law(inquiries, asked.at):
            return None
        before, after = (_told(inquiry, asked) for inquiry in inquiries)
        if before == after:
            return None
        return ChangedAnswer(
            table=table,
            case=trial.name,
            asked=asked.label,
            before=before,
            after=after,
            reasons=tuple(_reasons(inquiries, asked.at)),
        )


def _inquiry(trial: Trial, asked: Asked) -> Inquiry | str:
    """The question put to a rulebook, or why that has no answer to it."""
    try:
        inquiry = trial.inquiry(asked)
        inquiry.piece_at(asked.at)
    except LookupError as missing:
        return f"cannot be asked: {missing}"
    return inquiry


def _same_law(inquiries: Sequence[Inquiry | str], at: Instant) -> bool:
    one, other = inquiries
    if isinstance(one, str) or isinstance(other, str):
        return False
    index = one.episode_at(at)
    if index is None:
        return True
    episode = one.custody[index]
    whole = Interval(earliest_of(episode.start), Instant(at + 1))
    return all(
        one.applied(span.place, span.custodian_kind, whole)
        == other.applied(span.place, span.custodian_kind, whole)
        for span in episode.spans
        if span.place is not None
    )


def _told(inquiry: Inquiry | str, asked: Asked) -> Told:
    if isinstance(inquiry, str):
        return Told(verdict=inquiry)
    found = Findings(inquiry, asked.at)
    verdict = found.verdict if asked.reading is not None else spread(inquiry, asked.at).verdict
    bases = sorted(f"{basis.provision} of {basis.subject[1]}" for basis in found.bases)
    return Told(verdict=str(verdict), bases=tuple(bases), until=found.latest_lawful)


def _reasons(inquiries: Sequence[Inquiry | str], at: Instant) -> Iterator[str]:
    one, other = inquiries
    if isinstance(one, str) or isinstance(other, str):
        return
    old, new = _asked_rules(one, at), _asked_rules(other, at)
    for ref in sorted(old.keys() | new.keys()):
        if ref not in new:
            yield f"{ref}: asked only before"
        elif ref not in old:
            yield f"{ref}: asked only after"
        elif old[ref].provision != new[ref].provision:
            yield f"{ref}: its text differs"
        elif old[ref].formula != new[ref].formula:
            yield f"{ref}: it is in force otherwise"


def _asked_rules(inquiry: Inquiry, at: Instant) -> Mapping[str, Rule]:
    """The rules that bear on the custody that covers an instant."""
    index = inquiry.episode_at(at)
    found: dict[str, Rule] = {}
    for piece in inquiry.derivation(index).pieces if index is not None else ():
        found.update((rule.ref, rule) for rule in _bearing(piece))
    return found


def _bearing(piece: Piece) -> Iterator[Rule]:
    program = piece.situation.program
    heard = {s.ref.removesuffix(" outside its only-if") for each in piece.standings for s in each.heard}
    yield from (rule for rule in program.holding if rule.ref in heard)
    yield from program.defining
    for standing in piece.standings:
        yield from (cap for ground in standing.grounds for _, cap in ground.caps)
        if standing.force_rule is not None:
            yield standing.force_rule
    yield from (duty.rule for duty in piece.duties)
