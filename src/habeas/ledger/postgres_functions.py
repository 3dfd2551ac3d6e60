"""The functions through which a ledger in PostgreSQL is written by somebody who may only insert.

A writer may insert entries and nothing else: no role but the owner has UPDATE, DELETE or TRUNCATE on a table.
The head moves through `habeas_move_head`, which compares what the writer believes with what is there, so that
a writer who was overtaken is refused in the transaction itself. The functions run as the owner
(SECURITY DEFINER), with a search path that nobody can put a table of their own into.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

OVERTAKEN: Final = "HB001"
"""The SQLSTATE of a writer whose head is not the one that is there, as `habeas_move_head` raises it."""


class Function(NamedTuple):
    """A function: what it takes and gives, and what it does."""

    takes: str
    gives: str
    body: str

    def statement(self, name: str, schema: str) -> str:
        """What makes it.

        Args:
            name: Its name.
            schema: Where its tables are, quoted as an identifier.
        """
        return (
            f"CREATE FUNCTION {name}({self.takes}) RETURNS {self.gives} LANGUAGE plpgsql SECURITY DEFINER"
            f" SET search_path = {schema}, pg_temp AS $${self.body}$$"
        )


FUNCTIONS_0003: Final[Mapping[str, Function]] = {
    "habeas_take_over": Function(
        "known_epoch bigint, known_size bigint, known_settled bigint, new_epoch bigint, new_digest bytea",
        "boolean",
        " BEGIN UPDATE head SET epoch = new_epoch, digest = new_digest WHERE id = 1 AND epoch = known_epoch"
        " AND size = known_size AND settled_at IS NOT DISTINCT FROM known_settled AND new_epoch > epoch;"
        " RETURN FOUND; END ",
    ),
    "habeas_move_head": Function(
        "known_epoch bigint, known_size bigint, known_settled bigint, new_size bigint, new_recorded bigint,"
        " new_settled bigint, new_chain bytea, new_frontier bytea, new_digest bytea",
        "void",
        " BEGIN UPDATE head SET size = new_size, recorded_at = new_recorded, settled_at = new_settled,"
        " chain = new_chain, frontier = new_frontier, digest = new_digest WHERE id = 1"
        " AND epoch = known_epoch AND size = known_size AND settled_at IS NOT DISTINCT FROM known_settled;"
        " IF NOT FOUND THEN RAISE EXCEPTION 'the head is not the one that was read' USING ERRCODE ="
        " 'HB001'; END IF; END ",
    ),
    "habeas_open_hole": Function(
        "of_seq bigint, of_what text, ordered bigint, row_digest bytea",
        "void",
        " BEGIN INSERT INTO hole (seq, what, ordered_by, digest) VALUES (of_seq, of_what, ordered,"
        " row_digest) ON CONFLICT (seq) DO UPDATE SET what = excluded.what, ordered_by ="
        " excluded.ordered_by, digest = excluded.digest; IF of_what = 'entry' THEN UPDATE entry SET sealed ="
        " NULL, header = NULL, stream = NULL, event_id = NULL, actor = NULL, idem = NULL WHERE seq = of_seq;"
        " ELSE UPDATE entry SET sealed = NULL WHERE seq = of_seq; END IF; END ",
    ),
}
"""Be elected, move the head, remove the bytes that a hole names."""


def statements_0003(schema: str) -> list[str]:
    """What makes the functions, and keeps everybody but the owner from calling them.

    Args:
        schema: The schema of the tables, quoted as an identifier.
    """
    made: list[str] = []
    for name, function in FUNCTIONS_0003.items():
        made.append(function.statement(name, schema))
        # A new function may be called by everybody until that is taken back.
        made.append(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
    return made
