"""The answer where an order withholds it: said as an answer, with the order's citation, and exit code 7."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from habeas.cli.options import Output
from habeas.desk.withheld import ExpungedPerson, WithheldPerson

REFUSED = 7


def answered_if_withheld(command: Callable[..., None]) -> Callable[..., None]:
    """A command that asks about a person, and says EXPUNGED or SEALED where that is the answer."""

    @wraps(command)
    def asked(*, out: Output, **given: Any) -> None:
        try:
            command(**given, out=out)
        except WithheldPerson as withheld:
            _deliver(withheld, out)
            raise click.exceptions.Exit(REFUSED) from withheld

    return asked


def _deliver(withheld: WithheldPerson, out: Output) -> None:
    if out.form == "json":
        from habeas.wire.canonical import encoded
        from habeas.wire.ledger_forms import WithheldDocument

        gone = isinstance(withheld, ExpungedPerson)
        document = WithheldDocument(
            asked=withheld.who, answer="EXPUNGED" if gone else "SEALED", order=withheld.order
        )
        out.deliver(encoded(document))
    else:
        out.deliver(f"{withheld}\n")
