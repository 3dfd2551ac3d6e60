"""The verifier in one file: it agrees with the ledger's own, says clearly what it finds, and stands alone."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bundle_agreement import agree_at_random, agree_on_cases
from bundle_cases import payloads, trusts
from habeas.ledger.bundles import Spoilt, check
from habeas.ledger.checkpoints import read_trust
from habeas.ledger.notes import KeyType, UnreadableNote, new_key, read_note
from habeas.ledger.standalone import NAME, habeas_verify, verifier
from signed_bundles import Signed, note, text_of, written
from small_bundles import LOG, TRUST, Made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder: Path = tmp_path_factory.mktemp("ledger")
    return Made(folder)


@pytest.fixture
def paths(tmp_path: Path, made: Made) -> tuple[Path, Path]:
    """A trust file and a good bundle."""
    trust, bundle = tmp_path / "trust.txt", tmp_path / "bundle.json"
    trust.write_text(TRUST.written(), encoding="utf-8")
    bundle.write_bytes(made.part().written())
    return trust, bundle


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The file as others run it: alone, in a folder of its own, with nothing of this package to import."""
    return subprocess.run(
        [sys.executable, "-I", *map(str, arguments)],
        capture_output=True,
        check=False,
        env=os.environ | environment,
        timeout=60,
    )


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """The exit code and what is printed, in this process."""
    code = habeas_verify.main([str(each) for each in arguments])
    return code, capsys.readouterr().out


@pytest.mark.parametrize("seed", range(4))
def test_it_agrees_with_the_ledgers_own_on_good_bundles_and_spoilt_ones(made: Made, seed: int) -> None:
    found = agree_at_random(made, seed, 50)
    assert found.differing == []
    assert found.good >= 50
    assert found.spoilt >= 70


def test_both_find_good_what_the_page_calls_good_and_nothing_else(made: Made) -> None:
    assert [each.name for each in agree_on_cases(made)] == []


@pytest.mark.parametrize(("text", "good"), trusts())
def test_both_read_the_same_trust(made: Made, text: str, good: bool | None) -> None:
    document = made.part().written()
    if good is None:
        with pytest.raises(UnreadableNote):
            read_trust(text)
        with pytest.raises(habeas_verify.Spoilt):
            habeas_verify.read_trust(text.encode())
        return
    first, second = read_trust(text), habeas_verify.read_trust(text.encode())
    if good:
        assert check(document, first).checkpoint.size == 20
        assert habeas_verify.check(document, second)["good"]
        return
    with pytest.raises(Spoilt):
        check(document, first)
    with pytest.raises(habeas_verify.Spoilt):
        habeas_verify.check(document, second)


def test_two_keys_with_one_name_and_one_id_are_not_told_apart_and_so_refused() -> None:
    # Found by counting: the first two of such keys whose IDs are equal.
    first, second = (b"\x04" + number.to_bytes(32, "big") for number in (5_761, 146_797))
    log = LOG.verifier.written()
    lines = [f"witness court.invalid+a72c0d48+{b64encode(key).decode()}\n" for key in (first, second)]
    assert len(habeas_verify.read_trust(f"log {log}\n{lines[0]}".encode())[0]) == 2
    with pytest.raises(habeas_verify.Spoilt, match="line 3: its key has the name and the ID of another"):
        habeas_verify.read_trust("".join([f"log {log}\n", *lines]).encode())


def test_a_witness_with_the_ledgers_name_is_no_ledger_and_one_signature_can_be_enough(made: Made) -> None:
    signed = Signed(made)
    tree = signed.whole(signed.fresh())
    text = tree["checkpoint"].partition("\n\n")[0] + "\n"
    log = f"log {LOG.verifier.written()}\n"
    tree["checkpoint"] = note(text, [LOG.name])
    assert check(written(tree), read_trust(log)).whole
    assert habeas_verify.check(written(tree), habeas_verify.read_trust(log.encode()))["whole"]
    namesake = new_key(LOG.name, KeyType.WITNESS, bytes(32))
    cosignature = read_note(note(text, [LOG.name])).text
    seconds = bytes(7) + b"\x05"
    signature = Ed25519PrivateKey.from_private_bytes(bytes(32)).sign(
        f"cosignature/v1\ntime 5\n{cosignature}".encode()
    )
    data = b64encode(namesake.verifier.key_id + seconds + signature).decode()
    tree["checkpoint"] = f"{text}\n— {LOG.name} {data}\n"
    trust = f"{log}witness {namesake.verifier.written()}\n"
    with pytest.raises(Spoilt, match="no key trusted here"):
        check(written(tree), read_trust(trust))
    with pytest.raises(habeas_verify.Spoilt, match="no ledger trusted here"):
        habeas_verify.check(written(tree), habeas_verify.read_trust(trust.encode()))


