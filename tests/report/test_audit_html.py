"""The audit's page: what it says, and markup that works offline, on paper and without a screen."""

import re
from dataclasses import replace

import pytest

from habeas.desk.audit_report import AuditReport
from habeas.report.audit_html import audit_page
from habeas.report.audit_marks import INVENTED
from small_audits import custody_audit, request_audit
from small_custodies import rulebook
from small_pages import checked


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


def test_what_would_settle_most_is_said_in_words() -> None:
    text = audit_page(custody_audit(), rulebook())
    assert "<b>instrument.form</b> (Edition of the form): 0.00 to 2.00 d of custody wait for it" in text
    assert re.search(r"instrument\.form</t[hd]><td[^>]*>Edition of the form\.", text)


def test_the_figures_of_a_chart_stand_in_a_table_below_it() -> None:
    text = audit_page(custody_audit(), rulebook())
    for shown in ("1.38 days", "1.50 days", "2.00 days"):
        assert f'<td class="r">{shown}</td>' in text
        assert text.count(shown) >= 3


FIGURES = {
    "title of the page": r"<title>[^<]* - habeas</title>",
    "first heading": r"<h1[^>]*>[^<]*</h1>",
    "title of a chart": r"<title id=[^>]*>[^<]*</title>",
    "name of a chart or table": r'aria-label="[^"]*" tabindex',
    "caption of a table": r"<caption>[^<]*</caption>",
    "unit of an axis": r'<text[^>]*font-size="11">[0-9.]+ d[^<]*</text>',
    "tile": r'<li class="tile[^"]*"><b>[^<]*</b><span>[^<]*</span>',
}


def unmarked(text: str) -> list[str]:
    """Every figure of a page that does not say that its people are invented."""
    return [
        found for pattern in FIGURES.values() for found in re.findall(pattern, text) if INVENTED not in found
    ]


@pytest.mark.parametrize("report", [custody_audit(), request_audit()], ids=["custody", "requests"])
def test_every_figure_on_invented_people_says_so(report: AuditReport) -> None:
    text = audit_page(report, rulebook())
    assert all(re.search(FIGURES[name], text) for name in ("title of the page", "caption of a table", "tile"))
    assert unmarked(text) == []
    assert "These people are invented" in text


def test_figures_on_recorded_people_do_not_call_them_invented() -> None:
    text = audit_page(replace(custody_audit(), invented=False), rulebook())
    assert INVENTED not in text
    assert "These people are invented" not in text


def test_each_number_leads_to_its_bookings() -> None:
    text = audit_page(custody_audit(), rulebook())
    links = re.findall(r'href="#(custody-[^"]*)"', text)
    assert links
    assert all(f'id="{link}"' in text for link in links)


def test_causes_early_releases_cost_and_sample_are_told() -> None:
    text = audit_page(custody_audit(), rulebook())
    for said in ("hold-lapsed", "What stood between the person and the door", "with seed 7", "$225"):
        assert said in text
