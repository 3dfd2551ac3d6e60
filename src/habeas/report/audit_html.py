"""An audit as one HTML file: the story first, then the law, the facts, the limits, and the digests."""

from __future__ import annotations

from collections.abc import Iterator

from habeas.authority.findings import Verdict
from habeas.authority.inquiry import Regimen
from habeas.desk.audit_findings import Timeliness
from habeas.desk.audit_report import AuditReport
from habeas.kernel.instants import DAY, zone
from habeas.law.precedence import Outcome
from habeas.report.audit_causes import cost
from habeas.report.audit_custody import STATES, custody_sections, days
from habeas.report.audit_marks import marked, unit
from habeas.report.audit_requests import STATES as OUTCOME_STATES
from habeas.report.audit_requests import WORDS, request_sections
from habeas.report.axis import dated_text
from habeas.report.lanes import State
from habeas.report.markup import Content, Markup, joined, tag
from habeas.report.page import folded, page, pairs, section, table, tile, tiles

_SETTLE_MOST = 3
_MOST_SHOWN = 200
"""Quarantined rows listed on the page; their number is always whole."""


def audit_page(report: AuditReport, regimen: Regimen) -> str:
    """The audit as one HTML document; equal reports give equal bytes.

    Args:
        report: What the audit found.
        regimen: The rulebook it asked, for the names of places.
    """
    body = audit_sections(report, regimen, name="audit")
    contents = {"audit": "What was found"}
    if report.custodies:
        contents |= {"audit-time": "Custody", "audit-late": "Late"}
        contents |= {"audit-early": "Early"} if report.totals.early or report.totals.possibly_early else {}
        contents |= {"audit-custodies": "Every custody"}
    if report.requests:
        contents |= {"audit-law": "The law", "audit-requests": "Every request"}
    contents |= {"audit-files": "The rows", "audit-means": "What the words mean"}
    foot = tag("p", f"Made by habeas {report.engine} from data. The same inputs give the same bytes.")
    return page(
        f"{marked(report, report.title)} - habeas",
        "Who may be held, on what authority, until when - with proof",
        contents,
        body,
        foot,
    )


def audit_sections(report: AuditReport, regimen: Regimen, *, name: str) -> Markup:
    """The audit's sections, for a page of its own or as part of another.

    Args:
        report: What the audit found.
        regimen: The rulebook it asked, for the names of places.
        name: Prefix of the sections' ids.
    """
    places = regimen.rulebook.places
    return joined(
        [
            _opening(report, name),
            list(custody_sections(report, name=name)),
            list(request_sections(report, places, name=name)),
            _questions(report, name),
            _figures(report, name),
            _files(report, name),
            _means(report, name),
        ]
    )


def _opening(report: AuditReport, name: str) -> Markup:
    heading = tag("h1" if name == "audit" else "h2", marked(report, report.title), id=f"{name}-heading")
    return tag(
        "section",
        heading,
        _invented(report),
        tag("p", _sentence(report), class_="lead"),
        tiles(_tiles(report)),
        _settling(report),
        _assumed(report),
        tag("p", report.source_says, class_="note"),
        id=name,
        aria_labelledby=f"{name}-heading",
    )


def _invented(report: AuditReport) -> Content:
    if not report.invented:
        return None
    words = "These people are invented, and so is every figure here; nobody real is spoken of."
    return tag("p", tag("b", words), class_="warn")


def _settling(report: AuditReport) -> Content:
    """The three facts or texts that would settle most."""
    found = list(report.totals.by_missing.items())[:_SETTLE_MOST]
    if not found:
        return None
    lines = [
        tag("li", tag("b", name), *_meant(report, name), f": {days(each)} of custody wait for it")
        for name, each in found
    ]
    return [tag("p", "What would settle most, were it written down:"), tag("ol", lines)]


def _meant(report: AuditReport, name: str) -> Iterator[Content]:
    if name in report.meanings:
        yield f" ({report.meanings[name].rstrip('.')})"


def _sentence(report: AuditReport) -> str:
    return " ".join(_sentences(report))


