"""What is not known, whether it matters, and what would settle it.

A verdict that some unknown leaves open is still definite when it comes out the same however
the few unknown atoms fall. Atoms keep their identity: a basis that ends at an uncertain
instant and another that begins at that very instant leave no gap wherever it lies.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, cast

from msgspec import Struct

from habeas.authority.choices import (
    ANY_END,
    GREAT_MANY,
    Choice,
    choices_for,
    ends_between,
    is_instant,
    said,
    spec_of,
)
from habeas.authority.clocks import not_listed
from habeas.authority.derive import Derivation, Piece
from habeas.authority.doubts import atoms_of, placing
from habeas.authority.doubts import says as says_of_law
from habeas.authority.findings import Atom, Because, Unsettled, Verdict
from habeas.authority.grounds import Standing
from habeas.authority.inquiry import Inquiry
from habeas.authority.situations import SUPPOSED
from habeas.custody.record import Assumed
from habeas.kernel.instants import (
    Instant,
    UncertainInstant,
)
from habeas.law.facts import COMPLETE, Facts, LimbValue
from habeas.law.formulas import Guard, leaves
from habeas.law.program import Rule
from habeas.law.vocabulary import Vocabulary

MOST_ATOMS = 8
_CALLED = {
    "stated_credit": "jail_credit_days",
    "earned_days": "conduct_days",
    "marks": "excepted_because",
    "imposed_on": "issued_at",
    "received_on": "lodged_at",
    "term": "term_days",
}
"""What sentence arithmetic calls a fact -> the vocabulary's name of it."""
_MOST_PLACEMENTS = 512
_MOST_FIGURES = 4


class Gap(Struct, frozen=True):
    """Something not known that no supposed value can stand for: a text, a list of papers."""

    says: str


class Figure(Struct, frozen=True):
    """A fact for want of which a sum of sentences cannot be done."""

    atom: Atom
    rule: str
    """The rule that sums."""
    end: Atom
    """What is supposed in the place of the sum: it can come to any end."""


Found: TypeAlias = "Atom | Gap | Figure"


class Open(Struct, frozen=True):
    """What leaves a piece's verdict open: atoms that can be supposed, and gaps that cannot."""

    atoms: tuple[Atom, ...]
    gaps: tuple[Gap, ...]
    tried: tuple[Atom, ...] = ()
    """What is supposed to see whether it matters: the atoms, but for those of which only a sum is
    made, and in their place what that comes to."""
    exhaustive: bool = True
    """Whether trying these tries everything that could be."""
    figures: tuple[Figure, ...] = ()
    """The facts of sums that cannot be done."""


def left_open(piece: Piece, derivation: Derivation) -> Open:
    """The unknowns that a piece's verdict meets."""
    found = tuple(dict.fromkeys(_found_open(piece, derivation)))
    gaps = tuple(each for each in found if isinstance(each, Gap))
    figures = tuple(each for each in found if isinstance(each, Figure))
    plain = tuple(each for each in found if isinstance(each, tuple))
    shown = (each.atom if isinstance(each, Figure) else each for each in found if not isinstance(each, Gap))
    tried = dict.fromkeys((*plain, *(figure.end for figure in figures)))
    # A fact of a sum that a limb reads too would have to agree with the end supposed of the sum.
    apart = not any(figure.atom in plain for figure in figures)
    exhaustive = apart and all(_is_one_sum(derivation, figure.rule) for figure in figures)
    return Open(tuple(dict.fromkeys(shown)), gaps, tuple(tried), exhaustive, figures)


def _is_one_sum(derivation: Derivation, rule: str) -> bool:
    """Whether what a rule cannot sum is one sum throughout: two may come to different ends."""
    sums = (piece.situation.computed.get(rule) for piece in derivation.pieces)
    return len({(*made.lines, made.missing) for made in sums if made is not None and made.missing}) == 1


