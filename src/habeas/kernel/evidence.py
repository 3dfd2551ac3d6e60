"""Where a fact comes from, and the three ways of not knowing one."""

from dataclasses import dataclass
from enum import StrEnum


class NotKnown(StrEnum):
    """Why a fact has no value; never collapsed into one word, never read as false."""

    UNMAPPED = "unmapped"
    """The source says something that we could not read or have no code for."""

    UNSTATED = "unstated"
    """The source does not say."""

    DISPUTED = "disputed"
    """Two statements of the same fact at the same instant differ."""


UNMAPPED = NotKnown.UNMAPPED
UNSTATED = NotKnown.UNSTATED
DISPUTED = NotKnown.DISPUTED


@dataclass(frozen=True, slots=True)
class SourceRef:
    """The place in a source at which a fact was read."""

    file_digest: str
    """Digest of the bytes read, as `digest_of` writes it."""

    name: str
    """What the source calls itself: a file name, a feed, a form."""

    row: int | None = None
    """One-based row or record within it; None when the source has no rows."""

    recipe_digest: str | None = None
    """Digest of the recipe that read it; None when a person entered it."""
