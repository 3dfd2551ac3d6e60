"""The note beside a deadline sheet: what it says of the page, signed by the ledger's key.

habeas/sheet/1
NAME OF THE LEDGER
written INSTANT
sha256 DIGEST OF THE PAGE
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from habeas.kernel.instants import Instant, UnreadableInstant, zone
from habeas.ledger.checkpoints import Trust, Untrusted
from habeas.ledger.notes import Note, SigningKey, UnreadableNote, read_note
from habeas.wire.instants import instant_of_text, instant_text

OLD: Final = 600
"""Seconds after which a sheet is old: whoever reads it has to ask why no newer one came."""

_TEXT: Final = re.compile(
    r"habeas/sheet/1\n(?P<origin>[^\n]+)\nwritten (?P<written>[^\n]+)\nsha256 (?P<digest>[0-9a-f]{64})\n"
)


class SpoiltSheet(ValueError):
    """A page that is not the one that was signed, or that nobody believed here signed; says which."""


@dataclass(frozen=True, slots=True)
class SignedSheet:
    """What the note beside a page says of it."""

    origin: str
    """The ledger's name."""
    written_at: Instant
    digest: str


def note_path(page: Path) -> Path:
    """Where the note beside a page lies."""
    return page.with_name(page.name + ".note")


def signed_note(data: bytes, origin: str, at: Instant, key: SigningKey) -> str:
    """The signed note over a page."""
    stamp, digest = instant_text(at, zone("UTC")), sha256(data).hexdigest()
    text = f"habeas/sheet/1\n{origin}\nwritten {stamp}\nsha256 {digest}\n"
    return Note(text, (key.sign(text),)).written()


def check_sheet(data: bytes, written: str, trust: Trust) -> SignedSheet:
    """What a note says of a page, once it is found to be of this page and signed by a ledger believed.

    Raises:
        SpoiltSheet: it is not.
    """
    try:
        note = read_note(written)
        said = _TEXT.fullmatch(note.text)
        if said is None:
            raise SpoiltSheet("the note is not one of a deadline sheet")
        if not trust.signed(note, said["origin"]):
            raise SpoiltSheet(f"no key trusted here signed the sheet of [{said['origin']}]")
        found = SignedSheet(said["origin"], instant_of_text(said["written"]), said["digest"])
    except (UnreadableNote, Untrusted, UnreadableInstant) as error:
        raise SpoiltSheet(str(error)) from None
    if (digest := sha256(data).hexdigest()) != found.digest:
        raise SpoiltSheet(
            f"the page has SHA-256 {digest}, and the note is over {found.digest}: it was changed, or is"
            " being written anew at this moment"
        )
    return found
