"""`habeas proof`, `habeas witness`, `habeas db backup | restore | recover`."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from habeas.desk.clock import now
from habeas.kernel.instants import rfc3339
from habeas.wire import schemas
from small_rulebook import table
from wire_schema import faults

ENGINES = ("sqlite", "postgresql")
Run = Callable[..., Result]
HELD = "held-on-a-felony"
OTHER = "class-not-recorded"


@pytest.fixture
def db(run: Run, people: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "db"
    run("db", "init", folder, "--origin", "zz.invalid/juniper")
    assert run("record", people, "--db", folder, "--as", "clerk").exit_code == 0
    return folder


def size_of(run: Run, db: Path) -> int:
    return int(json.loads(run("db", "verify", db, "--json").stdout)["size"])


def one_more(run: Run, db: Path, tmp_path: Path, name: str = "one-more") -> Result:
    text = f'name: {name}\nplace: us/zz/juniper\nevents:\n  - {{at: "2017-02-16 08:00", event: Arrested, booking: b1, charge: c1, class: felony}}\n'
    return run("record", table(tmp_path, text, f"{name}.yaml"), "--db", db, "--as", "clerk")


def test_a_bundle_is_checked_by_both_verifiers(run: Run, db: Path, tmp_path: Path) -> None:
    run("db", "checkpoint", db)
    one_more(run, db, tmp_path)
    bundle = tmp_path / "bundle.json"
    assert run("proof", "export", "--db", db, "--person", HELD, "-o", bundle).exit_code == 0
    shown = run("proof", "verify", bundle, "--trust", db / "trust")
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith("GOOD: ledger [zz.invalid/juniper]")
    assert '"event":"DetainerLodged"' in shown.stdout
    assert OTHER not in shown.stdout
    document = json.loads(run("proof", "verify", bundle, "--trust", db / "trust", "--json").stdout)
    schema = schemas.json_schema("habeas/checked-proof/1")
    assert list(faults(document, schema, schema)) == []
    assert document["earlier"]
    assert all(each["opened"] for each in document["entries"])
    verifier = tmp_path / "habeas_verify.py"
    assert run("proof", "verifier", "-o", verifier).exit_code == 0
    checked = subprocess.run(
        [sys.executable, "-I", verifier, db / "trust", bundle], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_spoilt_bundle_exits_with_1(run: Run, db: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.json"
    run("proof", "export", "--db", db, "--person", HELD, "--closed", "-o", bundle)
    assert '"opened":false' in run("proof", "verify", bundle, "--trust", db / "trust", "--json").stdout
    bundle.write_text(bundle.read_text().replace("clerk", "clerc", 1))
    spoilt = run("proof", "verify", bundle, "--trust", db / "trust")
    assert (spoilt.exit_code, spoilt.stdout.startswith("SPOILT")) == (1, True)


def test_a_whole_ledger_without_keys(run: Run, db: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "whole.json"
    assert run("proof", "export", "--db", db, "--whole", "-o", bundle).exit_code == 0
    document = json.loads(run("proof", "verify", bundle, "--trust", db / "trust", "--json").stdout)
    assert (document["whole"], len(document["entries"])) == (True, size_of(run, db))
    assert HELD not in bundle.read_text()
    assert run("proof", "export", "--db", db, "-o", bundle).exit_code == 2
    assert run("proof", "export", "--db", db, "--person", "nobody", "-o", bundle).exit_code == 2


def test_a_witness_cosigns_what_follows_and_nothing_else(run: Run, db: Path, tmp_path: Path) -> None:
    court = tmp_path / "court"
    line = run("witness", "init", court, "--name", "court.invalid", "--trust", db / "trust").stdout.strip()
    fork = tmp_path / "fork"
    forked(run, db, fork)
    assert "quorum 1" in run("witness", "trust", db, "--witness", line, "--quorum", "1").stdout
    request, cosigned = tmp_path / "request", tmp_path / "cosigned"
    assert run("db", "checkpoint", db, "--since", "0", "-o", request).exit_code == 0
    assert run("witness", "cosign", court, request, "-o", cosigned).exit_code == 0
    assert "2 signatures" in run("db", "checkpoint", db, "--add", cosigned).stdout
    seen = size_of(run, db)
    one_more(run, db, tmp_path)
    run("db", "checkpoint", db, "--since", str(seen), "-o", request)
    assert run("witness", "cosign", court, request).stdout.count("\u2014 ") == 2
    # A ledger that parted from it is refused, however many entries it has.
    one_more(run, fork, tmp_path, "forked")
    one_more(run, fork, tmp_path, "forked-again")
    run("db", "checkpoint", fork, "--since", str(seen), "-o", request)
    refused = run("witness", "cosign", court, request)
    assert refused.exit_code == 4
    assert "ask again" in refused.stderr
    run("db", "checkpoint", fork, "--since", str(size_of(run, db)), "-o", request)
    refused = run("witness", "cosign", court, request)
    assert refused.exit_code == 4
    assert "does not begin with" in refused.stderr


def forked(run: Run, db: Path, to: Path) -> None:
    """The same ledger a second time, to part from the first."""
    copy, escrow = to.with_name("copy"), to.with_name("escrow")
    assert run("db", "backup", copy, "--db", db, "--escrow", escrow).exit_code == 0
    assert run("db", "restore", copy, to, "--escrow", escrow).exit_code == 0


def test_the_restore_drill(run: Run, db: Path, tmp_path: Path) -> None:
    """Kill, wipe, restore, verify, answer."""
    known = rfc3339(now())
    asked = ("why", HELD, "--at", "2017-02-18 09:00", "--law-known-at", "2017-02-18 09:00", "--json")
    before = run(*asked, "--db", db, "--facts-known-at", known)
    copy, escrow = tmp_path / "copy", tmp_path / "escrow"
    done = run("db", "backup", copy, "--db", db, "--escrow", escrow)
    assert done.exit_code == 0, done.output
    assert not (copy / "secrets").exists()
    assert not (copy / "keys" / "epochs.sqlite").exists()
    shutil.rmtree(db)
    restored = run("db", "restore", copy, db, "--escrow", escrow, "--json")
    assert restored.exit_code == 0, restored.output
    document = json.loads(restored.stdout)
    assert document["trusted"] == document["size"] == document["witnessed"] > 0
    after = run(*asked, "--db", db, "--facts-known-at", known)
    assert after.stdout == before.stdout != ""
    assert one_more(run, db, tmp_path).exit_code == 0


def test_below_the_witnessed_size_nothing_is_recorded_until_two_sign(
    run: Run, db: Path, tmp_path: Path
) -> None:
    copy, escrow, outside = tmp_path / "copy", tmp_path / "escrow", tmp_path / "outside.note"
    run("db", "backup", copy, "--db", db, "--escrow", escrow)
    one_more(run, db, tmp_path)
    run("db", "checkpoint", db, "-o", outside)
    lost = size_of(run, db)
    shutil.rmtree(db)
    restored = run("db", "restore", copy, db, "--escrow", escrow, "--witnessed", outside)
    assert restored.exit_code == 1
    assert f"{lost} entries, as published" in restored.stdout
    refused = one_more(run, db, tmp_path)
    assert refused.exit_code == 7
    assert "habeas db recover" in refused.stderr
    assert run("db", "checkpoint", db).exit_code == 7
    said = run("db", "recover", db, "--order", "the disk of 22 November", "--as", "clerk")
    proposal = said.stdout.rsplit(" ", 1)[1].strip()
    assert run("db", "recover", db, "--approve", proposal, "--as", "clerk").exit_code == 7
    assert one_more(run, db, tmp_path).exit_code == 7
    signed = run("db", "recover", db, "--approve", proposal, "--as", "chief")
    assert "goes on as [zz.invalid/juniper/recovered-1]" in signed.stdout
    assert one_more(run, db, tmp_path).exit_code == 0
    verified = run("db", "verify", db)
    assert verified.exit_code == 0, verified.output
    assert run("db", "recover", db, "--order", "again", "--as", "clerk").exit_code == 7
    assert run("db", "recover", db).exit_code == 2


def test_backups_refuse_places_that_are_not_theirs(run: Run, db: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("not a backup")
    assert run("db", "backup", other, "--db", db).exit_code == 2
    assert run("db", "backup", db / "inside", "--db", db).exit_code == 2
    assert "nobody can open" in run("db", "backup", tmp_path / "new", "--db", db).stdout
    assert run("db", "restore", tmp_path / "new", tmp_path / "to", "--escrow", other).exit_code == 2
    assert run("db", "restore", other, tmp_path / "to", "--escrow", other).exit_code == 2
    assert run("db", "restore", tmp_path / "new", db, "--escrow", other).exit_code == 2


def test_a_ledger_that_does_not_begin_as_it_was_signed_is_not_signed_again(
    run: Run, db: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    forked(run, db, other)
    one_more(run, db, tmp_path, "first")
    one_more(run, other, tmp_path, "second")
    run("db", "checkpoint", db)
    for note in (db / "checkpoints").iterdir():
        shutil.copyfile(note, other / "checkpoints" / note.name)
    refused = run("db", "checkpoint", other)
    assert (refused.exit_code, "are not those that were signed before" in refused.stderr) == (7, True)
    assert run("db", "verify", other).exit_code == 1
    assert run("db", "checkpoint", db, "--since", "100000").exit_code == 2
    (tmp_path / "letter").write_text("no request")
    court = tmp_path / "court"
    run("witness", "init", court, "--name", "court.invalid", "--trust", db / "trust")
    assert run("witness", "cosign", court, tmp_path / "letter").exit_code == 4
    assert run("witness", "cosign", tmp_path / "none", tmp_path / "letter").exit_code == 2
    assert run("witness", "init", court, "--name", "again", "--trust", db / "trust").exit_code == 2


def test_upgrading_says_what_the_ledger_is(run: Run, db: Path) -> None:
    assert "zz.invalid/juniper" in run("db", "upgrade", db).stdout
    assert json.loads(run("db", "upgrade", db, "--json").stdout)["origin"] == "zz.invalid/juniper"
