"""`habeas demo`: the founding story with its proofs, and an audit of bundled real records."""

from __future__ import annotations

from pathlib import Path

import click

from habeas.cli.asking import regimen_of
from habeas.cli.audit_text import audit_lines
from habeas.cli.options import Output, output_options, rulebook_option
from habeas.desk.audit import AuditRequest, audit
from habeas.desk.audit_report import AuditReport
from habeas.desk.clock import now
from habeas.intake.recipes import bundled, bundled_paths
from habeas.kernel.instants import Instant, latest_of
from habeas.law.rulebook import Rulebook

WHERE = Path("demo") / "habeas-demo.html"


@click.command()
@rulebook_option
@output_options("html")
def demo(folder: Path | None, out: Output) -> None:
    """Write the demonstration as one HTML file; its path is printed last.

    It needs no file from outside habeas and no network, and is the same bytes for the same rulebook.
    """
    from habeas.report.demo import demo_page

    regimen = regimen_of(folder)
    horizon = _horizon(regimen.rulebook)
    audits: list[AuditReport] = []
    for name, recipe in bundled().items():
        if paths := bundled_paths(name):
            out.note(f"auditing the bundled records [{name}]")
            request = AuditRequest(
                paths=paths, recipe=recipe, regimen=regimen, facts_known_at=horizon, law_known_at=horizon
            )
            audits.append(audit(request))
    out.note("telling the founding story")
    page = demo_page(regimen, audits)
    target = out.output or WHERE
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, "utf-8")
    for report in audits:
        click.echo("\n".join(audit_lines(report)) + "\n")
    click.echo(target)
    codes = {report.exit_code for report in audits}
    out.leave(next((code for code in (1, 6, 5) if code in codes), 0))


def _horizon(rulebook: Rulebook) -> Instant:
    """The instant by which everything in the rulebook was known, so that a page says the same each day."""
    law = rulebook.under()
    known = [
        latest_of(law.instant(act.known, enactment.place))
        for enactment in law.enactments.values()
        for act in enactment.acts
    ]
    return max(known, default=now())
