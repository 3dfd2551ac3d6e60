"""Every address of the desk: what it does, who may do it, what answers it.

A route without an act cannot be written, and an act that no role has is refused to everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from habeas.desk.roles import Act
from habeas.web import (
    account_pages,
    law_pages,
    log_pages,
    paper_pages,
    person_pages,
    release_pages,
    worklist_pages,
)
from habeas.web.documents import (
    BoardDocument,
    LogDocument,
    ReleasesDocument,
    StatementDocument,
    TicketsDocument,
)
from habeas.web.visits import Reply, Visit
from habeas.wire.answer_forms import AnswerDocument

Handler = Callable[[Visit], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """One address and method."""

    method: str
    path: str
    """With parameters as ``{name}``; the path of a document ends in ``.json``."""
    act: Act
    answer: Handler
    says: str
    document: Any = None
    """The form of its document, where the same address with ``.json`` gives one."""


PERSON: Final = "/people/{person}"

ROUTES: Final = (
    Route("GET", "/", Act.OWN, worklist_pages.home, "the page where one's role begins"),
    Route(
        "GET",
        "/worklist",
        Act.SEE_WORKLIST,
        worklist_pages.worklist,
        "everybody in custody, the least time left first",
        BoardDocument,
    ),
    Route("GET", "/handover", Act.SEE_WORKLIST, worklist_pages.handover, "the sheet for the next shift"),
    Route(
        "GET",
        PERSON,
        Act.SEE_PERSON,
        person_pages.person,
        "one person: answer, timeline, proof",
        AnswerDocument,
    ),
    Route(
        "GET",
        f"{PERSON}/statement",
        Act.SEE_STATEMENT,
        person_pages.statement,
        "the statement for the person held",
        StatementDocument,
    ),
    Route(
        "GET",
        f"{PERSON}/petition",
        Act.SEE_STATEMENT,
        person_pages.petition,
        "facts of a petition, each cited",
    ),
    Route("GET", f"{PERSON}/record", Act.TRY_EVENT, paper_pages.record_form, "a form for an event"),
    Route("POST", f"{PERSON}/try", Act.TRY_EVENT, paper_pages.try_event, "what an event would change"),
    Route("POST", f"{PERSON}/record", Act.RECORD, paper_pages.record_event, "record an event"),
    Route("GET", f"{PERSON}/orders", Act.RECEIVE, paper_pages.order_form, "a form for an order received"),
    Route("POST", f"{PERSON}/orders", Act.RECEIVE, paper_pages.receive, "receive an order"),
    Route("POST", f"{PERSON}/clear", Act.RECEIVE, paper_pages.clear, "say what an unreadable paper means"),
    Route("POST", f"{PERSON}/challenge", Act.CHALLENGE, paper_pages.challenge, "say that a record is wrong"),
    Route("POST", f"{PERSON}/settle", Act.SETTLE, paper_pages.settle, "answer a challenge"),
    Route(
        "GET", f"{PERSON}/release", Act.SEE_RELEASES, release_pages.release, "blockers, checklist, signatures"
    ),
    Route("POST", f"{PERSON}/release", Act.PROPOSE, release_pages.begin, "begin a release"),
    Route("POST", f"{PERSON}/approve", Act.APPROVE, release_pages.approve, "approve a release"),
    Route("POST", f"{PERSON}/send-back", Act.PROPOSE, release_pages.send_back, "send a release back"),
    Route("POST", f"{PERSON}/door", Act.OPEN_DOOR, release_pages.door, "identity checked, out of the door"),
    Route("POST", f"{PERSON}/go-on", Act.GO_ON, release_pages.go_on, "sign for custody past its end"),
    Route(
        "GET",
        "/releases",
        Act.SEE_RELEASES,
        release_pages.releases,
        "releases under way, the escalated first",
        ReleasesDocument,
    ),
    Route(
        "GET", "/tickets", Act.SEE_RELEASES, paper_pages.tickets, "what waits for an answer", TicketsDocument
    ),
    Route("GET", "/law", Act.SEE_LAW, law_pages.law, "the rulebook by place"),
    Route("GET", "/law/enactment", Act.SEE_LAW, law_pages.enactment, "one enactment as encoded"),
    Route("GET", "/law/try", Act.TRY_LAW, law_pages.try_form, "a form for a ruling"),
    Route("POST", "/law/try", Act.TRY_LAW, law_pages.try_law, "whose answer a ruling would change"),
    Route(
        "GET", "/log", Act.SEE_LOG, log_pages.log, "entries of the ledger and looks at records", LogDocument
    ),
    Route("GET", "/accounts", Act.KEEP_ACCOUNTS, account_pages.accounts, "accounts and roles"),
    Route("POST", "/accounts", Act.KEEP_ACCOUNTS, account_pages.make, "make an account"),
    Route("POST", "/accounts/change", Act.KEEP_ACCOUNTS, account_pages.change, "change or lock an account"),
)
"""Every address but those that need no session: signing in, the style sheet and scripts."""
