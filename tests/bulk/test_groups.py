"""Equal rows are one group and different rows are not, also where their mixtures collide."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.bulk import groups
from habeas.bulk.groups import together
from habeas.bulk.told import Ints

ROWS = st.lists(st.tuples(st.integers(-3, 3), st.integers(-(2**62), 2**62), st.integers(0, 1)), min_size=1)


def alike(columns: Sequence[Ints]) -> npt.NDArray[np.uint64]:
    return np.zeros(len(columns[0]), np.uint64)


def held(rows: list[tuple[int, int, int]]) -> None:
    columns = [np.array(column, np.int64) for column in zip(*rows, strict=True)]
    number, first = together(columns)
    assert len(set(number.tolist())) == len(set(rows)) == len(first)
    for row, group in zip(rows, number.tolist(), strict=True):
        assert rows[first[group]] == row


@given(ROWS)
def test_groups_are_equal_rows(rows: list[tuple[int, int, int]]) -> None:
    held(rows)


@given(ROWS)
def test_groups_are_exact_where_every_mixture_is_one(rows: list[tuple[int, int, int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "_mixed", alike)
        held(rows)
