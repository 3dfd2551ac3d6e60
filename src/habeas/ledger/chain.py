"""Leaf, tree and chain: the digests of docs/reference/ledger-format.md.

The tree is that of RFC 6962, section 2.1 (https://www.rfc-editor.org/rfc/rfc6962#section-2.1). A `Frontier`
holds the roots of its complete subtrees, which is all that appending needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

DIGEST_SIZE = 32
"""Bytes of a digest."""

CHAIN_START = bytes(DIGEST_SIZE)
"""The chain value before the first entry."""

EMPTY_ROOT = sha256(b"").digest()
"""The root of the tree without leaves."""


def leaf_hash(header: bytes) -> bytes:
    """The leaf of an entry with this header."""
    return sha256(b"\x00" + header).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node over two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def next_chain(chain: bytes, leaf: bytes) -> bytes:
    """The chain value of the entry with this leaf, after one with this chain value."""
    return sha256(b"\x02" + chain + leaf).digest()


def root_of_subtrees(subtrees: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, largest first, as a frontier keeps them."""
    if not subtrees:
        return EMPTY_ROOT
    root = subtrees[-1]
    for subtree in reversed(subtrees[:-1]):
        root = node_hash(subtree, root)
    return root


class Frontier:
    """A tree that can grow: its size and the roots of its complete subtrees, largest first."""

    __slots__ = ("size", "subtrees")

    def __init__(self, size: int = 0, subtrees: Iterable[bytes] = ()) -> None:
        self.size = size
        self.subtrees = list(subtrees)
        if len(self.subtrees) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} complete subtrees")

    @classmethod
    def read(cls, size: int, data: bytes) -> Frontier:
        """The frontier that `written` wrote.

        Raises:
            ValueError: if the bytes are not those of a tree of that size.
        """
        if len(data) != DIGEST_SIZE * size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} complete subtrees")
        return cls(size, [data[at : at + DIGEST_SIZE] for at in range(0, len(data), DIGEST_SIZE)])

    def written(self) -> bytes:
        """The subtrees, one after the other."""
        return b"".join(self.subtrees)

    def push(self, leaf: bytes) -> None:
        """Append a leaf, or a complete subtree where all leaves are subtrees of that one size."""
        node, size, subtrees = leaf, self.size, self.subtrees
        while size & 1:
            node = sha256(b"\x01" + subtrees.pop() + node).digest()
            size >>= 1
        subtrees.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree as it stands."""
        return root_of_subtrees(self.subtrees)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root of a tree with these leaves."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.push(leaf)
    return frontier.root()
