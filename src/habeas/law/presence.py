"""Whether an act may count at a point at all, in words: known, begun, covering, not in doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from habeas.kernel.instants import Instant, at_or_before
from habeas.kernel.kleene import Kleene
from habeas.law.effectiveness import Resolver
from habeas.law.formulas import About, Doubt, Formula, Guard, evaluate, leaves
from habeas.law.targets import DatedAct, Law
from habeas.law.wording import condition_words, date_of, named


class Presence:
    """The words about one act by itself, at one point, for everyone or for one subject."""

    def __init__(
        self,
        law: Law,
        resolver: Resolver,
        instant: Instant,
        guard_value: Callable[[Guard], Kleene] | None,
    ) -> None:
        self.instant = instant
        self.zone = law.places.zone_of(resolver.vantage.place)
        self._place = law.places[resolver.vantage.place].name
        self._resolver = resolver
        self._guard_value = guard_value

    def value(self, formula: Formula) -> Formula:
        """A formula for everyone, or its value for the one subject asked about."""
        return formula if self._guard_value is None else evaluate(formula, self._guard_value)

    def counts(self, act: DatedAct) -> bool:
        """Whether the act is known, begun and in scope, or may be."""
        return self.value(self._resolver.begun(act, self.instant)) is not False

    def where(self, act: DatedAct) -> str:
        """For whom the act works, where no one subject is asked about."""
        condition = act.act.scope.condition
        if condition is None or self._guard_value is not None:
            return ""
        return f" where {condition_words(condition)}"

    def absence(self, act: DatedAct) -> str:
        """Why the act does not count here."""
        vantage = self._resolver.vantage
        if act.enactment.inert:
            return f"it never became law ({act.enactment.inert})"
        covers = self._resolver.scopes.covers
        if covers(act, vantage.place, None) is False:
            return f"it does not cover {self._place}"
        if covers(act, vantage.place, vantage.custodian) is False:
            return f"it does not bind a custodian of kind {vantage.custodian}"
        if at_or_before(act.known, vantage.law_known_at) is False:
            return f"not publicly known until {date_of(act.known, self.zone)}"
        if self._resolver.begun(act, self.instant) is False:
            return f"not begun until {date_of(act.begins, self.zone)}"
        condition = act.act.scope.condition
        return "" if condition is None else f"it covers only those of whom {condition_words(condition)}"

    def doubts(self, act: DatedAct, formula: Formula = None) -> tuple[str, ...]:
        """What is not known of the act by itself; of a formula about it, where one is given."""
        hangs_on = self._resolver.begun(act, self.instant) if formula is None else formula
        return tuple(self._doubts(act, leaves(hangs_on)))

    def _doubts(self, act: DatedAct, found: Iterable[Guard | Doubt]) -> Iterator[str]:
        name = named(act)
        for leaf in dict.fromkeys(found):
            if isinstance(leaf, Guard):
                if self._guard_value is not None and self._guard_value(leaf) is None:
                    words = condition_words(leaf.condition)
                    yield f"{name} covers only those of whom {words}, and that is not known"
            else:
                yield self._doubt(act, name, leaf)

    def _doubt(self, act: DatedAct, name: str, doubt: Doubt) -> str:
        first, _, second = doubt.key.partition(" ")
        acts = self._resolver.graph.by_ref
        words = {
            About.BEGINNING: f"{name} began {date_of(act.begins, self.zone)}",
            About.KNOWLEDGE: f"{name} became known {date_of(act.known, self.zone)}",
            About.PLACE: f"the sources do not say whether {name} covers {self._place}",
            About.CUSTODIAN: f"{name} binds only some kinds of custodian, and this one's is not known",
        }
        if doubt.about in words:
            return words[doubt.about]
        one, other = named(acts[first]), named(acts[second])
        if doubt.about is About.ORDER:
            return f"it is not known whether {one} or {other} came first"
        return f"it is not stated whether {one} also undoes what {other} ended"
