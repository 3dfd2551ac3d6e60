"""Which acts work at a point, and so which texts are in force there.

An act works if it is known, has begun, has the point in its scope, and nothing that works
attacks it: the least fixpoint of that sentence in Kleene's logic, from all unknown (the
grounded semantics of abstract argumentation, Dung 1995, with unknown for undecided). Acts that
defeat one another in a circle therefore stay unknown unless something outside decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from habeas.kernel.instants import (
    Instant,
    UncertainInstant,
    When,
    at_or_before,
    earliest_of,
    latest_of,
)
from habeas.kernel.places import PlaceId, PlaceTree, lies_within
from habeas.law.attacks import Attack, AttackGraph, Beginning, Half
from habeas.law.circles import circles
from habeas.law.enactments import Scope
from habeas.law.formulas import About, Doubt, Formula, Guard, conjunction, disjunction, negated
from habeas.law.targets import ENDING, FROM_START, ONLY_END, OWN_TEXT, DatedAct


class Vantage(Struct, frozen=True):
    """From where law is asked about, all but the instant."""

    place: PlaceId
    custodian: str | None
    """A custodian kind; None where it is not known."""
    law_known_at: Instant


class Standing(Struct, frozen=True, eq=False):
    """What every act's two halves and every text come to at one point."""

    halves: Sequence[Formula]
    """By node: twice the act's index plus its half."""
    texts: Mapping[str, Formula]
    """By text ref, those not plainly false."""


class Scopes:
    """Which acts cover which points, by the tree of places; one for the readings of one rulebook."""

    def __init__(self, places: PlaceTree) -> None:
        self.presences: dict[Vantage, dict[DatedAct, Formula]] = {}
        """By vantage, whether each act is known and in scope; see `Resolver.presence`."""
        self._territories = {name: places.territory(name) for name in places.territories}

    def covers(self, act: DatedAct, place: PlaceId, custodian: str | None) -> Formula:
        """Whether an act covers a place and a custodian, its ``for`` left as a guard."""
        scope = act.act.scope
        covered = self._covers_place(act, place)
        if covered is False or not _may_bind(scope, custodian):
            return False
        parts: list[Formula] = [covered]
        if scope.custodians and custodian is None:
            parts.append(Doubt(About.CUSTODIAN, act.ref))
        if scope.condition is not None:
            parts.append(Guard(scope.condition, act.ref))
        return conjunction(parts)

    def _covers_place(self, act: DatedAct, place: PlaceId) -> Formula:
        """The nearest place that the scope names decides; of equals, the more cautious does."""
        scope = act.act.scope
        covered = self._nearest(place, scope.places or (act.enactment.place,))
        unsure = self._nearest(place, scope.unsure_places)
        excepted = self._nearest(place, scope.except_places)
        if excepted >= max(covered, unsure):
            return False
        return Doubt(About.PLACE, act.ref) if unsure >= covered else True

    def _nearest(self, place: PlaceId, names: Iterable[str]) -> int:
        """Length of the longest path among the names in which a place lies; -1 for none."""
        paths = (path for name in names for path in self._territories.get(name) or (PlaceId(name),))
        return max((len(path) for path in paths if lies_within(place, path)), default=-1)


def _may_bind(scope: Scope, custodian: str | None) -> bool:
    return not scope.custodians or custodian is None or custodian in scope.custodians


