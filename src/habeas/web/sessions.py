"""Signing in, and going on with a session that fell asleep without losing what was written."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from habeas.desk.accounts import Session
from habeas.web.drawing import templates
from habeas.web.site import Site
from habeas.web.visits import Reply, Visit


def sign_in_page(site: Site, to: str, wrong: str = "", status: HTTPStatus = HTTPStatus.OK) -> Reply:
    """The page on which one signs in."""
    invented = any(site.invents(line.place) for line in list(site.live.board.lines.values())[:1])
    body = (
        templates()
        .get_template("sign_in.html")
        .render(title="Sign in", to=to, wrong=wrong, origin=site.folder.origin, invented=invented)
    )
    return Reply(body=body.encode(), status=status)


def wake_page(visit: Visit) -> Reply:
    """The page that asks for the password again, and keeps what a form had sent."""
    kept = {f"kept-{name}": value for name, value in visit.form.items() if name != "form_key"}
    return ask_again(visit.site, visit.session, visit.path, kept, asleep=True)


def ask_again(
    site: Site,
    session: Session,
    to: str,
    kept: Mapping[str, str],
    wrong: str = "",
    *,
    asleep: bool = False,
) -> Reply:
    """The password again, or once it was given the form that was kept, to be sent."""
    needs_password = asleep or bool(wrong)
    body = (
        templates()
        .get_template("wake.html")
        .render(
            title="Password again" if needs_password else "Send what was kept",
            needs_password=needs_password,
            form_key=session.form_key,
            name=session.account.name,
            to=to,
            kept=kept,
            wrong=wrong,
            origin=site.folder.origin,
            invented=False,
        )
    )
    return Reply(body=body.encode(), status=HTTPStatus.UNAUTHORIZED if needs_password else HTTPStatus.OK)
