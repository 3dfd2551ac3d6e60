"""Checkpoints, whom to trust, and witnesses that hold a ledger to what they saw."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from habeas.kernel.instants import SECOND, Instant
from habeas.ledger.chain import CHAIN_START, EMPTY_ROOT, Frontier, next_chain
from habeas.ledger.checkpoints import (
    Checkpoint,
    Trust,
    UnreadableCheckpoint,
    Untrusted,
    checkpoint_of,
    read_checkpoint,
    read_trust,
)
from habeas.ledger.notes import (
    KeyType,
    Note,
    UnreadableNote,
    new_key,
    read_note,
    read_signing_key,
    read_verifier_key,
    seen_at,
)
from habeas.ledger.proofs import Tree
from habeas.ledger.store import Head
from habeas.ledger.witnesses import Inconsistent, Witness

LOG = new_key("zz.invalid/juniper", KeyType.LOG, bytes(range(32)))
COURT = new_key("court.invalid", KeyType.WITNESS, bytes(range(1, 33)))
DEFENDER = new_key("defender.invalid", KeyType.WITNESS, bytes(range(2, 34)))
TRUST = Trust((LOG.verifier,), (COURT.verifier, DEFENDER.verifier), quorum=2)
NOW = Instant(1_500_000_000 * SECOND)


def leaves(count: int, kind: bytes = b"") -> list[bytes]:
    return [sha256(kind + bytes([n])).digest() for n in range(count)]


def head(found: list[bytes]) -> Head:
    frontier, chain = Frontier(), CHAIN_START
    for leaf in found:
        frontier.push(leaf)
        chain = next_chain(chain, leaf)
    known = 1_487_592_000_000_000 + len(found) if found else None
    return Head(size=len(found), recorded_at=known, chain=chain, frontier=frontier.written())


def checkpoint(found: list[bytes]) -> Checkpoint:
    return checkpoint_of(LOG.name, head(found))


def signed(found: list[bytes]) -> str:
    return checkpoint(found).signed(LOG).written()


def witness(key: object = COURT, **seen: str) -> Witness:
    return Witness(COURT if key is COURT else DEFENDER, TRUST, lambda: NOW, seen)


def tree(found: list[bytes]) -> Tree:
    return Tree(lambda start, stop: found[start:stop])


def cosigned(found: list[bytes]) -> str:
    note = signed(found)
    return read_note(note).with_(witness().cosign(note, []), witness(DEFENDER).cosign(note, [])).written()


def test_a_checkpoint_is_the_text_of_the_format_and_reads_back() -> None:
    made = checkpoint(leaves(3))
    assert made.text().split("\n") == [
        LOG.name,
        "3",
        b64encode(made.root).decode(),
        "known 1487592000000003",
        f"chain {b64encode(made.chain).decode()}",
        "",
    ]
    assert read_checkpoint(made.text()) == made
    empty = checkpoint([])
    assert (empty.size, empty.root, empty.known_at) == (0, EMPTY_ROOT, 0)
    assert read_checkpoint(empty.text()) == empty


@pytest.mark.parametrize(
    ("old", "new"),
    [("\n3\n", "\n03\n"), ("\n3\n", "\n+3\n"), ("\n3\n", "\n-3\n"), ("known ", "known  "), ("chain ", "")],
)
def test_another_way_of_writing_it_is_refused(old: str, new: str) -> None:
    with pytest.raises(UnreadableCheckpoint):
        read_checkpoint(checkpoint(leaves(3)).text().replace(old, new))
    with pytest.raises(UnreadableCheckpoint):
        read_checkpoint(checkpoint(leaves(3)).text() + "more\n")


def test_the_signature_is_plain_ed25519_over_the_text() -> None:
    made = checkpoint(leaves(3))
    (line,) = made.signed(LOG).signatures
    Ed25519PublicKey.from_public_bytes(LOG.verifier.public).verify(line.data, made.text().encode())
    named = LOG.name.encode() + b"\n\x01" + LOG.verifier.public
    assert line.key_id == sha256(named).digest()[:4]


def test_a_cosignature_is_over_the_time_and_the_text() -> None:
    note = signed(leaves(3))
    line = witness().cosign(note, [])
    assert seen_at(line) == 1_500_000_000
    message = b"cosignature/v1\ntime 1500000000\n" + checkpoint(leaves(3)).text().encode()
    Ed25519PublicKey.from_public_bytes(COURT.verifier.public).verify(line.data[8:], message)


def test_trust_wants_the_ledger_and_as_many_witnesses_as_it_says() -> None:
    found = leaves(5)
    assert TRUST.checkpoint(cosigned(found)) == checkpoint(found)
    assert Trust(TRUST.logs).checkpoint(signed(found)) == checkpoint(found)
    with pytest.raises(Untrusted, match="expected 2 witnesses, found 0"):
        TRUST.checkpoint(signed(found))
    twice = read_note(signed(found)).with_(witness().cosign(signed(found), []))
    with pytest.raises(Untrusted, match="expected 2 witnesses, found 1"):
        TRUST.checkpoint(twice.written() + twice.signatures[-1].line())
    with pytest.raises(Untrusted, match="no key trusted here"):
        Trust((new_key(LOG.name, KeyType.LOG, bytes(32)).verifier,)).checkpoint(signed(found))


def test_a_changed_checkpoint_is_not_trusted() -> None:
    written = cosigned(leaves(5))
    text = checkpoint(leaves(5)).text()
    for at in range(len(text)):
        for new in "A0\n":
            changed = text[:at] + new + text[at + 1 :]
            if changed != text:
                with pytest.raises((Untrusted, UnreadableNote, UnreadableCheckpoint)):
                    TRUST.checkpoint(written.replace(text, changed))


def test_a_signature_of_a_trusted_key_that_fails_spoils_the_note() -> None:
    note = read_note(cosigned(leaves(5)))
    bad = read_note(cosigned(leaves(6))).signatures[1]
    with pytest.raises(Untrusted, match="does not fit"):
        TRUST.checkpoint(Note(note.text, (*note.signatures, bad)).written())


def test_a_witness_follows_a_ledger_that_grows_and_no_other() -> None:
    old, new = leaves(5), leaves(9)
    court = witness()
    court.cosign(signed(old), [])
    court.cosign(signed(new), tree(new).consistency(5, 9))
    court.cosign(signed(new), [])
    last = court.last(LOG.name)
    assert last is not None
    assert last.size == 9
    with pytest.raises(Inconsistent, match="had 9 entries when it was last seen, and now says 5"):
        court.cosign(signed(old), [])
    fork = [*leaves(5), *leaves(9, b"x")[5:], *leaves(2, b"y")]
    with pytest.raises(Inconsistent, match="does not begin with the 9"):
        court.cosign(signed(fork), tree(fork).consistency(9, 11))
    with pytest.raises(Inconsistent):
        court.cosign(signed(leaves(9, b"x")), [])
    assert court.seen == witness(**{LOG.name: court.seen[LOG.name]}).seen


def test_one_of_two_forks_gets_no_signature_from_either_witness() -> None:
    """A split view: each witness has seen another fork, and no checkpoint gets two signatures."""
    past, one, other = leaves(4), leaves(6), [*leaves(4), *leaves(6, b"x")[4:]]
    court, defender = witness(), witness(DEFENDER)
    for each, fork in ((court, one), (defender, other)):
        each.cosign(signed(past), [])
        each.cosign(signed(fork), tree(fork).consistency(4, 6))
    for each, fork in ((court, other), (defender, one)):
        with pytest.raises(Inconsistent):
            each.cosign(signed(fork), tree(fork).consistency(4, 6))


def test_a_witness_whose_memory_was_changed_signs_no_fork_and_no_checkpoint_as_if_it_were_the_first() -> None:
    before, fork = leaves(5), [*leaves(3), *leaves(9, b"fork")]
    own = witness()
    own.cosign(signed(before), [])
    ((origin, text),) = own.seen.items()
    data = text.encode()
    changed = [
        *(
            (origin, data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :])
            for at in range(len(data))
            for bit in (1, 4, 16)
        ),
        *((origin[:at] + chr(ord(origin[at]) ^ 1) + origin[at + 1 :], data) for at in range(len(origin))),
    ]
    refused = 0
    for name, seen in changed:
        try:
            court = witness(**{name: seen.decode()})
            last = court.last(LOG.name)
            assert last is not None
            proof = tree(fork).consistency(last.size, len(fork)) if last.size <= len(fork) else []
            with pytest.raises(Inconsistent):
                court.cosign(signed(fork), proof)
        except UnreadableCheckpoint:
            refused += 1
    assert 0 < refused < len(changed)


def test_a_witness_believes_only_the_ledgers_own_signature() -> None:
    forged = checkpoint(leaves(5))
    stranger = new_key(LOG.name, KeyType.LOG, bytes(32))
    with pytest.raises(Untrusted):
        witness().cosign(forged.signed(stranger).written(), [])
    with pytest.raises(ValueError, match="expected the signing key"):
        forged.signed(COURT)
    with pytest.raises(ValueError, match="expected a witness's key"):
        Witness(LOG, TRUST, lambda: NOW)


@pytest.mark.parametrize("key", [LOG, COURT])
def test_keys_are_lines_that_read_back_and_state_their_own_identity(key: object) -> None:
    assert key in (LOG, COURT)
    known = LOG if key is LOG else COURT
    assert read_signing_key(known.written()) == known
    assert read_verifier_key(known.verifier.written()) == known.verifier
    assert known.seed.hex() not in repr(known)
    name, _, data = known.verifier.written().split("+", 2)
    with pytest.raises(UnreadableNote, match="identity"):
        read_verifier_key(f"{name}+00000000+{data}")


@pytest.mark.parametrize(
    "line", ["", "a+b", "a+b+c", "a b+00000000+AQ==", "+00000000+AQ==", "x+00000000+////", "é+0+é"]
)
def test_what_is_no_key_is_refused(line: str) -> None:
    with pytest.raises(UnreadableNote):
        read_verifier_key(line)
    with pytest.raises(UnreadableNote):
        read_signing_key(f"PRIVATE+KEY+{line}")
    with pytest.raises(UnreadableNote):
        new_key("two words", KeyType.LOG, bytes(32))
    with pytest.raises(UnreadableNote):
        new_key("x", KeyType.LOG, bytes(31))


@pytest.mark.parametrize(
    "note",
    ["", "text\n", "text\n\n", "text\n\n— name\n", "text\n\n- name AAAAAAA=\n", "a\tb\n\n— n AAAAAAA=\n"],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(UnreadableNote):
        read_note(note)
    with pytest.raises(UnreadableNote, match="at most 32"):
        read_note("text\n\n" + "— n AAAAAAA=\n" * 33)


def test_a_file_of_trust_reads_back_and_names_the_line_it_cannot_read() -> None:
    assert read_trust("# the county\n" + TRUST.written()) == TRUST
    for text, said in (
        ("quorum 1\n", "at least one line `log"),
        (f"log {LOG.verifier.written()}\nwitness {LOG.verifier.written()}\n", "line 2"),
        (f"log {LOG.verifier.written()}\nquorum many\n", "line 2"),
        (f"log {LOG.verifier.written()}\ntrust me\n", "line 2"),
    ):
        with pytest.raises(UnreadableNote, match=said):
            read_trust(text)
