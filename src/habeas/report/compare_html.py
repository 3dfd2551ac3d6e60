"""One population under two rulebooks on one page: what it says, its table, and what it cannot say."""

from __future__ import annotations

from collections.abc import Iterator

from habeas.authority.findings import Verdict
from habeas.report.count_words import days, money
from habeas.report.lanes import State
from habeas.report.markup import Content, Markup, tag
from habeas.report.page import Row, page, section, table, tile, tiles
from habeas.wire.compare_forms import CompareDocument, GroundForm, SideForm

INVENTED = "Invented people. Nobody in these figures is real."
_MOST = 8
_WORDS = {
    Verdict.LAWFUL: "supported",
    Verdict.UNLAWFUL: "without basis",
    Verdict.UNDETERMINED: "undetermined",
}
_STATES = {
    Verdict.LAWFUL: State.HELD,
    Verdict.UNLAWFUL: State.NO_AUTHORITY,
    Verdict.UNDETERMINED: State.NOT_KNOWN,
}


def verdict_words(verdict: str) -> str:
    """A verdict in words that a reader who knows no code understands."""
    return _WORDS[Verdict(verdict)]


def side_words(side: SideForm) -> str:
    """Under whose law, as of when, in words."""
    custodian = f" ({side.custodian})" if side.custodian else ""
    return f"{side.title}{custodian}, {side.first} to {side.last}"


def sentences(found: CompareDocument) -> Iterator[str]:
    """What the comparison says, each sentence safe by itself."""
    whose = "invented people" if found.invented else "people"
    yield (
        f"{found.people:,} {whose} spent {days(found.seconds)} days in custody. The same hours were put "
        f"under A, the law of {side_words(found.a)}, and under B, the law of {side_words(found.b)}."
    )
    for name, side in (("A", found.a), ("B", found.b)):
        parts = [f"{days(time)} days {verdict_words(verdict)}" for verdict, time in side.by_verdict.items()]
        yield f"Under {name}: {'; '.join(parts)}."
    alike = sum(cell.seconds for cell in found.cells if cell.a == cell.b)
    yield f"Both sides say the same of {days(alike)} of the {days(found.seconds)} days."
    for name, other in (("a", "B"), ("b", "A")):
        time = sum(
            each.seconds for each in found.grounds if each.side == name and each.other == Verdict.UNLAWFUL
        )
        yield f"{days(time)} days are supported under {name.upper()} and surely without basis under {other}."
    doors = found.doors
    yield (
        f"Of {found.custodies:,} custodies law ends {doors.same:,} at the same instant, {doors.a_first:,} "
        f"first under A (by {days(doors.a_earlier_seconds)} days together), {doors.b_first:,} first under B "
        f"(by {days(doors.b_earlier_seconds)} days together); {doors.open:,} are open on a side."
    )


def compare_page(found: CompareDocument) -> str:
    """The page of a comparison."""
    contents = {
        "top": "In short",
        "table": "The table",
        "grounds": "What differs",
        "limits": "What it cannot say",
    }
    strap = INVENTED if found.invented else found.title
    body = [_head(found), _table(found), _grounds(found), _limits(found)]
    return page("One population under two rulebooks", strap, contents, body, _foot(found))


def _head(found: CompareDocument) -> Markup:
    return tag(
        "section",
        tag("h1", "One population under two rulebooks", id="top"),
        tag("p", INVENTED, class_="warn") if found.invented else None,
        tiles(_tiles(found)),
        [tag("p", each) for each in sentences(found)],
    )


def _tiles(found: CompareDocument) -> Iterator[Markup]:
    for name, side in (("A", found.a), ("B", found.b)):
        for verdict in (Verdict.LAWFUL, Verdict.UNLAWFUL, Verdict.UNDETERMINED):
            time = side.by_verdict.get(verdict, 0)
            words = f"days {_WORDS[verdict]} under {name}, {side.title}"
            yield tile(days(time), words, _STATES[verdict])


def _table(found: CompareDocument) -> Markup:
    rows: list[Row] = [
        [
            verdict_words(cell.a),
            verdict_words(cell.b),
            f"{cell.people:,}",
            days(cell.seconds),
            money(cell.cents),
        ]
        for cell in found.cells
    ]
    cents = [cell.cents for cell in found.cells if cell.cents is not None]
    rows.append(["all", "", f"{found.people:,}", days(found.seconds), money(sum(cents) if cents else None)])
    return section(
        "table",
        "The table",
        tag("p", "Days add up to the whole. A person with custody in several rows is counted in each."),
        table(
            "Days of custody by what each side's law says of them",
            ["A says", "B says", "people", "days", "cost"],
            rows,
            right=[2, 3, 4],
        ),
    )


def _grounds(found: CompareDocument) -> Markup:
    rows = [_ground(each) for each in found.grounds[:_MOST]]
    rest = found.grounds[_MOST:]
    if rest:
        rows.append(["others", "", "", "", days(sum(each.seconds for each in rest))])
    return section(
        "grounds",
        "What differs",
        table(
            "Custody that one side's law supports and the other's does not, by what it rests on",
            ["rests on", "under", "other side", "people", "days"],
            rows,
            right=[3, 4],
        )
        if rows
        else tag("p", "Nothing that one side supports lacks support on the other."),
        _open(found),
    )


def _ground(each: GroundForm) -> list[Content]:
    cites = f" [{'; '.join(each.cites)}]" if each.cites else ""
    return [
        f"{each.rests_on}{cites}",
        each.side.upper(),
        verdict_words(each.other),
        f"{each.people:,}",
        days(each.seconds),
    ]


def _open(found: CompareDocument) -> Content:
    rows: list[Row] = []
    for name, side in (("A", found.a), ("B", found.b)):
        rows += [[what, name, days(time)] for what, time in side.undetermined_facts.items()]
        rows += [[f"question {what}", name, days(time)] for what, time in side.undetermined_questions.items()]
    if not rows:
        return None
    return table(
        "Undetermined days, by what would settle them",
        ["fact, text or question", "under", "days"],
        rows,
        right=[2],
    )


def _limits(found: CompareDocument) -> Markup:
    return section("limits", "What it cannot say", tag("ul", [tag("li", each) for each in found.limits]))


def _foot(found: CompareDocument) -> Iterator[Content]:
    if found.invented:
        yield tag("p", INVENTED)
    yield tag(
        "p", f"Law as known: A {found.a.law_known_at}; B {found.b.law_known_at}. Rulebook {found.rulebook}."
    )
    readings = ", ".join(f"{name}={taken}" for name, taken in found.reading.items())
    yield tag("p", f"Readings taken: {readings or 'none; where they differ it is undetermined'}.")
    yield tag("p", "; ".join(f"{name} {digest}" for name, digest in found.files.items()))
