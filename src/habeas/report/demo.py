"""The demonstration: the founding story told from data with its proofs, then audits of real records.

Every verdict on the page is computed when the page is made; the story's people, papers and dates
stand in a file of data, and the law in the rulebook.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from habeas.authority.explain import Proof
from habeas.authority.findings import Because, Verdict
from habeas.authority.inquiry import Regimen
from habeas.desk.audit_report import AuditReport
from habeas.kernel.instants import Instant
from habeas.law.enactments import Question
from habeas.report.audit_html import audit_sections
from habeas.report.axis import dated_text, length_text, moment_text
from habeas.report.lanes import picture, span_of
from habeas.report.markup import Content, Markup, tag
from habeas.report.page import drawing, folded, page, pairs, scroll, section, table, verdict_tag
from habeas.report.proof_html import proof_tree
from habeas.report.readings_svg import Strip, strips_svg
from habeas.report.sentences import grounds, short, state_of
from habeas.report.story import Chapter, Scene, Story, Told, story
from habeas.report.timeline_svg import drawn, spoken

STORY = "founding"
"""The story that comes with habeas."""


def demo_page(regimen: Regimen, audits: Sequence[AuditReport] = (), *, name: str = STORY) -> str:
    """The demonstration as one HTML file.

    Args:
        regimen: The rulebook to ask.
        audits: Audits of bundled records, shown after the story.
        name: The story told.

    Raises:
        UnreadableCase: a part of the story's file does not have its shape.
    """
    told = story(name, regimen)
    contents = {"start": "The question", **{each.id: each.title for each in told.chapters}}
    body: list[Content] = [_opening(told)]
    body += [_chapter(chapter) for chapter in told.chapters]
    for number, report in enumerate(audits, 1):
        contents[f"audit-{number}"] = report.title
        body.append(audit_sections(report, regimen, name=f"audit-{number}"))
    contents["reading-this"] = "How to read this page"
    body.append(_reading_this(regimen))
    return page(
        f"{told.title} - habeas",
        "Who may be held, on what authority, until when - with proof",
        contents,
        body,
        _foot(),
    )


def _opening(told: Story) -> Markup:
    return tag(
        "section",
        tag("h1", told.title),
        tag("p", told.lead, class_="lead"),
        _across(told),
        id="start",
        aria_label="The question",
    )


def _across(told: Story) -> Markup:
    """The first screen: each scene of the first chapter under each reading, then and later."""
    chapter = told.chapters[0]
    question = chapter.scenes[0].question
    alternatives = [each.id for each in question.alternatives]
    later = dated_text(chapter.scenes[0].hindsight, chapter.scenes[0].trial.zone)
    head = tag(
        "thead",
        tag(
            "tr",
            tag("th", "Would-be release", scope="col", rowspan="2"),
            tag("th", "As known then, if the reading is", scope="colgroup", colspan=f"{len(alternatives)}"),
            tag(
                "th", f"As known {later}, if the reading is", scope="colgroup", colspan=f"{len(alternatives)}"
            ),
        ),
        tag(
            "tr", [tag("th", each.replace("-", " "), scope="col") for each in (*alternatives, *alternatives)]
        ),
    )
    rows = [
        tag(
            "tr",
            tag("th", scene.name, tag("p", scene.says), scope="row"),
            [tag("td", _cell(each, scene.trial.zone)) for each in (*scene.then, *scene.later)],
        )
        for scene in chapter.scenes
    ]
    caption = "May the jail keep this person on the detainer, at the moment of release?"
    return scroll(caption, tag("table", tag("caption", caption), head, tag("tbody", rows)))


def _cell(told: Told, zone: ZoneInfo) -> Content:
    found = told.answer
    words = short(found, zone).partition(" until ")[0].partition(":")[0]
    end = found.latest_lawful if found.verdict is Verdict.LAWFUL else None
    return [
        verdict_tag(state_of(found.verdict, found.because), words),
        tag("p", f"until {moment_text(end, zone)}") if end is not None else None,
    ]


def _chapter(chapter: Chapter) -> Markup:
    questions = {scene.question.id: scene.question for scene in chapter.scenes}
    return section(
        chapter.id,
        chapter.title,
        tag("p", chapter.lead),
        [_question(question) for question in questions.values()],
        tag("p", chapter.note, class_="note") if chapter.note else None,
        _verdicts(chapter),
        [_scene(scene) for scene in chapter.scenes],
    )


def _question(question: Question) -> Content:
    return [
        tag("h3", f"A question of law: {question.asks}"),
        tag(
            "ul",
            [
                tag(
                    "li",
                    tag("b", each.id),
                    f" - {each.says} ",
                    [[tag("cite", cite), " "] for cite in each.cites],
                    tag("span", f"Doubt: {each.doubt}", class_="note") if each.doubt else None,
                )
                for each in question.alternatives
            ],
            class_="alternatives",
        ),
    ]


def _verdicts(chapter: Chapter) -> Markup:
    rows = [
        (
            [scene.name, tag("p", scene.says) if scene.says else None],
            _under_each(scene, scene.then, scene.at),
            _under_each(scene, scene.later, scene.hindsight),
        )
        for scene in chapter.scenes
    ]
    head = ("At the moment of release", "As known then", "As known later")
    return table(f"{chapter.title}: every answer", head, rows)


def _under_each(scene: Scene, answers: Sequence[Told], known_at: Instant) -> Content:
    """Every reading's answer in one cell, and what all readings together come to."""
    together = scene.together(known_at)
    because = next((told.answer.because for told in answers if told.answer.because is not None), None)
    if len(together.verdicts) > 1:
        because = Because.CONTESTED
    lines = [
        tag("div", _cell(told, scene.trial.zone), tag("p", f"if {scene.question.id} is {told.alternative}"))
        for told in answers
    ]
    every = tag("p", "all readings of every question reached")
    return [*lines, tag("div", verdict_tag(state_of(together.verdict, because), together.words), every)]


