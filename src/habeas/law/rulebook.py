"""The rulebook: every enactment, place, order, question and calendar of one folder.

Loading reads text and finds every problem; :meth:`Rulebook.under` answers what the law says
under one reading. The artefact is the rulebook as one canonical JSON text, whose digest every
answer cites: from it the rulebook comes back without the folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import msgspec

from habeas.custody.setting import SettingFact
from habeas.kernel.calendars import Calendar
from habeas.kernel.identifiers import digest_of
from habeas.kernel.instants import (
    BEGINNING,
    FOREVER,
    CivilDate,
    Instant,
    Precision,
    UncertainInstant,
    When,
    parse_instant,
    start_of_day,
)
from habeas.kernel.places import Place, PlaceId, PlaceTree
from habeas.law import parsing, questions
from habeas.law.artefact import ARTEFACT_SCHEMA, Artefact, Readings, Text
from habeas.law.calendars import calendar_of
from habeas.law.checking import LimbTable
from habeas.law.compile import Compiled
from habeas.law.completeness import Completeness
from habeas.law.documents import Document, RulebookError, Tree
from habeas.law.enactments import Condition, Enactment, Provision, Question, Uncertain
from habeas.law.on_demand import OnDemand
from habeas.law.place_files import (
    Adoption,
    AdoptionFile,
    Complete,
    PlaceFile,
    SettingEntry,
    SettingFile,
)
from habeas.law.precedence import Order, PrecedenceOrder
from habeas.law.vocabulary import Vocabulary

if TYPE_CHECKING:
    from habeas.law.bearings import Bearing
    from habeas.law.formulas import Doubt
    from habeas.law.program import Program
    from habeas.law.rules import Rule


class Law:
    """The rulebook under one reading: dates are instants, every dispute has a side."""

    def __init__(self, rulebook: Rulebook, reading: Mapping[str, str]) -> None:
        self.rulebook = rulebook
        self.reading = dict(reading)
        self.enactments: Mapping[str, Enactment] = rulebook.enactments_under(self.reading)
        self.programs: dict[tuple[int, frozenset[tuple[Doubt, bool]] | None], Program] = {}
        """Its regimes compiled so far, each by the id of the regime that it keeps, and by the sides
        supposed of its doubts."""

    @cached_property
    def provisions(self) -> Mapping[str, Provision]:
        """Every provision by ``enactment#clause``."""
        return {
            f"{name}#{provision.id}": provision
            for name, enactment in self.enactments.items()
            for provision in enactment.provisions
        }

    @property
    def places(self) -> PlaceTree:
        """The tree of places."""
        return self.rulebook.places

    @property
    def vocabulary(self) -> Vocabulary:
        """The facts that conditions may name."""
        return self.rulebook.vocabulary

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """Dated holiday calendars by name."""
        return self.rulebook.calendars

    def order(self, place: PlaceId) -> Order:
        """The precedence order in a place."""
        return self.rulebook.order(place)

    def instant(self, date: str | Uncertain, place: str) -> When:
        """A date of a rulebook file as an instant in that place's zone."""
        return self.rulebook.instant(date, place)


