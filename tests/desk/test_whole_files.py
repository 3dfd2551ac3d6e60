"""Files are there whole or not at all, whatever stops the one who writes them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from habeas.desk.whole_files import BeingWritten, whole_file, write_whole

WRITER = """
import sys, time
from pathlib import Path
from habeas.desk.whole_files import whole_file
with whole_file(Path(sys.argv[1])) as file:
    print("writing", flush=True)
    for number in range(2000):
        file.write(b"%06d" % number)
        file.flush()
        time.sleep(0.0002)
"""


def test_the_new_file_takes_the_place_of_the_old_only_when_complete(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_whole(path, b"old")
    with whole_file(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_whole(path, b"old")

    def broken() -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        broken()
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_two_runs_do_not_write_one_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    with whole_file(path) as file:
        file.write(b"first")
        with pytest.raises(BeingWritten, match="another run"):
            write_whole(path, b"second")
    assert path.read_bytes() == b"first"


def test_a_writer_killed_anywhere_leaves_the_old_file_and_the_next_run_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_whole(path, b"old")
    chance = random.Random(7)  # noqa: S311 - when to kill
    for _ in range(8):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, env={**os.environ}
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(chance.uniform(0, 0.3))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert path.read_bytes() == b"old"
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]
