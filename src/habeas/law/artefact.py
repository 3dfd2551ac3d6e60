"""What a rulebook's canonical JSON contains: every file as a plain tree, by what kind of file it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import Struct

from habeas.law.documents import Tree
from habeas.law.enactments import Enactment

ARTEFACT_SCHEMA = "habeas/rulebook/1"


@dataclass(frozen=True, slots=True)
class Artefact:
    """Everything a rulebook says, as plain trees; the content of its canonical JSON."""

    vocabulary: dict[str, Tree] = field(default_factory=dict[str, Tree])
    places: dict[str, dict[str, Tree]] = field(default_factory=dict[str, dict[str, Tree]])
    orders: dict[str, dict[str, Tree]] = field(default_factory=dict[str, dict[str, Tree]])
    settings: dict[str, dict[str, Tree]] = field(default_factory=dict[str, dict[str, Tree]])
    adoptions: dict[str, dict[str, Tree]] = field(default_factory=dict[str, dict[str, Tree]])
    calendars: dict[str, dict[str, Tree]] = field(default_factory=dict[str, dict[str, Tree]])
    questions: dict[str, dict[str, Tree]] = field(default_factory=dict[str, dict[str, Tree]])
    enactments: dict[str, dict[str, Tree]] = field(default_factory=dict[str, dict[str, Tree]])


class Text(Struct, frozen=True):
    """One enactment as it reads under some sides of the questions it turns on."""

    name: str
    turns: tuple[tuple[str, str], ...]
    """Every question it turns on, with the side taken."""
    enactment: Enactment
    """Without its tests, which are asked from the tree."""


class Readings(Struct, frozen=True):
    """What reading the enactments' trees comes to, kept so that it need not be done again."""

    turns_on: dict[str, tuple[str, ...]]
    """Enactment -> the questions on which its content turns."""
    texts: tuple[Text, ...]
    """Under the defaults and each other alternative; more are read from the trees when asked for."""
