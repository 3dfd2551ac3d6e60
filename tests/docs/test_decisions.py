"""Every decision is numbered, complete and in the index; so is every page of the site."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "decisions"
DECISIONS = sorted(FOLDER.glob("[0-9]*.md"))
PAGES = sorted((ROOT / "docs").rglob("*.md"))


def test_numbers_run_without_a_gap() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_index_lists_each_decision_by_its_title_in_order() -> None:
    listed = re.findall(r"^- \[(.+)\]\((\d{4}-.+\.md)\)$", (FOLDER / "index.md").read_text(), re.MULTILINE)
    assert listed == [
        (page.read_text().split("\n", 1)[0].removeprefix("# "), page.name) for page in DECISIONS
    ]


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_all_four_things(page: Path) -> None:
    text = page.read_text()
    assert text.startswith(f"# {page.name[:4]}. ")
    assert re.search(r"^Status: (proposed|accepted, \d{4}-\d\d-\d\d|superseded by \d{4})", text, re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Choice", "Consequences"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT / "docs").as_posix())
def test_the_site_leads_to_every_page(page: Path) -> None:
    name = page.relative_to(ROOT / "docs").as_posix()
    assert re.search(rf"\b{re.escape(name)}$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE), (
        f"{name} is missing from `nav` in mkdocs.yml"
    )


def test_decisions_named_elsewhere_exist() -> None:
    numbers = {page.name[:4] for page in DECISIONS}
    named = [
        (path.name, number)
        for path in [
            ROOT / ".importlinter",
            ROOT / "pyproject.toml",
            ROOT / "Makefile",
            *(ROOT / "src").rglob("*.py"),
        ]
        for number in re.findall(r"docs/decisions/(\d{4})", path.read_text())
    ]
    assert named
    assert [entry for entry in named if entry[1] not in numbers] == []
