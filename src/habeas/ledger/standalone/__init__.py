"""The second checker of bundles: one file that needs none of this package, for others to keep and run.

It is written from the pages of the formats alone and shares no code with `habeas.ledger.bundles`; the
tests hold each against the other.
"""

from __future__ import annotations

from importlib.resources import files

NAME = "habeas_verify.py"


def verifier() -> bytes:
    """The bytes of the file `habeas_verify.py`, as it is to be given to others."""
    return files(__name__).joinpath(NAME).read_bytes()
