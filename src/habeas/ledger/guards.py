"""Triggers that refuse to change what was recorded, as statements of each engine.

They stop slips and careless tools. Somebody who owns the database can drop them; the proofs stay. A migration
runs the statements of its version, and an audit compares what it finds with what the versions leave behind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

GUARDS_0001: Final[Mapping[str, tuple[str, ...]]] = {
    "sqlite": (
        (
            "CREATE TRIGGER entry_kept BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'an entry is never"
            " deleted'); END"
        ),
        (
            "CREATE TRIGGER entry_unchanged BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'an entry is"
            " never changed'); END"
        ),
        (
            "CREATE TRIGGER head_kept BEFORE DELETE ON head BEGIN SELECT RAISE(ABORT, 'the head is never"
            " deleted'); END"
        ),
        (
            "CREATE TRIGGER head_forward BEFORE UPDATE ON head WHEN NEW.size < OLD.size BEGIN SELECT"
            " RAISE(ABORT, 'a ledger never shrinks'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION habeas_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
            " '%', TG_ARGV[0]; END $$"
        ),
        (
            "CREATE TRIGGER entry_kept BEFORE DELETE ON entry FOR EACH ROW EXECUTE FUNCTION"
            " habeas_refuse('an entry is never deleted')"
        ),
        (
            "CREATE TRIGGER entry_emptied BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION"
            " habeas_refuse('an entry is never deleted')"
        ),
        (
            "CREATE TRIGGER entry_unchanged BEFORE UPDATE ON entry FOR EACH ROW EXECUTE FUNCTION"
            " habeas_refuse('an entry is never changed')"
        ),
        (
            "CREATE TRIGGER head_kept BEFORE DELETE ON head FOR EACH ROW EXECUTE FUNCTION"
            " habeas_refuse('the head is never deleted')"
        ),
        (
            "CREATE TRIGGER head_forward BEFORE UPDATE ON head FOR EACH ROW WHEN (NEW.size < OLD.size)"
            " EXECUTE FUNCTION habeas_refuse('a ledger never shrinks')"
        ),
    ),
}
"""Entries stay as they are, and a ledger never shrinks."""

GUARDS_0002: Final[Mapping[str, tuple[str, ...]]] = {
    "sqlite": (
        "DROP TRIGGER entry_unchanged",
        (
            "CREATE TRIGGER entry_unchanged BEFORE UPDATE ON entry WHEN NOT (NEW.seq IS OLD.seq AND"
            " NEW.recorded_at IS OLD.recorded_at AND NEW.leaf IS OLD.leaf AND NEW.chain IS OLD.chain AND"
            " NEW.sealed IS NULL AND (((NEW.stream IS OLD.stream AND NEW.event_id IS OLD.event_id AND"
            " NEW.actor IS OLD.actor AND NEW.idem IS OLD.idem AND NEW.header IS OLD.header) AND EXISTS"
            " (SELECT 1 FROM hole WHERE hole.seq = OLD.seq)) OR ((NEW.stream IS NULL AND NEW.event_id IS"
            " NULL AND NEW.actor IS NULL AND NEW.idem IS NULL AND NEW.header IS NULL) AND EXISTS (SELECT 1"
            " FROM hole WHERE hole.seq = OLD.seq AND what = 'entry')))) BEGIN SELECT RAISE(ABORT, 'an entry"
            " is never changed'); END"
        ),
        (
            "CREATE TRIGGER hole_kept BEFORE DELETE ON hole BEGIN SELECT RAISE(ABORT, 'a hole is never"
            " deleted'); END"
        ),
        (
            "CREATE TRIGGER hole_forward BEFORE UPDATE ON hole WHEN NOT (NEW.seq = OLD.seq AND OLD.what ="
            " 'payload' AND NEW.what = 'entry') BEGIN SELECT RAISE(ABORT, 'a hole is never closed'); END"
        ),
    ),
    "postgresql": (
        "DROP TRIGGER entry_unchanged ON entry",
        (
            "CREATE FUNCTION habeas_only_holes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT"
            " (NEW.seq IS NOT DISTINCT FROM OLD.seq AND NEW.recorded_at IS NOT DISTINCT FROM"
            " OLD.recorded_at AND NEW.leaf IS NOT DISTINCT FROM OLD.leaf AND NEW.chain IS NOT DISTINCT FROM"
            " OLD.chain AND NEW.sealed IS NULL AND (((NEW.stream IS NOT DISTINCT FROM OLD.stream AND"
            " NEW.event_id IS NOT DISTINCT FROM OLD.event_id AND NEW.actor IS NOT DISTINCT FROM OLD.actor"
            " AND NEW.idem IS NOT DISTINCT FROM OLD.idem AND NEW.header IS NOT DISTINCT FROM OLD.header)"
            " AND EXISTS (SELECT 1 FROM hole WHERE hole.seq = OLD.seq)) OR ((NEW.stream IS NULL AND"
            " NEW.event_id IS NULL AND NEW.actor IS NULL AND NEW.idem IS NULL AND NEW.header IS NULL) AND"
            " EXISTS (SELECT 1 FROM hole WHERE hole.seq = OLD.seq AND what = 'entry')))) THEN RAISE"
            " EXCEPTION 'an entry is never changed'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER entry_unchanged BEFORE UPDATE ON entry FOR EACH ROW EXECUTE FUNCTION"
            " habeas_only_holes()"
        ),
        (
            "CREATE TRIGGER hole_kept BEFORE DELETE ON hole FOR EACH ROW EXECUTE FUNCTION habeas_refuse('a"
            " hole is never deleted')"
        ),
        (
            "CREATE TRIGGER hole_emptied BEFORE TRUNCATE ON hole FOR EACH STATEMENT EXECUTE FUNCTION"
            " habeas_refuse('a hole is never deleted')"
        ),
        (
            "CREATE TRIGGER hole_forward BEFORE UPDATE ON hole FOR EACH ROW WHEN (NOT (NEW.seq = OLD.seq"
            " AND OLD.what = 'payload' AND NEW.what = 'entry')) EXECUTE FUNCTION habeas_refuse('a hole is"
            " never closed')"
        ),
    ),
}
"""Bytes may go where a hole says so, and a hole stays."""


def standing(dialect: str) -> dict[str, str]:
    """The triggers that the newest version leaves behind: name to statement."""
    left: dict[str, str] = {}
    for statement in (*GUARDS_0001[dialect], *GUARDS_0002[dialect]):
        if named := re.match(r"(CREATE|DROP) TRIGGER (\w+)", statement):
            left.pop(named[2], None)
            if named[1] == "CREATE":
                left[named[2]] = statement
    return left