def _sentences(report: AuditReport) -> Iterator[str]:
    totals = report.totals
    accepted = sum(account.accepted for account in report.files)
    aside = report.set_aside
    yield f"{report.rows:,} rows were read and {accepted:,} accepted; {aside:,} set aside with reasons."
    if report.custodies:
        late = totals.by_timeliness.get(Timeliness.CERTAINLY_LATE, 0)
        maybe = totals.by_timeliness.get(Timeliness.POSSIBLY_LATE, 0)
        blind = totals.by_timeliness.get(Timeliness.NOT_ASSESSABLE, 0)
        supposed = "if what the recipe supposes is so, " if report.assumptions else ""
        yield (
            f"Of {totals.custodies:,} custodies, {supposed}{late:,} went on when no reading left any basis, "
            f"{maybe:,} may have, depending on law or facts that are open, and {blind:,} cannot be assessed."
        )
        yield from _left_early(report)
        yield from _on_labels(report)
    if report.requests:
        asked = len(report.requests)
        found = [f"on {count:,} {WORDS[each]}" for each, count in totals.by_outcome.items() if count]
        yield f"{asked:,} requests were set against the law of their day: {', '.join(found)}."


def _left_early(report: AuditReport) -> Iterator[str]:
    early = sum(report.totals.early.values())
    if early:
        yield f"{early:,} left while something still required custody under every reading."


def _on_labels(report: AuditReport) -> Iterator[str]:
    """The share of custody that rests on nothing but what the jail called it."""
    held = sum(report.totals.time_by_verdict.values())
    if report.totals.labels_alone and held:
        share = 100 * report.totals.labels_alone / held
        yield (
            f"{share:.1f} % of the time in custody is supported only if the source's labels and the "
            "suppositions below are taken at their word; a label is the jail's claim, not authority."
        )


def _tiles(report: AuditReport) -> Iterator[Markup]:
    totals = report.totals
    for each in Timeliness:
        if report.custodies:
            late = (
                f", {days(totals.late[each])} without basis"
                if each in totals.late and totals.late[each].most
                else ""
            )
            yield tile(
                f"{totals.by_timeliness.get(each, 0):,}",
                unit(report, f"custodies {each.value}{late}"),
                STATES[each],
            )
    if report.custodies:
        open_time = totals.time_by_verdict.get(Verdict.UNDETERMINED, 0) / DAY
        yield tile(
            f"{open_time:,.0f}",
            unit(report, "person-days that hang on a reading or a missing fact"),
            State.CONTESTED,
        )
    if report.custodies and report.cost_cents is not None:
        yield tile(cost(report.cost_cents), unit(report, "cost of time without basis, at the rate given"))
    if report.requests:
        yield tile(f"{len(report.requests):,}", unit(report, "requests set against the law of their day"))
        for outcome in Outcome:
            count = totals.by_outcome.get(outcome, 0)
            if count:
                yield tile(f"{count:,}", unit(report, WORDS[outcome]), OUTCOME_STATES[outcome])


def _assumed(report: AuditReport) -> Content:
    if not report.assumptions:
        return None
    return tag(
        "div",
        tag(
            "p", tag("b", "No verdict here is a fact. "), "Each is what follows if the source is as supposed:"
        ),
        tag("ul", [tag("li", each) for each in report.assumptions]),
        class_="warn",
    )


def _questions(report: AuditReport, name: str) -> Content:
    if not report.questions:
        return None
    rows = [
        (
            [each.asks, tag("p", tag("code", each.question))],
            [
                _alternative(taken, says, each.taken, given=each.given)
                for taken, says in each.alternatives.items()
            ],
            f"{each.bookings:,}",
            days(report.totals.by_question[each.question])
            if each.question in report.totals.by_question
            else "",
        )
        for each in report.questions
    ]
    head = ("Question", "Alternatives", "Findings", "Undetermined time")
    scope = (
        "Every joint reading of them was asked."
        if report.all_readings
        else "They were varied in part: see the limits."
    )
    return section(
        f"{name}-questions",
        "What hangs on a question of law",
        tag("p", f"habeas takes no side in these. {scope}"),
        table(marked(report, "Questions on which some answer here turns"), head, rows, right=(2, 3)),
    )


def _alternative(name: str, says: str, taken: str, *, given: bool) -> Markup:
    standing = " (taken: given)" if given else " (taken: published default, adopted by nobody)"
    return tag("p", tag("b", name), standing if name == taken else None, f": {says}")


