"""A release takes two people and what they saw: whatever is done in whatever order."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from habeas.desk.doings import Doing, facts_position
from habeas.desk.ledgers import CUSTODY_CONTINUED, RELEASE_APPROVED, RELEASE_BEGUN, RELEASE_ENDED, Identity
from habeas.desk.releases import (
    ESCALATES,
    RENEWED,
    Approved,
    Begun,
    Bound,
    Continued,
    End,
    Ended,
    Release,
    Signed,
    Stage,
    approve,
    changed,
    open_door,
    send_back,
    signed,
)
from habeas.desk.withheld import Withheld
from habeas.kernel.instants import MINUTE, Instant

PEOPLE = ("ada", "ben", "cleo")


def bound(facts: int = 3, law: str = "l", verdict: str = "UNLAWFUL", *bases: str) -> Bound:
    return Bound(facts=facts, law=law, verdict=verdict, bases=list(bases))


class Book:
    """A person's stream as a list, with the answer that now stands."""

    def __init__(self) -> None:
        self.doings: list[Doing] = []
        self.law, self.verdict, self.bases = "l", "UNLAWFUL", list[str]()
        for _ in range(3):
            self.put("Arrested", "jail", None)

    def put(self, kind: str, actor: str, form: Any, of: str | None = None, role: str = "officer") -> str:
        number = len(self.doings)
        payload = b"" if form is None else msgspec.json.encode(form, order="sorted")
        name = f"e{number}"
        self.doings.append(Doing(name, number, kind, actor, role, Instant(number * MINUTE), of, payload))
        return name

    @property
    def now(self) -> Bound:
        return Bound(facts=facts_position(self.doings), law=self.law, verdict=self.verdict, bases=self.bases)

    @property
    def signed(self) -> Signed:
        return signed(self.doings, self.now)

    def begin(self, who: str) -> str:
        return self.put(RELEASE_BEGUN, who, Begun(bound=self.now, ground="bond posted"))

    def last(self) -> Release:
        return self.signed.releases[-1]


class Signing(RuleBasedStateMachine):
    """Anybody does anything, by the desk's own functions or straight into the ledger."""

    @initialize()
    def start(self) -> None:
        self.book = Book()

    @rule(who=st.sampled_from(PEOPLE))
    def begin(self, who: str) -> None:
        self.book.begin(who)

    @rule(who=st.sampled_from(PEOPLE), data=st.data())
    def approves_by_the_desk(self, who: str, data: st.DataObject) -> None:
        for release in self._one(data):
            try:
                entry = approve(release, self.book.now, "p", Identity(who, "supervisor"))
            except Withheld:
                continue
            form = msgspec.json.decode(entry.payload, type=Approved)
            self.book.put(RELEASE_APPROVED, who, form, release.id)

    @rule(who=st.sampled_from(PEOPLE), facts=st.integers(0, 9), data=st.data())
    def forges_an_approval(self, who: str, facts: int, data: st.DataObject) -> None:
        for release in self._one(data):
            form = Approved(bound=bound(facts), digest=data.draw(st.sampled_from([release.digest, "0" * 64])))
            self.book.put(RELEASE_APPROVED, who, form, release.id)

    @rule(who=st.sampled_from(PEOPLE), how=st.sampled_from(End), data=st.data())
    def ends_by_the_desk(self, who: str, how: End, data: st.DataObject) -> None:
        for release in self._one(data):
            try:
                if how is End.DOOR:
                    entry = open_door(release, self.book.now, "p", Identity(who), "photo")
                    self.book.put("Released", who, None)
                else:
                    entry = send_back(release, "p", Identity(who), "not so")
            except Withheld:
                continue
            self.book.put(RELEASE_ENDED, who, msgspec.json.decode(entry.payload, type=Ended), release.id)

    @rule(who=st.sampled_from(PEOPLE), data=st.data())
    def forges_the_door(self, who: str, data: st.DataObject) -> None:
        for release in self._one(data):
            self.book.put(RELEASE_ENDED, who, Ended(how=End.DOOR, because="in haste"), release.id)

    @rule()
    def something_is_recorded(self) -> None:
        self.book.put("BondPosted", "jail", None)

    @rule(law=st.sampled_from("lm"), verdict=st.sampled_from(["UNLAWFUL", "UNDETERMINED", "LAWFUL"]))
    def the_answer_changes(self, law: str, verdict: str) -> None:
        self.book.law, self.book.verdict = law, verdict

    def _one(self, data: st.DataObject) -> list[Release]:
        releases = self.book.signed.releases
        return [data.draw(st.sampled_from(releases))] if releases else []

    @invariant()
    def nobody_goes_by_one_identity(self) -> None:
        for release in self.book.signed.releases:
            if release.stage in {Stage.APPROVED, Stage.DONE}:
                assert release.approved_by
                assert release.approved_by != release.began_by

    @invariant()
    def what_is_approved_is_what_was_seen(self) -> None:
        for release in self.book.signed.releases:
            if release.stage in {Stage.APPROVED, Stage.WAITING}:
                assert changed(release.begun.bound, self.book.now) == ""

    @invariant()
    def whoever_went_on_changed_facts_is_told_of(self) -> None:
        for release in self.book.signed.releases:
            if release.stage is Stage.DONE and not release.irregular:
                assert release.added <= 1


