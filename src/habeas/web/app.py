"""The desk as a Litestar application: sessions, forms, permissions, headers; what it says is elsewhere."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncGenerator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from litestar import Litestar, Request, Response, get, post
from litestar.config.compression import CompressionConfig
from litestar.datastructures import Cookie, UploadFile
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.response import ServerSentEvent

from habeas.desk.accounts import LONGEST, Session, SignInRefused
from habeas.desk.roles import CHANGES, Act, may
from habeas.kernel.instants import SECOND
from habeas.web.contract import openapi
from habeas.web.drawing import CONTENT_POLICY, static
from habeas.web.refusals import page_of, problem_of, refused
from habeas.web.routes import ROUTES, Route
from habeas.web.sessions import ask_again, sign_in_page, wake_page
from habeas.web.site import Site
from habeas.web.visits import Problem, Reply, Upload, Visit, document, go_to

COOKIE: Final = "habeas"
LARGEST: Final = 5_000_000
"""Bytes of a request."""
_STATIC: Final = {
    "desk.css": "text/css",
    "desk.js": "text/javascript",
    "htmx-2.0.9.min.js": "text/javascript",
    "htmx-LICENSE.txt": "text/plain",
}
_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
Asked = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class _Sent:
    """What a form sent."""

    fields: Mapping[str, str]
    files: Mapping[str, Upload]


def make_app(site: Site) -> Litestar:
    """The application that serves a site; it follows the ledger while it runs."""
    pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="desk")
    halting = asyncio.Event()

    def begin() -> None:
        site.live.follow()

    def end() -> None:
        halting.set()
        site.live.stop()
        pool.shutdown(wait=False, cancel_futures=True)
        site.accounts.close()

    handlers = [_handler(site, pool, path, route) for route in ROUTES for path in paths_of(route)]
    return Litestar(
        route_handlers=[*handlers, *_open_handlers(site, pool), _events(site, halting)],
        on_startup=[begin],
        on_shutdown=[end],
        openapi_config=None,
        compression_config=CompressionConfig(backend="gzip", minimum_size=800, exclude=["/events"]),
        request_max_body_size=LARGEST,
        exception_handlers={HTTPException: _framework, Exception: _broken},
        logging_config=None,
    )


def paths_of(route: Route) -> tuple[str, ...]:
    """The addresses of a route: the page's, and that of its document."""
    path = route.path.replace("}", ":str}")
    # A parameter that ends the path takes `.json` with it.
    return (path, f"{path}.json") if route.document is not None and not path.endswith("}") else (path,)


def _handler(site: Site, pool: ThreadPoolExecutor, path: str, route: Route) -> HTTPRouteHandler:
    async def answer(request: Asked) -> Response[bytes]:
        sent = await _sent(request) if route.method == "POST" else _Sent({}, {})
        work = partial(_answer, site, route, request, sent)
        return response(await asyncio.get_running_loop().run_in_executor(pool, work))

    make = get if route.method == "GET" else post
    name = f"{route.method} {path}"
    return make(path, name=name, opt={"act": route.act}, include_in_schema=False)(answer)


async def _sent(request: Asked) -> _Sent:
    form = await request.form()
    fields: dict[str, str] = {}
    files: dict[str, Upload] = {}
    for name, value in form.items():
        if isinstance(value, UploadFile):
            files[name] = Upload(value.filename or "", await value.read())
        else:
            fields[name] = str(value)
    return _Sent(fields, files)


def _answer(site: Site, route: Route, request: Asked, sent: _Sent) -> Reply:
    """Answer one request, whatever goes wrong in it."""
    params = {name: str(value) for name, value in request.path_params.items()}
    is_json = request.url.path.endswith(".json")
    params = {name: value.removesuffix(".json") for name, value in params.items()}
    try:
        session = _session(site, request)
        if session is None:
            return _sign_in_first(request, is_json=is_json)
        visit = Visit(
            site=site,
            account=session.account,
            session=session,
            path=request.url.path,
            params=params,
            query=dict(request.query_params.items()),
            form=sent.fields,
            files=sent.files,
            at=site.clock(),
            is_json=is_json,
        )
        return _unless_had(_permitted(route, visit), request)
    except Exception as error:  # noqa: BLE001 - each becomes a page that says what to do
        return refused(error, is_json=is_json)


