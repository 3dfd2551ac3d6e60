"""The SQL of a ledger, in words that both engines accept, with `?` for a parameter.

A test holds it to the tables of `schema`.
"""

from __future__ import annotations

from typing import Final

INSERT: Final = (
    "INSERT INTO entry (seq, recorded_at, stream, event_id, actor, idem, header, sealed, leaf, chain)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
SELECT_HEAD: Final = "SELECT size, recorded_at, settled_at, chain, frontier, epoch FROM head WHERE id = 1"
UPDATE_HEAD: Final = (
    "UPDATE head SET size = ?, recorded_at = ?, settled_at = ?, chain = ?, frontier = ?, digest = ?"
    " WHERE id = 1"
)
SELECT_HEADS: Final = (
    "SELECT id, size, recorded_at, settled_at, chain, frontier, epoch, digest FROM head ORDER BY id"
)
SELECT_ROW: Final = (
    "SELECT seq, recorded_at, stream, event_id, actor, idem, header, sealed, leaf, chain FROM entry"
    " WHERE seq = ?"
)
SELECT_ROWS: Final = (
    "SELECT seq, recorded_at, stream, event_id, actor, idem, header, sealed, leaf, chain FROM entry"
    " WHERE seq >= ? AND seq < ? ORDER BY seq"
)
SELECT_STREAM: Final = (
    "SELECT seq, recorded_at, stream, event_id, actor, idem, header, sealed, leaf, chain FROM entry"
    " WHERE stream = ? AND seq < ? ORDER BY seq"
)
SELECT_RECORDED_AT: Final = "SELECT recorded_at FROM entry WHERE seq = ?"
SELECT_BY_KEY: Final = "SELECT seq FROM entry WHERE actor = ? AND idem = ?"
SELECT_BY_EVENT: Final = "SELECT seq FROM entry WHERE event_id = ?"
SELECT_HOLES: Final = "SELECT seq, what, ordered_by, digest FROM hole ORDER BY seq"
INSERT_HOLE: Final = (
    "INSERT INTO hole (seq, what, ordered_by, digest) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (seq) DO UPDATE SET what = excluded.what, ordered_by = excluded.ordered_by,"
    " digest = excluded.digest"
)
EMPTY_PAYLOAD: Final = "UPDATE entry SET sealed = NULL WHERE seq = ?"
EMPTY_ENTRY: Final = (
    "UPDATE entry SET sealed = NULL, header = NULL, stream = NULL, event_id = NULL, actor = NULL,"
    " idem = NULL WHERE seq = ?"
)
SELECT_VERSION: Final = "SELECT version_num FROM alembic_version"
