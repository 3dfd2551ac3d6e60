"""What is said of an answer, in English and Spanish, from one catalogue: page and statement say the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from habeas.authority.answer import Answer
from habeas.authority.findings import Because, SubjectKey, Verdict
from habeas.kernel.instants import FOREVER, Instant, zoned
from habeas.report.axis import length_text

Language: TypeAlias = Literal["en", "es"]

_CATALOGUE: Final[Mapping[str, Mapping[Language, str]]] = {
    "title": {
        "en": "Why you are held, and until when",
        "es": "Por qué está usted detenido y hasta cuándo",
    },
    "asked": {
        "en": "This is what the record and the law say at {at}.",
        "es": "Esto es lo que dicen el expediente y la ley el {at}.",
    },
    "held-until": {
        "en": "The jail may hold you until {until}, as things stand.",
        "es": "La cárcel puede retenerle hasta el {until}, tal como están las cosas.",
    },
    "held-open": {
        "en": "The jail may hold you. No end is set yet.",
        "es": "La cárcel puede retenerle. Todavía no hay una fecha de salida.",
    },
    "none": {
        "en": "Nothing in the record gives the jail the right to hold you now. It has been so since {since}.",
        "es": "Nada en el expediente da a la cárcel el derecho de retenerle ahora. Es así desde el {since}.",
    },
    "contested": {
        "en": "Laws disagree about whether the jail may hold you. Nobody here may decide it alone.",
        "es": "Las leyes no coinciden sobre si la cárcel puede retenerle. Nadie aquí puede decidirlo solo.",
    },
    "missing": {
        "en": "Whether the jail may hold you is not known: something is missing from the record.",
        "es": "No se sabe si la cárcel puede retenerle: falta algo en el expediente.",
    },
    "free": {
        "en": "The record says that nobody holds you.",
        "es": "El expediente dice que nadie le retiene.",
    },
    "because": {"en": "You are held because of:", "es": "Se le retiene por:"},
    "basis-charge": {
        "en": "charge {id} [{cite}]",
        "es": "el cargo {id} [{cite}]",
    },
    "basis-booking": {
        "en": "the arrest in booking {id} [{cite}]",
        "es": "el arresto del registro {id} [{cite}]",
    },
    "basis-instrument": {
        "en": "paper {id} [{cite}]",
        "es": "el documento {id} [{cite}]",
    },
    "basis-person": {"en": "a rule about you [{cite}]", "es": "una norma sobre usted [{cite}]"},
    "no-force": {
        "en": "Paper {id} does not give the jail the right to hold you.",
        "es": "El documento {id} no da a la cárcel el derecho de retenerle.",
    },
    "judge": {
        "en": "By {due} this has to be done about you: {what} [{cite}].",
        "es": "Antes del {due} debe hacerse esto en su caso: {what} [{cite}].",
    },
    "move": {
        "en": "This can change if a court orders it, if bail is paid, if a charge ends, or if a new paper"
        " comes.",
        "es": "Esto puede cambiar si un tribunal lo ordena, si se paga la fianza, si termina un cargo"
        " o si llega un documento nuevo.",
    },
    "wrong": {
        "en": "If this is wrong, say so to any officer or to your lawyer. You get a number, and an answer"
        " is due within one day.",
        "es": "Si algo es incorrecto, dígalo a cualquier oficial o a su abogado. Recibirá un número, y la"
        " respuesta debe llegar en un día.",
    },
    "lawyer": {
        "en": "This is a calculation from the record, not legal advice. Show it to your lawyer.",
        "es": "Esto es un cálculo hecho con el expediente, no es consejo legal. Muéstrelo a su abogado.",
    },
}

_DAYS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_MONTHS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "es": (
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
}
_EFFECTS: Final[Mapping[str, str]] = {
    "must-present-by": "presentarle ante un juez",
    "must-release-by": "dejarle en libertad",
    "must-notify": "dar aviso",
    "must-try-by": "comenzar el juicio",
    "may-transfer": "trasladarle",
}
"""What duties ask, in Spanish; the law's own words are English and stay so beside it."""

KEYS: Final = frozenset(_CATALOGUE)


def said(key: str, language: Language, **parts: str) -> str:
    """A sentence of the catalogue."""
    return _CATALOGUE[key][language].format(**parts)


