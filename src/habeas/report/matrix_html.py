"""The matrix of states as one page: a strip of years for each request, and behind each cell its proof."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from habeas.authority.inquiry import Regimen
from habeas.desk.matrix import LawMatrix, MatrixRow, Paper, Says, Stretch
from habeas.kernel.instants import Instant, civil_date_of, start_of_day
from habeas.kernel.instants import zone as timezone
from habeas.report.axis import day_text
from habeas.report.lanes import State
from habeas.report.markup import Content, Markup, joined, number, tag
from habeas.report.page import folded, page, pairs, section, table, tile, tiles, verdict_tag
from habeas.report.patterns import FILLS, patterns
from habeas.report.proof_html import proof_tree

_WIDTH, _HEIGHT = 212.0, 26.0
_STATES: Mapping[Says, State | None] = {
    Says.MUST_HOLD: State.HELD,
    Says.MAY_HOLD: State.HELD,
    Says.MAY_NOT: State.NO_AUTHORITY,
    Says.NO_AUTHORITY: State.NO_AUTHORITY,
    Says.CONTESTED: State.CONTESTED,
    Says.NOT_KNOWN: State.NOT_KNOWN,
    Says.NO_RULE: State.NOT_KNOWN,
    Says.NO_FORM: None,
}
_LETTERS: Mapping[Says, str] = {
    Says.MUST_HOLD: "must",
    Says.MAY_HOLD: "may",
    Says.MAY_NOT: "not",
    Says.NO_AUTHORITY: "none",
    Says.CONTESTED: "?!",
    Says.NOT_KNOWN: "?",
    Says.NO_RULE: "-",
    Says.NO_FORM: "",
}
_MEANS: Mapping[Says, str] = {
    Says.MUST_HOLD: "A text in force tells the jail to keep the person.",
    Says.MAY_HOLD: "A text in force lets the jail keep the person.",
    Says.MAY_NOT: "A text in force forbids it.",
    Says.NO_AUTHORITY: "No text in force lets the jail, and the request supports nothing of itself.",
    Says.CONTESTED: "It turns on a question of law, which is named with both sides cited.",
    Says.NOT_KNOWN: "A text or a date that decides it is not in the rulebook; it is named.",
    Says.NO_RULE: (
        "A rule of the state was searched for and none found. That is not leave to hold: "
        "what federal law by itself lets a jail do is a question, and stays one."
    ),
    Says.NO_FORM: "No such form was in use.",
}


def matrix_page(made: LawMatrix, regimen: Regimen) -> str:
    """The whole matrix as one document that opens without a network."""
    zone = regimen.rulebook.places.zone_of(made.rows[0].place)
    title = f"May a local jail keep a person on a request of immigration officers? {_span(made)}"
    contents = {"today": "On the last day", "years": "Year by year", "words": "What the words mean"}
    contents |= {_row_id(row): row.name for row in made.rows}
    body: list[Content] = [
        tag(
            "section",
            tag("h1", title, id="today-heading"),
            tag("p", _lead(made), class_="lead"),
            _today(made, _day(made.last, zone)),
            tag("p", _SUPPOSED, class_="note"),
            id="today",
            aria_labelledby="today-heading",
        ),
        section("years", "Year by year", *_years(made, regimen)),
        section("words", "What the words mean", pairs({str(each): _MEANS[each] for each in Says})),
    ]
    body += [_place(row, made, regimen) for row in made.rows]
    foot = tag("p", f"Made by habeas from rulebook {made.law}. The same rulebook gives the same bytes.")
    return page(
        "Detainers by state - habeas", "What the law of each place let a jail do", contents, body, foot
    )


_SUPPOSED = (
    "Asked of a person invented for it, in every cell alike: arrested for a felony, freed by a court on that "
    "charge, with nothing else against them and no convictions, in a county jail of a county that has no "
    "rule of its own; the request complete, served, and lodged a little before. Law is taken as it is known "
    "on the last day shown, so a text that was later undone from the start does not count. A county, a "
    "city, an agreement or other papers can change the answer."
)


def _lead(made: LawMatrix) -> str:
    searched = sum(bool(row.searched) for row in made.rows)
    return (
        f"{len(made.rows)} places, {len(made.papers)} kinds of request. In {searched} places a rule of the "
        "place was searched for and none was found; they are counted apart and never as leave to hold."
    )


def _span(made: LawMatrix) -> str:
    first, last = (civil_date_of(at, timezone("UTC")).year for at in (made.first, made.last))
    return f"{first} to {last}"


def _day(at: Instant, zone: ZoneInfo) -> str:
    day = civil_date_of(at, zone)
    return f"{day_text(day)} {day.year}"


def _today(made: LawMatrix, until: str) -> Markup:
    rows: list[Sequence[Content]] = []
    for says in Says:
        counts = [sum(row.lines[paper.id][-1].says is says for row in made.rows) for paper in made.papers]
        if any(counts):
            rows.append([verdict_tag(_STATES[says], str(says)), *(str(each) for each in counts)])
    head = ("Answer", *(paper.title for paper in made.papers))
    right = tuple(range(1, len(made.papers) + 1))
    return joined([tiles(_tiles(made)), table(f"Places by answer on {until}", head, rows, right=right)])


def _tiles(made: LawMatrix) -> Iterator[Markup]:
    first = made.papers[0]
    found = Counter(row.lines[first.id][-1].says for row in made.rows)
    for says in Says:
        if found[says]:
            yield tile(str(found[says]), f"{says}: {first.title.lower()}", _STATES[says])


def _years(made: LawMatrix, regimen: Regimen) -> Iterator[Content]:
    yield tag("p", "Each strip runs from the first to the last year; each part of it leads to its proof.")
    head = ("Place", *(paper.title for paper in made.papers))
    rows: list[Sequence[Content]] = []
    for row in made.rows:
        zone = regimen.rulebook.places.zone_of(row.place)
        cells = [_strip(row, paper, made, zone) for paper in made.papers]
        rows.append([tag("a", row.name, href=f"#{_row_id(row)}"), *cells])
    yield tag("svg", patterns("m"), width="0", height="0", aria_hidden="true", focusable="false")
    yield table("What the law of each place let a local jail do", head, rows)


def _strip(row: MatrixRow, paper: Paper, made: LawMatrix, zone: ZoneInfo) -> Content:
    """One line of stretches as a strip, with the last answer in words below it."""
    line = row.lines[paper.id]
    parts = [_part(row, paper, number_, each, made) for number_, each in enumerate(line)]
    marks = [
        tag("path", d=f"M{number(_x(tick, made))} {number(_HEIGHT)}v3", stroke="#565c65")
        for tick in _new_years(made, zone)
    ]
    drawn = tag(
        "svg",
        parts,
        marks,
        viewBox=f"0 0 {number(_WIDTH)} {number(_HEIGHT + 4)}",
        width=number(_WIDTH),
        height=number(_HEIGHT + 4),
        role="img",
        aria_label=f"{row.name}, {paper.title}: {_spoken(line, zone)}",
    )
    last = line[-1]
    since = "" if last.start <= made.first else f" since {_day(last.start, zone)}"
    return [drawn, tag("div", verdict_tag(_STATES[last.says], str(last.says)), tag("small", since))]


def _new_years(made: LawMatrix, zone: ZoneInfo) -> Iterator[Instant]:
    first, last = (civil_date_of(at, zone).year for at in (made.first, made.last))
    yield from (start_of_day(dt.date(year, 1, 1), zone) for year in range(first + 1, last + 1))


def _part(row: MatrixRow, paper: Paper, index: int, each: Stretch, made: LawMatrix) -> Markup:
    left, right = _x(each.start, made), _x(each.end, made)
    state = _STATES[each.says]
    fill, line, ink, dashes = FILLS[state] if state is not None else ("none", "#a9aeb1", "#565c65", "1 3")
    box = tag(
        "rect",
        x=number(left),
        y="1",
        width=number(max(right - left, 1.0)),
        height=number(_HEIGHT - 2),
        fill=fill.replace("#id-", "#m-"),
        stroke=line,
        stroke_dasharray=dashes or None,
    )
    word = _LETTERS[each.says]
    room = right - left > 8 * len(word) + 6
    text = tag(
        "text", word, x=number((left + right) / 2), y="17", text_anchor="middle", font_size="11", fill=ink
    )
    named = tag("title", f"{row.name}, {paper.title}: {each.says}")
    return tag("a", named, box, text if word and room else None, href=f"#{_cell_id(row, paper, index)}")


def _x(at: Instant, made: LawMatrix) -> float:
    return _WIDTH * (at - made.first) / (made.last - made.first)


def _spoken(line: Sequence[Stretch], zone: ZoneInfo) -> str:
    return "; ".join(f"{each.says} from {_day(each.start, zone)}" for each in line)


def _row_id(row: MatrixRow) -> str:
    return str(row.place).replace("/", "-")


def _cell_id(row: MatrixRow, paper: Paper, index: int) -> str:
    return f"{_row_id(row)}-{paper.id}-{index + 1}"


def _place(row: MatrixRow, made: LawMatrix, regimen: Regimen) -> Markup:
    zone = regimen.rulebook.places.zone_of(row.place)
    shown: list[Content] = []
    if row.searched:
        searches = [(each.date, each.where, each.words, each.found) for each in row.searched]
        shown.append(table("Searches made, and no rule found", ("On", "Where", "For", "Seen"), searches))
    for paper in made.papers:
        shown.append(tag("h3", paper.title))
        shown.append(tag("p", paper.says, class_="note"))
        shown += [
            _cell(row, paper, index, each, regimen, zone) for index, each in enumerate(row.lines[paper.id])
        ]
    return section(_row_id(row), row.name, *shown)


def _cell(
    row: MatrixRow, paper: Paper, index: int, each: Stretch, regimen: Regimen, zone: ZoneInfo
) -> Markup:
    start, end = (_day(at, zone) for at in (each.start, each.end))
    summary = [
        verdict_tag(_STATES[each.says], str(each.says)),
        f" from {start} until {end}",
    ]
    facts: dict[str, Content] = {"Form": f"{each.edition.form or 'none'} ({each.edition.cite})"}
    if each.clauses:
        facts["Decided by"] = "; ".join(each.clauses)
    if each.questions:
        facts["Turns on"] = [_question(name, regimen) for name in each.questions]
    if each.waits_for:
        facts["Waits for"] = "; ".join(each.waits_for)
    proof = proof_tree(each.answer.why) if each.answer is not None else None
    return tag("div", folded(summary, pairs(facts), proof), id=_cell_id(row, paper, index))


def _question(name: str, regimen: Regimen) -> Content:
    question = regimen.rulebook.questions[name]
    owner = f" To be answered by {question.owner}." if question.owner else ""
    return tag("p", tag("b", name), f": {question.asks}{owner}")
