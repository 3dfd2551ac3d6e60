"""A page in one file: style and drawings inside, nothing fetched, no script.

Landmarks, one heading order, tables with headers and scroll areas that a keyboard can reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import TypeAlias

from habeas.report.lanes import State
from habeas.report.markup import Content, Markup, joined, tag

Cell: TypeAlias = Content
Row: TypeAlias = Sequence[Cell]

_CLASSES = {
    State.HELD: "is-held",
    State.NO_AUTHORITY: "is-none",
    State.CONTESTED: "is-open",
    State.NOT_KNOWN: "is-unknown",
}
_SIGNS = {State.HELD: "✓", State.NO_AUTHORITY: "✕", State.CONTESTED: "◐", State.NOT_KNOWN: "?"}


def page(title: str, strapline: str, contents: Mapping[str, str], body: Content, foot: Content) -> str:
    """A whole document.

    Args:
        title: The browser's title, and the page's name.
        strapline: One line beside the name.
        contents: Id of each section -> its heading, for the list of contents.
        body: The sections; the first holds the h1.
        foot: What stands in the footer.
    """
    style = (files("habeas.report") / "page.css").read_text(encoding="utf-8")
    links = [tag("li", tag("a", heading, href=f"#{name}")) for name, heading in contents.items()]
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("style", Markup(style)),
    )
    document = tag(
        "html",
        head,
        tag(
            "body",
            tag("a", "Skip to the content", class_="skip", href="#content"),
            tag(
                "header", tag("div", tag("span", "habeas", class_="brand"), tag("p", strapline)), class_="top"
            ),
            tag("nav", tag("ul", links), class_="toc", aria_label="Contents"),
            tag("main", joined(body), id="content"),
            tag("footer", joined(foot)),
        ),
        lang="en",
    )
    return f"<!DOCTYPE html>\n{document}\n"


def section(name: str, heading: str, *content: Content) -> Markup:
    """A section with its heading, to which the list of contents leads."""
    return tag(
        "section",
        tag("h2", heading, id=f"{name}-heading"),
        *content,
        id=name,
        aria_labelledby=f"{name}-heading",
    )


def verdict_tag(state: State | None, words: str) -> Markup:
    """A verdict as sign, word and colour, each enough by itself."""
    sign = _SIGNS[state] if state is not None else "○"
    look = _CLASSES[state] if state is not None else "is-free"
    return tag("span", tag("span", sign, aria_hidden="true"), tag("span", words), class_=f"tag {look}")


def tile(figure: str, words: str, state: State | None = None) -> Markup:
    """A figure with what it counts."""
    look = f"tile {_CLASSES[state]}" if state is not None else "tile"
    return tag("li", tag("b", figure), tag("span", words), class_=look)


def tiles(found: Iterable[Markup]) -> Markup:
    """Figures side by side, the first thing read."""
    return tag("ul", list(found), class_="tiles")


def table(caption: str, head: Row, rows: Iterable[Row], *, right: Sequence[int] = ()) -> Markup:
    """A table whose first column heads its rows, in a scroll area that a keyboard reaches.

    Args:
        caption: What the table shows; also the name of its scroll area.
        head: Column headings.
        rows: Cells, the first of each a heading.
        right: Columns of figures, set to the right.
    """
    body = [
        tag(
            "tr",
            [
                tag("th", cell, scope="row")
                if column == 0
                else tag("td", cell, class_="r" if column in right else None)
                for column, cell in enumerate(row)
            ],
        )
        for row in rows
    ]
    heading = [
        tag("th", cell, scope="col", class_="r" if column in right else None)
        for column, cell in enumerate(head)
    ]
    made = tag("table", tag("caption", caption), tag("thead", tag("tr", heading)), tag("tbody", body))
    return scroll(caption, made)


def scroll(name: str, *content: Content) -> Markup:
    """An area that scrolls sideways on a narrow screen, reachable and named."""
    return tag("div", *content, class_="scroll", role="group", aria_label=name, tabindex="0")


def pairs(found: Mapping[str, Content]) -> Markup:
    """Names with what they stand for."""
    return tag(
        "dl", [[tag("dt", name), tag("dd", joined(value))] for name, value in found.items()], class_="pairs"
    )


def folded(summary: Content, *content: Content, is_open: bool = False) -> Markup:
    """Something that opens on demand, and always in print."""
    return tag("details", tag("summary", summary), *content, open=is_open)


def drawing(name: str, svg: Markup, caption: str) -> Markup:
    """A drawing with its caption, in a scroll area."""
    return tag("figure", scroll(name, svg), tag("figcaption", caption))
