"""How far a long command is: how many, how fast, how much longer."""

from __future__ import annotations

from typing import IO

from habeas.desk.clock import now
from habeas.kernel.instants import SECOND, Instant

_LINE = 79


class Meter:
    """One line on standard error: written over on a terminal, a line now and then elsewhere."""

    def __init__(self, doing: str, of: str, out: IO[str]) -> None:
        """Begin to measure.

        Args:
            doing: What is being done, in words.
            of: What is counted.
            out: Where to say so.
        """
        self._doing, self._of, self._out = doing, of, out
        self._begun, self._said = now(), Instant(0)
        self._wait = SECOND // 5 if out.isatty() else 10 * SECOND
        self._width = 0

    def show(self, done: int, total: int) -> None:
        """Say how far it is, if the last word was long enough ago."""
        at = now()
        if done < total and at - self._said < self._wait:
            return
        self._said = at
        passed = max(at - self._begun, 1)
        rate = done * SECOND / passed
        left = (total - done) / rate if rate else 0
        line = f"habeas: {self._doing}: {done:,} of {total:,} {self._of}, {rate:,.0f}/s, {_spoken(left)} left"
        if self._out.isatty():
            self._out.write(f"\r{line[:_LINE]:<{self._width}}")
            self._width = min(len(line), _LINE)
        else:
            self._out.write(f"{line}\n")
        self._out.flush()

    def close(self) -> None:
        """End the line that was written over."""
        if self._width:
            self._out.write("\n")
            self._out.flush()


def _spoken(seconds: float) -> str:
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {left:02d} s" if minutes else f"{left} s"
