"""What the gate of `habeas law test` measured, as lines and as a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from habeas.authority.gate import GateReport
from habeas.authority.gate_limbs import Limb
from habeas.wire.law_forms import GateForm, PlaceMutantsForm


def gate_form(report: GateReport) -> GateForm:
    """A report of the gate as a document."""
    every = Counter(fate.mutant.place for fate in report.fates)
    noticed = Counter(fate.mutant.place for fate in report.fates if fate.noticed_by)
    annotated = Counter(fate.mutant.place for fate in report.annotated)
    return GateForm(
        passes=report.passes,
        places=[
            PlaceMutantsForm(place=place, mutants=count, noticed=noticed[place], annotated=annotated[place])
            for place, count in sorted(every.items())
        ],
        survivors=[f"{fate.mutant.ref} {fate.mutant.says}" for fate in report.survivors],
        unheard=len(report.unheard),
        unused=list(report.unused),
        limbs=len(report.limbs),
        untested_limbs=[_limb(limb) for limb in report.limbs if not limb.is_covered],
        edges=len(report.edges),
        untested_edges=[f"{edge.ref} {edge.says}" for edge in report.edges if not edge.is_tested],
        cells=report.cells,
        contested=[str(cell) for cell in report.contested],
    )


def gate_lines(form: GateForm) -> Iterator[str]:
    """The same in a terminal: figures first, then what is wanting."""
    width = max((len(each.place) for each in form.places), default=5)
    yield f"{'gate':<{width}}  mutants  noticed  annotated"
    for each in form.places:
        yield f"{each.place:<{width}}  {each.mutants:7}  {each.noticed:7}  {each.annotated:9}"
    total, noticed = (sum(getattr(each, name) for each in form.places) for name in ("mutants", "noticed"))
    annotated = sum(each.annotated for each in form.places)
    yield f"{'all':<{width}}  {total:7}  {noticed:7}  {annotated:9}"
    yield f"limbs decided both ways: {form.limbs - len(form.untested_limbs)} of {form.limbs}"
    yield f"edges asked on both sides: {form.edges - len(form.untested_edges)} of {form.edges}"
    yield f"cells asked: {form.cells}; contested with no question and no owner: {len(form.contested)}"
    yield f"mutants of clauses that no answer reports, left out: {form.unheard}"
    yield from _listed("survives", form.survivors)
    yield from _listed("limb", form.untested_limbs)
    yield from _listed("edge", form.untested_edges)
    yield from _listed("contested", form.contested)
    yield from _listed("annotation of no survivor", form.unused)
    yield f"the gate {'passes' if form.passes else 'does not pass'}"


def _limb(limb: Limb) -> str:
    wanting = [
        side for side, shown in (("true", limb.decided_true), ("false", limb.decided_false)) if not shown
    ]
    return f"{limb.ref} {limb.path}: [{limb.text}] never decides {' nor '.join(wanting)}"


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield from (f"  {title}: {line}" for line in lines)
