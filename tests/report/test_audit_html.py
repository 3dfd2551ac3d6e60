"""The audit's page: what it says, and markup that works offline, on paper and without a screen."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from habeas.desk.audit_report import AuditReport
from habeas.report.audit_html import audit_page
from small_audits import custody_audit, request_audit
from small_custodies import rulebook

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
        self.regions: list[dict[str, str]] = []
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
        if found.get("role") == "region":
            self.regions.append(found)
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
    assert all(region["tabindex"] == "0" and region["aria-label"] for region in page.regions)
    assert page.unscoped == []
    assert page.uncaptioned == 0
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    return page


@pytest.mark.parametrize("report", [custody_audit(), request_audit()], ids=["custody", "requests"])
def test_the_page_is_whole_accessible_and_fetches_nothing(report: AuditReport) -> None:
    text = audit_page(report, rulebook())
    checked(text)
    assert "url(http" not in text
    assert "@import" not in text


@pytest.mark.parametrize("report", [custody_audit(), request_audit()], ids=["custody", "requests"])
def test_equal_reports_give_equal_bytes(report: AuditReport) -> None:
    assert audit_page(report, rulebook()) == audit_page(report, rulebook())


def test_the_first_screen_tells_the_findings_in_words_and_figures() -> None:
    text = audit_page(custody_audit(), rulebook())
    first = text[: text.index("What supported custody</h2>")]
    assert "1,004 rows were read and 1,000 accepted; 1 set aside with reasons." in first
    assert "Of 2 custodies, 1 went on when no reading left any basis" in first
    assert "1.50 d without basis" in first


def test_a_length_left_open_keeps_both_bounds_and_has_no_middle() -> None:
    text = audit_page(custody_audit(), rulebook())
    assert "0.00 to 2.00 d" in text
    assert "0.04 to 2.00 d" in text
    assert "1.00 d" not in text


def test_under_assumptions_nothing_is_called_a_fact() -> None:
    text = audit_page(custody_audit(assumptions=("the list of holds is complete",)), rulebook())
    assert "No verdict here is a fact." in text
    assert "the list of holds is complete" in text
    assert "if what the recipe supposes is so, 1 went on" in text
    assert "No verdict here is a fact." not in audit_page(custody_audit(), rulebook())


def test_the_longest_time_without_basis_comes_first() -> None:
    text = audit_page(custody_audit(), rulebook())
    rows = text[text.index("Every custody audited") :]
    assert rows.index("B-17") < rows.index("B-18")


def test_words_of_a_source_are_never_markup() -> None:
    text = audit_page(custody_audit(), rulebook())
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "ASSAULT &lt;4&gt;" in text
    assert "its charge &amp; the hold" in text


def test_requests_without_custody_are_said_to_be_law_only() -> None:
    text = audit_page(request_audit(), rulebook())
    assert "nothing here is a finding of over-detention" in text
    assert "certainly late" not in text.split("Definitions")[0]
    assert "place or custodian not in the rulebook" in text
    assert "turns on what is not known" in text
    assert "the class of the charge" in text


def test_requests_of_which_law_says_the_same_are_told_together() -> None:
    text = audit_page(request_audit(), rulebook())
    kinds = text[
        text.index("Requests about which law says the same") : text.index("Every request, with the row")
    ]
    assert kinds.count("<tr>") == 1 + 2
    assert "Mon 3 Mar 2014 to Wed 5 Mar 2014" in kinds


def test_digests_limits_coverage_and_reading_are_printed() -> None:
    text = audit_page(custody_audit(), rulebook())
    for said in (
        "sha256:recipe",
        "sha256:rulebook",
        "sha256:rows",
        "No release order is recorded.",
        "every booking of 2017",
        "published defaults, adopted by nobody",
        "one booking is missing from the file",
    ):
        assert said in text


def test_the_figures_of_a_chart_stand_in_a_table_below_it() -> None:
    text = audit_page(custody_audit(), rulebook())
    for shown in ("1.38 days", "1.50 days", "2.00 days"):
        assert f'<td class="r">{shown}</td>' in text
        assert text.count(shown) >= 3
