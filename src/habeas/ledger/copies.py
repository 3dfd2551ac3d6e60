"""The same ledger in another store: every row as it stands, so that all proofs hold there too."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Final

from habeas.ledger.chain import Frontier
from habeas.ledger.errors import Refused
from habeas.ledger.store import Head, Store, Writer

_TOGETHER: Final = 5_000
"""Entries in one commit: each is a ledger that ends earlier."""


class NotEmpty(Refused):
    """A ledger was to be copied to where there is one."""

    def __init__(self, size: int) -> None:
        super().__init__(f"expected an empty ledger to copy to, found one with {size} entries")


def copy(source: Store, target: Store) -> Head:
    """Copy a ledger, also while it grows; what is recorded meanwhile is left out.

    Args:
        source: What is copied.
        target: An empty ledger, opened to append; of another engine if need be.

    Returns:
        Where the copy ends.

    Raises:
        NotEmpty: the target has entries.
        LedgerError: the one cannot be read or the other not be written; the target is then thrown away.
    """
    writer = target.writer()
    try:
        size = writer.begin().size
        writer.rollback()
        if size:
            raise NotEmpty(size)
        end, tree = source.head(), Frontier()
        _rows_copied(source, writer, tree, end.size)
        holes = source.holes()
        # Read after the rows: bytes that an order removed meanwhile are removed from the copy too, which
        # goes on to that order.
        while (orders := max((hole.ordered_by for hole in holes), default=-1)) >= tree.size:
            _rows_copied(source, writer, tree, orders + 1)
            holes = source.holes()
        before = writer.begin()
        for hole in holes:
            writer.open_hole(hole)
        head = replace(before, settled_at=end.settled_at)
        if holes or head != before:
            writer.commit(head)
        else:
            writer.rollback()
        return head
    finally:
        writer.close()


def _rows_copied(source: Store, writer: Writer, tree: Frontier, stop: int) -> None:
    """Copy entries up to a position, some at a time."""
    rows = source.rows(tree.size, stop)
    while part := list(islice(rows, _TOGETHER)):
        epoch = writer.begin().epoch
        writer.insert(part)
        for row in part:
            tree.push(row[8])
        last = part[-1]
        writer.commit(Head(tree.size, last[1], None, last[9], tree.written(), epoch))
