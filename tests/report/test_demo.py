"""The founding story: told from data, every verdict computed, no reading stated as fact."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

import pytest

from habeas.authority.answer import answer
from habeas.authority.findings import Verdict
from habeas.authority.trials import UnreadableCase
from habeas.law.documents import Tree
from habeas.law.yaml_text import parse
from habeas.report.demo import STORY, demo_page
from habeas.report.story import Scene, Story, story, story_of
from small_audits import request_audit
from small_custodies import rulebook
from small_pages import checked


@lru_cache(maxsize=1)
def founding() -> Story:
    return story(STORY, rulebook())


@lru_cache(maxsize=1)
def page() -> str:
    return demo_page(rulebook(), [request_audit()])


def scenes() -> list[Scene]:
    return [scene for chapter in founding().chapters for scene in chapter.scenes]


def test_the_page_is_whole_accessible_and_fetches_nothing() -> None:
    checked(page())


def test_a_second_run_gives_the_same_bytes() -> None:
    assert demo_page(rulebook(), [request_audit()]) == page()


def test_three_dates_under_each_of_three_readings_then_and_later() -> None:
    chapter = founding().chapters[0]
    assert len(chapter.scenes) == 3
    for scene in chapter.scenes:
        assert len(scene.then) == len(scene.later) == len(scene.question.alternatives) == 3
        assert {told.known_at for told in scene.then} == {scene.at}
        assert {told.known_at for told in scene.later} == {scene.hindsight}


def test_the_readings_part_only_where_the_ruling_is_known_and_not_yet_reversed() -> None:
    parted = [
        (
            len({told.answer.verdict for told in scene.then}),
            len({told.answer.verdict for told in scene.later}),
        )
        for scene in founding().chapters[0].scenes
    ]
    assert parted == [(1, 1), (2, 1), (2, 1)]


def test_where_readings_part_the_joint_answer_is_open() -> None:
    for scene in founding().chapters[0].scenes:
        if len({told.answer.verdict for told in scene.then}) > 1:
            together = scene.together(scene.at)
            assert together.verdict is Verdict.UNDETERMINED
            assert together.words == "The readings differ"


def test_each_answer_is_the_engine_asked_again() -> None:
    for scene in scenes():
        for told in (*scene.then, *scene.later):
            assert told.answer.verdict is answer(told.inquiry, scene.at).verdict


def test_the_table_shows_each_verdict_once_for_each_reading() -> None:
    first = page()[: page().index('id="three-dates"')]
    shown = re.findall(r"<td><span class=\"tag (is-\w+)\">", first)
    assert len(shown) == 18
    looks = {Verdict.LAWFUL: "is-held", Verdict.UNLAWFUL: "is-none", Verdict.UNDETERMINED: "is-open"}
    wanted = [
        looks[told.answer.verdict]
        for scene in founding().chapters[0].scenes
        for told in (*scene.then, *scene.later)
    ]
    assert shown == wanted


def test_every_proof_is_printed_with_its_citations() -> None:
    text = page()
    for scene in scenes():
        for told in (*scene.then, *scene.later):
            cited = [node.cite for node in told.answer.why.children if node.cite]
            assert all(cite.replace("&", "&amp;") in text for cite in cited)
    assert text.count('<ul class="proof">') >= len(scenes())


def test_facts_do_not_change_between_readings_or_with_hindsight_of_law() -> None:
    for scene in scenes():
        drawn = {scene.drawn(told.alternative, scene.at).record.digest for told in scene.then}
        assert drawn == {scene.drawn(scene.question.default, scene.hindsight).record.digest}


def test_a_published_default_is_called_adopted_by_nobody() -> None:
    text = page()
    for scene in scenes():
        wanted = (
            f"If {scene.question.id} is {scene.question.default} (the published default, adopted by nobody)"
        )
        assert wanted in text


def _tree() -> dict[str, Tree]:
    text = (files("habeas.report") / "stories" / f"{STORY}.yaml").read_text(encoding="utf-8")
    tree = parse(text, "story.yaml").tree
    assert isinstance(tree, dict)
    return tree


def _first_case(tree: dict[str, Tree]) -> dict[str, Tree]:
    chapters = tree["chapters"]
    assert isinstance(chapters, list)
    chapter = chapters[0]
    assert isinstance(chapter, dict)
    cases = chapter["cases"]
    assert isinstance(cases, list)
    case = cases[0]
    assert isinstance(case, dict)
    return case


def test_a_story_that_varies_no_question_of_the_rulebook_is_refused() -> None:
    tree = _tree()
    _first_case(tree)["vary"] = "whether-it-rains"
    with pytest.raises(
        UnreadableCase, match=r"expected a question of the rulebook, found \[whether-it-rains\]"
    ):
        story_of(tree, rulebook())


@pytest.mark.parametrize("key", ["at", "id", "name"])
def test_a_scene_without_what_it_needs_is_refused(key: str) -> None:
    tree = _tree()
    del _first_case(tree)[key]
    with pytest.raises(UnreadableCase, match=rf"\[{key}\]"):
        story_of(tree, rulebook())


def test_the_story_holds_no_expected_answer() -> None:
    text = (files("habeas.report") / "stories" / f"{STORY}.yaml").read_text(encoding="utf-8")
    assert not re.search(r"\b(verdict|LAWFUL|UNLAWFUL|UNDETERMINED)\b:?", re.sub(r"#.*", "", text))
