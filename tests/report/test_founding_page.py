"""The documentation's page of the founding story is what the engine says today, proofs included."""

from functools import lru_cache
from pathlib import Path

from habeas.report.demo import STORY
from habeas.report.story import Story, story
from habeas.report.story_text import story_markdown
from small_custodies import rulebook

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "founding-story.md"
ANEW = (
    "write it anew: python -c 'from habeas.desk.library import library; from habeas.report.story import story; "
    'from habeas.report.story_text import story_markdown; print(story_markdown(story("founding", library())), end="")\' '
    "> docs/explanation/founding-story.md"
)


@lru_cache(maxsize=1)
def founding() -> Story:
    return story(STORY, rulebook())


def test_the_page_is_what_is_computed_today() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == story_markdown(founding()), ANEW


def test_every_proof_of_the_three_dates_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    chapter = founding().chapters[0]
    for scene in chapter.scenes:
        part = text[text.index(f"### {scene.name}") :]
        for told in (*scene.then, *scene.later):
            assert told.answer.why.text in part
            assert f"`{told.alternative}` as known" in part