def _scene(scene: Scene) -> Markup:
    zone = scene.trial.zone
    asked = dated_text(scene.at, zone)
    strips = _strips(scene)
    default = scene.question.default
    lanes = picture(scene.drawn(default, scene.at), 0)
    return tag(
        "section",
        tag("h3", scene.name, id=f"{scene.id}-heading"),
        tag("p", f"{scene.says} Asked: {asked}.".strip()),
        drawing(
            f"{scene.name} under each reading",
            strips_svg(
                strips, at=scene.at, name=f"{scene.id}-strips", title=f"{scene.name} under each reading"
            ),
            "The same custody under each reading, at every instant. The facts are those recorded in the end.",
        ),
        folded("The same as a table", _strip_table(scene, strips)),
        drawing(
            f"{scene.name}: bases and law",
            drawn(lanes, at=scene.at, name=f"{scene.id}-lanes"),
            f"If {scene.question.id} is {default} (the published default, adopted by nobody), as known then. "
            f"{spoken(lanes)}",
        ),
        list(_proofs(scene)),
        id=scene.id,
        aria_labelledby=f"{scene.id}-heading",
    )


def _strips(scene: Scene) -> tuple[Strip, ...]:
    later = dated_text(scene.hindsight, scene.trial.zone)
    made = [
        (f"Law {heading}", told.alternative.replace("-", " "), scene.drawn(told.alternative, known))
        for heading, known, answers in (
            ("as known at the moment asked", scene.at, scene.then),
            (f"as known {later}", scene.hindsight, scene.later),
        )
        for told in answers
    ]
    spans = [span_of(inquiry, 0) for _, _, inquiry in made]
    span = (min(start for start, _ in spans), max(end for _, end in spans))
    return tuple(Strip(group, name, picture(inquiry, 0, span=span)) for group, name, inquiry in made)


def _strip_table(scene: Scene, strips: Sequence[Strip]) -> Markup:
    zone = scene.trial.zone
    rows = [
        (
            [strip.name, tag("p", strip.group)],
            each.state.value,
            dated_text(each.start, zone),
            dated_text(each.end, zone),
            length_text(each.end - each.start),
            "; ".join(each.on),
        )
        for strip in strips
        for each in strip.shown.answer
    ]
    head = ("Reading", "Answer", "From", "Until", "Length", "On")
    return table(f"{scene.name}: every stretch", head, rows)


def _proofs(scene: Scene) -> Iterator[Content]:
    """The printed proof of every answer, those that say the same step for step shown once."""
    zone = scene.trial.zone
    shown: dict[Proof, list[str]] = {}
    found: dict[Proof, Told] = {}
    for heading, answers in (("as known then", scene.then), ("as known later", scene.later)):
        for told in answers:
            shown.setdefault(told.answer.why, []).append(f"{told.alternative}, {heading}")
            found.setdefault(told.answer.why, told)
    yield tag("h4", "The proofs")
    for proof, names in shown.items():
        told = found[proof]
        state = state_of(told.answer.verdict, told.answer.because)
        summary = [verdict_tag(state, short(told.answer, zone)), f" if {'; '.join(names)}"]
        lines = [tag("li", line) for line in grounds(told.answer)]
        yield folded(summary, tag("ul", lines) if lines else None, proof_tree(proof))


def _reading_this(regimen: Regimen) -> Markup:
    return section(
        "reading-this",
        "How to read this page",
        pairs(
            {
                "May be held": "Some basis in force lets or makes this custodian keep the person then.",
                "No authority": "The person is in custody and nothing in force supports it.",
                "Contested": "Enactments in force disagree and nothing found ranks them, or readings differ.",
                "Not known": "A fact or a text is missing, and the answer turns on it. It is named.",
                "Reading": "One alternative chosen for a question of law. A published default informs; it "
                "holds and releases nobody until a custodian adopts it.",
                "As known": "What had happened or been published by then. Later rulings change that, and the "
                "page shows both.",
                "Rulebook": tag("code", regimen.rulebook.digest),
            }
        ),
        tag(
            "p",
            "The people are invented. The law is the project's encoding of the texts cited, with its doubts "
            "stated; it supports the decision of a responsible officer or judge, and is not legal advice.",
            class_="note",
        ),
    )


def _foot() -> Content:
    return tag("p", "Made by habeas from data. The same inputs give the same bytes.")
