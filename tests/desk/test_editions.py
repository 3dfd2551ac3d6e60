"""The digest of a rulebook's files: taken again only where one of them may have changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from habeas.desk import editions
from habeas.desk.editions import edition_of, fingerprint

LONG_AGO = 1_000_000_000
"""Seconds since 1970: September 2001."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "rules" / "us"
    made.mkdir(parents=True)
    for name in ("place.yaml", "2000-code.yaml", "notes.txt"):
        (made / name).write_text("schema: 1\n", "utf-8")
    return made.parent


def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a file's times as settled at once, for a test cannot wait."""
    monkeypatch.setattr(editions, "_SETTLED", -(10**18))


def reading(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders of which every file is read from here on."""
    read: list[Path] = []

    def noting(directory: Path) -> str:
        read.append(directory)
        return fingerprint(directory)

    monkeypatch.setattr(editions, "fingerprint", noting)
    return read


def test_it_is_the_digest_of_every_file(folder: Path, tmp_path: Path) -> None:
    assert edition_of(folder, tmp_path / "store") == fingerprint(folder)


def test_files_that_were_changed_only_just_now_are_read_each_time(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = reading(monkeypatch)
    for _ in range(2):
        edition_of(folder, tmp_path / "store")
    assert read == [folder, folder]


@pytest.mark.skipif(os.name != "posix", reason="elsewhere every file is read each time")
def test_files_that_nobody_touched_are_not_read_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(monkeypatch)
    read = reading(monkeypatch)
    first = edition_of(folder, tmp_path / "store")
    assert edition_of(folder, tmp_path / "store") == first
    assert read == [folder]


def test_a_changed_byte_is_seen_although_size_and_date_are_as_they_were(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(monkeypatch)
    file = folder / "us" / "place.yaml"
    os.utime(file, (LONG_AGO, LONG_AGO))
    first = edition_of(folder, tmp_path / "store")
    file.write_text("schema: 2\n", "utf-8")
    os.utime(file, (LONG_AGO, LONG_AGO))
    assert edition_of(folder, tmp_path / "store") == fingerprint(folder) != first


@pytest.mark.parametrize("change", ["added", "removed", "renamed"])
def test_another_list_of_files_is_another_edition(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    settled(monkeypatch)
    first = edition_of(folder, tmp_path / "store")
    file = folder / "us" / "2000-code.yaml"
    if change == "added":
        (folder / "vocabulary.yaml").write_text("schema: 1\n", "utf-8")
    elif change == "removed":
        file.unlink()
    else:
        file.rename(file.with_name("2001-code.yaml"))
    assert edition_of(folder, tmp_path / "store") == fingerprint(folder) != first


@pytest.mark.parametrize("content", ["", "no digest", "\xff", "00\n11"])
def test_a_note_that_cannot_be_used_costs_only_time(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    settled(monkeypatch)
    store = tmp_path / "store"
    first = edition_of(folder, store)
    for note in store.iterdir():
        note.write_text(content, "latin-1")
    assert edition_of(folder, store) == first


def test_a_store_that_cannot_be_written_costs_only_time(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.write_text("a file where a folder is expected", "utf-8")
    assert edition_of(folder, store) == fingerprint(folder)


def test_a_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert edition_of(tmp_path / "none", tmp_path / "store") == fingerprint(tmp_path / "none")


def test_where_no_time_of_change_is_kept_every_file_is_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = reading(monkeypatch)
    monkeypatch.setattr("habeas.desk.editions.os.name", "nt")
    edition_of(folder, tmp_path / "store")
    monkeypatch.undo()
    assert read == [folder]
    assert not (tmp_path / "store").exists()
