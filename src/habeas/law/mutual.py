"""Acts that defeat one another in a circle: for the linter, since no reading makes sense of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from habeas.kernel.places import PlaceId
from habeas.law.attacks import AttackGraph, Half, attack_graph
from habeas.law.circles import circles
from habeas.law.effectiveness import Scopes
from habeas.law.targets import DatedAct, Law


@dataclass(frozen=True, slots=True)
class Circle:
    """Acts each of which defeats another of them, so that where they meet all stay unknown."""

    acts: tuple[str, ...]
    """Refs ``enactment!act``, in order."""
    cites: tuple[str, ...]
    """Their citations, in the same order."""
    place: PlaceId
    """One place where all of them apply."""

    def __str__(self) -> str:
        """``a!x [cite] and b!y [cite] defeat one another in us/zz``."""
        named = [f"{ref} [{cite}]" for ref, cite in zip(self.acts, self.cites, strict=True)]
        return f"{' and '.join(named)} defeat one another in {self.place}"


def cycles(law: Law) -> tuple[Circle, ...]:
    """Every circle of acts whose scopes meet somewhere, each once, with one place as witness."""
    graph = attack_graph(law)
    scopes = Scopes(law.places)
    everything = range(len(graph.attacks))
    found: dict[tuple[str, ...], Circle] = {}
    for nodes in circles(graph, everything):
        if len(nodes) > 1:
            for circle in _meeting(graph, scopes, law, nodes):
                found.setdefault(circle.acts, circle)
    return tuple(found.values())


def _meeting(graph: AttackGraph, scopes: Scopes, law: Law, nodes: tuple[int, ...]) -> Iterator[Circle]:
    """The circles that remain where only acts covering one place and custodian are left."""
    acts = {node >> 1: graph.acts[node >> 1] for node in nodes}
    # A kind that no act mentions stands for every other custodian.
    kinds = {"", *(kind for act in acts.values() for kind in act.act.scope.custodians)}
    for place in law.places.places:
        for kind in sorted(kinds):
            covering = {i for i, act in acts.items() if _covers(scopes, act, place.id, kind)}
            live = [2 * i + half for i in covering for half in Half if 2 * i + half in nodes]
            for circle in circles(graph, live):
                if len(circle) > 1:
                    members = [graph.acts[i] for i in sorted({node >> 1 for node in circle})]
                    refs, cites = zip(*((act.ref, act.act.cite) for act in members), strict=True)
                    yield Circle(refs, cites, place.id)


def _covers(scopes: Scopes, act: DatedAct, place: PlaceId, kind: str) -> bool:
    return not act.enactment.inert and scopes.covers(act, place, kind) is not False
