"""What a sheet may turn out to say where its source does not state something: every way it could be.

The oracle walks each way. What is so in all of them is so; where they differ, nobody can say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from habeas.invented.sheets import CustodySheet


def worlds(sheet: CustodySheet) -> Iterator[CustodySheet]:
    """The sheet with each fact that is not stated filled in: classes of offence, days of credit.

    For credit the least and the most are enough: more credit only ever ends a sentence sooner.
    """
    unclassed = [charge.id for charge in sheet.charges.values() if charge.offence_class is None]
    uncounted = [p.id for p in sheet.papers.values() if p.kind == "sentence" and p.credit_days is None]
    most = [sheet.papers[name].term_days for name in uncounted]
    for sorts in product(("felony", "misdemeanor"), repeat=len(unclassed)):
        for days in product(*((0, term) for term in most)):
            charges, papers = dict(sheet.charges), dict(sheet.papers)
            for name, sort in zip(unclassed, sorts, strict=True):
                charges[name] = replace(charges[name], offence_class=sort)
            for name, credit in zip(uncounted, days, strict=True):
                papers[name] = replace(papers[name], credit_days=credit)
            yield replace(sheet, charges=charges, papers=papers)
