"""A whole ledger of people against a plain model of it, whatever is done and in whatever order.

Recorded, told again, corrected, merged, split, sealed, unsealed, expunged, signed, backed up, crashed, restored,
recovered and asked as it was known at any instant. `make ledger-machine` takes many more steps.
"""

from __future__ import annotations

import copy
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from habeas.authority.inquiry import Regimen, fact_kinds
from habeas.custody.events import Event, Released
from habeas.custody.events.event import Ref
from habeas.custody.events.keeping import Arrested
from habeas.desk import clock_alarm, joining, kept, ledgers, restoring
from habeas.desk.checkpointing import keep_note, sign, verified
from habeas.desk.expunging import carry_out, order_for, put_forward
from habeas.desk.kept import LedgerPeople
from habeas.desk.ledgers import Identity, LedgerFolder, find, init, opened
from habeas.desk.library import library
from habeas.desk.orders import Action, approve, orders_of
from habeas.desk.people import UnknownPerson
from habeas.desk.policies import Policy, Rule
from habeas.desk.recording import EventConflicts, Outcome, Receiving, Told, record
from habeas.desk.restoring import appending, backup, restore
from habeas.desk.withheld import ExpungedPerson, SealedPerson, Withheld
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import FOREVER, HOUR, MINUTE, Instant
from habeas.ledger.errors import Expunged
from people_model import Fact, Model, Pair, Someone
from small_ledgers import START, Clock
from small_rulebook import small_rulebook

CLERK, CHIEF = Identity("clerk-1"), Identity("chief-2", "supervisor")
CITE = "order 17 of the county court (fictional)"
NAMES = ["Ada Quill", "Bo Finch", "Cy Marsh"]
STEPS = int(os.environ.get("HABEAS_MACHINE_STEPS", "15"))
EXAMPLES = int(os.environ.get("HABEAS_MACHINE_EXAMPLES", "3"))


@cache
def regimen() -> Regimen:
    """The fictional state's law; read once."""
    with tempfile.TemporaryDirectory() as folder:
        return library(small_rulebook(Path(folder)), cache=Path(folder) / "cache")


def policy(action: Action, entries: str = "keep") -> Policy:
    return Policy("us/zz", Rule(id="r", action=action, cite="c", says="s", people=2, entries=entries))


