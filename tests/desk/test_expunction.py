"""The drill: after an expunction no key byte and no word of the person is anywhere, and the proofs stand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from habeas.authority.inquiry import Regimen
from habeas.desk.checkpointing import sign, verified
from habeas.desk.clock import now
from habeas.desk.expunging import carry_out, note_export, order_for, put_forward
from habeas.desk.filing import Filing, import_into
from habeas.desk.kept import LedgerPeople
from habeas.desk.ledgers import Identity, LedgerFolder, find, init, opened
from habeas.desk.library import library
from habeas.desk.orders import Action, approve, orders_of, standing_orders
from habeas.desk.policies import NoPolicy, Policy, Rule, UnreadablePolicy, policy_of, read_policy
from habeas.desk.receiving import record_file
from habeas.desk.restoring import backup, restore
from habeas.desk.withheld import ExpungedPerson, SealedPerson, Withheld
from habeas.intake.recipes import bundled
from habeas.kernel.instants import Instant, parse_instant
from habeas.kernel.places import PlaceId
from habeas.ledger.entries import Draft
from habeas.ledger.errors import LedgerError, UnknownKey
from small_rulebook import small_rulebook

CLERK = Identity("clerk-1")
CHIEF = Identity("chief-2", "supervisor")
CITE = "order 17 of the county court (fictional)"
ZZ = PlaceId("us/zz/juniper")
CANARIES = (b"Quixotequail", b"QQ-77-booking", b"quixotic office", b"a word only this sheet has")
PEOPLE = """\
place: us/zz/juniper
custodian: county-jail
complete: everything
cases:
  - name: Quixotequail
    events:
      - {at: "2017-02-16 08:00", event: Arrested, booking: QQ-77-booking, charge: c1, class: felony}
      - {at: "2017-02-16 15:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, form: I-247D, issuer_office: "quixotic office", attached_warrant: none}
      - {at: "2017-02-20 09:00", event: Released, booking: QQ-77-booking}
      - {at: "2018-03-01 09:00", event: Arrested, booking: QQ-78-booking, charge: c2, class: felony}
  - name: somebody-else
    events:
      - {at: "2017-02-16 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
"""
SHEET = "booking,person,arrested_at,place,custodian_kind,remark\nQQ-79-booking,Quixotequail,2019-03-01 09:00,us/zz/juniper,county-jail,a word only this sheet has\n"


@pytest.fixture(scope="module")
def regimen(tmp_path_factory: pytest.TempPathFactory) -> Regimen:
    folder = small_rulebook(tmp_path_factory.mktemp("rulebook"))
    return library(folder, cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture
def folder(tmp_path: Path, regimen: Regimen) -> LedgerFolder:
    """A ledger in which two people are recorded, one of them from two sources."""
    made = init(tmp_path / "db", origin="zz.invalid/juniper")
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "people.yaml").write_text(PEOPLE)
    (sources / "bookings.csv").write_text(SHEET)
    recipe = bundled()["plain"].at_place(str(ZZ), "America/New_York")
    with opened(made, writable=True) as ledger:
        record_file(ledger, sources / "people.yaml", regimen, CLERK)
        paths = [sources / "bookings.csv"]
        import_into(ledger, made, Filing(paths=paths, recipe=recipe, regimen=regimen, who=CLERK))
    for path in sources.iterdir():
        path.unlink()
    return made


def policy(action: Action, entries: str = "keep", people: int = 2) -> Policy:
    rule = Rule(id="r", action=action, cite="c", says="s", people=people, entries=entries)
    return Policy("us/zz", rule)


def ordered(
    folder: LedgerFolder, action: Action, *, booking: str | None = None, entries: str = "keep"
) -> str:
    """An order that two people signed; the event id of the proposal."""
    with opened(folder, writable=True) as ledger:
        proposal = order_for(ledger, "Quixotequail", policy(action, entries), CITE, booking=booking)
        event_id = put_forward(ledger, proposal, CLERK)
        assert approve(ledger, event_id, CHIEF).effective
    return event_id


def expunged(folder: LedgerFolder, *, booking: str | None = None, entries: str = "keep") -> str:
    event_id = ordered(folder, Action.EXPUNGE, booking=booking, entries=entries)
    with opened(folder, writable=True) as ledger:
        order = orders_of(ledger)[event_id]
        carry_out(ledger, folder, order, CHIEF)
    return event_id


def secrets_of(folder: LedgerFolder, stream: str) -> list[bytes]:
    """The raw keys of a stream, and of the files that spoke of it."""
    with opened(folder) as ledger:
        named = [*ledger.keys.key_ids(stream).values(), *ledger.keys.key_ids("files").values()]
        return [ledger.keys.disclose(key) for key in named]


def wrapped_keys(folder: LedgerFolder, stream: str) -> list[bytes]:
    """The keys of a stream as they lie in the key store."""
    with closing(sqlite3.connect(folder.keys / "keys.sqlite")) as opened_keys:
        found = opened_keys.execute("SELECT wrapped FROM key WHERE stream = ?", (stream,)).fetchall()
    return [wrapped for (wrapped,) in found]


def stream_of(folder: LedgerFolder, regimen: Regimen, person: str = "Quixotequail") -> str:
    return LedgerPeople(folder, regimen).names.of(person)[0].stream


def found_in(places: list[Path], needles: list[bytes]) -> list[tuple[str, bytes]]:
    """Where any of these bytes, or their hexadecimal, are."""
    wanted = [form for each in needles for form in (each, each.hex().encode(), each.hex().upper().encode())]
    return [
        (path.name, each)
        for place in places
        for path in place.rglob("*")
        if path.is_file()
        for each in wanted
        if each in path.read_bytes()
    ]


@pytest.mark.parametrize("entries", ["keep", "payload", "entry"])
def test_the_drill(tmp_path: Path, regimen: Regimen, folder: LedgerFolder, entries: str) -> None:
    stream = stream_of(folder, regimen)
    keys = secrets_of(folder, stream)
    assert len(keys) >= 5
    wrapped = wrapped_keys(folder, stream)
    assert found_in([folder.path], wrapped), "a wrapped key is found while it is there"
    sign(folder)
    before = tmp_path / "backup-before"
    backup(folder, before, tmp_path / "escrow")
    shown = tmp_path / "shown.json"
    shown.write_bytes(b"an export that names Quixotequail")
    note_export(folder, shown, shown.read_bytes(), [stream])
    # A reader keeps the write-ahead log open, so that it is searched too.
    with opened(folder) as reader:
        expunged(folder, entries=entries)
        after = tmp_path / "backup-after"
        backup(folder, after, tmp_path / "escrow")
        places = [folder.path, before, after, tmp_path / "escrow"]
        assert (folder.path / "ledger.sqlite-wal").is_file()
        assert found_in(places, [*keys, *CANARIES]) == []
        assert found_in([folder.path, after], wrapped) == []
        assert not shown.exists()
        assert not list(folder.files.iterdir())
        assert reader.position() > 0
    result = verified(folder, by=now())
    assert result.sound, result.problems
    assert result.trusted > 0, "the checkpoint signed before still holds"
    assert (result.holes > 0) == (entries != "keep")


def test_a_backup_made_before_opens_nothing_with_the_escrow_of_after(
    tmp_path: Path, regimen: Regimen, folder: LedgerFolder
) -> None:
    stream = stream_of(folder, regimen)
    before, escrow = tmp_path / "before", tmp_path / "escrow"
    backup(folder, before, escrow)
    expunged(folder)
    backup(folder, tmp_path / "after", escrow)
    old = restore(before, escrow, tmp_path / "old")
    with opened(old) as ledger:
        for entry in ledger.stream(stream):
            with pytest.raises(UnknownKey):
                ledger.payload(entry)
    assert "somebody-else" in LedgerPeople(restore(tmp_path / "after", escrow, tmp_path / "new"), regimen)


def test_the_answer_afterwards_is_the_order(regimen: Regimen, folder: LedgerFolder) -> None:
    stream = stream_of(folder, regimen)
    expunged(folder)
    people = LedgerPeople(folder, regimen)
    assert list(people) == ["somebody-else"]
    assert "Quixotequail" not in people
    with pytest.raises(ExpungedPerson, match="order 17 of the county court"):
        people[stream]
    assert people["somebody-else"].events


def test_one_booking_of_several(regimen: Regimen, folder: LedgerFolder) -> None:
    expunged(folder, booking="QQ-77-booking")
    found = LedgerPeople(folder, regimen)["Quixotequail"]
    assert {event.subject.id for event in found.events} == {"c2", "QQ-79-booking"}
    within, later = (parse_instant(text) for text in ("2017-02-17T08:00Z", "2018-03-02T08:00Z"))
    assert found.expunged(within) == CITE
    assert found.expunged(later) is None
    assert found.expunged() == CITE
    with opened(folder, writable=True) as ledger, pytest.raises(LookupError, match="no-such"):
        order_for(ledger, "Quixotequail", policy(Action.EXPUNGE), CITE, booking="no-such")


def test_a_sealed_record_is_kept_and_nobody_is_answered(regimen: Regimen, folder: LedgerFolder) -> None:
    ordered(folder, Action.SEAL)
    with pytest.raises(SealedPerson, match="order 17"):
        LedgerPeople(folder, regimen)["Quixotequail"]
    with opened(folder, writable=True) as ledger, pytest.raises(Withheld, match="sealed already"):
        order_for(ledger, "Quixotequail", policy(Action.SEAL), CITE)
    ordered(folder, Action.UNSEAL)
    assert LedgerPeople(folder, regimen)["Quixotequail"].events
    with opened(folder, writable=True) as ledger:
        with pytest.raises(Withheld, match="not sealed"):
            order_for(ledger, "Quixotequail", policy(Action.UNSEAL), CITE)
        with pytest.raises(Withheld, match="sealed as a whole"):
            order_for(ledger, "Quixotequail", policy(Action.SEAL), CITE, booking="QQ-77-booking")
        assert standing_orders(ledger) == ()


def test_it_takes_two_people(folder: LedgerFolder) -> None:
    with opened(folder, writable=True) as ledger:
        event_id = put_forward(ledger, order_for(ledger, "Quixotequail", policy(Action.EXPUNGE), CITE), CLERK)
        size = ledger.position()
        with pytest.raises(Withheld, match="another person"):
            approve(ledger, event_id, Identity("clerk-1", "supervisor"))
        assert ledger.position() == size
        with pytest.raises(Withheld, match="another person approved"):
            carry_out(ledger, folder, orders_of(ledger)[event_id], CLERK)
        assert approve(ledger, event_id, CHIEF).effective
        with pytest.raises(Withheld, match="approved before"):
            approve(ledger, event_id, Identity("third"))
        with pytest.raises(LedgerError, match="an order that was proposed"):
            approve(ledger, "nothing", CHIEF)


def test_three_where_the_rule_says_three(folder: LedgerFolder) -> None:
    with opened(folder, writable=True) as ledger:
        rule = policy(Action.EXPUNGE, people=3)
        event_id = put_forward(ledger, order_for(ledger, "Quixotequail", rule, CITE), CLERK)
        assert not approve(ledger, event_id, CHIEF).effective
        with pytest.raises(Withheld, match="signed this order already"):
            approve(ledger, event_id, CHIEF)
        assert approve(ledger, event_id, Identity("third")).approved_by == ["chief-2", "third"]


def test_an_approval_lapses_when_the_record_moves(
    tmp_path: Path, regimen: Regimen, folder: LedgerFolder
) -> None:
    with opened(folder, writable=True) as ledger:
        event_id = put_forward(ledger, order_for(ledger, "Quixotequail", policy(Action.EXPUNGE), CITE), CLERK)
        tail = {"schema": "habeas/record/1", "events": [later_event()]}
        path = tmp_path / "later.json"
        path.write_text(json.dumps(tail))
        record_file(ledger, path, regimen, CLERK)
        with pytest.raises(Withheld, match="1 entries were added since it was proposed"):
            approve(ledger, event_id, CHIEF)


def test_an_approval_slipped_in_by_hand_counts_for_nothing(folder: LedgerFolder) -> None:
    """What counts is read off the ledger: the same identity, or other bytes, make no approval."""
    with opened(folder, writable=True) as ledger:
        event_id = put_forward(ledger, order_for(ledger, "Quixotequail", policy(Action.SEAL), CITE), CLERK)
        digest = orders_of(ledger)[event_id].digest
        for number, (actor, said) in enumerate([("clerk-1", digest), ("chief-2", "0" * 64)]):
            ledger.append(forged(event_id, actor, said, number))
        assert not orders_of(ledger)[event_id].effective


def forged(event_id: str, actor: str, digest: str, number: int) -> Draft:
    payload = json.dumps({"digest": digest}).encode()
    return Draft(
        stream="orders",
        episode="orders",
        kind="OrderApproved",
        schema_version=1,
        payload=payload,
        actor=actor,
        role="x",
        idem=f"forged-{number}",
        approval_of=event_id,
    )


def later_event() -> dict[str, object]:
    at = "2018-03-02T09:00:00-05:00"
    about = {"collection": "charge", "id": "c2"}
    return {
        "event": "BondPosted",
        "id": "later",
        "person": "Quixotequail",
        "at": at,
        "known_at": at,
        "about": about,
    }


def test_carrying_out_again_after_a_crash_changes_nothing_more(
    regimen: Regimen, folder: LedgerFolder
) -> None:
    event_id = ordered(folder, Action.EXPUNGE, entries="entry")
    stream = stream_of(folder, regimen)
    with opened(folder, writable=True) as ledger:
        # A crash after the first key was destroyed.
        ledger.keys.destroy(orders_of(ledger)[event_id].proposal.keys[0], CITE)
    with opened(folder, writable=True) as ledger:
        done = carry_out(ledger, folder, orders_of(ledger)[event_id], CHIEF)
        again = carry_out(ledger, folder, orders_of(ledger)[event_id], CHIEF)
        assert (done.keys > 0, again.keys, again.holes, again.files) == (True, 0, 0, 0)
        assert orders_of(ledger)[event_id].done
        assert not ledger.stream(stream)
    assert verified(folder).sound


def tables() -> Iterator[Path]:
    yield from (Path(__file__).parents[2] / "src" / "habeas" / "rulebook").rglob("expunction.toml")


@pytest.mark.parametrize("path", list(tables()), ids=lambda path: path.parent.name)
def test_every_rule_cites_a_source_that_was_read(path: Path) -> None:
    for rule in read_policy(path):
        assert rule.source, rule.id
        assert all(
            each.at and each.on and each.read in {"full", "excerpt", "secondary"} for each in rule.source
        )


def test_the_nearest_table_rules_and_none_is_said_so(tmp_path: Path) -> None:
    assert policy_of(ZZ, Action.EXPUNGE).table == "us/zz"
    own = tmp_path / "policy.toml"
    own.write_text(
        'schema = 1\ntitle = "x"\n[[rule]]\nid = "o"\naction = "seal"\ncite = "c"\nsays = "s"\npeople = 3\n'
    )
    assert policy_of(ZZ, Action.SEAL, own=own).rule.people == 3
    assert policy_of(ZZ, Action.EXPUNGE, own=own).table == "us/zz"
    with pytest.raises(NoPolicy, match=r"expunction\.toml"):
        policy_of(PlaceId("us/nowhere"), Action.SEAL)
    own.write_text(own.read_text().replace("people = 3", "people = 1"))
    with pytest.raises(UnreadablePolicy, match="at least 2 people"):
        read_policy(own)
    own.write_text("schema = ")
    with pytest.raises(UnreadablePolicy, match="expected a policy table"):
        read_policy(own)


def test_the_ledger_found_again_is_the_one_made(folder: LedgerFolder) -> None:
    assert find(folder.path) == folder
    assert Instant(0) < now()
