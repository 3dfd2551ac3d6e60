"""One event or declaration as the one text it always has, so that records have digests."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from habeas.custody.coverage import Coverage
from habeas.custody.events import Event
from habeas.custody.facts import Term
from habeas.kernel.evidence import NotKnown, SourceRef
from habeas.kernel.instants import UncertainInstant, When

Plain: TypeAlias = "bool | int | str | Sequence[Plain] | Mapping[str, Plain] | None"


def text_of(plain: Plain) -> str:
    """JSON with sorted keys and no spaces."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def event_form(event: Event) -> Plain:
    """Everything an event says, in plain values."""
    return {
        "event": event.kind,
        "id": event.id,
        "person": event.person,
        "at": _when_form(event.at),
        "known_at": event.known_at,
        "about": list(event.about) if event.about else None,
        "terms": {name: term_form(term) for name, term in event.terms.items()},
        "source": _source_form(event.source),
        "raw_text": dict(event.raw_text),
        "supersedes": event.supersedes,
    }


def coverage_form(coverage: Coverage) -> Plain:
    """Everything a declaration of coverage says, in plain values."""
    return {
        "facts": sorted(coverage.facts),
        "places": sorted(coverage.places),
        "interval": list(coverage.interval),
        "known_at": coverage.known_at,
        "source": _source_form(coverage.source),
        "id": coverage.id,
        "supersedes": coverage.supersedes,
    }


def term_form(term: Term | None) -> Plain:
    """A term in plain values that tell a code from a reason for not knowing."""
    if isinstance(term, NotKnown):
        return {"not_known": term.value}
    if isinstance(term, frozenset):
        return sorted(term)
    return _when_form(term) if isinstance(term, UncertainInstant) else term


def _when_form(when: When) -> Plain:
    if not isinstance(when, UncertainInstant):
        return when
    return {
        "earliest": when.earliest,
        "latest": when.latest,
        "precision": when.precision.value,
        "key": when.key,
        "offset": when.offset,
        "path": when.path,
    }


def _source_form(source: SourceRef | None) -> Plain:
    if source is None:
        return None
    return {
        "file_digest": source.file_digest,
        "name": source.name,
        "row": source.row,
        "recipe_digest": source.recipe_digest,
    }
