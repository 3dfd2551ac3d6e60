"""Laws that acts obey whatever a legislature or a court does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from act_strategies import Point, laws, points, refs, without
from habeas.kernel.instants import DAY, Instant, When, earliest_of, shifted
from habeas.kernel.kleene import Kleene
from habeas.law.acts import Doubt, Guard, Regime, Regimes, evaluate, leaves
from habeas.law.attacks import Attack, attack_graph
from habeas.law.effectiveness import shown_node
from habeas.law.enactments import Limb, Uncertain, Verb
from habeas.law.targets import dated_acts
from small_laws import SmallLaw, guards, law_of

guard_values = st.fixed_dictionaries({"g": st.sampled_from([True, False, None]), "h": st.booleans()})
# Acts that begin text, and those of two halves: what such an act ends may be what would
# otherwise defeat its other target, so that without it the target may well fall.
not_only_attackers = {Verb.ENACTS, Verb.REVIVES, Verb.AMENDS, Verb.ENDS}


def settle(values: dict[str, Kleene]) -> Callable[[Guard], Kleene]:
    """Guards by the text of their condition."""

    def value(guard: Guard) -> Kleene:
        assert isinstance(guard.condition, Limb)
        return values[guard.condition.text]

    return value


def values_at(
    law: SmallLaw, point: Point, guard_value: Callable[[Guard], Kleene] | None = None
) -> dict[str, Kleene]:
    regime = Regimes(law).at(*point)
    value = guards(guard_value)
    return {ref: evaluate(regime.in_force(ref), value) for ref in refs(law)}


@given(laws(uncertain=True), points, st.data())
def test_an_act_not_yet_known_changes_nothing(law: SmallLaw, point: Point, data: st.DataObject) -> None:
    later = [each for each in dated_acts(law) if earliest_of(each.known) > point.known]
    assume(later)
    gone = data.draw(st.sampled_from(later)).ref
    before = values_at(law, point)
    assert before.pop(gone) is False
    assert values_at(without(law, gone), point) == before


@given(laws(), points, guard_values, st.data())
def test_removing_an_attacker_never_removes_its_target(
    law: SmallLaw, point: Point, values: dict[str, Kleene], data: st.DataObject
) -> None:
    graph = attack_graph(law)
    attackers = [each.ref for each in graph.acts if each.does not in not_only_attackers]
    assume(attackers)
    attacker = data.draw(st.sampled_from(attackers))
    hit = [
        each.ref
        for each in graph.acts
        if each.does not in not_only_attackers and attacker in by(graph.attacks[shown_node(each)])
    ]
    hit += [
        ref
        for ref, begun in graph.texts.items()
        if "#" in ref and all(attacker in by(each.attacks) for each in begun)
    ]
    before = values_at(law, point, settle(values))
    after = values_at(without(law, attacker), point, settle(values))
    for ref in hit:
        if before[ref] is True:
            assert after[ref] is True, ref


@given(laws(uncertain=True), points, guard_values)
def test_learning_what_was_unknown_never_flips_what_was_decided(
    law: SmallLaw, point: Point, values: dict[str, Kleene]
) -> None:
    regime = Regimes(law).at(*point)
    for ref in refs(law):
        formula = regime.in_force(ref)
        ignorant = evaluate(formula, guards(None))
        for known in (True, False, None):
            learned = evaluate(formula, settle(values), always(known))
            assert ignorant is None or learned is ignorant


def by(attacks: tuple[Attack, ...]) -> set[str]:
    return {attack.by.ref for attack in attacks}


def always(value: Kleene) -> Callable[[Doubt], Kleene]:
    return lambda _: value


@given(laws(uncertain=True), points, st.data())
def test_the_order_of_files_and_acts_means_nothing(law: SmallLaw, point: Point, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(list(law.enactments.values())))
    other = law_of(law.places, *(replace(each, acts=each.acts[::-1]) for each in shuffled))
    assert values_at(other, point) == values_at(law, point)


@given(laws(uncertain=True), points)
def test_between_dates_nothing_changes(law: SmallLaw, point: Point) -> None:
    timeline = Regimes(law).segments(point.place, point.custodian, point.known)
    regimes = Regimes(law)
    for piece in timeline:
        for at in (piece.start, Instant(piece.end - 1)):
            assert regimes.at(point.place, point.custodian, at, point.known) == piece.value
    assert timeline.at(point.at).clauses == Regimes(law).at(*point).clauses


@given(laws(uncertain=True), points)
def test_every_status_has_a_sentence(law: SmallLaw, point: Point) -> None:
    regime: Regime = Regimes(law).at(*point)
    for ref in refs(law):
        status = regime.why(ref)
        assert status.value == regime.in_force(ref)
        assert status.sentence.endswith(".")
        assert "  " not in status.sentence
        for value in (True, False, None):
            one = regime.why(ref, guards(value))
            assert one.value is evaluate(regime.in_force(ref), guards(value))


@given(laws(uncertain=True), points)
def test_only_uncertain_scope_or_dates_leave_a_doubt(law: SmallLaw, point: Point) -> None:
    regime = Regimes(law).at(*point)
    known = {
        leaf.act for ref in refs(law) for leaf in leaves(regime.in_force(ref)) if isinstance(leaf, Guard)
    }
    bound = {each.ref for each in dated_acts(law) if each.act.scope.condition is not None}
    assert known <= bound


@given(laws(uncertain=True), points, st.integers(-3, 3))
def test_shifting_all_of_law_by_whole_days_shifts_what_is_in_force(
    law: SmallLaw, point: Point, shift: int
) -> None:
    later = point._replace(at=Instant(point.at + shift * DAY), known=Instant(point.known + shift * DAY))
    assert values_at(Shifted(law.enactments, law.places, shift), later) == values_at(law, point)


@dataclass(frozen=True)
class Shifted(SmallLaw):
    """The same law, every date so many days later."""

    days: int

    def instant(self, date: str | Uncertain, place: str, /) -> When:
        return shifted(super().instant(date, place), self.days * DAY)