def _found_open(piece: Piece, derivation: Derivation) -> Iterator[Found]:
    if piece.custody is None:
        for edge in (derivation.episode.start, derivation.episode.end):
            if isinstance(edge, UncertainInstant) and edge.earliest <= piece.start < edge.latest:
                yield "when", edge.key, ""
    for standing in piece.standings:
        if standing.because is Because.MISSING or _unknown_support(piece, standing):
            yield from _of_standing(piece, standing)
    yield from _of_duties(piece)
    yield from map(Gap, _not_listed(piece, derivation))
    if not piece.facts_complete and piece.held_by is not True:
        yield Gap("whether other charges or papers exist: no source here claims to show all")


def _not_listed(piece: Piece, derivation: Derivation) -> Iterator[str]:
    """Days that a calendar would have to list for a deadline that bears on what is open."""
    for standing in piece.standings:
        if _unknown_support(piece, standing):
            caps = {cap.ref: cap for ground in standing.grounds for _, cap in ground.caps}
            for cap in caps.values():
                windows = derivation.windows_for(piece, cap, standing)
                yield from filter(None, (not_listed(window.deadline) for window in windows))
    for duty in piece.duties:
        if duty.due is not None and duty.broken_at(piece.start) is None and not_listed(duty.due):
            yield not_listed(duty.due)


def settled(inquiry: Inquiry, at: Instant) -> Verdict:
    """The verdict at an instant, definite where every way the unknowns can fall agrees."""
    decided = inquiry.decided_at(at)
    if decided is None:
        return Verdict.NOT_IN_CUSTODY
    verdict = decided.verdict
    if verdict is not Verdict.UNDETERMINED or decided.because is not Because.MISSING:
        return verdict
    index, piece = inquiry.episode_at(at), inquiry.piece_at(at)
    assert index is not None
    assert piece is not None, "what decides an instant covers it under every reading"
    found = left_open(piece, inquiry.derivation(index, at))
    if found.gaps or not found.exhaustive or not 0 < len(found.tried) <= MOST_ATOMS:
        return verdict
    among = sum(is_instant(inquiry, atom) for atom in found.tried)
    choices = [_choices(inquiry, found, atom, at, among) for atom in found.tried]
    total = 1
    for each in choices:
        total *= len(each)
    if not all(choices) or total > _MOST_PLACEMENTS:
        return verdict
    seen: set[Verdict] = set()
    for chosen in itertools.product(*choices):
        there = suppose(inquiry, dict(zip(found.tried, chosen, strict=True))).piece_at(at)
        seen.add(there.verdict if there is not None else Verdict.NOT_IN_CUSTODY)
        if len(seen) > 1:
            return verdict
    return seen.pop()


def _choices(inquiry: Inquiry, found: Open, atom: Atom, at: Instant, among: int) -> Sequence[Choice]:
    figures = [figure for figure in found.figures if figure.end == atom]
    if not figures:
        return choices_for(inquiry, atom, at, among)
    return ends_between(inquiry, atom, _ends(inquiry, figures, at), at, among)


def _ends(inquiry: Inquiry, figures: Sequence[Figure], at: Instant) -> tuple[Instant, Instant]:
    """The earliest and the latest end that a sum can come to, its missing figures being what they may.

    Every step only ever puts the end off, or only ever brings it on, as one of its figures grows:
    so the ends lie between those of the least and the greatest figures.
    """
    corners: list[Sequence[Choice]] = []
    for figure in figures:
        if spec_of(inquiry, figure.atom).type != "number":
            return ANY_END
        corners.append((0, GREAT_MANY))
    ends: list[Instant] = []
    for corner in itertools.product(*corners) if len(corners) <= _MOST_FIGURES else ():
        atoms = [figure.atom for figure in figures]
        piece = suppose(inquiry, dict(zip(atoms, corner, strict=True))).piece_at(at)
        made = None if piece is None else piece.situation.computed.get(figures[0].rule)
        if made is None or made.expires_at is None:
            return ANY_END
        ends.append(made.expires_at)
    return (min(ends), max(ends)) if ends else ANY_END


