"""What an installation is made of, as a document."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

SCHEMA: Final = "habeas/doctor/1"


class PartForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One part of an installation."""

    name: str
    value: str
    origin: str
    fault: str
    """What is wrong and what to do; empty where all is well."""


class DoctorDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every part that an answer depends on, and where each setting came from."""

    schema: Literal["habeas/doctor/1"] = SCHEMA
    parts: list[PartForm]
