"""Sealing, unsealing and expunging a person's record: proposed, approved by another, then carried out.

Carrying an expunction out destroys the keys of the record, the sealed bytes of every file that spoke of the
person, what was exported of them and is still where it was put; then the keys of epochs turn, so that no
backup of wrapped keys made before can be opened. Each step may be done again: after a crash,
`carry_out` goes on where it stopped. What is left are the headers (how many entries a pseudonym had, and
when), unless the place's rule removes those too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, cast

import msgspec

from habeas.desk.filing import STREAM as FILES
from habeas.desk.filing import file_path
from habeas.desk.kept import KeptPerson, LedgerPeople
from habeas.desk.ledgers import Identity, LedgerFolder
from habeas.desk.naming import PERSON_EPISODE, Names, names_of
from habeas.desk.orders import (
    Action,
    Done,
    Proposal,
    Standing,
    bound_to,
    carried_out,
    propose,
    standing_orders,
)
from habeas.desk.people import UnknownPerson
from habeas.desk.policies import Policy
from habeas.desk.whole_files import write_whole
from habeas.desk.withheld import Withheld
from habeas.kernel.instants import FOREVER, Instant
from habeas.ledger.entries import Header, decode_header
from habeas.ledger.errors import Expunged, UnknownKey
from habeas.ledger.ledger import EPOCH_LENGTH, Ledger

EXPORTS: Final = "exports.jsonl"
"""Where each export is noted by pseudonyms, path and digest; it names nobody."""


class Export(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that shows something of some streams."""

    path: str
    digest: str
    streams: list[str]


def order_for(
    ledger: Ledger, person: str, policy: Policy, citation: str, *, booking: str | None = None
) -> Proposal:
    """What is to be proposed about a person, or one booking of theirs.

    Raises:
        UnknownPerson: the ledger names nobody so, or knows no such booking of theirs.
        Withheld: there is nothing to seal, unseal or expunge.
    """
    names = names_of(ledger)
    streams = _streams(names, person)
    keys = _keys(ledger, names, person, streams, booking)
    rule = policy.rule
    _check_sealed(ledger, streams, rule.action)
    if booking is not None and rule.action is not Action.EXPUNGE:
        raise Withheld("only an expunction can be of one booking; a record is sealed as a whole")
    return Proposal(
        action=rule.action,
        citation=citation,
        rule=policy.name,
        people=rule.people,
        streams=list(streams),
        keys=keys if rule.action is Action.EXPUNGE else [],
        whole=booking is None,
        entries=rule.entries,
        bound=bound_to(ledger, streams),
    )


def put_forward(ledger: Ledger, proposal: Proposal, who: Identity) -> str:
    """Record a proposal; the event id by which another person approves it."""
    return propose(ledger, proposal, who).event_id


def carry_out(ledger: Ledger, folder: LedgerFolder, order: Standing, who: Identity) -> Done:
    """Do what an effective expunction orders; what was done before is left alone.

    Raises:
        Withheld: not enough people have signed it, or it is no expunction.
        LedgerError: it cannot be done now; run it again.
    """
    if order.action is not Action.EXPUNGE or not order.effective:
        raise Withheld("only an expunction that another person approved can be carried out")
    touched = [_header(each.header) for stream in order.streams for each in ledger.stream(stream)]
    mine = [header for header in touched if header.key_id in order.proposal.keys]
    digests = sorted({header.source.file for header in mine if header.source is not None})
    keys = sum(_destroyed(ledger, key_id, order.citation) for key_id in order.proposal.keys)
    files = sum(_file_destroyed(ledger, folder, digest, order.citation) for digest in digests)
    exports = _recalled(folder, order.streams)
    holes = _emptied(ledger, order, [header.seq for header in mine])
    # Under another number than any before: what was wrapped under the old ones opens nowhere any more.
    ledger.keys.rotate(_next_epoch(order, ledger))
    done = Done(proposal=order.event_id, keys=keys, holes=holes, files=files, exports=exports)
    if not order.done:
        carried_out(ledger, done, who)
    return done


