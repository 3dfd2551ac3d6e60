"""What the files beside enactments say of a place: what it is, what is complete there, its setting."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from habeas.kernel.places import PlaceKind


class Complete(Struct, frozen=True, forbid_unknown_fields=True):
    """For which subjects, from when until when, a place's rulebook is complete.

    Inside it silence means there is no basis; outside it, that the law was not encoded.
    """

    on: tuple[str, ...]
    """Instrument kinds, or ``charge`` and ``booking``."""
    begins: str = msgspec.field(name="from")
    until: str = ""
    custodians: tuple[str, ...] = ()
    """Custodian kinds of which it is complete; empty means all."""
    says: str = ""


class Searched(Struct, frozen=True, forbid_unknown_fields=True):
    """One dated search for a rule of a place on some kinds of subject, in which none was found.

    It changes no answer: silence there stays what was not encoded. It says that the silence was looked at.
    """

    on: tuple[str, ...]
    """Instrument kinds, or ``charge`` and ``booking``."""
    date: str
    """Civil date of the search."""
    where: str
    """What was searched: a collection, a code, an address."""
    words: str
    """The words looked for."""
    found: str
    """``nothing``, or what was seen and why it is no rule."""


class PlaceFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What ``place.yaml`` says of a place."""

    name: str
    kind: PlaceKind
    schema: str = "1"
    zone: str = ""
    """IANA zone; left out, that of the place it lies in."""
    fips: str = ""
    fictional: bool = False
    """Whether the place, and all that lies in it, exist only here."""
    territories: dict[str, tuple[str, ...]] = {}
    """Courts and other reaches -> places; see :meth:`PlaceTree.territory`."""
    complete: tuple[Complete, ...] = ()
    searched: tuple[Searched, ...] = ()
    """Searches in which no rule of this place was found; never beside ``complete`` for the same kind."""

    @property
    def without_rule(self) -> tuple[str, ...]:
        """The kinds of subject for which a rule of this place was searched and none found."""
        return tuple(sorted({kind for each in self.searched for kind in each.on}))


class Adoption(Struct, frozen=True, forbid_unknown_fields=True):
    """A custodian's dated act of taking one side of a question; says who decided."""

    question: str
    alternative: str
    by: str
    begins: str = msgspec.field(name="from")
    known: str
    cite: str
    until: str = ""


class AdoptionFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What ``adoptions.yaml`` says of a place; the places below inherit it."""

    adoptions: tuple[Adoption, ...]
    schema: str = "1"


class SettingEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """One dated fact about a place in ``setting.yaml``."""

    fact: str
    value: str
    begins: str = msgspec.field(name="from")
    known: str
    cite: str
    until: str = ""


class SettingFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What ``setting.yaml`` says of a place."""

    entries: tuple[SettingEntry, ...]
    schema: str = "1"
