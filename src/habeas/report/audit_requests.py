"""The requests of an audit of which no custody is known: what law of the day let that jail do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from habeas.desk.audit_findings import LawView, RequestFinding
from habeas.desk.audit_report import AuditReport
from habeas.kernel.instants import civil_date_of, earliest_of, zone
from habeas.kernel.places import PlaceId, PlaceTree
from habeas.law.precedence import Outcome
from habeas.report.audit_charts import Part, bars
from habeas.report.audit_marks import marked
from habeas.report.axis import day_text
from habeas.report.lanes import State
from habeas.report.markup import Content, Markup, tag
from habeas.report.page import drawing, folded, section, table, verdict_tag

STATES = {
    Outcome.MUST_HOLD: State.HELD,
    Outcome.MAY_HOLD: State.HELD,
    Outcome.BARRED: State.NO_AUTHORITY,
    Outcome.SILENT: State.NOT_KNOWN,
    Outcome.CONTESTED: State.CONTESTED,
    Outcome.UNKNOWN: State.NOT_KNOWN,
}
"""How each outcome is drawn. Silence supports no custody, but what is not encoded may."""
WORDS = {
    Outcome.MUST_HOLD: "the person must be held",
    Outcome.MAY_HOLD: "the person may be held",
    Outcome.BARRED: "holding is barred",
    Outcome.SILENT: "nothing encoded lets the custodian hold",
    Outcome.CONTESTED: "laws disagree",
    Outcome.UNKNOWN: "the answer turns on what is not known",
}
"""Each outcome in words."""


@dataclass
class _Kind:
    """Requests about which law says the same: one place, one kind of custodian, one set of views."""

    place: str
    custodian: str
    views: tuple[LawView, ...]
    requests: list[RequestFinding] = field(default_factory=list[RequestFinding])


def request_sections(report: AuditReport, places: PlaceTree, *, name: str) -> Iterator[Markup]:
    """The sections on requests; none where the source has none."""
    if not report.requests:
        return
    yield section(f"{name}-law", "What the law of the day let the jail do", *_outcomes(report, name))
    yield section(f"{name}-kinds", "Place by place, form by form", *_kinds(report, places))
    yield section(f"{name}-requests", "Every request", *_every(report, places))


def _outcomes(report: AuditReport, name: str) -> Iterator[Content]:
    yield tag(
        "p",
        "These records say that a request was sent, when and to which facility. They do not say whether "
        "anybody was kept on it, so nothing here is a finding of over-detention: each line says what the "
        "law of that day, as encoded, let that custodian do with that request.",
    )
    found = report.totals.by_outcome
    parts = [
        Part(WORDS[each], found.get(each, 0), f"{found.get(each, 0):,}", STATES[each])
        for each in Outcome
        if found.get(each, 0)
    ]
    silent = sum(1 for each in report.requests if not each.views)
    if silent:
        parts.append(Part("place or custodian not in the rulebook", silent, f"{silent:,}"))
    given = (
        "under the reading given"
        if report.reading_given
        else "under the published defaults, adopted by nobody"
    )
    title = marked(report, f"Requests by what the law of the day came to, {given}")
    caption = "Other readings are counted place by place below."
    yield drawing(title, bars(title, parts, name=f"{name}-outcomes"), caption)
    yield from _silence(report)
    yield table(
        title, ("What the law came to", "Requests"), [(part.name, part.shown) for part in parts], right=(1,)
    )


def _silence(report: AuditReport) -> Iterator[Content]:
    """What silence is worth where the rulebook does not hold the whole law of the place."""
    first = [each.views[0] for each in report.requests if each.views]
    silent = [view for view in first if view.outcome is Outcome.SILENT]
    unread = sum(1 for view in silent if view.turns_on)
    if unread:
        yield tag(
            "p",
            f"Of the {len(silent):,} requests on which nothing encoded lets the custodian hold, {unread:,} "
            "turn on texts or facts that are not known here, such as law of that day that is not encoded: "
            "there the silence of the rulebook is no finding.",
            class_="warn",
        )


def _kinds(report: AuditReport, places: PlaceTree) -> Iterator[Content]:
    grouped: dict[tuple[object, ...], _Kind] = {}
    for request in report.requests:
        place = _place(request, places)
        custodian = (request.custodian or "custodian not known").replace("-", " ")
        key = (place, custodian, *map(_identity, request.views))
        kind = grouped.setdefault(key, _Kind(place, custodian, request.views))
        kind.requests.append(request)
    ordered = sorted(grouped.values(), key=lambda each: (-len(each.requests), each.place, each.custodian))
    rows = [
        (
            [kind.place, tag("p", kind.custodian)],
            ", ".join(dict.fromkeys(sorted(_form(request) for request in kind.requests))),
            _dates(kind.requests, places),
            f"{len(kind.requests):,}",
            [_view(view, several=len(kind.views) > 1) for view in kind.views] or "not in the rulebook",
        )
        for kind in ordered
    ]
    head = ("Where", "Forms", "Sent", "Requests", "What the law of the day says, by reading")
    yield table(marked(report, "Requests about which law says the same"), head, rows, right=(3,))


def _identity(view: LawView) -> tuple[object, ...]:
    readings = tuple(tuple(sorted(reading.items())) for reading in view.readings)
    return (view.outcome, readings, view.provisions, view.caps, view.turns_on)


def _view(view: LawView, *, several: bool) -> Content:
    rule = [[f"{says} ", tag("cite", cite)] for says, cite in zip(view.says, view.cites, strict=False)]
    caps = [f" {cap}" for cap in view.caps]
    turns = f" Turns on: {'; '.join(view.turns_on)}." if view.turns_on else None
    return tag(
        "div",
        verdict_tag(STATES[view.outcome], WORDS[view.outcome]),
        _under(view.readings) if several else None,
        tag("p", rule, caps, turns),
    )


def _under(readings: Sequence[Mapping[str, str]]) -> Content:
    if len(readings) == 1:
        return tag("p", f"if {_reading(readings[0])}")
    return folded(
        f"under {len(readings):,} joint readings", tag("ul", [tag("li", _reading(each)) for each in readings])
    )


def _reading(reading: Mapping[str, str]) -> str:
    return (
        " and ".join(f"{asked} is {taken}" for asked, taken in sorted(reading.items()))
        or "no question of law"
    )


def _every(report: AuditReport, places: PlaceTree) -> Iterator[Content]:
    rows = [
        (
            f"{request.row:,}",
            _date(request, places),
            [request.facility, tag("p", _place(request, places))],
            request.form_text or "not stated",
            request.lift_reason or "not stated",
            "; ".join(request.unknown),
        )
        for request in report.requests
    ]
    head = (
        "Row",
        "Sent",
        "Facility, as the source names it",
        "Form",
        "How it ended, in the source's words",
        "Not known",
    )
    made = table(marked(report, "Every request, with the row it came from"), head, rows)
    yield folded(f"All {len(rows):,} requests, one by one", made)


def _place(request: RequestFinding, places: PlaceTree) -> str:
    return "place not in the rulebook" if request.place is None else places[request.place].name


def _form(request: RequestFinding) -> str:
    return request.form or "not stated"


def _dates(requests: Sequence[RequestFinding], places: PlaceTree) -> str:
    ordered = sorted(requests, key=lambda each: earliest_of(each.at))
    first, last = _date(ordered[0], places), _date(ordered[-1], places)
    return first if first == last else f"{first} to {last}"


def _date(request: RequestFinding, places: PlaceTree) -> str:
    """The civil day in the facility's zone; in UTC where the place is not known."""
    at = zone("UTC") if request.place is None else places.zone_of(PlaceId(request.place))
    day = civil_date_of(earliest_of(request.at), at)
    return f"{day_text(day)} {day.year}"
