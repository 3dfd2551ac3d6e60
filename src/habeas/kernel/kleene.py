"""Three-valued logic: true, false, and not known (None), after Kleene's strong tables."""

from collections.abc import Iterable
from typing import TypeAlias

Kleene: TypeAlias = bool | None
"""True, False, or None when it is not known."""


def both(first: Kleene, second: Kleene) -> Kleene:
    """True if both are; false if either is false, whatever the other may be."""
    if first is False or second is False:
        return False
    return None if first is None or second is None else True


def either(first: Kleene, second: Kleene) -> Kleene:
    """True if either is, whatever the other may be; false only if both are."""
    if first is True or second is True:
        return True
    return None if first is None or second is None else False


def negation(value: Kleene) -> Kleene:
    """The opposite; the opposite of not known is not known."""
    return None if value is None else not value


def all_of(values: Iterable[Kleene]) -> Kleene:
    """True if every one is (so of none at all), false if any is false, else not known."""
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown = unknown or value is None
    return None if unknown else True


def any_of(values: Iterable[Kleene]) -> Kleene:
    """True if any one is, false if every one is false (so of none at all), else not known."""
    unknown = False
    for value in values:
        if value is True:
            return True
        unknown = unknown or value is None
    return None if unknown else False