class Resolver:
    """Law seen from one vantage; asked instant by instant."""

    def __init__(self, graph: AttackGraph, scopes: Scopes, vantage: Vantage) -> None:
        self.graph = graph
        self.scopes = scopes
        self.vantage = vantage
        kept = scopes.presences.setdefault(vantage, {})
        for act in graph.acts:
            if act not in kept:
                kept[act] = self._presence(act)
        self.presence: list[Formula] = [kept[act] for act in graph.acts]
        """By act: known and in scope, whether or not it has begun."""
        live = (i for i, part in enumerate(self.presence) if part is not False)
        self._circles = circles(graph, (2 * i + half for i in live for half in Half))
        present = [act for act in graph.acts if self.presence[act.index] is not False]
        self._texts = {
            ref: begun
            for ref in graph.texts_begun_by(present)
            if (begun := [each for each in graph.texts[ref] if self.presence[each.act.index] is not False])
        }

    def _presence(self, act: DatedAct) -> Formula:
        if act.enactment.inert:
            return False
        known = self._known(act)
        if known is False:
            return False
        covered = self.scopes.covers(act, self.vantage.place, self.vantage.custodian)
        return conjunction((known, covered))

    def _known(self, act: DatedAct) -> Formula:
        return _passed(act.known, self.vantage.law_known_at, About.KNOWLEDGE)

    def acts_alone(self, enactment: str) -> Sequence[DatedAct]:
        """The acts by which an enactment counts as in force that is not known to have text.

        None for one that has: it is in force as its text is.
        """
        begun = [each.act for ref in self.graph.clauses[enactment] for each in self.graph.texts[ref]]
        own = self.graph.own.get(enactment, ())
        if not begun:
            return own
        if any(self._known(act) is not False for act in begun):
            return ()
        return tuple(act for act in own if self._known(act) is not False)

    def edges(self) -> list[Instant]:
        """Every instant at which something of this law may change, in order."""
        found: set[Instant] = set()
        for act in self.graph.acts:
            if self.presence[act.index] is not False:
                if act.does not in FROM_START:
                    found.update((earliest_of(act.begins), latest_of(act.begins)))
                if act.act.disposes:
                    found.update((earliest_of(act.done_at), latest_of(act.done_at)))
        return sorted(found)

    def standing(self, instant: Instant) -> Standing:
        """What acts and texts come to at an instant."""
        halves: list[Formula] = [False] * len(self.graph.attacks)
        for circle in self._circles:
            if len(circle) == 1:
                halves[circle[0]] = self._half(circle[0], instant, halves)
            else:
                self._settle(circle, instant, halves)
        texts = {
            ref: formula for ref in self._texts if (formula := self._text(ref, instant, halves)) is not False
        }
        return Standing(halves, texts)

    def _settle(self, circle: tuple[int, ...], instant: Instant, halves: list[Formula]) -> None:
        """Find the least fixpoint of acts in a circle of attacks.

        Each round settles at least one more of them for every subject, or none ever will be.
        """
        for node in circle:
            halves[node] = None
        for _ in circle:
            settled = [self._half(node, instant, halves) for node in circle]
            for node, value in zip(circle, settled, strict=True):
                halves[node] = value

    def begun(self, act: DatedAct, instant: Instant) -> Formula:
        """Whether an act is known, in scope and has begun: all but what attacks it."""
        presence = self.presence[act.index]
        if presence is False or act.does in FROM_START:
            return presence
        started = _passed(act.begins, instant, About.BEGINNING)
        return False if started is False else conjunction((presence, started))

    def bite(self, attack: Attack, instant: Instant, halves: Sequence[Formula]) -> Formula:
        """Whether one attack defeats what it is aimed at."""
        stands = halves[attack.node]
        if stands is False:
            return False
        parts = [stands, attack.counts]
        if attack.disposes:
            parts.append(_passed(attack.by.done_at, instant, About.BEGINNING))
        return conjunction(parts)

    def _half(self, node: int, instant: Instant, halves: Sequence[Formula]) -> Formula:
        act = self.graph.acts[node >> 1]
        if node & 1 == Half.ENDING and act.does not in ENDING:
            return False
        return self._unless(self.begun(act, instant), self.graph.attacks[node], instant, halves)

    def _text(self, ref: str, instant: Instant, halves: Sequence[Formula]) -> Formula:
        """In force if any of its beginnings still holds."""
        return disjunction(self.text_from(each, instant, halves) for each in self._texts[ref])

    def text_from(self, each: Beginning, instant: Instant, halves: Sequence[Formula]) -> Formula:
        """Whether text is in force as one act began it: nothing ended it since or defeats it now.

        An enactment's own text falls clause by clause, so that the act which began several need
        not fall with one; a revival stands or falls as one act.
        """
        own = each.act.does in OWN_TEXT
        start = self.begun(each.act, instant) if own else halves[2 * each.act.index]
        return self._unless(start, each.attacks, instant, halves)

    def _unless(
        self, start: Formula, attacks: Iterable[Attack], instant: Instant, halves: Sequence[Formula]
    ) -> Formula:
        if start is False:
            return False
        bites = [self.bite(attack, instant, halves) for attack in attacks]
        return conjunction((start, *map(negated, bites)))


def shown_node(act: DatedAct) -> int:
    """The half of an act by which it is said to be in effect."""
    return 2 * act.index + (Half.ENDING if act.does in ONLY_END else Half.WORKS)


def _passed(when: When, instant: Instant, about: About) -> Formula:
    """Whether an instant is reached; a doubt within the bounds of one not fully known."""
    reached = at_or_before(when, instant)
    if reached is None:
        assert isinstance(when, UncertainInstant)
        return Doubt(about, point(when))
    return reached


def point(when: UncertainInstant) -> str:
    """How a doubt names the unknown point in time that it hangs on."""
    return f"{when.key}{when.path}{when.offset:+d}"
