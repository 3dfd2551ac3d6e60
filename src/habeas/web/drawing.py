"""Pages from templates: escaping on, times in a zone with its offset, nothing that the policy forbids."""

from __future__ import annotations

from functools import cache, partial
from http import HTTPStatus
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from habeas.desk.roles import Act, Role, may
from habeas.kernel.instants import FOREVER, MINUTE, Instant, UncertainInstant, When, zoned
from habeas.report.axis import dated_text, length_text, moment_text
from habeas.web.visits import Reply, Visit

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def shown(when: When | None, zone: ZoneInfo) -> str:
    """An instant in words with weekday, zone and offset."""
    if when is None:
        return "not known"
    if isinstance(when, UncertainInstant):
        return f"between {dated_text(when.earliest, zone)} and {dated_text(when.latest, zone)}"
    return dated_text(when, zone)


def short(at: Instant, zone: ZoneInfo) -> str:
    """An instant in words without year, for tables whose head states the zone."""
    return moment_text(at, zone)


def left(by: Instant, at: Instant) -> str:
    """How long until an instant, or since: ``3 h 20 m`` or ``1 h 5 m late``."""
    if by >= FOREVER:
        return "no end set"
    gap = abs(by - at) // MINUTE * MINUTE
    text = length_text(gap) if gap else "less than 1 m"
    return f"{text} late" if by < at else text


def wall(at: Instant, zone: ZoneInfo) -> str:
    """What a field for a date and time is filled with."""
    return f"{zoned(at, zone):%Y-%m-%dT%H:%M}"


def plain(code: object) -> str:
    """A code as words."""
    return str(code).replace("-", " ").replace("_", " ")


def safe(markup: str) -> Markup:
    """Markup made by `habeas.report`, which escapes what it is given."""
    return Markup(markup)  # noqa: S704 - of our own functions only, never of a request


@cache
def templates() -> Environment:
    """The templates, read once."""
    made = Environment(
        loader=PackageLoader("habeas.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters: dict[str, Any] = made.filters
    filters.update(shown=shown, short=short, left=left, wall=wall, plain=plain)
    return made


@cache
def static(name: str) -> bytes:
    """A file of the desk's own."""
    return (files("habeas.web") / "static" / name).read_bytes()


def _can(role: Role, act: str) -> bool:
    return may(role, Act[act])


def page(
    visit: Visit,
    template: str,
    title: str,
    *,
    invented: bool = False,
    status: HTTPStatus = HTTPStatus.OK,
    **what: Any,
) -> Reply:
    """A page of the desk.

    Args:
        visit: The request.
        template: Name of its template.
        title: The title, before the name of the desk.
        invented: Whether somebody on it is invented, which it then says on top.
        status: The answer's status.
        what: What the template shows.
    """
    board = visit.site.live.board
    zone = visit.site.zone_of(visit.account.places[0] if visit.account.places else None)
    body = (
        templates()
        .get_template(template)
        .render(
            title=title,
            visit=visit,
            account=visit.account,
            form_key=visit.session.form_key,
            can=partial(_can, visit.account.role),
            now=visit.at,
            home=zone,
            board=board,
            origin=visit.site.folder.origin,
            failure=visit.site.live.failure,
            invented=invented or any(visit.site.invents(place) for place in visit.account.places),
            **what,
        )
    )
    return Reply(body=body.encode(), status=status)