def test_an_earlier_checkpoint_of_another_trusted_ledger_is_refused(made: Made) -> None:
    other = new_key("zz.invalid/sorrel", KeyType.LOG, bytes(range(32)))
    text = text_of([], 0, other.name)
    signature = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).sign(text.encode())
    data = b64encode(other.verifier.key_id + signature).decode()
    signed = Signed(made)
    tree = signed.part(signed.fresh(), [1])
    tree["earlier"] = [{"checkpoint": f"{text}\n— {other.name} {data}\n", "consistency": []}]
    trust = f"log {LOG.verifier.written()}\nlog {other.verifier.written()}\n"
    with pytest.raises(Spoilt):
        check(written(tree), read_trust(trust))
    with pytest.raises(habeas_verify.Spoilt, match="it is of another ledger"):
        habeas_verify.check(written(tree), habeas_verify.read_trust(trust.encode()))


def test_it_is_short_and_needs_the_standard_library_and_one_package() -> None:
    text = verifier().decode()
    assert len(text.splitlines()) < 500
    nodes = list(ast.walk(ast.parse(text)))
    names = {each.module or "" for each in nodes if isinstance(each, ast.ImportFrom)}
    names |= {alias.name for each in nodes if isinstance(each, ast.Import) for alias in each.names}
    roots = {name.partition(".")[0] for name in names}
    assert roots - set(sys.stdlib_module_names) == {"cryptography"}


def test_it_runs_alone_and_says_what_a_good_bundle_shows(tmp_path: Path, paths: tuple[Path, Path]) -> None:
    alone = tmp_path / "elsewhere" / NAME
    alone.parent.mkdir()
    alone.write_bytes(verifier())
    found = run(alone, *paths)
    assert (found.returncode, found.stderr) == (0, b"")
    text = found.stdout.decode()
    for line in (
        "GOOD: every check of this bundle succeeded.",
        "Ledger       zz.invalid/juniper",
        "Size         20 entries, known until 2017-02-20 12:00:00.040000 UTC",
        "Witness      court.invalid, signed at 2017-02-20 12:00:00.000000 UTC",
        "Begins with  the 7 entries known until 2017-02-20 12:00:00.014000 UTC",
        "Shown        7 entries; it shows nothing of the others",
        "Entry 1: Arrested, version 1, of p-1",
        "  Recorded   2017-02-20 12:00:00.004000 UTC by officer-7 as records",
        "  Effective  from 2017-02-20 12:00:00.000000 UTC (stated by minute)",
        "  Payload    sheet 1",
        "  Payload    not shown",
    ):
        assert line in text.splitlines()


def test_a_spoilt_bundle_says_which_part_is_wrong(paths: tuple[Path, Path], tmp_path: Path) -> None:
    alone = tmp_path / NAME
    alone.write_bytes(verifier())
    paths[1].write_bytes(paths[1].read_bytes().replace(b"form-7", b"form-8"))
    found = run(alone, *paths)
    assert (found.returncode, found.stderr) == (1, b"")
    assert found.stdout.decode().startswith("SPOILT, and shows nothing. What is wrong: entry 7: ")
    data = json.loads(run(alone, *paths, "--json").stdout)
    assert data["good"] is False
    assert data["wrong"].startswith("entry 7: ")


def test_the_same_as_data(paths: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, *paths, "--json")
    data = json.loads(text)
    assert (code, data["good"], data["whole"]) == (0, True, False)
    assert (data["checkpoint"]["ledger"], data["checkpoint"]["size"]) == ("zz.invalid/juniper", 20)
    assert data["checkpoint"]["witnesses"] == [["court.invalid", 1_487_592_000]]
    assert [each["size"] for each in data["earlier"]] == [7]
    assert [each["seq"] for each in data["entries"]] == [1, 4, 7, 10, 13, 16, 19]
    assert [each["state"] for each in data["entries"]].count("not shown") == 1
    assert b64decode(data["entries"][0]["payload"]) == b"sheet 1"
    assert data["entries"][0]["header"]["recorded_at"] == 1_487_592_000_004_000


