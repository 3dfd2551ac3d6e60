"""Every finding of an audit as rows: JSONL with all of it, CSV and Parquet with one line a custody.

A cell that a spreadsheet would take for a formula gets an apostrophe before it, since the text is a
source's and not ours. Lengths are microseconds; instants are RFC 3339 with the place's offset.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Protocol, TypeAlias

import msgspec

from habeas.desk.audit_findings import CustodyFinding
from habeas.desk.whole_files import whole_file
from habeas.invented.marker import is_invented
from habeas.kernel.instants import Instant, earliest_of, latest_of, zone
from habeas.report.audit_json import plain_object
from habeas.wire.instants import instant_text

Value: TypeAlias = str | int | bool | None
Line: TypeAlias = Mapping[str, Value]
Sink: TypeAlias = Callable[[CustodyFinding], None]

COLUMNS: Final[Mapping[str, type]] = {
    "person": str,
    "booking": str,
    "place": str,
    "custodian": str,
    "start_earliest": str,
    "start_latest": str,
    "end_earliest": str,
    "end_latest": str,
    "timeliness": str,
    "late_least_us": int,
    "late_most_us": int,
    "rung": str,
    "causes": str,
    "last_supported": str,
    "certainly_ended": str,
    "tail_us": int,
    "tail_rung": str,
    "early_cause": str,
    "early_certain": bool,
    "early_required_until": str,
    "labels_alone_us": int,
    "unsettled": str,
    "questions": str,
    "contradictions": str,
    "invented": bool,
}
"""Columns of the flat forms, with what each holds; several values in one cell part with ``; ``."""

_FORMULA = frozenset("=+-@\t\r")


@contextmanager
def findings_sink(paths: tuple[Path, ...], *, invented: bool) -> Generator[Sink]:
    """Somewhere to put each finding; every file is whole when the block ends, or is not there.

    Args:
        paths: Files whose suffix says the form: ``.jsonl``, ``.csv`` or ``.parquet``.
        invented: Whether the people are invented, which every row states; a row of somebody who is
            named as invented says so in any case.

    Raises:
        ValueError: a suffix is none of these.
        ModuleNotFoundError: Parquet was asked for and the extra ``analysis`` is not installed.
    """
    with ExitStack() as stack:
        sinks = [_sink(path, stack.enter_context(whole_file(path)), invented=invented) for path in paths]

        def put(found: CustodyFinding) -> None:
            for each in sinks:
                each.put(found)

        yield put
        for each in sinks:
            each.close()


def line_of(found: CustodyFinding, *, invented: bool) -> Line:
    """One custody as one line of the flat forms."""
    tail, early = found.tail, found.early
    return {
        "person": found.person,
        "booking": found.booking,
        "place": str(found.place),
        "custodian": found.custodian,
        "start_earliest": _instant(earliest_of(found.start), found),
        "start_latest": _instant(latest_of(found.start), found),
        "end_earliest": _instant(earliest_of(found.end), found),
        "end_latest": _instant(latest_of(found.end), found),
        "timeliness": found.timeliness.value,
        "late_least_us": found.late.least,
        "late_most_us": found.late.most,
        "rung": found.rung.value if found.rung is not None else None,
        "causes": "; ".join(f"{part.cause.value} {part.end - part.start}" for part in found.causes),
        "last_supported": _maybe(found.last_supported, found),
        "certainly_ended": _maybe(found.certainly_ended, found),
        "tail_us": tail.length if tail is not None else None,
        "tail_rung": tail.rung.value if tail is not None else None,
        "early_cause": early.cause.value if early is not None else None,
        "early_certain": early.certain if early is not None else None,
        "early_required_until": _instant(early.required_until, found) if early is not None else None,
        "labels_alone_us": found.labels_alone,
        "unsettled": "; ".join(found.unsettled),
        "questions": "; ".join(found.questions),
        "contradictions": "; ".join(str(each.kind) for each in found.odd),
        "invented": invented or is_invented(found.person),
    }


def _instant(at: Instant, found: CustodyFinding) -> str:
    return instant_text(at, zone(found.zone))


def _maybe(at: Instant | None, found: CustodyFinding) -> str | None:
    return None if at is None else _instant(at, found)


class _Writer(Protocol):
    """A form in which findings are written."""

    def put(self, found: CustodyFinding) -> None:
        """Write one finding."""

    def close(self) -> None:
        """Write what is held back."""


def _sink(path: Path, file: BinaryIO, *, invented: bool) -> _Writer:
    match path.suffix:
        case ".jsonl":
            return _Jsonl(file, invented=invented)
        case ".csv":
            return _Csv(file, invented=invented)
        case ".parquet":
            from habeas.report.findings_parquet import ParquetWriter  # noqa: PLC0415 - an extra

            return ParquetWriter(file, COLUMNS, lambda found: line_of(found, invented=invented))
        case _:
            raise ValueError(f"expected a file ending in .jsonl, .csv or .parquet, got [{path.name}]")


class _Jsonl:
    """One JSON object a line: every field of a finding."""

    def __init__(self, file: BinaryIO, *, invented: bool) -> None:
        self._file, self._invented = file, invented

    def put(self, found: CustodyFinding) -> None:
        """Write one finding."""
        line = {
            **plain_object(found, zone("UTC")),
            "invented": self._invented or is_invented(found.person),
        }
        self._file.write(msgspec.json.encode(line, order="sorted") + b"\n")

    def close(self) -> None:
        """Nothing is held back."""


class _Csv:
    """RFC 4180 with a header, UTF-8."""

    def __init__(self, file: BinaryIO, *, invented: bool) -> None:
        self._text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
        self._invented = invented
        self._rows = csv.writer(self._text, lineterminator="\r\n")
        self._rows.writerow(COLUMNS)

    def put(self, found: CustodyFinding) -> None:
        """Write one finding."""
        self._rows.writerow(harmless(value) for value in line_of(found, invented=self._invented).values())

    def close(self) -> None:
        """Leave the file to whoever opened it."""
        self._text.detach()


def harmless(value: Value) -> Value:
    """A cell that no spreadsheet runs: text that begins like a formula gets an apostrophe first."""
    if isinstance(value, str) and value[:1] in _FORMULA:
        return f"'{value}"
    return value
