"""`habeas demo`: the founding story with its proofs, and audits of real and of invented records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from habeas.authority.inquiry import Regimen
from habeas.cli.asking import regimen_of
from habeas.cli.audit_text import audit_lines
from habeas.cli.options import Output, instant_from, output_options, rulebook_option
from habeas.desk.audit import AuditRequest, audit
from habeas.desk.audit_report import AuditReport
from habeas.desk.clock import now
from habeas.desk.inventing import EVENTS_FILE, ZONE_NAME, invent
from habeas.desk.whole_files import write_whole
from habeas.intake.recipes import bundled, bundled_paths
from habeas.invented.population import Population
from habeas.kernel.instants import Instant, format_instant, latest_of, zone
from habeas.law.rulebook import Rulebook

WHERE = Path("demo") / "habeas-demo.html"
FIRST = "2024-01-01 00:00"
"""From when people are invented, local to the fictional state."""


@click.command()
@click.option("--serve", "serves", is_flag=True, help="Open the release desk on invented people instead.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="With --serve.")
@rulebook_option
@output_options("html")
def demo(*, serves: bool, port: int, folder: Path | None, out: Output) -> None:
    """Write the demonstration as one HTML file; its path is printed last.

    It needs no file from outside habeas and no network, and is the same bytes for the same rulebook.
    """
    from habeas.report.demo import demo_page

    regimen = regimen_of(folder)
    if serves:
        _serve(regimen, folder, port)
        return
    target = out.output or WHERE
    target.parent.mkdir(parents=True, exist_ok=True)
    audits = [*_recorded(regimen, out), _invented(regimen, target.parent / "invented", out)]
    out.note("telling the founding story")
    write_whole(target, demo_page(regimen, audits).encode())
    for report in audits:
        click.echo("\n".join(audit_lines(report)) + "\n")
    click.echo(target)
    codes = {report.exit_code for report in audits}
    out.leave(next((code for code in (1, 6, 5) if code in codes), 0))


def _serve(regimen: Regimen, folder: Path | None, port: int) -> None:
    """The release desk on a ledger of invented people that is made here and now, and stays."""
    from habeas.cli.asking import sources_of
    from habeas.cli.serve import needs_extra, run
    from habeas.desk.demonstration import stage

    needs_extra()
    at = now()
    # The real hour is in its name: what is invented is invented up to now.
    path = WHERE.parent / f"desk-{format_instant(at, zone('UTC'))[:16].translate(_NAMED)}"
    staged = stage(path, regimen, at)
    click.echo(f"{staged.people} invented people in {path}; nobody in it is real")
    for name, (role, password) in staged.passwords.items():
        click.echo(f"  {name:<6} {password}  {role}")
    rulebook, cache = sources_of(folder)
    chosen = {"rulebook": str(rulebook) if rulebook else None, "cache": str(cache) if cache else None}
    run(path, "127.0.0.1", port, source_times=True, **chosen)


_NAMED = str.maketrans({" ": "-", ":": None})


def _recorded(regimen: Regimen, out: Output) -> Iterator[AuditReport]:
    """Audits of the real records that come with habeas."""
    horizon = _horizon(regimen.rulebook)
    for name, recipe in bundled().items():
        if paths := bundled_paths(name):
            out.note(f"auditing the bundled records [{name}]")
            request = AuditRequest(
                paths=paths, recipe=recipe, regimen=regimen, facts_known_at=horizon, law_known_at=horizon
            )
            yield audit(request)


def _invented(regimen: Regimen, folder: Path, out: Output) -> AuditReport:
    """The audit of people who are invented here and now, and whose key lies beside their records."""
    out.note("inventing people of the fictional state, and auditing their records")
    population = Population(seed=1, first=instant_from(FIRST, zone(ZONE_NAME), "first"), people=25, days=60)
    invent(population, folder)
    request = AuditRequest(
        paths=[folder / EVENTS_FILE],
        recipe=None,
        regimen=regimen,
        facts_known_at=population.horizon,
        law_known_at=_horizon(regimen.rulebook),
        sample=5,
        rate_cents=15_000,
    )
    return audit(request)


def _horizon(rulebook: Rulebook) -> Instant:
    """The instant by which everything in the rulebook was known, so that a page says the same each day."""
    law = rulebook.under()
    known = [
        latest_of(law.instant(act.known, enactment.place))
        for enactment in law.enactments.values()
        for act in enactment.acts
    ]
    return max(known, default=now())
