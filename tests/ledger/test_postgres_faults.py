"""What the world does to a ledger in PostgreSQL: lines cut at every message, paused leaders, full disks, locks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from cut_lines import CutLine, Fault, Way, What
from habeas.ledger import Draft, KeyStore, Ledger, Outcome, Receipt, postgres_connections, verify
from habeas.ledger.errors import (
    DiskFull,
    LedgerError,
    Locked,
    OutcomeUnknown,
    ReadOnly,
    Unavailable,
)
from habeas.ledger.postgres import PostgresStore
from postgres_servers import PostgresPlace, Server, execute, programs
from small_ledgers import ROOT_SECRET, Clock, World, draft

pytestmark = pytest.mark.needs("postgresql")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[PostgresPlace]:
    made = PostgresPlace(tmp_path)
    yield made
    made.drop()


@pytest.fixture
def world(place: PostgresPlace, tmp_path: Path) -> Iterator[World]:
    made = World.make(place, tmp_path)
    yield made
    made.ledger.close()


@pytest.fixture
def line(place: PostgresPlace, tmp_path: Path) -> Iterator[CutLine]:
    folder = tmp_path / "l"
    folder.mkdir()
    made = CutLine(folder, place.url)
    yield made
    made.close()


def until_answered(ledger: Ledger, asked: Draft) -> tuple[Receipt, list[LedgerError]]:
    """Try until there is an answer, and what was said meanwhile."""
    failures: list[LedgerError] = []
    for _ in range(60):
        try:
            return ledger.append(asked), failures
        except (Unavailable, OutcomeUnknown) as error:
            failures.append(error)
    raise AssertionError(f"never answered: {failures}")


class TestACutLine:
    """One fault at each message that an append sends or is answered with, the line's own opening included."""

    @pytest.mark.parametrize("what", ["cut", "half", "delay", "twice"])
    @pytest.mark.parametrize("way", ["out", "back"])
    def test_nothing_is_lost_or_recorded_twice_at_any_message(
        self, place: PostgresPlace, line: CutLine, tmp_path: Path, way: Way, what: What
    ) -> None:
        place.make()
        keys = KeyStore(tmp_path, ROOT_SECRET, create=True)
        ledger = Ledger(PostgresStore(line.url), keys, Clock())
        ledger.append(draft(0))
        line.arm(None)
        ledger.append(draft(1))
        # Somebody who tries again sends more: the failed insert, the look at what is there.
        assert ledger.append(draft(1)).outcome is Outcome.REPLAYED
        messages = line.passed[way]
        assert messages > 10
        said: list[LedgerError] = []
        receipts: list[Receipt] = []
        for at in range(messages):
            for asked in (draft(at + 2), draft(at + 2)):
                line.arm(Fault(way, at, what, seconds=0.02))
                receipt, failures = until_answered(ledger, asked)
                receipts.append(receipt)
                said += failures
        # One message of the count may be sent once only, such as the first of a session.
        assert line.done >= messages - 1
        line.arm(None)
        ledger.close()
        assert all(str(error).startswith("PostgreSQL database") for error in said), said
        assert what == "delay" or said
        with closing(place.store(writable=False)) as store:
            found = verify(store)
            assert (found.size, found.problems) == (messages + 2, ())
            for receipt in receipts:
                row = store.row(receipt.seq)
                assert row is not None
                assert row[8] == receipt.leaf

    def test_nobody_can_be_asked_what_became_of_it(
        self, place: PostgresPlace, line: CutLine, tmp_path: Path
    ) -> None:
        place.make()
        ledger = Ledger(PostgresStore(line.url), KeyStore(tmp_path, ROOT_SECRET, create=True), Clock())
        ledger.append(draft(0))
        line.arm(None)
        ledger.append(draft(1))
        # The answer to COMMIT is lost, and the line stays dead: a new session is not taken any more.
        line.arm(Fault("back", line.passed["back"] - 2, "cut"))
        line.close()
        with pytest.raises(OutcomeUnknown, match="PostgreSQL database"):
            ledger.append(draft(2))
        ledger.close()
        with closing(Ledger(place.store(), KeyStore(tmp_path, ROOT_SECRET), Clock())) as again:
            # The same key tells.
            assert again.append(draft(2)).seq == 2
            assert again.position() == 3

    def test_reading_over_a_line_that_is_cut_at_each_message(
        self, place: PostgresPlace, line: CutLine, tmp_path: Path
    ) -> None:
        world = World.make(place, tmp_path)
        world.ledger.append_all([draft(n) for n in range(4)])
        world.ledger.open_hole(0, "payload", ordered_by=3)
        world.ledger.close()

        def read(store: PostgresStore) -> list[object]:
            found = store.rows_of("p-1", 4)
            return [store.head(), list(store.rows(0, 4)), found, store.row(2), store.holes(), store.heads()]

        with closing(PostgresStore(line.url, writable=False)) as store:
            expected = read(store)
            line.arm(None)
            read(store)
            for at in range(line.passed["back"]):
                line.arm(Fault("back", at, "cut"))
                try:
                    found = read(store)
                except LedgerError as error:
                    # An answer that had begun cannot be begun again unseen.
                    assert str(error).startswith("PostgreSQL database")  # noqa: PT017 - most cuts are survived
                    found = read(store)
                assert found == expected
            assert line.done > 20

    def test_opening_over_a_line_that_is_cut_at_each_message(
        self, place: PostgresPlace, line: CutLine
    ) -> None:
        place.make()
        line.arm(None)
        with closing(PostgresStore(line.url)) as store:
            store.writer().close()
        for at in range(line.passed["back"]):
            line.arm(Fault("back", at, "cut"))
            try:
                with closing(PostgresStore(line.url)) as store:
                    store.writer().close()
            except Unavailable as error:
                assert str(error).startswith("PostgreSQL database")  # noqa: PT017 - some cuts are survived
        line.arm(None)
        with closing(PostgresStore(line.url)) as store:
            assert verify(store).problems == ()


