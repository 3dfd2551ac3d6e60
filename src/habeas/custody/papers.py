"""What is wrong with the life of one instrument."""

from collections.abc import Iterator

from habeas.custody.anomalies import Anomaly, AnomalyKind
from habeas.custody.events import Event
from habeas.custody.rows import Row
from habeas.kernel.instants import before

_NOT_BEFORE_LODGED = {
    "served_at": AnomalyKind.SERVED_BEFORE_LODGED,
    "withdrawn_at": AnomalyKind.WITHDRAWN_BEFORE_LODGED,
}


def paper_anomalies(row: Row) -> Iterator[Anomaly]:
    """Service or recall of an instrument surely before every time it was lodged."""
    lodged = [event for event in row.events if event.fact == "lodged_at"]
    for event in row.events:
        kind = _NOT_BEFORE_LODGED.get(event.fact or "")
        if kind is not None and lodged and all(_surely_before(event, each) for each in lodged):
            yield Anomaly(kind, (event, lodged[0]), row.ref, event.fact)


def _surely_before(first: Event, second: Event) -> bool:
    return before(first.at, second.at) is True
