"""An answer as text: the verdict in words first, the proof after it, the digests last."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import click

from habeas import __version__
from habeas.authority.answer import Answer
from habeas.authority.beside import Command, Note
from habeas.authority.explain import rendered
from habeas.authority.findings import Because, OverDetention, Verdict
from habeas.authority.inquiry import Inquiry
from habeas.authority.readings import Sensitivity, Spread
from habeas.cli import words
from habeas.kernel.instants import FOREVER, Instant, latest_of
from habeas.wire.verdicts import because_of, verdict_of

_COLOURS = {
    Verdict.LAWFUL: "green",
    Verdict.UNLAWFUL: "red",
    Verdict.UNDETERMINED: "yellow",
    Verdict.NOT_IN_CUSTODY: "blue",
}


@dataclass(frozen=True, kw_only=True)
class AnswerText:
    """How one answer is told."""

    person: str
    answer: Answer
    inquiry: Inquiry
    zone: ZoneInfo
    width: int = 100
    colour: bool = False
    spread: Spread | None = None
    """Where every reading was asked."""

    def __str__(self) -> str:
        """The whole page, with a closing line end."""
        return "\n".join(self._lines()) + "\n"

    @property
    def verdict(self) -> Verdict:
        """The verdict told: under the reading, or of all readings together."""
        return verdict_of(self.answer, self.spread)

    @property
    def because(self) -> Because | None:
        """Why an undetermined verdict is so."""
        return because_of(self.answer, self.spread)

    def _lines(self) -> Iterator[str]:
        yield from self._filled(self.sentence(), "", styled=True)
        yield ""
        yield from self._asked()
        for title, lines in self._parts():
            if lines:
                yield ""
                yield title
                for line in lines:
                    yield from self._filled(line, "  ")
        yield ""
        yield "Proof  (+ holds, - does not, ? not known)"
        for line in rendered(self.answer.why):
            bare = line.lstrip()
            yield from self._filled(bare, "  " + " " * (len(line) - len(bare)))
        yield ""
        yield f"Rulebook  {self.answer.law}"
        yield f"Facts     {self.answer.facts}"
        yield f"Engine    habeas {__version__}"

    def sentence(self) -> str:
        """The answer in one sentence that a release officer can act on."""
        answer = self.answer
        at = words.shown(answer.effective_at, self.zone)
        who = words.custodian(self.inquiry, answer.place, answer.custodian)
        match self.verdict:
            case Verdict.NOT_IN_CUSTODY:
                return f"NOT IN CUSTODY: nobody holds {self.person} at {at}."
            case Verdict.LAWFUL:
                return f"LAWFUL{self._under()}: {self._lawful(who)}"
            case Verdict.UNLAWFUL:
                return f"UNLAWFUL{self._under()}: {who} {self._unlawful(at)}."
            case Verdict.UNDETERMINED:
                return f"UNDETERMINED: whether {who} may hold {self.person} at {at} {self._open()}."

    def _under(self) -> str:
        """On which side of which question the verdict stands, where another side changes it."""
        if self.spread is not None or not self.answer.sensitive_to:
            return ""
        answer = self.answer
        given = [each for each in answer.sensitive_to if each.question in answer.reading_given]
        adopted = [each for each in answer.sensitive_to if each.question in answer.reading_adopted]
        assumed = [each for each in answer.sensitive_to if each not in given and each not in adopted]
        parts = [
            ("the reading given", given),
            ("the reading that the custodian adopted", adopted),
            ("published defaults that nobody has adopted", assumed),
        ]
        sides = [
            f"{whose} ({', '.join(f'{each.question}={each.taken}' for each in chosen)})"
            for whose, chosen in parts
            if chosen
        ]
        return f" under {words.listed(sides)}"

    def _lawful(self, who: str) -> str:
        answer = self.answer
        papers = dict.fromkeys(
            words.subject(self.inquiry, basis.subject, answer.effective_at) for basis in answer.bases
        )
        must = any(basis.strength.value == "must-hold" for basis in answer.bases)
        until = self._supported_until()
        end = "with no end set" if until >= FOREVER else f"until {words.shown(until, self.zone)}"
        on = f" on {words.listed(papers)}" if papers else ""
        return f"{who} {'must' if must else 'may'} hold {self.person}{on} {end}, as things stand."

    def _unlawful(self, at: str) -> str:
        return f"has no authority to hold {self.person} at {at}{self._ended()}"

    def _ended(self) -> str:
        ended = [
            each for each in self.answer.over_detention if each.interval.covers(self.answer.effective_at)
        ]
        if not ended or self.spread is not None:
            return ""
        start = ended[0].interval.start
        return f"; it has had none since {words.shown(start, self.zone)}"

    def _open(self) -> str:
        if self.because is Because.CONTESTED:
            if self.spread is not None:
                return "turns on questions of law that are open: readings of them differ"
            return "is contested: enactments in force disagree, and no rule of precedence decides"
        missing = [each.says.rstrip(".") for each in self.answer.unknown]
        return f"is not known; missing: {words.listed(missing[:3]) if missing else 'a fact or a text'}"

    def _supported_until(self) -> Instant:
        """The end of the unbroken support that covers the instant asked."""
        until = self.answer.effective_at
        index = self.inquiry.episode_at(until)
        pieces = () if index is None else self.inquiry.derivation(index).pieces
        for piece in pieces:
            if piece.start <= until < piece.end and piece.held_by is True:
                until = piece.end
        return until

    def _asked(self) -> Iterator[str]:
        answer = self.answer
        yield f"Asked of     {words.shown(answer.effective_at, self.zone)}"
        yield f"Facts known  {self._known(answer.facts_known_at)}"
        yield f"Law known    {self._known(answer.law_known_at)}"
        yield from self._reading()

    def _known(self, known: Instant) -> str:
        text = words.shown(known, self.zone)
        if known == self.answer.effective_at:
            return f"{text} (as known then)"
        return f"{text} ({'hindsight' if known > self.answer.effective_at else 'beforehand'})"

    def _reading(self) -> Iterator[str]:
        if self.spread is not None:
            yield "Readings     every reading of the questions reached"
            for verdict, sides in deciding(self.spread):
                yield f"    {verdict:<14} {sides or 'whatever side is taken'}"
            yield "    What follows below is under the published defaults, which nobody has adopted."
            return
        if not self.answer.reading:
            yield "Reading      no question of law is reached"
            return
        decisive = {each.question for each in self.answer.sensitive_to}
        decisive |= self.answer.reading_given | set(self.answer.reading_adopted)
        yield "Reading"
        for asked, chosen in self.answer.reading.items():
            if asked in decisive:
                yield f"    {asked} = {chosen} ({self._standing(asked)})"
        others = len(set(self.answer.reading) - decisive)
        if others:
            yield f"    {others} more at published defaults, of which no other side changes this verdict"
        if set(self.answer.reading) - self.answer.reading_given - set(self.answer.reading_adopted):
            yield "    A default that nobody has adopted may inform; it may not release or hold anyone."

    def _standing(self, asked: str) -> str:
        adoption = self.answer.reading_adopted.get(asked)
        if asked in self.answer.reading_given:
            return "given"
        if adoption is not None:
            return f"adopted by {adoption.by} [{adoption.cite}]"
        return "published default, adopted by nobody"

    def _parts(self) -> Iterator[tuple[str, Sequence[str]]]:
        answer, at = self.answer, self.answer.effective_at
        yield "Bases", list(self._bases())
        yield "Papers of no force", list(self._no_force())
        yield "Duties", [words.duty_line(self.inquiry, duty, at, self.zone) for duty in answer.duties]
        yield "Not known, and what it would settle", [words.unsettled_line(each) for each in answer.unknown]
        yield "Sensitive to", [self._sensitivity(each) for each in answer.sensitive_to]
        yield "What law tells agencies (custody of nobody)", [_command(each) for each in answer.commands]
        yield "What the custodian does (practice, never a basis)", [_note(each) for each in answer.practice]
        yield "Exposure (risk, never a basis)", [_note(each) for each in answer.risk]
        yield "Held without authority in this custody", [self._over(each) for each in answer.over_detention]
        yield "Released early", list(self._early())
        yield (
            "Anomalies in the record, carried and not repaired",
            [words.anomaly_line(each) for each in answer.anomalies],
        )
        yield "Next", list(self._next())

    def _bases(self) -> Iterator[str]:
        for basis in self.answer.bases:
            line = words.basis_line(self.inquiry, basis, self.answer.effective_at, self.zone)
            yield f"{line}; {words.share_line(basis)}"
            yield f"    {basis.says or basis.provision} [{basis.cite}] {basis.provision}"

    def _no_force(self) -> Iterator[str]:
        for paper in self.answer.no_force:
            what = words.subject(self.inquiry, paper.subject, self.answer.effective_at)
            refs = f" {', '.join(paper.provisions)}" if paper.provisions else ""
            says = f". {paper.says}" if paper.says else ""
            why = words.NO_FORCE[paper.reason]
            yield f"{what}: {words.plain(paper.reason.value)} - {why}{says}{refs}"

    def _sensitivity(self, each: Sensitivity) -> str:
        others = [f"{side} gives {verdict}" for side, verdict in each.verdicts.items() if side != each.taken]
        return f"{each.question}: {each.asks} Taken: {each.taken}; {', '.join(others)}."

    def _over(self, each: OverDetention) -> str:
        start, end = each.interval
        if start > self.answer.effective_at:
            return f"from {words.shown(start, self.zone)} on, if still held then"
        if end >= FOREVER:
            return f"since {words.shown(start, self.zone)}, no end recorded"
        length = words.lasting(end - start)
        return (
            f"{words.shown(start, self.zone)} to {words.shown(end, self.zone)}: {length} ({each.rung.value})"
        )

    def _early(self) -> Iterator[str]:
        early = self.answer.early_release
        if early is not None:
            at = words.shown(early.released_at, self.zone)
            yield f"at {at}, still requiring custody: {', '.join(early.bases)}"

    def _next(self) -> Iterator[str]:
        changes = self.answer.changes_at
        if changes is not None and changes < FOREVER:
            yield f"the answer changes at {words.shown(changes, self.zone)} if nobody does anything"
        for released in self.answer.releasable_at:
            past = latest_of(released) <= self.answer.effective_at
            yield f"all criminal bases {'had ended' if past else 'end'} at {words.shown(released, self.zone)}"

    def _filled(self, line: str, indent: str, *, styled: bool = False) -> list[str]:
        bare = line.lstrip()
        margin = indent + " " * (len(line) - len(bare))
        lines = textwrap.wrap(
            bare,
            max(self.width, len(margin) + 40),
            initial_indent=margin,
            subsequent_indent=margin + ("    " if margin else ""),
            break_long_words=False,
            break_on_hyphens=False,
        )
        if styled and self.colour:
            return [click.style(each, fg=_COLOURS[self.verdict], bold=True) for each in lines]
        return lines


def deciding(spread: Spread) -> list[tuple[Verdict, str]]:
    """Each joint reading as far as it decides: a question that changes no verdict is left out."""
    kept = list(range(len(spread.questions)))
    for index in tuple(kept):
        fewer = [each for each in kept if each != index]
        found: dict[tuple[str, ...], set[Verdict]] = {}
        for taken, verdict in spread.verdicts.items():
            found.setdefault(tuple(taken[each] for each in fewer), set()).add(verdict)
        if all(len(verdicts) == 1 for verdicts in found.values()):
            kept = fewer
    lines = [
        (verdict, ", ".join(f"{spread.questions[each]}={taken[each]}" for each in kept))
        for taken, verdict in spread.verdicts.items()
    ]
    return list(dict.fromkeys(lines))


def _command(command: Command) -> str:
    may = "" if command.sure else "perhaps: "
    told = f"{may}{command.agency} {words.plain(command.effect.value)} {command.verb}."
    return f"{told} [{command.cite}] {command.provision}"


def _note(note: Note) -> str:
    return f"{note.says} [{note.cite}] {note.enactment}"
