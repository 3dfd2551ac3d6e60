"""Tables of law read as a lawyer writes them, asked of the engine, and compared.

A case is a person's events, one a line, and questions with the expected answer and a citation
for the expectation. The same shape serves the ``tests:`` of an enactment file and the golden
cases of the test suite; :func:`run` never changes an expectation, it reports the difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from zoneinfo import ZoneInfo

from habeas.authority.answer import Findings, as_adopted
from habeas.authority.findings import Verdict
from habeas.authority.inquiry import Inquiry, Regimen, fact_kinds
from habeas.authority.readings import spread
from habeas.custody.coverage import EVERYTHING, Coverage
from habeas.custody.events import EVENTS, CustodyEffect, Event, Ref
from habeas.custody.facts import Collection, FactKind, Term
from habeas.custody.record import CustodyRecord, fold
from habeas.custody.setting import SettingFact
from habeas.kernel.evidence import NotKnown
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import (
    FOREVER,
    Instant,
    When,
    earliest_of,
    format_instant,
    parse_instant,
    parse_when,
)
from habeas.kernel.places import EVERYWHERE, PlaceId
from habeas.law.documents import Tree
from habeas.law.formulas import evaluate
from habeas.law.questions import Reading

_KNOWN = frozenset({"known", "facts_known", "law_known"})
_LASTING = frozenset({"at", "readings", "verdict", "because", "bases", "no_force", "cite"})
"""What a story's later events do not change; they do change how long custody may last."""
_SHOWN = {True: "true", False: "false", None: "unknown"}
_LINE_KEYS = frozenset({"at", "event", "known", "booking", "charge", "instrument", "place", "custodian"})
_HOLDS = frozenset({CustodyEffect.BEGINS, CustodyEffect.MOVES, CustodyEffect.DELIVERS})
_MOST_PARTICULAR: tuple[Collection, ...] = ("instrument", "charge", "booking")
_NOT_KNOWN = {f"?{kind.name.lower()}": kind for kind in NotKnown}