def note_export(folder: LedgerFolder, path: Path, data: bytes, streams: Sequence[str]) -> None:
    """Note that a file shows something of some streams, so that an order can recall it."""
    export = Export(str(path.resolve()), sha256(data).hexdigest(), list(streams))
    others = [each for each in exports_of(folder) if each.path != export.path]
    lines = [msgspec.json.encode(each, order="sorted") + b"\n" for each in (*others, export)]
    target = folder.path / EXPORTS
    write_whole(target, b"".join(lines))
    target.chmod(0o600)


def exports_of(folder: LedgerFolder) -> Iterator[Export]:
    """Every export noted."""
    path = folder.path / EXPORTS
    if path.is_file():
        for line in path.read_bytes().splitlines():
            yield msgspec.convert(json.loads(line), Export)


def place_of(people: LedgerPeople, person: str) -> str | None:
    """Where a person was last held, as the ledger has it; None where nothing says."""
    found = people[person]
    assert isinstance(found, KeptPerson)
    places = [str(event.terms["place"]) for event in found.events if "place" in event.terms]
    return places[-1] if places else None


def _streams(names: Names, person: str) -> tuple[str, ...]:
    if not names.of(person):
        raise UnknownPerson(person, names.people)
    return names.whole(person, Instant(FOREVER - 1))[1]


def _keys(
    ledger: Ledger, names: Names, person: str, streams: Sequence[str], booking: str | None
) -> list[str]:
    found = {stream: ledger.keys.key_ids(stream) for stream in streams}
    if booking is None:
        return sorted(key for keys in found.values() for key in keys.values())
    wanted = [
        found[each.stream][each.episode(booking)]
        for each in names.of(person)
        if each.episode(booking) in found[each.stream]
    ]
    if not wanted:
        raise UnknownPerson(f"booking {booking}", tuple(sorted(set(_bookings(found)))))
    return sorted(wanted)


def _bookings(found: dict[str, dict[str, str]]) -> Iterator[str]:
    for keys in found.values():
        yield from (f"episode {episode}" for episode in keys if episode != PERSON_EPISODE)


def _check_sealed(ledger: Ledger, streams: Sequence[str], action: Action) -> None:
    sealed = any(
        each.action is Action.SEAL and each.streams & set(streams) for each in standing_orders(ledger)
    )
    if action is Action.SEAL and sealed:
        raise Withheld("it is sealed already")
    if action is Action.UNSEAL and not sealed:
        raise Withheld("it is not sealed")


def _destroyed(ledger: Ledger, key_id: str, citation: str) -> bool:
    """Destroy a key; False where it was destroyed before."""
    try:
        ledger.keys.destroy(key_id, citation)
    except (Expunged, UnknownKey):
        return False
    return True


def _file_destroyed(ledger: Ledger, folder: LedgerFolder, digest: str, citation: str) -> bool:
    """Destroy the kept bytes of a file; False where there are none."""
    key_id = ledger.keys.key_ids(FILES).get(digest)
    if key_id is not None:
        _destroyed(ledger, key_id, citation)
    path = file_path(folder, digest)
    if not path.is_file():
        return False
    path.unlink()
    return True


def _recalled(folder: LedgerFolder, streams: frozenset[str]) -> int:
    """Remove exports that show these streams and are still what they were; how many."""
    count = 0
    for export in exports_of(folder):
        path = Path(export.path)
        shown = bool(streams & set(export.streams)) and path.is_file()
        if shown and sha256(path.read_bytes()).hexdigest() == export.digest:
            path.unlink()
            count += 1
    return count


def _emptied(ledger: Ledger, order: Standing, seqs: Sequence[int]) -> int:
    """Remove the sealed bytes, where the place's rule says so."""
    if order.proposal.entries == "keep" or order.approved_seq is None:
        return 0
    there = {hole.seq for hole in ledger.store.holes()}
    what = cast("Literal['payload', 'entry']", order.proposal.entries)
    wanted = [seq for seq in seqs if seq not in there]
    for seq in wanted:
        ledger.open_hole(seq, what, order.approved_seq)
    return len(wanted)


def _next_epoch(order: Standing, ledger: Ledger) -> int:
    """A number that no epoch ever had: those of the calendar are far smaller."""
    return int(order.recorded_at) // EPOCH_LENGTH + (1 << 32) + ledger.position()


def _header(data: bytes | None) -> Header:
    assert data is not None  # an entry of a stream has the header that names the stream
    return decode_header(data)
