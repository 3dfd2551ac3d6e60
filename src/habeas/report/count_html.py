"""The page of a count, in one file: charts and tables of one computation, and what each figure cannot say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from habeas.report.count_charts import day_chart, series_chart
from habeas.report.count_words import amount, days, money, per_cent, returned, signed, whole
from habeas.report.markup import Content, Markup, tag
from habeas.report.page import Row, drawing, folded, page, pairs, section, table, tile, tiles
from habeas.wire.count_forms import (
    CountDocument,
    LabelTimeForm,
    RankForm,
    RuleCountForm,
    SeriesDocument,
    SeriesPointForm,
)

INVENTED = "Invented people. Nobody in these figures is real."


def count_page(found: CountDocument) -> str:
    """The page of a population counted under rules."""
    contents = {"top": "Figures", **{f"rule-{n}": form.title for n, form in enumerate(found.rules)}}
    contents |= {"differences": "Why rules differ"} if found.reconciled else {}
    contents |= {"behind": "What stood behind custody"} if found.time else {}
    contents |= {"returns": "Returns to custody"} if found.returns else {}
    contents["limits"] = "What these figures cannot say"
    body = [
        _head(found),
        *(_rule(form, n, invented=found.invented) for n, form in enumerate(found.rules)),
        _differences(found),
        _time(found),
        _returns(found),
        _limits(found),
    ]
    strap = INVENTED if found.invented else found.title
    return page(f"Counts: {found.title}", strap, contents, body, _foot(found.files, invented=found.invented))


def _head(found: CountDocument) -> Markup:
    first = found.rules[0]
    where = f" at {found.place}" if found.place else ""
    return tag(
        "section",
        tag("h1", f"{found.title}{where}", id="top"),
        tag("p", INVENTED, class_="warn") if found.invented else None,
        tag("p", found.says),
        tiles(
            [
                tile(
                    amount(first.average),
                    f"{first.unit} on an average day, {found.first} to {found.last}, by [{first.rule}]",
                ),
                tile(whole(first.admissions), "admissions"),
                tile(whole(first.releases), "releases"),
                tile(amount(first.mean_length_days), "mean days of finished custody"),
            ]
        ),
        tag("ul", [tag("li", each) for each in found.warnings]) if found.warnings else None,
    )


def _rule(form: RuleCountForm, number: int, *, invented: bool) -> Markup:
    caption = f"{form.title}: {len(form.days)} days counted."
    rows = [
        [line.line, line.says, amount(line.average), "beside the sum" if line.beside else ""]
        for line in form.lines
    ]
    return section(
        f"rule-{number}",
        form.title,
        tag("p", INVENTED, class_="mark") if invented else None,
        drawing(form.title, day_chart(form, f"chart-{number}"), caption) if form.days else tag("p", _NO_DAY),
        pairs(
            {
                "Average of every day": f"{amount(form.average)} {form.unit}",
                "Admissions": whole(form.admissions),
                "Releases": whole(form.releases),
                "Finished custody, mean days": amount(form.mean_length_days),
                "Finished custody, median days": amount(form.median_length_days, 2),
                "Expected stay as BJS defines it, days": amount(form.expected_stay_days),
                "Left out": "; ".join(form.left_out) or "nobody",
            }
        ),
        table(f"{form.title}: average by line", ["line", "what it counts", "average", ""], rows, right=[2])
        if rows
        else None,
        folded(f"The {len(form.days)} counts", _daily(form)),
        folded(
            "What the rule rests on",
            tag("ul", [tag("li", each) for each in [*form.sources, *form.unsaid]]),
        ),
    )


_NO_DAY = "No day on which this rule counts lies within these days."


def _daily(form: RuleCountForm) -> Markup:
    rows = [[day.day, day.at, whole(day.found)] for day in form.days]
    return table(f"{form.title}: counts", ["day", "at", form.unit], rows, right=[2])


def _differences(found: CountDocument) -> Content:
    if not found.reconciled:
        return None
    parts: list[Content] = []
    for each in found.reconciled:
        rows: list[list[str]] = [[f"{each.first}, {each.days} days added up", whole(each.from_total)]]
        rows += [[step.says, signed(step.least, step.most)] for step in each.steps]
        rows.append([each.second, whole(each.to_total)])
        parts.append(
            table(
                f"From {each.first} to {each.second}",
                ["step", "people or custodies times days"],
                rows,
                right=[1],
            )
        )
    return section("differences", "Why rules differ", *parts)


def _time(found: CountDocument) -> Content:
    time = found.time
    if time is None:
        return None
    law = any(each.but_for_seconds is not None for each in time.labels)
    return section(
        "behind",
        "What stood behind custody",
        tag(
            "p",
            f"Of {days(time.total_seconds)} days in custody {days(time.several_seconds)} had more than one "
            f"of these behind them and {days(time.nothing_seconds)} none. Shared time is never apportioned: "
            "it is counted for each, so the column does not add up. ",
            _BY_LAW if law else _BY_PAPER,
        ),
        table(
            "Days by what stood behind them",
            ["", "people", "alone", "with others", "but for it", "cost alone", "cost but for it"],
            [_label_row(each) for each in time.labels],
            right=[1, 2, 3, 4, 5, 6],
        ),
    )


_BY_PAPER = "Whether a paper was authority is another question, which `--by basis` and `habeas audit` answer."
_BY_LAW = (
    "These are bases that the law of the place finds, with published defaults for its questions; days that "
    "nothing surely supports are without basis or undetermined. Days but for it are those that nothing else "
    "would support without it: a least, since bail refused because of a hold is left as not yet taken."
)


def _label_row(each: LabelTimeForm) -> Row:
    but_for = "-" if each.but_for_seconds is None else days(each.but_for_seconds)
    return [
        each.label,
        f"{each.people:,}",
        days(each.sole_seconds),
        days(each.shared_seconds),
        but_for,
        money(each.sole_cents),
        money(each.but_for_cents),
    ]


def _returns(found: CountDocument) -> Content:
    if not found.returns:
        return None
    rows = [
        [
            each.group,
            returned(each),
            f"{per_cent(each.estimate)} ({per_cent(each.estimate_low)} to {per_cent(each.estimate_high)})",
        ]
        for each in found.returns
    ]
    window = found.returns[0].window_days
    return section(
        "returns",
        "Returns to custody",
        tag(
            "p",
            f"Returns within {window} days of release, by what stood behind custody at its end. First of "
            "the releases that were followed for the whole of it, with Wilson's 95 % interval; then by "
            "Kaplan and Meier, who use later releases too. Somebody released twice counts twice. It says "
            "nothing of why, nor of any one person.",
        ),
        table("Returns", ["released with", "returned, of those followed", "estimate of all"], rows),
    )


def _limits(found: CountDocument) -> Markup:
    said: list[str] = [*found.warnings]
    if found.unseen is not None:
        falling = found.unseen.if_falling
        more = "" if falling is None else f", or {int(falling):,} if lengths fall off at one rate"
        said.append(
            f"A look a day sees {found.unseen.seen:,} of the custodies that began and ended within these "
            f"days. It misses about {int(found.unseen.if_evenly):,} if short lengths are spread evenly{more}."
        )
    return section("limits", "What these figures cannot say", tag("ul", [tag("li", each) for each in said]))


def _foot(files: dict[str, str], *, invented: bool) -> Iterator[Content]:
    if invented:
        yield tag("p", INVENTED)
    yield tag("p", "; ".join(f"{name} {digest}" for name, digest in files.items()))


def series_page(found: SeriesDocument) -> str:
    """The page of a published table added up."""
    contents = {
        "top": "Totals",
        "years": "By year",
        "names": "By name",
        "limits": "What the table cannot say",
    }
    rows = [[each.measure, each.unit, each.total, f"{each.missing:,}"] for each in found.totals]
    published = [[each.says, each.published, each.found, each.explains] for each in found.published]
    body = [
        tag(
            "section",
            tag("h1", found.title, id="top"),
            tag("p", found.says),
            tag(
                "p",
                f"{found.rows:,} rows, {found.first} to {found.last}; "
                f"{', '.join(found.names) or 'every name'}.",
            ),
            table("Totals", ["measure", "unit", "total", "missing"], rows, right=[2, 3]),
            table("Beside published figures", ["figure", "published", "found here", "why"], published)
            if published
            else None,
            [tag("p", rank_words(each)) for each in found.ranks],
        ),
        section("years", "By year", *_years(found)),
        section("names", "By name", *_names(found)),
        section("limits", "What the table cannot say", tag("ul", [tag("li", each) for each in found.limits])),
    ]
    return page(found.title, found.licence, contents, body, _foot(found.files, invented=False))


def rank_words(each: RankForm) -> str:
    """A rank in one sentence, with all it needs to be read rightly; or why none is given."""
    what = f"{each.unit}, {each.year}, as [{each.definition}] counts it"
    if each.refused:
        return f"No rank of {each.name} by {what}: {'; '.join(each.refused)}."
    place = f"{each.best}" if each.best == each.worst else f"{each.best} to {each.worst}"
    ties = f"; level with {', '.join(each.ties)}" if each.ties else ""
    missing = f"; without a figure: {', '.join(each.missing)}" if each.missing else ""
    breaks = f"; breaks: {'; '.join(each.breaks)}" if each.breaks else ""
    stands = f"{each.name} is number {place} of the {each.of:,} in this table by {what}: {each.value}"
    return f"{stands}{ties}{missing}{breaks}."


def _years(found: SeriesDocument) -> Iterator[Content]:
    for number, each in enumerate(found.totals):
        points = [point for point in found.by_year if point.measure == each.measure]
        if points:
            title = f"{each.measure}: {each.unit}"
            yield drawing(title, series_chart(title, points, f"years-{number}"), title)
            yield table(
                title,
                ["year", each.unit, "missing"],
                _point_rows(points),
                right=[1, 2],
            )


def _names(found: SeriesDocument) -> Iterator[Content]:
    for each in found.totals:
        points = [point for point in found.by_name if point.measure == each.measure]
        rows = _point_rows(points)
        if rows:
            yield folded(
                f"{each.measure}: {len(rows):,} names",
                table(each.unit, ["name", each.unit, "missing"], rows, right=[1, 2]),
            )


def _point_rows(points: Iterable[SeriesPointForm]) -> list[Row]:
    return [[point.key, point.total, point.missing] for point in points]
