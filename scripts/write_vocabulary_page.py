"""Write docs/reference/vocabulary.md anew; a test holds the page to the vocabulary and the events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from habeas.custody.events import EVENTS
from habeas.law.vocabulary import OWNERS, Vocabulary
from habeas.law.yaml_text import parse

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "vocabulary.md"
SOURCE = ROOT / "src" / "habeas" / "rulebook" / "vocabulary.yaml"
HEAD = """\
# Vocabulary

Written from `src/habeas/rulebook/vocabulary.yaml` and the events of `habeas.custody.events` by
`scripts/write_vocabulary_page.py`; a test fails where this page and they differ. *Not known* is always
possible. A provision that `defines` a fact adds one for its own place and its tests.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_facts(), *_events()]) + "\n"


def _facts() -> Iterator[str]:
    vocabulary = Vocabulary.from_tree(parse(SOURCE.read_text(encoding="utf-8"), SOURCE.name).tree)
    for owner in OWNERS:
        yield f"## Facts of {owner}\n"
        yield "| fact | type | meaning |\n|---|---|---|"
        for spec in vocabulary.of(owner):
            codes = f": {', '.join(f'`{code}`' for code in spec.values)}" if spec.values else ""
            yield f"| `{spec.name}` | {spec.type}{codes} | {spec.meaning} |"
        yield ""


def _events() -> Iterator[str]:
    yield "## Events\n"
    yield "*About*: what it speaks of unless its line says otherwise. *Sets*: the instant fact it gives.\n"
    yield "| event | about | sets | meaning |\n|---|---|---|---|"
    for name in sorted(EVENTS):
        event = EVENTS[name]
        sets = f"`{event.collection}.{event.fact}`" if event.fact else ""
        meaning = " ".join((event.__doc__ or "").split())
        yield f"| `{name}` | {event.collection} | {sets} | {meaning} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
