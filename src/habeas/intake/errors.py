"""What stops an input from being read at all; a single bad row never does."""

from __future__ import annotations


class UnreadableInput(ValueError):
    """A file that cannot be read; says which, what was expected and what to do (exit code 4)."""

    def __init__(self, file: str, expected: str, found: str, *, row: int | None = None) -> None:
        """Name the file, the row where there is one, what was expected and what was found."""
        self.file, self.expected, self.found, self.row = file, expected, found, row
        where = file if row is None else f"{file}, row {row}"
        super().__init__(f"{where}: expected {expected}, found {found}")


class UnreadableRecipe(ValueError):
    """A recipe that does not have the shape of one; says where and what was expected."""


class Refused(ValueError):
    """A cell that cannot be read as what the recipe says it is."""

    def __init__(self, column: str, expected: str, found: str) -> None:
        """Name the column, what was expected and what was found."""
        self.column, self.expected, self.found = column, expected, found
        super().__init__(f"{column}: expected {expected}, found [{found}]")


class MissingExtra(RuntimeError):
    """A source needs a package that is an extra; says the exact line that installs it (exit code 3)."""

    INSTALL = "pip install 'habeas[analysis]'"

    def __init__(self, file: str, reads: str = "Parquet", extra: str = "analysis") -> None:
        """Name the file, what it is, and the extra without which it cannot be read."""
        line = f"pip install 'habeas[{extra}]'"
        super().__init__(f"{file}: reading {reads} needs the extra [{extra}]; install it: {line}")
