"""The import: files of a source in, events and an account of every row out.

:func:`import_files` is the use case. It writes into a folder: ``record-0001.jsonl`` with the events of
the first import, ``account-0001.json``, ``quarantine-0001.csv`` where rows were set aside, and
``rows.sqlite``, which knows what was read before. The next import writes only what is new.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias

import msgspec

from habeas.authority.inquiry import Regimen, fact_kinds
from habeas.custody.coverage import Coverage
from habeas.custody.events import Event
from habeas.desk.whole_files import whole_file, write_whole
from habeas.intake.accounts import FileAccount, Quarantined
from habeas.intake.changes import Teller
from habeas.intake.databases import is_url, query_source
from habeas.intake.errors import UnreadableInput
from habeas.intake.figures import Counted, counted_figures
from habeas.intake.recipes import Recipe
from habeas.intake.recipes.shape import Claim, Table
from habeas.intake.rosters import Roster, RosterReader, sources_of
from habeas.intake.rowstore import RowStore
from habeas.intake.sources import Source
from habeas.kernel.instants import Instant, zone
from habeas.wire.canonical import encoded
from habeas.wire.imports import (
    FigureForm,
    FileForm,
    ImportDocument,
    QuarantinedForm,
    UnreadForm,
)
from habeas.wire.records import Record, event_form, record_document, written_lines

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is."""

    stage: str
    """``reading rows``, then ``writing events``."""
    done: int
    """Rows read, then people whose events were written."""
    share: float | None
    """Of the whole stage, from 0 to 1; None where its size is not known."""