class UnreadableCase(ValueError):
    """A case that does not have the shape of one; says which part and what was expected."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One expectation that the engine does not meet."""

    case: str
    ask: str
    expected: str
    found: str
    cite: str

    def __str__(self) -> str:
        cite = f" [{self.cite}]" if self.cite else ""
        return f"{self.case}, {self.ask}: expected {self.expected}, found {self.found}{cite}"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a case, ready to be put."""

    case: str
    at: Instant
    facts_known_at: Instant
    law_known_at: Instant
    reading: Reading | None
    """None asks every reading."""
    expects: Mapping[str, Tree]
    hindsight: bool = False
    """Whether it is asked a second time, all that the story tells being known."""

    @property
    def label(self) -> str:
        """How a report names the question."""
        shown = [str(self.expects["at"])]
        asked = [key for key in ("known", "facts_known", "law_known") if key in self.expects]
        shown += [f"{key} {self.expects[key]}" for key in asked]
        readings = self.expects.get("readings")
        if isinstance(readings, dict):
            shown += [f"{question}={chosen}" for question, chosen in readings.items()]
        elif readings:
            shown.append(f"readings {readings}")
        if self.hindsight:
            shown.append("with hindsight")
        return ", ".join(shown)


class Trial:
    """One case of a table: its events, setting and questions."""

    def __init__(self, tree: Mapping[str, Tree], defaults: Mapping[str, Tree], regimen: Regimen) -> None:
        self._tree = {**defaults, **tree}
        self.regimen = regimen
        self.name = str(self._tree.get("name", "unnamed"))
        self.place = PlaceId(str(self._tree["place"]))
        self.zone: ZoneInfo = regimen.rulebook.places.zone_of(self.place)
        self._kinds = fact_kinds(regimen.rulebook.vocabulary)
        self.events = tuple(self._events())
        self.coverage = tuple(self._coverage())
        self.setting = regimen.setting().and_(self._setting())
        self._record = lru_cache(maxsize=16)(self._fold)

    @property
    def doubt(self) -> str:
        """What the author of the expectation doubts, where they do."""
        return str(self._tree.get("doubt", ""))

    def asks(self) -> Iterator[Asked]:
        """The questions about the person, in order."""
        for line in _sequence(self._tree.get("ask", []), "ask"):
            at = parse_instant(str(line["at"]), self.zone)
            known = str(line.get("known", line["at"]))
            readings = line.get("readings", {})
            asked = Asked(
                case=self.name,
                at=at,
                facts_known_at=parse_instant(str(line.get("facts_known", known)), self.zone),
                law_known_at=parse_instant(str(line.get("law_known", known)), self.zone),
                reading=None if readings == "all" else _reading(readings),
                expects=line,
            )
            yield asked
            if self._tree.get("hindsight") == "same" and not _KNOWN & set(line):
                yield self._in_hindsight(asked)

    def _in_hindsight(self, asked: Asked) -> Asked:
        """The same question with every fact of the story known: what came later changes no answer."""
        expects = {key: value for key, value in asked.expects.items() if key in _LASTING}
        last = max((event.known_at for event in self.events), default=asked.at)
        return replace(asked, expects=expects, facts_known_at=max(asked.at, last), hindsight=True)

    def inquiry(self, asked: Asked) -> Inquiry:
        """The inquiry of a question, under its reading, what was adopted, or published defaults."""
        record = self._record(asked.facts_known_at)
        made = Inquiry(record, self.setting, self.regimen, asked.law_known_at, asked.reading or {})
        return made if asked.reading is None else as_adopted(made, asked.at)

    def run(self) -> Iterator[Difference]:
        """Every expectation that is not met."""
        for line in self.law_lines():
            yield from self.law_differences(line)
        for asked in self.asks():
            yield from self.differences(asked)

    def on(self, regimen: Regimen) -> Trial:
        """The same case put to another rulebook, such as one with something wrong in it."""
        other = copy(self)
        other.regimen = regimen
        return other

    def differences(self, asked: Asked, inquiry: Inquiry | None = None) -> Iterator[Difference]:
        """Every expectation of one question that is not met; by default of its own inquiry."""
        inquiry = inquiry or self.inquiry(asked)
        found = Findings(inquiry, asked.at)
        for part, expected, shown in self._compared(inquiry, asked, found):
            if shown != expected:
                cite = str(asked.expects.get("cite", ""))
                yield Difference(self.name, asked.label, f"{part} {expected}", f"{part} {shown}", cite)

    def law_lines(self) -> Sequence[Mapping[str, Tree]]:
        """The lines that ask of the law itself whether an enactment, clause or act is in force."""
        return _sequence(self._tree.get("law", []), "law")

    def law_differences(self, line: Mapping[str, Tree]) -> Iterator[Difference]:
        """The difference of one such line, if there is one."""
        at = parse_instant(str(line["at"]), self.zone)
        known = parse_instant(str(line.get("known", line["at"])), self.zone)
        place = PlaceId(str(line.get("place", self.place)))
        custodian = str(line.get("custodian", self._tree.get("custodian", "county-jail")))
        _, regimes = self.regimen.under(_reading(line.get("readings", {})))
        formula = regimes.at(place, custodian, at, known).in_force(str(line["of"]))
        found = _SHOWN[evaluate(formula, lambda _: None)]
        if found != line["in_force"]:
            ask = f"{line['of']} at {line['at']}, known {line.get('known', line['at'])}"
            cite = str(line.get("cite", ""))
            expected = f"in force {line['in_force']}"
            yield Difference(self.name, ask, expected, f"in force {found}", cite)

    def _compared(self, inquiry: Inquiry, asked: Asked, found: Findings) -> Iterator[tuple[str, str, str]]:
        expects = asked.expects
        verdict, because = found.verdict, found.because
        if asked.reading is None:
            spreading = spread(inquiry, asked.at)
            verdict = spreading.verdict
            if len(set(spreading.verdicts.values())) > 1:
                because = None
        if "verdict" in expects:
            yield "verdict", str(expects["verdict"]), str(verdict)
        if "because" in expects and verdict is Verdict.UNDETERMINED:
            yield "because", str(expects["because"]), str(because) if because else "contested"
        if asked.reading is None and verdict is Verdict.UNDETERMINED and because is None:
            return
        yield from self._parts(expects, found)

    def _parts(self, expects: Mapping[str, Tree], found: Findings) -> Iterator[tuple[str, str, str]]:
        if "bases" in expects:
            held = sorted({basis.subject[1] for basis in found.bases})
            yield "bases", _listed(expects["bases"]), ", ".join(held)
        if "until" in expects:
            shown = found.latest_lawful
            text = "never" if shown is None else self._shown(shown)
            yield "until", self._shown(parse_instant(str(expects["until"]), self.zone)), text
        for paper, reason in _mapping(expects.get("no_force")).items():
            reasons = [str(n.reason) for n in found.no_force if n.subject[1] == paper]
            yield f"no force of {paper}", str(reason), ", ".join(reasons) or "none reported"
        for fact in _names(expects.get("unknown")):
            names = {f"{u.atom[0]}.{u.atom[2]}" for u in found.unknown}
            yield "unknown", fact, fact if fact in names else ", ".join(sorted(names)) or "nothing"
        for question in _names(expects.get("sensitive_to")):
            asked = {each.question for each in found.sensitive_to}
            shown_questions = ", ".join(sorted(asked)) or "nothing"
            yield "sensitive to", question, question if question in asked else shown_questions
        for refused in _refused(expects.get("no_duty")):
            named = self._duty_expected(refused).removeprefix("what ")
            is_there = self._duty_found(refused, found) == self._duty_expected(refused)
            yield "no duty", named, "one is reported" if is_there else named
        duties = [expects["duty"]] if "duty" in expects else expects.get("duties", [])
        for duty in _sequence(duties, "duties"):
            yield "duty", self._duty_expected(duty), self._duty_found(duty, found)

    def _duty_expected(self, duty: Mapping[str, Tree]) -> str:
        return ", ".join(f"{key} {self._due(key, value)}" for key, value in duty.items())

    def _duty_found(self, expected: Mapping[str, Tree], found: Findings) -> str:
        """The reported duty nearest to the expected one, in the same words."""
        shown: list[str] = []
        for duty in found.duties:
            values: dict[str, str] = {
                "what": str(duty.effect),
                "by": "none" if duty.due_at is None else self._shown(earliest_of(duty.due_at)),
                "state": str(duty.state),
                "bearer": str(duty.bearer),
                "consequence": str(duty.consequence),
                "not_before": "true" if duty.not_before else "false",
            }
            shown.append(", ".join(f"{key} {values.get(key, '')}" for key in expected))
        wanted = self._duty_expected(expected)
        return wanted if wanted in shown else "; ".join(shown) or "none reported"

    def _due(self, key: str, value: Tree) -> str:
        return self._shown(parse_instant(str(value), self.zone)) if key == "by" else str(value)

    def _shown(self, instant: Instant) -> str:
        return "open" if instant >= FOREVER else format_instant(instant, self.zone)

    def _fold(self, known_at: Instant) -> CustodyRecord:
        return fold(
            self.events,
            known_at=known_at,
            coverage=self.coverage,
            person=PersonId(self.name),
            kinds=self._kinds,
        )

    def _events(self) -> Iterator[Event]:
        for number, line in enumerate(_sequence(self._tree.get("events", []), "events"), 1):
            yield self._event(number, line)

    def _event(self, number: int, line: Mapping[str, Tree]) -> Event:
        name = str(line.get("event"))
        kind = EVENTS.get(name)
        if kind is None:
            known = ", ".join(sorted(EVENTS))
            raise UnreadableCase(f"{self.name}: expected an event ({known}), found [{name}]")
        at = parse_when(str(line["at"]), self.zone, f"{self.name}:{number}")
        about = self._about(line)
        terms: dict[str, Term] = {
            key: self._term(about.collection if about else kind.collection, key, value)
            for key, value in line.items()
            if key not in _LINE_KEYS
        }
        terms |= self._links(line, about)
        if kind.effect in _HOLDS:
            to = "to_" if kind.effect is CustodyEffect.DELIVERS else ""
            custodian = line.get("custodian", self._tree.get("custodian", "county-jail"))
            terms[f"{to or 'custodian_'}kind"] = str(custodian)
            terms[f"{to}place"] = str(line.get("place", self.place))
        recorded = line.get("known")
        known_at = parse_instant(str(recorded), self.zone) if recorded else earliest_of(at)
        return kind(
            id=EventId(f"{number}"),
            person=PersonId(self.name),
            at=at,
            known_at=known_at,
            about=about,
            terms=terms,
        )

    def _about(self, line: Mapping[str, Tree]) -> Ref | None:
        """What the line is about: of several rows named, the most particular."""
        for collection in _MOST_PARTICULAR:
            if collection in line:
                return Ref(collection, str(line[collection]))
        return None

    def _links(self, line: Mapping[str, Tree], about: Ref | None) -> dict[str, Term]:
        return {
            key: str(line[key])
            for key in ("booking", "charge", "instrument")
            if key in line and (about is None or about.collection != key)
        }

    def _term(self, collection: str, name: str, value: Tree) -> Term:
        if isinstance(value, str) and value.lower() in _NOT_KNOWN:
            return _NOT_KNOWN[value.lower()]
        kind = self._kinds.get(f"{collection}.{name}", FactKind.CODE)
        if isinstance(value, list):
            return frozenset(str(each) for each in value)
        text = str(value)
        match kind:
            case FactKind.BOOL:
                return text == "true"
            case FactKind.NUMBER:
                return int(text)
            case FactKind.INSTANT:
                return parse_when(text, self.zone, f"{self.name}:{name}")
            case FactKind.SET:
                return frozenset({text})
            case FactKind.CODE:
                return text

    def _coverage(self) -> Iterator[Coverage]:
        declared = self._tree.get("complete", [])
        facts = EVERYTHING if declared == "everything" else frozenset(_names(declared))
        if facts:
            yield Coverage(facts=facts, places=frozenset({EVERYWHERE}))

    def _setting(self) -> Iterator[SettingFact]:
        for line in _sequence(self._tree.get("setting", []), "setting"):
            ends = line.get("until")
            yield SettingFact(
                fact=str(line["fact"]),
                place=PlaceId(str(line.get("place", self.place))),
                value=setting_value(str(line["value"])),
                starts_at=self._certain(str(line["from"])),
                ends_at=self._certain(str(ends)) if ends else FOREVER,
                known_at=self._certain(str(line["known"])),
                cite=str(line.get("cite", "")),
            )

    def _certain(self, text: str) -> Instant:
        when: When = parse_when(text, self.zone, "setting")
        return earliest_of(when)


def setting_value(text: str) -> bool | int | str:
    """A setting's value: ``true``, ``false``, a whole number, or a code."""
    if text in {"true", "false"}:
        return text == "true"
    return int(text) if text.lstrip("-").isdigit() else text


