"""A story as a page of Markdown for the documentation: tables, drawings in text, printed proofs."""

from __future__ import annotations

from collections.abc import Iterator

from habeas.authority.findings import Verdict
from habeas.report.axis import dated_text, moment_text
from habeas.report.proof_text import deciding_lines
from habeas.report.sentences import short
from habeas.report.story import Chapter, Scene, Story, Told
from habeas.report.timeline_text import draw_text

_WIDTH = 96


def story_markdown(told: Story) -> str:
    """The whole page; every verdict on it is asked when it is written.

    The first chapter is told with its drawings and proofs, the others by their tables.
    """
    lines = [f"# {told.title}", "", told.lead, ""]
    for chapter in told.chapters:
        lines += [f"## {chapter.title}", "", chapter.lead, ""]
        lines += list(_questions(chapter))
        lines += list(_table(chapter))
        if chapter.note:
            lines += [chapter.note, ""]
        if chapter is told.chapters[0]:
            lines += [line for scene in chapter.scenes for line in _scene(scene)]
    return "\n".join(lines).rstrip() + "\n"


def _questions(chapter: Chapter) -> Iterator[str]:
    for question in {scene.question.id: scene.question for scene in chapter.scenes}.values():
        yield f"**{question.asks}** (`{question.id}`)"
        yield ""
        for each in question.alternatives:
            doubt = f" *Doubt: {each.doubt}*" if each.doubt else ""
            yield f"- `{each.id}`: {each.says} [{'; '.join(each.cites)}]{doubt}"
        yield ""


def _table(chapter: Chapter) -> Iterator[str]:
    yield "| at the moment of release | if | as known then | as known later |"
    yield "|---|---|---|---|"
    for scene in chapter.scenes:
        for then, later in zip(scene.then, scene.later, strict=True):
            yield f"| {scene.name} | `{then.alternative}` | {_cell(scene, then)} | {_cell(scene, later)} |"
        together = [scene.together(known).words.lower() for known in (scene.at, scene.hindsight)]
        yield f"| {scene.name} | every reading of every question | {together[0]} | {together[1]} |"
    yield ""


def _cell(scene: Scene, told: Told) -> str:
    found = told.answer
    if found.verdict is Verdict.LAWFUL and found.latest_lawful is not None:
        return f"may be held until {moment_text(found.latest_lawful, scene.trial.zone)}"
    words = short(found, scene.trial.zone)
    return words[:1].lower() + words[1:]


def _scene(scene: Scene) -> Iterator[str]:
    zone = scene.trial.zone
    yield f"### {scene.name}"
    yield ""
    yield f"{scene.says} Asked: {dated_text(scene.at, zone)}.".strip()
    yield ""
    default = scene.question.default
    yield f"If `{scene.question.id}` is `{default}` (the published default), law as known then:"
    yield ""
    yield from _fenced(draw_text(scene.drawn(default, scene.at), 0, width=_WIDTH, color=False).splitlines())
    shown: dict[tuple[str, ...], list[str]] = {}
    for heading, answers in (("as known then", scene.then), ("as known later", scene.later)):
        for told in answers:
            lines = tuple(deciding_lines(told.answer.why))
            shown.setdefault(lines, []).append(f"`{told.alternative}` {heading}")
    for lines, names in shown.items():
        yield f"The proof, if {', '.join(names)}:"
        yield ""
        yield from _fenced(list(lines))


def _fenced(lines: list[str]) -> Iterator[str]:
    yield "```text"
    yield from (line.rstrip() for line in lines)
    yield "```"
    yield ""
