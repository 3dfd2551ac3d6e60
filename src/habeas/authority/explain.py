"""The proof: verdict, basis, provision, limb, each with its value, its source and its citation.

The tree is the product, not a debugging aid: each node says in words what was decided, on
which text, from which fact, and why the law of that day was or was not in force.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast
from zoneinfo import ZoneInfo

from msgspec import Struct

from habeas.authority.derive import Derivation, Piece, Support
from habeas.authority.findings import SubjectKey, Verdict
from habeas.authority.grounds import Standing
from habeas.authority.inquiry import Inquiry
from habeas.custody.facts import COLLECTIONS
from habeas.custody.rows import Row
from habeas.kernel.instants import (
    FOREVER,
    NEVER,
    Instant,
    UncertainInstant,
    When,
    format_instant,
    format_when,
    latest_of,
)
from habeas.kernel.kleene import Kleene, any_of
from habeas.law.clocks import Window
from habeas.law.enactments import HOLDING
from habeas.law.facts import LimbValue
from habeas.law.formulas import Guard
from habeas.law.program import Rule


class Proof(Struct, frozen=True):
    """One node of a proof: what is said, whether it holds, and what it rests on."""

    kind: str
    """``verdict``, ``subject``, ``basis``, ``provision``, ``limb``, ``law``, ``clock``,
    ``precedence``, ``duty`` or ``unknown``."""
    text: str
    value: Kleene
    cite: str = ""
    ref: str = ""
    source: str = ""
    """Where the fact was read, as file and row, or the event that states it."""
    children: tuple[Proof, ...] = ()


def prove(inquiry: Inquiry, derivation: Derivation, piece: Piece, at: Instant, verdict: Verdict) -> Proof:
    """The proof of a verdict at an instant."""
    return _Prover(inquiry, derivation, piece).verdict(at, verdict)


class _Prover:
    def __init__(self, inquiry: Inquiry, derivation: Derivation, piece: Piece) -> None:
        self.inquiry, self.derivation, self.piece = inquiry, derivation, piece
        self.zone: ZoneInfo = inquiry.law.places.zone_of(piece.situation.place)

    def verdict(self, at: Instant, verdict: Verdict) -> Proof:
        """The root: the verdict in words, then every subject that bears on it."""
        place = self.inquiry.law.places[self.piece.situation.place].name
        custodian = self.piece.situation.custodian
        text = f"{verdict} at {format_instant(at, self.zone)} in {place} ({custodian})"
        children = [self._custody()]
        children += [self._subject(standing) for standing in self._relevant()]
        children += [self._duty(duty_index) for duty_index in range(len(self.piece.duties))]
        value = {Verdict.LAWFUL: True, Verdict.UNLAWFUL: False}.get(verdict)
        return Proof(kind="verdict", text=text, value=value, children=tuple(children))

    def _relevant(self) -> Iterator[Standing]:
        for standing in self.piece.standings:
            if standing.heard or standing.because is not None or standing.subject[0] == "instrument":
                yield standing

    def _custody(self) -> Proof:
        episode = self.derivation.episode
        since = f"in custody from {self._shown(episode.start)}"
        until = ", no end recorded" if episode.end == FOREVER else f" until {self._shown(episode.end)}"
        return Proof(kind="custody", text=f"{since}{until}", value=self.piece.custody)

    def _subject(self, standing: Standing) -> Proof:
        collection, name = standing.subject
        kind = standing.row.get("kind")
        label = f"{collection} {name}" + (f" ({kind})" if isinstance(kind, str) else "")
        supports = [s for s in self.piece.supports if s.subject == standing.subject]
        value = any_of(support.value for support in supports)
        if standing.because is not None and value is False:
            value = None
        outcome = standing.settled.outcome
        children = [self._support(standing, support) for support in supports]
        children += list(self._others(standing, {s.ground.rule.ref for s in supports}))
        children += [Proof(kind="precedence", text=ground, value=True) for ground in standing.settled.grounds]
        children += list(self._papers(standing))
        children += list(self._not_in_force(standing.subject))
        text = f"{label}: {_OUTCOMES[outcome.value]}"
        return Proof(kind="subject", text=text, value=value, children=tuple(children))

    def _support(self, standing: Standing, support: Support) -> Proof:
        rule = support.ground.rule
        children = [self._in_force(rule, standing), *self._limbs(rule, standing)]
        children += [self._cap(applies, cap, standing) for applies, cap in support.ground.caps]
        text = rule.provision.says or rule.provision.effect.value
        return Proof(
            kind="basis",
            text=text,
            value=support.value,
            cite=rule.provision.cite,
            ref=rule.ref,
            children=tuple(children),
        )

    def _others(self, standing: Standing, shown: set[str]) -> Iterator[Proof]:
        """Provisions that were heard on the subject and support nothing."""
        rules = {rule.ref: rule for rule in self.piece.situation.program.holding}
        for saying in standing.heard:
            ref = saying.ref.removesuffix(" outside its only-if")
            if ref in shown:
                continue
            shown.add(ref)
            rule = rules[ref]
            children = (self._in_force(rule, standing), *self._limbs(rule, standing))
            effect = rule.provision.effect.value
            text = f"{effect}: {rule.provision.says}" if rule.provision.says else effect
            yield Proof(
                kind="provision",
                text=text,
                value=saying.value,
                cite=rule.provision.cite,
                ref=rule.ref,
                children=children,
            )

    def _papers(self, standing: Standing) -> Iterator[Proof]:
        if standing.subject[0] != "instrument":
            return
        if standing.lodged is not True:
            text = "lodged with the custodian and not withdrawn"
            yield Proof(kind="limb", text=text, value=standing.lodged)
        rule = standing.force_rule
        if rule is not None:
            yield Proof(
                kind="provision",
                text=f"force of the paper: {rule.provision.says or rule.provision.effect.value}",
                value=standing.force,
                cite=rule.provision.cite,
                ref=rule.ref,
                children=tuple(self._limbs(rule, standing)),
            )

    def _not_in_force(self, subject: SubjectKey) -> Iterator[Proof]:
        """Enactments of this place that would speak of the subject, and why they do not now."""
        program = self.piece.situation.program
        law = self.inquiry.law
        lineage = {self.piece.situation.place}
        lineage.update(place.id for place in law.places.ancestors(self.piece.situation.place))
        row = next(r for r in self.piece.situation.rows[subject[0]] if r["id"] == subject[1])
        for name, enactment in law.enactments.items():
            if enactment.place not in lineage:
                continue
            for provision in enactment.provisions:
                ref = f"{name}#{provision.id}"
                speaks = provision.on == subject[0] and (
                    not provision.kinds or row.get("kind") in provision.kinds
                )
                if speaks and provision.effect in HOLDING and ref not in program.regime.clauses:
                    text = f"{enactment.title}: {program.sentence(ref)}"
                    yield Proof(kind="law", text=text, value=False, cite=enactment.cite, ref=ref)

    def _in_force(self, rule: Rule, standing: Standing) -> Proof:
        facts = self.piece.situation.facts(standing.subject[0], standing.row)

        def holds(guard: Guard) -> Kleene:
            compiled = rule.guards.get(guard)
            return None if compiled is None else compiled.evaluate(facts)

        program = self.piece.situation.program
        sentence = program.sentence(rule.ref, {guard: holds(guard) for guard in rule.guards})
        text = f"{rule.enactment.title}: {sentence}"
        return Proof(kind="law", text=text, value=True, cite=rule.enactment.cite, ref=rule.ref)

    def _limbs(self, rule: Rule, standing: Standing) -> Iterator[Proof]:
        facts = self.piece.situation.facts(standing.subject[0], standing.row)
        for part, limb in rule.limbs(facts):
            yield Proof(
                kind="unknown" if limb.node == "gap" else "limb",
                text=f"{part}: {limb.text}{self._read(limb)}",
                value=limb.value,
                cite=limb.cite,
                source=self._source(limb),
            )

    def _read(self, limb: LimbValue) -> str:
        shown = [f"{name} is {self._value(value)}" for _, _, name, value in limb.facts if name != "at"]
        return f" ({', '.join(shown)})" if shown else ""

    def _value(self, value: object) -> str:
        if value is None:
            return "not known"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, UncertainInstant) or (isinstance(value, int) and abs(value) > _LARGE):
            return self._shown(value if isinstance(value, UncertainInstant) else Instant(value))
        if isinstance(value, frozenset):
            codes = cast("frozenset[str]", value)
            return ", ".join(sorted(codes)) or "nothing"
        return str(value)

    def _source(self, limb: LimbValue) -> str:
        found: list[str] = []
        for owner, row, name, _ in limb.facts:
            for each in self._rows(owner):
                event = each.source_of(name) if each.id == row else None
                if event is not None:
                    where = f"{event.source.name} row {event.source.row}" if event.source else event.id
                    found.append(f"{type(event).__name__} {where}")
        return "; ".join(dict.fromkeys(found))

    def _rows(self, owner: str) -> tuple[Row, ...]:
        return next((self.inquiry.record.rows(each) for each in COLLECTIONS if each == owner), ())

    def _cap(self, applies: Kleene, cap: Rule, standing: Standing) -> Proof:
        clock = cap.provision.clock
        lines: list[Proof] = []
        if clock is not None:
            for window in self.derivation.windows_for(self.piece, cap, standing):
                lines.append(Proof(kind="clock", text=self._window(window), value=True))
                if max(latest_of(window.anchor.at), latest_of(window.deadline.at)) >= FOREVER:
                    continue
                lines += [Proof(kind="clock", text=line.text, value=True) for line in window.deadline.lines]
            if not lines and cap.waits_for_release:
                text = "its time has not begun: criminal custody has not ended"
                lines.append(Proof(kind="clock", text=text, value=False))
        return Proof(
            kind="cap",
            text=cap.provision.says or "only within the time allowed",
            value=applies,
            cite=cap.provision.cite,
            ref=cap.ref,
            children=tuple(lines),
        )

    def _duty(self, index: int) -> Proof:
        duty = self.piece.duties[index]
        made = duty.duty_at(self.piece.start)
        due = "" if made.due_at is None else f", due {self._shown(made.due_at)}"
        if made.due_at == FOREVER:
            due = ", no end set"
        lines = tuple(Proof(kind="clock", text=line.text, value=True) for line in made.lines)
        return Proof(
            kind="duty",
            text=f"{made.says or made.effect.value} ({made.bearer}): {made.state}{due}",
            value=duty.applies,
            cite=made.cite,
            ref=made.provision,
            children=lines,
        )

    def _window(self, window: Window) -> str:
        since, ends = f"from {self._shown(window.anchor.at)}", window.deadline.at
        return f"{since}, no end set" if ends == FOREVER else f"{since} until {self._shown(ends)}"

    def _shown(self, when: When) -> str:
        if isinstance(when, UncertainInstant):
            if latest_of(when) >= FOREVER - 1:
                return f"an unknown time from {format_instant(when.earliest, self.zone)} on"
            return format_when(when, self.zone)
        return "never" if when == NEVER else format_instant(when, self.zone)


_LARGE = 10**13
_OUTCOMES = {
    "must-hold": "must be held on it",
    "may-hold": "may be held on it",
    "barred": "must not be held on it",
    "silent": "no provision in force supports custody on it",
    "contested": "enactments in force disagree whether it supports custody",
    "unknown": "whether it supports custody is not known",
}


def rendered(proof: Proof, depth: int = 0) -> Sequence[str]:
    """A proof as indented lines of text: a mark, the words, the citation, the source."""
    mark = {True: "+", False: "-", None: "?"}[proof.value]
    cite = f" [{proof.cite}]" if proof.cite else ""
    source = f" <{proof.source}>" if proof.source else ""
    lines = [f"{'  ' * depth}{mark} {proof.text}{cite}{source}"]
    for child in proof.children:
        lines.extend(rendered(child, depth + 1))
    return lines
