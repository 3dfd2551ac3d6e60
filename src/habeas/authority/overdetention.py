"""Custody past every basis, and release before a basis ended.

Over-detention is measured from the last lawful instant with no tolerance. The ladder classes
how far past it the door opened, so that paperwork lag and forgotten people are never one
number; no rung is authority. The rungs are the reference points of the reported rulings, from
two hours of processing to the thirty-nine hours of Brass v. County of Los Angeles (9th Cir.
2003).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from habeas.authority.derive import Derivation, Piece, Support
from habeas.authority.findings import EarlyRelease, OverDetention, Rung, Verdict
from habeas.custody.episodes import CustodyEpisode
from habeas.kernel.instants import (
    FOREVER,
    HOUR,
    Instant,
    civil_date_of,
    earliest_of,
    end_of_day,
    latest_of,
)
from habeas.kernel.intervals import Interval
from habeas.law.enactments import Effect, Stratum

_COMMITMENT_KINDS = frozenset({"commitment", "sentence"})


def rung(last_lawful: Instant, door: Instant, zone: ZoneInfo) -> Rung:
    """How far past the last lawful instant the door opened, on the risk ladder."""
    late = door - last_lawful
    if late <= 2 * HOUR:
        return Rung.PROCESSING
    if late <= 6 * HOUR:
        return Rung.SIX_HOURS
    if late <= 12 * HOUR:
        return Rung.TWELVE_HOURS
    if door <= end_of_day(civil_date_of(last_lawful, zone), zone):
        return Rung.MIDNIGHT
    if late <= 24 * HOUR:
        return Rung.DAY
    return Rung.THIRTY_NINE_HOURS if late <= 39 * HOUR else Rung.BEYOND


def overdetentions(pieces: Iterable[Piece], zone: ZoneInfo) -> Iterator[OverDetention]:
    """Every maximal interval of custody with no basis in force."""
    start: Instant | None = None
    end = FOREVER
    for piece in pieces:
        if piece.verdict is Verdict.UNLAWFUL:
            start = piece.start if start is None else start
            end = piece.end
        elif start is not None:
            yield _overdetention(start, end, zone)
            start = None
    if start is not None:
        yield _overdetention(start, end, zone)


def early_release(derivation: Derivation) -> EarlyRelease | None:
    """A release while a commitment or a must-hold was still in force at the door.

    An unused permission never makes a release early, and neither does a basis that is unknown.
    """
    standing = early_bases(derivation)
    if not standing:
        return None
    refs = tuple(support.ground.rule.ref for support in standing)
    return EarlyRelease(released_at=derivation.episode.end, bases=refs)


def early_bases(derivation: Derivation) -> tuple[Support, ...]:
    """The commitments and must-holds still in force at the instant the person was let go.

    A basis that ends at that very instant was over. So the custody is asked as if nobody had
    opened the door, from the first instant at which somebody may have to the last.
    """
    episode = derivation.episode
    if episode.end == FOREVER or not _freed(episode):
        return ()
    last = [piece for piece in derivation.pieces if piece.start < earliest_of(episode.end)]
    if not last or not any(_requires(support, last[-1]) for support in last[-1].supports):
        return ()
    first, door = earliest_of(episode.end), latest_of(episode.end)
    pieces = Derivation(derivation.situations.prolonged(), door, derivation).pieces
    around = [piece for piece in pieces if piece.end > first and piece.start <= door]
    if not around:
        return ()
    required = [{support.key for support in piece.supports if _requires(support, piece)} for piece in around]
    return tuple(support for support in around[-1].supports if all(support.key in keys for keys in required))


def required_until(derivation: Derivation) -> Instant:
    """When custody would have ended that something still required at the door.

    `FOREVER` where the papers name no end; the door itself where nothing required custody.
    """
    door = latest_of(derivation.episode.end)
    for piece in Derivation(derivation.situations.prolonged(), like=derivation).pieces:
        if piece.end > door and not any(_requires(support, piece) for support in piece.supports):
            return max(piece.start, door)
    return FOREVER


def _requires(support: Support, piece: Piece) -> bool:
    return support.value is True and (
        support.ground.rule.provision.effect is Effect.MUST_HOLD
        or _is_commitment(support.ground.stratum, piece, support.subject)
    )


def _freed(episode: CustodyEpisode) -> bool:
    return episode.ended_by == "Released"


def _is_commitment(stratum: Stratum, piece: Piece, subject: tuple[str, str]) -> bool:
    if stratum is not Stratum.CRIMINAL or subject[0] != "instrument":
        return False
    rows = piece.situation.rows["instrument"]
    return any(row["id"] == subject[1] and row.get("kind") in _COMMITMENT_KINDS for row in rows)


def _overdetention(start: Instant, end: Instant, zone: ZoneInfo) -> OverDetention:
    step = Rung.BEYOND if end >= FOREVER else rung(start, end, zone)
    return OverDetention(interval=Interval(start, end), rung=step)
