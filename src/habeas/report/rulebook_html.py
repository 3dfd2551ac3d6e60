"""The law of one place as a page: what was in force when, each act, each open question, what was read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from habeas.authority.inquiry import Regimen
from habeas.kernel.instants import BEGINNING, DAY, FOREVER, Instant, UncertainInstant, When, civil_date_of
from habeas.kernel.places import PlaceId
from habeas.law.enactments import Act, Enactment
from habeas.law.rulebook import Law
from habeas.report.axis import dated_text, day_text
from habeas.report.markup import Content, Markup, tag
from habeas.report.page import drawing, page, pairs, section, table
from habeas.report.rulebook_lanes import LawPicture, Vantage, law_picture
from habeas.report.rulebook_svg import law_svg


def rulebook_page(regimen: Regimen, vantage: Vantage) -> str:
    """The law at a place, for a kind of custodian, as known, under a reading: one HTML document.

    Raises:
        UnknownPlace: the place is not in the rulebook.
        UnknownReading: the reading names a question or alternative the rulebook lacks.
    """
    shown = law_picture(regimen, vantage)
    law, _ = regimen.under(vantage.reading)
    name = law.places[vantage.place].name
    contents = {
        "law": "In force over time",
        "acts": "Every act",
        "questions": "Open questions",
        "made-from": "Made from",
    }
    body = [
        _over_time(shown, law),
        _acts(shown, law),
        _questions(regimen, vantage),
        _made_from(regimen, vantage, law),
    ]
    return page(
        f"The law of {name} - habeas",
        "Who may be held, on what authority, until when - with proof",
        contents,
        body,
        tag("p", "Made by habeas from the rulebook. The same rulebook gives the same bytes."),
    )


def _over_time(shown: LawPicture, law: Law) -> Markup:
    vantage = shown.vantage
    place, zone = law.places[vantage.place], law.places.zone_of(vantage.place)
    title = f"The law of {place.name} over time"
    kind = (vantage.custodian or "any custodian").replace("-", " ")
    known = dated_text(vantage.law_known_at, zone)
    caption = f"For {kind}, as known {known}. One year is magnified, because decades hide what changed in it."
    return tag(
        "section",
        tag("h1", title, id="law-heading"),
        drawing(title, law_svg(shown, zone, title), caption),
        id="law",
        aria_labelledby="law-heading",
    )


def _acts(shown: LawPicture, law: Law) -> Markup:
    vantage = shown.vantage
    lineage = [*law.places.ancestors(vantage.place)][::-1]
    rows = [
        row
        for place in (*(each.id for each in lineage), vantage.place)
        for enactment in law.enactments.values()
        if PlaceId(enactment.place) == place
        for row in _rows_of(law, enactment)
    ]
    told = "All of them, those whose text never came into force or was undone from its start included."
    head = ("Enactment", "Does", "To", "From", "Known", "Citation and evidence")
    acts = table("What each enactment did, and when", head, rows)
    return section("acts", "Every act", tag("p", told), acts)


def _rows_of(law: Law, enactment: Enactment) -> Iterator[Sequence[Content]]:
    for act in enactment.acts:
        begins = _day(law, enactment, law.instant(act.begins, enactment.place))
        if act.begins == "start" and act.targets:
            begins = "the start of its target"
        yield (
            [enactment.title, tag("p", law.places[PlaceId(enactment.place)].name)],
            act.does.value,
            [tag("p", target) for target in act.targets] or "its own text",
            begins,
            _day(law, enactment, law.instant(act.known, enactment.place)),
            [tag("cite", act.cite), tag("p", act.evidence) if act.evidence else None, _only(act)],
        )


def _only(act: Act) -> Content:
    return [
        tag("p", f"Only if {asked} is {' or '.join(alternatives)}.")
        for asked, alternatives in act.only_under.items()
    ]


def _day(law: Law, enactment: Enactment, when: When) -> str:
    zone = law.places.zone_of(PlaceId(enactment.place))
    if isinstance(when, UncertainInstant):
        if when.latest >= FOREVER - DAY:
            return "not known"
        last = civil_date_of(Instant(when.latest - 1), zone)
        if when.earliest <= BEGINNING + DAY:
            return f"not known, by {day_text(last)} {last.year}"
        first = civil_date_of(when.earliest, zone)
        one = f"{day_text(first)} {first.year}"
        return f"{one}, hour not known" if first == last else f"{one} to {day_text(last)} {last.year}"
    return dated_text(when, zone)


def _questions(regimen: Regimen, vantage: Vantage) -> Markup:
    lineage = {vantage.place, *(place.id for place in regimen.rulebook.places.ancestors(vantage.place))}
    rows = [
        (
            [each.asks, tag("p", tag("code", each.id))],
            [
                tag(
                    "p",
                    tag("b", alternative.id),
                    " (published default)" if alternative.id == each.default else None,
                    f": {alternative.says} ",
                    [[tag("cite", cite), " "] for cite in alternative.cites],
                    f"Doubt: {alternative.doubt}" if alternative.doubt else None,
                )
                for alternative in each.alternatives
            ],
        )
        for each in regimen.rulebook.questions.values()
        if PlaceId(each.place) in lineage
    ]
    told = tag("p", "habeas takes no side: a published default informs, and holds or releases nobody.")
    return section(
        "questions",
        "Open questions of law",
        told,
        table("Questions of this place and those above it", ("Question", "Alternatives"), rows)
        if rows
        else None,
    )


def _made_from(regimen: Regimen, vantage: Vantage, law: Law) -> Markup:
    zone = law.places.zone_of(vantage.place)
    reading = ", ".join(f"{asked} = {taken}" for asked, taken in sorted(vantage.reading.items()))
    return section(
        "made-from",
        "Made from",
        pairs(
            {
                "Rulebook": tag("code", regimen.rulebook.digest),
                "Law as known": dated_text(vantage.law_known_at, zone),
                "Reading": reading or "none given: published defaults, adopted by nobody",
            }
        ),
    )