def _figures(report: AuditReport, name: str) -> Content:
    if not report.figures:
        return None
    rows = [
        (
            [each.name, tag("p", each.says)],
            each.found,
            each.published or "none",
            [each.explains, tag("p", each.source)],
        )
        for each in report.figures
    ]
    head = ("Figure", "Found here", "Published", "Agreement, and source")
    return section(
        f"{name}-figures",
        "Figures beside published ones",
        tag(
            "p", "Where a figure differs from the published one, the reason is given; none was bent to match."
        ),
        table(marked(report, "Figures of this audit beside published figures"), head, rows, right=(1, 2)),
    )


def _files(report: AuditReport, name: str) -> Markup:
    rows = [
        (
            [each.name, tag("p", tag("code", each.digest))],
            f"{each.rows:,}",
            f"{each.accepted:,}",
            f"{each.duplicate:,}",
            f"{each.quarantined:,}",
        )
        for each in report.files
    ]
    head = ("File", "Rows", "Accepted", "Duplicate", "Set aside")
    return section(
        f"{name}-files",
        "What became of every row",
        table(marked(report, "Rows read, by file"), head, rows, right=(1, 2, 3, 4)),
        _set_aside(report),
        _odd(report),
    )


def _set_aside(report: AuditReport) -> Content:
    if not report.quarantined:
        return tag("p", "No row was set aside.")
    shown = report.quarantined[:_MOST_SHOWN]
    rows = [
        (f"{each.file}, row {each.row:,}", each.field or "the row", each.expected, each.found)
        for each in shown
    ]
    made = table(marked(report, "Rows set aside"), ("Row", "Field", "Expected", "Found"), rows)
    count = f"Rows set aside: {report.set_aside:,}"
    more = f", the first {len(shown)} shown" if len(shown) < report.set_aside else ""
    return folded(f"{count}{more}", made)


def _odd(report: AuditReport) -> Content:
    if not report.totals.odd:
        return None
    rows = [(kind, f"{count:,}") for kind, count in sorted(report.totals.odd.items())]
    return [
        tag("h3", "What in the source cannot all be true"),
        tag("p", "Carried as it stands, never repaired."),
        table(marked(report, "Disagreements in the source"), ("Kind", "How often"), rows, right=(1,)),
    ]


def _means(report: AuditReport, name: str) -> Markup:
    utc = zone("UTC")
    reading = ", ".join(f"{asked} = {taken}" for asked, taken in sorted(report.reading_given.items()))
    return section(
        f"{name}-means",
        "What the words mean, and what this cannot show",
        tag("h3", "Limits"),
        tag("ul", [tag("li", each) for each in report.limits])
        if report.limits
        else tag("p", "None is declared."),
        tag("h3", "Coverage"),
        tag("ul", [tag("li", each) for each in report.coverage])
        if report.coverage
        else tag("p", "The source declares nothing complete."),
        tag("h3", "Definitions"),
        pairs(_DEFINITIONS),
        tag("h3", "Made from"),
        pairs(
            {
                "Licence": report.licence,
                "Recipe": [report.recipe, " ", tag("code", report.recipe_digest)],
                "Rulebook": tag("code", report.rulebook_digest),
                "Engine": f"habeas {report.engine}",
                "Facts as known": dated_text(report.facts_known_at, utc),
                "Law as known": dated_text(report.law_known_at, utc),
                "Reading": reading or "none given: published defaults, adopted by nobody",
                "Drawn for review": _drawn(report),
            }
        ),
    )


def _drawn(report: AuditReport) -> str:
    if not report.sampled:
        return "no custody was drawn"
    return f"{len(report.sampled):,} custodies, with seed {report.seed}: {', '.join(report.sampled)}"


_DEFINITIONS: dict[str, Content] = {
    "Custody": "The fact of being physically held, whether or not any law allows it.",
    "Basis": "One ground for custody over an interval: a paper or a charge, a rule, a citation.",
    "Certainly late": "Some custody had no basis under any reading, however the unknown facts fall.",
    "Possibly late": "Whether some custody had a basis turns on a reading or on an unknown fact.",
    "Certainly on time": "All custody had a basis under every reading.",
    "Not assessable": "What supported custody, or when it ended, cannot be told from the records.",
    "Reading": "A choice of one alternative for each question of law; a default holds and releases nobody.",
    "Left early": "A commitment or a must-hold was in force at the door; an unused permission never counts.",
    "Cause": "What the record shows stood between a person and the door; never what anyone intended.",
    "Label": "What the jail calls someone's custody: a claim, which no paper here bears out.",
    "Time without basis": "Measured from the last instant at which anything supported custody, no tolerance.",
}