def _session(site: Site, request: Asked) -> Session | None:
    token = request.cookies.get(COOKIE, "")
    # The worklist brings itself up to date; nobody need be there for that.
    stirs = request.headers.get("hx-trigger") != "board"
    return site.accounts.session(token, site.clock(), stirs=stirs) if token else None


def _sign_in_first(request: Asked, *, is_json: bool) -> Reply:
    if is_json or request.method != "GET":
        raise Problem(HTTPStatus.UNAUTHORIZED, "Signed out", "nobody is signed in here", "sign in first")
    query = f"?{request.url.query}" if request.url.query else ""
    return go_to(f"/sign-in?to={quote(request.url.path + query, safe='')}")


def _unless_had(reply: Reply, request: Asked) -> Reply:
    """The reply, or that the browser has it already."""
    tag = reply.headers.get("ETag")
    if tag is None or request.headers.get("if-none-match") != tag:
        return reply
    return Reply(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})


def _permitted(route: Route, visit: Visit) -> Reply:
    if route.method == "POST" and not _same(visit.form.get("form_key", ""), visit.session.form_key):
        detail = "the form was not made for this session, or the session was begun anew since"
        raise Problem(
            HTTPStatus.FORBIDDEN, "Form refused", detail, "open the page again and send it from there"
        )
    if not may(visit.account.role, route.act):
        detail = f"a {visit.account.role} may not {route.act}"
        raise Problem(HTTPStatus.FORBIDDEN, "Not permitted", detail, "the page of roles says who may")
    if visit.session.asleep:
        if visit.is_json:
            raise Problem(HTTPStatus.UNAUTHORIZED, "Session asleep", "the password is needed again")
        return wake_page(visit)
    return route.answer(visit)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def response(reply: Reply) -> Response[bytes]:
    """A reply with the headers that every one has."""
    return Response(
        content=reply.body,
        status_code=int(reply.status),
        media_type=reply.kind,
        headers={**_HEADERS, **reply.headers},
    )


# ------------------------------------------------------------------ without a session


def _open_handlers(site: Site, pool: ThreadPoolExecutor) -> list[HTTPRouteHandler]:
    @get("/sign-in", include_in_schema=False)
    async def sign_in_form(request: Asked) -> Response[bytes]:
        return response(sign_in_page(site, request.query_params.get("to", "/")))

    @post("/sign-in", include_in_schema=False)
    async def sign_in(request: Asked) -> Response[bytes]:
        sent = await _sent(request)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(pool, partial(_sign_in, site, request, sent.fields))

    @post("/wake", include_in_schema=False)
    async def wake(request: Asked) -> Response[bytes]:
        sent = await _sent(request)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(pool, partial(_wake, site, request, sent.fields))

    @post("/sign-out", include_in_schema=False)
    async def sign_out(request: Asked) -> Response[bytes]:
        sent = await _sent(request)
        token = request.cookies.get(COOKIE, "")
        session = site.accounts.session(token, site.clock()) if token else None
        if session is not None and _same(sent.fields.get("form_key", ""), session.form_key):
            site.accounts.sign_out(token)
        done = response(go_to("/sign-in"))
        done.delete_cookie(COOKIE)
        return done

    @get("/static/{name:str}", include_in_schema=False)
    async def own_file(request: Asked) -> Response[bytes]:
        name = str(request.path_params["name"])
        if name not in _STATIC:
            return response(page_of(Problem(HTTPStatus.NOT_FOUND, "Nothing here", "there is no such file")))
        headers = {"Cache-Control": "max-age=3600"}
        return response(Reply(body=static(name), kind=_STATIC[name], headers=headers))

    @get("/openapi.json", include_in_schema=False)
    async def contract() -> Response[bytes]:
        return response(document(openapi()))

    return [sign_in_form, sign_in, wake, sign_out, own_file, contract]