def unsettled(inquiry: Inquiry, at: Instant) -> tuple[Unsettled, ...]:
    """Each unknown that leaves the verdict open, with what each of its values would make it."""
    index, piece = inquiry.episode_at(at), inquiry.piece_at(at)
    if piece is None or index is None or piece.verdict is not Verdict.UNDETERMINED:
        return ()
    found = left_open(piece, inquiry.derivation(index, at))
    made: list[Unsettled] = []
    for atom in found.atoms:
        settles = {
            choice: settled_once(suppose(inquiry, {atom: choice}), at)
            for choice in choices_for(inquiry, atom, at)
        }
        told = said(inquiry, atom, settles, at)
        made.append(Unsettled(atom=atom, says=_says(inquiry, atom), settles=told))
    made += [Unsettled(atom=("text", gap.says, ""), says=gap.says, settles={}) for gap in found.gaps]
    return tuple(made)


def settled_once(inquiry: Inquiry, at: Instant) -> Verdict:
    """The verdict at an instant with each remaining unknown left unknown."""
    piece = inquiry.piece_at(at)
    return Verdict.NOT_IN_CUSTODY if piece is None else piece.verdict


def suppose(inquiry: Inquiry, choices: Mapping[Atom, Choice]) -> Inquiry:
    """The inquiry with each atom fixed to a value: of the record, or of the law."""
    record = inquiry.record
    moments = {atom[1]: Instant(int(value)) for atom, value in choices.items() if atom[0] == "when"}
    facts = {
        cast("Assumed", atom): value for atom, value in choices.items() if atom[0] not in {"when", "law"}
    }
    if moments:
        record = record.placing(moments)
    if facts:
        record = record.supposing(facts)
    if any(atom[0] == "law" for atom in choices):
        return inquiry.supposing(record, placing(choices))
    return inquiry.of(record)


def _unknown_support(piece: Piece, standing: Standing) -> bool:
    return any(s.subject == standing.subject and s.value is None for s in piece.supports)


def _of_standing(piece: Piece, standing: Standing) -> Iterator[Found]:
    collection, name = standing.subject
    if standing.lodged is None:
        for fact in ("lodged_at", "withdrawn_at", "ended_at"):
            yield from _of_fact(piece, collection, name, fact, standing.row.get(fact))
    yield from _of_kind(piece, standing)
    facts = piece.situation.facts(collection, standing.row)
    rules = {ground.rule.ref: ground.rule for ground in standing.grounds}
    if standing.force_rule is not None:
        rules[standing.force_rule.ref] = standing.force_rule
    for ground in standing.grounds:
        rules |= {cap.ref: cap for _, cap in ground.caps}
    for saying in standing.heard:
        ref = saying.ref.removesuffix(" outside its only-if")
        rules |= {rule.ref: rule for rule in piece.situation.program.holding if rule.ref == ref}
    for rule in rules.values():
        yield from _of_rule(piece, rule, facts)
        if rule.provision.clock is not None:
            yield from _of_clock(piece, standing, rule.provision.clock.anchor)
    if not standing.encoded:
        kind = standing.row.get("kind", collection)
        yield Gap(f"the law of {piece.situation.place} on [{kind}]: not encoded for that day")


def _of_rule(piece: Piece, rule: Rule, facts: Facts) -> Iterator[Found]:
    """What leaves it unknown whether a rule applies: doubts of law, and limbs."""
    yield from atoms_of((rule.formula,))
    yield from _of_limbs(piece, (limb for _, limb in rule.limbs(facts) if limb.value is None))


def _of_clock(piece: Piece, standing: Standing, anchor: str) -> Iterator[Found]:
    owner, _, fact = anchor.partition(".")
    if not fact:
        return
    for row in piece.situation.rows.get(owner, ()):
        if owner != standing.subject[0] or row["id"] == standing.subject[1]:
            yield from _of_fact(piece, owner, row["id"], fact, row.get(fact))