TestSigning = Signing.TestCase
TestSigning.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_each_part_of_what_is_bound_makes_a_signature_lapse() -> None:
    base = bound(3, "l", "UNLAWFUL")
    assert changed(base, base) == ""
    assert changed(base, bound(4)) == "1 entries were added to the record"
    assert "rulebook" in changed(base, bound(3, "m"))
    assert "LAWFUL" in changed(base, bound(3, "l", "LAWFUL"))
    assert "other bases" in changed(base, bound(3, "l", "UNLAWFUL", "a#b of charge/c"))


def test_an_undetermined_answer_takes_a_supervisor() -> None:
    book = Book()
    book.verdict = "UNDETERMINED"
    book.begin("ada")
    with pytest.raises(Withheld, match="supervisor"):
        approve(book.last(), book.now, "p", Identity("ben", "release officer"))
    approve(book.last(), book.now, "p", Identity("ben", "supervisor"))


def test_nobody_approves_twice_or_what_is_over() -> None:
    book = Book()
    name = book.begin("ada")
    form = Approved(bound=book.now, digest=book.last().digest)
    book.put(RELEASE_APPROVED, "ben", form, name)
    with pytest.raises(Withheld, match="approved by"):
        approve(book.last(), book.now, "p", Identity("cleo"))
    book.put(RELEASE_ENDED, "ben", Ended(how=End.SENT_BACK, because="no"), name)
    with pytest.raises(Withheld, match="over"):
        approve(book.last(), book.now, "p", Identity("cleo"))
    with pytest.raises(Withheld, match="over"):
        send_back(book.last(), "p", Identity("cleo"), "again")


def test_a_door_after_the_record_changed_is_told_as_irregular() -> None:
    book = Book()
    name = book.begin("ada")
    book.put(RELEASE_APPROVED, "ben", Approved(bound=book.now, digest=book.last().digest), name)
    book.put("BailRevoked", "jail", None)
    book.put("Released", "ben", None)
    book.put(RELEASE_ENDED, "ben", Ended(how=End.DOOR, because="photo"), name)
    assert book.last().stage is Stage.DONE
    assert book.last().irregular


@given(minutes=st.integers(0, 90), emergency=st.booleans())
def test_what_waits_comes_to_supervisors(minutes: int, emergency: bool) -> None:
    book = Book()
    book.put(RELEASE_BEGUN, "ada", Begun(bound=book.now, ground="x", emergency=emergency))
    release = book.last()
    at = Instant(release.began_at + minutes * MINUTE)
    assert release.escalated(at) is (emergency or minutes * MINUTE >= ESCALATES)


def test_a_reason_stands_for_an_hour() -> None:
    book = Book()
    book.put(CUSTODY_CONTINUED, "cleo", Continued(because="the lock is broken", since=0))
    signed_at = book.doings[-1].recorded_at
    assert book.signed.reason(Instant(signed_at + RENEWED - 1)) is not None
    assert book.signed.reason(Instant(signed_at + RENEWED)) is None
