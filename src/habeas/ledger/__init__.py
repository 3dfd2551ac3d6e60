"""The record under the answer: bytes, two times and digests, append-only and provable.

Nothing here knows what an arrest is. `entries` and `chain` are the format of
docs/reference/ledger-format.md; `sealing` and `keys` keep personal payloads; `store` says what an engine
offers, `sqlite` is the embedded one; `ledger` appends and reads; `asof` answers what was known when;
`audit` reads every byte again.
"""

from habeas.ledger.asof import Fact, Known, Placed, Projection, Projector
from habeas.ledger.audit import TrustedRoot, Verification, verify
from habeas.ledger.entries import Draft, Entry, Header, Outcome, Receipt
from habeas.ledger.errors import LedgerError
from habeas.ledger.keys import KeyStore
from habeas.ledger.ledger import Ledger
from habeas.ledger.reading import Problem

__all__ = [
    "Draft",
    "Entry",
    "Fact",
    "Header",
    "KeyStore",
    "Known",
    "Ledger",
    "LedgerError",
    "Outcome",
    "Placed",
    "Problem",
    "Projection",
    "Projector",
    "Receipt",
    "TrustedRoot",
    "Verification",
    "verify",
]