def _of_duties(piece: Piece) -> Iterator[Atom]:
    if piece.held_by is not None:
        return
    for duty in piece.duties:
        if duty.broken_at(piece.start) is None and duty.rule.provision.discharges:
            yield from atoms_of((duty.rule.formula,))
            for name in duty.rule.provision.discharges:
                yield from _not_stated(piece, name)


def _not_stated(piece: Piece, name: str) -> Iterator[Atom]:
    owner, _, fact = name.partition(".")
    for row in piece.situation.rows.get(owner, ()):
        if row.get(fact) is None:
            yield owner, row["id"], fact


def _of_limbs(piece: Piece, limbs: Iterable[LimbValue]) -> Iterator[Found]:
    for limb in limbs:
        if limb.node == "gap":
            yield Gap(limb.text)
        for owner, row, fact, value in limb.facts:
            if fact == COMPLETE:
                yield Gap(f"whether every [{owner}] is known")
            elif owner == "setting":
                yield from () if value is not None else (Gap(f"setting {fact}"),)
            elif owner == "enactment":
                yield from () if value is not None else _of_law(piece, row)
            else:
                yield from _of_fact(piece, owner, row, fact, value)


def _of_law(piece: Piece, enactment: str) -> Iterator[Found]:
    """What leaves it unknown whether an enactment is in force: doubts, or whom it binds."""
    formula = piece.situation.program.regime.in_force(enactment)
    if formula is None or any(isinstance(leaf, Guard) for leaf in leaves(formula)):
        yield Gap(f"whether [{enactment}] is in force")
    else:
        yield from atoms_of((formula,))


def _of_fact(piece: Piece, owner: str, row: str, fact: str, value: object) -> Iterator[Found]:
    if isinstance(value, UncertainInstant):
        yield "when", value.key, ""
    if value is not None:
        return
    situation = piece.situation
    rows = [each for each in situation.rows.get(owner, ()) if each["id"] == row]
    defining = [
        rule
        for rule in situation.program.defining
        if rule.provision.on == owner
        and fact in {rule.provision.defines, rule.provision.computes}
        # A sum of sentences says nothing of the end of another paper.
        and not (rows and situation.concerns(rule, rows[0]) is False)
    ]
    if not defining:
        yield owner, row, fact
    for rule in defining:
        yield from _of_definition(piece, rule, owner, row)


def _of_definition(piece: Piece, rule: Rule, owner: str, row: str) -> Iterator[Found]:
    """What leaves a defined fact unknown: the limbs of its definition, the facts of its sum."""
    situation = piece.situation
    for each in situation.rows[owner]:
        if each["id"] == row:
            yield from _of_rule(piece, rule, situation.facts(owner, each))
    if rule.ref in situation.refused:
        yield Gap(situation.refused[rule.ref])
    if rule.ref in situation.computed:
        for missing in situation.computed[rule.ref].missing:
            sentence, _, fact = missing.rpartition(".")
            if fact == "document":
                yield Gap(f"the charging document of sentence {sentence}")
            else:
                atom = "instrument", sentence, _CALLED.get(fact, fact)
                yield Figure(atom, rule.ref, (owner, row, f"{SUPPOSED}{rule.provision.computes}"))


def _of_kind(piece: Piece, standing: Standing) -> Iterator[Found]:
    """What leaves it unknown whether a paper counts as another."""
    collection, name = standing.subject
    for rule in piece.situation.program.defining:
        key = f"counts as {rule.provision.defines}"
        if rule.provision.on == collection and key in standing.row and standing.row[key] is None:
            yield from _of_definition(piece, rule, collection, name)


def _says(inquiry: Inquiry, atom: Atom) -> str:
    owner, row, fact = atom
    if owner == "when":
        return f"when exactly: {row}"
    if owner == "law":
        return says_of_law(inquiry.regimes, atom)
    vocabulary: Vocabulary = inquiry.law.vocabulary
    return f"{owner} {row}: {vocabulary.fact(f'{owner}.{fact}').meaning}"
