"""The inventory of what 130 enactments need agrees with itself, the rulebook and the list it was made from."""

import re
from collections import Counter
from pathlib import Path

import pytest

from habeas.law.enactments import Effect, Verb

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "explanation" / "inventory.md").read_text(encoding="utf-8")
RULEBOOK = ROOT / "src" / "habeas" / "rulebook"
LIST = ROOT.parent / "shared" / "reference" / "enactments.yaml"


def table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, without its head."""
    lines = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0].splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("|"))
    rows = [line for line in lines[start:] if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def listed(cell: str) -> list[str]:
    return [part.strip(" `") for part in cell.split(",") if part.strip()]


ROWS = table("The 130")


def test_there_are_130_and_none_twice() -> None:
    names = [row[0] for row in ROWS]
    assert (len(names), len(set(names))) == (130, 130)


def test_every_file_named_is_in_the_rulebook() -> None:
    named = [path for row in ROWS for path in listed(row[2])]
    assert len(named) > 70
    assert [path for path in named if not (RULEBOOK / f"{path}.yaml").is_file()] == []


def test_nothing_is_left_out_of_what_is_not_there() -> None:
    assert [row[0] for row in ROWS if row[3] and not row[2]] == []


def test_the_counts_are_those_of_the_rows() -> None:
    def state(row: list[str]) -> tuple[str, bool]:
        kind = "not in the rulebook"
        if row[2]:
            kind = "in the rulebook, some clauses left out" if row[3] else "in the rulebook"
        return kind, bool(row[4])

    counted = Counter(state(row) for row in ROWS)
    shown = {row[0]: [int(cell) for cell in row[1:]] for row in table("Counts")}
    together = shown.pop("together")
    for kind, (said, unsaid, total) in shown.items():
        assert (counted[kind, False], counted[kind, True]) == (said, unsaid)
        assert said + unsaid == total
    assert [sum(column) for column in zip(*shown.values(), strict=True)] == together
    assert together[2] == 130


@pytest.mark.parametrize(
    ("heading", "column", "count"), [("Constructs", 1, 4), ("Not yet expressible", 4, 2)]
)
def test_each_word_of_the_rows_is_explained_and_counted(heading: str, column: int, count: int) -> None:
    used = Counter(word for row in ROWS for word in listed(row[column]))
    assert used == {row[0]: int(row[count]) for row in table(heading) if row[count:]}


def test_each_example_is_a_text_that_needs_it() -> None:
    needs = {row[0]: (listed(row[1]), row[2]) for row in ROWS}
    for construct, _, _, example, _ in table("Constructs"):
        name, _, rest = example.partition(" ")
        assert construct in needs[name][0]
        assert bool(needs[name][1]) == (rest != "(not encoded)"), name


def test_verbs_and_effects_said_to_be_unused_are_just_those() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in RULEBOOK.rglob("*.yaml"))
    verbs = [verb.value for verb in Verb if not re.search(rf"does: {verb.value}\b", text)]
    effects = [effect.value for effect in Effect if not re.search(rf"effect: {effect.value}(?![\w-])", text)]
    section = PAGE.split("## In the format, used by no enactment yet\n", 1)[1].split("\n## ", 1)[0]
    said = {
        part: re.findall(r"`([a-z-]+)`", section.split(part, 1)[1].split(".", 1)[0])
        for part in ("Verbs:", "Effects:")
    }
    assert {part: sorted(words) for part, words in said.items()} == {
        "Verbs:": sorted(verbs),
        "Effects:": sorted(effects),
    }
    fields = ("strength: protected", "exception_to:", "pause:", "reset:")
    assert [
        field for field in fields if re.search(rf"^ *(?:- )?{field}|[{{,] *{field}", text, re.MULTILINE)
    ] == []


@pytest.mark.needs("shared-data")
def test_it_is_about_the_enactments_of_the_list() -> None:
    if not LIST.is_file():
        pytest.skip("NOT RUN [shared-data]: put the list at ../shared/reference/enactments.yaml")
    ids = re.findall(r"^- id: (\S+)$", LIST.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(ids) == sorted(row[0].strip("`") for row in ROWS)
