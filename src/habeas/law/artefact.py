"""What a rulebook's canonical JSON contains: every file as a plain tree, by what kind of file it is."""

from __future__ import annotations

from collections.abc import Mapping
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
    calendars: Mapping[str, dict[str, Tree]] = field(default_factory=dict[str, dict[str, Tree]])
    questions: dict[str, dict[str, Tree]] = field(default_factory=dict[str, dict[str, Tree]])
    enactments: Mapping[str, dict[str, Tree]] = field(default_factory=dict[str, dict[str, Tree]])

    def trees(self) -> dict[str, dict[str, dict[str, Tree]] | dict[str, Tree]]:
        """The same as plain mappings, every tree that was left unread read now."""
        return {
            "vocabulary": self.vocabulary,
            "places": self.places,
            "orders": self.orders,
            "settings": self.settings,
            "adoptions": self.adoptions,
            "calendars": dict(self.calendars),
            "questions": self.questions,
            "enactments": dict(self.enactments),
        }


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
