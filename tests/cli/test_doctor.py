"""`habeas doctor`: each setting and where it came from, and what is wrong."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from click.testing import Result

from habeas.kernel.identifiers import digest_of
from habeas.wire import schemas
from wire_schema import faults

Run = Callable[..., Result]


def parts(result: Result) -> dict[str, dict[str, str]]:
    document = json.loads(result.stdout)
    schema = schemas.json_schema(document["schema"])
    assert list(faults(document, schema, schema)) == []
    return {part["name"]: part for part in document["parts"]}


def test_each_value_says_where_it_came_from(run: Run, tmp_path: Path, rulebook: Path) -> None:
    (tmp_path / "habeas.toml").write_text('tz = "America/Chicago"\nlaw = "us/zz/juniper"\n')
    (tmp_path / "config" / "habeas").mkdir(parents=True)
    (tmp_path / "config" / "habeas" / "habeas.toml").write_text('law = "us/zz/sorrel"\n')
    result = run("doctor", "--json", HABEAS_TZ="America/Denver")
    assert result.exit_code == 0, result.output
    found = parts(result)
    assert (found["tz"]["value"], found["tz"]["origin"]) == ("America/Denver", "environment HABEAS_TZ")
    assert found["law"]["value"] == "us/zz/juniper"
    assert found["law"]["origin"] == f"file {tmp_path / 'habeas.toml'}"
    assert found["rulebook"]["value"] == str(rulebook)
    assert found["rulebook digest"]["value"].startswith("sha256:")
    assert found["tzdata"]["value"] == version("tzdata")
    assert "extra analysis" in found
    assert "environment HABEAS_RULEBOOK" in run("doctor").stdout


def test_a_fault_says_what_to_do_and_exits_3(run: Run, tmp_path: Path) -> None:
    missing = run("doctor", HABEAS_RULEBOOK=str(tmp_path / "none"))
    assert missing.exit_code == 3
    assert "FAULT: expected a folder, found none" in missing.stdout
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / "x.yaml").write_text("a: [")
    broken = run("doctor", HABEAS_RULEBOOK=str(tmp_path / "law"))
    assert broken.exit_code == 3
    assert "habeas law check" in broken.stdout


def test_a_settings_file_that_cannot_be_read(run: Run, tmp_path: Path, people: Path) -> None:
    for text, expected in (
        ("tz = [", "expected settings in TOML"),
        ('zone = "UTC"', "found [zone = 'UTC']"),
        ("tz = 5", "found [tz = 5]"),
    ):
        (tmp_path / "habeas.toml").write_text(text)
        assert run("doctor").exit_code == 3
        result = run("why", "held-on-a-felony", "--from", people, "--at", "2017-02-17T17:00")
        assert result.exit_code == 3
        assert expected in result.stderr
    (tmp_path / "habeas.toml").unlink()
    lost = run("doctor", HABEAS_CONFIG=str(tmp_path / "lost.toml"))
    assert lost.exit_code == 3
    assert "unset HABEAS_CONFIG" in lost.stdout


def test_the_cache_is_made_once_and_mended(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "store"
    first = parts(run("doctor", "--json", HABEAS_CACHE=str(store)))
    (kept,) = store.glob("*.json")
    content = kept.read_bytes()
    kept.write_bytes(content.replace(b"Juniper", b"Juniber", 1))
    again = parts(run("doctor", "--json", HABEAS_CACHE=str(store)))
    assert again["rulebook digest"] == first["rulebook digest"]
    assert kept.read_bytes() == content


def test_a_forged_cache_is_told_of(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "store"
    genuine = parts(run("doctor", "--json", HABEAS_CACHE=str(store)))["rulebook digest"]["value"]
    (kept,) = store.glob("*.json")
    body = kept.read_bytes().partition(b"\n")[2].replace(genuine.encode(), b"sha256:" + b"0" * 64)
    kept.write_bytes(digest_of(body).encode() + b"\n" + body)
    result = run("doctor", HABEAS_CACHE=str(store))
    assert result.exit_code == 3
    assert f"FAULT: the folder's own digest is [{genuine}]" in result.stdout


def test_only_the_last_editions_are_kept_and_nothing_else_is_touched(run: Run, tmp_path: Path) -> None:
    store, mine = tmp_path / "store", tmp_path / "store" / "mine.json"
    store.mkdir()
    mine.write_text("{}")
    for number in range(12):
        old = store / f"{number:064x}.json"
        old.write_text("{}")
        os.utime(old, (number, number))
    parts(run("doctor", "--json", HABEAS_CACHE=str(store)))
    names = {path.name for path in store.glob("*.json")}
    assert mine.name in names
    assert {f"{number:064x}.json" for number in range(5, 12)} <= names
    assert len(names) == 9