def test_a_whole_ledger_shows_that_nothing_is_missing(
    paths: tuple[Path, Path], made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    paths[1].write_bytes(made.whole().written())
    code, text = said(capsys, *paths)
    assert code == 0
    assert "Shown        the whole ledger; no entry is missing" in text
    assert "Entry 5: removed; this shows only that something stood here" in text
    assert "  Payload    sealed" in text


def test_what_an_entry_says_cannot_move_the_cursor_or_hide(
    paths: tuple[Path, Path], made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    fields: dict[str, Any] = {
        "actor": "\u202eevil\u200b",
        "role": "é",
        "supersedes": "0195d3a1-7b1c-7000-8000-000000000000",
    }
    fields |= {"approval_of": fields["supersedes"], "precision": None, "zone": "\u009b31m"}
    signed = Signed(made)
    paths[1].write_bytes(written(signed.with_fields(**fields, valid_from=5, valid_to=6)))
    code, text = said(capsys, *paths)
    assert code == 0
    assert "by \\u202eevil\\u200b as é\n" in text
    assert "from 1970-01-01 00:00:00.000005 UTC until 1970-01-01 00:00:00.000006 UTC\n" in text
    assert "  Corrects   event 0195d3a1-7b1c-7000-8000-000000000000\n" in text
    assert "  Approves   event 0195d3a1-7b1c-7000-8000-000000000000\n" in text
    paths[1].write_bytes(written(signed.with_fields(valid_from=None, precision=None)))
    assert "  Effective  no time stated\n" in said(capsys, *paths)[1]


def test_a_terminal_that_cannot_write_a_letter_gets_it_escaped(tmp_path: Path, made: Made) -> None:
    trust, bundle, alone = tmp_path / "t", tmp_path / "b", tmp_path / NAME
    trust.write_text(TRUST.written(), encoding="utf-8")
    bundle.write_bytes(written(Signed(made).with_fields(role="Präsidentin")))
    alone.write_bytes(verifier())
    found = subprocess.run(
        [sys.executable, str(alone), str(trust), str(bundle)],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert (found.returncode, found.stderr) == (0, b"")
    assert b"as Pr\\xe4sidentin" in found.stdout


@pytest.mark.parametrize(
    ("trust", "bundle", "says"),
    [
        (None, b"{}", "No such file"),
        (b"", b"{}", "expected at least one `log`"),
        (b"log x\n", b"{}", "line 1: "),
        (b"\xff", b"{}", "codec can't decode"),
        (b"log x\x00+00000000+AAAA", b"{}", "line 1: "),
    ],
)
def test_what_cannot_be_read_is_not_checked(
    tmp_path: Path, trust: bytes | None, bundle: bytes, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = tmp_path / "trust", tmp_path / "bundle"
    paths[1].write_bytes(bundle)
    if trust is not None:
        paths[0].write_bytes(trust)
    code, text = said(capsys, *paths)
    assert code == 2
    assert text.startswith(f"NOT CHECKED: {paths[0]}: ")
    assert says in text
    assert json.loads(said(capsys, *paths, "--json")[1])["good"] is None


def test_a_missing_bundle_and_a_folder_are_named(
    paths: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for odd in (tmp_path / "none", tmp_path, "a\x00b"):
        code, text = said(capsys, paths[0], odd)
        assert code == 2
        assert text.startswith("NOT CHECKED: ")


def test_a_file_too_large_is_not_checked(
    paths: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(habeas_verify, "MOST_BYTES", 5_000)
    code, text = said(capsys, *paths)
    assert code == 2
    assert "more than 5000 bytes" in text
    monkeypatch.setattr(habeas_verify, "MOST_BYTES", paths[1].stat().st_size)
    assert said(capsys, *paths)[0] == 0


def test_a_machine_without_the_memory_says_so(
    paths: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(habeas_verify, "check", full)
    code, text = said(capsys, *paths)
    assert (code, text) == (2, "NOT CHECKED: too large for the memory of this machine\n")


def test_wrong_usage_exits_with_2(tmp_path: Path) -> None:
    alone = tmp_path / NAME
    alone.write_bytes(verifier())
    for arguments in ([], ["one"], ["one", "two", "three"], ["--why", "one", "two"]):
        found = run(alone, *arguments)
        assert found.returncode == 2
        assert found.stderr.startswith(b"usage: ")


def test_without_the_package_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "cryptography.py").write_text("raise ImportError\n", encoding="utf-8")
    alone = tmp_path / NAME
    alone.write_bytes(verifier())
    found = subprocess.run([sys.executable, str(alone), "a", "b"], capture_output=True, check=False)
    assert found.returncode == 2
    assert found.stderr == b"The package `cryptography` is missing: python -m pip install cryptography\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_what_cannot_be_written_is_not_good(paths: tuple[Path, Path], tmp_path: Path) -> None:
    alone = tmp_path / NAME
    alone.write_bytes(verifier())
    with Path("/dev/full").open("wb") as full:
        found = subprocess.run([sys.executable, str(alone), *map(str, paths)], stdout=full, check=False)
    assert found.returncode == 2


def test_a_time_beyond_the_calendar_is_a_number() -> None:
    assert habeas_verify.instant(2**64 * 1_000_000) == (
        "18446744073709551616000000 microseconds after 1970-01-01 00:00 UTC"
    )


def test_a_payload_that_is_no_text_is_escaped(
    paths: tuple[Path, Path], made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = next(each for each in payloads(Signed(made)) if each.name == "payload of 7 bytes")
    paths[1].write_bytes(bundle.document)
    assert "  Payload    not text: b'\\xff\\x00\\x1b[31m'\n" in said(capsys, *paths)[1]
