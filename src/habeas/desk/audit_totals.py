"""Findings added up: people and time by class, always as bounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from habeas.authority.findings import Rung, Verdict
from habeas.desk.audit_report import Bounds, CustodyFinding, RequestFinding, Stretch, Timeliness, Totals
from habeas.law.precedence import Outcome


def totals_of(
    custodies: Sequence[CustodyFinding], requests: Sequence[RequestFinding], unsupposed: Mapping[Verdict, int]
) -> Totals:
    """The totals of an audit; every enumeration is in its own order, every name sorted."""
    times: Counter[Verdict] = Counter()
    for each in custodies:
        for stretch in each.stretches:
            times[stretch.verdict] += stretch.end - stretch.start
    classes = Counter(each.timeliness for each in custodies)
    rungs = Counter(each.rung for each in custodies if each.timeliness is Timeliness.CERTAINLY_LATE)
    tails = Counter(each.tail.rung for each in custodies if each.tail is not None)
    outcomes = Counter(view.outcome for each in requests for view in each.views[:1])
    odd = Counter(str(odd.kind) for each in custodies for odd in each.odd)
    return Totals(
        custodies=len(custodies),
        by_timeliness={kind: classes[kind] for kind in Timeliness},
        late={kind: _summed(custodies, kind) for kind in Timeliness},
        by_rung={step: rungs[step] for step in Rung},
        time_by_verdict={verdict: times[verdict] for verdict in Verdict if times[verdict]},
        tails={step: tails[step] for step in Rung},
        by_missing=_waiting(custodies, lambda stretch: stretch.unsettled),
        by_question=_waiting(custodies, lambda stretch: stretch.questions),
        by_outcome={outcome: outcomes[outcome] for outcome in Outcome if outcomes[outcome]},
        odd=dict(sorted(odd.items())),
        time_unsupposed={verdict: unsupposed[verdict] for verdict in Verdict if unsupposed.get(verdict)},
    )


def _summed(custodies: Iterable[CustodyFinding], kind: Timeliness) -> Bounds:
    of_kind = [each.late for each in custodies if each.timeliness is kind]
    return Bounds(least=sum(late.least for late in of_kind), most=sum(late.most for late in of_kind))


def _waiting(
    custodies: Iterable[CustodyFinding], of: Callable[[Stretch], tuple[str, ...]]
) -> dict[str, Bounds]:
    """Undetermined time by what it waits for: at least what waits for nothing else, at most all."""
    least: Counter[str] = Counter()
    most: Counter[str] = Counter()
    for each in custodies:
        for stretch in each.stretches:
            names = of(stretch)
            for name in names:
                most[name] += stretch.end - stretch.start
            if len(names) == 1:
                least[names[0]] += stretch.end - stretch.start
    ordered = sorted(most, key=lambda name: (-most[name], name))
    return {name: Bounds(least=least[name], most=most[name]) for name in ordered}
