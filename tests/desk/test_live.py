"""The worklist follows the ledger: only what changed is asked again, and lines are in the order of the night."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from habeas.authority.findings import Verdict
from habeas.authority.inquiry import fact_kinds
from habeas.custody.events import BondPosted, Ref
from habeas.desk import live as live_module
from habeas.desk.clock import now
from habeas.desk.doings import draft
from habeas.desk.ledgers import CHALLENGED, Identity
from habeas.desk.live import LiveLedger
from habeas.desk.papers import Challenge
from habeas.desk.recording import Receiving, Told, record
from habeas.desk.restoring import appending
from habeas.desk.worklist import Band, Line, Why, counts, line_of, ordered
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import DAY, FOREVER, HOUR, Instant, earliest_of
from small_desks import JUNIPER, PEOPLE, events_of, regimen, small_ledger


@pytest.fixture
def live(tmp_path: Path) -> LiveLedger:
    return LiveLedger(small_ledger(tmp_path / "ledger"), regimen(), source_times=True)


def lines_by_person(live: LiveLedger) -> dict[str, Line]:
    return {each.person: each for each in live.board.lines.values()}


def test_everybody_in_custody_is_on_it_once(live: LiveLedger) -> None:
    board = live.refresh()
    assert {each.person for each in board.lines.values()} == set(PEOPLE)
    assert (board.made, board.people, board.withheld) == (4, 4, 0)
    found = lines_by_person(live)
    assert found["Free"].verdict is Verdict.UNLAWFUL
    assert found["Free"].why is Why.NONE
    assert found["Free"].says == "felony charge ended: let go: nothing supports custody"
    assert found["Held"].verdict is Verdict.LAWFUL


def test_whoever_nobody_may_hold_comes_first(live: LiveLedger) -> None:
    live.refresh()
    at = now()
    lines = ordered(live.board.lines.values(), at)
    bands = [list(Band).index(each.band(at)) for each in lines]
    assert bands == sorted(bands)
    assert lines[0].person == "Free"
    assert sum(counts(lines, at).values()) == len(lines)


def test_only_what_changed_is_asked_again(live: LiveLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    live.refresh()
    asked: list[str] = []

    def noted(stream: str, person: str, *rest: object, **more: object) -> Line | None:
        asked.append(person)
        return line_of(stream, person, *rest, **more)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(live_module, "line_of", noted)
    before = live.refresh().version
    assert asked == []
    at = now()
    posted = BondPosted(
        id=EventId("posted"), person=PersonId("Bail"), at=at, known_at=at, about=Ref("charge", "Bail-c1")
    )
    kinds = fact_kinds(regimen().rulebook.vocabulary)
    with appending(live.folder) as ledger:
        record(ledger, [Told(PersonId("Bail"), (posted,))], Receiving(who=Identity("clerk"), kinds=kinds))
    board = live.refresh()
    assert asked == ["Bail"]
    assert board.version > before
    assert lines_by_person(live)["Bail"].verdict is Verdict.UNLAWFUL


def test_a_line_holds_until_its_answer_can_be_another(live: LiveLedger) -> None:
    live.refresh()
    for line in live.board.lines.values():
        assert line.made_at < line.holds_until <= line.made_at + HOUR
        assert line.strip[0].start >= line.made_at - 6 * HOUR
        for one, other in pairwise(line.strip):
            assert one.end == other.start


def test_people_about_whom_somebody_did_something_are_known(live: LiveLedger) -> None:
    live.refresh()
    assert not live.busy
    stream = live.people.names.of("Bail")[0].stream
    with appending(live.folder) as ledger:
        ledger.append(draft(stream, CHALLENGED, Challenge("it is wrong", "the mother"), Identity("ada")))
    live.refresh()
    assert [each.person for each in live.busy] == ["Bail"]
    again = LiveLedger(live.folder, regimen(), source_times=True)
    again.refresh()
    assert [each.person for each in again.busy] == ["Bail"]


def test_a_failure_is_said_and_the_old_board_stays(live: LiveLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    live.refresh()
    monkeypatch.setattr(live, "catch_up", lambda: (_ for _ in ()).throw(OSError("gone")))
    live.follow()
    for _ in range(200):
        if live.failure:
            break
        live.nudge()
        live._halt.wait(0.02)
    live.stop()
    assert live.failure == "OSError"
    assert len(live.board.lines) == 4


@pytest.mark.parametrize(
    ("hours", "band"),
    [(-1, Band.OVERDUE), (3, Band.SOON), (20, Band.TODAY), (60, Band.DAYS), (100, Band.LATER)],
)
def test_bands_go_by_the_time_left(hours: int, band: Band, live: LiveLedger) -> None:
    live.refresh()
    line = lines_by_person(live)["Held"]
    assert line.band(Instant(line.by - hours * HOUR)) is band


def test_whoever_has_no_end_set_comes_last(live: LiveLedger) -> None:
    live.refresh()
    line = lines_by_person(live)["Bail"]
    if line.by >= FOREVER:
        assert line.band(Instant(now() + 400 * DAY)) is Band.UNSET


def test_what_is_told_of_the_small_people_is_in_order() -> None:
    told = [earliest_of(each.at) for each in events_of("Free", JUNIPER, now())]
    assert told == sorted(told)
