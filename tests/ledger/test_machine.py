"""A whole ledger against a model of it: whatever is done, in whatever order, with crashes in between."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule
from msgspec.structs import replace

from habeas.kernel.instants import HOUR, Instant
from habeas.ledger import (
    Draft,
    Fact,
    KeyStore,
    Ledger,
    Outcome,
    Projection,
    Projector,
    Receipt,
    TrustedRoot,
    verify,
)
from habeas.ledger.errors import EventConflict, Expunged, KeyConflict, UnknownEvent
from habeas.ledger.store import HoleRow
from small_ledgers import ROOT_SECRET, Clock, SqlitePlace, draft


@dataclass
class Line:
    """An entry as the model keeps it."""

    asked: Draft
    receipt: Receipt
    key_destroyed: bool = False
    hole: str = ""


EPISODES = [("p-1", "b-1"), ("p-1", "b-2"), ("p-2", "b-1"), ("p-3", "b-1")]
EVERYWHERE = Projection("all", 1, lambda known: {Fact(item.header.kind) for item in known})


class LedgerMachine(RuleBasedStateMachine):
    """Append, retry, correct, conflict, crash, settle, expunge, restore nothing, ask."""

    receipts = Bundle("receipts")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = Clock()
        SqlitePlace(self.folder).make()
        KeyStore(self.folder, ROOT_SECRET, create=True).close()
        self.lines: list[Line] = []
        self.settled: list[tuple[Instant, int]] = []
        self.roots = [TrustedRoot(0, verify(SqlitePlace(self.folder).store()).root)]
        self.number = 0
        self.projector = Projector(None, [EVERYWHERE])
        self._open()

    def _open(self) -> None:
        keys = KeyStore(self.folder, ROOT_SECRET)
        self.ledger = Ledger(SqlitePlace(self.folder).store(), keys, self.clock)

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.ledger.close()
        self.projector.close()
        shutil.rmtree(self.folder)

    def _next(self, episode: tuple[str, str], **changes: Any) -> Draft:
        self.number += 1
        return draft(self.number, stream=episode[0], episode=episode[1], **changes)

    def _note(self, asked: Draft, receipt: Receipt) -> Receipt:
        assert receipt.outcome is Outcome.ACCEPTED
        assert receipt.seq == len(self.lines)
        assert not self.lines or receipt.recorded_at > self.lines[-1].receipt.recorded_at
        self.lines.append(Line(asked, receipt))
        return receipt

    @rule(target=receipts, episode=st.sampled_from(EPISODES), kind=st.sampled_from(["Booked", "Released"]))
    def append(self, episode: tuple[str, str], kind: str) -> Receipt:
        asked = self._next(episode, kind=kind)
        return self._note(asked, self.ledger.append(asked))

    @rule(target=receipts, episodes=st.lists(st.sampled_from(EPISODES), min_size=1, max_size=6))
    def append_together(self, episodes: list[tuple[str, str]]) -> Any:
        asked = [self._next(episode) for episode in episodes]
        return multiple(*map(self._note, asked, self.ledger.append_all(asked)))

    @rule(target=receipts, receipt=receipts)
    def correct(self, receipt: Receipt) -> Any:
        line = self.lines[receipt.seq]
        asked = self._next((line.asked.stream, line.asked.episode), supersedes=receipt.event_id)
        if line.hole == "entry":
            try:
                self.ledger.append(asked)
            except UnknownEvent:
                return multiple()
            raise AssertionError("what is gone was corrected")
        return self._note(asked, self.ledger.append(asked))

    @rule(receipt=receipts)
    def retry(self, receipt: Receipt) -> None:
        line = self.lines[receipt.seq]
        if line.hole == "entry":
            return  # it would be recorded anew: its key is gone with it
        if line.key_destroyed and not line.hole:
            try:
                self.ledger.append(line.asked)
            except Expunged:
                return
            raise AssertionError("what was expunged was compared")
        again = self.ledger.append(line.asked)
        assert (again.outcome, again.seq, again.leaf) == (Outcome.REPLAYED, receipt.seq, receipt.leaf)

    @rule(receipt=receipts)
    def conflict(self, receipt: Receipt) -> None:
        line = self.lines[receipt.seq]
        if line.hole == "entry" or line.key_destroyed:
            return
        other = replace(line.asked, role="another")
        try:
            self.ledger.append_all([self._next(("p-1", "b-1")), other])
        except KeyConflict:
            return
        raise AssertionError("a key stood for two requests")

    @rule(receipt=receipts)
    def same_event(self, receipt: Receipt) -> None:
        if self.lines[receipt.seq].hole == "entry":
            return
        try:
            self.ledger.append(self._next(("p-2", "b-1"), event_id=receipt.event_id))
        except EventConflict:
            return
        raise AssertionError("an event was recorded twice")

    @rule()
    def crash(self) -> None:
        """The process is gone without a word: files are copied as they lie, and opened there."""
        copy = Path(tempfile.mkdtemp())
        for path in self.folder.iterdir():
            shutil.copy(path, copy)
        self.ledger.close()
        shutil.rmtree(self.folder)
        self.folder = copy
        self._open()

    @rule()
    def reopen(self) -> None:
        self.ledger.close()
        self._open()

    @rule(by=st.sampled_from([-HOUR, -1, 1, HOUR]))
    def set_clock(self, by: int) -> None:
        self.clock.now += by

    @rule()
    def ask_now(self) -> None:
        asked = Instant(self.clock.now)
        position = self.ledger.position_at(asked)
        assert position == sum(line.receipt.recorded_at <= asked for line in self.lines)
        self.settled.append((asked, position))

    @rule()
    def publish(self) -> None:
        found = verify(self.ledger.store, engine=False)
        self.roots.append(TrustedRoot(found.size, found.root))

    @rule(receipt=consumes(receipts), what=st.sampled_from(["payload", "entry"]))
    def remove(self, receipt: Receipt, what: Any) -> None:
        if receipt.seq + 1 == len(self.lines) or self.lines[receipt.seq].hole:
            return
        self.ledger.open_hole(receipt.seq, what, len(self.lines) - 1)
        self.lines[receipt.seq].hole = what
        self.projector.forget(self.ledger, self.lines[receipt.seq].asked.stream)

    @rule(episode=st.sampled_from(EPISODES))
    def expunge(self, episode: tuple[str, str]) -> None:
        key_id = self.ledger.keys.key_ids(episode[0]).get(episode[1])
        if key_id is None:
            return
        self.ledger.keys.destroy(key_id, "order 1")
        for line in self.lines:
            if (line.asked.stream, line.asked.episode) == episode:
                line.key_destroyed = True

    @rule()
    def open_payloads(self) -> None:
        for entry, line in zip(self.ledger.entries(), self.lines, strict=True):
            if line.key_destroyed or line.hole:
                try:
                    self.ledger.payload(entry)
                except Expunged:
                    continue
                raise AssertionError("an expunged payload was opened")
            assert self.ledger.payload(entry) == line.asked.payload

    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        position = data.draw(st.integers(0, len(self.lines)))
        for stream in ("p-1", "p-2", "p-3"):
            known = [
                line for line in self.lines[:position] if line.asked.stream == stream and line.hole != "entry"
            ]
            gone = {line.asked.supersedes for line in known}
            assert [entry.seq for entry in self.ledger.as_known(stream, position)] == [
                line.receipt.seq for line in known if line.receipt.event_id not in gone
            ]

    @rule()
    def project(self) -> None:
        self.projector.follow(self.ledger)
        assert self.projector.differences(self.ledger) == []

    @invariant()
    def nothing_is_lost(self) -> None:
        found = verify(self.ledger.store, trusted=self.roots, engine=False)
        assert found.sound, found.problems
        assert found.size == len(self.lines)
        assert found.holes == sum(bool(line.hole) for line in self.lines)
        assert [entry.leaf for entry in self.ledger.entries()] == [line.receipt.leaf for line in self.lines]

    @invariant()
    def what_was_settled_stays(self) -> None:
        for asked, position in self.settled[-3:]:
            if asked <= self.clock.now:
                assert self.ledger.position_at(asked) == position


def test_a_hole_is_a_row_with_a_digest() -> None:
    assert HoleRow._fields == ("seq", "what", "ordered_by", "digest")


LedgerMachine.TestCase.settings = settings(max_examples=12, stateful_step_count=30, deadline=None)
TestLedgerMachine = LedgerMachine.TestCase