class Rulebook:
    """A loaded rulebook; immutable, content-addressed."""

    def __init__(
        self, artefact: Artefact, documents: Mapping[str, Document], readings: Readings | None = None
    ) -> None:
        """Take plain trees; where they came from files the documents with lines, else what they come to.

        Raises:
            RulebookError: with every problem in every file.
        """
        self.artefact = artefact
        self._documents = documents
        self._laws: dict[tuple[tuple[str, str], ...], Law] = {}
        self._made: dict[tuple[str, tuple[tuple[str, str], ...]], Enactment] = {}
        self._instants: dict[tuple[str, str], Instant] = {}
        self._variants: dict[str, tuple[Enactment, ...]] = {}
        self._orders: dict[PlaceId, Order] = {}
        self._lineages: dict[PlaceId, tuple[PlaceId, ...]] = {}
        self.limbs: LimbTable = {}
        self.compiled: dict[tuple[int, str, str, str], tuple[Condition | None, Compiled]] = {}
        """Conditions already compiled, for :class:`habeas.law.program.Program`."""
        self.rules: WeakValueDictionary[tuple[object, ...], Rule] = WeakValueDictionary()
        self.bearings: WeakValueDictionary[tuple[object, ...], Bearing] = WeakValueDictionary()
        """Rules and bearings in use, one object for one content, for the same class."""
        self._provisions: dict[str, list[Provision]] = {}
        self.questions: Mapping[str, Question] = self._read_questions()
        self._turns_on = readings.turns_on if readings else questions.turned_on(artefact.enactments)
        self._stored = (
            {(text.name, text.turns): text.enactment for text in readings.texts} if readings else {}
        )

    @cached_property
    def canonical(self) -> bytes:
        """The rulebook as canonical JSON: sorted keys, UTF-8, one line; what the digest is of."""
        trees = {"schema": ARTEFACT_SCHEMA, **self.artefact.trees()}
        return msgspec.json.encode(trees, order="deterministic")

    def readings(self) -> Readings:
        """Every enactment under the defaults and each other alternative, without its tests."""
        for name in self.artefact.enactments:
            self.variants(name)
        texts = sorted(self._made.items(), key=lambda each: each[0])
        return Readings(
            turns_on=self._turns_on,
            texts=tuple(Text(*key, msgspec.structs.replace(made, tests=())) for key, made in texts),
        )

    @cached_property
    def digest(self) -> str:
        """``sha256:`` of the canonical text."""
        return digest_of(self.canonical)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The facts that conditions may name."""
        return Vocabulary.from_tree(self.artefact.vocabulary)

    @cached_property
    def place_files(self) -> Mapping[PlaceId, PlaceFile]:
        """What is said of each place."""
        return {
            PlaceId(name): self._convert(f"{name}/place", tree, PlaceFile)
            for name, tree in self.artefact.places.items()
        }

    @cached_property
    def places(self) -> PlaceTree:
        """The tree of places, with courts' territories."""
        territories: dict[str, frozenset[PlaceId]] = {}
        for file in self.place_files.values():
            for name, members in file.territories.items():
                territories[name] = frozenset(PlaceId(member) for member in members)
        nodes = [
            Place(name, file.name, file.kind, file.zone or None, file.fips or None, file.fictional)
            for name, file in self.place_files.items()
        ]
        return PlaceTree(nodes, territories)

    @cached_property
    def calendars(self) -> Mapping[str, Calendar]:
        """Dated holiday calendars by name; read one by one where their files are known to be right."""
        found = OnDemand(self.artefact.calendars, self._calendar)
        return dict(found) if self._documents else found

    def _calendar(self, name: str) -> Calendar:
        read = self._documents.get(f"calendars/{name}")
        return calendar_of(read or Document(f"{name}.yaml", self.artefact.calendars[name], {}))

    def order(self, place: PlaceId) -> Order:
        """The precedence order of a place, inherited down the tree."""
        if place not in self._orders:
            files = [
                self._convert(f"{name}/order", tree | {"place": name}, PrecedenceOrder)
                for name in self.lineage(place)
                if (tree := self.artefact.orders.get(name)) is not None
            ]
            self._orders[place] = Order(files)
        return self._orders[place]

    def under(self, reading: questions.Reading | None = None) -> Law:
        """The law under a reading; questions left out take their published default.

        Raises:
            UnknownReading: the reading names what the rulebook does not have.
        """
        complete = questions.complete(reading or {}, self.questions)
        key = tuple(sorted(complete.items()))
        if key not in self._laws:
            self._laws[key] = Law(self, complete)
        return self._laws[key]

    def variants(self, enactment: str) -> tuple[Enactment, ...]:
        """An enactment under the defaults, and under each other alternative it turns on."""
        if enactment not in self._variants:
            readings: list[questions.Reading] = [{}]
            for asked in self._turns_on[enactment]:
                readings += [{asked: each.id} for each in self.questions[asked].alternatives]
            found = [self.enactment_under(enactment, reading) for reading in readings]
            self._variants[enactment] = tuple({id(each): each for each in found}.values())
        return self._variants[enactment]

    def turns_on(self, enactment: str) -> tuple[str, ...]:
        """The questions on which an enactment's content turns."""
        return self._turns_on[enactment]

    def enactment_under(self, enactment: str, reading: questions.Reading) -> Enactment:
        """One enactment as it reads under a reading; questions left out take their published default.

        Raises:
            UnknownReading: the reading names what the rulebook does not have.
            RulebookError: with every problem in its file.
        """
        problems: list[Any] = []
        found = self._enactment(enactment, questions.complete(reading, self.questions), problems)
        if found is None:
            raise RulebookError(problems)
        return found

    def enactments_under(self, reading: Mapping[str, str]) -> dict[str, Enactment]:
        """Every enactment as it reads under one complete reading."""
        problems: list[Any] = []
        made = {
            name: enactment
            for name in self.artefact.enactments
            if (enactment := self._enactment(name, reading, problems)) is not None
        }
        if problems:
            raise RulebookError(problems)
        return made

    def instant(self, date: str | Uncertain, place: str) -> When:
        """A civil date, local time or uncertain date in a place's zone, as an instant.

        ``start`` is the beginning of time, for verbs that reach from the start.
        """
        if isinstance(date, Uncertain):
            earliest, latest = self._certain(date.earliest, place), self._certain(date.latest, place)
            key = f"law:{place}:{date.earliest}:{date.latest}"
            return UncertainInstant(earliest, latest, Precision.DAY, key)
        return self._certain(date, place)

    def complete_of(self, place: PlaceId, custodian: str | None, at: Instant) -> tuple[int, frozenset[str]]:
        """How many of a place's edges of completeness are past, and the subjects it is complete of."""
        return self._completeness.of(place, custodian, at)

    def complete_edges(self, place: PlaceId) -> frozenset[Instant]:
        """The instants at which a place's rulebook begins or ceases to be complete of something."""
        return self._completeness.edges(place)

    def lineage(self, place: PlaceId) -> tuple[PlaceId, ...]:
        """A place and all it lies in, nearest first."""
        if place not in self._lineages:
            self._lineages[place] = place, *(each.id for each in self.places.ancestors(place))
        return self._lineages[place]

    @cached_property
    def _completeness(self) -> Completeness:
        return Completeness(
            {
                name: [entry for place in self.lineage(name) for entry in self._complete_at(place)]
                for name in self.place_files
            }
        )

    def _complete_at(self, place: PlaceId) -> Iterator[tuple[Complete, Instant, Instant]]:
        for entry in self.place_files[place].complete:
            until = self._certain(entry.until, place) if entry.until else FOREVER
            yield entry, self._certain(entry.begins, place), until

    def adopted(self, place: PlaceId, at: Instant, known_at: Instant) -> dict[str, Adoption]:
        """Question -> the adoption in force for a place, its own before that of a place above."""
        found: dict[str, Adoption] = {}
        for where in self.lineage(place):
            for entry in self._adoptions.get(where, ()):
                begun = self._certain(entry.begins, where) <= at
                over = bool(entry.until) and self._certain(entry.until, where) <= at
                if begun and not over and self._certain(entry.known, where) <= known_at:
                    found.setdefault(entry.question, entry)
        return found

    @cached_property
    def _adoptions(self) -> dict[PlaceId, tuple[Adoption, ...]]:
        made: dict[PlaceId, tuple[Adoption, ...]] = {}
        for name, tree in self.artefact.adoptions.items():
            entries = self._convert(f"{name}/adoptions", tree, AdoptionFile).adoptions
            for entry in entries:
                questions.complete({entry.question: entry.alternative}, self.questions)
            made[PlaceId(name)] = tuple(reversed(entries))
        return made

    def setting_facts(self) -> tuple[SettingFact, ...]:
        """The dated facts about places that ``setting.yaml`` files state."""
        return tuple(
            self._setting_fact(place, entry)
            for place, tree in self.artefact.settings.items()
            for entry in self._convert(f"{place}/setting", tree, SettingFile).entries
        )

    def _setting_fact(self, place: str, entry: SettingEntry) -> SettingFact:
        value: bool | int | str = entry.value
        if entry.value in {"true", "false"}:
            value = entry.value == "true"
        elif entry.value.isdigit():
            value = int(entry.value)
        return SettingFact(
            fact=entry.fact,
            place=PlaceId(place),
            value=value,
            starts_at=self._certain(entry.begins, place),
            ends_at=self._certain(entry.until, place) if entry.until else FOREVER,
            known_at=self._certain(entry.known, place),
            cite=entry.cite,
        )

    def _certain(self, text: str, place: str) -> Instant:
        if (text, place) not in self._instants:
            self._instants[text, place] = self._read_instant(text, place)
        return self._instants[text, place]

    def _read_instant(self, text: str, place: str) -> Instant:
        if text == "start":
            return BEGINNING
        where = self.places.zone_of(PlaceId(place))
        if len(text) == len("2017-01-26"):
            return start_of_day(CivilDate.fromisoformat(text), where)
        return parse_instant(text, where)

    def _enactment(self, name: str, reading: Mapping[str, str], problems: list[Any]) -> Enactment | None:
        turns = tuple((asked, reading[asked]) for asked in self._turns_on[name])
        if (name, turns) in self._made:
            return self._made[name, turns]
        found = self._stored.get((name, turns)) or self._read_enactment(name, reading, problems)
        if found is not None:
            found = self._made[name, turns] = self._sharing(found) if turns else found
        return found

    def _sharing(self, enactment: Enactment) -> Enactment:
        """The enactment with every provision that reads as under another reading made one object."""
        shared: list[Provision] = []
        for provision in enactment.provisions:
            alike = self._provisions.setdefault(f"{enactment.id}#{provision.id}", [])
            if provision not in alike:
                alike.append(provision)
            shared.append(alike[alike.index(provision)])
        return msgspec.structs.replace(enactment, provisions=tuple(shared))

    def _read_enactment(self, name: str, reading: Mapping[str, str], problems: list[Any]) -> Enactment | None:
        tree = questions.choose(self.artefact.enactments[name], reading)
        document = self._documents.get(name) or Document(f"{name}.yaml", {}, {})
        place = name.rpartition("/")[0]
        assert isinstance(tree, dict)
        made, found = parsing.enactment(document, tree, id=name, place=place)
        problems.extend(found)
        return None if made is None else questions.under(made, reading)

    def _read_questions(self) -> dict[str, Question]:
        read: dict[str, Question] = {}
        problems: list[Any] = []
        for name, tree in sorted(self.artefact.questions.items()):
            document = self._documents.get(f"question:{name}") or Document(name, {}, {})
            place = str(tree.get("place", ""))
            made, found = parsing.question(document, tree, ("questions",), place)
            problems.extend(found)
            if made is not None:
                read[name] = made
        if problems:
            raise RulebookError(problems)
        return read

    def _convert(self, name: str, tree: dict[str, Tree], kind: type[Any]) -> Any:
        problems: list[Any] = []
        document = self._documents.get(name) or Document(f"{name}.yaml", {}, {})
        made = parsing.converted(document, tree, (), kind, problems)
        if problems:
            raise RulebookError(problems)
        return made
