"""Identifiers, one type for each thing identified, and digests of bytes."""

import hashlib
from typing import NewType

PersonId = NewType("PersonId", str)
"""A person, within one ledger; never a name."""

BookingId = NewType("BookingId", str)
"""A booking, as its custodian numbers it."""

InstrumentId = NewType("InstrumentId", str)
"""An instrument: the issuer's number or one given on receipt."""

ChargeId = NewType("ChargeId", str)
"""A charge."""

EventId = NewType("EventId", str)
"""An event; a correction names the one it supersedes."""

AgencyId = NewType("AgencyId", str)
"""A public body: custodian, court, prosecutor, issuer."""


def digest_of(data: bytes) -> str:
    """The digest that names these bytes: ``sha256:`` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