def trials(tree: Mapping[str, Tree], regimen: Regimen) -> Iterator[Trial]:
    """The cases of a table."""
    defaults = {key: tree[key] for key in ("place", "custodian", "complete", "setting") if key in tree}
    for case in _sequence(tree.get("cases"), "cases"):
        yield Trial(case, defaults, regimen)


def _reading(tree: Tree) -> Reading:
    return {asked: str(chosen) for asked, chosen in _mapping(tree).items()}


def _sequence(tree: Tree | None, what: str) -> Sequence[dict[str, Tree]]:
    if not isinstance(tree, list):
        raise UnreadableCase(f"expected a list under [{what}], found [{tree}]")
    return [each for each in tree if isinstance(each, dict)]


def _mapping(tree: Tree | None) -> Mapping[str, Tree]:
    return tree if isinstance(tree, dict) else {}


def _names(tree: Tree | None) -> tuple[str, ...]:
    if tree is None or tree == "":
        return ()
    return tuple(str(each) for each in tree) if isinstance(tree, list) else (str(tree),)


def _refused(tree: Tree | None) -> Iterator[Mapping[str, Tree]]:
    """Duties that may not be reported: effects, or what tells one from others of its effect."""
    for each in tree if isinstance(tree, list) else [tree] if tree else []:
        yield each if isinstance(each, dict) else {"what": each}


def _listed(tree: Tree) -> str:
    return ", ".join(sorted(_names(tree)))
