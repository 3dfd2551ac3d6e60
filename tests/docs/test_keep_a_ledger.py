"""The commands of the how-to on keeping a ledger are run, one after another, in a folder of their own."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "keep-a-ledger.md"
HABEAS = Path(sys.executable).parent / "habeas"
ROBYN = "docs/tutorial/robyn.yaml"


def test_every_command_of_the_page_does_what_it_says(tmp_path: Path) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines()]
    assert len(commands) > 15
    tutorial = tmp_path / "docs" / "tutorial"
    tutorial.mkdir(parents=True)
    text = (ROOT / "docs" / "tutorial" / "bond-posted.yaml").read_text(encoding="utf-8")
    (tutorial / "bond-posted.yaml").write_text(text)
    (tmp_path / ROBYN).write_text(text.replace("Robin", "Robyn"))
    environment = os.environ | {"NO_COLOR": "1", "HOME": str(tmp_path)}
    for command in [*commands[:2], f"habeas record {ROBYN} --db juniper --as clerk-1", *commands[2:]]:
        program, *arguments = shlex.split(command)
        assert program == "habeas"
        done = subprocess.run(
            [HABEAS, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}"
