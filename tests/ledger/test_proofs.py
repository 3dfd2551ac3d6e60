"""Proofs of RFC 6962: every one made is believed, and none that was changed."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.ledger.chain import EMPTY_ROOT
from habeas.ledger.proofs import Tree, consistent, included

LEAVES = [sha256(bytes([n])).digest() for n in range(70)]


def naive_root(leaves: list[bytes]) -> bytes:
    """The definition, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def tree_of(leaves: list[bytes]) -> Tree:
    return Tree(lambda start, stop: leaves[start:stop])


@pytest.mark.parametrize("size", range(len(LEAVES)))
def test_every_leaf_of_every_size_is_proven_and_by_no_other_proof(size: int) -> None:
    tree, root = tree_of(LEAVES), naive_root(LEAVES[:size])
    assert tree.root(size) == root
    for seq in range(size):
        proof = tree.inclusion(seq, size)
        assert included(root, size, seq, LEAVES[seq], proof)
        assert not included(root, size, seq, LEAVES[seq + 1 - 2 * (seq % 2)], proof)
        assert not included(root, size, (seq + 1) % size, LEAVES[seq], proof) or size == 1
        assert not included(root, size, seq, LEAVES[seq], [*proof, root])
        assert not included(root, size, seq, LEAVES[seq], proof[:-1]) or not proof
    assert not included(root, size, size, LEAVES[0], [])
    assert not included(root, size, -1, LEAVES[0], [])


@pytest.mark.parametrize("size", range(len(LEAVES)))
def test_every_smaller_tree_is_a_beginning_and_no_other_is(size: int) -> None:
    tree, root = tree_of(LEAVES), naive_root(LEAVES[:size])
    for earlier in range(size + 1):
        old, proof = naive_root(LEAVES[:earlier]), tree.consistency(earlier, size)
        assert consistent(old, earlier, root, size, proof)
        if 0 < earlier < size:
            assert not consistent(LEAVES[-1], earlier, root, size, proof)
            assert not consistent(old, earlier, LEAVES[-1], size, proof)
            assert not consistent(old, earlier, root, size, proof[:-1])
            assert not consistent(old, earlier, root, size, [*proof, root])
    assert not consistent(root, size + 1, root, size, [])


@given(st.integers(1, 69), st.data())
def test_a_proof_with_one_changed_bit_proves_nothing(size: int, data: st.DataObject) -> None:
    tree, root = tree_of(LEAVES), naive_root(LEAVES[:size])
    seq = data.draw(st.integers(0, size - 1))
    earlier = data.draw(st.integers(1, size))

    def is_in(proof: list[bytes]) -> bool:
        return included(root, size, seq, LEAVES[seq], proof)

    def begins(proof: list[bytes]) -> bool:
        return consistent(naive_root(LEAVES[:earlier]), earlier, root, size, proof)

    for proof, holds in ((tree.inclusion(seq, size), is_in), (tree.consistency(earlier, size), begins)):
        if proof:
            at, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
            spoilt = bytearray(proof[at])
            spoilt[bit // 8] ^= 1 << bit % 8
            assert not holds([*proof[:at], bytes(spoilt), *proof[at + 1 :]])


@pytest.mark.parametrize("size", [1024, 2047, 2048, 2049, 5000])
def test_a_large_tree_reads_each_leaf_once_and_proves_the_same(size: int) -> None:
    leaves = [sha256(n.to_bytes(4, "big")).digest() for n in range(size)]
    read: list[int] = []

    def counted(start: int, stop: int) -> list[bytes]:
        read.append(stop - start)
        return leaves[start:stop]

    tree, root = Tree(counted), naive_root(leaves)
    assert tree.root(size) == root
    for seq in (0, 1023, size // 2, size - 1):
        assert included(root, size, seq, leaves[seq], tree.inclusion(seq, size))
    for earlier in (1, 1023, 1024, size - 1):
        assert consistent(naive_root(leaves[:earlier]), earlier, root, size, tree.consistency(earlier, size))
    assert sum(read) < 8 * size


def test_what_no_tree_has_is_refused() -> None:
    tree = tree_of(LEAVES)
    with pytest.raises(ValueError, match="no leaf 5"):
        tree.inclusion(5, 5)
    with pytest.raises(ValueError, match="cannot begin"):
        tree.consistency(6, 5)
    with pytest.raises(ValueError, match="expected leaves"):
        tree_of(LEAVES[:3]).root(9)
    assert tree.root(0) == EMPTY_ROOT
    assert consistent(EMPTY_ROOT, 0, naive_root(LEAVES[:3]), 3, [])
    assert not consistent(LEAVES[0], 0, naive_root(LEAVES[:3]), 3, [])
