"""The one verdict told of an answer: under its reading, or of every reading together."""

from __future__ import annotations

from habeas.authority.answer import Answer
from habeas.authority.findings import Because, Verdict
from habeas.authority.readings import Spread


def verdict_of(answer: Answer, spread: Spread | None) -> Verdict:
    """The verdict under the answer's reading, or that of all readings where all were asked."""
    return answer.verdict if spread is None else spread.verdict


def because_of(answer: Answer, spread: Spread | None) -> Because | None:
    """Why that verdict is undetermined, if it is: readings that differ are a contest."""
    if verdict_of(answer, spread) is not Verdict.UNDETERMINED:
        return None
    if spread is not None and len(set(spread.verdicts.values())) > 1:
        return Because.CONTESTED
    return answer.because or Because.MISSING
