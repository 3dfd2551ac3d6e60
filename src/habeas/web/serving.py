"""Starting the server: granian runs one worker, which opens the ledger and follows it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import msgspec
from litestar import Litestar

from habeas.desk.accounts import Accounts
from habeas.desk.ledgers import find
from habeas.desk.library import library
from habeas.desk.live import LiveLedger
from habeas.web.app import make_app
from habeas.web.site import Site

_VARIABLE: Final = "HABEAS_SERVING"
"""By which the worker, a process of its own, is told what to serve; it holds no secret."""


class Serving(msgspec.Struct, frozen=True, kw_only=True):
    """What to serve, and where."""

    ledger: str
    rulebook: str | None = None
    cache: str | None = None
    source_times: bool = False
    secure: bool = False
    host: str = "127.0.0.1"
    port: int = 8000


def site_of(serving: Serving) -> Site:
    """Everything that a server needs, opened.

    Raises:
        LedgerMisplaced: there is no ledger, or its secrets are open to others.
        RulebookError: the rulebook cannot be read.
    """
    folder = find(Path(serving.ledger))
    rulebook = Path(serving.rulebook) if serving.rulebook else None
    regimen = library(rulebook, cache=Path(serving.cache) if serving.cache else None)
    return Site(
        folder=folder,
        regimen=regimen,
        live=LiveLedger(folder, regimen, source_times=serving.source_times),
        accounts=Accounts(folder.path),
        rulebook=rulebook,
        secure=serving.secure,
    )


def application() -> Litestar:
    """The application of the worker, as the environment says."""
    return make_app(site_of(msgspec.json.decode(os.environ[_VARIABLE], type=Serving)))


def serve(serving: Serving) -> None:
    """Serve until told to stop.

    Raises:
        OSError: the address cannot be had.
    """
    from granian import Granian  # noqa: PLC0415 - a server is needed here alone
    from granian.constants import Interfaces  # noqa: PLC0415 - as above

    os.environ[_VARIABLE] = msgspec.json.encode(serving).decode()
    Granian(
        "habeas.web.serving:application",
        factory=True,
        address=serving.host,
        port=serving.port,
        interface=Interfaces.ASGI,
        workers=1,
        # Streams that browsers keep open must not keep the server from stopping.
        workers_kill_timeout=5,
        log_access=False,
        websockets=False,
    ).serve()
