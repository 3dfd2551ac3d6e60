"""`habeas doctor`: what an answer depends on here, and whether all of it is well."""

from __future__ import annotations

import os
from pathlib import Path

import click

from habeas.cli.options import Output, output_options
from habeas.desk.examination import Part, examination
from habeas.wire.canonical import encoded
from habeas.wire.doctor import DoctorDocument, PartForm

FAULTY = 3


@click.command()
@output_options("text", "json")
def doctor(out: Output) -> None:
    """Every setting and where it came from, the rulebook's digest, zone data and extras.

    Exit 3 if something is wrong; each fault says what to do.
    """
    parts = list(examination(os.environ, Path.cwd()))
    if out.form == "json":
        forms = [
            PartForm(name=part.name, value=part.value, origin=part.origin, fault=part.fault) for part in parts
        ]
        out.deliver(encoded(DoctorDocument(parts=forms)))
    else:
        out.deliver("\n".join(_line(part) for part in parts) + "\n")
    out.leave(FAULTY if any(part.fault for part in parts) else 0)


def _line(part: Part) -> str:
    origin = f" ({part.origin})" if part.origin else ""
    fault = f"\n    FAULT: {part.fault}" if part.fault else ""
    return f"{part.name:<20} {part.value}{origin}{fault}"
