"""A mapping whose values are made one at a time, when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

Made = TypeVar("Made")


class OnDemand(Mapping[str, Made]):
    """Names known beforehand, each value made on first use and kept."""

    __slots__ = ("_kept", "_make", "_names")

    def __init__(self, names: Iterable[str], make: Callable[[str], Made]) -> None:
        """Take the names in order, and what makes the value of one of them."""
        self._names = dict.fromkeys(names)
        self._make = make
        self._kept: dict[str, Made] = {}

    def __getitem__(self, name: str) -> Made:
        """The value of a name.

        Raises:
            KeyError: there is no such name.
        """
        if name not in self._kept:
            if name not in self._names:
                raise KeyError(name)
            self._kept[name] = self._make(name)
        return self._kept[name]

    def __contains__(self, name: object) -> bool:
        """Whether there is such a name; nothing is made."""
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        """The names in order; nothing is made."""
        return iter(self._names)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._names)
