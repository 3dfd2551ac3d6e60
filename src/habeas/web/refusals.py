"""What went wrong, as a page or a problem document that says what to do."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus

import msgspec

from habeas.desk.accounts import BadAccount
from habeas.desk.entering import BadEntry
from habeas.desk.recording import EventConflicts
from habeas.desk.withheld import Withheld
from habeas.kernel.calendars import OutsideCalendar
from habeas.kernel.instants import UnreadableInstant, zoned
from habeas.kernel.instants.civil import AmbiguousLocalTime, MissingLocalTime
from habeas.law.documents import RulebookError
from habeas.law.questions import UnknownReading
from habeas.ledger.errors import FutureKnownTime, LedgerError
from habeas.web.drawing import templates
from habeas.web.visits import Problem, ProblemForm, Reply

_LOG = logging.getLogger("habeas.web")


def refused(error: Exception, *, is_json: bool) -> Reply:
    """The answer to a request that failed; a fault of the desk is logged, without any word of its content."""
    problem = problem_for(error)
    if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        last = traceback.extract_tb(error.__traceback__)[-1]
        _LOG.error("%s at %s:%s", type(error).__name__, last.filename, last.lineno)
    return problem_of(problem) if is_json else page_of(problem)


def problem_for(error: Exception) -> Problem:
    """The problem that an error means for whoever asked."""
    return error if isinstance(error, Problem) else _not_understood(error) or _not_done(error)


def _not_understood(error: Exception) -> Problem | None:
    match error:
        case AmbiguousLocalTime() | MissingLocalTime():
            choices = " or ".join(zoned(e, error.zone).isoformat() for e in (error.earlier, error.later))
            detail = f"[{error.local}] {error.trouble} in {error.zone.key}"
            return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Which time?", detail, f"write {choices}")
        case BadEntry() | BadAccount() | UnreadableInstant() | UnknownReading() | FutureKnownTime():
            return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Not understood", str(error))
        case RulebookError():
            return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The text cannot be read as law", str(error))
        case OutsideCalendar():
            hint = "a later edition of the rulebook may reach further"
            return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Beyond the calendar", str(error), hint)
        case _:
            return None


def _not_done(error: Exception) -> Problem:
    match error:
        case Withheld():
            return Problem(HTTPStatus.CONFLICT, "Refused", str(error))
        case EventConflicts():
            return Problem(HTTPStatus.CONFLICT, "Recorded before otherwise", str(error))
        case LedgerError():
            hint = "nothing is known to be lost; try again, and go by the printed sheet meanwhile"
            return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "The ledger did not answer", str(error), hint)
        case _:
            detail = (
                f"a fault of the desk itself ({type(error).__name__}); nothing was recorded by this request"
            )
            return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "A fault of the desk", detail)


def problem_of(problem: Problem) -> Reply:
    """A problem as its document."""
    form = ProblemForm(
        title=problem.title, status=int(problem.status), detail=problem.detail, hint=problem.hint
    )
    return Reply(
        body=msgspec.json.encode(form, order="sorted") + b"\n",
        kind="application/problem+json",
        status=problem.status,
    )


def page_of(problem: Problem) -> Reply:
    """A problem as a page."""
    body = (
        templates().get_template("problem.html").render(title=problem.title, problem=problem, invented=False)
    )
    return Reply(body=body.encode(), status=problem.status)
