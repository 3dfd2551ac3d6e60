"""Findings as Parquet, in groups of rows so that any number fits in memory; needs the extra ``analysis``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, BinaryIO, Final

from habeas.desk.audit_findings import CustodyFinding

# Arrow ships no types; what is used of it is small and tested.
pa: Any = import_module("pyarrow")
pq: Any = import_module("pyarrow.parquet")

_BATCH: Final = 10_000


class ParquetWriter:
    """One row a custody."""

    def __init__(
        self,
        file: BinaryIO,
        columns: Mapping[str, type],
        line_of: Callable[[CustodyFinding], Mapping[str, Any]],
    ) -> None:
        """Take the file, its columns with what each holds, and how a finding becomes a row."""
        types: dict[type, Any] = {str: pa.string(), int: pa.int64(), bool: pa.bool_()}
        self._schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])
        self._writer = pq.ParquetWriter(file, self._schema, compression="zstd")
        self._line_of = line_of
        self._lines: list[Mapping[str, Any]] = []

    def put(self, found: CustodyFinding) -> None:
        """Write one finding, with others."""
        self._lines.append(self._line_of(found))
        if len(self._lines) >= _BATCH:
            self._flush()

    def close(self) -> None:
        """Write what is held back, and the file's end."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._lines:
            self._writer.write_table(pa.Table.from_pylist(self._lines, schema=self._schema))
            self._lines.clear()
