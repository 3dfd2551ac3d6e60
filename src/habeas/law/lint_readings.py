"""The readings under which a rulebook is linted: the defaults, and each other alternative alone."""

from __future__ import annotations

from collections.abc import Iterator

from habeas.law.rulebook import Law, Rulebook


def readings_of(rulebook: Rulebook) -> Iterator[Law]:
    """The law under the published defaults, then with one question answered otherwise at a time."""
    yield rulebook.under({})
    for asked, question in rulebook.questions.items():
        for alternative in question.alternatives:
            if alternative.id != question.default:
                yield rulebook.under({asked: alternative.id})
