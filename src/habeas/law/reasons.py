"""Why law is in force or not: the tree of acts that decide it, and a sentence for each node."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from habeas.kernel.instants import Instant, before
from habeas.kernel.kleene import Kleene
from habeas.law.attacks import Attack, Beginning
from habeas.law.effectiveness import Resolver, Standing, shown_node
from habeas.law.enactments import Verb
from habeas.law.formulas import Formula, Guard, decided, disjunction
from habeas.law.presence import Presence
from habeas.law.targets import FROM_START, OWN_TEXT, DatedAct, Law
from habeas.law.wording import DONE_BY, capitalised, date_of, listed, named, since, upon


class LawStatus(Struct, frozen=True):
    """What one enactment, clause or act comes to at a point, and because of what."""

    ref: str
    title: str
    """Of the enactment it is, or stands in."""
    cite: str
    value: Formula
    """In force, working, or defeating what stands above it in the tree; Kleene for one subject."""
    reason: str
    """Why, in words, without capital or full stop."""
    link: str = ""
    """How it bears on what stands above it, with names and date."""
    present: bool = True
    """Whether it is known, begun and in scope here, so that it may count at all."""
    doubts: tuple[str, ...] = ()
    """What is not known of it, in words."""
    children: tuple[LawStatus, ...] = ()

    @property
    def sentence(self) -> str:
        """The reason as a sentence, such as ``Not in force: suspended by X [cite] on 3 Mar 2017.``."""
        return f"{capitalised(self.reason)}."

    @property
    def chain(self) -> str:
        """``suspended by X [cite] on 3 Mar 2017, itself stayed by Y [cite] on 4 Mar 2017``."""
        answers = self._answers()
        if len(answers) == 1:
            return f"{self.link}, itself {answers[0].chain}"
        return f"{self.link}, itself {listed([each.aside for each in answers])}" if answers else self.link

    @property
    def aside(self) -> str:
        """The same for one of several, what answers it in brackets."""
        answers = listed([each.aside for each in self._answers()])
        return f"{self.link} (itself {answers})" if answers else self.link

    def _answers(self) -> list[LawStatus]:
        """What was done against this: all that failed, or only what defeats it if something does."""
        living = [child for child in self.children if child.present]
        return [child for child in living if child.value is True] or living

    def walk(self) -> Iterator[LawStatus]:
        """This node and every one below it that may count."""
        yield self
        for child in self.children:
            if child.present:
                yield from child.walk()


class Reasons:
    """Reasons at one point, for everyone or for one subject."""

    def __init__(
        self,
        law: Law,
        resolver: Resolver,
        standing: Standing,
        instant: Instant,
        guard_value: Callable[[Guard], Kleene] | None,
    ) -> None:
        self._law = law
        self._resolver = resolver
        self._graph = resolver.graph
        self._standing = standing
        self._presence = Presence(law, resolver, instant, guard_value)

    def of(self, ref: str) -> LawStatus:
        """The tree of an enactment, a clause or an act that the law has."""
        if ref in self._graph.by_ref:
            return self._act(self._graph.by_ref[ref])
        if "#" in ref:
            return self._text(ref)
        if acts := self._resolver.acts_alone(ref):
            return self._together(ref, [self._act(act) for act in acts])
        parts = [self._text(text) for text in self._graph.clauses[ref]]
        return replace(parts[0], ref=ref) if len(parts) == 1 else self._together(ref, parts)

    def _together(self, ref: str, parts: Sequence[LawStatus]) -> LawStatus:
        """An enactment from its clauses or acts, said once where they share one reason."""
        enactment = self._law.enactments[ref]
        sharing: dict[str, list[str]] = {}
        for part in parts:
            sharing.setdefault(part.reason, []).append(part.ref)
        each = (f"{_parts_of(refs)} {reason}" for reason, refs in sharing.items())
        return LawStatus(
            ref,
            enactment.title,
            enactment.cite,
            disjunction(part.value for part in parts),
            parts[0].reason if len(sharing) == 1 else "; ".join(each),
            children=tuple(parts),
        )

    def _text(self, ref: str) -> LawStatus:
        enactment = self._law.enactments[ref.partition("#")[0]]
        value = self._presence.value(self._standing.texts.get(ref, False))
        children = tuple(self._beginning(each) for each in self._graph.texts[ref])
        reason = self._reason_of_text(value, children)
        return LawStatus(ref, enactment.title, enactment.cite, value, reason, children=children)

    def _reason_of_text(self, value: Formula, beginnings: Sequence[LawStatus]) -> str:
        if not beginnings:
            return "not in force: no act brings it into force"
        present = [each for each in beginnings if each.present]
        # What began it last speaks for it: an older beginning has been ended, or says the same.
        for each in reversed(present):
            if value is not False and each.value is not False:
                return each.reason
        return (present or beginnings)[-1].reason

    def _beginning(self, beginning: Beginning) -> LawStatus:
        act, attacks = beginning.act, beginning.attacks
        if act.does not in OWN_TEXT:
            attacks = (*attacks, *self._graph.attacks[2 * act.index])
        value = self._resolver.text_from(beginning, self._presence.instant, self._standing.halves)
        link = "revived by" if act.does is Verb.REVIVES else "begun by"
        children = self._attackers(act, attacks, ())
        return self._node(act, link, value, children, "in force")

    def _act(self, act: DatedAct) -> LawStatus:
        if begun := self._graph.begun(act):
            texts = [self._beginning(each) for each in begun]
            value = disjunction(each.value for each in texts)
            speaks = next((each for each in texts if each.value is not False), texts[0])
            return replace(speaks, value=value, link="")
        node = shown_node(act)
        children = self._attackers(act, self._graph.attacks[node], ())
        return self._node(act, "", self._standing.halves[node], children, "in effect")

    def _attackers(
        self, act: DatedAct, attacks: Sequence[Attack], above: tuple[DatedAct, ...]
    ) -> tuple[LawStatus, ...]:
        """What attacks an act or its text; a circle is followed once around."""
        if act in above or not self._presence.counts(act):
            return ()
        return tuple(self._attack(attack, (*above, act)) for attack in attacks)

    def _attack(self, attack: Attack, above: tuple[DatedAct, ...]) -> LawStatus:
        presence = self._presence
        value = self._resolver.bite(attack, presence.instant, self._standing.halves)
        children = self._attackers(attack.by, self._graph.attacks[attack.node], above)
        link = "ended with its proceeding by" if attack.disposes else DONE_BY[attack.by.does]
        made = self._node(attack.by, link, value, children, "in effect")
        doubts = (*made.doubts, *presence.doubts(attack.by, attack.counts))
        if attack.disposes and before(presence.instant, attack.by.done_at):
            pending = f"not disposed of until {date_of(attack.by.done_at, presence.zone)}"
            return replace(made, present=False, reason=pending, children=())
        return replace(made, doubts=doubts)

    def _node(
        self,
        act: DatedAct,
        link: str,
        formula: Formula,
        children: tuple[LawStatus, ...],
        state: str,
    ) -> LawStatus:
        presence = self._presence
        when = "" if act.does in FROM_START else upon(act.begins, presence.zone)
        present = presence.counts(act)
        made = LawStatus(
            ref=act.ref,
            title=act.enactment.title,
            cite=act.act.cite,
            value=presence.value(formula),
            reason=f"not {state}: {presence.absence(act)} [{act.act.cite}]",
            link=f"{link} {named(act)}{when}{presence.where(act)}",
            present=present,
            doubts=presence.doubts(act) if present else (),
            children=children,
        )
        return replace(made, reason=self._reason(act, made, state)) if present else made

    def _reason(self, act: DatedAct, made: LawStatus, state: str) -> str:
        """Why an act that may count here does or does not."""
        living = [child for child in made.children if child.present]
        open_still = [child for child in living if not decided(child.value)]
        date = "" if act.does in FROM_START else since(act.begins, self._presence.zone)
        begun = f"{state}{date}{self._presence.where(act)} [{made.cite}]"
        if made.value is True:
            return f"{begun}, although {_all(living)}" if living else begun
        if made.value is False:
            biting = [child for child in living if child.value is True] or living
            return f"not {state}: {_all(biting)}"
        doubts = dict.fromkeys(doubt for node in made.walk() for doubt in node.doubts)
        if doubts:
            return f"not certain whether {state}: {'; '.join(doubts)}"
        if made.value is None:
            return f"undecided whether {state}: {_all(open_still)}, in a circle"
        return f"{begun}, unless {_all(open_still)}" if open_still else begun


def _parts_of(refs: Sequence[str]) -> str:
    """``clauses rule and fee`` or ``act halt``, from refs of one enactment."""
    clause = "#" in refs[0]
    names = [ref.rpartition("#" if clause else "!")[2] for ref in refs]
    return f"{'clause' if clause else 'act'}{'s' if names[1:] else ''} {listed(names)}"


def _all(parts: Sequence[LawStatus]) -> str:
    """Every part with what answers it, so that the answers cannot be read as another's."""
    return parts[0].chain if len(parts) == 1 else listed([part.aside for part in parts])