class LedgerOfPeople(RuleBasedStateMachine):
    """Everything that is done to a ledger, and what it then has to say."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.patch = pytest.MonkeyPatch()
        self.clock = Clock(now=START, step=MINUTE)
        for module in (ledgers, kept, clock_alarm):
            self.patch.setattr(module, "now", self.clock)
        self.folder: LedgerFolder = init(self.root / "db", origin="zz.invalid/machine")
        self.model = Model()
        self.notes: list[tuple[int, str]] = []
        self.saved: tuple[Path, Model] | None = None
        self.number = self.falls = 0
        self.chance = random.Random(1)  # noqa: S311 - repeatable, not secret

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.patch.undo()
        shutil.rmtree(self.root)

    @property
    def size(self) -> int:
        """How many entries there should be: what was done, and an alarm where the clock had been set back."""
        with opened(self.folder) as ledger:
            alarms = len(ledger.stream(clock_alarm.STREAM))
        assert self.falls or not alarms
        return self.model.size + alarms

    # ------------------------------------------------------------------- recording

    def _event(self, name: str, corrects: Event | None = None) -> Event:
        self.number += 1
        kind = Released if corrects is None and self.number % 3 == 0 else Arrested
        about = Ref("booking", f"{name[:2]}-{self.number % 2}") if corrects is None else corrects.about
        return kind(
            id=EventId(f"e{self.number}"),
            person=PersonId(name),
            at=Instant(START - HOUR + self.number * MINUTE),
            known_at=START,
            about=about,
            supersedes=None if corrects is None else corrects.id,
        )

    def _record(self, name: str, *events: Event) -> list[Outcome]:
        receiving = Receiving(who=CLERK, kinds=fact_kinds(regimen().rulebook.vocabulary))
        with appending(self.folder) as ledger:
            done = record(ledger, [Told(PersonId(name), events)], receiving)
        self.model.size += done.entries
        if name not in self.model.people:
            assert done.new_people == 1
            self.model.people[name] = Someone(name)
        who, by_id = self.model.people[name], {event.id: event for event in events}
        for receipt in done.receipts:
            if receipt.outcome is not Outcome.ALREADY:
                who.told.append(Fact(by_id[EventId(receipt.event)], receipt.recorded_at))
        return [receipt.outcome for receipt in done.receipts]

    @initialize()
    def tell_of_everybody(self) -> None:
        for name in NAMES:
            self._record(name, self._event(name))

    @rule(name=st.sampled_from(NAMES), count=st.integers(1, 3))
    def tell(self, name: str, count: int) -> None:
        events = [self._event(name) for _ in range(count)]
        assert self._record(name, *events) == [Outcome.ACCEPTED] * count

    def _told(self, data: st.DataObject) -> tuple[Someone, Fact] | None:
        every = [(who, fact) for who in self.model.people.values() for fact in who.told]
        return data.draw(st.sampled_from(every)) if every else None

    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        if (found := self._told(data)) is not None:
            size = self.model.size
            assert self._record(found[0].name, found[1].event) == [Outcome.ALREADY]
            assert self.model.size == size

    @rule(data=st.data())
    def tell_otherwise(self, data: st.DataObject) -> None:
        if (found := self._told(data)) is not None:
            other = replace(found[1].event, at=Instant(START + HOUR))
            with pytest.raises(EventConflicts):
                self._record(found[0].name, self._event(found[0].name), other)

    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        if (found := self._told(data)) is not None:
            who, fact = found
            assert self._record(who.name, self._event(who.name, corrects=fact.event)) == [Outcome.CORRECTED]

    # ---------------------------------------------------------- one person, or not

    @rule(pair=st.permutations(NAMES))
    def merge(self, pair: list[str]) -> None:
        one, other = (self.model.people.get(name) for name in pair[:2])
        if one is None or other is None or other in self.model.one(one, self.clock.now):
            return
        joined = self.model.one(other, self.clock.now)
        top = self._top(one)
        with appending(self.folder) as ledger:
            receipt = joining.merge(ledger, one.name, other.name, "told", CLERK, self.clock())
        self.model.size += 1
        self.model.pairs.append(Pair(receipt.event_id, top, list(joined), receipt.recorded_at))

    def _top(self, who: Someone) -> Someone:
        """Under whose name somebody stands now."""
        for pair in self.model.pairs:
            if pair.end == FOREVER and who in pair.joined:
                return self._top(pair.kept)
        return who

    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        standing = [pair for pair in self.model.pairs if pair.end == FOREVER]
        if not standing:
            return
        pair = data.draw(st.sampled_from(standing))
        with appending(self.folder) as ledger:
            receipt = joining.split(ledger, pair.entry, "not so", CLERK)
        self.model.size += 1
        pair.end = receipt.recorded_at

    # -------------------------------------------------------------------- orders

    def _ordered(self, who: Someone, rule_of: Policy, *, overtaken: bool = False) -> str | None:
        """An order by two people; None where it is refused."""
        with appending(self.folder) as ledger:
            proposed = put_forward(ledger, order_for(ledger, who.name, rule_of, CITE), CLERK)
            self.model.size += 1
            with pytest.raises(Withheld, match="another person"):
                approve(ledger, proposed, CLERK)
        if overtaken:
            self._record(who.name, self._event(who.name))
            with appending(self.folder) as ledger, pytest.raises(Withheld, match="lapsed"):
                approve(ledger, proposed, CHIEF)
            return None
        with appending(self.folder) as ledger:
            assert approve(ledger, proposed, CHIEF).effective
            self.model.size += 1
        return proposed

    def _draw(self, data: st.DataObject) -> Someone | None:
        people = list(self.model.people.values())
        return data.draw(st.sampled_from(people)) if people else None

    @rule(data=st.data(), overtaken=st.booleans())
    def seal(self, data: st.DataObject, overtaken: bool) -> None:
        if (who := self._draw(data)) is None:
            return
        whole = self.model.one(who, self.clock.now)
        if self.model.sealed(whole):
            with opened(self.folder) as ledger, pytest.raises(Withheld, match="sealed already"):
                order_for(ledger, who.name, policy(Action.SEAL), CITE)
        elif self._ordered(who, policy(Action.SEAL), overtaken=overtaken):
            self.model.seals.append(whole)

    @rule(data=st.data())
    def unseal(self, data: st.DataObject) -> None:
        if (who := self._draw(data)) is None:
            return
        whole = self.model.one(who, self.clock.now)
        if not self.model.sealed(whole):
            with opened(self.folder) as ledger, pytest.raises(Withheld, match="not sealed"):
                order_for(ledger, who.name, policy(Action.UNSEAL), CITE)
            return
        assert self._ordered(who, policy(Action.UNSEAL))
        self.model.seals = [seal for seal in self.model.seals if not seal & whole]

    @precondition(lambda self: len(self.model.people) == len(NAMES))
    @rule(data=st.data(), entries=st.sampled_from(["keep", "payload", "entry"]))
    def expunge(self, data: st.DataObject, entries: str) -> None:
        if (who := self._draw(data)) is None:
            return
        whole = self.model.one(who, self.clock.now)
        proposed = self._ordered(who, policy(Action.EXPUNGE, entries))
        assert proposed is not None
        with appending(self.folder) as ledger:
            order = orders_of(ledger)[proposed]
            done = carry_out(ledger, self.folder, order, CHIEF)
            for stream in order.streams:
                for entry in ledger.stream(stream):
                    with pytest.raises(Expunged):
                        ledger.payload(entry)
        self.model.size += 1
        self.model.holes += done.holes
        for one in whole:
            del self.model.people[one.name]
        self.model.gone += [
            Someone(one.name, order=CITE, stream=stream)
            for one, stream in zip(whole, order.streams, strict=True)
        ]
        # What said that people are one lay in the record of the one under whose name they stood.
        self.model.pairs = [pair for pair in self.model.pairs if pair.kept not in whole]

    # ------------------------------------------------------------ what befalls it

    @rule(by=st.sampled_from([-HOUR, -1, HOUR]))
    def set_clock(self, by: int) -> None:
        self.clock.now += by
        self.falls += by < 0

    @rule()
    def crash(self) -> None:
        """The process is gone without a word: files are copied as they lie while it writes, and opened there."""
        self.number += 1
        with opened(self.folder, writable=True) as ledger:
            size = ledger.position()
            shutil.copytree(self.folder.path, self.root / f"crashed-{self.number}")
        assert size == self.size
        self.folder = find(self.root / f"crashed-{self.number}")

    @rule()
    def publish(self) -> None:
        self.notes.append((self.size, sign(self.folder)))

    @rule()
    def back_up(self) -> None:
        self.number += 1
        to = self.root / f"backup-{self.number}"
        done = backup(self.folder, to / "copy", to / "escrow")
        assert done.size == self.size
        self.saved = to, copy.deepcopy(self.model)

    @precondition(lambda self: self.saved is not None)
    @rule()
    def wipe_and_restore(self) -> None:
        assert self.saved is not None
        saved, model = self.saved
        self.number += 1
        shutil.rmtree(self.folder.path)
        self.folder = restore(saved / "copy", saved / "escrow", self.root / f"restored-{self.number}")
        self.model = copy.deepcopy(model)
        there = self.size
        for _, note in self.notes:
            keep_note(self.folder, note)
        if max((size for size, _ in self.notes), default=0) > there:
            self._recover()
        self.notes = [note for note in self.notes if note[0] <= there]

    def _recover(self) -> None:
        with pytest.raises(Withheld, match="are lost here"), appending(self.folder):
            pass
        assert not verified(self.folder).sound
        proposed = restoring.propose_recovery(self.folder, "the disk burnt", CLERK)
        with pytest.raises(Withheld, match="another person"):
            restoring.approve_recovery(self.folder, proposed, CLERK)
        self.folder = restoring.approve_recovery(self.folder, proposed, CHIEF)
        self.model.size += 2
        self.saved = None

    # ---------------------------------------------------------------------- asking

    def _instants(self) -> Iterator[int]:
        for who in self.model.people.values():
            yield from (fact.recorded_at for fact in who.told)
        for pair in self.model.pairs:
            yield from (pair.start, pair.end)

    @invariant()
    def what_was_known_is_what_is_answered(self) -> None:
        latest = max((at for at in self._instants() if at < FOREVER), default=START)
        # Nobody may ask for what will be known, and the clock may stand behind what it was.
        self.clock.now = max(self.clock.now, latest)
        every = sorted({at + by for at in self._instants() if at < FOREVER for by in (-1, 0)})
        found = LedgerPeople(self.folder, regimen())
        assert set(found) == set(self.model.people)
        for at in self.chance.sample(every, min(3, len(every))):
            for who in self.model.people.values():
                self._ask(found, who, Instant(at))
        for gone in self.model.gone:
            with pytest.raises(ExpungedPerson, match="order 17"):
                found[gone.stream]

    def _ask(self, found: LedgerPeople, who: Someone, at: Instant) -> None:
        if self.model.sealed(self.model.one(who, found.moment)):
            with pytest.raises(SealedPerson):
                found[who.name]
            return
        expected, anything = self.model.known(who, at)
        if not anything:
            with pytest.raises(UnknownPerson):
                found[who.name].inquiry(facts_known_at=at, law_known_at=at)
            return
        then = found[who.name].inquiry(facts_known_at=at, law_known_at=at).record
        assert {event.id for event in then.events} == expected

    @invariant()
    def nothing_is_lost_and_proofs_hold(self) -> None:
        found = verified(self.folder)
        assert found.sound, found.problems
        assert (found.size, found.holes) == (self.size, self.model.holes)
        assert found.trusted >= max((size for size, _ in self.notes), default=0)


LedgerOfPeople.TestCase.settings = settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None)
TestLedgerOfPeople = LedgerOfPeople.TestCase
