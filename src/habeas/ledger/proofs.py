"""Inclusion and consistency proofs of RFC 6962, sections 2.1.1 and 2.1.2.

https://www.rfc-editor.org/rfc/rfc6962#section-2.1. Digests are 32 bytes; sizes count leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

from habeas.ledger.chain import EMPTY_ROOT, Frontier, node_hash

Leaves: TypeAlias = Callable[[int, int], Iterable[bytes]]
"""The leaves from one position up to, but not including, another."""

_KEPT_LEVEL: Final = 10
"""Roots of complete subtrees of 2^10 leaves and more are kept, so that later proofs read little."""


class Tree:
    """The tree over a ledger's leaves, read only as far as a proof needs."""

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves
        self._kept: dict[tuple[int, int], bytes] = {}

    def root(self, size: int) -> bytes:
        """The root of the first ``size`` leaves."""
        return self._range(0, size) if size else EMPTY_ROOT

    def inclusion(self, seq: int, size: int) -> list[bytes]:
        """The proof that leaf ``seq`` is in the tree of ``size``, nearest node first.

        Raises:
            ValueError: there is no such leaf in a tree of that size.
        """
        if not 0 <= seq < size:
            raise ValueError(f"a tree of {size} has no leaf {seq}")
        return self._path(seq, 0, size)

    def consistency(self, earlier: int, size: int) -> list[bytes]:
        """The proof that the tree of ``size`` begins with that of ``earlier``.

        Empty between equal sizes, and from the empty tree, of which there is nothing to show.

        Raises:
            ValueError: the earlier tree is the larger.
        """
        if not 0 <= earlier <= size:
            raise ValueError(f"a tree of {size} cannot begin with one of {earlier}")
        return self._subproof(earlier, 0, size, whole=True) if earlier else []

    def _path(self, seq: int, start: int, stop: int) -> list[bytes]:
        if stop - start == 1:
            return []
        middle = start + _split(stop - start)
        if seq < middle:
            return [*self._path(seq, start, middle), self._range(middle, stop)]
        return [*self._path(seq, middle, stop), self._range(start, middle)]

    def _subproof(self, earlier: int, start: int, stop: int, *, whole: bool) -> list[bytes]:
        if earlier == stop:
            return [] if whole else [self._range(start, stop)]
        middle = start + _split(stop - start)
        if earlier <= middle:
            return [*self._subproof(earlier, start, middle, whole=whole), self._range(middle, stop)]
        return [*self._subproof(earlier, middle, stop, whole=False), self._range(start, middle)]

    def _range(self, start: int, stop: int) -> bytes:
        """The root over leaves, from a subtree's first to behind its last."""
        size = stop - start
        if size <= 1 << _KEPT_LEVEL:
            return self._read(start, stop)
        known = self._kept.get((start, stop))
        if known is None:
            middle = start + _split(size)
            known = node_hash(self._range(start, middle), self._range(middle, stop))
            if size & (size - 1) == 0:
                self._kept[start, stop] = known
        return known

    def _read(self, start: int, stop: int) -> bytes:
        known = self._kept.get((start, stop))
        if known is None:
            frontier = Frontier()
            for leaf in self._leaves(start, stop):
                frontier.push(leaf)
            if frontier.size != stop - start:
                raise ValueError(f"expected leaves {start} to {stop - 1}, got {frontier.size} of them")
            known = frontier.root()
            if stop - start == 1 << _KEPT_LEVEL:
                self._kept[start, stop] = known
        return known


def included(root: bytes, size: int, seq: int, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof leads from a leaf to the root of a tree of some size."""
    if not 0 <= seq < size:
        return False
    node, place, last = leaf, seq, size - 1
    for beside in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(beside, node)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def consistent(earlier_root: bytes, earlier: int, root: bytes, size: int, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the tree of ``size`` begins with that of ``earlier``."""
    if earlier == size:
        return not proof and earlier_root == root
    if earlier == 0:
        return not proof and earlier_root == EMPTY_ROOT
    if not 0 < earlier < size:
        return False
    nodes = list(proof) if earlier & (earlier - 1) else [earlier_root, *proof]
    return bool(nodes) and _grown(nodes, earlier - 1, size - 1) == (earlier_root, root)


def _grown(nodes: Sequence[bytes], place: int, last: int) -> tuple[bytes, bytes] | None:
    """The two roots to which the nodes of a consistency proof lead; None where they lead nowhere."""
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = nodes[0]
    for beside in nodes[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            before, after = node_hash(beside, before), node_hash(beside, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, beside)
        place, last = place >> 1, last >> 1
    return (before, after) if last == 0 else None


def _split(size: int) -> int:
    """The largest power of two below a size of at least two."""
    return 1 << (size - 1).bit_length() - 1
