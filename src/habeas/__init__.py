"""habeas: may this custodian hold this person at this instant, on what authority, and until when.

Facts (`habeas.custody`) and law (`habeas.law`, `habeas.rulebook`) give an answer (`habeas.authority`)
with its proof. Floors import downward only; see `docs/explanation/floors.md`.
"""

__version__ = "0.1.0"