LEADER = """
import sys
from pathlib import Path
from habeas.desk.clock import now
from habeas.ledger import KeyStore, Ledger
from habeas.ledger.errors import LedgerError
from habeas.ledger.postgres import PostgresStore
from small_ledgers import ROOT_SECRET, draft
store = PostgresStore(sys.argv[1])
ledger = Ledger(store, KeyStore(Path(sys.argv[2]), ROOT_SECRET), now)
inner = ledger._sequencer._writer
def commit(head, go_on=inner.commit):
    # Everything is decided; stopped here, it wakes up believing that it leads.
    print("commit", flush=True)
    sys.stdin.readline()
    go_on(head)
print(ledger.append(draft(0)).seq, flush=True)
inner.commit = commit
for number in (1, 1, 2):
    try:
        receipt = ledger.append(draft(number))
        print("recorded", receipt.seq, receipt.outcome, flush=True)
    except LedgerError as error:
        print(type(error).__name__, error, flush=True)
"""


class TestOneLeads:
    def test_a_leader_that_was_stopped_is_refused_when_it_wakes(
        self, place: PostgresPlace, tmp_path: Path
    ) -> None:
        place.make()
        KeyStore(tmp_path, ROOT_SECRET, create=True).close()
        tests = str(Path(__file__).resolve().parents[1])
        old = subprocess.Popen(
            [sys.executable, "-c", LEADER, place.url, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": tests},
        )
        assert old.stdin is not None
        assert old.stdout is not None
        try:
            assert old.stdout.readline() == "0\n"
            assert old.stdout.readline() == "commit\n"
            old.send_signal(signal.SIGSTOP)
            with closing(Ledger(place.store(), KeyStore(tmp_path, ROOT_SECRET), Clock())) as new:
                # It has waited out the silence of the old one, and not been told that somebody writes.
                assert new.append(draft(7)).seq == 1
                old.send_signal(signal.SIGCONT)
                old.stdin.write("\n")
                old.stdin.flush()
                said = old.stdout.readline()
                assert said.startswith("Fenced PostgreSQL database"), said
                assert "another sequencer has taken over; nothing was recorded" in said
                assert new.append(draft(8)).seq == 2
            # Its clients try again with the same keys, and it is elected again now that nobody leads.
            assert old.stdout.readline() == "recorded 3 accepted\n"
            assert old.stdout.readline() == "recorded 4 accepted\n"
        finally:
            old.kill()
            old.wait()
            old.stdin.close()
            old.stdout.close()
        with closing(place.store(writable=False)) as store:
            found = verify(store)
            assert (found.size, found.problems) == (5, ())

    def test_one_that_is_idle_gives_its_place_up_and_takes_it_again(self, world: World) -> None:
        world.ledger.append(draft(0))
        epoch = world.ledger.store.head().epoch
        with closing(Ledger(world.place.store(), KeyStore(world.folder, ROOT_SECRET), Clock())) as other:
            assert other.append(draft(1)).seq == 1
        assert world.ledger.append(draft(2)).seq == 2
        assert world.ledger.store.head().epoch == epoch + 2
        assert verify(world.ledger.store).problems == ()

    def test_what_became_of_a_hole_is_found_out(
        self, place: PostgresPlace, line: CutLine, tmp_path: Path
    ) -> None:
        place.make()
        ledger = Ledger(PostgresStore(line.url), KeyStore(tmp_path, ROOT_SECRET, create=True), Clock())
        ledger.append_all([draft(n) for n in range(4)])
        line.arm(None)
        ledger.open_hole(0, "payload", ordered_by=3)
        last = line.passed["back"]
        for at in range(last):
            line.arm(Fault("back", at, "cut"))
            for _ in range(5):
                try:
                    ledger.open_hole(1, "payload", ordered_by=3)
                    ledger.position_at(
                        ledger.entry(next(iter(ledger.entries(3, 4))).read().event_id).recorded_at
                    )
                except Unavailable:
                    continue
                break
        line.arm(None)
        ledger.close()
        with closing(place.store(writable=False)) as store:
            found = verify(store)
            assert (found.holes, found.problems) == (2, ())


def until_full(ledger: Ledger) -> int:
    """How many large entries there is room for."""
    for number in range(400):
        try:
            ledger.append(draft(number, payload=os.urandom(100_000)))
        except DiskFull as error:
            assert "No space left" in str(error)  # noqa: PT017 - which of them fails is not known before
            return number
    raise AssertionError("the disk is larger than was asked for")


class TestBadStorage:
    def test_a_server_that_only_reads(self, world: World) -> None:
        assert isinstance(world.place, PostgresPlace)
        world.ledger.append(draft(0))
        execute(world.place.url, "ALTER FUNCTION habeas_move_head SET transaction_read_only = on")
        for _ in range(2):
            with pytest.raises(ReadOnly, match="read-only transaction"):
                world.ledger.append(draft(1))
        execute(world.place.url, "ALTER FUNCTION habeas_move_head RESET transaction_read_only")
        assert world.ledger.append(draft(1)).seq == 1

    def test_a_locked_head_is_waited_for_and_then_named(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world.ledger.append(draft(0))
        monkeypatch.setattr(postgres_connections, "WAIT", 1)
        world.reopen()
        assert isinstance(world.place, PostgresPlace)
        with psycopg.connect(world.place.url) as holder:
            holder.execute("SELECT * FROM head FOR UPDATE")
            with pytest.raises(Locked, match="lock timeout"):
                world.ledger.append(draft(1))
        assert world.ledger.append(draft(1)).seq == 1

    def test_a_full_disk(self, tmp_path: Path) -> None:
        found = programs()
        if found is None or os.geteuid() != 0:
            pytest.skip("NOT RUN [postgresql]: needs a server of our own and the right to mount a small disk")
        server = Server(found)
        disk = server.folder / "small"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=12m,mode=777", "tmpfs", str(disk)]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            server.stop()
            pytest.skip("NOT RUN [postgresql]: a small disk cannot be mounted here")
        subprocess.run(["chown", server.user, disk], check=True)
        try:
            execute(server.url(), f"CREATE TABLESPACE small LOCATION '{disk}'")
            made = PostgresPlace(tmp_path, server.url())
            made.make()
            execute(made.url, "ALTER TABLE entry SET TABLESPACE small")
            keys = KeyStore(tmp_path, ROOT_SECRET, create=True)
            ledger = Ledger(made.store(), keys, Clock())
            kept = until_full(ledger)
            assert kept > 10
            # Nothing is lost, and asking again is refused again, not half done.
            with pytest.raises(DiskFull):
                ledger.append(draft(kept, payload=os.urandom(100_000)))
            assert ledger.append(draft(0, payload=b"x", idem="small")).seq == kept
            found_there = verify(ledger.store)
            assert (found_there.size, found_there.problems) == (kept + 1, ())
            ledger.close()
        finally:
            server.stop(lambda: subprocess.run(["umount", disk], check=False))
