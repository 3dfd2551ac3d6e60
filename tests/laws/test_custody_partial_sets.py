"""A set that may lack something settles what is in it and never what is not, in facts and in law."""

from hypothesis import given
from hypothesis import strategies as st

from habeas.custody.coverage import Coverage
from habeas.custody.events import PartyJoined
from habeas.custody.facts import PartialSet
from habeas.custody.record import fold
from habeas.kernel.kleene import Kleene
from habeas.kernel.places import EVERYWHERE
from habeas.law.compile import Facts, compile_condition
from habeas.law.enactments import Limb
from habeas.law.vocabulary import FactSpec, FactType, Vocabulary
from small_stories import PERSON, at, told

VOCABULARY = Vocabulary([FactSpec("person.party_to", FactType.SET, (), "Cases.")])
IN_THE_CASE = compile_condition(Limb('"a-v-b" in person.party_to'), VOCABULARY, subject="person")
COMPLETE = Coverage(facts=frozenset({"person.party_to"}), places=frozenset({EVERYWHERE}))


def party(cases: frozenset[str], *coverage: Coverage) -> Kleene:
    """Whether law takes a person who is shown to have joined some cases for a party to one."""
    record = fold([told(PartyJoined, "04 10:00", party_to=cases)], coverage=coverage)
    person = record.row("person", PERSON).facts_at(at("05 00:00"))
    facts = Facts(at=at("05 00:00"), subject_kind="person", subject=person, person=person)
    value = IN_THE_CASE.evaluate(facts)
    assert IN_THE_CASE.trace(facts)[0] is value
    return value


def test_who_is_shown_to_be_a_party_is_one() -> None:
    assert party(frozenset({"a-v-b", "c-v-d"})) is True
    assert party(frozenset({"a-v-b"}), COMPLETE) is True


def test_who_is_shown_in_another_case_may_be_one_unless_the_list_is_complete() -> None:
    assert party(frozenset({"c-v-d"})) is None
    assert party(frozenset({"c-v-d"}), COMPLETE) is False


@given(st.frozensets(st.sampled_from(("a-v-b", "c-v-d", "e-v-f"))), st.frozensets(st.just("a-v-b")))
def test_learning_the_rest_of_a_list_flips_nothing(shown: frozenset[str], rest: frozenset[str]) -> None:
    def evaluated(cases: frozenset[str]) -> Kleene:
        row = {"party_to": cases}
        return IN_THE_CASE.evaluate(Facts(at=at("05 00:00"), subject_kind="person", subject=row, person=row))

    assert evaluated(PartialSet(shown)) in {None, evaluated(shown | rest)}
