"""The reference of recipe keys and the schema of a recipe are what their script writes."""

from __future__ import annotations

import json
import runpy
import tomllib
from pathlib import Path

import pytest

from habeas.intake.recipes import bundled

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "write_recipe_page.py"))


def test_the_page_is_what_the_types_say() -> None:
    assert SCRIPT["PAGE"].read_text(encoding="utf-8") == SCRIPT["page"]()


def test_every_key_has_a_meaning() -> None:
    assert not [line for line in SCRIPT["page"]().splitlines() if line.endswith("|  |")]


def test_the_schema_is_what_the_types_say() -> None:
    assert SCRIPT["SCHEMA"].read_bytes() == SCRIPT["schema"]()


@pytest.mark.parametrize("name", bundled())
def test_the_schema_names_every_key_that_a_bundled_recipe_uses(name: str) -> None:
    known = json.loads(SCRIPT["schema"]())["$defs"]["Recipe"]["properties"]
    assert tomllib.loads(bundled()[name].text).keys() <= known.keys()


def test_the_how_to_lists_every_bundled_recipe() -> None:
    page = (ROOT / "docs" / "how-to" / "add-a-recipe.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in bundled())


def test_the_plain_page_names_every_column_of_the_plain_recipe() -> None:
    page = (ROOT / "docs" / "how-to" / "send-plain-files.md").read_text(encoding="utf-8")
    recipe = bundled()["plain"]
    assert not [column for column in recipe.columns if f"`{column}`" not in page]
