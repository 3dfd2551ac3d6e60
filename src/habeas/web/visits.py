"""One request and what it is answered with, without a word of the framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import msgspec

from habeas.desk.accounts import Account, Session
from habeas.desk.ledgers import Identity
from habeas.kernel.instants import Instant
from habeas.web.site import Site


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request by somebody who may make it."""

    site: Site
    account: Account
    session: Session
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    files: Mapping[str, Upload]
    at: Instant
    """When it was made, in UTC microseconds."""
    is_json: bool
    """Whether the document is asked for and not the page."""
    language: str = "en"

    @property
    def who(self) -> Identity:
        """Who the ledger will say did it."""
        return Identity(self.account.name, self.account.role.value)

    def field(self, name: str) -> str:
        """A field of the form; empty where it was not sent."""
        return self.form.get(name, "").strip()

    def asked(self, name: str) -> str:
        """A parameter of the address; empty where there is none."""
        return self.query.get(name, "").strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a request is answered with."""

    body: bytes = b""
    kind: str = "text/html"
    status: int = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def go_to(path: str) -> Reply:
    """Go on to another page, by GET."""
    return Reply(status=HTTPStatus.SEE_OTHER, headers={"Location": path})


def document(form: Any, digest: str = "") -> Reply:
    """A document as JSON with sorted keys; the digest of what it rests on is its entity tag."""
    headers = {"ETag": f'"{digest}"'} if digest else {}
    return Reply(
        body=msgspec.json.encode(form, order="sorted") + b"\n", kind="application/json", headers=headers
    )


class Problem(Exception):
    """A request that is answered with a problem (RFC 9457)."""

    def __init__(self, status: HTTPStatus, title: str, detail: str, hint: str = "") -> None:
        """Say what is wrong and what to do."""
        self.status, self.title, self.detail, self.hint = status, title, detail, hint
        super().__init__(f"{title}: {detail}")


class ProblemForm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A problem as `application/problem+json`."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    hint: str = ""
