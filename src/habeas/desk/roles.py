"""Who may do what at the release desk: one table, and whatever is not in it is refused.

The server asks this table of every request, the tests ask it of every route, and the page of roles in the
documentation is written from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What somebody is at the desk."""

    OFFICER = "release officer"
    """Lets people go, with another person."""
    RECORDS = "records"
    """Records what papers say."""
    SUPERVISOR = "supervisor"
    """Does what officers do, and signs for custody that goes on after its end."""
    ATTORNEY = "attorney"
    """Reads people and law, and tries what a ruling would change."""
    MONITOR = "monitor"
    """Reads everything and changes nothing."""
    DEFENDER = "defender"
    """Reads their own clients and says where a record is wrong."""
    ADMINISTRATOR = "administrator"
    """Keeps accounts; sees nobody in custody."""


class Act(StrEnum):
    """What a request does."""

    OWN = "keep one's own session"
    SEE_WORKLIST = "see the worklist"
    SEE_PERSON = "see a person and the proof"
    SEE_STATEMENT = "print the statement for the person"
    TRY_EVENT = "try an event without saving it"
    RECORD = "record an event"
    RECEIVE = "receive an order, and have it clarified"
    SEE_RELEASES = "see releases and tickets under way"
    PROPOSE = "begin a release, and send one back"
    APPROVE = "approve a release that another began"
    OPEN_DOOR = "open the door after two signatures"
    GO_ON = "sign for custody past its last lawful instant"
    CHALLENGE = "say that a record is wrong"
    SETTLE = "answer what was said to be wrong"
    SEE_LAW = "read the rulebook"
    TRY_LAW = "try a ruling before it is law"
    SEE_LOG = "read the log"
    KEEP_ACCOUNTS = "make, change and lock accounts"


_READS: Final = (Act.OWN, Act.SEE_WORKLIST, Act.SEE_PERSON, Act.SEE_STATEMENT, Act.SEE_LAW)
_PAPERS: Final = (Act.TRY_EVENT, Act.RECORD, Act.RECEIVE, Act.SEE_RELEASES, Act.CHALLENGE)
_RELEASES: Final = (Act.PROPOSE, Act.APPROVE, Act.OPEN_DOOR)

TABLE: Final[Mapping[Role, frozenset[Act]]] = MappingProxyType(
    {
        Role.OFFICER: frozenset((*_READS, *_PAPERS, *_RELEASES)),
        Role.RECORDS: frozenset((*_READS, *_PAPERS)),
        Role.SUPERVISOR: frozenset(
            (*_READS, *_PAPERS, *_RELEASES, Act.GO_ON, Act.SETTLE, Act.TRY_LAW, Act.SEE_LOG)
        ),
        Role.ATTORNEY: frozenset((*_READS, Act.TRY_EVENT, Act.SEE_RELEASES, Act.TRY_LAW, Act.SEE_LOG)),
        Role.MONITOR: frozenset((*_READS, Act.SEE_RELEASES, Act.SEE_LOG)),
        Role.DEFENDER: frozenset((*_READS, Act.TRY_EVENT, Act.CHALLENGE)),
        Role.ADMINISTRATOR: frozenset((Act.OWN, Act.SEE_LAW, Act.SEE_LOG, Act.KEEP_ACCOUNTS)),
    }
)
"""Role -> what it may do."""

CHANGES: Final = frozenset(
    {
        Act.RECORD,
        Act.RECEIVE,
        Act.PROPOSE,
        Act.APPROVE,
        Act.OPEN_DOOR,
        Act.GO_ON,
        Act.CHALLENGE,
        Act.SETTLE,
        Act.KEEP_ACCOUNTS,
    }
)
"""Acts that leave something behind."""


def may(role: Role, act: Act) -> bool:
    """Whether a role may do something."""
    return act in TABLE.get(role, frozenset())


def table_lines() -> tuple[str, ...]:
    """The table as Markdown, a line an act, for the documentation."""
    head = f"| | {' | '.join(Role)} |"
    rule = f"|---|{'---|' * len(Role)}"
    rows = (f"| {act} | {' | '.join('yes' if may(role, act) else '' for role in Role)} |" for act in Act)
    return (head, rule, *rows)
