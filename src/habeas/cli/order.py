"""`habeas order`: seal, unseal or expunge a record; one person proposes, another approves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from habeas.cli.asking import regimen_of
from habeas.cli.ledger_options import actor_of, db_option, ledger_path, recording, who_options
from habeas.cli.options import Output, output_options, rulebook_option
from habeas.desk.expunging import carry_out, order_for, place_of, put_forward
from habeas.desk.kept import LedgerPeople
from habeas.desk.ledgers import Identity, LedgerFolder, find, opened
from habeas.desk.library import BUNDLED
from habeas.desk.orders import Action, Standing, approve, orders_of, waiting
from habeas.desk.policies import OWN, policy_of
from habeas.desk.withheld import SealedPerson
from habeas.kernel.places import PlaceId
from habeas.wire.canonical import encoded
from habeas.wire.ledger_forms import OrderDocument, OrderForm

_STATED = (
    "names given with --as are stated, not proven: two names are two people only if this machine sees to it"
)


@click.group("order")
def order_group() -> None:
    """Orders that take two people: to seal, unseal or expunge what is recorded of a person."""


@order_group.command("propose")
@click.argument("action", type=click.Choice(["seal", "unseal", "expunge"]))
@click.argument("person")
@click.option("--order", "citation", required=True, metavar="TEXT", help="The order's citation.")
@click.option("--booking", metavar="ID", help="Expunge this booking only.")
@click.option("--place", metavar="PLACE", help="Whose rule it follows; default where the person was held.")
@db_option
@who_options
@rulebook_option
@output_options("text", "json")
def propose_command(  # noqa: PLR0913 - one parameter for each thing the command line states
    action: str,
    person: str,
    *,
    citation: str,
    booking: str | None,
    place: str | None,
    db: Path | None,
    actor: str | None,
    role: str,
    folder: Path | None,
    out: Output,
) -> None:
    """Propose to seal, unseal or expunge what is recorded of PERSON, as a place's rule says it is done."""
    ledger_folder = find(ledger_path(db))
    where = place or _place(ledger_folder, person, folder)
    policy = policy_of(
        PlaceId(where), Action(action), own=ledger_folder.path / OWN, rulebook=folder or BUNDLED
    )
    with recording(ledger_folder) as ledger:
        proposal = order_for(ledger, person, policy, citation, booking=booking)
        event_id = put_forward(ledger, proposal, Identity(actor_of(actor), role))
        standing = orders_of(ledger)[event_id]
    rule = policy.rule
    said = [
        f"proposed: {action} by [{citation}], under {policy.name} [{rule.cite}]: {rule.says}",
        f"{rule.people - 1} more must sign: habeas order approve {event_id} --as NAME",
        _STATED,
    ]
    _deliver([standing], said, out)


@order_group.command("approve")
@click.argument("order")
@db_option
@who_options
@output_options("text", "json")
def approve_command(order: str, *, db: Path | None, actor: str | None, role: str, out: Output) -> None:
    """Approve what another person proposed; once enough have signed, it is carried out at once."""
    folder = find(ledger_path(db))
    who = Identity(actor_of(actor), role)
    with recording(folder) as ledger:
        standing = approve(ledger, order, who)
    said = ["signed" if not standing.effective else f"in effect: {standing.action.value}", _STATED]
    if standing.effective and standing.action is Action.EXPUNGE:
        said.append(_carried_out(folder, standing, who))
        with opened(folder) as ledger:
            standing = orders_of(ledger)[order]
    _deliver([standing], said, out)


@order_group.command("list")
@db_option
@who_options
@output_options("text", "json")
def list_command(*, db: Path | None, actor: str | None, role: str, out: Output) -> None:
    """Orders that wait for a signature, or were signed and not carried out; what was, is carried out now."""
    folder = find(ledger_path(db))
    who = Identity(actor_of(actor), role)
    with opened(folder) as ledger:
        left = [each for each in waiting(orders_of(ledger)) if each.effective]
    said = [_carried_out(folder, each, who) for each in left]
    with opened(folder) as ledger:
        every = list(orders_of(ledger).values())
    _deliver(every, said, out)


def _carried_out(folder: LedgerFolder, standing: Standing, who: Identity) -> str:
    with recording(folder) as ledger:
        done = carry_out(ledger, folder, standing, who)
    return (
        f"carried out: {done.keys} keys destroyed, {done.holes} entries emptied, {done.files} files and"
        f" {done.exports} exports removed. Backups made before now hold keys that nothing unwraps once the"
        " escrow is written anew: run habeas db backup"
    )


def _place(folder: LedgerFolder, person: str, rulebook: Path | None) -> str:
    """Where the person was held.

    Raises:
        UsageError: nothing says so.
    """
    try:
        found = place_of(LedgerPeople(folder, regimen_of(rulebook)), person)
    except KeyError:
        found = None
    except SealedPerson:
        raise click.UsageError("the record is sealed; whose rule is followed? give --place PLACE") from None
    if found is None:
        raise click.UsageError("nothing says where the person was held; give --place PLACE")
    return found


def _deliver(orders: Sequence[Standing], said: Sequence[str], out: Output) -> None:
    if out.form == "json":
        out.deliver(encoded(OrderDocument(orders=[_form(each) for each in orders], done=list(said))))
        return
    lines = [*said, *(_line(each) for each in orders)]
    out.deliver("".join(f"{line}\n" for line in lines))


def _line(order: Standing) -> str:
    state = "carried out" if order.done else "in effect" if order.effective else "waits for a signature"
    names = ", ".join([order.actor, *order.approved_by])
    return f"{order.event_id} {order.action.value} [{order.citation}] signed by {names}: {state}"


def _form(order: Standing) -> OrderForm:
    return OrderForm(
        order=order.event_id,
        action=order.action.value,
        citation=order.citation,
        rule=order.proposal.rule,
        proposed_by=order.actor,
        approved_by=list(order.approved_by),
        effective=order.effective,
        carried_out=order.done,
        streams=sorted(order.streams),
    )
