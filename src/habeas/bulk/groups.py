"""Equal rows of several columns found together, exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from habeas.bulk.told import Ints

_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(29)


def together(columns: Sequence[Ints]) -> tuple[Ints, Ints]:
    """Number equal rows alike.

    Args:
        columns: Of one length, at least one.

    Returns:
        For each row the number of its group, and for each group the place of one of its rows.
    """
    mixed = _mixed(columns)
    number, first = _ranked(mixed)
    if all(np.array_equal(column, column[first][number]) for column in columns):
        return number, first
    # Two different rows had one mixture; numbered column by column none can.
    number = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        inner, _ = _ranked(column)
        number, first = _ranked(number * (int(inner.max(initial=0)) + 1) + inner)
    return number, first


def _mixed(columns: Sequence[Ints]) -> npt.NDArray[np.uint64]:
    found = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        found = (found ^ column.view(np.uint64)) * _ODD
        found ^= found >> _SHIFT
        found *= _MIX
    return found


def _ranked(values: npt.NDArray[np.uint64] | Ints) -> tuple[Ints, Ints]:
    order = np.argsort(values)
    ordered = values[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = ordered[1:] != ordered[:-1]
    number = np.empty(len(order), np.int64)
    number[order] = np.cumsum(new) - 1
    return number, order[new]
