"""An import that is killed at any point, and run again, gives the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from small_rosters import RECIPE, roster_file

pytestmark = pytest.mark.slow
AT = "2020-01-01T00:00:00Z"


def start(roster: Path, recipe: Path, out: Path) -> subprocess.Popen[bytes]:
    command = "from habeas.cli import main; main()"
    arguments = ["import", roster, "--recipe", recipe, "-o", out, "--learned-at", AT, "-q", "--no-figures"]
    return subprocess.Popen([sys.executable, "-c", command, *map(str, arguments)], stdout=subprocess.DEVNULL)


def test_a_killed_import_gives_the_same_bytes_when_run_again(tmp_path: Path) -> None:
    recipe = tmp_path / "sorrel.toml"
    recipe.write_text(RECIPE)
    rows = [f"r{n},b{n // 2},2017-03-04 10:00,2017-03-05 10:00,THEFT,M,2017-03-05 09:00" for n in range(4000)]
    roster = roster_file(tmp_path, *rows)
    whole = start(roster, recipe, tmp_path / "whole")
    assert whole.wait(300) == 0
    for seconds in (0.3, 0.7, 1.2, 2.0, 3.0, 4.5):
        killed = start(roster, recipe, tmp_path / "killed")
        time.sleep(seconds)
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait(60)
        names = {path.name for path in (tmp_path / "killed").glob("*")}
        assert not any(name.endswith(".part") for name in names if not name.startswith(".")), names
    assert start(roster, recipe, tmp_path / "killed").wait(300) == 0
    for name in ("record-0001.jsonl", "account-0001.json"):
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
