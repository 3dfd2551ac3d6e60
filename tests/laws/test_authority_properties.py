"""What must hold of every answer, whatever the law and whoever the person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import authority_strategies as invented
from authority_strategies import HINDSIGHT, PERSON, Story, at, event
from habeas.authority.answer import Findings, answer
from habeas.authority.findings import Verdict
from habeas.authority.inquiry import Inquiry, Regimen
from habeas.authority.unknowns import settled
from habeas.custody.events import Arrested, DetainerLodged, Event, Ref, Term, WarrantLodged
from habeas.custody.facts import COLLECTIONS, Collection
from habeas.kernel.instants import DAY, FOREVER, Instant, earliest_of, latest_of, shifted
from habeas.kernel.intervals import IntervalSet
from habeas.kernel.kleene import Kleene
from habeas.law.compile import Compiled
from habeas.law.documents import Tree
from habeas.law.enactments import Stratum
from habeas.law.facts import Facts
from habeas.law.rulebook import Rulebook
from habeas.law.vocabulary import FactSpec

DEFINITE = {Verdict.LAWFUL, Verdict.UNLAWFUL}
FEW = settings(max_examples=40)


def verdicts(inquiry: Inquiry, hours: list[int]) -> list[Verdict]:
    return [settled(inquiry, at(hour)) for hour in hours]


def bases(inquiry: Inquiry, instant: Instant) -> set[tuple[str, tuple[str, str]]]:
    return {(basis.provision, basis.subject) for basis in Findings(inquiry, instant).bases}


@given(st.data(), invented.stories(), invented.laws(), invented.asked)
def test_the_order_in_which_events_are_told_changes_no_answer(
    data: st.DataObject, story: Story, regimen: Regimen, hours: list[int]
) -> None:
    told = Story(tuple(data.draw(st.permutations(story.events))), story.coverage)
    one, other = story.inquiry(regimen), told.inquiry(regimen)
    assert verdicts(one, hours) == verdicts(other, hours)
    assert [bases(one, at(hour)) for hour in hours] == [bases(other, at(hour)) for hour in hours]


@given(invented.stories(), invented.laws(), invented.asked, st.data())
def test_one_more_hold_removes_no_basis_of_another_paper(
    story: Story, regimen: Regimen, hours: list[int], data: st.DataObject
) -> None:
    more = data.draw(invented.detainers("d9", 0))
    added = tuple(
        event(kind, 90 + n, hour, about, terms) for n, (kind, hour, about, terms) in enumerate(more)
    )
    with_it = Story((*story.events, *added), story.coverage).inquiry(regimen)
    without = story.inquiry(regimen)
    for hour in hours:
        assert bases(without, at(hour)) <= bases(with_it, at(hour))


@given(invented.stories(), invented.laws(), invented.asked, invented.hours)
def test_one_more_warrant_removes_no_criminal_basis(
    story: Story, regimen: Regimen, hours: list[int], lodged: int
) -> None:
    terms: dict[str, Term] = {"kind": "warrant"}
    added = event(WarrantLodged, 90, lodged, Ref("instrument", "w9"), terms)
    with_it = Story((*story.events, added), story.coverage).inquiry(regimen)
    without = story.inquiry(regimen)
    for hour in hours:
        criminal = {
            (basis.provision, basis.subject)
            for basis in Findings(without, at(hour)).bases
            if basis.stratum is Stratum.CRIMINAL
        }
        assert criminal <= bases(with_it, at(hour))


@given(invented.artefacts(), invented.stories(), invented.asked, st.data())
def test_an_act_known_later_changes_no_answer_asked_as_known_earlier(
    artefact: Any, story: Story, hours: list[int], data: st.DataObject
) -> None:
    before = Regimen(Rulebook(artefact, {}))
    names = [name.rpartition("/")[2] for name in artefact.enactments if name.startswith(invented.PLACE)]
    later: dict[str, Tree] = data.draw(invented.enactments("2009-later", names))
    acts = later["acts"]
    assert isinstance(acts, list), "an enactment has acts"
    later["acts"] = [{**act, "known": "2019-01-01"} for act in acts if isinstance(act, dict)]
    added = replace(artefact, enactments={**artefact.enactments, f"{invented.PLACE}/2009-later": later})
    after = Regimen(Rulebook(added, {}))
    known = Instant(invented.FIRST + 600 * DAY)
    assert verdicts(story.inquiry(before, known), hours) == verdicts(story.inquiry(after, known), hours)


@given(invented.stories(complete=True), invented.laws(), invented.asked, st.data())
def test_a_poorer_record_never_says_the_opposite_of_the_complete_one(
    story: Story, regimen: Regimen, hours: list[int], data: st.DataObject
) -> None:
    """Unknown never becomes LAWFUL, nor UNLAWFUL, where knowing more would say otherwise."""
    poor = data.draw(invented.poorer(story))
    complete, worse = story.inquiry(regimen), poor.inquiry(regimen)
    for hour in hours:
        known, guessed = settled(complete, at(hour)), settled(worse, at(hour))
        if known in DEFINITE and guessed in DEFINITE:
            assert guessed is known


@given(invented.stories(complete=True), invented.laws(), invented.asked, st.data())
def test_learning_an_unknown_fact_never_turns_a_definite_answer(
    story: Story, regimen: Regimen, hours: list[int], data: st.DataObject
) -> None:
    poor = data.draw(invented.poorer(story)).inquiry(regimen)
    vocabulary = regimen.rulebook.vocabulary
    unknown: list[tuple[Collection, str, FactSpec]] = [
        (collection, row.id, spec)
        for collection in COLLECTIONS
        for row in poor.record.rows(collection)
        for spec in vocabulary.of(collection)
        if spec.type in {"bool", "code"}
        and row.facts_at(at(invented.LENGTH)).get(spec.name.partition(".")[2]) is None
    ]
    assume(unknown)
    collection, row, spec = data.draw(st.sampled_from(unknown))
    values: tuple[bool | str, ...] = (True, False) if spec.type == "bool" else spec.values
    assume(values)
    value = data.draw(st.sampled_from(values))
    learnt = poor.of(poor.record.supposing({(collection, row, spec.name.partition(".")[2]): value}))
    for hour in hours:
        before = settled(poor, at(hour))
        if before in DEFINITE:
            assert settled(learnt, at(hour)) is before


@given(invented.stories(complete=True), invented.laws(), invented.asked, st.data())
def test_learning_when_something_happened_never_turns_a_definite_answer(
    story: Story, regimen: Regimen, hours: list[int], data: st.DataObject
) -> None:
    poor = data.draw(invented.poorer(story)).inquiry(regimen)
    uncertain = poor.record.uncertain
    assume(uncertain)
    placed = {
        key: Instant(data.draw(st.integers(earliest_of(when), latest_of(when))))
        for key, when in sorted(uncertain.items())
    }
    learnt = poor.of(poor.record.placing(placed))
    for hour in hours:
        before = settled(poor, at(hour))
        if before in DEFINITE:
            assert settled(learnt, at(hour)) is before


@given(invented.stories(), invented.laws(), st.data())
def test_custody_splits_into_lawful_unlawful_and_undetermined(
    story: Story, regimen: Regimen, data: st.DataObject
) -> None:
    told = data.draw(st.one_of(st.just(story), invented.poorer(story)))
    inquiry = told.inquiry(regimen)
    for index, episode in enumerate(inquiry.custody):
        pieces = inquiry.derivation(index).pieces
        shares = {
            verdict: IntervalSet((p.start, p.end) for p in pieces if p.verdict is verdict)
            for verdict in Verdict
        }
        whole = IntervalSet([(earliest_of(episode.start), latest_of(episode.end))])
        together = IntervalSet([])
        for share in shares.values():
            assert not together & share
            together |= share
        assert together == whole
        assert all(piece.start < piece.end for piece in pieces)


@FEW
@given(invented.artefacts("Etc/UTC"), invented.stories(), invented.asked, st.integers(1, 60))
def test_whole_weeks_later_the_answers_are_the_same_weeks_later(
    artefact: Any, story: Story, hours: list[int], weeks: int
) -> None:
    """In a zone whose clocks never change, with clocks that count no holidays."""
    step = weeks * 7 * DAY
    moved = Story(tuple(_later(each, step) for each in story.events), story.coverage)
    known = Instant(HINDSIGHT + step)
    one = story.inquiry(Regimen(Rulebook(artefact, {})))
    later = Regimen(Rulebook(invented.weeks_later(artefact, weeks), {}))
    other = Inquiry(moved.record(known, later), one.setting, later, known, {})
    assert verdicts(one, hours) == [settled(other, Instant(at(hour) + step)) for hour in hours]


def _later(each: Event, step: int) -> Event:
    terms = {
        name: shifted(Instant(term), step) if name.endswith("_at") and isinstance(term, int) else term
        for name, term in each.terms.items()
    }
    return replace(each, at=shifted(each.at, step), known_at=Instant(each.known_at + step), terms=terms)


@FEW
@given(
    invented.artefacts(), st.lists(st.sampled_from(invented.FORMS), min_size=1, max_size=2), invented.asked
)
def test_a_paper_of_which_nothing_is_stated_never_makes_custody_lawful(
    artefact: Any, forms: list[str], hours: list[int]
) -> None:
    """Every text asks whether the paper is complete, and no paper says."""
    texts = {name: _asking(tree) for name, tree in artefact.enactments.items()}
    regimen = Regimen(Rulebook(replace(artefact, enactments=texts), {}))
    keeper: dict[str, Term] = {"custodian_kind": "county-jail", "place": invented.PLACE}
    told: list[Event] = [event(Arrested, 0, 0, Ref("booking", "b1"), keeper)]
    for number, form in enumerate(forms, 1):
        terms: dict[str, Term] = {"kind": "immigration-detainer", "form": form}
        told.append(event(DetainerLodged, number, number, Ref("instrument", f"d{number}"), terms))
    found = verdicts(Story(tuple(told), ()).inquiry(regimen), hours)
    assert Verdict.LAWFUL not in found


def _asking(tree: dict[str, Tree]) -> dict[str, Tree]:
    """The same text, with one more limb that no paper answers."""
    provisions = tree["provisions"]
    assert isinstance(provisions, list), "an enactment has provisions"
    limb: Tree = {"if": "instrument.complete"}
    made: list[Tree] = []
    for each in provisions:
        assert isinstance(each, dict), "a provision has fields"
        on_papers = each.get("effect") in {"may-hold", "must-hold"} and each.get("on") == "instrument"
        when: Tree = {"all": [each["when"], limb]} if "when" in each else limb
        made.append({**each, "when": when} if on_papers else each)
    return {**tree, "provisions": made}


def by_trace(compiled: Compiled) -> Callable[[Facts], Kleene]:
    """A condition asked for its value by way of its reasons."""
    return lambda facts: compiled.trace(facts)[0]


@settings(max_examples=15)
@given(invented.stories(), invented.laws(), invented.asked.map(lambda hours: hours[:2]), st.data())
def test_the_answer_is_the_same_whether_conditions_are_traced_or_not(
    story: Story, regimen: Regimen, hours: list[int], data: st.DataObject
) -> None:
    told = data.draw(st.one_of(st.just(story), invented.poorer(story)))
    plain = [answer(told.inquiry(regimen), at(hour)) for hour in hours]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Compiled, "evaluate", property(by_trace))
        traced = [answer(told.inquiry(regimen), at(hour)) for hour in hours]
    assert plain == traced


@given(invented.stories(), invented.laws(), invented.hours)
def test_what_supports_custody_covers_the_instant_it_is_asked_about(
    story: Story, regimen: Regimen, hour: int
) -> None:
    found = Findings(story.inquiry(regimen), at(hour))
    for basis in found.bases:
        assert basis.starts_at <= at(hour) < basis.until <= FOREVER
    if found.verdict is Verdict.LAWFUL and found.bases:
        assert found.latest_lawful is not None
        assert found.latest_lawful > at(hour)
    assert story.record().person == PERSON
