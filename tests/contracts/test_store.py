"""What every store gives a ledger. The expectations are computed here from docs/reference/ledger-format.md."""

from __future__ import annotations

import hashlib
import json
import threading

import pytest
from msgspec.structs import replace

from habeas.kernel.instants import HOUR, SECOND, Instant, Precision
from habeas.ledger import Draft, Entry, Outcome, Receipt, verify
from habeas.ledger.audit import TrustedRoot
from habeas.ledger.errors import (
    Closed,
    EventConflict,
    Expunged,
    FutureKnownTime,
    KeyConflict,
    MalformedDraft,
    NotSettled,
    PositionBeyondEnd,
    ReadOnly,
    UnknownEvent,
)
from small_ledgers import BLANK, SOURCE, START, Place, World, draft


def digest(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def root(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return digest(b"\x01", root(leaves[:half]), root(leaves[half:]))


def held_to_the_format(entries: list[Entry]) -> bytes:
    """Check entries by the page alone, with the standard library's JSON; gives the root."""
    chain, last, leaves = bytes(32), -1, []
    for seq, entry in enumerate(entries):
        assert entry.header is not None
        read = json.loads(entry.header)
        written = json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        assert written == entry.header
        assert read["seq"] == entry.seq == seq
        assert read["recorded_at"] == entry.recorded_at > last
        assert entry.sealed is not None
        assert read["payload"] == digest(entry.sealed).hex()
        assert entry.leaf == digest(b"\x00", entry.header)
        chain = digest(b"\x02", chain, entry.leaf)
        assert entry.chain == chain
        last = entry.recorded_at
        leaves.append(entry.leaf)
    return root(leaves)


class TestAppending:
    def test_entries_are_those_of_the_format(self, world: World) -> None:
        receipts = [world.ledger.append(draft(n, stream=f'p-é"{n % 3}')) for n in range(20)]
        entries = list(world.ledger.entries())
        found = held_to_the_format(entries)
        assert [(r.seq, r.leaf, r.recorded_at) for r in receipts] == [
            (e.seq, e.leaf, e.recorded_at) for e in entries
        ]
        checked = verify(world.ledger.store)
        assert (checked.root, checked.size, checked.problems) == (found, 20, ())

    def test_a_header_says_what_the_draft_says(self, world: World) -> None:
        receipt = world.ledger.append(BLANK)
        header = world.ledger.entry(receipt.event_id).read()
        assert header.source is not None
        assert (header.source.file, header.source.recipe, header.source.row) == (
            SOURCE.file_digest,
            SOURCE.recipe_digest,
            SOURCE.row,
        )
        assert header.valid_from == START
        assert (header.zone, header.precision, header.role) == ("America/New_York", "minute", "records")
        assert world.ledger.payload(world.ledger.entry(receipt.event_id)) == BLANK.payload

    def test_a_batch_has_neighbouring_positions(self, world: World) -> None:
        world.ledger.append(draft(0))
        receipts = world.ledger.append_all([draft(n) for n in range(1, 700)])
        assert [receipt.seq for receipt in receipts] == list(range(1, 700))
        held_to_the_format(list(world.ledger.entries()))

    def test_nothing_appended_is_nothing_recorded(self, world: World) -> None:
        assert world.ledger.append_all([]) == ()
        assert world.ledger.position() == 0

    def test_many_clients_share_one_order(self, world: World) -> None:
        receipts: list[Receipt] = []

        def client(number: int) -> None:
            for turn in range(15):
                asked = draft(0, idem=f"{number}-{turn}", stream=f"p-{number}")
                receipts.append(world.ledger.append(asked))
                receipts.append(world.ledger.append(asked))

        threads = [threading.Thread(target=client, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        accepted = [receipt.seq for receipt in receipts if receipt.outcome is Outcome.ACCEPTED]
        replayed = [receipt.seq for receipt in receipts if receipt.outcome is Outcome.REPLAYED]
        assert sorted(accepted) == sorted(replayed) == list(range(120))
        held_to_the_format(list(world.ledger.entries()))


CHANGES: list[tuple[str, dict[str, object]]] = [
    ("payload", {"payload": b"another sheet"}),
    ("stream", {"stream": "p-2"}),
    ("kind", {"kind": "Released"}),
    ("schema_version", {"schema_version": 2}),
    ("role", {"role": "supervisor"}),
    ("session", {"session": None}),
    ("valid_from", {"valid_from": Instant(START + 1)}),
    ("valid_to", {"valid_to": Instant(START + HOUR)}),
    ("precision", {"precision": Precision.DAY}),
    ("zone", {"zone": "America/Chicago"}),
    ("source", {"source": None}),
]


class TestIdempotency:
    def test_the_same_request_is_recorded_once(self, world: World) -> None:
        first = world.ledger.append(draft(1))
        again = world.ledger.append(draft(1))
        assert again == replace(first, outcome=Outcome.REPLAYED)
        assert world.ledger.position() == 1

    def test_it_is_answered_after_a_restart(self, world: World) -> None:
        first = world.ledger.append(draft(1))
        assert world.reopen().append(draft(1)) == replace(first, outcome=Outcome.REPLAYED)

    @pytest.mark.parametrize(("field", "change"), CHANGES, ids=[name for name, _ in CHANGES])
    def test_the_same_key_with_another_request_is_refused(
        self, world: World, field: str, change: dict[str, object]
    ) -> None:
        world.ledger.append(draft(1))
        with pytest.raises(KeyConflict, match=field) as refused:
            world.ledger.append(draft(1, **change))
        assert field in refused.value.fields
        assert refused.value.seq == 0
        assert world.ledger.position() == 1

    def test_keys_are_each_actors_own(self, world: World) -> None:
        world.ledger.append(draft(1))
        assert world.ledger.append(draft(1, actor="officer-8")).outcome is Outcome.ACCEPTED

    def test_a_batch_is_recorded_all_or_none(self, world: World) -> None:
        world.ledger.append(draft(3))
        with pytest.raises(KeyConflict):
            world.ledger.append_all([draft(1), draft(2), draft(3, payload=b"other"), draft(4)])
        assert world.ledger.position() == 1
        receipts = world.ledger.append_all([draft(1), draft(2), draft(3), draft(4), draft(1)])
        assert [(r.seq, r.outcome.value) for r in receipts] == [
            (1, "accepted"), (2, "accepted"), (0, "replayed"), (3, "accepted"), (1, "replayed"),
        ]  # fmt: skip

    def test_a_refused_request_does_not_stop_the_others_of_its_batch(self, world: World) -> None:
        world.ledger.append(draft(0))
        outcomes: dict[int, str] = {}

        def client(number: int, asked: Draft) -> None:
            try:
                outcomes[number] = world.ledger.append(asked).outcome
            except KeyConflict:
                outcomes[number] = "conflict"

        asked = [draft(n) if n % 2 else draft(0, payload=b"%d" % n) for n in range(1, 41)]
        threads = [threading.Thread(target=client, args=pair) for pair in enumerate(asked)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes.values()) == ["accepted"] * 20 + ["conflict"] * 20
        held_to_the_format(list(world.ledger.entries()))

    def test_an_event_identifier_given_is_kept_and_is_unique(self, world: World) -> None:
        chosen = "0195d3a1-7b1c-7000-8000-000000000001"
        assert world.ledger.append(draft(1, event_id=chosen)).event_id == chosen
        assert world.ledger.append(draft(1, event_id=chosen)).outcome is Outcome.REPLAYED
        with pytest.raises(EventConflict, match="entry 0"):
            world.ledger.append(draft(2, event_id=chosen))
        with pytest.raises(KeyConflict, match="event_id"):
            world.ledger.append(draft(1, event_id=chosen[:-1] + "2"))
        with pytest.raises(EventConflict):
            world.ledger.append_all(
                [draft(3, event_id=chosen[:-1] + "3"), draft(4, event_id=chosen[:-1] + "3")]
            )
        assert world.ledger.position() == 1


class TestRecordedTime:
    def test_it_is_the_clocks(self, world: World) -> None:
        receipt = world.ledger.append(draft(1))
        assert START < receipt.recorded_at <= world.clock.now
        assert receipt.clock_behind == 0

    def test_it_goes_on_when_the_clock_is_set_back(self, world: World) -> None:
        first = world.ledger.append(draft(1))
        world.clock.now -= HOUR
        second = world.ledger.append(draft(2))
        assert second.recorded_at == first.recorded_at + 1
        assert second.clock_behind > HOUR - SECOND

    @pytest.mark.parametrize("now", [-1, 2**53])
    def test_a_clock_that_says_nothing_possible_records_nothing(self, world: World, now: int) -> None:
        world.ledger.append(draft(1))
        world.clock.now, world.clock.step = now, 0
        with pytest.raises(Exception, match="the clock says"):
            world.ledger.append(draft(2))
        world.clock.now = START + HOUR
        assert world.ledger.append(draft(2)).outcome is Outcome.ACCEPTED


class TestWhatWasKnown:
    def test_an_instant_has_the_position_of_the_last_entry_not_after_it(self, world: World) -> None:
        receipts = [world.ledger.append(draft(n)) for n in range(30)]
        times = [receipt.recorded_at for receipt in receipts]
        for asked in [START, *times, *[t - 1 for t in times], *[t + 1 for t in times[:-1]]]:
            assert world.ledger.position_at(Instant(asked)) == sum(t <= asked for t in times)

    def test_what_is_not_over_cannot_be_known(self, world: World) -> None:
        with pytest.raises(FutureKnownTime, match="lies in the future"):
            world.ledger.position_at(Instant(world.clock.now + HOUR))

    def test_an_instant_once_asked_keeps_its_position(self, world: World) -> None:
        world.ledger.append(draft(1))
        world.clock.now += HOUR
        asked = Instant(world.clock.now)
        assert world.ledger.position_at(asked) == 1
        world.clock.now -= 2 * HOUR
        assert world.reopen().append(draft(2)).recorded_at == asked + 1
        world.clock.now += 3 * HOUR
        assert world.ledger.position_at(asked) == 1
        assert world.ledger.position_at(Instant(asked + 1)) == 2
        assert verify(world.ledger.store).problems == ()

    def test_an_empty_ledger_knew_nothing(self, world: World) -> None:
        asked = Instant(world.clock.now)
        assert world.ledger.position_at(asked) == 0
        assert world.ledger.append(draft(1)).recorded_at > asked
        assert world.ledger.position_at(asked) == 0

    def test_who_may_only_read_is_told_what_is_not_settled(self, world: World) -> None:
        with pytest.raises(NotSettled, match="nothing is settled"):
            world.reopen(writable=False).position_at(START)
        receipt = world.reopen().append(draft(1))
        ledger = world.reopen(writable=False)
        assert ledger.position_at(receipt.recorded_at) == 1
        with pytest.raises(NotSettled, match="opened for reading only"):
            ledger.position_at(Instant(receipt.recorded_at + 1))

    def test_a_stream_as_it_stood(self, world: World) -> None:
        first = world.ledger.append(draft(0, stream="p-1"))
        world.ledger.append(draft(1, stream="p-2"))
        world.ledger.append(draft(2, stream="p-1"))
        correction = world.ledger.append(draft(3, stream="p-1", supersedes=first.event_id))
        world.ledger.append(draft(4, stream="p-1", supersedes=correction.event_id))
        seqs = {k: [e.seq for e in world.ledger.stream("p-1", k)] for k in range(6)}
        assert seqs == {0: [], 1: [0], 2: [0], 3: [0, 2], 4: [0, 2, 3], 5: [0, 2, 3, 4]}
        known = {k: [e.seq for e in world.ledger.as_known("p-1", k)] for k in range(6)}
        assert known == {0: [], 1: [0], 2: [0], 3: [0, 2], 4: [2, 3], 5: [2, 4]}
        assert [e.seq for e in world.ledger.as_known("p-1")] == [2, 4]

    def test_no_position_beyond_the_end(self, world: World) -> None:
        world.ledger.append(draft(1))
        for ask in (world.ledger.stream, world.ledger.as_known):
            with pytest.raises(PositionBeyondEnd, match="2 is beyond"):
                ask("p-1", 2)
        with pytest.raises(PositionBeyondEnd):
            world.ledger.entries(0, -1)


class TestReferences:
    def test_a_correction_names_an_event_of_its_own_stream(self, world: World) -> None:
        other = world.ledger.append(draft(0, stream="p-2"))
        unknown = "0195d3a1-7b1c-7000-8000-000000000001"
        for target in (other.event_id, unknown):
            with pytest.raises(UnknownEvent, match="an event of stream 'p-1'"):
                world.ledger.append(draft(1, supersedes=target))
        with pytest.raises(UnknownEvent, match="approval_of"):
            world.ledger.append(draft(1, approval_of=unknown))
        assert world.ledger.append(draft(1, approval_of=other.event_id)).seq == 1

    def test_it_may_stand_in_the_same_batch(self, world: World) -> None:
        chosen = "0195d3a1-7b1c-7000-8000-000000000001"
        batch = [draft(0, event_id=chosen), draft(1, supersedes=chosen, approval_of=chosen)]
        assert [receipt.seq for receipt in world.ledger.append_all(batch)] == [0, 1]
        with pytest.raises(UnknownEvent):
            world.ledger.append_all(
                [draft(2, supersedes=chosen[:-1] + "2"), draft(3, event_id=chosen[:-1] + "2")]
            )

    @pytest.mark.parametrize("asked", ["nothing like it", "0195d3a1-7b1c-7000-8000-000000000001"])
    def test_an_event_that_is_not_there(self, world: World, asked: str) -> None:
        with pytest.raises(UnknownEvent):
            world.ledger.entry(asked)


class TestHoles:
    def test_a_payload_goes_and_the_proofs_stay(self, world: World) -> None:
        world.ledger.append_all([draft(n) for n in range(5)])
        before = verify(world.ledger.store)
        world.ledger.open_hole(2, "payload", ordered_by=4)
        after = verify(world.ledger.store, trusted=[TrustedRoot(5, before.root)])
        assert (after.root, after.chain, after.problems, after.holes) == (before.root, before.chain, (), 1)
        entry = list(world.ledger.entries())[2]
        assert entry.sealed is None
        assert entry.header is not None
        with pytest.raises(Expunged, match="entry 2 was expunged by entry 4"):
            world.ledger.payload(entry)

    def test_an_entry_goes_but_for_its_leaf(self, world: World) -> None:
        receipts = world.ledger.append_all([draft(n) for n in range(5)])
        before = verify(world.ledger.store)
        world.ledger.open_hole(2, "payload", ordered_by=3)
        world.ledger.open_hole(2, "entry", ordered_by=4)
        after = verify(world.ledger.store, trusted=[TrustedRoot(5, before.root)])
        assert (after.root, after.problems, after.holes) == (before.root, (), 1)
        assert [entry.seq for entry in world.ledger.stream("p-1")] == [0, 1, 3, 4]
        with pytest.raises(UnknownEvent):
            world.ledger.entry(receipts[2].event_id)
        hollow = list(world.ledger.entries())[2]
        with pytest.raises(ValueError, match="a hole"):
            hollow.read()
        with pytest.raises(Expunged):
            world.ledger.payload(hollow)
        assert world.ledger.append(draft(9)).seq == 5
        assert verify(world.ledger.store).problems == ()

    @pytest.mark.parametrize(("seq", "ordered_by"), [(2, 2), (3, 1), (-1, 3), (2, 5), (7, 8)])
    def test_only_a_later_entry_can_order_it(self, world: World, seq: int, ordered_by: int) -> None:
        world.ledger.append_all([draft(n) for n in range(5)])
        with pytest.raises(MalformedDraft, match="a later entry"):
            world.ledger.open_hole(seq, "payload", ordered_by)
        assert verify(world.ledger.store).holes == 0

    def test_a_request_whose_payload_is_gone_is_still_known(self, world: World) -> None:
        world.ledger.append_all([draft(n) for n in range(3)])
        world.ledger.open_hole(0, "payload", ordered_by=2)
        assert world.ledger.append(draft(0)).outcome is Outcome.REPLAYED


GUARDED = [
    "DELETE FROM entry WHERE seq = 1",
    "UPDATE entry SET recorded_at = recorded_at + 1 WHERE seq = 1",
    "UPDATE entry SET header = leaf WHERE seq = 1",
    "UPDATE entry SET sealed = NULL WHERE seq = 1",
    "UPDATE entry SET sealed = leaf WHERE seq = 0",
    "UPDATE entry SET sealed = NULL, header = NULL, stream = NULL, event_id = NULL, actor = NULL, idem = NULL WHERE seq = 0",
    "DELETE FROM head",
    "UPDATE head SET size = size - 1",
    "DELETE FROM hole",
    "UPDATE hole SET ordered_by = 1",
    "INSERT INTO hole (seq, what, ordered_by, digest) VALUES (1, 'nothing', 2, leaf)",
]


class TestGuards:
    @pytest.mark.parametrize("statement", GUARDED)
    def test_careless_statements_are_refused(self, world: World, statement: str) -> None:
        world.ledger.append_all([draft(n) for n in range(3)])
        world.ledger.open_hole(0, "payload", ordered_by=2)
        with pytest.raises(Exception, match=r"never|constraint|leaf"):
            world.place.run(statement)
        assert verify(world.ledger.store).problems == ()


TAMPERED = [
    ("UPDATE entry SET recorded_at = recorded_at + 1 WHERE seq = 3", 3, "recorded_at"),
    ("UPDATE entry SET stream = 'p-9' WHERE seq = 3", 3, "stream"),
    ("UPDATE entry SET event_id = '0195d3a1-7b1c-7000-8000-000000000001' WHERE seq = 3", 3, "event_id"),
    ("UPDATE entry SET actor = 'officer-8' WHERE seq = 3", 3, "actor"),
    ("UPDATE entry SET idem = 'form-99' WHERE seq = 3", 3, "idem"),
    ("UPDATE entry SET header = leaf WHERE seq = 3", 3, "header"),
    ("UPDATE entry SET header = NULL WHERE seq = 3", 3, "header"),
    ("UPDATE entry SET sealed = leaf WHERE seq = 3", 3, "sealed"),
    ("UPDATE entry SET sealed = NULL WHERE seq = 3", 3, "sealed"),
    ("UPDATE entry SET leaf = chain WHERE seq = 3", 3, "leaf"),
    ("UPDATE entry SET chain = leaf WHERE seq = 3", 3, "chain"),
    ("DELETE FROM entry WHERE seq = 3", 3, "seq"),
    ("DELETE FROM entry WHERE seq = 0", 0, "seq"),
    ("DELETE FROM entry WHERE seq = 5", 5, "seq"),
    ("UPDATE entry SET seq = 6 WHERE seq = 5", 5, "seq"),
    ("UPDATE entry SET seq = -1 WHERE seq = 0", 0, "seq"),
    ("UPDATE head SET size = 5", 5, "seq"),
    ("UPDATE head SET size = 7", 6, "seq"),
    ("UPDATE head SET recorded_at = recorded_at + 1", 6, "recorded_at"),
    ("UPDATE head SET settled_at = 5", 6, "digest"),
    ("UPDATE head SET chain = frontier", 6, "chain"),
    ("UPDATE head SET frontier = chain", 6, "frontier"),
    ("UPDATE head SET epoch = epoch + 1", 6, "digest"),
    ("UPDATE head SET digest = chain", 6, "digest"),
    ("DELETE FROM head", 0, "seq"),
    ("UPDATE hole SET ordered_by = 4", 1, "digest"),
    ("UPDATE hole SET seq = 2", 1, "sealed"),
    ("UPDATE hole SET what = 'entry'", 1, "digest"),
    ("UPDATE hole SET digest = (SELECT chain FROM head)", 1, "digest"),
    ("DELETE FROM hole", 1, "sealed"),
]  # fmt: skip


class TestTampering:
    @pytest.mark.parametrize(("statement", "seq", "column"), TAMPERED, ids=[line[0] for line in TAMPERED])
    def test_every_column_is_read_and_the_first_bad_record_named(
        self, world: World, statement: str, seq: int, column: str
    ) -> None:
        world.ledger.append_all([draft(n) for n in range(6)])
        world.ledger.open_hole(1, "payload", ordered_by=5)
        world.ledger.close()
        world.place.unguard()
        world.place.run(statement)
        store = world.place.store(writable=False)
        found = verify(store, engine=False).problems
        store.close()
        assert (found[0].seq, found[0].column) == (seq, column), found

    def test_missing_guards_are_noticed(self, world: World) -> None:
        world.place.unguard()
        found = verify(world.ledger.store).problems
        assert {problem.table for problem in found} == {"schema"}
        assert len(found) >= 6

    def test_an_entry_from_the_future_is_noticed(self, world: World) -> None:
        receipt = world.ledger.append(draft(1))
        assert verify(world.ledger.store, now=receipt.recorded_at).sound
        found = verify(world.ledger.store, now=Instant(receipt.recorded_at - 1)).problems
        assert (found[0].seq, found[0].column) == (0, "recorded_at")

    def test_a_root_that_left_the_building_is_held_against_the_ledger(self, world: World) -> None:
        roots = [TrustedRoot(0, verify(world.ledger.store).root)]
        for n in range(6):
            world.ledger.append(draft(n))
            roots.append(TrustedRoot(n + 1, verify(world.ledger.store).root))
        assert verify(world.ledger.store, trusted=roots).trusted == 6
        wrong = [*roots[:3], roots[3]._replace(root=bytes(32)), *roots[4:]]
        found = verify(world.ledger.store, trusted=wrong)
        assert found.trusted == 2
        assert str(found.problems[0]).startswith("entry 2: entry.header: expected root 00000")
        more = verify(world.ledger.store, trusted=[TrustedRoot(9, bytes(32))])
        assert "expected 9 entries, as published, found 6 entries" in str(more.problems[0])


class TestOpening:
    def test_reading_only(self, world: World) -> None:
        world.ledger.append(draft(1))
        ledger = world.reopen(writable=False)
        assert [entry.seq for entry in ledger.entries()] == [0]
        for change in (lambda: ledger.append(draft(2)), lambda: ledger.open_hole(0, "payload", 1)):
            with pytest.raises((ReadOnly, MalformedDraft)):
                change()
        with pytest.raises(ReadOnly):
            ledger.store.writer()

    def test_closed(self, world: World) -> None:
        world.ledger.append(draft(1))
        world.ledger.close()
        world.ledger.close()
        with pytest.raises(Closed):
            world.ledger.position()
        with pytest.raises(Closed):
            world.ledger.append(draft(2))

    def test_two_may_read_while_one_appends(self, world: World, place: Place) -> None:
        world.ledger.append(draft(1))
        with_two = [place.store(writable=False), place.store(writable=False)]
        rows = with_two[0].rows(0, 10)
        first = next(rows)
        world.ledger.append(draft(2))
        assert list(rows) == []
        assert [row[0] for row in with_two[1].rows(0, 10)] == [0, 1]
        assert first[0] == 0
        for store in with_two:
            store.close()