def dated(at: Instant, zone: ZoneInfo, language: Language) -> str:
    """An instant as a person reads it, with the zone's offset."""
    if at >= FOREVER:
        return "-"
    moment = zoned(at, zone)
    day, month = _DAYS[language][moment.weekday()], _MONTHS[language][moment.month - 1]
    offset = moment.strftime("%z")
    clock = f"{moment:%H:%M} (UTC{offset[:3]}:{offset[3:5]})"
    if language == "es":
        return f"{day} {moment.day} de {month} de {moment.year} a las {clock}"
    return f"{day}, {month} {moment.day}, {moment.year}, {clock}"


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in words for whoever works at the desk."""

    headline: str
    detail: str
    look: str
    """How it is drawn: ``held``, ``none``, ``open``, ``unknown`` or ``free``."""
    sign: str


def told(answer: Answer, zone: ZoneInfo, called: Callable[[SubjectKey], str] = " ".join) -> Told:
    """The answer in words first: may this person be held, on how much, until when."""
    match answer.verdict:
        case Verdict.LAWFUL:
            papers = sorted({called(each.subject) for each in answer.bases})
            must = any(each.strength.value == "must-hold" for each in answer.bases)
            end = until(answer, zone)
            return Told(f"{'Must' if must else 'May'} be held {end}", f"On {_listed(papers)}.", "held", "✓")
        case Verdict.UNLAWFUL:
            since = min(
                (e.interval.start for e in answer.over_detention if e.interval.covers(answer.effective_at)),
                default=answer.effective_at,
            )
            length = length_text(answer.effective_at - since)
            return Told(
                "No authority: must be released",
                f"Nothing supports custody since {dated(since, zone, 'en')}: {length}.",
                "none",
                "✕",
            )
        case Verdict.UNDETERMINED if answer.because is Because.CONTESTED:
            detail = "Laws in force disagree, and nothing decides between them. It is not LAWFUL."
            return Told("Contested", detail, "open", "◐")
        case Verdict.UNDETERMINED:
            missing = [each.says.rstrip(".") for each in answer.unknown[:3]]
            detail = f"Missing: {_listed(missing)}." if missing else "A fact or a text is missing."
            return Told("Not known", f"{detail} It is not LAWFUL.", "unknown", "?")
        case _:
            return Told("Not in custody", "Nobody holds this person at that instant.", "free", "○")


def until(answer: Answer, zone: ZoneInfo) -> str:
    """Until when custody is supported, as the end of a sentence."""
    if answer.latest_lawful is None:
        return ""
    if answer.latest_lawful >= FOREVER:
        return "with no end set"
    return f"until {dated(answer.latest_lawful, zone, 'en')}"


def statement(answer: Answer, zone: ZoneInfo, language: Language, own: str = "") -> Iterator[str]:
    """The statement for the person held: the same answer as the desk's, in plain words.

    Args:
        answer: What is said.
        zone: In which times are told.
        language: Of the statement.
        own: What begins the ids of the person's papers, and is left out.
    """
    yield said("asked", language, at=dated(answer.effective_at, zone, language))
    yield _verdict(answer, zone, language)
    if answer.bases:
        parts = [
            said(f"basis-{each.subject[0]}", language, id=each.subject[1].removeprefix(own), cite=each.cite)
            for each in answer.bases
        ]
        yield f"{said('because', language)} {'; '.join(dict.fromkeys(parts))}."
    for paper in answer.no_force:
        yield said("no-force", language, id=paper.subject[1].removeprefix(own))
    for duty in answer.duties:
        if duty.state.value == "due" and isinstance(duty.due_at, int) and duty.due_at < FOREVER:
            english = duty.says or duty.effect.value.replace("-", " ")
            what = english if language == "en" else _EFFECTS.get(duty.effect.value, english)
            due = dated(Instant(duty.due_at), zone, language)
            yield said("judge", language, due=due, what=what.rstrip("."), cite=duty.cite)
    yield said("move", language)
    yield said("wrong", language)
    yield said("lawyer", language)


def _verdict(answer: Answer, zone: ZoneInfo, language: Language) -> str:
    match answer.verdict:
        case Verdict.LAWFUL if answer.latest_lawful is None or answer.latest_lawful >= FOREVER:
            return said("held-open", language)
        case Verdict.LAWFUL:
            assert answer.latest_lawful is not None, "else the case before"
            return said("held-until", language, until=dated(answer.latest_lawful, zone, language))
        case Verdict.UNLAWFUL:
            covering = (
                e.interval.start for e in answer.over_detention if e.interval.covers(answer.effective_at)
            )
            since = min(covering, default=answer.effective_at)
            return said("none", language, since=dated(since, zone, language))
        case Verdict.UNDETERMINED:
            return said("contested" if answer.because is Because.CONTESTED else "missing", language)
        case _:
            return said("free", language)


def parts_of(key: str, language: Language) -> frozenset[str]:
    """The names of what is put into a sentence, which have to be the same in every language."""
    return frozenset(re.findall(r"\{(\w+)\}", _CATALOGUE[key][language]))


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else "nothing"
