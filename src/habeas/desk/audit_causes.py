"""What stood between a person and the door, and who left too soon, for one custody of an audit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from habeas.authority.causes import Cause, CausePart, cause_of_early, causes_of_late
from habeas.authority.derive import Derivation
from habeas.authority.derive import Support as Standing
from habeas.authority.inquiry import Inquiry
from habeas.authority.overdetention import early_bases, overdetentions, required_until
from habeas.custody.events import Ref
from habeas.desk.audit_findings import EarlyFinding, LatePart, Support
from habeas.kernel.instants import Instant, latest_of


def causes_of(
    derivation: Derivation, runs: Iterable[tuple[Instant, Instant]], zone: ZoneInfo
) -> Iterator[LatePart]:
    """The causes of custody that no reading supports.

    Args:
        derivation: The custody under the reading asked, or the defaults.
        runs: Maximal intervals without basis under every reading, from and until.
        zone: The place's.
    """
    known = [
        part
        for each in overdetentions(derivation.pieces, zone)
        for part in causes_of_late(derivation, each.interval)
    ]
    for start, end in runs:
        yield from cut(known, start, end)


def cut(known: Sequence[CausePart], start: Instant, end: Instant) -> Iterator[LatePart]:
    """One interval cut by cause; unknown where it is late however unknown facts fall, in many ways."""
    done = start
    for part in known:
        left, right = max(part.interval.start, done), min(part.interval.end, end)
        if left < right:
            if done < left:
                yield LatePart(start=done, end=left, cause=Cause.UNKNOWN)
            yield LatePart(start=left, end=right, cause=part.cause)
            done = right
    if done < end:
        yield LatePart(start=done, end=end, cause=Cause.UNKNOWN)


def early_finding(
    inquiry: Inquiry,
    index: int,
    joints: Sequence[tuple[Mapping[str, str], Inquiry]],
    labels: Mapping[Ref, str],
) -> EarlyFinding | None:
    """A release while something still required custody, under the reading asked or the defaults."""
    derivation = inquiry.derivation(index)
    standing = early_bases(derivation)
    if not standing:
        return None
    others = {id(each): each for _, each in joints}.values()
    door = latest_of(derivation.episode.end)
    return EarlyFinding(
        released_at=derivation.episode.end,
        required_until=required_until(derivation),
        certain=all(early_bases(each.derivation(index)) for each in others),
        cause=cause_of_early(derivation, door, standing),
        supports=tuple(support_of(each, labels) for each in standing),
    )


def support_of(support: Standing, labels: Mapping[Ref, str]) -> Support:
    """A basis as a finding tells it, with the source's own words for what it rests on."""
    provision = support.ground.rule.provision
    return Support(
        subject=support.subject,
        label=next((text for ref, text in labels.items() if ref == support.subject), ""),
        provision=support.ground.rule.ref,
        cite=provision.cite,
        says=provision.says,
    )
