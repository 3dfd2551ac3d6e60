"""The answer over a whole custody episode as a document, `habeas/timeline/1`."""

from __future__ import annotations

from typing import Final, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from habeas import __version__
from habeas.authority.derive import Derivation, Piece
from habeas.authority.findings import Because, Verdict
from habeas.authority.inquiry import Inquiry
from habeas.kernel.instants import Instant
from habeas.wire.answer_forms import SubjectForm
from habeas.wire.instants import InstantText, WhenForm, instant_text, when_form

SCHEMA: Final = "habeas/timeline/1"


class SupportForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One basis over a piece; null value is not known."""

    provision: str
    subject: SubjectForm
    value: bool | None


class PieceForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A maximal interval over which neither the verdict nor any basis changes."""

    start: InstantText
    end: InstantText
    verdict: Verdict
    because: Because | None
    place: str | None
    custodian: str | None
    supports: list[SupportForm]
    """Bases that stand or may stand."""


class TimelineDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One unbroken custody of one person, cut into pieces."""

    schema: Literal["habeas/timeline/1"] = SCHEMA
    engine: str
    person: str
    zone: str
    custody: int
    """Which unbroken custody of the person, counted from 1."""
    starts_at: WhenForm
    ends_at: WhenForm
    facts_known_at: InstantText
    law_known_at: InstantText
    reading: dict[str, str]
    """The alternatives given; every other question stands at its published default."""
    pieces: list[PieceForm]
    releasable_at: list[WhenForm]
    law: str
    facts: str


def timeline_document(person: str, inquiry: Inquiry, index: int, zone: ZoneInfo) -> TimelineDocument:
    """One custody of a person as its document.

    Args:
        person: The identifier the record has of the person.
        inquiry: What is asked.
        index: Which of `Inquiry.custody`, counted from 0.
        zone: Whose offsets instants are written with.

    Raises:
        IndexError: there is no such custody.
    """
    derivation = inquiry.derivation(index)
    episode = inquiry.custody[index]
    return TimelineDocument(
        engine=__version__,
        person=person,
        zone=zone.key,
        custody=index + 1,
        starts_at=when_form(episode.start, zone),
        ends_at=when_form(episode.end, zone),
        facts_known_at=instant_text(inquiry.record.known_at, zone),
        law_known_at=instant_text(inquiry.law_known_at, zone),
        reading=dict(inquiry.reading),
        pieces=[_piece(piece, end, zone) for piece, end in _maximal(derivation)],
        releasable_at=[when_form(release.at, zone) for release in derivation.releases() if release.certain],
        law=inquiry.rulebook.digest,
        facts=inquiry.record.digest,
    )


def _maximal(derivation: Derivation) -> list[tuple[Piece, Instant]]:
    """Each first piece of a run that answers alike, with the end of the run."""
    runs: list[tuple[Piece, Instant]] = []
    for piece in derivation.pieces:
        if runs and _says(runs[-1][0]) == _says(piece):
            runs[-1] = (runs[-1][0], piece.end)
        else:
            runs.append((piece, piece.end))
    return runs


def _says(piece: Piece) -> tuple[object, ...]:
    supports = frozenset(
        (support.key, support.value) for support in piece.supports if support.value is not False
    )
    return piece.verdict, piece.because, piece.situation.place, piece.situation.custodian, supports


def _piece(piece: Piece, end: Instant, zone: ZoneInfo) -> PieceForm:
    return PieceForm(
        start=instant_text(piece.start, zone),
        end=instant_text(end, zone),
        verdict=piece.verdict,
        because=piece.because if piece.verdict is Verdict.UNDETERMINED else None,
        place=piece.situation.place,
        custodian=piece.situation.custodian,
        supports=[
            SupportForm(
                provision=support.key[0],
                subject=SubjectForm(collection=support.subject[0], id=support.subject[1]),
                value=support.value,
            )
            for support in sorted(piece.supports, key=lambda each: each.key)
            if support.value is not False
        ],
    )
