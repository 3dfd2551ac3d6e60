"""What the sentences in a custodian's hands come to, in every way that unknown papers may lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Final

from habeas.authority.belonging import FactRow, lodged
from habeas.authority.credit import days_before_sentence
from habeas.custody.record import CustodyRecord
from habeas.kernel.instants import Instant, Precision, UncertainInstant, When

if TYPE_CHECKING:
    from habeas.authority.situations import Situation
    from habeas.law.computations import Computation
    from habeas.law.program import Rule

MOST_UNSURE: Final = 4
"""Papers of which it is not known whether they are still lodged, beyond which no sum is tried."""


def sum_of(
    situation: Situation, record: CustodyRecord, rule: Rule, row: FactRow
) -> tuple[Computation, When | None] | None:
    """The sum of the sentences as it concerns one of them, and the end it gives; None if there are none.

    A sentence counts while its paper is in the custodian's hands. Where that is not known of some
    paper, the sum is made with it and without, and the end lies within what those come to. The
    sentence asked about is always counted: its end matters only where it is lodged.

    Raises:
        UnsupportedSentence: The steps cannot compute these sentences.
    """
    # The arithmetic of sentences is a tenth of what `habeas why` imports, and most people serve none.
    from habeas.law.computations import compute, sentence_of  # noqa: PLC0415 - slow, and only sentences need it

    zone = situation.program.law.places.zone_of(situation.place)
    made: list[Computation] = []
    open_end = len(_unsure(situation, row)) > MOST_UNSURE
    for those in _ways(situation, row):
        # Side by side or one after the other: where that is not known of some, neither is the end.
        open_end |= len(those) > 1 and any(each.get("runs_after") is None for each in those)
        sentences = [
            sentence_of(
                each["id"],
                {**each, "charging_document": _document(situation, each)},
                zone,
                custody=days_before_sentence(record, situation.rows, each, zone),
            )
            for each in those
        ]
        made.append(compute(rule.provision.steps, sentences, zone))
    if not made:
        return None
    return made[0], None if open_end else _within(made, row["id"])


def _within(made: Sequence[Computation], name: str) -> When | None:
    """An instant that is the end in one of these ways; None where some way has no known end."""
    ends = sorted({each.expires_at for each in made if each.expires_at is not None})
    if any(each.expires_at is None for each in made):
        return None
    if len(ends) == 1:
        return ends[0]
    key = f"end of {name}:{ends[0]}:{ends[-1]}"
    return UncertainInstant(ends[0], Instant(ends[-1] + 1), Precision.RANGE, key)


def _ways(situation: Situation, row: FactRow) -> Iterator[Sequence[FactRow]]:
    """The sentences that count, all that may be lodged first."""
    there = [each for each in _sentences(situation) if lodged(each, situation.at) is not False]
    unsure = [each["id"] for each in _unsure(situation, row)]
    for number in range(min(len(unsure), MOST_UNSURE) + 1):
        for gone in combinations(unsure, number):
            those = [each for each in there if each["id"] not in gone]
            if those:
                yield those


def _unsure(situation: Situation, row: FactRow) -> list[FactRow]:
    return [
        each
        for each in _sentences(situation)
        if lodged(each, situation.at) is None and each["id"] != row["id"]
    ]


def _sentences(situation: Situation) -> list[FactRow]:
    return [each for each in situation.rows["instrument"] if each.get("kind") == "sentence"]


def _document(situation: Situation, sentence: FactRow) -> str | None:
    """The charging document behind a sentence: its own, or that of the charge it was imposed on."""
    charges = [each for each in situation.rows["charge"] if each["id"] == sentence.get("charge")]
    for row in (sentence, *charges):
        found = row.get("charging_document")
        if isinstance(found, str) and found != "none":
            return found
    return None
