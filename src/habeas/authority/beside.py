"""What is shown beside an answer and is no part of it: commands to agencies, practice, exposure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from habeas.authority.derive import Piece
from habeas.law.enactments import Effect


class Note(Struct, frozen=True, kw_only=True):
    """Something about law that is shown and is never a basis: a practice, an exposure."""

    enactment: str
    says: str
    cite: str


class Command(Struct, frozen=True, kw_only=True):
    """What law in force tells an agency to do or not to do; it gives custody of nobody."""

    provision: str
    """``enactment#clause``."""
    agency: str
    effect: Effect
    verb: str
    cite: str
    says: str
    sure: bool
    """Whether it surely applies; else it may."""


def commands(piece: Piece) -> Iterator[Command]:
    """What law in force commands agencies, wherever it applies or may."""
    situation = piece.situation
    for rule in situation.program.commands:
        for row in situation.rows[rule.provision.on]:
            applies = rule.applies(situation.facts(rule.provision.on, row))
            if applies is not False:
                provision = rule.provision
                yield Command(
                    provision=rule.ref,
                    agency=provision.agency,
                    effect=provision.effect,
                    verb=provision.verb,
                    cite=provision.cite,
                    says=provision.says,
                    sure=applies is True,
                )


def notes(piece: Piece, part: str) -> Iterator[Note]:
    """The practices (``practice``) or exposures (``risk``) that texts in force name."""
    for enactment in piece.situation.program.noted:
        says = enactment.practice if part == "practice" else enactment.risk
        if says:
            yield Note(enactment=enactment.id, says=says, cite=enactment.cite)