Watcher: TypeAlias = Callable[[ImportProgress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What to import, how, and where to."""

    inputs: Sequence[str]
    """Paths of files, or addresses of databases."""
    recipe: Recipe
    """With its place and zone."""
    regimen: Regimen
    folder: Path
    learned_at: Instant
    """When these files were learned of: what they correct is known from then on."""
    figures: bool = True
    """Whether published figures are counted again."""


def import_files(request: ImportRequest, watch: Watcher | None = None) -> ImportDocument:
    """Import files; the same files again give nothing new.

    Raises:
        UnreadableInput: a file cannot be read at all, or the folder was made with another recipe.
        MissingExtra: a file needs an extra that is not installed.
        OSError: the folder cannot be written.
    """
    request.folder.mkdir(parents=True, exist_ok=True)
    with RosterReader.store_for(request.recipe, request.folder / "rows.sqlite") as store:
        run = _run(store, request)
        document = _imported(request, store, run, watch or _nobody)
        store.untouch()
        store.keep_fact("run", str(run))
        store.commit()
    return document


def _nobody(_: ImportProgress) -> None:
    """Tell nobody."""


def _run(store: RowStore, request: ImportRequest) -> int:
    """The number of this import.

    Raises:
        UnreadableInput: earlier ones read their rows in another way.
    """
    told = f"{request.recipe.digest} {request.recipe.place}"
    before = store.fact("recipe")
    if before not in {"", told}:
        expected = f"a folder of recipe [{request.recipe.name}] as it is now, for [{request.recipe.place}]"
        raise UnreadableInput(
            request.folder.name, expected, "one of another recipe or edition; use a new one"
        )
    store.keep_fact("recipe", told)
    return int(store.fact("run") or "0") + 1


def _imported(request: ImportRequest, store: RowStore, run: int, watch: Watcher) -> ImportDocument:
    places = request.regimen.rulebook.places
    reader = RosterReader(request.recipe, store, is_place=lambda place: place in places, run=run)
    _read(request, reader, watch)
    with tempfile.TemporaryFile(dir=request.folder) as spool:
        sink = _Lines(spool, request)
        teller = Teller(store, sink, run, request.learned_at)
        people, total = 0, store.count_people()
        for people, rows in enumerate(reader.people(by_name=True), 1):
            teller.tell(rows)
            if people % 1000 == 0:
                watch(ImportProgress("writing events", people, people / total))
        faults = list(store.faults(run=run))
        record = ""
        if sink.count:
            record = f"record-{run:04d}.jsonl"
            _write_record(request, reader, spool, request.folder / record)
    document = _document(request, reader, run, (people, teller.counts, faults, record))
    write_whole(request.folder / f"account-{run:04d}.json", encoded(document))
    if faults:
        write_whole(request.folder / f"quarantine-{run:04d}.csv", quarantine_csv(faults))
    return document


def _read(request: ImportRequest, reader: RosterReader, watch: Watcher) -> None:
    done = 0
    sources = [*_queries(request), *sources_of(_paths(request), request.recipe)]
    size = sum(source.meter.total for source, _ in sources) or None
    finished = 0
    for source, table in sorted(sources, key=lambda pair: reader.tables.index(pair[1])):
        own = source.meter.total

        def more(rows: int, source: Source = source, own: int = own, finished: int = finished) -> None:
            nonlocal done
            done += rows
            part = source.meter.done / source.meter.total * own if source.meter.total else 0
            share = None if size is None else min(1.0, (finished + part) / size)
            watch(ImportProgress("reading rows", done, share))

        reader.read(source, table, more, lambda _: None)
        finished += own


def _paths(request: ImportRequest) -> list[Path]:
    return [Path(each) for each in request.inputs if not is_url(each)]


def _queries(request: ImportRequest) -> list[tuple[Source, Table]]:
    tables = [table for table in request.recipe.all_tables if table.query]
    return [
        (query_source(url, request.recipe, table), table)
        for url in request.inputs
        if is_url(url)
        for table in tables or request.recipe.all_tables
    ]


class _Lines:
    """A sink that writes each event as a line."""

    def __init__(self, spool: IO[bytes], request: ImportRequest) -> None:
        self._spool = spool
        self._zone = zone(request.recipe.zone)
        self._kinds = fact_kinds(request.regimen.rulebook.vocabulary)
        self.count = 0

    def tell(self, event: Event) -> None:
        """Write one event."""
        self._spool.write(encoded(event_form(event, self._zone, self._kinds)))
        self.count += 1


def _write_record(request: ImportRequest, reader: RosterReader, spool: IO[bytes], path: Path) -> None:
    """A head with what the source declares complete, and the events."""
    head = Record(events=(), coverage=_coverage(request, reader))
    spool.seek(0)
    with whole_file(path) as file:
        file.writelines(written_lines(record_document(head, request.recipe.zone)))
        while chunk := spool.read(_CHUNK):
            file.write(chunk)


def _coverage(request: ImportRequest, reader: RosterReader) -> tuple[Coverage, ...]:
    """What the source declares of everybody; nothing where a row was set aside.

    What the recipe's author only supposes is in no record.
    """
    if next(reader.store.faults(), None) is not None:
        return ()
    roster = Roster(request.recipe, declared=reader.declared())
    return roster.declared_of_everybody()


def _document(
    request: ImportRequest,
    reader: RosterReader,
    run: int,
    made: tuple[int, dict[str, int], list[Quarantined], str],
) -> ImportDocument:
    people, counts, faults, record = made
    recipe = request.recipe
    return ImportDocument(
        recipe=recipe.name,
        recipe_digest=recipe.digest,
        place=recipe.place,
        run=run,
        files=[_file_form(each) for each in reader.accounts()],
        people=people,
        events=counts["told"],
        corrected=counts["corrected"],
        retracted=counts["retracted"],
        record=record,
        quarantined={str(reason): count for reason, count in _reasons(faults).items()},
        first_quarantined=[_quarantined_form(each) for each in faults[:100]],
        unread=[
            UnreadForm(column=column, text=text, rows=count)
            for (column, text), count in sorted(reader.unread.items(), key=lambda item: (-item[1], item[0]))
        ],
        figures=[_figure_form(each) for each in _figures(request)],
        suppositions=list(Roster(recipe).suppositions),
        labels=sorted({rule.by_label for rule in recipe.rules if rule.by_label}),
        declared=[each.says for each in recipe.complete if each.claim is Claim.DECLARED],
        limits=list(recipe.limits),
        unsure=list(recipe.unsure),
    )


def _figures(request: ImportRequest) -> list[Counted]:
    return counted_figures(_paths(request), request.recipe) if request.figures else []


def _reasons(faults: Sequence[Quarantined]) -> Counter[str]:
    return Counter(sorted(str(each.reason) for each in faults))


def _file_form(account: FileAccount) -> FileForm:
    return FileForm(
        name=account.name,
        table=account.table,
        digest=account.digest,
        rows=account.rows,
        accepted=account.accepted,
        duplicate=account.duplicate,
        quarantined=account.quarantined,
        corrected=account.corrected,
        silent=account.silent,
    )


def _quarantined_form(fault: Quarantined) -> QuarantinedForm:
    return QuarantinedForm(
        file=fault.file,
        row=fault.row,
        field=fault.field,
        reason=str(fault.reason),
        expected=fault.expected,
        found=fault.found,
    )


def _figure_form(counted: Counted) -> FigureForm:
    return msgspec.convert(counted, FigureForm, from_attributes=True)


def quarantine_csv(faults: Sequence[Quarantined]) -> bytes:
    """Rows set aside, as a table that a spreadsheet opens without running what stood in a cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("file", "row", "field", "reason", "expected", "found"))
    for each in faults:
        fields = (each.file, str(each.row), each.field, str(each.reason), each.expected, each.found)
        writer.writerow(tuple(map(escaped, fields)))
    return text.getvalue().encode("utf-8-sig")


def escaped(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text
