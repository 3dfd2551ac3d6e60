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
