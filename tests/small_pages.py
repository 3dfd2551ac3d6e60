"""What every page must hold to: it nests, it names, it fetches nothing, a keyboard reaches all of it."""

import re
from collections import Counter
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Outline(HTMLParser):
    """What of a page's structure the tests ask about; refuses tags that do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.refs: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.tags: Counter[str] = Counter()
        self.areas: list[dict[str, str]] = []
        self.unscoped: list[str] = []
        self.uncaptioned = 0
        self._after_table = False
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        if self._after_table and tag != "caption":
            self.uncaptioned += 1
        self._after_table = tag == "table"
        if tag not in VOID:
            self.open.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        self.refs += found.get("aria-labelledby", "").split()
        self.links += [found[name] for name in ("href", "src") if name in found]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if found.get("role") == "group":
            self.areas.append(found)
        if tag == "th" and "scope" not in found:
            self.unscoped.append(str(self.getpos()))
        assert not any(name.startswith("on") for name in found)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()


def checked(text: str) -> Outline:
    """A page that holds to what every page must."""
    page = Outline(text)
    assert [name for name, count in Counter(page.ids).items() if count > 1] == []
    assert set(page.refs) <= set(page.ids)
    assert all(link[0] == "#" and link[1:] in page.ids for link in page.links)
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in zip(page.headings, page.headings[1:], strict=False))
    assert (page.tags["main"], page.tags["header"], page.tags["footer"], page.tags["nav"]) == (1, 1, 1, 1)
    assert (page.tags["script"], page.tags["link"], page.tags["img"], page.tags["iframe"]) == (0, 0, 0, 0)
    assert all(area["tabindex"] == "0" and area["aria-label"] for area in page.areas)
    assert page.unscoped == []
    assert page.uncaptioned == 0
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    return page