def _sign_in(site: Site, request: Asked, fields: Mapping[str, str]) -> Response[bytes]:
    to = local(fields.get("to", "/"))
    if not _from_here(request):
        return response(sign_in_page(site, to, "the form came from another site", HTTPStatus.FORBIDDEN))
    try:
        session = site.accounts.sign_in(
            fields.get("name", ""), fields.get("password", ""), site.clock(), _address(request)
        )
    except SignInRefused as error:
        return response(sign_in_page(site, to, str(error), HTTPStatus.UNAUTHORIZED))
    return _with_cookie(site, response(go_to(to)), session)


def _wake(site: Site, request: Asked, fields: Mapping[str, str]) -> Response[bytes]:
    session = site.accounts.session(request.cookies.get(COOKIE, ""), site.clock())
    to = local(fields.get("to", "/"))
    if session is None or not _same(fields.get("form_key", ""), session.form_key):
        return response(go_to("/sign-in"))
    try:
        woken = site.accounts.wake(session, fields.get("password", ""), site.clock(), _address(request))
    except SignInRefused as error:
        kept = {name: value for name, value in fields.items() if name.startswith("kept-")}
        return response(ask_again(site, session, to, kept, str(error)))
    kept = {name.removeprefix("kept-"): v for name, v in fields.items() if name.startswith("kept-")}
    reply = ask_again(site, woken, to, kept) if kept else go_to(to)
    return _with_cookie(site, response(reply), woken)


def _with_cookie(site: Site, made: Response[bytes], session: Session) -> Response[bytes]:
    made.set_cookie(
        Cookie(
            key=COOKIE,
            value=session.token,
            path="/",
            max_age=LONGEST // SECOND,
            httponly=True,
            samesite="strict",
            secure=site.secure,
        )
    )
    return made


def local(to: str) -> str:
    """An address of this site and no other."""
    good = to.startswith("/") and not to.startswith("//") and "\\" not in to and to.isprintable()
    return to if good else "/"


def _from_here(request: Asked) -> bool:
    """Whether a form without a session comes from this site, as far as the browser says."""
    return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}


def _address(request: Asked) -> str:
    return request.client.host if request.client is not None else ""


# ------------------------------------------------------------------ news


def _events(site: Site, halting: asyncio.Event) -> HTTPRouteHandler:
    """A stream that says when the worklist has another version; it ends after ten minutes."""

    @get("/events", opt={"act": Act.SEE_WORKLIST}, include_in_schema=False)
    async def events(request: Asked) -> Response[Any]:
        token = request.cookies.get(COOKIE, "")
        session = site.accounts.session(token, site.clock(), stirs=False)
        if session is None or session.asleep or not may(session.account.role, Act.SEE_WORKLIST):
            return response(Reply(status=HTTPStatus.NO_CONTENT))
        return ServerSentEvent(_versions(site, halting), headers={"Cache-Control": "no-store"})

    return events


async def _versions(site: Site, halting: asyncio.Event) -> AsyncGenerator[dict[str, Any], None]:
    seen = -1
    for second in range(600):
        if halting.is_set():
            return
        board = site.live.board
        if board.version != seen:
            seen = board.version
            yield {"event": "board", "data": str(seen)}
        elif second % 15 == 0:
            yield {"event": "still", "data": str(seen)}
        await asyncio.sleep(1)


# ------------------------------------------------------------------ what goes wrong outside a route


def _framework(request: Asked, error: HTTPException) -> Response[bytes]:
    status = HTTPStatus(error.status_code)
    problem = Problem(status, status.phrase, status.description or status.phrase)
    make = problem_of if request.url.path.endswith(".json") else page_of
    return response(make(problem))


def _broken(_request: Asked, _error: Exception) -> Response[bytes]:
    problem = Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, "A fault of the desk", "nothing was recorded by this request"
    )
    return response(page_of(problem))


def changing() -> frozenset[str]:
    """Addresses that leave something behind, for tests of the monitor's role."""
    return frozenset(route.path for route in ROUTES if route.act in CHANGES)
