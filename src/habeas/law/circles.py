"""Circles of attacks: acts that defeat one another, which no order of dates or courts resolves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from habeas.law.attacks import AttackGraph


def circles(graph: AttackGraph, nodes: Iterable[int]) -> list[tuple[int, ...]]:
    """Nodes of a graph grouped so that those in one circle of attacks are together.

    Returns:
        Groups in an order in which attackers come before what they attack; a node in no circle
        is a group by itself.
    """
    search = _Search(graph, set(nodes))
    for node in sorted(search.wanted):
        if node not in search.order:
            search.run(node)
    return search.found


class _Search:
    """Tarjan's strongly connected components (1972) with a stack of its own.

    A chain of rulings may be longer than the interpreter's stack.
    """

    def __init__(self, graph: AttackGraph, wanted: set[int]) -> None:
        self.wanted = wanted
        self.order: dict[int, int] = {}
        self.found: list[tuple[int, ...]] = []
        self._graph = graph
        self._low: dict[int, int] = {}
        self._trail: list[int] = []
        self._on_trail: set[int] = set()

    def run(self, root: int) -> None:
        """Group everything reachable from a node."""
        work = [(root, self._enter(root))]
        while work:
            node, attackers = work[-1]
            attacker = next(attackers, None)
            if attacker is None:
                work.pop()
                self._leave(node)
                if work:
                    above = work[-1][0]
                    self._low[above] = min(self._low[above], self._low[node])
            elif attacker not in self.order:
                work.append((attacker, self._enter(attacker)))
            elif attacker in self._on_trail:
                self._low[node] = min(self._low[node], self.order[attacker])

    def _enter(self, node: int) -> Iterator[int]:
        self.order[node] = self._low[node] = len(self.order)
        self._trail.append(node)
        self._on_trail.add(node)
        attacks = self._graph.attacks[node]
        return (attack.node for attack in attacks if attack.node in self.wanted)

    def _leave(self, node: int) -> None:
        if self._low[node] != self.order[node]:
            return
        cut = self._trail.index(node)
        circle = self._trail[cut:]
        del self._trail[cut:]
        self._on_trail.difference_update(circle)
        self.found.append(tuple(sorted(circle)))
