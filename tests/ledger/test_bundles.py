"""Bundles: what a good one shows, and that a spoilt one shows nothing."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from habeas.ledger.bundles import Checked, Spoilt, check
from habeas.ledger.checkpoints import Trust
from habeas.ledger.notes import KeyType, new_key
from small_bundles import TRUST, Made, spoilt


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder: Path = tmp_path_factory.mktemp("ledger")
    return Made(folder)


def test_a_part_shows_its_entries_opened_and_what_they_follow_from(made: Made) -> None:
    found = check(made.part().written(), TRUST)
    assert isinstance(found, Checked)
    assert [each.seq for each in found.entries] == [1, 4, 7, 10, 13, 16, 19]
    assert not found.whole
    assert (found.checkpoint.size, [each.size for each in found.earlier]) == (20, [7])
    opened = {each.seq: each.payload for each in found.entries}
    assert opened.pop(4) is None
    assert opened == {seq: b"sheet %d" % seq for seq in opened}
    assert all(each.header is not None and each.header.stream == "p-1" for each in found.entries)


def test_a_whole_ledger_shows_that_nothing_is_missing_and_where_bytes_were_removed(made: Made) -> None:
    found = check(made.whole().written(), TRUST)
    assert found.whole
    assert [each.seq for each in found.entries] == list(range(20))
    assert [each.seq for each in found.entries if each.header is None] == [5]
    assert all(each.payload is None for each in found.entries)


def test_a_bundle_is_the_same_bytes_twice(made: Made) -> None:
    assert made.part().written() == made.part().written()


@pytest.mark.parametrize("kind", ["part", "whole"])
@pytest.mark.parametrize("seed", range(10))
def test_a_bundle_with_one_thing_wrong_shows_nothing(made: Made, kind: str, seed: int) -> None:
    document = (made.part() if kind == "part" else made.whole()).written()
    chance = random.Random(seed)  # noqa: S311 - which thing to spoil
    for _ in range(60):
        with pytest.raises(Spoilt):
            check(spoilt(document, chance), TRUST)


@pytest.mark.parametrize(
    "document", [b"", b"[]", b"{}", b"\xff", b'{"schema": 1}', b"[" * 100_000, b'{"a": 1, "a": 2}']
)
def test_what_is_no_bundle_is_refused(document: bytes) -> None:
    with pytest.raises(Spoilt):
        check(document, TRUST)


def test_a_key_that_stands_twice_is_refused(made: Made) -> None:
    document = made.part().written().replace(b'"whole": false', b'"whole": true, "whole": false', 1)
    assert json.loads(document)
    with pytest.raises(Spoilt, match="twice"):
        check(document, TRUST)


def test_whom_one_does_not_trust_shows_nothing(made: Made) -> None:
    stranger = new_key("zz.invalid/juniper", KeyType.LOG, bytes(32))
    with pytest.raises(Spoilt, match="no key trusted here"):
        check(made.part().written(), Trust((stranger.verifier,)))
    with pytest.raises(Spoilt, match="expected 2 witnesses"):
        check(made.part().written(), Trust(TRUST.logs, TRUST.witnesses, 2))
