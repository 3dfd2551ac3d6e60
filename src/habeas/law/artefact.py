"""What a rulebook's canonical JSON contains: every file as a plain tree, by what kind of file it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from habeas.law.documents import Tree

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
